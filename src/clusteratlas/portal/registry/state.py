"""Which state of the registry the public sees; finished pages are kept for one state of it."""

from __future__ import annotations

import logging
import secrets
import threading
import time

from django.conf import settings
from django.db import DatabaseError, transaction

from clusteratlas.portal.registry.models import RegistryState

log = logging.getLogger("clusteratlas.portal")
NOTHING = "none"
_ROW = 1


class _Seen:
    """What was read last, for all threads of the process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.token = NOTHING
        self.until = 0.0
        self.changes = 0


_seen = _Seen()


def bump() -> None:
    """Say that the public sees something else from now on; call it in the same transaction."""
    RegistryState.objects.update_or_create(pk=_ROW, defaults={"token": secrets.token_hex(8)})
    _look_again()
    # A thread that looked before the transaction ended has found the state before it.
    transaction.on_commit(_look_again)


def _look_again() -> None:
    with _seen.lock:
        _seen.until = 0.0
        _seen.changes += 1


def current() -> str:
    """Return the state of now; a process may be a second behind another one.

    Where the database does not answer the last state known stays, so that the map can be read.
    """
    with _seen.lock:
        if time.monotonic() < _seen.until:
            return _seen.token
        changes = _seen.changes
    try:
        token = RegistryState.objects.values_list("token", flat=True).filter(pk=_ROW).first()
    except DatabaseError as error:
        log.warning("the registry cannot be read: %s", error)
        token = _seen.token
    with _seen.lock:
        _seen.token = token or NOTHING
        if changes == _seen.changes:  # else it changed while it was read: look again next time
            _seen.until = time.monotonic() + settings.REGISTRY_STATE_SECONDS
        return _seen.token
