"""Read a panel and a treated list, and tell everything that is wrong with them at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from babel.numbers import list_currencies

from clusteratlas.programmes.effects.panel import (
    NEVER,
    Flags,
    Floats,
    Ints,
    Panel,
    Setting,
    Texts,
    TreatedList,
)
from clusteratlas.programmes.effects.records import Design, Role, Scale, Study
from clusteratlas.tables import Fault, InvalidInput, few

PARQUET: Final = b"PAR1"
MOST_FAULTS: Final = 200
NUMBER: Final = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
WHOLE: Final = r"^[+-]?[0-9]+(\.0*)?$"
LONGEST_SPAN: Final = 2000
START_NAMES: Final = ("from", "start")


class Faults:
    """What is wrong so far; the first are kept in full, the others counted."""

    def __init__(self) -> None:
        self.kept: list[Fault] = []
        self.total = 0

    def add(self, fault: Fault) -> None:
        """Note a fault."""
        self.total += 1
        if len(self.kept) < MOST_FAULTS:
            self.kept.append(fault)

    def raise_any(self) -> None:
        """Raise all of them, if there are any."""
        if self.total:
            raise InvalidInput(self.kept, total=self.total)


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
        An empty cell of an outcome or covariate is NaN; an absent row is not ``present``. What
        may be missing is decided in :func:`assemble`.

    Raises
    ------
    InvalidInput
        With every fault: columns that are not there, cells that are no numbers, units without a
        name, rows given twice, outcomes at or below zero whose logarithm is asked for, periods
        that nobody has, money without a currency.

    Examples
    --------
    >>> from clusteratlas.programmes.effects import Design, Outcome, Study
    >>> rows = {"unit": ["a", "a", "b", "b"], "period": [1, 2, 1, 2], "jobs": [3, 4, 5, None]}
    >>> read_panel(rows, Study(Design.staggered, (Outcome("jobs"),))).outcomes["jobs"]
    array([[ 3.,  4.],
           [ 5., nan]])
    """
    faults = Faults()
    _check_money(study, faults)
    table, file, checksums = _table(source)
    columns = study.columns
    wanted = {columns.unit, columns.period} | {each.column for each in study.outcomes}
    used = list(dict.fromkeys([*columns.covariates, *(each.column for each in study.predictors)]))
    wanted |= set(used)
    named = {"industry": columns.industry, "region": columns.region, "cluster": columns.cluster}
    attributes = {role: name for role, name in named.items() if name}
    wanted |= set(attributes.values())
    _need(table, sorted(wanted), file, faults)
    if not study.outcomes:
        faults.add(Fault("no outcome is asked for", hint="name a column of the panel"))
    faults.raise_any()
    first = _first_row(source)
    unit_codes, units = _codes(table, columns.unit, file, first, faults)
    years = _whole(table, columns.period, file, first, faults)
    faults.raise_any()
    periods = _periods(years, columns.period, file, faults)
    faults.raise_any()
    shape = (len(units), len(periods))
    cell = unit_codes * shape[1] + (years - periods[0])
    _once(cell, shape, units, periods, file, first, faults)
    present = np.zeros(shape[0] * shape[1], dtype=bool)
    present[cell] = True
    gathered = {
        each.column: _spread(_numbers(table, each.column, file, first, faults), cell, shape)
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

    Examples
    --------
    >>> from clusteratlas.programmes.effects import Design, Outcome, Study
    >>> study = Study(Design.contest, (Outcome("jobs"),))
    >>> rows = {"unit": ["a", "b"], "from": [2015, None], "role": ["treated", "lost"]}
    >>> read_treated(rows, study).starts
    array([2015,    0])
    """
    faults = Faults()
    table, file, checksums = _table(source)
    unit = study.columns.unit if study.columns.unit in table.column_names else "unit"
    start = next((name for name in START_NAMES if name in table.column_names), "from")
    _need(table, [unit, start], file, faults)
    faults.raise_any()
    first = _first_row(source)
    names = _texts(table, unit)
    starts = _numbers(table, start, file, first, faults)
    roles = _texts(table, "role") if "role" in table.column_names else [""] * len(names)
    costs = (
        _numbers(table, "cost", file, first, faults)
        if "cost" in table.column_names
        else np.full(len(names), np.nan)
    )
    seen: dict[str, int] = {}
    known: list[Role] = []
    for row, (name, begun, role) in enumerate(zip(names, starts, roles, strict=True), start=first):
        known.append(Role(role) if role in set(Role) else Role.treated)
        if role and role not in set(Role):
            faults.add(Fault("nobody knows this role", file, row, "role", role, _ROLES))
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
            faults.add(Fault("a start is no whole number", file, row, start, f"{begun:g}"))
    for row in map(int, np.flatnonzero(costs < 0)):
        faults.add(Fault("a cost is below zero", file, row + first, "cost", f"{costs[row]:g}"))
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


def assemble(panel: Panel, treated: TreatedList, study: Study) -> Setting:
    """Return the panel with what happened to each unit, or every fault of the two together.

    Raises
    ------
    InvalidInput
        With every fault, by unit and period: listed units that the panel does not have, starts
        after its last period, periods without a row or a figure (unless the balanced part is
        asked for), nobody treated, no losers in a contest, a design without the columns it needs.
    """
    faults = Faults()
    count = len(panel.units)
    start = np.zeros(count, dtype=np.int64)
    flags = {role: np.zeros(count, dtype=bool) for role in Role}
    cost = np.full(count, np.nan)
    places = {str(name): place for place, name in enumerate(panel.units)}
    last = int(panel.periods[-1])
    for name, begun, role, paid in zip(
        treated.units, treated.starts, treated.roles, treated.costs, strict=True
    ):
        place = places.get(str(name))
        if place is None:
            faults.add(
                Fault(
                    f"unit {name} of the treated list is not in the panel",
                    column=study.columns.unit,
                    value=str(int(begun)) if begun else "",
                    hint="write the unit as in the panel, or leave it out of the list",
                )
            )
            continue
        if begun > last:
            faults.add(
                Fault(
                    f"unit {name} starts after the panel's last period {last}",
                    column="from",
                    value=str(int(begun)),
                    hint="take a longer panel, or leave the unit out: it is then a control",
                )
            )
        start[place], flags[role][place], cost[place] = begun, True, paid
    setting = Setting(
        panel, start, flags[Role.treated], flags[Role.spillover], flags[Role.lost], cost
    )
    _check_roles(setting, study, faults)
    _check_columns(panel, study, faults)
    if not study.choices.keep_balanced:
        _check_gaps(setting, study, faults)
    faults.raise_any()
    return setting


_ROLES: Final = f"one of {', '.join(Role)}; empty means treated"


def _check_roles(setting: Setting, study: Study, faults: Faults) -> None:
    if not setting.treated.any():
        faults.add(
            Fault(
                "no unit of the panel is treated", hint="list units with role treated and a start"
            )
        )
    if study.design is Design.contest and not setting.lost.any():
        faults.add(
            Fault(
                "a contest needs those who lost",
                column="role",
                hint="list applicants that were not funded with role lost",
            )
        )
    if study.design is Design.spillover and not setting.exposed.any():
        faults.add(
            Fault(
                "a design with spillovers needs exposed units",
                column="role",
                hint="list untreated neighbours with role spillover and the period of exposure",
            )
        )


def _check_columns(panel: Panel, study: Study, faults: Faults) -> None:
    if study.design is Design.triple:
        for needed in ("region", "industry"):
            if needed not in panel.attributes:
                faults.add(
                    Fault(
                        f"a triple difference needs the {needed} of each unit",
                        hint=f"say which column of the panel holds the {needed}",
                    )
                )
    if study.design is Design.matched and not panel.covariates:
        faults.add(
            Fault(
                "matching needs something to match on",
                hint="name columns of the panel that hold what units looked like before",
            )
        )
    if not study.choices.window >= 1:
        faults.add(Fault("the window is shorter than a year", value=str(study.choices.window)))
    if not 0.5 <= study.choices.level < 1.0:
        faults.add(
            Fault(
                "an interval covers 0.5 to 0.999", value=str(study.choices.level), hint="say 0.95"
            )
        )


def _check_gaps(setting: Setting, study: Study, faults: Faults) -> None:
    """Name every unit and period without a row or a figure."""
    panel = setting.panel
    hint = "complete the panel, or choose to keep only units with every period"
    for unit, place in zip(*np.nonzero(~panel.present), strict=True):
        faults.add(
            Fault(
                f"unit {panel.units[unit]} has no row for {panel.periods[place]}",
                column=study.columns.period,
                hint=hint,
            )
        )
    columns = {each.column: panel.outcomes[each.column] for each in study.outcomes}
    covariates = {} if study.design is Design.synthetic else dict(panel.covariates)
    asked = setting.before_starts(study.choices.anticipation)
    for name, values in (columns | covariates).items():
        lacks = panel.present & np.isnan(values)
        if name not in columns:
            lacks = lacks & asked
        for unit, place in zip(*np.nonzero(lacks), strict=True):
            period = int(panel.periods[place])
            begun = setting.treated[unit] and period >= setting.start[unit]
            faults.add(
                Fault(
                    f"unit {panel.units[unit]} has no {name} in {period}"
                    + (", after its treatment began" if begun and name in columns else ""),
                    column=name,
                    hint=hint,
                )
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
            Fault("the total cost is not above zero", column="cost", value=str(study.costs.total))
        )


def _table(source: Any) -> tuple[pa.Table, str, dict[str, str]]:
    """The table, the name it goes by, and the checksum of a file."""
    if not isinstance(source, str | Path):
        try:
            return pa.table(source), "", {}
        except (pa.ArrowException, TypeError, ValueError) as error:
            raise InvalidInput(
                [
                    Fault(
                        "this is no table",
                        value=type(source).__name__,
                        hint="give a file or a table",
                    )
                ]
            ) from error
    path = Path(source)
    if not path.is_file():
        problem = "this is a folder" if path.is_dir() else "there is no such file"
        raise InvalidInput([Fault(problem, str(path), hint="check the path")])
    with path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    return _read_file(path), str(path), {path.name: checksum}


def _read_file(path: Path) -> pa.Table:
    try:
        if _is_parquet(path):
            return pq.read_table(path)
        with path.open("rb") as file:
            header = pacsv.open_csv(file).schema.names
        return pacsv.read_csv(
            path,
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowException as error:
        raise InvalidInput(
            [
                Fault(
                    "this is no CSV or Parquet table",
                    str(path),
                    value=str(error).splitlines()[0][:120],
                    hint="give UTF-8 CSV with a header, or Parquet",
                )
            ]
        ) from error


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == PARQUET


def _first_row(source: Any) -> int:
    """Line 1 of a CSV is its header; rows elsewhere are counted from 1."""
    return 2 if isinstance(source, str | Path) and not _is_parquet(Path(source)) else 1


def _need(table: pa.Table, names: Iterable[str], file: str, faults: Faults) -> None:
    for name in names:
        found = table.column_names.count(name)
        if found != 1:
            problem = "the column is missing" if not found else "the column is there twice"
            hint = f"there are {few(table.column_names)}"
            faults.add(Fault(problem, file, None, name, hint=hint))


def _texts(table: pa.Table, name: str) -> list[str]:
    cells = pc.fill_null(pc.cast(table.column(name), pa.string()), "")
    texts: list[str] = pc.utf8_trim_whitespace(cells).to_pylist()
    return texts


def _codes(table: pa.Table, name: str, file: str, first: int, faults: Faults) -> tuple[Ints, Texts]:
    """Each row's unit as a place in the sorted names."""
    cells = pc.fill_null(pc.cast(table.column(name), pa.string()), "")
    encoded = pc.utf8_trim_whitespace(cells).combine_chunks().dictionary_encode()
    words = np.array(encoded.dictionary.to_pylist(), dtype=np.str_)
    order = np.argsort(words, kind="stable")
    rank = np.empty(len(words), dtype=np.int64)
    rank[order] = np.arange(len(words))
    codes = rank[encoded.indices.to_numpy().astype(np.int64)] if len(words) else rank
    units = words[order]
    if not len(units):
        faults.add(Fault("the table has no rows", file))
    elif units[0] == "":
        for row in np.flatnonzero(codes == 0):
            faults.add(Fault("the unit has no name", file, int(row) + first, name))
    return codes, units


def _numbers(table: pa.Table, name: str, file: str, first: int, faults: Faults) -> Floats:
    """The column as numbers, NaN where empty; what is no number is a fault."""
    column = table.column(name)
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        text = pc.utf8_trim_whitespace(column.cast(pa.string()))
        empty = pc.fill_null(pc.equal(text, ""), True)
        fits = pc.or_(empty, pc.fill_null(pc.match_substring_regex(text, NUMBER), False))
        for row in np.flatnonzero(~fits.to_numpy(zero_copy_only=False)):
            faults.add(
                Fault(
                    f"{name} is not a number",
                    file,
                    int(row) + first,
                    name,
                    str(column[int(row)].as_py()),
                    "write it like 1234.5, or leave it empty",
                )
            )
        column = pc.if_else(pc.or_(empty, pc.invert(fits)), None, text)
    try:
        values = pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowException:
        faults.add(Fault(f"{name} does not hold numbers", file, None, name, str(kind)))
        return np.full(table.num_rows, np.nan)
    values = np.array(values, dtype=np.float64)
    for row in np.flatnonzero(np.isinf(values)):
        faults.add(Fault(f"{name} is not finite", file, int(row) + first, name, str(values[row])))
    return values


def _whole(table: pa.Table, name: str, file: str, first: int, faults: Faults) -> Ints:
    values = _numbers(table, name, file, first, faults)
    bad = np.flatnonzero(np.isnan(values) | (values != np.round(values)))
    for row in bad:
        problem = (
            "the period is missing" if np.isnan(values[row]) else "a period is no whole number"
        )
        faults.add(Fault(problem, file, int(row) + first, name, hint="write periods like 2016"))
    return np.nan_to_num(values).astype(np.int64)


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
        _texts(table, name) if not (pa.types.is_floating(kind) or pa.types.is_integer(kind)) else []
    )
    if pa.types.is_boolean(kind) or (texts and not _all_numbers(texts)):
        words = np.array(texts, dtype=np.str_)
        kinds = sorted(set(texts) - {""})
        flags = {}
        for word in kinds[1:]:
            flag = np.where(words == "", np.nan, (words == word).astype(np.float64))
            flags[f"{name}: {word}"] = _spread(flag, cell, shape)
        return flags
    return {name: _spread(_numbers(table, name, file, first, faults), cell, shape)}


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
