"""What an evaluation answers with: frozen records that survive JSON.

A record holds codes and parameters, never sentences: ``words`` says them in English, the portal in
the reader's language. No record holds NaN or an infinity: a number that does not exist is ``None``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from clusteratlas.programmes.effects.study import Outcome, Scale, Stage, Study
from clusteratlas.programmes.effects.synthetic_records import SyntheticFindings
from clusteratlas.programmes.effects.written import read_as, written_as
from clusteratlas.programmes.grades import EvidenceGrade

FORMAT: Final = 1
"""Version of the written form of a report."""

Parameter = str | int | float | tuple[str, ...] | None


class Verdict(StrEnum):
    """What came of a check."""

    passed = "passed"
    warned = "warned"
    failed = "failed"
    not_possible = "not_possible"


class Estimator(StrEnum):
    """By which formula an effect was estimated."""

    two_way = "two_way_fixed_effects"
    group_time = "group_time"
    imputation = "imputation"
    matched = "matched_difference_in_differences"
    triple_two_way = "triple_fixed_effects"
    triple_group_time = "triple_group_time"
    triple_imputation = "triple_imputation"
    synthetic_difference = "synthetic_difference_in_differences"
    synthetic_control = "synthetic_control"
    donors_mean = "mean_of_donors"


class Group(StrEnum):
    """Whose effect it is."""

    direct = "direct"
    spillover = "spillover"


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of the design, and whether it holds.

    Attributes
    ----------
    code
        Which condition: see ``checks.CODES``.
    verdict
        A failed check means that no effect is told.
    outcome
        The column it is about; empty where it is about the design as a whole.
    statistic, threshold
        What was measured and from where on it fails, if it is one number.
    parameters
        What the check's sentence needs.
    units, periods
        Units and periods concerned, at most the first twenty.
    """

    code: str
    verdict: Verdict
    outcome: str = ""
    statistic: float | None = None
    threshold: float | None = None
    parameters: dict[str, Parameter] = field(default_factory=dict)
    units: tuple[str, ...] = ()
    periods: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why no effect is told, and what would help.

    ``code`` is that of the failed check, ``helps`` are codes of what could be done.
    """

    code: str
    parameters: dict[str, Parameter] = field(default_factory=dict)
    helps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """One estimate of one effect: the mean change that treatment made in those treated.

    Attributes
    ----------
    horizon
        Year under treatment, the first being 1; ``None`` for the mean of the whole window.
    value, low, high, standard_error
        In the outcome's unit, or in logarithms; see ``percent``.
    p
        Of the hypothesis that there is no effect.
    level
        Coverage of ``low`` to ``high``.
    treated, controls
        Units behind it.
    headline
        Whether this is the estimator that the design stands on; the others are there to compare.
    """

    estimator: Estimator
    outcome: str
    stage: Stage
    group: Group
    horizon: int | None
    value: float
    low: float
    high: float
    standard_error: float
    p: float
    level: float
    treated: int
    controls: int
    unit: str
    scale: Scale
    headline: bool = False

    @property
    def percent(self) -> tuple[float, float, float] | None:
        """Value, low and high in per cent; ``None`` for an outcome compared in levels."""
        return _percent(self)

    @property
    def is_significant(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class EventPoint:
    """The estimated difference so many years from the start; before it there should be none.

    ``time`` is 0 in the first year of treatment. ``band_low`` to ``band_high`` covers all points
    of the study at once.
    """

    estimator: Estimator
    outcome: str
    group: Group
    time: int
    value: float
    low: float
    high: float
    band_low: float
    band_high: float
    standard_error: float
    treated: int
    controls: int
    scale: Scale

    @property
    def percent(self) -> tuple[float, float, float] | None:
        """Value, low and high in per cent; ``None`` for an outcome compared in levels."""
        return _percent(self)


@dataclass(frozen=True, slots=True)
class GroupTime:
    """The effect in one period on the units that were first treated in one period."""

    outcome: str
    first_treated: int
    period: int
    value: float
    standard_error: float | None
    treated: int
    controls: int


@dataclass(frozen=True, slots=True)
class Balance:
    """A covariate before treatment, in the treated and in those they are compared with.

    Standardised differences are mean differences over the pooled standard deviation before
    matching. ``outcome`` is the column whose past units were matched on, where they were.
    """

    covariate: str
    treated: float
    controls_before: float
    controls_after: float
    difference_before: float
    difference_after: float
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How wrong the comparison may be before the sign of the effect is no longer sure.

    ``breakdown`` is the largest multiple of the worst change of trend seen before treatment, per
    year after it, under which the interval leaves zero out; 0 where the interval holds zero
    already. ``bounds`` are (multiple, low, high).
    """

    estimator: Estimator
    horizon: int
    worst_before: float
    breakdown: float | None
    bounds: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """The effect without each treated unit (or cluster of assignment) in turn."""

    estimator: Estimator
    low: float
    high: float
    most_influential: str
    without_it: float


@dataclass(frozen=True, slots=True)
class CostPerUnit:
    """Public cost per additional unit of an outcome.

    Attributes
    ----------
    cost
        Of all treated units of the list, with a match or without.
    additional
        Additional units of the outcome: of all treated units, in the last year of the window.
    value
        ``cost / additional``; ``None`` where additional units are not above zero.
    low, high
        The values of ``cost / additional`` that the interval of the effect allows.
        ``None`` for ``high``: no upper bound, since the interval of the effect reaches zero.
    bounded
        Whether the interval has both ends.
    """

    outcome: str
    horizon: int
    cost: float
    currency: str
    price_base: int | None
    additional: float
    additional_low: float
    additional_high: float
    value: float | None
    low: float | None
    high: float | None
    bounded: bool
    unit: str
    level: float
    treated: int


@dataclass(frozen=True, slots=True)
class Difference:
    """How treated and others changed, told as a description: **not an effect**.

    ``value`` is the change of the treated, less that of the others, from the last period before
    the start to the last of the window.
    """

    outcome: str
    treated_change: float
    others_change: float
    value: float
    treated: int
    others: int
    first: int
    last: int
    unit: str
    scale: Scale


@dataclass(frozen=True, slots=True)
class OutcomeFindings:
    """What was found for one outcome.

    Attributes
    ----------
    refused
        No effect is told; then ``estimates``, ``events``, ``group_times``, ``sensitivity``,
        ``leave_one_out``, ``cost`` and ``grade`` are empty.
    reasons
        Why; empty where an effect is told.
    grade
        A or B where an effect is told; C with a ``difference``, which is no effect.
    """

    outcome: Outcome
    refused: bool
    reasons: tuple[Reason, ...] = ()
    checks: tuple[Check, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    events: tuple[EventPoint, ...] = ()
    group_times: tuple[GroupTime, ...] = ()
    sensitivity: Sensitivity | None = None
    leave_one_out: LeaveOneOut | None = None
    cost: CostPerUnit | None = None
    difference: Difference | None = None
    synthetic: SyntheticFindings | None = None
    grade: EvidenceGrade | None = None

    def effect(self, horizon: int | None = None, group: Group = Group.direct) -> Estimate | None:
        """The estimate that the design stands on; ``None`` where there is none."""
        for each in self.estimates:
            if each.headline and each.horizon == horizon and each.group is group:
                return each
        return None


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What the answer was computed from.

    ``checksums`` are SHA-256 by file name; empty for tables in memory.
    """

    rows: int
    units: int
    first_period: int
    last_period: int
    periods: int
    treated: int
    controls: int
    spillover: int = 0
    lost: int = 0
    set_aside: int = 0
    starts: dict[str, int] = field(default_factory=dict)
    assignments: int = 0
    treated_assignments: int = 0
    source: str = ""
    checksums: dict[str, str] = field(default_factory=dict)
    code_version: str = ""


@dataclass(frozen=True, slots=True)
class EffectReport:
    """The answer: checks of the design first, then the findings by outcome.

    Attributes
    ----------
    checks
        Of the design as a whole; each outcome has its own besides.
    outcomes
        In the order of the study.
    """

    study: Study
    data: DataFacts
    checks: tuple[Check, ...] = ()
    balance: tuple[Balance, ...] = ()
    outcomes: tuple[OutcomeFindings, ...] = ()
    format: int = FORMAT

    @property
    def refused(self) -> bool:
        """Whether no outcome has an effect or a difference to tell."""
        return all(each.refused for each in self.outcomes)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why outcomes are refused, each reason once."""
        kept: list[Reason] = []
        for each in self.outcomes:
            kept += [reason for reason in each.reasons if reason not in kept]
        return tuple(kept)

    @property
    def all_checks(self) -> tuple[Check, ...]:
        """The checks of the design and of all outcomes."""
        return self.checks + tuple(check for each in self.outcomes for check in each.checks)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The estimates of all outcomes."""
        return tuple(estimate for each in self.outcomes for estimate in each.estimates)

    @property
    def events(self) -> tuple[EventPoint, ...]:
        """The event studies of all outcomes."""
        return tuple(event for each in self.outcomes for event in each.events)

    @property
    def grade(self) -> EvidenceGrade | None:
        """The weakest grade of what is told; ``None`` where nothing is."""
        grades = [each.grade for each in self.outcomes if each.grade is not None]
        return EvidenceGrade.weakest(grades) if grades else None

    def of(self, column: str) -> OutcomeFindings:
        """The findings for one outcome.

        Raises
        ------
        KeyError
            If the study has no such outcome.
        """
        for each in self.outcomes:
            if each.outcome.column == column:
                return each
        raise KeyError(column)

    def to_dict(self) -> dict[str, Any]:
        """The report as values that JSON knows."""
        return written_as(EffectReport, self)

    @classmethod
    def from_dict(cls, written: dict[str, Any]) -> EffectReport:
        """The report that ``to_dict`` wrote.

        Raises
        ------
        InvalidInput
            If it is no report of this form.
        """
        report: EffectReport = read_as(cls, written, "report")
        return report


def _percent(told: Estimate | EventPoint) -> tuple[float, float, float] | None:
    if told.scale is Scale.level:
        return None
    value, low, high = (100.0 * (_exp(each) - 1.0) for each in (told.value, told.low, told.high))
    return value, low, high


def _exp(value: float) -> float:
    return math.exp(value)
