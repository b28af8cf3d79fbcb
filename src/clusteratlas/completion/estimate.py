"""Fill the withheld cells of a table: estimate, interval and possible tables."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from clusteratlas.completion.absent import with_absent
from clusteratlas.completion.calibration import Width, calibrated, interval
from clusteratlas.completion.cells import Cells, Flags, Floats, Places
from clusteratlas.completion.draws import draw
from clusteratlas.completion.learning import (
    Learned,
    Lesson,
    Problem,
)
from clusteratlas.completion.masks import drop, hide
from clusteratlas.completion.solving import bounds_of, most_likely

LOOSENESS = (1.0, 2.5)
"""Of the masks that are learned from, one lesson each."""
LIFTED_PLAIN, LIFTED_LEARNED = 1.0, 2.5
"""Logarithm beyond which guesses are lifted to the sums; learned ones know the sums already."""
RAISED = 5
"""Establishments below which printed cells are left out to learn about absent ones."""
MOST_CALIBRATED = 200_000
"""Unknown cells that are learned from, about."""


@dataclass(frozen=True)
class Taught:
    """What printed cells taught: guesses, and how wide to draw."""

    learned: Learned
    width: Width


@dataclass(frozen=True)
class Estimate:
    """The unknown leaves of one depth of regions.

    Attributes
    ----------
    cells
        Places of the unknown cells.
    jobs
        (n,) the estimate, which keeps all sums.
    low, high
        (n,) the interval.
    draws
        (n, draws) possible tables.
    width
        How much wider the intervals of sums are than their draws.
    """

    cells: Places
    jobs: Floats
    low: Floats
    high: Floats
    draws: NDArray[np.float32]
    width: Width


def teach(cells: Cells, depth: int, *, seed: int = 1, raised: int = RAISED) -> Taught:
    """Learn from the printed cells of the regions of one depth.

    Definition
    ----------
    Boosted trees learn, from printed cells hidden by the office's own pattern, how the truth lies
    around plain least squares (centre and spread of the logarithm). How wide to draw is calibrated
    on the hidden cells of regions that were not learned from.

    Parameters
    ----------
    raised
        Establishments below which printed cells are left out to learn about absent ones.
    """
    lessons = _lessons(cells, depth, seed, raised)
    learned = Learned(lessons)
    return Taught(learned, calibrated(lessons, learned, seed))


def estimate(cells: Cells, depth: int, taught: Taught, *, draws: int, seed: int = 1) -> Estimate:
    """Estimate the unknown leaves of the regions of one depth.

    Definition
    ----------
    1. Plain weighted least squares of establishments times mean size onto all sums. 2. What was
    `teach`-ed gives centre and spread of the logarithm around it. 3. The likeliest table of those
    log-normals under all sums. 4. Possible tables drawn from them.

    Missing data
    ------------
    Without enough printed cells to learn from, the plain guess and a wide spread stand. A cell that
    no sum binds is estimated only where its establishments are known and there is enough to learn
    from; else it stays withheld.
    """
    problem = Problem.of(cells, depth)
    learned = taught.learned
    centre, spread = learned(problem, left_out=False)
    own = problem.bounds
    lifted = LIFTED_LEARNED if learned.learned else LIFTED_PLAIN
    jobs = most_likely(problem.blocks, centre, spread, own, lifted=lifted)
    # Possible tables keep what follows from the sums, too: a cell that they fix is drawn as fixed.
    # Where two sums contradict each other by rounding, the estimate lies between what they say.
    implied = bounds_of(cells, problem.sums)
    least, most = np.minimum(implied.low, jobs), np.maximum(implied.high, jobs)
    tables = draw(
        problem.blocks,
        centre,
        spread,
        taught.width.widening,
        least,
        most,
        draws=draws,
        seed=seed,
    )
    low, high = interval(tables)
    low, high = np.clip(low, least, jobs), np.clip(high, jobs, most)
    sums = problem.sums
    bound = (sums.within >= 0) | (sums.across >= 0)
    counted = ~np.isnan(cells.establishments[sums.cells])
    said = bound | (counted & learned.learned)
    tables = tables if said.all() else tables[said]  # a copy would hold all of them twice
    return Estimate(sums.cells[said], jobs[said], low[said], high[said], tables, taught.width)


def _lessons(cells: Cells, depth: int, seed: int, raised: int) -> list[Lesson]:
    """Problems with known answers: printed cells withheld, or left out, on purpose."""
    cells = cells.only(_some_regions(cells, depth)[cells.region])
    lessons = []
    for number, looseness in enumerate(LOOSENESS):
        hidden = hide(cells, depth, seed + number, looseness=looseness)
        if not hidden.any():
            break
        problem = Problem.of(cells.without(hidden), depth)
        here = hidden[problem.sums.cells]
        truth = cells.employment[problem.sums.cells][here]
        lessons.append(Lesson(problem, here, truth, cells.employment))
    if cells.absent.any():
        lessons.append(lesson_of_absent(cells, depth, raised))
    return lessons


def lesson_of_absent(cells: Cells, depth: int, raised: int) -> Lesson:
    """Leave out the smallest printed cells too, and find them again through their parents."""
    printed = cells.only(~cells.absent)
    dropped, whole = drop(printed, depth, fewest=raised)
    years = None if printed.other_years is None else printed.other_years.with_at_least(raised)
    few = np.nan_to_num(printed.elsewhere_establishments, nan=raised) < raised
    poorer = replace(
        printed,
        other_years=years,
        elsewhere=np.where(few, np.nan, printed.elsewhere),
        elsewhere_establishments=np.where(few, np.nan, printed.elsewhere_establishments),
    ).only(~dropped)
    found = with_absent(poorer, depth, fewest=raised)
    problem = Problem.of(found, depth)
    at = problem.sums.cells
    width = len(cells.industries.codes)

    def key(of: Cells, places: Places) -> Places:
        keys: Places = of.region[places] * width + of.industry[places]
        return keys

    parents = found.above[at]
    answered = (
        found.absent[at]
        & (parents >= 0)
        & np.isin(key(found, np.maximum(parents, 0)), key(printed, np.flatnonzero(whole)))
    )
    left_out = np.flatnonzero(dropped)
    keys = key(printed, left_out)
    order = np.argsort(keys)
    wanted = key(found, at[answered])
    place = np.minimum(np.searchsorted(keys[order], wanted), max(len(keys) - 1, 0))
    truth = np.zeros(len(wanted))
    if len(keys):
        same = keys[order][place] == wanted
        truth[same] = printed.employment[left_out[order[place[same]]]]
    return Lesson(problem, answered, truth)


def _some_regions(cells: Cells, depth: int) -> Flags:
    """Regions to learn from: whole larger regions until there are enough unknown cells.

    The regions above are among them.
    """
    unknown = cells.leaf & ~cells.known & (cells.depth == depth)
    parent = np.maximum(cells.regions.parent, 0)
    number = np.bincount(parent[cells.region[unknown]], minlength=len(parent))
    order = np.random.default_rng(0).permutation(np.flatnonzero(number))
    taken = order[np.cumsum(number[order]) - number[order] < MOST_CALIBRATED]
    upper = cells.regions.depth < depth
    return upper | np.isin(parent, taken)
