"""Where the figures of a release come from: the rows of `provenance`."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence

import pyarrow as pa

from clusteratlas import __version__
from clusteratlas.atlas.dataset import Dataset
from clusteratlas.measures.strong.survival import every_profile
from clusteratlas.sources import Source
from clusteratlas.tables import PROVENANCE

Row = Mapping[str, str | None]
"""One row of `provenance`."""

FROM_FIGURES = (
    "employment",
    "regional_clusters",
    "regional_subclusters",
    "region_profile",
    "cluster_profile",
    "cluster_draws",
    "drawn_cuts",
)


def _once(sources: Sequence[Source]) -> list[Source]:
    """One entry a source; where it came in several files, with the checksums of all."""
    files: dict[str, list[Source]] = {}
    for source in sources:
        files.setdefault(source.source, []).append(source)
    return [
        dataclasses.replace(
            same[0],
            checksum="; ".join(dict.fromkeys(each.checksum for each in same if each.checksum))
            or None,
        )
        for same in files.values()
    ]


def provenance_of(dataset: Dataset, about: Sequence[Row] = ()) -> pa.Table:
    """Return the provenance of a dataset's tables; ``about`` are rows of steps that tell theirs."""
    parameters = json.dumps(
        {
            "base_scheme": dataset.base_scheme,
            "classification": dataset.classification,
            "coarse_level": dataset.coarse_level,
            "definitions": [definition.name for definition in dataset.definitions],
            "reference_scheme": dataset.reference_scheme,
            "strength_profiles": list(every_profile()),
        },
        sort_keys=True,
    )
    rows: list[Row] = [
        {
            "table": table,
            "source": source.source,
            "publisher": source.publisher,
            "title": source.title,
            "address": source.address,
            "retrieved": source.retrieved,
            "checksum": source.checksum,
            "licence": source.licence,
            "covers": source.covers,
            "code_version": __version__,
            "parameters": parameters,
        }
        for table, sources in (
            *((table, dataset.sources) for table in FROM_FIGURES),
            ("indicators", dataset.indicator_sources),
        )
        for source in _once(sources)
    ]
    own = {"retrieved": None, "checksum": None, "code_version": __version__}
    for definition in dataset.definitions:
        rows += [
            {
                "table": table,
                "source": definition.name,
                "publisher": definition.citation,
                "title": definition.title,
                "address": None,
                "licence": "facts, restated with citation",
                "covers": dataset.classification,
                "parameters": "{}",
                **own,
            }
            for table in ("clusters", "definitions")
        ]
    rows += [
        {
            "table": table,
            "source": f"{dataset.country_group}: {table}",
            "publisher": "see the classification room's data notes",
            "title": title,
            "address": None,
            "licence": "facts, restated with citation",
            "covers": dataset.country_group,
            "parameters": "{}",
            **own,
        }
        for table, title in (
            ("regions", "Names, points and population of regions"),
            ("memberships", "Which region lies in which"),
            ("industries", f"Titles of {dataset.classification}"),
        )
    ]
    return pa.Table.from_pylist([*rows, *about], schema=PROVENANCE.schema)


def step_row(
    table: str,
    source: str,
    *,
    title: str,
    covers: str,
    publisher: str = "Cluster Atlas",
    licence: str = "derived from the figures of this release",
    checksum: str | None = None,
    parameters: Mapping[str, object] | None = None,
) -> Row:
    """Return the row of provenance of a step that this code computes."""
    return {
        "table": table,
        "source": source,
        "publisher": publisher,
        "title": title,
        "address": None,
        "retrieved": None,
        "checksum": checksum,
        "licence": licence,
        "covers": covers,
        "code_version": __version__,
        "parameters": json.dumps(dict(parameters or {}), sort_keys=True, ensure_ascii=False),
    }


NONE_FOR = "none for "


def missing_key(of: str) -> str:
    """Return the source under which provenance keeps why there are no rows.

    >>> missing_key("us-county")
    'none for us-county'
    """
    return NONE_FOR + of


def missing_row(table: str, of: str, why: str) -> Row:
    """Return the row of provenance that says why a table has no rows for a scheme or definition."""
    return step_row(
        table, missing_key(of), title=f"No rows for {of}", covers=why, licence="not applicable"
    )
