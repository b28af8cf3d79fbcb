"""Jobs of every region and industry in one year, and which of them the office printed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas import measures
from clusteratlas.tables import ESTIMATED, REPORTED, UNPUBLISHED, WITHHELD, Fault, InvalidInput

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

ABSENT_BELOW = 0.5
"""A quotient below this: the region lacks the industry."""
PRESENT_FROM = 1.0
"""A quotient from this on: the region has the industry."""
MOSTLY = 0.5
"""Share of its jobs from which on a sum counts as printed."""
REPORTED_PART = "employment_reported"
MOST_FAULTS = 50


@dataclass(frozen=True)
class RegionalFigures:
    """One year of a region scheme.

    Attributes
    ----------
    regions, industries
        Codes, sorted.
    year, classification
        Of the figures; the classification with its vintage.
    employment
        Regions x industries, jobs; NaN where not known.
    printed
        Regions x industries: the office printed the figure (also where it withheld the jobs), or at
        least half of the jobs of a sum.
    unpublished
        Regions x industries: the office prints no row, so the cell is a true zero or too few
        establishments to print. What is neither known nor unpublished is withheld.
    low, high
        Ends of the 90 % interval where figures are estimated; else ``None``.
    reported
        Regions x industries: the part of the jobs that the office prints; ``None`` where no figure
        is estimated.
    totals, reference
        All jobs of each region, and of each industry in the reference area, that quotients are
        taken within; by default the sums of ``employment``.
    """

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    year: int
    classification: str
    employment: Floats
    printed: Flags
    unpublished: Flags
    low: Floats | None = None
    high: Floats | None = None
    reported: Floats | None = None
    totals: Floats | None = None
    reference: Floats | None = None

    def __post_init__(self) -> None:
        shape = (len(self.regions), len(self.industries))
        faults = [
            Fault(f"{name} has shape {np.shape(getattr(self, name))}", column=name, hint=f"{shape}")
            for name in ("employment", "printed", "unpublished", "low", "high", "reported")
            if getattr(self, name) is not None and np.shape(getattr(self, name)) != shape
        ]
        faults += [
            Fault(f"{name} are not sorted, or one stands twice", column=name)
            for name in ("regions", "industries")
            if list(getattr(self, name)) != sorted(set(getattr(self, name)))
        ]
        if not faults:
            bad = np.argwhere((self.employment < 0) | np.isinf(self.employment))
            faults += [
                Fault(
                    f"employment of {self.industries[column]} in {self.regions[row]} is no number "
                    "of jobs",
                    column="employment",
                    value=str(self.employment[row, column]),
                )
                for row, column in bad[:MOST_FAULTS].tolist()
            ]
        if faults:
            raise InvalidInput(faults)

    def quotient(self) -> Floats:
        """Return the location quotient; NaN where not known, or without jobs to take it of."""
        whole = None if self.totals is None else float(np.nansum(self.totals))
        if self.reference is not None:
            whole = float(np.nansum(self.reference)) if whole is None else whole
        found: Floats = measures.location_quotient(
            self.employment, self.reference, total=self.totals, reference_total=whole
        )
        return found

    def seen_quotient(self) -> Floats:
        """Return the part of the location quotient that printed jobs alone give."""
        quotient = self.quotient()
        if self.reported is None:
            return quotient
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(self.employment > 0, self.reported / self.employment, 1.0)
        found: Floats = quotient * share
        return found

    def absent(self, quotient: Floats) -> Flags:
        """Return where the region lacks the industry: a low quotient, or no row printed."""
        with np.errstate(invalid="ignore"):
            low = quotient < ABSENT_BELOW
        return low | (np.isnan(self.employment) & self.unpublished)

    def empty_industries(self) -> tuple[str, ...]:
        """Return the industries without any known job: nothing can be said of them."""
        jobs = np.nansum(self.employment, axis=0)
        return tuple(code for code, held in zip(self.industries, jobs, strict=True) if not held > 0)

    def take(self, regions: Sequence[str], industries: Sequence[str]) -> RegionalFigures:
        """Return the figures of these regions and industries, which must be among them."""
        rows = places_of(self.regions, regions)
        columns = places_of(self.industries, industries)
        at = np.ix_(rows, columns)

        def part(values: Floats | None) -> Floats | None:
            return None if values is None else values[at]

        return RegionalFigures(
            tuple(regions),
            tuple(industries),
            self.year,
            self.classification,
            self.employment[at],
            self.printed[at],
            self.unpublished[at],
            part(self.low),
            part(self.high),
            part(self.reported),
            None if self.totals is None else self.totals[rows],
            None if self.reference is None else self.reference[columns],
        )

    def status(self, row: int, column: int) -> str:
        """Return the word of the cell's status."""
        if np.isnan(self.employment[row, column]):
            return UNPUBLISHED if self.unpublished[row, column] else WITHHELD
        jobs = self.employment[row, column]
        part = jobs if self.reported is None else self.reported[row, column]
        return REPORTED if self.printed[row, column] and part == jobs else ESTIMATED


def places_of(known: Sequence[str], wanted: Sequence[str]) -> Places:
    """Return where each wanted code stands among the known ones.

    >>> places_of(["a", "b", "c"], ["c", "a"])
    array([2, 0])
    """
    place = {code: at for at, code in enumerate(known)}
    return np.array([place[code] for code in wanted], dtype=np.intp)


def read_figures(
    table: pa.Table,
    *,
    year: int,
    classification: str,
    regions: Collection[str] | None = None,
    industries: Collection[str] | None = None,
) -> RegionalFigures:
    """Return the figures of one year from rows of region, industry and employment.

    Parameters
    ----------
    table
        Columns ``region``, ``industry``, ``year``, ``employment`` (jobs); optionally ``status``,
        ``employment_low``, ``employment_high``, ``employment_reported``. One scheme, one row for a
        cell.
    year, classification
        Which year, and the classification of the codes with its vintage.
    regions, industries
        Codes to keep; by default all that have a row. Regions of these without a row have none
        printed.

    Missing data
    ------------
    A cell without a row is ``unpublished``. A row without employment, or with the status withheld,
    is withheld: what such a row gives is only the part that is known.

    Raises
    ------
    InvalidInput
        No row of the year, or two rows of one cell.

    Example
    -------
    >>> rows = pa.table({"region": ["x", "y"], "industry": ["i", "i"], "year": [2018, 2018],
    ...                  "employment": [5.0, None]})
    >>> read = read_figures(rows, year=2018, classification="naics-2017")
    >>> read.employment.tolist(), read.unpublished.tolist()
    ([[5.0], [nan]], [[False], [False]])
    """
    rows = table.filter(pc.equal(table.column("year"), year))
    for name, kept in (("region", regions), ("industry", industries)):
        if kept is not None:
            wanted = pa.array(sorted(kept), pa.string())
            rows = rows.filter(pc.is_in(rows.column(name), value_set=wanted))
    if not rows.num_rows:
        raise InvalidInput([Fault("there is no row of the year", column="year", value=str(year))])
    labels = {
        name: sorted(pc.unique(rows.column(name)).to_pylist()) if kept is None else sorted(kept)
        for name, kept in (("region", regions), ("industry", industries))
    }
    at = tuple(
        pc.index_in(rows.column(name), value_set=pa.array(labels[name], pa.string()))
        .to_numpy()
        .astype(np.intp)
        for name in ("region", "industry")
    )
    shape = (len(labels["region"]), len(labels["industry"]))
    _refuse_twice(at, labels, shape)
    status = rows.column("status") if "status" in rows.column_names else None
    without = _among(status, (WITHHELD, UNPUBLISHED), rows.num_rows)

    def cells(name: str) -> Floats:
        held = np.full(shape, np.nan)
        held[at] = np.where(without, np.nan, pc.cast(rows.column(name), pa.float64()).to_numpy())
        return held

    printed = np.zeros(shape, dtype=bool)
    printed[at] = ~_among(status, (ESTIMATED, UNPUBLISHED), rows.num_rows)
    jobs = cells("employment")
    reported: Floats | None = None
    if status is not None and pc.any(pc.equal(status, ESTIMATED)).as_py():
        estimated = np.zeros(shape, dtype=bool)
        estimated[at] = _among(status, (ESTIMATED,), rows.num_rows)
        told = cells(REPORTED_PART) if REPORTED_PART in rows.column_names else np.zeros(shape)
        reported = np.where(estimated, np.nan_to_num(told), jobs)
        with np.errstate(invalid="ignore"):
            printed |= estimated & (reported > 0) & (reported >= MOSTLY * jobs)
    unpublished = np.ones(shape, dtype=bool)
    unpublished[at] = _among(status, (UNPUBLISHED,), rows.num_rows)
    return RegionalFigures(
        tuple(labels["region"]),
        tuple(labels["industry"]),
        year,
        classification,
        jobs,
        printed,
        unpublished,
        cells("employment_low") if "employment_low" in rows.column_names else None,
        cells("employment_high") if "employment_high" in rows.column_names else None,
        reported,
    )


def _among(status: pa.ChunkedArray | None, words: Sequence[str], rows: int) -> Flags:
    if status is None:
        return np.zeros(rows, dtype=bool)
    found: Flags = pc.fill_null(pc.is_in(status, value_set=pa.array(words)), False).to_numpy()
    return found


def _refuse_twice(
    at: tuple[Places, ...], labels: dict[str, list[str]], shape: tuple[int, int]
) -> None:
    counts = np.bincount(at[0] * shape[1] + at[1], minlength=shape[0] * shape[1])
    twice = np.flatnonzero(counts > 1)
    if len(twice):
        raise InvalidInput(
            [
                Fault(
                    "the cell stands in several rows",
                    column="region, industry",
                    value=f"{labels['region'][cell // shape[1]]}, "
                    f"{labels['industry'][cell % shape[1]]}",
                    hint="give one scheme, one source and one row for a cell",
                )
                for cell in twice[:MOST_FAULTS].tolist()
            ],
            total=len(twice),
        )


def refuse_mixed(tables: Sequence[RegionalFigures]) -> None:
    """Refuse years in different classifications, or with codes that hardly overlap.

    Raises
    ------
    InvalidInput
        Two vintages are mixed: quotients of one code would be of two different industries.
    """
    first = tables[0]
    for other in tables[1:]:
        if other.classification != first.classification:
            raise InvalidInput(
                [
                    Fault(
                        f"{first.year} and {other.year} are in different classifications",
                        column="classification",
                        value=f"{first.classification} and {other.classification}",
                        hint="carry one of them over with a concordance first",
                    )
                ]
            )
        for name in ("regions", "industries"):
            one, two = set(getattr(first, name)), set(getattr(other, name))
            common = len(one & two)
            if 2 * common < min(len(one), len(two)):
                raise InvalidInput(
                    [
                        Fault(
                            f"{first.year} and {other.year} share {common} of {len(one)} and "
                            f"{len(two)} {name}",
                            column=name,
                            hint="are two vintages mixed?",
                        )
                    ]
                )
