"""How numbers are written: one place for every sentence, table and chart."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.portal.language import active, number
from clusteratlas.tables.status import UNPUBLISHED, WITHHELD

MINUS = "\u2212"
NARROW = "\u00a0"
NOTHING = "\u2013"
"""What stands in a cell that has no figure."""


def whole(value: float | None) -> str:
    """Write a count in full.

    >>> whole(1046213)
    '1,046,213'
    """
    return NOTHING if value is None else number(f"{value:,.0f}".replace("-", MINUS))


def in_words(value: float | None) -> str:
    """Write a count for a sentence: millions in words, else in full.

    >>> in_words(1046213), in_words(63120)
    ('1.05\\xa0million', '63,120')
    """
    if value is not None and abs(value) >= 1_000_000:
        size = value / 1_000_000
        written = number(f"{size:.{0 if size >= 100 else 1 if size >= 10 else 2}f}")
        return ngettext(
            "%(number)s\u00a0million", "%(number)s\u00a0million", 1 if size < 2 else 2
        ) % {"number": written}
    return whole(value)


def quotient(value: float | None) -> str:
    """Write a location quotient: one decimal, two below 0.1, none from 100.

    >>> quotient(5.547), quotient(0.042), quotient(123.4), quotient(None)
    ('5.5', '0.04', '123', '–')
    """
    if value is None:
        return NOTHING
    if 0 < value < 0.005:
        return number("<0.01")
    return number(f"{value:,.{0 if value >= 100 else 1 if value >= 0.095 or value == 0 else 2}f}")


def percent(share: float | None) -> str:
    """Write a share: no decimal from 10 %, one from 1 %, else two.

    >>> percent(0.437), percent(0.0437), percent(0.00437), percent(0.00001)
    ('44\\xa0%', '4.4\\xa0%', '0.44\\xa0%', '<0.01\\xa0%')
    """
    if share is None:
        return NOTHING
    value = share * 100
    if 0 < value < 0.005:
        return f"{number('<0.01')}{NARROW}%"
    if 99.5 <= value < 100:
        return f">99{NARROW}%"
    decimals = 0 if value >= 9.95 or value == 0 else 1 if value >= 0.995 else 2
    return f"{number(f'{value:.{decimals}f}')}{NARROW}%"


def signed(value: float | None) -> str:
    """Write a change with its sign.

    >>> signed(5612), signed(-40), signed(0)
    ('+5,612', '−40', '0')
    """
    if value is None:
        return NOTHING
    return number(f"{value:+,.0f}".replace("-", MINUS)) if value else "0"


def signed_short(value: int) -> str:
    """Write a change on an axis: thousands and millions by letter.

    >>> signed_short(-30000), signed_short(500), signed_short(1500), signed_short(2000000)
    ('−30k', '+500', '+1.5k', '+2m')
    """
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return f"{sign}{short(abs(value))}"


def short(value: int) -> str:
    """Write a count on an axis: thousands and millions by letter.

    >>> short(0), short(1500), short(2000000)
    ('0', '1.5k', '2m')
    """
    for size, written in ((1_000_000, _("%(number)sm")), (1_000, _("%(number)sk"))):
        if value >= size:
            return written % {"number": number(f"{value / size:g}")}
    return str(value)


def growth(rate: float | None) -> str:
    """Write a yearly rate of change with its sign.

    >>> growth(0.0213), growth(-0.0004)
    ('+2.1\\xa0%', '0.0\\xa0%')
    """
    if rate is None:
        return NOTHING
    if abs(rate) < 0.0005:
        return f"{number('0.0')}{NARROW}%"
    return f"{number(f'{rate * 100:+,.1f}'.replace('-', MINUS))}{NARROW}%"


def count(amount: int, one: str, many: str) -> str:
    """Write a number with its noun.

    >>> count(1, "region", "regions"), count(1200, "region", "regions")
    ('1 region', '1,200 regions')
    """
    return f"{whole(amount)} {one if amount == 1 else many}"


def ordinal(place: int) -> str:
    """Write a place in a ranking.

    >>> [ordinal(each) for each in (1, 2, 3, 4, 11, 22, 113)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd', '113th']
    """
    spoken = active()
    if spoken != "en":
        ending = {"de": ".", "fr": "er" if place == 1 else "e", "es": ".º"}[spoken]
        return f"{whole(place)}{ending}"
    teen = 10 < place % 100 < 20
    return f"{place:,}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th')}"


def jobs(value: int | None, status: str) -> str:
    """Write a number of jobs with what is known of it.

    >>> jobs(120, "reported"), jobs(120, "withheld"), jobs(None, "withheld")
    ('120', 'at least 120', 'withheld')
    >>> jobs(None, "unpublished")
    'not published'
    """
    if status == UNPUBLISHED:
        return _("not published")
    if status == WITHHELD:
        return _("at least %(number)s") % {"number": whole(value)} if value else _("withheld")
    return whole(value)


def measured(value: float | None, status: str) -> str:
    """Return a figure in a unit of its own: whole from 1,000 on, else up to three decimals.

    >>> measured(45678.9, "reported"), measured(3.4, "reported"), measured(None, "withheld")
    ('45,679', '3.4', 'withheld')
    """
    if value is None:
        return _("withheld") if status == WITHHELD else NOTHING
    if abs(value) >= 1000:
        return whole(value)
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    if text in ("0", "-0") and value:
        return number("<0.001" if value > 0 else f">{MINUS}0.001")
    return number(text.replace("-", MINUS))


def listed(parts: list[str]) -> str:
    """Join parts of a sentence.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}
