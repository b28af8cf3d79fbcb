"""Published effects that the site adds: taken in whole, or refused with every fault."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clusteratlas.portal.accounts.audit import note
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import answer, problem_of_status
from clusteratlas.portal.evidence import addresses
from clusteratlas.portal.evidence.effects_kept import checked, library
from clusteratlas.portal.evidence.library_page import SECTION
from clusteratlas.portal.evidence.models import OwnEffects
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.programmes.register.keeping import number_in
from clusteratlas.portal.registry import state
from clusteratlas.portal.registry.edit_page import person_of
from clusteratlas.portal.rights import needs
from clusteratlas.programmes.evidence.reading import COLUMNS, REQUIRED
from clusteratlas.tables import Fault, InvalidInput

TEMPLATE = "evidence/own.html"
MOST_BYTES = 2_000_000
SHOWN_FAULTS = 500


@needs("moderate")
@require_http_methods(["GET", "HEAD", "POST"])
def own_page(request: AtlasRequest) -> HttpResponse:
    """List the files of the site, and take in another one."""
    if request.method != "POST":
        return page(request, TEMPLATE, section=SECTION, **_held())
    sent = request.FILES.get("file")
    if sent is None or not sent.size:
        problem = _("Choose a file; an empty one holds no effect.")
        return form_page(request, TEMPLATE, section=SECTION, problem=problem, **_held())
    if sent.size > MOST_BYTES:
        return answer(request, problem_of_status(413))
    name = Path(sent.name or "file").name[:100]
    try:
        text = sent.read().decode("utf-8-sig")
        if "\0" in text:
            raise InvalidInput([Fault("the file is not a text", name, hint="save it as CSV")])
        count = checked(text, name, library().effects)
    except UnicodeDecodeError:
        faults = [Fault("the file is not text in UTF-8", name, hint="save the table as CSV")]
        return _refused(request, name, InvalidInput(faults))
    except InvalidInput as error:
        return _refused(request, name, error)
    with transaction.atomic():
        OwnEffects.objects.create(file=name, text=text, count=count, person=person_of(request))
        note(person_of(request), "evidence.take_in", name, effects=count)
        state.bump()
    messages.success(
        request, _("Taken in: %(file)s, figures: %(count)s.") % {"file": name, "count": count}
    )
    return redirect(addresses.library("own/"))


@needs("moderate")
@require_POST
def forget_page(request: AtlasRequest) -> HttpResponse:
    """Take a file of the site out of the library again."""
    asked = number_in(request.POST.get("file", ""))
    found = OwnEffects.objects.filter(pk=asked).first()
    if found is None:
        messages.info(request, _("That file is not in the library."))
        return redirect(addresses.library("own/"))
    with transaction.atomic():
        found.delete()
        note(person_of(request), "evidence.forget", found.file, effects=found.count)
        state.bump()
    messages.info(request, _("%(file)s is out of the library.") % {"file": found.file})
    return redirect(addresses.library("own/"))


def _held() -> dict[str, object]:
    return {
        "files": list(OwnEffects.objects.select_related("person")),
        "columns": ", ".join(COLUMNS),
        "required": ", ".join(REQUIRED),
    }


def _refused(request: AtlasRequest, name: str, error: InvalidInput) -> HttpResponse:
    return form_page(
        request,
        TEMPLATE,
        section=SECTION,
        file=name,
        faults=list(error.faults)[:SHOWN_FAULTS],
        total=error.total,
        **_held(),
    )
