"""How far it is to a label: what is met, missed or open, what to do first, and what if."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from clusteratlas.organisations.profile import Label
from clusteratlas.programmes.benchmarking.answers import Answer, Round, answer_faults
from clusteratlas.programmes.benchmarking.drift import Drift
from clusteratlas.programmes.benchmarking.questionnaire import (
    Condition,
    Indicator,
    LabelRule,
    Questionnaire,
)
from clusteratlas.programmes.benchmarking.scoring import Points, Score, score
from clusteratlas.tables import CannotAnswer, InvalidInput

ROUNDING = 1e-9


class Standing(StrEnum):
    """Whether something is met."""

    met = "met"
    missed = "missed"
    unknown = "unknown"
    outside = "outside"


@dataclass(frozen=True, slots=True)
class ConditionCheck:
    """A condition of a label, and how it stands.

    ``low`` and ``high`` are what was found, in the unit of the condition (a share 0-1, months,
    groups or indicators), ``asked`` what is needed; none where nothing can be counted.
    """

    condition: Condition
    standing: Standing
    low: float | None = None
    high: float | None = None
    asked: float | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """An indicator on the way to a label.

    Attributes
    ----------
    low, high, most
        Its points now, and the most it can have.
    threshold
        Points it must reach; none where the label asks none of it.
    missing_low, missing_high
        Points missing to the threshold, if all goes well and if all goes ill.
    effort
        Days of work for a point; none where work gives none.
    points_per_effort
        Points that can still be gained (the missing ones where it is below its threshold) for a
        day of work: one over ``effort``.
    """

    indicator: Indicator
    standing: Standing
    low: int
    high: int
    most: int
    threshold: int | None
    missing_low: int
    missing_high: int
    effort: float | None

    @property
    def points_per_effort(self) -> float | None:
        """Points for a day of work; none where work gives none."""
        return None if self.effort is None else 1 / self.effort


@dataclass(frozen=True, slots=True)
class PlanStep:
    """So many points more at an indicator, and the days of work that takes."""

    indicator: Indicator
    points: int
    effort: float
    for_threshold: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The least work that surely reaches what a label asks of points.

    ``without_work`` are indicators below their threshold that no work raises; where there is one,
    or where no work reaches the points, ``reaches`` is false.
    """

    steps: tuple[PlanStep, ...]
    effort: float
    reaches: bool
    without_work: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelCheck:
    """A label and how far it is: conditions, gaps (best value for work first), and a plan."""

    rule: LabelRule
    standing: Standing
    conditions: tuple[ConditionCheck, ...]
    gaps: tuple[Gap, ...]
    plan: Plan | None

    def of(self, standing: Standing) -> tuple[Gap, ...]:
        """The indicators that stand so."""
        return tuple(each for each in self.gaps if each.standing is standing)


def next_label(questionnaire: Questionnaire, held: tuple[Label, ...]) -> LabelRule:
    """Return the first label of a questionnaire that an organisation does not hold.

    Example
    -------
    >>> from clusteratlas.programmes.benchmarking.questionnaire_file import packaged_questionnaire
    >>> next_label(packaged_questionnaire(), (Label(label="bronze"),)).code
    'silver'
    """
    if not questionnaire.label:
        raise CannotAnswer(f"the questionnaire {questionnaire.key} leads to no label")
    codes = {each.label for each in held}
    open_ones = [each for each in questionnaire.label if each.code not in codes]
    return open_ones[0] if open_ones else questionnaire.label[-1]


def check_label(
    round_: Round,
    questionnaire: Questionnaire,
    code: str,
    *,
    since: Drift | None = None,
    held: tuple[Label, ...] = (),
) -> LabelCheck:
    """Return how an organisation stands to a label.

    Definition
    ----------
    A condition is *met* where it holds whatever the open indicators are worth, *missed* where it
    does not hold even at their best, and *unknown* between. What others decide is *outside* and
    stands beside the rest. The label stands as its worst condition within reach of the answers.

    The plan takes first what thresholds need, then the points of least work until the share is
    reached, with open indicators at their lowest; since every point counts alike, no other choice
    takes less work. Where groups must improve, it takes the groups that surely gain a point with
    the least work.

    Parameters
    ----------
    round_, questionnaire
        The latest round and what it answers.
    code
        The label, as in the pick-list of profiles.
    since
        What changed since the round before; none where there was none.
    held
        Labels of the profile.

    Raises
    ------
    CannotAnswer
        If the questionnaire does not lead to the label.

    Example
    -------
    >>> from clusteratlas.programmes.benchmarking.questionnaire_file import packaged_questionnaire
    >>> gold = packaged_questionnaire("european-gold-1")
    >>> open_ = check_label(Round(date="2025-03-31"), gold, "gold")
    >>> open_.standing, len(open_.of(Standing.unknown))
    (<Standing.unknown: 'unknown'>, 31)
    """
    rule = questionnaire.label_rule(code)
    found = score(round_, questionnaire)
    conditions = tuple(
        _checked(each, round_, found, questionnaire, since, held) for each in rule.condition
    )
    asks = {each.condition.kind for each in conditions}
    gaps = tuple(_gaps(found, questionnaire, thresholds="thresholds" in asks))
    plan = None
    if asks & {"share", "thresholds"}:
        wanted = max((each.asked or 0 for each in conditions if each.condition.kind == "share"),
                     default=0.0)  # fmt: skip
        plan = _plan(gaps, found.total, wanted)
    elif "improved" in asks and since is not None:
        groups = max(
            int(each.asked or 0) for each in conditions if each.condition.kind == "improved"
        )
        plan = _plan_of_groups(gaps, since, groups)
    return LabelCheck(rule, _worst(conditions), conditions, gaps, plan)


def what_if(
    round_: Round, changes: Mapping[str, float | str], questionnaire: Questionnaire
) -> Round:
    """Return a round in which some indicators were answered otherwise.

    Raises
    ------
    InvalidInput
        If an indicator or a value is not of the questionnaire, all at once.

    Example
    -------
    >>> from clusteratlas.programmes.benchmarking.questionnaire_file import packaged_questionnaire
    >>> asked = packaged_questionnaire()
    >>> score(what_if(Round(date="2025-03-31"), {"roles": 4}, asked), asked).total.low
    4
    """
    answers = dict(round_.answers)
    for code, value in changes.items():
        answers[code] = Answer(value=value)
    changed = round_.model_copy(update={"answers": answers})
    faults = answer_faults(
        round_.model_copy(update={"answers": {code: answers[code] for code in changes}}),
        questionnaire,
    )
    if faults:
        raise InvalidInput(faults)
    return changed


def _checked(
    condition: Condition,
    round_: Round,
    found: Score,
    questionnaire: Questionnaire,
    since: Drift | None,
    held: tuple[Label, ...],
) -> ConditionCheck:
    if condition.kind == "outside":
        return ConditionCheck(condition, Standing.outside)
    if condition.kind == "answered":
        count = sum(not round_.answer(each.code).is_open for each in questionnaire.indicator)
        asked = len(questionnaire.indicator)
        standing = Standing.met if count == asked else Standing.missed
        return ConditionCheck(condition, standing, count, count, asked)
    if condition.kind == "share":
        low, high = found.total.share_low, found.total.share_high
        return _between(condition, low, high, condition.at_least or 0.0)
    if condition.kind == "thresholds":
        return _thresholds(condition, found, questionnaire)
    if condition.kind == "holds":
        fits = any(
            each.label == condition.label
            and (each.valid_until is None or each.valid_until >= round_.date)
            for each in held
        )
        return ConditionCheck(condition, Standing.met if fits else Standing.missed)
    if since is None:
        return ConditionCheck(condition, Standing.missed, asked=condition.at_least)
    if condition.kind == "improved":
        sure, possible = len(since.surely_better), len(since.possibly_better)
        return _between(condition, sure, possible, condition.at_least or 0)
    months = round(since.months)
    fits = (condition.months_from or 0) <= months <= (condition.months_to or months)
    standing = Standing.met if fits else Standing.missed
    return ConditionCheck(condition, standing, months, months, condition.months_from)


def _between(
    condition: Condition, low: float | None, high: float | None, asked: float
) -> ConditionCheck:
    if low is None or high is None:
        return ConditionCheck(condition, Standing.unknown, asked=asked)
    if low >= asked - ROUNDING:
        standing = Standing.met
    else:
        standing = Standing.missed if high < asked - ROUNDING else Standing.unknown
    return ConditionCheck(condition, standing, low, high, asked)


def _thresholds(condition: Condition, found: Score, questionnaire: Questionnaire) -> ConditionCheck:
    sure = possible = asked = 0
    for each in questionnaire.indicator:
        points = found.indicators.get(each.code)
        if each.threshold is None or points is None or not points.most:
            continue
        asked += 1
        sure += points.low >= each.threshold.points
        possible += points.high >= each.threshold.points
    return _between(condition, sure, possible, asked)


def _worst(conditions: tuple[ConditionCheck, ...]) -> Standing:
    held = {each.standing for each in conditions}
    for standing in (Standing.missed, Standing.unknown, Standing.met):
        if standing in held:
            return standing
    return Standing.outside


def _gaps(found: Score, questionnaire: Questionnaire, *, thresholds: bool) -> list[Gap]:
    gaps = []
    for each in questionnaire.indicator:
        points = found.indicators.get(each.code)
        if points is None or not points.most:
            continue
        threshold = each.threshold.points if thresholds and each.threshold else None
        wanted = points.most if threshold is None else threshold
        missing = max(0, wanted - points.high), max(0, wanted - points.low)
        if points.low >= wanted:
            standing = Standing.met
        else:
            standing = Standing.missed if points.high < wanted else Standing.unknown
        gaps.append(
            Gap(
                each,
                standing,
                points.low,
                points.high,
                points.most,
                threshold,
                *missing,
                each.effort,
            )
        )
    return sorted(gaps, key=_first)


def _first(gap: Gap) -> tuple[bool, bool, float, int, str]:
    """What is missed stands before what is met; then most points for the work."""
    per_effort = gap.points_per_effort
    return (
        gap.standing is Standing.met,
        per_effort is None,
        -(per_effort or 0.0),
        -gap.missing_high,
        gap.indicator.code,
    )


def _plan(gaps: tuple[Gap, ...], total: Points, share: float) -> Plan:
    """Thresholds first, then the points of least work until the share is reached."""
    steps: list[PlanStep] = []
    raised: dict[str, int] = {}
    stuck = []
    for gap in gaps:
        if gap.threshold is None or not gap.missing_high:
            continue
        if gap.effort is None:
            stuck.append(gap.indicator.code)
            continue
        steps.append(PlanStep(gap.indicator, gap.missing_high, gap.missing_high * gap.effort, True))
        raised[gap.indicator.code] = gap.missing_high
    missing = ceil(share * total.most - ROUNDING) - total.low - sum(raised.values())
    by_work = sorted(
        (each for each in gaps if each.effort is not None),
        key=lambda each: (each.effort, each.indicator.code),
    )
    for gap in by_work:
        left = gap.most - gap.low - raised.get(gap.indicator.code, 0)
        taken = min(max(0, missing), left)
        if taken:
            steps.append(PlanStep(gap.indicator, taken, taken * (gap.effort or 0.0), False))
            missing -= taken
    effort = sum(each.effort for each in steps)
    return Plan(tuple(steps), effort, not stuck and missing <= 0, tuple(stuck))


def _plan_of_groups(gaps: tuple[Gap, ...], since: Drift, asked: int) -> Plan:
    """The groups that surely gain a point with the least work, so many as are still missing."""
    ways = []
    for code, gained in since.groups.items():
        if gained.low > 0:
            continue
        missing = 1 - gained.low
        steps = []
        mine = [each for each in gaps if each.indicator.group == code and each.effort is not None]
        for gap in sorted(mine, key=lambda each: (each.effort, each.indicator.code)):
            taken = min(missing, gap.most - gap.low)
            if taken:
                steps.append(PlanStep(gap.indicator, taken, taken * (gap.effort or 0.0), False))
                missing -= taken
        if not missing:
            ways.append((sum(each.effort for each in steps), code, steps))
    wanted = max(0, asked - len(since.surely_better))
    taken_ways = sorted(ways, key=lambda each: each[:2])[:wanted]
    chosen = tuple(step for _effort, _code, steps in taken_ways for step in steps)
    effort = sum(each.effort for each in chosen)
    return Plan(chosen, effort, len(taken_ways) == wanted, ())
