"""`clusteratlas relatedness`: from files of figures, or the packaged table."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from clusteratlas.relatedness.packaged import packaged_industries, read_similarities

INDUSTRIES = {
    "3361": "Cars",
    "3363": "Cars",
    "3331": "Machines",
    "3335": "Machines",
    "3254": "Health",
}
JOBS = "region,industry,year,employment,establishments\n"


def pairs_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    """Forty regions, where cars and machines are together and medicines apart."""
    random = np.random.default_rng(0)
    size = random.lognormal(6, 1, 40)
    tilt = random.normal(0, 1, 40)
    lines = []
    for at in range(40):
        for code, cluster in INDUSTRIES.items():
            pull = tilt[at] if cluster != "Health" else -tilt[at]
            jobs = int(size[at] * np.exp(pull + random.normal(0, 0.2)))
            lines.append(f"r{at:02d},{code},2021,{jobs},{jobs // 20 + 1}\n")
    path = tmp_path / "jobs.csv"
    path.write_text(JOBS + "".join(lines))
    return path


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    path = tmp_path / "ours.csv"
    path.write_text(
        "industry,cluster,traded\n"
        + "".join(f"{code},{cluster},traded\n" for code, cluster in INDUSTRIES.items())
    )
    return path


def own(figures: Path, definition: Path) -> list[object]:
    told = ["--classification", "naics-2017", "--scheme", "our-regions"]
    return ["relatedness", figures, *told, "--definition", definition]


def test_any_table_gives_every_pair_of_clusters(run, tmp_path, figures, definition) -> None:
    out = tmp_path / "pairs.csv"
    answer = run(*own(figures, definition), "--out", out).ended(0)
    rows = pairs_of(out)
    assert {(row["a"], row["b"]) for row in rows} == {
        (a, b)
        for a in ("Cars", "Machines", "Health")
        for b in ("Cars", "Machines", "Health")
        if a != b
    }
    best = max(rows, key=lambda row: float(row["composite"]))
    assert {best["a"], best["b"]} == {"Cars", "Machines"}
    assert best["percentile"] == ""  # three clusters are too few for one
    assert "40 (our-regions)" in answer.out
    assert "Agreement of the components" in answer.out
    inside = run(*own(figures, definition), "--within", "--out", out).ended(0)
    assert inside.code == 0
    assert len(pairs_of(out)) == 9


def test_industries_can_be_written_and_read(run, tmp_path, figures, definition) -> None:
    out = tmp_path / "industries.parquet"
    run(*own(figures, definition), "--level", "industry", "--out", out).ended(0)
    found = read_similarities(out)
    assert found.labels == tuple(sorted(INDUSTRIES))
    jobs = found.components["colocation_employment"]
    assert jobs[found.labels.index("3361"), found.labels.index("3363")] > 0.9


def test_areas_are_added_up_first(run, tmp_path, figures, definition) -> None:
    areas, out = tmp_path / "areas.csv", tmp_path / "pairs.csv"
    areas.write_text("region,area\n" + "".join(f"r{at:02d},{at // 2}\n" for at in range(40)))
    answer = run(*own(figures, definition), "--areas", areas, "--out", out).ended(3)
    assert "20 regions are too few" in answer.err
    assert not out.exists()


def test_the_packaged_table_needs_no_file(run, tmp_path) -> None:
    out = tmp_path / "pairs.csv"
    run("relatedness", "--level", "cluster", "--out", out).ended(0)
    rows = pairs_of(out)
    assert len(rows) == 51 * 50
    assert {"a", "b", "colocation", "input_output", "occupations", "composite"} <= set(rows[0])
    assert rows[0]["a_name"] == "Aerospace Vehicles and Defense"
    run("relatedness", "--level", "industry", "--out", tmp_path / "i.parquet").ended(0)
    known = packaged_industries("naics-2017")
    assert known is not None
    assert read_similarities(tmp_path / "i.parquet").labels == known.labels


def test_what_does_not_fit_together(run, tmp_path, figures, definition) -> None:
    out = tmp_path / "pairs.csv"
    assert "--out must end" in run("relatedness", "--out", tmp_path / "pairs.txt").ended(2).err
    asked = run(*own(figures, definition), "--out", figures).ended(2)
    assert "would replace a file" in asked.err
    asked = run(*own(figures, definition), "--input-output", figures, "--out", out).ended(2)
    assert "go together" in asked.err
    for options in (["--occupations", figures], ["--scale", "levels"], ["--mapping", figures]):
        asked = run("relatedness", *options, "--out", out).ended(2)
        assert "belong to files of figures" in asked.err
    for path in (definition, figures):
        before = path.read_text()
        asked = run(*own(figures, definition), "--out", path).ended(2)
        assert "would replace a file" in asked.err
        assert path.read_text() == before
    asked = run("relatedness", "--definition", "nace-divisions", "--out", out).ended(3)
    assert "come with the package" in asked.err


def test_faults_of_all_files_are_told_before_anything_is_computed(
    run, tmp_path, figures, definition
) -> None:
    staffing, areas = tmp_path / "staffing.csv", tmp_path / "areas.csv"
    staffing.write_text("industry,occupation,employment\n336100,512041,many\n336100,512041,4\n")
    areas.write_text("region,area\nr01,\n")
    more = ["--occupations", staffing, "--areas", areas, "--out", tmp_path / "pairs.csv"]
    answer = run(*own(figures, definition), *more).ended(2)
    assert "the jobs are no whole number (found 'many')" in answer.err
    assert "row 2, column area: the area is empty" in answer.err
    assert not (tmp_path / "pairs.csv").exists()


def test_flows_of_people_become_a_component(run, tmp_path, figures, definition) -> None:
    flows, out = tmp_path / "flows.csv", tmp_path / "pairs.csv"
    flows.write_text(
        "from,to,persons\n3361,3331,90\n3331,3361,80\n3254,3361,5\n3361,3254,5\n"
        "3254,3335,40\n3335,3254,40\n3331,3254,10\n3363,3361,30\n3361,3363,30\n"
    )
    run(*own(figures, definition), "--flows", flows, "--out", out).ended(0)
    skills = {(row["a"], row["b"]): row["skill_flows"] for row in pairs_of(out)}
    assert float(skills["Cars", "Machines"]) > float(skills["Cars", "Health"])
    flows.write_text("from,to,persons\n3361,3331,-9\n")
    answer = run(*own(figures, definition), "--flows", flows, "--out", out).ended(2)
    assert "flows.csv, row 2, column persons" in answer.err


@pytest.mark.parametrize("command", ["validate-options", "compare-definitions"])
def test_no_command_writes_over_what_it_reads(run, tmp_path, figures, definition, command) -> None:
    before = {path: path.read_text() for path in (figures, definition)}
    if command == "validate-options":
        asked = [command, figures, "--out", figures]
    else:
        other = tmp_path / "other.csv"
        other.write_text(definition.read_text())
        asked = [command, definition, other, "--employment", figures, "--out", definition]
    answer = run(*asked).ended(2)
    assert "would replace a file" in answer.err
    assert {path: path.read_text() for path in before} == before
