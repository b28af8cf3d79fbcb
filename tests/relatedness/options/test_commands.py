"""The commands `options` and `validate-options`."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from tests.relatedness.options.economy import planted
from typer.testing import CliRunner

from clusteratlas.cli import advising
from clusteratlas.cli.advising import options
from clusteratlas.cli.validating_options import validate_options
from clusteratlas.relatedness.options.figures import RegionalFigures
from clusteratlas.relatedness.options.suggest import region_options

APP = typer.Typer()
APP.command("options")(options)
APP.command("validate-options")(validate_options)


@dataclass(frozen=True)
class Coded:
    code: str
    name: str


@dataclass(frozen=True)
class Row:
    scheme: str
    region: str
    industry: str
    title: str
    year: int
    kind: str
    rank: int
    status: str
    location_quotient: float | None
    density: float | None
    density_colocation: float | None
    density_supply: float | None
    density_skills: float | None
    complexity: float | None
    probability: float | None
    horizon: int | None
    supporting: tuple[Coded, ...]
    peers_moved: tuple[Coded, ...]


class Made:
    """A release that holds one region's options, as the command asks for them."""

    id = "made-up"

    def __init__(self, start: RegionalFigures | None, now: RegionalFigures) -> None:
        rows = region_options(now, scheme="own", start=start).rows.to_pylist()
        names = {name for name in Row.__dataclass_fields__ if name not in ("supporting", "title")}
        self.rows = [
            Row(
                **{name: value for name, value in row.items() if name in names - {"peers_moved"}},
                title=f"Industry {row['industry']}",
                supporting=tuple(
                    Coded(code, f"Industry {code}")
                    for code in row["supporting_industries"].split(",")
                ),
                peers_moved=(Coded("r001", "Region 1"),),
            )
            for row in rows
            if row["region"] == "r000"
        ]

    def find_region(self, code: str, scheme: str | None) -> SimpleNamespace:
        return SimpleNamespace(region="r000", scheme="own", name="Region 0")

    def year(self, scheme: str, year: int | None) -> int:
        return year or 2021

    def scheme(self, name: str) -> SimpleNamespace:
        return SimpleNamespace(title="Own regions")

    def options(self, scheme: str, region: str, year: int, *, kind: str | None = None) -> list[Row]:
        return [row for row in self.rows if kind in (None, row.kind) and row.year == year]

    def missing(self, table: str, scheme: str) -> str:
        return "Odds are learned from two years."

    def options_skill(self, scheme: str, year: int) -> list[object]:
        return []

    def peers(self, scheme: str, region: str) -> list[object]:
        return []


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    years, _ = planted()
    release = Made(years[0], years[1])
    monkeypatch.setattr(advising, "open_release", lambda place: release)
    return release


def run(*words: str):
    return CliRunner().invoke(APP, list(words))


def test_options_are_shown_with_odds_and_what_they_rest_on(made: Made) -> None:
    answer = run("options", "r000")
    assert answer.exit_code == 0, answer.output
    assert "Options of Region 0" in answer.output
    assert "odds of 3 years" in answer.output
    assert "Absent: the region lacks it" in answer.output
    assert "have no row printed" in answer.output
    assert "Moved: Region 1" in answer.output


def test_options_as_json_and_csv_hold_all(made: Made) -> None:
    document = json.loads(run("options", "r000", "--json").output)
    assert len(document["options"]) == len(made.rows)
    listed = list(csv.DictReader(io.StringIO(run("options", "r000", "--csv").output)))
    assert len(listed) == len(made.rows)
    assert listed[0]["supporting"].split()[0].startswith("i")
    two = json.loads(run("options", "r000", "--json", "--kind", "absent", "--limit", "2").output)
    assert [row["rank"] for row in two["options"]] == [1, 2]


def test_without_options_the_reason_is_told(made: Made) -> None:
    answer = run("options", "r000", "--year", "1999")
    assert answer.exit_code == 3
    assert "Odds are learned from two years" in answer.output
    assert run("options", "r000", "--kind", "wanted").exit_code == 2


def table_of(years: list[RegionalFigures]) -> pa.Table:
    rows = [
        (region, industry, year.year, float(year.employment[row, column]))
        for year in years
        for row, region in enumerate(year.regions)
        for column, industry in enumerate(year.industries)
        if year.employment[row, column] >= 0
    ]
    names = ("region", "industry", "year", "employment")
    return pa.table(dict(zip(names, zip(*rows, strict=True), strict=True)))


def test_a_table_is_judged_and_the_report_written(tmp_path: Path) -> None:
    years, similarities = planted()
    path, report = tmp_path / "jobs.parquet", tmp_path / "report.json"
    pq.write_table(table_of(years), path)
    pairs = tmp_path / "pairs.csv"
    links = similarities.components["input_output"]
    pairs.write_text(
        "a,b,input_output\n"
        + "".join(
            f"{one},{other},{links[row, row + 1 + place]}\n"
            for row, one in enumerate(similarities.labels)
            for place, other in enumerate(similarities.labels[row + 1 :])
        )
    )
    answer = run(
        "validate-options",
        str(path),
        "--all-industries",
        "--similarities",
        str(pairs),
        "--out",
        str(report),
    )
    assert answer.exit_code == 0, answer.output
    assert "How well entries are foretold" in answer.output
    document = json.loads(report.read_text())
    assert {row["split"] for row in document["skill"]} == {"in sample", "out of time"}
    assert len(document["tenths"]) == 10
    assert document["windows"][0]["entries"] > 100


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--in-sample", "2018"], "write a window like 2018-2021"),
        (["--learn", "2018-2021"], "give --learn and --test together"),
        (["--out", "report.txt"], "must end in .md, .json or .csv"),
    ],
)
def test_wrong_words_are_told(words: list[str], said: str, tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text("region,industry,year,employment\na,b,2018,5\n")
    answer = run("validate-options", str(path), *words)
    assert answer.exit_code == 2
    assert said in " ".join(answer.output.replace("│", " ").split())


def test_a_table_without_jobs_and_one_of_no_county_are_told(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text("region,industry,year\na,b,2018\n")
    assert "no column employment" in run("validate-options", str(path)).output
    path.write_text("region,industry,year,employment\nnowhere,b,2018,5\n")
    answer = run("validate-options", str(path), "--scheme", "us-cbsa")
    assert answer.exit_code == 2
    assert "no region of the table lies in us-cbsa" in answer.output


def test_counties_are_added_up_and_a_withheld_part_withholds_the_sum() -> None:
    from clusteratlas.relatedness.options.validation import added_up

    rows = pa.table(
        {
            "region": ["06085", "06069", "06085", "99999"],
            "industry": ["a", "a", "b", "a"],
            "year": [2018] * 4,
            "employment": [5, None, 7, 9],
            "status": ["reported", "withheld", "reported", "reported"],
        }
    )
    found = {row["industry"]: row for row in added_up(rows, "us-cbsa").to_pylist()}
    assert found["a"]["employment"] is None
    assert found["a"]["status"] == "withheld"
    assert found["b"]["employment"] == 7
