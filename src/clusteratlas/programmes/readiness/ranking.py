"""Applicants beside each other: scores with intervals, places, who is among the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from clusteratlas.programmes.readiness.answers import (
    Floats,
    Readiness,
    Screened,
    Screening,
    draws_in,
)
from clusteratlas.programmes.readiness.screening import ranked_readiness

CUTS: Final = (0.05, 0.95)
"""The ends of the interval of a score over the draws."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An applicant's place.

    Attributes
    ----------
    place, place_low, place_high
        By score, 1 first; with the places it could be at, whatever is not known.
    score, score_low, score_high
        0-1; the ends hold what is not known and, of what is drawn, 90 %.
    eligible
        Ready enough to be funded, whatever is not known.
    probability_first
        In which share of the possible tables it is eligible and among the first k, between two
        ends: what is not known taken against it and for the others, and the other way round.
    """

    applicant: Screened
    place: int
    place_low: int
    place_high: int
    score: float
    score_low: float
    score_high: float
    eligible: bool
    probability_first: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Applicants x draws: scores and whether each is eligible, at both ends of the unknown."""

    low: Floats
    high: Floats
    eligible_low: Floats
    eligible_high: Floats


def ranking(screening: Screening, first: int, *, least: Readiness) -> tuple[Ranked, ...]:
    """Return the applicants by score, best first; of equal ones by what tells them apart.

    Parameters
    ----------
    first
        k: how many can be funded.
    least
        The verdict that is enough to be funded; one that cannot be told is enough where even the
        least that it can be is.
    """
    drawn = scores_in_draws(screening, least)
    chances = _first(drawn, first)
    every = screening.applicants
    order = sorted(range(len(every)), key=lambda at: (-every[at].score, at))
    place = {at: number for number, at in enumerate(order, 1)}
    lows, highs = drawn.low, drawn.high
    return tuple(
        Ranked(
            every[at],
            place[at],
            _best_place(lows, highs, at),
            _worst_place(lows, highs, at),
            every[at].score,
            float(min(np.quantile(lows[at], CUTS[0]), every[at].score)),
            float(max(np.quantile(highs[at], CUTS[1]), every[at].score)),
            is_eligible(every[at], least),
            chances[at],
        )
        for at in order
    )


def is_eligible(screened: Screened, least: Readiness) -> bool:
    """Say whether an applicant is ready enough to be funded, whatever is not known of it."""
    return ranked_readiness(screened.least) >= ranked_readiness(least)


def scores_in_draws(screening: Screening, least: Readiness) -> Drawn:
    """Return every score in every draw, with what is not known at its low and its high end."""
    every = screening.applicants
    count = max((draws_in(each.answers) for each in every), default=1)
    ends = [_end(every, screening, least, count, upper=upper) for upper in (False, True)]
    (low, eligible_low), (high, eligible_high) = ends
    return Drawn(low, high, eligible_low, eligible_high)


def _end(
    every: Sequence[Screened],
    screening: Screening,
    least: Readiness,
    count: int,
    *,
    upper: bool,
) -> tuple[Floats, Floats]:
    criteria = screening.criteria
    scores = np.zeros((len(every), count))
    eligible = np.zeros((len(every), count))
    for at, each in enumerate(every):
        missed = np.zeros(count, dtype=int)
        barred = np.zeros(count, dtype=bool)
        for answer in each.answers:
            criterion = answer.criterion
            values = answer.figure.in_draws(count, upper=upper)
            degree = np.clip(values / criterion.whole, 0.0, 1.0) if criterion.whole > 0 else 1.0
            scores[at] += criterion.weight * degree / criteria.total_weight
            short = values < criterion.at_least
            missed += short
            barred |= short & criterion.essential
        if least is Readiness.ready:
            eligible[at] = missed == 0
        elif least is Readiness.nearly_ready:
            eligible[at] = (missed == 0) | ((missed <= criteria.may_lack) & ~barred)
        else:
            eligible[at] = 1.0
    return scores, eligible


def _first(drawn: Drawn, first: int) -> list[tuple[float, float]]:
    """For each applicant between which shares of draws it is eligible and among the first."""
    found = []
    for at in range(len(drawn.low)):
        ends = []
        for own, mine, others, theirs in (
            (drawn.low, drawn.eligible_low, drawn.high, drawn.eligible_high),
            (drawn.high, drawn.eligible_high, drawn.low, drawn.eligible_low),
        ):
            ahead = (others > own[at]) & (theirs > 0)
            tied = (others == own[at]) & (theirs > 0)
            tied[at:] = False  # of equal ones the earlier stands first
            ahead[at] = False
            before = (ahead | tied).sum(axis=0)
            ends.append(float(((before < first) & (mine[at] > 0)).mean()))
        found.append((min(ends), max(ends)))
    return found


def _best_place(low: Floats, high: Floats, at: int) -> int:
    """The best place in nearly all draws, with what is not known in its favour."""
    before = (low > high[at]).sum(axis=0)
    return 1 + int(np.quantile(before, CUTS[0], method="lower"))


def _worst_place(low: Floats, high: Floats, at: int) -> int:
    """The worst place in nearly all draws: the others at their best, equal ones ahead."""
    others = np.delete(high, at, axis=0)
    before = (others >= low[at]).sum(axis=0)
    return 1 + int(np.quantile(before, CUTS[1], method="higher"))
