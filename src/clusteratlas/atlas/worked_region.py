"""Figures of a region as a whole, each worked again from what the release holds."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from math import log2
from typing import Any

from clusteratlas.atlas.records import RegionalCluster, RegionProfile
from clusteratlas.atlas.release import Release
from clusteratlas.atlas.structure import top_level
from clusteratlas.atlas.worked import (
    BITS,
    COUNT,
    JOBS,
    PLACE,
    RATE,
    RATIO,
    SHARE,
    SQUARED,
    YEARS,
    Given,
    Part,
    Sheet,
    Worked,
    added,
    settled,
)
from clusteratlas.tables import REPORTED, WITHHELD

TABLE = "region_profile"


class RegionWork:
    """One region in one year, with what its figures were made of."""

    def __init__(self, release: Release, profile: RegionProfile) -> None:
        self.release = release
        self.profile = profile
        self.sheet = Sheet()

    @cached_property
    def clusters(self) -> list[RegionalCluster]:
        """The clusters of the region, largest first."""
        row = self.profile
        return self.release.regional_clusters(
            row.scheme,
            region=row.region,
            year=row.year,
            definition=row.definition,
            order="employment",
        )

    @property
    def split(self) -> bool:
        """Whether the definition tells traded from local clusters."""
        return any(row.traded is not None for row in self.clusters)

    def total(self, name: str = "all_jobs_here", profile: RegionProfile | None = None) -> Given:
        """Return all jobs of the region."""
        row = profile or self.profile
        return Given(name, row.employment or 0, JOBS, row.year, row.status, table=TABLE)

    def in_clusters(self, name: str, *, traded: bool | None, strong: bool = False) -> Given:
        """Return the jobs in clusters of one kind, or in the strong ones of them."""
        parts = [
            Part(row.cluster, row.name, row.employment, status=row.status)
            for row in self.clusters
            if row.employment is not None
            and (traded is None or row.traded is traded)
            and (not strong or row.strong)
        ]
        return added(name, parts, JOBS, self.profile.year)

    def counted(self, name: str, chosen: Callable[[RegionalCluster], bool]) -> None:
        """Count clusters and name them."""
        parts = [
            Part(row.cluster, row.name, 1, row.employment, row.status)
            for row in self.clusters
            if chosen(row)
        ]
        self.sheet.take(added("clusters_counted", parts, COUNT, self.profile.year, status=REPORTED))
        self.sheet.work(name, "clusters_counted", COUNT)

    def cells(self) -> list[dict[str, Any]]:
        """Return the industries of the finest level that have jobs here."""
        row = self.profile
        rows = self.release.worked_cells(row.scheme, row.region, row.year, row.definition)
        return [each for each in rows if each["employment"]]

    def earlier(self) -> RegionProfile | None:
        """Return the profile of the year that change is told from."""
        row = self.profile
        if row.change_from_year is None:
            return None
        return self.release.region_profile(
            row.scheme, row.region, row.change_from_year, row.definition
        )

    # The figures

    def employment(self) -> None:
        """The groups' own printed totals, or the industries beneath where those hold more."""
        row = self.profile
        groups = self.release.worked_groups(row.scheme, row.region, row.year, row.definition)
        parts = [
            Part(str(each["industry"]), str(each["title"]), each["total"], each["fine"])
            for each in groups
            if each["total"]
        ]
        self.sheet.take(added("sum_of_groups", parts, JOBS, row.year, table="employment"))
        self.sheet.work("employment", "sum_of_groups", JOBS)

    def establishments(self) -> None:
        """The sum over industries."""
        row = self.profile
        rows = self.release.worked_cells(row.scheme, row.region, row.year, row.definition)
        parts = [
            Part(
                str(each["industry"]),
                str(each["title"]),
                each["establishments"],
                each["employment"],
                each["status"],
            )
            for each in rows
            if each["establishments"] is not None
        ]
        self.sheet.take(
            added("sum_of_industries", parts, COUNT, row.year, table="employment", status=REPORTED)
        )
        self.sheet.work("establishments", "sum_of_industries", COUNT)

    def reported_share(self) -> None:
        """What is printed by industry, over all jobs."""
        row = self.profile
        groups = self.release.worked_groups(row.scheme, row.region, row.year, row.definition)
        parts = [
            Part(str(each["industry"]), str(each["title"]), each["reported"], each["total"])
            for each in groups
            if each["reported"]
        ]
        self.sheet.take(added("printed_jobs", parts, JOBS, row.year, table="employment"))
        self.sheet.take(self.total())
        self.sheet.work("reported_share", "printed_jobs / all_jobs_here", SHARE)

    def traded_share(self) -> None:
        """Traded over traded and local."""
        self.sheet.take(self.in_clusters("traded_jobs", traded=True))
        self.sheet.take(self.in_clusters("local_jobs", traded=False))
        self.sheet.work("traded_share", "traded_jobs / ( traded_jobs + local_jobs )", SHARE)

    def cluster_strength(self) -> None:
        """Jobs in strong clusters over jobs in traded ones."""
        kind = True if self.split else None
        self.sheet.take(self.in_clusters("strong_jobs", traded=kind, strong=True))
        name = "traded_jobs" if self.split else "jobs_in_groups"
        self.sheet.take(self.in_clusters(name, traded=kind))
        self.sheet.work("cluster_strength", f"strong_jobs / {name}", SHARE)

    def strong_clusters(self) -> None:
        """How many are strong."""
        self.counted("strong_clusters", lambda row: bool(row.strong))

    def withheld_clusters(self) -> None:
        """How many are withheld."""
        self.counted("withheld_clusters", lambda row: row.status == WITHHELD)

    def change(self) -> None:
        """Jobs now less jobs then."""
        before = self.earlier()
        if before is not None:
            self.sheet.take(self.total())
            self.sheet.take(self.total("all_jobs_before", before))
            self.sheet.work("employment_change", "all_jobs_here - all_jobs_before", JOBS)

    def growth(self) -> None:
        """The yearly rate that leads from then to now."""
        before = self.earlier()
        if before is not None:
            self.sheet.take(self.total())
            self.sheet.take(self.total("all_jobs_before", before))
            years = self.profile.year - before.year
            self.sheet.take(Given("years", years, YEARS, self.profile.year, table=TABLE))
            self.sheet.work(
                "employment_growth",
                "( all_jobs_here / all_jobs_before ) ** ( 1 / years ) - 1",
                RATE,
            )

    def rank(self) -> None:
        """1 + the regions with more jobs."""
        row = self.profile
        profiles = self.release.region_profiles(row.scheme, row.year, row.definition)
        above = sum((each.employment or 0) > (row.employment or 0) for each in profiles)
        self.sheet.take(Given("regions_above", above, COUNT, row.year, table=TABLE))
        self.sheet.take(Given("regions_ranked", len(profiles), COUNT, row.year, table=TABLE))
        self.sheet.work("rank_by_employment", "1 + regions_above", PLACE)

    # Shift-share

    @cached_property
    def _panel(self) -> dict[str, dict[str, Any]]:
        """Return by cluster: jobs here and everywhere in both years, where all is known."""
        row = self.profile
        rows = self.release.worked_years(
            row.scheme, (row.change_from_year or row.year, row.year), row.definition
        )
        found: dict[str, dict[str, Any]] = {}
        for each in rows:
            if WITHHELD in (each["start_status"], each["end_status"]):
                continue
            start, end = float(each["start"] or 0), float(each["end"] or 0)
            cluster = found.setdefault(
                each["cluster"], {"name": each["name"], "all": [0.0, 0.0], "here": None}
            )
            cluster["all"][0] += start
            cluster["all"][1] += end
            if each["region"] == row.region:
                words = (each["start_status"], each["end_status"])
                cluster["here"] = (start, end, "estimated" if "estimated" in words else REPORTED)
        return found

    def _moved(
        self, name: str, year: int, of: Callable[[float, float, list[float]], float | None]
    ) -> None:
        parts = []
        for code, each in self._panel.items():
            if each["here"] is None:
                continue
            start, end, status = each["here"]
            adds = of(start, end, each["all"])
            if adds:
                parts.append(Part(code, each["name"], adds, start, status))
        parts.sort(key=lambda part: -abs(part.adds))
        self.sheet.take(added(name, parts, JOBS, year))

    def _start(self) -> None:
        year = self.profile.change_from_year or self.profile.year
        self._moved("start_jobs", year, lambda start, end, everywhere: start)

    def _expected(self) -> None:
        self._moved(
            "at_cluster_rates",
            self.profile.year,
            lambda start, end, everywhere: start * everywhere[1] / everywhere[0] if start else None,
        )

    def _whole(self) -> None:
        panel = self._panel
        first = self.profile.change_from_year or self.profile.year
        for place, (name, year) in enumerate(
            (("everywhere_start", first), ("everywhere_end", self.profile.year))
        ):
            parts = [
                Part(code, each["name"], each["all"][place])
                for code, each in panel.items()
                if each["all"][place]
            ]
            parts.sort(key=lambda part: -part.adds)
            self.sheet.take(added(name, parts, JOBS, year))
        self.sheet.work("growth_everywhere", "everywhere_end / everywhere_start - 1", RATE)

    def national(self) -> None:
        """Jobs at the start times the growth of all regions."""
        self._start()
        self._whole()
        self.sheet.work("change_national", "start_jobs * growth_everywhere", JOBS)

    def mix(self) -> None:
        """What the clusters' own growth everywhere brings beyond that of all."""
        self._start()
        self._whole()
        self._expected()
        self.sheet.work(
            "change_mix", "at_cluster_rates - start_jobs * ( 1 + growth_everywhere )", JOBS
        )

    def competitive(self) -> None:
        """What the clusters here hold beyond their growth everywhere."""
        self._expected()
        self._moved(
            "end_jobs_of_old",
            self.profile.year,
            lambda start, end, everywhere: end if start else None,
        )
        self.sheet.work("change_competitive", "end_jobs_of_old - at_cluster_rates", JOBS)

    def new(self) -> None:
        """Jobs in clusters that were not here at the start."""
        self._moved(
            "jobs_of_new", self.profile.year, lambda start, end, everywhere: None if start else end
        )
        self.sheet.work("change_new", "jobs_of_new", JOBS)

    # Variety

    def concentration(self) -> None:
        """The sum of squared shares."""
        cells = self.cells()
        year = self.profile.year
        jobs = [
            Part(each["industry"], each["title"], each["employment"], status=each["status"])
            for each in cells
        ]
        squares = [
            Part(part.code, part.name, float(part.adds) ** 2, part.adds, part.status)
            for part in jobs
        ]
        self.sheet.take(added("jobs_squared", squares, SQUARED, year, table="employment"))
        self.sheet.take(added("jobs_in_industries", jobs, JOBS, year, table="employment"))
        self.sheet.work("concentration", "jobs_squared / jobs_in_industries ** 2", RATIO)

    def _terms(self) -> tuple[list[Part], list[Part]]:
        """Return the entropy's terms: of each sector, and of each industry."""
        cells = self.cells()
        whole = sum(each["employment"] for each in cells) or 1
        classification = self.release.scheme(self.profile.scheme).classification
        sector, titles = top_level(classification), self.release.titles_of(classification)
        sums: dict[str, int] = {}
        for each in cells:
            code = sector[each["industry"]]
            sums[code] = sums.get(code, 0) + each["employment"]

        def term(jobs: float) -> float:
            return jobs / whole * log2(whole / jobs)

        groups = [
            Part(code, titles.get(code, code), term(jobs), jobs)
            for code, jobs in sorted(sums.items(), key=lambda pair: -pair[1])
        ]
        fine = [
            Part(
                each["industry"],
                each["title"],
                term(each["employment"]),
                each["employment"],
                each["status"],
            )
            for each in cells
        ]
        return groups, fine

    def unrelated(self) -> None:
        """Entropy between sectors."""
        groups, _ = self._terms()
        self.sheet.take(
            added("entropy_of_sectors", groups, BITS, self.profile.year, table="employment")
        )
        self.sheet.work("unrelated_variety", "entropy_of_sectors", BITS)

    def related(self) -> None:
        """Entropy within sectors: that of all industries less that between sectors."""
        groups, fine = self._terms()
        year = self.profile.year
        self.sheet.take(added("entropy_of_industries", fine, BITS, year, table="employment"))
        self.sheet.take(added("entropy_of_sectors", groups, BITS, year, table="employment"))
        self.sheet.work("related_variety", "entropy_of_industries - entropy_of_sectors", BITS)


Work = Callable[[RegionWork], None]

REGION_FIGURES: dict[str, tuple[Work, str]] = {
    "employment": (RegionWork.employment, JOBS),
    "establishments": (RegionWork.establishments, COUNT),
    "reported_share": (RegionWork.reported_share, SHARE),
    "traded_share": (RegionWork.traded_share, SHARE),
    "cluster_strength": (RegionWork.cluster_strength, SHARE),
    "strong_clusters": (RegionWork.strong_clusters, COUNT),
    "withheld_clusters": (RegionWork.withheld_clusters, COUNT),
    "rank_by_employment": (RegionWork.rank, PLACE),
    "employment_change": (RegionWork.change, JOBS),
    "employment_growth": (RegionWork.growth, RATE),
    "change_national": (RegionWork.national, JOBS),
    "change_mix": (RegionWork.mix, JOBS),
    "change_competitive": (RegionWork.competitive, JOBS),
    "change_new": (RegionWork.new, JOBS),
    "concentration": (RegionWork.concentration, RATIO),
    "unrelated_variety": (RegionWork.unrelated, BITS),
    "related_variety": (RegionWork.related, BITS),
}
"""How each figure of a region is worked again, and its unit."""


def worked_region(release: Release, profile: RegionProfile, figure: str) -> Worked:
    """Work a figure of a region again from what the release holds."""
    make, unit = REGION_FIGURES[figure]
    value = getattr(profile, figure)
    low, high = (getattr(profile, f"{figure}_{end}", None) for end in ("low", "high"))
    if value is None:
        why = "first year" if profile.change_from_year is None and "change" in figure else ""
        return Worked(figure, None, unit, profile.year, profile.status, missing=why or "no figure")
    work = RegionWork(release, profile)
    make(work)
    return settled(
        Worked(
            figure,
            float(value),
            unit,
            profile.year,
            profile.status,
            low,
            high,
            tuple(work.sheet.given),
            tuple(work.sheet.steps),
        )
    )
