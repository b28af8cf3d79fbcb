"""Fictional self-assessments of the fictional organisations, drawn from a seed of their own."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from typing import Final

from clusteratlas.organisations import Profile, load_demonstration
from clusteratlas.programmes.benchmarking.answers import Answer, Assessment, Round
from clusteratlas.programmes.benchmarking.known import known_of_profile, prefilled
from clusteratlas.programmes.benchmarking.peers import assessed_of
from clusteratlas.programmes.benchmarking.questionnaire import Questionnaire, Scale

DAYS: Final = (date(2024, 3, 29), date(2025, 12, 12))
"""Rounds of the organisations that have two; the others have the later one."""

FIRST_WITH_TWO: Final = 6
OPEN: Final = 0.06
"""Share of indicators that stay open."""

NOTE: Final = "made up for the demonstration"


def demonstration_assessments(questionnaire: Questionnaire) -> tuple[Assessment, ...]:
    """Return invented rounds of every fictional organisation; again they are the same.

    Example
    -------
    >>> from clusteratlas.programmes.benchmarking.questionnaire_file import packaged_questionnaire
    >>> held = demonstration_assessments(packaged_questionnaire())
    >>> [len(each.rounds) for each in held[:7]]
    [2, 2, 2, 2, 2, 2, 1]
    """
    return tuple(
        Assessment(
            questionnaire=questionnaire.key,
            organisation=assessed_of(each),
            rounds=invented_rounds(each, questionnaire, days_of(number)),
        )
        for number, each in enumerate(load_demonstration())
    )


def days_of(number: int) -> tuple[date, ...]:
    """Return the days of the rounds of an organisation by its place in the list."""
    return DAYS if number < FIRST_WITH_TWO else DAYS[1:]


def invented_rounds(
    profile: Profile, asked: Questionnaire, days: Sequence[date]
) -> tuple[Round, ...]:
    """Return rounds drawn from a seed of the organisation's name, a little better each time."""
    rng = random.Random(f"{profile.name} {asked.key}")  # noqa: S311 - invented figures, no secret
    level = rng.uniform(0.35, 0.8)
    return tuple(
        _round(rng, profile, asked, day, min(0.9, level + 0.07 * place))
        for place, day in enumerate(days)
    )


def _round(
    rng: random.Random, profile: Profile, asked: Questionnaire, day: date, level: float
) -> Round:
    first = prefilled(asked, known_of_profile(profile, day), Round(date=day))
    answers = dict(first.answers)
    for each in asked.indicator:
        if each.code in answers or rng.random() < OPEN:
            continue
        if each.may_not_apply and rng.random() < OPEN:
            answers[each.code] = Answer(not_applicable=f"another body does it ({NOTE})")
            continue
        evidence = [{"title": f"Report ({NOTE})", "address": "https://example.org/report"}]
        answers[each.code] = Answer.model_validate(
            {
                "value": _value(rng, asked.scales[each.code], level),
                "evidence": evidence if rng.random() < 0.3 else (),
            }
        )
    return Round(date=day, answers=answers)


def _value(rng: random.Random, scale: Scale, level: float) -> float | str:
    """An answer about as good as a level of 0 to 1."""
    if scale.kind == "choice":
        return rng.choice(scale.options).code
    share = min(1.0, max(0.0, rng.gauss(level, 0.2)))
    if scale.kind == "levels":
        return round(share * (len(scale.levels) - 1))
    if not scale.cuts:
        return rng.randint(2, 20)
    reached = round(share * len(scale.cuts))
    if reached:
        return scale.cuts[reached - 1]
    return scale.low if scale.better == "more" else scale.cuts[0] + 1
