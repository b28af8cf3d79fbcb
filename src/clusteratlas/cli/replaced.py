"""Write a file so that it is there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import typer


def refuse_replacing(
    out: Path | None,
    given: Iterable[Path | None],
    told: str = "the result would replace a file that is read: change --out",
) -> None:
    """Refuse to write over a file that is read."""
    if out is None or not out.exists():
        return
    for path in given:
        if path is not None and path.exists() and out.samefile(path):
            raise typer.BadParameter(told)


@contextmanager
def replaced(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write that takes the place of ``path`` only when it is whole."""
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        mask = os.umask(0)
        os.umask(mask)
        Path(draft).chmod(0o666 & ~mask)
        os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
