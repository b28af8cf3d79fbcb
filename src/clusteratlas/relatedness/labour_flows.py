"""Read a file of labour flows: who left which industry for which."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from clusteratlas.classification import find_code_faults, industries
from clusteratlas.relatedness.similarities import Floats
from clusteratlas.sources.cells import read_table
from clusteratlas.sources.contents import read_contents
from clusteratlas.sources.findings import MOST, Findings, number_problem
from clusteratlas.tables import CannotAnswer

NEEDED: Final = ("from", "to", "persons")
LARGEST: Final = 1e12


def read_labour_flows(
    path: Path,
    *,
    classification: str | None = None,
    codes: Collection[str] | None = None,
) -> tuple[Floats, tuple[str, ...]]:
    """Read how many persons changed from one industry to another.

    Definition
    ----------
    Columns from, to (codes of one level of a classification) and persons (0 or more, decimals
    allowed, as in yearly means). Other columns are ignored. A row from an industry to itself is a
    change of employer within it.

    Parameters
    ----------
    path
        UTF-8 text, separated by commas, with a header; or Parquet; gzip and zip are unpacked.
    classification
        Name of the classification that codes must be of, all of one level.
    codes
        Codes that are known, where no classification is named.

    Returns
    -------
    tuple
        Flows from x to (persons), and the industries, sorted.

    Missing data
    ------------
    A pair without a row is a flow of 0. An empty cell is a fault: a flow that is withheld is not 0,
    and would make every total unknown.

    Raises
    ------
    InvalidInput
        With every fault: columns missing, empty cells, codes that are not known or of several
        levels, persons negative or no number, a pair that stands twice.
    CannotAnswer
        The classification is not at hand.

    Example
    -------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "flows.csv")
    ...     _ = path.write_text("from,to,persons\\n3344,3345,12\\n3345,3344,7.5\\n")
    ...     flows, labels = read_labour_flows(path, classification="naics-2017")
    >>> labels, flows
    (('3344', '3345'), array([[ 0. , 12. ],
           [ 7.5,  0. ]]))
    """
    found = Findings(path)
    table = read_table(read_contents(path, found), found, NEEDED.__contains__)
    missing = [name for name in NEEDED if name not in table.names]
    if missing:
        found.missing_columns(
            missing, [name.lower() for name in table.header], row=table.header_row
        )
    found.stop_if_any()
    rows: list[int] = table.cells.column("row").to_pylist()
    if not rows:
        found.refuse("the file has no rows", hint="one row for each pair: from, to, persons")
    sides = {
        name: [(cell or "").strip() for cell in table.cells.column(name).to_pylist()]
        for name in NEEDED[:2]
    }
    counts = [(cell or "").strip() for cell in table.cells.column("persons").to_pylist()]
    for name, cells in sides.items():
        _blame_empty(found, table.names[name], rows, cells, "give the code of an industry")
    persons = _persons(found, table.names["persons"], rows, counts)
    _blame_twice(found, rows, sides)
    _blame_codes(found, table.names, rows, sides, classification, codes)
    found.stop_if_any()
    labels = sorted({*sides["from"], *sides["to"]})
    at = {label: place for place, label in enumerate(labels)}
    flows = np.zeros((len(labels), len(labels)))
    places = tuple([at[cell] for cell in sides[name]] for name in NEEDED[:2])
    flows[places] = persons
    return flows, tuple(labels)


def _blame_empty(
    found: Findings, column: str, rows: list[int], cells: list[str], hint: str
) -> None:
    empty = [row for row, cell in zip(rows, cells, strict=True) if not cell]
    for row in empty[:MOST]:
        found.add(f"{column} is empty", row=row, column=column, hint=hint)
    found.count(len(empty) - MOST)


def _persons(found: Findings, column: str, rows: list[int], cells: list[str]) -> list[float]:
    hint = "a withheld flow is no 0: give an estimate, or the table of a coarser level"
    _blame_empty(found, column, rows, cells, hint)
    persons, wrong = [], 0
    for row, cell in zip(rows, cells, strict=True):
        number = _number(cell)
        persons.append(number)
        if cell and not 0 <= number <= LARGEST:
            wrong += 1
            if wrong <= MOST:
                problem, advice = number_problem(column, cell)
                if not np.isnan(number) and number > LARGEST:
                    problem, advice = f"{column} is too large", "persons, not units or shares"
                found.add(problem, row=row, column=column, value=cell, hint=advice)
    found.count(wrong - MOST)
    return persons


def _number(cell: str) -> float:
    """Return a number, NaN where the cell is none; words such as nan and inf are none."""
    if not cell or not set(cell) <= set("0123456789.eE+-"):
        return float("nan")
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _blame_twice(found: Findings, rows: list[int], sides: dict[str, list[str]]) -> None:
    seen: dict[tuple[str, str], int] = {}
    twice = 0
    for row, one, other in zip(rows, sides["from"], sides["to"], strict=True):
        if not one or not other:
            continue
        first = seen.setdefault((one, other), row)
        if first == row:
            continue
        twice += 1
        if twice <= MOST:
            found.add(
                f"the same from, to stands already in row {first}",
                row=row,
                column="from, to",
                value=f"{one}, {other}",
                hint="add the rows up, or leave one out; are two years in the file?",
            )
    found.count(twice - MOST)


def _blame_codes(
    found: Findings,
    names: dict[str, str],
    rows: list[int],
    sides: dict[str, list[str]],
    classification: str | None,
    codes: Collection[str] | None,
) -> None:
    """Every code is known; all are of one level, as classes within each other count twice."""
    if classification is None and codes is None:
        return
    levels: dict[str, int] = {}
    if classification is not None:
        known = industries(classification)
        levels = {row["industry"]: row["level"] for row in known.to_pylist()}
    allowed = set(levels) if codes is None else set(codes)
    for name, cells in sides.items():
        wrong = [place for place, cell in enumerate(cells) if cell and cell not in allowed]
        for place in wrong[:MOST]:
            problem, hint = _explained(cells[place], classification, found.file, allowed)
            found.add(problem, row=rows[place], column=names[name], value=cells[place], hint=hint)
        found.count(len(wrong) - MOST)
    first: dict[int, tuple[int, str, str]] = {}
    for name, cells in sides.items():
        for row, cell in zip(rows, cells, strict=True):
            if cell in levels:
                first.setdefault(levels[cell], (row, name, cell))
    if len(first) > 1:
        usual = max(first, key=lambda level: sum(levels.get(c) == level for c in sides["from"]))
        for level, (row, name, cell) in sorted(first.items()):
            if level != usual:
                found.add(
                    f"the code is of level {level}, most are of level {usual}",
                    row=row,
                    column=names[name],
                    value=cell,
                    hint="give industries of one level: a class and its parts would count twice",
                )


def _explained(
    code: str, classification: str | None, file: str, allowed: Collection[str]
) -> tuple[str, str]:
    if classification is not None:
        try:
            faults = find_code_faults(
                pa.array([code]), classification, file=file, column="", first_row=0
            )
        except CannotAnswer:
            faults = []
        if faults:
            return faults[0].problem, faults[0].hint
    return "the industry is not known", f"known are {', '.join(sorted(allowed)[:5])} ..."
