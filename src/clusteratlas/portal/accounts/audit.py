"""The audit log: what was done, by whom, to what. Never holds passwords, tokens or addresses."""

from __future__ import annotations

from typing import Any

from clusteratlas.portal.accounts.models import AuditEntry, User


def note(person: User | None, action: str, subject: str = "", **details: Any) -> None:
    """Write an entry in the transaction of what it tells of; action as ``organisation.publish``."""
    AuditEntry.objects.create(person=person, action=action, subject=subject[:200], details=details)
