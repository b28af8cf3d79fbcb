"""Build the bundled sample again from the publishers' figures (``make sample``).

The figures themselves lie outside the project, by default in ``../shared``. What comes out is
narrower than the employment table: only what ``clusteratlas.sources.read_sample`` cannot work out
again. The same figures always give the same bytes.

United States: county cells are added up to the part of a metropolitan or micropolitan area in one
state, or to the rest of a state; of each sum it is kept how many county cells were withheld and
how many printed.
Europe: countries and NUTS-2 regions as printed, sections and divisions; codes that end in ZZ
(extra-regio, not a place) are dropped.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from clusteratlas.classification import memberships

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "src" / "clusteratlas" / "sources" / "sample"
US_YEARS = (2018, 2021)
EUROPE_YEARS = (2011, 2014)
CODES = ("region", "industry")
MOST_BYTES_OF_A_FILE = 3_000_000
MOST_BYTES = 5_000_000

US_QUESTION = """
select in_region as region, naics as industry,
       cast(sum(emp) filter (emp > 0) as integer) as employment,
       cast(sum(est) as integer) as establishments,
       cast(sum(pay_k) as integer) as payroll,
       cast(count(*) filter (emp = 0) as utinyint) as withheld_cells,
       cast(count(*) filter (emp > 0) as utinyint) as printed_in
from (select * from read_parquet(?) union all by name select * from read_parquet(?))
join part on fips = part.region
where year = ?
group by in_region, naics
order by in_region, naics
"""

EUROPE_QUESTION = """
select geo as region, nace_r2 as industry,
       cast(max(value) filter (indic_sb = 'V16110') as integer) as employment,
       cast(max(value) filter (indic_sb = 'V11210') as integer) as establishments,
       cast(round(max(value) filter (indic_sb = 'V13320' and value >= 0) * 1000) as integer)
           as payroll,
       coalesce(bool_or(flag like '%c%') filter (indic_sb = 'V16110'), false) as withheld
from read_parquet(?)
where year = ?
  and (length(geo) = 2 or (length(geo) = 4 and geo not like '%ZZ'))
  and (length(nace_r2) = 1 or length(nace_r2) = 3)
group by geo, nace_r2
order by geo, nace_r2
"""


def main() -> None:
    """Write the sample and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figures", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--place", type=Path, default=SAMPLE)
    given = parser.parse_args()
    given.place.mkdir(parents=True, exist_ok=True)
    sizes = [
        write(table, given.place / f"{name}.parquet")
        for name, table in sample_tables(given.figures).items()
    ]
    if sum(sizes) > MOST_BYTES or max(sizes) > MOST_BYTES_OF_A_FILE:
        raise SystemExit("The sample has become too large for the wheel.")
    print(f"{sum(sizes):>12,} bytes in all")


def sample_tables(figures: Path) -> dict[str, pa.Table]:
    """The tables of the sample by file name."""
    with duckdb.connect() as engine:
        engine.register("part", memberships("us-county", "us-part"))
        counties = [
            str(figures / "us" / f"cbp_county_naics{digits}_2017_2021.parquet") for digits in (4, 6)
        ]
        europe = str(figures / "eu" / "eurostat_sbs_r_nuts06_r2_2008_2014.parquet")
        tables = {
            f"us-{year}": engine.execute(US_QUESTION, [*counties, year]).to_arrow_table()
            for year in US_YEARS
        }
        tables |= {
            f"europe-{year}": engine.execute(EUROPE_QUESTION, [europe, year]).to_arrow_table()
            for year in EUROPE_YEARS
        }
    return tables


def write(table: pa.Table, path: Path) -> int:
    """Write one table as small as Parquet goes and return its size in bytes."""
    counts = [
        field.name for field in table.schema if field.name not in CODES and field.type == pa.int32()
    ]
    pq.write_table(
        table.combine_chunks(),
        path,
        compression="zstd",
        compression_level=19,
        row_group_size=table.num_rows,
        use_dictionary=[name for name in table.column_names if name not in counts],
        use_byte_stream_split=counts,
        write_statistics=False,
        store_schema=False,
    )
    size = path.stat().st_size
    print(f"{size:>12,} bytes, {table.num_rows:>8,} rows  {path.name}")
    return size


if __name__ == "__main__":
    main()
