"""The form of a tidy table: columns, codes and numbers, every fault of them at once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.tables import Fault, InvalidInput

NEEDED = ("region", "industry", "year", "establishments", "employment")
BOUNDS = ("employment_low", "employment_high")
COUNTS = ("establishments", "employment", *BOUNDS)
STATE = r"0[124-689]|1[0-35-9]|[23][0-9]|4[0-24-9]|5[013-6]|[67][0-9]"
"""States, the district and the territories by their FIPS codes."""
REGION = rf"US|US000|({STATE})([0-9]{{3}})?"
INDUSTRY = r"[0-9]{2}-[0-9]{2}|[0-9]{1,6}"
MOST_FAULTS = 200
FIRST_YEAR, LAST_YEAR = 1800, 2200


def _check_columns(table: pa.Table, file: str) -> None:
    """Raise columns that stand there twice, and a year or count of another kind than numbers."""
    names = table.column_names
    faults = [
        Fault(f"the column {name} stands there twice", file, column=name, hint="keep one")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if not faults:
        kind = table.column("year").type
        if not pa.types.is_integer(kind):
            faults.append(
                Fault(
                    f"year holds {kind}, not whole numbers",
                    file,
                    column="year",
                    hint="write years as whole numbers such as 2021",
                )
            )
        faults += [
            Fault(f"{name} holds true and false, not numbers", file, column=name)
            for name in COUNTS
            if name in names and pa.types.is_boolean(table.column(name).type)
        ]
    if faults:
        raise InvalidInput(faults)


def check_form(table: pa.Table, file: str, first_row: int) -> None:
    """Raise every fault of form; the table's first row has this number in the file."""
    missing = [name for name in NEEDED if name not in table.column_names]
    if missing:
        raise InvalidInput(
            [
                Fault(
                    f"the column {name} is missing",
                    file,
                    column=name,
                    hint=f"give {', '.join(NEEDED)}",
                )
                for name in missing
            ]
        )
    _check_columns(table, file)
    if not table.num_rows:
        raise InvalidInput([Fault("the table holds no rows", file)])
    faults: list[Fault] = []
    total = 0

    def blame(column: str, bad: pa.ChunkedArray, problem: str, hint: str) -> None:
        nonlocal total
        rows = np.flatnonzero(pc.fill_null(bad, False).to_numpy(zero_copy_only=False))
        total += len(rows)
        for row in rows[:MOST_FAULTS].tolist():
            value = table.column(column)[row].as_py()
            faults.append(
                Fault(
                    problem,
                    file,
                    row + first_row,
                    column,
                    "" if value is None else str(value),
                    hint,
                )
            )

    for name, pattern, hint in (
        ("region", REGION, "use FIPS codes as text: 06085, 06000 (or 06) for the state, US000"),
        ("industry", INDUSTRY, "use NAICS codes as text: 31-33, 334, 334413, and 00 for the total"),
    ):
        column = pc.cast(table.column(name), pa.string())
        fits = pc.match_substring_regex(column, f"^({pattern})$")
        blame(name, pc.invert(pc.fill_null(fits, False)), f"{name} is no known code", hint)
    year = table.column("year")
    blame("year", pc.is_null(year), "year is empty", "give the year")
    bad_year = pc.or_(pc.less(year, FIRST_YEAR), pc.greater(year, LAST_YEAR))
    blame("year", bad_year, "year is no year", "write the year with four digits")
    numbers: dict[str, pa.ChunkedArray] = {}
    for name in COUNTS:
        if name not in table.column_names:
            continue
        try:
            number = pc.cast(table.column(name), pa.float64())
        except pa.ArrowInvalid as error:
            faults.append(Fault(f"{name} is not a number", file, column=name, value=str(error)))
            total += 1
            continue
        numbers[name] = number
        bad = pc.or_(pc.less(number, 0.0), pc.invert(pc.is_finite(number)))
        blame(name, bad, f"{name} is negative or no number", "leave withheld figures empty")
    if all(name in numbers for name in BOUNDS):
        low, high = (numbers[name] for name in BOUNDS)
        blame(
            "employment_low",
            pc.greater(low, high),
            "employment_low is above employment_high",
            "exchange the two, or correct them",
        )
    if faults:
        raise InvalidInput(faults, total=total)
