"""A plain list of organisations and their clusters, as any registry can be written out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from html import unescape
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from clusteratlas.atlas.opened import unknown_name
from clusteratlas.classification import classifications, definition, definitions
from clusteratlas.matching.registry_table import read_text_table
from clusteratlas.organisations import folded_name, read_profiles
from clusteratlas.sources.cells import TextTable
from clusteratlas.sources.findings import MOST, Findings
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

Floats = npt.NDArray[np.float64]

BENCHMARK: Final = "us-benchmark-2014"
ID_COLUMNS: Final = (
    *("org_id", "organisation_id", "organization_id", "id", "identifier", "key"),
    *("org_code", "organisation_code"),
)
NAME_COLUMNS: Final = (
    *("org_title", "org_name", "organisation_name", "organization_name", "organisation"),
    *("organization", "org", "name", "title", "cluster_organisation", "cluster_organization"),
)
CLUSTER_COLUMNS: Final = (
    *("cluster_name", "cluster_names", "cluster_code", "cluster_codes", "cluster", "clusters"),
    *("cluster_tag", "cluster_tags", "tag", "tags", "cluster_id", "traded_cluster", "field"),
)
NUMBERED: Final = re.compile(r"(cluster|tag|cluster_name|cluster_code)_?\d{1,3}")
CLAIMS: Final = "claims"
"""The column by which a table of profiles is told."""
BETWEEN: Final = re.compile(r"[;|\n]")
"""Between several clusters of one cell. Never a comma: names of clusters hold commas."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One organisation of a list.

    Attributes
    ----------
    key
        Its identifier; its name where the list has none.
    name
        Its name; its identifier where the list has none.
    clusters
        Codes, traded and local, in the order of the list, each once.
    row
        Row of the file where it stands first.
    """

    key: str
    name: str
    clusters: tuple[str, ...]
    row: int


@dataclass(frozen=True, slots=True)
class RegistryList:
    """A list of organisations and clusters, read and checked.

    Attributes
    ----------
    file, definition
        Where it is from, and the cluster definition of its codes.
    organisations
        In the order of the file.
    findings
        What looks wrong and does not keep the list from being read: links that stand twice, one
        name under two identifiers.
    """

    file: str
    definition: str
    organisations: tuple[Listed, ...]
    findings: tuple[Fault, ...] = ()

    def tags(self, clusters: Sequence[str]) -> Floats:
        """Return which organisation works in which of these clusters.

        Returns
        -------
        Array of 0 and 1, organisations x clusters; clusters of the list that are not among these
        are passed over.
        """
        place = {code: at for at, code in enumerate(clusters)}
        found = np.zeros((len(self.organisations), len(clusters)))
        for row, each in enumerate(self.organisations):
            found[row, [place[code] for code in each.clusters if code in place]] = 1.0
        return found


def read_list(path: Path, *, definition: str = BENCHMARK) -> RegistryList:
    """Read a list of organisation and cluster: CSV or XLSX, a row for each link or organisation.

    Definition
    ----------
    The columns are told by their names, whatever their order: an identifier (``org_id``, ``id``
    ...), a name (``org_title``, ``organisation``, ``name`` ...), at least one of the two; clusters
    (``cluster_name``, ``clusters``, ``cluster_code`` ..., or numbered: ``cluster_1``, ``cluster_2``
    ...). A cell may hold several clusters with semicolons or bars between them. A cluster is given
    by its code or its name, letter case and punctuation aside.

    Parameters
    ----------
    path
        The file; CSV with commas, semicolons or tabs, in UTF-8.
    definition
        Name of the cluster definition.

    Missing data
    ------------
    An organisation without any cluster is a fault, an empty cell among several numbered columns
    is not.

    Raises
    ------
    InvalidInput
        With every fault: columns that are not there, unknown clusters, empty cells, formulas, two
        names for one identifier; or a file that is no table, or too large.
    CannotAnswer
        For an unknown definition.

    Example
    -------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "list.csv")
    ...     _ = path.write_text("organisation,clusters\\nSteel Valley,47; Metalworking Technology")
    ...     found = read_list(path)
    >>> found.organisations[0].name, found.organisations[0].clusters
    ('Steel Valley', ('47', '32'))
    """
    known = _Clusters(definition)
    found = Findings(path)
    text = read_text_table(path, found)
    columns = _columns(text, found)
    found.stop_if_any()
    reader = _Reader(found, known, columns)
    for row, cells in _rows(text, columns):
        reader.take(row, cells)
    organisations = reader.organisations()
    found.stop_if_any()
    return RegistryList(str(path), definition, organisations, reader.warnings())


def read_registry(path: Path, *, definition: str = BENCHMARK) -> RegistryList:
    """Read the organisations and clusters of any registry: a plain list, or a file of profiles.

    Profiles (JSON, or a table with a column ``claims``) count with the clusters that they claim in
    the definition asked for, subclusters as their cluster.

    Raises
    ------
    InvalidInput, CannotAnswer
        As `read_list` and `clusteratlas.organisations.read_profiles` do.
    """
    known = _Clusters(definition)
    if not _holds_profiles(path):
        return read_list(path, definition=definition)
    organisations = [
        Listed(
            profile.identifier or profile.name,
            profile.name,
            tuple(
                dict.fromkeys(
                    claim.cluster for claim in profile.claims if claim.definition == definition
                )
            ),
            row,
        )
        for row, profile in enumerate(read_profiles(path), 2)
    ]
    faults = [
        Fault(
            "the definition has no such cluster",
            path.name,
            each.row,
            CLAIMS,
            code,
            known.hint(code),
        )
        for each in organisations
        for code in each.clusters
        if known.code(code) is None
    ]
    if faults:
        raise InvalidInput(faults)
    return RegistryList(
        str(path), definition, tuple(each for each in organisations if each.clusters)
    )


def _holds_profiles(path: Path) -> bool:
    """Whether a file is one of profiles, by its ending or its header."""
    if path.suffix.lower() == ".json":
        return True
    try:
        header = read_text_table(path, Findings(path)).header
    except InvalidInput:
        return False  # no table at all: `read_list` says what is wrong with it
    return CLAIMS in (name.strip().lower() for name in header)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns of the file, in lower case; ``names`` as the file writes them."""

    key: str | None
    name: str | None
    clusters: tuple[str, ...]
    names: Mapping[str, str]

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(each for each in (self.key, self.name) if each) + self.clusters


def _columns(text: TextTable, found: Findings) -> _Columns:
    plain = {re.sub(r"[^a-z0-9]+", "_", name).strip("_"): name for name in text.names}
    key = next((plain[name] for name in ID_COLUMNS if name in plain), None)
    name = next((plain[name] for name in NAME_COLUMNS if name in plain), None)
    clusters = tuple(plain[name] for name in plain if NUMBERED.fullmatch(name))
    clusters = clusters or tuple(plain[name] for name in CLUSTER_COLUMNS if name in plain)[:1]
    header = ", ".join(text.header[:12])
    if key is None and name is None:
        found.add(
            "no column names the organisation",
            row=text.header_row,
            value=header,
            hint="call it org_id, organisation or name",
        )
    if not clusters:
        found.add(
            "no column names the cluster",
            row=text.header_row,
            value=header,
            hint="call it cluster_name or clusters, or number them: cluster_1, cluster_2",
        )
    return _Columns(key, name, clusters, text.names)


def _rows(text: TextTable, columns: _Columns) -> Iterable[tuple[int, dict[str, str]]]:
    numbers = text.cells.column("row").to_pylist()
    cells = [text.cells.column(name).to_pylist() for name in columns.all]
    for row, *values in zip(numbers, *cells, strict=True):
        told = {name: (cell or "").strip() for name, cell in zip(columns.all, values, strict=True)}
        if any(told.values()):
            yield row, told


class _Clusters:
    """The clusters of a definition, by code and by name."""

    def __init__(self, name: str) -> None:
        if name not in definitions():
            raise unknown_name("cluster definition", name, definitions())
        self.definition = name
        self._codes: dict[str, str] = {}
        self._titles: list[str] = []
        for row in definition(name, _vintage(name)).clusters.to_pylist():
            self._titles.append(row["name"])
            self._codes.setdefault(_simple(row["name"]), row["cluster"])
            self._codes.setdefault(_simple(row["cluster"]), row["cluster"])

    def code(self, text: str) -> str | None:
        """Return the code of a cluster given by code or name; ``None`` for an unknown one."""
        simple = _simple(text)
        return self._codes.get(simple) or self._codes.get(simple.lstrip("0") or simple)

    def hint(self, text: str) -> str:
        """Return which cluster is probably meant."""
        simple = {_simple(title): title for title in self._titles}
        near = get_close_matches(_simple(text), list(simple), n=2, cutoff=0.55)
        if near:
            return f"did you mean {' or '.join(simple[each] for each in near)}?"
        return f"give a code or a name of {self.definition}"


def _vintage(name: str) -> str:
    for each in classifications():
        if name in definitions(each):
            found = each
    return found


def _simple(text: str) -> str:
    """Letters and digits alone; registries of the web write ``&amp;`` for an ampersand."""
    told = unescape(text).casefold().replace("&", " and ")
    return " ".join(re.sub(r"[\W_]+", " ", told).split())


class _Reader:
    """Takes rows one by one; keeps organisations and what is wrong with them."""

    def __init__(self, found: Findings, known: _Clusters, columns: _Columns) -> None:
        self._found, self._known, self._columns = found, known, columns
        self._names: dict[str, tuple[str, int]] = {}
        self._spelled: dict[str, str] = {}
        self._keys: dict[str, dict[str, int]] = defaultdict(dict)
        self._clusters: dict[str, dict[str, int]] = {}
        self._counts: dict[str, int] = defaultdict(int)
        self._repeated: list[tuple[int, str, str, int]] = []

    def take(self, row: int, cells: Mapping[str, str]) -> None:
        """Take a row that holds anything."""
        for column in self._columns.all:
            if cells[column].startswith("="):
                self._note(
                    "the cell holds a formula",
                    row,
                    column,
                    cells[column],
                    "put the words in its place (copy, then paste values)",
                )
        key = self._key(row, cells)
        linked = self._links(row, cells)
        if key is None:
            return
        held = self._clusters.setdefault(key, {})
        for text, code in linked:
            if code in held:
                self._repeated.append((row, key, text, held[code]))
            held.setdefault(code, row)

    def organisations(self) -> tuple[Listed, ...]:
        """Return what was read, in the order of the file."""
        self._found.count(sum(max(0, count - MOST) for count in self._counts.values()))
        if not self._clusters and not self._found.total:
            self._found.add("the list names no organisation")
        return tuple(
            Listed(key, self._names[key][0], tuple(held), self._names[key][1])
            for key, held in self._clusters.items()
        )

    def warnings(self) -> tuple[Fault, ...]:
        """Return what looks wrong: links that stand twice, one name under two identifiers."""
        columns, file = self._columns, self._found.file
        told = [
            Fault(
                "the link stands twice and counts once",
                file,
                row,
                columns.names[columns.clusters[0]],
                f"{self._names[key][0]}: {text}",
                f"it stands in row {first} already",
            )
            for row, key, text, first in self._repeated
        ]
        for keys in self._keys.values():
            first, *others = keys.items()
            told += [
                Fault(
                    "the name stands under two identifiers and counts as two organisations",
                    file,
                    row,
                    columns.names[columns.key or columns.all[0]],
                    f"{self._names[key][0]}: {first[0]} and {key}",
                    "give it one identifier if it is one organisation",
                )
                for key, row in others
            ]
        return tuple(sorted(told, key=lambda fault: fault.row or 0))

    def _key(self, row: int, cells: Mapping[str, str]) -> str | None:
        columns = self._columns
        for column in (columns.key, columns.name):
            if column is not None and not cells[column]:
                self._note("the organisation is empty", row, column, "", "name it in every row")
                return None
        key = cells[columns.key or columns.name or ""]
        if columns.key is None:
            key = self._spelled.setdefault(folded_name(key), key)
        name = cells[columns.name or columns.key or ""]
        told, first = self._names.setdefault(key, (name, row))
        if columns.key is not None and _simple(told) != _simple(name):
            self._note(
                "two names stand under one identifier",
                row,
                columns.name or "",
                name,
                f"row {first} calls {key} {told!r}",
            )
        elif columns.key is not None and columns.name is not None:
            self._keys[_simple(name)].setdefault(key, row)
        return key

    def _links(self, row: int, cells: Mapping[str, str]) -> list[tuple[str, str]]:
        linked = []
        for column in self._columns.clusters:
            for text in filter(None, (part.strip() for part in BETWEEN.split(cells[column]))):
                code = self._known.code(text)
                if code is None:
                    self._note(
                        f"{self._known.definition} has no such cluster",
                        row,
                        column,
                        text,
                        self._known.hint(text),
                    )
                else:
                    linked.append((text, code))
        if not any(cells[column] for column in self._columns.clusters):
            first = self._columns.clusters[0]
            self._note("the cluster is empty", row, first, "", "name at least one")
        return linked

    def _note(self, problem: str, row: int, column: str, value: str, hint: str) -> None:
        """Note a fault; of one kind so many are spelled out and the rest is counted."""
        self._counts[problem] += 1
        if self._counts[problem] <= MOST:
            name = self._columns.names.get(column, column)
            self._found.add(problem, row=row, column=name, value=value, hint=hint)


def traded_codes(name: str) -> frozenset[str]:
    """Return the codes of the clusters of a definition that are not local.

    >>> len(traded_codes("us-benchmark-2014"))
    51
    """
    if name not in definitions():
        raise CannotAnswer("no such cluster definition", value=name)
    rows = definition(name, _vintage(name)).clusters.to_pylist()
    return frozenset(row["cluster"] for row in rows if row["traded"] is not False)
