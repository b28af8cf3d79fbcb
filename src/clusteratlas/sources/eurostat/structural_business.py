"""Eurostat's regional structural business statistics, bulk TSV or SDMX-CSV, with their flags."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from clusteratlas.engine import with_columns_of
from clusteratlas.sources.checks import Checks
from clusteratlas.sources.contents import read_contents
from clusteratlas.sources.eurostat.layout import read_long
from clusteratlas.sources.eurostat.regional import (
    check_figures,
    check_rows,
    check_unique,
    left_out,
    make_figures,
)
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.publishers import eurostat_source
from clusteratlas.sources.source import SourceTable
from clusteratlas.tables import EMPLOYMENT

EMPLOYMENT_CODE, UNITS_CODE, WAGES_CODE = "V16110", "V11210", "V13320"
INDICATORS = {
    EMPLOYMENT_CODE: "persons employed",
    UNITS_CODE: "local units",
    WAGES_CODE: "wages and salaries",
}
DIMENSIONS = ("nace_r2", "indic_sb", "geo")
TOTALS = {"B-N_S95_X_K": "B-N_S95"}
OTHER_INDUSTRY = r"[A-U]\d{3,4}|[A-U].*[-_].*"

_ROWS = """
with kept as (
    select scheme, region, code as industry, year, indic_sb as indicator, value, flag
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


def read_eurostat_sbs(path: Path, *, years: tuple[int, ...] = ()) -> SourceTable:
    """Return persons employed, local units and wages by NUTS region and NACE division.

    Definition
        Table sbs_r_nuts06_r2 as bulk TSV (the first header cell names the dimensions,
        ``nace_r2,indic_sb,geo\\time``, the others are years) or as SDMX-CSV (``nace_r2``,
        ``indic_sb``, ``geo``, ``TIME_PERIOD``, ``OBS_VALUE``, ``OBS_FLAG``). V16110 becomes
        employment, V11210 establishments, V13320 (million EUR) payroll in EUR 1,000. Sections,
        divisions and the total are kept, groups are not; ``B-N_S95_X_K`` is read as the total
        ``B-N_S95``. Codes that end in Z (no place), aggregates such as EU28 and regions finer than
        NUTS 2 are left
        out. Flags other than c are not kept.

    Parameters
    ----------
    path
        ``.tsv`` or ``.csv``; gzip is fine.
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
    text, layout = read_long(contents, found, DIMENSIONS, years)
    with Checks(text, found) as checks:
        del text
        told = ", ".join(f"'{code}'" for code in INDICATORS)
        make_figures(checks, TOTALS, f"indic_sb in ({told})")
        check_rows(checks, layout, OTHER_INDUSTRY)
        counted = f"indic_sb in ('{EMPLOYMENT_CODE}', '{UNITS_CODE}')"
        check_figures(checks, counted, whole=True)
        check_unique(checks, layout)
        more = " ".join(left_out(checks, "groups and other sums of industries"))
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
        tuple(eurostat_source(year, more, contents.checksum) for year in present),
    )
