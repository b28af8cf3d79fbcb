"""Eurostat's bulk TSV of regional structural business statistics, with its flags."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from clusteratlas.classification import industries, regions
from clusteratlas.engine import with_columns_of
from clusteratlas.sources.cells import TextTable, read_table
from clusteratlas.sources.checks import Checks, quoted
from clusteratlas.sources.contents import read_contents
from clusteratlas.sources.findings import Findings, shorten
from clusteratlas.sources.publishers import eurostat_source
from clusteratlas.sources.source import SourceTable
from clusteratlas.tables import EMPLOYMENT

SCHEMES = ("nuts-0", "nuts-1", "nuts-2")
EMPLOYMENT_CODE, UNITS_CODE, WAGES_CODE = "V16110", "V11210", "V13320"
INDICATORS = {
    EMPLOYMENT_CODE: "persons employed",
    UNITS_CODE: "local units",
    WAGES_CODE: "wages and salaries",
}
DIMENSIONS = ("nace_r2", "indic_sb", "geo")
OTHER_DIMENSIONS = ("freq",)
YEAR = r"(19|20)[0-9]{2}"
TOTALS = {"B-N_S95_X_K": "B-N_S95"}
CELL = r"(:|-?\d{1,12}(\.\d+)?)( *[a-z]+)?"
NO_PLACE = r"[A-Z]{2}ZZ?Z?|EU.*|EA.*|EEA.*"
FINER_REGION = r"[A-Z]{2}[A-Z0-9]{3}"
OTHER_INDUSTRY = r"[A-U]\d{3,4}|[A-U].*[-_].*"

_LONG = """
create table figures as
select row, geo, coalesce(total, nace_r2) as code, indic_sb as indicator,
       cast(year as smallint) as year, cell,
       try_cast(regexp_extract(cell, '^-?[0-9.]+') as decimal(18, 6)) as value,
       regexp_extract(cell, '[a-z]+$') as flag
from (unpivot (select row, {dimensions}, {years} from cells) on {years} into name year value cell)
left join totals on nace_r2 = totals.code
"""

_ROWS = """
with kept as (
    select scheme, region, code as industry, year, indicator, value, flag
    from figures join known_regions on geo = region
    where code in (select industry from known_codes)
), cells as (
    select scheme, region, industry, year,
           max(value) filter (indicator = 'V16110') as employment,
           bool_or(value is null and contains(flag, 'c')) filter (indicator = 'V16110') as withheld,
           max(value) filter (indicator = 'V11210') as establishments,
           max(value) filter (indicator = 'V13320' and value >= 0) as wages
    from kept group by scheme, region, industry, year
    having count(value) > 0 or bool_or(flag <> '')
)
select scheme, region, industry, year, 'eurostat-sbs-' || year as source,
       cast(employment as bigint) as employment,
       cast(case when withheld then 0 else employment end as bigint) as employment_low,
       cast(employment as bigint) as employment_high,
       cast(establishments as bigint) as establishments,
       cast(round(wages * 1000) as bigint) as payroll,
       case when employment is not null then 'reported' when withheld then 'withheld'
            else 'unpublished' end as status
from cells
order by scheme, region, industry, year, source
"""


@dataclass(frozen=True)
class _Layout:
    """The dimensions in the first cell of the header, and the columns of years."""

    first: str
    dimensions: tuple[str, ...]
    years: dict[int, str]


def read_eurostat_sbs(path: Path, *, years: tuple[int, ...] = ()) -> SourceTable:
    """Return persons employed, local units and wages by NUTS region and NACE division.

    Definition
        Table sbs_r_nuts06_r2 as bulk TSV: the first header cell names the dimensions
        (``nace_r2,indic_sb,geo\\time``), the others are years. V16110 becomes employment, V11210
        establishments, V13320 (million EUR) payroll in EUR 1,000. Sections, divisions and the
        total are kept, groups are not; ``B-N_S95_X_K`` is read as the total ``B-N_S95``. Codes
        that end in Z (no place), aggregates such as EU28 and regions finer than NUTS 2 are left
        out. Flags other than c are not kept.

    Parameters
    ----------
    path
        ``.tsv`` or ``.tsv.gz``.
    years
        Years to read; all of the file by default.

    Returns
    -------
    SourceTable
        Schemes ``nuts-0``, ``nuts-1`` and ``nuts-2``; one source a year.

    Missing data
        ``:`` with a flag c is ``withheld``; ``:`` without one, or no cell for persons employed,
        is ``unpublished``. Where none of the three indicators has a figure or a flag there is no
        row, as for a cell that is not in the file. Wages below zero (corrections) are left empty.

    Raises
    ------
    InvalidInput
        With every fault of the file by row, column and value.

    Source
        Eurostat, structural business statistics by NUTS 2 region and NACE Rev. 2.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "sbs.tsv"
    >>> _ = place.write_text(
    ...     "nace_r2,indic_sb,geo\\\\time\\t2014 \\t2013 \\n"
    ...     "C10,V16110,AT11\\t1805 b\\t: c\\n"
    ... )
    >>> rows = read_eurostat_sbs(place).employment.select(["year", "employment", "status"])
    >>> [tuple(row.values()) for row in rows.to_pylist()]
    [(2013, None, 'withheld'), (2014, 1805, 'reported')]
    """
    found = Findings(path)
    contents = read_contents(path, found)
    text = read_table(contents, found, _is_ours, separator="\t")
    layout = _layout(text, years, found)
    with Checks(_split(text, layout, found), found) as checks:
        _widen(checks, layout)
        left_out = _check(checks, layout)
        found.stop_if_any()
        employment: pa.Table = checks.engine.execute(_ROWS).to_arrow_table()
        if not employment.num_rows:
            found.refuse(
                "the file holds none of the indicators and regions that are read",
                hint=f"needed: {', '.join(INDICATORS)} by NUTS region and NACE division",
            )
        present = sorted(set(employment["year"].to_pylist()))
    return SourceTable(
        with_columns_of(employment, EMPLOYMENT),
        "nace-2",
        "nuts-2",
        tuple(eurostat_source(year, left_out, contents.checksum) for year in present),
    )


def _is_ours(name: str) -> bool:
    return "\\" in name or re.fullmatch(YEAR, name) is not None


def _layout(text: TextTable, years: tuple[int, ...], found: Findings) -> _Layout:
    first = text.header[0] if text.header else ""
    dimensions = tuple(name.strip().lower() for name in first.split("\\")[0].split(","))
    wrong = [name for name in DIMENSIONS if name not in dimensions]
    wrong += [name for name in dimensions if name not in (*DIMENSIONS, *OTHER_DIMENSIONS)]
    if wrong or len(set(dimensions)) < len(dimensions) or "\\" not in first:
        found.refuse(
            "the first header cell does not name the dimensions of the table",
            row=text.header_row,
            value=first,
            hint="it should read nace_r2,indic_sb,geo\\time, then a tab and the years",
        )
    columns: dict[int, str] = {}
    for name in text.header[1:]:
        if re.fullmatch(YEAR, name):
            columns[int(name)] = name
        else:
            found.add(
                "the column is no year", row=text.header_row, column=shorten(name), value=name,
                hint="the header holds the dimensions and then years",
            )  # fmt: skip
    for year in years:
        if year not in columns:
            told = ", ".join(str(each) for each in sorted(columns)) or "none"
            found.add(
                f"the file holds no year {year}", row=text.header_row, hint=f"years found: {told}"
            )
    chosen = {year: name for year, name in columns.items() if not years or year in years}
    if not chosen:
        found.refuse(
            "the file holds no year that is asked for",
            row=text.header_row,
            hint="the header holds the dimensions and then years",
        )
    return _Layout(first.lower(), dimensions, chosen)


def _split(text: TextTable, layout: _Layout, found: Findings) -> TextTable:
    """Split the first column into its dimensions; note the rows that do not split."""
    with Checks(text, found) as checks:
        width = len(layout.dimensions)
        cell = f'"{quoted(layout.first)}"'
        checks.blame(
            layout.first,
            f"len(string_split({cell}, ',')) <> {width}",
            f"the row does not name its {width} dimensions",
            f"it should read like {', '.join(layout.dimensions)}, joined by commas",
        )
        parts = ", ".join(
            f"coalesce(trim(split_part({cell}, ',', {place})), '') as \"{name}\""
            for place, name in enumerate(layout.dimensions, 1)
        )
        years = ", ".join(f'"{name}"' for name in layout.years.values())
        rows = checks.engine.execute(
            f"select row, {parts}, {years} from cells "
            f"where len(string_split({cell}, ',')) = {width} order by row"
        ).to_arrow_table()
    names = {name: name for name in (*layout.dimensions, *layout.years.values())}
    return TextTable(rows, names, text.header, text.header_row)


def _widen(checks: Checks, layout: _Layout) -> None:
    """Make ``figures`` (one row a cell of our indicators), and what is known to check against."""
    wanted = ", ".join(f"'{code}'" for code in INDICATORS)
    years = ", ".join(f'"{name}"' for name in layout.years.values())
    known = pa.concat_tables([regions(scheme).select(["scheme", "region"]) for scheme in SCHEMES])
    checks.engine.register("known_regions", known)
    checks.engine.register("known_codes", industries("nace-2").select(["industry"]))
    checks.engine.register(
        "totals", pa.table({"code": list(TOTALS), "total": list(TOTALS.values())})
    )
    checks.engine.execute(
        "create table all_rows as select * from cells; "
        f"create or replace table cells as select * from all_rows where indic_sb in ({wanted})"
    )
    checks.engine.execute(_LONG.format(dimensions=", ".join(DIMENSIONS), years=years))


def _check(checks: Checks, layout: _Layout) -> str:
    """Note every fault; say what is left out on purpose."""
    _check_rows(checks)
    _check_figures(checks, layout.years.values())
    checks.unique(
        ("nace_r2", "indic_sb", "geo"),
        DIMENSIONS,
        "keep one of the two; are two files joined?",
        table="cells",
    )
    groups = checks.number(
        "select count(*) from cells where nace_r2 not in (select industry from known_codes) "
        "and nace_r2 not in (select code from totals)"
    )
    places = checks.number(
        "select count(*) from cells where geo not in (select region from known_regions)"
    )
    told = []
    if groups:
        told.append(f"{groups:,} rows of groups and other sums of industries are left out.")
    if places:
        told.append(f"{places:,} rows of no NUTS 0 to NUTS 2 region are left out.")
    return " ".join(told)


def _check_rows(checks: Checks) -> None:
    for name in DIMENSIONS:
        checks.blame(
            name, f"{name} = ''", f"{name} is empty", "name all dimensions", table="all_rows"
        )
    checks.blame(
        "geo",
        "geo <> '' and geo not in (select region from known_regions) "
        f"and not regexp_full_match(geo, '{NO_PLACE}') "
        f"and not regexp_full_match(geo, '{FINER_REGION}')",
        "the region is unknown",
        "is it a NUTS code of 2006 to 2021, two to four characters long?",
    )
    codes = (
        "(select row, nace_r2 as code, nace_r2 from cells "
        "where nace_r2 not in (select code from totals) "
        f"and not regexp_full_match(nace_r2, '{OTHER_INDUSTRY}'))"
    )
    known = industries("nace-2")
    checks.codes(codes, "nace_r2", "nace-2", known)
    checks.engine.register("known_codes", known.select(["industry"]))


def _check_figures(checks: Checks, years: Iterable[str]) -> None:
    counted = f"indic_sb in ('{EMPLOYMENT_CODE}', '{UNITS_CODE}')"
    colon = "a figure that is not given is written with a colon"

    def problem(cell: str) -> tuple[str, str]:
        comma = re.fullmatch(r"-?\d+,\d+( *[a-z]+)?", cell)
        told = "the figure is written with a decimal comma" if comma else "the figure is no number"
        return told, "a cell holds a number or a colon, then a blank and letters as flags"

    for year in years:
        cell = f'"{year}"'
        checks.blame(year, f"{cell} <> '' and not regexp_full_match({cell}, '{CELL}')", problem)
        checks.blame(
            year,
            f"{counted} and regexp_full_match({cell}, '-[0-9.]*[1-9].*')",
            "a number of persons or local units is negative",
            colon,
        )
        checks.blame(
            year,
            f"{counted} and regexp_full_match({cell}, '\\d+\\.\\d*[1-9].*')",
            "a number of persons or local units is not a whole number",
            colon,
        )
