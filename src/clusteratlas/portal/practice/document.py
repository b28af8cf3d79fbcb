"""What an entry of the library says: one document, checked in one place, kept whole."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from clusteratlas.organisations.profile import clean_text, web_address

Kind = Literal["document", "case", "good-practice", "news", "event"]
Line = Annotated[str, AfterValidator(clean_text), AfterValidator(str.strip)]
Code = Annotated[str, Field(pattern=r"^[^\s:]{1,60}:[^\s:]{1,60}$")]
"""A code of the atlas with its scheme or definition, such as ``us-cbsa:41940``."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,80}$")]
Programme = Annotated[Line, Field(min_length=1, max_length=120)]
MOST_TAGS = 40


class Document(BaseModel):
    """An entry as everybody may read it once it is published.

    Attributes
    ----------
    text
        Plain paragraphs, parted by empty lines; never HTML.
    date
        When it was written or happened; the first day of an event.
    link, file
        Where the thing itself stands: an address of the web, or the name of an uploaded PDF.
    clusters, regions
        What it is about, as ``definition:cluster`` and ``scheme:region``.
    organisations
        Names in addresses of published organisations.
    programmes
        Names of funding programmes, as their funders write them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    title: Annotated[Line, Field(min_length=3, max_length=200)]
    summary: Annotated[Line, Field(min_length=10, max_length=600)]
    text: Annotated[str, AfterValidator(clean_text), Field(max_length=20_000)] = ""
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    date: datetime.date
    until: datetime.date | None = None
    place: Annotated[Line, Field(max_length=200)] = ""
    link: Annotated[str, AfterValidator(web_address), Field(max_length=500)] = ""
    file: Annotated[str, Field(pattern=r"^$|^[0-9a-f]{32}\.pdf$")] = ""
    file_name: Annotated[Line, Field(max_length=120)] = ""
    clusters: Annotated[tuple[Code, ...], Field(max_length=MOST_TAGS)] = ()
    regions: Annotated[tuple[Code, ...], Field(max_length=MOST_TAGS)] = ()
    organisations: Annotated[tuple[Slug, ...], Field(max_length=MOST_TAGS)] = ()
    programmes: Annotated[tuple[Programme, ...], Field(max_length=MOST_TAGS)] = ()

    @model_validator(mode="after")
    def _days(self) -> Document:
        if self.until is not None and self.until < self.date:
            raise ValueError("it ends before it begins")
        return self
