"""What a release answers about mechanisms of coagglomeration and about occupations."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mechanism:
    """How lying together goes with one mechanism inside a cluster, or why that is not said."""

    definition: str
    cluster: str
    mechanism: str
    component: str
    coefficient: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    p_value: float | None
    pairs: int | None
    industries: int | None
    explained: float | None
    outcome: str
    refused: str
    source: str


@dataclass(frozen=True, slots=True)
class RegionalOccupation:
    """An occupation that a region has more of than the nation."""

    scheme: str
    region: str
    occupation: str
    year: int
    title: str
    employment: int | None
    location_quotient: float | None
    rank: int
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class MissingSkill:
    """An occupation that an option of a region needs, and how far the region has it.

    ``industry_title`` is that of the option.
    """

    scheme: str
    region: str
    industry: str
    industry_title: str
    occupation: str
    title: str
    needed: float
    location_quotient: float | None
    employment: int | None
    gap: float | None
    rank: int
    staffed_as: str
    source: str


@dataclass(frozen=True, slots=True)
class ClusterOccupation:
    """One of the largest occupations of a cluster."""

    definition: str
    cluster: str
    occupation: str
    year: int | None
    title: str
    share: float | None
    location_quotient: float | None
    covered: float | None
    rank: int
    status: str
    source: str
