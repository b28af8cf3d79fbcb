"""What the measures of similarity, inequality and diversity share: how a table is read and walked.

A distribution is a region over the industries, or an industry over the regions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import CELLS, Arguments, Floats, choose, columns, divide

Of = Literal["regions", "industries"]

LEAST_ROWS = 32
"""Rows of a block at least: a column read alone would fetch eight times what it needs."""

TILE = 1_024
"""Figures of each column that are turned at a time: more would leave the cache half used."""


class Distributions(NamedTuple):
    """Distributions in rows."""

    table: Floats
    single: bool
    """Whether one distribution was given, so that the answer is a number."""


class Compared(NamedTuple):
    """Employment, and the shares it is compared with."""

    table: Floats
    shares: Floats
    single: bool


def distributions(given: Arguments, name: str, values: npt.ArrayLike, of: str) -> Distributions:
    """Read distributions into rows; one dimension is one distribution."""
    choose("way to cut the table", of, ("regions", "industries"))
    read = given.figures(name, values)
    given.check()
    if read.ndim == 1:
        return Distributions(read[None, :], True)
    return Distributions(read if of == "regions" else read.T, False)


def compared(
    given: Arguments,
    employment: npt.ArrayLike,
    reference: npt.ArrayLike | None,
    each: Literal["region", "industry"],
) -> Compared:
    """Read employment and a reference with one figure for each region or for each industry.

    Without a reference it is the table's own sums, which one unknown cell would spoil for all: the
    call is refused then.
    """
    read = given.figures("employment", employment)
    single = read.ndim == 1
    if each == "region":
        table = columns(read)
        axis = 1
    else:
        table = read[None, :] if single else read
        axis = 0
    if reference is None:
        given.need(
            not single or not read.size,
            "reference",
            "reference is missing",
            f"one distribution alone has nothing to compare with; give one for each {each}",
        )
        given.check()
        sizes = table.sum(axis=axis)
        if np.isnan(sizes).any():
            given.known("employment", read)
            given.check()
    else:
        sizes = given.vector("reference", reference, table.shape[1 - axis], each)
        given.known("reference", sizes)
        given.check()
    return Compared(table, divide(sizes, sizes.sum()), single)


def blocks(rows: int, width: int) -> Iterator[slice]:
    """Cut rows into blocks that stay in the cache."""
    step = max(LEAST_ROWS, CELLS // max(width, 1))
    return (slice(start, start + step) for start in range(0, rows, step))


def by_rows(function: Callable[[Floats], Floats], table: Floats) -> Floats:
    """Apply a function that gives one number for each row, block by block."""
    parts = [function(_in_rows(table[block])) for block in blocks(*table.shape)]
    return np.concatenate(parts) if parts else np.empty(0)


def _in_rows(block: Floats) -> Floats:
    """Return the block with its rows in one piece each; columns are turned tile by tile."""
    if block.flags.c_contiguous:
        return block
    turned = np.empty(block.shape)
    for start in range(0, block.shape[1], TILE):
        turned[:, start : start + TILE] = block[:, start : start + TILE]
    return turned


def there(rows: Floats) -> tuple[npt.NDArray[np.intp], Floats]:
    """Return the row and the figure of each cell that is not zero: what logarithms are taken of."""
    cells = rows.reshape(-1)
    place = np.flatnonzero(cells)
    return place // max(rows.shape[1], 1), cells[place]


def shares_of(rows: Floats) -> Floats:
    """Return each row's shares of its sum; NaN where the sum is zero or a cell is not known."""
    return divide(rows, rows.sum(axis=1)[:, None])


def number_or_each(values: Floats, single: bool) -> Floats:
    """Return a plain number for one distribution that was given alone."""
    return values[0] if single else values
