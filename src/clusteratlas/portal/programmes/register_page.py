"""The list of all published programmes."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clusteratlas.portal import figures
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.rights import needs
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow


@needs("read")
@require_safe
def register_page(request: AtlasRequest) -> HttpResponse:
    """Show the programmes that are public."""
    rows = Programme.objects.filter(published__isnull=False)
    rows = rows.exclude(state=Programme.State.WITHDRAWN).order_by("name", "slug")
    return page(
        request,
        "programmes/register.html",
        section="programmes",
        sentence=_sentence(len(rows)),
        sheet=Sheet(
            "programmes",
            _("Programmes"),
            [
                SheetColumn(_("Name"), "", False),
                SheetColumn(_("Funder"), "", False),
                SheetColumn(_("Since"), "", False),
            ],
            [_line(each) for each in rows],
            empty=_("No programme is published here yet."),
        ),
    )


def _line(row: Programme) -> SheetRow:
    document = row.public_document or row.document
    since = "" if document.since is None else str(document.since)
    return SheetRow(
        document.name,
        [
            Cell(document.funder or figures.NOTHING, number=False),
            Cell(since or figures.NOTHING, number=False),
        ],
        addresses.programme(row.slug),
        pills=[("fictional", _("fictional"))] if row.fictional else [],
        lang="und",
    )


def _sentence(count: int) -> str:
    if not count:
        return _("No programme is published here yet.")
    return ngettext("%(count)s programme.", "%(count)s programmes.", count) % {
        "count": figures.whole(count)
    }
