"""Which entries belong where: on the pages of regions, clusters and organisations."""

from __future__ import annotations

from collections.abc import Iterable

from clusteratlas.atlas.search import folded
from clusteratlas.portal.practice.shelf import Listed, published

MOST = 4
"""Entries shown on a page that is about something else; the library has all."""


def entries_for(
    *,
    region: str = "",
    cluster: str = "",
    organisation: str = "",
    programme: str = "",
    kind: str = "",
    language: str = "",
    words: str = "",
) -> list[Listed]:
    """Return the published entries that carry all these tags, the latest date first.

    Parameters
    ----------
    region, cluster
        As ``scheme:region`` and ``definition:cluster``; several of one kind, separated by commas,
        are taken together.
    organisation
        Name in addresses: in whose name an entry was handed in, or whom it is about.
    programme
        Name of a programme as it is written.
    words
        Every word must stand in the entry; accents and capitals are one.
    """
    regions, clusters = set(_several(region)), set(_several(cluster))
    asked = folded(words).split()
    return [
        each
        for each in published()
        if (not regions or regions & set(each.document.regions))
        and (not clusters or clusters & set(each.document.clusters))
        and organisation in ("", each.organisation, *each.document.organisations)
        and (not programme or programme in each.document.programmes)
        and kind in ("", each.document.kind)
        and language in ("", each.document.language)
        and all(word in each.words for word in asked)
    ]


def _several(text: str) -> Iterable[str]:
    return (each.strip() for each in text.split(",") if each.strip())
