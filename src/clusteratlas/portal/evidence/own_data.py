"""What evidence keeps of a person."""

from __future__ import annotations

from typing import Any

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.accounts.own_data import exporter
from clusteratlas.portal.evidence.models import OwnEffects


@exporter("published_effects_taken_in")
def _files(person: User) -> list[dict[str, Any]]:
    found = OwnEffects.objects.filter(person=person)
    return [{"file": each.file, "effects": each.count, "at": each.at} for each in found]
