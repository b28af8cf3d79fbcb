"""A study as its page shows it: sentences first, then pictures and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.portal import figures
from clusteratlas.portal.charts.event_study import Difference, EventChart, event_chart
from clusteratlas.portal.programmes.effects import (
    amounts,
    check_words,
    synthetic_tables,
    tables,
    words,
)
from clusteratlas.portal.programmes.models import EffectStudy
from clusteratlas.portal.sheets import Sheet
from clusteratlas.programmes.effects import (
    Check,
    EffectReport,
    OutcomeFindings,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A check in words, with how it came out."""

    name: str
    said: str
    verdict: str
    verdict_words: str
    units: str


@dataclass(frozen=True, slots=True)
class ShownOutcome:
    """What was found for an outcome, in words, pictures and tables."""

    name: str
    stage: str
    refused: bool
    grade: str
    grade_words: str
    sentence: str
    reasons: Sequence[tuple[str, Sequence[str]]] = ()
    sheets: Sequence[Sheet] = ()
    charts: Sequence[EventChart] = ()
    checks: Sequence[ShownCheck] = ()
    more: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ShownStudy:
    """A study as it is shown; a list needs only what stands before ``facts``."""

    title: str
    design: str
    outcomes: Sequence[ShownOutcome]
    facts: Sequence[tuple[str, str, str]] = ()
    checks: Sequence[ShownCheck] = ()
    balance: Sheet | None = None
    choices: Sequence[tuple[str, str]] = ()
    files: Sequence[tuple[str, str]] = ()
    source: str = ""
    refused: bool = field(default=False)


def shown_study(study: EffectStudy, *, whole: bool = False) -> ShownStudy:
    """Return a study in the language spoken now; ``whole`` with pictures, tables and checks."""
    report = EffectReport.from_dict(study.report)
    outcomes = [_outcome(each, report, whole=whole) for each in report.outcomes]
    design = str(words.DESIGNS[report.study.design])
    if not whole:
        return ShownStudy(study.title, design, outcomes, refused=report.refused)
    return ShownStudy(
        study.title,
        design,
        outcomes,
        _facts(report),
        [_check(each) for each in report.checks],
        tables.balance_sheet(report) if report.balance else None,
        _choices(report),
        sorted(report.data.checksums.items()),
        _source(report),
        report.refused,
    )


def _outcome(findings: OutcomeFindings, report: EffectReport, *, whole: bool) -> ShownOutcome:
    name = tables.outcome_name(findings)
    place = 1 + report.outcomes.index(findings)
    return ShownOutcome(
        name,
        str(words.STAGES[findings.outcome.stage]),
        findings.refused,
        findings.grade.value if findings.grade else "",
        words.grade(findings.grade) if findings.grade else "",
        sentence(findings),
        [check_words.reason(each) for each in findings.reasons],
        _sheets(findings, place) if whole else (),
        _charts(findings, report, place) if whole else (),
        [_check(each) for each in findings.checks] if whole else (),
        _more(findings) if whole else (),
    )


def sentence(findings: OutcomeFindings) -> str:
    """Return the answer for an outcome in one sentence."""
    name = tables.outcome_name(findings)
    if findings.refused:
        return _("No effect on %(outcome)s is told: the comparison would not be fair.") % {
            "outcome": name
        }
    found = findings.effect()
    if found is None:
        return _difference(findings)
    told = {
        "outcome": name,
        "effect": amounts.said(found, findings.outcome.unit).whole,
        "treated": figures.whole(found.treated),
        "controls": figures.whole(found.controls),
    }
    if not found.is_significant:
        return (
            _(
                "Whether support changed %(outcome)s is not known: the estimate of %(effect)s "
                "leaves open whether there is any effect; %(treated)s supported, %(controls)s "
                "compared."
            )
            % told
        )
    if found.value > 0:
        return (
            _(
                "Support raised %(outcome)s by %(effect)s, the mean of the years looked at; "
                "%(treated)s supported, %(controls)s compared."
            )
            % told
        )
    return (
        _(
            "Support lowered %(outcome)s: %(effect)s, the mean of the years looked at; "
            "%(treated)s supported, %(controls)s compared."
        )
        % told
    )


def _difference(findings: OutcomeFindings) -> str:
    found = findings.difference
    if found is None:
        return _("Nothing can be told of %(outcome)s.") % {"outcome": tables.outcome_name(findings)}
    return _(
        "From %(first)s to %(last)s %(outcome)s changed by %(difference)s more in the supported "
        "than in the others. That describes the two; it is not an effect."
    ) % {
        "first": found.first,
        "last": found.last,
        "outcome": tables.outcome_name(findings),
        "difference": amounts.signed(amounts.as_shown(found.value, found.scale)),
    }


def _sheets(findings: OutcomeFindings, place: int) -> list[Sheet]:
    groups = dict.fromkeys(each.group for each in findings.estimates)
    sheets = [
        tables.estimates_sheet(findings, group, f"estimates-{place}-{group.value}")
        for group in groups
    ]
    if findings.synthetic is not None:
        name = tables.outcome_name(findings)
        sheets.append(synthetic_tables.donors_sheet(findings.synthetic, name, f"donors-{place}"))
    return sheets


def _charts(findings: OutcomeFindings, report: EffectReport, place: int) -> list[EventChart]:
    """The event study of the estimator that the design stands on, for each group."""
    headline = {each.estimator for each in findings.estimates if each.headline}
    charts = []
    for group in dict.fromkeys(each.group for each in findings.events):
        points = [
            each for each in findings.events if each.group is group and each.estimator in headline
        ] or [each for each in findings.events if each.group is group]
        if not points:
            continue
        scale, unit = points[0].scale, findings.outcome.unit
        drawn = [
            Difference(
                each.time,
                *(
                    amounts.as_shown(value, scale)
                    for value in (each.value, each.low, each.high, each.band_low, each.band_high)
                ),
            )
            for each in points
        ]
        unit_words = "%" if points[0].percent is not None else unit
        title = _("%(outcome)s, %(group)s: difference from those compared with, in %(unit)s") % {
            "outcome": tables.outcome_name(findings),
            "group": words.GROUPS[group],
            "unit": unit_words,
        }
        said = "; ".join(
            _("%(time)s: %(effect)s")
            % {"time": f"{each.time:+d}", "effect": amounts.said(each, unit).whole}
            for each in points
        )
        charts.append(
            event_chart(
                f"event-study-{place}-{group.value}",
                title,
                drawn,
                written=amounts.signed,
                said=said,
                source=report.data.source,
            )
        )
    return charts


def _more(findings: OutcomeFindings) -> list[str]:
    """What else must be known: agreement, sensitivity, one treated less, cost."""
    told = []
    cost = findings.cost
    if cost is not None:
        told.append(cost_sentence(findings))
    weak = findings.sensitivity
    if weak is not None and weak.breakdown is not None:
        told.append(
            _(
                "The sign holds as long as trends part each year by less than %(times)s times the "
                "largest change seen from one year to the next before the start."
            )
            % {"times": amounts.plain(round(weak.breakdown, 2))}
            if weak.breakdown > 0
            else _("Even if trends run parallel the sign is open.")
        )
    without = findings.leave_one_out
    if findings.synthetic is not None:
        told.append(synthetic_tables.rank_sentence(findings.synthetic))
    if without is not None:
        left_out = (
            _(
                "Leaving out one supported unit at a time moves the estimate between %(range)s; "
                "most hangs on %(unit)s."
            )
            if findings.synthetic is None
            else _(
                "Leaving out one donor at a time moves the estimate between %(range)s; most hangs "
                "on %(unit)s."
            )
        )
        told.append(
            left_out
            % {
                "range": amounts.range_of(
                    amounts.as_shown(without.low, findings.outcome.scale),
                    amounts.as_shown(without.high, findings.outcome.scale),
                    percent=findings.estimates[0].percent is not None,
                ),
                "unit": without.most_influential,
            }
        )
    return told


def cost_sentence(findings: OutcomeFindings) -> str:
    """Return what an additional unit of an outcome cost the public, or why that is open."""
    cost = findings.cost
    if cost is None:
        return ""
    told = {
        "currency": cost.currency,
        "unit": cost.unit or tables.outcome_name(findings),
        "cost": figures.whole(cost.cost),
        "value": amounts.plain(cost.value) if cost.value is not None else "",
        "low": amounts.plain(cost.low) if cost.low is not None else "",
        "high": amounts.plain(cost.high) if cost.high is not None else "",
        "year": cost.horizon,
    }
    if cost.value is None:
        said = _(
            "What an additional unit (%(unit)s) cost cannot be said: the estimate holds no gain in "
            "year %(year)s."
        )
    elif not cost.bounded and cost.low is not None:
        said = _(
            "Public cost of each additional unit (%(unit)s) in year %(year)s: %(currency)s "
            "%(value)s, at least %(low)s and without an upper bound, since the effect may be "
            "nothing."
        )
    else:
        said = _(
            "Public cost of each additional unit (%(unit)s) in year %(year)s: %(currency)s "
            "%(value)s (%(low)s to %(high)s), of %(currency)s %(cost)s in all."
        )
    return said % told


def _check(found: Check) -> ShownCheck:
    name, said = check_words.check(found)
    return ShownCheck(
        name,
        said,
        found.verdict.value,
        str(words.VERDICTS[found.verdict]),
        figures.listed(list(found.units[:8])) if found.verdict is not Verdict.passed else "",
    )


def _facts(report: EffectReport) -> list[tuple[str, str, str]]:
    data = report.data
    found = [
        (_("Supported"), figures.whole(data.treated), _("units")),
        (_("Compared with"), figures.whole(data.controls), _("units")),
        (
            _("Years"),
            f"{data.first_period}\u2013{data.last_period}",
            ngettext("%(number)s year", "%(number)s years", data.periods)
            % {"number": data.periods},
        ),
        (_("Figures"), figures.whole(data.rows), _("rows")),
    ]
    if data.set_aside:
        found.append((_("Left out"), figures.whole(data.set_aside), _("units with years missing")))
    return found


def _choices(report: EffectReport) -> list[tuple[str, str]]:
    asked = report.study.choices
    never = asked.controls == "never"
    found = [
        (_("Compared"), str(words.DESIGNS[report.study.design])),
        (
            _("Controls"),
            _("only those never supported") if never else _("those supported later or never"),
        ),
        (_("Years under support that are looked at"), str(asked.window)),
        (_("Years before the start in which it was known"), str(asked.anticipation)),
        (_("Intervals cover"), figures.percent(asked.level)),
        (_("Seed and draws"), f"{asked.seed}, {figures.whole(asked.draws)}"),
    ]
    if asked.keep_balanced:
        found.append((_("Missing years"), _("units with missing years are left out")))
    if asked.randomised:
        found.append((_("Drawn by lot"), asked.randomised))
    return found


def _source(report: EffectReport) -> str:
    data = report.data
    years = f"{data.first_period}\u2013{data.last_period}"
    return _("%(source)s, %(years)s; estimated by Cluster Atlas %(version)s.") % {
        "source": data.source or report.study.source,
        "years": years,
        "version": data.code_version,
    }
