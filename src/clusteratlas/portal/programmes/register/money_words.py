"""Money in the words of a page: whose it is, how far it came, in which prices and years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusteratlas.portal import figures
from clusteratlas.programmes.register import Programme, Purse, Sum, money_at, sums
from clusteratlas.programmes.register.money import Level

LEVELS: tuple[Level, ...] = ("programme", "calls", "awards")
"""The programme's own money, that of its calls, that of its awards: the same money told thrice."""

_LABELS: Mapping[tuple[str, str], Any] = {
    ("public", "planned"): gettext_lazy("Public money, planned"),
    ("public", "committed"): gettext_lazy("Public money, committed"),
    ("public", "paid"): gettext_lazy("Public money, paid"),
    ("public", ""): gettext_lazy("Public money, not stated whether paid"),
    ("private", "planned"): gettext_lazy("Private money, planned"),
    ("private", "committed"): gettext_lazy("Private money, committed"),
    ("private", "paid"): gettext_lazy("Private money, paid"),
    ("private", ""): gettext_lazy("Private money, not stated whether paid"),
}
_WHOSE: Mapping[str, Any] = {
    "programme": gettext_lazy("of the programme itself"),
    "calls": gettext_lazy("of its calls"),
    "awards": gettext_lazy("of its awards"),
}
UNSTATED = "unstated"
"""What an address calls money of which nobody stated how far it came."""
STATES: Mapping[str, Any] = {
    "planned": gettext_lazy("planned"),
    "committed": gettext_lazy("committed"),
    "paid": gettext_lazy("paid"),
    UNSTATED: gettext_lazy("not stated whether paid"),
    "none": gettext_lazy("no money stated"),
}


def label(purse: Purse) -> str:
    """Return whose money it is and how far it came."""
    return str(_LABELS[purse.side, purse.kind])


def whose(level: str) -> str:
    """Return which money is told: the programme's, its calls' or its awards'."""
    return str(_WHOSE[level])


def prices(purse: Purse) -> str:
    """Return in whose prices the amounts are told."""
    if purse.price_base is None:
        return _("in the prices of their time")
    return _("in the prices of %(year)s") % {"year": purse.price_base}


def amount(value: float, currency: str) -> str:
    """Return an amount in full with its currency.

    >>> amount(65100000, "USD")
    'USD\\xa065,100,000'
    """
    return f"{currency}{figures.NARROW}{figures.whole(value)}"


def amount_in_words(value: float, currency: str) -> str:
    """Return an amount for a sentence: millions in words.

    >>> amount_in_words(970000000, "USD")
    'USD\\xa0970\\xa0million'
    """
    return f"{currency}{figures.NARROW}{figures.in_words(value)}"


def years(found: Sum) -> str:
    """Return the years of a sum; empty where none is stated."""
    if found.first is None or found.last is None:
        return ""
    return str(found.first) if found.first == found.last else f"{found.first}\u2013{found.last}"


def main_level(programme: Programme) -> Level:
    """Return the level whose money is told first: the highest at which any is stated."""
    return next((each for each in LEVELS if money_at(programme, each)), "programme")


def said(found: Sum, level: str) -> str:
    """Return a sum as a sentence."""
    told = {
        "label": label(found.purse),
        "whose": whose(level),
        "amount": amount_in_words(found.amount, found.purse.currency),
        "prices": prices(found.purse),
        "years": years(found),
    }
    if told["years"]:
        return _("%(label)s, %(whose)s, %(years)s: %(amount)s, %(prices)s.") % told
    return _("%(label)s, %(whose)s: %(amount)s, %(prices)s.") % told


def money_sentences(programme: Programme) -> Sequence[str]:
    """Return one sentence for each sum of the level that is told first."""
    level = main_level(programme)
    found = [said(each, level) for each in sums(money_at(programme, level))]
    return found or [_("How much money it has is not stated.")]


_PUBLIC: Mapping[str, Any] = {
    "planned": gettext_lazy("%(amount)s of public money planned"),
    "committed": gettext_lazy("%(amount)s of public money committed"),
    "paid": gettext_lazy("%(amount)s of public money paid so far"),
    "": gettext_lazy("%(amount)s of public money"),
}


def public_in_short(programme: Programme) -> Sequence[str]:
    """Return how much public money there is, a sentence for each currency and price base.

    Only the money that came furthest is told: paid before committed before planned; what
    does not say comes last and stands without a word of how far it came.
    """
    told: dict[tuple[str, int | None], str] = {}
    for each in sums(money_at(programme, main_level(programme))):
        purse = each.purse
        if purse.side != "public" or (purse.currency, purse.price_base) in told:
            continue
        amount_told = amount_in_words(each.amount, purse.currency)
        parts = [str(_PUBLIC[purse.kind]) % {"amount": amount_told}]
        parts += [years(each)] if years(each) else []
        parts += [prices(purse)] if purse.price_base is not None else []
        told[purse.currency, purse.price_base] = f"{', '.join(parts)}."
    return list(told.values()) or [_("How much public money it has is not stated.")]


def funding(programme: Programme) -> str:
    """Return who funds it and in which years, as a sentence."""
    if not programme.funder:
        return f"{_('Who funds it is not stated.')} {period(programme)}"
    told = {"funder": programme.funder, "since": programme.since, "until": programme.until}
    match (programme.since, programme.until):
        case None, None:
            return _("Funded by %(funder)s.") % told
        case None, _until:
            return _("Funded by %(funder)s until %(until)s.") % told
        case _since, None:
            return _("Funded by %(funder)s since %(since)s.") % told
        case _both:
            return _("Funded by %(funder)s, %(since)s\u2013%(until)s.") % told


def period(programme: Programme) -> str:
    """Return from when to when it runs, as a sentence."""
    told = {"since": programme.since, "until": programme.until}
    match (programme.since, programme.until):
        case None, None:
            return _("When it runs is not stated.")
        case None, _until:
            return _("It runs until %(until)s.") % told
        case _since, None:
            return _("It runs since %(since)s.") % told
        case _both:
            return _("It runs from %(since)s to %(until)s.") % told


def span(programme: Programme) -> str:
    """Return the years of a programme for a cell.

    >>> span(Programme(name="Boost", since=2018, until=2025)), span(Programme(name="Boost"))
    ('2018–2025', '–')
    """
    if programme.since is None and programme.until is None:
        return figures.NOTHING
    return f"{programme.since or '?'}\u2013{programme.until or ''}"
