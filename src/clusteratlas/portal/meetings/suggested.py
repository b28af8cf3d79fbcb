"""The partner suggestion that a request comes from, kept as it was shown."""

from __future__ import annotations

from typing import Any

from clusteratlas.atlas import Release
from clusteratlas.portal.registry.models import Organisation


def snapshot(
    release: Release, sender: Organisation, receiver: Organisation
) -> dict[str, Any] | None:
    """Return score, parts and reasons of a pair as its suggestion shows them now."""
    return None
