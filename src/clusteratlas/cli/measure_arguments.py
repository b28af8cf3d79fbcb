"""From tidy files and settings to the arguments of one measure, by the names of its parameters."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from clusteratlas import measures
from clusteratlas.cli.measure_results import Labels
from clusteratlas.cli.measure_tables import (
    Beside,
    TidyTable,
    read_columns,
    read_neighbours,
    read_table,
)
from clusteratlas.measures.labelled import Measure
from clusteratlas.tables import Fault, InvalidInput

TEXTS = ("groups", "kinds")
"""Parameters that hold codes and no numbers."""

PLANTS = ("region", "industry")
"""Parameters that say where each plant is and what it does."""

GOES_WITH = {"employment": "least_employment"}
"""Optional parameters that are only asked for together with a setting."""

SINGULAR = {"groups": "group", "kinds": "kind"}
"""What the column of such a parameter may also be called."""


SWITCHES = {"true": True, "yes": True, "false": False, "no": False}

OF_REGIONS = ("area", "population", "total")
"""One figure a region: a file of regions goes before a column of the table."""

DERIVED = ("location_quotient", "presence", "proximity", "share_of_region", "share_of_nation")
"""Parameters that are taken of the column of figures where no file has them."""


@dataclass
class Asked:
    """What the user gave on the command line."""

    input: Path
    column: str = "employment"
    regions: Path | None = None
    industries: Path | None = None
    neighbours: Path | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    first: int | None = None
    last: int | None = None
    absent_is_zero: bool = False


def parse_settings(texts: Sequence[str]) -> dict[str, Any]:
    """Return ``name=value`` settings; a value is JSON where it can be, else text.

    Example
    -------
    >>> parse_settings(["threshold=1.5", "kind=cosine", "radii=[1, 2]"])
    {'threshold': 1.5, 'kind': 'cosine', 'radii': [1, 2]}
    """
    faults, found = [], {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            faults.append(Fault("this is no setting", value=text, hint="write --set name=value"))
            continue
        try:
            found[name.strip()] = json.loads(value)
        except json.JSONDecodeError:
            found[name.strip()] = value
    if faults:
        raise InvalidInput(faults)
    return found


def _with_switches(
    parameters: Mapping[str, inspect.Parameter], settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the settings with yes and no as true and false; refuse what is neither.

    Text where the measure takes a number is refused, too.
    """
    found, faults = dict(settings), []
    for name, value in settings.items():
        usual = parameters[name].default
        if isinstance(usual, (int, float)) and not isinstance(usual, bool):
            if isinstance(value, (str, bool)) or value is None:
                faults.append(Fault(f"{name} is no number", value=str(value)))
        elif isinstance(usual, bool) and not isinstance(value, bool):
            found[name] = SWITCHES.get(str(value).lower())
            if found[name] is None:
                problem, hint = f"{name} is neither true nor false", "write true or false"
                faults.append(Fault(problem, value=str(value), hint=hint))
    if faults:
        raise InvalidInput(faults)
    return found


@dataclass
class Given:
    """The arguments of a call, what was derived for it, and how much of the table has no row."""

    arguments: dict[str, Any]
    notes: list[str]
    labels: Labels | None


def arguments_of(measure: Measure, asked: Asked) -> Given:
    """Find every argument of a measure, or say all that is missing."""
    parameters = inspect.signature(measure.function).parameters
    _check_settings(measure, asked, list(parameters))
    asked = replace(asked, settings=_with_switches(parameters, asked.settings))
    if "points" in parameters:
        return _of_points(parameters, asked)
    if _is_about_plants(parameters, asked):
        return _of_plants(parameters, asked)
    return _Finder(parameters, asked).find()


class _Finder:
    """Looks for each parameter in the files, in what can be derived, and in the settings."""

    def __init__(self, parameters: Mapping[str, inspect.Parameter], asked: Asked) -> None:
        self.parameters, self.asked = parameters, asked
        names = [name for name in parameters if name not in (*TEXTS, *PLANTS)]
        self.table: TidyTable = read_table(
            asked.input, {*names, asked.column}, absent_is_zero=asked.absent_is_zero
        )
        self.header = self.table.columns.column_names
        self.beside = [
            Beside(path, key, read_columns(path, names, needed=(key,)))
            for path, key in ((asked.regions, "region"), (asked.industries, "industry"))
            if path is not None
        ]
        self.notes: list[str] = []

    def find(self) -> Given:
        found: dict[str, Any] = {}
        missing = []
        if self.asked.column not in (*self.header, Asked.column):
            hint = f"its columns are {', '.join(self.header)}"
            problem = f"there is no column {self.asked.column}"
            raise InvalidInput(
                [Fault(problem, str(self.asked.input), column=self.asked.column, hint=hint)]
            )
        for place, (name, parameter) in enumerate(self.parameters.items()):
            if name in self.asked.settings:
                found[name] = self.asked.settings[name]
                continue
            if name in PLANTS or self._unasked(name, parameter):
                continue
            value = self._value(name, first=place == 0)
            if value is not None:
                found[name] = value
            elif parameter.default is parameter.empty:
                missing.append(name)
        if missing:
            raise InvalidInput([self._missing(name) for name in missing])
        absent = self.table.absent()
        if absent:
            said = "no jobs" if self.table.absent_is_zero else "not known"
            self.notes.append(f"{absent:,} cells without a row: taken as {said}.")
        withheld = self.table.withheld(self.asked.column)
        if withheld:
            self.notes.append(f"Withheld, never taken for zero: {withheld:,} empty figures.")
        return Given(found, self.notes, Labels(self.table.regions, self.table.industries))

    def _unasked(self, name: str, parameter: inspect.Parameter) -> bool:
        """Whether an optional figure has no use without a setting that was not made."""
        setting = GOES_WITH.get(name)
        return (
            parameter.default is not parameter.empty
            and setting in self.parameters
            and setting not in self.asked.settings
        )

    def _value(self, name: str, *, first: bool) -> Any:
        if name in ("start", "end"):
            return self._of_time(name)
        if name == "years":
            early, late = self._times()
            if "start" in self.parameters:
                return late - early
            of = self.asked.column
            return {y: self.table.wide(of, y) for y in self.table.years if early <= y <= late}
        if name == "rng":
            return None if self.asked.seed is None else np.random.default_rng(self.asked.seed)
        if name == "weights" and self.asked.neighbours is not None:
            return read_neighbours(self.asked.neighbours, self.table.regions)
        beside = self._beside(name)
        if name in self.header and (beside is None or name not in OF_REGIONS):
            return self.table.by_year(name)
        if beside is not None:
            return beside
        derived = self._derived(name)
        if derived is not None:
            return derived
        if first and self.asked.column in self.header:
            return self.table.by_year(self.asked.column)
        return None

    def _beside(self, name: str) -> Any:
        for file in self.beside:
            column = next(
                (c for c in (name, SINGULAR.get(name)) if c in file.columns.column_names), None
            )
            if column is not None:
                labels = self.table.regions if file.key == "region" else self.table.industries
                return file.vector(column, labels, text=name in TEXTS)
        return None

    def _derived(self, name: str) -> Any:
        if name not in DERIVED or self.asked.column not in self.header:
            return None
        if name in ("share_of_region", "share_of_nation"):
            self.notes.append(f"{name}: taken of {self.asked.column}.")
            share = measures.region_share if name == "share_of_region" else measures.national_share
            return share(self.table.by_year(self.asked.column))
        quotient = measures.location_quotient(self.table.by_year(self.asked.column))
        if name == "location_quotient":
            self.notes.append(f"location_quotient: taken of {self.asked.column}.")
            return quotient
        present = measures.presence(quotient)
        if name == "presence":
            self.notes.append(f"presence: location quotient of {self.asked.column} at least 1.")
            return present
        self.notes.append("proximity: of the presence in the same table.")
        return measures.proximity(present)

    def _times(self) -> tuple[int, int]:
        years = self.table.years
        if len(years) < 2:
            raise InvalidInput(
                [
                    Fault(
                        "the measure compares two years",
                        str(self.asked.input),
                        column="year",
                        hint="give a column year with at least two years",
                    )
                ]
            )
        early = years[0] if self.asked.first is None else self.asked.first
        late = years[-1] if self.asked.last is None else self.asked.last
        absent = [year for year in (early, late) if year not in years]
        if absent or early >= late:
            hint = f"the file has {', '.join(map(str, years))}"
            raise InvalidInput([Fault(f"no change from {early} to {late}", hint=hint)])
        return early, late

    def _of_time(self, name: str) -> Any:
        early, late = self._times()
        return self.table.wide(self.asked.column, early if name == "start" else late)

    def _missing(self, name: str) -> Fault:
        hints = {
            "rng": "the measure draws random numbers: give --seed",
            "weights": "give --neighbours FILE with columns region, neighbour, weight",
        }
        hint = hints.get(
            name,
            f"give a column {name} in --input (one figure a region and industry), in --regions "
            f"or in --industries, or --set {name}=VALUE",
        )
        return Fault(f"the measure needs {name}", str(self.asked.input), column=name, hint=hint)


def _is_about_plants(parameters: Mapping[str, inspect.Parameter], asked: Asked) -> bool:
    """Whether each row is a plant: the measure takes plants, and their Herfindahl is not given."""
    if "industry" not in parameters:
        return False
    if "plant_herfindahl" not in parameters:
        return True
    header = [
        name
        for path in (asked.input, asked.regions, asked.industries)
        if path is not None
        for name in read_columns(path, (), needed=()).column_names
    ]
    return "plant_herfindahl" not in (*header, *asked.settings)


def _of_plants(parameters: Mapping[str, inspect.Parameter], asked: Asked) -> Given:
    """Plants: one row each, with columns region and industry."""
    needed = [name for name in PLANTS if name in parameters]
    table = read_columns(asked.input, {asked.column}, needed=(*needed, asked.column))
    numbers = read_columns(asked.input, {asked.column}, needed=needed)
    if "year" in table.column_names and len(set(table.column("year").to_pylist())) > 1:
        problem = "each row is a plant, and the file has several years"
        raise InvalidInput(
            [Fault(problem, str(asked.input), column="year", hint="give one year at a time")]
        )
    codes = {name: tuple(table.column(name).to_pylist()) for name in needed}
    found: dict[str, Any] = {"employment": numbers.column(asked.column).to_numpy()}
    found |= {name: np.array(labels) for name, labels in codes.items()}
    found |= asked.settings
    labels = Labels(
        tuple(sorted(set(codes.get("region", ())))), tuple(sorted(set(codes["industry"])))
    )
    return Given(found, [f"plants: each of the {table.num_rows:,} rows is one."], labels)


def _of_points(parameters: Mapping[str, inspect.Parameter], asked: Asked) -> Given:
    """Points: columns x and y, perhaps kind and weight; the rest is settings."""
    table = read_columns(asked.input, {"x", "y", "weight", "weights"}, needed=("x", "y"))
    numbers = read_columns(asked.input, {"x", "y", "weight", "weights"}, needed=())
    found: dict[str, Any] = {
        "points": np.column_stack([numbers.column(name).to_numpy() for name in ("x", "y")])
    }
    for name, column in (("kinds", "kind"), ("weights", "weight")):
        if name in parameters and column in table.column_names:
            values = numbers.column(column)
            found[name] = (
                np.array([str(value) for value in values.to_pylist()])
                if name == "kinds"
                else values.to_numpy()
            )
    if "rng" in parameters and asked.seed is not None:
        found["rng"] = np.random.default_rng(asked.seed)
    # Kinds are codes, and those that look like numbers are none.
    found |= {
        name: str(value) if name in ("kind", "neighbour_kind") else value
        for name, value in asked.settings.items()
    }
    missing = [
        name
        for name, parameter in parameters.items()
        if parameter.default is parameter.empty and name not in found
    ]
    if missing:
        raise InvalidInput(
            [
                Fault(
                    f"the measure needs {name}",
                    str(asked.input),
                    column=name,
                    hint=f"give it by --set {name}=VALUE, or as a column kind or weight",
                )
                for name in missing
            ]
        )
    return Given(found, [], None)


def _check_settings(measure: Measure, asked: Asked, known: list[str]) -> None:
    faults = []
    for name in asked.settings:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            guess = f"did you mean {close[0]}? " if close else ""
            faults.append(
                Fault(
                    f"{measure.name} has no setting {name}",
                    value=name,
                    hint=f"{guess}It takes {', '.join(known)}",
                )
            )
    if faults:
        raise InvalidInput(faults)
