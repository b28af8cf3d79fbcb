"""Questions to a table of text cells; whatever is wrong goes to the findings of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from types import TracebackType

import duckdb
import pyarrow as pa

from clusteratlas.classification import find_code_faults
from clusteratlas.sources.cells import TextTable
from clusteratlas.sources.findings import DIGITS, MOST, Findings, number_problem, shorten

EARLIEST, LATEST = 1900, 2100


class Checks:
    """A table of text cells in DuckDB (``cells``, trimmed), and the findings of its file.

    Columns are named in lower case, a cell that is empty is ``''``; ``row`` is the true row.
    """

    def __init__(self, text: TextTable, found: Findings, needed: Iterable[str] = ()) -> None:
        """Take the cells; a ``needed`` column that is missing is noted and stands there empty."""
        self.found = found
        self.names = text.names
        self.engine = duckdb.connect()
        self.engine.execute("set enable_progress_bar = false")
        self.engine.execute("set threads to 2")
        self.engine.register("text", text.cells)
        cells = ["row", *(f'trim("{quoted(name)}") as "{quoted(name)}"' for name in text.names)]
        missing = [name for name in needed if name not in text.names]
        cells += [f"'' as \"{name}\"" for name in missing]
        self.engine.execute(f"create table cells as select {', '.join(cells)} from text")
        if missing:
            present = [name.lower() for name in text.header if name.lower() not in missing]
            found.missing_columns(missing, present, row=text.header_row)
        self.engine.unregister("text")

    def __enter__(self) -> Checks:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.engine.close()

    def has(self, name: str) -> bool:
        """Whether the file has that column."""
        return name in self.names

    def blame(
        self,
        column: str,
        bad: str,
        problem: str | Callable[[str], tuple[str, str]],
        hint: str = "",
        *,
        table: str = "cells",
    ) -> int:
        """Note a fault for each row where the condition ``bad`` holds; return how many there are.

        ``problem`` is a sentence, or makes problem and hint from the cell.
        """
        name, cell = self.names.get(column, column), f'"{quoted(column)}"'
        rows = self.engine.execute(
            f"select row, {cell}, count(*) over () from {table} where {bad} "
            f"order by row limit {MOST}"
        ).fetchall()
        for row, value, _ in rows:
            told, advice = problem(value) if callable(problem) else (problem, hint)
            self.found.add(told, row=row, column=name, value=value, hint=advice)
        total = int(rows[0][2]) if rows else 0
        self.found.count(total - len(rows))
        return total

    def filled(self, column: str, hint: str = "give a value") -> None:
        """Every cell of the column holds something."""
        if not self.has(column):
            return
        name = self.names.get(column, column)
        self.blame(column, f"\"{quoted(column)}\" = ''", f"{name} is empty", hint)

    def whole(self, column: str, *, needed: bool = False) -> None:
        """Every cell is a whole number that is not negative; an empty one where not ``needed``."""
        if not self.has(column):
            return
        if needed:
            self.filled(
                column, "give the figure, or leave out the row that the office does not print"
            )
        name, cell = self.names[column], f'"{quoted(column)}"'
        self.blame(
            column,
            f"{cell} <> '' and not regexp_full_match({cell}, '{DIGITS}')",
            lambda value: number_problem(name, value),
        )

    def years(self, column: str, year: int | None) -> None:
        """Every cell is a year; the year that is asked for, where one is."""
        if not self.has(column):
            return
        self.filled(column, "give the year of the figures")
        name, cell = self.names[column], f'"{quoted(column)}"'
        number = whole_number(cell)
        is_year = f"coalesce({number} between {EARLIEST} and {LATEST}, false)"
        self.blame(
            column,
            f"{cell} <> '' and not {is_year}",
            f"{name} is no year",
            "write the year with four digits, such as 2021",
        )
        if year is not None:
            self.blame(
                column,
                f"{is_year} and {number} <> {year}",
                f"the row is of another year than {year}",
                "are two years mixed in the file? give one file a year, or do not name a year",
            )

    def codes(self, codes: str, column: str, classification: str, known: pa.Table) -> None:
        """Every code is of the classification.

        ``codes`` is a table with ``row``, ``code`` (as the classification writes it) and the cell.
        """
        self.engine.register("known_codes", known.select(["industry"]))
        bad = self.engine.execute(
            f'select row, code, "{quoted(column)}" as cell, count(*) over () as total '
            f"from {codes} where code <> '' and code not in (select industry from known_codes) "
            f"order by row limit {MOST}"
        ).to_arrow_table()
        self.engine.unregister("known_codes")
        if not bad.num_rows:
            return
        name = self.names.get(column, column)
        faults = find_code_faults(
            bad["code"], classification, file=self.found.file, column=name, first_row=0
        )
        rows, cells = bad["row"].to_pylist(), bad["cell"].to_pylist()
        for fault in faults:
            at = fault.row or 0
            placed = replace(fault, row=rows[at], value=shorten(cells[at]))
            self.found.add(
                placed.problem,
                row=placed.row,
                column=name,
                value=placed.value,
                hint=placed.hint,
            )
        self.found.count(bad["total"][0].as_py() - bad.num_rows)

    def unique(self, key: Sequence[str], columns: Sequence[str], hint: str, *, table: str) -> None:
        """No two rows share the key; ``columns`` are the columns to blame."""
        keys = ", ".join(key)
        distinct = self.number(f"select count(*) - count(distinct ({keys})) from {table}")
        if not distinct:
            return
        rows = self.engine.execute(
            f"select * from (select row, min(row) over (partition by {keys}) as first, {keys} "
            f"from {table}) where row > first order by row limit {MOST}"
        ).fetchall()
        blamed = ", ".join(self.names.get(column, column) for column in columns)
        for row, first, *values in rows:
            self.found.add(
                f"the same {', '.join(key)} stands already in row {first}",
                row=row,
                column=blamed,
                value=", ".join(str(value) for value in values),
                hint=hint,
            )
        self.found.count(distinct - len(rows))

    def number(self, question: str) -> int:
        """Return the one whole number that answers a question."""
        answer = self.engine.execute(question).fetchone()
        return int(answer[0] or 0) if answer else 0


def whole_number(cell: str) -> str:
    """Return the expression that turns a cell like ``12`` or ``12.0`` into a whole number."""
    return (
        f"try_cast(case when regexp_full_match(trim({cell}), '[-+]?[0-9]+([.]0*)?') "
        f"then split_part(trim({cell}), '.', 1) end as bigint)"
    )


def quoted(name: str) -> str:
    """Return the name of a column as it stands between quotation marks in a question."""
    return name.replace('"', '""')
