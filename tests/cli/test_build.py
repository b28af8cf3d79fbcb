"""Building from files: what is read, which definition leads, a bad file changes nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.conftest import Answer
from tests.conftest import SAID

from clusteratlas.atlas import current_id, open_release
from clusteratlas.cli.progress import Reporter

DEFINITION = "industry,cluster,name\n334413,chips,Chips\n336111,cars,Cars\n"


def test_build_from_the_bureaus_own_files(run, county_file: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "cbp20co.txt"
    earlier.write_text(county_file.read_text().replace("12000", "11000"))
    place = tmp_path / "atlas"
    answer = run("build", earlier, county_file, "--place", place).ended(0)
    assert f"Release {current_id(place)} is current" in answer.out
    assert str(place) in answer.out
    assert "County Business Patterns 2021" in answer.out
    assert "naics-2017" in answer.out
    assert "never read as zero" in " ".join(answer.out.split())
    assert "San Jose" in answer.out
    assert open_release(place).scheme("us-county").years == (2020, 2021)
    region = run("region", "06085", "--json", "--place", place).ended(0)
    chips = next(
        each
        for each in json.loads(region.out)["clusters"]
        if each["name"].startswith("Information")
    )
    # 3344// holds 500 jobs beyond 334413: four establishments withheld, one not printed at all.
    assert chips["status"] == "estimated"
    assert 12000 <= chips["employment_low"] <= chips["employment"] <= chips["employment_high"]
    assert chips["employment"] <= 12500 + 4500
    assert chips["reported_share"] == 12000 / chips["employment"]


def test_first_definition_becomes_the_default(run, county_file: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(DEFINITION)
    place = tmp_path / "atlas"
    run(
        "build",
        county_file,
        "--definition",
        own,
        "--definition-name",
        "chips-and-cars",
        "--place",
        place,
    ).ended(0)
    release = open_release(place)
    assert release.scheme("us-cbsa").definitions == ("chips-and-cars", "us-benchmark-2014")
    other = tmp_path / "other"
    run(
        "build",
        county_file,
        "--definition",
        "us-benchmark-2014",
        "--definition",
        own,
        "--place",
        other,
    ).ended(0)
    assert open_release(other).scheme("us-cbsa").definitions == ("us-benchmark-2014", "own")


def test_chosen_schemes(run, county_file: Path, tmp_path: Path) -> None:
    place = tmp_path / "atlas"
    run("build", county_file, "--scheme", "us-state", "--place", place).ended(0)
    names = {each.scheme for each in open_release(place).manifest.schemes}
    assert names == {"us-nation", "us-state"}
    answer = run("build", county_file, "--scheme", "us-stat", "--place", place).ended(2)
    assert "us-state" in answer.err


def test_own_table_with_its_regions(run, own_file: Path, tmp_path: Path) -> None:
    regions = tmp_path / "regions.csv"
    regions.write_text("region,name,population\nnorth,The North,900\nsouth,\x1b[31mSouth,\n")
    place = tmp_path / "atlas"
    own = ["--scheme", "district", "--classification", "nace-2", "--place", place]
    run(
        *["build", own_file, "--kind", "own", "--regions", regions],
        *["--publisher", "Town hall", "--title", "Jobs register", "--licence", "open", *own],
    ).ended(0)
    release = open_release(place)
    assert release.region("district", "north").name == "The North"
    assert release.region("district", "south").population is None
    source = release.provenance("employment")[0]
    assert (source.publisher, source.title, source.licence) == (
        "Town hall",
        "Jobs register",
        "open",
    )
    assert source.checksum is not None
    out = run("region", "north", "--place", place).ended(0).out
    assert "withheld" in out
    assert "\x1b" not in run("top", "--place", place).ended(0).out
    run("build", own_file, *own).ended(0)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--kind", "own"],
        ["--kind", "own", "--scheme", "district"],
        ["--regions", "regions.csv"],
        ["--year", "2020", "--year", "2021"],
        ["--definition-name", "mine"],
    ],
)
def test_wishes_that_do_not_fit_are_usage_errors(
    run, county_file: Path, tmp_path: Path, arguments: list[str]
) -> None:
    answer = run("build", county_file, *arguments, "--place", tmp_path / "atlas").ended(2)
    assert "Error" in answer.err


def test_every_fault_of_every_file_and_nothing_changes(
    run, county_file: Path, tmp_path: Path
) -> None:
    place = tmp_path / "atlas"
    run("build", county_file, "--place", place).ended(0)
    before = current_id(place)
    held = sorted(path.name for path in (place / "releases").iterdir())
    bad = tmp_path / "bad.csv"
    bad.write_text(
        "year,fips,naics,emp,est,pay_k\n2021,06085,334413,-900,4,910\n2021,06085,334412,abc,4,910\n"
    )
    definition = tmp_path / "own.csv"
    definition.write_text("industry,group\n334413,chips\n")
    answer = run(
        *["build", bad, county_file, tmp_path / "gone.csv"],
        *["--definition", definition, "--place", place],
    ).ended(2)
    assert "nothing was written" in answer.err.splitlines()[0]
    for said in ("row 2", "-900", "row 3", "abc", "gone.csv", "there is no such file", "cluster"):
        assert said in answer.err
    assert "Traceback" not in answer.err
    assert answer.out == ""
    assert current_id(place) == before
    assert sorted(path.name for path in (place / "releases").iterdir()) == held


def test_faults_in_regions(run, own_file: Path, tmp_path: Path) -> None:
    regions = tmp_path / "regions.csv"
    own = ["--kind", "own", "--scheme", "district", "--classification", "nace-2"]
    command = ["build", own_file, *own, "--regions", regions, "--place", tmp_path / "atlas"]
    regions.write_text("region,name,population,latitude\nnorth,N,many,3\nnorth,S,4,99\n")
    err = run(*command).ended(2).err
    assert "row 2, column population" in err
    assert "row 3" in err
    assert "latitude" in err
    regions.write_text("code,name\nnorth,N\n")
    assert "column region is missing" in run(*command).ended(2).err
    regions.write_bytes(b"region,name\nnorth,\xff\xfe\n")
    assert "UTF-8" in run(*command).ended(2).err
    regions.write_text("")
    run(*command).ended(2)
    regions.unlink()
    assert "there is no such file" in run(*command).ended(2).err


def test_same_file_twice_is_refused(run, county_file: Path, tmp_path: Path) -> None:
    answer = run("build", county_file, county_file, "--place", tmp_path / "atlas").ended(2)
    assert "Traceback" not in answer.err
    assert not (tmp_path / "atlas" / "current").exists()


def test_progress_off_a_terminal_is_one_plain_line_a_slow_stage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Reporter(patience=0.05) as reporter:
        reporter.tell("quick", 0.1)
        reporter.tell("slow\x1b[2J", 0.5)
        assert reporter._timer is not None
        reporter._timer.join()
        reporter.tell("done", 1.0)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("slow [2J: 50% done, about ")
    assert len(told.err.splitlines()) == 1


def test_demo_prints_what_it_found(sample_place: Path) -> None:
    place = sample_place
    answer = Answer(0, *json.loads((place / SAID).read_text()))
    assert answer.out.startswith(f"Release {current_id(place)} is current\nPlace: {place}\n")
    for said in ("San Jose", "Detroit", "Stuttgart", "Automotive", "http://127.0.0.1:8123/"):
        assert said in answer.out
    assert "Leading industry groups of Stuttgart" in answer.out
    assert "\x1b" not in answer.out + answer.err
    assert "▕" not in answer.out
    assert re.search(r" ~ [\d,]+ ", answer.out), "estimates are marked"
    assert "≥" not in answer.out
