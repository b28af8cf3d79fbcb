"""What moderators see: who waits, what is new in it, and what they decide."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusteratlas.atlas.search import folded
from clusteratlas.organisations import Profile
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.registry import addresses, keeping, mailing, people
from clusteratlas.portal.registry.change_words import said_changes
from clusteratlas.portal.registry.edit_page import person_of
from clusteratlas.portal.registry.models import Organisation, TakeOver
from clusteratlas.portal.registry.profile_page import found_organisation, profile_content
from clusteratlas.portal.registry.rules import Checklist, checklist
from clusteratlas.portal.registry.steps import reason_in
from clusteratlas.portal.rights import needs

State = Organisation.State
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """An organisation in the queue."""

    row: Organisation
    rules: Checklist
    is_new: bool


@needs("moderate")
@require_safe
def queue_page(request: AtlasRequest) -> HttpResponse:
    """Show who waits for a decision, and which imported organisations nobody owns."""
    submitted = Organisation.objects.filter(state=State.SUBMITTED).order_by("submitted_at", "pk")
    unowned = Organisation.objects.filter(
        imported=True, memberships=None, state=State.PUBLISHED
    ).order_by("name")
    return page(
        request,
        "registry/queue.html",
        section="organisations",
        waiting=[
            Waiting(row, checklist(row), row.published is None) for row in submitted[:MOST_SHOWN]
        ],
        waiting_total=submitted.count(),
        unowned=unowned[:MOST_SHOWN],
        unowned_total=unowned.count(),
        asked=TakeOver.objects.filter(decided_at=None)
        .select_related("organisation", "person")
        .order_by("at"),
    )


@needs("moderate")
@require_http_methods(["GET", "HEAD", "POST"])
def review_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Show what is new in an organisation, and take the decision."""
    row = found_organisation(organisation)
    if request.method != "POST":
        return page(
            request, "registry/review.html", section="organisations", **_shown(request, row)
        )
    decide = {"publish": _publish, "return": _return, "withdraw": _take_down}.get(
        request.POST.get("do", "")
    )
    if decide is None:
        raise Http404
    try:
        problem = decide(request, row)
    except keeping.Outdated:
        problem = _("Its editors kept another version meanwhile; please look at it again.")
    except keeping.NotNow:
        problem = _("The organisation does not stand where this can be decided.")
    if problem:
        row.refresh_from_db()
        content = _shown(request, row)
        return form_page(
            request, "registry/review.html", section="organisations", problem=problem, **content
        )
    return redirect(addresses.moderation())


def _publish(request: AtlasRequest, row: Organisation) -> str:
    text = request.POST.get("version", "")
    version = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    waiver, reason = request.POST.get("waiver", ""), reason_in(request)
    if waiver and waiver not in {name for name, _said in checklist(row).waivers}:
        return _("There is no such waiver.")
    if waiver and not reason:
        return _("A waiver needs a reason.")
    if not checklist(row, waiver=waiver).passed:
        return _("Not every entry rule holds; grant a waiver or return it with the reason.")
    keeping.publish(row, person_of(request), version=version, waiver=waiver, waiver_reason=reason)
    _tell(request, row, "published", "")
    messages.success(request, _("%(name)s is public now.") % {"name": row.name})
    return ""


def _return(request: AtlasRequest, row: Organisation) -> str:
    reason = reason_in(request)
    if not reason:
        return _("Say what is to be changed; its owners read it.")
    keeping.give_back(row, person_of(request), reason)
    _tell(request, row, "returned")
    messages.success(request, _("%(name)s is returned to its owners.") % {"name": row.name})
    return ""


def _take_down(request: AtlasRequest, row: Organisation) -> str:
    reason = reason_in(request)
    if not reason:
        return _("Say why it is taken down; its owners read it.")
    keeping.withdraw(row, person_of(request), reason)
    _tell(request, row, "withdrawn")
    messages.success(request, _("%(name)s is taken down.") % {"name": row.name})
    return ""


def _tell(request: AtlasRequest, row: Organisation, name: str, place: str = "manage/") -> None:
    if not mailing.tell(request, mailing.owners_of(row), name, row, place):
        messages.warning(request, _("Not every owner could be told by mail."))


def _shown(request: AtlasRequest, row: Organisation) -> dict[str, object]:
    before = Profile.model_validate(row.published) if row.published else Profile(name=row.name)
    same_name = [
        each
        for each in Organisation.objects.exclude(pk=row.pk).only("name", "slug")
        if folded(each.name) == folded(row.name)
    ]
    content = profile_content(request, row, row.profile, public=False)
    return {
        **content,
        "checklist": checklist(row),
        "changes": said_changes(before, row.profile, request.release),
        "is_new": row.published is None,
        "same_name": same_name,
        "owners": mailing.owners_of(row),
        "reason": reason_in(request),
        "latest": row.revisions.select_related("author").first(),
    }


@needs("moderate")
@require_POST
def many_page(request: AtlasRequest) -> HttpResponse:
    """Decide about many organisations at once; what cannot be decided is named and left alone."""
    seen = dict(
        each.partition("@")[::2] for each in request.POST.getlist("organisation")[:MOST_SHOWN]
    )
    decide = {"publish": _publish_as_is, "return": _return, "withdraw": _take_down}.get(
        request.POST.get("do", "")
    )
    if decide is None:
        raise Http404
    done, left = 0, []
    for row in Organisation.objects.filter(slug__in=seen):
        try:
            if seen[row.slug] != str(row.version):
                raise keeping.Outdated(row.version)
            problem = decide(request, row)
        except keeping.Outdated:
            problem = _("Its editors kept another version meanwhile; please look at it again.")
        except keeping.NotNow:
            problem = _("The organisation does not stand where this can be decided.")
        if problem:
            left.append(f"{row.name}: {problem}")
        else:
            done += 1
    list(messages.get_messages(request))  # one line for all instead of one for each
    messages.success(
        request,
        ngettext(
            "%(count)s organisation was decided about.",
            "%(count)s organisations were decided about.",
            done,
        )
        % {"count": done},
    )
    for each in left:
        messages.error(request, each)
    return redirect(addresses.moderation())


def _publish_as_is(request: AtlasRequest, row: Organisation) -> str:
    if not checklist(row).passed:
        return _("Not every entry rule holds; grant a waiver or return it with the reason.")
    keeping.publish(row, person_of(request), version=row.version)
    _tell(request, row, "published", "")
    return ""


@needs("moderate")
@require_POST
def take_over_page(request: AtlasRequest, asked: int) -> HttpResponse:
    """Answer who asks to own an organisation."""
    found = TakeOver.objects.select_related("organisation", "person").filter(pk=asked).first()
    if found is None:
        raise Http404
    granted = request.POST.get("do") == "grant"
    try:
        people.decide(found, granted, by=person_of(request))
    except people.NotOpen:
        messages.error(request, _("The question was answered before, or somebody owns it now."))
        return redirect(addresses.moderation())
    place = "manage/" if granted else ""
    mailing.tell(request, [found.person], "take_over", found.organisation, place, granted=granted)
    messages.success(request, _("The question is answered."))
    return redirect(addresses.moderation())
