"""Dot charts on a plain axis: a level with its interval, or what was gained against expected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from clusteratlas.portal.charts.dots import DotChart, DotRow, Tick

Writing = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Level:
    """One row as it is asked for. ``mark`` is that of `doubt.mark_of`."""

    name: str
    href: str
    value: float
    mark: str = "reported"
    small: str = ""
    low: float | None = None
    high: float | None = None
    said: str = ""
    here: bool = False
    shown: str = ""
    """What stands for the value in words, where it is not the value itself."""
    kind: str = "traded"
    """Class of the row: ``local`` sets it apart in colour."""


@dataclass(frozen=True, slots=True)
class GainedRow:
    """Jobs gained beside those expected, places in percent."""

    name: str
    href: str
    actual: str
    expected: str
    mark: str
    value: str
    small: str
    above: bool


@dataclass(frozen=True, slots=True)
class GainedChart:
    """Gains and losses against expected ones, ready to be set."""

    identity: str
    title: str
    base: str
    ticks: Sequence[Tick]
    rows: Sequence[GainedRow]
    source: str = ""


def level_chart(
    identity: str,
    title: str,
    rows: Sequence[Level],
    written: Writing,
    *,
    on_axis: Writing | None = None,
    base: float = 0.0,
    source: str = "",
) -> DotChart:
    """Return a chart of levels from a line at ``base``, with the intervals that are known.

    The axis holds zero in any case.
    """
    ends = _ends([each for row in rows for each in (row.value, row.low, row.high)])
    return DotChart(
        identity,
        title,
        _place(base, ends),
        _ticks(ends, on_axis or written),
        [
            DotRow(
                name=row.name,
                href=row.href,
                place=_place(row.value, ends),
                radius="6",
                mark=row.mark,
                value=row.shown or written(row.value),
                small=row.small,
                start=_place(base, ends),
                low=_place(row.low, ends) if row.low is not None and row.said else "",
                high=_place(row.high, ends) if row.high is not None and row.said else "",
                said=row.said,
                kind=row.kind,
            )
            for row in rows
        ],
        source,
    )


def gained_chart(
    identity: str,
    title: str,
    rows: Sequence[tuple[str, str, str, float, float, str]],
    written: Writing,
    *,
    on_axis: Writing,
    source: str = "",
) -> GainedChart:
    """Return gains beside expected ones. A row is (name, address, mark, gain, expected, small)."""
    ends = _ends([value for row in rows for value in (row[3], row[4])])
    return GainedChart(
        identity,
        title,
        _place(0, ends),
        _ticks(ends, on_axis),
        [
            GainedRow(
                name,
                href,
                _place(gain, ends),
                _place(expected, ends),
                mark,
                written(gain),
                small,
                gain >= expected,
            )
            for name, href, mark, gain, expected, small in rows
        ],
        source,
    )


def _ends(values: Sequence[float | None]) -> tuple[float, float]:
    """Return round ends that hold zero and every value.

    >>> _ends([0.03, -0.01, None])
    (-0.01, 0.03)
    """
    known = [each for each in values if each is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    step = _step(high - low)
    return float(f"{step * floor(low / step):.6g}"), float(f"{step * ceil(high / step):.6g}")


def _step(span: float) -> float:
    rough = (span or 1.0) / 3
    size = 10.0 ** floor(log10(rough))
    return float(
        f"{min((size * each for each in (1, 2, 5, 10)), key=lambda each: abs(each - rough)):.6g}"
    )


def _ticks(ends: tuple[float, float], written: Writing) -> list[Tick]:
    low, high = ends
    step = _step(high - low)
    count = round((high - low) / step)
    values = [float(f"{low + step * place:.6g}") for place in range(count + 1)]
    return [Tick(_place(value, ends), written(value)) for value in values]


def _place(value: float, ends: tuple[float, float]) -> str:
    low, high = ends
    return f"{100 * (value - low) / ((high - low) or 1):.2f}%"
