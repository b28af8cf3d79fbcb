"""What several rooms' tests share: the bundled sample, built once a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clusteratlas.atlas import Release, build, open_release, sample_datasets


@pytest.fixture(scope="session")
def sample_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place whose current release is the bundled sample. Read it, never build into it."""
    place = tmp_path_factory.mktemp("atlas")
    build(sample_datasets(), place).close()
    return place


@pytest.fixture(scope="session")
def sample_release(sample_place: Path) -> Iterator[Release]:
    """The bundled sample, open for reading."""
    release = open_release(sample_place)
    yield release
    release.close()
