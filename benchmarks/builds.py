"""Building releases, beside the bare query that any engine on this machine would need."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from benchmarks.measured import Run, measured

COUNTY = Path(__file__).resolve().parents[2] / "shared/data/us/cbp_county_naics6_2017_2021.parquet"

SAMPLE = """
from pathlib import Path
from clusteratlas.atlas import build, sample_datasets
build(sample_datasets(), Path({place!r}))
"""

COUNTY_YEARS = """
from pathlib import Path
from clusteratlas.atlas import Dataset, build
from clusteratlas.sources import read_census_table
build([Dataset.of([read_census_table(Path({file!r}))])], Path({place!r}))
"""

BARE = """
import duckdb
from clusteratlas.classification import definition
members = definition("us-benchmark-2014", "naics-2017").industries
with duckdb.connect() as engine:
    engine.register("members", members)
    engine.execute('''
        with cells as (
            select f.year, f.fips, m.cluster, m.traded, sum(f.emp)::bigint jobs
            from '{file}' f join members m on m.industry = f.naics group by all),
        shares as (
            select *, jobs / sum(jobs) over (partition by year, fips, traded) as own,
                sum(jobs) over (partition by year, cluster) as all_jobs,
                sum(jobs) over (partition by year, traded) as whole from cells)
        select *, own / (all_jobs / whole) as quotient,
            rank() over (partition by year, cluster order by own desc) as place
        from shares order by fips, cluster, year''').to_arrow_table()
"""


@cache
def sample() -> tuple[Run, tempfile.TemporaryDirectory[str]]:
    """Build the bundled sample once, for all parts that need it."""
    place = tempfile.TemporaryDirectory(prefix="clusteratlas-bench-")
    return measured(SAMPLE.format(place=place.name), repeats=1), place


def county_years() -> tuple[Run, Run] | None:
    """Build five years of counties; beside it one bare query for quotients of the same rows."""
    if not COUNTY.exists():
        return None
    with tempfile.TemporaryDirectory() as place:
        ours = measured(COUNTY_YEARS.format(file=str(COUNTY), place=place), repeats=1)
    return ours, measured(BARE.format(file=str(COUNTY)), repeats=1)
