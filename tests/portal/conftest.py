"""A portal that shows the bundled sample, asked through Django's own client."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def _registry(db: None, settings: Settings, tmp_path: Path) -> None:
    """Every test has an empty registry, and sees what it writes at once."""
    settings.REGISTRY_STATE_SECONDS = 0
    settings.STORE = tmp_path


@pytest.fixture
def portal(sample_place: Path, settings: Settings) -> Client:
    settings.ATLAS_PLACE = sample_place
    settings.API_CALLS_A_MINUTE = 0
    return Client()


@pytest.fixture
def unbound(unbound_place: Path, settings: Settings) -> Client:
    """A portal on withheld figures that nothing binds; in a test it stands in for ``portal``."""
    settings.ATLAS_PLACE = unbound_place
    return Client()
