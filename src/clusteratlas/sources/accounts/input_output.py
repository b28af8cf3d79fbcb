"""Input-output tables of the Bureau of Economic Analysis: use and make, in detail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pyarrow as pa

from clusteratlas.sources.archive import Member, read_archive
from clusteratlas.sources.cells import read_table
from clusteratlas.sources.contents import Contents
from clusteratlas.sources.findings import MOST, Findings
from clusteratlas.sources.source import Source
from clusteratlas.sources.taken import TakenTable
from clusteratlas.sources.workbook import ENDINGS, Workbook, is_workbook
from clusteratlas.tables import INPUT_OUTPUT

Table = Literal["use", "make"]

BEFORE_REDEFINITIONS = {
    "use": re.compile(r"IOUse_Before_Redefinitions_PRO.*Detail", re.IGNORECASE),
    "make": re.compile(r"IOMake_Before_Redefinitions.*Detail", re.IGNORECASE),
}
CODE = re.compile(r"[0-9A-Z]{4,6}")
CORNER = ("code", "commodity_or_industry")
NOTHING = ("", "---", "...", "--")
SUMS = {"use": ("T005", "T001"), "make": ("T007", "T008")}
"""Total row and total column of the inner block: intermediate use; output."""
ROUNDING = 0.5
"""Every cell is rounded to a million."""

COVERS = (
    "Flows at producers' prices before redefinitions, in million dollars, rounded to one million. "
    "A flow that the Bureau prints as nothing has no row. Codes are the Bureau's own; bea_codes "
    "ties them to NAICS."
)


@dataclass
class _Block:
    """One table of one year: titles by code, and the cells that are not empty, with their row."""

    year: int
    row_titles: dict[str, str] = field(default_factory=dict)
    column_titles: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    cells: dict[tuple[str, str], str] = field(default_factory=dict)


def read_input_output(
    path: Path, *, table: Table | None = None, year: int | None = None
) -> TakenTable:
    """Return a use or make table in detail as one row a flow.

    Definition
        Use: commodities (rows) by industries and final uses (columns), with value added below.
        Make: industries by commodities. Producers' prices, before redefinitions.

    Parameters
    ----------
    path
        The Bureau's ``AllTablesIO.zip``, its workbook
        ``IOUse_Before_Redefinitions_PRO_2017_Detail.xlsx`` or ``IOMake_...``, whose sheets are
        named by year and have a row that begins with ``Code``; or CSV or Parquet with the row
        codes in a first column ``code`` (or ``commodity_or_industry``) and a column a code.
    table
        ``use`` or ``make``; by default what the name of the file says.
    year
        Year of the figures; by default all years of a workbook, or the one in the file's name.

    Returns
    -------
    TakenTable
        Rows by the contract ``INPUT_OUTPUT``, in million dollars.

    Missing data
        Empty cells and zeros have no row.

    Raises
    ------
    InvalidInput
        With every fault by row, column and value: a cell that is no number, a code twice, a total
        that is not the sum of its parts by more than rounding.

    Source
        US Bureau of Economic Analysis, Input-Output Accounts, benchmark tables.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "make_detail_2017.csv"
    >>> _ = place.write_text("code,1111A0,1111B0,T008\\n1111A0,37922,0,37922\\n")
    >>> taken = read_input_output(place).rows.to_pylist()
    >>> taken[0]["table"], taken[0]["row"], taken[0]["column"], taken[0]["value"]
    ('make', '1111A0', '1111A0', 37922.0)
    """
    found = Findings(path)
    told = table or _told(path.name)
    archive = read_archive(
        path,
        found,
        (*ENDINGS, ".csv", ".parquet"),
        lambda name: told is not None and bool(BEFORE_REDEFINITIONS[told].search(name)),
    )
    member = archive.members[0]
    if len(archive.members) > 1:
        found.refuse(
            "the zip archive holds several tables of this kind",
            value=", ".join(each.name for each in archive.members),
            hint="unpack it and give the one file that is meant",
        )
    kind = told or _told(member.name)
    if kind is None:
        found.refuse(
            "the file does not say whether it is a use or a make table",
            value=member.name,
            hint="name it as the Bureau does, or say which (bea-use or bea-make)",
        )
    blocks = list(_blocks(member, year, found))
    if not blocks:
        found.refuse(
            "no sheet holds a table with its codes",
            value=str(year or ""),
            hint="a sheet is named by its year and has a row that begins with the word Code",
        )
    rows: list[dict[str, object]] = []
    sources: list[Source] = []
    for block in blocks:
        source = f"bea-{kind}-{block.year}"
        sources.append(_source(source, kind, block.year, archive.checksum))
        values = _values(block, found)
        _check_sums(block, values, kind, found)
        rows += _rows(block, values, kind, source)
    found.stop_if_any()
    flows = pa.Table.from_pylist(rows, schema=INPUT_OUTPUT.schema)
    order = [(name, "ascending") for name in INPUT_OUTPUT.key]
    return TakenTable(INPUT_OUTPUT, flows.sort_by(order), tuple(sources))


def _told(name: str) -> Table | None:
    low = name.lower()
    if "make" in low:
        return "make"
    return "use" if re.search(r"(?<![a-z])(io)?use(?![a-z])", low) else None


def _blocks(member: Member, year: int | None, found: Findings) -> Iterator[_Block]:
    if is_workbook(member.data):
        book = Workbook(member.data, found)
        for sheet in book.sheets:
            if re.fullmatch(r"(19|20)\d\d", sheet.strip()) and year in (None, int(sheet)):
                block = _from_sheet(book, sheet, int(sheet), found)
                if block is not None:
                    yield block
        return
    named = {int(each) for each in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", member.name)}
    if year is None and len(named) != 1:
        found.refuse(
            "the year of the table is not known",
            value=member.name,
            hint="say the year, or put it into the name of the file",
        )
    yield _from_text(member, year or named.pop(), found)


def _from_sheet(book: Workbook, sheet: str, year: int, found: Findings) -> _Block | None:
    block = _Block(year)
    places: dict[int, str] = {}
    above: list[str] = []
    for number, cells in enumerate(book.rows(sheet), 1):
        if not places:
            if cells and cells[0].strip().lower() in CORNER:
                _take_columns(block, cells, above, number, places, found)
            above = cells if any(cells) else above
            continue
        code = cells[0].strip()
        if not CODE.fullmatch(code):
            if any(cells[place] not in NOTHING for place in places if place < len(cells)):
                found.add(
                    "a row with figures has no code",
                    row=number,
                    column="Code",
                    value=code,
                    hint="the Bureau's detail codes have four to six digits or capital letters",
                )
            continue
        if _take_row(block, code, cells[1] or code, number, found):
            for place, column in places.items():
                if cells[place] not in NOTHING:
                    block.cells[code, column] = cells[place]
    return block if places else None


def _take_columns(
    block: _Block,
    cells: list[str],
    above: list[str],
    number: int,
    places: dict[int, str],
    found: Findings,
) -> None:
    for place, code in enumerate(cells[2:], 2):
        if not CODE.fullmatch(code):
            continue
        if code in block.column_titles:
            found.add("a code heads two columns", row=number, column=code, value=code)
            continue
        title = above[place] if place < len(above) and above[place] else code
        block.column_titles[code] = " ".join(title.split())
        places[place] = code


def _take_row(block: _Block, code: str, title: str, number: int, found: Findings) -> bool:
    if code in block.rows:
        found.add(
            f"the same code stands already in row {block.rows[code]}",
            row=number,
            column="Code",
            value=code,
            hint="keep one of the two rows",
        )
        return False
    block.rows[code] = number
    block.row_titles[code] = " ".join(title.split())
    return True


def _from_text(member: Member, year: int, found: Findings) -> _Block:
    text = read_table(Contents(member.data, member.name, ""), found, lambda name: True)
    first = text.header[0].lower()
    if first not in CORNER:
        found.refuse(
            "the first column does not hold the codes",
            row=text.header_row,
            value=text.header[0],
            hint=f"name it {CORNER[0]}; every other column is headed by a code",
        )
    found.stop_if_any()
    block = _Block(year)
    columns = {name: text.cells.column(name.lower()).to_pylist() for name in text.header[1:]}
    for name in columns:
        if not CODE.fullmatch(name):
            found.add("the column is headed by no code", row=text.header_row, column=name)
        block.column_titles[name] = name
    codes = text.cells.column(first).to_pylist()
    numbers = text.cells.column("row").to_pylist()
    for place, (code, number) in enumerate(zip(codes, numbers, strict=True)):
        if _take_row(block, code.strip(), code.strip(), number, found):
            for name, cells in columns.items():
                if cells[place].strip() not in NOTHING:
                    block.cells[code.strip(), name] = cells[place].strip()
    return block


def _values(block: _Block, found: Findings) -> dict[tuple[str, str], float]:
    values: dict[tuple[str, str], float] = {}
    wrong = 0
    for (row, column), cell in block.cells.items():
        try:
            values[row, column] = float(cell)
        except ValueError:
            wrong += 1
            if wrong <= MOST:
                found.add(
                    "the flow is no number",
                    row=block.rows[row],
                    column=column,
                    value=cell,
                    hint="write million dollars without separators; leave nothing where none flows",
                )
    found.count(wrong - MOST)
    return values


def _check_sums(
    block: _Block, values: dict[tuple[str, str], float], kind: Table, found: Findings
) -> None:
    """Total row and column must be the sums of the inner block, up to rounding."""
    total_row, total_column = SUMS[kind]
    rows = [code for code in block.rows if _kind(code, kind, "row") in ("commodity", "industry")]
    columns = [
        code
        for code in block.column_titles
        if _kind(code, kind, "column") in ("commodity", "industry")
    ]
    across = dict.fromkeys(rows, 0.0)
    down = dict.fromkeys(columns, 0.0)
    for (row, column), value in values.items():
        if row in across and column in down:
            across[row] += value
            down[column] += value
    room = ROUNDING * (max(len(rows), len(columns)) + 1)
    told: list[tuple[str, str, float, float]] = []
    if total_column in block.column_titles:
        told += [
            (row, total_column, sums, values.get((row, total_column), 0.0))
            for row, sums in across.items()
        ]
    if total_row in block.rows:
        told += [
            (total_row, column, sums, values.get((total_row, column), 0.0))
            for column, sums in down.items()
        ]
    bad = [each for each in told if abs(each[2] - each[3]) > room]
    for row, column, sums, total in bad[:MOST]:
        found.add(
            f"the total is {total:,.0f} and its parts are {sums:,.0f}",
            row=block.rows[row],
            column=column,
            value=f"{row} {column} {block.year}",
            hint="was a row or a column cut off?",
        )
    found.count(len(bad) - MOST)


def _kind(code: str, table: Table, side: Literal["row", "column"]) -> str:
    """What a code stands for at that side of the table."""
    if re.fullmatch(r"T\d{3,5}", code):
        return "total"
    if re.fullmatch(r"V\d{5}", code):
        return "value added"
    if re.fullmatch(r"F\d{2}[0-9A-Z]\d{2}", code):
        return "final use"
    return "commodity" if (table == "use") == (side == "row") else "industry"


def _rows(
    block: _Block, values: dict[tuple[str, str], float], kind: Table, source: str
) -> list[dict[str, object]]:
    return [
        {
            "table": kind,
            "row": row,
            "column": column,
            "year": block.year,
            "source": source,
            "row_title": block.row_titles[row],
            "column_title": block.column_titles[column],
            "row_kind": _kind(row, kind, "row"),
            "column_kind": _kind(column, kind, "column"),
            "value": value,
        }
        for (row, column), value in values.items()
        if value != 0
    ]


def _source(name: str, kind: Table, year: int, checksum: str) -> Source:
    return Source(
        source=name,
        publisher="US Bureau of Economic Analysis",
        title=f"Input-output accounts, {kind} table {year}, detail, before redefinitions",
        address="https://www.bea.gov/industry/input-output-accounts-data",
        retrieved=None,
        checksum=checksum,
        licence="public domain (work of the United States government)",
        covers=COVERS,
        employment_word="",
        payroll_unit="USD, millions",
    )
