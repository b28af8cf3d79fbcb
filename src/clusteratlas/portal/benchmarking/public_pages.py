"""What everybody reads: the questionnaires with their marks, labels, and aggregates of the pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clusteratlas.portal import figures
from clusteratlas.portal.benchmarking import addresses, shelf, shown, words
from clusteratlas.portal.benchmarking.asked import filters, peer_filter
from clusteratlas.portal.benchmarking.table_pages import (
    WORDS,
    PositionRecord,
    position_records,
)
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.rights import needs
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.programmes.benchmarking import (
    DEMANDS,
    Chosen,
    LabelRule,
    Questionnaire,
    benchmark_rule,
    choose,
    positions,
)
from clusteratlas.programmes.benchmarking.layout import answer_with

SECTION = "organisations"


@dataclass(frozen=True, slots=True)
class LabelLine:
    """A label as it is explained."""

    rule: LabelRule
    mark: str
    earned_mark: str
    valid: str
    renewed: str
    validity_mark: str
    prices: Sequence[tuple[str, str, str, str]]
    """(what, how much, mark, source)"""
    conditions: Sequence[tuple[str, str, str]]
    """(text, mark, source)"""


@dataclass(frozen=True, slots=True)
class IndicatorRecord:
    """An indicator of a questionnaire as a line of a table."""

    questionnaire: str
    group: str
    group_mark: str
    indicator: str
    name: str
    name_mark: str
    asks: str
    answer_with: str
    scale_mark: str
    points_most: int | None
    threshold: int | None
    threshold_mark: str
    effort_days: float | None
    effort_mark: str


INDICATOR_WORDS = {
    **WORDS,
    "questionnaire": "name and version of the questionnaire",
    "group": "name of the group",
    "group_mark": "where the name of the group comes from",
    "asks": "the question",
    "answer_with": "what it is answered with",
    "scale_mark": "where the scale comes from",
    "threshold_mark": "where the threshold comes from",
    "effort_mark": "where the days of work come from",
}


@needs("read")
@require_safe
def schemes_page(request: AtlasRequest) -> HttpResponse:
    """Explain benchmarking and its questionnaires."""
    schemes = [
        (each, addresses.schemes(f"{each.key}/"), _counts(each), _pool_sentence(each))
        for each in shelf.questionnaires().values()
    ]
    return page(
        request,
        "benchmarking/schemes.html",
        section=SECTION,
        schemes=schemes,
        marks=[(str(said), key.value) for key, said in words.MARKS.items()],
        minimum=figures.whole(benchmark_rule().minimum_peers),
        api=addresses.by_api(),
    )


def _counts(asked: Questionnaire) -> str:
    return _(
        "%(indicators)s indicators (%(mark)s) in %(groups)s groups (%(groups_mark)s); how they "
        "fall into the groups: %(split)s."
    ) % {
        "indicators": figures.whole(len(asked.indicator)),
        "mark": words.mark(asked.indicators_in_all.mark),
        "groups": figures.whole(len(asked.group)),
        "groups_mark": words.mark(asked.groups_in_all.mark),
        "split": words.mark(asked.split),
    }


def _pool_sentence(asked: Questionnaire) -> str:
    count = len(shelf.pool(asked).peers)
    minimum = benchmark_rule().minimum_peers
    if count < minimum:
        return _(
            "Fewer than %(minimum)s organisations share a finished round so far; nothing is told "
            "of them."
        ) % {"minimum": figures.whole(minimum)}
    return ngettext(
        "%(count)s organisation shares its latest round.",
        "%(count)s organisations share their latest round.",
        count,
    ) % {"count": figures.whole(count)}


def public_source() -> str:
    """Return the source line of aggregates."""
    return _(
        "Source: self-assessments of organisations that agreed to share; aggregates alone; "
        "evidence grade D, self-report."
    )


@needs("read")
@require_safe
def scheme_page(request: AtlasRequest, questionnaire: str) -> HttpResponse:
    """Show a questionnaire whole, and how those who share stand."""
    asked = shelf.questionnaire(questionnaire)
    wanted = peer_filter(request)
    pool = shelf.pool(asked)
    chosen = choose(pool, wanted)
    found = positions(None, chosen, asked)
    kept = {name: getattr(wanted, name) for name in DEMANDS}
    return page(
        request,
        "benchmarking/scheme.html",
        section=SECTION,
        questionnaire=asked,
        counts=_counts(asked),
        labels=[_label(each) for each in asked.label],
        groups=[
            (
                each.name,
                words.mark(each.mark),
                _group_sheet(asked, each.code, each.name),
            )
            for each in asked.group
        ],
        sentence=_sentence(chosen),
        chart=shown.chart_of(found, asked, public_source()),
        positions=shown.position_sheet(found, asked, own=False) if found else None,
        filters=filters(pool, wanted, request.release),
        filtered=bool(wanted.demands),
        here=addresses.schemes(f"{asked.key}/"),
        source=public_source(),
        peers_csv=addresses.schemes(f"{asked.key}/peers.csv", **kept),
        indicators_csv=addresses.schemes(f"{asked.key}/indicators.csv"),
        api=addresses.by_api(f"/{asked.key}"),
        peers_api=addresses.by_api(f"/{asked.key}/peers"),
    )


def _sentence(chosen: Chosen) -> str:
    rule = benchmark_rule()
    if chosen.refusal:
        return words.refused(chosen, rule.minimum_peers)
    return _(
        "%(count)s organisations that share, of %(population)s of the registry. Boxes hold the "
        "middle half of them; the line across is the %(confidence)s interval of the median."
    ) % {
        "count": figures.whole(len(chosen.peers)),
        "population": figures.whole(chosen.population),
        "confidence": figures.percent(rule.confidence),
    }


def _label(rule: LabelRule) -> LabelLine:
    return LabelLine(
        rule,
        words.mark(rule.mark),
        words.mark(rule.earned_mark),
        words.months(rule.valid_months) if rule.valid_months else "",
        words.months(rule.renewed_months) if rule.renewed_months else "",
        words.mark(rule.validity_mark),
        [
            (each.what, words.money(each.amount, each.currency), words.mark(each.mark), each.source)
            for each in rule.price
        ],
        [(each.text, words.mark(each.mark), each.source) for each in rule.condition],
    )


def _group_sheet(asked: Questionnaire, group: str, name: str) -> Sheet:
    def row(code: str) -> SheetRow:
        each, scale = asked.by_code[code], asked.scales[code]
        return SheetRow(
            each.name,
            [
                Cell(words.mark(each.mark), number=False),
                Cell(figures.whole(scale.most)),
                Cell(
                    f"{figures.whole(each.threshold.points)} ({words.mark(each.threshold.mark)})"
                    if each.threshold
                    else figures.NOTHING
                ),
                Cell(words.mark(scale.mark), number=False),
            ],
            lang=asked.language,
            notes=[
                (_("Question"), _spoken(asked, each.asks)),
                (_("Answer with"), _spoken(asked, answer_with(scale))),
            ],
        )

    return Sheet(
        f"group-{group}",
        _("Indicators: %(group)s") % {"group": name},
        [
            SheetColumn(_("Indicator"), number=False),
            SheetColumn(_("Where the name is from"), number=False),
            SheetColumn(_("Most points")),
            SheetColumn(_("Threshold")),
            SheetColumn(_("Where question and scale are from"), number=False),
        ],
        [row(each.code) for each in asked.of_group(group)],
    )


def _spoken(asked: Questionnaire, text: str) -> str:
    """A text of the questionnaire in the language it is written in."""
    return format_html('<span lang="{}">{}</span>', asked.language, text)


@needs("read")
@require_safe
def indicators_table(request: AtlasRequest, questionnaire: str) -> HttpResponse:
    """Give the indicators of a questionnaire with every mark."""
    asked = shelf.questionnaire(questionnaire)
    groups = {each.code: each for each in asked.group}
    records = [
        IndicatorRecord(
            asked.key,
            groups[each.group].name,
            groups[each.group].mark.value,
            each.code,
            each.name,
            each.mark.value,
            each.asks,
            answer_with(asked.scales[each.code]),
            asked.scales[each.code].mark.value,
            asked.scales[each.code].most,
            each.threshold.points if each.threshold else None,
            each.threshold.mark.value if each.threshold else "",
            each.effort,
            each.effort_mark.value if each.effort is not None else "",
        )
        for each in asked.indicator
    ]
    return table_answer(
        request,
        records,
        name=asked.key,
        title=asked.title,
        source=asked.source,
        kind=IndicatorRecord,
        words=INDICATOR_WORDS,
    )


@needs("read")
@require_safe
def peers_table(request: AtlasRequest, questionnaire: str) -> HttpResponse:
    """Give the boxes of those who share; no line where nothing is told of them."""
    asked = shelf.questionnaire(questionnaire)
    found = positions(None, choose(shelf.pool(asked), peer_filter(request)), asked)
    return table_answer(
        request,
        position_records(found),
        name=f"{asked.key}-peers",
        title=_("Boxes of those who share: %(title)s") % {"title": asked.title},
        source=public_source(),
        kind=PositionRecord,
        columns=[
            name
            for name in PositionRecord.__dataclass_fields__
            if not name.startswith(("own_", "share_"))
        ],
        words=WORDS,
    )
