"""Writing in the register: a new programme, its entry, its tables."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import answer, problem_of_status
from clusteratlas.portal.limits import MOST_BYTES
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.programmes.register import keeping
from clusteratlas.portal.programmes.register.forms import ProgrammeForm, first_values
from clusteratlas.portal.programmes.register.programme_page import found_programme
from clusteratlas.portal.programmes.register.register_page import ENDINGS
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.rights import needs
from clusteratlas.portal.roles import InsideRole
from clusteratlas.portal.uploaded import kept_for_reading, shown_name
from clusteratlas.programmes.register import read_untrusted_register

SECTION = "programmes"
SHOWN_FAULTS = 500
MOST_OPEN = 20
"""Programmes that somebody may have on their way to the public at a time."""


def person_of(request: AtlasRequest) -> User:
    """Return who asks; the gate let only somebody signed in pass."""
    return cast(User, request.user)


def _own(person: User) -> list[Organisation]:
    """The organisations whose editor somebody is."""
    edited = person.memberships.filter(role__gte=InsideRole.EDITOR)
    return list(Organisation.objects.filter(memberships__in=edited).order_by("name"))


@needs("propose")
@require_http_methods(["GET", "HEAD", "POST"])
def new_page(request: AtlasRequest) -> HttpResponse:
    """Begin a programme."""
    person = person_of(request)
    own = _own(person)
    if request.method != "POST":
        form = ProgrammeForm(release=request.release, own=own)
        return page(request, "programmes/write.html", section=SECTION, form=form)
    form = ProgrammeForm(request.POST, release=request.release, own=own)
    waiting = Programme.objects.filter(runners__user=person, published__isnull=True).count()
    if form.is_valid() and waiting >= MOST_OPEN:
        form.add_error(None, _("You have many programmes on their way already; finish some first."))
    if not form.is_valid() or form.document is None:
        return form_page(request, "programmes/write.html", section=SECTION, form=form)
    run_by = next((each for each in own if str(each.pk) == form.cleaned_data["organisation"]), None)
    row = keeping.begin(form.document, person, organisation=run_by)
    messages.success(request, _("Kept as a draft. Add calls, awards and money, then hand it in."))
    return redirect(addresses.programme(row.slug, "manage/"))


@needs("run_programme")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Change the entry; what is public stays as it is until the change is published."""
    row = found_programme(programme)
    told: dict[str, Any] = {"release": request.release, "own": [], "before": row.document}
    if request.method != "POST":
        form = _without_owner(
            ProgrammeForm(initial={**first_values(row.document), "version": row.version}, **told)
        )
        return page(request, "programmes/write.html", section=SECTION, form=form, programme=row)
    form = _without_owner(ProgrammeForm(request.POST, **told))
    if form.is_valid() and form.document is not None:
        base = form.cleaned_data.get("version") or 0
        try:
            keeping.keep(row, form.document, base=base, person=person_of(request))
        except keeping.Outdated:
            form.add_error(
                None,
                _(
                    "Somebody else kept a change since you opened this page. What you wrote stands "
                    "below; open the entry anew in another window, compare, and write it there."
                ),
            )
        else:
            messages.success(request, _("Kept as a draft. Look at it, then hand it in."))
            return redirect(addresses.programme(row.slug, "manage/"))
    return form_page(request, "programmes/write.html", section=SECTION, form=form, programme=row)


def _without_owner(form: ProgrammeForm) -> ProgrammeForm:
    """Who runs a programme is told at its beginning and changed on the page of work."""
    del form.fields["organisation"]
    return form


@needs("run_programme")
@require_http_methods(["GET", "HEAD", "POST"])
def tables_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Take the tables of a programme from a file, as the next version of its draft."""
    row = found_programme(programme)
    if request.method != "POST":
        return page(request, "programmes/tables.html", **_tables(row))
    sent = request.FILES.get("file")
    if sent is None or not sent.size:
        problem = _("Choose a file; an empty one holds nothing.")
        return form_page(request, "programmes/tables.html", **_tables(row), problem=problem)
    if sent.size > MOST_BYTES:
        return answer(request, problem_of_status(413))
    name = shown_name(sent)
    before = row.document.model_copy(update={"slug": row.slug})
    with kept_for_reading(sent) as path:
        reading = read_untrusted_register(path, request.release, name=name, into=before)
    if reading.faults:
        told: dict[str, Any] = {
            **_tables(row),
            "file": name,
            "faults": reading.faults[:SHOWN_FAULTS],
            "total": reading.total,
        }
        return form_page(request, "programmes/tables.html", **told)
    base = keeping.number_in(request.POST.get("version", ""))
    document = reading.programmes[0]
    if document.model_copy(update={"slug": row.slug}) == before:
        messages.info(request, _("The file holds what is here already; nothing was written."))
        return redirect(addresses.programme(row.slug, "tables/"))
    try:
        keeping.keep(row, document, base=base, person=person_of(request), note=name)
    except keeping.Outdated:
        problem = _(
            "Somebody else kept a change since you opened this page. Take what is there now, and "
            "bring your changes into it."
        )
        return form_page(request, "programmes/tables.html", **_tables(row), problem=problem)
    for note in reading.notes[:10]:
        messages.info(request, str(note))
    messages.success(request, _("Kept as a draft. See below what changes, then hand it in."))
    return redirect(addresses.programme(row.slug, "manage/"))


def _tables(row: Programme) -> dict[str, Any]:
    row.refresh_from_db()
    return {
        "section": SECTION,
        "programme": row,
        "document": row.document,
        "version": row.version,
        "wholes": draft_files(row),
    }


def draft_files(row: Programme) -> list[tuple[str, str]]:
    """Return where the entry can be had as those who run it see it, by form."""
    return [(end.upper(), addresses.programme(row.slug, f"draft.{end}")) for end in ENDINGS]
