"""What the claim check answers with: verdicts, the figures behind them, and reasons as codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from clusteratlas.organisations.profile import Claim, IndustryRef, RegionRef

Value = str | int | float | None


class Verdict(StrEnum):
    """What the measured map says of a claim."""

    supported = "supported"
    emerging = "emerging"
    unsupported = "unsupported"
    unknown = "unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is what it is: a code with its figures, for whoever puts it into words.

    Attributes
    ----------
    code
        One of `claim_words.REASONS`, which has the English sentence of each.
    values
        The figures of the sentence by name, unrounded.
    """

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClaimFigures:
    """The figures behind a verdict; ``None`` where not known or not defined, never zero.

    Attributes
    ----------
    employment, employment_low, employment_high, status, reported_share
        Jobs with their 90 % interval; status as in `employment`.
    location_quotient, location_quotient_low, location_quotient_high
        Concentration of jobs here, with its interval as published.
    quotient_low, quotient_high
        The interval the verdict rests on: widened where the figures miss a part of the region.
    probability_strong, strong, strong_from
        How likely the cluster is strong; the flag; the lowest quotient among the strong regions.
    profiles_held
        Names of the strength profiles that hold.
    growth, reference_growth, change_from_year
        Compound rates a year since that year, here and in the reference area.
    rank, ranked, rank_low, rank_high
        By quotient among the regions of the scheme, with the places it could be at.
    """

    scheme: str
    region: str
    definition: str
    cluster: str
    subcluster: str
    year: int
    status: str
    source: str
    employment_word: str
    coverage: float | None
    employment: int | None
    employment_low: int | None
    employment_high: int | None
    establishments: int | None
    reported_share: float | None
    share_of_region: float | None
    share_of_nation: float | None
    location_quotient: float | None
    location_quotient_low: float | None
    location_quotient_high: float | None
    quotient_low: float | None
    quotient_high: float | None
    probability_strong: float | None
    strong: bool | None
    strong_from: float | None
    profiles_held: tuple[str, ...]
    growth: float | None
    reference_growth: float | None
    change_from_year: int | None
    rank: int | None
    ranked: int | None
    rank_low: int | None
    rank_high: int | None


@dataclass(frozen=True, slots=True)
class NearbyCluster:
    """A strong cluster of the same region, and how related it is to the claimed one.

    ``percentile`` (0-1) is the place of the composite among all pairs of clusters; skills
    (``occupations``), supply (``input_output``) and ``colocation`` stay apart in their own units.
    Ordered by quotient where the release knows no relatedness.
    """

    cluster: str
    name: str
    employment: int | None
    location_quotient: float | None
    probability_strong: float | None
    percentile: float | None
    occupations: float | None
    input_output: float | None
    colocation: float | None


@dataclass(frozen=True, slots=True)
class NearbyRegion:
    """The nearest regions of the same scheme in which the claimed cluster is strong."""

    scheme: str
    region: str
    name: str
    kilometres: float
    employment: int | None
    location_quotient: float | None
    probability_strong: float | None


@dataclass(frozen=True, slots=True)
class RegionalCheck:
    """A claim in one region.

    ``strong_low`` and ``strong_high`` are between which probabilities the cluster is strong there;
    0 and 1 where nothing is known of it.
    """

    region: RegionRef
    region_name: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    figures: ClaimFigures | None = None
    strong_here: tuple[NearbyCluster, ...] = ()
    strong_near: tuple[NearbyRegion, ...] = ()
    strong_low: float = 0.0
    strong_high: float = 1.0


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """A claim in all regions of an organisation; the verdict is the best, ``best`` says where."""

    claim: Claim
    cluster_name: str
    verdict: Verdict
    best: RegionalCheck | None
    regions: tuple[RegionalCheck, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class IndustryFigures:
    """An industry in a region; the quotient is within all jobs."""

    scheme: str
    region: str
    year: int
    status: str
    source: str
    employment: int | None
    employment_low: int | None
    employment_high: int | None
    establishments: int | None
    share_of_nation: float | None
    location_quotient: float | None
    location_quotient_low: float | None
    location_quotient_high: float | None


@dataclass(frozen=True, slots=True)
class IndustryRegion:
    """An own industry of an organisation in one region."""

    region: RegionRef
    region_name: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    figures: IndustryFigures | None = None


@dataclass(frozen=True, slots=True)
class IndustryCheck:
    """An own industry of an organisation in all its regions."""

    industry: IndustryRef
    title: str
    verdict: Verdict
    best: IndustryRegion | None
    regions: tuple[IndustryRegion, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimReport:
    """Everything an organisation claims, set against one release by one rule."""

    rule: str
    release: str
    claims: tuple[ClaimCheck, ...]
    industries: tuple[IndustryCheck, ...]

    def of(self, verdict: Verdict) -> tuple[ClaimCheck, ...]:
        """The claims of a verdict."""
        return tuple(each for each in self.claims if each.verdict is verdict)
