"""A scatter of level against change: one dot a region or cluster, some of them marked by number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log, log10, sqrt
from statistics import median

from clusteratlas.portal import figures
from clusteratlas.portal.charts.dots import Tick
from clusteratlas.portal.language import number

ACROSS = (8.0, 98.0)
DOWN = (87.0, 9.0)
"""Where the axes begin and end, in percent: marks stay inside, and the words beside them too."""

LARGEST, SMALLEST, PLAIN, MARKED, NUMBERED = 15.0, 2.5, 3.2, 6.0, 9.0
FEW = 60
"""Up to so many points each shows its interval; beyond, only the marked ones do."""

OUTERMOST = 0.03
"""The share of points at either end that may lie beyond the axis, so that one does not press all
others together; they are drawn at the edge and counted."""

WIDE, TALL, LETTER, LINE = 860.0, 440.0, 7.2, 17.0
"""About how many pixels a picture, a letter and a line of text take: where names have room."""


@dataclass(frozen=True, slots=True)
class ScatterAxis:
    """What one direction shows.

    Parameters
    ----------
    label
        With unit and year; set beside the axis.
    written
        How a value is written, on the axis too unless ``ticked`` says otherwise.
    short
        The label without unit and year, for the card of a point; by default the label.
    log
        Whether the axis is in logs; such an axis leaves out what is not above zero.
    line, line_label
        A value to draw a line at (1 for quotients, 0 for change); without one the median of the
        points shown.
    least
        The smallest span of a plain axis.
    """

    label: str
    written: Callable[[float], str]
    short: str = ""
    ticked: Callable[[float], str] | None = None
    log: bool = False
    line: float | None = None
    line_label: str = ""
    least: float = 0.01

    def said(self, value: float | None) -> str:
        """Return a value with what it is."""
        written = figures.NOTHING if value is None else self.written(value)
        return f"{self.short or self.label}: {written}"


@dataclass(frozen=True, slots=True)
class ScatterPoint:
    """One region or cluster as it is asked for. ``marked`` ones carry a number and a name.

    ``short`` is the name beside the dot, ``number`` that of a list of the page (else the order);
    ``mark`` is that of `doubt.mark_of`; ``size`` is drawn as area; ``between_x`` and ``between_y``
    are intervals; ``said`` follows the value in the card.
    """

    name: str
    href: str
    x: float | None
    y: float | None
    mark: str = "reported"
    marked: bool = False
    short: str = ""
    number: str = ""
    size: float | None = None
    between_x: tuple[float, float] | None = None
    between_y: tuple[float, float] | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class ScatterDot:
    """A point in its place. Places in percent, so that text keeps its size at every width.

    ``number`` and ``short`` are those of a marked point; one without a figure is a ``gap`` and
    stands in the list only.
    """

    name: str
    href: str
    value: str
    said: str
    mark: str
    marked: bool
    gap: bool = False
    number: str = ""
    short: str = ""
    x: str = ""
    y: str = ""
    radius: str = ""
    x_low: str = ""
    x_high: str = ""
    y_low: str = ""
    y_high: str = ""
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class ScatterName:
    """The name beside a marked point; an ``optional`` one gives way on narrow screens."""

    text: str
    x: str
    y: str
    dx: str
    dy: str
    anchor: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Scatter:
    """A scatter ready to be set; ``marked`` are its numbered points, in the order asked."""

    identity: str
    title: str
    x: ScatterAxis
    y: ScatterAxis
    columns: Sequence[Tick]
    rows: Sequence[Tick]
    across: str
    down: str
    dots: Sequence[ScatterDot]
    marked: Sequence[ScatterDot]
    names: Sequence[ScatterName]
    beyond: int
    left_out: int
    source: str = ""
    sized: str = ""
    twin: str = ""

    @property
    def listed(self) -> Sequence[ScatterDot]:
        """What stands in words under the picture: numbered points, or a single one not drawn."""
        if len(self.marked) > 1:
            return self.marked
        return [dot for dot in self.marked if dot.gap]


@dataclass(frozen=True, slots=True)
class _Span:
    """The ends of an axis with its marks; values beyond are drawn at the edge."""

    low: float
    high: float
    log: bool
    ticks: tuple[float, ...]

    def part(self, value: float) -> float:
        """Return where a value lies, from 0 to 1, kept within the axis."""
        kept = min(max(value, self.low), self.high)
        if self.log:
            return log(kept / self.low) / log(self.high / self.low)
        return (kept - self.low) / (self.high - self.low)

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def scatter_chart(
    identity: str,
    title: str,
    points: Sequence[ScatterPoint],
    x: ScatterAxis,
    y: ScatterAxis,
    *,
    source: str = "",
    sized: str = "",
    twin: str = "",
) -> Scatter | None:
    """Return a scatter of the points that have both figures; nothing where fewer than two have.

    Parameters
    ----------
    points
        All of them; those without a figure are counted, and listed where they are marked.
    sized
        What the size of a dot shows, in words; needed where points have a size.
    twin
        Where the same figures stand as a table, if that is not on the same page.
    """
    shown = [each for each in points if _drawn(each.x, x) and _drawn(each.y, y)]
    if len(shown) < 2:
        return None
    spans = _span(shown, x, "x"), _span(shown, y, "y")
    lines = _line(shown, x, "x"), _line(shown, y, "y")
    most = max((each.size or 0 for each in shown), default=0) if sized else 0
    chosen = [each for each in points if each.marked]
    numbers = {id(each): each.number or str(place) for place, each in enumerate(chosen, 1)}
    if len(chosen) == 1 and not chosen[0].number:
        numbers = {}
    placed = {
        id(each): _dot(each, (x, y), spans, most, numbers.get(id(each), ""), len(shown) <= FEW)
        for each in shown
    }
    # Large ones first, so that small ones stay visible; the marked ones last, on top of all.
    shown.sort(key=lambda each: (each.marked, -(each.size or 0)))
    dots = [placed[id(each)] for each in shown]
    marked = [
        placed.get(id(each)) or _gap(each, (x, y), numbers.get(id(each), "")) for each in chosen
    ]
    return Scatter(
        identity,
        title,
        x,
        y,
        _ticks(spans[0], x, ACROSS),
        _ticks(spans[1], y, DOWN),
        _percent(_along(spans[0].part(lines[0]), ACROSS)),
        _percent(_along(spans[1].part(lines[1]), DOWN)),
        dots,
        marked,
        _names([dot for dot in marked if not dot.gap]),
        sum(dot.beyond for dot in dots),
        len(points) - len(shown),
        source,
        sized,
        twin,
    )


def _drawn(value: float | None, axis: ScatterAxis) -> bool:
    return value is not None and (not axis.log or value > 0)


def _line(points: Sequence[ScatterPoint], axis: ScatterAxis, name: str) -> float:
    if axis.line is not None:
        return axis.line
    return median(float(getattr(each, name)) for each in points)


def _span(points: Sequence[ScatterPoint], axis: ScatterAxis, name: str) -> _Span:
    values = sorted(float(getattr(each, name)) for each in points)
    cut = int(OUTERMOST * len(values))
    kept = values[cut : len(values) - cut]
    kept += [float(getattr(each, name)) for each in points if each.marked]
    kept += [
        end for each in points if each.marked for end in getattr(each, f"between_{name}") or ()
    ]
    if axis.line is not None:
        kept.append(axis.line)
    low, high = min(kept), max(kept)
    if axis.log:
        return _log_span(max(low, min(each for each in kept if each > 0)), high)
    span = max(high - low, axis.least)
    step = _step(span)
    low, high = step * floor(low / step + 1e-9), step * ceil(max(high, low + step) / step - 1e-9)
    count = round((high - low) / step)
    return _Span(low, high, False, tuple(low + step * place for place in range(count + 1)))


def _log_span(low: float, high: float) -> _Span:
    """Return a log axis that begins and ends at a mark: powers of ten, with 2 and 5 on short ones.

    >>> _log_span(0.3, 40).ticks
    (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
    >>> _log_span(30, 2_000_000).ticks
    (10.0, 100.0, 1000.0, 10000.0, 100000.0, 1000000.0, 10000000.0)
    """
    decades = range(floor(log10(low)), ceil(log10(high)) + 2)
    sizes = (1, 2, 5) if high / low < 5_000 else (1,)
    marks = sorted(float(f"{size}e{power}") for power in decades for size in sizes)
    below = [each for each in marks if each <= low] or marks[:1]
    above = [each for each in marks if each >= high] or marks[-1:]
    first, last = below[-1], above[0]
    if first == last:
        last = marks[marks.index(first) + 1]
    return _Span(first, last, True, tuple(each for each in marks if first <= each <= last))


def quotient_tick(value: float) -> str:
    """Write a quotient on an axis, as short as it is.

    >>> quotient_tick(0.02), quotient_tick(10.0)
    ('0.02', '10')
    """
    return number(f"{value:g}")


def growth_tick(value: float) -> str:
    """Write a yearly rate on an axis.

    >>> growth_tick(0.2), growth_tick(-0.005), growth_tick(0.0)
    ('+20\\xa0%', '−0.5\\xa0%', '0')
    """
    if not value:
        return "0"
    return number(f"{value * 100:+.3g}".replace("-", figures.MINUS)) + f"{figures.NARROW}%"


def percent_tick(value: float) -> str:
    """Write a share on an axis.

    >>> percent_tick(0.2), percent_tick(0.0005)
    ('20\\xa0%', '0.05\\xa0%')
    """
    return f"{number(f'{value * 100:g}')}{figures.NARROW}%" if value else "0"


def _step(span: float) -> float:
    """Return a round step that cuts a span into three to six.

    >>> _step(0.2), _step(47)
    (0.05, 10.0)
    """
    power = floor(log10(span)) - 1
    steps = [float(f"{size}e{power + more}") for more in (0, 1) for size in (1, 2, 5)]
    return min(steps, key=lambda each: abs(span / each - 4.5))


def _ticks(span: _Span, axis: ScatterAxis, room: tuple[float, float]) -> list[Tick]:
    written = axis.ticked or axis.written
    return [
        Tick(
            _percent(_along(span.part(value), room)), written(0.0 if abs(value) < 1e-12 else value)
        )
        for value in span.ticks
    ]


def _dot(
    point: ScatterPoint,
    axes: tuple[ScatterAxis, ScatterAxis],
    spans: tuple[_Span, _Span],
    most: float,
    sign: str,
    few: bool,
) -> ScatterDot:
    x, y = float(point.x or 0), float(point.y or 0)
    radius = max(SMALLEST, LARGEST * sqrt(max(point.size or 0, 0) / most)) if most else PLAIN
    if point.marked:
        radius = max(NUMBERED if sign else MARKED, radius)
    shown = few or point.marked
    ends_x = _ends(point.between_x, spans[0], ACROSS) if shown else ("", "")
    ends_y = _ends(point.between_y, spans[1], DOWN) if shown else ("", "")
    return ScatterDot(
        name=point.name,
        href=point.href,
        value=_value(point, axes),
        said=point.said,
        mark=point.mark,
        marked=point.marked,
        number=sign,
        short=(point.short or point.name) if point.marked else "",
        x=_percent(_along(spans[0].part(x), ACROSS)),
        y=_percent(_along(spans[1].part(y), DOWN)),
        radius=f"{radius:.1f}",
        x_low=ends_x[0],
        x_high=ends_x[1],
        y_low=ends_y[0],
        y_high=ends_y[1],
        beyond=not (spans[0].holds(x) and spans[1].holds(y)),
    )


def _gap(point: ScatterPoint, axes: tuple[ScatterAxis, ScatterAxis], sign: str) -> ScatterDot:
    """Return a marked point that cannot be drawn, with what is known of it."""
    return ScatterDot(
        name=point.name,
        href=point.href,
        value=_value(point, axes),
        said=point.said,
        mark=point.mark,
        marked=True,
        gap=True,
        number=sign,
        short=point.short or point.name,
    )


def _value(point: ScatterPoint, axes: tuple[ScatterAxis, ScatterAxis]) -> str:
    return f"{axes[0].said(point.x)}; {axes[1].said(point.y)}"


def _names(dots: Sequence[ScatterDot]) -> list[ScatterName]:
    """Return the names that have room: right of their dot, left, above or below it.

    Numbered dots without room for their name stand in the list under the picture.
    """
    taken = [_disc(dot) for dot in dots]
    names = []
    for dot in dots:
        x, y, radius = WIDE * _part(dot.x), TALL * _part(dot.y), float(dot.radius)
        long = LETTER * len(dot.short)
        for dx, dy, anchor, left in (
            (radius + 4, 0.0, "start", x + radius + 4),
            (-radius - 4, 0.0, "end", x - radius - 4 - long),
            (0.0, -radius - LINE / 2 - 1, "middle", x - long / 2),
            (0.0, radius + LINE / 2 + 1, "middle", x - long / 2),
        ):
            box = (left, y + dy - LINE / 2, left + long, y + dy + LINE / 2)
            inside = box[0] > WIDE * 0.07 and box[2] < WIDE and box[1] > 0 and box[3] < 0.9 * TALL
            if inside and not any(_overlap(box, each) for each in taken):
                taken.append(box)
                names.append(
                    ScatterName(
                        dot.short,
                        dot.x,
                        dot.y,
                        f"{dx:.0f}",
                        f"{dy + 4:.0f}",
                        anchor,
                        bool(dot.number),
                    )
                )
                break
    return names


Box = tuple[float, float, float, float]


def _disc(dot: ScatterDot) -> Box:
    x, y, radius = WIDE * _part(dot.x), TALL * _part(dot.y), float(dot.radius)
    return x - radius, y - radius, x + radius, y + radius


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _part(percent: str) -> float:
    return float(percent.removesuffix("%")) / 100


def _ends(
    between: tuple[float, float] | None, span: _Span, room: tuple[float, float]
) -> tuple[str, str]:
    if between is None:
        return "", ""
    low, high = (_along(span.part(max(end, span.low)), room) for end in between)
    return _percent(low), _percent(high)


def _along(part: float, room: tuple[float, float]) -> float:
    return room[0] + part * (room[1] - room[0])


def _percent(value: float) -> str:
    return f"{value:.2f}%"
