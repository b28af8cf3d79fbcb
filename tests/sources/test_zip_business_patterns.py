"""Establishments below the county: the Bureau's layout, tidy tables, mappings, and every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from clusteratlas.sources import (
    read_local_establishments,
    read_local_mapping,
    read_local_places,
)
from clusteratlas.tables import LOCAL_INDUSTRIES, LOCAL_PLACES, InvalidInput, check

from .local_files import write_crosswalk, write_detail, write_totals

SHARED = Path(__file__).parents[3] / "shared" / "data" / "us" / "cbp_zip_naics6_2022.parquet"


def test_the_detail_file_gives_the_finest_industries_and_all_of_them(tmp_path: Path) -> None:
    read = read_local_establishments(write_detail(tmp_path / "zbp22detail.txt"))
    check(read.rows, LOCAL_INDUSTRIES)
    found = {(row["place"], row["industry"]): row for row in read.rows.to_pylist()}
    assert found["95054", "334413"]["establishments"] == 42
    assert found["95054", "00"]["establishments"] == 900
    assert ("95054", "3344//") not in found
    assert {row["year"] for row in found.values()} == {2022}
    assert read.classification == "naics-2017"
    assert read.sources[0].source == "zbp-2022"


def test_the_same_table_by_tidy_names_and_by_a_mapping(tmp_path: Path) -> None:
    official = read_local_establishments(write_detail(tmp_path / "zbp22detail.txt"))
    body = (tmp_path / "zbp22detail.txt").read_text().splitlines()[1:]
    cells = [line.replace('"', "").split(",")[:3] for line in body]
    tidy = tmp_path / "blocks.csv"
    lines = [",".join([*each, "2022"]) for each in cells]
    tidy.write_text("\n".join(["place,industry,establishments,year", *lines, ""]))
    columns = ["place", "industry", "year", "establishments", "status"]
    again = read_local_establishments(tidy).rows.select(columns)
    assert again == official.rows.select(columns)
    own = tmp_path / "own.csv"
    own.write_text("Block,Class,Firms\nA1,334413,5\nA1,541511,2\n")
    mapping = tmp_path / "own.toml"
    mapping.write_text(
        'year = 2024\nclassification = "naics-2017"\n[columns]\nplace = "Block"\n'
        'industry = "Class"\nestablishments = "Firms"\n[source]\nname = "register"\n'
        'title = "Register"\npublisher = "Town hall"\nlicence = "open"\n'
    )
    read = read_local_establishments(own, mapping=read_local_mapping(mapping))
    shown = [tuple(row.values())[1:] for row in read.rows.select(columns).to_pylist()]
    assert shown == [("334413", 2024, 5, "reported"), ("541511", 2024, None, "unpublished")]
    assert read.sources[0].publisher == "Town hall"
    mapping.write_text('[columns]\nplace = "Block"\nfirms = "Firms"\n[source]\ntitle = "x"\n')
    with pytest.raises(InvalidInput) as told:
        read_local_mapping(mapping)
    assert {"columns.industry", "columns.firms", "source.licence"} <= {
        fault.column for fault in told.value.faults
    }


def test_every_fault_is_told_at_once_by_its_place(tmp_path: Path) -> None:
    path = write_detail(
        tmp_path / "zbp22detail.txt",
        [
            ("2139", "334413", 5),
            ("95054", "33441X", 5),
            ("95054", "334413", "1,200"),
            ("95002", "334413", 5),
            ("95002", "334413", 6),
        ],
    )
    path.write_text(path.read_text().replace("1,200", "many"))
    with pytest.raises(InvalidInput) as told:
        read_local_establishments(path)
    faults = {(fault.row, fault.column): fault for fault in told.value.faults}
    assert faults[2, "zip"].hint == "write 02139, as text"
    assert (3, "naics") in faults
    assert (4, "est") in faults
    assert any(fault.row == 6 and "row 5" in fault.problem for fault in told.value.faults)
    nameless = write_detail(tmp_path / "places.txt")
    with pytest.raises(InvalidInput, match="year"):
        read_local_establishments(nameless)
    assert read_local_establishments(nameless, year=2021).sources[0].source == "zbp-2021"


def test_places_get_their_county_by_name_or_by_code(tmp_path: Path) -> None:
    read = read_local_places(write_totals(tmp_path / "zbp22totals.txt"))
    check(read.rows, LOCAL_PLACES)
    found = {row["place"]: row for row in read.rows.to_pylist()}
    assert (found["95054"]["region"], found["95054"]["name"]) == ("06085", "Santa Clara, CA")
    assert found["48201"]["region"] == "26163"
    assert found["21202"]["region"] is None, "Baltimore is a county and a city"
    assert "Of 1 places the county is not known" in read.sources[0].covers
    crosswalk = read_local_places(write_crosswalk(tmp_path / "where.csv"))
    held = {row["place"]: row for row in crosswalk.rows.to_pylist()}
    assert held["95002"]["region"] == "06085", "the larger share"
    assert held["48201"]["latitude"] == 42.35
    bad = tmp_path / "bad.csv"
    bad.write_text("zip,county,latitude\n95054,6085,37.4\n95054,06085,137\n95002,99999,\n")
    with pytest.raises(InvalidInput) as told:
        read_local_places(bad)
    faults = {(fault.row, fault.column): fault.hint for fault in told.value.faults}
    assert faults[2, "county"] == "write 06085, as text"
    assert {(3, "latitude"), (4, "county"), (2, "zip")} <= set(faults)


@pytest.mark.skipif(not SHARED.is_file(), reason="no figures of ZIP codes at hand")
def test_the_whole_nation_is_read() -> None:
    read = read_local_establishments(SHARED)
    assert read.rows.num_rows == 744_105
    assert read.sources[0].source == "zbp-2022"
