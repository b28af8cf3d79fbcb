"""A made-up filling of withheld cells: what a group lacks is shared out at random, sums kept."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from clusteratlas import classification
from clusteratlas.atlas import Dataset
from clusteratlas.engine import with_columns_of
from clusteratlas.sources import Source, SourceTable
from clusteratlas.tables import EMPLOYMENT

FINE = (
    "311111",
    "311119",
    "321911",
    "321918",
    "325411",
    "325412",
    "325414",
    "333111",
    "333112",
    "334412",
    "334413",
    "334510",
    "334511",
    "334516",
    "336411",
    "336412",
    "722511",
    "722513",
)
"""Industries of several clusters, traded and local, two or more under each coarse one."""
REGIONS = 14
SOURCE = Source(
    source="own",
    publisher="Office of Examples",
    title="Jobs by industry",
    address=None,
    retrieved=None,
    checksum=None,
    licence="free",
    covers="fourteen districts",
    employment_word="jobs",
    payroll_unit="EUR 1,000",
)


def truth(year: int = 2020) -> dict[tuple[str, str], int]:
    """Jobs of fourteen districts by industry: nothing withheld, many zero."""
    random = np.random.default_rng(year)
    jobs = random.lognormal(4, 1.3, (REGIONS, len(FINE))) * (random.random((REGIONS, 18)) < 0.8)
    return {
        (f"D{place:02d}", industry): int(jobs[place, column])
        for place in range(REGIONS)
        for column, industry in enumerate(FINE)
        if int(jobs[place, column])
    }


def table_of(
    jobs: dict[tuple[str, str], int], hidden: frozenset[tuple[str, str]], year: int = 2020
) -> SourceTable:
    """A user's table with all coarse totals, some fine rows withheld and some left out."""
    coarse: dict[tuple[str, str], int] = {}
    for (region, industry), count in jobs.items():
        group = (region, industry[:4])
        coarse[group] = coarse.get(group, 0) + count
    rows = []
    for place, ((region, industry), count) in enumerate([*jobs.items(), *coarse.items()]):
        withheld = (region, industry) in hidden
        if withheld and place % 2:
            continue
        rows.append(
            {
                "scheme": "districts",
                "region": region,
                "industry": industry,
                "year": year,
                "source": "own",
                "employment": None if withheld else count,
                "employment_low": 0 if withheld else count,
                "employment_high": None if withheld else count,
                "establishments": 1 + count // 20,
                "status": "withheld" if withheld else "reported",
            }
        )
    return SourceTable(
        pa.Table.from_pylist(rows, schema=EMPLOYMENT.schema), "naics-2017", "districts", (SOURCE,)
    )


def hidden_cells(jobs: dict[tuple[str, str], int]) -> frozenset[tuple[str, str]]:
    """Every third cell under a coarse one that holds at least two."""
    several = [
        (region, industry)
        for region, industry in jobs
        if sum((region, other) in jobs for other in FINE if other[:4] == industry[:4]) > 1
    ]
    return frozenset(several[::3]) | frozenset(several[1::3])


def gappy(*years: int) -> Dataset:
    """Fourteen districts with gaps, as a dataset."""
    tables = []
    for year in years or (2020,):
        jobs = truth(year)
        tables.append(table_of(jobs, hidden_cells(jobs), year))
    return Dataset.of(tables)


OPEN = """
with own as (
    select region, industry as ancestor, employment as total from rows
    where employment is not null and status = 'reported'
      and length(industry) = $coarse
), printed as (
    select r.region, f.ancestor, sum(r.employment) as printed from rows r
    join fine f using (industry) group by all
), national as (
    select f.industry, f.ancestor, sum(r.employment) + 1 as jobs from rows r
    join fine f using (industry) group by all
)
select o.region, n.industry, o.ancestor, n.jobs, o.total - coalesce(p.printed, 0) as missing,
       coalesce(c.employment, 0) as known, c.establishments, c.payroll, c.source
from own o join national n using (ancestor)
left join printed p on p.region = o.region and p.ancestor = o.ancestor
left join rows c on c.region = o.region and c.industry = n.industry
where o.total > coalesce(p.printed, 0)
  and (c.status is null or c.status = 'withheld')
order by o.region, o.ancestor, n.industry
"""


@dataclass(frozen=True)
class MadeUp:
    employment: pa.Table
    cells: pa.Table
    draws: npt.NDArray[np.float32]


def made_up(
    dataset: Dataset,
    year: int,
    *,
    draws: int = 20,
    spread: float = 2.0,
    levels: tuple[int, int] = (4, 6),
) -> MadeUp:
    """Fill the fine industries under each printed coarse one; ``spread`` zero draws the estimate.

    Each draw gives what a group lacks to its unprinted industries, so that every draw holds every
    printed sum.
    """
    given = dataset.employment
    fine = classification.ancestors(dataset.classification, levels[0])
    with duckdb.connect() as engine:
        engine.execute("set enable_progress_bar = false")
        engine.register("given", with_columns_of(given, EMPLOYMENT))
        engine.register("ancestors", fine)
        engine.execute(
            "create temp table rows as select * from given where year = ? and scheme = ?",
            [year, dataset.base_scheme],
        )
        engine.execute(
            "create temp table fine as select * from ancestors where length(industry) = ?",
            [levels[1]],
        )
        cells = engine.execute(OPEN, {"coarse": levels[0]}).to_arrow_table()
        source = engine.execute("select min(source) from rows").fetchall()[0][0]
        estimate, drawn = _shared_out(cells, draws, spread)
        known = cells.column("known").to_numpy().astype(np.float64)
        filled = pa.table(
            {
                "scheme": pa.array([dataset.base_scheme] * cells.num_rows),
                "region": cells.column("region"),
                "industry": cells.column("industry"),
                "year": pa.array([year] * cells.num_rows, pa.int16()),
                "source": pa.array([source] * cells.num_rows),
                "employment": pa.array((known + estimate).astype(np.int64)),
                "employment_low": pa.array(
                    (known + np.floor(np.quantile(drawn, 0.05, axis=1))).astype(np.int64)
                ),
                "employment_high": pa.array(
                    (known + np.ceil(np.quantile(drawn, 0.95, axis=1))).astype(np.int64)
                ),
                "establishments": cells.column("establishments"),
                "payroll": cells.column("payroll"),
                "status": pa.array(["estimated"] * cells.num_rows),
                "employment_reported": pa.array(known.astype(np.int64)),
            }
        )
        low = np.minimum(
            filled.column("employment_low").to_numpy(), filled.column("employment").to_numpy()
        )
        high = np.maximum(
            filled.column("employment_high").to_numpy(), filled.column("employment").to_numpy()
        )
        filled = filled.set_column(5 + 1, "employment_low", pa.array(low))
        filled = filled.set_column(5 + 2, "employment_high", pa.array(high))
        engine.register("filled", filled)
        rest = engine.execute(
            "select r.* from given r where r.year = ? and not exists (select 1 from filled f "
            "where f.region = r.region and f.industry = r.industry and f.scheme = r.scheme) "
            "order by scheme, region, industry",
            [year],
        ).to_arrow_table()
    employment = pa.concat_tables(
        [with_columns_of(rest, EMPLOYMENT), with_columns_of(filled, EMPLOYMENT)]
    )
    keys = filled.select(["scheme", "region", "industry", "year"])
    return MadeUp(employment, keys, (known[:, None] + drawn).astype(np.float32))


def _shared_out(
    cells: pa.Table, draws: int, spread: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Whole jobs for each cell: the estimate, and draws around it that keep the sums."""
    keys = [
        f"{a}|{b}"
        for a, b in zip(*(cells.column(n).to_pylist() for n in ("region", "ancestor")), strict=True)
    ]
    group = np.unique(keys, return_inverse=True)[1]
    size = int(group.max(initial=-1)) + 1
    missing = np.zeros(size)
    missing[group] = cells.column("missing").to_numpy()
    weight = cells.column("jobs").to_numpy().astype(np.float64)
    random = np.random.default_rng(3)

    def split(weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        whole = np.bincount(group, weights, size)
        exact = weights / whole[group] * missing[group]
        floor = np.floor(exact)
        left = missing - np.bincount(group, floor, size)
        order = np.lexsort((-(exact - floor), group))
        start = np.searchsorted(group[order], np.arange(size))
        place = np.arange(len(order)) - start[group[order]]
        floor[order] += place < left[group[order]]
        return floor

    estimate = split(weight)
    if not spread:
        return estimate, np.repeat(estimate[:, None], draws, axis=1)
    shape = 1 / spread
    drawn = [split(weight * (random.gamma(shape, size=len(weight)) + 1e-9)) for _ in range(draws)]
    return estimate, np.stack(drawn, axis=1)
