"""What goes with lying together, and skills, on pages, in CSV and in the API."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.portal.test_pages import words

from clusteratlas.atlas import Release, open_release, read_occupations, sample_datasets
from clusteratlas.atlas.skills import skills_of
from clusteratlas.engine import write_parquet
from clusteratlas.portal import figures
from clusteratlas.portal.pages.mechanisms import _number, _said_of, _summary
from clusteratlas.relatedness.mechanisms import MECHANISMS
from clusteratlas.tables import CONTRACTS

BENCHMARK = "us-benchmark-2014"
AUTOMOTIVE, AEROSPACE = f"/clusters/{BENCHMARK}/4/", f"/clusters/{BENCHMARK}/1/"
SAN_JOSE = "/regions/us-cbsa/41940"


def ask(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(address)
    assert response.status_code == status, response.content
    return json.loads(response.content)


def table(client: Client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))


def section(client: Client, address: str, heading: str) -> str:
    """The text of a section, or nothing where the page has none."""
    body = client.get(address).content.decode()
    found = re.search(rf'<section[^>]*aria-labelledby="{heading}".*?</section>', body, re.S)
    return words(found[0]) if found else ""


@pytest.fixture(scope="module")
def skilled_place(sample_place: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with occupations of San Jose, as a build with both files would hold it."""
    place = tmp_path_factory.mktemp("skilled") / "atlas"
    shutil.copytree(sample_place, place, symlinks=True)
    areas, staffing = place.parent / "areas-2025.csv", place.parent / "staffing.csv"
    areas.write_text(
        "region,occupation,occupation_title,employment,location_quotient\n"
        "41940,15-1252,Software Developers,500,4.0\n41940,51-4121,Welders,50,0.5\n"
        "41940,29-1141,Nurses,,\n"
    )
    with open_release(place) as release:
        options = release.table("options")
        first = release.options("us-cbsa", "41940")[0].industry
        staffing.write_text(
            "industry,occupation,employment\n"
            f"{first},51-4121,40\n{first},15-1252,40\n{first},29-1141,20\n"
        )
        us = next(each for each in sample_datasets() if each.reference_scheme == "us-nation")
        found = skills_of(us, options, read_occupations(areas, staffing))
        said = release.table("provenance")
        folder = release.folder
    kept = [row for row in said.to_pylist() if row["table"] not in found.tables]
    rewritten = {
        **found.tables,
        "provenance": pa.Table.from_pylist([*kept, *found.about], CONTRACTS["provenance"].schema),
    }
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, rows in rewritten.items():
        write_parquet(rows, folder / f"{name}.parquet", sort=CONTRACTS[name].key)
        manifest["rows"][name] = rows.num_rows
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return place


@pytest.fixture
def skilled(skilled_place: Path, settings: Settings) -> Client:
    settings.ATLAS_PLACE = skilled_place
    return Client()


def test_a_cluster_says_what_goes_with_lying_together(
    portal: Client, sample_release: Release
) -> None:
    said = section(portal, AUTOMOTIVE, "mechanisms-heading").replace("\u00a0", " ")
    rows = sample_release.mechanisms(BENCHMARK, "4")
    assert f"Industries of Automotive that lie together more, over {rows[0].pairs} pairs" in said
    assert f"(R² {rows[0].explained:.3f})" in said
    assert "not what brings about what" in said
    for row in rows:
        assert f"{_number(row.coefficient)}{_number(row.low)} to {_number(row.high)}" in said


def test_too_few_pairs_are_said_plainly(portal: Client, sample_release: Release) -> None:
    said = section(portal, AEROSPACE, "mechanisms-heading")
    (row,) = sample_release.mechanisms(BENCHMARK, "1")
    assert f"that can be compared: {row.pairs}; the least that could carry" in said
    assert "carry an answer: 30" in said
    assert "Coefficient" not in said


def test_where_nothing_is_known_there_is_no_section(portal: Client) -> None:
    assert not section(portal, f"/clusters/{BENCHMARK}/101/", "mechanisms-heading")
    assert not section(portal, "/clusters/nace-divisions/C29/", "mechanisms-heading")


def test_every_cluster_has_a_sentence(sample_release: Release) -> None:
    assert set(_said_of()) == set(MECHANISMS)
    for code in range(1, 52):
        rows = sample_release.mechanisms(BENCHMARK, str(code))
        if not rows[0].refused:
            said = words(str(_summary("It", rows)))
            assert said.count(".") >= 2
            assert "  " not in said
            sure = [r for r in rows if r.p_value < 0.05 and not r.low <= 0 <= r.high]
            assert ("that lie together more, over" in said and "; perhaps:" not in said) == bool(
                sure
            )
    assert _number(-0.0028) == "−0.003"


def test_mechanisms_as_csv_and_json(portal: Client, sample_release: Release) -> None:
    rows = sample_release.mechanisms(BENCHMARK, "4")
    written = table(portal, f"{AUTOMOTIVE}mechanisms.csv")
    assert [each["component"] for each in written] == [row.component for row in rows]
    assert "Bureau of Labor Statistics" in written[0]["source"]
    assert table(portal, f"/clusters/{BENCHMARK}/101/mechanisms.csv") == []
    answer = ask(portal, f"/api/v1{AUTOMOTIVE}mechanisms")
    assert (answer["pairs"], answer["refused"], answer["missing"]) == (rows[0].pairs, "", "")
    kept = answer["mechanisms"][0]
    assert kept == {name: asdict(rows[0])[name] for name in kept}
    few = ask(portal, f"/api/v1{AEROSPACE}mechanisms")
    assert few["mechanisms"] == []
    assert few["pairs"] < 30
    assert "too few pairs" in few["refused"]
    assert ask(portal, f"/api/v1/clusters/{BENCHMARK}/101/mechanisms")["missing"]
    assert "nace-2" in ask(portal, "/api/v1/clusters/nace-divisions/C29/mechanisms")["missing"]
    ask(portal, f"/api/v1/clusters/{BENCHMARK}/999/mechanisms", 404)


def test_without_occupations_a_line_says_how_to_load_them(portal: Client) -> None:
    said = section(portal, f"{SAN_JOSE}/options/", "skills-heading")
    assert "--occupations" in said
    assert "--staffing" in said
    assert "Quotient" not in said
    for name, key in (("occupations", "occupations"), ("skill-gaps", "gaps")):
        answer = ask(portal, f"/api/v1{SAN_JOSE}/{name}")
        assert answer[key] == []
        assert "--occupations" in answer["missing"]


def test_skills_that_are_there_and_those_that_would_miss(skilled: Client) -> None:
    said = section(skilled, f"{SAN_JOSE}/options/", "skills-heading")
    assert "leads most in (quotient in brackets): Software Developers (4.0)" in said
    assert "short here: Welders (40 % of its jobs, quotient 0.5)" in said.replace(
        figures.NARROW, " "
    )
    assert "there already: Software Developers" in said
    assert "not released for this region: " in said
    elsewhere = section(skilled, "/regions/us-cbsa/19820/options/", "skills-heading")
    assert "hold no figures of Detroit" in elsewhere


def test_skills_as_csv_and_json(skilled: Client) -> None:
    leading = table(skilled, f"{SAN_JOSE}/occupations.csv")
    assert [each["title"] for each in leading] == ["Software Developers", "Welders"]
    assert "areas-2025.csv" in leading[0]["source"]
    gaps = ask(skilled, f"/api/v1{SAN_JOSE}/skill-gaps")
    assert gaps["gaps"][0]["gap"] == 0.2
    assert gaps["source"] == "staffing.csv"
    first = gaps["gaps"][0]["industry"]
    only = ask(skilled, f"/api/v1{SAN_JOSE}/skill-gaps?industry={first}")["gaps"]
    assert {each["industry"] for each in only} == {first}
    assert len(table(skilled, f"{SAN_JOSE}/skill-gaps.csv")) == len(gaps["gaps"])
    assert ask(skilled, f"/api/v1{SAN_JOSE}/skill-gaps?industry=none")["gaps"] == []
    ask(skilled, "/api/v1/regions/us-cbsa/99999/occupations", 404)


def test_every_field_says_what_it_is(portal: Client) -> None:
    schemas = ask(portal, "/api/v1/openapi.json")["components"]["schemas"]
    for name in ("Mechanism", "RegionalOccupation", "MissingSkill", "MechanismsAnswer"):
        for field, about in schemas[name]["properties"].items():
            assert about.get("description") or name == "MechanismsAnswer", f"{name}.{field}"
