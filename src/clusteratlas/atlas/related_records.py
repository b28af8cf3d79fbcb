"""What a release answers about related clusters, options of a region and its peers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coded:
    """A code with what it is called."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class IndustryPair:
    """Two industries that are alike, the first of cluster a."""

    industry_a: str
    industry_b: str
    title_a: str
    title_b: str


@dataclass(frozen=True, slots=True)
class RelatedCluster:
    """How related cluster b is to cluster a; b is a itself for the industries within it.

    ``name`` and ``traded`` are those of b, ``name_a`` is that of a.
    """

    definition: str
    a: str
    b: str
    name_a: str
    name: str
    traded: bool | None
    colocation_employment: float | None
    colocation_establishments: float | None
    coagglomeration: float | None
    input_output: float | None
    occupations: float | None
    skill_flows: float | None
    composite: float | None
    percentile: float | None
    percentile_of_a: float | None
    linked_share_a: float | None
    linked_share_b: float | None
    related: bool | None
    rule: str
    carried_by: tuple[IndustryPair, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Option:
    """An industry that a region lacks or is growing into, with the odds that it will be there."""

    scheme: str
    region: str
    industry: str
    title: str
    year: int
    classification: str
    cluster: str | None
    cluster_name: str | None
    kind: str
    employment: int | None
    employment_low: int | None
    employment_high: int | None
    status: str
    location_quotient: float | None
    density: float | None
    density_colocation: float | None
    density_supply: float | None
    density_skills: float | None
    complexity: float | None
    probability: float | None
    horizon: int | None
    rank: int
    supporting: tuple[Coded, ...]
    peers_moved: tuple[Coded, ...]


@dataclass(frozen=True, slots=True)
class OptionSkill:
    """How well past entries were told beforehand by one way of telling them."""

    scheme: str
    year: int
    sample: str
    split: str
    predictor: str
    cells: int | None
    events: int | None
    auc: float | None
    average_precision: float | None
    brier: float | None
    brier_constant: float | None
    precision_at_10: float | None
    calibration_slope: float | None


@dataclass(frozen=True, slots=True)
class Peer:
    """A region that is built like another; the name is the peer's."""

    scheme: str
    region: str
    peer: str
    name: str
    rank: int
    distance: float
