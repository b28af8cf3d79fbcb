"""Tables of a study: estimators side by side, checks, and the records to take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.portal import figures
from clusteratlas.portal.programmes.effects import amounts, words
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.programmes.effects import EffectReport, Estimate, Group, OutcomeFindings


def outcome_name(findings: OutcomeFindings) -> str:
    """Return what people call an outcome."""
    return findings.outcome.name or findings.outcome.column


def horizon(years: int | None) -> str:
    """Write the year under support that an effect is of."""
    if years is None:
        return _("mean of the window")
    return ngettext("year %(years)s", "year %(years)s", years) % {"years": years}


def estimates_sheet(findings: OutcomeFindings, group: Group, identity: str) -> Sheet:
    """Return the estimators side by side, a row for each year under support."""
    found = [each for each in findings.estimates if each.group is group]
    estimators = list(dict.fromkeys(each.estimator for each in found))
    estimators.sort(key=lambda each: not any(e.headline for e in found if e.estimator is each))
    by_place = {(each.horizon, each.estimator): each for each in found}
    horizons = sorted({each.horizon for each in found}, key=lambda each: (each is None, each or 0))
    unit = findings.outcome.unit
    rows = [
        SheetRow(
            horizon(years),
            [_cell(by_place.get((years, each)), unit) for each in estimators],
        )
        for years in horizons
    ]
    columns = [SheetColumn(_("Year under support"), number=False)]
    columns += [
        SheetColumn(str(words.ESTIMATORS[each]), _unit_of(found, unit)) for each in estimators
    ]
    caption = _("Effect on %(outcome)s, %(group)s: estimators side by side") % {
        "outcome": outcome_name(findings),
        "group": words.GROUPS[group],
    }
    return Sheet(identity, caption, columns, rows)


def _unit_of(found: list[Estimate], unit: str) -> str:
    return "%" if found and found[0].percent is not None else unit


def _cell(found: Estimate | None, unit: str) -> Cell:
    if found is None:
        return Cell(figures.NOTHING)
    told = amounts.said(found, unit)
    return Cell(told.value, between=told.between)


def balance_sheet(report: EffectReport) -> Sheet:
    """Return what supported and controls looked like before, and after matching."""
    rows = [
        SheetRow(
            each.covariate,
            [
                Cell(amounts.plain(each.treated)),
                Cell(amounts.plain(each.controls_before)),
                Cell(amounts.signed(round(each.difference_before, 2))),
                Cell(amounts.plain(each.controls_after)),
                Cell(amounts.signed(round(each.difference_after, 2))),
            ],
            lang="und",
        )
        for each in report.balance
    ]
    columns = [
        SheetColumn(_("Before support"), number=False),
        SheetColumn(_("Supported"), _("mean")),
        SheetColumn(_("Others"), _("mean")),
        SheetColumn(_("Difference"), _("standard deviations")),
        SheetColumn(_("Matched controls"), _("mean")),
        SheetColumn(_("Difference"), _("standard deviations")),
    ]
    caption = _("What the supported and their controls looked like before")
    return Sheet("balance", caption, columns, rows)


@dataclass(frozen=True, slots=True)
class EstimateRecord:
    """An effect as it is taken away; a refused outcome has one row without any figure."""

    outcome: str
    stage: str
    group: str
    estimator: str
    headline: bool | None
    horizon: int | None
    effect: float | None
    effect_low: float | None
    effect_high: float | None
    standard_error: float | None
    p: float | None
    level: float | None
    treated: int | None
    controls: int | None
    unit: str
    scale: str
    grade: str
    refused: str


@dataclass(frozen=True, slots=True)
class EventRecord:
    """A point of an event study as it is taken away."""

    outcome: str
    group: str
    estimator: str
    time: int
    difference: float
    difference_low: float
    difference_high: float
    band_low: float
    band_high: float
    standard_error: float
    treated: int
    controls: int
    scale: str


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """A check as it is taken away."""

    outcome: str
    check: str
    verdict: str
    statistic: float | None
    threshold: float | None
    units: str
    periods: str


def estimate_records(report: EffectReport) -> list[EstimateRecord]:
    """Return every estimate, and a row for each outcome of which none is told."""
    found = []
    for each in report.outcomes:
        shared: dict[str, Any] = {
            "outcome": each.outcome.column,
            "stage": each.outcome.stage.value,
            "unit": each.outcome.unit,
            "scale": each.outcome.scale.value,
            "grade": each.grade.value if each.grade else "",
            "refused": ", ".join(reason.code for reason in each.reasons),
        }
        if not each.estimates:
            empty: dict[str, Any] = dict.fromkeys(_FIGURES)
            found.append(EstimateRecord(**shared, **empty, group="", estimator=""))
        found += [
            EstimateRecord(
                **shared,
                group=estimate.group.value,
                estimator=estimate.estimator.value,
                headline=estimate.headline,
                horizon=estimate.horizon,
                effect=estimate.value,
                effect_low=estimate.low,
                effect_high=estimate.high,
                standard_error=estimate.standard_error,
                p=estimate.p,
                level=estimate.level,
                treated=estimate.treated,
                controls=estimate.controls,
            )
            for estimate in each.estimates
        ]
    return found


_FIGURES = (
    "headline",
    "horizon",
    "effect",
    "effect_low",
    "effect_high",
    "standard_error",
    "p",
    "level",
    "treated",
    "controls",
)


def event_records(report: EffectReport) -> list[EventRecord]:
    """Return every point of every event study."""
    return [
        EventRecord(
            each.outcome,
            each.group.value,
            each.estimator.value,
            each.time,
            each.value,
            each.low,
            each.high,
            each.band_low,
            each.band_high,
            each.standard_error,
            each.treated,
            each.controls,
            each.scale.value,
        )
        for each in report.events
    ]


def check_records(report: EffectReport) -> list[CheckRecord]:
    """Return every check, of the design and of each outcome."""
    return [
        CheckRecord(
            each.outcome,
            each.code,
            each.verdict.value,
            each.statistic,
            each.threshold,
            ", ".join(each.units),
            ", ".join(map(str, each.periods)),
        )
        for each in report.all_checks
    ]
