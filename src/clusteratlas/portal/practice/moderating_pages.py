"""The moderators' queue of the library: publish what was handed in, or return it with a reason."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clusteratlas.portal.accounts.mail import MailNotSent, send
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.practice import addresses, keeping, words
from clusteratlas.portal.practice.forms import ReasonForm
from clusteratlas.portal.practice.models import Entry
from clusteratlas.portal.practice.writing_pages import SECTION, one
from clusteratlas.portal.rights import needs


@needs("moderate")
@require_safe
def queue_page(request: AtlasRequest) -> HttpResponse:
    """List what waits, the longest waiting first."""
    waiting = Entry.objects.filter(state=Entry.State.SUBMITTED).order_by("changed_at", "pk")
    rows = [
        (each, words.kind(each.document.kind), addresses.entry(each.slug, "decide/"))
        for each in waiting.select_related("author", "organisation")
    ]
    return page(request, "practice/queue.html", section=SECTION, rows=rows)


@needs("moderate")
@require_safe
def decide_page(request: AtlasRequest, entry: str) -> HttpResponse:
    """Show an entry to the moderator who decides about it."""
    return page(request, "practice/decide.html", **_shown(request, one(entry), ReasonForm()))


def _shown(request: AtlasRequest, row: Entry, form: ReasonForm) -> dict[str, Any]:
    document = row.document
    return {
        "section": SECTION,
        "entry": row,
        "document": document,
        "kind": words.kind(document.kind),
        "when": words.when(document),
        "paragraphs": words.paragraphs(document.text),
        "tags": words.Tags.of(document, request.release),
        "giver": None,
        "file": addresses.entry(row.slug, "draft-file/") if document.file else "",
        "form": form,
    }


@needs("moderate")
@require_POST
def decide(request: AtlasRequest, entry: str, decision: str) -> HttpResponse:
    """Publish, return or take down."""
    row, person = one(entry), cast(User, request.user)
    if decision not in ("publish", "return", "withdraw"):
        raise Http404
    try:
        if decision == "publish":
            number = request.POST.get("version", "")
            keeping.publish(row, person, version=keeping.number_in(number))
            said = _("Published.")
        else:
            form = ReasonForm(request.POST)
            if not form.is_valid():
                return form_page(request, "practice/decide.html", **_shown(request, row, form))
            take = keeping.give_back if decision == "return" else keeping.withdraw
            take(row, person, form.cleaned_data["reason"])
            said = _("The author reads your reason.")
    except keeping.Outdated:
        messages.error(request, _("The author kept a change since; read it again."))
        return redirect(addresses.entry(row.slug, "decide/"))
    except keeping.NotNow:
        messages.error(request, _("That is not possible from where the entry stands."))
        return redirect(addresses.library("moderation/"))
    if not _told(request, row):
        said = _("It is done, but the author could not be told by mail.")
    messages.success(request, said)
    return redirect(addresses.library("moderation/"))


def _told(request: AtlasRequest, row: Entry) -> bool:
    if row.author is None or not row.author.is_active:
        return True
    with translation.override(row.author.language):
        address = addresses.entry(row.slug, "draft/")
    try:
        send(
            "practice/mail/decided",
            row.author.email,
            language=row.author.language,
            request=request,
            path=address,
            entry=row,
        )
    except MailNotSent:
        return False
    return True
