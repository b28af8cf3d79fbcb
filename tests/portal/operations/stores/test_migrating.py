"""The tables go up and down with what they hold, on both databases."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db import models
from django.db.migrations import AddField, AlterField, Migration, RunPython
from django.db.migrations.loader import MigrationLoader
from tests.portal.operations.stores.conftest import registry
from tests.portal.operations.stores.test_backup import fill

from clusteratlas.organisations import load_demonstration
from clusteratlas.portal.operations import migrating
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.tables import InvalidInput

OURS = ("operations", "practice", "meetings", "registry", "accounts")


def tables(connection: Any) -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


def test_up_and_down_with_data(engine: Any, tmp_path: Path) -> None:
    with registry(engine(), "first") as connection:
        fill("first", tmp_path / "store", people=12)
        whole = tables(connection)
        assert migrating.bring(connection) == []
        apps = {app for app, _ in migrating.applied(connection)}
        downs = [each for each in OURS if each in apps]
        for app in downs:
            planned = migrating.steps(connection, [(app, migrating.ZERO)])
            done = migrating.bring(connection, [(app, migrating.ZERO)])
            assert done == planned
            assert all(each.down for each in done)
            assert not [name for name in tables(connection) if name.startswith(f"{app}_")]
        again = migrating.bring(connection)
        assert {each.app for each in again} >= set(downs)
        assert tables(connection) == whole
        assert not Organisation.objects.using("first").exists()
        fill("first", tmp_path / "store")


def test_each_version_between_can_be_stood_on(engine: Any, tmp_path: Path) -> None:
    """Down to every version of every app and up again keeps what older versions hold."""
    with registry(engine(), "first") as connection:
        fill("first", tmp_path / "store")
        for app, name in sorted(migrating.applied(connection), reverse=True):
            if app in OURS and not name.startswith("0001"):
                migrating.bring(connection, [(app, name)])
                migrating.bring(connection)
        assert Organisation.objects.using("first").count() == 3


def test_versions_are_named_by_their_beginning(engine: Any) -> None:
    with migrating.opened(engine(), "first") as connection:
        assert migrating.target(connection, "registry", "0001") == ("registry", "0001_initial")
        assert migrating.target(connection, "registry", "zero") == ("registry", "zero")
        for app, number in (("registri", "0001"), ("registry", "9"), ("registry", "")):
            with pytest.raises(InvalidInput, match="one of"):
                migrating.target(connection, app, number)


def _later(apps: Any, editor: Any) -> None:
    """What a change of the profile's schema does: every profile is read, changed and written."""
    held = apps.get_model("registry", "organisation")._base_manager.using(editor.connection.alias)
    for each in held.iterator(1_000):
        # Row by row: `bulk_update` builds a case for each row and takes several times as long.
        held.filter(pk=each.pk).update(
            published={**each.published, "website": "https://example.org/"}
        )


class Later(Migration):
    """A change such as a later version brings: a new column, a longer one, every row rewritten."""

    operations: ClassVar = [
        AddField("organisation", "later", models.IntegerField(default=0)),
        AlterField("organisation", "name", models.CharField(max_length=300)),
        RunPython(_later, RunPython.noop),
    ]


@pytest.mark.proof
def test_a_hundred_thousand_profiles_in_a_minute(engine: Any) -> None:
    """A later version with 100,000 organisations, each with a profile: up and down."""
    with registry(engine(), "first") as connection:
        kept = [each.model_dump(mode="json") for each in load_demonstration()]
        Organisation.objects.using("first").bulk_create(
            (
                Organisation(slug=f"o-{n}", name=f"O {n}", published=kept[n % len(kept)], version=1)
                for n in range(100_000)
            ),
            batch_size=2_000,
        )
        later = Later("0999_later", "registry")
        loader = MigrationLoader(connection)
        start = time.monotonic()
        with connection.schema_editor(atomic=True) as editor:
            later.apply(loader.project_state(), editor)
        up = time.monotonic() - start
        with connection.schema_editor(atomic=True) as editor:
            later.unapply(loader.project_state(), editor)
        down = time.monotonic() - start - up
        print(f"{connection.vendor}: up {up:.1f} s, down {down:.1f} s")
        held = Organisation.objects.using("first")
        assert held.count() == 100_000
        assert held.get(slug="o-99999").published["website"] == "https://example.org/"
        assert up <= 60
        assert down <= 60
