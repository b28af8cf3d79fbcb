"""Does the process answer, and is everything ready that it needs? For those who watch over it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clusteratlas.portal.current import current_release
from clusteratlas.portal.errors import REFERENCE, RETRY_SECONDS, NoAtlas

JSON = "application/json"


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 with the release when one is open, else 503 with a sentence."""
    try:
        return _answer(request, True, {"release": current_release().id})
    except NoAtlas as error:
        return _answer(request, False, {"release": error.fault.problem})


@require_safe
def readiness(request: HttpRequest) -> HttpResponse:
    """Answer 200 where everything that pages need is there, else 503 with what is not."""
    checks: dict[str, Callable[[], str]] = {
        "release": _release,
        "database": _database,
        "tables": _tables,
        "store": _store,
    }
    faults = {name: fault for name, check in checks.items() if (fault := check())}
    said = {name: faults.get(name, "ok") for name in checks}
    return _answer(request, not faults, said, faults)


def _answer(
    request: HttpRequest,
    ready: bool,
    said: dict[str, str],
    faults: dict[str, str] | None = None,
) -> HttpResponse:
    if JSON in request.headers.get("Accept", ""):
        text, kind = json.dumps({"ready": ready, **said}), JSON
    else:
        text, kind = _line(ready, said if ready else faults or said), "text/plain"
    status = 200 if ready else 503
    response = HttpResponse(f"{text}\n", status=status, content_type=f"{kind}; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers[REFERENCE] = "health"
    if not ready:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _line(ready: bool, told: dict[str, str]) -> str:
    if not ready:
        return f"not ready: {', '.join(told.values())}"
    return ", ".join(["ready", *(f"{name} {text}" for name, text in told.items())])


def _release() -> str:
    try:
        current_release()
    except NoAtlas as error:
        return error.fault.problem
    return ""


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return "the database does not answer"
    return ""


def _tables() -> str:
    from clusteratlas.portal.operations import migrating  # noqa: PLC0415 - late as the page itself

    try:
        behind = len(migrating.steps(connection))
    except DatabaseError:
        return "the tables cannot be read"
    return f"{behind} changes of the tables are to be made" if behind else ""


def _store() -> str:
    store: Path = settings.STORE
    try:
        with tempfile.TemporaryFile(dir=store) as file:
            file.write(b"ready")
            file.flush()
    except OSError:
        return "the store cannot be written to"
    return ""
