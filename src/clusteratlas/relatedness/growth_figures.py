"""From tables of jobs to the figures that growth regressions need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.relatedness.growth_variants import GrowthYears
from clusteratlas.relatedness.least_squares import Flags, Floats, Places
from clusteratlas.tables import ESTIMATED, REPORTED, WITHHELD, CannotAnswer, Fault, InvalidInput

KEY = ("region", "industry", "year")


@dataclass(frozen=True)
class GrowthFigures:
    """Jobs of the years of a growth regression, with their labels and what was done to them.

    Attributes
    ----------
    regions, industries
        Labels of rows and columns, sorted.
    years
        Jobs; NaN where a part is withheld, 0 where there is no row.
    notes
        What a reader must know.
    amounts
        Further columns by name, such as payroll; NaN where a part is not reported.
    """

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    years: GrowthYears
    notes: tuple[str, ...]
    amounts: Mapping[str, GrowthYears] = field(default_factory=dict)


def growth_figures(
    rows: pa.Table,
    industries: Iterable[str],
    *,
    start: int,
    end: int,
    lag: int | None = None,
    areas: Mapping[str, str] | None = None,
    amounts: Sequence[str] = (),
    file: str = "",
) -> GrowthFigures:
    """Return jobs by region and industry in the years of a growth regression.

    Definition
    ----------
    Regions are added up to areas. What clusters are added up of (the environment) holds an
    estimate for a withheld cell: that of a completed table (column ``status``: estimated), else
    its establishments times the mean size of the establishments of that industry and year. The
    cell's own growth and quotient stay unknown.

    Parameters
    ----------
    rows
        Columns region, industry, year, employment (empty where withheld), perhaps establishments
        and status.
    industries
        Those that count; others, such as coarser classes, are left out.
    start, end, lag
        Years; ``lag`` is that of the lagged regressors, before ``start``.
    areas
        Region to area. Regions in none are left out and named in a note.
    amounts
        Further columns that are added up in the same way; known where a row is reported.
    file
        Name for faults.

    Returns
    -------
    GrowthFigures

    Missing data
    ------------
    An area with a withheld part is unknown. A cell without a row has no published jobs: 0.

    Raises
    ------
    InvalidInput
        Columns missing, jobs that are negative, a cell that stands twice, years out of order.
    CannotAnswer
        A year that the rows do not have; none of the industries.

    Source
    ------
    None: bookkeeping.

    Example
    -------
    >>> rows = pa.table({"region": ["r1", "r2", "r1", "r2"], "industry": ["a"] * 4,
    ...     "year": [2018, 2018, 2021, 2021], "employment": [10.0, None, 12.0, 9.0],
    ...     "establishments": [2.0, 1.0, 2.0, 1.0]})
    >>> found = growth_figures(rows, ["a"], start=2018, end=2021)
    >>> found.years.start.ravel(), found.years.environment.ravel()
    (array([10., nan]), array([10.,  5.]))
    """
    wanted = sorted(set(industries))
    _refuse(rows, start, end, lag, amounts, file)
    asked = [year for year in (lag, start, end) if year is not None]
    rows = rows.filter(
        pc.and_(
            pc.is_in(rows.column("industry"), pa.array(wanted, pa.string())),
            pc.is_in(pc.cast(rows.column("year"), pa.int64()), pa.array(asked, pa.int64())),
        )
    )
    present = set(pc.unique(pc.cast(rows.column("year"), pa.int64())).to_pylist())
    if missing := [year for year in asked if year not in present]:
        raise CannotAnswer(
            "the tables have no figures of these industries for a year",
            value=", ".join(map(str, missing)),
            hint="give the tables of all years, and industries as the definition has them",
        )
    _refuse_twice(rows, file)
    notes: list[str] = []
    lying_in = _lying_in(rows, areas, notes)
    regions = sorted(set(lying_in.values()))
    at = _places(rows, lying_in, regions, wanted, asked)
    jobs = rows.column("employment").cast(pa.float64()).to_numpy(zero_copy_only=False)
    kept = at[1] >= 0
    cells = tuple(each[kept] for each in at)
    jobs = jobs[kept]
    shape = (len(asked), len(regions), len(wanted))
    flat = np.ravel_multi_index(cells, shape)

    def added(values: Floats) -> Floats:
        sums = np.bincount(flat, values, int(np.prod(shape)))
        return np.asarray(sums.reshape(shape), dtype=np.float64)

    reported = ~np.isnan(jobs)
    if "status" in rows.column_names:
        status = pc.fill_null(pc.equal(rows.column("status"), ESTIMATED), False)
        reported &= ~status.to_numpy(zero_copy_only=False)[kept]
        hidden = pc.fill_null(pc.equal(rows.column("status"), WITHHELD), False)
        hidden = hidden.to_numpy(zero_copy_only=False)[kept]
        # What stands in a withheld row is a known part at most, often 0: never the figure.
        reported &= ~hidden
        jobs = np.where(hidden, np.nan, jobs)
    known = added(np.where(reported, jobs, np.nan))
    estimated, words = _estimated(rows, cells, jobs, reported, kept, shape)
    around = added(estimated)
    notes += words
    year = {each: place for place, each in enumerate(asked)}
    several = lag is not None
    return GrowthFigures(
        tuple(regions),
        tuple(wanted),
        GrowthYears(
            known[year[start]],
            known[year[end]],
            known[0] if several else None,
            around[year[start]],
            around[0] if several else None,
        ),
        tuple(notes),
        {
            name: GrowthYears(each[year[start]], each[year[end]])
            for name in amounts
            for each in (added(_printed(rows, name)[kept]),)
        },
    )


def _printed(rows: pa.Table, name: str) -> Floats:
    """Return a column where rows are reported, NaN elsewhere."""
    figure = rows.column(name).cast(pa.float64())
    if "status" in rows.column_names:
        printed = pc.fill_null(pc.equal(rows.column("status"), REPORTED), True)
        figure = pc.if_else(printed, figure, pa.scalar(None, pa.float64()))
    return np.asarray(figure.to_numpy(zero_copy_only=False), dtype=np.float64)


def _refuse(
    rows: pa.Table, start: int, end: int, lag: int | None, amounts: Sequence[str], file: str
) -> None:
    faults = [
        Fault(f"the column {name} is missing", file, column=name, hint=f"needed: {', '.join(KEY)}")
        for name in (*KEY, "employment", *amounts)
        if name not in rows.column_names
    ]
    if not start < end:
        faults.append(Fault(f"the end {end} is not after the start {start}", column="end"))
    if lag is not None and not lag < start:
        faults.append(Fault(f"the lag {lag} is not before the start {start}", column="lag"))
    if faults:
        raise InvalidInput(faults)
    for name in dict.fromkeys(("employment", "establishments", *amounts)):
        if name in rows.column_names:
            bad = np.flatnonzero(
                pc.fill_null(pc.less(rows.column(name), 0), False).to_numpy(zero_copy_only=False)
            )
            faults += [
                Fault(f"{name} is negative", file, int(row) + 1, name, str(rows.column(name)[row]))
                for row in bad[:200].tolist()
            ]
    if faults:
        raise InvalidInput(faults)


def _lying_in(rows: pa.Table, areas: Mapping[str, str] | None, notes: list[str]) -> dict[str, str]:
    regions: list[str] = sorted(pc.unique(rows.column("region")).to_pylist())
    if areas is None:
        return {region: region for region in regions}
    without = [region for region in regions if region not in areas]
    if len(without) == len(regions):
        raise CannotAnswer(
            "no region of the tables lies in an area",
            value=", ".join(regions[:3]),
            hint="are the regions of the tables and of the areas of the same scheme?",
        )
    if without:
        named = ", ".join(without[:8]) + (" ..." if len(without) > 8 else "")
        notes.append(f"Left out, as they lie in no area: {len(without)} regions ({named}).")
    return {region: areas[region] for region in regions if region in areas}


def _places(
    rows: pa.Table,
    lying_in: Mapping[str, str],
    regions: Sequence[str],
    industries: Sequence[str],
    years: Sequence[int],
) -> tuple[Places, Places, Places]:
    names = sorted(lying_in)
    area = {name: place for place, name in enumerate(regions)}
    of_name = np.array([*(area[lying_in[name]] for name in names), -1])
    region = pc.fill_null(pc.index_in(rows.column("region"), pa.array(names)), len(names))
    year = pc.index_in(pc.cast(rows.column("year"), pa.int64()), pa.array(years, pa.int64()))
    industry = pc.index_in(rows.column("industry"), pa.array(industries, pa.string()))
    return (
        year.to_numpy().astype(np.int64),
        of_name[region.to_numpy()],
        industry.to_numpy().astype(np.int64),
    )


def _refuse_twice(rows: pa.Table, file: str) -> None:
    one = np.zeros(rows.num_rows, dtype=np.int64)
    for name in KEY:
        codes = pc.dictionary_encode(rows.column(name).combine_chunks(), null_encoding="encode")
        one = one * len(codes.dictionary) + codes.indices.to_numpy().astype(np.int64)
    one.sort()
    if not (one[1:] == one[:-1]).any():
        return
    seen = pa.TableGroupBy(rows.select(list(KEY)), list(KEY)).aggregate([([], "count_all")])
    twice = seen.filter(pc.greater(seen.column("count_all"), 1)).sort_by(
        [(name, "ascending") for name in KEY]
    )
    if twice.num_rows:
        raise InvalidInput(
            [
                Fault(
                    "region, industry and year stand more than once",
                    file,
                    column=", ".join(KEY),
                    value=", ".join(str(row[name]) for name in KEY),
                    hint="are two tables of the same year given?",
                )
                for row in twice.slice(0, 200).to_pylist()
            ],
            total=twice.num_rows,
        )


def _estimated(
    rows: pa.Table,
    cells: tuple[Places, ...],
    jobs: Floats,
    reported: Flags,
    kept: Flags,
    shape: tuple[int, int, int],
) -> tuple[Floats, list[str]]:
    """Return jobs with an estimate where they are withheld, and what is to be said of it."""
    withheld = np.isnan(jobs)
    notes = []
    if drawn := int((~reported & ~withheld).sum()):
        notes.append(
            f"{drawn:,} of {len(jobs):,} rows are estimates: they count in cluster sums, and their "
            "own growth and quotient are not known."
        )
    if not withheld.any():
        return jobs, notes
    count = int(withheld.sum())
    share = f"{count:,} of {len(jobs):,} rows are withheld"
    if "establishments" not in rows.column_names:
        return np.nan_to_num(jobs), [*notes, f"{share}; cluster sums are short of them."]
    units = np.nan_to_num(
        rows.column("establishments").cast(pa.float64()).to_numpy(zero_copy_only=False)[kept]
    )
    pair = cells[0] * shape[2] + cells[2]
    size = shape[0] * shape[2]
    sums = np.bincount(pair[reported], jobs[reported], size)
    counted = np.bincount(pair[reported], units[reported], size)
    mean = np.divide(sums, counted, out=np.zeros(size), where=counted > 0)
    filled = np.where(withheld, units * mean[pair], jobs)
    return filled, [
        *notes,
        f"{share}; in cluster sums they count as establishments times the mean size of the "
        "industry, and their own growth and quotient are not known.",
    ]
