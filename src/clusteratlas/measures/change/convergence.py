"""Convergence: whether those behind catch up, and whether the spread becomes smaller."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from clusteratlas.measures.arguments import Arguments, Flags, Floats, choose, columns
from clusteratlas.measures.labelled import measure
from clusteratlas.tables import CannotAnswer

KINDS = ("beta", "sigma")
"""Catching up (a regression), or a shrinking spread (two standard deviations)."""


CELLS_AT_ONCE = 500_000
"""Cells worked at once, in whole columns: what is needed on the way stays small."""


class BetaConvergence(NamedTuple):
    """A regression of growth on the logarithm of where it started, for each industry."""

    beta: Any
    """Slope: a lead of 1 % at the start goes with beta % of growth a year; below 0: catching up."""
    intercept: Any
    standard_error: Any
    """Of beta, under errors of equal variance."""
    p_value: Any
    """Two-sided, that beta is 0."""
    r_squared: Any
    speed: Any
    """Share of the gap to the common path that is closed in a year."""
    half_life: Any
    """Years until half the gap is closed."""
    regions: Any
    """Regions in the regression."""


class SigmaConvergence(NamedTuple):
    """How widely the regions differ at the start and at the end, for each industry."""

    variation_start: Any
    """Coefficient of variation: standard deviation over mean."""
    variation_end: Any
    log_deviation_start: Any
    """Standard deviation of the logarithms."""
    log_deviation_end: Any
    change: Any
    """Yearly growth of the standard deviation of the logarithms; below 0: convergence."""
    regions: Any
    """Regions with a positive figure in both years."""


@measure(dict.fromkeys((*BetaConvergence._fields, *SigmaConvergence._fields), "industries"))
def convergence(
    start: npt.ArrayLike,
    end: npt.ArrayLike,
    *,
    years: float,
    kind: str = "beta",
    controls: npt.ArrayLike | None = None,
    ddof: int = 1,
) -> BetaConvergence | SigmaConvergence:
    r"""Return whether regions that were behind grew faster, or whether the spread became smaller.

    Definition
    ----------
    ``"beta"``: least squares over the regions, one regression for each industry:

    .. math:: \tfrac{1}{T} \ln(y^1_r / y^0_r) = a + \beta \ln y^0_r + \gamma' z_r + u_r

    Absolute convergence without ``controls`` z, conditional with them. With
    :math:`\beta = -(1 - e^{-\lambda T}) / T`, speed is
    :math:`\lambda = -\ln(1 + \beta T) / T` and half-life :math:`\ln 2 / \lambda`.

    ``"sigma"``: coefficient of variation of y and standard deviation of ln y over the regions, in
    both years.

    Parameters
    ----------
    start, end
        y^0 and y^1: regions x industries (or one figure for each region), any positive unit, such
        as wages or output per head.
    years
        T: years between the two, positive.
    kind
        One of ``KINDS``.
    controls
        z: regions x controls (or one control), for ``"beta"`` only.
    ddof
        For ``"sigma"``: 1 divides by the regions less one, 0 by the regions.

    Returns
    -------
    BetaConvergence or SigmaConvergence
        Arrays with one figure for each industry; numbers where one figure a region is given. Speed
        and half-life are NaN unless -1/T < beta < 0.

    Missing data
    ------------
    A region with a figure that is zero (it has no logarithm) or not known, in either year or in
    the controls, is left out of that industry; ``regions`` says how many are left. With no more
    regions than coefficients a beta is NaN, with fewer than two a sigma is; if that holds for every
    industry the call is refused.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit, years not positive, controls given
        for ``"sigma"``.
    CannotAnswer
        Unknown ``kind``; too few regions in every industry.

    Source
    ------
    R. J. Barro, X. Sala-i-Martin, Convergence (1992), eqs. 10 and 12; sigma: X. Sala-i-Martin, The
    classical approach to convergence analysis (1996).

    Example
    -------
    Regions at 1, 2 and 4 that all stand at 4 ten years later: the whole gap to the last is closed,
    so each doubling of the start costs a tenth of its logarithm a year.

    >>> found = convergence([1, 2, 4], [4, 4, 4], years=10)
    >>> round(found.beta, 9), found.regions
    (-0.1, 3)

    Half the lead of each is lost in ten years, so the half-life is ten years.

    >>> found = convergence([1, 4, 16], [2, 4, 8], years=10)
    >>> round(found.beta, 9), round(found.speed, 4), round(found.half_life, 6)
    (-0.05, 0.0693, 10.0)
    >>> spread = convergence([1, 4, 16], [2, 4, 8], years=10, kind="sigma")
    >>> round(spread.log_deviation_end / spread.log_deviation_start, 9)
    0.5
    """
    choose("kind of convergence", kind, KINDS)
    given = Arguments()
    first, last = given.figures("start", start), given.figures("end", end)
    given.same_shape("start", first, "end", last)
    span = given.scalar("years", years)
    z = None if controls is None else columns(given.figures("controls", controls, signed=True))
    given.need(
        z is None or kind == "beta",
        "controls",
        "controls are given for sigma convergence",
        "a spread has no controls; leave them out or ask for beta",
    )
    given.need(
        z is None or len(z) == len(first),
        "controls",
        f"controls has {0 if z is None else len(z)} rows",
        f"give one row for each region: {len(first)}",
    )
    given.need(ddof in (0, 1), "ddof", f"ddof is {ddof}", "0 or 1")
    given.check()
    table, later = columns(first), columns(last)
    step = max(1, CELLS_AT_ONCE // max(len(table), 1))
    parts = [
        _block(table[:, begin : begin + step], later[:, begin : begin + step], z, span, kind, ddof)
        for begin in range(0, max(table.shape[1], 1), step)
    ]
    found = type(parts[0])(*(np.concatenate(each) for each in zip(*parts, strict=True)))
    _refuse_if_empty(found[0], found.regions)
    if first.ndim == 1:
        return type(found)(
            *(int(part[0]) if part is found.regions else float(part[0]) for part in found)
        )
    return found


def _block(
    start: Floats, end: Floats, z: Floats | None, span: float, kind: str, ddof: int
) -> BetaConvergence | SigmaConvergence:
    """Work some of the industries."""
    start, end = np.ascontiguousarray(start), np.ascontiguousarray(end)
    use: Flags = np.asarray((start > 0) & (end > 0))
    if z is not None:
        use &= ~np.isnan(z).any(axis=1, keepdims=True)
    logs, rates = (np.full(start.shape, np.nan) for _ in range(2))
    np.log(start, out=logs, where=use)
    np.log(np.divide(end, start, out=np.ones(start.shape), where=use), out=rates, where=use)
    if kind == "sigma":
        return _sigma(start, end, logs, rates, span, ddof)
    return _beta(logs, rates / span, use, z, span)


def _beta(
    logs: Floats, rates: Floats, use: Flags, z: Floats | None, span: float
) -> BetaConvergence:
    count = use.sum(axis=0)
    names = ("slope", "intercept", "error", "fit")
    slope, intercept, error, fit = (np.full(len(count), np.nan) for _ in names)
    unknowns = 2 + (0 if z is None else z.shape[1])
    for place in np.flatnonzero(count > unknowns):
        rows = use[:, place]
        x, y = logs[rows, place], rates[rows, place]
        others = None if z is None else np.column_stack([np.ones(len(x)), z[rows]])
        # Frisch and Waugh: what the other regressors leave of x and y gives the slope of x.
        free_x, free_y = x - _explained(x, others)[0], y - _explained(y, others)[0]
        moved = float(free_x @ free_x)
        if moved <= 1e-20 * max(float(x @ x), 1.0):
            continue
        slope[place] = free_x @ free_y / moved
        rest = free_y - slope[place] * free_x
        left = float(rest @ rest)
        error[place] = np.sqrt(left / (len(x) - unknowns) / moved)
        intercept[place] = _explained(y - slope[place] * x, others)[1]
        about = y - y.mean()
        total = float(about @ about)
        fit[place] = 1 - left / total if total > 0 else np.nan
    return BetaConvergence(
        slope,
        intercept,
        error,
        _p_value(slope, error, count - unknowns),
        fit,
        speed := _speed(slope, span),
        np.log(2) / speed,
        count,
    )


def _explained(y: Floats, others: Floats | None) -> tuple[Floats, float]:
    """Return what a constant and the controls explain of y, and the constant."""
    if others is None:
        mean = y.mean()
        return np.full(len(y), mean), float(mean)
    factors = np.linalg.lstsq(others, y, rcond=None)[0]
    return np.asarray(others @ factors), float(factors[0])


def _p_value(slope: Floats, error: Floats, freedom: npt.NDArray[np.int_]) -> Floats:
    ratio = np.full(slope.shape, np.inf)
    np.divide(np.abs(slope), error, out=ratio, where=error > 0)
    ratio[np.isnan(slope)] = np.nan
    ratio[(slope == 0) & (error == 0)] = np.nan
    return np.asarray(2 * stdtr(np.maximum(freedom, 1), -ratio), dtype=np.float64)


def _speed(slope: Floats, span: float) -> Floats:
    speed = np.full(slope.shape, np.nan)
    closing = (slope < 0) & (slope * span > -1)
    np.log1p(slope * span, out=speed, where=closing)
    return -speed / span


def _sigma(
    start: Floats, end: Floats, logs: Floats, rates: Floats, span: float, ddof: int
) -> SigmaConvergence:
    use = ~np.isnan(logs)
    one, two = _spread(start, use, ddof), _spread(end, use, ddof)
    before, after = (_spread(part, use, ddof)[1] for part in (logs, logs + rates))
    ratio = np.full(before.shape, np.nan)
    np.divide(after, before, out=ratio, where=before > 0)
    return SigmaConvergence(
        one[1] / one[0],
        two[1] / two[0],
        before,
        after,
        ratio ** (1 / span) - 1,
        use.sum(axis=0),
    )


def _spread(values: Floats, use: Flags, ddof: int) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of each column; NaN of fewer than two figures."""
    count = use.sum(axis=0)
    size = np.where(count > 1, count, np.nan)
    mean = np.where(use, values, 0.0).sum(axis=0) / size
    away = np.where(use, values - np.where(np.isnan(mean), 0.0, mean), 0.0)
    return mean, np.sqrt((away**2).sum(axis=0) / (size - ddof))


def _refuse_if_empty(figures: Floats, regions: npt.NDArray[np.int_]) -> None:
    if np.isnan(figures).all():
        raise CannotAnswer(
            "there are too few regions to compare",
            value=f"at most {int(regions.max(initial=0))} with a positive figure in both years",
            hint="a regression needs more regions than coefficients, and regions that differ",
        )
