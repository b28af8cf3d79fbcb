"""Take programmes in from a file: read, shown with every fault and change, taken at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import answer, problem_of_status
from clusteratlas.portal.limits import MOST_BYTES
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.models import RegisterFile
from clusteratlas.portal.programmes.register import keeping
from clusteratlas.portal.programmes.register.change_words import said_changes
from clusteratlas.portal.programmes.register.edit_pages import SECTION, SHOWN_FAULTS, person_of
from clusteratlas.portal.programmes.register.loading import KINDS, Arrival, arrivals, load_register
from clusteratlas.portal.programmes.register.register_page import ENDINGS
from clusteratlas.portal.rights import holds, needs
from clusteratlas.portal.uploaded import kept_for_reading, shown_name
from clusteratlas.programmes.register import (
    Programme,
    read_untrusted_register,
    stated_programmes,
)

SHOWN_ROWS = 300
MOST_OPEN = 20
"""Files of one person that are kept until they are taken in."""


@needs("moderate")
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: AtlasRequest) -> HttpResponse:
    """Take a file and read it; faults are shown all at once, and then nothing is written."""
    told = _told(request)
    if request.method != "POST":
        return page(request, "programmes/import.html", **told)
    sent = request.FILES.get("file")
    if sent is None or not sent.size:
        problem = _("Choose a file; an empty one holds no programme.")
        return form_page(request, "programmes/import.html", **told, problem=problem)
    if sent.size > MOST_BYTES:
        return answer(request, problem_of_status(413))
    name = shown_name(sent)
    with kept_for_reading(sent) as path:
        reading = read_untrusted_register(path, request.release, name=name)
    if reading.faults:
        told |= {"file": name, "faults": reading.faults[:SHOWN_FAULTS], "total": reading.total}
        return form_page(request, "programmes/import.html", **told)
    for note in reading.notes[:10]:
        messages.info(request, str(note))
    return redirect(_held(request, name, reading.programmes))


def _told(request: AtlasRequest) -> dict[str, Any]:
    return {
        "section": SECTION,
        "exports": [(end.upper(), addresses.register(f"export.{end}")) for end in ENDINGS],
        "administers": holds(request.user, "administer"),
        "stated": len(stated_programmes()),
    }


def _held(request: AtlasRequest, name: str, programmes: Sequence[Programme]) -> str:
    """Keep programmes until they are taken in; return where they are shown."""
    person = person_of(request)
    for old in RegisterFile.objects.filter(person=person).order_by("-at")[MOST_OPEN - 1 :]:
        old.delete()
    held = RegisterFile.objects.create(
        person=person, file=name, programmes=[keeping.stored(each) for each in programmes]
    )
    return addresses.register(f"import/{held.pk}/")


@needs("administer")
@require_POST
def stated_page(request: AtlasRequest) -> HttpResponse:
    """Show what the packaged facts would do, as a file that was read."""
    return redirect(_held(request, _("stated facts"), stated_programmes()))


@needs("moderate")
@require_safe
def preview_page(request: AtlasRequest, register_file: int) -> HttpResponse:
    """Show what a file would do: new, changed, the same, left alone."""
    found = _file(request, register_file)
    listed = arrivals(_programmes(found))
    kinds = [each.kind for each in listed]
    return page(
        request,
        "programmes/import_preview.html",
        section=SECTION,
        register_file=found,
        counts={kind: kinds.count(kind) for kind in KINDS},
        rows=[(at, each, _changes(each)) for at, each in enumerate(listed[:SHOWN_ROWS], 1)],
    )


def _changes(arrival: Arrival) -> Any:
    row = arrival.row
    return None if row is None else said_changes(row.document, arrival.document)


@needs("moderate")
@require_POST
def apply_page(request: AtlasRequest, register_file: int) -> HttpResponse:
    """Take a file in as it was shown, in one transaction."""
    found = _file(request, register_file)
    try:
        with transaction.atomic():
            # The file goes first and by condition: a second click waits and finds it gone.
            if not RegisterFile.objects.filter(pk=found.pk).delete()[0]:
                raise Http404
            done = load_register(
                _programmes(found),
                person=person_of(request),
                publish=request.POST.get("do") == "publish",
                file=found.file,
            )
    except keeping.Outdated:
        messages.error(request, _("The register changed meanwhile; nothing was written."))
        return redirect(addresses.register(f"import/{found.pk}/"))
    kinds = [each.kind for each in done]
    messages.success(
        request,
        _("Taken in. New: %(new)s, changed: %(changed)s, the same: %(same)s.")
        % {kind: kinds.count(kind) for kind in ("new", "changed", "same")},
    )
    return redirect(addresses.register("moderation/"))


@needs("moderate")
@require_POST
def drop_page(request: AtlasRequest, register_file: int) -> HttpResponse:
    """Forget a file that was read."""
    _file(request, register_file).delete()
    messages.info(request, _("The file is forgotten; nothing was written."))
    return redirect(addresses.register("import/"))


def _file(request: AtlasRequest, pk: int) -> RegisterFile:
    found = RegisterFile.objects.filter(pk=pk, person=person_of(request)).first()
    if found is None:
        raise Http404
    return found


def _programmes(held: RegisterFile) -> list[Programme]:
    listed: list[Any] = held.programmes
    return [Programme.model_validate(each) for each in listed]
