"""The criteria of an applicant as a table, from the document of its screening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clusteratlas.portal import figures
from clusteratlas.portal.programmes.applicants import screen_words
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """A piece of evidence as a page shows it."""

    kind: str
    title: str
    address: str
    on: str
    said: str
    none: bool


def criteria_sheet(document: Mapping[str, Any]) -> Sheet:
    """Return every criterion with figure, ends, threshold, unit, year, source and why."""
    return Sheet(
        "criteria",
        _("Criteria of %(name)s") % {"name": document["criteria_name"]},
        [
            SheetColumn(_("Criterion"), number=False),
            SheetColumn(_("Verdict"), number=False),
            SheetColumn(_("Value")),
            SheetColumn(_("Asked"), _("at least")),
            SheetColumn(_("Unit"), number=False),
            SheetColumn(_("Year")),
            SheetColumn(_("Weight")),
        ],
        [_row(each) for each in document["criteria"]],
        empty=_("There is no criterion."),
    )


def _row(row: Mapping[str, Any]) -> SheetRow:
    measure = row["measure"]
    notes = [(_("why"), screen_words.reason_of(row))]
    if row["source"]:
        notes.append((_("source"), row["source"]))
    elif row["status"] in screen_words.STATUS:
        notes.append((_("source"), _(screen_words.STATUS[row["status"]])))
    return SheetRow(
        screen_words.name_of(row["criterion"], row["name"]),
        [
            Cell(screen_words.met(row["verdict"]), number=False),
            Cell(
                screen_words.amount(row["value"], measure),
                mark=row["status"] if row["status"] in ("estimated", "withheld") else "",
                between=screen_words.between(row["low"], row["high"], measure),
            ),
            Cell(screen_words.amount(row["threshold"], measure)),
            Cell(screen_words.unit_of(measure), number=False),
            Cell(str(row["year"]) if row["year"] else figures.NOTHING),
            Cell(f"{row['weight']:g}"),
        ],
        pills=[("essential", _("essential"))] if row["essential"] else [],
        notes=notes,
    )


def pieces_shown(
    document: Mapping[str, Any], others: Sequence[Mapping[str, Any]]
) -> list[ShownPiece]:
    """Return the evidence with whether it counts, then what no criterion asks for."""
    found: list[ShownPiece] = []
    counted = set()
    for row in document["criteria"]:
        for each in row["evidence"]:
            counted.add((each["kind"], each["title"], each["on"]))
            found.append(_piece(each, _(screen_words.PIECES[each["code"]])))
    for each in others:
        if (each["kind"], each["title"], each["on"]) not in counted:
            found.append(_piece(each, ""))
    return found


def _piece(each: Mapping[str, Any], said: str) -> ShownPiece:
    return ShownPiece(
        screen_words.kind_of(each["kind"]),
        each["title"],
        each["address"],
        each["on"] or "",
        said,
        each["none"],
    )
