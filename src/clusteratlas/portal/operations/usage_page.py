"""The usage figures for administrators: kinds of pages, and countries of language settings."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from babel import Locale
from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.portal import figures
from clusteratlas.portal.addresses import with_query
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.language import active, at
from clusteratlas.portal.operations.models import UsageCount
from clusteratlas.portal.operations.usage import UNKNOWN
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.rights import needs
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow

FEWEST = 5
"""A smaller count is not shown: it could be told of somebody."""

PERIODS = (7, 30, 365)
DEFAULT = 30


@dataclass(frozen=True, slots=True)
class Usage:
    """One count of a period.

    ``views`` is nothing where it is smaller than `FEWEST`; ``day`` is the last of the period.
    """

    kind: str
    name: str
    first_day: str
    last_day: str
    views: int | None
    fewer_than: int | None


@needs("administer")
@require_safe
def usage_page(request: AtlasRequest) -> HttpResponse:
    """Show the usage figures of a period."""
    days = _days(request)
    pages, countries = _counted(days)
    total = _held(days).aggregate(views=Sum("count"))["views"] or 0
    return page(
        request,
        "operations/usage.html",
        days=days,
        total=_views(total),
        any=bool(pages),
        fewest=FEWEST,
        periods=[
            (each, with_query(at("/operations/usage/"), days=each), each == days)
            for each in PERIODS
        ],
        by_page=_sheet("usage-pages", _("Pages read, by kind"), _("Kind of page"), pages),
        by_country=_sheet(
            "usage-countries",
            _("Pages read, by the country of the language setting"),
            _("Country"),
            countries,
        ),
        csv=with_query(at("/operations/usage.csv"), days=days),
    )


@needs("administer")
@require_safe
def usage_table(request: AtlasRequest) -> HttpResponse:
    """Give the same counts as a file."""
    days = _days(request)
    pages, countries = _counted(days)
    answer = table_answer(
        request,
        [*pages, *countries],
        name=f"usage-{days}-days",
        title=f"Pages read in {days} days",
        source="Counts of this site",
        kind=Usage,
        words={
            "kind": "what is counted: page (a kind of page) or country (of the language setting)",
            "name": "route of the page, or code of the country; unknown where the setting has none",
            "first_day": "first day of the period",
            "last_day": "last day of the period",
            "views": "pages read; empty where fewer than fewer_than",
            "fewer_than": "the bound below which a count is not given",
        },
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _days(request: AtlasRequest) -> int:
    text = request.GET.get("days", str(DEFAULT))
    if text not in {str(each) for each in PERIODS}:
        raise BadAddress(
            _("there are no figures of that period"),
            value=text,
            hint=_("use one of %(names)s") % {"names": figures.listed([str(n) for n in PERIODS])},
        )
    return int(text)


def _period(days: int) -> tuple[datetime.date, datetime.date]:
    last = datetime.datetime.now(datetime.UTC).date()
    return last - datetime.timedelta(days=days - 1), last


def _held(days: int) -> QuerySet[UsageCount]:
    return UsageCount.objects.filter(day__range=_period(days))


def _counted(days: int) -> tuple[list[Usage], list[Usage]]:
    first, last = _period(days)
    held = _held(days)

    def of(kind: str, field: str) -> list[Usage]:
        rows = held.values(field).annotate(views=Sum("count")).order_by("-views", field)
        return [
            Usage(
                kind,
                row[field] or "unknown",
                first.isoformat(),
                last.isoformat(),
                row["views"] if row["views"] >= FEWEST else None,
                None if row["views"] >= FEWEST else FEWEST,
            )
            for row in rows
        ]

    return of("page", "route"), of("country", "country")


def _sheet(identity: str, caption: str, what: str, rows: list[Usage]) -> Sheet:
    return Sheet(
        identity,
        caption,
        [SheetColumn(what, number=False), SheetColumn(_("Pages read"))],
        [SheetRow(_name(row), [Cell(_views(row.views))]) for row in rows],
        tall=True,
        empty=_("Nothing was read in this period."),
    )


def _views(views: int | None) -> str:
    if views is None or views < FEWEST:
        return _("fewer than %(count)s") % {"count": FEWEST}
    return figures.whole(views)


def _name(row: Usage) -> str:
    if row.kind == "page":
        return row.name
    if row.name in (UNKNOWN, "unknown"):
        return _("not told")
    return str(Locale.parse(active()).territories.get(row.name, row.name))
