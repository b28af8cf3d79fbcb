"""The built styles, scripts and maps: served under an address that changes with their content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

BUILT = Path(__file__).parent / "static" / "built"
"""Where the front end is built to; see assets/README.md."""


@cache
def address_of_built() -> str:
    """Return the address of the built files, with a digest of their content in it.

    A changed file gets a new address, so browsers may keep what they have for good.
    """
    digest = hashlib.sha256()
    if BUILT.is_dir():
        for path in sorted(BUILT.rglob("*")):
            if path.is_file():
                digest.update(str(path.relative_to(BUILT)).encode())
                digest.update(path.read_bytes())
    return f"/static/{digest.hexdigest()[:10]}/"
