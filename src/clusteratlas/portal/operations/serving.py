"""Who works on a store: the portal that serves it, or a restore that puts another one there."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clusteratlas.tables import CannotAnswer

LOCK = ".serving"


def hold(store: Path) -> int:
    """Say that this process and those it starts serve the store, until it ends.

    Returns
    -------
    int
        The handle that holds it; the system lets go of it when the process is gone, however.

    Raises
    ------
    CannotAnswer
        If a restore is at work.
    """
    store.mkdir(parents=True, exist_ok=True)
    handle = os.open(store / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise CannotAnswer(
            "a backup is being restored here", value=str(store), hint="wait until it is done"
        ) from None
    return handle


@contextmanager
def alone(store: Path) -> Iterator[None]:
    """Keep the portal from serving the store within the block.

    Raises
    ------
    CannotAnswer
        If the portal serves it now.
    """
    if not store.is_dir():
        yield
        return
    handle = os.open(store / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise CannotAnswer(
            "the portal is running on this store", value=str(store), hint="stop it, then restore"
        ) from None
    try:
        yield
    finally:
        os.close(handle)
