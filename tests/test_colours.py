"""The colours of the pages, measured: contrast in both themes, and scales for the colour-blind."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[1] / "assets" / "styles" / "tokens.css").read_text()
COLOUR = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});")
LIGHT_PART, DARK_PART = TOKENS.split("@media screen and (prefers-color-scheme: dark)")
LIGHT = dict(COLOUR.findall(LIGHT_PART))
DARK = LIGHT | dict(COLOUR.findall(DARK_PART))
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])

TEXT = ("ink", "ink-2", "ink-3", "accent", "accent-strong", "warn")
GROUNDS = ("paper", "surface", "raised")
MARKS = ("dot", "dot-local", "rule-strong", "hatch-line", "map-border")
"""What carries meaning by its shape and must be seen against the page."""

# Viénot, Brettel and Mollon (1999), on linear light
BLIND = {
    "red": ((0.10889, 0.89111, 0.0), (0.10889, 0.89111, 0.0), (0.00447, -0.00447, 1.0)),
    "green": ((0.29031, 0.70969, 0.0), (0.29031, 0.70969, 0.0), (-0.02197, 0.02197, 1.0)),
}


def linear(colour: str) -> tuple[float, float, float]:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return red, green, blue


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(light: tuple[float, ...]) -> tuple[float, float, float]:
    red, green, blue = (min(max(each, 0), 1) for each in light)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(colour: str, kind: str) -> tuple[float, float, float]:
    light = linear(colour)
    if kind == "all":
        return lab(light)
    return lab(tuple(sum(a * b for a, b in zip(row, light, strict=True)) for row in BLIND[kind]))


def apart(one: str, other: str, kind: str) -> float:
    pairs = zip(seen(one, kind), seen(other, kind), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


@THEMES
def test_text_is_readable_on_every_ground(theme: dict[str, str]) -> None:
    low = {
        (text, ground): round(contrast(theme[text], theme[ground]), 2)
        for text in TEXT
        for ground in GROUNDS
        if contrast(theme[text], theme[ground]) < 4.5
    }
    assert not low
    assert contrast(theme["paper"], theme["accent"]) >= 4.5
    assert contrast(theme["accent-strong"], theme["accent-soft"]) >= 4.5
    assert contrast(theme["ink"], theme["mark"]) >= 4.5


@THEMES
def test_marks_and_controls_stand_out_from_the_page(theme: dict[str, str]) -> None:
    low = {
        (mark, ground): round(contrast(theme[mark], theme[ground]), 2)
        for mark in MARKS
        for ground in GROUNDS
        if contrast(theme[mark], theme[ground]) < 3
    }
    assert not low
    assert contrast(theme["hatch-line"], theme["hatch-ground"]) >= 3


@THEMES
@pytest.mark.parametrize("kind", ["all", "red", "green"])
@pytest.mark.parametrize("scale", ["seq", "div"])
def test_neighbouring_classes_differ_for_everyone(
    theme: dict[str, str], scale: str, kind: str
) -> None:
    steps = [theme[f"{scale}-{place}"] for place in range(7)]
    near = {
        (place, place + 1): round(apart(one, other, kind), 1)
        for place, (one, other) in enumerate(pairwise(steps))
        if apart(one, other, kind) < 7
    }
    assert not near
    if scale == "seq":
        light = [luminance(each) for each in steps]
        assert light == sorted(light, reverse=theme is LIGHT)
    else:
        assert apart(steps[0], steps[6], kind) > 35
        assert apart(steps[1], steps[5], kind) > 25


def figures() -> list[str]:
    """The lines of the table in the documentation."""
    rows = []
    for name in (*TEXT, *MARKS):
        for ground in GROUNDS[:2]:
            pair = [contrast(theme[name], theme[ground]) for theme in (LIGHT, DARK)]
            rows.append(f"| `{name}` on `{ground}` | {pair[0]:.1f} | {pair[1]:.1f} |")
    return rows


def test_the_documentation_gives_the_figures_that_are_measured() -> None:
    page = Path(__file__).parents[1] / "docs" / "explanation" / "design-language.md"
    said = page.read_text()
    assert not [row for row in figures() if row not in said]
