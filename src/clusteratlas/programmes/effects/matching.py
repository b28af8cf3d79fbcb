"""Find untreated units that looked like the treated before, and say how alike they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from clusteratlas.programmes.effects.panel import Flags, Floats, Ints
from clusteratlas.programmes.effects.records import Balance

NEIGHBOURS: Final = 3
"""Controls looked for by treated unit, with replacement."""

RIDGE: Final = 1e-4
"""Keeps the propensity finite where treated and others do not overlap at all."""


@dataclass(frozen=True)
class Matches:
    """Treated units with their controls.

    Attributes
    ----------
    kept
        Treated units that have a control within the caliper; places among those given.
    unmatched
        Treated units that have none.
    controls, weights
        Controls used and their share in the comparison; weights sum to 1.
    distance
        Mean distance of a match, in standard deviations of the logit.
    """

    kept: Ints
    unmatched: Ints
    controls: Ints
    weights: Floats
    distance: float

    @property
    def effective_controls(self) -> float:
        """Controls that alike weights would need for the same precision."""
        return float(1.0 / (self.weights**2).sum()) if len(self.weights) else 0.0


def logit_of_propensity(features: Floats, treated: Flags) -> Floats:
    """Return the log odds of being treated, from what was seen before.

    Definition
    ----------
    Logistic regression on standardised features, with a slight ridge, by Newton's
    method.

    Parameters
    ----------
    features
        n x k.
    treated
        Length n.

    Returns
    -------
    Floats
        Length n.

    Example
    -------
    >>> import numpy as np
    >>> size = np.array([[0.0], [0.0], [1.0], [1.0]])
    >>> logit = logit_of_propensity(size, np.array([1, 0, 1, 1]) > 0)
    >>> bool(logit[0] < logit[2])
    True
    """
    spread = features.std(axis=0)
    scaled = (features - features.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    design = np.column_stack([np.ones(len(scaled)), scaled])
    penalty = np.full(design.shape[1], RIDGE * len(scaled))
    penalty[0] = 0.0
    share = treated.mean()
    coefficients = np.zeros(design.shape[1])
    coefficients[0] = np.log(share / (1 - share))
    for _ in range(50):
        odds = 1.0 / (1.0 + np.exp(-np.clip(design @ coefficients, -35, 35)))
        slope = design.T @ (treated - odds) - penalty * coefficients
        curve = (design * np.maximum(odds * (1 - odds), 1e-12)[:, None]).T @ design
        step = np.linalg.solve(curve + np.diag(penalty + 1e-12), slope)
        coefficients = coefficients + step * min(1.0, 5.0 / max(np.abs(step).max(), 1e-300))
        if np.abs(step).max() < 1e-9:
            break
    logit: Floats = design @ coefficients
    return logit


def match(logit: Floats, treated: Flags, caliper: float) -> Matches:
    """Return the nearest controls of each treated unit, within the caliper.

    Definition
    ----------
    For each treated unit the nearest three controls by the logit of the propensity,
    with replacement, no farther than caliper x standard deviation of the logit; a unit's matches
    share its weight alike.

    Source
    ------
    Austin (2011), Optimal caliper widths for propensity-score matching: 0.2 standard deviations.

    Example
    -------
    >>> import numpy as np
    >>> made = match(np.array([0.0, 0.1, 3.0, 9.0]), np.array([1, 0, 0, 1]) > 0, 0.2)
    >>> made.kept.tolist(), made.unmatched.tolist(), made.controls.tolist()
    ([0], [3], [1])
    """
    inside, outside = np.flatnonzero(treated), np.flatnonzero(~treated)
    spread = np.sqrt((logit[inside].var() + logit[outside].var()) / 2)
    reach = caliper * (spread if spread > 0 else 1.0)
    order = outside[np.argsort(logit[outside], kind="stable")]
    ranked = logit[order]
    near = _nearest(ranked, logit[inside], min(NEIGHBOURS, len(order)))
    distance = np.abs(ranked[near] - logit[inside][:, None])
    close = distance <= reach
    found = close.any(axis=1)
    weights = np.zeros(len(logit))
    if found.any():
        each = close[found] / close[found].sum(axis=1, keepdims=True) / found.sum()
        np.add.at(weights, order[near[found]].ravel(), each.ravel())
    controls = np.flatnonzero(weights > 0)
    mean = float(distance[found][close[found]].mean() / max(spread, 1e-12)) if found.any() else 0.0
    return Matches(inside[found], inside[~found], controls, weights[controls], mean)


def _nearest(ranked: Floats, wanted: Floats, count: int) -> Ints:
    """Places of the nearest values in a sorted array, for each wanted value."""
    at = np.searchsorted(ranked, wanted)
    around = at[:, None] + np.arange(-count, count)[None, :]
    valid = (around >= 0) & (around < len(ranked))
    away = np.where(
        valid, np.abs(ranked[np.clip(around, 0, len(ranked) - 1)] - wanted[:, None]), np.inf
    )
    first = np.argsort(away, axis=1, kind="stable")[:, :count]
    return np.take_along_axis(around, first, axis=1)


def balance(
    names: list[str], features: Floats, treated: Flags, matches: Matches
) -> tuple[Balance, ...]:
    """Return how far treated and controls lay apart before and after matching.

    Definition
    ----------
    (mean of treated - mean of controls) / sqrt((s1^2 + s0^2) / 2), with the
    standard deviations before matching.
    """
    rows = []
    for name, values in zip(names, features.T, strict=True):
        inside, outside = values[treated], values[~treated]
        spread = float(np.sqrt((inside.var() + outside.var()) / 2)) or 1.0
        kept = float(values[matches.kept].mean()) if len(matches.kept) else float(inside.mean())
        after = (
            float(matches.weights @ values[matches.controls])
            if len(matches.controls)
            else float(outside.mean())
        )
        rows.append(
            Balance(
                name,
                float(inside.mean()),
                float(outside.mean()),
                after,
                float((inside.mean() - outside.mean()) / spread),
                (kept - after) / spread,
            )
        )
    return tuple(rows)
