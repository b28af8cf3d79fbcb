"""The table of jobs by region and industry that `define` and `compare-definitions` take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.cli.tidy_file import first_row, read_tidy
from clusteratlas.relatedness.similarities import Floats
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

NEEDED = ("region", "industry", "employment")
MOST = 200


@dataclass(frozen=True)
class Cube:
    """Jobs and establishments, years x regions x industries."""

    years: tuple[int, ...]
    regions: tuple[str, ...]
    industries: tuple[str, ...]
    employment: Floats
    establishments: Floats | None
    notes: tuple[str, ...] = ()

    def columns(self, industries: Sequence[str]) -> Cube:
        """Return the cube of some industries, in this order."""
        place = {code: at for at, code in enumerate(self.industries)}
        missing = [code for code in industries if code not in place]
        if missing:
            raise CannotAnswer(
                "industries without a row in the table of jobs",
                value=", ".join(missing[:10]),
                hint="leave them out, or give a table that holds them",
            )
        at = [place[code] for code in industries]
        units = None if self.establishments is None else self.establishments[:, :, at]
        return Cube(
            self.years,
            self.regions,
            tuple(industries),
            self.employment[:, :, at],
            units,
            self.notes,
        )


def read_cube(
    path: Path, areas: Path | None = None, industries: frozenset[str] | None = None
) -> Cube:
    """Read a tidy table of region, industry, employment[, year, establishments] as a cube.

    Withheld cells are refused; a pair without a row counts as none there, which a note says.
    ``industries``: rows of others are left out before anything is judged. ``areas``: a file that
    says which area each region is added up to; regions in none are left out.
    """
    from clusteratlas.relatedness.areas import read_areas  # noqa: PLC0415 - heavy libraries

    table = read_tidy(path)
    missing = [name for name in NEEDED if name not in table.column_names]
    if missing:
        raise InvalidInput(
            [Fault(f"column {name} is missing", str(path), column=name) for name in missing]
        )
    table = table.append_column("row", pa.array(range(table.num_rows)))
    for name in ("region", "industry"):
        table = table.set_column(
            table.column_names.index(name), name, pc.cast(table.column(name), pa.string())
        )
    if industries is not None:
        kept = pc.is_in(table.column("industry"), pa.array(sorted(industries), pa.string()))
        table = table.filter(kept)
    _refuse(table, path)
    notes: list[str] = []
    region = np.array(table.column("region").to_pylist(), dtype=object)
    if areas is not None:
        known = read_areas(areas)
        inside = np.array([code in known for code in region], dtype=bool)
        if not inside.all():
            notes.append(f"in no area, left out: {len(set(region[~inside]))} regions")
        table = table.filter(pa.array(inside))
        region = np.array([known[code] for code in region[inside]], dtype=object)
    if table.num_rows == 0:
        raise CannotAnswer("the table of jobs holds none of these industries", value=path.name)
    codes = np.array(table.column("industry").to_pylist(), dtype=object)
    years = (
        table.column("year").to_numpy()
        if "year" in table.column_names
        else np.zeros(table.num_rows, dtype=np.int16)
    )
    keys = [np.unique(each, return_inverse=True) for each in (years, region, codes)]
    shape = tuple(len(names) for names, _ in keys)
    flat = np.ravel_multi_index([at.reshape(-1) for _, at in keys], shape)
    cubes: list[Floats | None] = []
    for name in ("employment", "establishments"):
        if name not in table.column_names or table.column(name).null_count:
            cubes.append(None)
            continue
        total = np.bincount(flat, table.column(name).to_numpy(), int(np.prod(shape)))
        cubes.append(np.asarray(total.reshape(shape), dtype=np.float64))
    empty = 1 - len(np.unique(flat)) / float(np.prod(shape))
    if empty > 0:
        notes.append(f"{empty:.0%} of region, industry and year have no row: counted as no jobs")
    jobs = cubes[0]
    assert jobs is not None  # noqa: S101 - nulls were refused
    return Cube(
        tuple(int(year) for year in keys[0][0]),
        tuple(str(code) for code in keys[1][0]),
        tuple(str(code) for code in keys[2][0]),
        jobs,
        cubes[1],
        tuple(notes),
    )


def _refuse(table: pa.Table, path: Path) -> None:
    """Refuse withheld and negative cells, and rows that stand twice."""
    jobs = table.column("employment").to_numpy()
    first = first_row(path)
    rows = table.column("row").to_numpy()
    faults = [
        Fault(
            "employment is withheld" if np.isnan(jobs[at]) else "employment is negative",
            str(path),
            int(rows[at]) + first,
            "employment",
            "" if np.isnan(jobs[at]) else f"{jobs[at]:g}",
            "complete the table first (clusteratlas complete)",
        )
        for at in np.flatnonzero(~(jobs >= 0))[:MOST]
    ]
    keys = [name for name in ("region", "industry", "year") if name in table.column_names]
    counted = table.group_by(keys).aggregate([("row", "count"), ("row", "max")])
    twice = counted.filter(pc.greater(counted.column("row_count"), 1))
    faults += [
        Fault(
            "region, industry and year stand twice",
            str(path),
            int(row) + first,
            hint="several levels or sources in one table? keep one",
        )
        for row in sorted(twice.column("row_max").to_pylist())[:MOST]
    ]
    if faults:
        raise InvalidInput(faults, total=int(np.count_nonzero(~(jobs >= 0))) + twice.num_rows)
