"""What those of an organisation see: where it stands, what is asked, what they can do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.organisations import Profile, bytes_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.registry.change_words import said_changes
from clusteratlas.portal.registry.edit_page import copy_of, person_of
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.profile_page import found_organisation
from clusteratlas.portal.registry.rules import checklist
from clusteratlas.portal.rights import Named, holds, needs
from clusteratlas.portal.roles import InsideRole

State = Organisation.State
ENDINGS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@needs("see_inside")
@require_safe
def manage_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Show where an organisation stands, and the steps that whoever asks can take."""
    row = found_organisation(organisation)
    person = person_of(request)
    return page(
        request,
        "registry/manage.html",
        section="organisations",
        organisation=row,
        sentence=_sentence(row),
        checklist=checklist(row),
        changes=pending(row, request),
        copy=copy_of(row, person),
        can=_can(request, row),
        belongs=person.role_within((row.pk,)) > InsideRole.NONE,
        moderated=settings.MODERATION,
    )


def pending(row: Organisation, request: AtlasRequest) -> Any:
    """Return what the draft changes of what is published; nothing where one is missing."""
    if row.draft is None or row.published is None:
        return []
    return said_changes(Profile.model_validate(row.published), row.profile, request.release)


def _can(request: AtlasRequest, row: Organisation) -> dict[str, bool]:
    named = Named((row.pk,), row.is_public)
    return {
        right: holds(request.user, right, named, reading=False)
        for right in ("edit", "own", "moderate")
    }


def _sentence(row: Organisation) -> str:
    match row.state:
        case State.PUBLISHED if row.draft is not None:
            return _(
                "The profile is public; version %(version)s is kept and not handed in yet."
            ) % {"version": row.version}
        case State.PUBLISHED:
            return _("The profile is public as it stands (version %(version)s).") % {
                "version": row.published_version or row.version
            }
        case State.SUBMITTED:
            return _("Version %(version)s is handed in and waits for a moderator.") % {
                "version": row.version
            }
        case State.RETURNED:
            return _("A moderator returned the profile and asks for a change.")
        case State.WITHDRAWN:
            return _("The profile was taken down; only those of the organisation see it.")
        case _:
            return _("The profile is being written; only those of the organisation see it.")


@needs("see_inside")
@require_safe
def own_file(request: AtlasRequest, organisation: str, ending: str) -> HttpResponse:
    """Give the profile as a file with all its contacts, as it can be taken in again."""
    row = found_organisation(organisation)
    body = bytes_of([row.profile], ending, private=True)
    response = HttpResponse(body, content_type=ENDINGS[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{row.slug}.{ending}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
