"""Tidy files as the tables that measures take: one row a region, industry and year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse
from numpy.typing import NDArray

from clusteratlas.cli.tidy_file import MOST_FAULTS, first_row, read_tidy
from clusteratlas.measures.frames import LabelledFigures
from clusteratlas.tables import Fault, InvalidInput

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TidyTable:
    """A tidy file: codes of its regions and industries, its years, its columns."""

    path: Path
    columns: pa.Table
    regions: tuple[str, ...]
    industries: tuple[str, ...]
    years: tuple[int, ...]
    absent_is_zero: bool

    def wide(self, column: str, year: int | None = None) -> LabelledFigures:
        """Return a column as regions x industries: NaN where the file has no figure.

        A region and industry without a row is NaN too, or 0 where the user said so.
        """
        values = np.full(
            (len(self.regions), len(self.industries)), 0.0 if self.absent_is_zero else np.nan
        )
        rows = self._rows_of(year)
        figures = self.columns.column(column).take(pa.array(rows))
        row, place = self._places(rows)
        values[row, place] = figures.to_numpy().astype(np.float64)
        return LabelledFigures(
            values, self.regions, self.industries, nw.Implementation.PYARROW, "region"
        )

    def by_year(self, column: str) -> Any:
        """Return one table, or a mapping of years where the file has several."""
        if len(self.years) < 2:
            return self.wide(column)
        return {year: self.wide(column, year) for year in self.years}

    def absent(self) -> int:
        """Return how many cells of the full table have no row."""
        full = len(self.regions) * len(self.industries) * max(len(self.years), 1)
        return full - self._count

    def withheld(self, column: str) -> int:
        """Return how many rows have no figure in a column."""
        names = self.columns.column_names
        return int(self.columns.column(column).null_count) if column in names else 0

    def check(self) -> None:
        """Refuse two rows of one region, industry and year."""
        keys = [
            name for name in ("region", "industry", "year") if name in self.columns.column_names
        ]
        numbered = self.columns.select(keys).append_column(
            "row", pa.array(range(1, self._count + 1))
        )
        counted = numbered.group_by(keys).aggregate([("row", "count"), ("row", "max")])
        twice = counted.filter(pc.greater(counted.column("row_count"), 1)).to_pylist()
        if twice:
            faults = [
                Fault(
                    "this cell stands in more than one row",
                    str(self.path),
                    row["row_max"] + first_row(self.path) - 1,
                    value=", ".join(str(row[key]) for key in keys),
                    hint="add the rows up; nothing is summed silently",
                )
                for row in sorted(twice, key=lambda row: row["row_max"])[:MOST_FAULTS]
            ]
            raise InvalidInput(faults, total=len(twice))

    @property
    def _count(self) -> int:
        return int(self.columns.num_rows)

    def _rows_of(self, year: int | None) -> NDArray[np.int64]:
        if year is None:
            return np.arange(self._count)
        years = self.columns.column("year").to_numpy()
        return np.flatnonzero(years == year).astype(np.int64)

    def _places(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        def of(name: str, labels: tuple[str, ...]) -> NDArray[np.int64]:
            codes = self.columns.column(name).take(pa.array(rows))
            found = pc.index_in(codes, pa.array(labels, pa.string()))
            return np.asarray(found.to_numpy(), dtype=np.int64)

        return of("region", self.regions), of("industry", self.industries)


def read_table(path: Path, numbers: Collection[str], *, absent_is_zero: bool) -> TidyTable:
    """Read a tidy file of regions and industries."""
    table = read_columns(path, {"year", *numbers}, needed=("region", "industry"))
    years: tuple[int, ...] = ()
    if "year" in table.column_names:
        unknown = np.flatnonzero(table.column("year").is_null().to_numpy())
        if len(unknown):
            first = first_row(path)
            raise InvalidInput(
                [
                    Fault("the year is missing", str(path), int(row) + first, "year")
                    for row in unknown[:MOST_FAULTS]
                ],
                total=len(unknown),
            )
        years = tuple(sorted(set(table.column("year").to_pylist())))
    read = TidyTable(
        path,
        table,
        tuple(sorted(set(table.column("region").to_pylist()))),
        tuple(sorted(set(table.column("industry").to_pylist()))),
        years,
        absent_is_zero,
    )
    read.check()
    return read


def read_columns(path: Path, numbers: Collection[str], *, needed: Collection[str]) -> pa.Table:
    """Read a file whole, these columns as numbers and the needed ones as text without gaps."""
    table = read_tidy(path, columns=None, numbers=numbers)
    names = table.column_names
    first = first_row(path)
    faults = [
        Fault(
            f"there is no column {name}",
            str(path),
            column=name,
            hint=f"its columns are {', '.join(names)}",
        )
        for name in needed
        if name not in names
    ]
    for name in needed:
        if name in names:
            text = pc.utf8_trim_whitespace(pc.cast(table.column(name), pa.string()))
            table = table.set_column(names.index(name), name, text)
            empty = pc.fill_null(pc.equal(text, ""), True)
            faults += [
                Fault(f"the {name} is missing", str(path), int(row) + first, name)
                for row in np.flatnonzero(empty.to_numpy())[:MOST_FAULTS]
            ]
    if not table.num_rows:
        faults.append(Fault("the file has no rows", str(path)))
    if faults:
        raise InvalidInput(faults)
    return table


@dataclass(frozen=True)
class Beside:
    """A file with one row a region or an industry."""

    path: Path
    key: str
    columns: pa.Table

    def vector(self, column: str, labels: tuple[str, ...], *, text: bool) -> Any:
        """Return a column in the order of the labels; refuse where one has no row."""
        codes = self.columns.column(self.key).to_pylist()
        places = {code: place for place, code in enumerate(codes)}
        missing = [label for label in labels if label not in places]
        faults = [
            Fault(f"there is no row for {self.key} {label}", str(self.path), column=self.key)
            for label in missing
        ]
        if len(places) != len(codes):
            twice = sorted({code for code in codes if codes.count(code) > 1})
            faults += [
                Fault(f"{self.key} {code} has several rows", str(self.path), column=self.key)
                for code in twice
            ]
        if faults:
            raise InvalidInput(faults[:MOST_FAULTS], total=len(faults))
        taken = self.columns.column(column).take(pa.array([places[label] for label in labels]))
        if text:
            given = taken.to_pylist()
            codes = ["" if code is None else str(code).strip() for code in given]
            gaps = [label for label, code in zip(labels, codes, strict=True) if not code]
            if gaps:
                faults = [
                    Fault(f"{self.key} {label} has no {column}", str(self.path), column=column)
                    for label in gaps
                ]
                raise InvalidInput(faults[:MOST_FAULTS], total=len(faults))
            return np.array(codes)
        return taken.to_numpy().astype(np.float64)


def read_neighbours(path: Path, regions: tuple[str, ...]) -> scipy.sparse.csr_array:
    """Read pairs (region, neighbour, perhaps weight) as a sparse matrix; each row one direction."""
    table = read_columns(path, {"weight"}, needed=("region", "neighbour"))
    places = {region: place for place, region in enumerate(regions)}
    first = first_row(path)
    faults = [
        Fault(f"{name} is no region of the input", str(path), row + first, name, code)
        for name in ("region", "neighbour")
        for row, code in enumerate(table.column(name).to_pylist())
        if code not in places
    ]
    if faults:
        raise InvalidInput(faults[:MOST_FAULTS], total=len(faults))
    weights = (
        table.column("weight").to_numpy().astype(np.float64)
        if "weight" in table.column_names
        else np.ones(table.num_rows)
    )
    rows, columns = (
        [places[code] for code in table.column(name).to_pylist()]
        for name in ("region", "neighbour")
    )
    return scipy.sparse.csr_array((weights, (rows, columns)), shape=(len(regions),) * 2)
