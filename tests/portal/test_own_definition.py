"""An own cluster definition: moved, undone, exported and read back, refused with every fault."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.test import Client

from clusteratlas.atlas import Release
from clusteratlas.atlas.redefined import Move, redefine
from clusteratlas.atlas.redefined_changes import changes_of
from clusteratlas.classification import read_definition

MOVES = "moves=334413:5,541511:new-data-services"


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return response.content.decode()


def test_the_page_shows_what_changes_where(portal: Client, sample_release: Release) -> None:
    html = text_of(portal, f"/definitions/own/?{MOVES}&scheme=us-cbsa&year=2021&region=41940")
    moves = [Move("334413", "5"), Move("541511", "new-data-services")]
    found = redefine(sample_release, "us-benchmark-2014", moves)
    changes = changes_of(sample_release, found, "us-cbsa", 2021)
    assert {each.cluster for each in changes.clusters} == {"5", "6", "23", "new-data-services"}
    drugs = next(each for each in changes.clusters if each.cluster == "5")
    assert drugs.industries_after == drugs.industries_before + 1
    assert drugs.employment_after > drugs.employment_before
    assert f"{drugs.employment_after:,}" in html
    assert "Data services" in html
    gains = [row for row in changes.regions if row.gains]
    assert gains
    assert any(row.region_name.replace("&", "&amp;") in html for row in gains)
    own = next(
        row
        for row in changes.regions
        if (row.region, row.cluster) == ("41940", "new-data-services")
    )
    assert own.strong_after
    assert own.location_quotient_before is None
    assert "Changed clusters of San Jose" in html
    table = text_of(portal, f"/definitions/own/changes.csv?{MOVES}&scheme=us-cbsa&year=2021")
    assert len(list(csv.DictReader(io.StringIO(table)))) == len(changes.regions)


def test_industries_are_found_moved_and_undone(portal: Client) -> None:
    html = text_of(portal, "/definitions/own/?q=semiconductor")
    assert "334413" in html
    assert "most related to it" in html
    moved = portal.get("/definitions/own/?move=334413&to=5&scheme=us-cbsa&year=2021")
    assert moved.status_code == 302
    assert "moves=334413:5" in moved["Location"]
    named = portal.get("/definitions/own/?moves=334413:5&move=541511&new=Daten+%26+Dienste")
    assert "moves=334413:5,541511:new-daten-dienste" in named["Location"]
    html = text_of(portal, f"/definitions/own/?{MOVES}&scheme=us-cbsa&year=2021")
    undone = [each.replace("&amp;", "&") for each in re.findall(r'href="([^"]+)">Undo', html)]
    assert any("moves=334413:5&" in each for each in undone)
    assert any("moves=541511:new-data-services&" in each for each in undone)


def test_the_file_is_read_back_as_the_same_definition(
    portal: Client, sample_release: Release, tmp_path: Path
) -> None:
    path = tmp_path / "own.csv"
    path.write_text(text_of(portal, f"/definitions/own/definition.csv?{MOVES}"), encoding="utf-8")
    own = read_definition(path, name="own", classification="naics-2017")
    moves = [Move("334413", "5"), Move("541511", "new-data-services")]
    found = redefine(sample_release, "us-benchmark-2014", moves)
    columns = ["industry", "cluster", "subcluster", "traded", "weight"]
    expected = sorted(tuple(row[c] for c in columns) for row in found.members.to_pylist())
    assert sorted(tuple(row[c] for c in columns) for row in own.industries.to_pylist()) == expected
    names = {row["cluster"]: row["name"] for row in own.clusters.to_pylist()}
    assert names["new-data-services"] == "Data services"
    assert names["5"] == found.names["5"]


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("moves=33441:5,334413:99", 404, "33441, 99"),
        ("moves=334413", 400, "cannot be read"),
        ("moves=334413:5,334413:8", 400, "moved twice"),
        ("moves=334413:23", 400, "already"),
        ("moves=" + ",".join(f"{each}:5" for each in range(900)), 400, "more than can be tried"),
        ("moves=" + "3" * 40_000, 400, "too long"),
        ("moves=334413:5&region=Nowhere", 404, "no region"),
        ("base=mine", 400, "us-benchmark-2014"),
        ("moves=334413:new-%3Cscript%3E", 404, "no such cluster"),
    ],
)
def test_bad_moves_are_refused_in_words(portal: Client, query: str, status: int, told: str) -> None:
    html = text_of(portal, f"/definitions/own/?{query}", status)
    assert told in html
    assert "<script>" not in html
