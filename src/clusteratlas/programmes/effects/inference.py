"""From a contrast to an estimate with its interval, joint tests, and bands over all points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import fdtrc, stdtr, stdtrit

from clusteratlas.programmes.effects.cells import Moments
from clusteratlas.programmes.effects.panel import Floats


@dataclass(frozen=True)
class Found:
    """Estimates with their covariance.

    Attributes
    ----------
    values
        Length K.
    covariance
        K x K.
    freedom
        Degrees of freedom of each; length K.
    """

    values: Floats
    covariance: Floats
    freedom: Floats

    @property
    def errors(self) -> Floats:
        """Standard errors; length K."""
        kept: Floats = np.sqrt(np.clip(np.diag(self.covariance), 0.0, None))
        return kept

    def interval(self, place: int, level: float) -> tuple[float, float]:
        """The interval of one estimate, from Student's t."""
        reach = float(stdtrit(self.freedom[place], 0.5 + level / 2) * self.errors[place])
        return float(self.values[place] - reach), float(self.values[place] + reach)

    def p(self, place: int) -> float:
        """Of the hypothesis that one estimate is zero, two-sided."""
        error = self.errors[place]
        if error <= 0:
            return 0.0 if self.values[place] else 1.0
        return float(2 * stdtr(self.freedom[place], -abs(self.values[place]) / error))

    def combined(self, weights: Floats) -> Found:
        """Return linear combinations; ``weights`` is J x K. Of degrees of freedom the least."""
        used = [self.freedom[row != 0].min() if (row != 0).any() else np.inf for row in weights]
        return Found(weights @ self.values, weights @ self.covariance @ weights.T, np.array(used))


def found(moments: Moments, contrasts: Mapping[Any, Floats] | list[Floats]) -> Found:
    """Return the estimates of contrasts, in their order."""
    stacked = np.array(list(contrasts.values()) if isinstance(contrasts, Mapping) else contrasts)
    if not len(stacked):
        return Found(np.zeros(0), np.zeros((0, 0)), np.zeros(0))
    return Found(
        np.tensordot(stacked, moments.means, axes=([1, 2], [0, 1])),
        moments.covariance(stacked),
        np.array([moments.freedom(each) for each in stacked]),
    )


def joint_p(estimates: Found) -> float:
    """Return the p value of all estimates being zero together (Hotelling's T2).

    Definition
    ----------
    T2 = v' C^-1 v, and T2 (f - q + 1) / (f q) follows F(q, f - q + 1), where q is
    the rank of C and f the degrees of freedom.

    Example
    -------
    >>> import numpy as np
    >>> one = Found(np.array([2.0]), np.array([[1.0]]), np.array([10.0]))
    >>> abs(joint_p(one) - one.p(0)) < 1e-12
    True
    """
    roots, vectors = np.linalg.eigh(estimates.covariance)
    kept = roots > max(roots.max(initial=0.0), 0.0) * 1e-9
    rank = int(kept.sum())
    if rank == 0:
        return 1.0
    along = vectors[:, kept].T @ estimates.values
    statistic = float((along**2 / roots[kept]).sum())
    freedom = float(np.min(estimates.freedom))
    left = freedom - rank + 1
    if left <= 1:
        return float(min(1.0, rank * min(estimates.p(each) for each in range(len(along)))))
    return float(fdtrc(rank, left, statistic * left / (freedom * rank)))


def band_factor(estimates: Found, level: float, draws: int, seed: int) -> float:
    """Return how many standard errors cover all estimates at once with this probability.

    Definition
    ----------
    The quantile of the greatest absolute t value over all points, drawn from the
    normal distribution with the estimates' correlation, over a chi-square for the variance.

    Source
    ------
    Montiel Olea and Plagborg-Møller (2019), Simultaneous confidence bands.
    """
    errors = estimates.errors
    used = errors > 0
    if not used.any():
        return 0.0
    correlation = estimates.covariance[np.ix_(used, used)] / np.outer(errors[used], errors[used])
    roots, vectors = np.linalg.eigh(correlation)
    rng = np.random.default_rng(seed)
    drawn = (
        rng.normal(size=(max(draws, 199), len(roots)))
        @ (vectors * np.sqrt(np.clip(roots, 0.0, None))).T
    )
    freedom = float(np.min(estimates.freedom[used]))
    drawn /= np.sqrt(rng.chisquare(freedom, size=(len(drawn), 1)) / freedom)
    alone = float(stdtrit(freedom, 0.5 + level / 2))
    return max(alone, float(np.quantile(np.abs(drawn).max(axis=1), level)))
