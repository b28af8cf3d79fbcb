"""The form ready to be set: every field with its value, its choices and what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clusteratlas.atlas import Release
from clusteratlas.organisations import PICKS, Claim
from clusteratlas.organisations.codes import Codebook
from clusteratlas.portal.pages.asking import Choice
from clusteratlas.portal.registry import names
from clusteratlas.portal.registry.form import written
from clusteratlas.portal.registry.form.entries import MOST_ROWS, SECTIONS, Entry, Rows, Section
from clusteratlas.portal.registry.form.fault_words import plainer
from clusteratlas.portal.registry.form.typed import FormFault, Typed, row_name, row_numbers

FEW = 6
"""Up to so many boxes a field of them stands open without columns."""

INPUTS = {"mail": "email", "web": "url", "date": "date"}
MOST_LISTED = 6_000
"""Regions that are offered while one types; a map with more is asked by name or code."""


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field as it is set."""

    name: str
    identity: str
    kind: str
    label: str
    help: str
    value: str
    values: Sequence[str]
    choices: Sequence[Choice]
    faults: Sequence[str]
    required: bool
    wide: bool
    most: int
    input: str
    listed: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a list; ``number`` counts from one for those who read it."""

    number: int
    fields: Sequence[ShownField]
    blank: bool


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A field, or a list with its rows."""

    field: ShownField | None = None
    name: str = ""
    label: str = ""
    one: str = ""
    rows: Sequence[ShownRow] = ()


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section; ``faults`` counts what is wrong in it."""

    name: str
    title: str
    lede: str
    parts: Sequence[ShownPart]
    faults: int


@dataclass(frozen=True, slots=True)
class ShownFault:
    """A fault in the summary above the form, leading to its field."""

    href: str
    label: str
    said: str


def identity_of(name: str) -> str:
    """Return the id of a field on the page.

    >>> identity_of("offers.0.topic")
    'f-offers-0-topic'
    """
    return f"f-{name.replace('.', '-').replace('_', '-')}".rstrip("-")


def said(fault: FormFault) -> str:
    """Return a fault as a sentence with its hint, in the language spoken now."""
    problem, hint = plainer(fault.problem), plainer(fault.hint)
    found = f" (\u201c{fault.value}\u201d)" if fault.value else ""
    end = "" if hint.endswith(("?", ".")) or not hint else "."
    return f"{problem}{found}." + (f" {hint}{end}" if hint else "")


def shown_sections(
    typed: Typed, faults: Sequence[FormFault], more: Mapping[str, int]
) -> list[ShownSection]:
    """Return the sections of the form.

    Parameters
    ----------
    more
        By list: how many blank rows are wanted beyond those that are always there.
    """
    wrong: dict[str, list[str]] = defaultdict(list)
    for each in faults:
        wrong[each.name].append(said(each))
    return [_section(section, typed, wrong, more) for section in SECTIONS]


def shown_faults(faults: Sequence[FormFault]) -> list[ShownFault]:
    """Return the summary of faults, each with the field it leads to."""
    labels = {
        name: label
        for section in SECTIONS
        for part in section.parts
        for name, label in _labels(part)
    }

    def label(name: str) -> str:
        if name in labels:
            return labels[name]
        first, _dot, rest = name.partition(".")
        number, _dot, inside = rest.partition(".")
        row = f" {int(number) + 1}" if number.isdecimal() else ""
        one = labels.get(f"{first}.", "")
        field = labels.get(f"{first}.*.{inside}", "")
        return f"{one}{row}" + (f", {field}" if inside else "")

    return [
        ShownFault(f"#{identity_of(each.name)}", label(each.name), said(each)) for each in faults
    ]


def _labels(part: Entry | Rows) -> Iterator[tuple[str, str]]:
    if isinstance(part, Entry):
        yield part.name, _label(part)
        return
    yield f"{part.name}.", str(part.one)
    for entry in part.entries:
        yield f"{part.name}.*.{entry.name}", _label(entry)


def _section(
    section: Section, typed: Typed, wrong: Mapping[str, list[str]], more: Mapping[str, int]
) -> ShownSection:
    parts = [_part(part, typed, wrong, more) for part in section.parts]
    fields = [part.field for part in parts if part.field]
    fields += [field for part in parts for row in part.rows for field in row.fields]
    return ShownSection(
        section.name,
        str(section.title),
        str(section.lede),
        parts,
        sum(bool(each.faults) for each in fields),
    )


def _part(
    part: Entry | Rows, typed: Typed, wrong: Mapping[str, list[str]], more: Mapping[str, int]
) -> ShownPart:
    if isinstance(part, Entry):
        return ShownPart(_field(part, part.name, typed, wrong))
    held = row_numbers(typed, part)
    start = max(held, default=-1) + 1
    blank = max(1, part.blank if not held else 1) + more.get(part.name, 0)
    numbers = [*held, *range(start, min(start + blank, MOST_ROWS))]
    return ShownPart(
        None,
        part.name,
        str(part.label),
        str(part.one),
        [
            ShownRow(
                place,
                [
                    _field(
                        replace(entry, help="") if part.plain and place > 1 else entry,
                        row_name(part, number, entry),
                        typed,
                        wrong,
                    )
                    for entry in part.entries
                ],
                number not in held,
            )
            for place, number in enumerate(numbers, 1)
        ],
    )


def _label(entry: Entry) -> str:
    if entry.pick == "member" and entry.kind == "number":
        return names.first(names.pick("member", str(entry.label)))
    return str(entry.label)


def _field(entry: Entry, name: str, typed: Typed, wrong: Mapping[str, list[str]]) -> ShownField:
    values = typed.get(name, [])
    return ShownField(
        name,
        identity_of(name),
        entry.kind,
        _label(entry),
        str(entry.help),
        values[0] if values else "",
        values,
        _choices(entry, values),
        wrong.get(name, ()),
        entry.required,
        entry.wide,
        entry.most,
        INPUTS.get(entry.kind, "text"),
        {"region": "all-regions", "cluster": "all-clusters"}.get(entry.kind, ""),
    )


def _choices(entry: Entry, values: Sequence[str]) -> list[Choice]:
    if entry.kind not in ("pick", "picks", "many"):
        return []
    codes = [*PICKS[entry.pick], *(each for each in values if each not in PICKS[entry.pick])]
    return [
        Choice(code, names.first(names.pick(entry.pick, code)), code in values) for code in codes
    ]


def all_clusters(release: Release) -> list[str]:
    """Return every cluster and subcluster as the form takes it, for the list while one types."""
    found = []
    for definition in release.manifest.definitions:
        for each in release.clusters(definition.definition):
            claim = Claim(definition=definition.definition, cluster=each.cluster)
            found.append(written.cluster(release, claim))
    for key, subclusters in Codebook.of(release).subclusters.items():
        definition_name, _colon, code = key.partition(":")
        for name in subclusters:
            claim = Claim(definition=definition_name, cluster=code, subcluster=name)
            found.append(written.cluster(release, claim))
    return sorted(found)


def all_regions(release: Release) -> list[str]:
    """Return every region as the form takes it; none where there are too many to send along."""
    found = [
        f"{region.name} [{region.scheme}:{region.region}]"
        for scheme in release.manifest.schemes
        for region in release.regions(scheme.scheme)
    ]
    return sorted(found) if len(found) <= MOST_LISTED else []
