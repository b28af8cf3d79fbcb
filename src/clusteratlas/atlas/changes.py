"""What one release changed against another: years, regions, figures, flags, sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from pydantic import ValidationError

from clusteratlas.atlas.manifest import Manifest
from clusteratlas.atlas.store import MANIFEST, RELEASES, current_id, release_folder
from clusteratlas.tables import CannotAnswer

MOST_SHOWN = 50
LEAST_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class ReleaseEntry:
    """A release that can be read in a place. ``put`` is when it came there."""

    id: str
    put: datetime
    current: bool
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A regional cluster whose jobs or flag differ; what is none was not there or not known."""

    scheme: str
    region: str
    region_name: str
    definition: str
    cluster: str
    cluster_name: str
    year: int
    employment_before: int | None
    employment: int | None
    status_before: str | None
    status: str | None
    strong_before: bool | None
    strong: bool | None


@dataclass(frozen=True, slots=True)
class SourceChange:
    """A source of the figures that came, went or was replaced by another edition."""

    source: str
    title: str
    what: str


@dataclass(frozen=True, slots=True)
class SchemeChange:
    """What differs in one scheme. All but the names are counts.

    ``compared`` are regional clusters in both releases; ``changed`` are those of them whose jobs
    differ by more than the least share; ``became_known`` had no figure before.
    """

    scheme: str
    title: str
    years_added: tuple[int, ...]
    years_dropped: tuple[int, ...]
    regions_added: tuple[str, ...]
    regions_dropped: tuple[str, ...]
    compared: int
    same: int
    changed: int
    became_known: int
    became_unknown: int
    flags_won: int
    flags_lost: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two releases, the largest changes of jobs first."""

    before: str
    after: str
    least_share: float
    schemes: tuple[SchemeChange, ...]
    schemes_dropped: tuple[str, ...]
    definitions_added: tuple[str, ...]
    definitions_dropped: tuple[str, ...]
    figures: tuple[FigureChange, ...]
    flags: tuple[FigureChange, ...]
    sources: tuple[SourceChange, ...]


def releases(place: Path) -> list[ReleaseEntry]:
    """Return the releases that can be read in a place, the one that came last first."""
    now = current_id(place)
    found = []
    for path in (place / RELEASES).glob(f"[!.]*/{MANIFEST}"):
        try:
            manifest = Manifest.model_validate_json(path.read_bytes())
        except ValidationError:
            continue  # written by a version that describes releases otherwise
        put = datetime.fromtimestamp(int(path.stat().st_mtime), tz=UTC)
        found.append(ReleaseEntry(path.parent.name, put, path.parent.name == now, manifest))
    return sorted(found, key=lambda each: (each.put, each.id), reverse=True)


def changes_between(
    place: Path, before: str, after: str, least_share: float = LEAST_SHARE
) -> Changes:
    """Return what differs between two releases of a place.

    Parameters
    ----------
    before, after
        Ids of the older and the newer release.
    least_share
        Jobs that differ by less than this share of the older figure are not called changed.

    Raises
    ------
    CannotAnswer
        If the two are the same or one of them cannot be read.
    """
    if before == after:
        raise CannotAnswer("a release differs from another one only", value=before, hint="name two")
    folders = [release_folder(place, each) for each in (before, after)]
    old, new = (Manifest.model_validate_json((each / MANIFEST).read_bytes()) for each in folders)
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("set threads to 2")
        for name, folder in zip(("older", "newer"), folders, strict=True):
            _lay_out(connection, name, folder)
        connection.execute(_JOINED)
        return Changes(
            before,
            after,
            least_share,
            tuple(_schemes(connection, old, new, least_share)),
            _less([each.title for each in old.schemes], [each.title for each in new.schemes]),
            _less(_definitions(new), _definitions(old)),
            _less(_definitions(old), _definitions(new)),
            tuple(_figures(connection, _CHANGED, [least_share])),
            tuple(
                _figures(
                    connection,
                    "strong_before <> strong and known_before and known",
                    [],
                )
            ),
            tuple(SourceChange(*row) for row in connection.execute(_SOURCES).fetchall()),
        )
    finally:
        connection.close()


_CHANGED = "abs(employment - employment_before) > ? * greatest(employment_before, 1)"

_JOINED = """
create table joined as
select coalesce(n.scheme, o.scheme) as scheme, coalesce(n.region, o.region) as region,
  coalesce(n.definition, o.definition) as definition, coalesce(n.cluster, o.cluster) as cluster,
  coalesce(n.year, o.year) as year,
  o.employment as employment_before, n.employment as employment,
  o.status as status_before, n.status as status,
  o.strong as strong_before, n.strong as strong,
  o.region is not null as known_before, n.region is not null as known
from older_regional_clusters o full join newer_regional_clusters n
  using (scheme, region, definition, cluster, year)
"""

_SOURCES = """
with o as (select * from older_provenance where "table" = 'employment'),
  n as (select * from newer_provenance where "table" = 'employment')
select coalesce(n.source, o.source), coalesce(n.title, o.title),
  case when o.source is null then 'added' when n.source is null then 'dropped'
  else 'replaced' end as what
from o full join n using (source)
where o.source is null or n.source is null or o.checksum is distinct from n.checksum
order by 1
"""


def _lay_out(connection: duckdb.DuckDBPyConnection, name: str, folder: Path) -> None:
    for table in ("regional_clusters", "regions", "clusters", "provenance"):
        path = str(folder / f"{table}.parquet").replace("'", "''")
        connection.execute(f"create view {name}_{table} as select * from read_parquet('{path}')")


def _schemes(
    connection: duckdb.DuckDBPyConnection, old: Manifest, new: Manifest, least_share: float
) -> list[SchemeChange]:
    counted = {
        row[0]: row[1:]
        for row in connection.execute(
            "select scheme, count(*) filter (where known_before and known), "
            "count(*) filter (where known_before and known "
            "and employment is not distinct from employment_before "
            "and status is not distinct from status_before), "
            f"count(*) filter (where {_CHANGED}), "
            "count(*) filter (where known_before and known and employment_before is null "
            "and employment is not null), "
            "count(*) filter (where known_before and known and employment is null "
            "and employment_before is not null), "
            "count(*) filter (where known_before and known and strong and not strong_before), "
            "count(*) filter (where known_before and known and strong_before and not strong) "
            "from joined group by scheme",
            [least_share],
        ).fetchall()
    }
    earlier = {each.scheme: each for each in old.schemes}
    found = []
    for scheme in new.schemes:
        had = earlier.get(scheme.scheme)
        years = had.years if had else ()
        found.append(
            SchemeChange(
                scheme.scheme,
                scheme.title,
                tuple(year for year in scheme.years if year not in years),
                tuple(year for year in years if year not in scheme.years),
                _region_names(connection, scheme.scheme, "newer", "older"),
                _region_names(connection, scheme.scheme, "older", "newer"),
                *counted.get(scheme.scheme, (0,) * 7),
            )
        )
    return found


def _region_names(
    connection: duckdb.DuckDBPyConnection, scheme: str, there: str, missing: str
) -> tuple[str, ...]:
    rows = connection.execute(
        f"select name from {there}_regions where scheme = ? and region not in "
        f"(select region from {missing}_regions where scheme = ?) order by name",
        [scheme, scheme],
    ).fetchall()
    return tuple(row[0] for row in rows)


def _figures(
    connection: duckdb.DuckDBPyConnection, where: str, values: list[object]
) -> list[FigureChange]:
    rows = connection.execute(
        "select j.scheme, j.region, r.name, j.definition, j.cluster, c.name, j.year, "
        "j.employment_before, j.employment, j.status_before, j.status, j.strong_before, j.strong "
        f"from (select * from joined where {where} "
        "order by abs(coalesce(employment, 0) - coalesce(employment_before, 0)) desc, "
        f"scheme, region, definition, cluster, year limit {MOST_SHOWN}) j "
        "left join newer_regions r on r.scheme = j.scheme and r.region = j.region "
        "left join newer_clusters c on c.definition = j.definition and c.cluster = j.cluster "
        "order by abs(coalesce(j.employment, 0) - coalesce(j.employment_before, 0)) desc, "
        "j.scheme, j.region, j.definition, j.cluster, j.year",
        values,
    ).fetchall()
    return [FigureChange(*row) for row in rows]


def _definitions(manifest: Manifest) -> list[str]:
    return [each.title for each in manifest.definitions]


def _less(names: list[str], others: list[str]) -> tuple[str, ...]:
    return tuple(each for each in names if each not in others)
