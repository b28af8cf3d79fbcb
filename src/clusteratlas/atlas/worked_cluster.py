"""Figures of a cluster in a region, each worked again from what the release holds."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from clusteratlas.atlas.records import RegionalCluster
from clusteratlas.atlas.release import Release
from clusteratlas.atlas.worked import (
    COUNT,
    JOBS,
    PLACE,
    RATE,
    RATIO,
    SHARE,
    TRUTH,
    YEARS,
    Given,
    Part,
    Sheet,
    Worked,
    added,
    settled,
)
from clusteratlas.measures.strong.profiles import star_rule, strength_profile
from clusteratlas.measures.strong.quantiles import column_quantiles
from clusteratlas.measures.strong.stars import lowest_of_top
from clusteratlas.tables import REPORTED, UNPUBLISHED, WITHHELD

STARS = "eu-stars-2007"
NODES = "eu-nodes-2021"
CUT = "quotient-1.2"
RULE = "us-2014"


class ClusterWork:
    """One cluster in one region and year, with what its figures were made of."""

    def __init__(self, release: Release, row: RegionalCluster) -> None:
        self.release = release
        self.row = row
        self.info = release.scheme(row.scheme)
        self.sheet = Sheet()

    # What the figures are made of

    def jobs(self, name: str = "jobs_here") -> Given:
        """Return the jobs of the cluster here."""
        row = self.row
        return Given(
            name,
            row.employment or 0,
            JOBS,
            row.year,
            row.status,
            row.employment_low,
            row.employment_high,
        )

    def own(self) -> list[RegionalCluster]:
        """Return the clusters of the region."""
        row = self.row
        return self.release.regional_clusters(
            row.scheme,
            region=row.region,
            year=row.year,
            definition=row.definition,
            order="employment",
        )

    @cached_property
    def everywhere(self) -> list[RegionalCluster]:
        """The cluster in every region of the scheme."""
        row = self.row
        return self.release.regional_clusters(
            row.scheme, cluster=row.cluster, year=row.year, definition=row.definition
        )

    def reference(self) -> list[RegionalCluster]:
        """Return the cluster in the regions that make up the reference area."""
        row = self.row
        return [
            each
            for each in self.release.regional_clusters(
                self.info.reference_scheme,
                cluster=row.cluster,
                year=row.year,
                definition=row.definition,
            )
            if each.employment is not None
        ]

    def total_of(self, scheme: str, region: str, name: str = "all_jobs_here") -> Given:
        """Return all jobs of a region."""
        profile = self.release.region_profile(scheme, region, self.row.year, self.row.definition)
        return Given(
            name, profile.employment or 0, JOBS, self.row.year, REPORTED, table="region_profile"
        )

    def base_here(self) -> Given:
        """Return what the quotient's share is taken of: jobs of the same kind, or all jobs."""
        if self.row.traded is None:
            return self.total_of(self.row.scheme, self.row.region, "base_here")
        parts = [
            Part(each.cluster, each.name, each.employment, status=each.status)
            for each in self.own()
            if each.traded is self.row.traded and each.employment is not None
        ]
        return added("base_here", parts, JOBS, self.row.year)

    def jobs_in_reference(self) -> Given:
        """Return the cluster's jobs in the reference area."""
        parts = [
            Part(each.region, each.region_name, each.employment or 0, status=each.status)
            for each in self.reference()
        ]
        return added("jobs_reference", parts, JOBS, self.row.year)

    def base_in_reference(self) -> Given:
        """Return the base over those reference regions that have a figure of the cluster."""
        row = self.row
        regions = {each.region: each.region_name for each in self.reference()}
        jobs: dict[str, float] = dict.fromkeys(regions, 0.0)
        if row.traded is None:
            for profile in self.release.region_profiles(
                self.info.reference_scheme, row.year, row.definition
            ):
                if profile.region in jobs:
                    jobs[profile.region] = float(profile.employment or 0)
        else:
            for each in self.release.regional_clusters(
                self.info.reference_scheme, year=row.year, definition=row.definition
            ):
                if each.region in jobs and each.traded is row.traded:
                    jobs[each.region] += each.employment or 0
        parts = [Part(code, regions[code], value) for code, value in jobs.items()]
        return added("base_reference", parts, JOBS, row.year)

    def overall(self) -> None:
        """Work out the quotient within all jobs, which the European rules take."""
        self.sheet.take(self.jobs())
        self.sheet.take(self.total_of(self.row.scheme, self.row.region))
        self.sheet.take(self.jobs_in_reference())
        scheme = self.info.reference_scheme
        parts = [
            Part(each.region, each.region_name, float(each.employment or 0))
            for each in self.release.region_profiles(scheme, self.row.year, self.row.definition)
        ]
        self.sheet.take(
            added("all_jobs_reference", parts, JOBS, self.row.year, table="region_profile")
        )
        self.sheet.work("share_of_region", "jobs_here / all_jobs_here", SHARE)
        if self.row.traded is None:
            self.quotient()
            self.sheet.work("overall_quotient", "own_share / reference_share", RATIO)
            return
        self.sheet.work(
            "overall_quotient", "share_of_region / ( jobs_reference / all_jobs_reference )", RATIO
        )

    def quotient(self) -> None:
        """Work out the quotient."""
        for given in (
            self.jobs(),
            self.base_here(),
            self.jobs_in_reference(),
            self.base_in_reference(),
        ):
            if given.name not in {each.name for each in self.sheet.given}:
                self.sheet.take(given)
        self.sheet.work("own_share", "jobs_here / base_here", SHARE)
        self.sheet.work("reference_share", "jobs_reference / base_reference", SHARE)
        self.sheet.work("location_quotient", "own_share / reference_share", RATIO)

    def level(self, name: str, figure: str, level: float, unit: str) -> Given:
        """Return a quantile of a figure over the regions that have the cluster."""
        values = [
            np.nan if (value := getattr(each, figure)) is None else float(value)
            for each in self.everywhere
            if (each.employment or 0) > 0
        ]
        found = float(column_quantiles(np.array(values)[:, None], [level])[0, 0])
        return Given(name, found, unit, self.row.year, REPORTED)

    def top(self, name: str, figure: str, level: float, unit: str) -> Given:
        """Return the lowest figure that is still within a top share of the regions."""
        rows = [each for each in self.everywhere if (each.location_quotient or 0) > 0]
        values = np.array([float(getattr(each, figure) or np.nan) for each in rows])[:, None]
        found = float(lowest_of_top(values, np.ones(values.shape, dtype=bool), level)[0])
        return Given(name, found, unit, self.row.year, REPORTED)

    def earlier(self) -> RegionalCluster | None:
        """Return the row of the year that change is told from."""
        row = self.row
        if row.change_from_year is None:
            return None
        return self.release.regional_cluster(
            row.scheme, row.region, row.cluster, row.change_from_year, row.definition
        )

    # The figures

    def share_of_region(self) -> None:
        """e / E of the region."""
        self.sheet.take(self.jobs())
        self.sheet.take(self.total_of(self.row.scheme, self.row.region))
        self.sheet.work("share_of_region", "jobs_here / all_jobs_here", SHARE)

    def share_of_kind(self) -> None:
        """e / jobs of the same kind in the region."""
        self.sheet.take(self.jobs())
        self.sheet.take(self.base_here())
        self.sheet.work("share_of_traded_or_local", "jobs_here / base_here", SHARE)

    def share_of_nation(self) -> None:
        """e / the cluster's jobs in the reference area."""
        self.sheet.take(self.jobs())
        self.sheet.take(self.jobs_in_reference())
        self.sheet.work("share_of_nation", "jobs_here / jobs_reference", SHARE)

    def sums(self, column: str, unit: str, name: str) -> Given:
        """Return a count of the cluster as the sum over its industries."""
        row = self.row
        rows = self.release.worked_industries(
            row.scheme, row.region, row.cluster, row.year, row.definition
        )
        parts = [
            Part(
                str(each["industry"]),
                str(each["title"]),
                each["weight"] * each[column],
                each["employment"],
                each["status"],
            )
            for each in rows
            if each[column] is not None
        ]
        return added(name, parts, unit, row.year, table="employment", status=row.status)

    def employment(self) -> None:
        """Sum over the industries."""
        self.sheet.take(self.sums("employment", JOBS, "sum_of_industries"))
        self.sheet.work("employment", "sum_of_industries", JOBS)

    def establishments(self) -> None:
        """Sum over the industries."""
        self.sheet.take(self.sums("establishments", COUNT, "sum_of_industries"))
        self.sheet.work("establishments", "sum_of_industries", COUNT)

    def reported_share(self) -> None:
        """What the office prints, over the jobs."""
        self.sheet.take(self.sums("employment_reported", JOBS, "printed_jobs"))
        self.sheet.take(self.jobs())
        self.sheet.work("reported_share", "printed_jobs / jobs_here", SHARE)

    def change(self) -> None:
        """e now less e then."""
        before = self.earlier()
        if before is None:
            return
        self.sheet.take(self.jobs())
        self.sheet.take(ClusterWork(self.release, before).jobs("jobs_before"))
        self.sheet.work("employment_change", "jobs_here - jobs_before", JOBS)

    def growth(self) -> None:
        """The yearly rate that leads from then to now."""
        before = self.earlier()
        if before is None:
            return
        self.sheet.take(self.jobs())
        self.sheet.take(ClusterWork(self.release, before).jobs("jobs_before"))
        self.sheet.take(Given("years", self.row.year - before.year, YEARS, self.row.year))
        self.sheet.work(
            "employment_growth", "( jobs_here / jobs_before ) ** ( 1 / years ) - 1", RATE
        )

    def _placed(self, figure: str) -> None:
        mine = getattr(self.row, figure)
        rows = [
            each
            for each in self.everywhere
            if getattr(each, figure) is not None
            and ((each.employment or 0) > 0 or figure == "employment")
        ]
        higher = sum(getattr(each, figure) > mine for each in rows)
        self.sheet.take(Given("regions_above", higher, COUNT, self.row.year))
        self.sheet.take(Given("regions_ranked", len(rows), COUNT, self.row.year))

    def rank(self) -> None:
        """1 + the regions with a higher quotient."""
        self._placed("location_quotient")
        self.sheet.work("rank", "1 + regions_above", PLACE)

    def percentile(self) -> None:
        """The share of the other regions that it beats or equals."""
        self._placed("location_quotient")
        self.sheet.work("rank", "1 + regions_above", PLACE)
        self.sheet.work("percentile", "( regions_ranked - rank ) / ( regions_ranked - 1 )", SHARE)

    def rank_by_employment(self) -> None:
        """1 + the regions with more jobs in the cluster."""
        self._placed("employment")
        self.sheet.work("rank_by_employment", "1 + regions_above", PLACE)

    def strong(self) -> None:
        """The four conditions of us-2014 and their cut-offs."""
        rule = strength_profile(RULE)
        row, year = self.row, self.row.year
        take, work = self.sheet.take, self.sheet.work
        take(
            Given(
                "location_quotient",
                row.location_quotient or 0,
                RATIO,
                year,
                row.status,
                row.location_quotient_low,
                row.location_quotient_high,
            )
        )
        take(self.jobs())
        take(Given("places_here", row.establishments or 0, COUNT, year, REPORTED))
        take(self.level("quotient_cut", "location_quotient", rule.strong.level, RATIO))
        take(_set_by_rule("least_quotient", rule.strong.least, RATIO, year))
        take(self.level("jobs_cut", "employment", rule.employment_level, JOBS))
        take(self.level("places_cut", "establishments", rule.establishments_level, COUNT))
        work("in_top_quarter", "location_quotient >= quotient_cut", TRUTH)
        work("above_average", "location_quotient >= least_quotient", TRUTH)
        work("enough_jobs", "jobs_here > jobs_cut", TRUTH)
        work("enough_places", "places_here > places_cut", TRUTH)
        work("strong", "in_top_quarter & above_average & enough_jobs & enough_places", TRUTH)

    def stars(self) -> None:
        """The three stars of eu-stars-2007."""
        size, specialised, focus = star_rule(STARS).dimensions
        year = self.row.year
        self.overall()
        self.sheet.take(self.top("size_cut", "employment", size.level, JOBS))
        self.sheet.take(_set_by_rule("overall_cut", specialised.level, RATIO, year))
        self.sheet.take(self.top("focus_cut", "share_of_region", focus.level, SHARE))
        self.sheet.work("star_for_size", "jobs_here >= size_cut", TRUTH)
        self.sheet.work("star_for_specialisation", "overall_quotient >= overall_cut", TRUTH)
        self.sheet.work("star_for_focus", "share_of_region >= focus_cut", TRUTH)
        self.sheet.work(
            "stars_eu_2007", "star_for_size + star_for_specialisation + star_for_focus", COUNT
        )

    def nodes(self) -> None:
        """Both tests of eu-nodes-2021."""
        quotient, relevance = star_rule(NODES).dimensions
        self.overall()
        self.sheet.take(_set_by_rule("node_quotient", quotient.level, RATIO, self.row.year))
        self.sheet.take(_set_by_rule("node_share", relevance.level, SHARE, self.row.year))
        self.sheet.work("is_specialised", "overall_quotient >= node_quotient", TRUTH)
        self.sheet.work("is_relevant", "share_of_region >= node_share", TRUTH)
        self.sheet.work("held_eu_nodes_2021", "is_specialised & is_relevant", TRUTH)

    def cut(self) -> None:
        """The working cut of 1.2."""
        (quotient,) = star_rule(CUT).dimensions
        self.overall()
        self.sheet.take(_set_by_rule("least_quotient", quotient.level, RATIO, self.row.year))
        self.sheet.work("held_quotient_1_2", "overall_quotient >= least_quotient", TRUTH)

    def probability(self) -> None:
        """The tables drawn in which the rule holds; they are not kept, their share is."""


Work = Callable[[ClusterWork], None]

CLUSTER_FIGURES: dict[str, tuple[Work, str]] = {
    "employment": (ClusterWork.employment, JOBS),
    "establishments": (ClusterWork.establishments, COUNT),
    "reported_share": (ClusterWork.reported_share, SHARE),
    "share_of_region": (ClusterWork.share_of_region, SHARE),
    "share_of_traded_or_local": (ClusterWork.share_of_kind, SHARE),
    "share_of_nation": (ClusterWork.share_of_nation, SHARE),
    "location_quotient": (ClusterWork.quotient, RATIO),
    "employment_change": (ClusterWork.change, JOBS),
    "employment_growth": (ClusterWork.growth, RATE),
    "rank": (ClusterWork.rank, PLACE),
    "percentile": (ClusterWork.percentile, SHARE),
    "rank_by_employment": (ClusterWork.rank_by_employment, PLACE),
    "strong": (ClusterWork.strong, TRUTH),
    "stars_eu_2007": (ClusterWork.stars, COUNT),
    "held_eu_nodes_2021": (ClusterWork.nodes, TRUTH),
    "held_quotient_1_2": (ClusterWork.cut, TRUTH),
    "probability_strong": (ClusterWork.probability, SHARE),
}
"""How each figure of a regional cluster is worked again, and its unit."""


def worked_cluster(
    release: Release,
    row: RegionalCluster,
    figure: str,
    everywhere: list[RegionalCluster] | None = None,
) -> Worked:
    """Work a figure of a regional cluster again from what the release holds.

    ``everywhere`` is the cluster in all regions of the scheme, for those who hold it already.
    """
    make, unit = CLUSTER_FIGURES[figure]
    published = published_of(row, figure)
    low, high = getattr(row, f"{figure}_low", None), getattr(row, f"{figure}_high", None)
    if published is None:
        why = "first year" if row.change_from_year is None and "employment_" in figure else ""
        return Worked(figure, None, unit, row.year, row.status, missing=why or _gap(row))
    work = ClusterWork(release, row)
    if everywhere is not None:
        work.everywhere = everywhere
    make(work)
    return settled(
        Worked(
            figure,
            published,
            unit,
            row.year,
            row.status,
            low,
            high,
            tuple(work.sheet.given),
            tuple(work.sheet.steps),
        )
    )


def published_of(row: RegionalCluster, figure: str) -> float | None:
    """Return what the release holds of a figure."""
    if figure.startswith("held_"):
        if row.profiles_held is None:
            return None
        name = {"held_eu_nodes_2021": NODES, "held_quotient_1_2": CUT}[figure]
        return float(name in row.profiles_held.split(", "))
    value = getattr(row, figure)
    return None if value is None else float(value)


def _set_by_rule(name: str, value: float, unit: str, year: int) -> Given:
    return Given(name, value, unit, year, "rule", table="strength rule")


def _gap(row: RegionalCluster) -> str:
    return row.status if row.status in (WITHHELD, UNPUBLISHED) else "no figure"
