"""Establishments by place and industry: the Bureau's ZIP Business Patterns, or a table like it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from clusteratlas.classification import vintage_for_year
from clusteratlas.sources.archive import read_archive
from clusteratlas.sources.cells import PARQUET, TextTable
from clusteratlas.sources.census.local_mapping import LocalMapping, renamed
from clusteratlas.sources.checks import Checks, whole_number
from clusteratlas.sources.contents import Contents, check_end
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.publishers import us_source
from clusteratlas.sources.source import Source
from clusteratlas.sources.taken import TakenTable
from clusteratlas.sources.workbook import ENDINGS, member_table
from clusteratlas.tables import FEWEST_PRINTED, LOCAL_INDUSTRIES, CannotAnswer

YEAR_IN_NAME = r"(?:zbp|cbp|zip)(\d\d)(?!\d)|(?<!\d)(20\d\d)(?!\d)"
OFFICIAL = ("zip", "naics", "est")
TIDY = ("place", "industry", "establishments")
ALL = "00"
PRINTED_CODE = r"-{2,6}|[0-9]{2}-{4}|[0-9]{3}/{3}|[0-9]{4}/{2}|[0-9]{5}/|[0-9]{6}"
"""Codes as the Bureau writes them: signs fill up to six places."""

COVERS = (
    "Establishments with paid employees in March by ZIP code of their address. Since 2017 cells "
    "with fewer than three establishments are not printed; jobs are not printed by industry. A "
    "ZIP code is a mail route, not an area: it can cross a county line."
)


@dataclass(frozen=True)
class LocalTable(TakenTable):
    """Establishments of places, with the classification of their industries and the file."""

    classification: str
    file: str


def read_local_establishments(
    path: Path, *, year: int | None = None, mapping: LocalMapping | None = None
) -> LocalTable:
    """Return establishments by place and industry.

    Definition
        The Bureau's ZIP industry detail file has the columns ``zip, naics, est`` and the size
        classes ``n<5`` (``n1_4`` before 2017) to ``n1000``; a tidy table has ``place, industry,
        establishments`` and perhaps ``year``. A mapping names the columns of any other table.
        Industries of six digits are read, and the row of all industries (``------``); the levels
        between are sums of them and are not. Size classes are not read.

    Parameters
    ----------
    path
        CSV or text with commas, Parquet or workbook; gzip and a zip of one file are fine.
    year
        Year of the figures, where neither a column nor the name of the file (``zbp22detail.txt``)
        says it.
    mapping
        Which column holds what, and what is known of the figures.

    Returns
    -------
    LocalTable
        Rows by the contract ``LOCAL_INDUSTRIES``, in establishments; ``00`` is all industries.

    Missing data
        A cell of fewer than three establishments is ``unpublished`` where a row has one, as the
        Bureau prints none. What has no row is not in the table: it is no zero.

    Raises
    ------
    InvalidInput
        With every fault by row, column and value: a ZIP code that lost its zero, no whole number,
        a code of no industry, a cell given twice.

    Source
        US Census Bureau, record layout of the ZIP industry detail file.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "zbp22detail.txt"
    >>> _ = place.write_text("zip,naics,est\\n95054,------,900\\n95054,334413,42\\n")
    >>> [(row["industry"], row["establishments"])
    ...  for row in read_local_establishments(place).rows.to_pylist()]
    [('00', 900), ('334413', 42)]
    """
    found = Findings(path)
    archive = read_archive(path, found, (*ENDINGS, ".csv", ".txt", ".parquet"), lambda name: True)
    member = archive.members[0]
    wanted = {*OFFICIAL, *TIDY, "year"} | (mapping.wanted if mapping else set())
    text = member_table(member, found, wanted, OFFICIAL)
    if text is None:
        found.refuse("no sheet has the columns of places", hint=f"needed: {', '.join(TIDY)}")
    if member.data[:4] != PARQUET and "zip" in text.names:
        check_end(Contents(member.data, member.name, ""), found)
    official = mapping is None and "zip" in text.names
    text = renamed(text, found, mapping, dict(zip(OFFICIAL, TIDY, strict=True)))
    settled = _year(path, member.name, year, text, mapping, found)
    with Checks(text, found, TIDY) as checks:
        _check(checks, settled, official)
        found.stop_if_any()
        rows = _rows(checks, settled, mapping.key(path) if mapping else None)
    if not rows.num_rows:
        found.refuse(
            "the file holds no industry of six digits",
            hint="give the detail file, not the totals",
        )
    years = sorted(set(rows.column("year").to_pylist()))
    told = [_source(each, mapping, path, archive.checksum) for each in years]
    return LocalTable(
        LOCAL_INDUSTRIES,
        rows,
        tuple(dict.fromkeys(told)),
        _classification(years[-1], mapping),
        str(path),
    )


def _classification(year: int, mapping: LocalMapping | None) -> str:
    if mapping is not None and mapping.classification:
        return mapping.classification
    try:
        return vintage_for_year("naics", year)
    except CannotAnswer:
        return f"naics of {year}"


def _year(
    path: Path,
    inner: str,
    year: int | None,
    text: TextTable,
    mapping: LocalMapping | None,
    found: Findings,
) -> int | None:
    """The year of all rows; nothing where a column has it."""
    if "year" in text.names:
        return year
    named = {
        _in_full(int(match[1])) if match[1] else int(match[2])
        for name in (path.name, inner)
        if (match := re.search(YEAR_IN_NAME, name.lower()))
    }
    told = year or (mapping.year if mapping else None)
    if told is not None:
        named.add(told)
    if len(named) != 1:
        found.add(
            "the year of the figures is not known"
            if not named
            else "the year of the figures is not clear: " + " and ".join(map(str, sorted(named))),
            value=path.name,
            hint="name the file as the Bureau does (zbp22detail.txt for 2022), or say the year",
        )
    return max(named) if named else None


def _in_full(year: int) -> int:
    """Return a year that is written with two digits; the Bureau's first such file is of 1994.

    >>> _in_full(98), _in_full(22)
    (1998, 2022)
    """
    return year + (1900 if year >= 90 else 2000)


def _check(checks: Checks, year: int | None, official: bool) -> None:
    checks.filled("place", "give the code of the place")
    checks.filled("industry", "give the code of the industry; ------ is all industries")
    checks.whole("establishments", needed=True)
    checks.years("year", year)
    if official:
        checks.blame(
            "place",
            "place <> '' and not regexp_full_match(place, '[0-9]{5}')",
            _zip_problem,
        )
        checks.blame(
            "industry",
            f"industry <> '' and industry <> '{ALL}' "
            f"and not regexp_full_match(industry, '{PRINTED_CODE}')",
            "the code is none of an industry",
            "six digits, or fewer with signs after them: 3344//, 31----, ------",
        )
    keys = ("place", "industry", *(("year",) if checks.has("year") else ()))
    checks.unique(keys, keys, "keep one of the two rows", table="cells")


def _zip_problem(cell: str) -> tuple[str, str]:
    if cell.isdigit() and len(cell) < 5:
        return "the ZIP code lost its leading zeros", f"write {cell.zfill(5)}, as text"
    return "this is no ZIP code", "a ZIP code has five digits"


def _rows(checks: Checks, year: int | None, named: str | None) -> pa.Table:
    """The rows of the finest industries and of all of them."""
    when = whole_number("year") if checks.has("year") else str(year)
    count = whole_number("establishments")
    source = "$named" if named else f"'zbp-' || {when}"
    fewest = f"{count} < {FEWEST_PRINTED}"
    finest = "true" if named else "regexp_full_match(code, '[0-9]{6}')"
    rows = checks.engine.execute(
        "with coded as (select *, case when regexp_full_match(industry, '-{2,6}') "
        f"then '{ALL}' else industry end as code from cells) "
        f"select place, code as industry, cast({when} as smallint) as year, {source} as source, "
        f"case when not {fewest} then {count} end as establishments, "
        f"case when {fewest} then 'unpublished' else 'reported' end as status "
        f"from coded where code = '{ALL}' or {finest} "
        f"order by {', '.join(LOCAL_INDUSTRIES.key)}",
        {"named": named} if named else {},
    ).to_arrow_table()
    return rows.cast(LOCAL_INDUSTRIES.schema)


def _source(year: int, mapping: LocalMapping | None, path: Path, checksum: str) -> Source:
    if mapping is not None:
        return mapping.source_of(path, checksum)
    bureau = us_source(year, checksum=checksum)
    return Source(
        source=f"zbp-{year}",
        publisher=bureau.publisher,
        title=f"ZIP Business Patterns {year}, industry detail",
        address=bureau.address,
        retrieved=None,
        checksum=checksum,
        licence=bureau.licence,
        covers=COVERS,
        employment_word="",
        payroll_unit="",
    )
