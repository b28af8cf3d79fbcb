"""Money added up: only what is of one side, kind, currency and price base is ever added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum
from typing import Literal

from clusteratlas.programmes.register.document import Money, Programme

Level = Literal["programme", "calls", "awards"]


@dataclass(frozen=True, slots=True, order=True)
class Purse:
    """What amounts have in common that may be added.

    Attributes
    ----------
    side
        ``public`` or ``private``.
    kind
        ``planned``, ``committed`` or ``paid``: the same money on its way, so never added; empty
        where nobody stated which, and added to none of the three.
    currency
        Three letters (ISO 4217).
    price_base
        The year in whose prices the amounts are told; none in the prices of their time.
    """

    side: str
    kind: str
    currency: str
    price_base: int | None = None

    @classmethod
    def of(cls, money: Money) -> Purse:
        """Return the purse that an amount goes into."""
        return cls(money.side, money.kind, money.currency, money.price_base)


@dataclass(frozen=True, slots=True)
class Sum:
    """Amounts of one purse added up.

    ``count`` says of how many amounts; ``first`` and ``last`` between which years they fall, none
    where no amount states a year.
    """

    purse: Purse
    amount: float
    count: int
    first: int | None
    last: int | None


def sums(money: Iterable[Money]) -> tuple[Sum, ...]:
    """Return one sum for each purse.

    Definition
    ----------
    sum over the amounts of equal (side, kind, currency, price base). No exchange rate and no price
    index is applied, so amounts of two purses are never added.

    Parameters
    ----------
    money
        Amounts in units of their currency.

    Returns
    -------
    tuple of Sum
        Public before private; paid before committed before planned before what does not say which;
        then by currency and prices.

    Missing data
    ------------
    An amount that nobody stated is not there; it never counts as zero. No money gives no sum.

    Example
    -------
    >>> given = [
    ...     Money(amount=2, currency="EUR", side="public", year=2019),
    ...     Money(amount=3, currency="EUR", side="public", year=2020),
    ...     Money(amount=4, currency="USD", side="public"),
    ... ]
    >>> [(each.purse.currency, each.amount, each.last) for each in sums(given)]
    [('EUR', 5.0, 2020), ('USD', 4.0, None)]
    """
    held: dict[Purse, list[Money]] = defaultdict(list)
    for each in money:
        held[Purse.of(each)].append(each)
    found = []
    for purse in sorted(held, key=_order):
        years = [each.year for each in held[purse] if each.year is not None]
        amount = fsum(each.amount for each in held[purse])
        first, last = (min(years), max(years)) if years else (None, None)
        found.append(Sum(purse, amount, len(held[purse]), first, last))
    return tuple(found)


def by_year(money: Iterable[Money]) -> dict[Purse, dict[int, float]]:
    """Return for each purse what falls into each year; amounts without a year stand in none.

    >>> given = [Money(amount=2, currency="EUR", side="public", year=2019)] * 2
    >>> list(by_year(given).values())
    [{2019: 4.0}]
    """
    held: dict[Purse, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for each in money:
        if each.year is not None:
            held[Purse.of(each)][each.year].append(each.amount)
    return {
        purse: {year: fsum(held[purse][year]) for year in sorted(held[purse])}
        for purse in sorted(held, key=_order)
    }


def money_at(programme: Programme, level: Level) -> tuple[Money, ...]:
    """Return the money that is stated at one level; levels tell the same money, so none is added.

    >>> money_at(Programme(name="Boost"), "awards")
    ()
    """
    if level == "programme":
        return programme.money
    parts = programme.calls if level == "calls" else programme.awards
    return tuple(each for part in parts for each in part.money)


def _order(purse: Purse) -> tuple[object, ...]:
    sides, kinds = ("public", "private"), ("paid", "committed", "planned", "")
    base = purse.price_base or 0
    return (sides.index(purse.side), kinds.index(purse.kind), purse.currency, base)
