"""From the cells of County Business Patterns, whatever their file's layout, to employment."""

from __future__ import annotations

from clusteratlas.classification import vintage_for_year
from clusteratlas.sources.census.layout import ALL_FORMS, Columns
from clusteratlas.sources.census.size_classes import (
    NOISE,
    NOISE_YEAR,
    check_flags,
    check_size_cells,
    check_sizes,
    make_size_bounds,
    register_flags,
)
from clusteratlas.sources.checks import Checks, quoted, whole_number
from clusteratlas.sources.publishers import us_source
from clusteratlas.sources.source import Source, SourceTable
from clusteratlas.sources.sums import check_sums
from clusteratlas.sources.united_states import (
    Names,
    check_industries,
    settle_places,
    source_table,
)
from clusteratlas.tables import CannotAnswer

FEWEST = 3
"""The Bureau prints no cell with fewer establishments since 2017, so a zero in a printed one is
withheld."""

FIRST_OF_THREE = 2017
WITHHELD_FLAGS = ("D", "S")
NOISE_FLAGS = ("G", "H", "J")
NOISES = {"G": 0.02, "H": 0.05}
"""Greatest share by which a figure with that flag may be changed; J has none."""

UNFLAGGED_NOISE = 0.05
"""Taken for tables that give no noise flags."""

DIGITS = {"us-county": 5, "us-cbsa": 5, "us-state": 2}
WHAT = {"us-county": "county", "us-cbsa": "metropolitan area", "us-state": "state"}

_GIVEN = """
create table given as
select row, {place} as place, {blamed} as county_cell, {industry} as industry_cell,
       {code} as code, {year} as year,
       {employment} as employment, {establishments} as establishments, {payroll} as payroll,
       {flag} as flag, {payroll_flag} as payroll_flag, upper({range_flag}) as range_flag
from cells
{kept}
"""

_PRINTED = """
create table printed as
with ruled as (
    select *,
           employment is null or flag in ('D', 'S') or range_flag <> ''
           or (employment = 0 and case when year >= {three} then
                   coalesce(payroll, 0) > 0 or coalesce(establishments, 0) >= {fewest}
               else coalesce(least, 0) > 0 end) as withheld
    from given left join sized using (row) left join flag_ranges on letter = range_flag
), bounded as (
    select *, greatest(coalesce(least, 0), coalesce(flag_low, 0)) as low,
           least(most, flag_high) as high
    from ruled
)
select row, '{scheme}' as scheme, place, county_cell as place_cell, code, industry_cell, year,
       'cbp-' || year as source, case when not withheld then employment end as employment,
       withheld,
       case when high < low then flag_low else low end as low,
       case when high < low then flag_high else high end as high,
       establishments,
       case when payroll_flag in ('D', 'S') then null else payroll end as payroll,
       case when withheld then {apart} {noise} end as noise, 0.0 as slack
from bounded
"""


def read_printed(
    checks: Checks, columns: Columns, *, year: int | None, checksum: str
) -> SourceTable:
    """Check every cell and return the employment table of the layout's region scheme.

    Missing data
        A cell with a flag for a range, with the flag D or S, or without a figure is withheld; from
        2017 on also one with employment 0 and payroll, or with three and more establishments.

    Raises
    ------
    InvalidInput
        With every fault of the file.
    """
    _check_cells(checks, columns, year)
    _normalise(checks, columns, year)
    classification = _classification(checks, columns)
    names = Names(
        columns.place or columns.industry,
        columns.industry,
        columns.employment,
        columns.establishments,
    )
    check_sizes(checks, columns.establishments)
    if columns.range_flag:
        check_flags(checks, columns.range_flag, columns.employment)
    _print(checks, columns)
    left_out = settle_places(checks, names)
    check_industries(checks, classification, names)
    if all(checks.has(name) for name in columns.key):
        checks.unique(
            ("place", "industry", "year"),
            columns.key,
            "keep one of the two; are two years, legal forms or size classes mixed?",
            table="(select row, place, code as industry, year from printed "
            "where place is not null and year is not null)",
        )
    checks.found.stop_if_any()
    check_sums(checks, classification, names, unprinted_below=_unprinted_below(checks))
    checks.found.stop_if_any()
    forms = _left_out_forms(checks, columns)
    return source_table(
        checks,
        classification,
        columns.scheme,
        lambda key, told: _described(checks, key, told, [*forms, *left_out], checksum),
    )


def _check_cells(checks: Checks, columns: Columns, year: int | None) -> None:
    if columns.state:
        check_code(checks, columns.state, 2, "state")
    if columns.place:
        digits = 3 if columns.state else DIGITS[columns.scheme]
        check_code(checks, columns.place, digits, WHAT[columns.scheme])
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
    check_size_cells(checks, columns.sizes)


def check_code(checks: Checks, column: str, digits: int, what: str) -> None:
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


def _normalise(checks: Checks, columns: Columns, year: int | None) -> None:
    """Make the table ``given``: one form for every layout; null where a cell cannot be read."""
    place, blamed = "'US'", "'US'"
    if columns.place:
        state = f'"{columns.state}" || ' if columns.state else ""
        whole, digits = f'{state}"{columns.place}"', DIGITS[columns.scheme]
        blamed = f'"{columns.place}"'
        place = (
            f"case when length({whole}) = {digits} and try_cast({whole} as integer) is not null "
            f"then {whole} end"
        )
    plain = f"rtrim(\"{columns.industry}\", '-/')"
    sectors = "when '31' then '31-33' when '44' then '44-45' when '48' then '48-49'"

    def flag(name: str | None) -> str:
        return f'"{name}"' if name and checks.has(name) else "''"

    make_size_bounds(checks, columns.sizes, whole_number(f'"{columns.establishments}"'))
    checks.engine.execute(
        _GIVEN.format(
            place=place,
            blamed=blamed,
            industry=f'"{columns.industry}"',
            code=f"case when \"{columns.industry}\" = '' then '' "
            f"else case {plain} {sectors} when '' then '00' else {plain} end end",
            year=whole_number(f'"{columns.year}"') if columns.year else str(year or "null"),
            employment=whole_number(f'"{columns.employment}"'),
            establishments=whole_number(f'"{columns.establishments}"'),
            payroll=whole_number(f'"{columns.payroll}"'),
            flag=flag(columns.flag),
            payroll_flag=flag(columns.payroll_flag),
            range_flag=flag(columns.range_flag),
            kept=_all_forms(columns, "where"),
        )
    )
    register_flags(checks)


def _all_forms(columns: Columns, word: str, sign: str = "=") -> str:
    if columns.legal_form is None:
        return ""
    return f"{word} \"{quoted(columns.legal_form)}\" {sign} '{ALL_FORMS}'"


def _print(checks: Checks, columns: Columns) -> None:
    """Make ``printed``, the form that every American file takes."""
    flagged = columns.flag is not None and checks.has(columns.flag)
    noise = f"{UNFLAGGED_NOISE}"
    if flagged:
        known = " ".join(f"when '{letter}' then {share}" for letter, share in NOISES.items())
        noise = f"case flag {known} when '' then 0 end"
    checks.engine.execute(
        _PRINTED.format(
            scheme=columns.scheme,
            three=FIRST_OF_THREE,
            fewest=FEWEST,
            noise=f"when year < {NOISE_YEAR} then 0.0 else {noise}",
            apart=f"case when year >= {NOISE_YEAR} then {NOISE} else 0.0 end",
        )
    )


def _classification(checks: Checks, columns: Columns) -> str:
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
        checks.found.refuse(
            "the file holds no row of all legal forms",
            hint=f"keep the rows whose {columns.legal_form} is {ALL_FORMS}",
        )
    return list(vintages)[-1]


def _unprinted_below(checks: Checks) -> int:
    """Cells with fewer establishments than this are not printed."""
    latest = checks.number("select max(year) from printed")
    return FEWEST if latest >= FIRST_OF_THREE else 1


def _left_out_forms(checks: Checks, columns: Columns) -> list[str]:
    if columns.legal_form is None:
        return []
    count = checks.number(f"select count(*) from cells {_all_forms(columns, 'where', '<>')}")
    return [f"{count:,} rows of single legal forms are left out."] if count else []


def _described(checks: Checks, key: str, year: int, more: list[str], checksum: str) -> Source:
    statewide = checks.number(
        "select count(*) from rows_made where scheme = 'us-county' and right(region, 3) = '999' "
        f"and year = {year}"
    )
    told = f"{statewide:,} statewide rows (county 999) are kept apart." if statewide else ""
    return us_source(year, " ".join([told, *more]).strip(), checksum)
