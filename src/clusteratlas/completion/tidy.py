"""Complete a tidy table: the rows as published in, the same rows with nothing withheld out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.completion.cells import Cells, Floats
from clusteratlas.completion.contradictions import find_contradictions
from clusteratlas.completion.filling import Filled, fill
from clusteratlas.completion.form import MOST_FAULTS, check_form
from clusteratlas.completion.given import Given, Spelling, decoded
from clusteratlas.completion.irreducible import find_conflicts, sharpened
from clusteratlas.completion.told import Teller
from clusteratlas.tables import ESTIMATED, REPORTED, WITHHELD, Fault, InvalidInput

DRAWS = 60
SMALLEST_KEPT = 0.0005
"""Jobs below which the estimate of an absent cell is no row."""

COMPLETED = pa.schema(
    [
        ("region", pa.string()),
        ("industry", pa.string()),
        ("year", pa.int16()),
        ("establishments", pa.float64()),
        ("employment", pa.float64()),
        ("employment_low", pa.float64()),
        ("employment_high", pa.float64()),
        ("status", pa.string()),
    ]
)


def complete_table(
    table: pa.Table,
    *,
    draws: int = DRAWS,
    file: str = "",
    first_row: int = 1,
    tell: Callable[[str, float], None] = lambda stage, share: None,
) -> pa.Table:
    """Return a table of figures with its withheld cells estimated.

    Definition
    ----------
    See `clusteratlas.completion.estimate`. Years are completed one by one, the others' printed
    figures serving as hints. Rows that the office left out and that their parents count are added.

    Parameters
    ----------
    table
        region (FIPS: county, state as two digits or with 000, nation as US000), industry (NAICS of
        any level, range sectors such as 31-33, total 00 or 10), year, establishments (count, may be
        an average), employment (jobs, may be an average; null where withheld); employment_low and
        employment_high (jobs) where bounds are known.
    draws
        Possible tables that intervals are taken from.
    file
        Name that faults carry.
    first_row
        Number of the first row in that file: 2 beneath the header of a CSV.
    tell
        Called with what is being done and the share done.

    Returns
    -------
    Columns of `COMPLETED`, sorted by year, region, industry: every given row in the spelling it was
    given, reported ones as they were, and the rows found absent with those between them and the
    given row above. Status reported, estimated or, where nothing binds a cell, withheld with null.

    Missing data
    ------------
    A null in employment is withheld, in establishments not known.

    Raises
    ------
    InvalidInput
        With every fault: missing columns, codes of no region or industry, negative counts, rows
        given twice, bounds or children that contradict their parent, and figures that contradict
        each other over several sums of both trees, of which none can be left out.

    Source
    ------
    Isserman and Westervelt (2006) for the two hierarchies; the estimate is our own.

    Example
    -------
    >>> rows = [("06001", "31-33", 10, 500.0), ("06001", "311", 6, None), ("06001", "312", 4, None)]
    >>> names = ["region", "industry", "establishments", "employment"]
    >>> table = pa.Table.from_pylist([dict(zip(names, row)) | {"year": 2020} for row in rows])
    >>> done = complete_table(table)
    >>> done["status"].to_pylist(), round(sum(done["employment"].to_pylist()[1:]))
    (['reported', 'estimated', 'estimated'], 500)
    """
    check_form(table, file, first_row)
    years = sorted(pc.unique(table.column("year")).to_pylist())
    columns = Given(table)
    columns.check_repeated(file, first_row)
    parts: list[pa.Table] = []
    faults: list[Fault] = []
    for number, year in enumerate(years):
        tell(f"checking the sums of {year}", number / len(years))
        cells, spelling = columns.cells(year, years), columns.spelling(year)
        teller = Teller(cells, columns.rows(year).astype(np.int32) + first_row, year, file)
        if number == len(years) - 1:
            del columns
        pa.default_memory_pool().release_unused()
        found = find_contradictions(cells)
        if found:
            faults += teller.all(sharpened(cells, found))
        if not faults:
            tell(f"completing {year}", (number + 0.1) / len(years))
            filled = fill(cells, draws=draws, between=True)
            faults += teller.all(find_conflicts(_as_given(filled, cells), filled.jobs))
            parts.append(_result(filled, spelling, year))
            del filled
        del cells, teller
    if faults:
        raise InvalidInput(faults[:MOST_FAULTS], total=len(faults))
    return pa.concat_tables(parts).sort_by(
        [("year", "ascending"), ("region", "ascending"), ("industry", "ascending")]
    )


def _as_given(filled: Filled, cells: Cells) -> Cells:
    """The cells with those found absent, and with the jobs that were given."""
    found = np.full(len(filled.cells) - len(cells), np.nan)
    return filled.cells.given(np.concatenate([cells.employment, found]))


def _result(filled: Filled, spelling: Spelling, year: int) -> pa.Table:
    cells = filled.cells
    kept = np.flatnonzero(~cells.absent | (filled.jobs > SMALLEST_KEPT))
    words = [REPORTED, ESTIMATED, WITHHELD]
    status = np.where(filled.estimated, 1, np.where(np.isnan(filled.jobs), 2, 0))

    def number(values: Floats) -> pa.Array:
        return pa.array(values[kept], mask=np.isnan(values[kept]))

    return pa.table(
        {
            "region": spelling.of(cells.region).take(pa.array(kept)),
            "industry": decoded(cells.industry[kept], cells.industries.codes.tolist()),
            "year": pa.array(np.full(len(kept), year, dtype=np.int16)),
            "establishments": number(cells.establishments),
            "employment": number(filled.jobs),
            "employment_low": number(filled.low),
            "employment_high": number(filled.high),
            "status": decoded(status[kept], words),
        },
        schema=COMPLETED,
    )
