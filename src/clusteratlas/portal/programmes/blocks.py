"""What the areas of programmes show: blocks of the public page, entries of the page of work.

An area declares its part beside its pages; the two pages know none of them by name. A module that
declares one is named in `apps.PARTS`, else nobody sees its part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.programmes.register import Programme as Document

Block = Callable[[AtlasRequest, Programme, Document], SafeString | None]
"""From a programme and what is stated of it to a rendered ``<section>``, or nothing to show."""


@dataclass(frozen=True, slots=True)
class ManageLink:
    """An entry of the page where those who run a programme work.

    Attributes
    ----------
    label
        What is done there, as a verb.
    href
        Where.
    said
        One sentence on it: what waits there, or what it is for.
    """

    label: str
    href: str
    said: str = ""


Entry = Callable[[AtlasRequest, Programme], ManageLink | None]
"""From a programme to an entry, or nothing where there is nothing to do."""

_blocks: list[tuple[int, Block]] = []
_entries: list[tuple[int, Entry]] = []


def block(*, order: int) -> Callable[[Block], Block]:
    """Declare a block of the public page of a programme; smaller orders stand higher.

    The register's own stand at 10 (money), 20 (awards) and 90 (facts and references).
    """

    def declare(show: Block) -> Block:
        _blocks.append((order, show))
        return show

    return declare


def manage_link(*, order: int) -> Callable[[Entry], Entry]:
    """Declare an entry of the page of work; smaller orders stand higher."""

    def declare(entry: Entry) -> Entry:
        _entries.append((order, entry))
        return entry

    return declare


def blocks_of(request: AtlasRequest, row: Programme, document: Document) -> list[SafeString]:
    """Return the blocks that have something to show, from top to bottom."""
    ordered = sorted(_blocks, key=lambda each: each[0])
    shown = (show(request, row, document) for _order, show in ordered)
    return [each for each in shown if each is not None]


def links_of(request: AtlasRequest, row: Programme) -> list[ManageLink]:
    """Return the entries of the page of work, from top to bottom."""
    ordered = sorted(_entries, key=lambda each: each[0])
    found = (entry(request, row) for _order, entry in ordered)
    return [each for each in found if each is not None]
