"""The command line as tests call it, and small files to build from."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clusteratlas.cli import app

COUNTIES = """\
fipstate,fipscty,naics,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est
06,085,------,G,17000,G,500000,G,2100000,160
06,085,3344//,G,12500,G,500000,G,2100000,125
06,085,334413,G,12000,G,500000,G,2100000,120
06,085,334412,D,0,D,0,D,0,4
26,163,3361//,G,9000,G,500000,G,900000,25
26,163,336111,G,9000,G,500000,G,900000,25
"""

OWN_JOBS = """\
region,industry,year,employment
north,C10,2024,120
north,C11,2024,
south,C10,2024,50
south,C29,2024,500
"""


class Answer:
    """What a command did: exit code, stdout and stderr."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def ended(self, code: int) -> Answer:
        assert self.code == code, f"exit {self.code}\n{self.out}\n{self.err}"
        return self


Run = Callable[..., Answer]


@pytest.fixture
def run() -> Run:
    """Run a command in this process."""

    def run(*arguments: object, columns: int = 80) -> Answer:
        result = CliRunner().invoke(
            app,
            [str(each) for each in arguments],
            env={"COLUMNS": str(columns), "CLUSTERATLAS_PLACE": None},
        )
        return Answer(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def ask(run: Run, sample_place: Path) -> Run:
    """Run a command on the sample."""
    return lambda *arguments, **options: run(*arguments, "--place", sample_place, **options)


def clean_environment(**more: str) -> dict[str, str]:
    """The environment of a subprocess, free of what would colour or redirect its output."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "CLUSTERATLAS_PLACE"}
    }
    return {**kept, "COLUMNS": "80", **more}


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment for a subprocess that a test starts by itself."""
    return clean_environment()


@pytest.fixture
def shell() -> Run:
    """Run a command in a process of its own, its output in pipes."""

    def shell(*arguments: object, **more: str) -> Answer:
        result = subprocess.run(
            [sys.executable, "-m", "clusteratlas.cli", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            env=clean_environment(**more),
            timeout=300,
            check=False,
        )
        return Answer(result.returncode, result.stdout, result.stderr)

    return shell


@pytest.fixture
def county_file(tmp_path: Path) -> Path:
    """Two counties of 2021 in the Bureau's own layout."""
    path = tmp_path / "cbp21co.txt"
    path.write_text(COUNTIES)
    return path


@pytest.fixture
def own_file(tmp_path: Path) -> Path:
    """A user's own table of two districts."""
    path = tmp_path / "jobs.csv"
    path.write_text(OWN_JOBS)
    return path
