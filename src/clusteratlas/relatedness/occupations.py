"""Industries that employ the same occupations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from clusteratlas.relatedness.similarities import Flags, Floats, Similarities
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

DEPTH: Final = 4
"""Digits of the finest staffing row that is used: the level that is printed for most industries."""

SUCCESSORS: Final = {
    "4421": "4491",
    "4422": "4491",
    "4431": "4492",
    "4461": "4561",
    "4471": "4571",
    "4481": "4581",
    "4482": "4582",
    "4483": "4583",
    "4511": "4591",
    "4512": "4592",
    "4522": "4551",
    "4523": "4552",
    "4531": "4593",
    "4532": "4594",
    "4533": "4595",
    "4539": "4599",
    "4543": "4572",
    "5111": "5131",
    "5112": "5132",
    "5151": "5161",
    "5152": "5162",
    "5191": "5192",
}
"""Four-digit groups of NAICS 2017 that NAICS 2022 has under another code (by their titles)."""

TOTAL: Final = "000000"


@dataclass(frozen=True)
class Staffing:
    """What occupations each industry employs.

    Attributes
    ----------
    industries, occupations
        Codes, sorted.
    shares
        Industries x occupations, share of the industry's jobs; rows of NaN where not known.
    source
        The code whose row an industry was given; empty where none was.
    inherited
        Industries whose row is that of a coarser class, a combined code or a successor in another
        vintage.
    """

    industries: tuple[str, ...]
    occupations: tuple[str, ...]
    shares: Floats
    source: tuple[str, ...]
    inherited: Flags


def staffing_of(
    rows: pa.Table, industries: Sequence[str], *, depth: int = DEPTH, by_code: bool = False
) -> Staffing:
    """Return the shares of the finest printed occupations in the jobs of each industry.

    Definition
    ----------
    An industry is given, first of all that is printed: the class of ``depth`` digits that it lies
    in, a combined code that covers that class, the class's successor in NAICS 2022, and the same
    one digit higher, up to three digits: a sector is no industry. Occupations are those without a
    finer one in the table.

    Parameters
    ----------
    rows
        Contract ``INDUSTRY_OCCUPATIONS``, one year.
    industries
        Codes of NAICS 2017 (or 2022), any level.
    depth
        Digits of the finest class to use.
    by_code
        Whether an industry is given its own row at any depth, as printed.

    Returns
    -------
    Staffing

    Missing data
    ------------
    Jobs that the withheld occupations of an industry have together (its total less what is
    printed) are shared equally among them; where the total is withheld too, the industry's
    occupations are unknown. An industry without any row is unknown: NaN, never none.

    Raises
    ------
    InvalidInput
        Several years in one table.
    CannotAnswer
        No industry has a row.

    Source
    ------
    US Bureau of Labor Statistics, Occupational Employment and Wage Statistics; M. Delgado, M. E.
    Porter, S. Stern (2016) on the level.

    Example
    -------
    >>> from clusteratlas.engine import with_columns_of
    >>> from clusteratlas.tables import INDUSTRY_OCCUPATIONS
    >>> table = with_columns_of(pa.table({"industry": ["325400"] * 3, "year": [2025] * 3,
    ...     "occupation": ["00-0000", "19-1021", "51-9011"], "employment": [100, 25, None]}),
    ...     INDUSTRY_OCCUPATIONS)
    >>> found = staffing_of(table, ["325411", "336111"])
    >>> found.shares, found.source
    (array([[0.25, 0.75],
           [ nan,  nan]]), ('325400', ''))
    """
    years = sorted(set(rows.column("year").to_pylist()))
    if len(years) > 1:
        raise InvalidInput(
            [
                Fault(
                    "the staffing table holds several years",
                    column="year",
                    value=", ".join(map(str, years)),
                    hint="give one year",
                )
            ]
        )
    names = ("industry", "occupation", "employment")
    cells: dict[str, dict[str, int | None]] = {}
    for industry, occupation, jobs in zip(
        *(rows.column(name).to_pylist() for name in names), strict=True
    ):
        cells.setdefault(industry, {})[occupation.replace("-", "")] = jobs
    covering = _covering(rows)
    finest = _finest({code for row in cells.values() for code in row})
    place = {occupation: at for at, occupation in enumerate(finest)}
    labels = tuple(sorted(set(industries)))
    sources, inherited = [], np.zeros(len(labels), dtype=bool)
    shares = np.full((len(labels), len(finest)), np.nan)
    printed: dict[str, Floats] = {}
    for at, label in enumerate(labels):
        source, level = _source_of(label, cells, covering, 6 if by_code else depth)
        sources.append(source)
        if not source:
            continue
        inherited[at] = level < len(label) or source not in (label, label.ljust(6, "0"))
        if source not in printed:
            printed[source] = _shares(cells[source], place)
        shares[at] = printed[source]
    if not any(sources):
        raise CannotAnswer(
            "no industry has a row in the staffing table",
            value=", ".join(labels[:5]),
            hint="is the table of another classification?",
        )
    return Staffing(labels, tuple(finest), shares, tuple(sources), inherited)


def occupation_similarity(staffing: Staffing) -> Similarities:
    """Return the correlation of the occupations of every pair of industries.

    Definition
    ----------
    Pearson correlation over occupations of the shares of two industries.

    Returns
    -------
    Similarities
        Component ``occupations``, -1 to 1. Industries that were given the same row correlate
        perfectly: they are inherited, and counted in the notes.

    Missing data
    ------------
    NaN where the occupations of an industry are not known.

    Source
    ------
    M. Delgado, M. E. Porter, S. Stern (2016).

    Example
    -------
    >>> same = Staffing(("a", "b", "c"), ("x", "y", "z"),
    ...     np.array([[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1.0]]), ("a", "b", "c"),
    ...     np.zeros(3, dtype=bool))
    >>> occupation_similarity(same).components["occupations"].round(4)[0]
    array([nan,  1., -1.])
    """
    centred = staffing.shares - staffing.shares.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    unknown = np.isnan(length[:, 0]) | (length[:, 0] == 0)
    scaled = np.where(unknown[:, None], 0.0, centred / np.where(unknown[:, None], 1.0, length))
    found = np.clip(scaled @ scaled.T, -1.0, 1.0)
    found[unknown] = np.nan
    found[:, unknown] = np.nan
    np.fill_diagonal(found, np.nan)
    notes = []
    missing = [
        label for label, bad in zip(staffing.industries, unknown.tolist(), strict=True) if bad
    ]
    if missing:
        notes.append(f"without occupations: {', '.join(missing[:10])}")
    rows = len({source for source in staffing.source if source})
    notes.append(
        f"occupations of {len(staffing.industries) - len(missing)} industries come from {rows} "
        f"printed rows; {int(staffing.inherited.sum())} of them from a coarser, combined or "
        "succeeding class"
    )
    return Similarities(
        staffing.industries, {"occupations": found}, {"occupations": staffing.inherited}, (*notes,)
    )


def _covering(rows: pa.Table) -> dict[str, str]:
    """Return the combined code that covers a class, the first by code."""
    pairs = zip(rows.column("industry").to_pylist(), rows.column("covers").to_pylist(), strict=True)
    found: dict[str, str] = {}
    for code, covers in sorted({(code, covers) for code, covers in pairs if covers}):
        for each in covers.split():
            found.setdefault(each, code)
    return found


def _finest(occupations: set[str]) -> list[str]:
    """Return the occupations that no other one of the table is a part of."""
    codes = occupations - {TOTAL}
    above = set()
    for code in codes:
        for digits in (2, 3, 5):
            if (parent := code[:digits].ljust(6, "0")) != code:
                above.add(parent)
        if len(code) == 6 and code[3] != "0":
            above.add(code[:4].ljust(6, "0"))
    return sorted(codes - above)


def _source_of(
    label: str, cells: Mapping[str, object], covering: Mapping[str, str], depth: int
) -> tuple[str, int]:
    """Return the code that gives an industry its row, and that code's digits."""
    for digits in range(min(depth, len(label)), 2, -1):
        part = label[:digits]
        for own in (part.ljust(6, "0"), part):
            if own in cells:
                return own, digits
        if part in covering:
            return covering[part], digits
        later = SUCCESSORS.get(label[:4]) if digits <= 4 else None
        if later is not None:
            moved = later[:digits]
            if moved.ljust(6, "0") in cells:
                return moved.ljust(6, "0"), digits
            if moved in covering:
                return covering[moved], digits
    return "", 0


def _shares(row: Mapping[str, int | None], place: Mapping[str, int]) -> Floats:
    jobs = np.zeros(len(place))
    withheld = []
    for occupation, count in row.items():
        at = place.get(occupation)
        if at is None:
            continue
        if count is None:
            withheld.append(at)
        else:
            jobs[at] = count
    total = row.get(TOTAL)
    if withheld and total is None:
        return np.full(len(place), np.nan)
    if withheld and total is not None:
        jobs[withheld] = max(total - jobs.sum(), 0.0) / len(withheld)
    whole = jobs.sum()
    return jobs / whole if whole > 0 else np.full(len(place), np.nan)
