"""Least squares with two absorbed sets of effects, and errors that allow for what is shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from clusteratlas.tables import InternalFault

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

MOST_STEPS = 5_000
"""Steps of the conjugate gradients; ordinary tables need 10 to 40."""

PRECISION = 1e-11
"""What may be left of the effects, against what there was at first."""

NOTHING = 1e-13
"""Effects smaller than this share of a variable's variation are rounding errors."""

COLLINEAR = 1e-8
"""Share of a regressor's variation that must be its own."""


@dataclass(frozen=True, slots=True)
class Term:
    """One regressor of a regression.

    Attributes
    ----------
    name
        What it measures.
    coefficient, standard_error
        The error allows for what the observations share.
    plain_error
        The error if observations were independent and of equal variance.
    t, p_value
        Two-sided, that the coefficient is 0; Student's t unless the regression tells otherwise.
    low, high
        95 % interval.
    """

    name: str
    coefficient: float
    standard_error: float
    plain_error: float
    t: float
    p_value: float
    low: float
    high: float

    def with_p_value(self, p_value: float) -> Term:
        """Return the same with a p-value of another test."""
        return replace(self, p_value=p_value)


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients with what their errors are made of."""

    coefficients: Floats
    residuals: Floats
    bread: Floats
    explained: float


def fit(y: Floats, x: Floats) -> Fit | None:
    """Return least squares of y on the columns of x (no constant); None where x is collinear.

    Example
    -------
    >>> found = fit(np.array([1.0, 2.0, 3.0]), np.array([[1.0], [2.0], [3.0]]))
    >>> found.coefficients, round(found.explained, 12)
    (array([1.]), 1.0)
    """
    scale = np.sqrt((x**2).sum(axis=0))
    if not len(x) or (scale == 0).any():
        return None
    gram = (x / scale).T @ (x / scale)
    if np.linalg.eigvalsh(gram)[0] < COLLINEAR:
        return None
    bread = np.linalg.inv(gram) / np.outer(scale, scale)
    coefficients = bread @ (x.T @ y)
    residuals = y - x @ coefficients
    total = float(y @ y)
    explained = 1 - float(residuals @ residuals) / total if total > 0 else float("nan")
    return Fit(coefficients, residuals, (bread + bread.T) / 2, explained)


def absorb(values: Floats, rows: Places, columns: Places) -> Floats:
    r"""Return what effects of rows and of columns leave of each column of ``values``.

    Definition
    ----------
    The residuals of least squares on one dummy for each row and one for each column. The effects
    of the longer side are eliminated; those of the shorter solve
    :math:`(D_c - W' D_r^{-1} W) g = W' D_r^{-1} s_r - s_c` (signs as in the code) by conjugate
    gradients, which are alternating projections made fast.

    Parameters
    ----------
    values
        Cells x variables.
    rows, columns
        For each cell the place of its row and of its column, from 0 without gaps.

    Returns
    -------
    numpy.ndarray
        In the shape of ``values``.

    Source
    ------
    S. Gaure, OLS with multiple high dimensional category variables (2013); conjugate gradients:
    S. Correia, Linear models with high-dimensional fixed effects (2016).

    Example
    -------
    In a full table this is the distance from row mean and column mean, plus the grand mean.

    >>> cells = np.array([[1.0], [2.0], [3.0], [8.0]])
    >>> absorb(cells, np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])).ravel()
    array([ 1., -1., -1.,  1.])
    """
    long, short = (rows, columns) if rows.max() >= columns.max() else (columns, rows)
    in_long, in_short = np.bincount(long).astype(float), np.bincount(short).astype(float)
    out = np.empty_like(values)
    for place in range(values.shape[1]):
        # Rounding of a large common level would stay in the residuals.
        y = values[:, place] - values[:, place].mean()
        total = float(y @ y)
        y = y - (np.bincount(long, y) / in_long)[long]

        def steep(effects: Floats) -> Floats:
            along = np.bincount(long, effects[short]) / in_long
            return np.asarray(in_short * effects - np.bincount(short, along[long]))

        sums = np.bincount(short, y).astype(float)
        effects = _conjugate_gradients(steep, sums, in_short, NOTHING**2 * total)
        fitted = effects[short]
        out[:, place] = y - fitted + (np.bincount(long, fitted) / in_long)[long]
    return out


def _conjugate_gradients(
    steep: Callable[[Floats], Floats], right: Floats, scale: Floats, nothing: float
) -> Floats:
    """Solve a consistent system of a symmetric matrix without negative eigenvalues."""
    found = np.zeros_like(right)
    left = right.copy()
    ready = left / scale
    along = ready.copy()
    size = first = float(left @ ready)
    for _ in range(MOST_STEPS):
        if size <= max(PRECISION**2 * first, nothing):
            return found
        image = steep(along)
        step = size / float(along @ image)
        found += step * along
        left -= step * image
        ready = left / scale
        size, before = float(left @ ready), size
        along = ready + size / before * along
    raise InternalFault("the effects of a regression were not found in 5,000 steps")


def connected(rows: Places, columns: Places) -> int:
    """Return the number of parts of the table that no shared row or column ties together.

    Example
    -------
    >>> connected(np.array([0, 0, 1]), np.array([0, 1, 2]))
    2
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - only a large table needs it
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    height, width = int(rows.max()) + 1, int(columns.max()) + 1
    links = coo_array(
        (np.ones(len(rows)), (rows, columns + height)), shape=(height + width, height + width)
    )
    return int(connected_components(links, directed=False)[0])


def group_covariance(x: Floats, found: Fit, groups: Sequence[Places], freedom: int) -> Floats:
    r"""Return the covariance of coefficients when errors within a group may go together.

    Definition
    ----------
    One set of groups: :math:`B (\sum_g X_g' u_g u_g' X_g) B` with
    :math:`\tfrac{G}{G-1} \tfrac{n-1}{f}`. Two sets: both, less that of cells that share both, each
    with the smaller G; negative eigenvalues are set to 0.

    Source
    ------
    A. C. Cameron, J. B. Gelbach, D. L. Miller, Robust inference with multiway clustering (2011).
    """
    scores = x * found.residuals[:, None]
    least = min(int(each.max()) + 1 for each in groups)
    meat = np.zeros((x.shape[1], x.shape[1]))
    for each in groups:
        sums = np.stack([np.bincount(each, scores[:, k]) for k in range(x.shape[1])], axis=1)
        meat += sums.T @ sums
    if len(groups) == 2:
        both = np.unique(np.stack(groups), axis=1, return_inverse=True)[1].ravel()
        sums = np.stack([np.bincount(both, scores[:, k]) for k in range(x.shape[1])], axis=1)
        meat -= sums.T @ sums
    factor = least / (least - 1) * (len(x) - 1) / freedom
    return _not_negative(found.bread @ meat @ found.bread * factor)


def _not_negative(covariance: Floats) -> Floats:
    sizes, axes = np.linalg.eigh((covariance + covariance.T) / 2)
    if sizes[0] >= 0:
        return np.asarray(covariance)
    return np.asarray((axes * np.maximum(sizes, 0)) @ axes.T)


def terms(
    names: Sequence[str], found: Fit, covariance: Floats, *, freedom: int, groups: int
) -> tuple[Term, ...]:
    """Return coefficients with errors; Student's t has one degree of freedom a group, less one."""
    left = float(found.residuals @ found.residuals)
    plain = np.sqrt(np.diag(found.bread) * left / freedom)
    errors = np.sqrt(np.maximum(np.diag(covariance), 0))
    reach = float(stdtrit(groups - 1, 0.975))
    out = []
    for name, value, error, alone in zip(names, found.coefficients, errors, plain, strict=True):
        ratio = float(value / error) if error > 0 else float("nan")
        out.append(
            Term(
                name,
                float(value),
                float(error),
                float(alone),
                ratio,
                float(2 * stdtr(groups - 1, -abs(ratio))),
                float(value - reach * error),
                float(value + reach * error),
            )
        )
    return tuple(out)
