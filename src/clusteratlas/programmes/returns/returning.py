"""What a member firm and the public get back: an effect, what is assumed, what it cost."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from clusteratlas.programmes.effects.records import EffectReport, Estimate, OutcomeFindings
from clusteratlas.programmes.effects.study import Scale
from clusteratlas.programmes.evidence.standing import findings_of, told_effect
from clusteratlas.programmes.grades import EvidenceGrade
from clusteratlas.programmes.returns.assumptions import (
    Assumed,
    Assumptions,
    LeverageAssumptions,
    MemberAssumptions,
    PublicAssumptions,
)
from clusteratlas.programmes.returns.fieller import RatioInterval, ratio_interval
from clusteratlas.tables import CannotAnswer

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranged:
    """A figure with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MemberReturn:
    """What taking part brings one firm, over all years, discounted.

    Attributes
    ----------
    benefit, cost, net
        Amounts for each firm; ``net`` is benefit less cost.
    ratio
        Benefit for each unit of money that the firm puts in; ``None`` where it puts in nothing.
    chance_positive
        Share of draws in which the firm gains, 0-1.
    break_even
        Additional units of the outcome a year at which it neither gains nor loses.
    """

    benefit: Ranged
    cost: Ranged
    net: Ranged
    ratio: Ranged | None
    chance_positive: float
    break_even: float


@dataclass(frozen=True, slots=True)
class PublicReturn:
    """What public money brought that would not be there without it.

    Attributes
    ----------
    additional
        Additional units of the outcome a year, all treated units together.
    treated
        How many these are: those of the list, with a match or without.
    cost
        Public money, discounted.
    per_million
        Additional units a year for a million of public money.
    value_per_unit_of_money
        Additional value for each unit of public money, both discounted. Value, not tax: it goes to
        firms and people.
    """

    additional: Ranged
    treated: int
    cost: Ranged
    per_million: Ranged
    value_per_unit_of_money: Ranged
    chance_above_cost: float


@dataclass(frozen=True, slots=True)
class Leverage:
    """Additional own money of firms for each unit of additional public money: both are effects."""

    private: Ranged
    public: Ranged
    ratio: RatioInterval
    correlation: float


@dataclass(frozen=True, slots=True)
class Returns:
    """The answer, with everything it rests on.

    ``grade`` is that of the effect. What is assumed has no grade: it is shown.
    """

    outcome: str
    unit: str
    grade: EvidenceGrade
    effect: Ranged
    effect_years: int
    discounted_years: float
    assumptions: Assumptions
    member: MemberReturn | None
    public: PublicReturn | None
    leverage: Leverage | None

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as values that JSON knows."""
        written = {
            name: getattr(self, name)
            for name in ("outcome", "unit", "effect_years", "discounted_years")
        }
        parts = ("effect", "member", "public", "leverage")
        held = {name: getattr(self, name) for name in parts}
        return {
            **written,
            "grade": self.grade.value,
            **{name: None if part is None else asdict(part) for name, part in held.items()},
            "assumptions": self.assumptions.model_dump(mode="json"),
        }


def returns_of(report: EffectReport, assumptions: Assumptions, *, column: str = "") -> Returns:
    r"""Return what a member firm and the public get back.

    Definition
    ----------
    .. math:: B = \hat\tau \, v \, A, \quad
       A = \sum_{t=1}^{w} (1+r)^{-t} + \sum_{k=1}^{m} (1-d)^k (1+r)^{-(w+k)}

    :math:`\hat\tau` is the mean effect of the window for each treated unit and year, v the value of
    one unit of the outcome, w the window, m the years after it, d the decay, r the discount rate; a
    year's amounts count at its end. A firm keeps a share of B and pays fee, hours and own share in
    each year of the window. The public gets B times all treated units of the list for its cost,
    those without a match among them: the cost is theirs too. An effect in
    percent is turned into units by the assumed base. Intervals are quantiles of draws: the effect
    from its normal distribution, assumptions with ends from triangles, all independent. The
    interval of leverage is Fieller's.

    Parameters
    ----------
    report
        Of an effect that was told.
    assumptions
        Amounts in one currency and price base.
    column
        Which outcome of the report; may be left out where it has one.

    Returns
    -------
    Returns
        Amounts in the currency of the assumptions. Gross figures stand in the assumptions and go
        into nothing.

    Missing data
    ------------
    What is not stated is not assumed: no years after the window, no base, no costs of time.

    Raises
    ------
    CannotAnswer
        The effect was refused, or is none of causal grade; currencies or price bases differ; an
        effect in percent without a base; leverage of outcomes that are no money.

    Source
    ------
    Discounting as customary in cost-benefit analysis; E. C. Fieller (1954).

    Example
    -------
    See `docs/explanation/returns.md`.
    """
    findings = findings_of(report, column)
    found = told_effect(findings)
    grade = _causal(findings)
    _refuse_mixed_money(report, findings, assumptions)
    window = report.study.choices.window
    span = discounted_years(assumptions, window)
    rng = np.random.default_rng(assumptions.seed)
    draws = _Draws(rng, assumptions.draws)
    middle, drawn = _in_units(found, assumptions, draws)
    value = draws.of(assumptions.value_per_unit)
    member = public = leverage = None
    if assumptions.member is not None:
        member = _member(assumptions.member, middle, drawn, value, assumptions, window, draws)
    if assumptions.public is not None:
        public = _public(
            assumptions.public,
            middle,
            drawn,
            value,
            assumptions,
            report.data.treated,
            window,
            draws,
        )
    if assumptions.leverage is not None:
        leverage = _leverage(assumptions.leverage, report, assumptions)
    return Returns(
        findings.outcome.name or findings.outcome.column,
        findings.outcome.unit or findings.outcome.column,
        grade,
        _ranged(middle, drawn, assumptions.level),
        window,
        span,
        assumptions,
        member,
        public,
        leverage,
    )


def discounted_years(assumptions: Assumptions, window: int) -> float:
    """Return A: years of the effect, discounted, with those after the window.

    >>> from clusteratlas.programmes.returns.assumptions import assumptions_of
    >>> held = assumptions_of({"currency": "EUR", "discount_rate": 0.1, "value_per_unit": 1,
    ...     "years_after": 1, "decay": 0.5, "public": {"cost": 1}})
    >>> round(discounted_years(held, 2), 6)
    2.111195
    """
    rate, kept = 1 + assumptions.discount_rate, 1 - assumptions.decay
    during = sum(rate**-year for year in range(1, window + 1))
    after = sum(
        kept**year * rate ** -(window + year) for year in range(1, assumptions.years_after + 1)
    )
    return float(during + after)


class _Draws:
    """Draws of one answer: all from one generator, in one order."""

    def __init__(self, rng: np.random.Generator, count: int) -> None:
        self.rng, self.count = rng, count

    def of(self, assumed: Assumed) -> Floats:
        """Draw an assumption; one without ends is the same in every draw."""
        if assumed.low is None or assumed.high is None or assumed.low == assumed.high:
            return np.full(self.count, assumed.value)
        return self.rng.triangular(assumed.low, assumed.value, assumed.high, self.count)

    def effect(self, found: Estimate) -> Floats:
        """Draw an effect from its normal distribution."""
        return self.rng.normal(found.value, found.standard_error, self.count)


def _in_units(found: Estimate, assumptions: Assumptions, draws: _Draws) -> tuple[float, Floats]:
    """Return the effect in units of the outcome for each treated unit and year."""
    drawn = draws.effect(found)
    if found.scale is Scale.level:
        return found.value, drawn
    if assumptions.base is None:
        raise CannotAnswer(
            "the effect is in percent, so the level it adds to must be assumed",
            value=found.outcome,
            hint="give base: the outcome of a treated unit without the programme, in a year",
        )
    return (
        assumptions.base.value * math.expm1(found.value),
        draws.of(assumptions.base) * np.expm1(drawn),
    )


def _member(
    held: MemberAssumptions,
    middle: float,
    drawn: Floats,
    value: Floats,
    assumptions: Assumptions,
    window: int,
    draws: _Draws,
) -> MemberReturn:
    span = discounted_years(assumptions, window)
    paying = _paid_years(assumptions, window)
    kept = draws.of(held.kept)
    yearly = draws.of(held.fee) + draws.of(held.own_share)
    yearly = yearly + draws.of(held.hours) * draws.of(held.cost_of_hour)
    costs = yearly * paying
    cost = held.fee.value + held.own_share.value + held.hours.value * held.cost_of_hour.value
    worth = assumptions.value_per_unit.value * span * held.kept.value
    benefits = drawn * value * span * kept
    benefit, level = middle * worth, assumptions.level
    ratio = None
    if cost > 0 and float(costs.min()) > 0:
        ratio = _ranged(benefit / (cost * paying), benefits / costs, level)
    return MemberReturn(
        _ranged(benefit, benefits, level),
        _ranged(cost * paying, costs, level),
        _ranged(benefit - cost * paying, benefits - costs, level),
        ratio,
        float((benefits > costs).mean()),
        cost * paying / worth,
    )


def _public(
    held: PublicAssumptions,
    middle: float,
    drawn: Floats,
    value: Floats,
    assumptions: Assumptions,
    treated: int,
    window: int,
    draws: _Draws,
) -> PublicReturn:
    span = discounted_years(assumptions, window)
    share = _paid_years(assumptions, window) / window if held.paid == "evenly" else 1.0
    nominal = draws.of(held.cost)
    costs, cost = nominal * share, held.cost.value * share
    level = assumptions.level
    benefits = drawn * treated * value * span
    benefit = middle * treated * assumptions.value_per_unit.value * span
    return PublicReturn(
        _ranged(middle * treated, drawn * treated, level),
        treated,
        _ranged(cost, costs, level),
        _ranged(middle * treated / held.cost.value * 1e6, drawn * treated / nominal * 1e6, level),
        _ranged(benefit / cost, benefits / costs, level),
        float((benefits > costs).mean()),
    )


def _paid_years(assumptions: Assumptions, window: int) -> float:
    return float(sum((1 + assumptions.discount_rate) ** -year for year in range(1, window + 1)))


def _leverage(
    held: LeverageAssumptions, report: EffectReport, assumptions: Assumptions
) -> Leverage:
    told = []
    for column in (held.private, held.public):
        findings = findings_of(report, column)
        found = told_effect(findings)
        _causal(findings)
        if not findings.outcome.money or found.scale is not Scale.level:
            raise CannotAnswer(
                "leverage is a ratio of two amounts of money", value=column, hint="in levels"
            )
        _refuse_mixed_money(report, findings, assumptions)
        told.append(found)
    private, public = told
    return Leverage(
        Ranged(private.value, private.low, private.high),
        Ranged(public.value, public.low, public.high),
        ratio_interval(
            private.value,
            public.value,
            above_error=private.standard_error,
            below_error=public.standard_error,
            correlation=held.correlation,
            level=assumptions.level,
        ),
        held.correlation,
    )


def _causal(findings: OutcomeFindings) -> EvidenceGrade:
    grade = findings.grade
    if grade is None or not grade.is_causal:
        raise CannotAnswer(
            "what the report tells is no effect of causal grade, so nothing is additional",
            value="" if grade is None else grade.value,
            hint="a return rests on grade A or B",
        )
    return grade


def _refuse_mixed_money(
    report: EffectReport, findings: OutcomeFindings, assumptions: Assumptions
) -> None:
    outcome, costs = findings.outcome, report.study.costs
    held = [("the outcome", outcome.unit, outcome.price_base)] if outcome.money else []
    if costs is not None and assumptions.public is not None:
        held.append(("the costs of the report", costs.currency, costs.price_base))
    for what, currency, base in held:
        if currency != assumptions.currency:
            raise CannotAnswer(
                f"{what} and the assumptions are in different currencies",
                value=f"{currency}, {assumptions.currency}",
                hint="tell all amounts in one currency; no rate is assumed here",
            )
        if base != assumptions.price_base:
            raise CannotAnswer(
                f"{what} and the assumptions are in prices of different years",
                value=f"{base or 'of the time'}, {assumptions.price_base or 'of the time'}",
                hint="tell all amounts in the prices of one year",
            )


def _ranged(value: float, drawn: Floats, level: float) -> Ranged:
    low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2])
    return Ranged(float(value), float(low), float(high))
