"""All published entries in memory, read once for each state of the registry."""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass

from django.conf import settings

from clusteratlas.atlas.search import folded
from clusteratlas.portal.practice.document import Document
from clusteratlas.portal.practice.models import Entry
from clusteratlas.portal.registry import state


@dataclass(frozen=True, slots=True)
class Listed:
    """A published entry as everybody may see it."""

    slug: str
    document: Document
    organisation: str
    organisation_name: str
    fictional: bool
    published_at: datetime.datetime
    changed_at: datetime.datetime
    words: str

    @property
    def href(self) -> str:
        """Where it lives, without its language."""
        return f"/practice/{self.slug}/"


class _Kept:
    """The entries read last, for all threads of the process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.key: tuple[str, str] | None = None
        self.entries: tuple[Listed, ...] = ()


_kept = _Kept()


def published() -> tuple[Listed, ...]:
    """Return the published entries of now, the latest date first."""
    token = state.current()
    key = (token, str(settings.DATABASES["default"]["NAME"]))
    with _kept.lock:
        if _kept.key == key:
            return _kept.entries
    entries = _read()
    if token != state.NOTHING:
        with _kept.lock:
            _kept.key, _kept.entries = key, entries
    return entries


def _read() -> tuple[Listed, ...]:
    rows = (
        Entry.objects.filter(published__isnull=False)
        .exclude(state=Entry.State.WITHDRAWN)
        .select_related("organisation")
    )
    found = [_listed(row) for row in rows]
    return tuple(sorted(found, key=lambda each: (each.document.date, each.slug), reverse=True))


def _listed(row: Entry) -> Listed:
    document = Document.model_validate(row.published)
    giver = row.organisation if row.organisation and row.organisation.is_public else None
    said = (document.title, document.summary, document.text, document.place, *document.programmes)
    return Listed(
        row.slug,
        document,
        giver.slug if giver else "",
        giver.name if giver else "",
        row.fictional,
        row.published_at or row.changed_at,
        row.changed_at,
        folded(" ".join(said)),
    )
