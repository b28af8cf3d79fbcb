"""What a release answers with: one frozen record a row, named as the tables name things."""

from __future__ import annotations

from dataclasses import dataclass

SURELY_NOT, SURELY = 0.1, 0.9
"""Between these probabilities of being strong a flag could flip."""


@dataclass(frozen=True, slots=True)
class Region:
    """A place in a region scheme."""

    scheme: str
    region: str
    name: str
    kind: str
    parent: str | None
    country: str | None
    longitude: float | None
    latitude: float | None
    population: int | None
    coverage: float | None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster (or industry group) of a definition."""

    definition: str
    cluster: str
    name: str
    traded: bool | None


@dataclass(frozen=True, slots=True)
class RegionalCluster:
    """A cluster in a region and year; see the contract of `regional_clusters` for each column."""

    scheme: str
    region: str
    definition: str
    cluster: str
    year: int
    employment: int | None
    employment_low: int | None
    employment_high: int | None
    establishments: int | None
    payroll: int | None
    status: str
    reported_share: float | None
    share_of_region: float | None
    share_of_traded_or_local: float | None
    share_of_nation: float | None
    location_quotient: float | None
    location_quotient_low: float | None
    location_quotient_high: float | None
    change_from_year: int | None
    employment_change: int | None
    employment_growth: float | None
    rank: int | None
    ranked: int | None
    percentile: float | None
    rank_by_employment: int | None
    qualifying: bool | None
    significant: bool | None
    strong: bool | None
    strong10: bool | None
    stars_eu_2007: int | None
    profiles_held: str | None
    probability_strong: float | None
    rank_low: int | None
    rank_high: int | None
    name: str
    traded: bool | None
    region_name: str

    @property
    def could_flip(self) -> bool:
        """Whether the flag of being strong differs in many possible tables."""
        chance = self.probability_strong
        return chance is not None and SURELY_NOT < chance < SURELY


@dataclass(frozen=True, slots=True)
class RegionalYear:
    """The jobs and the quotient of a cluster in a region in one of the years."""

    cluster: str
    year: int
    employment: int | None
    employment_low: int | None
    employment_high: int | None
    status: str
    reported_share: float | None
    location_quotient: float | None
    location_quotient_low: float | None
    location_quotient_high: float | None
    probability_strong: float | None


@dataclass(frozen=True, slots=True)
class RegionalSubcluster:
    """A subcluster in a region and year."""

    scheme: str
    region: str
    definition: str
    cluster: str
    subcluster: str
    year: int
    employment: int | None
    employment_low: int | None
    employment_high: int | None
    establishments: int | None
    payroll: int | None
    status: str
    share_of_nation: float | None
    location_quotient: float | None


@dataclass(frozen=True, slots=True)
class RegionalIndustry:
    """An industry of a cluster in a region and year; `unpublished` where no row is printed."""

    scheme: str
    region: str
    industry: str
    title: str
    subcluster: str | None
    weight: float
    year: int
    employment: int | None
    employment_low: int | None
    employment_high: int | None
    establishments: int | None
    payroll: int | None
    status: str
    share_of_nation: float | None


@dataclass(frozen=True, slots=True)
class RegionProfile:
    """A region as a whole, seen through one definition."""

    scheme: str
    region: str
    definition: str
    year: int
    employment: int | None
    employment_in_clusters: int | None
    establishments: int | None
    payroll: int | None
    reported_share: float | None
    traded_employment: int | None
    local_employment: int | None
    traded_share: float | None
    traded_share_low: float | None
    traded_share_high: float | None
    cluster_strength: float | None
    cluster_strength_low: float | None
    cluster_strength_high: float | None
    strong_clusters: int | None
    strong_clusters_low: int | None
    strong_clusters_high: int | None
    withheld_clusters: int | None
    concentration: float | None
    unrelated_variety: float | None
    related_variety: float | None
    rank_by_employment: int | None
    ranked: int | None
    change_from_year: int | None
    employment_change: int | None
    employment_growth: float | None
    change_national: float | None
    change_mix: float | None
    change_competitive: float | None
    change_new: float | None
    status: str
    region_name: str


@dataclass(frozen=True, slots=True)
class ClusterProfile:
    """A cluster as a whole, over the regions of one scheme."""

    scheme: str
    definition: str
    cluster: str
    year: int
    employment: int | None
    employment_low: int | None
    employment_high: int | None
    establishments: int | None
    payroll: int | None
    status: str
    reported_share: float | None
    share_of_reference: float | None
    regions_present: int
    locational_gini: float | None
    regions_strong: int | None
    regions_strong_low: int | None
    regions_strong_high: int | None
    share_in_strong_regions: float | None
    share_in_strong_regions_low: float | None
    share_in_strong_regions_high: float | None
    change_from_year: int | None
    employment_change: int | None
    employment_growth: float | None
    name: str
    traded: bool | None


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of the search."""

    kind: str
    scheme: str
    definition: str
    code: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the figures of a table come from."""

    table: str
    source: str
    publisher: str
    title: str
    address: str | None
    retrieved: str | None
    checksum: str | None
    licence: str
    covers: str
    code_version: str
    parameters: str
