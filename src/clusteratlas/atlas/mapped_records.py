"""What a release answers about one figure over all regions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """What a map is about. ``kind`` is one of ``KINDS``.

    ``code`` is that of the cluster or industry, the name of the subcluster or the name of the
    indicator, empty for all clusters together; ``cluster`` is the cluster it belongs to, if any.
    """

    kind: str
    code: str
    name: str
    cluster: str | None = None


KINDS = ("cluster", "subcluster", "industry", "all", "indicator")


@dataclass(frozen=True, slots=True)
class RegionalPart:
    """A subcluster or an industry in a region and year, beside all other regions."""

    scheme: str
    region: str
    region_name: str
    part: str
    name: str
    year: int
    employment: int | None
    employment_low: int | None
    employment_high: int | None
    establishments: int | None
    payroll: int | None
    status: str
    reported_share: float | None
    payroll_per_job: float | None
    share_of_region: float | None
    share_of_nation: float | None
    location_quotient: float | None
    change_from_year: int | None
    employment_change: int | None
    employment_growth: float | None
    rank: int | None
    ranked: int | None


@dataclass(frozen=True, slots=True)
class MappedIndicator:
    """One of the other figures of regions that a release holds for a scheme."""

    indicator: str
    title: str
    unit: str
    years: tuple[int, ...]
    source: str


@dataclass(frozen=True, slots=True)
class IndicatorInRegion:
    """The value of an indicator in one region."""

    scheme: str
    region: str
    region_name: str
    indicator: str
    year: int
    value: float | None
    unit: str
    status: str


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry that can be mapped, with where the definition puts it."""

    industry: str
    title: str
    cluster: str | None
    subcluster: str | None
