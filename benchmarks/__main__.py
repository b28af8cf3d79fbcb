"""Measure everything and write RESULTS.md: `make bench`."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

from benchmarks import arrays, builds, pages
from benchmarks.measured import Run

RESULTS = Path(__file__).with_name("RESULTS.md")
PARTS = ("duckdb", "narwhals", "pyarrow", "numpy", "django", "granian")


def _row(name: str, run: Run, target: str) -> str:
    return (
        f"| {name} | {run.seconds:.1f} s | {run.cpu_seconds:.1f} s | {run.peak_mib:,.0f} MiB "
        f"| {target} |"
    )


def main() -> None:
    """Measure and write."""
    lines = [
        "# Results of `make bench`",
        "",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}; "
        + ", ".join(f"{part} {version(part)}" for part in PARTS)
        + ". Shared cores: single timings vary by a third; the ratios are the figures to quote.",
        "",
        "## Builds (a process each, imports counted; median of three, the county build once)",
        "",
        "| build | wall | processor | peak memory | target |",
        "|---|---|---|---|---|",
        _row("sample release (US and Europe)", builds.sample(), "10 s, 1 GB"),
    ]
    years = builds.county_years()
    if years is None:
        lines += ["", "Five years of counties: the figures are not at hand here, not measured."]
    else:
        ours, bare = years
        lines += [
            _row("five years of counties x NAICS-6, 1.73 M rows", ours, "60 s, 2 GB"),
            _row("limit: one bare DuckDB query, quotients and ranks only", bare, ""),
            "",
            f"Ratio of the county build to the bare query: {ours.seconds / bare.seconds:.0f} "
            "(the build also checks every row, adds up three larger region schemes and the "
            "nation, ranks, flags, profiles, sorts and writes 5.8 million rows).",
        ]
    lines += [
        "",
        "## Measures on arrays (3,100 regions x 1,000 columns; best of seven)",
        "",
        "| measure | ours | limit | ratio |",
        "|---|---|---|---|",
    ]
    for name, own, limit in arrays.figures():
        lines.append(f"| `{name}` | {own:.0f} ms | {limit:.0f} ms | {own / limit:.1f} |")
    lines += [
        "",
        "The limit of the quotient is plain numpy without any check; of flags and ranks the sorts",
        "that they cannot do without. Ours also looks at every cell for faults and missing values.",
        "",
        "## Pages (the sample; server and load on the same two cores)",
        "",
        "| page | figure |",
        "|---|---|",
        *(f"| {name} | {figure} |" for name, figure in pages.figures()),
        "",
    ]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
