"""The parent's side of reading an untrusted file: start, wait, take the answer, or say why not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from clusteratlas.atlas import Release
from clusteratlas.organisations.codes import Codebook
from clusteratlas.organisations.profile import Profile
from clusteratlas.organisations.reading import Reading
from clusteratlas.organisations.reading_child import MEMORY, SECONDS
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
    asked = json.dumps({"path": str(path.resolve()), "name": file, "book": book}).encode()
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-B", "-s", "-m", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env=_surroundings(),
        start_new_session=True,
    )
    try:
        told, error = child.communicate(asked, timeout=SECONDS + GRACE)
    except subprocess.TimeoutExpired:
        _end(child)
        return _refused("reading the file takes too long", file, f"{SECONDS} seconds")
    except BaseException:
        _end(child)
        raise
    if child.returncode == 0:
        return _reading(told)
    return _killed(child.returncode, error, file)


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


def _killed(code: int, error: bytes, file: str) -> Reading:
    """Say why the process ended without an answer."""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        problem = "reading the file takes too long or too much memory"
        return _refused(problem, file, f"{SECONDS} seconds, {MEMORY // 1_000_000} MB")
    if b"MemoryError" in error or code in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS):
        return _refused("reading the file takes too much memory", file, f"{MEMORY // 1_000_000} MB")
    last = error.decode(errors="replace").strip().splitlines()[-1:] or [f"it ended with {code}"]
    raise InternalFault(f"the process that reads uploads failed: {last[0]}")


def _refused(problem: str, file: str, limit: str) -> Reading:
    fault = Fault(f"{problem}; the limit is {limit}", file, hint=_SMALLER)
    return Reading((), (), (fault,), 1, ())


def _reading(told: bytes) -> Reading:
    found = json.loads(told)
    return Reading(
        tuple(Profile.model_validate(each) for each in found["profiles"]),
        tuple(found["rows"]),
        _faults(found["faults"]),
        found["total"],
        _faults(found["notes"]),
    )


def _faults(given: Iterable[dict[str, Any]]) -> tuple[Fault, ...]:
    return tuple(Fault(**each) for each in given)
