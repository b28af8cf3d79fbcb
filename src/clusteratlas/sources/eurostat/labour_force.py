"""Eurostat's regional employment by activity from the labour force survey, in thousands."""

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
from clusteratlas.sources.publishers import labour_force_source
from clusteratlas.sources.source import SourceTable
from clusteratlas.tables import EMPLOYMENT

DIMENSIONS = ("nace_r2", "sex", "age", "unit", "geo")
AGES = ("Y_GE15", "Y15-64")
"""The age groups that are read, the usual one first."""

BOTH_SEXES = "T"
UNITS = ("THS", "THS_PER")
OTHER_INDUSTRY = r"[A-U].*[-_].*|TOTAL|NRP|UNK"

_ROWS = """
with kept as (
    select scheme, region, code as industry, year, value, flag
    from figures join known_regions on geo = region
    where code in (select industry from known_codes)
      and (value is not null or flag <> '')
)
select scheme, region, industry, year, 'eurostat-lfs-' || year as source,
       cast(round(value * 1000) as bigint) as employment,
       cast(case when value is null and regexp_matches(flag, '[cu]') then 0
                 else round(value * 1000) end as bigint) as employment_low,
       cast(round(value * 1000) as bigint) as employment_high,
       cast(null as bigint) as establishments, cast(null as bigint) as payroll,
       case when value is not null then 'reported'
            when regexp_matches(flag, '[cu]') then 'withheld' else 'unpublished' end as status
from kept
order by scheme, region, industry, year, source
"""


def read_eurostat_lfs(
    path: Path, *, years: tuple[int, ...] = (), age: str | None = None
) -> SourceTable:
    """Return employed persons by NUTS region and NACE section from the labour force survey.

    Definition
        Table lfst_r_lfe2en2 as bulk TSV or SDMX-CSV with the dimensions ``nace_r2, sex, age, unit,
        geo``: both sexes (T), thousands of persons (THS), which become persons. Sections are kept;
        sums of sections (``B-E``, ``TOTAL``) are left out and counted, since the classification has
        no such class.

    Parameters
    ----------
    path
        ``.tsv`` or ``.csv``; gzip is fine.
    years
        Years to read; all of the file by default.
    age
        ``Y_GE15`` (15 and older) or ``Y15-64``; needed only where the file holds both.

    Returns
    -------
    SourceTable
        Schemes ``nuts-0``, ``nuts-1`` and ``nuts-2``; one source a year. Employed persons by place
        of residence, no establishments, no payroll.

    Missing data
        ``:`` with a flag c (confidential) or u (too unreliable to print) is ``withheld``; ``:``
        without one has no row. How many printed figures carry the flag u (low reliability) is said
        in what the source covers.

    Raises
    ------
    InvalidInput
        With every fault of the file by row, column and value.

    Source
        Eurostat, European Union labour force survey, regional employment by economic activity.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "lfs.tsv"
    >>> _ = place.write_text(
    ...     "freq,nace_r2,sex,age,unit,geo\\\\TIME_PERIOD\\t2014 \\t2013 \\n"
    ...     "A,C,T,Y_GE15,THS,AT11\\t18.1 u\\t: u\\n"
    ... )
    >>> rows = read_eurostat_lfs(place).employment.select(["year", "employment", "status"])
    >>> [tuple(row.values()) for row in rows.to_pylist()]
    [(2013, None, 'withheld'), (2014, 18100, 'reported')]
    """
    found = Findings(path)
    contents = read_contents(path, found)
    text, layout = read_long(contents, found, DIMENSIONS, years)
    with Checks(text, found) as checks:
        del text
        chosen = _age(checks, age)
        units = ", ".join(f"'{unit}'" for unit in UNITS)
        make_figures(checks, {}, f"sex = '{BOTH_SEXES}' and age = '{chosen}' and unit in ({units})")
        check_rows(checks, layout, OTHER_INDUSTRY)
        check_figures(checks, "true", whole=False)
        check_unique(checks, layout)
        more = left_out(checks, "sums of sections")
        found.stop_if_any()
        employment: pa.Table = checks.engine.execute(_ROWS).to_arrow_table()
        if not employment.num_rows:
            found.refuse(
                "the file holds no figure that is read",
                hint=f"needed: sex {BOTH_SEXES}, age {' or '.join(AGES)}, unit THS, a section of "
                "NACE and a NUTS region",
            )
        unsure = dict(
            checks.engine.execute(
                "select year, count(*) from figures where value is not null "
                "and contains(flag, 'u') group by year"
            ).fetchall()
        )
        present = sorted(set(employment["year"].to_pylist()))
    return SourceTable(
        with_columns_of(employment, EMPLOYMENT),
        "nace-2",
        "nuts-2",
        tuple(
            labour_force_source(
                year, chosen, unsure.get(year, 0), " ".join(more), contents.checksum
            )
            for year in present
        ),
    )


def _age(checks: Checks, age: str | None) -> str:
    """The age group to read: the one asked for, or the one that the file holds."""
    held = {code for (code,) in checks.engine.execute("select distinct age from cells").fetchall()}
    present = [each for each in AGES if each in held]
    if age is not None and age not in AGES:
        checks.found.refuse("no such age group is read", value=age, hint=f"use {' or '.join(AGES)}")
    if age is not None and age not in held:
        checks.found.refuse(
            f"the file holds no age group {age}", hint=f"found: {', '.join(sorted(held)[:8])}"
        )
    if age is None and len(present) > 1:
        checks.found.refuse(
            f"the file holds two age groups, {' and '.join(present)}",
            hint=f"say which is meant (the usual one is {AGES[0]}), or keep one in the file",
        )
    return age or (present[0] if present else AGES[0])
