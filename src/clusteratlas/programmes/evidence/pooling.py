"""One mean of several estimates, with how much they differ: only where each has its error."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import optimize
from scipy.special import chdtrc, stdtr, stdtrit

from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

Floats = npt.NDArray[np.float64]
Method = Literal["reml", "paule-mandel"]
FEWEST_FOR_PREDICTION = 3


@dataclass(frozen=True, slots=True)
class Pooled:
    """The mean of effects that may differ from programme to programme.

    Attributes
    ----------
    mean, standard_error, low, high
        The mean effect with its Hartung-Knapp interval.
    prediction_low, prediction_high
        Where the effect of a further programme of the same kind would lie; ``None`` for fewer than
        three.
    between
        Standard deviation of true effects between programmes, in the unit of the estimates.
    inconsistency
        I²: share of the variance that is not chance, 0-1.
    heterogeneity, heterogeneity_p
        Cochran's Q and its p-value.
    weights
        Of each estimate, adding up to 1.
    """

    method: Method
    level: float
    count: int
    mean: float
    standard_error: float
    low: float
    high: float
    p: float
    prediction_low: float | None
    prediction_high: float | None
    between: float
    inconsistency: float
    heterogeneity: float
    heterogeneity_p: float
    weights: tuple[float, ...]


def pool(
    estimates: npt.ArrayLike,
    standard_errors: npt.ArrayLike,
    *,
    method: Method = "reml",
    level: float = 0.95,
    never_narrower: bool = True,
) -> Pooled:
    r"""Return the random-effects mean of estimates.

    Definition
    ----------
    .. math:: \hat\mu = \frac{\sum w_i y_i}{\sum w_i}, \quad w_i = \frac{1}{s_i^2 + \tau^2}, \quad
       q = \frac{\sum w_i (y_i - \hat\mu)^2}{k - 1}, \quad
       se^2 = \frac{q}{\sum w_i}

    with t of k - 1 degrees of freedom (Hartung-Knapp). :math:`\tau^2` maximises the restricted
    likelihood ("reml"), or makes q equal 1 ("paule-mandel"); never below 0. A further programme
    lies in :math:`\hat\mu \pm t_{k-2} \sqrt{\tau^2 + se^2}`.
    :math:`I^2 = \tau^2 / (\tau^2 + s^2)` with the typical variance
    :math:`s^2 = (k-1)\sum v_i / ((\sum v_i)^2 - \sum v_i^2)`, :math:`v_i = 1/s_i^2`.

    Parameters
    ----------
    estimates, standard_errors
        y and s: k values each, in one unit.
    method
        How :math:`\tau^2` is found.
    level
        Coverage of the intervals, 0-1.
    never_narrower
        Take q as 1 where it is smaller (default): chance agreement of few studies does not make
        the interval narrower than the usual one. ``False`` gives the plain formula.

    Returns
    -------
    Pooled

    Missing data
    ------------
    None is allowed: an estimate without an error has no weight.

    Raises
    ------
    InvalidInput
        Lengths that differ, values that are not finite, errors that are not above 0.
    CannotAnswer
        Fewer than two estimates.

    Source
    ------
    R. C. Paule, J. Mandel (1982); J. Hartung, G. Knapp (2001); J. P. T. Higgins, S. G. Thompson,
    D. J. Spiegelhalter (2009), for the interval of prediction; C. Röver, G. Knapp, T. Friede
    (2015), for ``never_narrower``.

    Example
    -------
    Two estimates, 0 and 2, with errors of 1: q is 2/(1 + τ²), hence τ² is 1, each weighs 1/2, and
    the mean is 1 with an error of 1.

    >>> found = pool([0.0, 2.0], [1.0, 1.0], method="paule-mandel")
    >>> round(found.between, 6), found.mean, round(found.standard_error, 6)
    (1.0, 1.0, 1.0)
    """
    y, s = np.asarray(estimates, dtype=float), np.asarray(standard_errors, dtype=float)
    _check(y, s, level)
    variance = s**2
    tau2 = _paule_mandel(y, variance) if method == "paule-mandel" else _reml(y, variance)
    count = len(y)
    weights = 1.0 / (variance + tau2)
    total = float(weights.sum())
    mean = float(weights @ y) / total
    spread = float(weights @ (y - mean) ** 2) / (count - 1)
    error = math.sqrt((max(spread, 1.0) if never_narrower else spread) / total)
    reach = float(stdtrit(count - 1, 0.5 + level / 2)) * error
    ahead = None
    if count >= FEWEST_FOR_PREDICTION:
        wide = float(stdtrit(count - 2, 0.5 + level / 2))
        ahead = wide * math.sqrt(tau2 + error**2)
    alone = 1.0 / variance
    fixed = float(alone @ y) / float(alone.sum())
    heterogeneity = float(alone @ (y - fixed) ** 2)
    typical = (count - 1) * alone.sum() / (alone.sum() ** 2 - (alone**2).sum())
    return Pooled(
        method,
        level,
        count,
        mean,
        error,
        mean - reach,
        mean + reach,
        float(2 * stdtr(count - 1, -abs(mean) / error)) if error else 0.0,
        None if ahead is None else mean - ahead,
        None if ahead is None else mean + ahead,
        math.sqrt(tau2),
        float(tau2 / (tau2 + typical)),
        heterogeneity,
        float(chdtrc(count - 1, heterogeneity)),
        tuple(float(each) for each in weights / total),
    )


def _check(y: Floats, s: Floats, level: float) -> None:
    if y.ndim != 1 or y.shape != s.shape:
        raise InvalidInput(
            [Fault("estimates and errors are not equally many", value=f"{y.shape} and {s.shape}")]
        )
    faults = [
        Fault("the estimate is not a finite number", "", place + 1, "estimates", str(value))
        for place, value in enumerate(y)
        if not math.isfinite(value)
    ]
    faults += [
        Fault("the standard error is not above 0", "", place + 1, "standard_errors", str(value))
        for place, value in enumerate(s)
        if not (math.isfinite(value) and value > 0)
    ]
    if not 0 < level < 1:
        faults.append(Fault("the level is not between 0 and 1", column="level", value=str(level)))
    if faults:
        raise InvalidInput(faults)
    if len(y) < 2:
        raise CannotAnswer(
            "one estimate has no mean with others", value=str(len(y)), hint="at least two"
        )


def _paule_mandel(y: Floats, variance: Floats) -> float:
    def beyond(tau2: float) -> float:
        weights = 1.0 / (variance + tau2)
        mean = float(weights @ y) / float(weights.sum())
        return float(weights @ (y - mean) ** 2) - (len(y) - 1)

    return _root(beyond, y, variance)


def _reml(y: Floats, variance: Floats) -> float:
    def slope(tau2: float) -> float:
        weights = 1.0 / (variance + tau2)
        total = float(weights.sum())
        mean = float(weights @ y) / total
        squares = weights**2
        return float(squares @ (y - mean) ** 2) - total + float(squares.sum()) / total

    return _root(slope, y, variance)


def _root(falls: Callable[[float], float], y: Floats, variance: Floats) -> float:
    """Return where a function of the variance between programmes comes down to 0, or 0."""
    high = max(float(np.var(y)), float(variance.max())) or 1.0
    while falls(high) > 0:
        high *= 2
    if falls(0.0) <= 0:
        return 0.0
    return float(optimize.brentq(falls, 0.0, high, xtol=1e-14 * high, rtol=1e-12))
