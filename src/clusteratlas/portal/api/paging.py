"""Long answers in parts: each names the next one by a cursor that only we can read."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from ninja import Query

from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress

Limit = Annotated[int, Query(ge=1, le=1000, description="most rows of one answer")]
Cursor = Annotated[
    str, Query(max_length=100, description="what the last answer gave as next; empty to begin")
]
NEXT = "cursor of the next part; null when this is the last one"
MOST = 10_000_000


def part_of(
    request: AtlasRequest, rows: Sequence[Any], limit: int, cursor: str, *, bound_to: str = ""
) -> dict[str, Any]:
    """Return the part of the rows that a cursor names, as it is answered.

    Parameters
    ----------
    bound_to
        What else the rows come from than the release, such as a state of the registry.

    Raises
    ------
    BadAddress
        The cursor belongs to another question or another release, or is none.
    """
    seal = _seal(request, bound_to)
    start = _read(cursor, seal, request.release.id) if cursor else 0
    end = start + limit
    return {
        "count": len(rows),
        "limit": limit,
        "next": _write(end, seal) if end < len(rows) else None,
        "items": [asdict(each) for each in rows[start:end]],
    }


def _seal(request: AtlasRequest, bound_to: str) -> str:
    """What a cursor is bound to: the release and the question, save how much of it is wanted."""
    asked = sorted(
        (name, value)
        for name, values in request.GET.lists()
        if name not in ("cursor", "limit", "release")
        for value in values
    )
    text = repr((request.release.id, request.path, asked, *filter(None, (bound_to,))))
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]


def _write(place: int, seal: str) -> str:
    return base64.urlsafe_b64encode(f"{place}.{seal}".encode()).decode().rstrip("=")


def _read(cursor: str, seal: str, release: str) -> int:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        place, _dot, found = (
            base64.urlsafe_b64decode(padded.encode("ascii")).decode().partition(".")
        )
        start = int(place)
    except (ValueError, binascii.Error):
        start, found = -1, ""
    if found != seal or not 0 < start < MOST:
        raise BadAddress(
            "the cursor does not belong to this question",
            value=cursor,
            hint="take it from the answer before, with the same parameters; a new release begins "
            f"anew unless you ask for release={release}",
        )
    return start
