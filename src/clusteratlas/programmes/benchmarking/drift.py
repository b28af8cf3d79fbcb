"""What changed between two rounds of one organisation, and whether that is more than noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clusteratlas.programmes.benchmarking.answers import Answer, Round
from clusteratlas.programmes.benchmarking.questionnaire import Questionnaire
from clusteratlas.programmes.benchmarking.scoring import Points, indicator_points

DAYS_OF_MONTH = 365.25 / 12


class Change(StrEnum):
    """What became of an indicator."""

    better = "better"
    worse = "worse"
    moved = "moved"
    same = "same"
    unknown = "unknown"


@dataclass(frozen=True, slots=True)
class IndicatorDrift:
    """An indicator in both rounds.

    ``change`` is *moved* where the answer differs by the scale's step or more and is worth as many
    points as before; *unknown* where one of both was not answered. ``low`` and ``high`` are the
    points gained; none where the indicator only describes or applies in one of both alone.
    """

    indicator: str
    before: float | str | None
    after: float | str | None
    change: Change
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Gained:
    """Points gained, with low and high; ``most`` is what could be had."""

    low: int
    high: int
    most: int

    @property
    def surely(self) -> Change:
        """Better or worse where that is sure, *same* where nothing changed, else *unknown*."""
        if self.low > 0:
            return Change.better
        if self.high < 0:
            return Change.worse
        return Change.same if self.low == self.high == 0 else Change.unknown


@dataclass(frozen=True, slots=True)
class Drift:
    """Two rounds side by side."""

    since: date
    until: date
    total: Gained
    groups: Mapping[str, Gained]
    indicators: tuple[IndicatorDrift, ...]

    @property
    def months(self) -> float:
        """Months between the rounds."""
        return (self.until - self.since).days / DAYS_OF_MONTH

    @property
    def surely_better(self) -> tuple[str, ...]:
        """Groups that surely gained points."""
        return tuple(code for code, each in self.groups.items() if each.surely is Change.better)

    @property
    def possibly_better(self) -> tuple[str, ...]:
        """Groups that may have gained points, the sure ones among them."""
        return tuple(code for code, each in self.groups.items() if each.high > 0)


def drift(before: Round, after: Round, questionnaire: Questionnaire) -> Drift:
    """Return what changed from one round to the next.

    Definition
    ----------
    Points gained by an indicator lie between ``low(after) - high(before)`` and ``high(after) -
    low(before)``; groups and the total add them up over the indicators that apply in both rounds.

    Missing data
    ------------
    An indicator that is open in a round makes its gain uncertain by its whole scale.

    Example
    -------
    >>> from clusteratlas.programmes.benchmarking.questionnaire_file import packaged_questionnaire
    >>> first = Round(date="2023-03-31", answers={"roles": Answer(value=1)})
    >>> then = Round(date="2025-03-31", answers={"roles": Answer(value=3)})
    >>> found = drift(first, then, packaged_questionnaire())
    >>> next(each for each in found.indicators if each.indicator == "roles").low
    2
    >>> round(found.months)
    24
    """
    rows = []
    groups = {}
    for group in questionnaire.group:
        held: list[tuple[int, int, int]] = []
        for each in questionnaire.of_group(group.code):
            old, new = before.answer(each.code), after.answer(each.code)
            points = (
                indicator_points(each.code, old, questionnaire),
                indicator_points(each.code, new, questionnaire),
            )
            gained = _gained(*points)
            if gained is not None:
                held.append(gained)
            step = questionnaire.scales[each.code].step
            rows.append(
                IndicatorDrift(
                    each.code,
                    old.value,
                    new.value,
                    _change(old, new, gained, step),
                    gained[0] if gained else None,
                    gained[1] if gained else None,
                )
            )
        groups[group.code] = _sum(held)
    total = _sum([(each.low, each.high, each.most) for each in groups.values()])
    return Drift(before.date, after.date, total, groups, tuple(rows))


def _gained(old: Points | None, new: Points | None) -> tuple[int, int, int] | None:
    if old is None or new is None or not old.most or not new.most:
        return None
    return new.low - old.high, new.high - old.low, new.most


def _sum(held: list[tuple[int, int, int]]) -> Gained:
    return Gained(*(sum(each[place] for each in held) for place in range(3)))


def _change(old: Answer, new: Answer, gained: tuple[int, int, int] | None, step: float) -> Change:
    if old.value is None or new.value is None:
        return Change.same if old == new and old.not_applicable else Change.unknown
    if gained is not None and gained[0] != 0:
        return Change.better if gained[0] > 0 else Change.worse
    if isinstance(old.value, str) or isinstance(new.value, str):
        return Change.same if old.value == new.value else Change.moved
    return Change.moved if abs(new.value - old.value) >= step else Change.same
