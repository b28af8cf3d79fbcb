"""The doctor finds what is wrong, says what to do, and does not fall ill itself."""

from __future__ import annotations

import json
import shutil
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django.fixtures import Settings
from tests.portal.people import organisation, person

from clusteratlas.portal import connections
from clusteratlas.portal.operations.doctor import Verdict, visit
from clusteratlas.portal.operations.doctor import site as site_checks
from clusteratlas.portal.roles import SiteRole


@pytest.fixture
def look(sample_place: Path, settings: Settings, tmp_path: Path) -> Any:
    """What the doctor finds, by check."""
    settings.ATLAS_PLACE = sample_place
    settings.STORE = tmp_path / "store"
    connections.make_key(settings.STORE)

    def found(**how: Any) -> dict[str, Any]:
        return {each.check: each for each in visit(**how)}

    return found


def verdicts(found: dict[str, Any], verdict: Verdict) -> set[str]:
    assert all(each.hint for each in found.values() if each.verdict is not Verdict.OK)
    return {name for name, each in found.items() if each.verdict is verdict}


def test_a_site_of_this_machine_alone_is_in_order(look: Any) -> None:
    found = look()
    assert verdicts(found, Verdict.FAIL) <= {"front end"}
    assert {"release", "checksums", "store", "privacy", "database", "integrity", "tables"} <= (
        verdicts(found, Verdict.OK)
    )
    assert {"administrators", "backup"} <= verdicts(found, Verdict.WARN)


def test_a_public_site_must_be_safe(look: Any, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["atlas.example.org", "*"]
    settings.DEBUG = True
    settings.SECRET_KEY = "short"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.SESSION_COOKIE_SECURE = False
    organisation("fiction")
    organisation("other").__class__.objects.filter(slug="fiction").update(fictional=True)
    found = look()
    assert {"debug", "hosts", "https", "key", "administrators", "mail"} <= (
        verdicts(found, Verdict.FAIL)
    )
    assert {"sender", "demonstration"} <= verdicts(found, Verdict.WARN)
    root = person("root", SiteRole.ADMINISTRATOR)
    settings.SESSION_COOKIE_SECURE = True
    settings.ALLOWED_HOSTS = ["atlas.example.org"]
    found = look()
    assert {"administrators", "https", "hosts"} <= verdicts(found, Verdict.OK)
    assert {"second factor", "proxies"} <= verdicts(found, Verdict.WARN)
    root.second_factor_at = timezone.now()
    root.save()
    assert "second factor" not in look()


def test_what_is_broken_is_found_and_nothing_else_hidden(
    look: Any, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(settings.ATLAS_PLACE, broken, symlinks=True)
    damaged = next(broken.glob("releases/*/indicators.parquet"))
    damaged.write_bytes(damaged.read_bytes() + b"!")
    settings.ATLAS_PLACE = broken
    key = settings.STORE / connections.KEY
    key.chmod(0o644)
    (settings.STORE.parent / "store.before-2026").mkdir()
    (settings.STORE / "last-backup.json").write_text(
        json.dumps({"made_at": "2026-01-01T00:00:00+00:00", "file": "/x.tar.gz"})
    )

    def refuse(*_: object) -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as gone:
        gone.setattr(connection, "cursor", refuse)
        found = look()
    assert {"checksums", "privacy", "database"} <= verdicts(found, Verdict.FAIL)
    assert "indicators.parquet" in found["checksums"].said
    assert {"leftovers", "backup", "people"} <= verdicts(found, Verdict.WARN)
    assert {"store", "age"} <= verdicts(found, Verdict.OK)
    shutil.rmtree(broken)
    settings.STORE = tmp_path / "missing"
    found = look()
    assert {"release", "store"} <= verdicts(found, Verdict.FAIL)
    monkeypatch.setattr(site_checks, "is_public", lambda: 1 / 0)
    assert "ZeroDivisionError" in look()["settings"].said


class Letters(socketserver.StreamRequestHandler):
    """A mail server that takes one message."""

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        body = False
        for line in self.rfile:
            if body:
                body = line != b".\r\n"
                if body:
                    continue
            word = line[:4].upper()
            if word == b"DATA":
                body = True
                self.wfile.write(b"354 go on\r\n")
                continue
            self.server.seen.append(line.strip())  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")


@pytest.fixture
def mail_server() -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Letters) as server:
        server.seen = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


def test_the_mail_server_is_asked(look: Any, settings: Settings, mail_server: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = mail_server.server_address
    settings.EMAIL_TIMEOUT = 5
    assert look()["mail"].verdict is Verdict.OK
    assert not [each for each in mail_server.seen if each.startswith(b"rcpt")]
    assert "test message" in look(send_to="ada@example.org")["mail"].said
    assert [e for e in mail_server.seen if e.lower().startswith(b"rcpt to:<ada@example.org>")]
    settings.EMAIL_PORT = 1
    assert look()["mail"].verdict is Verdict.FAIL
