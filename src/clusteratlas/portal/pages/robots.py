"""What search engines leave alone: addresses without end, and other forms of the same page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clusteratlas.portal.language import prefix

WITHOUT_LANGUAGE = ("/api/v1/", "/download/", "/*?release=", "/*&release=")
IN_EACH_LANGUAGE = (
    "/builder/*?",
    "/cite/",
    "/compare/*?",
    "/definitions/own/*?",
    "/embed/",
    "/map/*?",
    "/rankings/*?",
    "/search/",
)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Name what crawlers should not walk through; all else may be read."""
    paths = [f"{prefix(code)}{path}" for code, _ in settings.LANGUAGES for path in IN_EACH_LANGUAGE]
    lines = ["User-agent: *", *(f"Disallow: {each}" for each in (*WITHOUT_LANGUAGE, *paths))]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
