"""The rule of the claim check: named, versioned, and data."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from clusteratlas.tables import CannotAnswer

RULES: Final = ("claim-check-1",)
Share = Annotated[float, Field(ge=0, le=1)]
Quotient = Annotated[float, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Supported(_Part):
    """What bears a claim out: how likely it is at least that the cluster is strong."""

    probability_strong: Share


class Emerging(_Part):
    """What makes a claim plausible: a quotient, or a lower one with a lead in growth a year."""

    quotient: Quotient
    growing_quotient: Quotient
    growth_lead: float


class Unsupported(_Part):
    """What speaks against a claim: how likely it is at most that the cluster is strong."""

    probability_strong: Share
    quotient: Quotient


class Least(_Part):
    """Jobs below which nothing is borne out."""

    employment: int
    growing_employment: int


class MissingPart(_Part):
    """What the part of a region that the figures miss may hold at most."""

    quotient: Quotient


class OfIndustry(_Part):
    """Cuts for industries, which have no strength profile."""

    supported: Quotient
    emerging: Quotient
    employment: int


class ClaimRule(_Part):
    """All cuts of the claim check."""

    name: str
    version: int
    strength_profile: str
    supported: Supported
    emerging: Emerging
    unsupported: Unsupported
    least: Least
    missing_part: MissingPart
    industry: OfIndustry


@lru_cache(maxsize=4)
def claim_rule(name: str = RULES[-1]) -> ClaimRule:
    """Return a rule of the claim check by its name, by default the newest.

    >>> claim_rule("claim-check-1").supported.probability_strong
    0.9
    """
    if name not in RULES:
        raise CannotAnswer(
            "there is no rule of the claim check of that name",
            value=name,
            hint=f"use one of {', '.join(RULES)}",
        )
    place = files("clusteratlas.organisations").joinpath("data", f"{name}.toml")
    return ClaimRule.model_validate(tomllib.loads(place.read_text(encoding="utf-8")))
