"""Read profiles from CSV, a workbook or JSON: all of them, or every fault at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from clusteratlas.atlas import Release
from clusteratlas.organisations.codes import Codebook
from clusteratlas.organisations.flat import RowReader
from clusteratlas.organisations.json_form import listed_json, parsed_json
from clusteratlas.organisations.json_list import SHOWN
from clusteratlas.organisations.layout import MAIN, MOST_PARTS, PARTS, PartLayout
from clusteratlas.organisations.long_list import is_long_list, profiles_of_list
from clusteratlas.organisations.profile import Profile, folded_name
from clusteratlas.organisations.table_files import (
    MOST_ROWS,
    Table,
    read_bytes,
    read_tables,
    refuse,
    refuse_other_kinds,
)
from clusteratlas.tables import Fault, InvalidInput

MOST_FAULTS: Final = 1_000
"""Faults that are spelled out; the rest is counted."""

OF_ORGANISATION: Final = ("organisation", "identifier")
"""Columns by which a row of a sheet says whose it is."""

SheetRows = dict[str, list[tuple[str, int, Mapping[str, str]]]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave.

    Attributes
    ----------
    profiles
        All organisations; none where there is any fault, so that nothing is half taken in.
    rows
        The row of each organisation in its file.
    faults, total
        Everything wrong (the first thousand), and how many faults there are.
    notes
        What was taken in another way than it stood, such as a formula's value.
    """

    profiles: tuple[Profile, ...]
    rows: tuple[int, ...]
    faults: tuple[Fault, ...]
    total: int
    notes: tuple[Fault, ...]


def read_profiles(path: Path, release: Release | None = None) -> tuple[Profile, ...]:
    """Return the organisations of a file.

    Definition
    ----------
    CSV and XLSX hold one row an organisation, by the columns of docs/reference/
    organisation-file.md; JSON holds the full schema; a CSV of organisation and cluster is
    recognised by its header.

    Parameters
    ----------
    path
        At most 50 MB and 20,000 organisations.
    release
        If given, codes are checked against it and names are accepted in their place.

    Raises
    ------
    InvalidInput
        With every fault: file, row, column, value and hint.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "registry.csv"
    >>> _ = place.write_text("name,country,regions\\nOptics,DE,nuts-2:DE11\\n")
    >>> read_profiles(place)[0].regions[0].region
    'DE11'
    """
    found = read(path, release)
    if found.faults:
        raise InvalidInput(found.faults, total=found.total)
    return found.profiles


def read(
    path: Path,
    release: Release | None = None,
    *,
    book: Codebook | None = None,
    name: str = "",
) -> Reading:
    """Return what a file gave, its faults as data.

    Parameters
    ----------
    path, release
        As in `read_profiles`.
    book
        The codes of a release, where the release itself is not at hand.
    name
        Of the file in faults, such as that of an upload; by default its path.
    """
    if release is not None:
        book = Codebook.of(release)
    file = name or str(path)
    try:
        return _read(path, file, book.fresh() if book is not None else None)
    except InvalidInput as error:
        return Reading((), (), tuple(error.faults[:MOST_FAULTS]), error.total, ())


def _read(path: Path, file: str, book: Codebook | None) -> Reading:
    data = read_bytes(path, file)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and not data.startswith(b"{\\rtf"):
        given = listed_json(data, file)
        profiles, names, faults = parsed_json(given, file=file)
        if len(names) > MOST_ROWS:
            refuse(f"the file holds more than {MOST_ROWS:,} organisations", file, hint="split it")
        rows = list(range(1, len(names) + 1))
        faults += _unknown_codes(given, file, book)
        return _reading(profiles, names, rows, faults, [], file)
    refuse_other_kinds(data, file)
    tables = read_tables(data, file)
    main = _main_table(tables.tables)
    if is_long_list(main.header):
        listed, rows, faults = profiles_of_list(main, book)
        names = [(each.name, each.identifier) for each in listed]
        return _reading(listed, names, rows, faults, tables.notes, main.file)
    faults = []
    parts = _sheets_of_parts(tables.tables, main, faults)
    flat, names, rows = _flat(main, parts, book, faults)
    return _reading(flat, names, rows, faults, tables.notes, main.file)


def _reading(
    profiles: Sequence[Profile],
    names: Sequence[tuple[str, str]],
    rows: Sequence[int],
    faults: list[Fault],
    notes: Iterable[Fault],
    file: str,
) -> Reading:
    found = [*faults, *twice(names, rows, file)]
    if not profiles and not found:
        hint = "fill in a row below the header"
        found = [Fault("the file holds no organisation", file, hint=hint)]
    found.sort(key=lambda each: (each.row is not None, each.row or 0))
    whole = () if found else tuple(profiles)
    shown = tuple(found[:MOST_FAULTS])
    return Reading(whole, () if found else tuple(rows), shown, len(found), tuple(notes))


def _unknown_codes(given: Sequence[object], file: str, book: Codebook | None) -> list[Fault]:
    if book is None:
        return []
    return [
        Fault(each.problem, file, row, ".".join(map(str, place)), each.value, each.hint)
        for row, profile in enumerate(given, 1)
        if isinstance(profile, Mapping)
        for place, each in book.faults(profile)
    ]


def twice(names: Iterable[tuple[str, str]], rows: Iterable[int], file: str) -> list[Fault]:
    """Return a fault for each organisation that a file names twice.

    Each is given by name and identifier. Two of one name are two organisations only where their
    identifiers differ; an identifier belongs to one.

    >>> twice([("Optics", ""), ("optics", "7")], [2, 7], "a.csv")[0].problem
    'two organisations of one name: rows 2 and 7'
    """
    faults = []
    nameless: dict[str, int] = {}
    named: dict[tuple[str, str], int] = {}
    first: dict[str, int] = {}
    identifiers: dict[str, int] = {}
    for (name, identifier), row in zip(names, rows, strict=False):
        folded = folded_name(name)
        mine = identifier.strip().casefold()
        if not folded:
            continue
        same = nameless.get(folded, named.get((folded, mine))) if mine else first.get(folded)
        if same is not None:
            problem = f"two organisations of one name: rows {same} and {row}"
            hint = "keep one of them, or give each an identifier of its own"
            faults.append(Fault(problem, file, row, "name", name[:SHOWN], hint))
        elif mine and mine in identifiers:
            problem = f"two organisations of one identifier: rows {identifiers[mine]} and {row}"
            faults.append(Fault(problem, file, row, "identifier", identifier[:SHOWN]))
        first.setdefault(folded, row)
        if mine:
            named.setdefault((folded, mine), row)
            identifiers.setdefault(mine, row)
        else:
            nameless.setdefault(folded, row)
    return faults


# The flat form


def _main_table(tables: Sequence[Table]) -> Table:
    """The sheet of the organisations: so named, or the first that has a column of names."""
    for table in tables:
        if table.sheet.casefold() in ("organisations", "organizations"):
            return table
    parts = {part.sheet.casefold() for part in PARTS}
    named = [
        table
        for table in tables
        if "name" in map(_column_name, table.header) and table.sheet.casefold() not in parts
    ]
    return (named or list(tables))[0]


def _column_name(text: str) -> str:
    """A column's name as it is written here: small letters, one underscore between words.

    >>> _column_name("Short name"), _column_name("Budget-currency")
    ('short_name', 'budget_currency')
    """
    return re.sub(r"[\s_-]+", "_", text.strip().casefold())


def _columns(table: Table, known: Iterable[str], needed: str, faults: list[Fault]) -> list[str]:
    """The names of a table's columns; an unknown one, one twice and a lacking one are faults."""
    names = [_column_name(each) for each in table.header]
    listed = list(known)
    seen: set[str] = set()
    for given, name in zip(table.header, names, strict=True):
        if not name:
            continue
        if name in seen:
            problem, hint = "the header names a column twice", "keep one of the two columns"
            faults.append(Fault(problem, table.file, table.header_row, given, given, hint))
        elif name not in listed and not _is_numbered(name, needed):
            near = get_close_matches(name, listed, 1, 0.6)
            hint = (
                f"did you mean {near[0]}?" if near else "leave it out, or see the list of columns"
            )
            problem = "there is no column of that name"
            faults.append(
                Fault(problem, table.file, table.header_row, given[:SHOWN], given[:SHOWN], hint)
            )
        seen.add(name)
    if needed not in seen:
        problem = f"column {needed} is missing"
        found = ", ".join(each[:30] for each in table.header[:20])
        hint = f"columns found: {found or 'none'}"
        faults.append(Fault(problem, table.file, table.header_row, needed, hint=hint))
    return names


def _is_numbered(name: str, needed: str) -> bool:
    if needed != "name":
        return False
    prefix, _, rest = name.partition("_")
    number, _, inside = rest.partition("_")
    return any(
        part.prefix == prefix and inside in part.columns and number.isdecimal()
        and number.isascii() and 1 <= int(number) <= MOST_PARTS
        for part in PARTS
    )  # fmt: skip


def _flat(
    main: Table, parts: dict[tuple[str, str], SheetRows], book: Codebook | None, faults: list[Fault]
) -> tuple[list[Profile], list[tuple[str, str]], list[int]]:
    names = _columns(main, MAIN, "name", faults)
    if "name" not in names:
        return [], [], []
    reader = RowReader(main.file, book)
    profiles: list[Profile] = []
    told: list[tuple[str, str]] = []
    rows: list[int] = []
    left = dict(parts)
    for number, cells in main.rows:
        if len(cells) > len(names) and any(cells[len(names) :]):
            problem = "the row has more cells than the header has columns"
            hint = "put quotation marks around a cell that holds the separator"
            faults.append(Fault(problem, main.file, number, hint=hint))
            continue
        row = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell}
        key = (row.get("name", "").casefold(), row.get("identifier", "").casefold())
        mine = left.pop(key, None) or left.pop((key[0], ""), None) or left.pop(("", key[1]), None)
        profile, found = reader.profile(row, number, mine)
        faults.extend(found)
        if profile is not None:
            profiles.append(profile)
        told.append((row.get("name", ""), row.get("identifier", "")))
        rows.append(number)
    for key, held in left.items():
        for each in held.values():
            for sheet, number, _cells in each:
                value = key[0] or key[1]
                problem = "the sheet of organisations has none of that name and identifier"
                faults.append(Fault(problem, sheet, number, OF_ORGANISATION[0], value[:SHOWN]))
    return profiles, told, rows


def _sheets_of_parts(
    tables: Sequence[Table], main: Table, faults: list[Fault]
) -> dict[tuple[str, str], SheetRows]:
    """The rows of sheets such as Offers, by the organisation they belong to and the field."""
    by_sheet: dict[str, PartLayout] = {part.sheet.casefold(): part for part in PARTS}
    found: dict[tuple[str, str], SheetRows] = {}
    for table in tables:
        part = by_sheet.get(table.sheet.casefold())
        if part is None or table is main:
            continue
        known = (*OF_ORGANISATION, *part.columns)
        names = _columns(table, known, OF_ORGANISATION[0], faults)
        for number, cells in table.rows:
            row = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell}
            whose = (row.pop("organisation", "").casefold(), row.pop("identifier", "").casefold())
            if whose == ("", ""):
                problem = "the row does not say which organisation it belongs to"
                faults.append(Fault(problem, table.file, number, OF_ORGANISATION[0]))
                continue
            held = found.setdefault(whose, {}).setdefault(part.field, [])
            held.append((table.file, number, row))
    return found
