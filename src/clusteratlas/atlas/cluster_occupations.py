"""The occupations of each cluster, from what its industries employ in the nation."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.atlas.dataset import Dataset
from clusteratlas.atlas.given_occupations import GivenOccupations
from clusteratlas.atlas.panel import rounded
from clusteratlas.atlas.provenance import Row, missing_row, step_row
from clusteratlas.classification import Definition
from clusteratlas.relatedness.options.cluster_staffing import Shares, staffing_by_jobs
from clusteratlas.relatedness.options.skill_gaps import OccupationNeeds
from clusteratlas.tables import CLUSTER_OCCUPATIONS, ESTIMATED

NAME = CLUSTER_OCCUPATIONS.name
SHOWN = 15
NOT_GIVEN = "No occupations by industry were given: add --occupations and --staffing to the build."
OTHER = "The occupations that were given are of another industry classification."


@dataclass(frozen=True)
class ClusterOccupations:
    """Rows by the contract ``CLUSTER_OCCUPATIONS``, and what provenance says of them."""

    rows: pa.Table
    about: tuple[Row, ...]


def cluster_occupations(
    dataset: Dataset, employment: pa.Table, given: GivenOccupations | None
) -> ClusterOccupations:
    """Return the fifteen largest occupations of each cluster of a dataset.

    Definition
    ----------
    `staffing_by_jobs` over the cluster's industries with their jobs in the reference area in the
    latest year; the quotient holds the share against that of all industries of the definition.

    Missing data
    ------------
    Without staffing there are no rows, and provenance says so for every definition.
    """
    staffing = given.staffing if given is not None else None
    source = given.staffing_source if given is not None else None
    if staffing is None or source is None or not dataset.classification.startswith("naics"):
        why = NOT_GIVEN if staffing is None else OTHER
        about = tuple(missing_row(NAME, each.name, why) for each in dataset.definitions)
        return ClusterOccupations(CLUSTER_OCCUPATIONS.schema.empty_table(), about)
    needs = OccupationNeeds.of(staffing)
    year = int(pc.max(staffing.column("year")).as_py())
    jobs = _jobs(dataset, employment)
    held: dict[str, Shares | None] = {}
    rows: list[dict[str, object]] = []
    for definition in dataset.definitions:
        rows += _of_definition(dataset, definition, needs, jobs, held, (year, source.source))
    about = tuple(
        {
            **step_row(
                NAME,
                f"{source.source} {each.name}",
                publisher=source.publisher,
                title=source.title,
                licence=source.licence,
                checksum=source.checksum,
                covers="Occupations of the nation's industries, weighted by the jobs of each in "
                f"the cluster. {source.covers}",
                parameters={"shown": SHOWN},
            ),
            "address": source.address,
        }
        for each in dataset.definitions
    )
    table = pa.Table.from_pylist(rows, schema=CLUSTER_OCCUPATIONS.schema)
    return ClusterOccupations(rounded(table), about)


def _jobs(dataset: Dataset, employment: pa.Table) -> dict[str, float]:
    """Jobs of each industry in the reference area, latest year."""
    mine = employment.filter(pc.equal(employment.column("scheme"), dataset.reference_scheme))
    last = mine.filter(pc.equal(mine.column("year"), pc.max(mine.column("year"))))
    summed = last.group_by("industry", use_threads=False).aggregate([("employment", "sum")])
    return {
        code: float(jobs or 0)
        for code, jobs in zip(
            summed.column("industry").to_pylist(),
            summed.column("employment_sum").to_pylist(),
            strict=True,
        )
    }


def _of_definition(
    dataset: Dataset,
    definition: Definition,
    needs: OccupationNeeds,
    jobs: dict[str, float],
    held: dict[str, Shares | None],
    told: tuple[int, str],
) -> list[dict[str, object]]:
    members = definition.industries
    mine = members.filter(pc.equal(members.column("classification"), dataset.classification))
    of_cluster: dict[str, dict[str, float]] = {}
    for row in mine.select(["cluster", "industry", "weight"]).to_pylist():
        amount = jobs.get(row["industry"], 0.0) * row["weight"]
        of_cluster.setdefault(row["cluster"], {})[row["industry"]] = amount
    everything = {row["industry"]: jobs.get(row["industry"], 0.0) for row in mine.to_pylist()}
    whole = staffing_by_jobs(needs, everything, held)
    rows: list[dict[str, object]] = []
    for cluster in sorted(of_cluster):
        found = staffing_by_jobs(needs, of_cluster[cluster], held)
        first = sorted(found.shares, key=lambda code: (-found.shares[code], code))[:SHOWN]
        rows += [
            {
                "definition": definition.name,
                "cluster": cluster,
                "occupation": code,
                "year": told[0] or None,
                "title": needs.titles.get(code, code),
                "share": found.shares[code],
                "location_quotient": found.shares[code] / whole.shares[code],
                "covered": found.covered,
                "rank": place,
                "status": ESTIMATED,
                "source": told[1],
            }
            for place, code in enumerate(first, 1)
        ]
    return rows
