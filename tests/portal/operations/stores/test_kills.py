"""A process that dies in the middle of edits loses none that it has acknowledged."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.portal.operations.stores.conftest import registry

from clusteratlas.portal import connections
from clusteratlas.portal.accounts.models import AuditEntry
from clusteratlas.portal.operations import migrating
from clusteratlas.portal.registry.models import Organisation, Revision

WRITER = Path(__file__).with_name("writer.py")


def test_ten_kills_lose_no_edit(engine: Any, tmp_path: Path) -> None:
    kill(engine, tmp_path, 10)


@pytest.mark.proof
def test_a_hundred_kills_lose_no_edit(engine: Any, tmp_path: Path) -> None:
    kill(engine, tmp_path, 100)


def kill(engine: Any, tmp_path: Path, times: int) -> None:
    told = engine("killed")
    store = tmp_path / "killed" / connections.STORE
    profile = {"name": "Optics"}
    with registry(told, "first"):
        rows = Organisation.objects.using("first")
        rows.create(slug="optics", name="Optics", draft=profile, version=1)
    kept = {name: text for name, text in os.environ.items() if "CLUSTERATLAS_" not in name}
    kept |= {"CLUSTERATLAS_PLACE": str(store.parent), "DJANGO_SETTINGS_MODULE": ""}
    if engine.kind == "postgresql":
        address = f"{told['USER']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
        kept["CLUSTERATLAS_DATABASE"] = f"postgresql://{address}"
    process = subprocess.Popen(
        [sys.executable, str(WRITER)],
        env={**kept, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    chance, acknowledged = random.Random(7), 1
    try:
        for _ in range(times):
            process.stdin.write("go\n")
            process.stdin.flush()
            pid, after = 0, acknowledged + chance.randint(1, 25)
            for line in process.stdout:
                word, _space, number = line.strip().partition(" ")
                if word == "dead":
                    break
                pid = int(number) if word == "pid" else pid
                acknowledged = int(number) if word == "kept" else acknowledged
                if pid and acknowledged >= after:
                    os.kill(pid, signal.SIGKILL)
                    after = 10**9
            with migrating.opened(told, "first"):
                whole(acknowledged)
                acknowledged = Organisation.objects.using("first").get().version
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(timeout=30)


def whole(acknowledged: int) -> None:
    """Every acknowledged edit is there, and none is there by half."""
    row = Organisation.objects.using("first").get()
    assert row.version >= acknowledged
    assert row.version <= acknowledged + 1, "more was kept than was begun"
    revisions = Revision.objects.using("first")
    assert revisions.count() == row.version - 1
    assert AuditEntry.objects.using("first").count() == row.version - 1
    if row.version > 1:
        last = revisions.get(version=row.version)
        assert last.profile["town"] == row.draft["town"] == f"Town {row.version}"
