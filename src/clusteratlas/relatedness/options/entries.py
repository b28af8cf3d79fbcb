"""Which industries came to which regions, and how surely that was an entry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusteratlas.relatedness.options.figures import (
    ABSENT_BELOW,
    PRESENT_FROM,
    Flags,
    RegionalFigures,
    refuse_mixed,
)


@dataclass(frozen=True)
class Entries:
    """What became of each cell, in the order of the start year's regions and industries.

    Attributes
    ----------
    start, end
        The years.
    at_risk
        Cells that could be entered: absent at the start, the end known.
    entered
        Of these: a quotient of at least 1 at the end, by printed jobs.
    observed
        Of these: the office printed the start, so the absence was seen and not merely unpublished.
    durable
        Entered and still there in one more year; ``None`` where there is no such year.
    checked
        That year.
    """

    start: int
    end: int
    at_risk: Flags
    entered: Flags
    observed: Flags
    durable: Flags | None = None
    checked: int | None = None

    @property
    def unpublished_share(self) -> float:
        """Share of the entries whose start was merely unpublished; NaN without entries."""
        events = np.count_nonzero(self.entered)
        return (
            float(1 - np.count_nonzero(self.entered & self.observed) / events)
            if events
            else float("nan")
        )


def entries(
    start: RegionalFigures,
    end: RegionalFigures,
    also: RegionalFigures | None = None,
    *,
    growing: bool = False,
) -> Entries:
    r"""Return which industries came to each region between two years.

    Definition
    ----------
    At risk: :math:`LQ^0_{ri} < 0.5`, or no row printed at the start. Entered:
    :math:`LQ^1_{ri} \ge 1` by jobs that the office prints; an end that only an estimate brings to 1
    is no entry, as nobody saw it. Growing instead: :math:`0.5 \le LQ^0_{ri} < 1` at the start.

    Parameters
    ----------
    start, end
        Figures of the two years; regions and industries that one of them lacks are left out.
    also
        One more year, after the end or just before it: an entry is durable when the quotient is at
        least 1 in both.
    growing
        Ask of industries that the region is growing into, instead of those that it lacks.

    Returns
    -------
    Entries
        Regions x industries of ``start``.

    Missing data
    ------------
    A start that is withheld is not at risk, nor is a cell whose end is withheld. A start without a
    row counts as absent and is not ``observed``; an end without a row is no entry.

    Raises
    ------
    InvalidInput
        Two classifications, or codes that hardly overlap.

    Source
    ------
    F. Neffke, M. Henning, R. Boschma, How do regions diversify over time? (2011).

    Example
    -------
    Each region comes to be specialised in the industry that it lacked; no row was printed of one.

    >>> def year(number, jobs):
    ...     known = ~np.isnan(np.array(jobs))
    ...     return RegionalFigures(("x", "y"), ("a", "b"), number, "own", np.array(jobs), known,
    ...                            ~known)
    >>> found = entries(year(1, [[90.0, np.nan], [10.0, 60.0]]), year(4, [[20, 160], [20, 60]]))
    >>> found.at_risk.tolist(), found.entered.tolist()
    ([[False, True], [True, False]], [[False, True], [True, False]])
    >>> found.unpublished_share
    0.5
    """
    refuse_mixed([start, end] if also is None else [start, end, also])
    quotient = start.quotient()
    if growing:
        with np.errstate(invalid="ignore"):
            risk = (quotient >= ABSENT_BELOW) & (quotient < PRESENT_FROM)
    else:
        risk = start.absent(quotient)
    there, known = _present_in(end, start)
    risk = risk & known & ~np.isin(start.industries, start.empty_industries())
    entered = risk & there
    durable = None
    if also is not None:
        still, _ = _present_in(also, start)
        durable = entered & still
    return Entries(
        start.year,
        end.year,
        risk,
        entered,
        risk & start.printed,
        durable,
        None if also is None else also.year,
    )


def _present_in(later: RegionalFigures, start: RegionalFigures) -> tuple[Flags, Flags]:
    """Return, in the start's order, where the quotient is at least 1, and where that is known."""
    rows = {code: at for at, code in enumerate(later.regions)}
    columns = {code: at for at, code in enumerate(later.industries)}
    r = np.array([rows.get(code, -1) for code in start.regions], dtype=np.intp)
    c = np.array([columns.get(code, -1) for code in start.industries], dtype=np.intp)
    quotient = later.seen_quotient()
    with np.errstate(invalid="ignore"):
        present = quotient >= PRESENT_FROM
    known = ~np.isnan(later.employment) | later.unpublished
    both = (r >= 0)[:, None] & (c >= 0)[None, :]
    at = np.ix_(r, c)
    return present[at] & both, known[at] & both
