"""Which further clusters an organisation could work in: what others combine, else what is related.

Observed combinations decide where there are enough of them; where there are none, relatedness does;
popularity is a prior only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize

from clusteratlas.matching.affinity import INPUT_OUTPUT, SKILLS, Affinity, Floats
from clusteratlas.matching.affinity_evidence import (
    Cases,
    Evidence,
    evidence_of,
    hide_one,
)
from clusteratlas.tables import CannotAnswer

LEAST_POPULAR: Final = 0.5
"""Added to every count of organisations, so that no cluster is impossible."""

UNKNOWN: Final = 0.5
"""Place of a pair of clusters whose relatedness is not known: neither near nor far."""

EXPECTED: Final = np.array([0.5, 2.5, 2.5, 0.0])
SPREAD: Final = np.array([0.25, 1.0, 1.0, 1.0])
"""Normal prior of popularity's power, the weights of skills and input-output, the log of strength.

A square root of popularity; odds of exp(2.5) = 12 between the least and the most related pair,
which is what an AUC of 0.7 of a percentile rank means; a prior worth one observed organisation.
"""

FARTHEST: Final = 5.0
"""Spreads that a constant may lie away from what was expected."""

MOST_CASES: Final = 1500
"""Cases that the constants are estimated from; more add time and no precision."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How the ranking is made; the defaults are what is shipped.

    Attributes
    ----------
    new_weight
        How much a combination that nobody has yet counts, against its probability: 1 ranks by
        probability. The default is above 1 because a list of what everybody combines already helps
        nobody to find a partner in another sector.
    discount
        What is taken from every observed combination and given to related ones (Pitman-Yor), below
        1; the default takes nothing.
    estimated
        Whether `learn` estimates the constants from the list; the default keeps those expected
        beforehand, which no held-out test has beaten (docs/explanation/matching-evaluation.md).
    components
        Of relatedness.
    """

    new_weight: float = 4.0
    discount: float = 0.0
    estimated: bool = False
    components: tuple[str, ...] = (SKILLS, INPUT_OUTPUT)


SHIPPED: Final = Choices()


@dataclass(frozen=True, slots=True)
class Constants:
    """The constants of the ranking.

    Attributes
    ----------
    popularity
        Power of the number of organisations in a cluster.
    relatedness
        Weight of each component of ``Choices.components``.
    strength
        How many observed organisations the prior is worth.
    """

    popularity: float
    relatedness: tuple[float, ...]
    strength: float

    @classmethod
    def expected(cls, choices: Choices = SHIPPED) -> Constants:
        """Return what is expected before any list is seen."""
        return cls._of(_expected(choices))

    @classmethod
    def _of(cls, values: Floats) -> Constants:
        return cls(float(values[0]), tuple(values[1:-1].tolist()), float(np.exp(values[-1])))

    def values(self) -> Floats:
        """Return them as the numbers that are estimated: the last is the log of the strength."""
        return np.array([self.popularity, *self.relatedness, np.log(self.strength)])


def learn(
    tags: Floats, affinity: Affinity, choices: Choices = SHIPPED, *, seed: int = 0
) -> Constants:
    r"""Return the constants of the ranking: those expected, or the most probable ones.

    Definition
    ----------
    With ``choices.estimated`` every cluster of every organisation with several is hidden in turn
    and given the probability of `probabilities`, with that organisation left out. The constants
    maximise the sum of the logs plus the log of their normal prior (``EXPECTED``, ``SPREAD``): few
    combinations leave them where they were expected, many decide.

    Parameters
    ----------
    tags
        Organisations x clusters of ``affinity``, 0 or 1. In a test the organisations that are asked
        about must not be among them.
    affinity
        Relatedness.
    choices
        Without ``estimated`` the constants expected beforehand are returned.
    seed
        Of the sample of cases where there are more than ``MOST_CASES``.
    """
    expected = _expected(choices)
    cases = hide_one(tags)
    if not choices.estimated or not cases.count:
        return Constants._of(expected)
    if cases.count > MOST_CASES:
        chosen = np.random.default_rng(seed).permutation(cases.count) < MOST_CASES
        cases = cases.part(chosen)
    evidence = evidence_of(tags, cases, among=True)
    model = _Model(evidence, _features(evidence, affinity, choices), choices)
    spread = _of_components(SPREAD, choices)

    def loss(values: Floats) -> tuple[float, Floats]:
        told, slope = model.log_likelihood(values)
        away = (values - expected) / spread
        return 0.5 * float(away @ away) - told, away / spread - slope

    bounds = list(zip(expected - FARTHEST * spread, expected + FARTHEST * spread, strict=True))
    found = minimize(loss, expected, jac=True, method="L-BFGS-B", bounds=bounds)
    return Constants._of(np.asarray(found.x, dtype=np.float64))


def probabilities(
    evidence: Evidence, affinity: Affinity, constants: Constants, choices: Choices = SHIPPED
) -> Floats:
    r"""Return how probable each further cluster is, given those that are known.

    Definition
    ----------
    For a known cluster k of which :math:`C_{kc}` other organisations work in c too,

    .. math:: p_{kc} = \frac{\max(C_{kc} - d, 0) + (s + d\,t_k)\,\pi_{kc}}{\sum_c C_{kc} + s},
       \qquad \pi_{kc} \propto (n_c + 1/2)^a \exp(b_1 r^{skills}_{kc} + b_2 r^{supply}_{kc})

    over the clusters that may follow; d is the discount (0), :math:`t_k` the number of clusters
    seen with k, s the strength, n the popularity, r percentile ranks. The mean over the known
    clusters is returned.

    Returns
    -------
    Cases x clusters, each row adding up to 1; 0 for known clusters.

    Missing data
    ------------
    A pair whose relatedness is not known stands in the middle (``UNKNOWN``).

    Source
    ------
    D. J. C. MacKay, L. C. Bauman Peto (1995), A hierarchical Dirichlet language model; Y. W. Teh
    (2006) on the discount.
    """
    model = _Model(evidence, _features(evidence, affinity, choices), choices)
    return model.probabilities(constants.values())


def scores(
    evidence: Evidence, affinity: Affinity, constants: Constants, choices: Choices = SHIPPED
) -> Floats:
    """Return what clusters are ranked by: `probabilities`, new combinations times ``new_weight``.

    Parameters
    ----------
    evidence
        From `evidence_of`.
    affinity, constants, choices
        As for `probabilities`.

    Returns
    -------
    Cases x clusters; 0 for known clusters.
    """
    found = probabilities(evidence, affinity, constants, choices)
    return np.where(evidence.co_tags() > 0, found, choices.new_weight * found)


def further_clusters(
    known: Sequence[str],
    tags: Floats,
    affinity: Affinity,
    constants: Constants | None = None,
    choices: Choices = SHIPPED,
) -> list[tuple[str, float, int]]:
    """Return further clusters of one organisation, the best first.

    Parameters
    ----------
    known
        Codes of its clusters.
    tags
        Organisations x clusters of ``affinity``: the others, without this one.
    affinity
        Relatedness.
    constants
        From `learn`; by default learned from ``tags``.

    Returns
    -------
    list
        Code, probability, and how many others combine it with a known cluster.

    Raises
    ------
    CannotAnswer
        None of the known clusters is a cluster of ``affinity``.

    Example
    -------
    >>> from clusteratlas.matching.affinity import affinity_of_packaged
    >>> ours = affinity_of_packaged("us-benchmark-2014")
    >>> found = further_clusters(["47"], np.zeros((0, 51)), ours)
    >>> [code for code, _, _ in found[:2]], found[0][2]
    (['12', '40'], 0)
    """
    places = affinity.places(known)
    if not len(places):
        raise CannotAnswer(
            "none of the clusters has known relatedness",
            value=", ".join(known),
            hint="only traded clusters have",
        )
    row = np.zeros((1, len(affinity.clusters)))
    row[0, places] = 1.0
    asked = _asked(row)
    evidence = evidence_of(tags, asked, among=False)
    constants = constants or learn(tags, affinity, choices)
    probable = probabilities(evidence, affinity, constants, choices)[0]
    ranked = scores(evidence, affinity, constants, choices)[0]
    together = evidence.co_tags()[0]
    order = sorted(np.flatnonzero(~asked.known[0]), key=lambda at: (-ranked[at], at))
    return [(affinity.clusters[at], float(probable[at]), int(together[at])) for at in order]


def _asked(row: Floats) -> Cases:
    """Return the one question of what else an organisation could work in; nothing is hidden."""
    nothing = np.zeros(1, dtype=np.intp)
    return Cases(nothing, nothing, row > 0)


def _of_components(values: Floats, choices: Choices) -> Floats:
    popularity, *relatedness, strength = values.tolist()
    each = [relatedness[min(at, 1)] for at in range(len(choices.components))]
    return np.array([popularity, *each, strength])


def _expected(choices: Choices) -> Floats:
    return _of_components(EXPECTED, choices)


def _features(evidence: Evidence, affinity: Affinity, choices: Choices) -> list[Floats]:
    """Popularity and each component of relatedness, pairs x clusters."""
    popularity = np.log(evidence.popularity + LEAST_POPULAR)[evidence.case]
    related = [
        np.nan_to_num(affinity.between(name), nan=UNKNOWN)[evidence.known]
        for name in choices.components
    ]
    return [popularity, *related]


class _Model:
    """Probabilities of every pair of a case and a known cluster, and their slopes."""

    def __init__(self, evidence: Evidence, features: list[Floats], choices: Choices) -> None:
        self._evidence, self._features = evidence, features
        self._open = evidence.candidates()[evidence.case]
        together = evidence.together
        self._whole = together.sum(axis=1)
        self._taken = np.maximum(together - choices.discount, 0.0)
        self._freed = choices.discount * (together > 0).sum(axis=1)
        self._several = evidence.cases.known.sum(axis=1).astype(np.float64)

    def probabilities(self, values: Floats) -> Floats:
        """Return the mean over the known clusters, cases x clusters."""
        strength = np.exp(values[-1])
        prior = self._prior(values)
        given = self._taken + (strength + self._freed)[:, None] * prior
        pairs = given / (self._whole + strength)[:, None]
        return np.asarray(self._evidence.over_known(pairs) / self._several[:, None])

    def log_likelihood(self, values: Floats) -> tuple[float, Floats]:
        """Return the sum of the logs of the hidden clusters' probabilities, and its slopes."""
        case = self._evidence.case
        hidden = self._evidence.cases.hidden[case]
        here = np.arange(len(case))
        strength = np.exp(values[-1])
        prior = self._prior(values)
        at_hidden, weight = prior[here, hidden], strength + self._freed
        pair = (self._taken[here, hidden] + weight * at_hidden) / (self._whole + strength)
        whole = np.bincount(case, pair, minlength=len(self._several))
        share = 1.0 / whole[case]
        lever = share * weight / (self._whole + strength) * at_hidden
        slopes = [
            float(lever @ (each[here, hidden] - (prior * each).sum(axis=1)))
            for each in self._features
        ]
        slopes.append(float(share @ ((at_hidden - pair) / (self._whole + strength))) * strength)
        return float(np.log(whole / self._several).sum()), np.array(slopes)

    def _prior(self, values: Floats) -> Floats:
        """Return the prior of each pair over its candidates, rows adding up to 1."""
        power = np.zeros_like(self._features[0])
        for value, each in zip(values[:-1], self._features, strict=True):
            power += value * each
        power[~self._open] = -np.inf
        top = power.max(axis=1, keepdims=True, initial=-np.inf)
        weight = np.exp(power - np.where(np.isfinite(top), top, 0.0))
        whole = weight.sum(axis=1, keepdims=True)
        return np.asarray(weight / np.where(whole > 0, whole, 1.0))
