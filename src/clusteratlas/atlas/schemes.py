"""What the known region schemes are called and compared with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SchemePlan:
    """A region scheme to publish: its words on pages and whether it can be ranked."""

    scheme: str
    title: str
    region_word: str
    region_words: str


US_SCHEMES = (
    SchemePlan("us-nation", "United States", "nation", "nations"),
    SchemePlan("us-state", "US states", "state", "states"),
    SchemePlan(
        "us-cbsa",
        "US metropolitan and micropolitan areas",
        "metro or micro area",
        "metro and micro areas",
    ),
    SchemePlan(
        "us-rest-of-state",
        "Rest of each US state, outside metro and micro areas",
        "rest of a state",
        "rests of states",
    ),
    SchemePlan("us-county", "US counties", "county", "counties"),
)
EUROPEAN_SCHEMES = (
    SchemePlan("nuts-0", "European countries", "country", "countries"),
    SchemePlan("nuts-1", "European NUTS 1 regions", "NUTS 1 region", "NUTS 1 regions"),
    SchemePlan("nuts-2", "European NUTS 2 regions", "NUTS 2 region", "NUTS 2 regions"),
)
US_TOTALS = (
    "Shares of a region use its four-digit industry totals where they are printed, "
    "else the six-digit industries beneath them."
)
EUROPEAN_TOTALS = (
    "Shares of a region use its section totals where they are printed, else the divisions "
    "beneath them. Business economy only: sections B-J and L-N, and division S95."
)
"""What the totals of a region are, said beside its figures."""


def own_scheme(scheme: str) -> SchemePlan:
    """Return the plan of a user's own region scheme."""
    return SchemePlan(scheme, f"Regions of {scheme}", "region", "regions")


def whole_of(scheme: str) -> SchemePlan:
    """Return the plan of the reference area made of all regions of a user's own scheme."""
    return SchemePlan(f"{scheme}-whole", f"All regions of {scheme}", "whole", "wholes")
