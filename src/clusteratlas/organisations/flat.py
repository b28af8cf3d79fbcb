"""A profile as a row of the flat form, and a row of the flat form as a profile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError

from clusteratlas.organisations import cell_syntax
from clusteratlas.organisations.codes import Codebook, Unclear
from clusteratlas.organisations.json_form import faults_of
from clusteratlas.organisations.json_list import SHOWN
from clusteratlas.organisations.layout import (
    AS_OF,
    LISTS,
    MAIN,
    MEMBER_COLUMNS,
    MONEY,
    MORE_LISTS,
    PARTS,
    PICKED,
    SCALARS,
    PartLayout,
)
from clusteratlas.organisations.picks import PICKS
from clusteratlas.organisations.profile import SCHEMA_VERSION, Profile
from clusteratlas.tables import Fault

Row = dict[str, str]
Columns = dict[tuple[str | int, ...], str]
_MIDNIGHT = "T00:00:00"


# Profile to row


def row_of(profile: Profile) -> Row:
    """Return the cells of a profile that are not empty, by column.

    >>> row_of(Profile(name="Optics", languages=["de", "en"]))
    {'schema_version': '1', 'name': 'Optics', 'languages': 'de; en'}
    """
    row = main_row(profile)
    for part in PARTS:
        for number, each in enumerate(getattr(profile, part.field), 1):
            cells = part_row(part, each)
            row.update({part.column(number, name): text for name, text in cells.items()})
    return row


def main_row(profile: Profile) -> Row:
    """Return the cells of a profile without the parts that repeat."""
    members = profile.members
    found: dict[str, str] = {"schema_version": str(SCHEMA_VERSION)}
    for name in (*SCALARS, *MONEY):
        found[name] = written(getattr(profile, name))
    for name in (*LISTS, *MORE_LISTS):
        found[name] = _written_list(name, getattr(profile, name))
    for column, kind in MEMBER_COLUMNS.items():
        found[column] = written(members.counts.get(kind))
    found[AS_OF] = written(members.as_of)
    return {name: found[name] for name in MAIN if found[name]}


def part_row(part: PartLayout, given: BaseModel) -> Row:
    """Return the cells of one part that are not empty."""
    found = {
        name: _written_list(name, getattr(given, name))
        if name in part.lists
        else written(getattr(given, name))
        for name in part.columns
    }
    return {name: text for name, text in found.items() if text}


def written(value: object) -> str:
    """Return a value as it stands in a cell; empty where it is not stated.

    >>> written(6.0), written(0.5), written(True), written(None)
    ('6', '0.5', 'yes', '')
    """
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _written_list(name: str, values: Iterable[Any]) -> str:
    how: dict[str, Callable[[Any], str]] = {
        "regions": cell_syntax.written_region,
        "claims": cell_syntax.written_claim,
        "clusters": cell_syntax.written_claim,
        "industries": cell_syntax.written_industry,
    }
    return cell_syntax.join_list(how.get(name, str)(each) for each in values)


# Row to profile


@lru_cache(maxsize=20_000)
def numbered_by(column: str, prefix: str) -> int | None:
    """Return the number of a numbered column of these parts; none for another column.

    >>> numbered_by("offer_2_topic", "offer"), numbered_by("offer_2_topic", "seek")
    (2, None)
    """
    before, _, rest = column.partition("_")
    number = rest.partition("_")[0]
    return int(number) if before == prefix and number.isdecimal() else None


class RowReader:
    """Turns rows of the flat form into profiles and notes every fault with its column."""

    def __init__(self, file: str, book: Codebook | None = None) -> None:
        self.file, self.book = file, book

    def profile(
        self,
        row: Mapping[str, str],
        number: int,
        parts: Mapping[str, list[tuple[str, int, Mapping[str, str]]]] | None = None,
    ) -> tuple[Profile | None, list[Fault]]:
        """Return the profile of a row, or its faults.

        Parameters
        ----------
        row
            Cells by column; empty ones may be left out.
        number
            Of the row in its file.
        parts
            Rows of other sheets that belong to it, by field: sheet, row number and cells.
        """
        reading = _Reading(self.file, number, self.book)
        given = reading.main(row)
        for part in PARTS:
            held = reading.numbered(part, row)
            held += reading.of_sheets(part, (parts or {}).get(part.field, []))
            if held:
                given[part.field] = held
        profile: Profile | None
        try:
            profile = Profile.model_validate(given)
        except ValidationError as error:
            shaped = faults_of(error, file=self.file, row=number)
            seen = {(each.file, each.row, each.column) for each in reading.faults}
            for fault, each in zip(shaped, error.errors(include_url=False), strict=True):
                placed = reading.placed(each["loc"], fault)
                if (placed.file, placed.row, placed.column) not in seen:
                    reading.faults.append(placed)
            profile = None
        if self.book is not None:
            for place, fault in self.book.faults(given):
                reading.faults.append(reading.placed(place, fault))
        return profile, reading.faults


class _Reading:
    """One row being read: where each field came from, and what was wrong."""

    def __init__(self, file: str, number: int, book: Codebook | None) -> None:
        self.file, self.number, self.book = file, number, book
        self.faults: list[Fault] = []
        self._places: dict[tuple[str | int, ...], tuple[str, int, str]] = {}
        self._schemes: list[str] = []

    def placed(self, place: tuple[str | int, ...], fault: Fault) -> Fault:
        """Return a fault with the file, row and column that its field came from."""
        for length in range(len(place), 0, -1):
            if place[:length] in self._places:
                file, row, column = self._places[place[:length]]
                return Fault(fault.problem, file, row, column, fault.value, fault.hint)
        column = str(place[0]) if place else ""
        return Fault(fault.problem, self.file, self.number, column, fault.value, fault.hint)

    def main(self, row: Mapping[str, str]) -> dict[str, Any]:
        given: dict[str, Any] = {}
        version = row.get("schema_version", "")
        if version:
            given["schema_version"] = int(version) if version.isdecimal() else version
        for name in (*SCALARS, *MONEY):
            if text := row.get(name, ""):
                given[name] = self._scalar(name, text, PICKED.get(name))
        for name in (*LISTS, *MORE_LISTS):
            if text := row.get(name, ""):
                given[name] = self._list((name,), text, PICKED.get(name), (self.file, self.number))
                if name == "regions":
                    self._schemes = [each["scheme"] for each in given[name]]
        counts = {}
        for column, kind in MEMBER_COLUMNS.items():
            if text := row.get(column, ""):
                counts[kind] = text
                place = (self.file, self.number, column)
                self._places["members", "counts", kind] = place
        as_of = row.get(AS_OF, "")
        self._places["members", "as_of"] = (self.file, self.number, AS_OF)
        if counts or as_of:
            given["members"] = {"counts": counts}
            if as_of:
                given["members"]["as_of"] = _date(as_of)
        return given

    def numbered(self, part: PartLayout, row: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return the parts of numbered columns; numbers that stand empty are passed over."""
        numbers = sorted(
            {
                number
                for name in row
                if (number := numbered_by(name, part.prefix)) is not None and row[name]
            }
        )
        found = []
        for at, number in enumerate(numbers):
            names = {name: part.column(number, name) for name in part.columns}
            cells = {name: row.get(column, "") for name, column in names.items()}
            place = {name: (self.file, self.number, column) for name, column in names.items()}
            found.append(self._part(part, at, cells, place))
        return found

    def of_sheets(
        self, part: PartLayout, rows: Iterable[tuple[str, int, Mapping[str, str]]]
    ) -> list[dict[str, Any]]:
        """Return the parts that stand in rows of a sheet of their own."""
        return [
            self._part(part, at, cells, {name: (sheet, number, name) for name in part.columns})
            for at, (sheet, number, cells) in enumerate(rows)
        ]

    def _part(
        self,
        part: PartLayout,
        at: int,
        cells: Mapping[str, str],
        places: Mapping[str, tuple[str, int, str]],
    ) -> dict[str, Any]:
        picked = dict(part.picked)
        given: dict[str, Any] = {}
        for name, place in places.items():
            self._places[part.field, at, name] = place
            text = cells.get(name, "")
            if not text:
                continue
            if name in part.lists:
                given[name] = self._list((part.field, at, name), text, picked.get(name), place[:2])
            else:
                given[name] = self._scalar(name, text, picked.get(name), place)
        return given

    def _scalar(
        self,
        name: str,
        text: str,
        pick: str | None,
        place: tuple[str, int, str] | None = None,
    ) -> object:
        if name in ("fictional", "consent"):
            return self._flag(text, place or (self.file, self.number, name))
        if name in ("valid_until", "consent_on", "on"):
            return _date(text)
        return _picked(pick, text) if pick else text

    def _flag(self, text: str, place: tuple[str, int, str]) -> bool:
        folded = text.casefold()
        if folded not in (*cell_syntax.YES, *cell_syntax.NO):
            file, row, column = place
            hint = "write yes, or leave it empty"
            fault = Fault("neither yes nor no", file, row, column, text[:SHOWN], hint)
            self.faults.append(fault)
        return folded in cell_syntax.YES

    def _list(
        self,
        field: tuple[str | int, ...],
        text: str,
        pick: str | None,
        place: tuple[str, int],
    ) -> list[Any]:
        name = str(field[-1])
        column = self._places.get(field, (*place, name))[2]
        self._places[field] = (*place, column)
        values: list[Any] = []
        for each in cell_syntax.split_list(text):
            if name in ("regions", "claims", "clusters", "industries"):
                found = self._code(name, each, (*place, column))
                if found is not None:
                    values.append(found)
            elif name == "countries":
                values.append(each.upper() if len(each) == 2 else each)
            else:
                values.append(_picked(pick, each) if pick else each)
        return values

    def _code(self, name: str, text: str, place: tuple[str, int, str]) -> dict[str, str] | None:
        try:
            return self._looked_up(name, text)
        except Unclear as unclear:
            file, row, column = place
            fault = Fault(unclear.problem, file, row, column, unclear.value[:SHOWN], unclear.hint)
            self.faults.append(fault)
            return None

    def _looked_up(self, name: str, text: str) -> dict[str, str]:
        if name == "regions":
            if self.book is not None:
                return self.book.region(text)
            scheme, code = _coded(text, "scheme:region, such as nuts-2:DE11")
            return {"scheme": scheme, "region": code}
        if name == "industries":
            if self.book is not None:
                return self.book.industry(text, self._schemes)
            named, code = _coded(text, "classification:industry, such as nace-2:C29")
            return {"classification": named, "industry": code}
        if self.book is not None:
            return self.book.claim(text, self._schemes)
        definition, cluster, subcluster, weight = cell_syntax.claim_parts(text)
        if not definition:
            raise _unprefixed(text, "definition:cluster, such as us-benchmark-2014:30")
        found = {"definition": definition, "cluster": cluster, "weight": weight}
        return {**found, "subcluster": subcluster} if subcluster else found


def _coded(text: str, form: str) -> tuple[str, str]:
    before, code = cell_syntax.coded_parts(text)
    if not before:
        raise _unprefixed(text, form)
    return before, code


def _unprefixed(text: str, form: str) -> Unclear:
    return Unclear(
        "a code without what it is a code of", text, f"write {form}; or check against a release"
    )


def _picked(pick: str, text: str) -> str:
    """The code of a pick-list, also where its English words are given."""
    words = PICKS[pick]
    if text in words:
        return text
    folded = text.casefold()
    named = {phrase.casefold(): code for code, phrase in words.items()}
    return named.get(folded, folded if folded in words else text)


def _date(text: str) -> str:
    """A day as a spreadsheet gives it, without the midnight it adds."""
    return text.removesuffix(_MIDNIGHT).removesuffix(" 00:00:00")
