"""Other figures of regions: patents and tidy tables, with every fault by its place."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clusteratlas.sources import read_county_patents, read_indicators
from clusteratlas.tables import INDICATORS, InvalidInput, check

from .layouts import patents_page, workbook

HEAD = ["region", "indicator", "title", "year", "value", "unit", "source"]
ROWS: list[list[Any]] = [
    ["DE11", "gdp-per-head", "Output a head", 2014, 44700, "EUR", "Eurostat nama_10r_2gdp"],
    ["DE11", "unemployment", "Unemployment rate", 2014, 3.4, "percent", "Eurostat lfst_r_lfu3rt"],
    ["FR10", "unemployment", "Unemployment rate", 2014, "", "percent", "Eurostat lfst_r_lfu3rt"],
    ["FR10", "growth", "Growth of output", 2014, -0.5, "percent", "Eurostat nama_10r_2gdp"],
]


def text(rows: list[list[Any]], head: list[str] = HEAD) -> str:
    return "\n".join(",".join(map(str, row)) for row in [head, *rows]) + "\n"


def told(error: pytest.ExceptionInfo[InvalidInput]) -> list[tuple[Any, str, str]]:
    return [(fault.row, fault.column, fault.problem) for fault in error.value.faults]


def test_a_tidy_table_is_the_same_in_every_form(tmp_path: Path) -> None:
    plain = tmp_path / "figures.csv"
    plain.write_text(text(ROWS))
    book = tmp_path / "figures.xlsx"
    book.write_bytes(workbook({"Read me": [["words"]], "Figures": [[], HEAD, *ROWS]}))
    held = tmp_path / "figures.parquet"
    columns = {
        name: [None if row[place] == "" else row[place] for row in ROWS]
        for place, name in enumerate(HEAD)
    }
    pq.write_table(pa.table(columns | {"value": pa.array(columns["value"], pa.float64())}), held)
    first = read_indicators(plain)
    check(first.indicators, INDICATORS)
    assert first.indicators == read_indicators(book).indicators
    assert first.indicators == read_indicators(held).indicators
    found = {(row["region"], row["indicator"]): row for row in first.indicators.to_pylist()}
    assert found["DE11", "gdp-per-head"]["value"] == 44700
    assert found["FR10", "growth"]["value"] == -0.5
    assert found["FR10", "unemployment"]["status"] == "withheld"
    assert found["FR10", "unemployment"]["value"] is None
    assert {row["scheme"] for row in found.values()} == {"nuts-2"}
    assert {source.source for source in first.sources} == {row[-1] for row in ROWS}


def test_all_faults_are_told_by_their_place(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    rows = [
        *ROWS,
        [
            "DE11",
            "unemployment",
            "Unemployment rate",
            2014,
            3.9,
            "percent",
            "Eurostat lfst_r_lfu3rt",
        ],
        ["DEXX", "unemployment", "Unemployment rate", 2014, 4, "percent", "x"],
        ["de12", "unemployment", "Unemployment rate", 2014, '"3,4"', "percent", "x"],
        ["DE13", "unemployment", "Unemployment rate", 2014, 4, "per thousand", "x"],
        ["DE14", "unemployment", "Jobless", 2014, "high", "percent", "x"],
        ["", "", "", "14", "1e999", "", ""],
        ["DE21", "unemployment", "Unemployment rate", 2014, "nan", "percent", "x"],
    ]
    path.write_text(text(rows))
    with pytest.raises(InvalidInput) as caught:
        read_indicators(path)
    found = told(caught)
    same = "the same scheme, region, indicator, year, source stands already in row 3"
    assert (6, "region, indicator, year, source", same) in found
    assert (7, "region", "the region is none of nuts-2") in found
    assert (8, "region", "the region is none of nuts-2") in found
    assert (8, "value", "value is written with a comma") in found
    assert (9, "unit", "unemployment has the unit percent in row 3 and another one here") in found
    assert (
        10,
        "title",
        "unemployment has the title Unemployment rate in row 3 and another one here",
    ) in found
    assert (10, "value", "value is text, not a number") in found
    assert {
        (11, name, f"{name} is empty") for name in ("region", "indicator", "unit", "source")
    } <= (set(found))
    assert (11, "year", "year is no year") in found
    assert (11, "value", "the value is too large") in found
    assert (12, "value", "value is no number") in found
    hints = {fault.value: fault.hint for fault in caught.value.faults if fault.column == "region"}
    assert hints["de12"] == "write DE12"


def test_statuses_and_values_must_agree(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    head = [*HEAD, "status"]
    rows = [
        [*ROWS[0][:4], 1, *ROWS[0][5:], "withheld"],
        [*ROWS[1][:4], "", *ROWS[1][5:], "reported"],
        [*ROWS[3][:5], *ROWS[3][5:], "sure"],
    ]
    path.write_text(text(rows, head))
    with pytest.raises(InvalidInput) as caught:
        read_indicators(path)
    found = told(caught)
    assert (2, "value", "a withheld figure has value") in found
    assert (3, "value", "a reported figure has no value") in found
    assert (4, "status", "the status is none of the known words") in found


@pytest.mark.parametrize(
    ("codes", "problem"),
    [(["zz", "yy"], "fit no region scheme"), (["10180", "01001"], "fit no region scheme")],
)
def test_a_scheme_that_cannot_be_told_is_asked_for(
    tmp_path: Path, codes: list[str], problem: str
) -> None:
    path = tmp_path / "figures.csv"
    path.write_text(text([[code, *ROWS[0][1:]] for code in codes]))
    with pytest.raises(InvalidInput) as caught:
        read_indicators(path)
    assert any(problem in fault.problem for fault in caught.value.faults)


def test_the_scheme_can_be_said_in_a_column_or_beside(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text(text([["10180", *ROWS[0][1:]], ["01001", *ROWS[0][1:]]]))
    places = {"us-cbsa": frozenset({"10180", "01001"})}
    assert read_indicators(path, scheme="us-cbsa", places=places).indicators.num_rows == 2
    with pytest.raises(InvalidInput, match="no such region scheme"):
        read_indicators(path, scheme="district")
    head = ["scheme", *HEAD]
    path.write_text(
        text([["us-cbsa", "10180", *ROWS[0][1:]], ["us-county", "1001", *ROWS[0][1:]]], head)
    )
    with pytest.raises(InvalidInput) as caught:
        read_indicators(path)
    (fault,) = caught.value.faults
    assert (fault.row, fault.hint) == (3, "a leading zero was lost: write 01001, as text")


PATENTS = [
    ("01001", "AL", "Alabama", "Autauga County", [1, 2]),
    ("06085", "CA", "California", "Santa Clara County", [5799, 6200]),
    ("46113", "SD", "South Dakota", "Shannon County", [0, 1]),
    ("46102", "SD", "South Dakota", "Oglala Lakota County", [1, 0]),
    ("02999", "AK", "Alaska", "Unknown", [7, 0]),
    ("72001", "PR", "Puerto Rico", "Adjuntas", [1, 0]),
    ("ALL", "", "ALL", "ALL", [5809, 6203]),
]


def test_the_offices_page_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "usa_county_gd.htm"
    path.write_bytes(patents_page(PATENTS, (2000, 2001)))
    taken = read_county_patents(path)
    check(taken.indicators, INDICATORS)
    found = {(row["region"], row["year"]): row["value"] for row in taken.indicators.to_pylist()}
    assert found == {
        ("01001", 2000): 1,
        ("01001", 2001): 2,
        ("06085", 2000): 5799,
        ("06085", 2001): 6200,
        ("46102", 2000): 1,
        ("46102", 2001): 1,
    }
    assert "Left out are 8 patents" in taken.sources[0].covers


def test_faults_of_the_page_are_told_by_line(tmp_path: Path) -> None:
    path = tmp_path / "usa_county_gd.htm"
    data = patents_page(PATENTS, (2000, 2001))
    path.write_bytes(data.replace(b"<td>5799</td>", b"<td>five</td>"))
    with pytest.raises(InvalidInput) as caught:
        read_county_patents(path)
    assert (6, "2000", "2000 is text, not a number") in told(caught)
    path.write_bytes(data.replace(b"<td>11999</td>", b"<td>12000</td>"))
    with pytest.raises(InvalidInput, match="the total is not the sum of its years"):
        read_county_patents(path)
    path.write_bytes(data.replace(b"<td>01001</td>", b"<td>1001</td>"))
    with pytest.raises(InvalidInput, match="write 01001"):
        read_county_patents(path)
    path.write_bytes(b"<html><body>Not found</body></html>")
    with pytest.raises(InvalidInput, match="no table of counties"):
        read_county_patents(path)
    path.write_bytes(data.replace(b"<td>1</td><td>2</td>", b"<td>1</td>"))
    with pytest.raises(InvalidInput, match="the row has 6 cells and the header 7"):
        read_county_patents(path)


@pytest.mark.shared
def test_real_patents_come_through_the_page(figures: Path, tmp_path: Path) -> None:
    with gzip.open(figures / "us" / "uspto_patents_county.csv.gz", "rt") as file:
        rows = [row for row in csv.DictReader(file) if row["stco_code"][:2] in ("06", "25")]
    rows = [row for row in rows if row["stco_code"][2:] not in ("000", "999")]
    years = sorted({int(row["year"]) for row in rows})
    counts: dict[str, dict[int, int]] = {}
    for row in rows:
        counts.setdefault(row["stco_code"], {})[int(row["year"])] = int(row["patents_issued"])
    path = tmp_path / "usa_county_gd.htm"
    path.write_bytes(
        patents_page(
            [
                (code, "", "", "", [given.get(year, 0) for year in years])
                for code, given in counts.items()
            ],
            years,
        )
    )
    taken = read_county_patents(path).indicators.to_pylist()
    found = {(row["region"], row["year"]): row["value"] for row in taken}
    for code, given in counts.items():
        for year, patents in given.items():
            assert found[code, year] == patents
    assert sum(found.values()) == sum(sum(given.values()) for given in counts.values())
