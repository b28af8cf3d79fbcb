"""Weights of a synthetic control: convex, exact and fast, on arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, nnls

from clusteratlas.tables import CannotAnswer

Floats = npt.NDArray[np.float64]

EVALUATIONS = 4000
"""At most so many choices of importance are tried."""
NOTHING = 1e-6
"""A weight below this is none."""


@dataclass(frozen=True)
class DonorWeights:
    """A synthetic control: how much of each donor, and how much each predictor counts.

    Attributes
    ----------
    weights
        One for each donor; none negative, their sum is 1.
    importance
        One for each predictor, their sum is 1; empty where the outcome's own path decided.
    loss
        Mean squared gap of the outcome over the years that were fitted.
    """

    weights: Floats
    importance: Floats
    loss: float


def nearest_mix(differences: Floats) -> Floats:
    r"""Return the convex weights whose mix lies nearest to the treated unit.

    Definition
    ----------
    .. math:: \min_w \lVert D w \rVert^2, \quad w \ge 0, \quad \sum_j w_j = 1

    D holds donors less treated. The problem is that of the point of a polytope nearest to the
    origin. It has the same solution as non-negative least squares of :math:`[D; 1'] u` on
    :math:`[0; 1]` with :math:`w = u / \sum u`, since for :math:`u = s w` that objective is
    :math:`s^2 \lVert D w \rVert^2 + (s - 1)^2`, whose best w does not depend on s. So the answer
    is exact, in a finite number of steps.

    Parameters
    ----------
    differences
        Rows are what is compared (years or predictors), columns are donors; donor less treated.

    Returns
    -------
    ndarray
        One weight for each donor.

    Missing data
    ------------
    None is allowed.

    Source
    ------
    P. Wolfe, Finding the nearest point in a polytope (1976); C. Lawson, R. Hanson, Solving least
    squares problems (1974), chapter 23.

    Example
    -------
    A unit at 2 between donors at 0 and 3 is one third of the first and two thirds of the second.

    >>> nearest_mix(np.array([[0.0 - 2.0, 3.0 - 2.0]])).round(4)
    array([0.3333, 0.6667])
    """
    size = float(np.linalg.norm(differences))
    count = differences.shape[1]
    if size == 0:
        return np.full(count, 1.0 / count)
    stacked = np.vstack([differences / size, np.ones(count)])
    solved, _ = nnls(stacked, np.append(np.zeros(len(differences)), 1.0))
    weights: Floats = solved / solved.sum()
    return weights


def outcome_weights(treated: Floats, donors: Floats) -> DonorWeights:
    """Return the mix of donors that runs nearest to the treated unit's own outcome.

    Definition
    ----------
    The nearest mix of the outcome in all years before the start, every year counting alike.

    Parameters
    ----------
    treated
        Outcome by year before the start.
    donors
        Years by donors.

    Returns
    -------
    DonorWeights
        Without importance of predictors.

    Missing data
    ------------
    None is allowed.

    Example
    -------
    >>> fitted = outcome_weights(np.array([1.0, 2.0]), np.array([[0.0, 2.0], [1.0, 3.0]]))
    >>> fitted.weights.round(4), round(fitted.loss, 6)
    (array([0.5, 0.5]), 0.0)
    """
    weights = nearest_mix(donors - treated[:, None])
    return DonorWeights(weights, np.empty(0), _loss(treated, donors, weights))


def predictor_weights(
    treated: Floats, donors: Floats, treated_predictors: Floats, donor_predictors: Floats
) -> DonorWeights:
    r"""Return the mix of donors like the treated unit in what predicts the outcome.

    Definition
    ----------
    .. math:: w(v) = \arg\min_w \sum_k v_k (X_{1k} - X_{0k} w)^2, \qquad
       v = \arg\min_v \frac{1}{T_0} \lVert Z_1 - Z_0 w(v) \rVert^2

    X are predictors, each over its standard deviation among all units, Z outcomes before the start,
    and both w and v are convex weights. The inner problem is solved exactly (``nearest_mix``); the
    outer one has many local solutions, and the search is the usual one: Nelder-Mead from equal
    importance.

    Parameters
    ----------
    treated
        Outcome by year before the start.
    donors
        Years by donors.
    treated_predictors
        One value for each predictor.
    donor_predictors
        Predictors by donors.

    Returns
    -------
    DonorWeights
        With the importance of each predictor.

    Missing data
    ------------
    None is allowed.

    Raises
    ------
    CannotAnswer
        A predictor that is the same everywhere says nothing and has no standard deviation.

    Source
    ------
    A. Abadie, J. Gardeazabal, The economic costs of conflict (2003), appendix B; A. Abadie,
    A. Diamond, J. Hainmueller, Synthetic control methods (2010), section 2.3.

    Example
    -------
    >>> fitted = predictor_weights(
    ...     np.array([1.0, 2.0]), np.array([[0.0, 2.0, 9.0], [1.0, 3.0, 9.0]]),
    ...     np.array([5.0, 1.0]), np.array([[4.0, 6.0, 5.0], [1.0, 1.0, 7.0]]),
    ... )
    >>> fitted.weights.round(4), round(fitted.loss, 6)
    (array([0.5, 0.5, 0. ]), 0.0)
    """
    spread = np.column_stack([donor_predictors, treated_predictors]).std(axis=1, ddof=1)
    if (spread == 0).any():
        raise CannotAnswer(
            "a predictor is the same for every unit",
            hint=f"leave out predictor number {int(np.argmin(spread)) + 1}",
        )
    differences = (donor_predictors - treated_predictors[:, None]) / spread[:, None]
    outcomes = donors - treated[:, None]

    def mix(importance: Floats) -> Floats:
        shares = np.abs(importance) / np.abs(importance).sum()
        return nearest_mix(np.sqrt(shares)[:, None] * differences)

    def loss(importance: Floats) -> float:
        return float(((outcomes @ mix(importance)) ** 2).mean())

    count = len(differences)
    found = minimize(
        loss,
        np.full(count, 1.0 / count),
        method="Nelder-Mead",
        options={"maxiter": EVALUATIONS, "maxfev": EVALUATIONS, "xatol": 1e-8, "fatol": 1e-12},
    )
    importance = np.abs(found.x) / np.abs(found.x).sum()
    weights = mix(importance)
    return DonorWeights(weights, importance, _loss(treated, donors, weights))


def _loss(treated: Floats, donors: Floats, weights: Floats) -> float:
    return float(((treated - donors @ weights) ** 2).mean())


@dataclass(frozen=True)
class DoublyWeighted:
    """A synthetic difference in differences.

    Attributes
    ----------
    weights
        One for each donor.
    years
        One for each year before the start.
    gaps
        Treated less its mix by year, less the weighted gap before the start: zero in the mean
        before, the effect after.
    value
        Mean gap after the start.
    misfit
        Root mean square gap before the start, each less its mean.
    """

    weights: Floats
    years: Floats
    gaps: Floats
    value: float
    misfit: float


def doubly_weighted(treated: Floats, donors: Floats, before: int) -> DoublyWeighted:
    r"""Return the effect by a difference in differences with weights on donors and on years.

    Definition
    ----------
    .. math:: \hat\tau = \bar g_{post} - \sum_{t \le T_0} \lambda_t g_t, \qquad
       g_t = Y_{1t} - \sum_j \omega_j Y_{jt}

    Unit weights make donors run parallel to the treated unit before the start, up to a constant,
    with a ridge :math:`\zeta^2 T_0 \lVert\omega\rVert^2`, :math:`\zeta = T_1^{1/4} s`, s the
    standard deviation of the donors' yearly changes. Year weights make the years before like those
    after for the donors, up to a constant. Both are convex.

    Parameters
    ----------
    treated
        Outcome by year, before and after the start.
    donors
        Years by donors.
    before
        How many of the years lie before the start.

    Returns
    -------
    DoublyWeighted
        In the outcome's unit.

    Missing data
    ------------
    None is allowed.

    Source
    ------
    D. Arkhangelsky, S. Athey, D. Hirshberg, G. Imbens, S. Wager, Synthetic difference in
    differences (2021), algorithm 1.

    Example
    -------
    The treated unit runs one above the mean of the donors, and two above after the start.

    >>> donors = np.array([[0.0, 2.0], [1.0, 2.0], [0.0, 4.0], [1.0, 3.0]])
    >>> found = doubly_weighted(donors.mean(axis=1) + [1, 1, 1, 2], donors, 3)
    >>> round(found.value, 4), found.weights.round(2), round(found.misfit, 4)
    (1.0, array([0.5, 0.5]), 0.0)
    """
    noise = float(np.diff(donors[:before], axis=0).std(ddof=1))
    after = len(treated) - before
    paths = donors[:before] - treated[:before, None]
    ridge = after**0.25 * noise * np.sqrt(before) * np.eye(donors.shape[1])
    weights = nearest_mix(np.vstack([paths - paths.mean(axis=0), ridge]))
    likeness = donors[:before].T - donors[before:].mean(axis=0)[:, None]
    small = 1e-6 * noise * np.sqrt(len(likeness)) * np.eye(before)
    years = nearest_mix(np.vstack([likeness - likeness.mean(axis=0), small]))
    gaps = treated - donors @ weights
    misfit = float(gaps[:before].std())
    gaps = gaps - years @ gaps[:before]
    return DoublyWeighted(weights, years, gaps, float(gaps[before:].mean()), misfit)
