"""Which industries of NAICS the codes of the input-output tables hold."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from clusteratlas.classification import industries
from clusteratlas.sources.archive import Member, read_archive
from clusteratlas.sources.cells import read_table
from clusteratlas.sources.contents import Contents, read_contents
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.source import Source
from clusteratlas.sources.taken import TakenTable
from clusteratlas.sources.workbook import ENDINGS, Workbook, is_workbook
from clusteratlas.tables import BEA_CODES

SHEET = re.compile(r"naics\s*codes", re.IGNORECASE)
DETAIL_NAME = re.compile(r"bea_\d{4}_detail_code")
TITLE_NAME = re.compile(r"bea_\d{4}_detail_name")
LISTED = re.compile(r"(\d{2,6})(?:\s*-\s*(\d))?\*?")
NOT_APPLICABLE = ("", "n.a.", "n.a", "na")
DEPTH = 6

Links = dict[str, set[str]]

COVERS = (
    "Detail codes of the input-output tables and the six-digit classes they hold. For some classes "
    "(construction, housing, government) several codes share one class. Codes without any class "
    "(final uses, scrap, customs duties) are left out."
)


def read_bea_codes(path: Path, *, classification: str = "naics-2017") -> TakenTable:
    """Return which six-digit classes each detail code holds, and which side is finer.

    Definition
        A class that the list names with fewer digits stands for all six-digit classes beneath it;
        ``11111-2`` for 11111 and 11112, ``23*`` for all of 23. Finer is ``naics`` where one code
        holds several classes and shares none (its flows are split), ``bea`` where several codes
        lie within one class (they are added up), ``same``, or ``neither`` where both cut across.

    Parameters
    ----------
    path
        A workbook of the Bureau (or ``AllTablesIO.zip``) with the sheet ``NAICS Codes``; or a CSV
        with ``BEA_2017_Detail_Code``, ``BEA_2017_Detail_Name`` and ``NAICS_2017_Code``.
    classification
        The vintage of NAICS to link with.

    Returns
    -------
    TakenTable
        Rows by the contract ``BEA_CODES``.

    Missing data
        Codes without a class have no row.

    Raises
    ------
    InvalidInput
        With every fault by row, column and value: a class that the vintage does not have.

    Source
        US Bureau of Economic Analysis, sheet NAICS Codes of the input-output workbooks.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "codes.csv"
    >>> _ = place.write_text(
    ...     "BEA_2017_Detail_Code,BEA_2017_Detail_Name,NAICS_2017_Code\\n"
    ...     "1111A0,Oilseed farming,11111\\n1111A0,Oilseed farming,11112\\n"
    ... )
    >>> [(row["industry"], row["finer"]) for row in read_bea_codes(place).rows.to_pylist()]
    [('111110', 'naics'), ('111120', 'naics')]
    """
    found = Findings(path)
    year = classification.removeprefix("naics-")
    archive = read_archive(
        path, found, ENDINGS, lambda name: bool(re.search(r"_det(ail)?", name, re.IGNORECASE))
    )
    known = [
        code for code in industries(classification)["industry"].to_pylist() if len(code) == DEPTH
    ]
    links: Links = defaultdict(set)
    titles: dict[str, str] = {}
    for code, title, listed, row, column in _listed(path, archive.members, year, found):
        classes, unknown = _classes(expand(listed), known)
        for each in unknown:
            if each not in re.findall(r"\w+", listed):
                continue  # a digit within a range that NAICS does not use
            found.add(
                f"no class of {classification} begins with this code",
                row=row,
                column=column,
                value=each,
                hint="is the list of another vintage? say which",
            )
        if classes:
            links[code] |= classes
            titles.setdefault(code, title)
    found.stop_if_any()
    if not links:
        found.refuse("the list ties no code to a class", hint="is this the sheet NAICS Codes?")
    name = f"bea-codes-{year}"
    return TakenTable(
        BEA_CODES,
        _rows(links, titles, classification, name),
        (
            Source(
                source=name,
                publisher="US Bureau of Economic Analysis",
                title=f"NAICS codes of the input-output tables ({classification})",
                address="https://www.bea.gov/industry/input-output-accounts-data",
                retrieved=None,
                checksum=archive.checksum,
                licence="public domain (work of the United States government)",
                covers=COVERS,
                employment_word="",
                payroll_unit="",
            ),
        ),
    )


def expand(listed: str) -> list[str]:
    """Return the codes that a cell lists.

    >>> expand("11111-2, 1114")
    ['11111', '11112', '1114']
    >>> expand("23*"), expand("n.a."), expand("S00101")
    (['23'], [], [])
    """
    codes: list[str] = []
    for part in re.split(r"[,;]", listed):
        text = part.strip()
        if text.lower() in NOT_APPLICABLE or text[0].isalpha():
            continue
        match = LISTED.fullmatch(text)
        if match is None:
            codes.append(text)
        elif match[2]:
            first, last = int(match[1][-1]), int(match[2])
            codes += [f"{match[1][:-1]}{digit}" for digit in range(first, last + 1)]
        else:
            codes.append(match[1])
    return codes


def _classes(listed: Iterable[str], known: list[str]) -> tuple[set[str], list[str]]:
    """The six-digit classes beneath the codes, and the codes that have none.

    Of a code and one beneath it the deeper one counts: some lists name every level.
    """
    codes = set(listed)
    deepest = {
        code
        for code in codes
        if not any(other != code and other.startswith(code) for other in codes)
    }
    found: set[str] = set()
    unknown = []
    for code in sorted(deepest):
        beneath = {each for each in known if each.startswith(code)}
        if not beneath:
            unknown.append(code)
        found |= beneath
    return found, unknown


Line = tuple[str, str, str, int | None, str]
"""Code, title, the classes as listed, the row and the column that lists them."""


def _listed(path: Path, members: Iterable[Member], year: str, found: Findings) -> list[Line]:
    for member in members:
        if not is_workbook(member.data):
            return _from_text(path, year, found)
        book = Workbook(member.data, found)
        for sheet in book.sheets:
            if SHEET.search(sheet):
                return _from_sheet(book, sheet, found)
    found.refuse(
        "there is no list of NAICS codes in this file",
        hint="give a workbook of the Bureau with the sheet NAICS Codes, or a CSV",
    )


def _from_text(path: Path, year: str, found: Findings) -> list[Line]:
    industry = f"naics_{year}_code"
    contents = read_contents(path, found)
    text = read_table(
        Contents(contents.data, contents.name, ""),
        found,
        lambda name: (
            bool(DETAIL_NAME.fullmatch(name) or TITLE_NAME.fullmatch(name)) or name == industry
        ),
    )
    code = next((name for name in text.names if DETAIL_NAME.fullmatch(name)), None)
    title = next((name for name in text.names if TITLE_NAME.fullmatch(name)), code)
    missing = ([] if code else ["BEA_2017_Detail_Code"]) + (
        [] if industry in text.names else [industry.upper().replace("CODE", "Code")]
    )
    found.missing_columns(missing, text.header, row=text.header_row)
    found.stop_if_any()
    chosen = (code or "", title or "", industry, "row")
    columns = [text.cells.column(name).to_pylist() for name in chosen]
    whole: dict[str, tuple[str, list[str], int]] = {}
    for detail, name, listed, row in zip(*columns, strict=True):
        whole.setdefault(detail, (name, [], row))[1].append(listed)
    return [
        (detail, name, ", ".join(listed), row, text.names[industry])
        for detail, (name, listed, row) in whole.items()
        if detail
    ]


def _from_sheet(book: Workbook, sheet: str, found: Findings) -> list[Line]:
    """Codes stand in the column of their level, titles to their right, classes in the last one."""
    lines: list[Line] = []
    detail = classes = -1
    name = ""
    for number, cells in enumerate(book.rows(sheet), 1):
        if detail < 0:
            low = [cell.lower() for cell in cells]
            if "detail" in low and any("naics" in cell for cell in low):
                detail = low.index("detail")
                classes = max(place for place, cell in enumerate(low) if "naics" in cell)
                name = " ".join(cells[classes].split())
            continue
        code = cells[detail]
        if re.fullmatch(r"[0-9A-Z]{5,6}", code) and expand(cells[classes]):
            lines.append((code, cells[detail + 1] or code, cells[classes], number, name))
    if detail < 0:
        found.refuse(
            f"the sheet {sheet} has no heading Detail",
            hint="the Bureau heads its columns Sector, Summary, U.Summary, Detail",
        )
    return lines


def _rows(links: Links, titles: dict[str, str], classification: str, source: str) -> pa.Table:
    sharing: dict[str, int] = defaultdict(int)
    for classes in links.values():
        for each in classes:
            sharing[each] += 1
    rows = [
        {
            "bea": code,
            "classification": classification,
            "industry": each,
            "source": source,
            "bea_title": titles[code],
            "industries_of_code": len(classes),
            "codes_of_industry": sharing[each],
            "finer": _finer(len(classes), sharing[each]),
        }
        for code, classes in sorted(links.items())
        for each in sorted(classes)
    ]
    return pa.Table.from_pylist(rows, schema=BEA_CODES.schema)


def _finer(industries_of_code: int, codes_of_industry: int) -> str:
    if codes_of_industry == 1:
        return "naics" if industries_of_code > 1 else "same"
    return "neither" if industries_of_code > 1 else "bea"
