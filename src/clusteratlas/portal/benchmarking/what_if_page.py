"""What other answers would make of score and label: nothing is kept, the address holds it all."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.portal import figures
from clusteratlas.portal.benchmarking import addresses, shown, words
from clusteratlas.portal.benchmarking.asked import label_of
from clusteratlas.portal.benchmarking.found import (
    finished_keys,
    of_questionnaire,
    questionnaire_asked,
)
from clusteratlas.portal.benchmarking.overview_page import own_source
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.pages.asking import Choice
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.registry.profile_page import found_organisation
from clusteratlas.portal.rights import needs
from clusteratlas.programmes.benchmarking import (
    Benchmark,
    PeerFilter,
    Questionnaire,
    benchmark,
    what_if,
)
from clusteratlas.tables import InvalidInput

PREFIX = "i-"
"""Before the code of an indicator in the address, so that none is taken for something else."""


@needs("see_inside")
@require_safe
def what_if_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Show score and label as they would be, beside what they are."""
    row = found_organisation(organisation)
    asked = questionnaire_asked(request, finished_keys(row))
    if asked is None:
        raise Http404
    label = label_of(request, asked)
    found = of_questionnaire(row, asked, PeerFilter(), label, request)
    changes = _changes(request, asked, found.benchmark)
    before, after = found.benchmark, None
    if changes:
        try:
            changed = what_if(before.round, changes, asked)
        except InvalidInput as error:
            first = error.faults[0]
            raise BadAddress(
                _("an answer does not fit its scale"), value=first.value, hint=first.column
            ) from None
        rounds = (*found.assessment.rounds[:-1], changed)
        after = benchmark(
            found.assessment.model_copy(update={"rounds": rounds}),
            asked,
            label=label,
            held=row.profile.labels,
        )
    shown_now = after or before
    return page(
        request,
        "benchmarking/what_if.html",
        section="organisations",
        organisation=row,
        questionnaire=asked,
        sentence=_sentence(before, after),
        changed=bool(after),
        label=shown.label_block(shown_now.label, asked) if shown_now.label else None,
        label_code=label,
        groups=[
            (
                group.name,
                [
                    _control(each.code, asked, before, changes)
                    for each in asked.of_group(group.code)
                    if asked.scales[each.code].most is not None
                ],
            )
            for group in asked.group
        ],
        here=addresses.benchmark(row.slug, "what-if/"),
        back=addresses.benchmark(row.slug, questionnaire=asked.key, label=label),
        source=own_source(),
    )


def _changes(
    request: AtlasRequest, asked: Questionnaire, before: Benchmark
) -> dict[str, float | str]:
    """The answers of the address that differ from those that were given."""
    found: dict[str, float | str] = {}
    for each in asked.indicator:
        text = request.GET.get(f"{PREFIX}{each.code}", "").strip()
        if not text:
            continue
        value: float | str = text[:60]
        if asked.scales[each.code].kind != "choice":
            try:
                value = float(text[:20].replace(",", "."))
            except ValueError:
                value = text[:60]
        if value != before.round.answer(each.code).value:
            found[each.code] = value
    return found


def _control(
    code: str, asked: Questionnaire, before: Benchmark, changes: dict[str, float | str]
) -> dict[str, Any]:
    """An indicator as a control; empty is as it was answered."""
    scale = asked.scales[code]
    now = before.round.answer(code).value
    wished = changes.get(code)
    if scale.kind == "levels":
        choices = [
            Choice(str(place), f"{place}: {said}", wished == place)
            for place, said in enumerate(scale.levels)
        ]
    else:
        choices = [Choice(each.code, each.name, wished == each.code) for each in scale.options]
    return {
        "name": f"{PREFIX}{code}",
        "label": asked.by_code[code].name,
        "unit": scale.unit,
        "choices": choices,
        "value": "" if wished is None else f"{wished:g}" if isinstance(wished, float) else wished,
        "now": words.answered(now, asked, code) if now is not None else _("not answered"),
    }


def _sentence(before: Benchmark, after: Benchmark | None) -> str:
    total = before.score.total
    if after is None:
        return _(
            "%(share)s of the points as answered. Change some answers below to see what that would "
            "make of score and label; nothing is kept."
        ) % {"share": words.share(total)}
    changed = after.score.total
    return _("%(before)s of the points would become %(after)s: %(points)s of %(most)s.") % {
        "before": words.share(total),
        "after": words.share(changed),
        "points": words.points(changed.low, changed.high),
        "most": figures.whole(changed.most),
    }
