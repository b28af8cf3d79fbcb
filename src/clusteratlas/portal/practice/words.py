"""Entries ready to be set: codes as names, dates in the language spoken now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from clusteratlas.atlas import Release
from clusteratlas.organisations import Claim, RegionRef
from clusteratlas.portal.practice import addresses
from clusteratlas.portal.practice.document import Document
from clusteratlas.portal.practice.forms import KINDS
from clusteratlas.portal.practice.shelf import Listed
from clusteratlas.portal.registry import addresses as registry
from clusteratlas.portal.registry import names
from clusteratlas.portal.registry.names import Place
from clusteratlas.portal.registry.shelf import published


@dataclass(frozen=True, slots=True)
class Card:
    """An entry in a list."""

    title: str
    summary: str
    href: str
    kind: str
    when: str
    language: str
    giver: str
    fictional: bool


def kind(code: str) -> str:
    """Return the word of a kind."""
    return str(dict(KINDS).get(code, code))


def when(document: Document) -> str:
    """Return the day or the days of an entry."""
    first = date_format(document.date, "DATE_FORMAT")
    if document.until is None or document.until == document.date:
        return first
    return f"{first} \u2013 {date_format(document.until, 'DATE_FORMAT')}"


def cards(entries: Iterable[Listed]) -> list[Card]:
    """Return entries for a list."""
    return [
        Card(
            each.document.title,
            each.document.summary,
            addresses.entry(each.slug),
            kind(each.document.kind),
            when(each.document),
            each.document.language,
            each.organisation_name,
            each.fictional,
        )
        for each in entries
    ]


def region(release: Release, code: str) -> Place:
    """Return the name and the page of a region's tag."""
    scheme, _, name = code.partition(":")
    return names.region(release, RegionRef(scheme=scheme, region=name))


def cluster(release: Release, code: str) -> Place:
    """Return the name and the page of a cluster's tag."""
    definition, _, name = code.partition(":")
    return names.cluster(release, Claim(definition=definition, cluster=name))


def organisation(slug: str) -> Place | None:
    """Return the name and the page of an organisation's tag; nothing once it is not public."""
    found = published().by_slug.get(slug)
    return Place(found.name, registry.organisation(slug)) if found else None


@dataclass(frozen=True, slots=True)
class Tags:
    """What an entry is about, with the pages of it."""

    clusters: Sequence[Place]
    regions: Sequence[Place]
    organisations: Sequence[Place]
    programmes: Sequence[Place]

    @classmethod
    def of(cls, document: Document, release: Release) -> Tags:
        """Return the tags of a document."""
        found = (organisation(each) for each in document.organisations)
        return cls(
            [cluster(release, each) for each in document.clusters],
            [region(release, each) for each in document.regions],
            [each for each in found if each is not None],
            [Place(each, addresses.library(programme=each)) for each in document.programmes],
        )


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text.

    >>> paragraphs("One.\\r\\n\\r\\n\\r\\nTwo\\nlines.")
    ['One.', 'Two\\nlines.']
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return [each.strip() for each in plain.split("\n\n") if each.strip()]
