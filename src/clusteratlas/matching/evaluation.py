"""The hide-one-cluster test: does a ranking find what an organisation also works in?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from clusteratlas.matching.affinity import Affinity, Floats
from clusteratlas.matching.affinity_evidence import Cases, Flags, hide_one
from clusteratlas.matching.affinity_ranking import SHIPPED, Constants, learn
from clusteratlas.matching.evaluation_bootstrap import Interval, Resampling
from clusteratlas.matching.evaluation_rankings import (
    CO_TAGS,
    ESTIMATED,
    OURS,
    POPULARITY,
    RANDOM,
    SAID,
    all_scores,
    choices_of,
    cold,
    scores_elsewhere,
)
from clusteratlas.matching.registry_list import RegistryList, traded_codes
from clusteratlas.tables import CannotAnswer

FIGURES: Final = ("mrr", "mrr_cold", "hits_5", "hits_10")
DRAWS: Final = 2000
SPLITS: Final = 20
MANY: Final = 5
"""Clusters from which an organisation is left out of one of the robustness runs."""

FEW: Final = 100
"""Below so many cases the intervals are too wide to tell good rankings apart."""

Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """How well one ranking finds the hidden clusters.

    Attributes
    ----------
    name
        Of `evaluation_rankings.SAID`.
    figures
        ``mrr`` mean reciprocal rank, ``mrr_cold`` the same of cold cases, ``hits_5`` and
        ``hits_10`` share of hidden clusters among the first 5 and 10; ``None`` without such cases.
    intervals
        95 %, organisations drawn with replacement.
    behind
        How far its ``mrr`` and ``mrr_cold`` lie below ours in the same draws; none for ours.
    """

    name: str
    figures: Mapping[str, float | None]
    intervals: Mapping[str, Interval | None]
    behind: Mapping[str, Interval | None]


@dataclass(frozen=True, slots=True)
class Robustness:
    """The test again on a part of the list.

    Attributes
    ----------
    name
        What is different.
    cases, cold_cases
        Cases that remain; of the splits, their mean.
    figures
        ``mrr`` and ``mrr_cold`` of some rankings.
    """

    name: str
    cases: float
    cold_cases: float
    figures: Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The outcome of the test on one list.

    Attributes
    ----------
    organisations
        Organisations of the list with a traded cluster; ``asked`` those with two or more.
    cases, cold_cases
        Clusters hidden; those that no other organisation combines with a known one.
    candidates
        Traded clusters that are ranked, the known ones of a case taken out.
    rankings
        In the order of the table, ours last.
    robustness
        The test on parts of the list.
    constants, estimated
        Those of the shipped ranking, and those that the whole list would give; in the test the
        ranking with estimated constants has its own in each fold.
    """

    organisations: int
    asked: int
    cases: int
    cold_cases: int
    candidates: int
    rankings: tuple[Judged, ...]
    robustness: tuple[Robustness, ...]
    constants: Constants
    estimated: Constants
    seed: int
    draws: int

    @property
    def ours(self) -> Judged:
        """Return the ranking that is shipped."""
        return self.rankings[-1]


def evaluate(
    registry: RegistryList,
    affinity: Affinity,
    *,
    seed: int = 0,
    draws: int = DRAWS,
    tell: Tell | None = None,
) -> Evaluation:
    r"""Hide each traded cluster of each organisation with several, rank the others, and compare.

    Definition
    ----------
    For an organisation with the traded clusters T, |T| >= 2, and each h in T: known are T without
    h; ranked are all traded clusters without the known ones. The **organisation is left out**: no
    count (popularity, co-tags) holds any of its clusters, hidden or known, and no constant is
    learned from it. Clusters of equal score share their **mid-rank**. With rank r of h,

    .. math:: MRR = \overline{1 / r}, \qquad hits_k = \overline{[r \le k]}

    over cases. A case is **cold** where no other organisation combines h with a known cluster. The
    figures of chance are expectations: :math:`H_n / n` and :math:`\min(k, n) / n` of n candidates.
    Intervals: organisations with several clusters are drawn with replacement, ``draws`` times; the
    2.5th and 97.5th percentile of the figure.

    Parameters
    ----------
    registry
        From `read_list`; local clusters of it are passed over.
    affinity
        Relatedness of the same definition.
    seed
        Of the draws, and of the folds where organisations are many.
    draws
        Bootstrap samples.
    tell
        Is told the stage and the share done.

    Returns
    -------
    Evaluation

    Missing data
    ------------
    A pair of clusters whose relatedness is not known stands in the middle. Without a cold case the
    figure of cold cases is ``None``.

    Raises
    ------
    CannotAnswer
        No organisation has two traded clusters; or the relatedness is of another definition.

    Source
    ------
    E. M. Voorhees (1999), The TREC-8 question answering track report, on the reciprocal rank.
    """
    say = tell or (lambda stage, share: None)
    affinity, tags, cases = _prepared(registry, affinity)
    scored = all_scores(
        tags, cases, affinity, seed=seed, tell=lambda stage, share: say(stage, 0.6 * share)
    )
    say("drawing organisations", 0.6)
    frozen = cold(tags, cases)
    rankings = _judged(cases, scored, frozen, seed=seed, draws=draws)
    robustness = _robustness(
        tags, affinity, seed=seed, tell=lambda stage, share: say(stage, 0.7 + 0.3 * share)
    )
    say("done", 1.0)
    return Evaluation(
        organisations=len(tags),
        asked=len(np.unique(cases.organisation)),
        cases=cases.count,
        cold_cases=int(frozen.sum()),
        candidates=len(affinity.clusters),
        rankings=rankings,
        robustness=robustness,
        constants=learn(tags, affinity, SHIPPED),
        estimated=learn(tags, affinity, choices_of(ESTIMATED), seed=seed),
        seed=seed,
        draws=draws,
    )


def _prepared(registry: RegistryList, affinity: Affinity) -> tuple[Affinity, Floats, Cases]:
    """Return what is known of the traded clusters, who works in them, and what to hide."""
    if registry.definition != affinity.definition:
        raise CannotAnswer(
            "the list and the relatedness are of two cluster definitions",
            value=f"{registry.definition} and {affinity.definition}",
        )
    traded = traded_codes(registry.definition)
    affinity = affinity.among([code for code in affinity.clusters if code in traded])
    tags = registry.tags(affinity.clusters)
    tags = tags[tags.any(axis=1)]
    cases = hide_one(tags)
    if not cases.count:
        raise CannotAnswer(
            "no organisation of the list works in two traded clusters: there is nothing to hide",
            value=registry.file,
            hint="give a list with several clusters for some organisations",
        )
    return affinity, tags, cases


def mid_ranks(scored: Floats, cases: Cases) -> Floats:
    """Return the rank of each hidden cluster among those not known, ties at their middle.

    Example
    -------
    Three clusters tie for the places 1 to 3; the hidden one is among them.

    >>> cases = Cases(np.array([0]), np.array([1]), np.array([[False, False, False, False, True]]))
    >>> mid_ranks(np.array([[2.0, 2, 2, 1, 9]]), cases).tolist()
    [2.0]
    """
    rounded = _rounded(scored)
    mine = rounded[np.arange(cases.count), cases.hidden][:, None]
    candidate = ~cases.known
    above = (candidate & (rounded > mine)).sum(axis=1)
    equal = (candidate & (rounded == mine)).sum(axis=1)
    return np.asarray(above + (equal + 1) / 2)


def _rounded(scored: Floats) -> Floats:
    """Take away what only the order of sums makes different, relative to the best of each case."""
    top = np.abs(scored).max(axis=1, keepdims=True)
    return np.round(scored / np.where(top > 0, top, 1.0), 12)


def _measures(ranks: Floats) -> dict[str, Floats]:
    return {
        "mrr": 1.0 / ranks,
        "hits_5": (ranks <= 5).astype(np.float64),
        "hits_10": (ranks <= 10).astype(np.float64),
    }


def _by_chance(cases: Cases) -> dict[str, Floats]:
    candidates = (~cases.known).sum(axis=1).astype(np.float64)
    harmonic = np.concatenate([[0.0], np.cumsum(1.0 / np.arange(1, candidates.max() + 1))])
    return {
        "mrr": harmonic[candidates.astype(np.intp)] / candidates,
        "hits_5": np.minimum(5.0, candidates) / candidates,
        "hits_10": np.minimum(10.0, candidates) / candidates,
    }


def _judged(
    cases: Cases, scored: Mapping[str, Floats], frozen: Flags, *, seed: int, draws: int
) -> tuple[Judged, ...]:
    resampling = Resampling.of(cases.organisation, seed=seed, draws=draws)
    measured = {RANDOM: _by_chance(cases)}
    measured |= {name: _measures(mid_ranks(each, cases)) for name, each in scored.items()}
    keys = [(name, figure) for name in SAID for figure in FIGURES]
    values = [measured[name]["mrr" if figure == "mrr_cold" else figure] for name, figure in keys]
    everywhere = np.ones(cases.count, dtype=bool)
    wanted = [frozen if figure == "mrr_cold" else everywhere for _, figure in keys]
    means, drawn = resampling.means(np.array(values), np.array(wanted))
    mean = dict(zip(keys, means, strict=True))
    draw = dict(zip(keys, drawn.T, strict=True))
    return tuple(
        Judged(
            name,
            {figure: mean[name, figure] for figure in FIGURES},
            {figure: resampling.interval(draw[name, figure]) for figure in FIGURES},
            {}
            if name == OURS
            else {
                figure: resampling.interval(draw[OURS, figure] - draw[name, figure])
                for figure in FIGURES[:2]
            },
        )
        for name in SAID
    )


def _robustness(
    tags: Floats, affinity: Affinity, *, seed: int, tell: Tell
) -> tuple[Robustness, ...]:
    """Judge again without repeated sets, without organisations of many, and learned on a half."""
    found = []
    several = (tags > 0).sum(axis=1)
    seen: set[bytes] = set()
    first = np.ones(len(tags), dtype=bool)
    for row, held in enumerate(tags > 0):
        key = held.tobytes()
        first[row] = several[row] < 2 or key not in seen
        seen.add(key)
    parts = {
        "each set of clusters once": first,
        f"without organisations of {MANY} or more clusters": several < MANY,
    }
    for step, (name, kept) in enumerate(parts.items()):
        share = step / 3
        part = tags[kept]
        cases = hide_one(part)
        if not cases.count:
            continue
        scored = all_scores(
            part,
            cases,
            affinity,
            seed=seed,
            tell=lambda _, done, at=share, said=name: tell(said, at + done / 3),  # type: ignore[misc]
        )
        frozen = cold(part, cases)
        chosen = {each: scored[each] for each in (POPULARITY, CO_TAGS, OURS)}
        figures = {each: _means(cases, one, frozen) for each, one in chosen.items()}
        found.append(Robustness(name, cases.count, int(frozen.sum()), figures))
    tell("learning on halves", 2 / 3)
    halves = _on_halves(tags, affinity, seed=seed)
    return (*found, halves) if halves else tuple(found)


def _on_halves(tags: Floats, affinity: Affinity, *, seed: int) -> Robustness | None:
    """Learn from one half of the organisations, ask about the other; the mean of many splits."""
    names = (POPULARITY, CO_TAGS, OURS)
    random = np.random.default_rng([seed, SPLITS])
    gathered: dict[str, list[dict[str, float | None]]] = {name: [] for name in names}
    counts = []
    for _ in range(SPLITS):
        asked = random.permutation(len(tags)) < len(tags) // 2
        cases = hide_one(tags, np.flatnonzero(asked))
        if not cases.count:
            continue
        other = tags[~asked]
        together = other.T @ other
        frozen = (cases.known * together[cases.hidden]).sum(axis=1) <= 0
        scored = scores_elsewhere(other, cases, affinity, names)
        counts.append((cases.count, int(frozen.sum())))
        for name in names:
            gathered[name].append(_means(cases, scored[name], frozen))
    if not counts:
        return None
    figures = {
        name: {figure: _mean([one[figure] for one in each]) for figure in ("mrr", "mrr_cold")}
        for name, each in gathered.items()
    }
    all_cases, all_cold = np.mean(counts, axis=0).tolist()
    name = f"learned on half of the organisations ({SPLITS} splits)"
    return Robustness(name, all_cases, all_cold, figures)


def _means(cases: Cases, scored: Floats, frozen: Flags) -> dict[str, float | None]:
    found = 1.0 / mid_ranks(scored, cases)
    return {
        "mrr": float(found.mean()),
        "mrr_cold": float(found[frozen].mean()) if frozen.any() else None,
    }


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
