"""How a new estimate sits among what is published on the same outcome."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from clusteratlas.programmes.effects.records import EffectReport, Estimate, OutcomeFindings
from clusteratlas.programmes.effects.study import Scale
from clusteratlas.programmes.evidence.comparing import UNPLACED, Refusal
from clusteratlas.programmes.evidence.library import Library
from clusteratlas.programmes.evidence.records import (
    FactScale,
    Finding,
    PublishedEffect,
    UnitKind,
)
from clusteratlas.programmes.grades import EvidenceGrade
from clusteratlas.tables import CannotAnswer

POINTS = ("percentage points", "points", "pp")


@dataclass(frozen=True, slots=True)
class NewEstimate:
    """An estimate of one's own, in the scale of published effects."""

    outcome: str
    scale: FactScale
    unit_of_value: str
    unit: UnitKind
    value: float
    low: float
    high: float
    grade: EvidenceGrade
    years: int | None = None

    @property
    def direction(self) -> Finding:
        """What it found: nothing, where its interval holds no change."""
        if self.low <= self.scale.nothing <= self.high:
            return Finding.none_detected
        return Finding.positive if self.value > self.scale.nothing else Finding.negative


@dataclass(frozen=True, slots=True)
class Beside:
    """A published effect beside the new one.

    ``ratio`` is the new value over the published one; ``None`` across a sign or for a range.
    ``same_sign`` compares estimates, not their significance.
    """

    effect: PublishedEffect
    same_sign: bool | None
    ratio: float | None
    within: bool | None
    """Whether the published value lies within the interval of the new one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a new estimate stands among published ones.

    Attributes
    ----------
    compared
        Published effects of causal grade in the same scale, the largest first.
    place
        Of the new one among them, 1 for the largest; ``None`` where there are none.
    median_ratio
        Median of the ratios; ``None`` where there are none.
    same_direction, directions
        Of published effects of causal grade with any direction, how many share the sign.
    refusals
        Why it is not set on one axis with others: nothing published, or in other scales only.
    """

    new: NewEstimate
    compared: tuple[Beside, ...]
    place: int | None
    median_ratio: float | None
    same_direction: int
    directions: int
    refusals: tuple[Refusal, ...]


def estimate_of_report(
    report: EffectReport, *, column: str = "", outcome: str = "", unit: UnitKind = UnitKind.firm
) -> NewEstimate:
    """Return what a report found, in the scale of published effects.

    Parameters
    ----------
    column
        Which outcome of the report; may be left out where it has one.
    outcome
        What published effects call it; the column's name where left out.

    Raises
    ------
    CannotAnswer
        The report has no such outcome, or tells no effect for it.
    """
    findings = findings_of(report, column)
    found = told_effect(findings)
    grade = findings.grade
    if grade is None or not grade.is_causal:
        raise CannotAnswer("the report tells no effect of causal grade", value=found.outcome)
    told = found.percent
    scale, shown = _scale(findings, unit)
    value, low, high = told if told is not None else (found.value, found.low, found.high)
    return NewEstimate(
        outcome or findings.outcome.column,
        scale,
        shown,
        unit,
        value,
        low,
        high,
        grade,
        found.horizon or report.study.choices.window,
    )


def findings_of(report: EffectReport, column: str) -> OutcomeFindings:
    """Return the findings for a column, or for the only one."""
    known = [each.outcome.column for each in report.outcomes]
    if not column and len(known) == 1:
        return report.outcomes[0]
    if column not in known:
        raise CannotAnswer(
            "the report has several outcomes: name one" if not column else "no such outcome",
            value=column,
            hint=f"one of {', '.join(known)}",
        )
    return report.of(column)


def told_effect(findings: OutcomeFindings) -> Estimate:
    """Return the effect over the whole window.

    Raises
    ------
    CannotAnswer
        The study refused to tell one: nothing may be built on it.
    """
    found = None if findings.refused else findings.effect()
    if found is None:
        raise CannotAnswer(
            "the study tells no effect for this outcome, so nothing follows from it",
            value=findings.outcome.column,
            hint="; ".join(each.code for each in findings.reasons) or "see the report's checks",
        )
    return found


def _scale(findings: OutcomeFindings, unit: UnitKind) -> tuple[FactScale, str]:
    outcome = findings.outcome
    if outcome.scale is not Scale.level:
        return FactScale.percent, "percent"
    if outcome.unit.lower() in POINTS:
        return FactScale.points, "percentage points"
    kind = FactScale.money_each if outcome.money else FactScale.count_each
    return kind, f"{outcome.unit or outcome.column} per {unit.value}"


def stands_among(new: NewEstimate, library: Library) -> Standing:
    """Return where a new estimate stands among published ones.

    Definition
    ----------
    Compared are effects of causal grade (A, B) on the same outcome, in the same scale and unit, on
    the same kind of unit. The sign is compared with all of causal grade on the same outcome that
    have a direction, in whatever scale.

    Parameters
    ----------
    new
        See `estimate_of_report`.
    library
        What is published.

    Returns
    -------
    Standing

    Missing data
    ------------
    Published effects have no intervals where their sources give none: that a value lies outside the
    new interval says nothing of whether the two differ.

    Raises
    ------
    Nothing.

    Source
    ------
    None: bookkeeping.

    Example
    -------
    >>> from clusteratlas.programmes.evidence.library import published_library
    >>> new = NewEstimate("rd_spend", FactScale.percent, "percent", UnitKind.firm, 3.65, 1.0, 6.4,
    ...     EvidenceGrade.B)
    >>> found = stands_among(new, published_library())
    >>> found.place, [(each.effect.identity, each.ratio) for each in found.compared]
    (2, [('poles-rd-percent-2009', 0.5), ('bavaria-rd', None)])
    >>> found.same_direction, found.directions
    (3, 4)
    """
    same = [
        each
        for each in library.effects
        if each.outcome == new.outcome and each.is_effect and each.grade.is_causal
    ]
    unit = new.unit_of_value if new.scale not in (FactScale.percent, FactScale.points) else ""
    key = (new.outcome, new.scale.value, unit, new.unit.value)
    alike = sorted(
        (each for each in same if each.group_key == key and each.scale not in UNPLACED),
        key=lambda each: -(each.middle or 0.0),
    )
    compared = tuple(_beside(new, each) for each in alike)
    ratios = [each.ratio for each in compared if each.ratio is not None]
    directed = [each for each in same if each.finding in (Finding.positive, Finding.negative)]
    way = Finding.positive if new.value > new.scale.nothing else Finding.negative
    return Standing(
        new,
        compared,
        1 + sum((each.middle or 0.0) > new.value for each in alike) if alike else None,
        statistics.median(ratios) if ratios else None,
        sum(each.finding is way for each in directed),
        len(directed),
        _refusals(new, same, alike),
    )


def _beside(new: NewEstimate, effect: PublishedEffect) -> Beside:
    nothing = new.scale.nothing
    middle = effect.middle if effect.middle is not None else nothing
    same = None if middle == nothing else (middle > nothing) == (new.value > nothing)
    ratio = None
    if effect.value is not None and effect.value_to is None and same and effect.value != 0:
        ratio = new.value / effect.value
    within = None if effect.value_to is not None else new.low <= middle <= new.high
    return Beside(effect, same, ratio, within)


def _refusals(
    new: NewEstimate, same: Sequence[PublishedEffect], alike: Sequence[PublishedEffect]
) -> tuple[Refusal, ...]:
    if alike:
        return ()
    if not same:
        return (Refusal("nothing_published", {"outcome": new.outcome}),)
    others = sorted({each.unit_of_value or each.scale.value for each in same})
    return (Refusal("other_scales", {"values": ", ".join(others), "own": new.unit_of_value}),)
