"""Areas that counties (or other small regions) are added up to before industries are compared."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.relatedness.similarities import Floats
from clusteratlas.tables import WITHHELD, Fault, InvalidInput

HEADERS: Final = (("region", "area"), ("fips", "ea"))
"""Columns of a file of areas: our own, and those of the Bureau of Economic Analysis."""


def read_areas(path: Path) -> dict[str, str]:
    """Read which area each region lies in, from a CSV of region, area (or the Bureau's FIPS, EA).

    Parameters
    ----------
    path
        UTF-8 text with a header; other columns are ignored.

    Returns
    -------
    dict
        Region to area, sorted by region.

    Missing data
    ------------
    A region without a row is in no area: its figures are left out of what is added up.

    Raises
    ------
    InvalidInput
        With every fault: no file, no such columns, an empty cell, a region in two areas.

    Example
    -------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "areas.csv")
    ...     _ = path.write_text("region,area\\n01001,A\\n01003,B\\n")
    ...     read_areas(path)
    {'01001': 'A', '01003': 'B'}
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            [Fault("the file cannot be read as UTF-8 text", str(path), value=type(error).__name__)]
        ) from error
    lines = list(csv.reader(io.StringIO(text, newline="")))
    header = [cell.strip().lower() for cell in lines[0]] if lines else []
    names = next((pair for pair in HEADERS if set(pair) <= set(header)), None)
    if names is None:
        raise InvalidInput(
            [
                Fault(
                    "the file has no columns region and area",
                    str(path),
                    row=1,
                    value=", ".join(header[:6]),
                    hint="name them region and area; FIPS and EA, as the Bureau does, is known too",
                )
            ]
        )
    at_region, at_area = (header.index(name) for name in names)
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        region, area = (cells[at].strip() if at < len(cells) else "" for at in (at_region, at_area))
        for column, value in (("region", region), ("area", area)):
            if not value:
                faults.append(Fault(f"the {column} is empty", str(path), number, column))
        if region and area and found.setdefault(region, area) != area:
            hint = "a region lies in one area; keep one of the two rows"
            faults.append(
                Fault(
                    f"{region} lies in {found[region]} too", str(path), number, "area", area, hint
                )
            )
    if not found and not faults:
        faults.append(Fault("the file has no rows", str(path)))
    if faults:
        raise InvalidInput(faults[:200], total=len(faults))
    return dict(sorted(found.items()))


def cube_of(
    employment: pa.Table,
    industries: list[str],
    *,
    column: str = "employment",
    areas: Mapping[str, str] | None = None,
    years: list[int] | None = None,
) -> tuple[Floats, list[str], list[int]]:
    """Return years x regions x industries of a table of employment, cells without a row being 0.

    Definition
    ----------
    Figures of regions in the same area are added up. A row that is withheld makes its cell (and its
    area's) unknown; a row without a figure that is not withheld is 0: complete the table first, so
    that absent rows say none.

    Parameters
    ----------
    employment
        Contract ``EMPLOYMENT``, one scheme.
    industries
        Codes of the columns; other industries are left out.
    column
        ``employment`` or ``establishments`` (whose withheld cells do not exist).
    areas
        Region to area; regions in none are left out. By default each region is its own.
    years
        By default all years of the table.

    Returns
    -------
    tuple
        The cube, its regions (or areas) and years, sorted.
    """
    regions = pc.unique(employment.column("region")).sort()
    lying_in = regions if areas is None else pa.array([areas.get(r) for r in regions.to_pylist()])
    chosen = sorted(place for place in set(lying_in.to_pylist()) if place is not None)
    told = sorted(pc.unique(employment.column("year")).to_pylist()) if years is None else years
    # Places of each row in the cube; null where the row belongs to none.
    region_at = pc.index_in(lying_in, pa.array(chosen, pa.string()))
    at = pa.table(
        {
            "year": pc.index_in(employment.column("year"), pa.array(told, pa.int16())),
            "region": pc.take(region_at, pc.index_in(employment.column("region"), regions)),
            "industry": pc.index_in(employment.column("industry"), pa.array(industries)),
            "figure": pc.cast(employment.column(column), pa.float64()),
            "withheld": pc.equal(employment.column("status"), WITHHELD),
        }
    )
    at = at.filter(
        pc.and_(
            pc.is_valid(at["year"]), pc.and_(pc.is_valid(at["region"]), pc.is_valid(at["industry"]))
        )
    )
    figures = np.nan_to_num(at["figure"].to_numpy())
    if column == "employment":
        figures[at["withheld"].to_numpy()] = np.nan
    cube = np.zeros((len(told), len(chosen), len(industries)))
    np.add.at(cube, tuple(at[name].to_numpy() for name in ("year", "region", "industry")), figures)
    return cube, chosen, list(told)
