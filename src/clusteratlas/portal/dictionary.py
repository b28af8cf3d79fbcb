"""What each column of a download means: the words of the contracts in `tables`, in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import pyarrow as pa

from clusteratlas.atlas import (
    Cluster,
    ClusterProfile,
    Mechanism,
    MissingSkill,
    Option,
    OptionSkill,
    Peer,
    Provenance,
    Region,
    RegionalCluster,
    RegionalIndustry,
    RegionalOccupation,
    RegionalSubcluster,
    RegionIndicator,
    RegionProfile,
    RelatedCluster,
)
from clusteratlas.tables import CONTRACTS, Column

TABLE_OF: dict[type[Any], str] = {
    Cluster: "clusters",
    ClusterProfile: "cluster_profile",
    Mechanism: "mechanisms",
    MissingSkill: "skill_gaps",
    Option: "options",
    OptionSkill: "options_skill",
    Peer: "peers",
    Provenance: "provenance",
    Region: "regions",
    RegionalCluster: "regional_clusters",
    RegionalIndustry: "employment",
    RegionalOccupation: "leading_occupations",
    RegionalSubcluster: "regional_subclusters",
    RegionIndicator: "indicators",
    RegionProfile: "region_profile",
    RelatedCluster: "relatedness",
}
"""The table whose contract describes the columns of a record."""

JOINED = {
    "name": "what it is called",
    "region_name": "name of the region",
    "traded": "traded or local; null where the definition does not say",
    "subcluster": "name of the subcluster",
    "title": "title of the industry",
    "weight": "share of the industry that belongs to the cluster (share 0-1)",
    "publisher": "who publishes the figure",
    "source_title": "title of the source",
    "licence": "terms of reuse",
    "code": "its code",
    "cluster_name": "name of the cluster",
    "industry_title": "title of the industry that is the option",
    "name_a": "name of cluster a",
    "name_b": "name of cluster b",
    "cluster_a": "code of its cluster in the first definition",
    "cluster_b": "code of its cluster in the second definition",
    "title_a": "title of the industry of a",
    "title_b": "title of the industry of b",
    "supporting": "industries of the region that are nearest to it, the strongest first",
    "peers_moved": "regions that made this move",
    "source": "who publishes the figures that the row rests on",
    "release": "id of the release of the atlas, a hash of its content",
}
"""Columns that are no column of the record's own table."""

MISSING = {
    "figure": "empty where not known, which is never zero; status says why where there is one",
    "text": "empty where there is none",
    "never": "never empty",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One column in the dictionary of a table; ``kind`` is text, whole, real, flag or year."""

    name: str
    meaning: str
    unit: str
    kind: str
    missing: str


@cache
def _columns(table: str) -> dict[str, Column]:
    return {column.name: column for column in CONTRACTS[table].columns}


@cache
def _anywhere() -> dict[str, Column]:
    """The columns of all tables by name; the first table that has one speaks."""
    found: dict[str, Column] = {}
    for contract in CONTRACTS.values():
        for column in contract.columns:
            found.setdefault(column.name, column)
    return found


def entry_of(
    name: str,
    kind: type[Any] | None = None,
    words: Mapping[str, str] | None = None,
    values: Iterable[object] = (),
) -> Entry:
    """Return what a column of a record means.

    Parameters
    ----------
    name
        Of the column.
    kind
        The record it belongs to; decides which table's contract speaks first.
    words
        Meanings of columns that are in no contract, by name; they go before everything.
    values
        Some of its values, to tell a number from a text where no contract does.

    >>> entry_of("location_quotient", RegionalCluster).unit
    'ratio'
    """
    table = TABLE_OF.get(kind) if kind is not None else None
    column = _columns(table).get(name) if table else None
    if words and name in words:
        column = None
        meaning = words[name]
    elif column is not None:
        meaning = column.meaning
    elif name in JOINED:
        meaning = JOINED[name]
    else:
        column = _anywhere().get(name)
        meaning = column.meaning if column is not None else ""
    if column is not None:
        shown = _kind_of(column)
        missing = "figure" if shown not in ("text", "flag") else "text"
        missing = MISSING[missing if column.nullable else "never"]
        return Entry(name, meaning, column.unit, shown, missing)
    known = next((value for value in values if value is not None), None)
    shown = (
        "flag"
        if isinstance(known, bool)
        else "whole"
        if isinstance(known, int)
        else "real"
        if isinstance(known, float)
        else "text"
    )
    return Entry(name, meaning, "", shown, MISSING["text" if shown == "text" else "figure"])


def _kind_of(column: Column) -> str:
    if pa.types.is_string(column.type):
        return "text"
    if pa.types.is_boolean(column.type):
        return "flag"
    if column.unit == "year":
        return "year"
    return "real" if pa.types.is_floating(column.type) else "whole"


def entries_of(
    kind: type[Any],
    columns: Iterable[str] = (),
    words: Mapping[str, str] | None = None,
    values: Mapping[str, Iterable[object]] | None = None,
) -> list[Entry]:
    """Return the dictionary of a record's columns, by default of all of them."""
    names = tuple(columns) or tuple(field.name for field in fields(kind))
    return [entry_of(name, kind, words, (values or {}).get(name, ())) for name in names]
