"""An award joins the entry of its programme, as a version of its own."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes.models import Programme, ProgrammeRevision
from clusteratlas.portal.registry import state
from clusteratlas.programmes.register import Award
from clusteratlas.programmes.register import Programme as Document


def add_award(programme: Programme, award: Award, person: User, *, note: str) -> None:
    """Add an award to what is published, and to the draft where somebody is writing one.

    Nothing else of a draft becomes public by it. An award of the same key is replaced.
    """
    with transaction.atomic():
        row = Programme.objects.select_for_update().get(pk=programme.pk)
        row.version += 1
        row.changed_at = timezone.now()
        for name in ("published", "draft"):
            held = getattr(row, name)
            if held is not None:
                setattr(row, name, _with(held, award))
        row.save(update_fields=["version", "changed_at", "published", "draft"])
        ProgrammeRevision.objects.create(
            programme=row,
            version=row.version,
            document=row.published or row.draft,
            author=person,
            note=note[:200],
        )
        state.bump()
    programme.refresh_from_db()


def _with(held: dict[str, Any], award: Award) -> dict[str, Any]:
    document = Document.model_validate(held)
    others = tuple(each for each in document.awards if each.key != award.key)
    changed = document.model_copy(update={"awards": (*others, award)})
    return changed.model_dump(mode="json")
