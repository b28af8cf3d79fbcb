"""Many files as one zip that is written while it is sent; memory stays bounded."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

PIECE = 256 * 1024
STAMP = (2000, 1, 1, 0, 0, 0)


class _Outlet:
    """Takes what the zip writes and hands it on; it cannot be sought in."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        """Take a piece."""
        self._held.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """Nothing has to be closed."""

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        piece = b"".join(self._held)
        self._held.clear()
        return piece


def packed(files: Iterable[tuple[str, Path | bytes]]) -> Iterator[bytes]:
    """Return a zip piece by piece; the same files give the same bytes.

    Parameters
    ----------
    files
        Name inside the zip, and the file or what stands in it.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            about = zipfile.ZipInfo(name, STAMP)
            about.external_attr = 0o644 << 16
            if isinstance(content, bytes):
                archive.writestr(about, content)
                yield outlet.taken()
                continue
            with archive.open(about, "w", force_zip64=True) as inside, content.open("rb") as file:
                while piece := file.read(PIECE):
                    inside.write(piece)
                    yield outlet.taken()
            yield outlet.taken()
    yield outlet.taken()
