"""Quarterly Census of Employment and Wages: annual and quarterly files, all ownerships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.classification import construction_splits, vintage_for_year
from clusteratlas.sources.cells import TextTable
from clusteratlas.sources.checks import Checks, whole_number
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.labor.areas import is_place, place_of
from clusteratlas.sources.publishers import qcew_source
from clusteratlas.sources.source import SourceTable
from clusteratlas.sources.streamed import Select, stream_table
from clusteratlas.sources.sums import check_sums
from clusteratlas.sources.united_states import (
    Names,
    check_industries,
    settle_places,
    source_table,
)
from clusteratlas.tables import CannotAnswer

OWNERSHIPS = {
    "0": "total",
    "1": "federal",
    "2": "state",
    "3": "local",
    "4": "international",
    "5": "private",
    "8": "government",
    "9": "total-uncovered",
}
"""Owners by their code."""

KEYS = ("area_fips", "own_code", "industry_code", "agglvl_code", "size_code", "year", "qtr",
        "disclosure_code")  # fmt: skip
ANNUAL = {
    "establishments": ("annual_avg_estabs", "annual_avg_estabs_count"),
    "employment": ("annual_avg_emplvl",),
    "wages": ("total_annual_wages",),
}
QUARTERLY = {
    "establishments": ("qtrly_estabs", "qtrly_estabs_count"),
    "employment": ("month3_emplvl",),
    "wages": ("total_qtrly_wages",),
}
MONTHS = ("month1_emplvl", "month2_emplvl", "month3_emplvl")
COUNTS = tuple({name for names in (*ANNUAL.values(), *QUARTERLY.values()) for name in names})
NEEDED = ("area_fips", "own_code", "industry_code", "agglvl_code")
NAICS_LEVELS = frozenset(
    str(tens + digit) for tens in (10, 40, 50, 70) for digit in (0, 1, 4, 5, 6, 7, 8)
)
"""Aggregation levels of totals, sectors and three to six digits; the others are the agency's own
domains and supersectors, size classes, or single countries of the world."""

FINEST = ("us-county", "us-cbsa", "us-state", "us-nation")

_GIVEN = """
create table given as
with placed as (
    select row, {place} as named, area_fips, own_code, industry_code, disclosure_code,
           {year} as year, qtr, {employment} as employment, {establishments} as establishments,
           {wages} as wages
    from cells
)
select row, split_part(named, ':', 1) as scheme, split_part(named, ':', 2) as place,
       area_fips as place_cell, case industry_code when '10' then '00' else industry_code end
       as code, industry_code as industry_cell, year,
       'qcew-' || year || case when qtr = 'A' then '' else 'q' || qtr end || '-' || owner as source,
       employment, disclosure_code = 'N' as withheld, establishments, wages
from placed join owners using (own_code)
"""

_PRINTED = """
create table printed as
with mapped as (
    select given.*, naics from given left join splits on given.code = splits.split
), trades as (
    select row, scheme, place, place_cell, code || '0' as code, industry_cell, year, source,
           employment, withheld, establishments, wages
    from mapped where length(code) = 5 and left(code, 3) = '238'
    union all
    select min(row), scheme, place, any_value(place_cell), naics, min(industry_cell), year, source,
           case when bool_or(withheld) then null else sum(employment) end, bool_or(withheld),
           sum(establishments), sum(wages)
    from mapped
    anti join (select scheme, place, code || '0' as naics, year, source from given
               where length(code) = 5) using (scheme, place, naics, year, source)
    where naics is not null group by scheme, place, naics, year, source
), whole as (
    select row, scheme, place, place_cell, code, industry_cell, year, source, employment, withheld,
           establishments, wages
    from mapped where naics is null
    union all
    select * from trades
)
select row, scheme, place, place_cell, code, industry_cell, year, source,
       case when not withheld then employment end as employment, withheld,
       cast(0 as bigint) as low, cast(null as bigint) as high, establishments,
       case when withheld and coalesce(wages, 0) = 0 then null
            else cast(round(wages / 1000) as bigint) end as payroll,
       0.0 as noise, 0.5 as slack
from whole
"""


@dataclass(frozen=True)
class _Layout:
    """The columns that a file has, by what they hold."""

    annual: bool
    establishments: str
    employment: str
    wages: str


def read_qcew(
    path: Path, *, year: int | None = None, ownerships: Sequence[str] = (), mean: bool = True
) -> SourceTable:
    """Return employment of the Quarterly Census of Employment and Wages.

    Definition
        Files with ``area_fips, own_code, industry_code, agglvl_code, size_code, year, qtr,
        disclosure_code`` and the figures: annual averages (``annual_avg_estabs``,
        ``annual_avg_emplvl``, ``total_annual_wages``), or quarters (``qtrly_estabs``,
        ``month1_emplvl`` to ``month3_emplvl``, ``total_qtrly_wages``), as one file or by area.
        Jobs of a quarter are the mean of its three months, rounded half up; with ``mean=False``
        those of the third month, as the agency's location quotients take them. ``10`` is read as
        ``00``. The trades ``238xx`` are repeated as the six-digit ``238xx0`` of NAICS in place of
        the agency's splits ``238xx1`` and ``238xx2``, which are added up only where the five-digit
        row is missing. Supersectors, domains, size classes and combined areas are left out and
        counted.

    Parameters
    ----------
    path
        The CSV or a zip that holds it; a large one is never in memory as a whole.
    year
        The year that the file must hold.
    ownerships
        Words of `OWNERSHIPS` to read, such as ``private``; all by default.
    mean
        Whether jobs of a quarter are the mean of its months.

    Returns
    -------
    SourceTable
        Schemes ``us-county`` (unknown counties ``SS999`` apart), ``us-state``, ``us-nation`` and
        ``us-cbsa``, one source for each year (quarter) and ownership: ``qcew-2016-private``. Jobs,
        wages in USD 1,000.

    Missing data
        Disclosure code N is ``withheld``, whatever is printed; an annual row has it where a quarter
        is withheld. Establishments are always printed.

    Raises
    ------
    InvalidInput
        With every fault of the file by row, column and value.

    Source
        US Bureau of Labor Statistics, QCEW field layouts of CSV files.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "2016.annual.singlefile.csv"
    >>> _ = place.write_text(
    ...     "area_fips,own_code,industry_code,agglvl_code,size_code,year,qtr,disclosure_code,"
    ...     "annual_avg_estabs,annual_avg_emplvl,total_annual_wages\\n"
    ...     "19153,5,238110,78,0,2016,A,,52,638,33565524\\n"
    ...     "19153,5,334413,78,0,2016,A,N,2,0,0\\n"
    ... )
    >>> rows = read_qcew(place).employment.select(["source", "industry", "employment", "status"])
    >>> [tuple(row.values()) for row in rows.to_pylist()][1]
    ('qcew-2016-private', '334413', None, 'withheld')
    """
    wanted = _owners(ownerships)
    found = Findings(path)
    skipped: dict[str, int] = {}
    streamed = stream_table(
        path, found, {*KEYS, *COUNTS, *MONTHS}.__contains__, _kept(wanted, skipped)
    )
    layout = _layout(streamed.text, found)
    needed = (*KEYS, layout.establishments, layout.employment, layout.wages)
    text, checksum = streamed.text, streamed.checksum
    del streamed
    with Checks(text, found, needed) as checks:
        del text
        return _read(checks, layout, wanted, skipped, year, mean, checksum)


def _owners(ownerships: Sequence[str]) -> dict[str, str]:
    unknown = [word for word in ownerships if word not in OWNERSHIPS.values()]
    if unknown:
        raise CannotAnswer(
            "no such ownership", value=unknown[0], hint=f"use {', '.join(OWNERSHIPS.values())}"
        )
    return {code: word for code, word in OWNERSHIPS.items() if not ownerships or word in ownerships}


def _kept(wanted: dict[str, str], skipped: dict[str, int]) -> Select:
    """Say which rows of a piece are kept; count the others by the reason."""
    levels, owners = pa.array(sorted(NAICS_LEVELS)), pa.array(sorted(OWNERSHIPS))
    chosen = pa.array(sorted(wanted))

    def count(why: str, drop: pa.ChunkedArray) -> None:
        skipped[why] = skipped.get(why, 0) + (pc.sum(drop).as_py() or 0)

    def select(piece: pa.Table) -> pa.Table:
        if not set(NEEDED) <= set(piece.column_names):
            return piece
        own = piece["own_code"]
        other = pc.and_(pc.is_in(own, owners), pc.invert(pc.is_in(own, chosen)))
        level = pc.and_(
            pc.invert(pc.is_in(piece["agglvl_code"], levels)),
            pc.match_substring_regex(piece["agglvl_code"], r"^\d+$"),
        )
        area = pc.and_(
            pc.invert(is_place(piece["area_fips"])),
            pc.match_substring_regex(piece["area_fips"], "^(CS|US)"),
        )
        sized = pc.and_(pc.not_equal(size := _size(piece), "0"), pc.not_equal(size, ""))
        count("rows of supersectors, domains and size classes", pc.or_(level, sized))
        count("rows of combined areas and groups of areas", area)
        drop = pc.or_(pc.or_(other, level), pc.or_(area, sized))
        return piece.filter(pc.invert(drop))

    return select


def _size(piece: pa.Table) -> pa.ChunkedArray:
    if "size_code" in piece.column_names:
        return piece["size_code"]
    return pa.chunked_array([pa.array([""] * piece.num_rows, pa.string())])


def _layout(text: TextTable, found: Findings) -> _Layout:
    present = {name.lower() for name in text.header}
    annual = any(name in present for names in ANNUAL.values() for name in names)
    words = ANNUAL if annual else QUARTERLY

    def pick(what: str) -> str:
        return next((name for name in words[what] if name in present), words[what][0])

    return _Layout(annual, pick("establishments"), pick("employment"), pick("wages"))


def _read(
    checks: Checks,
    layout: _Layout,
    wanted: dict[str, str],
    skipped: dict[str, int],
    year: int | None,
    mean: bool,
    checksum: str,
) -> SourceTable:
    names = Names("area_fips", "industry_code", layout.employment, layout.establishments)
    _check_cells(checks, layout, year)
    checks.found.stop_if_any()
    _normalise(checks, layout, wanted, mean)
    classification = _classification(checks)
    left_out = settle_places(checks, names)
    check_industries(checks, classification, names)
    checks.unique(
        ("place", "industry", "source"),
        ("area_fips", "own_code", "industry_code", "year", "qtr"),
        "keep one of the two; are two files joined?",
        table="(select row, place, code as industry, source from printed)",
    )
    checks.found.stop_if_any()
    check_sums(checks, classification, names)
    checks.found.stop_if_any()
    told = [f"{count:,} {why} are left out." for why, count in skipped.items() if count]
    present = {
        row[0] for row in checks.engine.execute("select distinct scheme from printed").fetchall()
    }
    base = next((scheme for scheme in FINEST if scheme in present), FINEST[0])
    more = " ".join([*left_out, *told])
    return source_table(
        checks, classification, base, lambda key, when: qcew_source(key, when, more, checksum)
    )


def _check_cells(checks: Checks, layout: _Layout, year: int | None) -> None:
    for name in ("area_fips", "own_code", "industry_code", "qtr"):
        checks.filled(name, "give the code")
    checks.blame(
        "area_fips",
        f"area_fips <> '' and {place_of('area_fips')} is null",
        "the area is of no known form",
        "areas are written 06085 (county), 06000 (state), US000 or C4194 (metropolitan area)",
    )
    checks.blame(
        "own_code",
        f"own_code not in ('', {', '.join(repr(code) for code in OWNERSHIPS)})",
        "the ownership is none of the known codes",
        f"use {', '.join(f'{code} ({word})' for code, word in OWNERSHIPS.items())}",
    )
    quarters = "'A'" if layout.annual else "'1', '2', '3', '4'"
    checks.blame(
        "qtr",
        f"qtr not in ('', {quarters})",
        "the quarter does not fit the columns of the file",
        "annual averages have A, quarters 1 to 4",
    )
    checks.blame(
        "disclosure_code",
        "disclosure_code not in ('', 'N', '-')",
        "the disclosure code is none of the known letters",
        "use N for a withheld row, else nothing",
    )
    checks.years("year", year)
    months = () if layout.annual else MONTHS
    for name in dict.fromkeys((layout.establishments, layout.employment, layout.wages, *months)):
        checks.whole(name, needed=True)


def _normalise(checks: Checks, layout: _Layout, wanted: dict[str, str], mean: bool) -> None:
    """Make ``given`` and from it ``printed``."""
    engine = checks.engine
    engine.register("owners", pa.table({"own_code": list(wanted), "owner": list(wanted.values())}))
    employment = whole_number(f'"{layout.employment}"')
    if mean and not layout.annual and all(checks.has(name) for name in MONTHS):
        added = " + ".join(whole_number(name) for name in MONTHS)
        employment = f"(2 * ({added}) + 3) // 6"
    engine.execute(
        _GIVEN.format(
            place=place_of("area_fips"),
            year=whole_number("year"),
            employment=employment,
            establishments=whole_number(f'"{layout.establishments}"'),
            wages=whole_number(f'"{layout.wages}"'),
        )
    )
    engine.execute("drop table cells")
    splits = construction_splits("naics-2017")
    engine.register("splits", pa.table({"split": list(splits), "naics": list(splits.values())}))
    engine.execute(_PRINTED)
    engine.execute("drop table given")


def _classification(checks: Checks) -> str:
    """The vintage of NAICS that the one year of the file is printed in."""
    years = [
        (int(year), row)
        for year, row in checks.engine.execute(
            "select year, min(row) from printed group by year order by year"
        ).fetchall()
    ]
    vintages = {}
    for year, row in years:
        try:
            vintages[vintage_for_year("naics-qcew", year)] = (year, row)
        except CannotAnswer as error:
            checks.found.add(
                f"there is no NAICS at hand for the year {year}",
                row=row,
                column=checks.names.get("year", "year"),
                value=str(year),
                hint=error.fault.hint or "is the year right?",
            )
    if len(vintages) > 1:
        year, row = list(vintages.values())[-1]
        checks.found.add(
            f"the years stand in two vintages of NAICS ({' and '.join(vintages)})",
            row=row,
            column=checks.names.get("year", "year"),
            value=str(year),
            hint="give one file for each vintage",
        )
    if not vintages:
        checks.found.stop_if_any()
        checks.found.refuse(
            "the file holds no row of these ownerships and industries",
            hint="rows of totals, sectors and three to six digits are read",
        )
    return list(vintages)[-1]
