"""Open a release read-only and ask it questions."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Sequence
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from clusteratlas.atlas.manifest import DefinitionInfo, Manifest, SchemeInfo
from clusteratlas.atlas.records import (
    Cluster,
    ClusterProfile,
    Hit,
    Provenance,
    Region,
    RegionalCluster,
    RegionalIndustry,
    RegionalSubcluster,
    RegionProfile,
)
from clusteratlas.atlas.search import SearchIndex
from clusteratlas.atlas.store import MANIFEST, release_folder
from clusteratlas.engine import read_parquet
from clusteratlas.tables import CONTRACTS, CannotAnswer

Record = TypeVar("Record")
ORDERS = {
    "location_quotient": "location_quotient desc nulls last, employment desc nulls last",
    "employment": "employment desc nulls last",
    "share_of_nation": "share_of_nation desc nulls last",
    "share_of_region": "share_of_region desc nulls last",
    "employment_growth": "employment_growth desc nulls last",
    "employment_change": "employment_change desc nulls last",
    "rank": "rank nulls last",
    "cluster": "try_cast(cluster as int), cluster",
    "name": "name",
    "region_name": "region_name",
}
"""What regional clusters can be ordered by."""

MANY = 12
"""More names than this are not listed whole in a hint."""


def open_release(place: Path, release: str | None = None) -> Release:
    """Open the current release of a place (or the one with this id) for reading."""
    return Release(release_folder(place, release))


class Release:
    """One published, immutable set of all tables. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("set threads to 2")
        for name in CONTRACTS:
            path = str(self.path(name)).replace("'", "''")
            self._connection.execute(f"create view {name} as select * from read_parquet('{path}')")
        for name in ("regions", "clusters", "definitions", "industries"):
            self._connection.execute(f"create table {name}_held as select * from {name}")
        self._connection.execute("set autoinstall_known_extensions = false")
        self._connection.execute("set autoload_known_extensions = false")
        self._connection.execute("set allowed_directories = [?]", [str(folder)])
        self._connection.execute("set enable_external_access = false")
        self._connection.execute("set lock_configuration = true")
        self._threads = threading.local()

    @property
    def id(self) -> str:
        """The release's id, a hash of its content."""
        return self.manifest.id

    def close(self) -> None:
        """Close the release."""
        self._connection.close()

    def path(self, name: str) -> Path:
        """Return the Parquet file of a table."""
        if name not in CONTRACTS:
            raise _unknown("table", name, CONTRACTS)
        return self.folder / f"{name}.parquet"

    def table(self, name: str) -> pa.Table:
        """Return a whole table."""
        return read_parquet(self.path(name))

    # Schemes and definitions

    def scheme(self, name: str) -> SchemeInfo:
        """Return a region scheme by name."""
        for scheme in self.manifest.schemes:
            if scheme.scheme == name:
                return scheme
        raise _unknown("region scheme", name, [each.scheme for each in self.manifest.schemes])

    def definition(self, name: str) -> DefinitionInfo:
        """Return a cluster definition by name."""
        for definition in self.manifest.definitions:
            if definition.definition == name:
                return definition
        known = [each.definition for each in self.manifest.definitions]
        raise _unknown("cluster definition", name, known)

    def year(self, scheme: str, year: int | None) -> int:
        """Return the year, by default the latest of the scheme."""
        years = self.scheme(scheme).years
        if year is None:
            return years[-1]
        if year not in years:
            raise CannotAnswer(
                f"there are no figures of {scheme} for that year",
                value=str(year),
                hint=f"use one of {', '.join(map(str, years))}",
            )
        return year

    def definition_of(self, scheme: str, definition: str | None) -> str:
        """Return the definition's name, by default the default one of the scheme."""
        info = self.scheme(scheme)
        if definition is None:
            return info.definition
        if definition not in info.definitions:
            raise CannotAnswer(
                f"{scheme} is not mapped by that cluster definition",
                value=definition,
                hint=f"use one of {', '.join(info.definitions)}",
            )
        return definition

    # Regions and clusters

    def regions(self, scheme: str) -> list[Region]:
        """Return the regions of a scheme, by code."""
        self.scheme(scheme)
        return self._records(
            Region, "select * from regions_held where scheme = ? order by region", [scheme]
        )

    def region(self, scheme: str, region: str) -> Region:
        """Return a region by scheme and code."""
        self.scheme(scheme)
        found = self._records(
            Region,
            "select * from regions_held where scheme = ? and region = ?",
            [scheme, region],
        )
        if not found:
            raise CannotAnswer(
                f"there is no region with that code in {scheme}",
                value=region,
                hint=self._suggestion(region, "region"),
            )
        return found[0]

    def find_region(self, code: str, scheme: str | None = None) -> Region:
        """Return the region with this code or exact name in any scheme (or in the one given)."""
        if scheme is not None:
            self.scheme(scheme)
        found = self._records(
            Region,
            "select * from regions_held where (region = ? or lower(name) = lower(?)) "
            "and (? is null or scheme = ?) order by scheme, region",
            [code, code, scheme, scheme],
        )
        if not found:
            raise CannotAnswer(
                "there is no region with that code or name",
                value=code,
                hint=self._suggestion(code, "region"),
            )
        if len({region.scheme for region in found}) < len(found) or len(found) > 1:
            exact = [region for region in found if region.region == code]
            if len(exact) == 1:
                return exact[0]
            options = ", ".join(f"{each.name} ({each.scheme} {each.region})" for each in found[:8])
            raise CannotAnswer(
                "several regions have that code or name",
                value=code,
                hint=f"say which with its scheme: {options}",
            )
        return found[0]

    def clusters(self, definition: str) -> list[Cluster]:
        """Return the clusters of a definition, in the order of their codes."""
        self.definition(definition)
        return self._records(
            Cluster,
            "select * from clusters_held where definition = ? "
            "order by try_cast(cluster as int), cluster",
            [definition],
        )

    def cluster(self, definition: str, cluster: str) -> Cluster:
        """Return a cluster by definition and code."""
        for each in self.clusters(definition):
            if each.cluster == cluster:
                return each
        raise CannotAnswer(
            f"there is no {self.definition(definition).group_word} with that code",
            value=cluster,
            hint=self._suggestion(cluster, "cluster"),
        )

    def find_cluster(self, text: str, definition: str | None = None) -> Cluster:
        """Return the cluster with this code or name, in the definition given or in any."""
        names = [each.definition for each in self.manifest.definitions]
        if definition is not None:
            names = [self.definition(definition).definition]
        for name in names:
            for each in self.clusters(name):
                if text == each.cluster or text.casefold() == each.name.casefold():
                    return each
        raise CannotAnswer(
            "there is no cluster with that code or name",
            value=text,
            hint=self._suggestion(text, "cluster"),
        )

    def members(self, scheme: str, region: str) -> list[Region]:
        """Return the published regions that lie in this one, by scheme and code."""
        return self._records(
            Region,
            "select r.* from memberships m join regions_held r on r.scheme = m.scheme "
            "and r.region = m.region where m.in_scheme = ? and m.in_region = ? "
            "order by r.scheme, r.region",
            [scheme, region],
        )

    # Figures

    def regional_clusters(
        self,
        scheme: str,
        *,
        region: str | None = None,
        cluster: str | None = None,
        year: int | None = None,
        definition: str | None = None,
        order: str = "location_quotient",
        traded: bool | None = None,
        limit: int | None = None,
    ) -> list[RegionalCluster]:
        """Return clusters of regions of a scheme in a year, ordered as asked."""
        if order not in ORDERS:
            raise _unknown("order", order, ORDERS)
        named = self.definition_of(scheme, definition)
        return self._records(
            RegionalCluster,
            "select f.*, c.name, c.traded, r.name as region_name from regional_clusters f "
            "join clusters_held c on c.definition = f.definition and c.cluster = f.cluster "
            "join regions_held r on r.scheme = f.scheme and r.region = f.region "
            "where f.scheme = ? and f.definition = ? and f.year = ? "
            + ("and f.region = ? " if region is not None else "")
            + ("and f.cluster = ? " if cluster is not None else "")
            + ("and c.traded = ? " if traded is not None else "")
            + f"order by {ORDERS[order]}, try_cast(f.cluster as int), f.cluster, f.region"
            + (f" limit {int(limit)}" if limit is not None else ""),
            [
                scheme,
                named,
                self.year(scheme, year),
                *(value for value in (region, cluster, traded) if value is not None),
            ],
        )

    def regional_cluster(
        self,
        scheme: str,
        region: str,
        cluster: str,
        year: int | None = None,
        definition: str | None = None,
    ) -> RegionalCluster:
        """Return one cluster in one region and year."""
        self.region(scheme, region)
        self.cluster(self.definition_of(scheme, definition), cluster)
        found = self.regional_clusters(
            scheme, region=region, cluster=cluster, year=year, definition=definition
        )
        if not found:
            raise _no_figures(scheme, region, self.year(scheme, year))
        return found[0]

    def subclusters(
        self,
        scheme: str,
        region: str,
        cluster: str,
        year: int | None = None,
        definition: str | None = None,
    ) -> list[RegionalSubcluster]:
        """Return the subclusters of a cluster in a region, largest first."""
        return self._records(
            RegionalSubcluster,
            "select * from regional_subclusters where scheme = ? and region = ? and cluster = ? "
            "and year = ? and definition = ? order by employment desc nulls last, subcluster",
            [
                scheme,
                region,
                cluster,
                self.year(scheme, year),
                self.definition_of(scheme, definition),
            ],
        )

    def industries(
        self,
        scheme: str,
        region: str,
        cluster: str,
        year: int | None = None,
        definition: str | None = None,
    ) -> list[RegionalIndustry]:
        """Return every industry of a cluster in a region, largest first, unpublished ones too."""
        info = self.scheme(scheme)
        chosen = self.year(scheme, year)
        return self._records(
            RegionalIndustry,
            "with national as (select industry, sum(employment)::bigint jobs from employment "
            "where scheme = ? and year = ? group by industry) "
            "select ? as scheme, ? as region, d.industry, coalesce(i.title, d.industry) as title, "
            "d.subcluster, d.weight, ? as year, e.employment, e.establishments, e.payroll, "
            "coalesce(e.status, 'unpublished') as status, "
            "case when e.employment <= n.jobs and n.jobs > 0 then e.employment / n.jobs end "
            "as share_of_nation "
            "from definitions_held d "
            "left join industries_held i on i.industry = d.industry "
            "and i.classification = d.classification "
            "left join employment e on e.industry = d.industry and e.scheme = ? "
            "and e.region = ? and e.year = ? "
            "left join national n on n.industry = d.industry "
            "where d.definition = ? and d.classification = ? and d.cluster = ? "
            "order by e.employment desc nulls last, d.industry",
            [
                info.reference_scheme,
                chosen,
                scheme,
                region,
                chosen,
                scheme,
                region,
                chosen,
                self.definition_of(scheme, definition),
                info.classification,
                cluster,
            ],
        )

    def region_profiles(
        self, scheme: str, year: int | None = None, definition: str | None = None
    ) -> list[RegionProfile]:
        """Return the profiles of all regions of a scheme, largest first."""
        return self._profiles(scheme, None, year, definition)

    def region_profile(
        self, scheme: str, region: str, year: int | None = None, definition: str | None = None
    ) -> RegionProfile:
        """Return the profile of a region in a year."""
        self.region(scheme, region)
        found = self._profiles(scheme, region, year, definition)
        if not found:
            raise _no_figures(scheme, region, self.year(scheme, year))
        return found[0]

    def _profiles(
        self, scheme: str, region: str | None, year: int | None, definition: str | None
    ) -> list[RegionProfile]:
        return self._records(
            RegionProfile,
            "select p.*, r.name as region_name from region_profile p join regions_held r "
            "on r.scheme = p.scheme and r.region = p.region "
            "where p.scheme = ? and p.year = ? and p.definition = ? "
            + ("and p.region = ? " if region is not None else "")
            + "order by p.employment desc nulls last, p.region",
            [
                scheme,
                self.year(scheme, year),
                self.definition_of(scheme, definition),
                *([region] if region is not None else []),
            ],
        )

    def years_of(self, scheme: str, region: str) -> list[int]:
        """Return the years in which the sources print anything of the region."""
        rows = self._rows(
            "select distinct year from region_profile where scheme = ? and region = ? order by 1",
            [scheme, region],
        )
        return [int(row[0]) for row in rows]

    def cluster_profile(
        self, scheme: str, cluster: str, year: int | None = None, definition: str | None = None
    ) -> ClusterProfile:
        """Return the profile of a cluster over the regions of a scheme."""
        named = self.definition_of(scheme, definition)
        self.cluster(named, cluster)
        return self._cluster_profiles(scheme, cluster, year, named)[0]

    def cluster_profiles(
        self, scheme: str, year: int | None = None, definition: str | None = None
    ) -> list[ClusterProfile]:
        """Return the profiles of all clusters over the regions of a scheme, largest first."""
        return self._cluster_profiles(scheme, None, year, self.definition_of(scheme, definition))

    def _cluster_profiles(
        self, scheme: str, cluster: str | None, year: int | None, definition: str
    ) -> list[ClusterProfile]:
        return self._records(
            ClusterProfile,
            "select p.*, c.name, c.traded from cluster_profile p join clusters_held c "
            "on c.definition = p.definition and c.cluster = p.cluster "
            "where p.scheme = ? and p.year = ? and p.definition = ? "
            + ("and p.cluster = ? " if cluster is not None else "")
            + "order by p.employment desc nulls last, p.cluster",
            [
                scheme,
                self.year(scheme, year),
                definition,
                *([cluster] if cluster is not None else []),
            ],
        )

    def provenance(self, table: str) -> list[Provenance]:
        """Return where the figures of a table come from."""
        self.path(table)
        return self._records(
            Provenance, 'select * from provenance where "table" = ? order by source', [table]
        )

    # Search

    @cached_property
    def _index(self) -> SearchIndex:
        return SearchIndex(
            [region for scheme in self.manifest.schemes for region in self.regions(scheme.scheme)],
            [
                cluster
                for definition in self.manifest.definitions
                for cluster in self.clusters(definition.definition)
            ],
            self._rows(
                "select distinct d.definition, d.cluster, d.industry, i.title "
                "from definitions_held d join industries_held i on i.industry = d.industry "
                "and i.classification = d.classification order by all",
                [],
            ),
            self.manifest,
        )

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """Return the regions, clusters and industries that fit the text best."""
        return self._index.search(text, limit)

    def _suggestion(self, text: str, kind: str) -> str:
        hits = [hit for hit in self._index.search(text, 20) if hit.kind == kind][:3]
        if not hits:
            return "search by name to find the code"
        return "did you mean " + ", ".join(f"{hit.name} ({hit.code})" for hit in hits) + "?"

    # Plumbing

    def _rows(self, question: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        return self._cursor().execute(question, list(values)).fetchall()

    def _records(self, kind: type[Record], question: str, values: Sequence[object]) -> list[Record]:
        cursor = self._cursor().execute(question, list(values))
        places = {column[0]: place for place, column in enumerate(cursor.description or ())}
        order = [places[field.name] for field in fields(kind)]  # type: ignore[arg-type]
        return [kind(*(row[place] for place in order)) for row in cursor.fetchall()]

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """One cursor a thread, all on the same read-only views."""
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._threads, "cursor", None)
        if cursor is None:
            cursor = self._threads.cursor = self._connection.cursor()
        return cursor


def _no_figures(scheme: str, region: str, year: int) -> CannotAnswer:
    return CannotAnswer(
        f"the sources print nothing of this region in {year}",
        value=f"{scheme} {region}",
        hint="try another year",
    )


def _unknown(kind: str, value: str, known: object) -> CannotAnswer:
    names = [str(name) for name in known]  # type: ignore[attr-defined]
    if len(names) > MANY:
        names = difflib.get_close_matches(value, names, n=3, cutoff=0.5) or names
    return CannotAnswer(
        f"there is no {kind} of that name", value=value, hint=f"use one of {', '.join(names)}"
    )
