"""Cells that the office leaves out: found through their parents, which count them.

Since 2017 the American office prints no cell with fewer than three establishments, and prints all
establishments and jobs of the cells it does print. So what a parent counts beyond its printed
children lies in children that have no row: one or two establishments each.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clusteratlas.completion.cells import Cells, Flags, Floats, Places
from clusteratlas.completion.features import SMALLEST_GUESS
from clusteratlas.completion.masks import FEWEST
from clusteratlas.completion.solving import blocks_of, least_squares
from clusteratlas.completion.sums import sums_of

LEAST_MISSING = 0.75
"""Establishments that a parent must count beyond its children: averages over quarters round."""
UNLIKELY = 0.02
"""Expected establishments below which an industry is not thought to be there, if others are."""


def leaves_out(cells: Cells, depth: int, *, fewest: int = FEWEST) -> bool:
    """Return whether the office prints no finest cell with fewer than ``fewest`` establishments."""
    here = cells.leaf & (cells.depth == depth) & _finest(cells)[cells.industry]
    count = cells.establishments[here]
    few = (count > 0) & (count < fewest - 0.5)
    return bool(len(count) and not few.any())


def with_absent(
    cells: Cells, depth: int, *, fewest: int = FEWEST, closed: Places | None = None
) -> Cells:
    """Return the cells with a row for each industry that may hide in a region of this depth.

    Definition
    ----------
    A row of n establishments with printed children of n' has n - n' in industries without a row.
    These are shared out over the finest industries beneath it that have none: in proportion to
    what is expected there (the industry's share of the nation's establishments, or what another
    year prints, given that there are fewer than ``fewest``), no more than ``fewest`` - 1 each, by
    least squares onto all sums of establishments.

    Returns
    -------
    The same cells, then the absent ones with their expected establishments and withheld jobs.
    """
    rows, missing = _short(cells, depth)
    if not len(rows):
        return cells
    found = _candidates(cells, rows, closed)
    if not len(found):
        return cells
    expected = _expected(cells, found, fewest)
    keep = (expected[2] >= UNLIKELY) | _needed(found[2], expected[2], missing)
    region, industry, parent = (each[keep] for each in found)
    joined = _join(cells, region, industry)
    new = np.arange(len(cells), len(joined))
    cap = _caps(parent, missing, fewest)
    count = _shared_out(joined, new, expected[2][keep], cap, depth)
    establishments = joined.establishments.copy()
    establishments[new] = count
    return replace(joined, establishments=establishments)


def with_between(cells: Cells, depth: int) -> Cells:
    """Return the cells with the rows that stand between found ones and the row above them.

    Definition
    ----------
    An office that leaves out a finest cell leaves out what holds nothing else, too. For every level
    of industries that is printed for regions of this depth at all, the rows between a found cell
    and its nearest row above are added: their establishments and jobs are those of the cells
    beneath. Levels that the table never prints are not made up.
    """
    tree = cells.industries
    here = cells.depth == depth
    printed = np.zeros(int(tree.depth.max(initial=0)) + 1, dtype=bool)
    printed[tree.depth[cells.industry[here & ~cells.absent]]] = True
    found = np.flatnonzero(cells.absent & here & (cells.above >= 0))
    region, until = cells.region[found], cells.industry[cells.above[found]]
    at = tree.parent[cells.industry[found]]
    keys = [np.zeros(0, dtype=np.int64)]
    while len(at):
        between = at != until
        region, until, at = region[between], until[between], at[between]
        level = printed[tree.depth[at]]
        keys.append(region[level] * len(tree.codes) + at[level])
        at = tree.parent[at]
    region, industry = np.divmod(np.unique(np.concatenate(keys)), len(tree.codes))
    if not len(region):
        return cells
    joined = _join(cells, region, industry)
    count = joined.summed(np.nan_to_num(joined.establishments))
    new = np.arange(len(joined)) >= len(cells)
    return replace(joined, establishments=np.where(new, count, joined.establishments))


def _short(cells: Cells, depth: int) -> tuple[Places, Floats]:
    """Rows that count more establishments than their children, and how many more for every row."""
    count = np.nan_to_num(cells.establishments)
    missing = count.copy()
    nested = np.flatnonzero(cells.above >= 0)
    np.subtract.at(missing, cells.above[nested], count[nested])
    finest = _finest(cells)
    short = (
        (cells.depth == depth)
        & ~finest[cells.industry]
        & ~np.isnan(cells.establishments)
        & (missing >= LEAST_MISSING)
    )
    return np.flatnonzero(short), missing


def _finest(cells: Cells) -> Flags:
    """Industries without any beneath them in the whole table."""
    finest = np.ones(len(cells.industries.codes), dtype=bool)
    parent = cells.industries.parent
    finest[parent[parent >= 0]] = False
    return finest


def _candidates(cells: Cells, rows: Places, closed: Places | None) -> tuple[Places, Places, Places]:
    """Region, industry and parent row of every finest industry without a row beneath these."""
    tree = cells.industries
    finest = np.flatnonzero(_finest(cells))
    beneath: dict[int, list[int]] = {}
    for code in finest.tolist():
        at = tree.parent[code]
        while at >= 0:
            beneath.setdefault(int(at), []).append(code)
            at = tree.parent[at]
    lists = [beneath.get(code, []) for code in cells.industry[rows].tolist()]
    parent = np.repeat(rows, [len(each) for each in lists])
    industry = np.array([code for each in lists for code in each], dtype=np.int64)
    region = cells.region[parent]
    free = cells.nearest(region, industry) == parent
    if closed is not None:
        free &= ~np.isin(region * len(tree.codes) + industry, closed)
    return region[free], industry[free], parent[free]


def _expected(
    cells: Cells, found: tuple[Places, Places, Places], fewest: int
) -> tuple[Places, Places, Floats]:
    """Establishments expected in each candidate, given that there are fewer than ``fewest``."""
    region, industry, parent = found
    width = len(cells.industries.codes)
    counts = cells.leaf & (cells.depth == cells.depth.max(initial=0))
    nation = np.bincount(cells.industry[counts], np.nan_to_num(cells.establishments)[counts], width)
    whole = nation.copy()
    for depth in range(int(cells.industries.depth.max(initial=0)), 0, -1):
        at = np.flatnonzero(cells.industries.depth == depth)
        np.add.at(whole, cells.industries.parent[at], whole[at])
    share = (nation[industry] + 0.5) / (whole[cells.industry[parent]] + 1)
    rate = share * np.nan_to_num(cells.establishments)[parent]
    other = _elsewhere_of(cells, region, industry)
    rate = np.where(np.isnan(other), rate, np.maximum(other, rate))
    terms = np.cumprod(
        np.concatenate([np.ones((1, len(rate)))] + [rate[None] / k for k in range(1, fewest)]),
        axis=0,
    )
    mean = (np.arange(fewest)[:, None] * terms).sum(axis=0) / terms.sum(axis=0)
    return region, industry, mean


def _elsewhere_of(cells: Cells, region: Places, industry: Places) -> Floats:
    """Establishments that another year prints of these cells; NaN where none does."""
    if cells.other_years is None:
        return np.full(len(region), np.nan)
    return cells.other_years.establishments_of(region, industry)


def _needed(parent: Places, expected: Floats, missing: Floats) -> Flags:
    """The likeliest candidates of each parent, as many as its missing establishments need."""
    order = np.lexsort((-expected, parent))
    first = np.concatenate([[True], parent[order][1:] != parent[order][:-1]])
    start = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    needed = np.empty(len(order), dtype=bool)
    needed[order] = np.arange(len(order)) - start < np.ceil(missing[parent[order]]) + 1
    return needed


def _join(cells: Cells, region: Places, industry: Places) -> Cells:
    size = len(region)
    nan = np.full(size, np.nan)
    jobs, count = nan, nan
    if cells.other_years is not None:
        jobs = cells.other_years.employment_of(region, industry)
        count = cells.other_years.establishments_of(region, industry)
    new = replace(
        cells,
        region=region,
        industry=industry,
        establishments=nan,
        employment=nan,
        low=np.zeros(size),
        high=np.full(size, np.inf),
        absent=np.ones(size, dtype=bool),
        elsewhere=jobs,
        elsewhere_establishments=count,
    )
    return cells.joined(new)


def _caps(parent: Places, missing: Floats, fewest: int) -> Floats:
    """Most establishments of one absent cell; more where a parent's missing ones need it."""
    number = np.bincount(parent, minlength=len(missing))
    needed = missing / np.maximum(number, 1)
    return np.maximum(float(fewest - 1), needed[parent] * 1.05)


def _shared_out(joined: Cells, new: Places, expected: Floats, cap: Floats, depth: int) -> Floats:
    """Establishments of the absent cells, adding up to what their parents miss."""
    high = joined.high.copy()
    high[new] = cap
    counting = replace(
        joined,
        employment=np.where(joined.absent, np.nan, joined.establishments),
        low=np.zeros(len(joined)),
        high=high,
    )
    sums = sums_of(counting, depth)
    guess = np.full(len(joined), 1.0)
    guess[new] = np.maximum(expected, SMALLEST_GUESS)
    guess = guess[sums.cells]
    jobs = least_squares(
        blocks_of(counting, sums),
        guess,
        guess,
        counting.low[sums.cells],
        high[sums.cells],
        tolerance=0.01,
    )
    count = np.full(len(joined), np.nan)
    count[sums.cells] = jobs
    return count[new]
