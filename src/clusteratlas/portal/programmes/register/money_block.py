"""The money of a programme on its page: sums first, then years as a chart and a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clusteratlas.portal import figures
from clusteratlas.portal.charts.timeline import Line, Point, Timeline, line_chart
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.blocks import block
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.programmes.register import money_words
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.programmes.register import Programme as Document
from clusteratlas.programmes.register import Purse, by_year, money_at, sums
from clusteratlas.programmes.register.money import Level

LEAST_YEARS = 2
"""Years with money from which on a chart shows how it moved."""


@block(order=10)
def money_block(request: AtlasRequest, row: Programme, document: Document) -> SafeString | None:
    """Return what money is stated; nothing where none is."""
    if not any(money_at(document, level) for level in money_words.LEVELS):
        return None
    level = next((each for each in money_words.LEVELS if by_year(money_at(document, each))), None)
    years = by_year(money_at(document, level)) if level else {}
    content = {
        "sheet": _sums(document),
        "charts": _charts(years, level, document) if level else [],
        "by_year": _by_year(years, level) if level else None,
        "csv": addresses.programme(row.slug, "money.csv"),
        "source": source_line(row, document),
    }
    return render_to_string("programmes/_money.html", content, request)


def source_line(row: Programme, document: Document) -> str:
    """Return where the figures of an entry come from, and how old they are."""
    day = (row.published_at or row.changed_at).date().isoformat()
    if document.fictional:
        return _("Made up for the demonstration. Status: stated. Last change %(day)s.") % {
            "day": day
        }
    return _(
        "As stated by the sources below or by those who run the programme. Status: stated. "
        "Last change %(day)s."
    ) % {"day": day}


def _sums(document: Document) -> Sheet:
    return Sheet(
        "money-sums",
        _("Sums within one side, state, currency and price base"),
        [
            SheetColumn(_("Money"), "", False),
            SheetColumn(_("Whose"), "", False),
            SheetColumn(_("Years"), "", False),
            SheetColumn(_("Prices"), "", False),
            SheetColumn(_("Amount")),
            SheetColumn(_("Amounts added")),
        ],
        [
            SheetRow(
                money_words.label(each.purse),
                [
                    Cell(money_words.whose(level), number=False),
                    Cell(money_words.years(each) or _("not stated"), number=False),
                    Cell(money_words.prices(each.purse), number=False),
                    Cell(money_words.amount(each.amount, each.purse.currency)),
                    Cell(figures.whole(each.count)),
                ],
            )
            for level in money_words.LEVELS
            for each in sums(money_at(document, level))
        ],
    )


def _charts(
    years: Mapping[Purse, Mapping[int, float]], level: Level, document: Document
) -> Sequence[Timeline]:
    """One chart for each currency and price base: no two of them share an axis."""
    scales = dict.fromkeys((purse.currency, purse.price_base) for purse in years)
    charts = []
    for number, (currency, base) in enumerate(scales, 1):
        mine = {
            p: held for p, held in years.items() if (p.currency, p.price_base) == (currency, base)
        }
        seen = sorted({year for held in mine.values() for year in held})
        if len(seen) < LEAST_YEARS:
            continue
        span = range(seen[0], seen[-1] + 1)
        lines = [
            Line(
                money_words.label(purse),
                [_point(year, held) for year in span],
                kind="main" if at == 0 else "other",
            )
            for at, (purse, held) in enumerate(mine.items())
        ]
        told = {
            "currency": currency,
            "whose": money_words.whose(level),
            "prices": money_words.prices(next(iter(mine))),
        }
        charts.append(
            line_chart(
                f"money-{number}",
                _("Money by year %(whose)s, %(currency)s %(prices)s") % told,
                lines,
                on_axis=lambda value: figures.short(int(value)),
                source=document.name,
            )
        )
    return charts


def _point(year: int, held: Mapping[int, float]) -> Point:
    value = held.get(year)
    return Point(year, value, mark="reported" if value is not None else "unstated")


def _by_year(years: Mapping[Purse, Mapping[int, float]], level: Level) -> Sheet:
    seen = sorted({year for held in years.values() for year in held})
    return Sheet(
        "money-years",
        _("Money by year %(whose)s") % {"whose": money_words.whose(level)},
        [
            SheetColumn(_("Year"), "", False),
            *(
                SheetColumn(
                    money_words.label(purse),
                    _("%(currency)s, %(prices)s")
                    % {"currency": purse.currency, "prices": money_words.prices(purse)},
                )
                for purse in years
            ),
        ],
        [
            SheetRow(
                str(year),
                [
                    Cell(figures.whole(held[year]) if year in held else _("not stated"))
                    for held in years.values()
                ],
            )
            for year in seen
        ],
    )
