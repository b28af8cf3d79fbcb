"""Shift-share over several years, and as factors instead of jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, divide
from clusteratlas.measures.change.shift_share import (
    ShiftShare,
    known_in_both,
    known_sums,
    rates_of,
    read_references,
    read_step,
)
from clusteratlas.measures.frames import LabelledFigures, read_frame, recognised
from clusteratlas.measures.labelled import measure
from clusteratlas.tables import Fault, InvalidInput


@measure(dict.fromkeys(ShiftShare._fields, "cells"), years=False, sparse=True)
def dynamic_shift_share(
    years: Mapping[Any, Any] | Sequence[Any] | npt.NDArray[Any],
    *,
    kind: str = "classic",
    reference: Mapping[Any, Any] | Sequence[Any] | npt.NDArray[Any] | None = None,
    weights: npt.ArrayLike | None = None,
    new_industries: str = "separate",
) -> ShiftShare:
    r"""Return the parts of a change as sums of the parts of each step from year to year.

    Definition
    ----------
    .. math:: P_{ri} = \sum_{t=1}^{T} P_{ri}(t - 1, t)

    for each part P of ``shift_share``. The rates and the mix of industries are those of each step,
    where one step from the first year to the last would hold on to the first year's mix.

    Parameters
    ----------
    years
        A mapping from year to regions x industries (worked in the order of the years), or a
        sequence or an array years x regions x industries in order of time; jobs.
    kind, weights, new_industries
        As for ``shift_share``.
    reference
        The reference area's jobs, one figure for each industry, for each of the same years: a
        mapping from year, or years x industries. Default: the column sums of each step.

    Returns
    -------
    ShiftShare
        Six arrays, regions x industries, jobs; they add up to the change from the first year to
        the last. An industry is new in the step in which it comes, and has the other parts in the
        steps after it.

    Missing data
    ------------
    A cell that is not known in any of the years is NaN in all six, as is one with an undefined
    rate in any step.

    Raises
    ------
    InvalidInput, CannotAnswer
        As for ``shift_share``; also fewer than two years, references for other years.

    Source
    ------
    R. A. Barff, P. L. Knight, Dynamic shift-share analysis (1988).

    Example
    -------
    The nation grows by 10 % in each of two years, the region's 100 jobs by 10 % and then not.
    One step would call 21 of its 10 jobs national; year by year it is 10 and then 11.

    >>> parts = dynamic_shift_share(
    ...     {2019: [100], 2020: [110], 2021: [110]},
    ...     reference={2019: [1000], 2020: [1100], 2021: [1210]},
    ... )
    >>> parts.national.round(9), parts.competitive.round(9), parts.total
    (array([21.]), array([-11.]), array([10.]))
    """
    if isinstance(years, LabelledFigures):
        hint = "give a mapping from year to table, or tables in their order"
        raise InvalidInput([Fault("years is one table", column="years", hint=hint)])
    names, tables = _in_order(years)
    frame, read = _read_tables(tables)
    references: list[Any] = [None] * len(names)
    if reference is not None:
        told, references = _in_order(reference)
        if told != names:
            raise InvalidInput(
                [
                    Fault(
                        f"reference holds the years {', '.join(map(str, told))}",
                        column="reference",
                        hint=f"give the same years as the figures: {', '.join(map(str, names))}",
                    )
                ]
            )
    if len(names) < 2:
        raise InvalidInput(
            [Fault(f"there are {len(names)} years", column="years", hint="give at least two")]
        )
    steps = [
        read_step(
            read[place - 1],
            read[place],
            kind,
            references[place - 1],
            references[place],
            _in_the_order_of(frame, weights),
            new_industries,
        )
        for place in range(1, len(names))
    ]
    first = steps[0]
    parts = ShiftShare(*(np.zeros(first.first.shape) for _ in ShiftShare._fields))
    for rows in first.blocks():
        for step in steps:
            once = ShiftShare(*(np.zeros(first.first[rows].shape) for _ in parts))
            step.split(rows, once)
            for part, more in zip(parts, once, strict=True):
                np.add(part[rows], more, out=part[rows])
        gaps = np.isnan(parts.competitive[rows])
        for part in parts[:-1]:
            part[rows][gaps] = np.nan
    parts = ShiftShare(*(part.reshape(first.shape) for part in parts))
    if frame is not None:
        return ShiftShare(*(frame.labelled(part, "cells") for part in parts))
    return parts


def _in_the_order_of(frame: LabelledFigures | None, weights: Any) -> Any:
    """Return labelled weights in the order of the regions, and others as they are."""
    if frame is None or not isinstance(weights, LabelledFigures):
        return weights
    square = weights.in_the_order_of(frame, "weights")
    places = {label: place for place, label in enumerate(square.industries)}
    if set(places) != set(frame.regions):
        return square.values
    return square.values[:, [places[region] for region in frame.regions]]


def _in_order(years: Any) -> tuple[list[Any], list[Any]]:
    """Return the names of the years (or their places) and what belongs to each, in order."""
    if isinstance(years, Mapping):
        try:
            names = sorted(years)
        except TypeError:
            names = sorted(years, key=str)
        return names, [years[name] for name in names]
    found = list(years)
    return list(range(len(found))), found


def _read_tables(tables: list[Any]) -> tuple[LabelledFigures | None, list[Any]]:
    """Read the frames among the tables; all in the order of the first."""
    frame: LabelledFigures | None = None
    read = []
    for place, table in enumerate(tables):
        native = recognised("years", table)
        if isinstance(native, nw.DataFrame):
            labelled = read_frame("years", native)
            if frame is None:
                frame = labelled
            else:
                labelled = labelled.in_the_order_of(frame, f"years, table {place + 1}")
            read.append(labelled.values)
        else:
            read.append(table)
    return frame, read


class ShiftFactors(NamedTuple):
    """How many times as fast a region grew, and why; 1 is as fast as the reference area."""

    structural: Any
    """Growth that its mix of industries would give, over the reference area's growth."""
    locational: Any
    """Its own growth over the growth that its mix of industries would give."""
    regional: Any
    """Its own growth over the reference area's: the product of the two."""


@measure(dict.fromkeys(ShiftFactors._fields, "regions"))
def shift_share_factors(
    start: npt.ArrayLike,
    end: npt.ArrayLike,
    *,
    reference_start: npt.ArrayLike | None = None,
    reference_end: npt.ArrayLike | None = None,
) -> ShiftFactors:
    r"""Return the growth of each region as a product of its mix and its standing.

    Definition
    ----------
    .. math::

        \frac{e^1_r / e^0_r}{E^1 / E^0}
        = \frac{\sum_i e^0_{ri}\, E^1_i / E^0_i \,/\, e^0_r}{E^1 / E^0}
        \cdot \frac{e^1_r}{\sum_i e^0_{ri}\, E^1_i / E^0_i}

    regional = structural x locational.

    Parameters
    ----------
    start, end
        e^0 and e^1: regions x industries, jobs; one dimension is one region, and needs both
        references.
    reference_start, reference_end
        E^0 and E^1: the reference area's jobs, one for each industry. Default: the column sums.

    Returns
    -------
    ShiftFactors
        Three arrays, one factor for each region; three numbers where one region is given. 1.02 is
        2 % more than the reference area.

    Missing data
    ------------
    Sums run over the cells known in both years. A region without jobs at the start is NaN; so is
    one with jobs at the start in an industry that the reference area does not have then. Jobs in
    new industries count in e^1.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit, one reference without the other.

    Source
    ------
    H. Gerfin, Gesamtwirtschaftliches Wachstum und regionale Entwicklung (1964).

    Example
    -------
    The nation grows by 10 %. The region's mix would give 150 to 172 2/3 jobs; it has 175.

    >>> factors = shift_share_factors(
    ...     [100, 50], [130, 45], reference_start=[400, 600], reference_end=[480, 620]
    ... )
    >>> [round(factor, 6) for factor in factors]
    [1.040404, 1.019417, 1.060606]
    """
    given = Arguments()
    one, two = given.figures("start", start), given.figures("end", end)
    given.same_shape("start", one, "end", two)
    references = read_references(given, one, reference_start, reference_end)
    given.check()
    first, last = known_in_both(np.atleast_2d(one), np.atleast_2d(two))
    before, after = references or known_sums(first, last)
    times = rates_of(before, after) + 1
    told = ~np.isnan(times)
    whole = divide(after[~np.isnan(before + after)].sum(), before[told].sum())
    by_mix = first @ np.where(told, times, 0.0)
    by_mix = np.where((first[:, ~told] > 0).any(axis=1), np.nan, by_mix)
    jobs, later = first.sum(axis=1), last.sum(axis=1)
    factors = ShiftFactors(
        divide(divide(by_mix, jobs), whole),
        divide(later, by_mix),
        divide(divide(later, jobs), whole),
    )
    if one.ndim == 1:
        return ShiftFactors(*(float(factor[0]) for factor in factors))
    return factors
