"""The read API of one cluster: its standing in each region, its occupations, its places."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from clusteratlas.atlas import ClusterOccupation, LocalCluster, RegionalCluster, cluster_standings
from clusteratlas.portal.api.endpoints import REFUSALS, Code
from clusteratlas.portal.api.related_schemas import MISSING
from clusteratlas.portal.api.schemas import model_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.tables import CannotAnswer

router = Router()

Scheme = Annotated[str, Query(max_length=60, description="the region scheme")]
Area = Annotated[str | None, Query(max_length=60, description="code of a region; none: all places")]
AnyScheme = Annotated[str | None, Query(max_length=60, description="scheme of the region")]
Year = Annotated[int | None, Query(description="a year of the scheme; by default the latest")]
NOT_COVERED = "The occupations that are loaded hold nothing for it."
NO_PLACES = "No establishments below the county are loaded for it."

ClusterOccupationOut = model_of(
    "ClusterOccupation",
    ClusterOccupation,
    "cluster_occupations",
    without=("definition", "cluster", "source"),
)


class StandingOut(Schema):
    """A cluster in one region: figures of the year, and what changed since the base year."""

    region: str
    name: str = Field(description="name of the region")
    employment: int | None = Field(None, description="jobs")
    status: str = Field(description="reported, estimated or withheld")
    share_of_nation: float | None = Field(None, description="share of the cluster (share 0-1)")
    share_change: float | None = Field(
        None, description="what the share gained since the base year (share 0-1)"
    )
    wage: float | None = Field(
        None, description="payroll for each printed job (currency of the source a year)"
    )
    size: float | None = Field(None, description="printed jobs for each establishment")
    change: int | None = Field(None, description="jobs gained since the base year")
    expected: float | None = Field(
        None, description="jobs that it would have gained growing as the cluster did in the nation"
    )
    beyond: float | None = Field(None, description="jobs gained beyond what was expected")


class StandingsAnswer(Schema):
    """How a cluster stands in every region of a scheme."""

    scheme: str
    definition: str
    cluster: str
    name: str
    year: int
    base_year: int | None = Field(None, description="year that changes are taken from")
    employment: int | None = Field(None, description="jobs in the reference area")
    largest_share: float | None = Field(
        None, description="share of its jobs in the five largest regions (share 0-1)"
    )
    source: str
    release: str
    standings: list[StandingOut]


class ClusterOccupationsAnswer(Schema):
    """The largest occupations of a cluster, estimated from the staffing of its industries."""

    definition: str
    cluster: str
    name: str
    status: str = "estimated"
    source: str
    missing: str = Field(description=MISSING)
    release: str
    occupations: list[ClusterOccupationOut]  # type: ignore[valid-type]


class LocalPlaceOut(Schema):
    """Establishments of a cluster in one place below the county."""

    place: str
    name: str | None = None
    longitude: float | None = Field(None, description="degrees")
    latitude: float | None = Field(None, description="degrees")
    establishments: int | None = Field(None, description="establishments, at least so many")
    share_of_place: float | None = Field(
        None, description="share of all establishments of the place (share 0-1)"
    )
    source: str


class LocalPlacesAnswer(Schema):
    """The places below the county that print a cluster, the largest first."""

    definition: str
    cluster: str
    name: str
    scheme: str | None
    region: str | None
    year: int | None
    places: int = Field(description="places of the area that print anything")
    establishments: int = Field(description="sum over the rows: at least so many")
    status: str = "reported, at least"
    source: str
    missing: str = Field(description=MISSING)
    release: str
    rows: list[LocalPlaceOut]


@router.get(
    "/clusters/{definition}/{cluster}/standings",
    response={200: StandingsAnswer, **REFUSALS},
)
def standings(
    request: AtlasRequest, definition: Code, cluster: Code, scheme: Scheme, year: Year = None
) -> Any:
    """Return share, wage and jobs gained against expected of a cluster in every region."""
    release = request.release
    info = release.scheme(scheme)
    named = release.cluster(release.definition_of(scheme, definition), cluster)
    found = cluster_standings(release, scheme, cluster, release.year(scheme, year), definition)
    return {
        "scheme": scheme,
        "definition": definition,
        "cluster": cluster,
        "name": named.name,
        "year": found.profile.year,
        "base_year": found.before.year if found.before else None,
        "employment": found.profile.employment,
        "largest_share": found.largest_share,
        "source": info.source_line,
        "release": release.id,
        "standings": [
            {
                "region": each.row.region,
                "name": each.row.region_name,
                "employment": each.row.employment,
                "status": each.row.status,
                "share_of_nation": each.row.share_of_nation,
                "share_change": each.share_change,
                "wage": each.wage,
                "size": each.size,
                "change": each.change,
                "expected": each.expected,
                "beyond": each.own,
            }
            for each in found.rows
            if isinstance(each.row, RegionalCluster)
        ],
    }


@router.get(
    "/clusters/{definition}/{cluster}/occupations",
    response={200: ClusterOccupationsAnswer, **REFUSALS},
)
def cluster_occupations(request: AtlasRequest, definition: Code, cluster: Code) -> Any:
    """Return the largest occupations of a cluster; estimated."""
    release = request.release
    named = release.cluster(definition, cluster)
    rows = release.cluster_occupations(definition, cluster)
    missing = release.missing("cluster_occupations", definition) or NOT_COVERED
    return {
        "definition": definition,
        "cluster": cluster,
        "name": named.name,
        "source": "; ".join(sorted({row.source for row in rows})),
        "missing": "" if rows else missing,
        "release": release.id,
        "occupations": [asdict(row) for row in rows],
    }


@router.get(
    "/clusters/{definition}/{cluster}/places",
    response={200: LocalPlacesAnswer, **REFUSALS},
)
def places(
    request: AtlasRequest,
    definition: Code,
    cluster: Code,
    scheme: AnyScheme = None,
    region: Area = None,
    year: Year = None,
) -> Any:
    """Return the establishments of a cluster in places below the county, in a region or in all."""
    if (scheme is None) != (region is None):
        raise CannotAnswer(
            "a region needs its scheme, and a scheme a region",
            value=scheme or region or "",
            hint="give both, or none for all places",
        )
    release = request.release
    named = release.cluster(definition, cluster)
    found = release.local_view(definition, cluster, scheme=scheme, region=region, year=year)
    rows: tuple[LocalCluster, ...] = found.rows if found else ()
    missing = release.missing("local_establishments", definition) or NO_PLACES
    return {
        "definition": definition,
        "cluster": cluster,
        "name": named.name,
        "scheme": scheme,
        "region": region,
        "year": found.year if found else None,
        "places": found.places if found else 0,
        "establishments": found.establishments if found else 0,
        "source": "; ".join(sorted({row.source for row in rows})),
        "missing": "" if rows else missing,
        "release": release.id,
        "rows": [asdict(row) for row in rows],
    }
