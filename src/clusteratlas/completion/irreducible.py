"""Irreducible contradictions: figures that no table can hold together, none of them needless.

Every figure is a pair of bounds on one cell (what it is at least, and at most, rounding allowed),
and the sums of both trees tie the cells together. Around a sum that the estimate misses, figures
are made elastic: the least stretch that makes the system feasible is a linear programme, and the
figures with a multiplier in it contradict each other. A deletion filter then leaves out one after
the other as long as the rest still contradicts itself.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from clusteratlas.completion.cells import Cells, Flags, Floats, Places
from clusteratlas.completion.contradictions import EXACT, Contradiction, Rounding, allowed_by
from clusteratlas.completion.relations import Relations, relations_of

MOST_SECONDS = 20.0
"""Time for all contradictions of a year together."""
MOST_FOUND = 20
MOST_CELLS = 60_000
"""Cells of the largest part of a table that is searched at once."""
LEAST_STRETCH = 1e-4
"""Jobs of stretch beyond rounding below which a system is feasible."""
NO_MULTIPLIER = 1e-7
EVERY_STEP = 10_000
"""Steps from sum to sum that reach all that are tied together."""
FEWEST = 2
"""Figures that a contradiction needs."""
MOST_EXCHANGED = 2_000
"""Bounds of a system up to which smaller sets are looked for figure by figure."""
FEW = 40
"""Figures up to which the filter is run in several orders, to find a smaller set."""


@dataclass(frozen=True)
class Conflict:
    """Figures that contradict each other over several sums of both trees.

    Attributes
    ----------
    least, most
        Places of the cells whose jobs are too many, and of those whose jobs are too few.
    least_times, most_times
        How often each counts; mostly once.
    needed, left
        Jobs of the first at least, and what the second leave at most.
    irreducible
        True if no figure can be left out; false if time ran out before all were tried.
    """

    least: Places
    most: Places
    least_times: Floats
    most_times: Floats
    needed: float
    left: float
    irreducible: bool

    def __len__(self) -> int:
        return len(self.least) + len(self.most)


def find_conflicts(cells: Cells, jobs: Floats, *, seconds: float = MOST_SECONDS) -> list[Conflict]:
    """Return what makes sums impossible to meet, given an estimate that misses some.

    Definition
    ----------
    A sum is looked at if the estimate misses it by more than rounding explains. Sums that share
    unknown cells with it are taken in step by step until they contradict themselves; if they do
    not, or not within the time, nothing is returned: the estimate then missed what could be met.

    Parameters
    ----------
    cells
        As given, with the cells found absent.
    jobs
        (n,) the estimate; NaN where nothing can be said.
    """
    relations = relations_of(cells)
    rounding = allowed_by(cells)
    allowed = rounding.of_sums(relations.figures, cells.employment[relations.row]) + EXACT
    missed = relations.misses(jobs)
    suspects = np.flatnonzero(missed > allowed)
    if not len(suspects):
        return []
    search = Search(cells, relations, rounding, time.monotonic() + seconds)
    found: list[Conflict] = []
    for suspect in suspects[np.argsort(-missed[suspects], kind="stable")].tolist():
        conflict = search.around(suspect)
        if conflict is not None:
            found.append(conflict)
        if len(found) == MOST_FOUND or search.late:
            break
    return found


def sharpened(
    cells: Cells, found: Sequence[Contradiction], *, seconds: float = MOST_SECONDS
) -> list[Contradiction | Conflict]:
    """Return contradictions of single sums, or what contradicts itself with fewer figures.

    The sums around each are searched; where fewer figures of several sums cannot hold together
    either, these are told in place of it.
    """
    if not found:
        return []
    search = Search(cells, relations_of(cells), allowed_by(cells), time.monotonic() + seconds)
    sharper: list[Contradiction | Conflict] = []
    for each in found:
        conflict = None
        if len(each.children) + 1 > FEWEST and len(sharper) < MOST_FOUND and not search.late:
            own = np.flatnonzero(search.relations.row == each.row)
            conflict = search.around(*own.tolist(), wide=True) if len(own) else None
        smaller = conflict is not None and len(conflict) < len(each.children) + 1
        sharper.append(conflict if smaller and conflict is not None else each)
    return sharper


@dataclass(frozen=True)
class _System:
    """Some relations as a linear programme: its cells, and what ties them."""

    cells: Places
    exact: sp.csr_matrix
    at_most: sp.csr_matrix

    @classmethod
    def of(cls, relations: Relations) -> _System:
        """Rows are the cells of a sum less the sum itself."""
        number = np.arange(len(relations.row))
        own = sp.csr_matrix(
            (np.ones(len(number)), (number, relations.row)), shape=relations.members.shape
        )
        difference = (relations.members - own).tocsc()
        used = np.flatnonzero(np.diff(difference.indptr))
        rows = difference[:, used].tocsr()
        return cls(used, rows[relations.exact], rows[~relations.exact])


@dataclass(frozen=True)
class _Sides:
    """Bounds in jobs: ``sign`` 1 where the cell is at least that, -1 where at most."""

    cell: Places
    sign: Places
    jobs: Floats
    value: Floats

    def only(self, kept: Flags | Places) -> _Sides:
        return _Sides(self.cell[kept], self.sign[kept], self.jobs[kept], self.value[kept])


@dataclass
class Search:
    """Searches the sums of one table for contradictions, each figure told of once."""

    cells: Cells
    relations: Relations
    rounding: Rounding
    until: float
    told: set[tuple[int, int]] = field(default_factory=set)

    @property
    def late(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() > self.until

    def around(self, *starts: int, wide: bool = False) -> Conflict | None:
        """Return a contradiction of the sums around some relations, near ones first.

        With ``wide`` all sums that are tied to them are searched at once.
        """
        unknown = sp.diags((~self.cells.known).astype(np.float64))
        own = sp.csr_matrix(
            (
                np.ones(len(self.relations.row)),
                (np.arange(len(self.relations.row)), self.relations.row),
            ),
            shape=self.relations.members.shape,
        )
        ties = ((self.relations.members + own) @ unknown).tocsr()
        back = ties.T.tocsr()
        near = np.zeros(ties.shape[0], dtype=bool)
        near[list(starts)] = True

        def grow(near: Flags, steps: int) -> Flags:
            for _ in range(steps):
                reached = near | (ties @ (back @ near.astype(np.float64)) > 0)
                size = np.diff(self.relations.members.indptr)[reached].sum()
                if reached.sum() == near.sum() or size > MOST_CELLS:
                    break
                near = reached
            return near

        steps, grown = 1, 0
        while not self.late:
            if not wide or grown:
                found = self._within(np.flatnonzero(near), grow(near, EVERY_STEP))
                if found is not None:
                    return found
            before = int(near.sum())
            near = grow(near, EVERY_STEP if wide else steps)
            if near.sum() == before and (grown or not wide):
                return None
            steps, grown = steps * 2, grown + 1
            if wide and grown > 1:
                return None
        return None

    def _within(self, kept: Places, tied: Flags) -> Conflict | None:
        """Return a contradiction of these relations, no figure of it needless among all ``tied``.

        A figure that the near sums need can be needless once farther ones take part.
        """
        system = _System.of(self.relations.only(kept))
        sides = self._sides(system.cells)
        stretch, multipliers = self._stretch(system, sides)
        if stretch <= LEAST_STRETCH:
            return None
        every = sides
        sides, irreducible = self._filtered(system, sides.only(multipliers > NO_MULTIPLIER))
        if irreducible:
            sides = self._smaller(system, every, sides)
        if irreducible and len(sides.cell) <= FEW and tied.sum() > len(kept):
            system = _System.of(self.relations.only(np.flatnonzero(tied)))
            sides, irreducible = self._filtered(system, sides)
        _, times = self._stretch(system, sides)
        times = times / max(times.min(initial=np.inf), NO_MULTIPLIER)
        self.told.update(zip(sides.cell.tolist(), sides.sign.tolist(), strict=True))
        low, high = sides.sign > 0, sides.sign < 0
        return Conflict(
            sides.cell[low],
            sides.cell[high],
            times[low],
            times[high],
            float(sides.value[low] @ times[low]),
            float(sides.value[high] @ times[high]),
            irreducible,
        )

    def _sides(self, places: Places) -> _Sides:
        """Return the bounds of these cells that say something, none of them told of already."""
        cells = self.cells
        known = cells.known[places]
        jobs = np.nan_to_num(cells.employment[places])
        around = self.rounding.jobs + self.rounding.share * jobs
        low = np.where(known, jobs - around, cells.low[places])
        high = np.where(known, jobs + around, cells.high[places])
        value = np.concatenate(
            [np.where(known, jobs, cells.low[places]), np.where(known, jobs, cells.high[places])]
        )
        sides = _Sides(
            np.concatenate([places, places]),
            np.repeat([1, -1], len(places)),
            np.concatenate([low, high]),
            value,
        )
        says = np.where(sides.sign > 0, sides.jobs > 0, np.isfinite(sides.jobs))
        if self.told:
            keys = zip(sides.cell.tolist(), sides.sign.tolist(), strict=True)
            says &= np.array([key not in self.told for key in keys])
        return sides.only(np.flatnonzero(says))

    def _stretch(self, system: _System, sides: _Sides) -> tuple[float, Floats]:
        """Return by how many jobs bounds must give way, and each one's multiplier."""
        size, number = len(system.cells), len(sides.cell)
        column = np.searchsorted(system.cells, sides.cell)
        sign = -sides.sign.astype(np.float64)
        bounding = sp.csr_matrix((sign, (np.arange(number), column)), shape=(number, size))
        nothing = sp.csr_matrix((system.at_most.shape[0], number))
        found = linprog(
            np.concatenate([np.zeros(size), np.ones(number)]),
            A_ub=sp.vstack(
                [sp.hstack([bounding, -sp.eye(number)]), sp.hstack([system.at_most, nothing])],
                format="csr",
            ),
            b_ub=np.concatenate([sign * sides.jobs, np.zeros(system.at_most.shape[0])]),
            A_eq=sp.hstack(
                [system.exact, sp.csr_matrix((system.exact.shape[0], number))], format="csr"
            ),
            b_eq=np.zeros(system.exact.shape[0]),
            bounds=(0, None),
            method="highs",
            options={"time_limit": max(self.until - time.monotonic(), 0.1)},
        )
        if found.status != 0:
            return 0.0, np.zeros(number)
        return float(found.fun), -np.asarray(found.ineqlin.marginals)[:number]

    def _filtered(self, system: _System, sides: _Sides) -> tuple[_Sides, bool]:
        """Leave out one bound after the other as long as the rest contradicts itself.

        Small figures are tried first, so that the largest, which weigh most, are left. A few are
        tried in other orders too.
        """
        best, irreducible = self._in_order(system, sides, np.argsort(sides.value, kind="stable"))
        if len(sides.cell) <= FEW:
            for order in (np.argsort(-sides.value, kind="stable"), np.argsort(sides.cell)):
                if self.late:
                    break
                other, whole = self._in_order(system, sides, order)
                if whole and len(other.cell) < len(best.cell):
                    best = other
        return best, irreducible

    def _smaller(self, system: _System, every: _Sides, found: _Sides) -> _Sides:
        """Return a smaller irreducible set if there is one without some figure of this one."""
        best = found
        if not FEWEST < len(found.cell) <= FEW or len(every.cell) > MOST_EXCHANGED:
            return best
        for cell, sign in zip(found.cell.tolist(), found.sign.tolist(), strict=True):
            if self.late or len(best.cell) == FEWEST:
                break
            others = every.only((every.cell != cell) | (every.sign != sign))
            stretch, multipliers = self._stretch(system, others)
            if stretch <= LEAST_STRETCH:
                continue
            others = others.only(multipliers > NO_MULTIPLIER)
            order = np.argsort(others.value, kind="stable")
            others, irreducible = self._in_order(system, others, order)
            if irreducible and len(others.cell) < len(best.cell):
                best = others
        return best

    def _in_order(self, system: _System, sides: _Sides, order: Places) -> tuple[_Sides, bool]:
        kept = np.ones(len(sides.cell), dtype=bool)
        for at in order.tolist():
            if self.late:
                return sides.only(kept), False
            if not kept[at]:
                continue
            tried = kept.copy()
            tried[at] = False
            rest = np.flatnonzero(tried)
            if not len(rest):
                continue
            stretch, multipliers = self._stretch(system, sides.only(rest))
            if stretch > LEAST_STRETCH:
                kept = np.zeros(len(kept), dtype=bool)
                kept[rest[multipliers > NO_MULTIPLIER]] = True
        return sides.only(kept), True
