"""Other figures of regions, from a file through a build to the release, the API and the pages."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from clusteratlas.atlas import open_release
from clusteratlas.tables import INDICATORS, check

HEAD = "region,indicator,title,year,value,unit,source\n"
FIGURES = HEAD + (
    "06085,unemployment,Unemployment rate,2020,7.1,percent,BLS LAUS\n"
    "06085,unemployment,Unemployment rate,2021,4.9,percent,BLS LAUS\n"
    '06085,income,"Income a head, <b>all</b>",2021,"131,083",USD,BEA CAINC1\n'
    '26163,income,"Income a head, <b>all</b>",2021,,USD,BEA CAINC1\n'
)


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    path = tmp_path / "figures.csv"
    path.write_text(FIGURES.replace('"131,083"', "131083"))
    return path


@pytest.fixture
def built(run, county_file: Path, figures: Path, tmp_path: Path) -> Path:
    place = tmp_path / "atlas"
    answer = run(
        "build", county_file, figures, "--publisher", "Federal offices", "--licence", "open",
        "--place", place,
    )  # fmt: skip
    answer.ended(0)
    told = [line for line in answer.err.splitlines() if "% done" not in line]
    assert not [line for line in told if "figures.csv" in line]
    return place


def test_the_release_keeps_them_with_their_provenance(built: Path) -> None:
    with open_release(built) as release:
        table = release.table("indicators")
        check(table, INDICATORS)
        assert release.manifest.rows["indicators"] == 4
        rows = release.indicators("us-county", "06085")
        assert [(row.indicator, row.year, row.value) for row in rows] == [
            ("income", 2021, 131083),
            ("unemployment", 2021, 4.9),
            ("unemployment", 2020, 7.1),
        ]
        assert {(row.publisher, row.licence) for row in rows} == {("Federal offices", "open")}
        (hidden,) = release.indicators("us-county", "26163", indicator="income", year=2021)
        assert (hidden.value, hidden.status, hidden.unit) == (None, "withheld", "USD")
        assert release.indicators("us-state", "06") == []
        told = {each.source: each for each in release.provenance("indicators")}
        assert set(told) == {"BLS LAUS", "BEA CAINC1"}
        assert told["BLS LAUS"].checksum


def test_building_twice_gives_the_same_release(
    run, built: Path, county_file: Path, figures: Path, tmp_path: Path
) -> None:
    with open_release(built) as release:
        first = release.id
    words = ("--publisher", "Federal offices", "--licence", "open", "--place", tmp_path / "again")
    run("build", county_file, figures, *words).ended(0)
    with open_release(tmp_path / "again") as release:
        assert release.id == first
    run("build", county_file, "--place", tmp_path / "without").ended(0)
    with open_release(tmp_path / "without") as release:
        assert release.id != first
        assert release.table("indicators").num_rows == 0


def test_faults_of_figures_and_indicators_are_told_together(
    run, county_file: Path, figures: Path, tmp_path: Path
) -> None:
    figures.write_text(FIGURES)
    county_file.write_text(county_file.read_text().replace("12000", "many"))
    err = run("build", county_file, figures, "--place", tmp_path / "atlas").ended(2).err
    assert "cbp21co.txt, row 4, column emp" in err
    assert "figures.csv, row 4, column value" in err
    assert not (tmp_path / "atlas" / "current").exists()


def test_regions_must_be_in_the_release(
    run, county_file: Path, figures: Path, tmp_path: Path
) -> None:
    place = tmp_path / "atlas"
    figures.write_text(f"{HEAD}DE11,gdp,Output,2014,44700,EUR,Eurostat\n")
    err = run("build", county_file, figures, "--place", place).ended(2).err
    assert "fit no region scheme" in err
    figures.write_text(
        f"{HEAD}06085,gdp,Output,2014,4,USD,me\n26163,gdp,Output,2014,5,USD,me\n"
        "99999,gdp,Output,2014,6,USD,me\n"
    )
    err = run("build", county_file, figures, "--place", place).ended(2).err
    assert "figures.csv, row 4, column region: the region is none of us-county" in err


def test_patents_of_counties_join_a_build(run, county_file: Path, tmp_path: Path) -> None:
    page = tmp_path / "usa_county_gd.htm"
    page.write_text(
        "<html><table><tr><th>FIPS Code</th><th>2014</th><th>2015</th></tr>"
        "<tr><td>06085</td><td>12000</td><td>13000</td></tr></table></html>"
    )
    place = tmp_path / "atlas"
    run("build", county_file, page, "--place", place).ended(0)
    with open_release(place) as release:
        (row, _) = release.indicators("us-county", "06085")
        assert (row.indicator, row.year, row.value) == ("utility-patents", 2015, 13000)
        assert row.publisher == "US Patent and Trademark Office"


def test_own_regions_have_them_too(run, own_file: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.csv"
    more.write_text(f"{HEAD}north,gdp,Output a head,2024,41000,EUR,Town hall\n")
    words = ("--kind", "own", "--classification", "nace-2", "--scheme", "district")
    run("build", own_file, more, *words, "--place", tmp_path / "atlas").ended(0)
    with open_release(tmp_path / "atlas") as release:
        assert [row.value for row in release.indicators("district", "north")] == [41000]


def test_an_older_release_without_them_still_opens(built: Path) -> None:
    with open_release(built) as release:
        release.path("indicators").unlink()
    with open_release(built) as release:
        assert release.indicators("us-county", "06085") == []
        assert release.table("indicators").num_rows == 0


def test_pages_and_api_show_unit_year_source_and_status(
    built: Path, settings: Settings, db: None
) -> None:
    settings.ATLAS_PLACE = built
    portal = Client()
    page = portal.get("/regions/us-county/06085/").content.decode()
    section = page.split('id="other-heading"')[1].split("</section>")[0]
    assert "131,083" in section
    assert "4.9" in section
    assert "7.1" not in section, "a short table shows the latest year"
    for word in ("USD", "percent", "2021", "Federal offices, BEA CAINC1", "CSV, all years"):
        assert word in section
    assert "<b>all</b>" not in section
    hidden = portal.get("/regions/us-county/26163/").content.decode()
    assert "withheld" in hidden.split('id="other-heading"')[1].split("</section>")[0]
    answer = portal.get("/api/v1/regions/us-county/06085/indicators?indicator=unemployment")
    rows = json.loads(answer.content)["indicators"]
    assert [(row["year"], row["value"], row["unit"]) for row in rows] == [
        (2021, 4.9, "percent"),
        (2020, 7.1, "percent"),
    ]
    assert {row["status"] for row in rows} == {"reported"}
    assert portal.get("/api/v1/regions/us-county/none/indicators").status_code == 404
    text = portal.get("/regions/us-county/06085/indicators.csv").content.decode()
    lines = list(csv.DictReader(io.StringIO(text)))
    assert len(lines) == 3
    assert {line["unit"] for line in lines} == {"USD", "percent"}
    assert pq.read_table(built / "current" / "indicators.parquet").num_rows == 4


def test_a_region_without_any_shows_nothing(
    sample_place: Path, settings: Settings, db: None
) -> None:
    settings.ATLAS_PLACE = sample_place
    page = Client().get("/regions/us-cbsa/41940/").content.decode()
    assert "Other figures" not in page
