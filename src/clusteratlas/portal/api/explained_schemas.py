"""The shapes of what the API answers about mechanisms, occupations and skill gaps."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

from clusteratlas.atlas import Mechanism, MissingSkill, RegionalOccupation
from clusteratlas.portal.api.related_schemas import MISSING
from clusteratlas.portal.api.schemas import model_of

WORDS = {"industry_title": "title of the industry that is the option"}

MechanismOut = model_of(
    "Mechanism",
    Mechanism,
    "mechanisms",
    without=(
        "definition",
        "cluster",
        "pairs",
        "industries",
        "explained",
        "outcome",
        "refused",
        "source",
    ),
)
OccupationOut = model_of(
    "RegionalOccupation",
    RegionalOccupation,
    "leading_occupations",
    without=("scheme", "region", "source"),
)
MissingSkillOut = model_of(
    "MissingSkill",
    MissingSkill,
    "skill_gaps",
    without=("scheme", "region", "source"),
    words=WORDS,
)


class MechanismsAnswer(Schema):
    """What goes with lying together inside a cluster."""

    definition: str
    cluster: str
    name: str
    outcome: str = Field(description="component that is explained; empty where nothing is")
    pairs: int | None = Field(None, description="pairs of industries that could be compared")
    industries: int | None = Field(
        None, description="industries in these pairs; of the cluster where refused"
    )
    explained: float | None = Field(
        None, description="share of the outcome's variance that is explained, R2 (share 0-1)"
    )
    refused: str = Field(description="why there is no figure; empty where there is one")
    missing: str = Field(description=MISSING)
    source: str = Field(description="source of the components")
    release: str
    mechanisms: list[MechanismOut]  # type: ignore[valid-type]


class OccupationsAnswer(Schema):
    """The occupations that a region is most specialised in."""

    region: str
    name: str
    scheme: str
    source: str = Field(description="source of the figures")
    missing: str = Field(description=MISSING)
    release: str
    occupations: list[OccupationOut]  # type: ignore[valid-type]


class SkillGapsAnswer(Schema):
    """What the first options of a region need, and how far the region has it."""

    region: str
    name: str
    scheme: str
    source: str = Field(description="source of the figures")
    missing: str = Field(description=MISSING)
    release: str
    gaps: list[MissingSkillOut]  # type: ignore[valid-type]
