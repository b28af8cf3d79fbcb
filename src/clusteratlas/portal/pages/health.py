"""Is the portal ready? For those who watch over it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clusteratlas.portal.current import current_release
from clusteratlas.portal.errors import REFERENCE, NoAtlas


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 with the release when one is open, else 503 with a sentence."""
    try:
        said, status = f"ready, release {current_release().id}", 200
    except NoAtlas as error:
        said, status = f"not ready: {error.fault.problem}", 503
    response = HttpResponse(f"{said}\n", status=status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers[REFERENCE] = "health"
    return response
