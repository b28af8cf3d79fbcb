"""Ask a release for its figures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from clusteratlas.atlas.completeness import CompletenessQuestions
from clusteratlas.atlas.indicators import QUESTION, RegionIndicator
from clusteratlas.atlas.opened import unknown_name
from clusteratlas.atlas.opened_local import LocalQuestions
from clusteratlas.atlas.opened_mapped import MappedQuestions
from clusteratlas.atlas.opened_worked import WorkedQuestions
from clusteratlas.atlas.records import (
    ClusterProfile,
    Provenance,
    RegionalCluster,
    RegionalIndustry,
    RegionalSubcluster,
    RegionProfile,
)
from clusteratlas.atlas.store import release_folder
from clusteratlas.tables import CannotAnswer

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


def open_release(place: Path, release: str | None = None) -> Release:
    """Open the current release of a place (or the one with this id) for reading."""
    return Release(release_folder(place, release))


class Release(MappedQuestions, WorkedQuestions, LocalQuestions, CompletenessQuestions):
    """One published, immutable set of all tables. Safe to use from several threads."""

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
            raise unknown_name("order", order, ORDERS)
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

    def cluster_over_years(
        self,
        scheme: str,
        cluster: str,
        years: Sequence[int],
        definition: str,
        regions: Sequence[str] | None = None,
    ) -> dict[int, tuple[RegionalCluster, ...]]:
        """Return a cluster in every region (or in these) by year, the highest quotient first.

        One question for all years, as each reads the whole table; the latest few answers are kept.
        """

        def ask() -> dict[int, tuple[RegionalCluster, ...]]:
            named = ", ".join("?" * len(regions or ()))
            rows = self._records(
                RegionalCluster,
                "select f.*, c.name, c.traded, r.name as region_name from regional_clusters f "
                "join clusters_held c on c.definition = f.definition and c.cluster = f.cluster "
                "join regions_held r on r.scheme = f.scheme and r.region = f.region "
                "where f.scheme = ? and f.definition = ? and f.cluster = ? "
                f"and f.year in ({', '.join('?' * len(years))}) "
                + (f"and f.region in ({named}) " if regions is not None else "")
                + f"order by {ORDERS['location_quotient']}, f.region",
                [scheme, definition, cluster, *years, *(regions or ())],
            )
            found: dict[int, list[RegionalCluster]] = {year: [] for year in years}
            for row in rows:
                found[row.year].append(row)
            return {year: tuple(mine) for year, mine in found.items()}

        if not years or (regions is not None and not regions):
            return dict.fromkeys(years, ())
        places = None if regions is None else tuple(regions)
        return self.keep(("over years", scheme, definition, cluster, tuple(years), places), ask)

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
        cluster: str | None = None,
        year: int | None = None,
        definition: str | None = None,
    ) -> list[RegionalSubcluster]:
        """Return the subclusters of a cluster (or of every one) in a region, largest first."""
        return self._records(
            RegionalSubcluster,
            "select * from regional_subclusters where scheme = ? and region = ? and year = ? "
            "and definition = ? "
            + ("and cluster = ? " if cluster is not None else "")
            + "order by employment desc nulls last, cluster, subcluster",
            [
                scheme,
                region,
                self.year(scheme, year),
                self.definition_of(scheme, definition),
                *([cluster] if cluster is not None else []),
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
            "d.subcluster, d.weight, ? as year, e.employment, e.employment_low, e.employment_high, "
            "e.establishments, e.payroll, "
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
        return list(self._all_profiles(scheme, year, definition))

    def region_profile(
        self, scheme: str, region: str, year: int | None = None, definition: str | None = None
    ) -> RegionProfile:
        """Return the profile of a region in a year."""
        self.region(scheme, region)
        for profile in self._all_profiles(scheme, year, definition):
            if profile.region == region:
                return profile
        raise _no_figures(scheme, region, self.year(scheme, year))

    def _all_profiles(
        self, scheme: str, year: int | None, definition: str | None
    ) -> tuple[RegionProfile, ...]:
        """The profiles of a scheme, kept: every page of a region looks at its neighbours' too."""
        asked = (scheme, self.year(scheme, year), self.definition_of(scheme, definition))
        kept = self._profiles.get(asked)
        if kept is None:
            kept = self._profiles[asked] = tuple(
                self._records(
                    RegionProfile,
                    "select p.*, r.name as region_name from region_profile p join regions_held r "
                    "on r.scheme = p.scheme and r.region = p.region "
                    "where p.scheme = ? and p.year = ? and p.definition = ? "
                    "order by p.employment desc nulls last, p.region",
                    asked,
                )
            )
        return kept

    @cached_property
    def _profiles(self) -> dict[tuple[str, int, str], tuple[RegionProfile, ...]]:
        return {}

    def years_of(self, scheme: str, region: str) -> list[int]:
        """Return the years in which the sources print anything of the region."""
        return self._years_printed.get((scheme, region), [])[:]

    @cached_property
    def _years_printed(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = {}
        question = "select distinct scheme, region, year from region_profile order by all"
        for scheme, region, year in self._rows(question, []):
            found.setdefault((scheme, region), []).append(int(year))
        return found

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

    def indicators(
        self, scheme: str, region: str, *, indicator: str | None = None, year: int | None = None
    ) -> list[RegionIndicator]:
        """Return the other figures of a region by title, the latest year first."""
        self.region(scheme, region)
        if not self.manifest.rows.get("indicators"):
            return []
        asked = [indicator, indicator, year, year]
        return self._records(RegionIndicator, QUESTION, [scheme, region, *asked])

    def provenance(self, table: str) -> list[Provenance]:
        """Return where the figures of a table come from."""
        self.path(table)
        return self._records(
            Provenance, 'select * from provenance where "table" = ? order by source', [table]
        )


def _no_figures(scheme: str, region: str, year: int) -> CannotAnswer:
    return CannotAnswer(
        f"the sources print nothing of this region in {year}",
        value=f"{scheme} {region}",
        hint="try another year",
    )
