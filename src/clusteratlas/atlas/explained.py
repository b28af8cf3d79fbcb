"""What goes with lying together inside each cluster: the rows of `mechanisms`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import isfinite

import numpy as np
import pyarrow as pa

from clusteratlas import classification
from clusteratlas.atlas.dataset import Dataset
from clusteratlas.atlas.panel import rounded
from clusteratlas.atlas.provenance import missing_row, step_row
from clusteratlas.atlas.related import Rows
from clusteratlas.relatedness.cluster_mechanisms import explain_clusters
from clusteratlas.relatedness.mechanisms import MECHANISMS, MechanismPanel
from clusteratlas.relatedness.packaged import SOURCE as PACKAGED
from clusteratlas.relatedness.packaged import packaged_industries
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import MECHANISMS as CONTRACT
from clusteratlas.tables import CannotAnswer
from clusteratlas.tables.explained import FEWEST_PAIRS

OUTCOME = "coagglomeration"
APART = 4
"""Pairs within one class of this level are left out: they often share a coarser class's figures."""

PERMUTATIONS = 199
SEED = 0


def explain(dataset: Dataset, *, without: Collection[str] = ()) -> dict[str, Rows]:
    """Return what goes with coagglomeration inside the clusters of each definition of a dataset.

    Definition
    ----------
    `explain_clusters` on the components that come with the code, over pairs of (traded) industries
    of a cluster that do not share a four-digit class; p-values from 199 orders.

    Parameters
    ----------
    without
        Definitions to leave out: another dataset of the release has told of them.

    Missing data
    ------------
    A cluster with fewer than thirty such pairs has one row, which says so. Where no components of
    the classification are at hand there are no rows, with the reason in provenance. A cluster
    without any industry among the components, such as a local one, has no row.
    """
    found = {}
    for definition in dataset.definitions:
        if definition.name in without:
            continue
        similarities = packaged_industries(dataset.classification)
        if similarities is None:
            found[definition.name] = _none(
                definition.name,
                f"No similarities of the industries of {dataset.classification} come with the "
                "code.",
            )
            continue
        clusters = definition.traded_clusters(dataset.classification)
        found[definition.name] = _explained(
            definition.name, dataset.classification, similarities, clusters
        )
    return found


def _explained(
    definition: str, vintage: str, similarities: Similarities, clusters: Mapping[str, str]
) -> Rows:
    table = classification.ancestors(vintage, APART)
    classes = dict(
        zip(table.column("industry").to_pylist(), table.column("ancestor").to_pylist(), strict=True)
    )
    try:
        panels, refused = explain_clusters(
            similarities,
            clusters,
            outcome=OUTCOME,
            classes=classes,
            fewest_pairs=FEWEST_PAIRS,
            permutations=PERMUTATIONS,
            seed=SEED,
        )
    except CannotAnswer as refusal:
        return _none(definition, str(refusal))
    if not panels and not refused:
        return _none(definition, "None of its industries is among those that are compared.")
    source = f"{definition} by {PACKAGED}"
    rows = [row for panel in panels for row in _rows_of(panel)]
    for each in refused:
        members = [label for label in similarities.labels if clusters.get(label) == each.cluster]
        rows.append(
            {
                "cluster": each.cluster,
                "mechanism": "none",
                "component": "",
                "pairs": _comparable(similarities, members, classes),
                "industries": len(members),
                "refused": each.reason,
            }
        )
    named = [
        {**row, "definition": definition, "outcome": OUTCOME, "source": source} for row in rows
    ]
    absent = sorted({f"{name} ({why})" for panel in panels for name, why in panel.missing.items()})
    about = step_row(
        "mechanisms",
        source,
        publisher="Cluster Atlas, from US Census Bureau, Bureau of Economic Analysis and Bureau of "
        "Labor Statistics",
        title="What goes with coagglomeration inside a cluster: supply and skills",
        licence="public domain",
        covers=f"{len(panels)} clusters; {len(refused)} others have too few pairs of industries "
        f"or nothing to explain with. Pairs within one {APART}-digit class are left out. "
        + (f"Not in the regressions: {', '.join(absent)}." if absent else ""),
        parameters={
            "apart": APART,
            "definition": definition,
            "fewest_pairs": FEWEST_PAIRS,
            "outcome": OUTCOME,
            "permutations": PERMUTATIONS,
            "seed": SEED,
        },
    )
    return Rows(rounded(pa.Table.from_pylist(named, schema=CONTRACT.schema)), (about,))


def _rows_of(panel: MechanismPanel) -> list[dict[str, object]]:
    kept = set(CONTRACT.names)
    rows: list[dict[str, object]] = []
    for row in panel.rows():
        figures = {
            name: (None if isinstance(value, float) and not isfinite(value) else value)
            for name, value in row.items()
            if name in kept
        }
        rows.append({**figures, "refused": ""})
    return rows


def _comparable(
    similarities: Similarities, members: Collection[str], classes: Mapping[str, str]
) -> int:
    """How many pairs of these industries are of two classes and known in every component used."""
    places = [place for place, label in enumerate(similarities.labels) if label in members]
    inside = np.ix_(places, places)
    names = [
        name
        for name in (OUTCOME, *MECHANISMS)
        if name in similarities.components
        and (name == OUTCOME or not np.isnan(similarities.component(name)[inside]).all())
    ]
    group = np.array([classes.get(similarities.labels[place], str(place)) for place in places])
    usable = group[:, None] != group
    for name in names:
        usable &= ~np.isnan(similarities.component(name)[inside])
    return int(np.count_nonzero(np.triu(usable, 1)))


def _none(definition: str, why: str) -> Rows:
    return Rows(CONTRACT.schema.empty_table(), (missing_row("mechanisms", definition, why),))
