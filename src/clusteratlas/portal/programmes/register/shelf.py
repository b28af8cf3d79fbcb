"""All published programmes in memory, read once for each state of what the public sees."""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass

from django.conf import settings

from clusteratlas.atlas.search import folded
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.registry import state
from clusteratlas.programmes.register import Programme as Document


@dataclass(frozen=True, slots=True)
class Listed:
    """A published programme as everybody may see it."""

    slug: str
    document: Document
    version: int
    changed_at: datetime.datetime
    words: str

    @property
    def name(self) -> str:
        """Its name."""
        return self.document.name


class _Kept:
    """The programmes read last, for all threads of the process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.key: tuple[str, str] | None = None
        self.programmes: tuple[Listed, ...] = ()


_kept = _Kept()


def published() -> tuple[Listed, ...]:
    """Return the published programmes of now, by name."""
    token = state.current()
    key = (token, str(settings.DATABASES["default"]["NAME"]))
    with _kept.lock:
        if _kept.key == key:
            return _kept.programmes
    rows = Programme.objects.filter(published__isnull=False).exclude(
        state=Programme.State.WITHDRAWN
    )
    found = [_listed(row) for row in rows.defer("draft")]
    programmes = tuple(sorted(found, key=lambda each: (folded(each.name), each.slug)))
    if token != state.NOTHING:
        with _kept.lock:
            _kept.key, _kept.programmes = key, programmes
    return programmes


def _listed(row: Programme) -> Listed:
    document = Document.model_validate(row.published).model_copy(update={"slug": row.slug})
    said = (
        *(document.name, document.short_name, document.funder, document.summary),
        *(text for each in document.awards for text in (each.organisation, each.title)),
    )
    return Listed(
        row.slug,
        document,
        row.version,
        row.published_at or row.changed_at,
        folded(" ".join(said)),
    )
