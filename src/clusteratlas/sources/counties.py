"""From county cells of County Business Patterns, whatever their file's layout, to employment."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from clusteratlas.classification import (
    former_counties,
    industries,
    regions,
    vintage_for_year,
)
from clusteratlas.engine import with_columns_of
from clusteratlas.sources.checks import Checks, whole_number
from clusteratlas.sources.findings import MOST
from clusteratlas.sources.publishers import us_source
from clusteratlas.sources.source import SourceTable
from clusteratlas.tables import EMPLOYMENT, CannotAnswer

FEWEST = 3
"""The Bureau prints no cell with fewer establishments, so a zero in a printed one is withheld."""

WITHHELD_FLAGS = ("D", "S")
NOISE_FLAGS = ("G", "H", "J")

_NORMAL = """
create table given as
select row, {county} as county, {blamed} as county_cell, {industry} as industry_cell,
       {code} as code, {year} as year,
       {employment} as employment, {establishments} as establishments, {payroll} as payroll,
       {flag} as flag, {payroll_flag} as payroll_flag
from cells
"""

_PLACED = """
select coalesce(successor, county) as region, code as industry, year, employment, establishments,
       case when payroll_flag in ('D', 'S') then null else payroll end as payroll,
       employment is null or flag in ('D', 'S') or (employment = 0 and (
           coalesce(payroll, 0) > 0 or coalesce(establishments, 0) >= {fewest})) as withheld
from given left join former on county = former.region
where right(county, 3) <> '999'
"""

_ADDED = """
select region, industry, year,
       sum(employment) filter (not withheld) as employment,
       bool_or(withheld) as withheld,
       case when count(*) = count(establishments) then sum(establishments) end as establishments,
       case when count(*) = count(payroll) then sum(payroll) end as payroll
from ({placed}) group by region, industry, year
"""

_APART = """
select region, industry, year, case when not withheld then employment end as employment,
       withheld, establishments, payroll
from ({placed})
"""

_ROWS = """
select 'us-county' as scheme, region, industry, cast(year as smallint) as year,
       'cbp-' || year as source,
       cast(employment as bigint) as employment,
       cast(coalesce(employment, 0) as bigint) as employment_low,
       cast(case when not withheld then employment end as bigint) as employment_high,
       cast(establishments as bigint) as establishments,
       cast(case when withheld and payroll = 0 then null else payroll end as bigint) as payroll,
       case when withheld then 'withheld' else 'reported' end as status
from ({rows})
order by region, industry, year
"""


@dataclass(frozen=True)
class CountyColumns:
    """The columns of a layout, in lower case; ``state`` where it has one of its own."""

    county: str
    industry: str
    employment: str
    establishments: str
    payroll: str
    state: str | None = None
    year: str | None = None
    flag: str | None = None
    payroll_flag: str | None = None

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that must be there."""
        named = (self.state, self.county, self.year, self.industry)
        figures = (self.employment, self.establishments, self.payroll)
        return tuple(name for name in (*named, *figures) if name)


def read_counties(
    checks: Checks, columns: CountyColumns, *, year: int | None, checksum: str
) -> SourceTable:
    """Check every cell and return the employment table of ``us-county``.

    Missing data
        A cell with employment 0 and payroll, or with three and more establishments, is withheld;
        so is one with the flag D or S, or without a figure.

    Raises
    ------
    InvalidInput
        With every fault of the file.
    """
    _check_cells(checks, columns, year)
    _normalise(checks, columns, year)
    classification = _classification(checks, columns)
    _check_counties(checks, columns)
    checks.codes(
        f'(select row, code, industry_cell as "{columns.industry}" from given)',
        columns.industry,
        classification,
        industries(classification),
    )
    place = (columns.state, columns.county) if columns.state else (columns.county,)
    key = (*place, columns.industry, *((columns.year,) if columns.year else ()))
    if all(checks.has(name) for name in key):
        checks.unique(
            ("county", "code", "year"),
            key,
            "keep one of the two; are two years, legal forms or size classes mixed?",
            table="(select * from given where county is not null and year is not null)",
        )
    checks.found.stop_if_any()
    return _source_table(checks, classification, checksum)


def _check_cells(checks: Checks, columns: CountyColumns, year: int | None) -> None:
    if columns.state:
        _check_code(checks, columns.state, 2, "state")
    _check_code(checks, columns.county, 3 if columns.state else 5, "county")
    checks.filled(columns.industry, "the row has a region and no industry: give its NAICS code")
    for name in (columns.employment, columns.establishments, columns.payroll):
        needed = columns.year is None or name != columns.employment
        checks.whole(name, needed=needed)
    if columns.year:
        checks.years(columns.year, year)
    for flag in (columns.flag, columns.payroll_flag):
        if flag and checks.has(flag):
            known = ", ".join(f"'{word}'" for word in (*NOISE_FLAGS, *WITHHELD_FLAGS, ""))
            checks.blame(
                flag,
                f'"{flag}" not in ({known})',
                "the noise flag is none of the known letters",
                f"use {', '.join(NOISE_FLAGS)} (noise), {' or '.join(WITHHELD_FLAGS)} (withheld)",
            )


def _check_code(checks: Checks, column: str, digits: int, what: str) -> None:
    """A code of just so many digits; a spreadsheet eats leading zeros."""
    if not checks.has(column):
        return
    name = checks.names[column]
    checks.filled(column, f"give the {what}'s FIPS code of {digits} digits")

    def problem(value: str) -> tuple[str, str]:
        told = f"{name} is not a FIPS code of {digits} digits"
        short = value.removesuffix(".0") if value.endswith(".0") else value
        if short.isdecimal() and short.isascii() and len(short) < digits:
            lost = (
                "a leading zero was lost" if len(short) == digits - 1 else "leading zeros were lost"
            )
            return told, f"{lost}: write {short.zfill(digits)}, and keep the column as text"
        if short != value:
            return told, f"write {short}: the column was read as numbers, keep it as text"
        return told, f"write {digits} digits"

    checks.blame(
        column,
        f"\"{column}\" <> '' and not regexp_full_match(\"{column}\", '\\d{{{digits}}}')",
        problem,
    )


def _normalise(checks: Checks, columns: CountyColumns, year: int | None) -> None:
    """Make the table ``given``: one form for every layout; null where a cell cannot be read."""
    county = f'"{columns.county}"'
    state = f'"{columns.state}" || ' if columns.state else ""
    whole = f"{state}{county}"
    plain = f"rtrim(\"{columns.industry}\", '-/')"
    sectors = "when '31' then '31-33' when '44' then '44-45' when '48' then '48-49'"

    def flag(name: str | None) -> str:
        return f'"{name}"' if name and checks.has(name) else "''"

    checks.engine.execute(
        _NORMAL.format(
            county=f"case when length({whole}) = 5 and try_cast({whole} as integer) is not null "
            f"then {whole} end",
            blamed=county,
            industry=f'"{columns.industry}"',
            code=f"case when \"{columns.industry}\" = '' then '' "
            f"else case {plain} {sectors} when '' then '00' else {plain} end end",
            year=whole_number(f'"{columns.year}"') if columns.year else str(year or "null"),
            employment=whole_number(f'"{columns.employment}"'),
            establishments=whole_number(f'"{columns.establishments}"'),
            payroll=whole_number(f'"{columns.payroll}"'),
            flag=flag(columns.flag),
            payroll_flag=flag(columns.payroll_flag),
        )
    )
    checks.engine.execute("drop table cells")


def _classification(checks: Checks, columns: CountyColumns) -> str:
    """The one vintage of NAICS that the years of the table are printed in."""
    years = [
        (int(year), row)
        for year, row in checks.engine.execute(
            "select year, min(row) from given where year is not null group by year order by year"
        ).fetchall()
    ]
    vintages: dict[str, tuple[int, int]] = {}
    for year, row in years:
        try:
            vintages.setdefault(vintage_for_year("naics", year), (year, row))
        except CannotAnswer as error:
            checks.found.add(
                f"there is no NAICS at hand for the year {year}",
                row=row if columns.year else None,
                column=checks.names[columns.year] if columns.year else "",
                value=str(year),
                hint=error.fault.hint or "is the year right?",
            )
    if len(vintages) > 1 and columns.year:
        told = " and ".join(f"{name} from row {row}" for name, (_, row) in vintages.items())
        year, row = list(vintages.values())[-1]
        checks.found.add(
            f"the years stand in two vintages of NAICS ({told})",
            row=row,
            column=checks.names[columns.year],
            value=str(year),
            hint="give one file for each vintage",
        )
    if not vintages:
        checks.found.stop_if_any()
    return list(vintages)[-1]


def _check_counties(checks: Checks, columns: CountyColumns) -> None:
    """Every county is known; the statewide rows (county 999) are no county."""
    checks.engine.register("known_counties", regions("us-county").select(["region"]))
    checks.engine.register("former", former_counties().select(["region", "successor"]))

    def hint(code: str) -> str:
        if code.startswith("091"):
            return "planning regions of Connecticut, used from 2022 on, are not at hand yet"
        if code.endswith("000"):
            return "a row of a whole state; give county rows"
        return "is the code a FIPS code of a county of the 50 states or the District of Columbia?"

    rows = checks.engine.execute(
        "select row, county_cell, county, count(*) over () from given where county is not null "
        "and right(county, 3) <> '999' and county not in (select region from known_counties) "
        f"and county not in (select region from former) order by row limit {MOST}"
    ).fetchall()
    for row, cell, code, _ in rows:
        checks.found.add(
            f"the county {code} is unknown",
            row=row,
            column=checks.names[columns.county],
            value=cell,
            hint=hint(code),
        )
    checks.found.count((rows[0][3] if rows else 0) - len(rows))


def _source_table(checks: Checks, classification: str, checksum: str) -> SourceTable:
    former = checks.number("select count(*) from given join former on county = former.region")
    rows = (_ADDED if former else _APART).format(placed=_PLACED.format(fewest=FEWEST))
    employment: pa.Table = checks.engine.execute(_ROWS.format(rows=rows)).to_arrow_table()
    if not employment.num_rows:
        checks.found.refuse("the file holds no county", hint="give rows of counties, not of states")
    sources = []
    for year, statewide in checks.engine.execute(
        "select year, count(*) filter (right(county, 3) = '999') from given group by 1 order by 1"
    ).fetchall():
        left_out = f"{statewide:,} statewide rows (county 999) are left out." if statewide else ""
        sources.append(us_source(year, left_out, checksum))
    return SourceTable(
        with_columns_of(employment, EMPLOYMENT), classification, "us-county", tuple(sources)
    )
