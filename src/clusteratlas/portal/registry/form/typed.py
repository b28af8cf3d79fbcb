"""What stands in the form: a profile as typed values, and typed values as a profile or faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from clusteratlas.atlas import Release
from clusteratlas.organisations import Profile
from clusteratlas.organisations.codes import Codebook, Unclear
from clusteratlas.organisations.json_form import profile_of
from clusteratlas.portal import words
from clusteratlas.portal.registry import names
from clusteratlas.portal.registry.form import written
from clusteratlas.portal.registry.form.entries import MOST_ROWS, PARTS, Entry, Rows

Typed = dict[str, list[str]]
"""What was typed, by the name of the field; a field that nothing was typed in is not there."""

OF_ATLAS = ("region", "cluster", "clusters", "industry")
KEPT = ("schema_version", "fictional")
"""Fields of a profile that the form does not change."""

LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class FormFault:
    """One thing wrong: in which field, what, and what to do about it."""

    name: str
    problem: str
    value: str = ""
    hint: str = ""


@dataclass(slots=True)
class Read:
    """What typed values say: a profile, or everything that is wrong with them."""

    profile: Profile | None = None
    faults: list[FormFault] = field(default_factory=list)


def typed_in(post: QueryDict) -> Typed:
    """Return what a form was sent with, of the fields that it has."""
    found: Typed = {}
    for name, values in post.lists():
        if field_of(name) is None:
            continue
        given = [
            str(each)[:LONGEST].replace("\x00", "").replace("\r\n", "\n").strip() for each in values
        ]
        if any(given):
            found[name] = [each for each in given if each]
    return {name: values for name, values in found.items() if not _alone(name, found)}


def _alone(name: str, typed: Mapping[str, object]) -> bool:
    """Whether it is the weight of a row that names no field: a choice that nobody made."""
    row, _dot, inside = name.rpartition(".")
    return inside == "weight" and f"{row}.field" not in typed


def field_of(name: str) -> Entry | None:
    """Return the field of a name, such as ``offers.0.topic``; none where there is no such field."""
    if isinstance(part := PARTS.get(name), Entry):
        return part
    first, _dot, rest = name.partition(".")
    part = PARTS.get(first)
    number, _dot, inside = rest.partition(".")
    if not isinstance(part, Rows) or not number.isdecimal() or not number.isascii():
        return None
    if len(number) > 3 or int(number) >= MOST_ROWS:
        return None
    return next((each for each in part.entries if each.name == inside), None)


def row_numbers(typed: Mapping[str, object], part: Rows) -> list[int]:
    """Return the numbers of the rows of a list in which something is typed."""
    found = set()
    for name in typed:
        first, _dot, rest = name.partition(".")
        if first == part.name:
            found.add(int(rest.partition(".")[0]))
    return sorted(found)


# A profile as typed values


def typed_of(profile: Profile, release: Release) -> Typed:
    """Return a profile as it stands in the form."""
    document = profile.model_dump(mode="json")
    found: Typed = {}
    for part in PARTS.values():
        if isinstance(part, Rows):
            for number, each in enumerate(getattr(profile, part.name)[:MOST_ROWS]):
                found.update(_row(part, number, each, release))
            continue
        value: Any = document
        for step in part.name.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if values := _values(part, value, release):
            found[part.name] = values
    return found


def _row(part: Rows, number: int, given: Any, release: Release) -> Iterator[tuple[str, list[str]]]:
    for entry in part.entries:
        if part.plain:
            yield f"{part.name}.{number}", _values(entry, given, release)
        elif entry.kind == "cluster":
            yield f"{part.name}.{number}.{entry.name}", [written.cluster(release, given)]
        elif values := _values(entry, _plain(getattr(given, entry.name), entry), release):
            yield f"{part.name}.{number}.{entry.name}", values


def _plain(value: Any, entry: Entry) -> Any:
    return value if entry.kind in OF_ATLAS or value is None else _said(value)


def _said(value: Any) -> Any:
    if isinstance(value, tuple):
        return [str(each) for each in value]
    return value if isinstance(value, bool) else str(value)


def _values(entry: Entry, value: Any, release: Release) -> list[str]:
    if value in (None, "", [], ()) or value is False:
        return []
    match entry.kind:
        case "region":
            return [written.region(release, value)]
        case "industry":
            return [written.industry(release, value)]
        case "clusters":
            return ["\n".join(written.cluster(release, each) for each in value)]
        case "lines":
            return ["\n".join(value)]
        case "codes":
            codes = [value] if isinstance(value, str) else value
            return [", ".join(_named(entry.pick, code) for code in codes)]
        case "picks" | "many":
            return [str(each) for each in value]
        case "yes":
            return ["yes"]
        case "number":
            return [f"{value:g}" if isinstance(value, float) else str(value)]
        case _:
            return [str(value)]


def _named(kind: str, code: str) -> str:
    return words.country(code) if kind == "country" else names.language(code)


# Typed values as a profile


def read(typed: Typed, release: Release, before: Profile) -> Read:
    """Return the profile that typed values say, or every fault of them at once.

    Parameters
    ----------
    before
        The profile that was changed; it gives what the form does not hold.
    """
    book = Codebook.of(release).fresh()
    schemes = _schemes(typed, book)
    reading = _Reading(typed, written.Reader(book, schemes), typed_of(before, release))
    document = {name: getattr(before, name) for name in KEPT} | reading.document()
    profile, faults = profile_of(document)
    found = [*reading.faults]
    found += [
        FormFault(reading.field_at(each.column), each.problem, each.value, each.hint)
        for each in faults
    ]
    found += [
        FormFault(
            reading.field_at(".".join(map(str, place))), fault.problem, fault.value, fault.hint
        )
        for place, fault in book.faults(document)
    ]
    return Read(None, _once(found)) if found else Read(profile)


def _once(faults: Sequence[FormFault]) -> list[FormFault]:
    """One fault for each field and problem, in the order of the form."""
    places = {name: at for at, name in enumerate(PARTS)}
    kept = {(each.name, each.problem): each for each in reversed(faults)}

    def place(each: FormFault) -> tuple[int, list[str]]:
        first = each.name if each.name in places else each.name.partition(".")[0]
        return places.get(first, -1), [part.zfill(4) for part in each.name.split(".")]

    return sorted(kept.values(), key=place)


def _schemes(typed: Typed, book: Codebook) -> tuple[str, ...]:
    """The region schemes that are named, so that a bare name of a cluster means theirs."""
    reader = written.Reader(book.fresh())
    found = []
    for name, values in typed.items():
        if name.startswith("regions."):
            try:
                found.append(reader.region(values[0])["scheme"])
            except Unclear:
                continue
    return tuple(dict.fromkeys(found))


class _Reading:
    """Puts typed values together as a document, and remembers which row went where."""

    def __init__(self, typed: Typed, reader: written.Reader, earlier: Typed) -> None:
        self._typed, self._reader, self._earlier = typed, reader, earlier
        self._rows: dict[str, list[int]] = {}
        self.faults: list[FormFault] = []

    def document(self) -> dict[str, Any]:
        """Return the document, without what nothing was typed in."""
        found: dict[str, Any] = {}
        for part in PARTS.values():
            if isinstance(part, Rows):
                if listed := self._listed(part):
                    found[part.name] = listed
            elif part.name in self._typed:
                inside = found
                *steps, last = part.name.split(".")
                for step in steps:
                    inside = inside.setdefault(step, {})
                inside[last] = self._value(part, part.name)
        return found

    def _listed(self, part: Rows) -> list[Any]:
        listed = []
        self._rows[part.name] = []
        for number in row_numbers(self._typed, part):
            row = {
                entry.name: self._value(entry, name)
                for entry in part.entries
                if (name := row_name(part, number, entry)) in self._typed
            }
            if set(row) <= {"consent"}:  # a tick alone is no contact
                continue
            if part.plain:
                value = row[""]
            else:
                value = dict(row)
                if isinstance(claimed := value.pop("field", None), dict):
                    value = claimed | value
            if value is None or (part.name == "claims" and "definition" not in value):
                continue  # its fault is noted
            self._rows[part.name].append(number)
            listed.append(value)
        return listed

    def _value(self, entry: Entry, name: str) -> Any:
        values = self._typed[name]
        text = values[0]
        match entry.kind:
            case "region" | "cluster" | "industry":
                return self._coded(entry, name, text)
            case "clusters":
                found = [self._coded(entry, name, each) for each in _lines(text)]
                return [each for each in found if each is not None]
            case "lines":
                return _lines(text)
            case "codes":
                parts = [part for part in text.replace(";", ",").split(",") if part.strip()]
                codes = [written.country_or_language(entry.pick, part) for part in parts]
                if name != "country":
                    return codes
                return codes[0] if len(codes) == 1 else text
            case "picks" | "many":
                # Boxes come in the order of the page; what was ticked before keeps its own.
                before = [each for each in self._earlier.get(name, ()) if each in values]
                return list(dict.fromkeys([*before, *values]))
            case "yes":
                return True
            case "number":
                return text.replace("\u2212", "-").replace("\u00a0", "").replace(",", ".")
            case _:
                return text

    def _coded(self, entry: Entry, name: str, text: str) -> dict[str, str] | None:
        try:
            return self._reader.of(entry.kind)(text)
        except Unclear as error:
            self.faults.append(FormFault(name, error.problem, error.value, error.hint))
            return None

    def field_at(self, place: str) -> str:
        """Return the field of the form that a place in the document came from."""
        steps = place.split(".")
        part = PARTS.get(steps[0])
        if isinstance(part, Rows):
            numbers = self._rows.get(part.name, [])
            at = int(steps[1]) if len(steps) > 1 and steps[1].isdecimal() else 0
            number = numbers[at] if at < len(numbers) else at
            inside = steps[2] if len(steps) > 2 else ""
            entry = next((each for each in part.entries if each.name == inside), part.entries[0])
            return row_name(part, number, entry)
        for length in range(len(steps), 0, -1):
            if (name := ".".join(steps[:length])) in PARTS:
                return name
        return steps[0]


def row_name(part: Rows, number: int, entry: Entry) -> str:
    """Return the name of a field in a row."""
    return f"{part.name}.{number}" if part.plain else f"{part.name}.{number}.{entry.name}"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
