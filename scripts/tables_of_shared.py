"""Make tidy tables for `clusteratlas complete` and `completion validate` of the test figures.

The figures lie outside the project, by default in ``../shared``; the tables are never committed.

qcew-2016.parquet
    Quarterly Census of Employment and Wages 2016, ten states, private ownership: counties and
    states, all industries. A row that is withheld in any quarter is withheld.
qcew-2016-SS.parquet
    The same for one state each.
cbp-2018-2021.parquet
    County Business Patterns 2018-2021: counties, four-digit and six-digit industries. Employment 0
    beside three or more establishments was withheld.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[1]

QCEW = """
select area_fips as region, industry, 2016::smallint as year, estabs as establishments,
       case when nq_supp > 0 then null else emp end as employment
from read_parquet(?)
where own = '5' and agglvl in (71, 74, 75, 76, 77, 78, 51, 54, 55, 56, 57, 58)
  and (? = '' or left(area_fips, 2) = ?)
order by region, industry
"""

CBP = """
select fips as region, naics as industry, year, est::double as establishments,
       case when emp = 0 and est >= 3 then null else emp::double end as employment
from (select * from read_parquet(?) union all by name select * from read_parquet(?))
where year between 2018 and 2021
order by year, region, industry
"""


def main() -> None:
    """Write every table into a folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="where the tables go")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    given = parser.parse_args()
    figures = given.shared / "data" / "us"
    if not figures.is_dir():
        parser.error(f"there are no test figures in {figures}")
    given.folder.mkdir(parents=True, exist_ok=True)
    qcew = str(figures / "qcew2016_dev_states.parquet")
    codes = duckdb.execute(
        "select distinct left(area_fips, 2) from read_parquet(?) where agglvl = 71 order by 1",
        [qcew],
    ).fetchall()
    for state in ["", *(code for (code,) in codes)]:
        rows = duckdb.execute(QCEW, [qcew, state, state]).to_arrow_table()
        name = f"qcew-2016-{state}.parquet" if state else "qcew-2016.parquet"
        pq.write_table(rows, given.folder / name)
        print(f"{given.folder / name}: {rows.num_rows:,} rows")
    counties = [str(figures / f"cbp_county_naics{n}_2017_2021.parquet") for n in (4, 6)]
    rows = duckdb.execute(CBP, counties).to_arrow_table()
    pq.write_table(rows, given.folder / "cbp-2018-2021.parquet")
    print(f"{given.folder / 'cbp-2018-2021.parquet'}: {rows.num_rows:,} rows")


if __name__ == "__main__":
    main()
