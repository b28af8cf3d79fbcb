"""What those of an organisation see of its self-assessments: score, peers, label, drift, health."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.portal import figures
from clusteratlas.portal.benchmarking import addresses, shelf, shown
from clusteratlas.portal.benchmarking.asked import filters
from clusteratlas.portal.benchmarking.found import Found, draft_of, found_of
from clusteratlas.portal.benchmarking.models import Sharing
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.asking import Choice
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.profile_page import found_organisation
from clusteratlas.portal.rights import Named, holds, needs
from clusteratlas.programmes.benchmarking import DEMANDS, benchmark_rule

SECTION = "organisations"


def own_source() -> str:
    """Return the source line of what an organisation says of itself."""
    return _("Source: self-assessments of organisations; evidence grade D, self-report.")


@needs("see_inside")
@require_safe
def overview_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Show where an organisation stands, and what it can do next."""
    row = found_organisation(organisation)
    found = found_of(request, row)
    draft = draft_of(row)
    edits = holds(request.user, "edit", Named((row.pk,), row.is_public), reading=False)
    content: dict[str, Any] = {
        "organisation": row,
        "draft": draft,
        "go_on": addresses.round_(row.slug, draft.pk) if draft else "",
        "begin": addresses.benchmark(row.slug, "begin/"),
        "edits": edits,
        "sharing": Sharing.objects.filter(organisation=row).first(),
        "schemes": addresses.schemes(),
        "beginnings": _beginnings(),
        "rounds": _rounds(row),
        "minimum": figures.whole(benchmark_rule().minimum_peers),
        "found": found,
    }
    if found is not None:
        content |= _content(request, row, found)
    return page(request, "benchmarking/overview.html", section=SECTION, **content)


def _beginnings() -> list[tuple[str, str, str]]:
    """The questionnaires that a round can be begun of: key, title, its language."""
    return [(each.key, each.title, each.language) for each in shelf.questionnaires().values()]


def _rounds(row: Organisation) -> list[tuple[str, str, str, str]]:
    """The finished rounds, the latest first: day, title, language, address."""
    held = shelf.questionnaires()
    rows = row.assessment_rounds.filter(state="finished").order_by("-date")
    return [
        (
            each.date.isoformat(),
            held[each.questionnaire].title if each.questionnaire in held else each.questionnaire,
            held[each.questionnaire].language if each.questionnaire in held else "und",
            addresses.round_(row.slug, each.pk),
        )
        for each in rows
    ]


def _content(request: AtlasRequest, row: Organisation, found: Found) -> dict[str, Any]:
    result, asked = found.benchmark, found.questionnaire
    kept = kept_in_address(found)
    check = result.label
    return {
        "questionnaire": asked,
        "summary": shown.summary(result),
        "position": shown.position_sentence(result),
        "refused": bool(result.chosen and result.chosen.refusal),
        "chart": shown.chart_of(result.positions, asked, own_source()),
        "positions": shown.position_sheet(result.positions, asked, own=True)
        if result.positions
        else None,
        "filters": filters(found.pool, found.asked, request.release),
        "filtered": bool(found.asked.demands),
        "labels": [
            Choice(each.code, each.name, bool(check) and check.rule.code == each.code)
            for each in asked.label
        ]
        if check
        else [],
        "label": shown.label_block(check, asked) if check else None,
        "drift": shown.drift_sentence(result),
        "drift_sheet": shown.drift_sheet(result),
        "differs": shown.disagreement_sheet(result),
        "health": shown.health_sheet(result.health),
        "health_source": "; ".join(sorted({each.source for each in result.health if each.source})),
        "source": own_source(),
        "rule": result.rule.name,
        "what_if": addresses.benchmark(
            row.slug, "what-if/", questionnaire=asked.key, label=check.rule.code if check else ""
        ),
        "here": addresses.benchmark(row.slug),
        "others": [
            (
                each,
                shelf.questionnaire(each).title,
                addresses.benchmark(row.slug, questionnaire=each),
            )
            for each in dict.fromkeys(_finished(row))
            if each != asked.key
        ],
        "positions_csv": addresses.benchmark(row.slug, "positions.csv", **kept),
        "gaps_csv": addresses.benchmark(row.slug, "gaps.csv", **kept),
        "drift_csv": addresses.benchmark(row.slug, "drift.csv", **kept),
        "differs_csv": addresses.benchmark(row.slug, "differences.csv", **kept),
        "health_csv": addresses.benchmark(row.slug, "health.csv", **kept),
    }


def _finished(row: Organisation) -> list[str]:
    held = shelf.questionnaires()
    keys = row.assessment_rounds.filter(state="finished").values_list("questionnaire", flat=True)
    return [key for key in keys if key in held]


def kept_in_address(found: Found) -> dict[str, str]:
    """Return what the address of the same view holds."""
    asked = {name: getattr(found.asked, name) for name in DEMANDS}
    return {"questionnaire": found.questionnaire.key, "label": found.label, **asked}
