"""The account on the public page of a programme, and the entries of the page of work."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.portal import figures
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.account.kept import account_of_programme, voice
from clusteratlas.portal.programmes.account.logs_keeping import waiting_files
from clusteratlas.portal.programmes.account.page import source_of
from clusteratlas.portal.programmes.blocks import ManageLink, block, manage_link
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.words import word
from clusteratlas.programmes.account import Account, Figure
from clusteratlas.programmes.account.words import STATUSES, unit_in_words, value_in_words
from clusteratlas.programmes.register import Programme as Document
from clusteratlas.tables import CannotAnswer

KEY_FIGURES = (
    "programme-money-1-leverage",
    "flemish-clusters-2025-dbc3",
    "flemish-clusters-2025-cpi1",
    "flemish-clusters-2025-cpi3",
    "flemish-clusters-1-c-4",
)
"""What is shown first, where it is known."""


@block(order=30)
def account_block(request: AtlasRequest, row: Programme, document: Document) -> SafeString | None:
    """Show the key figures of the latest year, with the way to all of them."""
    try:
        account = account_of_programme(row, document)
    except CannotAnswer:
        return None
    if not account.logs.logs:
        return None
    said = voice()
    shown = [each for each in (_latest(account, key) for key in KEY_FIGURES) if each]
    return render_to_string(
        "programmes/_account.html",
        {
            "programme": row,
            "facts": [
                (
                    word(each.rule.title),
                    value_in_words(each, said),
                    unit_in_words(each, said),
                    each.year,
                    word(STATUSES[each.status]),
                    each.grade.value,
                    addresses.figure(row.slug, each.key, each.year or 0),
                )
                for each in shown
            ],
            "source": source_of(account, document),
            "csv": addresses.account(row.slug, "table.csv"),
        },
        request,
    )


def _latest(account: Account, key: str) -> Figure | None:
    known = [each for each in account.of_rule(key) if each.known and each.year is not None]
    return max(known, key=lambda each: each.year or 0, default=None)


@manage_link(order=50)
def logs_link(request: AtlasRequest, row: Programme) -> ManageLink:
    """Lead to the page of logs."""
    count = len(waiting_files(row))
    waits = ngettext("%(count)s log waits to be taken in.", "%(count)s logs wait to be taken in.",
                     count) % {"count": figures.whole(count)}  # fmt: skip
    said = waits if count else _("Events, members, projects and surveys: the account is counted "
                                 "from them.")  # fmt: skip
    return ManageLink(_("Hand in logs"), addresses.programme(row.slug, "logs/"), said)


@manage_link(order=55)
def account_link(request: AtlasRequest, row: Programme) -> ManageLink:
    """Lead to the account."""
    said = _("What came of the programme, with the rows behind every figure.")
    return ManageLink(_("Read the account"), addresses.account(row.slug), said)
