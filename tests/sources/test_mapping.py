"""A user's own files by a mapping: CSV, workbook and Parquet, and what is wrong with a mapping."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clusteratlas.sources import SourceTable, read_any, read_mapped_table, read_own_table
from clusteratlas.sources.joined import shared_figures
from clusteratlas.sources.source import Source
from clusteratlas.tables import EMPLOYMENT, InvalidInput, check

TOWN = Source("jobs", "Town", "Register", None, None, None, "open", "All.", "jobs", "EUR 1,000")

MAPPING = """
classification = "nace-2"
scheme = "district"

[file]
{file}

[columns]
region = "Bezirk"
industry = "NACE"
year = "Jahr"
employment = "Beschäftigte (1000)"
establishments = "Betriebe"

[values]
withheld = ["c", "n/a", ".", "*"]
unpublished = ["-"]

[units]
employment = 1000

[source]
name = "register"
title = "Jobs register"
publisher = "Town hall"
licence = "CC BY 4.0"
"""
NAMES = ("Bezirk", "NACE", "Jahr", "Beschäftigte (1000)", "Betriebe")


def mapping(place: Path, file: str = "", text: str = MAPPING) -> Path:
    path = place / "register.toml"
    path.write_text(text.format(file=file), encoding="utf-8")
    return path


def rows(table: SourceTable) -> list[tuple[object, ...]]:
    check(table.employment, EMPLOYMENT)
    names = ("region", "employment", "employment_low", "employment_high", "establishments",
             "status")  # fmt: skip
    return [tuple(row[name] for name in names) for row in table.employment.to_pylist()]


EXPECTED = [
    ("east", None, None, None, 2, "unpublished"),
    ("north", 1_234_500, 1_234_500, 1_234_500, 1_200, "reported"),
    ("south", None, 0, None, 3, "withheld"),
    ("west", 800, 800, 800, None, "reported"),
]


def test_csv_with_semicolons_commas_and_a_preamble(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text(
        "Register der Beschäftigten\n\n" + ";".join(NAMES) + "\n"
        "north;C10;2024;1.234,5;1.200\nsouth;C10;2024;c;3\neast;C10;2024;-;2\nwest;C10;2024;0,8;\n",
        encoding="utf-8",
    )
    told = mapping(tmp_path, 'separator = ";"\ndecimal = ","\nthousands = "."\nheader_row = 3')
    table = read_any(path, mapping=told)
    assert rows(table) == EXPECTED
    assert (table.classification, table.base_scheme) == ("nace-2", "district")
    (source,) = table.sources
    assert (source.source, source.publisher, source.licence) == (
        "register", "Town hall", "CC BY 4.0",
    )  # fmt: skip
    assert str(source.checksum).startswith("sha256:")


def workbook(path: Path, cells: list[tuple[object, ...]]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["Read me"])
    sheet = book.create_sheet("2024")
    sheet.append(["Register", None, date(2024, 1, 1)])
    sheet.append([])
    sheet.append(list(NAMES))
    for row in cells:
        sheet.append(list(row))
    book.save(path)
    return path


def test_workbook(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "jobs.xlsx",
        [
            ("north", "C10", 2024, 1234.5, 1200),
            ("south", "C10", 2024, "c", 3),
            ("east", "C10", 2024, "-", 2),
            ("west", "C10", 2024, 0.8, None),
        ],
    )
    told = mapping(tmp_path, 'sheet = "2024"\nheader_row = 3')
    assert rows(read_mapped_table(path, told)) == EXPECTED


def test_faults_in_a_workbook_have_the_rows_of_the_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "jobs.xlsx", [("north", "C10", 2024, "many", 3),
                                             ("south", "C99", 2024, 1.5, -3)])  # fmt: skip
    told = mapping(tmp_path, 'sheet = "2024"\nheader_row = 3')
    with pytest.raises(InvalidInput) as caught:
        read_mapped_table(path, told)
    assert [(f.file, f.row, f.column, f.value) for f in caught.value.faults] == [
        (str(path), 4, "Beschäftigte (1000)", "many"),
        (str(path), 5, "Betriebe", "-3"),
        (str(path), 5, "NACE", "C99"),
    ]


def test_a_sheet_that_is_not_there_and_marks_of_a_text(tmp_path: Path) -> None:
    path = workbook(tmp_path / "jobs.xlsx", [("north", "C10", 2024, 1, 3)])
    with pytest.raises(InvalidInput) as caught:
        read_mapped_table(path, mapping(tmp_path, 'sheet = "2023"\ndecimal = ","'))
    assert "no such sheet (found '2023'). Hint: sheets: Notes, 2024" in str(caught.value)
    assert "decimal and thousands are marks of a text, and this is a workbook" in str(caught.value)


def test_a_damaged_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path / "jobs.xlsx", [("north", "C10", 2024, 1, 3)])
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(InvalidInput, match="cut short or damaged"):
        read_mapped_table(path, mapping(tmp_path))


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "jobs.parquet"
    columns = (["north", "south"], ["C10", "C10"], [2024, 2024], [1234.5, None], [1200, 3])
    pq.write_table(pa.table(dict(zip(NAMES, columns, strict=True))), path)
    assert rows(read_mapped_table(path, mapping(tmp_path))) == EXPECTED[1:3]


def test_a_workbook_in_our_own_words_needs_no_mapping(tmp_path: Path) -> None:
    path = tmp_path / "jobs.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["region", "industry", "year", "employment"])
    book.active.append(["north", "C10", 2024, 12])
    book.save(path)
    table = read_any(path, classification="nace-2", scheme="district", source=TOWN)
    assert table.employment["employment"].to_pylist() == [12]


def test_a_year_for_all_figures_and_a_known_scheme(tmp_path: Path) -> None:
    text = (
        'classification = "naics-2017"\nscheme = "us-state"\nyear = 2021\n'
        'columns = {{region = "st", industry = "code", employment = "n"}}\n'
        'source = {{title = "t", publisher = "p", licence = "l"}}\n'
    )
    path = tmp_path / "jobs.csv"
    path.write_text("st,code,n\n06,00,12\n36,00,\n")
    table = read_mapped_table(path, mapping(tmp_path, text=text))
    assert table.employment["year"].to_pylist() == [2021, 2021]
    assert table.regions is not None
    assert table.regions["name"].to_pylist() == ["California", "New York"]


def mapping_faults(place: Path, text: str) -> list[tuple[int | None, str, str]]:
    path = place / "register.toml"
    path.write_text(text, encoding="utf-8")
    (place / "jobs.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InvalidInput) as caught:
        read_mapped_table(place / "jobs.csv", path)
    assert {fault.file for fault in caught.value.faults} == {str(path)}
    assert all(fault.hint for fault in caught.value.faults)
    return [(fault.row, fault.column, fault.problem) for fault in caught.value.faults]


def test_every_fault_of_a_mapping_by_line_and_key(tmp_path: Path) -> None:
    text = (
        'classification = "nace-2"\n'
        'scheme = "My districts"\n'
        "[file]\n"
        "sheet = 3\n"
        'separator = "/"\n'
        "[columns]\n"
        'region = "Bezirk"\n'
        'jobs = "n"\n'
        "[units]\n"
        "employment = -1\n"
    )
    found = mapping_faults(tmp_path, text)
    assert [(row, column) for row, column, _ in found] == [
        (None, "source"),
        (2, "scheme"),
        (4, "file.sheet"),
        (5, "file.separator"),
        (6, "columns.industry"),
        (6, "columns.employment"),
        (8, "columns.jobs"),
        (10, "units.employment"),
    ]
    told = {column: problem for _, column, problem in found}
    assert told["source"] == "the key is missing"
    assert told["columns.jobs"] == "there is no such key"


def test_a_mapping_that_is_no_toml_or_contradicts_itself(tmp_path: Path) -> None:
    ((row, _, problem),) = mapping_faults(tmp_path, 'scheme = "a"\nclassification = nace\n')
    assert (row, "no TOML" in problem) == (2, True)
    text = MAPPING.format(file='decimal = ","\nthousands = ","')
    text = text.replace("nace-2", "nace-9").replace('["-"]', '["c"]').replace('year = "Jahr"', "")
    found = mapping_faults(tmp_path, text)
    assert [column for _, column, _ in found] == [
        "classification", "file.thousands", "columns.year", "values.unpublished",
    ]  # fmt: skip


def test_a_column_that_the_file_does_not_have(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text("Bezirk,NACE,Jahr,Beschaeftigte,Betriebe\nnorth,C10,2024,1,2\n")
    with pytest.raises(InvalidInput) as caught:
        read_mapped_table(path, mapping(tmp_path))
    (fault,) = caught.value.faults
    assert fault.column == "Beschäftigte (1000)"
    assert "names a column for employment that the file does not have" in fault.problem
    assert "beschaeftigte" in fault.hint.lower()


def test_a_figure_in_two_files_names_both(tmp_path: Path) -> None:
    tables = []
    for name, content in (("a.csv", "north,C10,2024,1\n"), ("b.csv", "north,C10,2024,2\n")):
        path = tmp_path / name
        path.write_text(f"region,industry,year,employment\n{content}")
        read = read_own_table(path, classification="nace-2", scheme="district", source=TOWN)
        tables.append((path, read))
    (fault,), total = shared_figures(tables)
    assert total == 1
    assert (fault.file, fault.value) == (
        str(tables[1][0]), "district, north, C10, 2024, jobs",
    )  # fmt: skip
    assert str(tables[0][0]) in fault.problem


def test_bounds_of_estimated_rows_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text(
        "region,industry,year,employment,employment_low,employment_high,status\n"
        "a,C10,2024,12,10,20,estimated\nb,C10,2024,12,,,estimated\n"
    )
    read = read_own_table(path, classification="nace-2", scheme="district", source=TOWN)
    assert rows(read) == [
        ("a", 12, 10, 20, None, "estimated"),
        ("b", 12, None, None, None, "estimated"),
    ]


def test_a_flag_is_no_name_for_its_figure(tmp_path: Path) -> None:
    path = tmp_path / "cbp21co.txt"
    path.write_text("fipstate,fipscty,naics,emp_nf,ap_nf,ap,est\n06,085,334413,G,G,910,4\n")
    with pytest.raises(InvalidInput) as caught:
        read_any(path)
    (fault,) = caught.value.faults
    assert fault.problem == "column emp is missing"
    assert "rename" not in fault.hint
