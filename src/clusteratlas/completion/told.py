"""Contradictions as faults: which figures, in which rows, and the sums on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clusteratlas.completion.cells import Cells, Floats, Places
from clusteratlas.completion.contradictions import Contradiction
from clusteratlas.completion.irreducible import Conflict
from clusteratlas.tables import Fault

MOST_SHOWN = 8
HINT = "one of these figures is wrong, or they are of different years or sources"


@dataclass(frozen=True)
class Teller:
    """Tells what contradicts itself in a year's cells; ``rows`` are their numbers in the file."""

    cells: Cells
    rows: NDArray[np.int32]
    year: int
    file: str

    def all(self, found: Sequence[Contradiction | Conflict]) -> list[Fault]:
        """Return a fault for each."""
        return [
            self._conflict(each) if isinstance(each, Conflict) else self._sum(each)
            for each in found
        ]

    def _sum(self, found: Contradiction) -> Fault:
        relation = "add up to more than" if found.over else "cannot reach"
        is_ = "it is" if self.cells.known[found.row] else "it is at most"
        name = self._name(found.row).replace(" ", ", industry ")
        return Fault(
            f"in {self.year} the parts of region {name} {relation} it: "
            f"{self._figures(found.children)} make {found.beneath:,.10g}, "
            f"{is_} {found.printed:,.10g}",
            self.file,
            self._row(found.row),
            "employment",
            f"{found.printed:,.10g}",
            HINT,
        )

    def _conflict(self, found: Conflict) -> Fault:
        least = self._figures(found.least, found.least_times)
        most = self._figures(found.most, found.most_times)
        needed = f"{least} need at least {found.needed:,.10g} jobs"
        if len(found.most):
            left = f"where {most} leave at most {found.left:,.10g}"
        else:
            left = "where nothing is left"
        places = np.concatenate([found.least, found.most])
        given = sorted(int(self.rows[at]) for at in places.tolist() if at < len(self.rows))
        minimal = "; without any one of them the others would agree" if found.irreducible else ""
        return Fault(
            f"in {self.year} figures contradict each other over several sums of industries and "
            f"regions: {needed} {left}{minimal}",
            self.file,
            given[0] if given else None,
            "employment",
            hint=HINT,
        )

    def _row(self, place: int) -> int | None:
        """The row of the table that a cell stands in, counted from 1."""
        return int(self.rows[place]) if place < len(self.rows) else None

    def _name(self, place: int) -> str:
        cells = self.cells
        region = cells.regions.codes[cells.region[place]]
        return f"{region} {cells.industries.codes[cells.industry[place]]}"

    def _figures(self, places: Places, times: Floats | None = None) -> str:
        shown = []
        for number, at in enumerate(places[:MOST_SHOWN].tolist()):
            often = 1.0 if times is None else float(times[number])
            factor = "" if abs(often - 1) < 1e-6 else f"{often:.4g} times "
            shown.append(f"{factor}{self._name(at)} ({self._figure(at)}) in row {self._row(at)}")
        more = len(places) - MOST_SHOWN
        return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")

    def _figure(self, place: int) -> str:
        cells = self.cells
        jobs = cells.employment[place]
        if not np.isnan(jobs):
            return f"{jobs:,.10g}"
        high = cells.high[place]
        bound = "" if np.isinf(high) else f" to {high:,.10g}"
        return f"withheld, {cells.low[place]:,.10g}{bound}"
