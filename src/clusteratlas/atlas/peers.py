"""Which regions of each scheme are built alike: the rows of `peers`."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.atlas.dataset import Dataset
from clusteratlas.atlas.panel import rounded
from clusteratlas.atlas.provenance import Row, missing_row, step_row
from clusteratlas.atlas.structure import top_level
from clusteratlas.classification import Definition
from clusteratlas.relatedness.options.figures import read_figures
from clusteratlas.relatedness.options.peers import PEERS as PEERS_EACH
from clusteratlas.relatedness.options.peers import slow_variables, structural_peers
from clusteratlas.tables import PEERS, CannotAnswer

NEEDED = [
    "region",
    "industry",
    "year",
    "employment",
    "employment_low",
    "employment_high",
    "status",
]


def peers_of(
    dataset: Dataset, employment: pa.Table, definition: Definition
) -> tuple[pa.Table, list[Row]]:
    """Return the regions built most like each, in every scheme of the dataset that has enough.

    Definition
    ----------
    `structural_peers` over the slow variables of the latest year that are at hand: inhabitants,
    jobs, jobs for each inhabitant, place, mix of sectors, share of traded jobs, kind of region.

    Missing data
    ------------
    A scheme with ten regions or fewer has no rows, and provenance says so.
    """
    rows: list[dict[str, object]] = []
    about: list[Row] = []
    for plan in dataset.schemes:
        try:
            found, said = _peers(dataset, employment, definition, plan.scheme)
        except CannotAnswer as refusal:
            about.append(missing_row("peers", plan.scheme, str(refusal)))
        else:
            rows += found
            about.append(said)
    return rounded(pa.Table.from_pylist(rows, schema=PEERS.schema)), about


def figures_of(employment: pa.Table, scheme: str) -> pa.Table:
    """Return the rows of a scheme, of the columns that `read_figures` takes alone."""
    return employment.select(NEEDED).filter(pc.equal(employment.column("scheme"), scheme))


def _peers(
    dataset: Dataset, employment: pa.Table, definition: Definition, scheme: str
) -> tuple[list[dict[str, object]], Row]:
    mine = figures_of(employment, scheme)
    years = pc.unique(mine.column("year")).to_pylist()
    regions = pc.count_distinct(mine.column("region")).as_py()
    if regions <= PEERS_EACH:
        raise CannotAnswer(
            f"{regions} regions of {scheme} have figures, too few to choose {PEERS_EACH} peers"
        )
    year = max(years)
    spoken = definition.industries.filter(
        pc.equal(definition.industries.column("classification"), dataset.classification)
    )
    names = spoken.column("industry").to_pylist()
    figures = read_figures(
        mine, year=year, classification=dataset.classification, industries=set(names)
    )
    traded = dict(zip(names, spoken.column("traded").to_pylist(), strict=True))
    of_scheme = dataset.regions.filter(pc.equal(dataset.regions.column("scheme"), scheme))
    places = of_scheme.select(["region", "population", "kind", "longitude", "latitude"]).to_pylist()
    population = {
        row["region"]: float(row["population"]) for row in places if row["population"] is not None
    }
    points = {
        row["region"]: (row["longitude"], row["latitude"])
        for row in places
        if row["longitude"] is not None and row["latitude"] is not None
    }
    variables = slow_variables(
        figures,
        sectors=top_level(dataset.classification),
        traded={name: flag for name, flag in traded.items() if flag is not None} or None,
        population=population or None,
        points=points or None,
        kinds={row["region"]: row["kind"] for row in places},
    )
    found = structural_peers(figures.regions, variables)
    rows = [
        {
            "scheme": scheme,
            "region": each.region,
            "peer": each.peer,
            "rank": each.rank,
            "distance": each.distance,
        }
        for each in found.rows
    ]
    notes = "".join(f" {note}" for note in found.notes)
    about = step_row(
        "peers",
        f"peers in {scheme} {year}",
        title=f"Regions built alike in {scheme}",
        covers=f"{len(figures.regions)} regions, {PEERS_EACH} peers each.{notes}",
        parameters={"scheme": scheme, "year": year, "variables": list(found.variables)},
    )
    return rows, about
