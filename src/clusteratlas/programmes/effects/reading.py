"""Read a panel and a treated list, and tell everything that is wrong with them at once."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from babel.numbers import list_currencies

from clusteratlas.programmes.effects.columns import (
    NUMBER,
    Faults,
    codes_of,
    first_row,
    need_columns,
    numbers_of,
    table_of,
    texts_of,
    whole_numbers,
)
from clusteratlas.programmes.effects.panel import (
    NEVER,
    Flags,
    Floats,
    Ints,
    Panel,
    Texts,
    TreatedList,
)
from clusteratlas.programmes.effects.study import Outcome, Role, Scale, Study
from clusteratlas.tables import Fault

LONGEST_SPAN: Final = 2000
LARGEST_LOGARITHM: Final = 100.0
ROLES: Final = f"one of {', '.join(Role)}; empty means treated"
_GIVE_COST: Final = "give what the public paid: 0 where nothing; or leave costs out"
START_NAMES: Final = ("from", "start")


def read_panel(source: Any, study: Study) -> Panel:
    """Return the panel of a file or table as arrays.

    Parameters
    ----------
    source
        Path of a CSV or Parquet file, or a table in memory (Arrow, pandas, Polars, mapping of
        columns): one row a unit and period, with the columns that the study names.
    study
        Which columns are needed.

    Returns
    -------
    Panel
        Units sorted by name; outcomes compared in logarithms are turned into them.

    Missing data
    ------------
    An empty cell of an outcome or covariate is NaN; an absent row is not ``present``. What may be
    missing is decided in :func:`assemble`.

    Raises
    ------
    InvalidInput
        With every fault: columns that are not there, cells that are no numbers, units without a
        name, rows given twice, outcomes at or below zero whose logarithm is asked for, periods
        that nobody has, money without a currency.

    Example
    -------
    >>> from clusteratlas.programmes.effects import Design, Outcome, Study
    >>> rows = {"unit": ["a", "a", "b", "b"], "period": [1, 2, 1, 2], "jobs": [3, 4, 5, None]}
    >>> read_panel(rows, Study(Design.staggered, (Outcome("jobs"),))).outcomes["jobs"]
    array([[ 3.,  4.],
           [ 5., nan]])
    """
    faults = Faults()
    _check_money(study, faults)
    table, file, checksums = table_of(source)
    columns = study.columns
    wanted = {columns.unit, columns.period} | {each.column for each in study.outcomes}
    used = list(dict.fromkeys([*columns.covariates, *(each.column for each in study.predictors)]))
    wanted |= set(used)
    named = {"industry": columns.industry, "region": columns.region, "cluster": columns.cluster}
    attributes = {role: name for role, name in named.items() if name}
    wanted |= set(attributes.values())
    need_columns(table, sorted(wanted), file, faults)
    if not study.outcomes:
        faults.add(Fault("no outcome is asked for", hint="name a column of the panel"))
    faults.raise_any()
    first = first_row(source)
    unit_codes, units = codes_of(table, columns.unit, file, first, faults)
    years = whole_numbers(table, columns.period, file, first, faults)
    faults.raise_any()
    periods = _periods(years, columns.period, file, faults)
    faults.raise_any()
    shape = (len(units), len(periods))
    cell = unit_codes * shape[1] + (years - periods[0])
    _once(cell, shape, units, periods, file, first, faults)
    present = np.zeros(shape[0] * shape[1], dtype=bool)
    present[cell] = True
    gathered = {
        each.column: _spread(numbers_of(table, each.column, file, first, faults), cell, shape)
        for each in study.outcomes
    }
    covariates: dict[str, Floats] = {}
    for name in used:
        covariates |= _covariate(table, name, cell, shape, file, first, faults)
    kept = {
        role: _attribute(table, name, unit_codes, years, len(units))
        for role, name in attributes.items()
    }
    for each in study.outcomes:
        _check_values(gathered[each.column], each, file, faults)
        if each.scale is Scale.log:
            gathered[each.column] = _logarithm(
                gathered[each.column], each.column, units, periods, file, faults
            )
    faults.raise_any()
    return Panel(
        units,
        periods,
        present.reshape(shape),
        gathered,
        covariates,
        kept,
        table.num_rows,
        checksums,
    )


def read_treated(source: Any, study: Study) -> TreatedList:
    """Return the treated list of a file or table.

    Parameters
    ----------
    source
        Path of a CSV or Parquet file, or a table in memory, with ``unit``; ``from`` (or
        ``start``: the first period under treatment); if it likes ``role`` (``treated``,
        ``spillover`` or ``lost``; treated where empty) and ``cost``.
    study
        Its unit column may be named like the panel's; its costs say the currency.

    Raises
    ------
    InvalidInput
        With every fault: units listed twice, no start, roles nobody knows, costs that are no
        numbers, costs without a currency.

    Example
    -------
    >>> from clusteratlas.programmes.effects import Design, Outcome, Study
    >>> study = Study(Design.contest, (Outcome("jobs"),))
    >>> rows = {"unit": ["a", "b"], "from": [2015, None], "role": ["treated", "lost"]}
    >>> read_treated(rows, study).starts
    array([2015,    0])
    """
    faults = Faults()
    table, file, checksums = table_of(source)
    unit = study.columns.unit if study.columns.unit in table.column_names else "unit"
    start = next((name for name in START_NAMES if name in table.column_names), "from")
    need_columns(table, [unit, start], file, faults)
    faults.raise_any()
    first = first_row(source)
    names = texts_of(table, unit)
    starts = numbers_of(table, start, file, first, faults)
    roles = texts_of(table, "role") if "role" in table.column_names else [""] * len(names)
    costs = (
        numbers_of(table, "cost", file, first, faults)
        if "cost" in table.column_names
        else np.full(len(names), np.nan)
    )
    seen: dict[str, int] = {}
    known: list[Role] = []
    for row, (name, begun, role) in enumerate(zip(names, starts, roles, strict=True), start=first):
        known.append(Role(role) if role in set(Role) else Role.treated)
        if role and role not in set(Role):
            faults.add(Fault("nobody knows this role", file, row, "role", role, ROLES))
        if not name:
            faults.add(
                Fault("the unit has no name", file, row, unit, hint="name it as in the panel")
            )
        elif name in seen:
            faults.add(
                Fault(
                    f"unit {name} is listed twice, first in row {seen[name]}",
                    file,
                    row,
                    unit,
                    "" if np.isnan(begun) else f"{begun:g}",
                    "list a unit once, with the period in which it was first treated",
                )
            )
        seen.setdefault(name, row)
        if np.isnan(begun) and known[-1] is not Role.lost:
            faults.add(
                Fault(f"unit {name} has no start", file, row, start, hint="give its first period")
            )
        elif not np.isnan(begun) and begun != round(begun):
            faults.add(
                Fault("a start is no whole number", file, row, start, f"{begun:g}", "write 2016")
            )
    for row in map(int, np.flatnonzero(costs < 0)):
        value = f"{costs[row]:g}"
        faults.add(Fault("a cost is below zero", file, row + first, "cost", value, _GIVE_COST))
    paid = np.isfinite(costs)
    for row in map(int, np.flatnonzero(~paid) if paid.any() else ()):
        if known[row] is Role.treated:
            faults.add(
                Fault(
                    f"unit {names[row]} has no cost",
                    file,
                    int(row) + first,
                    "cost",
                    hint=_GIVE_COST,
                )
            )
    if np.isfinite(costs).any() and study.costs is None:
        faults.add(
            Fault(
                "the costs have no currency",
                file,
                column="cost",
                hint="say the currency of the costs, such as EUR, and the year of their prices",
            )
        )
    faults.raise_any()
    return TreatedList(
        np.array(names, dtype=np.str_),
        np.nan_to_num(starts, nan=NEVER).astype(np.int64),
        tuple(known),
        costs,
        checksums,
    )


def _check_money(study: Study, faults: Faults) -> None:
    known = list_currencies()
    hint = "give the three letters of a currency (ISO 4217), such as EUR"
    for each in study.outcomes:
        if each.money and each.unit not in known:
            faults.add(
                Fault("an amount of money has no currency", "", None, each.column, each.unit, hint)
            )
    if study.costs is not None and study.costs.currency not in known:
        faults.add(
            Fault("the costs have no currency", "", None, "cost", study.costs.currency, hint)
        )
    if study.costs is not None and study.costs.total is not None and not study.costs.total > 0:
        faults.add(
            Fault(
                "the total cost is not above zero",
                column="cost",
                value=str(study.costs.total),
                hint=_GIVE_COST,
            )
        )


def _periods(years: Ints, name: str, file: str, faults: Faults) -> Ints:
    first, last = int(years.min()), int(years.max())
    if last - first >= LONGEST_SPAN:
        faults.add(
            Fault(f"the panel spans {first} to {last}", file, None, name, hint="check the periods")
        )
        return np.unique(years)
    periods = np.arange(first, last + 1)
    for period in np.setdiff1d(periods, years):
        faults.add(
            Fault(
                f"no unit has a row for {period}",
                file,
                None,
                name,
                hint="number the periods one after the other, or add the missing ones",
            )
        )
    return periods


def _once(
    cell: Ints,
    shape: tuple[int, int],
    units: Texts,
    periods: Ints,
    file: str,
    first: int,
    faults: Faults,
) -> None:
    count = np.bincount(cell, minlength=shape[0] * shape[1])
    if count.max(initial=0) <= 1:
        return
    _, earliest = np.unique(cell, return_index=True)
    again = np.ones(len(cell), dtype=bool)
    again[earliest] = False
    for row in np.flatnonzero(again):
        unit, place = divmod(int(cell[row]), shape[1])
        faults.add(
            Fault(
                f"unit {units[unit]} has a second row for {periods[place]}",
                file,
                int(row) + first,
                hint="keep one row a unit and period",
            )
        )


def _spread(values: Floats, cell: Ints, shape: tuple[int, int]) -> Floats:
    spread = np.full(shape[0] * shape[1], np.nan)
    spread[cell] = values
    return spread.reshape(shape)


def _covariate(
    table: pa.Table,
    name: str,
    cell: Ints,
    shape: tuple[int, int],
    file: str,
    first: int,
    faults: Faults,
) -> dict[str, Floats]:
    """A column of numbers as it is; words as one flag each but for the first."""
    kind = table.column(name).type
    texts = (
        texts_of(table, name)
        if not (pa.types.is_floating(kind) or pa.types.is_integer(kind))
        else []
    )
    if pa.types.is_boolean(kind) or (texts and not _all_numbers(texts)):
        words = np.array(texts, dtype=np.str_)
        kinds = sorted(set(texts) - {""})
        flags = {}
        for word in kinds[1:]:
            flag = np.where(words == "", np.nan, (words == word).astype(np.float64))
            flags[f"{name}: {word}"] = _spread(flag, cell, shape)
        return flags
    return {name: _spread(numbers_of(table, name, file, first, faults), cell, shape)}


def _all_numbers(texts: list[str]) -> bool:
    fits = pc.match_substring_regex(pa.array([text for text in texts if text], pa.string()), NUMBER)
    share: float = pc.mean(pc.cast(fits, pa.float64())).as_py() or 0.0
    return share > 0.5


def _attribute(table: pa.Table, name: str, unit: Ints, years: Ints, count: int) -> Texts:
    """What the column says of each unit in its first row that says anything."""
    encoded = (
        pc.fill_null(pc.cast(table.column(name), pa.string()), "")
        .combine_chunks()
        .dictionary_encode()
    )
    words = np.array([*encoded.dictionary.to_pylist(), ""], dtype=np.str_)
    codes = encoded.indices.to_numpy().astype(np.int64)
    told = np.flatnonzero(words[codes] != "")
    order = told[np.lexsort((years[told], unit[told]))]
    those, place = np.unique(unit[order], return_index=True)
    kept = np.full(count, len(words) - 1, dtype=np.int64)
    kept[those] = codes[order[place]]
    return words[kept]


def _check_values(values: Floats, outcome: Outcome, file: str, faults: Faults) -> None:
    """An outcome has to differ somewhere, and logarithms have to be ones."""
    given = values[np.isfinite(values)]
    if not len(given) or given.min() == given.max():
        faults.add(
            Fault(
                "the outcome is the same in all rows",
                file,
                None,
                outcome.column,
                f"{given[0]:g}" if len(given) else "",
                "name a column that can change",
            )
        )
    elif outcome.scale is Scale.logged and np.abs(given).max() > LARGEST_LOGARITHM:
        faults.add(
            Fault(
                "the column holds no logarithms",
                file,
                None,
                outcome.column,
                f"{given[np.abs(given).argmax()]:g}",
                "ask for logarithms of the column, or compare levels",
            )
        )


def _logarithm(
    values: Floats, name: str, units: Texts, periods: Ints, file: str, faults: Faults
) -> Floats:
    low: Flags = values <= 0
    for unit, place in zip(*np.nonzero(low), strict=True):
        faults.add(
            Fault(
                f"unit {units[unit]} has {name} at or below zero in {periods[place]}, "
                "which has no logarithm",
                file,
                None,
                name,
                f"{values[unit, place]:g}",
                "compare levels, or leave the figure empty if it is not known",
            )
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(low, np.nan, np.log(values)), dtype=np.float64)
