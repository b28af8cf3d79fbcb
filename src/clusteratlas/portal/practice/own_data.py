"""What the library keeps of a person."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.accounts.own_data import exporter, leaving
from clusteratlas.portal.practice import uploads
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


@leaving
def _leave(person: User) -> None:
    """Drafts that nobody else has seen go with their author, and their files."""
    unseen = Entry.objects.filter(author=person, organisation=None, published_at=None)
    for each in unseen.exclude(state=Entry.State.SUBMITTED):
        held = {str(one.document.get("file", "")) for one in each.revisions.all()}
        each.delete()
        for name in held:
            transaction.on_commit(partial(uploads.forget, name))
