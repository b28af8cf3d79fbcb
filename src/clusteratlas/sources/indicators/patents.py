"""Utility patents by county, as the US Patent and Trademark Office counts them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa

from clusteratlas.classification import former_counties, regions
from clusteratlas.sources.archive import Member, read_archive
from clusteratlas.sources.cells import TextTable, read_table
from clusteratlas.sources.checks import EARLIEST, LATEST, Checks, whole_number
from clusteratlas.sources.contents import Contents
from clusteratlas.sources.findings import MOST, Findings
from clusteratlas.sources.source import Source
from clusteratlas.sources.taken import IndicatorTable
from clusteratlas.sources.workbook import ENDINGS, Workbook, is_workbook, sheet_table
from clusteratlas.tables import INDICATORS

COUNTY_NAMES = ("fips code", "fips", "stco_code", "county")
COUNT_NAMES = ("patents_issued", "patents")
ALL = "ALL"
SPLIT = ("02201", "02232", "02261", "02280")
"""Parts of Alaska that were split among several of today's: no one of them holds their figures."""
ELSEWHERE = "(60|66|69|72|78)[0-9]{3}|[0-9]{2}(000|999)"
"""Territories, and rows of a state without a county."""
SOURCE = "uspto-county-patents"

COVERS = (
    "Utility patents granted, by the county of residence of the inventor who is named first, and "
    "the year of the grant; the Office's counts end with 2015. Patents whose county is not known "
    "are not in any county."
)


def read_county_patents(path: Path) -> IndicatorTable:
    """Return utility patents by county and year from the Office's own table.

    Definition
        Wide as the Office prints it (``FIPS Code, Mail Code, State or Territory, Regional Area
        Component, 2000, 2001, ..., Total``, a web page saved as it is, CSV or a workbook), or one
        row a county and year (``stco_code, year, patents_issued``). Counties that were split,
        renamed or merged are added up to the county that holds their territory now. Rows of a
        state without a county (``SS000``, ``SS999``) and the row ``ALL`` are left out.

    Parameters
    ----------
    path
        The file; gzip and a zip of one file are fine.

    Returns
    -------
    IndicatorTable
        Scheme ``us-county``, indicator ``utility-patents``, in patents granted a year.

    Missing data
        A county without a row is not in the table; a printed zero is a zero.

    Raises
    ------
    InvalidInput
        With every fault by row, column and value: an unknown county, no whole number, a total
        that is not the sum of its years.

    Source
        US Patent and Trademark Office, Patent Technology Monitoring Team: U.S. State Patenting,
        breakout by regional component, utility patents, 2000-2015.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "patents.csv"
    >>> _ = place.write_text("FIPS Code,2014,2015,Total\\n06085,12,13,25\\n")
    >>> [row["value"] for row in read_county_patents(place).indicators.to_pylist()]
    [12.0, 13.0]
    """
    found = Findings(path)
    archive = read_archive(
        path, found, (*ENDINGS, ".csv", ".txt", ".htm", ".html"), lambda name: True
    )
    text = _text(archive.members[0], found)
    county = next((name for name in COUNTY_NAMES if name in text.names), COUNTY_NAMES[0])
    years = [name for name in text.names if _is_year(name)]
    count = next((name for name in COUNT_NAMES if name in text.names), COUNT_NAMES[0])
    needed = [county] if years else [county, "year", count]
    with Checks(text, found, needed) as checks:
        checks.filled(county, "give the county's five-digit code")
        for name in [*years, *(["total"] if "total" in text.names else [])] if years else [count]:
            checks.whole(name, needed=True)
        if not years:
            checks.years("year", None)
        _check_totals(checks, years)
        found.stop_if_any()
        _make_long(checks, county, years, count)
        _check_counties(checks, county)
        found.stop_if_any()
        rows = checks.engine.execute(
            "select 'us-county' as scheme, held_by as region, 'utility-patents' as indicator, "
            "cast(year as smallint) as year, $source as source, "
            "'Utility patents granted' as title, cast(sum(patents) as double) as value, "
            "'patents' as unit, 'reported' as status from placed where held_by is not null "
            "group by held_by, year order by region, year",
            {"source": SOURCE},
        ).to_arrow_table()
        left_out = checks.number("select sum(patents) from placed where held_by is null")
    return IndicatorTable(
        rows.cast(INDICATORS.schema), (_source(archive.checksum, left_out),), str(path)
    )


class _Tables(HTMLParser):
    """The rows of all tables of a web page, with the line on which each begins."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[int, list[str]]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append((self.getpos()[0], []))
        elif tag in ("td", "th"):
            self._end_cell()
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None and self.rows:
            self.rows[-1][1].append(" ".join("".join(self._cell).split()))
        self._cell = None


def _is_year(name: str) -> bool:
    return bool(re.fullmatch(r"\d{4}", name)) and EARLIEST <= int(name) <= LATEST


def _wanted(name: str) -> bool:
    return name in (*COUNTY_NAMES, *COUNT_NAMES, "year", "total") or _is_year(name)


def _text(member: Member, found: Findings) -> TextTable:
    if member.data.lstrip()[:1] == b"<":
        return _from_page(member.data, found)
    if not is_workbook(member.data):
        return read_table(Contents(member.data, member.name, ""), found, _wanted)
    book = Workbook(member.data, found)
    for sheet in book.sheets:
        text = sheet_table(
            book, sheet, found, _wanted, lambda cells: bool(set(COUNTY_NAMES) & set(cells))
        )
        if text is not None:
            return text
    found.refuse(
        "no sheet has a column of county codes",
        hint=f"it is headed by one of {', '.join(COUNTY_NAMES)}",
    )


def _from_page(data: bytes, found: Findings) -> TextTable:
    page = _Tables()
    page.feed(data.decode("utf-8", errors="replace"))
    page.close()
    start = next(
        (
            place
            for place, (_, cells) in enumerate(page.rows)
            if set(COUNTY_NAMES) & {cell.lower() for cell in cells}
        ),
        None,
    )
    if start is None:
        found.refuse(
            "the web page holds no table of counties",
            hint="did the publisher answer with an error? open the address in a browser",
        )
    header_row, header = page.rows[start]
    places = {name.lower(): place for place, name in enumerate(header) if _wanted(name.lower())}
    lines: list[int] = []
    columns: dict[str, list[str]] = {name: [] for name in places}
    for line, cells in page.rows[start + 1 :]:
        if not any(cells) or [cell.lower() for cell in cells] == [name.lower() for name in header]:
            continue
        if len(cells) != len(header):
            found.add(
                f"the row has {len(cells)} cells and the header {len(header)}",
                row=line,
                value=", ".join(cells[:6]),
                hint="was the page saved whole?",
            )
            continue
        lines.append(line)
        for name, place in places.items():
            columns[name].append(cells[place])
    return TextTable(
        pa.table(
            {"row": pa.array(lines, pa.int64())}
            | {name: pa.array(cells, pa.string()) for name, cells in columns.items()}
        ),
        {name: header[place] for name, place in places.items()},
        tuple(header),
        header_row,
    )


def _check_totals(checks: Checks, years: list[str]) -> None:
    if not years or not checks.has("total"):
        return
    summed = " + ".join(whole_number(f'"{year}"') for year in years)
    checks.blame(
        "total",
        f"{whole_number('total')} <> {summed}",
        "the total is not the sum of its years",
        "was a column cut off or changed?",
    )


def _make_long(checks: Checks, county: str, years: list[str], count: str) -> None:
    """Write table ``placed``: row, code, year, patents and the county that holds the territory."""
    wide = {year: whole_number(f'"{year}"') for year in years}
    parts = [
        f'select row, "{county}" as code, {year} as year, {cell} as patents from cells'
        for year, cell in wide.items()
    ] or [
        f'select row, "{county}" as code, {whole_number("year")} as year, '
        f"{whole_number(count)} as patents from cells"
    ]
    long = " union all ".join(parts)
    checks.engine.register("former", former_counties())
    checks.engine.register("now", regions("us-county").select(["region"]))
    checks.engine.execute(
        f"create table placed as select l.*, coalesce(f.successor, n.region) as held_by "
        f"from ({long}) l left join now n on n.region = l.code "
        f"left join former f on f.region = l.code where l.code <> '{ALL}'"
    )


def _check_counties(checks: Checks, county: str) -> None:
    name = checks.names.get(county, county)
    rows = checks.engine.execute(
        "select min(row), code, count(*) over () from placed where held_by is null "
        f"and code not in {SPLIT} and not regexp_full_match(code, '{ELSEWHERE}') "
        f"group by code order by 1 limit {MOST}"
    ).fetchall()
    for row, code, _ in rows:
        lost = code.isdigit() and len(code) == 4
        checks.found.add(
            "the county is not known",
            row=row,
            column=name,
            value=code,
            hint=f"a leading zero was lost: write 0{code}, as text" if lost else "",
        )
    checks.found.count((rows[0][2] if rows else 0) - len(rows))
    checks.unique(("code", "year"), (county, "year"), "keep one of the two", table="placed")


def _source(checksum: str, left_out: int) -> Source:
    more = (
        f"Left out are {left_out:,} patents of rows without a county of today (territories, parts "
        "of Alaska that were split, county not known)."
        if left_out
        else ""
    )
    return Source(
        source=SOURCE,
        publisher="US Patent and Trademark Office",
        title="Utility patents by county and year of grant",
        address="https://www.uspto.gov/web/offices/ac/ido/oeip/taf/countyall/usa_county_gd.htm",
        retrieved=None,
        checksum=checksum,
        licence="public domain (work of the United States government)",
        covers=f"{COVERS} {more}".strip(),
        employment_word="",
        payroll_unit="",
    )
