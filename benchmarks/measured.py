"""Run a piece of Python in a process of its own and say how long it took and what it held."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

WRAPPER = """
import json, resource, sys, time
started = time.perf_counter()
{body}
usage = resource.getrusage(resource.RUSAGE_SELF)
theirs = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({{
    "seconds": time.perf_counter() - started,
    "cpu_seconds": usage.ru_utime + usage.ru_stime + theirs.ru_utime + theirs.ru_stime,
    "peak_mib": usage.ru_maxrss / 1024,
}}))
"""


@dataclass(frozen=True)
class Run:
    """One measured process: wall and processor seconds (its children's too), peak memory in MiB."""

    seconds: float
    cpu_seconds: float
    peak_mib: float


def measured(body: str, *, repeats: int = 3) -> Run:
    """Run the body some times and return the run of median wall time, imports counted."""
    runs = sorted((_once(body) for _ in range(repeats)), key=lambda run: run.seconds)
    return runs[len(runs) // 2]


def _once(body: str) -> Run:
    done = subprocess.run(
        [sys.executable, "-c", WRAPPER.format(body=body)],
        check=True,
        capture_output=True,
        text=True,
        timeout=900,
    )
    return Run(**json.loads(done.stdout.splitlines()[-1]))
