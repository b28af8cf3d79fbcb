"""Ask a release for what its figures were made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from clusteratlas import classification
from clusteratlas.atlas.opened_explained import ExplainedQuestions


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
            if code in set(above.values()):
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
