"""What a programme cost, who gave it, and what an output cost: from the register's money alone.

Amounts of two currencies, of two price bases or of two kinds (planned, committed, paid) are never
added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from clusteratlas.programmes.account.figures import Figure, Reason, Record, Step
from clusteratlas.programmes.account.rules import Rule, RuleSet
from clusteratlas.programmes.register import Money, Programme, Purse

KINDS: Final = ("paid", "committed", "planned", "")
"""What is said of money, the surest first; last what does not say how far it came."""


@dataclass(frozen=True, slots=True)
class Book:
    """A money in which amounts may be added: a currency, and the year whose prices they are in."""

    currency: str
    price_base: int | None = None

    @property
    def unit(self) -> str:
        """The unit of an amount, such as ``EUR`` or ``EUR of 2015``."""
        return f"{self.currency} of {self.price_base}" if self.price_base else self.currency


@dataclass(frozen=True, slots=True)
class Amount:
    """Stated money of one book, year, side and kind, with where the register states it."""

    value: float
    kind: str
    of_awards: bool
    records: tuple[Record, ...]


def books(programme: Programme) -> list[Book]:
    """Return the moneys in which a programme is stated, in order."""
    found = {Book(each.currency, each.price_base) for each, _, _ in _stated(programme)}
    return sorted(found, key=lambda each: (each.currency, each.price_base or 0))


def years_of_money(programme: Programme) -> list[int]:
    """Return the years for which money is stated."""
    return sorted({year for _, _, year in _stated(programme) if year is not None})


def amount(
    programme: Programme, book: Book, side: str, year: int | None, kinds: tuple[str, ...] = KINDS
) -> Amount | None:
    """Return the money of a side in a year: the surest kind that is stated, never two together.

    What the programme states itself comes before the sum of its awards, which it contains.
    """
    for of_awards in (False, True):
        for kind in kinds:
            found = [
                (each, record)
                for each, record, of in _stated(programme)
                if of == year
                and Purse.of(each) == Purse(side, kind, book.currency, book.price_base)
                and (record.log == "awards") is of_awards
            ]
            if found:
                value = round(sum(each.amount for each, _ in found), 6)
                return Amount(value, kind, of_awards, tuple(record for _, record in found))
    return None


def money_figures(
    rules: RuleSet, rule: Rule, programme: Programme | None, year: int | None
) -> list[Figure]:
    """Return what a side gave in a year, one figure for each money."""
    side = rule.money or ""
    found = []
    for book in books(programme) if programme is not None else ():
        given = amount(programme, book, side, year) if programme is not None else None
        if given is not None:
            found.append(
                Figure(rules, rule, year, book.unit, "reported", given.value, given.value,
                       given.value, assumed=_said_of(given), records=given.records)
            )  # fmt: skip
    return found or [_no_money(rules, rule, programme, side, year)]


def leverage_figures(
    rules: RuleSet, rule: Rule, programme: Programme | None, year: int | None
) -> list[Figure]:
    """Return private for each public unit of money, both of one kind, one figure for each money."""
    found, lacking = [], "public"
    for book in books(programme) if programme is not None else ():
        assert programme is not None  # noqa: S101
        for kind in KINDS:
            public = amount(programme, book, "public", year, (kind,))
            private = amount(programme, book, "private", year, (kind,))
            lacking = "private" if public is not None else lacking
            if public is None or private is None or not public.value:
                continue
            if public.of_awards != private.of_awards:
                continue
            ratio = private.value / public.value
            steps = (
                Step("money-private", book.unit, private.value, private.value),
                Step("money-public", book.unit, public.value, public.value),
            )
            found.append(
                Figure(rules, rule, year, f"{book.unit} / {book.unit}", "reported", ratio, ratio,
                       ratio, assumed=(*_said_of(public), Reason("gross_leverage")), steps=steps,
                       records=(*public.records, *private.records))
            )  # fmt: skip
            break
    return found or [_no_money(rules, rule, programme, lacking, year)]


def cost_figures(
    rules: RuleSet, rule: Rule, programme: Programme | None, output: Figure
) -> list[Figure]:
    """Return public money for each unit of an output, one figure for each money.

    The output may lie between two numbers; then so does its cost, and it has no upper end where
    there may be no output at all.
    """
    year = output.year
    if output.low is None or output.high is None:
        why = output.why or Reason("no_output", {"output": output.rule.id})
        return [Figure(rules, rule, year, "", "not_known", why=why)]
    if not output.high:
        why = Reason("no_output", {"output": output.rule.id})
        return [Figure(rules, rule, year, "", "not_known", why=why)]
    found = []
    for book in books(programme) if programme is not None else ():
        given = amount(programme, book, "public", year) if programme is not None else None
        if given is None:
            continue
        value = None if output.value is None else given.value / output.value
        low = given.value / output.high
        high = given.value / output.low if output.low else None
        steps = (
            Step("money-public", book.unit, given.value, given.value),
            Step(output.rule.id, output.unit, output.low, output.high, output.rule.title),
        )
        assumed = (*_said_of(given), Reason("all_money_on_one_output"), Reason("gross_output"))
        found.append(
            Figure(rules, rule, year, f"{book.unit} / {output.rule.unit}", "reported", value, low,
                   high, assumed=assumed, steps=steps,
                   records=(*given.records, *output.records))
        )  # fmt: skip
    return found or [_no_money(rules, rule, programme, "public", year)]


def _stated(programme: Programme) -> Iterator[tuple[Money, Record, int | None]]:
    """Every amount that the register states, where, and the year it belongs to."""
    for row, each in enumerate(programme.money, 1):
        yield each, Record("programme", "money", row), each.year
    for row, award in enumerate(programme.awards, 1):
        for each in award.money:
            yield each, Record(award.key, "awards", row), each.year or award.year


def _said_of(given: Amount) -> tuple[Reason, ...]:
    said = (Reason("money_kind", {"kind": given.kind}),)
    return (*said, Reason("money_of_awards")) if given.of_awards else said


def _no_money(
    rules: RuleSet, rule: Rule, programme: Programme | None, side: str, year: int | None
) -> Figure:
    code = "no_register" if programme is None else "no_money"
    why = Reason(code, {"side": side, "year": year})
    return Figure(rules, rule, year, rule.unit, "not_known", why=why)
