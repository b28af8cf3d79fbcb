"""What all pages share: the frame round their content."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from clusteratlas.portal.current import AtlasRequest


def page(
    request: AtlasRequest, template: str, *, section: str = "", **content: Any
) -> HttpResponse:
    """Render a page. ``section`` is the entry of the main navigation that it belongs to."""
    return render(
        request,
        template,
        {"section": section, "release": request.release, "query": "", **content},
    )
