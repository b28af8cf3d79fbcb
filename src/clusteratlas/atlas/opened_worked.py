"""Ask a release for what its figures were made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from clusteratlas import classification
from clusteratlas.atlas.opened_explained import ExplainedQuestions
from clusteratlas.atlas.records import RegionalCluster, RegionalIndustry, RegionalYear


class WorkedQuestions(ExplainedQuestions):
    """The terms behind the figures of regions and of their clusters."""

    def worked_industries(
        self, scheme: str, region: str, cluster: str, year: int, definition: str
    ) -> list[dict[str, Any]]:
        """Return the industries of a cluster that have a row in a region, largest first."""
        return self._dicts(
            "select e.industry, coalesce(i.title, e.industry) as title, d.weight, e.employment, "
            "e.employment_reported, e.establishments, e.status from employment e "
            "join definitions_held d on d.industry = e.industry "
            "left join industries_held i on i.industry = d.industry "
            "and i.classification = d.classification "
            "where e.scheme = ? and e.region = ? and e.year = ? and d.definition = ? "
            "and d.classification = ? and d.cluster = ? "
            "order by e.employment desc nulls last, e.industry",
            [scheme, region, year, definition, self.scheme(scheme).classification, cluster],
        )

    def worked_cells(
        self, scheme: str, region: str, year: int, definition: str
    ) -> list[dict[str, Any]]:
        """Return a region's industries of the finest level, largest first."""
        name = self.scheme(scheme).classification
        return self._dicts(
            "with fine as (select industry, title from industries_held where classification = ? "
            "and level = (select max(i.level) from definitions_held d join industries_held i "
            "on i.industry = d.industry and i.classification = d.classification "
            "where d.definition = ? and d.classification = ?)) "
            "select e.industry, f.title, e.employment, e.employment_reported, e.establishments, "
            "e.status from employment e join fine f on f.industry = e.industry "
            "where e.scheme = ? and e.region = ? and e.year = ? "
            "order by e.employment desc nulls last, e.industry",
            [name, definition, name, scheme, region, year],
        )

    def worked_groups(
        self, scheme: str, region: str, year: int, definition: str
    ) -> list[dict[str, Any]]:
        """Return a region's coarse groups: its own printed figure, and the industries beneath.

        Each has industry, title, own (jobs printed for the group, or None), fine (the sum
        beneath), reported (the printed part of it) and total, the larger of the two.
        """
        cells = self.worked_cells(scheme, region, year, definition)
        name = self.scheme(scheme).classification
        titles = self._titles(name)
        level = self._coarse_level(scheme, definition)
        above = self._ancestors(name, level) if level else {}
        coarse = set(above.values())
        groups: dict[str, dict[str, Any]] = {}

        def group(code: str) -> dict[str, Any]:
            empty = {"industry": code, "title": titles.get(code, code), "own": None}
            return groups.setdefault(code, {**empty, "fine": 0, "reported": 0})

        for cell in cells:
            if cell["employment"] is not None:
                held = group(above.get(cell["industry"], cell["industry"]))
                held["fine"] += cell["employment"]
                held["reported"] += cell["employment_reported"] or 0
        for code, jobs in self._rows(
            "select e.industry, e.employment from employment e join industries_held i "
            "on i.industry = e.industry where i.classification = ? and i.level = ? "
            "and e.scheme = ? and e.region = ? and e.year = ? and e.employment is not null",
            [name, level or -1, scheme, region, year],
        ):
            if code in coarse:
                group(code)["own"] = jobs
        for held in groups.values():
            held["total"] = max(held["fine"], held["own"] or 0)
        return sorted(groups.values(), key=lambda each: (-each["total"], each["industry"]))

    def worked_years(
        self, scheme: str, years: tuple[int, int], definition: str
    ) -> list[dict[str, Any]]:
        """Return each cluster's jobs in two years in every region that has both."""
        return self._dicts(
            "select a.region, a.cluster, c.name, a.employment as start, a.status as start_status, "
            'b.employment as "end", b.status as end_status '
            "from regional_clusters a join regional_clusters b on b.scheme = a.scheme "
            "and b.region = a.region and b.definition = a.definition and b.cluster = a.cluster "
            "join clusters_held c on c.definition = a.definition and c.cluster = a.cluster "
            "where a.scheme = ? and a.definition = ? and a.year = ? and b.year = ? "
            "order by try_cast(a.cluster as int), a.cluster, a.region",
            [scheme, definition, *years],
        )

    def clusters_of_regions(
        self,
        scheme: str,
        regions: Sequence[str],
        year: int,
        definition: str,
        cluster: str | None = None,
    ) -> dict[str, list[RegionalCluster]]:
        """Return the clusters (or one) of several regions at once, by region."""
        found: dict[str, list[RegionalCluster]] = {region: [] for region in regions}
        for row in self._records(
            RegionalCluster,
            "select f.*, c.name, c.traded, r.name as region_name from regional_clusters f "
            "join clusters_held c on c.definition = f.definition and c.cluster = f.cluster "
            "join regions_held r on r.scheme = f.scheme and r.region = f.region "
            "where f.scheme = ? and f.definition = ? and f.year = ? "
            "and f.region in (select unnest(?::varchar[])) and (? is null or f.cluster = ?) "
            "order by f.region, try_cast(f.cluster as int), f.cluster",
            [scheme, definition, year, list(regions), cluster, cluster],
        ):
            found[row.region].append(row)
        return found

    def regional_years(
        self, scheme: str, region: str, definition: str, cluster: str | None = None
    ) -> list[RegionalYear]:
        """Return the jobs and quotients of a region's clusters (or of one) in every year."""
        return self._records(
            RegionalYear,
            "select cluster, year, employment, employment_low, employment_high, status, "
            "reported_share, location_quotient, location_quotient_low, location_quotient_high, "
            "probability_strong from regional_clusters where scheme = ? and region = ? "
            "and definition = ? "
            + ("and cluster = ? " if cluster is not None else "")
            + "order by try_cast(cluster as int), cluster, year",
            [scheme, region, definition, *([cluster] if cluster is not None else [])],
        )

    def industries_of_clusters(
        self, scheme: str, region: str, clusters: Sequence[str], year: int, definition: str
    ) -> dict[str, list[RegionalIndustry]]:
        """Return the industries with jobs of some clusters of a region, largest first."""
        info = self.scheme(scheme)
        found: dict[str, list[RegionalIndustry]] = {cluster: [] for cluster in clusters}
        rows = self._dicts(
            "with mine as (select d.cluster, d.industry, d.subcluster, d.weight, i.title "
            "from definitions_held d left join industries_held i on i.industry = d.industry "
            "and i.classification = d.classification where d.definition = ? "
            "and d.classification = ? and d.cluster in (select unnest(?::varchar[]))), "
            "national as (select industry, sum(employment)::bigint as jobs from employment "
            "where scheme = ? and year = ? and industry in (select industry from mine) "
            "group by industry) "
            "select m.cluster, e.scheme, e.region, e.industry, coalesce(m.title, e.industry) as "
            "title, m.subcluster, m.weight, e.year, e.employment, e.employment_low, "
            "e.employment_high, e.establishments, e.payroll, e.status, "
            "case when e.employment <= n.jobs and n.jobs > 0 then e.employment / n.jobs end "
            "as share_of_nation from mine m join employment e on e.industry = m.industry "
            "left join national n on n.industry = m.industry "
            "where e.scheme = ? and e.region = ? and e.year = ? "
            "order by e.employment desc nulls last, e.industry",
            [
                definition,
                info.classification,
                list(clusters),
                info.reference_scheme,
                year,
                scheme,
                region,
                year,
            ],
        )
        for row in rows:
            found[row.pop("cluster")].append(RegionalIndustry(**row))
        return found

    def titles_of(self, name: str) -> Mapping[str, str]:
        """Return the titles of a classification's industries, by code."""
        return self._titles(name)

    def _coarse_level(self, scheme: str, definition: str) -> int | None:
        """Return the level of the coarse groups that totals are taken of, where there is one."""
        reference = self.scheme(scheme).reference_scheme
        for (text,) in self._rows(
            "select parameters from provenance where \"table\" = 'region_profile' order by source",
            [],
        ):
            said = json.loads(text)
            named = said.get("reference_scheme") == reference
            if named and definition in said.get("definitions", ()):
                level = said.get("coarse_level")
                return None if level is None else int(level)
        return None

    def _ancestors(self, name: str, level: int) -> Mapping[str, str]:
        table = classification.ancestors(name, level)
        return dict(
            zip(
                table.column("industry").to_pylist(),
                table.column("ancestor").to_pylist(),
                strict=True,
            )
        )
