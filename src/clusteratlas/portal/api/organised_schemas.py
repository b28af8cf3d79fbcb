"""The shapes of what the API answers about claims, partners and coverage."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from clusteratlas.organisations import CoverageRow
from clusteratlas.portal.api.paging import NEXT
from clusteratlas.portal.api.schemas import model_of
from clusteratlas.portal.organised.coverage_page import COVERAGE_WORDS

Verdict = Literal["supported", "emerging", "unsupported", "unknown"]


class ReasonOut(Schema):
    """Why something is so: a code with its values, and where given the sentence in English."""

    code: str
    values: dict[str, Any] = Field(default_factory=dict, description="the figures of the sentence")


class RegionOut(Schema):
    """A region by scheme and code."""

    scheme: str
    region: str


class CheckOut(Schema):
    """A claim in one region, with the figures behind the verdict."""

    region: RegionOut
    region_name: str
    verdict: Verdict
    reasons: list[ReasonOut]
    figures: dict[str, Any] | None = Field(
        None, description="jobs, quotient, chance of being strong, growth, each with its interval"
    )
    strong_here: list[dict[str, Any]] = Field(
        default_factory=list, description="strong clusters of the region, the most related first"
    )
    strong_near: list[dict[str, Any]] = Field(
        default_factory=list, description="nearest regions where the claimed cluster is strong"
    )


class ClaimOut(Schema):
    """A claimed field; the verdict is the best of its regions."""

    claim: dict[str, Any]
    cluster_name: str
    verdict: Verdict
    regions: list[CheckOut]
    reasons: list[ReasonOut]


class IndustryOut(Schema):
    """An own industry of the organisation."""

    industry: dict[str, Any]
    title: str
    verdict: Verdict
    regions: list[CheckOut]
    reasons: list[ReasonOut]


class ClaimsAnswer(Schema):
    """All claims of an organisation, checked by one rule against one release."""

    organisation: str
    rule: str
    release: str
    claims: list[ClaimOut]
    industries: list[IndustryOut]


class SentenceOut(Schema):
    """A reason with its code, its parameters and the sentence in English."""

    code: str
    parameters: dict[str, Any]
    text: str


class PartOut(Schema):
    """One part of a score, 0 to 1; value is null where it is not known or does not apply."""

    part: str
    value: float | None
    low: float | None
    high: float | None
    weight: float
    applies: bool
    evidence: list[SentenceOut]
    gaps: list[SentenceOut]


class PartnerOut(Schema):
    """A suggested partner."""

    rank: int
    rank_by_score: int
    organisation: dict[str, str | None]
    score: float = Field(description="harmonic mean of both directions, 0 to 1")
    score_low: float
    score_high: float
    expected: float = Field(description="score with unknown parts at their average; sorts the list")
    towards: float
    back: float
    chance: float | None = Field(description="chance to belong among the first ones")
    parts: list[PartOut]
    why: list[SentenceOut]
    missing: list[SentenceOut]
    would_change: list[SentenceOut]


class PartnersAnswer(Schema):
    """The partners suggested to an organisation."""

    organisation: dict[str, str]
    weights: str
    release: str | None
    switches: dict[str, Any]
    considered: int
    left_out: dict[str, int]
    notes: list[SentenceOut]
    suggestions: list[PartnerOut]


CoverageOut = model_of("Coverage", CoverageRow, "regional_clusters", words=COVERAGE_WORDS)


class CoveragePage(Schema):
    """Part of the strong clusters of a scheme and who organises them."""

    scheme: str
    definition: str
    year: int
    rule: str
    source: str
    release: str
    count: int
    limit: int
    next: str | None = Field(description=NEXT)
    items: list[CoverageOut]  # type: ignore[valid-type]
