"""Rows of text out of programmes, and the plain fields of a part out of a row of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from clusteratlas.organisations import cell_syntax
from clusteratlas.organisations.codes import Codebook, Unclear
from clusteratlas.organisations.flat import written
from clusteratlas.programmes.register.document import Money, Programme
from clusteratlas.programmes.register.layout import (
    AWARDS,
    CALLS,
    FACTS,
    MONEY,
    OF_PROGRAMME,
    PROGRAMMES,
    REFERENCES,
    YEARS,
    TableLayout,
)

Row = dict[str, str]
_PLAIN: Final = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?", re.ASCII)
_GROUPED: Final = re.compile(
    r"[-+]?\d{1,3}([ ,.'\u00a0\u202f\u2019]\d{3})+([.,]\d{1,2})?", re.ASCII
)
_COMMA: Final = re.compile(r"[-+]?\d+,\d+", re.ASCII)


# Programmes to rows


def rows_of(programmes: Iterable[Programme]) -> dict[str, list[Row]]:
    """Return the rows of every table, by its name; cells that are not stated are left out.

    >>> rows_of([Programme(name="Boost", since=2018)])["programmes"]
    [{'name': 'Boost', 'since': '2018'}]
    """
    found: dict[str, list[Row]] = {
        each.name: [] for each in (PROGRAMMES, CALLS, AWARDS, MONEY, FACTS, REFERENCES)
    }
    for programme in programmes:
        mine = {OF_PROGRAMME: programme.slug or programme.name}
        found["programmes"].append(_row(PROGRAMMES, programme))
        for table, parts in (
            (CALLS, programme.calls),
            (AWARDS, programme.awards),
            (FACTS, programme.facts),
            (REFERENCES, programme.references),
        ):
            found[table.name] += [{**mine, **_row(table, each)} for each in parts]
        found["money"] += _money(mine, programme.money)
        for call in programme.calls:
            found["money"] += _money({**mine, "call": call.key}, call.money)
        for award in programme.awards:
            found["money"] += _money({**mine, "award": award.key}, award.money)
    return found


def _money(owner: Row, money: Iterable[Money]) -> list[Row]:
    return [{**owner, **_row(MONEY, each)} for each in money]


def _row(table: TableLayout, part: BaseModel) -> Row:
    cells = {
        name: _written_list(name, getattr(part, name))
        if name in table.lists
        else written(getattr(part, name))
        for name in table.columns
    }
    return {name: text for name, text in cells.items() if text}


def _written_list(name: str, values: Iterable[Any]) -> str:
    how: dict[str, Callable[[Any], str]] = {
        "regions": cell_syntax.written_region,
        "clusters": cell_syntax.written_claim,
    }
    return cell_syntax.join_list(how.get(name, str)(each) for each in values)


# Cells to fields


class Misread(Exception):
    """A cell that says nothing clear."""

    def __init__(self, problem: str, value: str, hint: str) -> None:
        super().__init__(problem)
        self.problem, self.value, self.hint = problem, value, hint


def field_of(
    table: TableLayout, name: str, cell: str, book: Codebook | None, schemes: Sequence[str] = ()
) -> Any:
    """Return what stands in a cell, as the schema takes it.

    Parameters
    ----------
    name
        The column.
    book
        If given, names of regions and clusters do as well as codes.
    schemes
        Region schemes named in the same row: where a bare cluster is looked for first.

    Raises
    ------
    Misread
        A number or a year that is none, a code that is unclear, yes or no that is neither.
    """
    if name in table.lists:
        return [_listed(name, each, book, schemes) for each in cell_syntax.split_list(cell)]
    if name in YEARS:
        return _year_in(cell)
    if name in table.numbers:
        return number_in(cell)
    if name in ("fictional", "clusters_read"):
        return _yes_or_no(cell)
    return cell


def _listed(name: str, text: str, book: Codebook | None, schemes: Sequence[str]) -> Any:
    if name not in ("regions", "clusters"):
        return text
    try:
        if name == "regions":
            if book is not None:
                return book.region(text)
            scheme, region = cell_syntax.coded_parts(text)
            if not scheme:
                hint = "write scheme:code, such as us-state:06 or nuts-2:DE11"
                raise Misread("the region names no scheme", text, hint)
            return {"scheme": scheme, "region": region}
        if book is not None:
            return book.claim(text, schemes)
    except Unclear as unclear:
        raise Misread(unclear.problem, unclear.value, unclear.hint) from None
    definition, cluster, subcluster, weight = cell_syntax.claim_parts(text)
    if not definition:
        hint = "write definition:code, such as us-benchmark-2014:4"
        raise Misread("the cluster names no definition", text, hint)
    return {
        "definition": definition,
        "cluster": cluster,
        "subcluster": subcluster,
        "weight": weight,
    }


def _yes_or_no(cell: str) -> bool:
    given = cell.casefold()
    if given in cell_syntax.YES:
        return True
    if given in cell_syntax.NO:
        return False
    raise Misread("neither yes nor no", cell, "write yes or no")


def _year_in(cell: str) -> float:
    """A year that is no number is told of as a year, not as an amount."""
    try:
        return number_in(cell)
    except Misread:
        hint = "write the year in four digits, such as 2023"
        raise Misread("the cell is no year", cell, hint) from None


def number_in(cell: str) -> float:
    """Return the number of a cell: digits with a decimal point, nothing else.

    What could be read in two ways is read in none: separators of thousands, units, currencies.

    >>> number_in("65100000"), number_in("11.4")
    (65100000.0, 11.4)
    """
    text = cell.strip()
    if _PLAIN.fullmatch(text):
        return float(text)
    if _GROUPED.fullmatch(text):
        whole = re.sub(r"[^\d]", "", text)
        hint = f"write it without separators of thousands, such as {whole}"
        raise Misread("the number has separators, so that it can be read in two ways", cell, hint)
    if _COMMA.fullmatch(text):
        hint = f"write a decimal point: {text.replace(',', '.')}"
        raise Misread("the number has a decimal comma", cell, hint)
    if re.search(r"\d", text) and re.search(r"[^\d\s.,'+-]", text):
        hint = (
            "write whole units, such as 65100000 for 65.1 million; the currency has its own column"
        )
        raise Misread("a unit or a currency stands beside the number", cell, hint)
    raise Misread("not a number", cell, "digits with a decimal point, such as 6500.5")


def amount_column(name: str) -> str:
    """Return what to do about a column of amounts in other units; nothing where it is none.

    >>> amount_column("amount_thousands")[:40], amount_column("giver")
    ('give whole units in column amount: multi', '')
    """
    found = re.fullmatch(r"(?:amount|money|value)s?_+\(?(.+?)\)?", name)
    unit = found.group(1) if found else ""
    for sign, times in (("thousand", "1,000"), ("million", "1,000,000"), ("billion", "10^9")):
        if unit and (unit.startswith((sign, sign[0])) or sign in unit):
            return f"give whole units in column amount: multiply by {times}"
    return ""


def fields_of_row(
    table: TableLayout, row: Mapping[str, str], book: Codebook | None
) -> tuple[dict[str, Any], list[tuple[str, Misread]]]:
    """Return the fields of a row without those that are misread, and what is misread, by column."""
    given: dict[str, Any] = {}
    wrong: list[tuple[str, Misread]] = []
    schemes: list[str] = []
    for name in table.columns:
        cell = row.get(name, "")
        if not cell:
            continue
        try:
            given[name] = field_of(table, name, cell, book, schemes)
        except Misread as misread:
            wrong.append((name, misread))
        if name == "regions":
            schemes = [each["scheme"] for each in given.get(name, ())]
    return given, wrong
