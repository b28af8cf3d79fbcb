"""The offices' figures where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "us"


@pytest.fixture(scope="session")
def figures() -> Path:
    """The American figures outside the project."""
    if not SHARED.is_dir():
        pytest.skip("the offices' figures are not at hand in ../shared")
    return SHARED
