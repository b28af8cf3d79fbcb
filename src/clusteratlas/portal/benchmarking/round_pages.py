"""Rounds: begin one, answer group by group, finish, throw away; read a finished one; share."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusteratlas.organisations import check_claims
from clusteratlas.portal import figures
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.benchmarking import addresses, keeping, shelf, words
from clusteratlas.portal.benchmarking.forms import FinishForm, GroupForm
from clusteratlas.portal.benchmarking.models import AssessmentRound
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.profile_page import found_organisation
from clusteratlas.portal.rights import Named, holds, needs
from clusteratlas.programmes.benchmarking import (
    Questionnaire,
    Round,
    known_of_map,
    known_of_profile,
    prefilled,
    score,
)

SECTION = "organisations"
State = AssessmentRound.State


def _person(request: AtlasRequest) -> User:
    return cast(User, request.user)


def _one(slug: str, key: int) -> tuple[AssessmentRound, Questionnaire]:
    """The round of this organisation; another one's is not there."""
    rows = AssessmentRound.objects.filter(pk=key, organisation__slug=slug)
    row = rows.select_related("organisation").first()
    if row is None:
        raise Http404
    return row, shelf.questionnaire(row.questionnaire)


@needs("edit")
@require_POST
def begin(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Begin a round, with the answers of the last one and what is known already filled in."""
    row = found_organisation(organisation)
    first_of_all = next(iter(shelf.questionnaires()))
    asked = shelf.questionnaire(request.POST.get("questionnaire") or first_of_all)
    held = shelf.assessment_of(row, asked)
    today = timezone.localdate()
    first = Round(date=today)
    if request.POST.get("from_last") and held.latest is not None:
        first = held.latest.model_copy(update={"date": today})
    report = check_claims(row.profile, request.release)
    known = (*known_of_profile(row.profile, today), *known_of_map(report))
    draft = keeping.begin(row, asked, prefilled(asked, known, first), _person(request))
    return redirect(addresses.round_(row.slug, draft.pk))


@needs("see_inside")
@require_safe
def round_page(request: AtlasRequest, organisation: str, assessment: int) -> HttpResponse:
    """Show a round: its groups with what is answered, or every answer once it is finished."""
    row, asked = _one(organisation, assessment)
    held = row.round
    found = score(held, asked)
    groups = []
    for group in asked.group:
        indicators = asked.of_group(group.code)
        answered = sum(not held.answer(each.code).is_open for each in indicators)
        points = found.groups[group.code]
        groups.append(
            {
                "group": group,
                "mark": words.mark(group.mark),
                "href": addresses.round_(row.organisation.slug, row.pk, f"groups/{group.code}/"),
                "answered": figures.whole(answered),
                "all": figures.whole(len(indicators)),
                "share": words.share(points),
                "answers": [_answer(each.code, held, asked) for each in indicators],
            }
        )
    left = sum(held.answer(each.code).is_open for each in asked.indicator)
    return page(
        request,
        "benchmarking/round.html",
        section=SECTION,
        organisation=row.organisation,
        round=row,
        questionnaire=asked,
        finished=row.state == State.FINISHED,
        groups=groups,
        left=left,
        share=words.share(found.total),
        edits=holds(
            request.user,
            "edit",
            Named((row.organisation_id,), row.organisation.is_public),
            reading=False,
        ),
        form=FinishForm(initial={"date": timezone.localdate()}, latest=timezone.localdate()),
        finish=addresses.round_(row.organisation.slug, row.pk, "finish/"),
        drop=addresses.round_(row.organisation.slug, row.pk, "drop/"),
        back=addresses.benchmark(row.organisation.slug),
    )


def _answer(code: str, held: Round, asked: Questionnaire) -> dict[str, Any]:
    answer = held.answer(code)
    return {
        "name": asked.by_code[code].name,
        "mark": words.mark(asked.by_code[code].mark),
        "said": words.answered(answer.value, asked, code) if answer.value is not None else "",
        "foreign": isinstance(answer.value, str) or asked.scales[code].kind == "levels",
        "out": answer.not_applicable,
        "note": answer.note,
        "taken_from": answer.taken_from,
        "evidence": answer.evidence,
    }


@needs("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def group_page(
    request: AtlasRequest, organisation: str, assessment: int, group: str
) -> HttpResponse:
    """Answer the indicators of a group; what is kept stays a draft."""
    row, asked = _one(organisation, assessment)
    place = next((n for n, each in enumerate(asked.group) if each.code == group), None)
    if place is None:
        raise Http404
    slug = row.organisation.slug
    if row.state == State.FINISHED:
        messages.error(request, _("The round is finished and stays as it is; begin a new one."))
        return redirect(addresses.round_(slug, row.pk))
    following = asked.group[place + 1] if place + 1 < len(asked.group) else None
    held = row.round
    typed: dict[str, Any] = {"asked": asked, "group": group, "held": held, "auto_id": "a-%s"}
    if request.method != "POST":
        form = GroupForm(initial={"version": row.version}, **typed)
        return page(request, "benchmarking/group.html", **_shown(row, asked, place, form))
    form = GroupForm(request.POST, **typed)
    if form.is_valid():
        try:
            keeping.keep(
                row, form.answers, base=form.cleaned_data["version"], person=_person(request)
            )
        except keeping.Outdated:
            form.add_error(
                None,
                _(
                    "Somebody else kept answers since you opened this page. What you typed stands "
                    "below; open the round in another window, compare, and keep it from there."
                ),
            )
        except keeping.NotNow:
            form.add_error(None, _("The round is finished and stays as it is; begin a new one."))
        else:
            messages.success(request, _("Kept as a draft."))
            goes_on = following is not None and request.POST.get("do") == "next"
            to = f"groups/{following.code}/" if goes_on and following else ""
            return redirect(addresses.round_(slug, row.pk, to))
    return form_page(request, "benchmarking/group.html", **_shown(row, asked, place, form))


def _shown(
    row: AssessmentRound, asked: Questionnaire, place: int, form: GroupForm
) -> dict[str, Any]:
    slug = row.organisation.slug
    return {
        "section": SECTION,
        "organisation": row.organisation,
        "questionnaire": asked,
        "group": asked.group[place],
        "mark": words.mark(asked.group[place].mark),
        "form": form,
        "number": place + 1,
        "last": place + 1 == len(asked.group),
        "steps": [
            (each.name, addresses.round_(slug, row.pk, f"groups/{each.code}/"), n == place)
            for n, each in enumerate(asked.group)
        ],
        "back": addresses.round_(slug, row.pk),
    }


@needs("edit")
@require_POST
def finish(request: AtlasRequest, organisation: str, assessment: int) -> HttpResponse:
    """Finish a round for good."""
    row, _asked = _one(organisation, assessment)
    form = FinishForm(request.POST, latest=timezone.localdate())
    if not form.is_valid():
        messages.error(request, _("Nothing was finished: give a day that does not lie ahead."))
        return redirect(addresses.round_(row.organisation.slug, row.pk))
    try:
        keeping.finish(row, form.cleaned_data["date"], _person(request))
    except keeping.NotNow:
        messages.error(
            request,
            _("Nothing was finished: there is a finished round of that day or a later one."),
        )
        return redirect(addresses.round_(row.organisation.slug, row.pk))
    messages.success(request, _("The round is finished."))
    return redirect(addresses.benchmark(row.organisation.slug, questionnaire=row.questionnaire))


@needs("edit")
@require_POST
def drop(request: AtlasRequest, organisation: str, assessment: int) -> HttpResponse:
    """Throw a draft away."""
    row, _asked = _one(organisation, assessment)
    try:
        keeping.drop(row, _person(request))
    except keeping.NotNow:
        messages.error(request, _("The round is finished and stays as it is; begin a new one."))
        return redirect(addresses.round_(row.organisation.slug, row.pk))
    messages.success(request, _("The draft is gone."))
    return redirect(addresses.benchmark(organisation))


@needs("edit")
@require_POST
def share(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Say what is shared from now on."""
    row: Organisation = found_organisation(organisation)
    keeping.share(
        row,
        with_peers="with_peers" in request.POST,
        on_profile="on_profile" in request.POST,
        person=_person(request),
    )
    messages.success(request, _("Kept. What you took back is gone from every page."))
    return redirect(addresses.benchmark(row.slug))
