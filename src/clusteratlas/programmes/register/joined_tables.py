"""Six tables joined to programmes: each row checked where it stands, then the whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, Final

from pydantic import ValidationError

from clusteratlas.organisations.codes import Codebook
from clusteratlas.organisations.json_list import SHOWN
from clusteratlas.organisations.profile import folded_name
from clusteratlas.organisations.table_files import Table
from clusteratlas.programmes.register.contradictions import contradictions
from clusteratlas.programmes.register.document import Award, Call, Money, Programme
from clusteratlas.programmes.register.json_faults import CURRENCY_HINT, NO_CURRENCY, said
from clusteratlas.programmes.register.layout import (
    AWARDS,
    CALLS,
    MONEY,
    OF_PROGRAMME,
    PROGRAMMES,
    TABLES,
    TableLayout,
)
from clusteratlas.programmes.register.rows import amount_column, fields_of_row
from clusteratlas.programmes.register.unknown_codes import code_faults
from clusteratlas.tables import Fault, few

HEADS: Final = frozenset(("name", OF_PROGRAMME, "key", "amount", "organisation", "what"))
"""Columns, one of which every header has."""


def table_names() -> list[str]:
    """Return the names of all tables."""
    return [each.name for each in TABLES]


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a table with where it stands."""

    file: str
    number: int
    cells: Mapping[str, str]


@dataclass(slots=True)
class _Joined:
    """A programme while its rows are gathered, with the row of every part."""

    head: Programme
    lines: dict[tuple[str | int, ...], _Line]
    parts: dict[str, list[Any]] = field(default_factory=dict)
    money: dict[tuple[str, str], list[tuple[Money, _Line]]] = field(default_factory=dict)

    def gathered(self, table: str) -> list[Any]:
        """The parts of one table, to read and to add to."""
        return self.parts.setdefault(table, [])


class TablesReader:
    """Joins the tables of one file and notes every fault with its row and column."""

    def __init__(self, file: str, book: Codebook | None, into: Programme | None) -> None:
        self._file, self._book, self._into = file, book, into
        self._faults: list[Fault] = []

    def read(self, tables: Iterable[Table]) -> tuple[list[Programme], list[Fault]]:
        """Return the programmes of the tables, and every fault."""
        lines = self._sorted(tables)
        joined = self._heads(lines)
        if joined:
            for table in (CALLS, AWARDS, *TABLES[4:]):
                self._parts(table, lines.get(table.name, []), joined)
            self._money(lines.get(MONEY.name, []), joined)
        programmes = [self._whole(each, lines) for each in joined]
        return programmes, self._faults

    # Which table is which

    def _sorted(self, tables: Iterable[Table]) -> dict[str, list[_Line]]:
        found: dict[str, list[_Line]] = {}
        for table in tables:
            layout = _layout_of(table)
            if layout is None:
                if table.sheet.casefold() != "about" and table.rows:
                    header = ", ".join(each[:30] for each in table.header[:10])
                    problem = "it is not clear which table this is"
                    hint = f"call it one of {', '.join(table_names())}"
                    self._faults.append(
                        Fault(problem, table.file, table.header_row, "", header[:SHOWN], hint)
                    )
                continue
            names = self._columns(table, layout)
            if layout is MONEY and "amount" not in names and any(map(amount_column, names)):
                continue  # said of the column; each row would say it again
            lines = found.setdefault(layout.name, [])
            for number, cells in table.rows:
                if len(cells) > len(names) and any(cells[len(names) :]):
                    problem = "the row has more cells than the header has columns"
                    hint = "put quotation marks around a cell that holds the separator"
                    self._faults.append(Fault(problem, table.file, number, hint=hint))
                    continue
                row = {
                    name: cell for name, cell in zip(names, cells, strict=False) if name and cell
                }
                lines.append(_Line(table.file, number, row))
        return found

    def _columns(self, table: Table, layout: TableLayout) -> list[str]:
        names = [_column_name(each) for each in table.header]
        known = [*layout.header, "schema_version"]
        for at, name in enumerate(names):
            if not name or name in known:
                if name and name in names[:at]:
                    hint = "keep one of the two columns"
                    problem = "the header names a column twice"
                    self._faults.append(
                        Fault(problem, table.file, table.header_row, name, name, hint)
                    )
                continue
            near = get_close_matches(name, known, 1, 0.6)
            hint = amount_column(name) if layout is MONEY else ""
            hint = hint or (f"did you mean {near[0]}?" if near else f"use {', '.join(known)}")
            problem = "there is no column of that name"
            self._faults.append(
                Fault(problem, table.file, table.header_row, name[:SHOWN], name[:SHOWN], hint)
            )
        return names

    # Rows

    def _heads(self, lines: Mapping[str, list[_Line]]) -> list[_Joined]:
        given = lines.get(PROGRAMMES.name)
        if self._into is not None:
            return self._head_of_the_one(given or [])
        if given is None:
            hint = "give a table of programmes with a column name"
            self._faults.append(Fault("the table of programmes is missing", self._file, hint=hint))
        found = []
        for line in given or ():
            head = self._part(PROGRAMMES, line)
            if head is not None:
                found.append(_Joined(head, {(): line}))
        return found

    def _head_of_the_one(self, given: Sequence[_Line]) -> list[_Joined]:
        """What stands in the file of the one programme replaces its own fields."""
        into = self._into
        assert into is not None  # noqa: S101 - asked only where there is one
        if len(given) > 1:
            problem = "the file holds several programmes"
            hint = f"keep the row of {into.name} alone"
            self._faults.append(Fault(problem, given[1].file, given[1].number, hint=hint))
        head: Programme | None = into
        if given:
            head = self._part(PROGRAMMES, given[0])
        if head is None:
            return []
        line = given[0] if given else _Line(self._file, 1, {})
        return [_Joined(head.model_copy(update={"slug": into.slug}), {(): line})]

    def _parts(self, table: TableLayout, lines: Sequence[_Line], joined: Sequence[_Joined]) -> None:
        for line in lines:
            whose = self._whose(line, joined)
            part = self._part(table, line)
            if whose is None or part is None:
                continue
            held = whose.gathered(table.name)
            whose.lines[table.name, len(held)] = line
            held.append(part)

    def _money(self, lines: Sequence[_Line], joined: Sequence[_Joined]) -> None:
        for line in lines:
            whose = self._whose(line, joined)
            part = self._part(MONEY, line)
            if whose is None or part is None:
                continue
            call, award = line.cells.get("call", ""), line.cells.get("award", "")
            if call and award:
                problem = "money belongs to a call or to an award, not to both"
                hint = "empty one of the two; an award names its call itself"
                self._faults.append(Fault(problem, line.file, line.number, "call", call, hint))
                continue
            kind, key = ("awards", award) if award else ("calls", call) if call else ("", "")
            known = self._known(whose, kind)
            if key and key not in known:
                hint = f"use one of {few(known)}, or add it" if known else f"add it to {kind} first"
                problem = f"there is no {kind[:-1]} of that key"
                self._faults.append(
                    Fault(problem, line.file, line.number, kind[:-1], key[:SHOWN], hint)
                )
                continue
            whose.money.setdefault((kind, key), []).append((part, line))

    def _known(self, whose: _Joined, kind: str) -> list[str]:
        if not kind:
            return []
        held = whose.gathered(kind)
        if not held and self._into is not None:
            held = list(getattr(self._into, kind))
        return [each.key for each in held]

    def _whose(self, line: _Line, joined: Sequence[_Joined]) -> _Joined | None:
        named = line.cells.get(OF_PROGRAMME, "")
        if not named and len(joined) == 1:
            return joined[0]
        for each in joined:
            if named and folded_name(named) in (folded_name(each.head.name), each.head.slug):
                return each
        problem = (
            "the table of programmes has none of that slug or name"
            if named
            else "the row does not say which programme it belongs to"
        )
        hint = f"one of {', '.join(each.head.slug or each.head.name for each in joined[:5])}"
        self._faults.append(
            Fault(problem, line.file, line.number, OF_PROGRAMME, named[:SHOWN], hint)
        )
        return None

    def _part(self, table: TableLayout, line: _Line) -> Any:
        """Return what a row makes; nothing, with its faults noted, where it makes nothing."""
        given, wrong = fields_of_row(table, line.cells, self._book)
        for column, misread in wrong:
            value = misread.value[:SHOWN]
            self._faults.append(
                Fault(misread.problem, line.file, line.number, column, value, misread.hint)
            )
        misread_columns = {column for column, _misread in wrong}
        try:
            part = table.part.model_validate(given)
        except ValidationError as error:
            for each in error.errors(include_url=False, include_context=False):
                column = str(each["loc"][0]) if each["loc"] else ""
                if column not in misread_columns:
                    self._faults.append(self._fault(each, table, line, column))
            return None
        if self._book is not None and table in (PROGRAMMES, AWARDS):
            self._codes(part, line)
        return None if wrong else part

    def _fault(self, each: Any, table: TableLayout, line: _Line, column: str) -> Fault:
        if table is MONEY and column == "currency" and each["type"] == "missing":
            cells = line.cells
            told = [f"programme {cells.get(OF_PROGRAMME) or self._only_name()}"]
            told += [f"{name} {cells[name]}" for name in ("call", "award") if cells.get(name)]
            told.append(f"year {cells['year']}" if cells.get("year") else "no year")
            problem = f"{NO_CURRENCY} ({', '.join(told)})"
            return Fault(problem, line.file, line.number, column, "", CURRENCY_HINT)
        problem, hint = said(each["type"], each["msg"])
        return Fault(
            problem, line.file, line.number, column, line.cells.get(column, "")[:SHOWN], hint
        )

    def _only_name(self) -> str:
        return self._into.name if self._into is not None else ""

    def _codes(self, part: Any, line: _Line) -> None:
        assert self._book is not None  # noqa: S101 - asked only where there is one
        for where, fault in code_faults(part, self._book):
            column = where.partition(".")[0]
            self._faults.append(
                Fault(fault.problem, line.file, line.number, column, fault.value, fault.hint)
            )

    # The whole

    def _whole(self, joined: _Joined, lines: Mapping[str, list[_Line]]) -> Programme:
        parts: dict[str, list[Any]] = {
            table.name: joined.gathered(table.name)
            if self._into is None or table.name in lines
            else list(getattr(self._into, table.name))
            for table in TABLES[1:]
        }
        replaced = self._into is None or MONEY.name in lines
        for kind in ("calls", "awards"):
            parts[kind] = [
                self._with_money(joined, kind, at, each, replaced)
                for at, each in enumerate(parts[kind])
            ]
        own = joined.money.get(("", ""), [])
        if replaced:
            parts["money"] = [money for money, _line in own]
            for at, (_money, line) in enumerate(own):
                joined.lines["money", at] = line
        update = {name: tuple(values) for name, values in parts.items()}
        programme = joined.head.model_copy(update=update)
        for odd in contradictions(programme):
            line = _line_of(joined.lines, odd.place)
            file: str = line.file
            row: int | None = line.number
            table = MONEY.name if MONEY.name in odd.place else str(odd.place[0])
            if self._into is not None and table not in lines:
                file, row = _kept_place(programme, odd.place), None
            column = str(odd.place[-1])
            value = odd.value[:SHOWN]
            self._faults.append(Fault(odd.problem, file, row, column, value, odd.hint))
        return programme

    def _with_money(
        self, joined: _Joined, kind: str, at: int, part: Call | Award, replaced: bool
    ) -> Call | Award:
        if not replaced:
            before = {each.key: each.money for each in getattr(self._into, kind)}
            return part.model_copy(update={"money": before.get(part.key, ())})
        held = joined.money.get((kind, part.key), [])
        for number, (_money, line) in enumerate(held):
            joined.lines[kind, at, "money", number] = line
        return part.model_copy(update={"money": tuple(money for money, _line in held)})


def _layout_of(table: Table) -> TableLayout | None:
    """The table that a sheet or file is: by its name, else by its columns."""
    for layout in TABLES:
        if layout.name == table.sheet.casefold().strip():
            return layout
    names = {_column_name(each) for each in table.header}
    fitting = [each for each in TABLES if each.telling <= names]
    fitting = fitting or ([MONEY] if any(amount_column(each) for each in names) else [])
    if PROGRAMMES in fitting and len(fitting) > 1:
        fitting.remove(PROGRAMMES)
    return fitting[0] if len(fitting) == 1 else None


def _column_name(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text.strip().casefold())


def _kept_place(programme: Programme, place: Sequence[str | int]) -> str:
    """What a fault is of that stands in no table of the file, but in what is kept of the programme.

    >>> boost = Programme(name="Boost", calls=[{"key": "one", "name": "First call"}])
    >>> _kept_place(boost, ("calls", 0, "opened")), _kept_place(boost, ("money", 3, "year"))
    ('what is kept on the site: call one', 'what is kept on the site: money 4')
    """
    told = []
    for table, at in pairwise(place):
        if table in ("calls", "awards") and isinstance(at, int):
            told.append(f"{str(table)[:-1]} {getattr(programme, str(table))[at].key}")
        elif table == MONEY.name and isinstance(at, int):
            told.append(f"money {at + 1}")
    return f"what is kept on the site: {', '.join(told)}"


def _line_of(lines: Mapping[tuple[str | int, ...], _Line], place: Sequence[str | int]) -> _Line:
    """The row of the smallest part around a field."""
    for size in range(len(place), -1, -1):
        if (found := lines.get(tuple(place[:size]))) is not None:
            return found
    return lines[()]
