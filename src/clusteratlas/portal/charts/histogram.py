"""How many regions have which value: a small histogram in the colours of the map's classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor, log

import numpy as np
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from clusteratlas.portal.charts.scales import Scale

BARS = 28
WIDTH, HEIGHT, BASE = 240.0, 64.0, 46.0
SKEWED = 8.0
"""Above this ratio of a high to a middling value the axis goes by ratio."""
MANY, TAIL = 200, 0.01
"""Of so many values this share at either end may fall into the last bars together."""


def draw_histogram(
    values: Sequence[float],
    scale: Scale,
    written: Callable[[float], str],
    marks: Sequence[tuple[str, float | None]] = (),
) -> SafeString | None:
    """Return bars of equal width, each in the colour of its middle; ``marks`` are (class, value).

    It repeats what the classes of the legend say in words, so that it is hidden from readers.
    """
    known = np.array(values, dtype=float)
    if len(known) < 2 or known.min() == known.max():
        return None
    cut = TAIL if len(known) >= MANY else 0.0
    ends = [float(each) for each in np.quantile(known, [cut, 1 - cut])]
    low, high = ends if ends[0] < ends[1] else (float(known.min()), float(known.max()))
    middle = float(np.median(known[known > 0])) if (known > 0).any() else 0.0
    by_ratio = bool(known.min() > 0 and high / max(middle, 1e-12) > SKEWED)
    if by_ratio:
        low, high = log(low), log(high)
    place = (np.log(known) if by_ratio else known) - low
    step = (high - low) / BARS
    bins = np.clip((place / step).astype(int), 0, BARS - 1)
    counts = np.bincount(bins, minlength=BARS)
    wide = WIDTH / BARS
    parts = [f'<svg class="histogram" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" aria-hidden="true">']
    for number, count in enumerate(counts):
        if count:
            at = low + step * (number + 0.5)
            tall = max(1.0, (BASE - 6) * float(count) / float(counts.max()))
            kind = scale.kind(float(np.exp(at)) if by_ratio else at)
            parts.append(
                f'<rect class="{kind}" x="{number * wide:.1f}" y="{BASE - tall:.1f}" '
                f'width="{wide - 0.6:.1f}" height="{tall:.1f}"/>'
            )
    parts.append(f'<line class="base" x1="0" x2="{WIDTH:g}" y1="{BASE:g}" y2="{BASE:g}"/>')
    for kind, value in marks:
        if value is None or (by_ratio and value <= 0):
            continue
        share = ((log(value) if by_ratio else value) - low) / (high - low)
        x = floor(min(max(share, 0.0), 1.0) * WIDTH * 10) / 10
        parts.append(f'<line class="{kind}" x1="{x:g}" x2="{x:g}" y1="0" y2="{BASE:g}"/>')
    first, last = (float(np.exp(each)) if by_ratio else each for each in (low, high))
    less, more = ("\u2264\u00a0", "\u2265\u00a0") if cut else ("", "")
    y = f'y="{HEIGHT - 4:g}"'
    parts.append(f'<text x="0" {y}>{less}{escape(written(first))}</text>')
    parts.append(f'<text x="{WIDTH:g}" {y} text-anchor="end">{more}{escape(written(last))}</text>')
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - numbers, and every text went through escape
