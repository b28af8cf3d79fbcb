"""Read the two tables of a shift-share instrument, and tell all that is wrong with them at once."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from clusteratlas.programmes.effects.shift_share_instrument import Exposure
from clusteratlas.tables import Fault, InvalidInput, few

JOBS: Final = ("region", "industry", "jobs_before", "jobs_after")
OUTSIDE: Final = "jobs_outside"


def read_exposure(
    jobs: Path,
    regions: Path,
    *,
    outcome: str,
    endogenous: str,
    before: str = "",
    controls: Sequence[str] = (),
    weights: str = "",
) -> Exposure:
    """Return the exposure of regions that two CSV files tell.

    Parameters
    ----------
    jobs
        A row a region and industry: ``region``, ``industry``, ``jobs_before``, ``jobs_after``. A
        pair without a row has no jobs in either year.
    regions
        A row a region: ``region``, the columns named below, and if it likes ``jobs_outside``: jobs
        before in all work that ``jobs`` does not cover.
    outcome, endogenous, before, weights
        Columns of ``regions``.
    controls
        More of them.

    Returns
    -------
    Exposure
        Regions and industries sorted by name.

    Missing data
    ------------
    Every region of one file must be in the other, with every figure.

    Raises
    ------
    InvalidInput
        With every fault, by file, row and column.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp())
    >>> _ = (place / "jobs.csv").write_text(
    ...     "region,industry,jobs_before,jobs_after\\na,cars,10,12\\nb,cars,20,19\\n")
    >>> _ = (place / "regions.csv").write_text("region,growth,pay\\na,0.2,0.1\\nb,-0.05,0\\n")
    >>> found = read_exposure(
    ...     place / "jobs.csv", place / "regions.csv", outcome="pay", endogenous="growth")
    >>> found.industries, found.jobs_before.tolist()
    (('cars',), [[10.0], [20.0]])
    """
    faults: list[Fault] = []
    named = [name for name in (endogenous, outcome, before, weights, *controls) if name]
    job_rows = _rows(jobs, JOBS, faults)
    region_rows = _rows(regions, ("region", *named), faults)
    if faults:
        raise InvalidInput(faults)
    names = _names(region_rows, regions, faults)
    industries = sorted({row["industry"].strip() for _, row in job_rows} - {""})
    places = {name: place for place, name in enumerate(names)}
    columns = {name: place for place, name in enumerate(industries)}
    shape = (len(names), len(industries))
    old, new = np.zeros(shape), np.zeros(shape)
    seen: dict[tuple[str, str], int] = {}
    for number, row in job_rows:
        region, industry = row["region"].strip(), row["industry"].strip()
        if region not in places or not industry:
            problem = "the industry has no name" if region in places else "no such region"
            hint = f"{regions.name} has {few(names)}" if region not in places else ""
            faults.append(Fault(problem, str(jobs), number, "region", region, hint))
            continue
        if (region, industry) in seen:
            problem = f"region {region} has {industry} already in row {seen[region, industry]}"
            faults.append(Fault(problem, str(jobs), number, "industry", industry))
        seen[region, industry] = number
        cell = places[region], columns[industry]
        old[cell] = _figure(row, "jobs_before", jobs, number, faults)
        new[cell] = _figure(row, "jobs_after", jobs, number, faults)
    missing = [name for name in names if not any(region == name for region, _ in seen)]
    faults += [
        Fault(f"region {name} has no row", str(jobs), hint="add its industries") for name in missing
    ]
    figures = {name: np.zeros(len(names)) for name in [*named, OUTSIDE]}
    for number, row in region_rows:
        place = places.get(row["region"].strip())
        if place is None:
            continue
        for name in named:
            figures[name][place] = _figure(row, name, regions, number, faults)
        if row.get(OUTSIDE):
            figures[OUTSIDE][place] = _figure(row, OUTSIDE, regions, number, faults)
    if faults:
        raise InvalidInput(faults)
    return Exposure(
        tuple(industries),
        old,
        new,
        figures[OUTSIDE],
        figures[endogenous],
        figures[outcome],
        figures[before] if before else None,
        np.column_stack([figures[name] for name in controls]) if controls else None,
        figures[weights] if weights else None,
    )


def _rows(
    path: Path, needed: Sequence[str], faults: list[Fault]
) -> list[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        header = reader.fieldnames or ()
        faults += [
            Fault("the column is missing", str(path), None, name, hint=f"there are {few(header)}")
            for name in needed
            if name not in header
        ]
        return [
            (number, {name: value or "" for name, value in row.items() if name})
            for number, row in enumerate(reader, 2)
        ]


def _names(rows: list[tuple[int, dict[str, str]]], path: Path, faults: list[Fault]) -> list[str]:
    names: dict[str, int] = {}
    for number, row in rows:
        name = row["region"].strip()
        if not name or name in names:
            problem = f"region {name} is there twice" if name else "the region has no name"
            faults.append(Fault(problem, str(path), number, "region", name))
        names.setdefault(name, number)
    return sorted(name for name in names if name)


def _figure(
    row: dict[str, str], column: str, path: Path, number: int, faults: list[Fault]
) -> float:
    cell = row[column].strip()
    try:
        value = float(cell)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        problem = "this is no number" if cell else "a figure is missing"
        hint = "write 1234.5" if cell else "leave the region out of both files, or complete it"
        faults.append(Fault(problem, str(path), number, column, cell, hint))
        return 0.0
    return value
