"""Read a cluster definition that a user brings as a CSV file; every fault is told at once."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from clusteratlas.classification.codes import explain
from clusteratlas.classification.definitions import (
    Definition,
    clusters_table,
    definitions,
    industries_table,
)
from clusteratlas.classification.industries import ancestors, classes, codes_of
from clusteratlas.tables import Fault, InvalidInput

NEEDED: Final = ("industry", "cluster")
OPTIONAL: Final = ("subcluster", "traded", "weight", "name")
TRADED: Final = {"true": True, "traded": True, "false": False, "local": False}
ROUNDING: Final = 1e-6
"""How far the weights of one industry may exceed 1 by rounding."""


@dataclass(frozen=True)
class Line:
    """One row of the file: its number there and its cells by column."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class _Faults:
    """Collects the faults of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Fault] = []

    def add(
        self,
        problem: str,
        hint: str = "",
        *,
        row: int | None = None,
        column: str = "",
        value: str = "",
    ) -> None:
        self.found.append(Fault(problem, self.file, row, column, value, hint))

    def stop_if_any(self) -> None:
        if self.found:
            self.found.sort(key=lambda fault: fault.row or 0)
            raise InvalidInput(self.found)


def read_definition(path: Path, *, name: str, classification: str) -> Definition:
    """Read a definition from a CSV file of industry, cluster[, subcluster, traded, weight, name].

    Definition
    ----------
    One row puts one industry into one cluster. ``traded`` says ``true`` or ``traded``, ``false``
    or ``local``; ``weight`` is the share of the industry that belongs to the cluster (1 when the
    column is absent), and the weights of an industry sum to at most 1. ``name`` is the cluster's
    name; without it the text in ``cluster`` is both code and name. Other columns are ignored.

    Parameters
    ----------
    path
        UTF-8 text, separated by commas, with a header.
    name
        Name of the definition in codes and addresses: small letters, digits, hyphens.
    classification
        Vintage of the codes. Any level may stand, but no industry inside another that stands too.

    Returns
    -------
    Definition
        Clusters in the order of the file, industries sorted.

    Missing data
    ------------
    An empty ``traded`` takes the word of the cluster's other rows, or stays unknown.

    Raises
    ------
    InvalidInput
        With every fault of the file: missing column, empty cell, unknown code or code of another
        vintage, duplicate, weight, traded and local at once, wrong separator or encoding.
    CannotAnswer
        When the classification is not at hand.

    Example
    -------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "clusters.csv")
    ...     _ = path.write_text("industry,cluster,traded\\n3254,Health,traded\\n6221,Health,\\n")
    ...     own = read_definition(path, name="our-health", classification="naics-2017")
    >>> own.clusters.to_pylist()
    [{'definition': 'our-health', 'cluster': 'Health', 'name': 'Health', 'traded': True}]
    """
    codes_of(classification)  # refuses an unknown classification before the file is read
    faults = _Faults(str(path))
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) or name in definitions():
        hint = f"small letters, digits and hyphens, and none of {', '.join(definitions())}"
        faults.add("the definition cannot bear this name", hint, value=name)
    lines = _lines(path, faults)
    _check_codes(lines, classification, faults)
    _check_overlaps(lines, classification, faults)
    _check_repeats(lines, faults)
    weights = _weights(lines, faults)
    names = _names(lines, faults)
    traded = _traded(lines, faults)
    faults.stop_if_any()
    clusters = dict.fromkeys(line["cluster"] for line in lines)
    return Definition(
        name=name,
        title=name,
        citation=f"own definition, file {path.name}",
        group_word="cluster",
        clusters=clusters_table(
            name, [(code, names.get(code, code), traded.get(code)) for code in clusters]
        ),
        industries=industries_table(
            name,
            classification,
            [
                (at["industry"], at["cluster"], at["subcluster"] or None, said, weights[at.number])
                for at in lines
                for said in (traded.get(at["cluster"]),)
            ],
        ),
    )


def _lines(path: Path, faults: _Faults) -> list[Line]:
    """The rows of the file; stops where it cannot be read as a table at all."""
    text = _text(path, faults)
    faults_before = len(faults.found)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        faults.add("the file is no valid CSV", f"is a quote left open? ({error})")
        records = []
    header = [cell.strip().lower() for cell in records[0]] if records else []
    if len(header) == 1 and re.search(r"[;\t|]", header[0]):
        faults.add("the cells are not separated by commas", "save as CSV with commas", row=1)
    elif not header and len(faults.found) == faults_before:
        faults.add("the file is empty", "needed: a header and one row an industry")
    elif header:
        _check_header(header, faults)
    if len(faults.found) > faults_before and not set(NEEDED) & set(header):
        faults.stop_if_any()
    lines = []
    for number, record in enumerate(records[1:], 2):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(header):
            hint = f"the header has {len(header)}; put texts with commas into double quotes"
            faults.add(f"the row has {len(record)} cells", hint, row=number)
            continue
        cells = {column: cell.strip() for column, cell in zip(header, record, strict=True)}
        lines.append(Line(number, cells))
    if not lines and len(faults.found) == faults_before:
        faults.add("the file has a header and no rows", "needed: one row an industry")
    return lines


def _text(path: Path, faults: _Faults) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        faults.add("the file cannot be read", error.strerror or "")
        faults.stop_if_any()
        raise
    if raw.startswith(b"PK") or b"\0" in raw[:1000]:
        faults.add("the file is no text", "is it a workbook? save the sheet as CSV (UTF-8)")
        faults.stop_if_any()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        hint = "save the file as CSV UTF-8"
        faults.add("the text is not UTF-8", hint, row=row, value=repr(raw[error.start : error.end]))
        return raw.decode("utf-8-sig", "replace")


def _check_header(header: list[str], faults: _Faults) -> None:
    found = f"needed: {', '.join(NEEDED)}; found: {', '.join(header)}"
    for column in NEEDED:
        if column not in header:
            faults.add(f"column {column} is missing", found, row=1, column=column)
    for column in sorted({column for column in header if header.count(column) > 1}):
        faults.add("the column stands twice", "keep one of them", row=1, column=column)
    for column in header:
        near = get_close_matches(column, (*NEEDED, *OPTIONAL), 1, 0.8)
        if column not in (*NEEDED, *OPTIONAL) and near and near[0] not in header:
            faults.add("the column is not known", f"is it {near[0]}?", row=1, column=column)


def _check_codes(lines: list[Line], classification: str, faults: _Faults) -> None:
    """Empty cells, unknown codes, codes of another vintage."""
    known = codes_of(classification)
    for line in lines:
        for column in NEEDED:
            if column in line.cells and not line[column]:
                faults.add(f"{column} is empty", "give a value", row=line.number, column=column)
        code = line["industry"]
        if code and code not in known:
            problem, hint = explain(code, classification)
            faults.add(problem, hint, row=line.number, column="industry", value=code)


def _check_repeats(lines: list[Line], faults: _Faults) -> None:
    """The same industry twice in the same cluster."""
    first: dict[tuple[str, str], int] = {}
    for line in lines:
        pair = line["industry"], line["cluster"]
        if all(pair) and first.setdefault(pair, line.number) != line.number:
            faults.add(
                f"the same industry and cluster stand already in row {first[pair]}",
                "keep one of the two",
                row=line.number,
                column="industry, cluster",
                value=", ".join(pair),
            )


def _weights(lines: list[Line], faults: _Faults) -> dict[int, float]:
    """The weight of each row; those of one industry must not sum to more than 1."""
    weights = {line.number: _weight(line, faults) for line in lines}
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for line in lines:
        before = sum(shares[line["industry"]].values())
        shares[line["industry"]].setdefault(line["cluster"], weights[line.number])
        total = sum(shares[line["industry"]].values())
        if line["industry"] and before <= 1 + ROUNDING < total:
            faults.add(
                "the weights of the industry sum to more than 1",
                f"several clusters may share an industry, by a column weight; here {total:g}",
                row=line.number,
                column="weight",
                value=line["weight"] or "1",
            )
    return weights


def _weight(line: Line, faults: _Faults) -> float:
    if "weight" not in line.cells:
        return 1.0
    text = line["weight"]
    try:
        weight = float(text)
    except ValueError:
        weight = -1.0
    if 0 <= weight <= 1:
        return weight
    hint = "give a number from 0 to 1 with a point, such as 0.5"
    problem = "the weight is no number from 0 to 1" if text else "weight is empty"
    faults.add(problem, hint, row=line.number, column="weight", value=text)
    return 0.0


def _check_overlaps(lines: list[Line], classification: str, faults: _Faults) -> None:
    """An industry inside another that is listed too would be counted twice."""
    listed = {line["industry"]: line.number for line in reversed(lines)}
    levels = {code: level for code, _, _, level in classes(classification)}
    above: dict[str, list[str]] = defaultdict(list)
    for level in sorted({levels[code] for code in listed if code in levels}):
        pairs = ancestors(classification, level)
        for code, larger in zip(
            pairs["industry"].to_pylist(), pairs["ancestor"].to_pylist(), strict=True
        ):
            if code in listed and larger in listed and code != larger:
                above[code].append(larger)
    for code, larger_codes in above.items():
        faults.add(
            f"the industry lies inside {larger_codes[-1]}, which stands in row "
            f"{listed[larger_codes[-1]]}",
            "its jobs would count twice; keep the finer or the coarser code",
            row=listed[code],
            column="industry",
            value=code,
        )


def _names(lines: list[Line], faults: _Faults) -> dict[str, str]:
    """The name of each cluster that is given one."""
    names: dict[str, tuple[str, int]] = {}
    for line in lines:
        if not line["cluster"] or not line["name"]:
            continue
        name, row = names.setdefault(line["cluster"], (line["name"], line.number))
        if name != line["name"]:
            faults.add(
                f"the cluster bears another name in row {row}",
                f"there: {name}",
                row=line.number,
                column="name",
                value=line["name"],
            )
    return {cluster: name for cluster, (name, _) in names.items()}


def _traded(lines: list[Line], faults: _Faults) -> dict[str, bool]:
    """Whether each cluster is traded, where the file says so."""
    said: dict[str, tuple[bool, int]] = {}
    for line in lines:
        word = line["traded"].lower()
        if not word or not line["cluster"]:
            continue
        problem, hint = "", "a cluster is one or the other"
        if word not in TRADED:
            problem, hint = "traded is none of the known words", "use true, false, traded or local"
        else:
            known, row = said.setdefault(line["cluster"], (TRADED[word], line.number))
            if known != TRADED[word]:
                problem = f"cluster {line['cluster']} is both traded and local, see row {row}"
        if problem:
            faults.add(problem, hint, row=line.number, column="traded", value=line["traded"])
    return {cluster: traded for cluster, (traded, _) in said.items()}
