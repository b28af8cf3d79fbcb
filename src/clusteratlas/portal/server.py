"""Serve the portal with granian, a WSGI server written in Rust."""

from __future__ import annotations

import os
from pathlib import Path

from clusteratlas.portal import store


def serve(place: Path, host: str = "127.0.0.1", port: int = 8000, workers: int = 1) -> None:
    """Serve the atlas at ``place`` until the process is told to stop. Prints nothing itself.

    Parameters
    ----------
    place
        The folder that holds the releases; the portal follows a switch of the current one.
    host, port
        Where to listen. A host other than this machine's own is also allowed as the name the
        portal is asked under, unless ``CLUSTERATLAS_ALLOWED_HOSTS`` says which names are.
    workers
        Processes; one for each core is enough.
    """
    os.environ.setdefault("CLUSTERATLAS_ALLOWED_HOSTS", _allowed(host))
    store.set_up(place)
    from django.conf import settings  # noqa: PLC0415 - only there once Django is set up

    from clusteratlas.portal.operations import serving  # noqa: PLC0415

    serving.hold(settings.STORE)
    store.migrate()

    from granian import Granian  # noqa: PLC0415 - only the server needs it
    from granian.constants import Interfaces  # noqa: PLC0415

    Granian(
        "clusteratlas.portal.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_enabled=False,
    ).serve()


def _allowed(host: str) -> str:
    own = ["127.0.0.1", "localhost", "[::1]"]
    return ",".join(own if host in (*own, "::1", "0.0.0.0", "::") else [*own, host])  # noqa: S104
