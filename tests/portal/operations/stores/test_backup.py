"""A backup holds everything and goes back whole, into either database, or not at all."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import stat
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from tests.portal.operations.stores.conftest import registry
from tests.portal.postgres import Server

from clusteratlas.organisations import load_demonstration
from clusteratlas.portal import connections
from clusteratlas.portal.accounts.models import AuditEntry, User
from clusteratlas.portal.operations import archive, migrating, rows, serving
from clusteratlas.portal.operations.backup import back_up
from clusteratlas.portal.operations.restoring import Target, restore, verify
from clusteratlas.portal.registry.models import Membership, Organisation, Revision
from clusteratlas.tables import CannotAnswer, InvalidInput

PDF = b"%PDF-1.7 a report"


def fill(alias: str, store: Path, people: int = 3) -> None:
    """Put people, organisations with long and odd texts, and a file into a registry."""
    store.mkdir(parents=True, exist_ok=True)
    connections.make_key(store)
    (store / "files").mkdir(exist_ok=True)
    (store / "files" / "a1b2c3.pdf").write_bytes(PDF)
    ada = User.objects.db_manager(alias).create_user("ada@example.org", "longer-than-twelve")
    for place, profile in enumerate(load_demonstration()[:people]):
        kept = profile.model_dump(mode="json")
        made = Organisation.objects.using(alias).create(
            slug=f"o-{place}", name=f"Ünïcode ‘{place}’ \U0001f52c\n", published=kept, version=1
        )
        Revision.objects.using(alias).create(organisation=made, version=1, profile=kept, author=ada)
        Membership.objects.using(alias).create(user=ada, organisation=made, role=3)
    AuditEntry.objects.using(alias).create(person=ada, action="test", details={"a": [1, None]})


def content(connection: BaseDatabaseWrapper) -> list[str]:
    """Every row of a registry, as lines that compare."""
    out = io.BytesIO()
    tables = migrating.models_at(connection, migrating.applied(connection))
    rows.write(connection, [each for each in tables if "migration" not in rows.name_of(each)], out)
    lines = out.getvalue().splitlines()
    return sorted(json.dumps(json.loads(each), sort_keys=True) for each in lines)


@pytest.fixture
def filled(engine: Any, tmp_path: Path) -> Iterator[tuple[BaseDatabaseWrapper, Path]]:
    """A registry with something in it, and its place."""
    place = tmp_path / "first"
    with registry(engine(), "first") as connection:
        fill("first", place / connections.STORE)
        yield connection, place


def back(connection: BaseDatabaseWrapper, place: Path, file: Path, **how: Any) -> Any:
    return back_up(file, connection, store=place / connections.STORE, place=place, **how)


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_it_goes_back_whole_into_either_database(
    filled: Any, into: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    connection, place = filled
    file = tmp_path / "atlas.tar.gz"
    made = back(connection, place, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert made.manifest.rows["registry.organisation"] == 3
    assert made.manifest.rows["accounts.user"] == 1
    assert list(tmp_path.glob(".*")) == [], "something half-made was left"
    assert verify(file, tmp_path) == made.manifest
    store = tmp_path / "second" / connections.STORE
    if into == "sqlite":
        database = connections.sqlite(store / connections.SQLITE)
    else:
        server: Server = request.getfixturevalue("postgres")
        database = server.database("restored")
    target = Target(tmp_path / "second", store, database)
    done = restore(file, target)
    assert done.kept is None
    assert (store / "files" / "a1b2c3.pdf").read_bytes() == PDF
    key = (place / connections.STORE / connections.KEY).read_bytes()
    assert (store / connections.KEY).read_bytes() == key
    with migrating.opened(database, "second") as again:
        assert content(again) == content(connection)
        assert migrating.steps(again) == []
        # New rows go on above the old ones, and the old password still holds.
        assert Organisation.objects.using("second").create(slug="new", name="New").pk > 3
        assert User.objects.using("second").get().check_password("longer-than-twelve")
    with pytest.raises(CannotAnswer, match="a registry already"):
        restore(file, target)
    again_done = restore(file, target, replace=True)
    assert again_done.kept is not None
    with migrating.opened(database, "second") as again:
        assert content(again) == content(connection)
    if into == "postgresql":
        kept = archive.unpack(again_done.kept / "before.tar.gz", _new(tmp_path / "kept"))
        assert kept.rows["registry.organisation"] == 4
    else:
        with sqlite3.connect(again_done.kept / connections.SQLITE) as old:
            assert old.execute("select count(*) from registry_organisation").fetchone() == (4,)
        old.close()


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_a_backup_is_of_one_moment_while_others_write(tmp_path: Path) -> None:
    """Every organisation is written with its first revision; a backup never has one alone."""
    place = tmp_path / "first"
    store = place / connections.STORE
    store.mkdir(parents=True)
    with registry(connections.sqlite(store / connections.SQLITE), "first") as connection:
        fill("first", store)
        stop = threading.Event()

        def write() -> None:
            with sqlite3.connect(store / connections.SQLITE, timeout=10) as other:
                number = 100
                while not stop.is_set() and number < 5_000:
                    number += 1
                    other.execute("begin immediate")
                    other.execute(
                        "insert into accounts_auditentry (at, action, subject, details) "
                        "values ('2026-01-01', 'one', ?, '{}'), ('2026-01-01', 'two', ?, '{}')",
                        (str(number), str(number)),
                    )
                    other.commit()
            other.close()

        writer = threading.Thread(target=write)
        writer.start()
        try:
            back(connection, place, tmp_path / "a.tar.gz")
        finally:
            stop.set()
            writer.join()
    folder = _new(tmp_path / "out")
    archive.unpack(tmp_path / "a.tar.gz", folder)
    with sqlite3.connect(folder / archive.SQLITE) as kept:
        found = dict(
            kept.execute("select action, count(*) from accounts_auditentry group by 1").fetchall()
        )
    kept.close()
    assert found.get("one", 0) == found.get("two", 0)


def test_refusals_leave_everything_as_it_was(filled: Any, tmp_path: Path) -> None:
    connection, place = filled
    file = tmp_path / "atlas.tar.gz"
    back(connection, place, file)
    before = file.read_bytes()
    with pytest.raises(CannotAnswer, match="there already"):
        back(connection, place, file)
    assert file.read_bytes() == before
    assert back(connection, place, file, replace=True).size == file.stat().st_size
    store = place / connections.STORE
    target = Target(place, store, connection.settings_dict)
    handle = serving.hold(store)
    try:
        with pytest.raises(CannotAnswer, match="running"):
            restore(file, target, replace=True)
    finally:
        import os

        os.close(handle)
    told = content(connection)
    damaged = tmp_path / "damaged.tar.gz"
    _rewritten(file, damaged, lambda name, data: data[:-1] + b"?" if "files" in name else data)
    with pytest.raises(InvalidInput, match="checksum is another one"):
        restore(damaged, target, replace=True)
    lost = tmp_path / "lost.tar.gz"
    _rewritten(file, lost, _one_more_row)
    with pytest.raises(Exception, match="rows are missing"):
        restore(lost, target, replace=True)
    newer = tmp_path / "newer.tar.gz"
    _rewritten(file, newer, _of_a_newer_version)
    with pytest.raises(InvalidInput, match="does not know"):
        restore(newer, target, replace=True)
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(before[: len(before) // 2])
    with pytest.raises(InvalidInput, match=r"no whole backup|manifest"):
        restore(cut, target, replace=True)
    assert content(connection) == told
    assert not list(place.glob(".restoring-*"))


def _rewritten(source: Path, goal: Path, change: Any) -> None:
    with tarfile.open(source) as old, tarfile.open(goal, "w:gz") as new:
        for member in old:
            data = change(member.name, old.extractfile(member).read())  # type: ignore[union-attr]
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))


def _one_more_row(name: str, data: bytes) -> bytes:
    if name != archive.MANIFEST:
        return data
    said = json.loads(data)
    said["rows"]["registry.organisation"] += 1
    return json.dumps(said).encode()


def _of_a_newer_version(name: str, data: bytes) -> bytes:
    if name != archive.MANIFEST:
        return data
    said = json.loads(data)
    said["migrations"].append(["registry", "0999_later"])
    return json.dumps(said).encode()


HOSTILE = [
    ("../escaped", tarfile.REGTYPE),
    ("/etc/escaped", tarfile.REGTYPE),
    ("files/../../escaped", tarfile.REGTYPE),
    ("files/.hidden", tarfile.REGTYPE),
    ("files/a/b/c", tarfile.REGTYPE),
    ("releases/current/x.parquet", tarfile.REGTYPE),
    ("files/link", tarfile.SYMTYPE),
    ("files/hard", tarfile.LNKTYPE),
    ("files/pipe", tarfile.FIFOTYPE),
    ("files/device", tarfile.CHRTYPE),
    ("files", tarfile.DIRTYPE),
    ("files/nul\0name", tarfile.REGTYPE),
]


@pytest.mark.parametrize(("name", "kind"), HOSTILE)
def test_a_hostile_archive_is_refused(name: str, kind: bytes, tmp_path: Path) -> None:
    file = tmp_path / "hostile.tar.gz"
    with tarfile.open(file, "w:gz") as tar:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "../../etc/passwd"
        if kind == tarfile.REGTYPE:
            info.size = 4
            tar.addfile(info, io.BytesIO(b"evil"))
        else:
            tar.addfile(info)
    with pytest.raises(InvalidInput):
        verify(file, _new(tmp_path / "inside"))
    assert not (tmp_path / "escaped").exists()
    assert not list((tmp_path / "inside").iterdir())


def test_what_is_no_archive_is_said(tmp_path: Path) -> None:
    for name, data in (
        ("text", b"no archive"),
        ("zeros", gzip.compress(bytes(2_000))),
        ("empty", b""),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InvalidInput, match=r"whole backup|manifest"):
            verify(tmp_path / name, tmp_path)
    with pytest.raises(FileNotFoundError):
        verify(tmp_path / "missing", tmp_path)
