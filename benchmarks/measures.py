"""Every measure at three sizes, beside the machine's limit and beside the peers."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import data, ours, peer_run, peers

ROOT = Path(__file__).resolve().parents[1]
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
SECONDS = 90.0
PEER_SECONDS = 15.0
SMALL, MIDDLE, LARGE = data.SHAPES
POINTS = tuple(data.POINTS)
TIMES_LARGER = 40_000 / 3_100

ON_POINTS = ("kd_function", "m_function", "ripley_k")
SINGLE = {
    "tidy_location_quotient": (MIDDLE, "quotient of 50 million tidy rows", "5 s, 3 GB"),
    "relatedness and complexity": (MIDDLE, "20 years: proximity, ECI and PCI", "2 s"),
    "quotient to complexity": (MIDDLE, "20 years: jobs to density, ECI and PCI", ""),
    "local_moran, all industries": (MIDDLE, "LISA, 1,000 industries, 999 permutations", "60 s"),
    "m_function, envelope": (POINTS[1], "M, 64 radii, 99 simulations, 100,000 points", "30 s"),
}
"""Measured once: size, what it is, figure to reach."""
ALSO_SINGLE = (
    ("m_function", POINTS[2], "M, 64 radii, 1 million points", "15 s"),
    ("kd_function", POINTS[2], "Kd, 61,600 plants of one industry", "15 s"),
)

TARGETS = {
    "location_quotient": 2,
    "proximity": 2,
    "relatedness_density": 2,
    "locational_gini": 2,
    "coagglomeration": 2,
    "fitness": 2,
    "complexity": 3,
}
"""Ratio to the limit to reach at 3,100 x 1,000."""


@dataclass(frozen=True)
class Cell:
    """One measure, one size, one side: best wall and processor time, peak memory, or a word."""

    seconds: float = math.nan
    cpu_seconds: float = math.nan
    peak_mib: float = math.nan
    said: str = ""


Found = dict[tuple[str, str, str], Cell]
"""Cells by side, size and measure."""


def measured(sizes: Iterable[str], *, with_peers: bool = True) -> Found:
    """Measure ours and the limit, then the peers, smaller sizes first."""
    data.made()
    found: Found = {}
    wanted = list(sizes)
    pythons = {peer: peers.environment(peer) for peer in peers.listed()} if with_peers else {}
    for size in wanted:
        names = list(_names(size))
        for side in ("limit", "ours"):
            _run(found, sys.executable, side, size, names, SECONDS)
        if size in data.SHAPES:
            _run(found, sys.executable, "ours", size, list(ours.FURTHER), SECONDS)
        for peer, python in pythons.items():
            mine = [name for name in names if name in peer_run.JOBS[peer]]
            if isinstance(python, str):
                found |= {(peer, size, name): Cell(said=python) for name in mine}
                continue
            mine = [name for name in mine if not _too_long(found, peer, size, name)]
            _run(found, str(python), peer, size, mine, PEER_SECONDS)
    return found


def _names(size: str) -> Iterable[str]:
    on_points = size in POINTS
    yield from (
        name for name in ours.JOBS if name not in SINGLE and (name in ON_POINTS) == on_points
    )
    yield from (name for name, (of, _, _) in SINGLE.items() if of == size)


def _too_long(found: Found, peer: str, size: str, name: str) -> bool:
    """Whether the size below says that this one would be ended; note it so."""
    below = found.get((peer, MIDDLE, name))
    if size != LARGE or below is None:
        return False
    if below.said or below.seconds * TIMES_LARGER > PEER_SECONDS:
        said = below.said or f"not run: {below.seconds:.0f} s at {MIDDLE}"
        found[peer, size, name] = Cell(said=said)
        return True
    return False


def _run(found: Found, python: str, side: str, size: str, names: list[str], seconds: float) -> None:
    if not names:
        return
    print(f"{time.strftime('%H:%M:%S')} {side}, {size}: {len(names)} measures", flush=True)
    command = [python, "-m", "benchmarks.cell", side, size, str(seconds), *names]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        check=False,
    )
    for line in done.stdout.splitlines():
        read = json.loads(line)
        name = read.pop("measure")
        found[side, size, name] = Cell(**read)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["ended"])[-1][:90]
        print(f"{side}, {size}: {why}", flush=True)
        for name in names:
            found.setdefault((side, size, name), Cell(said=f"does not start: {why}"))


def lines(sizes: Iterable[str] | None = None) -> list[str]:
    """Measure and return the chapter on measures."""
    wanted = list(sizes or (*data.SHAPES, *data.POINTS))
    found = measured(wanted)
    tables = [size for size in wanted if size in data.SHAPES]
    on_points = [size for size in wanted if size in data.POINTS]
    return [
        "## Measures",
        "",
        "Made-up economies: Pareto sizes, eight latent capabilities, Poisson counts, nine cells in "
        "ten zero, heavy tails; made-up plants: 200 clusters, three in ten spread evenly. One "
        "thread, a process for each cell of the table, best of up to seven calls; what numba "
        "compiles on a first call and the making of inputs is left out. Peak memory is that of "
        "the process. **Ratio** is our processor time over that of the limit: the best bare "
        "algorithm we know, without checks, gaps or labels (benchmarks/limits.py). **Growth** is "
        "the exponent with which processor time grows from the second to the third size "
        "(1 = as the table). Peers run in environments of their own and get the same arrays; "
        f"they are ended after {PEER_SECONDS:.0f} s.",
        "",
        *_verdict(found, wanted),
        "",
        *(_table(found, tables) if tables else []),
        *(_further(found, tables) if tables else []),
        *(_table(found, on_points) if on_points else []),
        *_single(found),
        "Peers: " + "; ".join(f"{peer} ({' '.join(got)})" for peer, got in peers.listed().items())
        + ". economic-complexity has the 20-step reflections only, not the vector; local_moran is "
        "for 90, 20 and 2 industries; getis_ord and moran without permutations.",
        "",
    ]  # fmt: skip


def _verdict(found: Found, wanted: list[str]) -> list[str]:
    ahead = []
    judged = 0
    for (side, size, name), cell in found.items():
        own = found.get(("ours", size, name), Cell())
        if side in ("ours", "limit") or size in (SMALL, POINTS[0]) or math.isnan(own.cpu_seconds):
            continue
        judged += 1
        if cell.cpu_seconds < own.cpu_seconds:
            times = own.cpu_seconds / cell.cpu_seconds
            ahead.append(f"`{name}` at {size}: {side}, {times:.1f} times")
    missed = [
        f"`{name}` {ratio:.1f} (to reach {target})"
        for name, target in TARGETS.items()
        if (ratio := _ratio(found, MIDDLE, name)) > target
    ]
    text = [
        f"**No peer is ahead of us in any row at 3,100 x 1,000 or larger** ({judged} comparisons)."
        if not ahead
        else f"**A peer is ahead of us** in: {'; '.join(ahead)} (of {judged} comparisons)."
    ]
    if MIDDLE in wanted:
        text += ["", f"Ratios to reach at {MIDDLE}: " + ("; ".join(missed) or "all reached") + "."]
    return text


def _ratio(found: Found, size: str, name: str) -> float:
    own, limit = found.get(("ours", size, name)), found.get(("limit", size, name))
    return own.cpu_seconds / limit.cpu_seconds if own and limit else math.nan


def _table(found: Found, sizes: list[str]) -> list[str]:
    out = [
        "| measure | size | ours | limit | ratio | peak memory | growth | peers |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in (name for name in ours.JOBS if name not in SINGLE):
        for size in sizes:
            own, limit = found.get(("ours", size, name)), found.get(("limit", size, name))
            if own is None or limit is None:
                continue
            others = [
                f"{side} {_time(cell)}" + ("" if cell.said else f", {cell.peak_mib:,.0f} MiB")
                for (side, at, measure), cell in found.items()
                if at == size and measure == name and side not in ("ours", "limit")
            ]
            ratio, memory = (
                _ratio(found, size, name),
                "" if own.said else f"{own.peak_mib:,.0f} MiB",
            )
            out.append(
                f"| `{name}` | {size} | {_time(own)} | {_time(limit)} "
                f"| {'' if math.isnan(ratio) else f'{ratio:.1f}'} | {memory} "
                f"| {_growth(found, size, name)} | {'; '.join(others)} |"
            )
    return [*out, ""]


def _further(found: Found, sizes: list[str]) -> list[str]:
    """Return the measures that have no limit of their own: time and memory at each size."""
    out = [
        "Near kin of the measures above, without a limit of their own:",
        "",
        f"| measure | {' | '.join(sizes)} | growth |",
        "|---|" + "---|" * len(sizes) + "---|",
    ]
    for name in ours.FURTHER:
        cells = [found.get(("ours", size, name), Cell(said="")) for size in sizes]
        shown = [_time(cell) + (f", {_memory(cell)}" if not cell.said else "") for cell in cells]
        out.append(f"| `{name}` | {' | '.join(shown)} | {_growth(found, sizes[-1], name)} |")
    return [*out, ""]


def _memory(cell: Cell) -> str:
    return "" if cell.said else f"{cell.peak_mib:,.0f} MiB"


def _growth(found: Found, size: str, name: str) -> str:
    """Return the exponent of processor time in regions or points, between the larger sizes."""
    below, above = (MIDDLE, LARGE) if size == LARGE else POINTS[1:]
    if size != above:
        return ""
    times = [found.get(("ours", at, name), Cell()).cpu_seconds for at in (below, above)]
    larger = TIMES_LARGER if size == LARGE else 10.0
    if name == "local_moran":
        return ""  # fewer industries at the larger size
    exponent = math.log(times[1] / times[0]) / math.log(larger)
    return "" if math.isnan(exponent) else f"{exponent:.1f}"


def _single(found: Found) -> list[str]:
    runs = [(name, size, what, target) for name, (size, what, target) in SINGLE.items()]
    rows = []
    for name, size, what, target in [*runs, *ALSO_SINGLE]:
        own, limit = found.get(("ours", size, name)), found.get(("limit", size, name))
        if own and limit:
            rows.append(
                f"| {what} | {_time(own)} | {_time(limit)} | {_ratio(found, size, name):.1f} "
                f"| {_memory(own)} | {target} |"
            )
    if not rows:
        return []
    return [
        "| large run | ours | limit | ratio | peak memory | to reach |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        "The limit of the envelope is one bare pass over all pairs in which a hundred labellings "
        "are summed side by side.",
        "",
    ]


def _time(cell: Cell) -> str:
    if cell.said:
        return cell.said
    value = cell.seconds
    if value >= 1:
        return f"{value:.1f} s"
    return f"{1e3 * value:.{0 if value >= 0.1 else 1 if value >= 1e-3 else 2}f} ms"
