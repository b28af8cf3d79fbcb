"""Applicants from files: profiles in the known form, beside them a table of what each shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from clusteratlas.atlas import Release
from clusteratlas.organisations import Profile, folded_name, read
from clusteratlas.organisations.cell_syntax import NO, YES
from clusteratlas.organisations.json_form import faults_of
from clusteratlas.organisations.json_list import SHOWN
from clusteratlas.organisations.table_files import read_bytes, read_tables
from clusteratlas.programmes.readiness.applicants import Applicant, Piece, piece_of
from clusteratlas.programmes.readiness.criteria import Criteria, default_criteria
from clusteratlas.programmes.register import Money
from clusteratlas.tables import Fault, InvalidInput

SHEET: Final = "applications"
"""The sheet of a workbook, and the field of a JSON file, that holds the table."""

ASKED: Final = "asked"
"""The kind of a row that states money asked for; every other kind is one of evidence."""

COLUMNS: Final = (
    "organisation",
    "identifier",
    "kind",
    "title",
    "address",
    "on",
    "none",
    "amount",
    "currency",
    "price_base",
)

_Rows = list[tuple[str, int, Mapping[str, Any]]]


@dataclass(slots=True)
class _Given:
    """What the table holds of one organisation."""

    title: str = ""
    pieces: list[Piece] = field(default_factory=list)
    asked: list[Money] = field(default_factory=list)


def read_applicants(
    path: Path,
    release: Release | None = None,
    *,
    criteria: Criteria | None = None,
    applications: Path | None = None,
) -> tuple[Applicant, ...]:
    """Return the applicants of a file: every organisation in it, with what it shows and asks.

    Definition
    ----------
    Organisations stand in the form of docs/reference/organisation-file.md. What they show stands in
    a table of `COLUMNS`, one row a piece of evidence or an amount (kind ``asked``): on the sheet
    ``Applications`` of a workbook, in the field ``applications`` of a JSON file, or in a file of
    its own.

    Parameters
    ----------
    release
        If given, codes of regions and clusters are checked against it.
    criteria
        Whose kinds of evidence are known; by default those of the package.
    applications
        A CSV or XLSX with the table, where it does not stand in ``path`` itself.

    Raises
    ------
    InvalidInput
        With every fault of both: file, row, column, value and hint.
    """
    kinds = [each.name for each in (criteria or default_criteria()).kind]
    found = read(path, release)
    faults = list(found.faults)
    try:
        rows = _rows(applications or path, alone=applications is not None)
    except InvalidInput as error:
        rows = []
        faults += [each for each in error.faults if each not in faults]
    given, mine = _given(rows, found.profiles, kinds) if found.profiles else ({}, [])
    faults += mine
    if faults:
        raise InvalidInput(faults)
    return tuple(
        Applicant(
            profile=profile,
            title=held.title,
            pieces=tuple(held.pieces),
            asked=tuple(held.asked),
        )
        for profile, held in ((each, given.get(_key(each), _Given())) for each in found.profiles)
    )


def _key(profile: Profile) -> tuple[str, str]:
    return folded_name(profile.name), profile.identifier.strip().casefold()


def _rows(path: Path, *, alone: bool) -> _Rows:
    file = str(path)
    data = read_bytes(path, file)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _json_rows(data, file)
    tables = read_tables(data, file).tables
    named = [each for each in tables if each.sheet.casefold() == SHEET]
    if not named and not alone:
        return []
    table = (named or tables)[0]
    names = [each.strip().casefold().replace(" ", "_") for each in table.header]
    faults = [
        Fault("there is no column of that name", table.file, table.header_row, each, each,
              f"the columns are {', '.join(COLUMNS)}")
        for each in names
        if each and each not in COLUMNS
    ]  # fmt: skip
    for needed in ("organisation", "kind"):
        if needed not in names:
            faults.append(
                Fault(f"column {needed} is missing", table.file, table.header_row, needed)
            )
    if faults:
        raise InvalidInput(faults)
    return [
        (
            table.file,
            number,
            {name: cell for name, cell in zip(names, cells, strict=False) if name and cell},
        )
        for number, cells in table.rows
    ]


def _json_rows(data: bytes, file: str) -> _Rows:
    try:
        whole = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return []  # the organisations of the same file have been refused for it
    listed = whole.get(SHEET, []) if isinstance(whole, Mapping) else []
    if not isinstance(listed, list):
        raise InvalidInput([Fault("the applications are no list of rows", file, column=SHEET)])
    rows: _Rows = []
    faults = []
    for number, each in enumerate(listed, 1):
        if not isinstance(each, Mapping):
            faults.append(Fault("a row is not an object of fields", file, number))
            continue
        odd = [name for name in each if name not in COLUMNS]
        faults += [
            Fault("there is no column of that name", file, number, str(name)[:SHOWN])
            for name in odd
        ]
        rows.append((file, number, {k: v for k, v in each.items() if v not in (None, "")}))
    if faults:
        raise InvalidInput(faults)
    return rows


def _given(
    rows: _Rows, profiles: Sequence[Profile], kinds: Sequence[str]
) -> tuple[dict[tuple[str, str], _Given], list[Fault]]:
    by_name: dict[str, list[Profile]] = {}
    by_identifier: dict[str, list[Profile]] = {}
    for each in profiles:
        name, identifier = _key(each)
        by_name.setdefault(name, []).append(each)
        by_identifier.setdefault(identifier, []).append(each)
    found: dict[tuple[str, str], _Given] = {}
    faults: list[Fault] = []
    for file, row, cells in rows:
        name = folded_name(str(cells.get("organisation", "")))
        identifier = str(cells.get("identifier", "")).strip().casefold()
        known = by_identifier.get(identifier, []) if identifier else by_name.get(name, [])
        if len(known) != 1:
            problem = (
                "two organisations of the file have that name"
                if known
                else "the file has no organisation of that name and identifier"
            )
            value = str(cells.get("organisation", "") or cells.get("identifier", ""))[:SHOWN]
            hint = "write it as it stands there, or give its identifier"
            faults.append(Fault(problem, file, row, "organisation", value, hint))
            continue
        held = found.setdefault(_key(known[0]), _Given())
        faults += _taken(held, cells, file, row, kinds)
    for profile in profiles:
        faults += _contradictions(profile, found.get(_key(profile)), rows)
    return found, faults


def _taken(
    held: _Given, cells: Mapping[str, Any], file: str, row: int, kinds: Sequence[str]
) -> list[Fault]:
    """Take one row over into what an organisation shows."""
    if cells.get("kind") == ASKED:
        held.title = str(cells.get("title", held.title))[:200]
        money, faults = money_of(cells, file=file, row=row)
        held.asked += [money] if money is not None else []
        return faults
    faults = [
        Fault(
            "only a row of the kind asked states money", file, row, name, str(cells[name])[:SHOWN]
        )
        for name in ("amount", "currency", "price_base")
        if name in cells
    ]
    given = {name: cells[name] for name in ("title", "address", "on") if name in cells}
    flag, wrong = _flag(cells.get("none", ""), file, row)
    piece, mine = piece_of(
        {**given, "kind": cells.get("kind", ""), "none": flag}, file=file, row=row, kinds=kinds
    )
    held.pieces += [piece] if piece is not None else []
    return [*faults, *wrong, *mine]


def money_of(
    cells: Mapping[str, Any], *, file: str = "", row: int | None = None
) -> tuple[Money | None, list[Fault]]:
    """Return an amount asked for, or its faults; money without a currency is none.

    >>> money_of({"amount": "5"})[1][0].problem
    'money without its currency'
    """
    faults = []
    if "amount" not in cells:
        hint = "say how much is asked for, such as 250000"
        faults.append(Fault("there is no amount", file, row, "amount", hint=hint))
    if "currency" not in cells:
        hint = "give its three letters, such as EUR"
        faults.append(Fault("money without its currency", file, row, "currency", hint=hint))
    if faults:
        return None, faults
    given = {name: cells[name] for name in ("amount", "currency", "price_base") if name in cells}
    try:
        return Money(**given, side="public", kind="planned"), []
    except ValidationError as error:
        return None, faults_of(error, file=file, row=row)


def _flag(text: object, file: str, row: int) -> tuple[bool, list[Fault]]:
    folded = str(text).casefold()
    if folded in ("", *YES, *NO):
        return folded in YES, []
    problem, hint = "neither yes nor no", "write yes, or leave it empty"
    return False, [Fault(problem, file, row, "none", str(text)[:SHOWN], hint)]


def _contradictions(profile: Profile, held: _Given | None, rows: _Rows) -> Iterable[Fault]:
    """A kind of which something is shown and of which it is said that there is none."""
    if held is None or not rows:
        return []
    shown = {each.kind for each in held.pieces if not each.none}
    denied = sorted({each.kind for each in held.pieces if each.none} & shown)
    problem = "something of the kind is shown, and it is said that there is none"
    return [
        Fault(f"{profile.name}: {problem}", rows[0][0], column="none", value=kind)
        for kind in denied
    ]
