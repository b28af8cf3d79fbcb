"""Hold a table against its contract and tell every fault at once."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from clusteratlas.tables.contract import Column, Contract
from clusteratlas.tables.errors import Fault, InvalidInput

MOST = 200
"""Faults of one kind that are spelled out; the rest is counted."""


def check(table: pa.Table, contract: Contract, *, file: str = "", first_row: int = 1) -> pa.Table:
    """Return the table with the contract's columns, types and order, or raise every fault.

    Parameters
    ----------
    table
        Rows to check. Columns beyond the contract are dropped.
    contract
        What the table must hold.
    file
        Name used in the faults.
    first_row
        Number of the table's first row in that file (2 for a CSV with a header).

    Raises
    ------
    InvalidInput
        With every fault found.

    Example
    -------
    >>> from clusteratlas.tables import MEMBERSHIPS
    >>> rows = pa.table({"scheme": ["us-county"], "region": ["06085"],
    ...                  "in_scheme": ["us-cbsa"], "in_region": ["41940"]})
    >>> check(rows, MEMBERSHIPS).num_rows
    1
    """
    faults, total = find_faults(table, contract, file=file, first_row=first_row)
    if faults:
        raise InvalidInput(faults, total=total)
    return table.select(list(contract.names)).cast(contract.schema)


def find_faults(
    table: pa.Table, contract: Contract, *, file: str = "", first_row: int = 1
) -> tuple[list[Fault], int]:
    """Return the faults (at most ``MOST`` of a kind) and how many there are in all."""
    present = set(table.column_names)
    faults = [
        Fault(
            f"column {column.name} is missing",
            file,
            column=column.name,
            hint=f"needed: {', '.join(contract.names)}; found: {', '.join(table.column_names)}",
        )
        for column in contract.columns
        if column.name not in present
    ]
    typed: dict[str, pa.ChunkedArray] = {}
    for column in contract.columns:
        if column.name in present:
            try:
                typed[column.name] = table.column(column.name).cast(column.type)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                faults.append(
                    Fault(
                        f"column {column.name} cannot be read as {column.type}",
                        file,
                        column=column.name,
                        hint=str(error).splitlines()[0],
                    )
                )
    total = len(faults)
    if typed:
        found, count = _row_faults(pa.table(typed), contract, file, first_row)
        faults += found
        total += count
    return faults, total


def _row_faults(
    table: pa.Table, contract: Contract, file: str, first_row: int
) -> tuple[list[Fault], int]:
    """Faults of single rows: empty, out of range, unknown word, broken rule, duplicate key."""
    questions: list[tuple[str, str, str, str]] = []
    names = set(table.column_names)
    for column in contract.columns:
        if column.name in names:
            questions += _column_questions(column)
    questions += [rule for rule in contract.rules if _can_ask(rule[1], contract, names)]
    faults: list[Fault] = []
    total = 0
    with duckdb.connect() as engine:
        engine.execute("set threads to 2")
        engine.execute("set enable_progress_bar = false")
        engine.register("given", table)
        engine.execute("create temp view numbered as select *, row_number() over () n from given")
        for blamed, bad, problem, hint in questions:
            count = _count(engine, f"select count(*) from given where {bad}")
            if not count:
                continue
            total += count
            rows = engine.execute(
                f'select n, "{blamed}", {"status" if "status" in names else "null"} '
                f"from numbered where {bad} order by n limit {MOST}"
            ).fetchall()
            faults += [
                Fault(
                    problem.format(status=status),
                    file,
                    n + first_row - 1,
                    blamed,
                    "" if value is None else str(value),
                    hint,
                )
                for n, value, status in rows
            ]
        if set(contract.key) <= names:
            found, count = _duplicates(engine, contract, file, first_row)
            faults += found
            total += count
    return faults, total


def _column_questions(column: Column) -> list[tuple[str, str, str, str]]:
    name = f'"{column.name}"'
    questions = []
    if not column.nullable:
        questions.append(
            (column.name, f"{name} is null", f"{column.name} is empty", "give a value")
        )
        if pa.types.is_string(column.type):
            questions.append(
                (column.name, f"trim({name}) = ''", f"{column.name} is empty", "give a value")
            )
    if pa.types.is_floating(column.type):
        questions.append(
            (column.name, f"not isfinite({name})", f"{column.name} is no number", "leave it empty")
        )
    if column.minimum is not None:
        bad = f"{name} < {column.minimum}"
        what = "is negative" if column.minimum == 0 else f"is below {column.minimum:g}"
        questions.append((column.name, bad, f"{column.name} {what}", ""))
    if column.maximum is not None:
        bad = f"isfinite({name}) and {name} > {column.maximum}"
        questions.append((column.name, bad, f"{column.name} is above {column.maximum:g}", ""))
    if column.words:
        words = ", ".join(f"'{word}'" for word in column.words)
        questions.append(
            (
                column.name,
                f"{name} not in ({words})",
                f"{column.name} is none of the known words",
                f"use one of {', '.join(column.words)}",
            )
        )
    return questions


def _can_ask(condition: str, contract: Contract, names: set[str]) -> bool:
    return all(name in names for name in contract.names if name in condition.split())


def _duplicates(
    engine: duckdb.DuckDBPyConnection, contract: Contract, file: str, first_row: int
) -> tuple[list[Fault], int]:
    key = ", ".join(f'"{name}"' for name in contract.key)
    repeated = f"select n, {key}, min(n) over (partition by {key}) first_n from numbered"
    if _count(engine, f"select count(*) - count(distinct ({key})) from given") == 0:
        return [], 0
    count = _count(engine, f"select count(*) from ({repeated}) where n > first_n")
    rows = engine.execute(
        f"select * from ({repeated}) where n > first_n order by n limit {MOST}"
    ).fetchall()
    return [
        Fault(
            f"the same {', '.join(contract.key)} stands already in row {row[-1] + first_row - 1}",
            file,
            row[0] + first_row - 1,
            contract.key[-1] if len(contract.key) == 1 else ", ".join(contract.key),
            ", ".join(str(value) for value in row[1:-1]),
            "keep one of the two; are two years or two sources mixed?",
        )
        for row in rows
    ], count


def _count(engine: duckdb.DuckDBPyConnection, question: str) -> int:
    answer = engine.execute(question).fetchone()
    return int(answer[0]) if answer else 0
