"""Employment of one scheme and year as a table of regions and industries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.atlas.panel import Floats, floats
from clusteratlas.tables import WITHHELD


@dataclass(frozen=True)
class Cells:
    """Figures of a scheme's regions by industry in a filled year.

    Attributes
    ----------
    regions, industries
        Codes of the rows and columns, sorted.
    jobs
        0 where there is no row, NaN where a cell is still withheld.
    establishments
        0 where there is no row, NaN where a row has none.
    """

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    jobs: Floats
    establishments: Floats

    def whole_regions(self) -> tuple[Cells, list[str]]:
        """Return the cells of regions without a withheld one, and the codes of the others."""
        known = ~np.isnan(self.jobs).any(axis=1)
        whole, others = (
            [self.regions[at] for at in np.flatnonzero(wanted)] for wanted in (known, ~known)
        )
        kept = Cells(tuple(whole), self.industries, self.jobs[known], self.establishments[known])
        return kept, others


def cells_of(employment: pa.Table, scheme: str, year: int, industries: Collection[str]) -> Cells:
    """Return the cells of a scheme in a year, of those of the industries that have jobs.

    Parameters
    ----------
    employment
        Rows of the `employment` table after filling: a cell without a row has no jobs.
    scheme
        Region scheme; its regions are those with any row.
    industries
        Codes of one level.
    """
    of_scheme = employment.filter(
        pc.and_(
            pc.equal(employment.column("scheme"), scheme),
            pc.equal(employment.column("year"), pa.scalar(year, pa.int16())),
        )
    )
    rows = of_scheme.filter(
        pc.is_in(of_scheme.column("industry"), pa.array(sorted(industries), pa.string()))
    )
    regions, held = (
        sorted(pc.unique(each).to_pylist())
        for each in (of_scheme.column("region"), rows.column("industry"))
    )
    at = tuple(
        pc.index_in(rows.column(name), value_set=pa.array(values, pa.string())).to_numpy()
        for name, values in (("region", regions), ("industry", held))
    )
    jobs, establishments = (np.zeros((len(regions), len(held))) for _ in range(2))
    withheld = pc.equal(rows.column("status"), WITHHELD).to_numpy()
    jobs[at] = np.where(withheld, np.nan, floats(rows, "employment"))
    establishments[at] = floats(rows, "establishments")
    # A withheld cell may hold jobs, so its industry stays.
    present = np.any(np.isnan(jobs) | (jobs > 0), axis=0)
    names = tuple(name for name, kept in zip(held, present.tolist(), strict=True) if kept)
    return Cells(tuple(regions), names, jobs[:, present], establishments[:, present])
