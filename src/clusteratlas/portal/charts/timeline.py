"""Lines over years: one chart with direct labels, small multiples, or a line within a table cell.

Places are in percent, so that text keeps its size at every width. A point that is estimated is
hollow and carries its interval; where a figure is withheld or not printed the line has a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from django.utils.translation import gettext as _

from clusteratlas.portal import doubt, figures

MOST_DOTS = 16
"""With more years than this only the ends of a line are dots."""

MARKS = (
    *("reported", "known", "estimated", "partial", "withheld", "nodata", "unstated"),
    *("open", "unknown"),
)
"""What marks mean, in the order in which a legend tells them."""

FULL = (3.0, 97.0, 8.0, 92.0)
LABELLED = (9.0, 66.0, 9.0, 86.0)
LINE_OF_LABEL = 6.4
LETTERS = 17
LINES_OF_LABEL = 3
Writing = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of a year; ``value`` is None where there is none, and ``mark`` says why.

    ``said`` is the figure in words, where it is no single number.
    """

    year: int
    value: float | None
    low: float | None = None
    high: float | None = None
    mark: str = "reported"
    said: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of points with its name. ``kind`` is main, other or benchmark."""

    name: str
    points: Sequence[Point]
    href: str = ""
    kind: str = "main"


@dataclass(frozen=True, slots=True)
class Tick:
    """A marked place, in percent."""

    place: str
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A drawn point: its centre, its mark and the ends of its interval, if any."""

    x: str
    y: str
    mark: str
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A year without a figure: ``mark`` is withheld, nodata, unstated or unknown."""

    x: str
    mark: str


@dataclass(frozen=True, slots=True)
class Label:
    """The name at the end of a line, on one or more lines of text at their own heights."""

    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line ready to be set. ``segments`` are (x1, y1, x2, y2)."""

    kind: str
    segments: Sequence[tuple[str, str, str, str]]
    dots: Sequence[Dot]
    gaps: Sequence[Gap]
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes with its lines; ``said`` is all of it in words."""

    name: str
    href: str
    lines: Sequence[Drawn]
    years: Sequence[Tick]
    heights: Sequence[Tick]
    base: str
    said: str
    first: tuple[str, str] = ("", "")
    """The first year with a figure, and the figure; empty with fewer than two."""

    last: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Timeline:
    """A chart ready to be set. One panel is a line chart, several are small multiples."""

    identity: str
    title: str
    panels: Sequence[Panel]
    labelled: bool
    marks: Sequence[str]
    source: str = ""

    @property
    def years(self) -> Sequence[Tick]:
        """The years, as every panel has them."""
        return self.panels[0].years if self.panels else ()


def jobs_point(figure: doubt.Counted, year: int) -> Point:
    """Return the jobs of a figure of a year as a point."""
    value = None if figure.status == "unpublished" else figure.employment
    if value is None or (figure.status == "withheld" and not value):
        return Point(year, None, mark="withheld" if figure.status == "withheld" else "nodata")
    if figure.status == "withheld":
        return Point(year, value, mark="partial")
    if not doubt.is_estimated(figure):
        return Point(year, value)
    return Point(year, value, figure.employment_low, figure.employment_high, "estimated")


def line_chart(
    identity: str,
    title: str,
    lines: Sequence[Line],
    *,
    written: Writing = figures.whole,
    on_axis: Writing | None = None,
    zero: bool = True,
    source: str = "",
) -> Timeline:
    """Return one chart of a few lines, each named at its end.

    Parameters
    ----------
    lines
        A handful; the one of kind benchmark is drawn thin and dashed.
    written, on_axis
        How a figure is written in words and beside the axis.
    zero
        Whether the axis begins at zero.
    """
    return _timeline(
        identity,
        title,
        [("", "", lines)],
        written=written,
        on_axis=on_axis,
        ends=_ends(lines, zero=zero),
        source=source,
        labelled=True,
    )


def small_multiples(
    identity: str,
    title: str,
    lines: Sequence[Line],
    *,
    benchmark: Line | None = None,
    written: Writing = figures.whole,
    zero: bool = True,
    shared: bool = False,
    source: str = "",
) -> Timeline:
    """Return one small chart a line.

    ``benchmark`` is drawn in each of them; ``shared`` gives all the same axis, so that heights
    can be compared, where otherwise only shapes can.
    """
    more = [benchmark] if benchmark else []
    ends = _ends([*lines, *more], zero=zero) if shared else None
    return _timeline(
        identity,
        title,
        [(line.name, line.href, [*more, line]) for line in lines],
        written=written,
        ends=ends,
        zero=zero,
        source=source,
    )


def spark(line: Line, *, written: Writing = figures.whole, zero: bool = True) -> Panel | None:
    """Return a line for a table cell; nothing with fewer than two figures."""
    known = [point for point in line.points if point.value is not None]
    if len(known) < 2:
        return None
    years = sorted({point.year for point in line.points})
    return _panel("", "", [line], years, _ends([line], zero=zero), written, None)


def _timeline(
    identity: str,
    title: str,
    panels: Sequence[tuple[str, str, Sequence[Line]]],
    *,
    written: Writing,
    ends: tuple[float, float] | None,
    source: str,
    on_axis: Writing | None = None,
    zero: bool = True,
    labelled: bool = False,
) -> Timeline:
    points = [point for panel in panels for line in panel[2] for point in line.points]
    years = sorted({point.year for point in points})
    drawn = [
        _panel(
            name,
            href,
            lines,
            years,
            ends or _ends(lines, zero=zero),
            written,
            (on_axis or written) if labelled else None,
            labelled=labelled,
        )
        for name, href, lines in panels
        if any(point.value is not None for line in lines for point in line.points)
    ]
    marks = {dot.mark for panel in drawn for line in panel.lines for dot in line.dots}
    marks |= {gap.mark for panel in drawn for line in panel.lines for gap in line.gaps}
    return Timeline(
        identity, title, drawn, labelled, [each for each in MARKS if each in marks], source
    )


def _panel(
    name: str,
    href: str,
    lines: Sequence[Line],
    years: Sequence[int],
    ends: tuple[float, float],
    written: Writing,
    on_axis: Writing | None,
    *,
    labelled: bool = False,
) -> Panel:
    left, right, top, bottom = LABELLED if labelled else FULL
    span = (years[-1] - years[0]) or 1
    middle = (left + right) / 2

    def across(year: int) -> float:
        return middle if len(years) == 1 else left + (right - left) * (year - years[0]) / span

    def up(value: float) -> float:
        low, high = ends
        part = (value - low) / ((high - low) or 1)
        return bottom - (bottom - top) * min(max(part, 0.0), 1.0)

    heights = _labels(lines, up) if labelled else [None] * len(lines)
    main = [line for line in lines if line.kind != "benchmark"] or list(lines)
    ordered = sorted(main[0].points, key=lambda point: point.year)
    known = [point for point in ordered if point.value is not None]
    return Panel(
        name,
        href,
        [
            _drawn(line, across, up, written, label)
            for line, label in zip(lines, heights, strict=True)
        ],
        [Tick(_percent(across(year)), str(year)) for year in _shown(years)],
        [Tick(_percent(up(value)), on_axis(value)) for value in axis_steps(ends)]
        if on_axis
        else [],
        _percent(bottom),
        "; ".join(in_words(line, written) for line in lines),
        _end(known[0], written) if len(known) > 1 else ("", ""),
        _end(known[-1], written) if known else ("", ""),
    )


def _end(point: Point, written: Writing) -> tuple[str, str]:
    return str(point.year), point.said or written(point.value or 0)


def _drawn(
    line: Line,
    across: Callable[[int], float],
    up: Callable[[float], float],
    written: Writing,
    label: Label | None,
) -> Drawn:
    points = sorted(line.points, key=lambda point: point.year)
    at = [
        (_percent(across(point.year)), _percent(up(point.value)) if point.value is not None else "")
        for point in points
    ]
    segments = [(*one, *other) for one, other in pairwise(at) if one[1] and other[1]]
    few = len(points) <= MOST_DOTS
    dots = []
    for place, (point, (x, y)) in enumerate(zip(points, at, strict=True)):
        alone = place in (0, len(points) - 1) or not (at[place - 1][1] and at[place + 1][1])
        if y and (few or alone or point.mark != "reported"):
            said = doubt.between(point.low, point.high, written)
            low, high = (
                (_percent(up(point.low)), _percent(up(point.high)))
                if said and point.low is not None and point.high is not None
                else ("", "")
            )
            dots.append(Dot(x, y, point.mark, low, high))
    gaps = [Gap(x, point.mark) for point, (x, y) in zip(points, at, strict=True) if not y]
    return Drawn(line.kind, segments, dots, gaps, label)


def in_words(line: Line, written: Writing = figures.whole) -> str:
    """Write a line for those who do not see it: each year with its figure and its doubt."""
    words = {
        "estimated": _("estimated"),
        "partial": _("partly withheld"),
        "withheld": _("withheld"),
        "nodata": _("not printed"),
        "unstated": _("not stated"),
        "open": _("left open"),
        "unknown": _("not known"),
    }
    said = []
    for point in sorted(line.points, key=lambda point: point.year):
        more = [
            words.get(point.mark, "") if point.value is not None else "",
            "" if point.said else doubt.between(point.low, point.high, written),
        ]
        inside = ", ".join(each for each in more if each)
        value = (
            words.get(point.mark, "") if point.value is None else point.said or written(point.value)
        )
        said.append(f"{point.year} {value}" + (f" ({inside})" if inside else ""))
    return f"{line.name}: {', '.join(said)}" if line.name else ", ".join(said)


def _labels(lines: Sequence[Line], up: Callable[[float], float]) -> list[Label | None]:
    """Return the names at the ends of lines, moved apart so that none covers another."""
    wanted: list[tuple[float, int, list[str]]] = []
    for place, line in enumerate(lines):
        known = [point for point in line.points if point.value is not None]
        if known:
            text = wrapped(line.name)
            last = max(known, key=lambda point: point.year).value or 0
            wanted.append((up(last), place, text))
    wanted.sort()
    found: list[Label | None] = [None] * len(lines)
    used = 0.0
    room = sum(len(text) for _, _, text in wanted) * LINE_OF_LABEL
    for height, place, text in wanted:
        tall = len(text) * LINE_OF_LABEL
        first = max(used, min(height - tall / 2, 100 - room)) + LINE_OF_LABEL * 0.8
        found[place] = Label(
            [(_percent(first + at * LINE_OF_LABEL), words) for at, words in enumerate(text)]
        )
        used = first - LINE_OF_LABEL * 0.8 + tall + 1
        room -= tall
    return found


def wrapped(name: str) -> list[str]:
    """Break a name into a few short lines.

    >>> wrapped("Information Technology and Analytical Instruments")
    ['Information', 'Technology and', 'Analytical\u2026']
    """
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + len(word) < LETTERS:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > LINES_OF_LABEL:
        lines = [*lines[: LINES_OF_LABEL - 1], f"{lines[LINES_OF_LABEL - 1]}\u2026"]
    return lines


def _ends(lines: Iterable[Line], *, zero: bool) -> tuple[float, float]:
    values = [
        value
        for line in lines
        for point in line.points
        for value in (point.value, point.low, point.high)
        if value is not None and point.value is not None
    ]
    return axis_ends(values, zero=zero)


def axis_ends(values: Sequence[float], *, zero: bool) -> tuple[float, float]:
    """Return round ends of an axis that holds all values, and zero if told so.

    >>> axis_ends([-3, 11], zero=True)
    (-5.0, 15.0)
    """
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        high = low + (abs(low) or 1.0)
    step = _step(high - low)
    return step * floor(low / step), step * ceil(high / step)


def _step(span: float) -> float:
    """Return a round step that cuts a span into about three.

    >>> _step(28000), _step(0.15), _step(7)
    (10000.0, 0.05, 2.0)
    """
    rough = span / 3
    size = 10.0 ** floor(log10(rough))
    chosen = min((size * each for each in (1, 2, 5, 10)), key=lambda each: abs(each - rough))
    return float(f"{chosen:.6g}")


def axis_steps(ends: tuple[float, float]) -> list[float]:
    """Return the marked places of an axis with round ends: multiples of a round step.

    >>> axis_steps((-5, 20)), axis_steps((-0.05, 0.15))
    ([0.0, 10.0, 20.0], [-0.05, 0.0, 0.05, 0.1, 0.15])
    """
    low, high = ends
    step = _step(high - low)
    first, last = ceil(round(low / step, 6)), floor(round(high / step, 6))
    return [float(f"{step * place:.6g}") for place in range(first, last + 1)]


def _shown(years: Sequence[int]) -> Sequence[int]:
    """Return the years that are named below: all of a few, else the ends and the middle."""
    return years if len(years) <= 6 else (years[0], years[len(years) // 2], years[-1])


def _percent(value: float) -> str:
    return f"{value:.2f}%"
