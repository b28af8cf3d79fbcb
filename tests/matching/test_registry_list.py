"""A plain list of organisations and clusters: how it is read, and every fault named at once."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from clusteratlas.matching import registry_table
from clusteratlas.matching.registry_list import (
    RegistryList,
    read_list,
    read_registry,
    traded_codes,
)
from clusteratlas.organisations import Claim, Profile, load_demonstration, write_profiles
from clusteratlas.tables import CannotAnswer, InvalidInput

LONG = """org_id,org_title,cluster_name
1,Steel Valley,Upstream Metal Manufacturing
1,Steel Valley,metalworking technology
1,Steel Valley,Local Utilities
2,"Words, Ink",Marketing Design & Publishing
"""
PUBLISHING, UTILITIES = "29", "104"
WIDE = "Organisation;Cluster 1;Cluster 2;Cluster 3\nSteel Valley;47;32;104\nWords, Ink;29;;\n"
CELLS = "name\tclusters\nSteel Valley\t47; 032 | Local Utilities\nWords, Ink\t29\n"


def _clusters(read: RegistryList) -> dict[str, list[str]]:
    return {each.name: sorted(each.clusters) for each in read.organisations}


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str | bytes, name: str = "list.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def _faults(path: Path, **options: str) -> list[tuple[int | None, str, str, str]]:
    with pytest.raises(InvalidInput) as error:
        read_list(path, **options)
    assert error.value.total >= len(error.value.faults)
    return [(each.row, each.column, each.value, each.hint) for each in error.value.faults]


def test_rows_of_links_numbered_columns_and_cells_of_several_say_the_same(written) -> None:
    long = read_list(written(LONG))
    assert [each.key for each in long.organisations] == ["1", "2"]
    named = _clusters(long)
    assert named == {"Steel Valley": sorted(["47", "32", UTILITIES]), "Words, Ink": [PUBLISHING]}
    assert named == _clusters(read_list(written(WIDE, "wide.csv")))
    assert named == _clusters(read_list(written(CELLS, "cells.csv")))
    assert not long.findings


def test_a_workbook_says_the_same_as_its_text(written, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("notes", 0)
    sheet = book["Sheet"]
    for row in [
        ["Registry of 2015"],
        ["org_id", "org_title", "cluster_name"],
        [1, "Steel Valley", "Upstream Metal Manufacturing"],
        [1, "Steel Valley", 32],
    ]:
        sheet.append(row)
    book["Sheet"].delete_rows(1)
    book.save(tmp_path / "list.xlsx")
    read = read_list(tmp_path / "list.xlsx")
    assert _clusters(read) == {"Steel Valley": ["32", "47"]}
    sheet["C4"] = '=HYPERLINK("x","Metalworking Technology")'
    book.save(tmp_path / "formula.xlsx")
    found = _faults(tmp_path / "formula.xlsx")
    assert found[0][:2] == (4, "C")
    assert found[0][2].startswith("=HYPERLINK")


def test_local_clusters_are_kept_and_only_the_asked_ones_become_columns(written) -> None:
    read = read_list(written(LONG))
    assert len(read.organisations[0].clusters) == 3
    traded = sorted(traded_codes("us-benchmark-2014"), key=int)
    assert read.tags(traded).sum(axis=1).tolist() == [2.0, 1.0]
    assert read.tags(["32", "1"]).tolist() == [[1.0, 0.0], [0.0, 0.0]]


def test_every_fault_is_named_with_its_row_at_once(written) -> None:
    text = (
        "org_id,org_title,cluster_name\n"
        "1,Steel Valley,Upstream Metal Manufactring\n"
        "1,Steel Alley,Metalworking Technology\n"
        ",Nobody,Metalworking Technology\n"
        "3,,Metalworking Technology\n"
        "4,Nothing,\n"
        "5,\"=cmd|' /C calc'!A0\",Metalworking Technology\n"
        "6,Odd,999\n"
    )
    found = _faults(written(text))
    assert [(row, column) for row, column, _, _ in found] == [
        (2, "cluster_name"),
        (3, "org_title"),
        (4, "org_id"),
        (5, "org_title"),
        (6, "cluster_name"),
        (7, "org_title"),
        (8, "cluster_name"),
    ]
    assert found[0][3].startswith("did you mean Upstream Metal Manufacturing")
    assert "row 2 calls 1 'Steel Valley'" in found[1][3]
    assert "code or a name of us-benchmark-2014" in found[6][3]


def test_faults_beyond_the_first_two_hundred_are_counted(written) -> None:
    text = "name,cluster\n" + "".join(f"n{at},nothing of ours\n" for at in range(300))
    with pytest.raises(InvalidInput) as error:
        read_list(written(text))
    assert (len(error.value.faults), error.value.total) == (200, 300)


def test_what_only_looks_wrong_is_told_and_read_all_the_same(written) -> None:
    text = (
        "org_id,org_title,cluster_name\n"
        "1,Steel Valley,47\n"
        "1,Steel Valley,Upstream Metal Manufacturing\n"
        "2,steel valley,32\n"
    )
    read = read_list(written(text))
    assert [each.clusters for each in read.organisations] == [("47",), ("32",)]
    assert [(each.row, each.problem.split(" and ")[0]) for each in read.findings] == [
        (3, "the link stands twice"),
        (4, "the name stands under two identifiers"),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture or a document (PNG)"),
        (b"%PDF-1.7 ...", "picture or a document (PDF)"),
        (b"PK\x03\x04 broken", "cut short or damaged"),
        (b"", "empty"),
        (b"name,cluster\n", "no rows"),
        (b"name,place\nx,y\n", "no column names the cluster"),
        (b"who,cluster\nx,1\n", "no column names the organisation"),
        (b"name,cluster\nx,1,2\n", "3 cells and the header 2"),
        (b"name,cluster\n\xff\xfe\xfa,1\n", "not UTF-8"),
        (b"name,cluster\n,\n", "names no organisation"),
    ],
)
def test_what_is_no_list_is_refused(written, text: bytes, says: str) -> None:
    with pytest.raises(InvalidInput) as error:
        read_list(written(text))
    assert says in str(error.value)


def test_a_file_of_a_million_rows_is_refused_before_it_is_read_whole(
    written, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written("name,cluster\n" + "x,1\n" * 1_000_000)
    taken: list[int] = []
    monkeypatch.setattr(registry_table, "BLOCK", 1 << 16)
    monkeypatch.setattr(registry_table, "read_table", lambda *_: taken.append(1))
    with pytest.raises(InvalidInput, match="at most 200,000 rows"):
        read_list(path)
    assert not taken


def test_a_file_that_is_not_there_and_a_definition_that_is_not_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_list(tmp_path / "none.csv")
    with pytest.raises(CannotAnswer, match="us-benchmark-2014"):
        read_list(tmp_path / "none.csv", definition="us-benchmark-2015")


def test_one_organisation_by_name_is_one_however_it_is_written(tmp_path: Path) -> None:
    place = tmp_path / "list.csv"
    place.write_text(
        "organisation,cluster\nÉcole  Acier,47\ne\u0301cole acier,32\nСталь,47\nЛес,32\n"
    )
    found = read_list(place)
    assert [(each.name, each.clusters) for each in found.organisations] == [
        ("École  Acier", ("47", "32")),
        ("Сталь", ("47",)),
        ("Лес", ("32",)),
    ]
    assert not found.findings


def test_profiles_count_with_what_they_claim(tmp_path: Path) -> None:
    for ending in ("csv", "xlsx", "json"):
        place = tmp_path / f"profiles.{ending}"
        write_profiles(place, load_demonstration())
        found = read_registry(place)
        cars = {each.name for each in found.organisations if "4" in each.clusters}
        assert "Imaginary Motor Valley Cluster of Michigan" in cars
        assert all(each.clusters for each in found.organisations)
    plain = tmp_path / "list.csv"
    plain.write_text("organisation,clusters\nSteel Valley,47; Metalworking Technology\n")
    assert read_registry(plain) == read_list(plain)
    strange = Profile(name="A", claims=[Claim(definition="us-benchmark-2014", cluster="999")])
    write_profiles(tmp_path / "strange.json", [strange])
    with pytest.raises(InvalidInput, match="no such cluster"):
        read_registry(tmp_path / "strange.json")


def test_profiles_in_json_are_no_list(tmp_path: Path) -> None:
    place = tmp_path / "list.json"
    place.write_text('[{"name": "A"}]')
    with pytest.raises(InvalidInput, match="the file is JSON, not a list"):
        read_list(place)
