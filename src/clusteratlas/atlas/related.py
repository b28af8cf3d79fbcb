"""How the clusters of each definition of a dataset relate: the rows of `relatedness`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.atlas.cells import Cells, cells_of
from clusteratlas.atlas.dataset import Dataset
from clusteratlas.atlas.given_relatedness import GivenRelatedness, relatedness_rows
from clusteratlas.atlas.panel import rounded
from clusteratlas.atlas.provenance import Row, missing_row, step_row
from clusteratlas.classification import Definition
from clusteratlas.relatedness.colocation import colocation_of
from clusteratlas.relatedness.packaged import SOURCE as PACKAGED
from clusteratlas.relatedness.packaged import packaged_clusters, packaged_industries
from clusteratlas.relatedness.related_clusters import related_clusters
from clusteratlas.relatedness.similarities import LEAST_KNOWN, Floats, Similarities
from clusteratlas.tables import RELATEDNESS, CannotAnswer, InvalidInput, few

BENCHMARK = "us-benchmark-2014"
PACKAGED_COMPONENTS = ("input_output", "occupations")


@dataclass(frozen=True)
class Rows:
    """Rows of a table, and what provenance says of them or of there being none."""

    rows: pa.Table
    about: tuple[Row, ...]


def relate(
    dataset: Dataset,
    base: pa.Table,
    given: Sequence[GivenRelatedness] = (),
    *,
    without: Collection[str] = (),
) -> dict[str, Rows]:
    """Return the relatedness of the clusters of each definition of a dataset.

    Definition
    ----------
    From a file where one is given for the definition. For the American benchmark on NAICS the
    component table that comes with the code (co-location, input-output, occupations). For any
    other definition, co-location of its (traded) industries over the regions of the base scheme in
    its latest year, by `colocation_of` and `related_clusters`.

    Parameters
    ----------
    base
        Employment before it is added up, withheld cells filled.
    given
        Relatedness from files.
    without
        Definitions to leave out: another dataset of the release has told of them.

    Missing data
    ------------
    Regions with a cell that is still withheld are left out of co-location. No rows, with the
    reason in provenance, where fewer than thirty regions are left or fewer than three clusters
    have jobs. Clusters without jobs have no rows.
    """
    found = {}
    for definition in dataset.definitions:
        if definition.name in without:
            continue
        mine = [each for each in given if each.definition == definition.name]
        if mine:
            found[definition.name] = _from_file(mine[0])
            continue
        packaged = None
        if definition.name == BENCHMARK and dataset.classification.startswith("naics-"):
            packaged = packaged_clusters(definition.name)
        if packaged is not None:
            found[definition.name] = _from_package(definition, packaged)
        else:
            found[definition.name] = _from_places(dataset, definition, base)
    return found


def _from_file(given: GivenRelatedness) -> Rows:
    about = step_row(
        "relatedness",
        given.source,
        publisher="given with the build",
        title=f"Relatedness of the clusters of {given.definition}, from a file",
        licence="as the file's maker says",
        covers=f"{given.rows.num_rows} pairs of clusters.",
        checksum=given.checksum,
        parameters={"definition": given.definition},
    )
    return Rows(given.rows, (about,))


def _from_package(definition: Definition, packaged: pa.Table) -> Rows:
    codes = set(definition.clusters.column("cluster").to_pylist())
    rows = relatedness_rows(definition.name, packaged, PACKAGED)
    known = set(pc.unique(rows.column("a")).to_pylist())
    local = len(codes - known)
    about = step_row(
        "relatedness",
        PACKAGED,
        publisher="Cluster Atlas, from US Census Bureau, Bureau of Economic Analysis and Bureau of "
        "Labor Statistics",
        title="Relatedness of the traded clusters: co-location, input-output and occupations",
        licence="public domain",
        covers=f"{len(known)} traded clusters; {local} others have no relatedness.",
        parameters={"definition": definition.name, "clusters": len(known)},
    )
    return Rows(rows, (about,))


def _from_places(dataset: Dataset, definition: Definition, base: pa.Table) -> Rows:
    """Compute relatedness from where the industries of the dataset's own figures are."""
    groups = definition.traded_clusters(dataset.classification)
    split = definition.shared_industries(dataset.classification)
    of_scheme = pc.equal(base.column("scheme"), dataset.base_scheme)
    year = int(pc.max(base.filter(of_scheme).column("year")).as_py())
    whole, left_out = cells_of(base, dataset.base_scheme, year, groups).whole_regions()
    try:
        similarities = _with_packaged(_colocation(whole), dataset.classification)
        table = related_clusters(similarities, groups)
    except (CannotAnswer, InvalidInput) as refusal:
        why = f"{str(refusal).rstrip('.')}: {dataset.base_scheme} {year}."
        why += _left_out(left_out)
        return Rows(
            RELATEDNESS.schema.empty_table(), (missing_row("relatedness", definition.name, why),)
        )
    source = f"{definition.name} by co-location in {dataset.base_scheme} {year}"
    rows = rounded(relatedness_rows(definition.name, table, source))
    known = set(pc.unique(rows.column("a")).to_pylist())
    without = sorted(set(definition.clusters.column("cluster").to_pylist()) - known)
    said = [f"Co-location over {len(whole.regions)} regions."]
    more = [name for name in PACKAGED_COMPONENTS if name in similarities.components]
    held = f"{' and '.join(more)} from {PACKAGED} (United States)."
    said.append(held if more else "No other component.")
    if without:
        said.append(f"Without jobs or not traded, so without rows: {few(without)}.")
    if split:
        said.append(f"Industries of several clusters count in the largest: {few(split)}.")
    said += [f"{note[0].upper()}{note[1:]}." for note in similarities.notes]
    about = step_row(
        "relatedness",
        source,
        title=f"Relatedness of the clusters of {definition.name}, from where their industries are",
        covers=" ".join(said) + _left_out(left_out),
        parameters={
            "definition": definition.name,
            "scheme": dataset.base_scheme,
            "year": year,
            "regions": len(whole.regions),
            "industries": len(similarities.labels),
            "scale": "square root",
        },
    )
    return Rows(rows, (about,))


def _colocation(cells: Cells) -> Similarities:
    """Co-location, by establishments too where every row has them."""
    units = None if np.isnan(cells.establishments).any() else cells.establishments
    return colocation_of(cells.jobs, units, industries=cells.industries)


def _with_packaged(similarities: Similarities, classification: str) -> Similarities:
    """Add what is packaged of the industries and does not depend on the release's own figures."""
    packaged = packaged_industries(classification)
    if packaged is None:
        return similarities
    known = {name: packaged.components[name] for name in PACKAGED_COMPONENTS}
    more = Similarities(packaged.labels, known, packaged.inherited)
    together = similarities.with_others(more)
    covered = {
        name: matrix
        for name, matrix in together.components.items()
        if name not in known or _covers(matrix)
    }
    return replace(together, components=covered)


def _covers(matrix: Floats) -> bool:
    """Whether a component knows at least half of the industries."""
    lacking = np.isnan(matrix).all(axis=1)
    return bool(lacking.mean() <= 1 - LEAST_KNOWN)


def _left_out(regions: Sequence[str]) -> str:
    return f" Left out for withheld cells: {few(regions)}." if regions else ""
