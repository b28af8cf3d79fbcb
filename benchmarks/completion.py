"""Completing a table, beside the least that any way of filling it needs: bounds and projection."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measured import Run, measured
from clusteratlas.classification import industries
from clusteratlas.completion.trees import industry_parent

ROOT = Path(__file__).resolve().parents[1]
CENSUS = ROOT.parent / "shared/data/us/qcew2016_dev_states.parquet"
YEAR = 2020
STATES = ("06", "12", "19", "36", "48", "53")
COUNTIES, INDUSTRIES = 40, 500
OFFICE = """
select area_fips as region, industry, 2016::smallint as year, estabs as establishments,
       case when nq_supp > 0 then null else emp end as employment
from read_parquet(?)
where own = '5' and agglvl in (71, 74, 75, 76, 77, 78, 51, 54, 55, 56, 57, 58)
order by region, industry
"""

OURS = """
import pyarrow.parquet as pq
from clusteratlas.completion import complete_table
complete_table(pq.read_table({file!r}))
"""

PLAIN = """
import numpy as np
import pyarrow.parquet as pq
from threadpoolctl import threadpool_limits
from clusteratlas.completion.features import sized
from clusteratlas.completion.given import Given
from clusteratlas.completion.solving import blocks_of, bounds_of, least_squares
from clusteratlas.completion.sums import sums_of
table = pq.read_table({file!r})
year = table.column("year")[0].as_py()
cells = Given(table).cells(year, [year])
sums = sums_of(cells, int(cells.depth.max()))
bounds, guess = bounds_of(cells, sums), sized(cells).guess[sums.cells]
with threadpool_limits(1):
    least_squares(blocks_of(cells, sums), guess, guess, bounds.low, bounds.high)
"""


@dataclass(frozen=True)
class Figure:
    """One table completed: how large it is, our run, and plain least squares alone."""

    name: str
    rows: int
    ours: Run
    plain: Run

    @property
    def ratio(self) -> float:
        """Our processor time over that of plain least squares."""
        return self.ours.cpu_seconds / self.plain.cpu_seconds


def figures() -> list[Figure]:
    """Complete a made-up table, and the ten states of the census where they are at hand."""
    tables = [("made-up: six states, all levels", made_up())]
    if CENSUS.exists():
        table = duckdb.execute(OFFICE, [str(CENSUS)]).to_arrow_table()
        tables.append(("census of ten states 2016, all levels", table))
    return [_figure(name, table) for name, table in tables]


def _figure(name: str, table: pa.Table) -> Figure:
    with tempfile.TemporaryDirectory() as place:
        file = str(Path(place) / "table.parquet")
        pq.write_table(table, file)
        ours = measured(OURS.format(file=file), repeats=1)
        return Figure(name, table.num_rows, ours, measured(PLAIN.format(file=file), repeats=1))


def made_up(seed: int = 7) -> pa.Table:
    """Draw plants by county and industry, add them up to all levels, and withhold as offices do.

    Cells below three plants are withheld, of larger ones the fewer the more plants they have, and
    now and then a sum within a county.
    """
    random = np.random.default_rng(seed)
    known = industries("naics-2017").column("industry").to_pylist()
    codes = [code for code in known if len(code) == 6 and code.isdigit()][
        :: len(known) // 1200 or 1
    ]
    codes = codes[:INDUSTRIES]
    regions = [f"{state}{2 * at + 1:03d}" for state in STATES for at in range(COUNTIES)]
    size = np.exp(random.normal(2.2, 0.8, len(codes)))
    scale = np.exp(random.normal(0.5, 1.2, len(regions)))
    rate = scale[:, None] * random.gamma(0.6, 1.0, (len(regions), len(codes)))
    plants = random.poisson(rate)
    spread = np.exp(random.normal(0.0, 1.0, plants.shape) / np.sqrt(np.maximum(plants, 1)))
    jobs = np.maximum(np.round(plants * size * spread * 1.5), plants)
    cells = _added_up(regions, codes, plants, jobs)
    chance = np.where(cells["plants"] < 3, 0.9, 0.45 * np.exp(-cells["plants"] / 15))
    hidden = cells["county"] & (cells["industry"] != "00") & (random.random(len(chance)) < chance)
    return pa.table(
        {
            "region": cells["region"].tolist(),
            "industry": cells["industry"].tolist(),
            "year": pa.array(np.full(len(chance), YEAR, dtype=np.int16)),
            "establishments": cells["plants"].astype(np.float64),
            "employment": pa.array(cells["jobs"], mask=hidden),
        }
    )


def _added_up(
    regions: list[str], codes: list[str], plants: np.ndarray, jobs: np.ndarray
) -> dict[str, np.ndarray]:
    """Every level of both trees that holds a plant."""
    uppers: dict[str, list[int]] = {}
    for place, code in enumerate(codes):
        at: str | None = code
        while at is not None:
            uppers.setdefault(at, []).append(place)
            at = industry_parent(at)
    names = np.array(sorted(uppers))
    member = np.zeros((len(codes), len(names)))
    for place, name in enumerate(names.tolist()):
        member[uppers[name], place] = 1
    state = np.array([region[:2] for region in regions])
    into = (np.array(STATES)[:, None] == state[None, :]).astype(np.float64)
    places = np.array(regions + [f"{code}000" for code in STATES])
    number = np.vstack([plants @ member, into @ plants @ member])
    total = np.vstack([jobs @ member, into @ jobs @ member])
    row, column = np.nonzero(number)
    return {
        "region": places[row],
        "industry": names[column],
        "plants": number[row, column],
        "jobs": total[row, column],
        "county": row < len(regions),
    }
