"""How commands end: exit codes, sentences on stderr, no stack traces."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from clusteratlas.atlas import Release, current_id
from clusteratlas.cli import ask as asking
from clusteratlas.cli.outcome import command, every_fault
from clusteratlas.cli.progress import Reporter
from clusteratlas.tables import Fault, InternalFault, InvalidInput


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["region", "4194"], "There is no region with that code or name"),
        (["region", "41940", "--year", "1999"], "use one of 2018, 2021"),
        (["region", "41940", "--scheme", "us-cbsaa"], "There is no region scheme of that name"),
        (["region", "41940", "--definition", "nace-divisions"], "is not mapped by"),
        (["cluster", "Automotve"], "Automotive (4)?"),
        (["top", "--definition", "mine"], "There is no cluster definition of that name"),
        (["export", "jobs", "--to", "jobs.csv"], "There is no table of that name"),
    ],
)
def test_no_answer_ends_with_3_and_a_hint(ask, arguments: list[str], said: str) -> None:
    answer = ask(*arguments).ended(3)
    assert said in answer.err
    assert "Hint: " in answer.err
    assert "Traceback" not in answer.err
    assert "?." not in answer.err
    assert answer.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["region"],
        ["regoin", "41940"],
        ["region", "41940", "--json", "--csv"],
        ["region", "41940", "--year", "soon"],
        ["region", "41940", "--by", "beauty"],
        ["region", "41940", "--limit", "0"],
        ["export", "clusters", "--to", "clusters.xlsx"],
        ["build"],
    ],
)
def test_wrong_usage_ends_with_2(run, arguments: list[str]) -> None:
    answer = run(*arguments).ended(2)
    assert "Error" in answer.err
    assert "Traceback" not in answer.err


def test_nothing_built_yet(run, tmp_path: Path) -> None:
    for arguments in (["region", "41940"], ["status"], ["serve"]):
        answer = run(*arguments, "--place", tmp_path / "none").ended(3)
        assert "clusteratlas demo" in answer.err


def test_place_comes_from_the_environment(sample_place: Path, shell) -> None:
    answer = shell("status", "--json", CLUSTERATLAS_PLACE=str(sample_place)).ended(0)
    assert json.loads(answer.out)["release"] == current_id(sample_place)


def test_own_fault_is_a_sentence_and_a_trace_only_on_demand(
    ask, run, sample_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(place: Path) -> Release:
        raise InternalFault(f"a promise about {place.name} was not kept")

    monkeypatch.setattr(asking, "open_release", broken)
    answer = ask("status").ended(70)
    assert "was not kept" in answer.err
    assert "--debug" in answer.err
    assert "Traceback" not in answer.err
    assert "Traceback" in run("--debug", "status", "--place", sample_place).ended(70).err


def test_unexpected_failure_is_named(ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(place: Path) -> Release:
        raise KeyError("lost")

    monkeypatch.setattr(asking, "open_release", broken)
    answer = ask("status").ended(70)
    assert "KeyError" in answer.err
    assert "Traceback" not in answer.err


def test_system_refusal_ends_with_4(run, county_file: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    answer = run("build", county_file, "--place", blocked).ended(4)
    assert "The system refused" in answer.err
    assert "Traceback" not in answer.err


def test_every_fault_is_told_however_many() -> None:
    error = InvalidInput([Fault("wrong", "a.csv", row) for row in range(2, 122)], total=500)
    lines = every_fault(error).splitlines()
    assert lines[0] == "500 faults in the input; nothing was written."
    assert len(lines) == 122
    assert lines[-1] == "... and 380 more of the same kinds."


@pytest.mark.parametrize("more", [{}, {"NO_COLOR": "1"}, {"TERM": "xterm-256color"}])
def test_piped_output_has_no_control_codes(shell, sample_place: Path, more) -> None:
    answer = shell("region", "41940", "--place", sample_place, **more).ended(0)
    assert "\x1b" not in answer.out + answer.err
    assert answer.err == ""
    assert "41940" in answer.out


def test_letters_that_the_terminal_lacks_are_no_error(shell, sample_place: Path) -> None:
    answer = shell("region", "41940", "--place", sample_place, PYTHONIOENCODING="ascii")
    assert "San Jose" in answer.ended(0).out


def test_closed_pipe_is_quiet(sample_place: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "clusteratlas.cli", "top", "--limit", "3000", "--csv"]
    with subprocess.Popen(
        [*command, "--place", str(sample_place)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) in {0, 1}


IMPATIENT = """\
from clusteratlas.cli import main, progress

progress.Reporter.__init__.__kwdefaults__["patience"] = 0.02
main()
"""
"""The command line, telling of every stage at once."""

UNFILLED = """\
from clusteratlas.atlas import filling

filling.fill = lambda dataset, year: None
"""
"""Nothing is filled, so that the stages after the filling come soon."""

UNRELATED = """\
import sys

import clusteratlas.atlas

module = sys.modules["clusteratlas.atlas.build"]
module._related_parts = lambda figures, *given: ([], [[] for _ in figures])
"""
"""Nothing is related, so that the writing comes soon."""


@pytest.mark.parametrize(
    ("stage", "before_all"),
    [
        ("filling withheld cells", ""),
        ("measuring clusters", UNFILLED),
        ("writing the release", UNFILLED + UNRELATED),
    ],
    ids=["filling", "measuring", "writing"],
)
def test_ctrl_c_leaves_the_old_release(
    county_file: Path,
    tmp_path: Path,
    run,
    environment: dict[str, str],
    stage: str,
    before_all: str,
) -> None:
    place = tmp_path / "atlas"
    run("build", county_file, "--place", place).ended(0)
    before = current_id(place)
    script = tmp_path / "impatient.py"
    script.write_text(before_all + IMPATIENT)
    with subprocess.Popen(
        [sys.executable, str(script), "demo", "--no-serve", "--place", str(place)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if line.startswith(stage):
                break
        else:
            pytest.fail(f"the demo never came to the stage {stage!r}")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Stopped." in err
    assert "Traceback" not in err
    assert out == ""
    assert current_id(place) == before
    assert [path.name for path in (place / "releases").iterdir()] == [before]


def test_an_interrupt_that_a_library_swallows_still_stops_the_job(capsys) -> None:
    """The exception raised by the signal is lost; the next stage must not begin."""
    reached = []

    @command
    def job() -> None:
        with Reporter() as reporter:
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            reporter.tell("the next stage", 0.5)
            reached.append("the next stage")

    with pytest.raises(typer.Exit) as ended:
        job()
    assert ended.value.exit_code == 130
    assert reached == []
    assert "Stopped." in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
