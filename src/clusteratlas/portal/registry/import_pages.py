"""Take organisations in from a file: read, shown with every fault and change, taken at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusteratlas.organisations import Profile, Reading, read_untrusted
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import answer, problem_of_status
from clusteratlas.portal.limits import MOST_BYTES
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.registry import addresses, keeping, rules
from clusteratlas.portal.registry.change_words import SaidChange, said_changes
from clusteratlas.portal.registry.edit_page import person_of
from clusteratlas.portal.registry.loading import Arrival, arrivals, load
from clusteratlas.portal.registry.models import Organisation, Upload
from clusteratlas.portal.rights import needs
from clusteratlas.portal.uploaded import kept_for_reading, shown_name
from clusteratlas.tables import Fault, InvalidInput

SHOWN_FAULTS = 500
SHOWN_ROWS = 300
MOST_OPEN = 20
"""Uploads of one person that are kept until they are taken in."""


@dataclass(frozen=True, slots=True)
class ShownArrival:
    """A line of the preview."""

    number: int
    name: str
    kind: str
    slug: str
    changes: list[SaidChange]
    passed: bool


@needs("moderate")
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: AtlasRequest) -> HttpResponse:
    """Take a file and read it; faults are shown all at once, and then nothing is written."""
    if request.method != "POST":
        return page(request, "registry/import.html", section="organisations")
    sent = request.FILES.get("file")
    if sent is None or not sent.size:
        problem = _("Choose a file; an empty one holds no organisation.")
        return form_page(request, "registry/import.html", section="organisations", problem=problem)
    if sent.size > MOST_BYTES:
        return answer(request, problem_of_status(413))
    name = shown_name(sent)
    reading = _read(request, sent, name)
    faults, total = list(reading.faults), reading.total
    if not faults:
        try:
            arrivals(reading.profiles, file=name)
        except InvalidInput as error:
            faults, total = list(error.faults), error.total
    if faults:
        return _refused(request, name, faults, total)
    person = person_of(request)
    for old in person.uploads.order_by("-at")[MOST_OPEN - 1 :]:
        old.delete()
    upload = Upload.objects.create(
        person=person, file=name, profiles=[keeping.stored(each) for each in reading.profiles]
    )
    for note in reading.notes[:10]:
        messages.info(request, str(note))
    return redirect(addresses.imports(upload.pk))


def _read(request: AtlasRequest, sent: UploadedFile[bytes], name: str) -> Reading:
    """Read the file in a process of its own; it lies in a folder that goes away with it."""
    with kept_for_reading(sent) as path:
        return read_untrusted(path, request.release, name=name)


def _refused(request: AtlasRequest, name: str, faults: list[Fault], total: int) -> HttpResponse:
    return form_page(
        request,
        "registry/import.html",
        section="organisations",
        file=name,
        faults=faults[:SHOWN_FAULTS],
        total=total,
    )


@needs("moderate")
@require_safe
def preview_page(request: AtlasRequest, upload: int) -> HttpResponse:
    """Show what a file would do: new, changed, the same, left alone."""
    found = _upload(request, upload)
    try:
        listed = arrivals(_profiles(found), file=found.file)
    except InvalidInput as error:
        return _refused(request, found.file, list(error.faults), error.total)
    kinds = [each.kind for each in listed]
    shown = [each for each in enumerate(listed, 1) if each[1].kind != "same"][:SHOWN_ROWS]
    return page(
        request,
        "registry/import_preview.html",
        section="organisations",
        upload=found,
        counts={kind: kinds.count(kind) for kind in ("new", "changed", "same", "waiting")},
        rows=[_shown(number, each, request) for number, each in shown],
        more=len([kind for kind in kinds if kind != "same"]) - len(shown),
    )


def _shown(number: int, arrival: Arrival, request: AtlasRequest) -> ShownArrival:
    before = arrival.before
    row = arrival.organisation or Organisation(name=arrival.profile.name)
    return ShownArrival(
        number,
        arrival.profile.name,
        arrival.kind,
        row.slug,
        said_changes(before, arrival.profile, request.release) if before else [],
        rules.checklist(row, arrival.profile).passed,
    )


@needs("moderate")
@require_POST
def apply_page(request: AtlasRequest, upload: int) -> HttpResponse:
    """Take a file in as it was shown, in one transaction."""
    found = _upload(request, upload)
    publish = request.POST.get("do") == "publish"
    try:
        with transaction.atomic():
            # The upload goes first and by condition: a second click waits and finds it gone.
            if not Upload.objects.filter(pk=found.pk, applied_at=None).delete()[0]:
                raise Http404
            done = load(
                _profiles(found), person=person_of(request), publish=publish, file=found.file
            )
    except (InvalidInput, keeping.Outdated) as error:
        faults = list(error.faults) if isinstance(error, InvalidInput) else []
        messages.error(request, _("The registry changed meanwhile; nothing was written."))
        return (
            _refused(request, found.file, faults, len(faults))
            if faults
            else redirect(addresses.imports(found.pk))
        )
    kinds = [each.kind for each in done]
    messages.success(
        request,
        _("Taken in. New: %(new)s, changed: %(changed)s, the same: %(same)s.")
        % {kind: kinds.count(kind) for kind in ("new", "changed", "same")},
    )
    return redirect(addresses.moderation())


@needs("moderate")
@require_POST
def drop_page(request: AtlasRequest, upload: int) -> HttpResponse:
    """Forget a file that was read."""
    _upload(request, upload).delete()
    messages.info(request, _("The file is forgotten; nothing was written."))
    return redirect(addresses.imports())


def _upload(request: AtlasRequest, upload: int) -> Upload:
    found = Upload.objects.filter(pk=upload, person=person_of(request), applied_at=None).first()
    if found is None:
        raise Http404
    return found


def _profiles(upload: Upload) -> list[Profile]:
    listed: list[Any] = upload.profiles
    return [Profile.model_validate(each) for each in listed]
