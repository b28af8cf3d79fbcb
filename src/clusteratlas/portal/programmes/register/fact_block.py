"""What else is stated of a programme, its sources, and its versions."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clusteratlas.portal import figures
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.blocks import block
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.programmes.register.money_block import source_line
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.programmes.register import Fact
from clusteratlas.programmes.register import Programme as Document


@block(order=90)
def fact_block(request: AtlasRequest, row: Programme, document: Document) -> SafeString | None:
    """Return the stated facts and the references; nothing where there are neither."""
    if not document.facts and not document.references:
        return None
    content = {
        "sheet": _sheet(document) if document.facts else None,
        "references": document.references,
        "csv": addresses.programme(row.slug, "facts.csv"),
        "source": source_line(row, document),
    }
    return render_to_string("programmes/_facts.html", content, request)


def _sheet(document: Document) -> Sheet:
    return Sheet(
        "facts",
        _("Stated facts, each as its source has it"),
        [
            SheetColumn(_("What"), "", False),
            SheetColumn(_("Figure")),
            SheetColumn(_("Unit"), "", False),
            SheetColumn(_("In words"), "", False),
            SheetColumn(_("Period"), "", False),
            SheetColumn(_("Source"), "", False),
        ],
        [
            SheetRow(
                each.what,
                [
                    Cell(figure_of(each)),
                    Cell(each.unit or figures.NOTHING, number=False),
                    Cell(each.text or figures.NOTHING, number=False),
                    Cell(each.period or _("not stated"), number=False),
                    Cell(each.source or _("those who run the programme"), number=False),
                ],
                lang="und",
            )
            for each in document.facts
        ],
    )


def figure_of(fact: Fact) -> str:
    """Return the figure of a fact as it was stated.

    >>> figure_of(Fact(what="jobs", value=11.4)), figure_of(Fact(what="jobs"))
    ('11.4', '–')
    """
    if fact.value is None:
        return figures.NOTHING
    return figures.measured(fact.value, "reported")
