"""Hide printed cells as the office would, fill them, and keep what came out beside the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from threadpoolctl import threadpool_limits

from clusteratlas.completion.absent import with_absent
from clusteratlas.completion.baselines import baselines
from clusteratlas.completion.cells import Cells, Flags, Floats, Places
from clusteratlas.completion.contradictions import find_contradictions
from clusteratlas.completion.features import graph_of
from clusteratlas.completion.filling import Filled, added_up, fill
from clusteratlas.completion.form import check_form
from clusteratlas.completion.given import Given
from clusteratlas.completion.judged import OURS, Judged, state_of
from clusteratlas.completion.left_out import LeftOut, judge_left_out
from clusteratlas.completion.masks import hide
from clusteratlas.completion.sums import sums_of
from clusteratlas.tables import CannotAnswer

WORTH = 0.01
"""Share of the cells that must be withheld, or absent, for a table to be judged on them."""
DRAWS = 60

Strong = Callable[[Floats, Floats], Flags]
"""From jobs and establishments (regions x industries) to the flag strong."""


@dataclass(frozen=True)
class Validation:
    """All that was judged."""

    hidden: list[Judged]
    left_out: list[LeftOut]


def validate(
    table: pa.Table,
    *,
    masks: int = 1,
    seed: int = 101,
    file: str = "",
    first_row: int = 1,
    strong: Strong | None = None,
    larger: dict[str, str] | None = None,
    tell: Callable[[str, float], None] = lambda stage, share: None,
) -> Validation:
    """Return how well hidden cells of a table are filled.

    Definition
    ----------
    Printed cells of the smallest regions are hidden with the pattern of the withheld ones
    (`clusteratlas.completion.masks.hide`), the table is completed, and the hidden cells are
    compared with the truth. Where the office leaves cells out instead of withholding them, the
    cells below `RAISED` establishments are left out too under parents whose cells are all printed,
    and found again.

    Parameters
    ----------
    table
        As in `complete_table`.
    masks, seed
        How many random choices of hidden cells, and the first one's number.
    file
        Name that faults carry.
    strong
        The flag strong from jobs and establishments of regions x finest industries.
    larger
        Region to larger region (counties to metropolitan areas), for the cells left out.
    tell
        Called with what is being done and the share done.

    Returns
    -------
    Validation

    Missing data
    ------------
    Cells that the office withholds have no truth: they are filled and not judged. Sums that they
    are part of enter every method alike.

    Raises
    ------
    InvalidInput
        As in `complete_table`.
    CannotAnswer
        Nothing is withheld and nothing is absent, so that there is no pattern to hide by.
    """
    check_form(table, file, first_row)
    given = Given(table)
    years = sorted(pc.unique(table.column("year")).to_pylist())
    hidden: list[Judged] = []
    left_out: list[LeftOut] = []
    with threadpool_limits(1):
        for place, year in enumerate(years):
            cells = given.cells(year, years)
            if find_contradictions(cells):
                raise CannotAnswer(
                    f"the sums of {year} contradict each other; `clusteratlas complete` tells how"
                )
            deepest = int(cells.depth.max(initial=0))
            leaves = cells.leaf & (cells.depth == deepest)
            withheld = np.mean(~cells.known[leaves])
            absent = (len(with_absent(cells, deepest)) - len(cells)) / max(leaves.sum(), 1)
            share = place / len(years)
            if withheld >= WORTH:
                for number in range(masks):
                    tell(
                        f"hiding and filling {year}, mask {number + 1}",
                        share + number / masks / len(years),
                    )
                    hidden.append(_judge(cells, year, seed + number, strong))
            if absent >= WORTH:
                tell(f"leaving out and finding {year}", share + 0.5 / len(years))
                left_out.append(judge_left_out(cells, year, seed, larger or {}, draws=DRAWS))
    if not hidden and not left_out:
        raise CannotAnswer(
            "hardly anything is withheld or left out in this table, so there is no pattern to "
            "hide cells by"
        )
    return Validation(hidden, left_out)


def _judge(cells: Cells, year: int, seed: int, strong: Strong | None) -> Judged:
    deepest = int(cells.depth.max(initial=0))
    hidden = hide(cells, deepest, seed)
    filled = fill(cells.without(hidden), draws=DRAWS)
    full = filled.cells
    at = np.flatnonzero(hidden)
    true_jobs = filled.jobs.copy()
    true_jobs[at] = cells.employment[at]
    sums = sums_of(full, deepest)
    all_jobs = {OURS: filled.jobs}
    for name, values in baselines(full, sums).items():
        jobs = full.employment.copy()
        jobs[sums.cells] = values
        all_jobs[name] = added_up(full, jobs, deepest)
    graph = graph_of(sums)
    within, across = graph.add(filled.jobs[sums.cells])
    miss = np.abs(np.concatenate([graph.within_left - within, graph.across_left - across]))
    at_one = _jobs_at_one(full, true_jobs, deepest)
    return Judged(
        year,
        seed,
        full.industries.codes[full.industry[at]],
        state_of(full, at),
        full.establishments[at],
        true_jobs[at],
        full.leaf[at],
        at_one[at],
        {name: jobs[at] for name, jobs in all_jobs.items()},
        filled.low[at],
        filled.high[at],
        _probability(filled, at, at_one),
        {} if strong is None else _strong(full, at, true_jobs, all_jobs, deepest, strong),
        len(miss),
        int(np.sum(miss > 0.05)),
        float(miss.max(initial=0)),
    )


def _jobs_at_one(cells: Cells, jobs: Floats, deepest: int) -> Floats:
    """Jobs at which each cell has the share in its region that its industry has in all regions."""
    here = (cells.depth == deepest) & ~np.isnan(jobs)
    of_industry = np.bincount(
        cells.industry[here], jobs[here], minlength=len(cells.industries.codes)
    )
    top = here & (cells.industries.depth[cells.industry] == 0)
    leaves = here & cells.leaf
    size = len(cells.regions.codes)
    total = np.bincount(cells.region[leaves], jobs[leaves], size)
    printed = np.bincount(cells.region[top], jobs[top], size)
    total = np.where(printed > 0, printed, total)
    at_one: Floats = total[cells.region] * of_industry[cells.industry] / max(total.sum(), 1e-9)
    return at_one


def _probability(filled: Filled, at: Places, at_one: Floats) -> Floats:
    """Share of possible tables in which each cell's quotient is at least 1."""
    row = np.full(len(filled.cells), -1)
    row[filled.drawn] = np.arange(len(filled.drawn))
    out = np.full(len(at), np.nan)
    drawn = np.flatnonzero(row[at] >= 0)
    tables = filled.draws[row[at[drawn]]]
    out[drawn] = np.mean(tables >= at_one[at[drawn], None], axis=1)
    return out


def _strong(
    cells: Cells,
    at: Places,
    true_jobs: Floats,
    all_jobs: dict[str, Floats],
    deepest: int,
    strong: Strong,
) -> dict[str, Flags]:
    """Flags of the hidden cells of the finest industries, all regions taken together.

    Cells that are not hidden have the same jobs in every method.
    """
    level = cells.industries.depth[cells.industry]
    use = np.flatnonzero((cells.depth == deepest) & (level == level.max(initial=0)))
    regions, row = np.unique(cells.region[use], return_inverse=True)
    industries, column = np.unique(cells.industry[use], return_inverse=True)
    hidden = np.zeros(len(cells), dtype=bool)
    hidden[at] = True
    place = np.full(len(cells), -1)
    place[use] = np.arange(len(use))
    places = np.zeros((len(regions), len(industries)))
    places[row, column] = np.nan_to_num(cells.establishments[use])

    def flags(jobs: Floats) -> Flags:
        table = np.zeros_like(places)
        mixed = np.where(hidden, jobs, true_jobs)
        table[row, column] = np.nan_to_num(mixed[use])
        found = strong(table, places)[row, column]
        known: Flags = np.append(found, False)[place[at]]
        return known

    return {"truth": flags(true_jobs)} | {name: flags(jobs) for name, jobs in all_jobs.items()}
