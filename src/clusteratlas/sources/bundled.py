"""The sample that comes with the package: real figures in small files."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from clusteratlas.engine import with_columns_of
from clusteratlas.sources.publishers import eurostat_source, us_source
from clusteratlas.sources.source import Source, SourceTable
from clusteratlas.tables import EMPLOYMENT

US_YEARS = (2018, 2021)
EUROPE_YEARS = (2011, 2014)

US_COVERS = (
    "Counties are added up to the part of a metropolitan or micropolitan area in each state, and "
    "to the rest of each state; a sum with a withheld county in it is marked withheld and holds "
    "the known part. The District of Columbia is missing from this sample."
)
EUROPE_COVERS = (
    "This sample holds countries and NUTS-2 regions, sections and divisions; codes that end in ZZ "
    "(no place) are left out. Codes of NUTS 2010 and 2013 stand side by side."
)

_US_ROWS = """
select 'us-part' as scheme, region, industry, cast($year as smallint) as year, $source as source,
       cast(employment as bigint) as employment,
       cast(coalesce(employment, 0) as bigint) as employment_low,
       cast(case when withheld_cells = 0 then employment end as bigint) as employment_high,
       cast(establishments as bigint) as establishments,
       cast(payroll as bigint) as payroll,
       case when withheld_cells = 0 then 'reported' else 'withheld' end as status,
       cast(printed_in as bigint) as printed_in
from narrow
order by region, industry
"""

_EUROPE_ROWS = """
select case length(region) when 2 then 'nuts-0' else 'nuts-2' end as scheme,
       region, industry, cast($year as smallint) as year, $source as source,
       cast(employment as bigint) as employment,
       cast(case when withheld then 0 else employment end as bigint) as employment_low,
       cast(employment as bigint) as employment_high,
       cast(establishments as bigint) as establishments,
       cast(payroll as bigint) as payroll,
       case when employment is not null then 'reported' when withheld then 'withheld'
            else 'unpublished' end as status
from narrow
order by scheme, region, industry
"""


def read_sample() -> tuple[SourceTable, SourceTable]:
    """Return the bundled figures of the United States and of Europe.

    Definition
        United States: County Business Patterns 2018 and 2021, NAICS 2017 industry groups (four
        digits) and industries (six digits) by the scheme ``us-part``. Europe: regional structural
        business statistics 2011 and 2014, sections and divisions of NACE Rev. 2 by ``nuts-0`` and
        ``nuts-2``.

    Returns
    -------
    tuple of SourceTable
        United States, Europe. Employment in jobs (mid-March) and in persons employed; payroll in
        USD 1,000 and EUR 1,000.

    Missing data
        A sum of counties of which one or more are withheld has the status ``withheld``; its
        employment is the part that is known, null when nothing is. A European figure that is
        confidential is ``withheld``, one that is missing for another reason ``unpublished``. Rows
        that the office does not print are not in the table.

    Source
        US Census Bureau, County Business Patterns; Eurostat, table sbs_r_nuts06_r2.

    Example
    -------
    >>> us, europe = read_sample()
    >>> us.classification, us.base_scheme, europe.classification, europe.base_scheme
    ('naics-2017', 'us-part', 'nace-2', 'nuts-2')
    """
    us = [(f"us-{year}", year, us_source(year, US_COVERS)) for year in US_YEARS]
    europe = [
        (f"europe-{year}", year, eurostat_source(year, EUROPE_COVERS)) for year in EUROPE_YEARS
    ]
    return (
        _read(us, _US_ROWS, "naics-2017", "us-part"),
        _read(europe, _EUROPE_ROWS, "nace-2", "nuts-2"),
    )


def _read(
    parts: list[tuple[str, int, Source]], question: str, classification: str, base_scheme: str
) -> SourceTable:
    tables: list[pa.Table] = []
    sources: list[Source] = []
    with duckdb.connect() as engine:
        engine.execute("set enable_progress_bar = false")
        engine.execute("set threads to 2")
        for name, year, source in parts:
            place = files("clusteratlas.sources") / "sample" / f"{name}.parquet"
            content = place.read_bytes()
            narrow = pq.read_table(pa.BufferReader(content))
            engine.register("narrow", narrow)
            rows = engine.execute(question, {"year": year, "source": source.source})
            tables.append(with_columns_of(rows.to_arrow_table(), EMPLOYMENT))
            digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
            sources.append(Source(**{**vars(source), "checksum": digest}))
        engine.register("rows", pa.concat_tables(tables))
        key = ", ".join(EMPLOYMENT.key)
        employment = engine.execute(f"select * from rows order by {key}").to_arrow_table()
    return SourceTable(
        employment.cast(EMPLOYMENT.schema), classification, base_scheme, tuple(sources)
    )
