"""The score of a round, with low and high: what is not answered may be worth nothing or all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clusteratlas.programmes.benchmarking.answers import Answer, Round
from clusteratlas.programmes.benchmarking.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class Points:
    """Points of an indicator, a group or the whole.

    Attributes
    ----------
    low, high
        What it is worth at least and at most; they differ by what is not answered.
    most
        Points of the best answers to everything that applies; 0 where nothing does.
    asked, answered, not_applicable
        Indicators that are worth points, those of them that were answered, and those that do not
        apply.
    """

    low: int
    high: int
    most: int
    asked: int
    answered: int
    not_applicable: int

    @property
    def share_low(self) -> float | None:
        """``low`` as a share of ``most`` (0-1); none where nothing applies."""
        return self.low / self.most if self.most else None

    @property
    def share_high(self) -> float | None:
        """``high`` as a share of ``most`` (0-1); none where nothing applies."""
        return self.high / self.most if self.most else None


@dataclass(frozen=True, slots=True)
class Score:
    """Points in all, by group and by indicator; indicators that only describe are not in it."""

    total: Points
    groups: Mapping[str, Points]
    indicators: Mapping[str, Points]


def score(round_: Round, questionnaire: Questionnaire) -> Score:
    """Return the points of a round.

    Definition
    ----------
    ``low`` adds the points of the answers that were given, ``high`` adds to that the most points of
    every indicator that was not answered, ``most`` adds the most points of all that apply. An
    indicator that does not apply is in none of the three. Indicators weigh alike.

    Parameters
    ----------
    round_
        Answers that fit their scales (`answer_faults`).
    questionnaire
        What they answer.

    Returns
    -------
    Score
        Whole points.

    Missing data
    ------------
    Not answered is the whole scale, from nothing to the most; never zero.

    Example
    -------
    >>> from clusteratlas.programmes.benchmarking.questionnaire_file import packaged_questionnaire
    >>> held = score(Round(date="2025-03-31", answers={"roles": Answer(value=3)}),
    ...              packaged_questionnaire())
    >>> held.indicators["roles"].low, held.indicators["monitoring"].low, held.total.low
    (3, 0, 3)
    >>> held.total.most - held.total.high  # the one point that is surely missed
    1
    """
    found: dict[str, Points] = {}
    for each in questionnaire.indicator:
        points = indicator_points(each.code, round_.answer(each.code), questionnaire)
        if points is not None:
            found[each.code] = points
    groups = {
        group.code: _sum(
            found[each.code] for each in questionnaire.of_group(group.code) if each.code in found
        )
        for group in questionnaire.group
    }
    return Score(_sum(found.values()), groups, found)


def indicator_points(code: str, answer: Answer, questionnaire: Questionnaire) -> Points | None:
    """Return the points of one answer; none where the indicator only describes."""
    scale = questionnaire.scales[code]
    most = scale.most
    if most is None:
        return None
    if answer.not_applicable:
        return Points(0, 0, 0, 1, 0, 1)
    if answer.value is None:
        return Points(0, most, most, 1, 0, 0)
    points = scale.points(answer.value) or 0
    return Points(points, points, most, 1, 1, 0)


def _sum(parts: Iterable[Points]) -> Points:
    held = tuple(parts)
    return Points(
        *(
            sum(getattr(each, name) for each in held)
            for name in ("low", "high", "most", "asked", "answered", "not_applicable")
        )
    )
