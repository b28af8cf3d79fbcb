"""Partner suggestions that requests come from and that wishes begin with."""

from __future__ import annotations

from typing import Any

from clusteratlas.atlas import Release
from clusteratlas.portal.registry.models import Organisation


def snapshot(
    release: Release, sender: Organisation, receiver: Organisation
) -> dict[str, Any] | None:
    """Return score, parts and reasons of a pair as its suggestion shows them now."""
    return None


def suggestions_of(release: Release, organisation: Organisation) -> dict[str, dict[str, Any]]:
    """Return what is suggested to an organisation by the slug of the other one."""
    return {}
