"""The names of what a profile holds as codes: of the atlas, of pick-lists, of countries."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale

from clusteratlas.atlas import Release
from clusteratlas.organisations import Claim, IndustryRef, RegionRef, words_of
from clusteratlas.portal import addresses, words
from clusteratlas.portal.language import active
from clusteratlas.tables import CannotAnswer


@dataclass(frozen=True, slots=True)
class Place:
    """The name of something of the atlas, and its page; a code that the release lacks has none."""

    name: str
    href: str = ""
    code: str = ""
    detail: str = ""


def region(release: Release, ref: RegionRef) -> Place:
    """Return the name and the page of a region."""
    try:
        found = release.region(ref.scheme, ref.region)
    except CannotAnswer:
        return Place(f"{ref.scheme} {ref.region}", "", f"{ref.scheme}:{ref.region}")
    href = addresses.region(ref.scheme, ref.region)
    return Place(found.name, href, f"{ref.scheme}:{ref.region}", words.word(found.kind))


def cluster(release: Release, claim: Claim) -> Place:
    """Return the name and the page of a claimed cluster, or of a subcluster of it."""
    code = f"{claim.definition}:{claim.cluster}"
    try:
        found = release.cluster(claim.definition, claim.cluster)
    except CannotAnswer:
        return Place(claim.subcluster or f"{claim.definition} {claim.cluster}", "", code)
    name = words.cluster(found.name)
    if claim.subcluster:
        name = f"{name}: {words.cluster(claim.subcluster)}"
    return Place(name, addresses.cluster(claim.definition, claim.cluster), code)


def industry(release: Release, ref: IndustryRef) -> Place:
    """Return the title of an industry; English where the classification is."""
    code = f"{ref.classification}:{ref.industry}"
    try:
        title = release.titles_of(ref.classification).get(ref.industry, "")
    except CannotAnswer:
        title = ""
    return Place(title or ref.industry, "", code)


def pick(name: str, code: str) -> str:
    """Return the words of a pick-list's code in the language spoken now."""
    return words.word(words_of(name, code)) if code else ""


def first(text: str) -> str:
    """Return a word as it begins a line.

    >>> first("association")
    'Association'
    """
    return text[:1].upper() + text[1:]


def language(code: str) -> str:
    """Return the name of a language by its two letters.

    >>> language("de")
    'German'
    """
    return str(Locale.parse(active()).languages.get(code, code))
