"""Logistic regression with a small ridge, by Newton's method in blocks of rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.options.figures import Floats
from clusteratlas.tables import CannotAnswer

BLOCK = 16_384
"""Rows worked at a time."""
MOST_STEPS = 60
CLOSE = 1e-9
LARGEST_SCORE = 35.0
FARTHEST = 5.0
"""Standard deviations beyond which a feature is held, so that no region lies outside of what was
learned by its size alone."""


@dataclass(frozen=True)
class Logistic:
    """A fitted regression: standardised features, with their squares if asked for.

    Attributes
    ----------
    centre, scale
        Mean and standard deviation of each feature where it was fitted.
    weights
        Intercept, features, squares.
    squares
        Whether the squares take part.
    """

    centre: Floats
    scale: Floats
    weights: Floats
    squares: bool

    def score(self, features: Floats) -> Floats:
        """Return the log odds of each row."""
        found = np.empty(len(features))
        for start in range(0, len(features), BLOCK):
            part = slice(start, start + BLOCK)
            design = _design(features[part], self.centre, self.scale, self.squares)
            found[part] = design @ self.weights
        return np.clip(found, -LARGEST_SCORE, LARGEST_SCORE)


def fit_logistic(
    features: npt.ArrayLike,
    outcome: npt.ArrayLike,
    *,
    squares: bool = False,
    ridge: float = 1.0,
    counts: npt.ArrayLike | None = None,
    near: Logistic | None = None,
) -> Logistic:
    r"""Return the logistic regression of an outcome on features.

    Definition
    ----------
    .. math:: \max_\beta \sum_n c_n \left( y_n x_n\beta - \log(1 + e^{x_n\beta}) \right)
       - \tfrac{\lambda}{2} \sum_{k > 0} \beta_k^2

    Parameters
    ----------
    features
        Rows x features, all known; standardised here and held at five standard deviations.
    outcome
        0 or 1 for each row.
    squares
        Add the square of each standardised feature.
    ridge
        lambda, which keeps the answer finite where a feature tells the outcome apart.
    counts
        c_n, how many rows each stands for; 1 by default.
    near
        A regression of the same features on nearly the same rows, to start from and to take mean
        and standard deviation from: it saves time and changes nothing else.

    Returns
    -------
    Logistic
        ``score`` gives the log odds of any rows.

    Missing data
    ------------
    None may be missing.

    Raises
    ------
    CannotAnswer
        When the outcome is the same in all rows.

    Source
    ------
    Newton's method as in T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical
    Learning (2009), section 4.4.1.

    Example
    -------
    Without a ridge, two in four against three in four: log odds of 0 and of log 3.

    >>> found = fit_logistic([[0], [0], [0], [0], [1], [1], [1], [1]], [1, 1, 0, 0, 1, 1, 1, 0],
    ...                      ridge=0)
    >>> found.score(np.array([[0.0], [1.0]])).round(3) + 0.0
    array([0.   , 1.099])
    """
    given = np.asarray(features, dtype=np.float64)
    truth = np.asarray(outcome, dtype=np.float64)
    held = np.ones(len(truth)) if counts is None else np.asarray(counts, dtype=np.float64)
    events, whole = float(held @ truth), float(held.sum())
    if not 0 < events < whole:
        raise CannotAnswer(
            "the outcome is the same in all rows, so nothing can be learned", value=f"{events:.0f}"
        )
    if near is None:
        centre = held @ given / whole
        scale = np.sqrt(held @ (given - centre) ** 2 / whole)
        scale = np.where(scale > 1e-12 * (np.abs(centre) + 1e-300), scale, np.inf)
        weights = np.zeros(given.shape[1] * (2 if squares else 1) + 1)
        weights[0] = np.log(events / (whole - events))
    else:
        centre, scale, weights = near.centre, near.scale, near.weights
    width = len(weights)
    penalty = np.full(width, max(ridge, 1e-9))
    penalty[0] = 0.0
    loss, before = np.inf, weights
    for _ in range(MOST_STEPS):
        now, slope, bend = _one_pass(given, truth, held, weights, centre, scale, squares)
        now += 0.5 * float(penalty @ weights**2)
        if now > loss + CLOSE * abs(loss):
            # The step was too long: half the way back is never worse for long.
            weights = (weights + before) / 2
            continue
        if loss - now <= CLOSE * abs(now):
            break
        loss, before = now, weights
        slope -= penalty * weights
        bend[np.diag_indices(width)] += penalty
        weights = weights + np.linalg.solve(bend, slope)
    return Logistic(centre, scale, weights, squares)


def _one_pass(
    given: Floats,
    truth: Floats,
    held: Floats,
    weights: Floats,
    centre: Floats,
    scale: Floats,
    squares: bool,
) -> tuple[float, Floats, Floats]:
    """Return the loss, its downward slope and its curvature."""
    loss = 0.0
    slope = np.zeros(len(weights))
    bend = np.zeros((len(weights),) * 2)
    for start in range(0, len(given), BLOCK):
        part = slice(start, start + BLOCK)
        design = _design(given[part], centre, scale, squares)
        score = np.clip(design @ weights, -LARGEST_SCORE, LARGEST_SCORE)
        chance = 1 / (1 + np.exp(-score))
        loss += float(held[part] @ (np.logaddexp(0.0, score) - truth[part] * score))
        slope += design.T @ (held[part] * (truth[part] - chance))
        bend += (design * (held[part] * chance * (1 - chance))[:, None]).T @ design
    return loss, slope, bend


def _design(rows: Floats, centre: Floats, scale: Floats, squares: bool) -> Floats:
    scaled = np.clip((rows - centre) / scale, -FARTHEST, FARTHEST)
    ones = np.ones((len(rows), 1))
    return np.hstack([ones, scaled, scaled**2] if squares else [ones, scaled])
