"""Other figures of a region, each with unit, year and source; a short table and its CSV."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import RegionIndicator, Release
from clusteratlas.portal import figures
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow

MOST_SHOWN = 30
COLUMNS = (
    "scheme",
    "region",
    "indicator",
    "title",
    "year",
    "value",
    "unit",
    "status",
    "publisher",
    "source_title",
    "licence",
)


def indicators_sheet(release: Release, scheme: str, region: str, name: str) -> Sheet | None:
    """Return each indicator of a region in its latest year; nothing where there are none."""
    latest: dict[tuple[str, str], RegionIndicator] = {}
    for row in release.indicators(scheme, region):
        latest.setdefault((row.indicator, row.source), row)
    if not latest:
        return None
    shown = list(latest.values())[:MOST_SHOWN]
    return Sheet(
        "other-figures",
        _("Other figures of %(region)s, each of the latest year at hand") % {"region": name},
        [
            SheetColumn(_("Figure"), number=False),
            SheetColumn(_("Value")),
            SheetColumn(_("Unit"), number=False),
            SheetColumn(_("Year")),
            SheetColumn(_("Source"), number=False),
        ],
        [
            SheetRow(
                row.title,
                [
                    Cell(figures.measured(row.value, row.status), _mark(row)),
                    Cell(row.unit, number=False),
                    Cell(str(row.year)),
                    Cell(_source(row), number=False),
                ],
            )
            for row in shown
        ],
    )


@require_safe
def region_indicators_table(request: AtlasRequest, scheme: str, region: str) -> HttpResponse:
    """Give all other figures of a region, all years, as CSV."""
    release = request.release
    place = release.region(scheme, region)
    rows = release.indicators(scheme, region)
    return table_answer(
        request,
        rows,
        name=f"{place.region}-indicators",
        title=_("Other figures of %(region)s") % {"region": place.name},
        source="; ".join(dict.fromkeys(_source(row) for row in rows)),
        columns=COLUMNS,
        kind=RegionIndicator,
    )


def _mark(row: RegionIndicator) -> str:
    return row.status if row.status in ("reported", "withheld", "unpublished") else ""


def _source(row: RegionIndicator) -> str:
    said = row.source_title or row.source
    named = row.publisher if row.publisher not in (None, "not stated") else ""
    return f"{named}, {said}" if named else said
