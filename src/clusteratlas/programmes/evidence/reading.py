"""Read published effects from a CSV: ours, and those that a site adds; all faults at once."""

from __future__ import annotations

import csv
import io
import math
import re
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from clusteratlas.programmes.effects.study import Stage
from clusteratlas.programmes.evidence.designs import StudyDesign
from clusteratlas.programmes.evidence.records import (
    FactScale,
    Finding,
    PublishedEffect,
    Significance,
    UnitKind,
)
from clusteratlas.tables import Fault, InvalidInput

COLUMNS: Final = (
    "identity",
    "statement",
    "programme",
    "family",
    "country",
    "years",
    "design",
    "design_stated",
    "unit",
    "unit_stated",
    "observed",
    "observed_words",
    "outcome",
    "outcome_stated",
    "stage",
    "finding",
    "significance",
    "value",
    "value_to",
    "scale",
    "unit_of_value",
    "standard_error",
    "horizon_years",
    "measured",
    "source",
    "seen",
)
REQUIRED: Final = (
    "identity",
    "programme",
    "country",
    "design",
    "unit",
    "outcome",
    "stage",
    "finding",
    "scale",
    "source",
)
DERIVED: Final = "grade"
"""A column that we write and never read: the grade follows from the design."""

TAKEN: Final = ("groups", "own")
"""Names that stand for something else in addresses."""

LONGEST: Final = 400
MOST_ROWS: Final = 5_000
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CONCEPT = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_COUNTRY = re.compile(r"[A-Z]{2}")
Code = TypeVar("Code", bound=StrEnum)


def read_effects(path: Path, *, own: bool = True) -> tuple[PublishedEffect, ...]:
    """Return the effects of a CSV file.

    Raises
    ------
    InvalidInput
        With every fault: no such file, not UTF-8, and what `effects_of_text` finds.
    """
    if not path.is_file():
        problem = "this is a folder" if path.is_dir() else "there is no such file"
        raise InvalidInput([Fault(problem, str(path), hint="check the path")])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        hint = "save the table as CSV in UTF-8"
        raise InvalidInput(
            [Fault("the file is not text in UTF-8", str(path), hint=hint)]
        ) from error
    return effects_of_text(text, file=str(path), own=own)


def effects_of_text(text: str, *, file: str = "", own: bool = True) -> tuple[PublishedEffect, ...]:
    """Return the effects of a CSV text, one figure a row.

    Definition
    ----------
    Bookkeeping: every row becomes one `PublishedEffect`. Where ``family`` is empty, it is made of
    the programme's name.

    Parameters
    ----------
    text
        With a header of names of `COLUMNS`; those of `REQUIRED` must be there and filled.
    file
        Name for faults.
    own
        Whether a site adds them.

    Returns
    -------
    tuple of PublishedEffect
        In the order of the file.

    Missing data
    ------------
    An empty cell is not stated. A figure without a standard error is kept without one.

    Raises
    ------
    InvalidInput
        Columns that are missing, unknown or twice; cells that are no number or not of the list;
        names that stand twice; a figure without a scale or unit, or a scale without a figure;
        a standard error that is not above 0.

    Source
    ------
    None: bookkeeping.

    Example
    -------
    >>> found = effects_of_text('''identity,programme,country,design,unit,outcome,stage,finding,\
scale,value,unit_of_value,standard_error,source
    ... ours-1,Our programme,FR,difference_in_differences,firm,employment,business,positive,\
percent,4.2,percent,1.1,Our study 2024''')
    >>> found[0].family, found[0].grade.value, found[0].standard_error
    ('our-programme', 'B', 1.1)
    """
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        lines = [(reader.line_num, line) for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise InvalidInput([Fault(f"the file cannot be read as CSV: {error}", file)]) from error
    if not lines:
        raise InvalidInput([Fault("the file is empty", file, hint="begin with the header")])
    header = [cell.strip() for cell in lines[0][1]]
    faults = _faults_of_header(header, file)
    if len(lines) - 1 > MOST_ROWS:
        faults.append(Fault(f"more than {MOST_ROWS:,} rows", file, hint="split the file"))
    if faults:
        raise InvalidInput(faults)
    found: list[PublishedEffect] = []
    first_of: dict[str, int] = {}
    for number, cells in lines[1:]:
        row = _Row(header, cells, number, file)
        effect = row.effect(own=own)
        faults += row.faults
        if effect.identity in first_of:
            hint = f"it stands in row {first_of[effect.identity]} already"
            faults.append(
                Fault("the name stands twice", file, number, "identity", effect.identity, hint)
            )
        first_of.setdefault(effect.identity, number)
        found.append(effect)
    if faults:
        raise InvalidInput(faults)
    return tuple(found)


def _faults_of_header(header: list[str], file: str) -> list[Fault]:
    known = f"known are {', '.join(COLUMNS)}"
    return [
        *(
            Fault(f"the column {name} is missing", file, 1, name, hint="every row needs it")
            for name in REQUIRED
            if name not in header
        ),
        *(
            Fault("no such column", file, 1, name, name, known)
            for name in header
            if name not in (*COLUMNS, DERIVED)
        ),
        *(
            Fault("the column stands twice", file, 1, name, name, "leave one of them out")
            for name in sorted({each for each in header if header.count(each) > 1})
        ),
    ]


class _Row:
    """Reads one row and collects what is wrong with it."""

    def __init__(self, header: list[str], cells: list[str], number: int, file: str) -> None:
        self.number, self.file = number, file
        self.faults: list[Fault] = []
        if len(cells) != len(header):
            self.fault("", "", f"the row has {len(cells)} cells", f"the header has {len(header)}")
        filled = [*cells, *[""] * len(header)][: len(header)]
        self.cells = {name: cell.strip() for name, cell in zip(header, filled, strict=True)}
        for name, cell in self.cells.items():
            if len(cell) > LONGEST:
                self.fault(name, f"{cell[:40]}...", f"more than {LONGEST} characters", "shorten it")

    def fault(self, column: str, value: str, problem: str, hint: str) -> None:
        self.faults.append(Fault(problem, self.file, self.number, column, value, hint))

    def text(self, column: str) -> str:
        cell = self.cells.get(column, "")
        if not cell and column in REQUIRED:
            self.fault(column, "", f"{column} is empty", "every row needs it")
        return cell

    def matching(self, column: str, pattern: re.Pattern[str], hint: str) -> str:
        cell = self.text(column)
        if cell and not pattern.fullmatch(cell):
            self.fault(column, cell, f"{column} is not written as it must be", hint)
        return cell

    def code(self, column: str, kind: type[Code], default: Code) -> Code:
        cell = self.text(column)
        if not cell:
            return default
        try:
            return kind(cell)
        except ValueError:
            known = ", ".join(each.value for each in kind)
            self.fault(column, cell, f"{column} is not of the list", f"one of {known}")
            return default

    def number_of(self, column: str) -> float | None:
        cell = self.text(column)
        if not cell:
            return None
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.fault(column, cell, f"{column} is not a number", "write it like -1234.5")
            return None
        return value

    def count_of(self, column: str) -> int | None:
        value = self.number_of(column)
        if value is not None and (value < 1 or value != int(value)):
            self.fault(column, self.text(column), f"{column} is no count", "a whole number from 1")
            return None
        return None if value is None else int(value)

    def identity(self) -> str:
        name = self.matching("identity", _KEY, "small letters, digits and hyphens")
        if name in TAKEN:
            self.fault("identity", name, "the name stands for something else", "choose another")
        return name

    def effect(self, *, own: bool) -> PublishedEffect:
        programme = self.text("programme")
        family = self.matching("family", _KEY, "small letters, digits and hyphens")
        seen = self.cells.get("seen", "") or "seen"
        if seen not in ("seen", "memory"):
            self.fault("seen", seen, "seen is not of the list", "one of seen, memory")
        found = PublishedEffect(
            identity=self.identity(),
            statement=self.count_of("statement"),
            programme=programme,
            family=family or key_of(programme),
            country=self.matching("country", _COUNTRY, "two letters, such as FR; EU for several"),
            years=self.text("years"),
            design=self.code("design", StudyDesign, StudyDesign.not_stated),
            design_stated=self.text("design_stated"),
            unit=self.code("unit", UnitKind, UnitKind.firm),
            unit_stated=self.text("unit_stated"),
            observed=self.count_of("observed"),
            observed_words=self.text("observed_words"),
            outcome=self.matching("outcome", _CONCEPT, "small letters and _, such as rd_spend"),
            outcome_stated=self.text("outcome_stated"),
            stage=self.code("stage", Stage, Stage.business),
            finding=self.code("finding", Finding, Finding.mixed),
            significance=self.code("significance", Significance, Significance.not_stated),
            value=self.number_of("value"),
            value_to=self.number_of("value_to"),
            scale=self.code("scale", FactScale, FactScale.sign),
            unit_of_value=self.text("unit_of_value"),
            standard_error=self.number_of("standard_error"),
            horizon_years=self.number_of("horizon_years"),
            measured=self.text("measured"),
            source=self.text("source"),
            seen=seen == "seen",
            own=own,
        )
        self._check(found)
        return found

    def _check(self, found: PublishedEffect) -> None:
        if (found.value is None) != (found.scale is FactScale.sign):
            self.fault(
                "value",
                self.cells.get("value", ""),
                f"the scale is {found.scale.value} "
                + ("and there is no value" if found.value is None else "and there is a value"),
                "a figure needs its scale; where the source gives a direction only, the scale is "
                "sign and value stays empty",
            )
        if found.value is not None and not found.unit_of_value:
            hint = "such as percent, EUR per firm, jobs"
            self.fault("unit_of_value", "", "the value has no unit", hint)
        if found.value_to is not None and (found.value is None or found.value_to <= found.value):
            hint = "leave it empty where there is one figure"
            self.fault("value_to", str(found.value_to), "the range ends before it begins", hint)
        if found.standard_error is not None and found.standard_error <= 0:
            hint = "leave it empty where the source gives none"
            shown = str(found.standard_error)
            self.fault("standard_error", shown, "the standard error is not above 0", hint)
        moved = {Finding.positive: 1, Finding.negative: -1}.get(found.finding, 0)
        above = 0.0 if found.value is None else found.value - found.scale.nothing
        if moved * above < 0:
            hint = "positive means that the outcome rose"
            self.fault("finding", found.finding.value, "the finding and the value differ", hint)


def key_of(name: str) -> str:
    """Return a name as a key: small letters, digits and hyphens.

    >>> key_of("Our Programme, 2nd round")
    'our-programme-2nd-round'
    """
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))
