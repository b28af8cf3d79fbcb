"""What stands behind the effect on one region: the mix it is compared with."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from clusteratlas.portal import figures
from clusteratlas.portal.programmes.effects.amounts import plain
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.programmes.effects import SyntheticFindings

SHOWN: Final = 0.0005
"""A donor with less weight than this by either way is left out of the table."""


def donors_sheet(behind: SyntheticFindings, outcome: str, identity: str) -> Sheet:
    """Return who makes up the mix, and how far the method errs in each of them."""
    placebos = {each.unit: each for each in behind.placebos}
    used = [
        each
        for each in behind.donors
        if max(each.synthetic_control, each.synthetic_difference) >= SHOWN
    ]
    rows = [
        SheetRow(
            each.unit,
            [
                Cell(figures.percent(each.synthetic_difference)),
                Cell(figures.percent(each.synthetic_control)),
                Cell(plain(placebos[each.unit].ratio)),
            ],
            lang="und",
        )
        for each in used
    ]
    columns = [
        SheetColumn(_("Donor"), number=False),
        SheetColumn(_("Share, synthetic difference-in-differences")),
        SheetColumn(_("Share, synthetic control")),
        SheetColumn(_("Gap after over gap before, without a programme")),
    ]
    caption = _("%(outcome)s: the mix that the region is compared with") % {"outcome": outcome}
    return Sheet(identity, caption, columns, rows)


def rank_sentence(behind: SyntheticFindings) -> str:
    """Say how unusual the region is among its donors."""
    return _(
        "After the start the region lies %(ratio)s times as far from its mix as before; among "
        "%(units)s regions that is the gap of rank %(rank)s, the others having had no programme."
    ) % {
        "ratio": plain(behind.ratio),
        "units": figures.whole(len(behind.placebos) + 1),
        "rank": figures.whole(behind.rank),
    }
