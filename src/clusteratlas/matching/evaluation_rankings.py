"""The rankings that the test compares: chance, popularity, co-tags, relatedness, and ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from clusteratlas.matching.affinity import COLOCATION, INPUT_OUTPUT, SKILLS, Affinity, Floats
from clusteratlas.matching.affinity_evidence import (
    Cases,
    Evidence,
    Places,
    evidence_of,
)
from clusteratlas.matching.affinity_ranking import (
    SHIPPED,
    UNKNOWN,
    Choices,
    Constants,
    learn,
    scores,
)

RANDOM: Final = "random"
POPULARITY: Final = "popularity"
CO_TAGS: Final = "co_tags"
BOTH: Final = "skills_and_input_output"
WITH_POPULARITY: Final = "skills_input_output_popularity"
GUESSED: Final = "guessed_hybrid"
BY_PROBABILITY: Final = "shipped_by_probability"
ESTIMATED: Final = "shipped_estimated_constants"
OURS: Final = "shipped"

SAID: Final = {
    RANDOM: "chance, exactly",
    COLOCATION: "co-location",
    INPUT_OUTPUT: "input-output",
    SKILLS: "skills",
    BOTH: "skills and input-output",
    POPULARITY: "popularity",
    WITH_POPULARITY: "skills, input-output, popularity",
    CO_TAGS: "co-tags",
    GUESSED: "hybrid, weights guessed",
    ESTIMATED: "ours, constants estimated",
    BY_PROBABILITY: "ours, by probability alone",
    OURS: "ours, as shipped",
}
"""Names of the rankings in the order of the table, and how they are said."""

MOST_FOLDS: Final = 60
MOST_PAIRS: Final = 20_000
"""Pairs of a case and a known cluster that are looked at in one go."""

Tell = Callable[[str, float], None]


def rank_by(
    name: str, evidence: Evidence, affinity: Affinity, constants: Constants | None = None
) -> Floats:
    """Return the scores that one ranking orders clusters by, cases x clusters.

    Parameters
    ----------
    name
        Of ``SAID``, without chance, whose ranks are not drawn.
    evidence
        What the organisations that may be learned from say.
    affinity
        Relatedness; a pair not known stands in the middle.
    constants
        Of ours, where they are not those expected beforehand.
    """
    if name == POPULARITY:
        return evidence.popularity
    if name == CO_TAGS:
        return evidence.co_tags()
    if name in (SKILLS, INPUT_OUTPUT, COLOCATION):
        return _related(evidence, affinity, name)
    related = _related(evidence, affinity, SKILLS, INPUT_OUTPUT)
    if name == BOTH:
        return related
    most = np.maximum(evidence.popularity.max(axis=1, keepdims=True), 1.0)
    popular = evidence.popularity / most
    if name == WITH_POPULARITY:
        return np.asarray(related + popular)
    if name == GUESSED:
        return np.asarray(evidence.co_tags() + related + popular / 2)
    choices = choices_of(name)
    return scores(evidence, affinity, constants or Constants.expected(choices), choices)


def choices_of(name: str) -> Choices:
    """Return how one of our rankings is made."""
    if name == ESTIMATED:
        return Choices(estimated=True)
    return Choices(new_weight=1.0) if name == BY_PROBABILITY else SHIPPED


def all_scores(
    tags: Floats, cases: Cases, affinity: Affinity, *, seed: int, tell: Tell
) -> dict[str, Floats]:
    """Return the scores of every ranking but chance, each case judged without its organisation.

    Definition
    ----------
    Counts leave out the organisation that is asked about, with all its clusters. Where constants
    are estimated, they are so from the organisations of other folds: each organisation is a fold of
    its own up to ``MOST_FOLDS`` with several clusters, then dealt into so many at random.
    """
    names = [name for name in SAID if name != RANDOM]
    found = {name: np.zeros(cases.known.shape) for name in names}
    fold_of = folds(tags, seed=seed)
    fold = fold_of[cases.organisation]
    several = np.unique(fold)
    for step, each in enumerate(several):
        tell("ranking clusters", step / len(several))
        learned = learn(tags[fold_of != each], affinity, choices_of(ESTIMATED), seed=seed)
        for part in _parts(cases, np.flatnonzero(fold == each)):
            evidence = evidence_of(tags, cases.part(part), among=True)
            for name in names:
                constants = learned if name == ESTIMATED else None
                found[name][part] = rank_by(name, evidence, affinity, constants)
    return found


def scores_elsewhere(
    tags: Floats, cases: Cases, affinity: Affinity, names: tuple[str, ...]
) -> dict[str, Floats]:
    """Return the scores of some rankings for organisations that are not among ``tags``."""
    found = {name: np.zeros(cases.known.shape) for name in names}
    for part in _parts(cases, np.arange(cases.count)):
        evidence = evidence_of(tags, cases.part(part), among=False)
        for name in names:
            found[name][part] = rank_by(name, evidence, affinity)
    return found


def folds(tags: Floats, *, seed: int) -> Places:
    """Return the fold of every organisation; -1 for those with fewer than two clusters.

    >>> folds(np.array([[1, 1.0], [0, 1], [1, 1]]), seed=0).tolist()
    [0, -1, 1]
    """
    several = np.flatnonzero((tags > 0).sum(axis=1) > 1)
    fold = np.full(len(tags), -1, dtype=np.intp)
    fold[several] = np.arange(len(several))
    if len(several) > MOST_FOLDS:
        shuffled = np.random.default_rng(seed).permutation(len(several))
        fold[several] = shuffled % MOST_FOLDS
    return fold


def cold(tags: Floats, cases: Cases) -> np.ndarray:
    """Return which cases are cold: no other organisation combines the hidden with a known cluster.

    >>> from clusteratlas.matching.affinity_evidence import hide_one
    >>> tags = np.array([[1, 1, 0], [1, 1, 0], [0, 1, 1.0]])
    >>> cold(tags, hide_one(tags)).tolist()
    [False, False, False, False, True, True]
    """
    together = tags.T @ tags
    own = cases.known.sum(axis=1)
    with_known = (cases.known * together[cases.hidden]).sum(axis=1)
    return np.asarray(with_known - own <= 0)


def _related(evidence: Evidence, affinity: Affinity, *components: str) -> Floats:
    values = np.mean(
        [np.nan_to_num(affinity.between(name), nan=UNKNOWN) for name in components], axis=0
    )
    known = evidence.cases.known.astype(np.float64)
    return np.asarray(known @ values / known.sum(axis=1, keepdims=True))


def _parts(cases: Cases, rows: Places) -> list[Places]:
    """Cut the cases so that none holds too many pairs at once."""
    pairs = np.cumsum(cases.known[rows].sum(axis=1))
    return [part for part in np.split(rows, _cuts(pairs)) if len(part)]


def _cuts(pairs: Places) -> list[int]:
    cuts: list[int] = []
    taken = 0
    for at, until in enumerate(pairs.tolist()):
        if until - taken > MOST_PAIRS and at:
            cuts.append(at)
            taken = int(pairs[at - 1])
    return cuts
