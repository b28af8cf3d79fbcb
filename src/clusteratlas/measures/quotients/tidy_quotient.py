"""The location quotient of a tidy table: one row a region, industry and year."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import LARGEST, Arguments, Floats
from clusteratlas.tables import Fault, InvalidInput

Codes = npt.NDArray[np.integer]

WIDEST = 1 << 27
"""Sums by code that are held at most; beyond it the codes are no codes."""


def tidy_location_quotient(
    employment: npt.ArrayLike,
    region: npt.ArrayLike,
    industry: npt.ArrayLike,
    year: npt.ArrayLike | None = None,
) -> Floats:
    r"""Return the location quotient of each row of a tidy table.

    Definition
    ----------
    .. math:: LQ_{rit} = \frac{e_{rit} / e_{rt}}{E_{it} / E_t}

    as `location_quotient` has it, within each year t. Two passes over the rows, no join: one adds
    up the jobs by region and year and by industry and year, the other divides.

    Parameters
    ----------
    employment
        One figure for each row, jobs. Each region, industry and year in one row.
    region, industry, year
        One code for each row: integers from 0 (as categories or dictionaries code them), small in
        number; anything else (text, FIPS codes) is coded first, which takes longer than the sums.
        Without ``year`` all rows are of one year.

    Returns
    -------
    numpy.ndarray
        One quotient for each row, ratio >= 0.

    Missing data
    ------------
    A row of NaN stays NaN and enters no sum; a region or industry without jobs gives NaN. Rows
    that are not there count as no jobs in the sums.

    Raises
    ------
    InvalidInput
        Negative or infinite jobs, columns of different length, missing codes.

    Source
    ------
    P. Sargant Florence, Investment, Location, and Size of Plant (1948).

    Example
    -------
    >>> tidy_location_quotient([45, 55, 15, 85], [0, 0, 1, 1], [0, 1, 0, 1]).round(4)
    array([1.5   , 0.7857, 0.5   , 1.2143])
    """
    from clusteratlas.measures.quotients.tidy_passes import quotients, sums  # noqa: PLC0415 - compiled

    jobs = _jobs(employment)
    faults: list[Fault] = []
    columns = {"region": region, "industry": industry}
    if year is not None:
        columns["year"] = year
    coded = {name: _coded(name, codes, len(jobs), faults) for name, codes in columns.items()}
    if faults:
        raise InvalidInput(faults)
    years, of_year = coded.get("year", (np.zeros(0, dtype=np.uint8), 1))
    regions, of_region = coded["region"]
    industries, of_industry = coded["industry"]
    by_region, by_industry, usable = sums(
        jobs, regions, industries, years, of_region, of_industry, of_year, LARGEST
    )
    if not usable:
        given = Arguments()
        given.figures("employment", jobs)
        given.check()
    out: Floats = quotients(jobs, regions, industries, years, by_region, by_industry)
    return out


def _jobs(employment: npt.ArrayLike) -> npt.NDArray[np.generic]:
    read = np.asarray(employment)
    if read.ndim == 1 and read.dtype.kind in "iu" and read.dtype.itemsize >= 4:
        return read
    given = Arguments()
    given.need(read.ndim == 1, "employment", "employment is no column", "give one figure a row")
    given.check()
    if read.dtype == np.float64:
        return read
    given = Arguments()
    floats = given.figures("employment", employment)
    given.check()
    return floats


def _coded(name: str, codes: npt.ArrayLike, length: int, faults: list[Fault]) -> tuple[Codes, int]:
    read = np.asarray(codes)
    if read.shape != (length,):
        faults.append(
            Fault(
                f"{name} has shape {read.shape}",
                column=name,
                hint=f"give {length} codes, one a row",
            )
        )
        return np.zeros(0, dtype=np.int64), 0
    if read.dtype.kind in "iu" and length:
        least, most = int(read.min()), int(read.max())
        if least >= 0 and most < WIDEST and most <= 4 * length + 1024:
            return read, most + 1
    missing = [place for place, code in enumerate(read) if code is None or code != code]  # noqa: PLR0124
    if missing:
        faults += [
            Fault(f"{name} is missing", row=place + 1, column=name, hint="every row needs a code")
            for place in missing[:200]
        ]
        return np.zeros(0, dtype=np.int64), 0
    values, places = np.unique(read, return_inverse=True)
    return places, len(values)
