"""Run the peers again on the input of the conventions page: do they still give its numbers?"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import peers

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = ROOT / "tests" / "golden" / "conventions.json"
"""The input, and each peer's call, numbers and our call, as the page and its test have them."""


def asked(peer: str, calls: list[str], given: dict[str, Any]) -> list[list[float]] | str:
    """Return the numbers that a peer gives for some calls, or why it gives none."""
    python = peers.environment(peer)
    if isinstance(python, str):
        return python
    ran = subprocess.run(
        [str(python), "-m", "benchmarks.convention_run"],
        cwd=ROOT,
        input=json.dumps({"peer": peer, "input": given, "calls": calls}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if ran.returncode:
        return f"fails: {(ran.stderr.strip().splitlines() or ['?'])[-1][:150]}"
    found: list[list[float]] = json.loads(ran.stdout)
    return found


def lines() -> list[str]:
    """Compare every number that can be run again; return the chapter on conventions."""
    kept = json.loads(NUMBERS.read_text("utf-8"))
    out = [
        "## Conventions (docs/reference/conventions.md): the peers run again on its input",
        "",
        "| peer | numbers on the page | same again |",
        "|---|---|---|",
    ]
    for peer in peers.listed():
        rows = [row for row in kept["rows"] if row["peer"] == peer]
        found = asked(peer, [row["call"] for row in rows], kept["input"])
        if isinstance(found, str):
            out.append(f"| {peer} | {len(rows)} | {found} |")
            continue
        differ = [
            row["call"]
            for row, numbers in zip(rows, found, strict=True)
            if not np.allclose(row["gives"], numbers, rtol=1e-8, atol=1e-9)
        ]
        out.append(
            f"| {peer} {rows[0]['version']} | {len(rows)} | "
            f"{'all' if not differ else 'NOT: ' + ', '.join(f'`{call}`' for call in differ)} |"
        )
    return [*out, ""]
