"""The tables of one programme to take away: its money, its awards, its facts; and the whole."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.organisations.cell_syntax import written_claim, written_region
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.programmes.register.register_page import file_answer
from clusteratlas.portal.rights import needs
from clusteratlas.programmes.register import Fact, Money, bytes_of
from clusteratlas.programmes.register import Programme as Document


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One amount."""

    level: str
    key: str
    side: str
    kind: str
    amount: float
    currency: str
    price_base: int | None
    year: int | None
    giver: str
    stated_by: str


@dataclass(frozen=True, slots=True)
class AwardRow:
    """One award."""

    key: str
    organisation: str
    slug: str
    call: str
    title: str
    year: int | None
    country: str
    regions: str
    clusters: str
    clusters_read: bool
    instruments: str
    stated_by: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """One stated fact."""

    what: str
    value: float | None
    unit: str
    text: str
    period: str
    stated_by: str


WORDS = {
    "level": "whose money: programme, call or award; the same money told at three levels",
    "key": "key of the call or award; empty for the programme's own money",
    "side": "public or private",
    "kind": "planned, committed or paid: the same money on its way; empty: not stated",
    "amount": "amount in units of its currency",
    "currency": "three letters (ISO 4217); amounts of two currencies are never added",
    "price_base": "the year in whose prices it is told; empty: in the prices of its time",
    "year": "the year it belongs to; empty where only a total is stated",
    "giver": "who gives it",
    "stated_by": "where it is stated; empty: by those who run the programme",
    "organisation": "name of the organisation",
    "slug": "its name in the registry, where it has a profile",
    "call": "key of the call",
    "title": "title of the award",
    "country": "two letters of its country (ISO 3166-1)",
    "regions": "its regions as scheme:code, separated by semicolons",
    "clusters": "its clusters as definition:code, separated by semicolons",
    "clusters_read": "the clusters were read out of the award's name; nobody stated them",
    "instruments": "codes of its instruments, separated by semicolons",
    "what": "what is stated",
    "value": "the figure as it was stated; empty where it was stated in words",
    "unit": "unit of the figure",
    "text": "what was stated in words",
    "period": "when it was so; empty where not stated",
}


def seen_programme(slug: str) -> tuple[Programme, Document]:
    """Return a programme that the gate let pass, and what whoever passes may read of it."""
    row = Programme.objects.get(slug=slug)
    public = row.public_document if row.is_public else None
    return row, public or row.document


@needs("see_programme")
@require_safe
def money_table(request: AtlasRequest, programme: str) -> HttpResponse:
    """Give every amount of a programme, its calls and its awards."""
    row, document = seen_programme(programme)
    rows = [_money("programme", "", each) for each in document.money]
    rows += [_money("call", call.key, each) for call in document.calls for each in call.money]
    rows += [_money("award", one.key, each) for one in document.awards for each in one.money]
    return table_answer(
        request,
        rows,
        name=f"{row.slug}-money",
        title=_("%(name)s: money") % {"name": document.name},
        source=_("the register of programmes"),
        kind=MoneyRow,
        words=WORDS,
    )


def _money(level: str, key: str, money: Money) -> MoneyRow:
    return MoneyRow(
        level,
        key,
        money.side,
        money.kind,
        money.amount,
        money.currency,
        money.price_base,
        money.year,
        money.giver,
        money.source,
    )


@needs("see_programme")
@require_safe
def awards_table(request: AtlasRequest, programme: str) -> HttpResponse:
    """Give the awards of a programme; their money stands in the table of money, by key."""
    row, document = seen_programme(programme)
    rows = [
        AwardRow(
            each.key,
            each.organisation,
            each.slug,
            each.call,
            each.title,
            each.year,
            each.country,
            ";".join(map(written_region, each.regions)),
            ";".join(map(written_claim, each.clusters)),
            each.clusters_read,
            ";".join(each.instruments),
            each.source,
        )
        for each in document.awards
    ]
    return table_answer(
        request,
        rows,
        name=f"{row.slug}-awards",
        title=_("%(name)s: awards") % {"name": document.name},
        source=_("the register of programmes"),
        kind=AwardRow,
        words=WORDS,
    )


@needs("see_programme")
@require_safe
def facts_table(request: AtlasRequest, programme: str) -> HttpResponse:
    """Give the stated facts of a programme."""
    row, document = seen_programme(programme)
    return table_answer(
        request,
        [_fact(each) for each in document.facts],
        name=f"{row.slug}-facts",
        title=_("%(name)s: stated facts") % {"name": document.name},
        source=_("the register of programmes"),
        kind=FactRow,
        words=WORDS,
    )


def _fact(fact: Fact) -> FactRow:
    return FactRow(fact.what, fact.value, fact.unit, fact.text, fact.period, fact.source)


@needs("see_programme")
@require_safe
def whole_file(request: AtlasRequest, programme: str, ending: str) -> HttpResponse:
    """Give a programme whole, as a file that can be taken in again."""
    row, document = seen_programme(programme)
    whole = document.model_copy(update={"slug": row.slug})
    return file_answer(bytes_of([whole], ending), ending, row.slug)
