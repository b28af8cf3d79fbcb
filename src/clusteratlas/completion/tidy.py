"""Complete a tidy table: the rows as published in, the same rows with nothing withheld out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.completion.cells import Cells, Floats, OtherYears, Places
from clusteratlas.completion.contradictions import Contradiction, find_contradictions
from clusteratlas.completion.filling import Filled, fill
from clusteratlas.completion.trees import NATIONS, Tree, industry_tree, region_tree
from clusteratlas.tables import ESTIMATED, REPORTED, WITHHELD, Fault, InvalidInput

NEEDED = ("region", "industry", "year", "establishments", "employment")
BOUNDS = ("employment_low", "employment_high")
COUNTS = ("establishments", "employment", *BOUNDS)
REGION = r"US|US000|[0-9]{2}|[0-9]{5}"
INDUSTRY = r"[0-9]{2}-[0-9]{2}|[0-9]{1,6}"
MOST_FAULTS = 200
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
    tell
        Called with what is being done and the share done.

    Returns
    -------
    Columns of `COMPLETED`, sorted by year, region, industry: every given row, reported ones as they
    were, and the rows found absent. Status reported, estimated or, where nothing binds a cell,
    withheld with a null.

    Missing data
    ------------
    A null in employment is withheld, in establishments not known.

    Raises
    ------
    InvalidInput
        With every fault: missing columns, codes of no region or industry, negative counts, rows
        given twice, bounds or children that contradict their parent.

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
    _check(table, file)
    years = sorted(pc.unique(table.column("year")).to_pylist())
    columns = _Given(table)
    regions = region_tree(sorted(set(columns.region.tolist())))
    industries = industry_tree(sorted(set(columns.industry.tolist())))
    parts, faults = [], []
    for number, year in enumerate(years):
        tell(f"checking the sums of {year}", number / len(years))
        cells = columns.cells(year, years, regions, industries)
        faults += [_told(each, cells, year, file) for each in find_contradictions(cells)]
        if faults:
            continue
        tell(f"completing {year}", (number + 0.1) / len(years))
        parts.append(_result(fill(cells, draws=draws), columns.given_region(year), year))
    if faults:
        raise InvalidInput(faults[:MOST_FAULTS], total=len(faults))
    return pa.concat_tables(parts).sort_by(
        [("year", "ascending"), ("region", "ascending"), ("industry", "ascending")]
    )


class _Given:
    """The table as arrays, codes in one form."""

    def __init__(self, table: pa.Table) -> None:
        self.given = np.array(table.column("region").to_pylist(), dtype=str)
        self.region = np.array([_region_form(code) for code in self.given.tolist()], dtype=str)
        self.industry = np.array(table.column("industry").to_pylist(), dtype=str)
        self.year = table.column("year").to_numpy().astype(np.int64)
        self.establishments = _numbers(table, "establishments", np.nan)
        self.employment = _numbers(table, "employment", np.nan)
        self.low = _numbers(table, "employment_low", 0.0)
        self.high = _numbers(table, "employment_high", np.inf)

    def given_region(self, year: int) -> dict[str, str]:
        """Return how the table writes each region."""
        here = self.year == year
        return dict(zip(self.region[here].tolist(), self.given[here].tolist(), strict=True))

    def cells(self, year: int, years: list[int], regions: Tree, industries: Tree) -> Cells:
        region = np.searchsorted(regions.codes, self.region).astype(np.int64)
        industry = np.searchsorted(industries.codes, self.industry).astype(np.int64)
        here = self.year == year
        others = self._others(year, years, region, industry, len(industries.codes))
        size = int(here.sum())
        nothing = np.full(size, np.nan)
        known = ~np.isnan(self.employment[here])
        return Cells(
            regions,
            industries,
            region[here],
            industry[here],
            self.establishments[here],
            self.employment[here],
            np.where(known, 0.0, self.low[here]),
            np.where(known, np.inf, self.high[here]),
            np.zeros(size, dtype=bool),
            others.employment_of(region[here], industry[here]) if others else nothing,
            others.establishments_of(region[here], industry[here]) if others else nothing,
            others,
        )

    def _others(
        self, year: int, years: list[int], region: Places, industry: Places, width: int
    ) -> OtherYears | None:
        if len(years) == 1:
            return None
        away = np.abs(self.year - year) * 2 + (self.year < year)
        use = np.flatnonzero((self.year != year) & ~np.isnan(self.employment))
        key = region * width + industry
        order = use[np.lexsort((away[use], key[use]))]
        first = np.ones(len(order), dtype=bool)
        first[1:] = key[order][1:] != key[order][:-1]
        order = order[first]
        return OtherYears(width, key[order], self.employment[order], self.establishments[order])


def _region_form(code: str) -> str:
    if code == "US":
        return NATIONS[1]
    return code + "000" if len(code) == 2 else code


def _numbers(table: pa.Table, name: str, missing: float) -> Floats:
    if name not in table.column_names:
        return np.full(table.num_rows, missing)
    column = pc.cast(table.column(name), pa.float64())
    numbers: Floats = pc.fill_null(column, missing).to_numpy().astype(np.float64)
    return numbers


def _check(table: pa.Table, file: str) -> None:
    """Raise every fault of form."""
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
                Fault(problem, file, row + 1, column, "" if value is None else str(value), hint)
            )

    for name, pattern, hint in (
        ("region", REGION, "use FIPS codes as text: 06085, 06000 (or 06) for the state, US000"),
        ("industry", INDUSTRY, "use NAICS codes as text: 31-33, 334, 334413, and 00 for the total"),
    ):
        column = pc.cast(table.column(name), pa.string())
        fits = pc.match_substring_regex(column, f"^({pattern})$")
        blame(name, pc.invert(pc.fill_null(fits, False)), f"{name} is no code", hint)
    blame("year", pc.is_null(table.column("year")), "year is empty", "give the year")
    for name in COUNTS:
        if name not in table.column_names:
            continue
        try:
            number = pc.cast(table.column(name), pa.float64())
        except pa.ArrowInvalid as error:
            faults.append(Fault(f"{name} is not a number", file, column=name, value=str(error)))
            total += 1
            continue
        bad = pc.or_(pc.less(number, 0.0), pc.invert(pc.is_finite(number)))
        blame(name, bad, f"{name} is negative or no number", "leave withheld figures empty")
    if all(name in table.column_names for name in BOUNDS):
        low, high = (pc.cast(table.column(name), pa.float64()) for name in BOUNDS)
        blame(
            "employment_low",
            pc.greater(low, high),
            "employment_low is above employment_high",
            "exchange the two, or correct them",
        )
    total += _repeated(table, file, faults)
    if faults:
        raise InvalidInput(faults, total=total)


def _repeated(table: pa.Table, file: str, faults: list[Fault]) -> int:
    key = ["region", "industry", "year"]
    numbered = table.select(key).append_column("row", pa.array(np.arange(1, table.num_rows + 1)))
    groups = numbered.group_by(key).aggregate([("row", "count"), ("row", "min"), ("row", "max")])
    twice = groups.filter(pc.greater(groups.column("row_count"), 1))
    for row in twice.slice(0, MOST_FAULTS).to_pylist():
        faults.append(
            Fault(
                f"the same region, industry and year stand already in row {row['row_min']}",
                file,
                row["row_max"],
                "region, industry, year",
                ", ".join(str(row[name]) for name in key),
                "give each cell once; are two ownerships or size classes mixed?",
            )
        )
    return int(twice.num_rows)


def _told(found: Contradiction, cells: Cells, year: int, file: str) -> Fault:
    """A contradiction as a fault: the row, its cells, and the sums on both sides."""

    def name(place: int) -> str:
        region = cells.regions.codes[cells.region[place]]
        return f"{region} {cells.industries.codes[cells.industry[place]]}"

    def figure(place: int) -> str:
        jobs = cells.employment[place]
        if not np.isnan(jobs):
            return f"{jobs:,.10g}"
        high = cells.high[place]
        bound = "" if np.isinf(high) else f" to {high:,.10g}"
        return f"withheld, {cells.low[place]:,.10g}{bound}"

    shown = ", ".join(f"{name(int(at))} ({figure(int(at))})" for at in found.children[:8])
    more = f" and {len(found.children) - 8} more" if len(found.children) > 8 else ""
    relation = "add up to more than" if found.over else "cannot reach"
    return Fault(
        f"in {year} the parts of region {name(found.row).replace(' ', ', industry ')} "
        f"{relation} it: {shown}{more} make {found.beneath:,.10g}, it is {found.printed:,.10g}",
        file,
        None,
        "employment",
        f"{found.printed:,.10g}",
        "one of these figures is wrong, or they are of different years or sources",
    )


def _result(filled: Filled, given_region: dict[str, str], year: int) -> pa.Table:
    cells = filled.cells
    kept = ~cells.absent | (filled.jobs > SMALLEST_KEPT)
    codes = np.array([given_region.get(c, c) for c in cells.regions.codes.tolist()], dtype=str)
    status = np.where(
        filled.estimated, ESTIMATED, np.where(np.isnan(filled.jobs), WITHHELD, REPORTED)
    )

    def number(values: Floats) -> pa.Array:
        return pa.array(values[kept], mask=np.isnan(values[kept]))

    return pa.table(
        {
            "region": pa.array(codes[cells.region[kept]].tolist(), pa.string()),
            "industry": pa.array(
                cells.industries.codes[cells.industry[kept]].tolist(), pa.string()
            ),
            "year": pa.array(np.full(int(kept.sum()), year, dtype=np.int16)),
            "establishments": number(cells.establishments),
            "employment": number(filled.jobs),
            "employment_low": number(filled.low),
            "employment_high": number(filled.high),
            "status": pa.array(status[kept].tolist(), pa.string()),
        },
        schema=COMPLETED,
    )

