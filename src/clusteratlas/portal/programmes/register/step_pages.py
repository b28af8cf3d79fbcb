"""The steps of a programme on its way to the public, and who runs it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.blocks import blocks_of
from clusteratlas.portal.programmes.models import Programme, Runner
from clusteratlas.portal.programmes.register import keeping, money_words
from clusteratlas.portal.programmes.register.change_words import said_changes
from clusteratlas.portal.programmes.register.edit_pages import SECTION, draft_files, person_of
from clusteratlas.portal.programmes.register.forms import ReasonForm
from clusteratlas.portal.programmes.register.programme_page import found_programme
from clusteratlas.portal.programmes.register.register_page import file_answer
from clusteratlas.portal.rights import needs
from clusteratlas.programmes.register import Programme as Document
from clusteratlas.programmes.register import bytes_of

LONGEST_HISTORY = 100
"""Versions that the history shows at most."""


@needs("run_programme")
@require_POST
def step_page(request: AtlasRequest, programme: str, step: str) -> HttpResponse:
    """Take one of the steps of those who run a programme."""
    row, person = found_programme(programme), person_of(request)
    try:
        said = _step(row, person, step, request)
    except keeping.NotNow:
        messages.error(request, _("That is not possible from where the programme stands."))
    except keeping.Outdated:
        messages.error(request, _("Somebody kept a change since; look at it again."))
    else:
        messages.success(request, said)
    return redirect(addresses.programme(row.slug, "manage/"))


def _step(row: Programme, person: User, step: str, request: AtlasRequest) -> str:
    if step == "submit":
        # What a moderator returned or took down with a reason waits for one again.
        if settings.MODERATION or row.reason:
            keeping.submit(row, person)
            return _("The programme is handed in and waits for a moderator.")
        version = keeping.number_in(request.POST.get("version", ""))
        keeping.publish(row, person, version=version)
        return _("The programme is public now.")
    if step == "withdraw":
        keeping.withdraw(row, person)
        return _("The programme stands on no page any more; it is a draft again.")
    if step == "discard":
        keeping.discard(row, person)
        return _("The draft is left aside; what is public stands.")
    raise Http404


@needs("run_programme")
@require_POST
def people_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Let somebody run the programme too, or let somebody go."""
    row, person = found_programme(programme), person_of(request)
    leaves = keeping.number_in(request.POST.get("leaves", ""))
    if leaves >= 0:
        found = Runner.objects.filter(programme=row, pk=leaves).first()
        if found is None:
            raise Http404
        if row.organisation is None and row.runners.count() == 1:
            messages.error(request, _("Somebody has to run it; name another one first."))
        else:
            found.delete()
            audit.note(person, "programme.let-go", row.slug, runner=found.user_id)
            messages.success(request, _("Done."))
        return redirect(addresses.programme(row.slug, "manage/"))
    mail = request.POST.get("mail", "").strip()[:254]
    somebody = User.objects.filter(email__iexact=mail, is_active=True).first()
    if somebody is None or somebody.confirmed_at is None:
        # The same answer whether there is no such account or it is not confirmed yet.
        messages.error(request, _("Nobody with this address has an account here yet."))
    else:
        Runner.objects.get_or_create(programme=row, user=somebody)
        audit.note(person, "programme.let-run", row.slug, runner=somebody.pk)
        messages.success(request, _("Done."))
    return redirect(addresses.programme(row.slug, "manage/"))


@needs("run_programme")
@require_http_methods(["GET", "HEAD", "POST"])
def history_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Show every version with what it changed; an earlier one can be made the draft again."""
    row = found_programme(programme)
    if request.method == "POST":
        return _go_back(request, row)
    revisions = list(row.revisions.select_related("author")[: LONGEST_HISTORY + 1])
    documents = [Document.model_validate(each.document) for each in revisions]
    versions: list[tuple[Any, Any]] = [
        (
            revision,
            said_changes(documents[at + 1], documents[at]) if at + 1 < len(documents) else None,
        )
        for at, revision in enumerate(revisions)
    ]
    return page(
        request,
        "programmes/history.html",
        section=SECTION,
        programme=row,
        versions=versions[:LONGEST_HISTORY],
    )


def _go_back(request: AtlasRequest, row: Programme) -> HttpResponse:
    number = keeping.number_in(request.POST.get("version", ""))
    chosen = row.revisions.filter(version=number).first()
    if chosen is None:
        raise Http404
    base = keeping.number_in(request.POST.get("base", ""))
    document = Document.model_validate(chosen.document)
    try:
        keeping.keep(row, document, base=base, person=person_of(request), note=f"= {number}")
    except keeping.Outdated:
        messages.error(request, _("Somebody kept a change since; look at it again."))
        return redirect(addresses.programme(row.slug, "history/"))
    messages.success(request, _("The earlier version is the draft again."))
    return redirect(addresses.programme(row.slug, "manage/"))


@needs("run_programme")
@require_safe
def draft_file(request: AtlasRequest, programme: str, ending: str) -> HttpResponse:
    """Give the entry as those who run it see it, as a file that can be taken in again."""
    row = found_programme(programme)
    whole = row.document.model_copy(update={"slug": row.slug})
    response = file_answer(bytes_of([whole], ending), ending, row.slug)
    response.headers["Cache-Control"] = "private, no-store"
    return response


# Moderators


@needs("moderate")
@require_safe
def queue_page(request: AtlasRequest) -> HttpResponse:
    """List what waits, the longest waiting first."""
    waiting = Programme.objects.filter(state=Programme.State.SUBMITTED)
    rows = waiting.order_by("changed_at", "pk")
    return page(request, "programmes/queue.html", section=SECTION, rows=rows)


@needs("moderate")
@require_safe
def decide_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Show a programme to the moderator who decides about it."""
    row = found_programme(programme)
    return page(request, "programmes/decide.html", **_decided(request, row, ReasonForm()))


def _decided(request: AtlasRequest, row: Programme, form: ReasonForm) -> dict[str, Any]:
    document = row.document
    return {
        "section": SECTION,
        "programme": row,
        "document": document,
        "sentences": [money_words.period(document), *money_words.money_sentences(document)],
        "changes": pending(row),
        "blocks": blocks_of(request, row, document),
        "wholes": draft_files(row),
        "form": form,
    }


def pending(row: Programme) -> Any:
    """Return what the draft changes of what is published; none where one is missing."""
    if row.draft is None or row.published is None:
        return None
    return said_changes(Document.model_validate(row.published), row.document)


@needs("moderate")
@require_POST
def decision_page(request: AtlasRequest, programme: str, decision: str) -> HttpResponse:
    """Publish, return or take down."""
    row, person = found_programme(programme), person_of(request)
    if decision not in ("publish", "return", "withdraw"):
        raise Http404
    try:
        if decision == "publish":
            version = keeping.number_in(request.POST.get("version", ""))
            keeping.publish(row, person, version=version)
            said = _("Published.")
        else:
            form = ReasonForm(request.POST)
            if not form.is_valid():
                return form_page(request, "programmes/decide.html", **_decided(request, row, form))
            take = keeping.give_back if decision == "return" else keeping.withdraw
            take(row, person, form.cleaned_data["reason"])
            said = _("Those who run it read your reason.")
    except keeping.Outdated:
        messages.error(request, _("A change was kept since; read it again."))
        return redirect(addresses.programme(row.slug, "decide/"))
    except keeping.NotNow:
        messages.error(request, _("That is not possible from where the programme stands."))
        return redirect(addresses.programme(row.slug, "decide/"))
    messages.success(request, said)
    return redirect(addresses.register("moderation/"))
