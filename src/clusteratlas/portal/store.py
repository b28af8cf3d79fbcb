"""Make ready what people write into: the folder, the key, the tables of the database."""

from __future__ import annotations

import os
from pathlib import Path

from clusteratlas.portal import connections
from clusteratlas.portal.environment import Environment

SETTINGS = "clusteratlas.portal.settings"


def set_up(place: Path) -> None:
    """Load Django on a place, in this process and those it starts; everything else comes after."""
    os.environ["CLUSTERATLAS_PLACE"] = str(place.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    environment = Environment()
    if environment.secret_key is None or not environment.database.get_secret_value():
        connections.make_key((environment.store or place / "registry").resolve())

    import django  # noqa: PLC0415 - reads the settings, which read the environment

    django.setup()


def migrate() -> None:
    """Bring the tables of the database up to this version; nothing where they are."""
    from django.core.management import call_command  # noqa: PLC0415 - needs `set_up` first

    call_command("migrate", verbosity=0, interactive=False)
