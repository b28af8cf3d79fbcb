"""Complete a tidy table: the rows as published in, the same rows with nothing withheld out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.completion.cells import Cells, Floats, OtherYears, Places
from clusteratlas.completion.contradictions import Contradiction, find_contradictions
from clusteratlas.completion.filling import Filled, fill
from clusteratlas.completion.trees import NATIONS, industry_tree, region_tree
from clusteratlas.tables import ESTIMATED, REPORTED, WITHHELD, Fault, InvalidInput

NEEDED = ("region", "industry", "year", "establishments", "employment")
BOUNDS = ("employment_low", "employment_high")
COUNTS = ("establishments", "employment", *BOUNDS)
STATE = r"0[124-689]|1[0-35-9]|[23][0-9]|4[0-24-9]|5[013-6]|[67][0-9]"
"""States, the district and the territories by their FIPS codes."""
REGION = rf"US|US000|({STATE})([0-9]{{3}})?"
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
    check_form(table, file)
    years = sorted(pc.unique(table.column("year")).to_pylist())
    columns = Given(table)
    columns.check_repeated(file)
    parts, faults = [], []
    for number, year in enumerate(years):
        tell(f"checking the sums of {year}", number / len(years))
        cells = columns.cells(year, years)
        pa.default_memory_pool().release_unused()
        faults += [_told(each, cells, year, file) for each in find_contradictions(cells)]
        if faults:
            continue
        tell(f"completing {year}", (number + 0.1) / len(years))
        written = columns.written()
        if number == len(years) - 1:
            del columns
        parts.append(_result(fill(cells, draws=draws), written, year))
    if faults:
        raise InvalidInput(faults[:MOST_FAULTS], total=len(faults))
    return pa.concat_tables(parts).sort_by(
        [("year", "ascending"), ("region", "ascending"), ("industry", "ascending")]
    )


class Given:
    """The table as arrays, codes in one form."""

    def __init__(self, table: pa.Table) -> None:
        region, codes = _encoded(table, "region")
        self._written = np.array(codes, dtype=str)
        form = np.array([_region_form(code) for code in codes], dtype=str)
        self.regions = region_tree(sorted(set(form.tolist())))
        self._form = np.searchsorted(self.regions.codes, form)
        self.region = self._form[region]
        industry, codes = _encoded(table, "industry")
        self.industries = industry_tree(sorted(set(codes)))
        self.industry = np.searchsorted(self.industries.codes, np.array(codes, dtype=str))[industry]
        self.year = table.column("year").to_numpy().astype(np.int64)
        self.establishments = _numbers(table, "establishments", np.nan)
        self.employment = _numbers(table, "employment", np.nan)
        self.low = _numbers(table, "employment_low", 0.0)
        self.high = _numbers(table, "employment_high", np.inf)

    def check_repeated(self, file: str) -> None:
        """Raise every cell that is given twice."""
        key = (self.region * len(self.industries.codes) + self.industry) * 10_000 + self.year
        order = np.argsort(key, kind="stable")
        again = np.flatnonzero(key[order][1:] == key[order][:-1]) + 1
        faults = []
        for at in again[:MOST_FAULTS].tolist():
            row, first = int(order[at]), int(order[at - 1])
            region, industry = self.region[row], self.industry[row]
            cell = (self.written()[region], self.industries.codes[industry], self.year[row])
            faults.append(
                Fault(
                    f"the same region, industry and year stand already in row {first + 1}",
                    file,
                    row + 1,
                    "region, industry, year",
                    ", ".join(map(str, cell)),
                    "give each cell once; are two ownerships or size classes mixed?",
                )
            )
        if faults:
            raise InvalidInput(faults, total=len(again))

    def written(self) -> list[str]:
        """Return how the table writes the code of each region of the tree."""
        codes: list[str] = self.regions.codes.tolist()
        for place, code in zip(self._form.tolist(), self._written.tolist(), strict=True):
            codes[place] = code
        return codes

    def cells(self, year: int, years: list[int]) -> Cells:
        """Return the cells of one year, with what other years print of them."""
        region, industry = self.region, self.industry
        here = np.flatnonzero(self.year == year)
        here = here[np.lexsort((industry[here], region[here]))]  # so that no order of rows matters
        others = self._others(year, years, region, industry, len(self.industries.codes))
        size = len(here)
        nothing = np.full(size, np.nan)
        known = ~np.isnan(self.employment[here])
        return Cells(
            self.regions,
            self.industries,
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
        use = np.flatnonzero((self.year != year) & ~np.isnan(self.employment))
        away = np.abs(self.year - year) * 2 + (self.year < year)
        key = region * width + industry
        return OtherYears.nearest(
            width, key[use], away[use], self.employment[use], self.establishments[use]
        )


def _encoded(table: pa.Table, name: str) -> tuple[Places, list[str]]:
    """Return the places of each row's code among the codes that occur."""
    column = pc.cast(table.column(name), pa.string()).combine_chunks().dictionary_encode()
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    return column.indices.to_numpy().astype(np.int64), column.dictionary.to_pylist()


def _decoded(places: Places, codes: list[str]) -> pa.Array:
    """Return the codes at these places."""
    encoded = pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32)), pa.array(codes))
    return encoded.cast(pa.string())


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


def check_form(table: pa.Table, file: str) -> None:
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
                Fault(problem, file, row + 1, column, "" if value is None else str(value), hint)
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
        f"{relation} it: {shown}{more} make {found.beneath:,.10g}, "
        f"{'it is' if cells.known[found.row] else 'it is at most'} {found.printed:,.10g}",
        file,
        None,
        "employment",
        f"{found.printed:,.10g}",
        "one of these figures is wrong, or they are of different years or sources",
    )


def _result(filled: Filled, written: list[str], year: int) -> pa.Table:
    cells = filled.cells
    kept = np.flatnonzero(~cells.absent | (filled.jobs > SMALLEST_KEPT))
    words = [REPORTED, ESTIMATED, WITHHELD]
    status = np.where(filled.estimated, 1, np.where(np.isnan(filled.jobs), 2, 0))

    def number(values: Floats) -> pa.Array:
        return pa.array(values[kept], mask=np.isnan(values[kept]))

    return pa.table(
        {
            "region": _decoded(cells.region[kept], written),
            "industry": _decoded(cells.industry[kept], cells.industries.codes.tolist()),
            "year": pa.array(np.full(len(kept), year, dtype=np.int16)),
            "establishments": number(cells.establishments),
            "employment": number(filled.jobs),
            "employment_low": number(filled.low),
            "employment_high": number(filled.high),
            "status": _decoded(status[kept], words),
        },
        schema=COMPLETED,
    )
