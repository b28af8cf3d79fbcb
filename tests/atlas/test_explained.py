"""Mechanisms and skills in a release: what stands in it, what is refused, what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from clusteratlas.atlas import Release, explained, read_occupations, sample_datasets
from clusteratlas.atlas.explained import explain
from clusteratlas.atlas.skills import NOT_GIVEN, OCCUPATIONS_OF_AN_OPTION, skills_of
from clusteratlas.relatedness.options.skill_gaps import OccupationNeeds, skill_gaps
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.sources.labor.area_table import read_area_table
from clusteratlas.tables import (
    LEADING_OCCUPATIONS,
    MECHANISMS,
    OPTIONS,
    SKILL_GAPS,
    CannotAnswer,
    InvalidInput,
    find_faults,
)

BENCHMARK = "us-benchmark-2014"
AREAS = """\
areatype,area,occ,emp,loc_quotient
M,0041940,000000,1000,1
M,0041940,151252,500,4.0
M,0041940,514121,50,0.5
M,0041940,131020,20,2.0
M,0041940,291141,,
M,0100001,151252,10,0.1
S,0600000,151252,900,1.5
"""
STAFFING = """\
industry,occ,emp
334400,000000,100
334400,514121,40
334400,151252,40
334400,291141,20
"""
TITLES = 'occupation_code,occupation_name\n151252,"Software Developers"\n514121,Welders\n'


@pytest.fixture(scope="module")
def us():
    return next(each for each in sample_datasets() if each.reference_scheme == "us-nation")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    paths = tuple(tmp_path / name for name in ("areas-2025.csv", "staffing.csv", "titles.csv"))
    for path, text in zip(paths, (AREAS, STAFFING, TITLES), strict=True):
        path.write_text(text)
    return paths  # type: ignore[return-value]


def option(industry: str, rank: int, kind: str = "absent") -> dict[str, object]:
    known = {
        "scheme": "us-cbsa",
        "region": "41940",
        "industry": industry,
        "year": 2021,
        "classification": "naics-2017",
        "kind": kind,
        "status": "unpublished",
        "rank": rank,
    }
    return {name: known.get(name) for name in OPTIONS.names}


def test_mechanisms_stand_with_pairs_fit_and_interval(sample_release: Release) -> None:
    table = sample_release.table("mechanisms")
    assert find_faults(table, MECHANISMS) == ([], 0)
    rows = sample_release.mechanisms(BENCHMARK, "4")
    assert [row.component for row in rows] == ["input_output", "occupations"]
    for row in rows:
        assert row.pairs >= 30
        assert row.industries > 10
        assert row.refused == ""
        assert row.low < row.coefficient < row.high
        assert 0 < row.p_value <= 1
        assert 0 < row.explained < 1
    (about,) = [
        each for each in sample_release.provenance("mechanisms") if each.source == rows[0].source
    ]
    said = json.loads(about.parameters)
    assert (said["apart"], said["permutations"], said["fewest_pairs"]) == (4, 199, 30)


def test_under_thirty_pairs_is_a_row_that_refuses(sample_release: Release) -> None:
    rows = sample_release.table("mechanisms").to_pylist()
    refused = [row for row in rows if row["refused"]]
    assert refused
    for row in rows:
        if row["refused"]:
            assert row["pairs"] < 30
            assert row["coefficient"] is row["p_value"] is row["explained"] is None
            assert f"{row['pairs']} of" in row["refused"]
        else:
            assert row["pairs"] >= 30
    keys = {(row["definition"], row["cluster"]) for row in rows}
    assert keys == {(BENCHMARK, str(code)) for code in range(1, 52)}


def test_what_cannot_be_explained_says_why(sample_release: Release) -> None:
    assert sample_release.mechanisms(BENCHMARK, "101") == []
    assert sample_release.mechanisms("nace-divisions", "C29") == []
    assert "nace-2" in sample_release.missing("mechanisms", "nace-divisions")
    assert sample_release.missing("mechanisms", BENCHMARK) == ""
    with pytest.raises(CannotAnswer):
        sample_release.mechanisms(BENCHMARK, "999")


def test_planted_mechanism_is_told_and_a_second_dataset_left_out(us, monkeypatch) -> None:
    codes = tuple(sorted(_automotive(us)))
    random = np.random.default_rng(1)
    supply = random.random((len(codes), len(codes)))
    supply = supply + supply.T
    np.fill_diagonal(supply, np.nan)
    other = random.random(supply.shape)
    other = other + other.T
    known = Similarities(
        codes,
        {
            "coagglomeration": supply + 0.05 * other,
            "input_output": supply,
            "occupations": np.where(np.eye(len(codes)) > 0, np.nan, other),
        },
    )
    monkeypatch.setattr(explained, "packaged_industries", lambda name: known)
    found = explain(us)[BENCHMARK].rows.to_pylist()
    first = next(row for row in found if row["component"] == "input_output")
    assert first["coefficient"] > 0.9
    assert first["p_value"] <= 0.01
    assert explain(us, without={BENCHMARK}) == {}
    assert explain(us)[BENCHMARK].rows.equals(explain(us)[BENCHMARK].rows)


def _automotive(us) -> list[str]:
    rows = us.definitions[0].industries.to_pylist()
    return [
        row["industry"]
        for row in rows
        if row["cluster"] == "4" and row["classification"] == us.classification
    ]


def test_area_codes_tell_their_scheme_and_levels(files) -> None:
    rows = read_area_table(files[0])
    read = {(row["scheme"], row["region"]) for row in rows.to_pylist()}
    assert read == {("us-cbsa", "41940"), ("oews-nonmetro", "0100001"), ("us-state", "06")}
    of = {row["occupation"]: row for row in rows.to_pylist() if row["region"] == "41940"}
    assert of["00-0000"]["occupation_level"] is None
    assert of["13-1020"]["occupation_level"] == "detailed"
    assert of["29-1141"]["status"] == "withheld"
    assert of["29-1141"]["location_quotient"] is None
    assert {row["year"] for row in of.values()} == {2025}


def test_every_fault_of_every_file_is_told(tmp_path: Path, files) -> None:
    areas = tmp_path / "areas.csv"
    areas.write_text(
        "area,occ,emp,loc_quotient\n41940,151252,-5,1\n41940,151253,5,much\nX9,151252,5,1\n"
    )
    files[1].write_text("industry,occ,emp\n334400,514121,many\n")
    files[2].write_text("a,b\n1,2\n")
    with pytest.raises(InvalidInput) as told:
        read_occupations(areas, files[1], [files[2]])
    problems = " | ".join(f"{each.problem} {each.value}" for each in told.value.faults)
    for word in ("-5", "much", "X9", "many", "year of the figures", "holds no titles"):
        assert word in problems
    areas.write_text("region,occ,emp,loc_quotient,year\n41940,151252,5,1,2025\n" * 2)
    areas.write_text(
        "region,occ,emp,loc_quotient,year\n41940,151252,5,1,2025\n41940,151252,6,1,2025\n"
    )
    with pytest.raises(InvalidInput, match="stands twice"):
        read_occupations(areas)
    with pytest.raises(InvalidInput, match="no such file"):
        read_occupations(tmp_path / "nothing.csv")


def test_skills_of_a_region_by_hand(us, files) -> None:
    given = read_occupations(files[0], files[1], [files[2]])
    rows = [option("334413", 1), option("336111", 2), option("334412", 11)]
    found = skills_of(us, pa.Table.from_pylist(rows, schema=OPTIONS.schema), given)
    leading, gaps = found.tables["leading_occupations"], found.tables["skill_gaps"]
    assert find_faults(leading, LEADING_OCCUPATIONS) == ([], 0)
    assert find_faults(gaps, SKILL_GAPS) == ([], 0)
    first = [row for row in leading.to_pylist() if row["region"] == "41940"]
    # Buyers (13-1020) have a quotient of 2 but only twenty jobs.
    assert [(row["title"], row["rank"]) for row in first] == [
        ("Software Developers", 1),
        ("Welders", 2),
    ]
    needs = gaps.to_pylist()
    assert {row["industry"] for row in needs} == {"334413"}
    welders, coders, nurses = sorted(needs, key=lambda row: row["rank"])
    assert (welders["title"], welders["gap"], welders["staffed_as"]) == ("Welders", 0.2, "334400")
    assert coders["gap"] == 0
    assert (nurses["gap"], nurses["location_quotient"], nurses["needed"]) == (None, None, 0.2)
    about = {(row["table"], row["source"]): row["covers"] for row in found.about}
    assert "Without staffing: 336111" in about["skill_gaps", "staffing.csv"]
    assert "hold no region" in about["leading_occupations", "none for us-rest-of-state"]
    assert "no options" in about["skill_gaps", "none for us-state"]


def test_without_staffing_there_are_leading_occupations_alone(us, files) -> None:
    found = skills_of(us, OPTIONS.schema.empty_table(), read_occupations(files[0]))
    assert found.tables["leading_occupations"].num_rows
    assert not found.tables["skill_gaps"].num_rows
    assert any("--staffing" in str(row["covers"]) for row in found.about)


def test_the_sample_says_how_to_load_occupations(sample_release: Release) -> None:
    for table in ("leading_occupations", "skill_gaps"):
        assert sample_release.table(table).num_rows == 0
        for scheme in ("us-cbsa", "nuts-2"):
            assert sample_release.missing(table, scheme) == NOT_GIVEN
    assert sample_release.leading_occupations("us-cbsa", "41940") == []
    assert sample_release.skill_gaps("us-cbsa", "41940", "334413") == []


def test_needs_made_once_answer_like_the_table(files) -> None:
    given = read_occupations(files[0], files[1])
    asked = {"scheme": "us-cbsa", "region": "41940", "industries": ["334413", "334412"]}
    once = OccupationNeeds.of(given.staffing)
    assert skill_gaps(once, given.areas, **asked) == skill_gaps(
        given.staffing, given.areas, **asked
    )


SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.shared
def test_the_extracts_of_the_office_are_readable(us) -> None:
    areas = SHARED / "us" / "oews2025_area_x_occupation.parquet"
    if not areas.exists():
        pytest.skip("the private test data (../shared) is not on this machine")
    given = read_occupations(
        areas,
        SHARED / "us" / "oews2025_industry_x_occupation.parquet",
        [
            SHARED / "reference" / f"oews2025_{kind}_titles.csv"
            for kind in ("occupation", "industry")
        ],
    )
    rows = pa.Table.from_pylist([option("334413", 1)], schema=OPTIONS.schema)
    found = skills_of(us, rows, given).tables
    leading = found["leading_occupations"].to_pylist()
    assert len({row["region"] for row in leading if row["scheme"] == "us-cbsa"}) > 350
    assert len({row["region"] for row in leading if row["scheme"] == "us-state"}) == 51
    assert found["skill_gaps"].num_rows == OCCUPATIONS_OF_AN_OPTION
    assert all(row["title"] != row["occupation"] for row in leading)
