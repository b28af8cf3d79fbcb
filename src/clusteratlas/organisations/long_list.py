"""Recognise a plain list of organisation and cluster, one row a pair, as registries export it."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from pydantic import ValidationError

from clusteratlas.classification.packaged import read_packaged
from clusteratlas.organisations.codes import Codebook, Unclear
from clusteratlas.organisations.json_form import faults_of
from clusteratlas.organisations.json_list import SHOWN
from clusteratlas.organisations.profile import Profile
from clusteratlas.organisations.table_files import Table
from clusteratlas.tables import Fault

IDENTIFIERS: Final = ("org_id", "organisation_id", "organization_id", "id", "identifier")
NAMES: Final = (
    "org_title",
    "organisation",
    "organization",
    "organisation_name",
    "org_name",
    "name",
)
CLUSTERS: Final = ("cluster_name", "cluster", "cluster_code", "field")
DEFINITION: Final = "us-benchmark-2014"
"""What clusters are looked for in where there is no release to ask."""


def is_long_list(header: Sequence[str]) -> bool:
    """Return whether a header is that of a list: an organisation, one cluster, hardly more.

    >>> is_long_list(("org_id", "org_title", "cluster_name")), is_long_list(("name", "kind"))
    (True, False)
    """
    names = [each.strip().casefold() for each in header if each.strip()]
    return len(names) <= 4 and _first(NAMES, names) != "" and _first(CLUSTERS, names) != ""


def profiles_of_list(
    table: Table, book: Codebook | None = None
) -> tuple[list[Profile], list[int], list[Fault]]:
    """Return the organisations of a list with their fields, the row of each, and every fault.

    Definition
    ----------
    Rows of one identifier (of one name where there is none) are one organisation; its clusters
    keep the order of the file, each once. Names of clusters do as well as codes.

    Missing data
    ------------
    A row without a cluster names an organisation without a field.
    """
    names = [each.casefold() for each in table.header]
    at_id, at_name, at_cluster = (
        names.index(chosen) if (chosen := _first(each, names)) else None
        for each in (IDENTIFIERS, NAMES, CLUSTERS)
    )
    faults: list[Fault] = []
    found: dict[str, dict[str, object]] = {}
    rows: dict[str, int] = {}
    claims: dict[str, list[dict[str, str]]] = {}
    for number, cells in table.rows:
        name, cluster, identifier = (_at(cells, at) for at in (at_name, at_cluster, at_id))
        if not name:
            column = table.header[at_name or 0]
            faults.append(Fault("the organisation has no name", table.file, number, column))
            continue
        key = identifier or name.casefold()
        found.setdefault(key, {"name": name, "identifier": identifier})
        rows.setdefault(key, number)
        mine = claims.setdefault(key, [])
        if not cluster:
            continue
        try:
            claim = _claim(cluster, book)
        except Unclear as unclear:
            column = table.header[at_cluster or 0]
            value = cluster[:SHOWN]
            faults.append(Fault(unclear.problem, table.file, number, column, value, unclear.hint))
            continue
        if claim not in mine:
            mine.append(claim)
    profiles = []
    for key, given in found.items():
        try:
            profiles.append(Profile.model_validate({**given, "claims": claims[key]}))
        except ValidationError as error:
            faults.extend(faults_of(error, file=table.file, row=rows[key]))
    return profiles, list(rows.values()), faults


def _claim(text: str, book: Codebook | None) -> dict[str, str]:
    if book is not None and (DEFINITION not in book.clusters or ":" in text):
        return book.claim(text)
    codes = _codes()
    code = text if text in codes.values() else codes.get(text.casefold())
    if code is None and book is not None:
        return book.claim(text)
    if code is None:
        near = get_close_matches(text.casefold(), codes, 1, 0.6)
        meant = next((row["name"] for row in _benchmark() if row["name"].casefold() in near), "")
        hint = f"did you mean {meant}?" if meant else "use a cluster's name or code"
        raise Unclear(f"there is no cluster of that name in {DEFINITION}", text, hint)
    return {"definition": DEFINITION, "cluster": code}


def _benchmark() -> Sequence[dict[str, str]]:
    return read_packaged("us_benchmark_clusters.csv")


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {row["name"].casefold(): row["cluster"] for row in _benchmark()}


def _first(wanted: Sequence[str], names: Sequence[str]) -> str:
    return next((each for each in wanted if each in names), "")


def _at(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""
