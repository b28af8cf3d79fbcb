"""Where those who run a programme hand in its logs: read, shown with every fault, taken in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from clusteratlas.portal import figures
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import answer, problem_of_status
from clusteratlas.portal.limits import MOST_BYTES
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.account.logs_keeping import (
    RULES,
    current_files,
    differences,
    earlier_files,
    forget,
    propose,
    take,
    waiting_files,
)
from clusteratlas.portal.programmes.models import LogFile, Programme
from clusteratlas.portal.programmes.register.keeping import number_in
from clusteratlas.portal.programmes.register.programme_page import found_programme
from clusteratlas.portal.registry.edit_page import person_of
from clusteratlas.portal.rights import needs
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.portal.words import word
from clusteratlas.programmes.account import LAYOUTS
from clusteratlas.tables import Fault

SHOWN_FAULTS = 500
MOST_FILES = 20
PLACE = "logs/"
SECTION = "programmes"


@needs("run_programme")
@require_http_methods(["GET", "HEAD", "POST"])
def logs_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Show the logs, and take files that are handed in; with any fault nothing is kept."""
    row = found_programme(programme)
    if request.method != "POST":
        return page(request, "programmes/logs.html", section=SECTION, **_content(row))
    sent = request.FILES.getlist("file")
    if not sent or not all(each.size for each in sent):
        problem = _("Choose a file; an empty one holds no log.")
        return form_page(
            request, "programmes/logs.html", section=SECTION, **_content(row), problem=problem
        )
    if len(sent) > MOST_FILES or sum(each.size or 0 for each in sent) > MOST_BYTES:
        return answer(request, problem_of_status(413))
    found = propose(row, sent, person_of(request))
    if found.faults:
        return form_page(
            request,
            "programmes/logs.html",
            section=SECTION,
            **_content(row),
            faults=_faults(found.faults[:SHOWN_FAULTS]),
            total=len(found.faults),
        )
    for note in found.notes[:10]:
        messages.info(request, str(note))
    return redirect(addresses.programme(row.slug, PLACE))


@needs("run_programme")
@require_POST
def take_logs(request: AtlasRequest, programme: str) -> HttpResponse:
    """Take in what waits, as it was shown."""
    row = found_programme(programme)
    keys = [number_in(each) for each in request.POST.getlist("log")]
    if not (taken := take(row, keys, person_of(request))):
        messages.error(request, _("Something else waits by now; nothing was taken in."))
        return redirect(addresses.programme(row.slug, PLACE))
    said = ngettext("%(count)s log counts now.", "%(count)s logs count now.", len(taken))
    messages.success(request, said % {"count": figures.whole(len(taken))})
    return redirect(addresses.programme(row.slug, PLACE))


@needs("run_programme")
@require_POST
def forget_logs(request: AtlasRequest, programme: str) -> HttpResponse:
    """Forget what waits."""
    row = found_programme(programme)
    forget(row, person_of(request))
    messages.info(request, _("The files are forgotten; nothing was taken in."))
    return redirect(addresses.programme(row.slug, PLACE))


def _content(row: Programme) -> dict[str, Any]:
    current = current_files(row)
    waiting = waiting_files(row)
    return {
        "programme": row,
        "waiting": waiting,
        "preview": _preview(waiting, current) if waiting else None,
        "current": _current(current),
        "earlier": _earlier(earlier_files(row)),
        "known": [(each.name, word(each.meaning)) for each in LAYOUTS.values()],
    }


def _name(file: LogFile) -> str:
    return _("counting rules") if file.kind == RULES else word(file.kind)


def _preview(waiting: list[LogFile], current: list[LogFile]) -> Sheet:
    held = {each.kind: each for each in current}
    return Sheet(
        "waiting",
        _("What would count"),
        [
            SheetColumn(_("Log"), number=False),
            SheetColumn(_("File"), number=False),
            SheetColumn(_("Rows")),
            SheetColumn(_("Rows that it replaces")),
        ],
        [
            SheetRow(
                _name(file),
                [
                    Cell(file.name, number=False),
                    Cell(figures.whole(rows)),
                    Cell(figures.NOTHING if before is None else figures.whole(before)),
                ],
            )
            for file, rows, before in differences(waiting, held)
        ],
    )


def _current(files: list[LogFile]) -> Sheet:
    return Sheet(
        "current",
        _("Logs that count now"),
        [
            SheetColumn(_("Log"), number=False),
            SheetColumn(_("File"), number=False),
            SheetColumn(_("Rows")),
            SheetColumn(_("Since"), number=False),
            SheetColumn("SHA-256", number=False),
        ],
        [
            SheetRow(
                _name(file),
                [
                    Cell(file.name, number=False),
                    Cell(figures.whole(rows)),
                    Cell(f"{file.taken_at:%Y-%m-%d %H:%M}" if file.taken_at else "", number=False),
                    Cell(file.checksum[:16], number=False),
                ],
            )
            for file, rows, _before in differences(files, {})
        ],
        empty=_("No log counts yet."),
    )


def _earlier(files: list[LogFile]) -> Sheet | None:
    if not files:
        return None
    return Sheet(
        "earlier",
        _("Logs that counted before"),
        [
            SheetColumn(_("Log"), number=False),
            SheetColumn(_("File"), number=False),
            SheetColumn(_("Until"), number=False),
            SheetColumn("SHA-256", number=False),
        ],
        [
            SheetRow(
                _name(file),
                [
                    Cell(file.name, number=False),
                    Cell(f"{file.replaced_at:%Y-%m-%d %H:%M}" if file.replaced_at else "",
                         number=False),
                    Cell(file.checksum[:16], number=False),
                ],
            )
            for file in files
        ],
    )  # fmt: skip


def _faults(faults: list[Fault]) -> Sheet:
    return Sheet(
        "faults",
        _("Every fault"),
        [
            SheetColumn(_("File"), number=False),
            SheetColumn(_("Row")),
            SheetColumn(_("Column"), number=False),
            SheetColumn(_("Value"), number=False),
            SheetColumn(_("What is wrong"), number=False),
            SheetColumn(_("What to do"), number=False),
        ],
        [
            SheetRow(
                each.file,
                [
                    Cell(figures.NOTHING if each.row is None else str(each.row)),
                    Cell(each.column, number=False),
                    Cell(each.value, number=False),
                    Cell(each.problem, number=False),
                    Cell(each.hint, number=False),
                ],
                lang="und",
            )
            for each in faults
        ],
        tall=True,
    )
