"""Time one side (ours, the limit, or a peer) at one size, a process of its own for each measure.

Run as `python -m benchmarks.cell SIDE SIZE SECONDS NAME ...` by the interpreter of the side: it
prints one line of JSON for each measure. Inputs are made ready before the clock starts; the best of
a few calls counts, so that what numba compiles on the first call does not.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks.data import Kept

Call = Callable[[], object]
Job = Callable[[Kept], Call]
"""Makes the inputs of a measure ready and returns the call to time."""

READY_SECONDS = 150.0
REPEATS = 7
REPEAT_SECONDS = 1.0
AGAIN_SECONDS = 5.0
"""A first call below this is repeated: numba may have compiled in it."""
MEMORY_GIB = 12


class NotThere(Exception):
    """This side has no such measure yet, or not for this size."""


def jobs_of(side: str) -> dict[str, Job]:
    """Return the measures of a side."""
    found: dict[str, Job]
    if side == "ours":
        ours = importlib.import_module("benchmarks.ours")
        found = ours.JOBS | ours.FURTHER
    elif side == "limit":
        found = importlib.import_module("benchmarks.limits").JOBS
    else:
        found = importlib.import_module("benchmarks.peer_run").JOBS[side]
    return found


def main(side: str, size: str, seconds: float, names: Iterable[str]) -> None:
    """Measure each and print what came of it."""
    jobs = jobs_of(side)
    for name in names:
        print(json.dumps({"measure": name, **_apart(jobs[name], size, seconds)}), flush=True)


def _apart(job: Job, size: str, seconds: float) -> dict[str, Any]:
    """Fork, measure in the child, and end it when it takes too long."""
    sys.stdout.flush()
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        os.close(reads)
        with open(writes, "w", encoding="utf-8") as out:
            _child(job, size, lambda line: (out.write(json.dumps(line) + "\n"), out.flush()))  # type: ignore[func-returns-value]
        os._exit(0)
    os.close(writes)
    try:
        return _heard(reads, seconds)
    finally:
        os.close(reads)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _heard(reads: int, seconds: float) -> dict[str, Any]:
    """Return the child's last figure, or what there is to say instead."""
    found: dict[str, Any] = {}
    end = time.monotonic() + READY_SECONDS
    text = b""
    while True:
        left = end - time.monotonic()
        if left <= 0 or not select.select([reads], [], [], left)[0]:
            return found or {"said": f"> {seconds:.0f} s"}
        part = os.read(reads, 65536)
        if not part:
            return found or {"said": "ended without a word (out of memory?)"}
        text += part
        *lines, text = text.split(b"\n")
        for line in lines:
            heard = json.loads(line)
            if heard.pop("ready", False):
                end = time.monotonic() + seconds
            else:
                found = heard


def _child(job: Job, size: str, say: Callable[[dict[str, Any]], object]) -> None:
    most = MEMORY_GIB << 30
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    warnings.simplefilter("ignore")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    try:
        call = job(Kept(size))
        gc.collect()
        _forget_peak()
        say({"ready": True})
        best, least, spent, done = float("inf"), float("inf"), 0.0, 0
        while done < REPEATS and (spent < REPEAT_SECONDS or (done < 2 and spent < AGAIN_SECONDS)):
            started, working = time.perf_counter(), time.process_time()
            result = call()
            worked, taken = time.process_time() - working, time.perf_counter() - started
            del result
            best, least = min(best, taken), min(least, worked)
            spent, done = spent + taken, done + 1
            say({"seconds": best, "cpu_seconds": least, "peak_mib": _peak()})
    except NotThere as reason:
        say({"said": str(reason)})
    except MemoryError:
        say({"said": f"out of memory ({MEMORY_GIB} GB)"})
    except BaseException as error:  # whatever a peer throws is its figure
        say({"said": f"fails: {type(error).__name__}: {str(error).splitlines()[0][:90]}"})


def _forget_peak() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", "ascii")


def _peak() -> float:
    """Return the most that this process held, in MiB."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    # The module as the sides import it, so that NotThere is one class.
    run = importlib.import_module("benchmarks.cell").main
    run(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4:])
