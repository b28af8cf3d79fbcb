"""The parent's side of reading an untrusted file: start, wait, take the answer, or say why not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, cast

from clusteratlas.atlas import Release
from clusteratlas.organisations.child_limits import MEMORY, SECONDS
from clusteratlas.organisations.codes import Codebook
from clusteratlas.organisations.profile import Profile
from clusteratlas.organisations.reading import Reading
from clusteratlas.tables import Fault, InternalFault

CHILD: Final = "clusteratlas.organisations.reading_child"
GRACE: Final = 60
"""Seconds beyond the limit of the processor's time, for a machine with much else to do."""

_SMALLER: Final = "give a smaller file, as CSV; a workbook of plain cells needs little"


def read_untrusted(path: Path, release: Release | None = None, *, name: str = "") -> Reading:
    """Return what an untrusted file gave; faults are data, and a file that kills is a fault too.

    Definition
    ----------
    The file is read by another process with 1 GB of memory and 60 seconds, which may write no
    file; it is given the codes of the release and nothing else: no settings, no secrets.

    Parameters
    ----------
    path
        Where the upload lies.
    release
        If given, codes are checked against it and names are accepted in their place.
    name
        Of the file in faults; by default the name alone, never its folder.
    """
    file = name or path.name
    book = Codebook.of(release).plain() if release is not None else None
    told = answer_of_child(CHILD, {"path": str(path.resolve()), "name": file, "book": book}, file)
    return Reading((), (), (told,), 1, ()) if isinstance(told, Fault) else _reading(told)


def answer_of_child(child: str, asked: Mapping[str, Any], file: str) -> dict[str, Any] | Fault:
    """Return what a process of its own answers; a file that ends it is told as a fault.

    Parameters
    ----------
    child
        The module to run. It binds itself to its limits, reads one JSON object from its input and
        writes one to its output.
    asked
        What it is told: where the file lies, its name, the codes of a release.
    file
        The name of the file in the fault.
    """
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-B", "-s", "-m", child],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env=_surroundings(),
        start_new_session=True,
    )
    try:
        told, error = process.communicate(json.dumps(asked).encode(), timeout=SECONDS + GRACE)
    except subprocess.TimeoutExpired:
        _end(process)
        return _refused("reading the file takes too long", file, f"{SECONDS} seconds")
    except BaseException:
        _end(process)
        raise
    if process.returncode == 0:
        return cast(dict[str, Any], json.loads(told))
    return _killed(process.returncode, error, file)


def _surroundings() -> dict[str, str]:
    """What the process knows of its surroundings: where code lies, and to use one thread."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    places = os.pathsep.join(str(Path(each).resolve()) for each in sys.path if each)
    return {"PYTHONPATH": places, "LANG": "C.UTF-8", **dict.fromkeys(threads, "1")}


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it started."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        child.kill()
    child.communicate()


def _killed(code: int, error: bytes, file: str) -> Fault:
    """Say why the process ended without an answer."""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        problem = "reading the file takes too long or too much memory"
        return _refused(problem, file, f"{SECONDS} seconds, {MEMORY // 1_000_000} MB")
    if b"MemoryError" in error or code in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS):
        return _refused("reading the file takes too much memory", file, f"{MEMORY // 1_000_000} MB")
    last = error.decode(errors="replace").strip().splitlines()[-1:] or [f"it ended with {code}"]
    raise InternalFault(f"the process that reads uploads failed: {last[0]}")


def _refused(problem: str, file: str, limit: str) -> Fault:
    return Fault(f"{problem}; the limit is {limit}", file, hint=_SMALLER)


def _reading(found: Mapping[str, Any]) -> Reading:
    return Reading(
        tuple(Profile.model_validate(each) for each in found["profiles"]),
        tuple(found["rows"]),
        faults_of_child(found["faults"]),
        found["total"],
        faults_of_child(found["notes"]),
    )


def faults_of_child(given: Iterable[dict[str, Any]]) -> tuple[Fault, ...]:
    """Return faults out of what JSON holds of them."""
    return tuple(Fault(**each) for each in given)
