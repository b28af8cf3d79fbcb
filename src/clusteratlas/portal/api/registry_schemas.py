"""The shapes of organisations as the API gives and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from clusteratlas.organisations import Profile
from clusteratlas.portal.api.paging import NEXT
from clusteratlas.portal.api.schemas import model_of
from clusteratlas.portal.registry.listing import WORDS, OrganisationRow

State = Literal["draft", "submitted", "published", "returned", "withdrawn"]
OrganisationRowOut = model_of("Organisation", OrganisationRow, "", words=WORDS)
VERSION = "version of the profile; send it back as If-Match with a change"


class OrganisationPage(Schema):
    """Some of the organisations that pass the filters."""

    count: int = Field(description="all that pass, not only those given")
    limit: int
    next: str | None = Field(None, description=NEXT)
    items: list[OrganisationRowOut]  # type: ignore[valid-type]
    source: str


class ProfileAnswer(Schema):
    """A profile as it is published, or the last one kept to those who may edit it."""

    slug: str = Field(description="name of the organisation in addresses")
    version: int = Field(description=VERSION)
    state: State = Field(description="where the organisation stands on its way to the public")
    public: bool = Field(description="whether this is what everybody reads")
    changed: datetime
    profile: Profile


class VersionOut(Schema):
    """A version that everybody could read."""

    version: int
    published: datetime = Field(description="when it became public")


class HistoryAnswer(Schema):
    """The published versions of an organisation, newest first."""

    slug: str
    versions: list[VersionOut]


class RuleOut(Schema):
    """An entry rule and whether it holds."""

    rule: str = Field(description="what is asked")
    state: Literal["held", "waived", "failed", "unknown"]
    found: str = Field(description="what the profile states")


class KeptAnswer(Schema):
    """What became of a change."""

    slug: str
    version: int = Field(description=VERSION)
    state: State
    changed: bool = Field(description="false where the profile stood like that already")
    rules: list[RuleOut]


class FaultOut(Schema):
    """One thing wrong in a profile."""

    column: str = Field(description="field, dotted: offers.0.topic")
    problem: str
    value: str = ""
    hint: str = ""
