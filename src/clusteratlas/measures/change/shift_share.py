"""Shift-share: which part of a change the nation and the mix of industries account for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse

from clusteratlas.measures.arguments import Arguments, Floats, choose
from clusteratlas.measures.frames import LabelledFigures
from clusteratlas.measures.labelled import measure

KINDS = ("classic", "esteban-marquillas")
"""Three parts, or four with the allocation effect told apart."""

NEW_INDUSTRIES = ("separate", "competitive")
"""Where the jobs of an industry that a region did not have at the start are counted."""

CELLS_AT_ONCE = 32_768
"""Cells worked at once: few enough to stay in the processor's cache."""


class ShiftShare(NamedTuple):
    """The parts of a change; they add up to ``total``."""

    national: Any
    """What the jobs would have gained at the rate of the whole reference area."""
    mix: Any
    """What was gained on top because the industry grew faster there than the whole."""
    competitive: Any
    """What was gained on top because the industry grew faster in the region."""
    allocation: Any
    """Whether the region is specialised where it outgrows the reference; 0 in the classic form."""
    new: Any
    """Jobs at the end in industries that the region did not have at the start."""
    total: Any
    """Jobs at the end less jobs at the start."""


@measure(dict.fromkeys(ShiftShare._fields, "cells"), sparse=True)
def shift_share(
    start: npt.ArrayLike,
    end: npt.ArrayLike,
    *,
    kind: str = "classic",
    reference_start: npt.ArrayLike | None = None,
    reference_end: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    new_industries: str = "separate",
) -> ShiftShare:
    r"""Return what each region gained in each industry, split into its parts.

    Definition
    ----------
    With G the growth rate of the whole reference area, g_i of industry i in it, and g_ri of the
    industry in the region, for an industry that the region has at the start:

    .. math:: e^1_{ri} - e^0_{ri} = e^0_{ri} G + e^0_{ri} (g_i - G) + e^0_{ri} (g_{ri} - g_i)

    national, mix and competitive. ``"esteban-marquillas"`` cuts the last part in two with the jobs
    that the region would have at the reference's structure,
    :math:`h_{ri} = e^0_r\, E^0_i / E^0`: competitive :math:`h_{ri} (g_{ri} - g_i)` and allocation
    :math:`(e^0_{ri} - h_{ri}) (g_{ri} - g_i)`. With ``weights`` (the spatial form) the industry's
    rate is that of the region's neighbours,
    :math:`g_{ri} = \sum_k w_{rk} e^1_{ki} / \sum_k w_{rk} e^0_{ki} - 1`, in place of g_i.

    Parameters
    ----------
    start, end
        e^0 and e^1: regions x industries, jobs; one dimension is one region, and needs both
        references.
    kind
        One of ``KINDS``.
    reference_start, reference_end
        E^0 and E^1: the reference area's jobs, one for each industry. Default: the column sums.
    weights
        w: regions x regions (dense or sparse), not negative, nothing on the diagonal; the scale
        of a row is irrelevant. Default: no spatial form.
    new_industries
        ``"separate"``: the jobs of an industry that is new in the region are ``new``.
        ``"competitive"``: they count in the competitive part, as the plain formula has it.

    Returns
    -------
    ShiftShare
        Six arrays in the shape of ``start``, jobs. Where an industry is absent at the start, every
        part but ``new`` and ``total`` is 0.

    Missing data
    ------------
    A cell that is not known in either year is NaN in all six. Default column sums, the region's
    jobs in h and the neighbours' rate run over the cells known in both years, so that no rate
    compares two different sets of regions. Where the reference (or, in the spatial form, every
    neighbour) has no jobs at the start and the region does, the rate is undefined: mix,
    competitive and allocation are NaN, national and total stand.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit, one reference without the other,
        weights with something on the diagonal.
    CannotAnswer
        Unknown ``kind`` or ``new_industries``.

    Source
    ------
    E. S. Dunn, A statistical and analytical technique for regional analysis (1960);
    J. M. Esteban-Marquillas, Shift- and share analysis revisited (1972); S. Nazara, G. J. D.
    Hewings, Spatial structure and taxonomy of decomposition in shift-share analysis (2004).

    Example
    -------
    A region with 100 and 50 jobs, in a nation that grows from 1,000 to 1,100 (10 %), its first
    industry from 400 to 480 (20 %), its second from 600 to 620 (3.3 %).

    >>> parts = shift_share(
    ...     [100, 50], [130, 45], reference_start=[400, 600], reference_end=[480, 620]
    ... )
    >>> parts.national, parts.mix.round(2), parts.competitive.round(2)
    (array([10.,  5.]), array([10.  , -3.33]), array([10.  , -6.67]))
    >>> parts.total
    array([30., -5.])
    """
    step = read_step(start, end, kind, reference_start, reference_end, weights, new_industries)
    shape = step.first.shape
    items = ShiftShare(
        national=np.empty(shape),
        mix=np.empty(shape),
        competitive=np.empty(shape),
        allocation=np.zeros(shape),
        new=np.zeros(shape),
        total=np.empty(shape),
    )
    for rows in step.blocks():
        step.split(rows, ShiftShare(*(item[rows] for item in items)))
    return ShiftShare(*(item.reshape(step.shape) for item in items))


@measure(dict.fromkeys(ShiftShare._fields, "regions"), sparse=True)
def region_shift_share(
    start: npt.ArrayLike,
    end: npt.ArrayLike,
    *,
    kind: str = "classic",
    reference_start: npt.ArrayLike | None = None,
    reference_end: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    new_industries: str = "separate",
) -> ShiftShare:
    r"""Return what each region gained, split into its parts: the sums of `shift_share`.

    Definition
    ----------
    :math:`\sum_i` of each part of ``shift_share``, over the industries of which every part is
    known.

    Parameters
    ----------
    start, end, kind, reference_start, reference_end, weights, new_industries
        As for ``shift_share``.

    Returns
    -------
    ShiftShare
        Six arrays, one figure for each region, jobs; six numbers where one region is given.

    Missing data
    ------------
    An industry with a part that is NaN is left out of all six sums of its region, so that they
    add up: ``total`` is then the change of what can be compared, not of the region. A region of
    which nothing can be compared is NaN.

    Raises
    ------
    InvalidInput, CannotAnswer
        As for ``shift_share``.

    Source
    ------
    As for ``shift_share``.

    Example
    -------
    Region A of Farhauer and Kröll: 25 jobs more are 27 from the nation's growth, 1 from its mix
    and -3 from its own standing.

    >>> parts = region_shift_share(
    ...     [90, 20, 10, 60], [100, 40, 10, 55],
    ...     reference_start=[400, 150, 150, 400], reference_end=[440, 210, 135, 480],
    ... )
    >>> [round(part, 9) for part in parts]
    [27.0, 1.0, -3.0, 0.0, 0.0, 25.0]
    """
    step = read_step(start, end, kind, reference_start, reference_end, weights, new_industries)
    sums = ShiftShare(*(np.full(len(step.first), np.nan) for _ in ShiftShare._fields))
    width = step.first.shape[1]
    for rows in step.blocks():
        shape = (len(step.first[rows]), width)
        items = ShiftShare(*(np.zeros(shape) for _ in sums))
        step.split(rows, items)
        gaps = np.isnan(items.total) | np.isnan(items.competitive)
        some = ~gaps.all(axis=1) if width else np.zeros(shape[0], dtype=bool)
        for item, target in zip(items, sums, strict=True):
            item[gaps] = 0.0
            target[rows] = np.where(some, item.sum(axis=1), np.nan)
    if len(step.shape) == 1:
        return ShiftShare(*(float(item[0]) for item in sums))
    return sums


class Step(NamedTuple):
    """The figures of two years, and the rates they are held against."""

    first: Floats
    last: Floats
    whole: float
    """Growth of the whole reference area; NaN where it has no jobs at the start."""
    rates: Floats
    """Growth of each industry, or of each industry around each region; NaN where undefined."""
    structure: Floats | None
    """Shares of the industries in the reference area, for the homothetic jobs."""
    separate: bool
    shape: tuple[int, ...]

    def blocks(self) -> Iterator[slice]:
        """Yield the rows in pieces that stay in the cache."""
        rows, width = self.first.shape
        step = max(1, CELLS_AT_ONCE // max(width, 1))
        for begin in range(0, rows, step):
            yield slice(begin, min(begin + step, rows))

    def split(self, rows: slice, to: ShiftShare) -> None:
        """Write the parts of these rows; ``allocation`` and ``new`` come as zeros."""
        start, end = self.first[rows], self.last[rows]
        rate = self.rates if self.rates.ndim == 1 else self.rates[rows]
        undefined = np.isnan(rate)
        whole = 0.0 if np.isnan(self.whole) else self.whole
        np.subtract(end, start, out=to.total)
        np.multiply(start, whole, out=to.national)
        np.multiply(start, np.where(undefined, 0.0, rate - whole), out=to.mix)
        np.subtract(to.total, to.national, out=to.competitive)
        np.subtract(to.competitive, to.mix, out=to.competitive)
        absent = start == 0
        if self.structure is not None:
            own = start.sum(axis=1)
            if np.isnan(own).any() or np.isnan(end).any():
                own = np.nansum(np.where(np.isnan(end), 0.0, start), axis=1)
            beyond = start - own[:, None] * self.structure
            beyond *= ~absent
            beyond /= start + absent
            np.multiply(to.competitive, beyond, out=to.allocation)
            np.subtract(to.competitive, to.allocation, out=to.competitive)
        if self.separate:
            entered = absent & (end > 0)
            to.new[entered] = end[entered]
            to.competitive[entered] = 0.0
        for part in (to.national, to.mix, to.allocation)[: 2 + (self.structure is not None)]:
            np.add(part, 0.0, out=part)  # a rate below zero leaves -0.0 where there are no jobs
        self._mark(undefined, ~absent, to)

    def _mark(self, undefined: npt.NDArray[np.bool_], present: Any, to: ShiftShare) -> None:
        """Write NaN where a part is not known or not defined."""
        if np.isnan(self.whole):
            for part in (to.national, to.mix):
                part[present] = np.nan
        if undefined.any() or np.isnan(self.whole):
            gone = present & (undefined | np.isnan(self.whole))
            for part in (to.mix, to.competitive):
                part[gone] = np.nan
            if self.structure is not None:
                to.allocation[gone] = np.nan
        if np.isnan(to.total.min(initial=0.0)):
            gaps = np.isnan(to.total)
            for part in to:
                part[gaps] = np.nan


def read_step(
    start: npt.ArrayLike,
    end: npt.ArrayLike,
    kind: str,
    reference_start: npt.ArrayLike | None,
    reference_end: npt.ArrayLike | None,
    weights: npt.ArrayLike | None,
    new_industries: str,
) -> Step:
    """Read the arguments of a decomposition between two years, or refuse them."""
    choose("kind of shift-share", kind, KINDS)
    choose("place for new industries", new_industries, NEW_INDUSTRIES)
    given = Arguments()
    one = given.figures("start", dense(start))
    two = given.figures("end", dense(end))
    given.same_shape("start", one, "end", two)
    first, last = np.atleast_2d(one), np.atleast_2d(two)
    references = read_references(given, one, reference_start, reference_end)
    near = None if weights is None else read_weights(given, weights, start, len(first))
    given.check()
    before, after = references or known_sums(first, last)
    rates = rates_of(before, after)
    told = ~np.isnan(rates)
    base = float(before[told].sum())
    whole = float(after[~np.isnan(before + after)].sum())
    if near is not None:
        rates = rates_of(*(near @ part for part in known_in_both(first, last)))
    return Step(
        first,
        last,
        whole / base - 1 if base > 0 else np.nan,
        rates,
        np.where(told, before, 0.0) / (base or 1.0) if kind == "esteban-marquillas" else None,
        new_industries == "separate",
        one.shape,
    )


def dense(values: Any) -> Any:
    """Return a sparse matrix as an array, and anything else as it is."""
    return values.toarray() if scipy.sparse.issparse(values) else values


def read_references(
    given: Arguments,
    figures: Floats,
    reference_start: npt.ArrayLike | None,
    reference_end: npt.ArrayLike | None,
) -> tuple[Floats, Floats] | None:
    """Return the reference area's jobs of both years, one figure for each industry, if given."""
    given.need(
        (reference_start is None) == (reference_end is None),
        "reference_end" if reference_end is None else "reference_start",
        "one reference is given without the other",
        "give the reference area's jobs of both years, or of neither",
    )
    given.need(
        figures.ndim == 2 or figures.size == 0 or reference_start is not None,
        "reference_start",
        "reference_start and reference_end are missing",
        "one region alone does not tell the nation's jobs; give one figure for each industry",
    )
    if reference_start is None or reference_end is None:
        return None
    width = figures.shape[-1]
    return (
        given.vector("reference_start", reference_start, width, "industry"),
        given.vector("reference_end", reference_end, width, "industry"),
    )


def known_sums(first: Floats, last: Floats) -> tuple[Floats, Floats]:
    """Return the column sums of both years over the cells known in both."""
    before, after = first.sum(axis=0), last.sum(axis=0)
    if np.isnan(before + after).any():
        before, after = (part.sum(axis=0) for part in known_in_both(first, last))
    return before, after


def known_in_both(first: Floats, last: Floats) -> tuple[Floats, Floats]:
    """Return both years with 0 in the cells that either does not know."""
    gaps = np.isnan(first) | np.isnan(last)
    if not gaps.any():
        return first, last
    return np.where(gaps, 0.0, first), np.where(gaps, 0.0, last)


def rates_of(before: npt.ArrayLike, after: npt.ArrayLike) -> Floats:
    """Return growth rates; NaN where there is nothing at the start."""
    base = np.asarray(before, dtype=np.float64)
    rates = np.full(base.shape, np.nan)
    np.divide(after, base, out=rates, where=base > 0)
    return rates - 1


def read_weights(given: Arguments, weights: Any, start: Any, size: int) -> Any:
    """Return regions x regions, rows and columns in the order of the regions; or collect faults."""
    if isinstance(weights, LabelledFigures) and isinstance(start, LabelledFigures):
        places = {label: place for place, label in enumerate(weights.industries)}
        if all(region in places for region in start.regions):
            weights = weights.values[:, [places[region] for region in start.regions]]
    shape = weights.shape if scipy.sparse.issparse(weights) else np.shape(weights)
    if shape != (size, size):
        given.need(False, "weights", f"weights has shape {shape}", f"give {size} x {size} regions")
        return None
    if scipy.sparse.issparse(weights):
        given.known("weights", given.figures("weights", np.atleast_1d(weights.data)))
        diagonal = weights.diagonal()
    else:
        weights = given.table("weights", weights)
        diagonal = np.diagonal(weights)
    given.need(
        not np.any(diagonal),
        "weights",
        "a region is its own neighbour",
        "set the diagonal of weights to 0",
    )
    return weights
