"""A tidy table as arrays: codes in one form, cells of a year, and how it was all written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from clusteratlas.completion.cells import Cells, Floats, OtherYears, Places
from clusteratlas.completion.form import MOST_FAULTS
from clusteratlas.completion.trees import NATIONS, industry_tree, region_tree
from clusteratlas.tables import Fault, InvalidInput


@dataclass(frozen=True)
class Spelling:
    """How the rows of a year write the codes of their regions.

    ``codes`` holds one way to write each region of the tree, then all ways; ``place`` that of each
    cell of the year among them, ``None`` where each region is written in one way.
    """

    codes: list[str]
    place: NDArray[np.signedinteger] | None

    def of(self, region: Places) -> pa.Array:
        """Return the codes of cells: the given ones as they were written, then any others."""
        places = region.copy()
        if self.place is not None:
            places[: len(self.place)] = self.place
        return decoded(places, self.codes)


class Given:
    """The table as arrays, codes in one form."""

    def __init__(self, table: pa.Table) -> None:
        region, codes = _encoded(table, "region")
        self._written = codes
        form = np.array([_region_form(code) for code in codes], dtype=str)
        self.regions = region_tree(sorted(set(form.tolist())))
        self._form = np.searchsorted(self.regions.codes, form)
        self.region = self._form[region]
        # Kept only where one region is written in two ways.
        mixed = len(np.unique(form)) < len(form)
        self._spelling = region.astype(np.int32) if mixed else None
        industry, codes = _encoded(table, "industry")
        self.industries = industry_tree(sorted(set(codes)))
        self.industry = np.searchsorted(self.industries.codes, np.array(codes, dtype=str))[industry]
        self.year = table.column("year").to_numpy().astype(np.int64)
        self.establishments = _numbers(table, "establishments", np.nan)
        self.employment = _numbers(table, "employment", np.nan)
        self.low = _numbers(table, "employment_low", 0.0)
        self.high = _numbers(table, "employment_high", np.inf)

    def check_repeated(self, file: str, first_row: int) -> None:
        """Raise every cell that is given twice."""
        key = (self.region * len(self.industries.codes) + self.industry) * 10_000 + self.year
        order = np.argsort(key, kind="stable")
        again = np.flatnonzero(key[order][1:] == key[order][:-1]) + 1
        faults = []
        for at in again[:MOST_FAULTS].tolist():
            row, first = int(order[at]), int(order[at - 1])
            region, industry = self.region[row], self.industry[row]
            cell = (self.written()[region], self.industries.codes[industry], self.year[row])
            faults.append(
                Fault(
                    f"the same region, industry and year stand already in row {first + first_row}",
                    file,
                    row + first_row,
                    "region, industry, year",
                    ", ".join(map(str, cell)),
                    "give each cell once; are two ownerships or size classes mixed?",
                )
            )
        if faults:
            raise InvalidInput(faults, total=len(again))

    def written(self) -> list[str]:
        """Return how the table writes the code of each region of the tree."""
        codes: list[str] = self.regions.codes.tolist()
        for place, code in zip(self._form.tolist(), self._written, strict=True):
            codes[place] = code
        return codes

    def rows(self, year: int) -> Places:
        """Return the row of the table that each cell of a year stands in."""
        here = np.flatnonzero(self.year == year)
        # Sorted, so that no order of rows matters.
        order: Places = here[np.lexsort((self.industry[here], self.region[here]))]
        return order

    def spelling(self, year: int) -> Spelling:
        """Return how the rows of a year write their regions."""
        codes = self.written()
        if self._spelling is None:
            return Spelling(codes, None)
        return Spelling(codes + self._written, self._spelling[self.rows(year)] + len(codes))

    def cells(self, year: int, years: list[int]) -> Cells:
        """Return the cells of one year, with what other years print of them."""
        region, industry = self.region, self.industry
        here = self.rows(year)
        others = self._others(year, years, region, industry, len(self.industries.codes))
        size = len(here)
        nothing = np.full(size, np.nan)
        known = ~np.isnan(self.employment[here])
        return Cells(
            self.regions,
            self.industries,
            region[here],
            industry[here],
            self.establishments[here],
            self.employment[here],
            np.where(known, 0.0, self.low[here]),
            np.where(known, np.inf, self.high[here]),
            np.zeros(size, dtype=bool),
            others.employment_of(region[here], industry[here]) if others else nothing,
            others.establishments_of(region[here], industry[here]) if others else nothing,
            others,
        )

    def _others(
        self, year: int, years: list[int], region: Places, industry: Places, width: int
    ) -> OtherYears | None:
        if len(years) == 1:
            return None
        use = np.flatnonzero((self.year != year) & ~np.isnan(self.employment))
        away = np.abs(self.year - year) * 2 + (self.year < year)
        key = region * width + industry
        return OtherYears.nearest(
            width, key[use], away[use], self.employment[use], self.establishments[use]
        )


def _encoded(table: pa.Table, name: str) -> tuple[Places, list[str]]:
    """Return the places of each row's code among the codes that occur."""
    column = pc.cast(table.column(name), pa.string()).combine_chunks().dictionary_encode()
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    return column.indices.to_numpy().astype(np.int64), column.dictionary.to_pylist()


def decoded(places: Places, codes: list[str]) -> pa.Array:
    """Return the codes at these places."""
    encoded = pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32)), pa.array(codes))
    return encoded.cast(pa.string())


def _region_form(code: str) -> str:
    if code == "US":
        return NATIONS[1]
    return code + "000" if len(code) == 2 else code


def _numbers(table: pa.Table, name: str, missing: float) -> Floats:
    if name not in table.column_names:
        return np.full(table.num_rows, missing)
    column = pc.cast(table.column(name), pa.float64())
    numbers: Floats = pc.fill_null(column, missing).to_numpy().astype(np.float64)
    return numbers
