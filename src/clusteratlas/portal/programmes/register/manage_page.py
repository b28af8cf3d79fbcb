"""The page where those who run a programme work."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.programmes.blocks import links_of
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.programmes.register.edit_pages import draft_files
from clusteratlas.portal.programmes.register.programme_page import found_programme
from clusteratlas.portal.programmes.register.step_pages import pending
from clusteratlas.portal.rights import holds, needs

State = Programme.State


@needs("run_programme")
@require_safe
def manage_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Show where a programme stands, and what those who run it can do."""
    row = found_programme(programme)
    return page(
        request,
        "programmes/manage.html",
        section="programmes",
        programme=row,
        document=row.document,
        sentence=_standing(row),
        links=links_of(request, row),
        changes=pending(row),
        runners=row.runners.select_related("user").order_by("since"),
        wholes=draft_files(row),
        moderated=settings.MODERATION or bool(row.reason),
        moderates=holds(request.user, "moderate"),
    )


def _standing(row: Programme) -> str:
    told = {"version": row.version}
    match row.state:
        case State.PUBLISHED if row.draft is not None:
            return (
                _("The programme is public; version %(version)s is kept and not handed in yet.")
                % told
            )
        case State.PUBLISHED:
            return _("The programme is public as it stands (version %(version)s).") % told
        case State.SUBMITTED:
            return _("Version %(version)s is handed in and waits for a moderator.") % told
        case State.RETURNED:
            return _("A moderator returned the programme and asks for a change.")
        case State.WITHDRAWN:
            return _("The programme was taken down; only those who run it see it.")
        case _:
            return _("The programme is being written; only those who run it see it.")
