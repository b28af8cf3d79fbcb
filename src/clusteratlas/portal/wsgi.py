"""The WSGI application: built files straight from memory, everything else through Django."""

from __future__ import annotations

import os
from typing import Any

from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusteratlas.portal.settings")

from clusteratlas.portal.static_files import BUILT, address_of_built

FOR_GOOD = 31_536_000


def _headers(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


_portal = get_wsgi_application()

from clusteratlas.portal.operations import usage  # noqa: E402 - its tables need Django first

usage.start()
application = WhiteNoise(
    _portal,
    root=BUILT if BUILT.is_dir() else None,
    prefix=address_of_built(),
    max_age=FOR_GOOD,
    immutable_file_test=lambda path, url: True,
    add_headers_function=_headers,
    allow_all_origins=False,
)
