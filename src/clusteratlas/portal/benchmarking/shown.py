"""A benchmark as sentences, sheets and a chart, ready to be set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.portal import addresses, doubt, figures
from clusteratlas.portal import words as atlas_words
from clusteratlas.portal.benchmarking import words
from clusteratlas.portal.charts.boxes import BoxChart, Boxed, box_chart
from clusteratlas.portal.organised.reason_words import verdict_words
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.programmes.benchmarking import (
    Benchmark,
    Change,
    ClusterHealth,
    Gap,
    LabelCheck,
    Position,
    Questionnaire,
    Standing,
)

MOST_IN_PLAN = 5


def summary(found: Benchmark) -> str:
    """Say in a sentence how many points were reached."""
    total = found.score.total
    applies = total.asked - total.not_applicable
    said = {
        "share": words.share(total),
        "most": figures.whole(total.most),
        "points": words.points(total.low, total.high),
        "day": found.round.date.isoformat(),
        "answered": figures.whole(total.answered),
        "asked": figures.whole(applies),
    }
    return (
        _(
            "%(share)s of the points in the round of %(day)s: %(points)s of %(most)s, with "
            "%(answered)s of %(asked)s indicators answered."
        )
        % said
    )


def position_sentence(found: Benchmark) -> str:
    """Say in a sentence where an organisation stands among its peers, or why that is not told."""
    if found.chosen is None:
        return ""
    if found.chosen.refusal:
        return words.refused(found.chosen, found.rule.minimum_peers)
    whole = next((each for each in found.positions if each.of == "total"), None)
    if whole is None or whole.below is None:
        return ""
    said = {
        "share": figures.percent(whole.below),
        "peers": figures.whole(whole.peers),
        "low": figures.percent(whole.low),
        "high": figures.percent(whole.high),
        "population": figures.whole(whole.population),
        "confidence": figures.percent(found.rule.confidence),
    }
    return (
        _(
            "More points than about %(share)s of %(peers)s peers; among the %(population)s "
            "organisations they stand for, than %(low)s to %(high)s (%(confidence)s interval)."
        )
        % said
    )


def chart_of(found: Sequence[Position], asked: Questionnaire, source: str) -> BoxChart | None:
    """Return the boxes of peers with the own dots, in all and by group; none without peers."""
    rows = [each for each in found if each.of != "indicator"]
    if not rows:
        return None
    return box_chart(
        "positions",
        _("Share of the points, beside peers"),
        [_boxed(each, asked) for each in rows],
        source=source,
    )


def _boxed(each: Position, asked: Questionnaire) -> Boxed:
    box = each.box
    own = None
    if each.own_low is not None and each.own_high is not None:
        own = (each.own_low, each.own_high)
    return Boxed(
        _part_name(each, asked),
        box.lower,
        box.middle,
        box.upper,
        box.middle_low,
        box.middle_high,
        own,
        words.between(each.own_low, each.own_high) if own else figures.percent(box.middle),
        _("peers %(middle)s") % {"middle": figures.percent(box.middle)} if own else "",
        _("middle half of the peers: %(lower)s to %(upper)s")
        % {"lower": figures.percent(box.lower), "upper": figures.percent(box.upper)},
        "" if each.of == "total" else asked.language,
    )


def _part_name(each: Position, asked: Questionnaire) -> str:
    if each.of == "total":
        return _("In all")
    if each.of == "group":
        return next(group.name for group in asked.group if group.code == each.code)
    return asked.by_code[each.code].name


def position_sheet(found: Sequence[Position], asked: Questionnaire, *, own: bool) -> Sheet:
    """Return positions and boxes as a table, in all and by group."""
    columns = [SheetColumn(_("Part"), number=False)]
    if own:
        columns.append(SheetColumn(_("Own share")))
    columns += [
        SheetColumn(_("Lower quartile of peers")),
        SheetColumn(_("Median of peers")),
        SheetColumn(_("Upper quartile of peers")),
    ]
    if own:
        columns.append(SheetColumn(_("Peers with fewer points")))
    rows = []
    for each in found:
        if each.of == "indicator":
            continue
        box = each.box
        cells = [
            Cell(figures.percent(box.lower)),
            Cell(
                figures.percent(box.middle),
                between=doubt.between(box.middle_low, box.middle_high, figures.percent),
            ),
            Cell(figures.percent(box.upper)),
        ]
        if own:
            cells.insert(0, Cell(words.between(each.own_low, each.own_high)))
            cells.append(
                Cell(
                    figures.percent(each.below),
                    between=doubt.between(each.low, each.high, figures.percent),
                )
            )
        lang = "" if each.of == "total" else asked.language
        rows.append(SheetRow(_part_name(each, asked), cells, lang=lang))
    return Sheet("positions-table", _("Positions and boxes"), columns, rows)


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition of a label in words."""

    text: str
    mark: str
    standing: str
    standing_words: str
    found: str
    source: str


@dataclass(frozen=True, slots=True)
class LabelBlock:
    """The way to a label, ready to be set."""

    name: str
    mark: str
    standing: str
    standing_words: str
    conditions: Sequence[ConditionLine]
    sentence: str
    plan: str
    sheet: Sheet | None


def label_block(check: LabelCheck, asked: Questionnaire) -> LabelBlock:
    """Return how far it is to a label, with the gaps that are left."""
    open_ones = [each for each in check.gaps if each.standing is not Standing.met]
    return LabelBlock(
        check.rule.name,
        words.mark(check.rule.mark),
        check.standing.value,
        words.standing(check.standing),
        [
            ConditionLine(
                each.condition.text,
                words.mark(each.condition.mark),
                each.standing.value,
                words.standing(each.standing),
                words.condition(each),
                each.condition.source,
            )
            for each in check.conditions
        ],
        _gap_sentence(check),
        _plan_sentence(check),
        gap_sheet(open_ones, asked) if open_ones else None,
    )


def _gap_sentence(check: LabelCheck) -> str:
    counted = {each: len(check.of(each)) for each in Standing}
    return _(
        "Of the indicators %(met)s are surely met, %(missed)s surely not, and %(unknown)s are not "
        "known yet. The best value for work stands first."
    ) % {
        "met": figures.whole(counted[Standing.met]),
        "missed": figures.whole(counted[Standing.missed]),
        "unknown": figures.whole(counted[Standing.unknown]),
    }


def _plan_sentence(check: LabelCheck) -> str:
    plan = check.plan
    if plan is None:
        return ""
    if not plan.reaches:
        return _("Work alone does not surely reach what the label asks of points.")
    if not plan.steps:
        return _("What the label asks of points is surely reached.")
    return ngettext(
        "About %(days)s day of work would surely reach what the label asks of points, open "
        "indicators counted at nothing.",
        "About %(days)s days of work would surely reach what the label asks of points, open "
        "indicators counted at nothing.",
        round(plan.effort),
    ) % {"days": figures.whole(plan.effort)}


def gap_sheet(gaps: Sequence[Gap], asked: Questionnaire) -> Sheet:
    """Return indicators on the way to a label, in the order given."""
    return Sheet(
        "gaps-table",
        _("Indicators that are not surely met"),
        [
            SheetColumn(_("Indicator"), number=False),
            SheetColumn(_("Stands"), number=False),
            SheetColumn(_("Points now")),
            SheetColumn(_("Asked")),
            SheetColumn(_("Days of work for a point")),
        ],
        [
            SheetRow(
                each.indicator.name,
                [
                    Cell(words.standing(each.standing), number=False),
                    Cell(words.points(each.low, each.high)),
                    Cell(_asked(each)),
                    Cell(
                        _("only time")
                        if each.effort is None
                        else figures.measured(each.effort, "reported")
                    ),
                ],
                pills=[("origin", words.mark(each.indicator.mark))],
                lang=asked.language,
            )
            for each in gaps
        ],
    )


def _asked(gap: Gap) -> str:
    wanted = gap.most if gap.threshold is None else gap.threshold
    said = {"asked": figures.whole(wanted), "most": figures.whole(gap.most)}
    return _("%(asked)s of %(most)s") % said


def drift_sentence(found: Benchmark) -> str:
    """Say what was gained since the round before; nothing where there was none."""
    since = found.drift
    if since is None:
        return ""
    return _(
        "Points gained since %(day)s, %(months)s months before: %(gained)s. Groups that surely "
        "improved: %(groups)s of %(all)s."
    ) % {
        "day": since.since.isoformat(),
        "months": figures.whole(since.months),
        "gained": words.gained(since.total.low, since.total.high),
        "groups": figures.whole(len(since.surely_better)),
        "all": figures.whole(len(since.groups)),
    }


def drift_sheet(found: Benchmark) -> Sheet | None:
    """Return the indicators that changed between two rounds; none without two."""
    since, asked = found.drift, found.questionnaire
    if since is None:
        return None
    return Sheet(
        "drift-table",
        _("Indicators that changed, or are not known in one round"),
        [
            SheetColumn(_("Indicator"), number=False),
            SheetColumn(_("Before"), number=False),
            SheetColumn(_("Now"), number=False),
            SheetColumn(_("Change"), number=False),
            SheetColumn(_("Points gained")),
        ],
        [
            SheetRow(
                asked.by_code[each.indicator].name,
                [
                    Cell(words.answered(each.before, asked, each.indicator), number=False),
                    Cell(words.answered(each.after, asked, each.indicator), number=False),
                    Cell(str(words.CHANGES[each.change]), number=False),
                    Cell(words.gained(each.low, each.high)),
                ],
                lang=asked.language,
            )
            for each in since.indicators
            if each.change is not Change.same
        ],
        empty=_("No indicator changed."),
    )


def disagreement_sheet(found: Benchmark) -> Sheet | None:
    """Return answers that differ from what is known; none where none does."""
    asked = found.questionnaire
    if not found.disagreements:
        return None
    return Sheet(
        "differs-table",
        _("Two statements that differ"),
        [
            SheetColumn(_("Indicator"), number=False),
            SheetColumn(_("Answered"), number=False),
            SheetColumn(_("Known"), number=False),
            SheetColumn(_("Known from"), number=False),
            SheetColumn(_("Points more than what is known")),
        ],
        [
            SheetRow(
                each.indicator.name,
                [
                    Cell(words.answered(each.answered, asked, each.indicator.code), number=False),
                    Cell(
                        words.answered(each.known.value, asked, each.indicator.code), number=False
                    ),
                    Cell(words.known(each.known), number=False),
                    Cell(figures.signed(each.worth)),
                ],
                lang=asked.language,
            )
            for each in found.disagreements
        ],
    )


def health_sheet(rows: Sequence[ClusterHealth]) -> Sheet:
    """Return the measured state of the own clusters."""
    return Sheet(
        "health-table",
        _("Measured health of its own clusters"),
        [
            SheetColumn(_("Cluster and region"), number=False),
            SheetColumn(_("The map says"), number=False),
            SheetColumn(_("Year")),
            SheetColumn(_("Jobs")),
            SheetColumn(_("Quotient")),
            SheetColumn(_("Jobs gained")),
            SheetColumn(_("Growth a year")),
            SheetColumn(_("Growth a year elsewhere")),
        ],
        [_health_row(each) for each in rows],
        empty=_("The profile names no field that the map could be asked about."),
    )


def _health_row(each: ClusterHealth) -> SheetRow:
    name = atlas_words.cluster(each.cluster_name)
    if each.subcluster:
        name = f"{name}: {atlas_words.cluster(each.subcluster)}"
    href = ""
    if each.year is not None:
        href = addresses.region_cluster(
            each.scheme, each.region, each.cluster, definition=each.definition
        )
    jobs = doubt.between(each.employment_low, each.employment_high, figures.whole)
    return SheetRow(
        _("%(cluster)s in %(region)s") % {"cluster": name, "region": each.region_name},
        [
            Cell(verdict_words(each.verdict), number=False),
            Cell(str(each.year) if each.year else figures.NOTHING),
            Cell(
                figures.jobs(each.employment, each.status) if each.status else figures.NOTHING,
                each.status,
                between=jobs,
            ),
            Cell(
                figures.quotient(each.location_quotient),
                between=doubt.between(
                    each.location_quotient_low, each.location_quotient_high, figures.quotient
                ),
            ),
            Cell(
                figures.signed(each.change),
                between=words.gained(each.change_low, each.change_high)
                if each.change_low != each.change_high
                else "",
            ),
            Cell(_since(each)),
            Cell(figures.growth(each.reference_growth)),
        ],
        href,
    )


def _since(each: ClusterHealth) -> str:
    if each.growth is None or each.since is None:
        return figures.NOTHING
    said = {"rate": figures.growth(each.growth), "year": each.since}
    return _("%(rate)s since %(year)s") % said
