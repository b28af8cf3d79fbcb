"""What the library keeps of a person."""

from __future__ import annotations

from typing import Any

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.accounts.own_data import exporter
from clusteratlas.portal.practice.models import Entry


@exporter("library_entries")
def _entries(person: User) -> list[dict[str, Any]]:
    return [
        {
            "entry": each.slug,
            "state": each.state,
            "draft": each.draft,
            "published": each.published,
            "created_at": each.created_at,
            "changed_at": each.changed_at,
        }
        for each in Entry.objects.filter(author=person)
    ]
