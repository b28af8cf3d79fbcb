"""A file that somebody sent, kept just long enough to be read by another process."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

LONGEST_NAME = 100


def shown_name(sent: UploadedFile[bytes]) -> str:
    """Return the name of the file as faults show it: without folders, not too long."""
    return Path(sent.name or "file").name[:LONGEST_NAME]


@contextmanager
def kept_for_reading(sent: UploadedFile[bytes]) -> Iterator[Path]:
    """Give the place of the file, in a folder that goes away with the block."""
    with tempfile.TemporaryDirectory(prefix="clusteratlas-") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as held:
            for chunk in sent.chunks():
                held.write(chunk)
        yield path
