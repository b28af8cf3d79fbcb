"""Writing for the library: my entries, the form, the steps of an author, the history."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.language import active
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.practice import addresses, keeping, uploads, words
from clusteratlas.portal.practice.document import Document
from clusteratlas.portal.practice.forms import EntryForm, first_values
from clusteratlas.portal.practice.models import Entry
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.rights import needs
from clusteratlas.portal.roles import InsideRole

SECTION = "organisations"
MOST_OPEN = 30
"""Entries that somebody may have on their way to the public at a time."""


def _person(request: AtlasRequest) -> User:
    return cast(User, request.user)


def _own(person: User) -> list[Organisation]:
    """The organisations in whose name somebody may hand something in."""
    edited = person.memberships.filter(role__gte=InsideRole.EDITOR)
    return list(Organisation.objects.filter(memberships__in=edited).order_by("name"))


def one(slug: str) -> Entry:
    """Return an entry; a view calls it once the gate has let the visitor pass."""
    found = Entry.objects.filter(slug=slug).select_related("organisation", "author").first()
    if found is None:
        raise Http404
    return found


@needs("contribute")
@require_safe
def mine_page(request: AtlasRequest) -> HttpResponse:
    """List one's entries with where they stand and what the moderators said."""
    rows = Entry.objects.filter(author=_person(request))
    return page(
        request,
        "practice/mine.html",
        section=SECTION,
        rows=[(each, addresses.entry(each.slug, "draft/")) for each in rows],
    )


@needs("contribute")
@require_http_methods(["GET", "HEAD", "POST"])
def new_page(request: AtlasRequest) -> HttpResponse:
    """Write a new entry."""
    person = _person(request)
    own = _own(person)
    if request.method != "POST":
        form = EntryForm(release=request.release, own=own, initial=_wished(request))
        return page(request, "practice/write.html", section=SECTION, form=form, entry=None)
    form = EntryForm(request.POST, request.FILES, release=request.release, own=own)
    waiting = Entry.objects.filter(author=person).exclude(state=Entry.State.PUBLISHED).count()
    if form.is_valid() and waiting >= MOST_OPEN:
        form.add_error(None, _("You have many entries on their way already; finish some first."))
    if not form.is_valid() or form.document is None:
        return form_page(request, "practice/write.html", section=SECTION, form=form, entry=None)
    giver = next((each for each in own if str(each.pk) == form.cleaned_data["giver"]), None)
    entry = keeping.begin(_with_file(form, form.document), person, organisation=giver)
    messages.success(request, _("Kept as a draft. Look at it, then hand it in."))
    return redirect(addresses.entry(entry.slug, "draft/"))


@needs("edit_entry")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_page(request: AtlasRequest, entry: str) -> HttpResponse:
    """Change an entry; what is public stays as it is until the change is published."""
    row = one(entry)
    own = _own(_person(request))
    if row.organisation and row.organisation not in own:
        own.append(row.organisation)
    told: dict[str, Any] = {"release": request.release, "own": own, "before": row.document}
    if request.method != "POST":
        first = {**first_values(row.document, row.organisation_id), "version": row.version}
        form = EntryForm(initial=first, **told)
        return page(request, "practice/write.html", section=SECTION, form=form, entry=row)
    form = EntryForm(request.POST, request.FILES, **told)
    if form.is_valid() and form.document is not None:
        before, document = row.document, _with_file(form, form.document)
        base = form.cleaned_data.get("version") or 0
        try:
            keeping.keep(row, document, base=base, person=_person(request))
        except keeping.Outdated:
            form.add_error(
                None,
                _(
                    "Somebody else kept a change since you opened this page. What you wrote stands "
                    "below; open the entry anew in another window, compare, and write it there."
                ),
            )
        except keeping.NotNow:
            form.add_error(None, _("The entry is withdrawn; make it a draft again first."))
        else:
            messages.success(request, _("Kept as a draft. Look at it, then hand it in."))
            return redirect(addresses.entry(row.slug, "draft/"))
        if document.file != before.file:  # nothing was kept, so the file goes too
            uploads.forget(document.file)
    return form_page(request, "practice/write.html", section=SECTION, form=form, entry=row)


def _wished(request: AtlasRequest) -> dict[str, str]:
    """What the page that led here is about stands in the form already."""
    wished = {name: request.GET.get(name, "")[:100] for name in ("region", "cluster")}
    tags = {f"{name}s": value for name, value in wished.items() if value}
    return {"language": active(), "date": timezone.localdate().isoformat(), **tags}


def _with_file(form: EntryForm, document: Document) -> Document:
    file = form.cleaned_data.get("upload")
    if not file:
        return document
    name = uploads.keep(file)
    return document.model_copy(update={"file": name, "file_name": uploads.shown_name(file.name)})


@needs("edit_entry")
@require_safe
def draft_page(request: AtlasRequest, entry: str) -> HttpResponse:
    """Show an entry as it will be, with where it stands and what can be done."""
    row = one(entry)
    document = row.document
    return page(
        request,
        "practice/draft.html",
        section=SECTION,
        entry=row,
        document=document,
        kind=words.kind(document.kind),
        when=words.when(document),
        paragraphs=words.paragraphs(document.text),
        tags=words.Tags.of(document, request.release),
        giver=None,
        file=addresses.entry(entry, "draft-file/") if document.file else "",
        moderates=_moderates(request),
    )


def _moderates(request: AtlasRequest) -> bool:
    from clusteratlas.portal.rights import holds  # noqa: PLC0415 - a page asks, not the gate

    return holds(request.user, "moderate")


@needs("edit_entry")
@require_safe
def draft_file(request: AtlasRequest, entry: str) -> HttpResponse:
    """Give the file of a draft to those who may see it."""
    document = one(entry).document
    if not document.file:
        raise Http404
    answer = uploads.given(document.file, document.file_name)
    answer.headers["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, answer)


STEPS = {
    "submit": (
        keeping.submit,
        gettext_noop("Handed in. A moderator reads it before it is published."),
    ),
    "reopen": (keeping.reopen, gettext_noop("It is a draft again.")),
    "withdraw": (keeping.withdraw, gettext_noop("Withdrawn: it stands on no page any more.")),
}


@needs("edit_entry")
@require_POST
def step(request: AtlasRequest, entry: str, step: str) -> HttpResponse:
    """Take one of the steps of an author."""
    if step not in STEPS:
        raise Http404
    row = one(entry)
    take, said = STEPS[step]
    try:
        take(row, _person(request))
    except keeping.NotNow:
        messages.error(request, _("That is not possible from where the entry stands."))
    else:
        messages.success(request, _(said))
    return redirect(addresses.entry(row.slug, "draft/"))


@needs("edit_entry")
@require_http_methods(["GET", "HEAD", "POST"])
def history_page(request: AtlasRequest, entry: str) -> HttpResponse:
    """Show every version; an earlier one can be made the draft again."""
    row = one(entry)
    revisions = row.revisions.select_related("author")
    if request.method == "POST":
        number = keeping.number_in(request.POST.get("version", ""))
        chosen = revisions.filter(version=number).first()
        if chosen is None:
            raise Http404
        try:
            keeping.keep(
                row,
                Document.model_validate(chosen.document),
                base=row.version,
                person=_person(request),
                note=f"= {chosen.version}",
            )
        except (keeping.Outdated, keeping.NotNow):
            messages.error(request, _("That is not possible from where the entry stands."))
        else:
            messages.success(request, _("The earlier version is the draft again."))
        return redirect(addresses.entry(row.slug, "draft/"))
    return page(
        request, "practice/history.html", section=SECTION, entry=row, revisions=list(revisions)
    )
