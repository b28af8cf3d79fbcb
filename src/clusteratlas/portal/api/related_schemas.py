"""The shapes of what the API answers about related clusters, options and peers."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

from clusteratlas.atlas import Coded, IndustryPair, Option, OptionSkill, Peer, RelatedCluster
from clusteratlas.portal.api.schemas import Context, model_of

WORDS = {
    "name": "what it is called",
    "code": "its code",
    "name_a": "name of cluster a",
    "traded": "whether b is traded or local; null where the definition does not say",
    "title": "title of the industry",
    "cluster_name": "name of that cluster",
    "industry_a": "code of an industry of a",
    "industry_b": "code of an industry of b",
    "title_a": "its title",
    "title_b": "its title",
    "supporting": "industries of the region that are nearest to it, the strongest first",
    "peers_moved": "regions that made this move",
}
PLACE = ("scheme", "region", "year")

CodedOut = model_of("Coded", Coded, "", words=WORDS)
IndustryPairOut = model_of("IndustryPair", IndustryPair, "", words=WORDS)
RelatedClusterOut = model_of(
    "RelatedCluster",
    RelatedCluster,
    "relatedness",
    without=("definition",),
    lists={"carried_by": IndustryPairOut},
    words=WORDS,
)
OptionOut = model_of(
    "Option",
    Option,
    "options",
    without=PLACE,
    lists={"supporting": CodedOut, "peers_moved": CodedOut},
    words=WORDS,
)
OptionSkillOut = model_of("OptionSkill", OptionSkill, "options_skill", without=("scheme", "year"))
PeerOut = model_of("Peer", Peer, "peers", without=("scheme", "region"), words=WORDS)

MISSING = "why there is nothing to answer with; empty where there is"


class _OfDefinition(Schema):
    """What relatedness needs beside it to be read."""

    definition: str
    group_word: str
    source: str = Field(description="sources of the components")
    missing: str = Field(description=MISSING)
    release: str


class RelatedAnswer(_OfDefinition):
    """A cluster's relatedness to every other one, the strongest first."""

    cluster: str
    name: str
    traded: bool | None = None
    within: RelatedClusterOut | None = Field(  # type: ignore[valid-type]
        None, description="how related its own industries are; null where it has one, or none known"
    )
    related: list[RelatedClusterOut]  # type: ignore[valid-type]


class RelatednessPage(_OfDefinition):
    """Some rows of a definition's relatedness."""

    count: int = Field(description="all that fit, not only those given")
    limit: int
    next: str | None = Field(None, description="cursor of the next part; null at the end")
    items: list[RelatedClusterOut]  # type: ignore[valid-type]


class OptionsAnswer(Context):
    """What a region lacks or is growing into, the best odds first."""

    region: str
    name: str
    scheme: str
    year: int
    definition: str
    missing: str = Field(description=MISSING)
    options: list[OptionOut]  # type: ignore[valid-type]


class OptionsSkillAnswer(Schema):
    """How well the odds of options told the past."""

    scheme: str
    year: int
    source: str
    missing: str = Field(description=MISSING)
    release: str
    skill: list[OptionSkillOut]  # type: ignore[valid-type]


class PeersAnswer(Schema):
    """The regions that are built like one."""

    region: str
    name: str
    scheme: str
    source: str
    missing: str = Field(description=MISSING)
    release: str
    peers: list[PeerOut]  # type: ignore[valid-type]
