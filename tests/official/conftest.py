"""A publisher on this machine, and the offices' figures where they are at hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .publisher import Publisher

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@pytest.fixture
def server() -> Iterator[Publisher]:
    """A server that stands in for every publisher."""
    server = Publisher()
    yield server
    server.close()


@pytest.fixture
def figures() -> Path:
    """The offices' figures outside the project."""
    if not SHARED.is_dir():
        pytest.skip("the offices' figures are not at hand in ../shared")
    return SHARED
