"""`define` and `compare-definitions`: files written, summary, refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from tests.relatedness.defining.planted import economy, planted
from typer.testing import CliRunner

from clusteratlas.classification import industries, read_definition
from clusteratlas.cli.comparing_definitions import compare_definitions
from clusteratlas.cli.defining import define
from clusteratlas.relatedness.defining.change_log import read_log, replay
from clusteratlas.relatedness.packaged import write_similarities
from clusteratlas.relatedness.similarities import Similarities

app = typer.Typer(pretty_exceptions_enable=False)
app.command("define")(define)
app.command("compare-definitions")(compare_definitions)

CODES = tuple(
    sorted(
        row["industry"]
        for row in industries("naics-2017").to_pylist()
        if len(row["industry"]) == 6 and row["industry"].startswith("33")
    )[:36]
)
QUICK = ("--clusters", "5-8", "--methods", "ward", "--measures", "colocation,input_output")


def run(*arguments: object) -> tuple[int, str, str]:
    found = CliRunner().invoke(app, [str(each) for each in arguments], env={"COLUMNS": "80"})
    return found.exit_code, found.stdout, found.stderr


@pytest.fixture
def similar(tmp_path: Path) -> Path:
    given, _ = planted(6, 6)
    path = tmp_path / "similar.parquet"
    write_similarities(Similarities(CODES, given.components), path)
    return path


@pytest.fixture
def jobs(tmp_path: Path) -> Path:
    employment, establishments, _ = economy()
    regions, codes = np.meshgrid(np.arange(len(employment)), CODES, indexing="ij")
    path = tmp_path / "jobs.parquet"
    columns = {
        "region": [f"r{at:02}" for at in regions.ravel()],
        "industry": codes.ravel().tolist(),
        "year": [2021] * codes.size,
        "employment": employment.ravel(),
        "establishments": establishments.ravel(),
    }
    pq.write_table(pa.table(columns), path)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


def test_everything_is_written_twice_alike_and_the_log_replays(similar, jobs, tmp_path):
    moves = tmp_path / "moves.csv"
    moves.write_text(f"industry,to,note\n{CODES[0]},2,as agreed\n")
    arguments = ("define", similar, *QUICK, "--employment", jobs, "--moves", moves)
    code, out, err = run(*arguments, "--out", tmp_path / "one")
    assert code == 0, err
    assert "Stability" in out
    assert "Validation score" in out
    assert max(map(len, out.splitlines()[:-1])) <= 80
    assert run(*arguments, "--out", tmp_path / "two", "--anew")[0] == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    found, final = (
        read_definition(tmp_path / "one" / f"{each}.csv", name=each, classification="naics-2017")
        for each in ("found", "definition")
    )
    start, end = (
        {row["industry"]: row["cluster"] for row in each.industries.to_pylist()}
        for each in (found, final)
    )
    log = read_log(tmp_path / "one" / "changes.csv")
    assert log[0].rule == "expert"
    assert log[0].applied
    assert replay(log, start) == end
    assert end[CODES[0]] == "2"
    code, out, err = run(
        "compare-definitions",
        tmp_path / "one" / "found.csv",
        tmp_path / "one" / "definition.csv",
        *("--employment", jobs, "--out", tmp_path / "map.csv"),
    )
    assert code == 0, err
    assert "Adjusted Rand index" in out
    assert (tmp_path / "map.csv").read_text().startswith("region,first,second,change\n")


def test_finished_candidates_are_taken_up_again(similar, tmp_path):
    arguments = ("define", similar, *QUICK, "--out", tmp_path / "o")
    assert "Taken up" not in run(*arguments)[1]
    before = contents(tmp_path / "o")
    assert "2 finished jobs" in run(*arguments)[1]
    assert contents(tmp_path / "o") == before


def test_local_industries_are_grouped_by_their_codes(similar, tmp_path):
    employment, _, _ = economy()
    employment[:, 0] = employment[:, 1:].sum(axis=1)  # as even as all jobs
    lines = ["region,industry,employment"]
    lines += [
        f"r{region:02},{code},{employment[region, at]}"
        for region in range(len(employment))
        for at, code in enumerate(CODES)
    ]
    path = tmp_path / "jobs.csv"
    path.write_text("\n".join(lines) + "\n")
    code, out, err = run(
        *("define", similar, *QUICK, "--employment", path, "--split-local"),
        *("--out", tmp_path / "o"),
    )
    assert code == 0, err
    own = read_definition(tmp_path / "o" / "definition.csv", name="o", classification="naics-2017")
    rows = {row["industry"]: row for row in own.industries.to_pylist()}
    assert rows[CODES[0]]["cluster"] == f"local-{CODES[0][:3]}"
    assert rows[CODES[0]]["traded"] is False
    assert "Local by the indicators" in out


def test_codes_of_another_vintage_are_named(tmp_path):
    given, _ = planted(2, 3)
    path = tmp_path / "old.parquet"
    labels = ("311111", "333295", "334119", "339941", "511110", "999999")
    write_similarities(Similarities(labels, given.components), path)
    code, _, err = run("define", path, "--out", tmp_path / "o")
    assert code == 2
    assert all(old in err for old in ("333295", "334119", "339941"))
    assert "311111" not in err
    assert "of another vintage" in err
    assert not (tmp_path / "o").exists()


def test_withheld_cells_and_few_regions_are_refused(similar, jobs, tmp_path):
    table = pq.read_table(jobs)
    few = tmp_path / "few.parquet"
    pq.write_table(table.slice(0, 20 * len(CODES)), few)
    code, _, err = run("define", similar, *QUICK, "--employment", few, "--out", tmp_path / "o")
    assert code == 3
    assert "20 regions are too few" in err
    cells = table.column("employment").to_pylist()
    cells[7] = None
    withheld = tmp_path / "withheld.parquet"
    pq.write_table(table.set_column(3, "employment", pa.array(cells)), withheld)
    arguments = ("--employment", withheld, "--out", tmp_path / "o")
    code, _, err = run("define", similar, *QUICK, *arguments)
    assert code == 2
    assert "row 8, column employment: employment is withheld" in err


@pytest.mark.parametrize("text", ["many", "1-5", "9-3", "-4"])
def test_numbers_of_clusters_that_are_none_are_refused(similar, tmp_path, text):
    assert run("define", similar, "--out", tmp_path / "o", f"--clusters={text}")[0] == 2


def test_faults_of_the_moves_are_told_at_once(similar, tmp_path):
    moves = tmp_path / "moves.csv"
    moves.write_text("industry,to\n000000,1\n" + f"{CODES[1]},99\n")
    code, _, err = run("define", similar, *QUICK, "--moves", moves, "--out", tmp_path / "o")
    assert code == 2
    assert "2 faults" in err
