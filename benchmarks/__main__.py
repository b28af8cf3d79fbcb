"""Measure everything and write RESULTS.md: `make bench`. Parts on their own are only printed."""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import (
    builds,
    completion,
    conventions,
    data,
    effects,
    measures,
    pages,
    partners,
    relatedness,
    timetables,
)
from benchmarks.measured import Run

RESULTS = Path(__file__).with_name("RESULTS.md")
ACCURACY = Path(__file__).with_name("accuracy.md")
"""How well cells are filled: hours of `completion validate`, measured apart and kept as text."""
VERSIONS = ("numpy", "scipy", "numba", "duckdb", "narwhals", "pyarrow", "django", "granian")
SIZES = (*data.SHAPES, *data.POINTS)


def _builds() -> list[str]:
    lines = [
        "## Builds (a process each, imports counted)",
        "",
        "| build | wall | processor | peak memory | to reach |",
        "|---|---|---|---|---|",
        _row("sample release (US and Europe)", builds.sample()[0], "10 s, 1 GB"),
    ]
    years = builds.county_years()
    if years is None:
        return [*lines, "", "Five years of counties: the figures are not at hand here.", ""]
    ours, bare = years
    return [
        *lines,
        _row("five years of counties x NAICS-6, 1.73 M rows", ours, "60 s, 2 GB"),
        _row("limit: one bare DuckDB query, quotients and ranks only", bare, ""),
        "",
        f"Ratio of the county build to the bare query: {ours.seconds / bare.seconds:.0f} "
        "(the build also checks every row, adds up three larger region schemes and the "
        "nation, ranks, flags, profiles, sorts and writes 5.8 million rows).",
        "",
    ]


def _row(name: str, run: Run, target: str) -> str:
    return (
        f"| {name} | {run.seconds:.1f} s | {run.cpu_seconds:.1f} s | {run.peak_mib:,.0f} MiB "
        f"| {target} |"
    )


def _completion() -> list[str]:
    return [
        "## Completing withheld cells (processor time; plain: least squares on the same sums)",
        "",
        "| table | rows | ours | peak memory | plain | ratio |",
        "|---|---|---|---|---|---|",
        *(
            f"| {each.name} | {each.rows:,} | {each.ours.cpu_seconds:.1f} s "
            f"| {each.ours.peak_mib:,.0f} MiB | {each.plain.cpu_seconds:.1f} s | {each.ratio:.1f} |"
            for each in completion.figures()
        ),
        "",
    ]


def _pages() -> list[str]:
    return [
        "## Pages (the sample; server and load on the same two cores)",
        "",
        "| page | figure |",
        "|---|---|",
        *(f"| {name} | {figure} |" for name, figure in pages.figures()),
        "",
    ]


PARTS: dict[str, Callable[[], list[str]]] = {
    "measures": measures.lines,
    "conventions": conventions.lines,
    "builds": _builds,
    "completion": _completion,
    "relatedness": relatedness.lines,
    "timetables": timetables.lines,
    "partners": partners.lines,
    "effects": effects.lines,
    "pages": _pages,
}


def _machine() -> str:
    names = [
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB, {platform.system()}"
    )


def main() -> None:
    """Measure, print, and write when everything was measured."""
    read = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    read.add_argument("--only", nargs="+", choices=PARTS, help="these parts; prints, writes not")
    read.add_argument("--size", nargs="+", choices=SIZES, help="measures at these sizes only")
    asked = read.parse_args()
    started = time.perf_counter()
    lines = [
        "# Results of `make bench`",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}. {_machine()}; Python {platform.python_version()}, "
        + ", ".join(f"{part} {version(part)}" for part in VERSIONS)
        + ". Other work shares the machine: wall times vary by a third and more, ratios of "
        "processor time are the figures to quote.",
        "",
    ]
    for name in asked.only or PARTS:
        print(f"{time.strftime('%H:%M:%S')} {name}", flush=True)
        if name == "measures" and asked.size:
            lines += measures.lines(asked.size)
        else:
            lines += PARTS[name]()
    lines += [f"The whole run took {(time.perf_counter() - started) / 60:.1f} minutes."]
    text = "\n".join([*lines, ""])
    print(text)
    text += "\n" + ACCURACY.read_text(encoding="utf-8")
    if not asked.only and not asked.size:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
