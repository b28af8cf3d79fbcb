"""Draw the pictures of docs/explanation/withheld-figures.md from a report of a validation.

    clusteratlas completion validate qcew-2016.parquet --masks 5 --out report.json
    python scripts/withheld_pictures.py report.json

The same report gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "pictures"
PAPER, INK, QUIET, GRID = "#fcfbf9", "#1f1d1a", "#6a645b", "#e5e1d9"
ACCENT, WARN, SOFT = "#0b4f5c", "#7a3b0c", "#dfecec"
OURS = "Cluster Atlas"
METHODS = {
    "equal split": "equal split (midpoints)",
    "establishments x mean size": "establishments × mean size",
    "plain least squares": "plain least squares",
    "proportional fitting": "proportional fitting",
    OURS: "Cluster Atlas",
}
Row = dict[str, Any]


class Picture:
    """A small SVG drawing, put together shape by shape."""

    def __init__(self, width: int, height: int, title: str, told: str) -> None:
        self.size = width, height
        self.shapes = [
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(told)}</desc>",
            f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        ]

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "start",
        colour: str = INK,
        size: int = 13,
        weight: int = 400,
    ) -> None:
        self.shapes.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" '
            f'font-size="{size}" font-weight="{weight}">{escape(words)}</text>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str, dash: str = "") -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.shapes.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}"{dashed}/>'
        )

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.shapes.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'fill="{colour}"/>'
        )

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        self.shapes.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}"/>')

    def write(self, path: Path) -> None:
        width, height = self.size
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" '
            'font-family="Source Sans 3, Segoe UI, Helvetica, Arial, sans-serif">'
        )
        path.write_text("\n".join([head, *self.shapes, "</svg>"]) + "\n", encoding="utf-8")


def puzzle() -> Picture:
    """A small table with withheld cells, and the two sums that each one lies in."""
    picture = Picture(
        640,
        250,
        "Two sums hold every withheld cell",
        "A table of three industries and three counties with totals. Four cells are withheld; "
        "each lies in the total of its row and of its column.",
    )
    columns = ("County A", "County B", "County C", "State")
    rows: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("Bakeries", ("?", "?", "60", "300")),
        ("Dairies", ("?", "?", "40", "210")),
        ("Breweries", ("30", "25", "15", "70")),
        ("Food industry", ("240", "225", "115", "580")),
    )
    for place, column in enumerate(columns):
        picture.text(240 + 100 * place, 34, column, anchor="middle", colour=QUIET)
    for number, (name, cells) in enumerate(rows):
        y = 72 + 40 * number
        weight = 600 if number == 3 else 400
        picture.text(40, y, name, weight=weight)
        for place, cell in enumerate(cells):
            x = 240 + 100 * place
            if cell == "?":
                picture.bar(x - 36, y - 22, 72, 32, SOFT)
            bold = 600 if number == 3 or place == 3 or cell == "?" else 400
            colour = ACCENT if cell == "?" else INK
            picture.text(x, y, cell, anchor="middle", size=15, weight=bold, colour=colour)
    picture.line(40, 168, 600, 168, GRID)
    picture.line(490, 20, 490, 200, GRID)
    picture.text(
        40,
        230,
        "Each ? must fit its county and its state: 210 and 200, 240 and 170 are left.",
        colour=QUIET,
    )
    return picture


def errors(report: dict[str, Any]) -> Picture:
    """Bars: summed error over summed jobs by method, four and six digits."""
    levels = {row["group"]: row for row in report["error-by-level"]["rows"]}
    shown = [("4", "four-digit industries"), ("6", "six-digit industries")]
    picture = Picture(
        640,
        380,
        "Error of hidden cells by method",
        "; ".join(
            f"{words}: " + ", ".join(f"{METHODS[m]} {levels[level][m + ' %']:.1%}" for m in METHODS)
            for level, words in shown
        ),
    )
    longest = max(levels[level][f"{m} %"] for level, _ in shown for m in METHODS)
    y = 30.0
    for level, words in shown:
        picture.text(20, y, f"Error per job, {words}", weight=600)
        y += 12
        for method, name in METHODS.items():
            share = levels[level][f"{method} %"]
            length = 350 * share / longest
            ours = method == OURS
            picture.text(205, y + 17, name, anchor="end", weight=600 if ours else 400)
            picture.bar(215, y + 4, length, 18, ACCENT if ours else "#b3aca0")
            picture.text(222 + length, y + 17, f"{share:.1%}", weight=600 if ours else 400)
            y += 28
        y += 34
    return picture


def frequencies(report: dict[str, Any]) -> Picture:
    """Dots: the probability said against how often it came true."""
    rows: Sequence[Row] = report["probabilities"]["rows"]
    picture = Picture(
        460,
        450,
        "Probabilities come true",
        "Said and observed: "
        + ", ".join(f"{row['said %']:.0%} and {row['was %']:.0%}" for row in rows),
    )
    left, top, side = 70, 30, 350

    def at(said: float, was: float) -> tuple[float, float]:
        return left + side * said, top + side * (1 - was)

    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = at(share, share)
        picture.line(left, y, left + side, y, GRID)
        picture.line(x, top, x, top + side, GRID)
        picture.text(left - 8, y + 4, f"{share:.0%}", anchor="end", colour=QUIET, size=12)
        picture.text(x, top + side + 18, f"{share:.0%}", anchor="middle", colour=QUIET, size=12)
    picture.line(*at(0, 0), *at(1, 1), QUIET, "4 4")
    largest = max(row["cells"] for row in rows)
    for row in rows:
        picture.dot(
            *at(row["said %"], row["was %"]), 4 + 8 * (row["cells"] / largest) ** 0.5, ACCENT
        )
    picture.text(
        left + side / 2, 432, "probability said that the quotient is at least 1", anchor="middle"
    )
    picture.text(left, 18, "how often it was", colour=INK)
    return picture


def intervals(report: dict[str, Any]) -> Picture:
    """Dots: share of truths inside 90 % intervals, by state."""
    names: dict[str, str] = {
        "06": "California", "12": "Florida", "19": "Iowa", "25": "Massachusetts",
        "26": "Michigan", "36": "New York", "39": "Ohio", "48": "Texas",
        "53": "Washington", "55": "Wisconsin",
    }  # fmt: skip
    rows: Sequence[Row] = report["intervals-by-state"]["rows"]
    height = 90 + 26 * len(rows)
    picture = Picture(
        640,
        height,
        "How many truths lie inside their 90 % interval, by state",
        ", ".join(f"{names.get(r['group'], r['group'])} {r['inside %']:.1%}" for r in rows),
    )

    def at(share: float) -> float:
        return 180 + 400 * (share - 0.8) / 0.2

    for share in (0.8, 0.85, 0.9, 0.95, 1.0):
        picture.line(at(share), 30, at(share), height - 50, GRID)
        picture.text(at(share), height - 30, f"{share:.0%}", anchor="middle", colour=QUIET, size=12)
    picture.line(at(0.9), 30, at(0.9), height - 50, WARN, "4 4")
    picture.text(at(0.9), 20, "meant: 90 %", anchor="middle", colour=WARN, size=12)
    for number, row in enumerate(rows):
        y = 46 + 26 * number
        picture.text(165, y + 4, names.get(str(row["group"]), str(row["group"])), anchor="end")
        picture.dot(at(max(row["inside %"], 0.8)), y, 6, ACCENT)
        picture.text(630, y + 4, f"{row['inside %']:.1%}", anchor="end", size=12)
    return picture


def main() -> None:
    """Draw every picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("report", type=Path, help="JSON report of one table")
    parser.add_argument("--to", type=Path, default=PICTURES)
    given = parser.parse_args()
    (report,) = json.loads(given.report.read_text(encoding="utf-8")).values()
    given.to.mkdir(parents=True, exist_ok=True)
    drawn = {
        "withheld-puzzle": puzzle(),
        "withheld-errors": errors(report),
        "withheld-probabilities": frequencies(report),
        "withheld-intervals": intervals(report),
    }
    for name, picture in drawn.items():
        picture.write(given.to / f"{name}.svg")
        print(given.to / f"{name}.svg")


if __name__ == "__main__":
    main()
