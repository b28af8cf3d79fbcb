"""The library of practice by the API."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from clusteratlas.portal.api import schemas
from clusteratlas.portal.api.endpoints import REFUSALS
from clusteratlas.portal.api.paging import NEXT, Cursor, Limit, part_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.practice import addresses
from clusteratlas.portal.practice.document import Kind
from clusteratlas.portal.practice.shelf import Listed
from clusteratlas.portal.practice.shown import entries_for
from clusteratlas.portal.registry import state

router = Router()


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """An entry of the library as the API gives it."""

    entry: str
    address: str
    kind: str
    title: str
    summary: str
    text: str
    language: str
    date: datetime.date
    until: datetime.date | None
    place: str
    link: str
    file: str
    clusters: tuple[str, ...]
    regions: tuple[str, ...]
    organisations: tuple[str, ...]
    programmes: tuple[str, ...]
    shared_by: str
    fictional: bool
    published_at: datetime.datetime
    changed_at: datetime.datetime


class EntryOut(Schema):
    """An entry of the library."""

    entry: str = Field(description="name of the entry in addresses")
    address: str = Field(description="its page")
    kind: str = Field(description="document, case, good-practice, news or event")
    title: str
    summary: str
    text: str = Field(description="plain paragraphs, parted by empty lines")
    language: str = Field(description="two letters of the language it is written in")
    date: datetime.date = Field(description="when it was written or happened")
    until: datetime.date | None = Field(None, description="last day of an event")
    place: str
    link: str = Field(description="an address of the web that its author gave; empty without one")
    file: str = Field(description="where its PDF can be had; empty without one")
    clusters: list[str] = Field(description="what it is about, as definition:cluster")
    regions: list[str] = Field(description="what it is about, as scheme:region")
    organisations: list[str]
    programmes: list[str]
    shared_by: str = Field(description="the organisation in whose name it was shared")
    fictional: bool = Field(description="made up for the demonstration")
    published_at: datetime.datetime
    changed_at: datetime.datetime


class EntryPage(Schema):
    """Some entries of the library, the latest date first."""

    count: int = Field(description="all that fit, not only those given")
    limit: int
    next: str | None = Field(None, description=NEXT)
    items: schemas.several(EntryOut)  # type: ignore[valid-type]


@router.get("/practice", response={200: EntryPage, **REFUSALS})
def practice(
    request: AtlasRequest,
    kind: Annotated[Kind | None, Query(description="only this kind of entry")] = None,
    tagged_cluster: Annotated[str, Query(max_length=200, description="definition:cluster")] = "",
    tagged_region: Annotated[str, Query(max_length=200, description="scheme:region")] = "",
    organisation: Annotated[
        str, Query(max_length=200, description="name of an organisation in addresses")
    ] = "",
    programme: Annotated[str, Query(max_length=200, description="its name")] = "",
    words: Annotated[
        str, Query(max_length=200, description="every word must stand in the entry")
    ] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Any:
    """Return published entries of the library of practice, the latest date first."""
    found = entries_for(
        kind=kind or "",
        cluster=tagged_cluster,
        region=tagged_region,
        organisation=organisation,
        programme=programme,
        words=words,
    )
    rows = [_record(request, each) for each in found]
    return part_of(request, rows, limit, cursor, bound_to=state.current())


def _record(request: AtlasRequest, entry: Listed) -> EntryRecord:
    document = entry.document
    file = request.build_absolute_uri(addresses.entry(entry.slug, "file/"))
    said = {name: getattr(document, name) for name in type(document).model_fields}
    del said["file"], said["file_name"]
    return EntryRecord(
        entry=entry.slug,
        address=request.build_absolute_uri(addresses.entry(entry.slug)),
        file=file if document.file else "",
        shared_by=entry.organisation,
        fictional=entry.fictional,
        published_at=entry.published_at,
        changed_at=entry.changed_at,
        **said,
    )
