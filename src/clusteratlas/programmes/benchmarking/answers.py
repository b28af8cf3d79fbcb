"""Self-assessments: rounds of answers to a questionnaire, with evidence, as one open schema."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints
from pydantic import model_validator as checked

from clusteratlas.organisations.profile import (
    Code,
    Count,
    Country,
    Day,
    Evidence,
    Line,
    Name,
    Part,
    Year,
    clean_text,
    stated_number,
)
from clusteratlas.programmes.benchmarking.questionnaire import Key, Questionnaire
from clusteratlas.tables import Fault

FORMAT: Final = "clusteratlas-assessments"
SCHEMA_VERSION: Final = 1
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(clean_text)
]
Given = Annotated[int | float | str, AfterValidator(stated_number)]


class Answer(Part):
    """An answer in its indicator's scale, or why it does not apply; neither is *not answered*.

    ``taken_from`` says where a value came from that nobody typed in.
    """

    value: Given | None = None
    not_applicable: Reason = ""
    note: Line = ""
    evidence: tuple[Evidence, ...] = ()
    taken_from: Line = ""

    @checked(mode="after")
    def _one_of_both(self) -> Self:
        if self.value is not None and self.not_applicable:
            raise ValueError("an answer stands beside the reason why none applies; give one")
        return self

    @property
    def is_open(self) -> bool:
        """Whether nothing was answered."""
        return self.value is None and not self.not_applicable


class Round(Part):
    """One self-assessment: the day it stands for, and its answers by indicator."""

    date: Day
    answers: Mapping[Key, Answer] = Field(default_factory=dict)

    def answer(self, indicator: str) -> Answer:
        """Return the answer to an indicator; an empty one where there is none."""
        return self.answers.get(indicator, Answer())


class Assessed(Part):
    """What is known of an organisation to find its peers by; empty is not stated."""

    name: Name
    country: Country = ""
    fields: tuple[Code, ...] = ()
    technologies: tuple[Code, ...] = ()
    founded: Year | None = None
    members: Count | None = None


class Assessment(Part):
    """An organisation with its rounds by one questionnaire, the earliest first."""

    schema_version: Literal[1] = SCHEMA_VERSION
    questionnaire: Key
    organisation: Assessed
    shared: bool = True
    rounds: tuple[Round, ...] = ()

    @checked(mode="after")
    def _in_order(self) -> Self:
        days = [each.date for each in self.rounds]
        if days != sorted(set(days)):
            raise ValueError("rounds stand from the earliest to the latest, one a day")
        return self

    @property
    def latest(self) -> Round | None:
        """The last round; none where there is none."""
        return self.rounds[-1] if self.rounds else None

    @property
    def before(self) -> Round | None:
        """The round before the last; none where there is none."""
        return self.rounds[-2] if len(self.rounds) > 1 else None


def answer_faults(
    round_: Round, questionnaire: Questionnaire, *, file: str = "", today: date | None = None
) -> list[Fault]:
    """Return everything wrong with the answers of a round by the scales of its questionnaire.

    Parameters
    ----------
    round_
        The answers.
    questionnaire
        What they answer.
    file
        Named in each fault.
    today
        If given, a round of a later day is a fault.

    Example
    -------
    >>> from clusteratlas.programmes.benchmarking.questionnaire_file import packaged_questionnaire
    >>> wrong = Round(date="2025-03-31", answers={"roles": Answer(value=5)})
    >>> print(*answer_faults(wrong, packaged_questionnaire()))
    column roles: there is no such level (found '5'). Hint: use a whole number from 0 to 4.
    """
    faults = []
    if today is not None and round_.date > today:
        faults.append(
            Fault("the round lies in the future", file, column="date", value=str(round_.date))
        )
    for code, answer in round_.answers.items():
        fault = answer_fault(code, answer, questionnaire, file=file)
        if fault is not None:
            faults.append(fault)
    return faults


def answer_fault(
    code: str,
    answer: Answer,
    questionnaire: Questionnaire,
    *,
    file: str = "",
    row: int | None = None,
) -> Fault | None:
    """Return what is wrong with one answer; none where nothing is."""
    indicator = questionnaire.by_code.get(code)
    if indicator is None:
        hint = f"see `clusteratlas programme questionnaires show {questionnaire.key}`"
        problem = f"the questionnaire {questionnaire.key} has no such indicator"
        return Fault(problem, file, row, "indicator", code, hint)
    if answer.not_applicable and not indicator.may_not_apply:
        problem = "the indicator applies to every organisation"
        hint = "answer it, or leave it open"
        return Fault(problem, file, row, code, answer.not_applicable[:60], hint)
    if answer.value is not None:
        told = questionnaire.scales[code].refuses(answer.value)
        if told is not None:
            return Fault(told[0], file, row, code, str(answer.value)[:60], told[1])
    return None
