"""What several rooms' tests share: the bundled sample, built once a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.atlas.made_up import gappy, made_up

from clusteratlas.atlas import Release, build, filling, open_release, sample_datasets


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


@pytest.fixture(scope="session")
def filled_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with fourteen districts whose withheld cells are filled, in one of two years."""
    place = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            filling,
            "fill",
            lambda dataset, year: made_up(dataset, year) if year == 2020 else None,
        )
        build([gappy(2019, 2020)], place).close()
    return place


@pytest.fixture(scope="session")
def filled_release(filled_place: Path) -> Iterator[Release]:
    """The districts, open for reading."""
    release = open_release(filled_place)
    yield release
    release.close()
