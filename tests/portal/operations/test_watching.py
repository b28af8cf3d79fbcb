"""Health, readiness, the log and the usage figures, and what visitors see when a part is gone."""

from __future__ import annotations

import csv
import datetime
import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django.fixtures import Settings
from tests.portal.people import person, signed_in

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.operations import usage
from clusteratlas.portal.operations.logs import JsonLine, TextLine, request_id
from clusteratlas.portal.operations.models import UsageCount
from clusteratlas.portal.roles import SiteRole

REGION = "/regions/us-cbsa/41940/"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the portal logs as JSON."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLine())
    logger = logging.getLogger("clusteratlas.portal")
    asked = logging.getLogger("clusteratlas.portal.requests")
    before = asked.level
    logger.addHandler(handler)
    asked.setLevel(logging.INFO)
    yield out
    logger.removeHandler(handler)
    asked.setLevel(before)


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database that does not answer."""

    def refuse(*_: object) -> None:
        raise OperationalError("connection refused: secret-host")

    for name in ("cursor", "chunked_cursor", "connect"):
        monkeypatch.setattr(connection, name, refuse)
    yield
    monkeypatch.undo()


def test_healthy_and_ready(portal: Client) -> None:
    assert portal.get("/healthz").content.startswith(b"ready, release ")
    assert portal.get("/readyz").content == (
        b"ready, release ok, database ok, tables ok, store ok\n"
    )
    said = portal.get("/readyz", headers={"accept": "application/json"})
    assert said.json() == {
        "ready": True,
        "release": "ok",
        "database": "ok",
        "tables": "ok",
        "store": "ok",
    }
    assert said.headers["Cache-Control"] == "no-store"


def test_what_is_not_ready_is_named(portal: Client, settings: Settings, tmp_path: Path) -> None:
    settings.STORE = tmp_path / "missing"
    settings.ATLAS_PLACE = tmp_path / "nothing"
    answer = portal.get("/readyz", headers={"accept": "application/json"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    said = answer.json()
    assert said["store"] == "the store cannot be written to"
    assert said["database"] == "ok"
    assert portal.get("/healthz").status_code == 503


def test_the_map_is_read_while_the_database_is_gone(
    portal: Client, gone: None, lines: io.StringIO
) -> None:
    ready = portal.get("/readyz")
    assert (ready.status_code, b"database does not answer" in ready.content) == (503, True)
    for path in ("/", "/map/", REGION, "/clusters/us-benchmark-2014/23/", "/de/regions/"):
        assert portal.get(path).status_code == 200, path
    answer = portal.get("/account/sign-in/")
    assert answer.status_code in (200, 503)
    assert "secret-host" not in answer.content.decode()


def test_what_needs_the_database_says_when_to_try_again(
    portal: Client, monkeypatch: pytest.MonkeyPatch, lines: io.StringIO
) -> None:
    client = signed_in(person("root", SiteRole.ADMINISTRATOR))
    client.raise_request_exception = False
    assert client.get("/operations/usage/").status_code == 200
    with monkeypatch.context() as broken:

        def refuse(*_: object) -> None:
            raise OperationalError("database is locked: secret-host")

        for name in ("cursor", "chunked_cursor", "connect"):
            broken.setattr(connection, name, refuse)
        answer = client.get("/operations/usage/")
        assert client.get(REGION).status_code == 200, "a kept page needs no session"
    text = answer.content.decode()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "try again" in text
    assert "Traceback" not in text
    assert "secret-host" not in text
    assert "database is locked" in lines.getvalue()
    assert client.get("/operations/usage/").status_code == 200, "it comes back by itself"


def test_a_full_disk_is_said_as_such(portal: Client) -> None:
    """SQLite itself says that nothing more fits, and that it may not write."""
    client = Client(raise_request_exception=False)
    user = person("ada", SiteRole.ADMINISTRATOR)
    user.set_password("longer-than-twelve-letters")
    user.save()
    with connection.cursor() as cursor:
        cursor.execute("pragma query_only = 1")
    try:
        answer = client.post(
            "/account/sign-in/",
            {"email": "ada@example.org", "username": "ada@example.org", "password": "wrong-one"},
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("pragma query_only = 0")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "Traceback" not in answer.content.decode()
    assert User.objects.count() == 1


def test_a_line_of_the_log_tells_the_route_and_no_address(
    portal: Client, lines: io.StringIO, settings: Settings
) -> None:
    for path in (REGION, f"/de{REGION}", REGION, "/search/?q=ada@example.org", "/no/such/page/"):
        assert re.fullmatch(r"[0-9a-f]{16}", portal.get(path).headers["X-Request-ID"])
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    asked = [line for line in told if line["logger"].endswith("requests")]
    assert [line["route"] for line in asked] == [
        "/regions/<str:scheme>/<str:region>/",
        "/regions/<str:scheme>/<str:region>/",
        "/regions/<str:scheme>/<str:region>/",
        "/search/",
        "none",
    ]
    assert [line["status"] for line in asked] == [200, 200, 200, 200, 404]
    assert all(line["milliseconds"] >= 0 and line["method"] == "GET" for line in asked)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", line["time"]) for line in asked)
    assert "ada@example.org" not in lines.getvalue()
    assert "41940" not in lines.getvalue()
    # A name is believed from our own proxy alone, and only where it is one.
    given = {"x-request-id": "from-proxy-1"}
    assert portal.get(REGION, headers=given).headers["X-Request-ID"] != "from-proxy-1"
    settings.PROXIES = 1
    assert portal.get(REGION, headers=given).headers["X-Request-ID"] == "from-proxy-1"
    assert "{" not in portal.get(REGION, headers={"x-request-id": "{}"}).headers["X-Request-ID"]


def test_a_fault_stands_on_one_line_of_json() -> None:
    token = request_id.set("r1")
    try:
        try:
            raise ValueError("ünexpected\nthing")
        except ValueError as error:
            record = logging.LogRecord(
                "x", logging.ERROR, "", 1, "broke %s", ("it",), (type(error), error, None)
            )
        line = JsonLine().format(record)
        assert "\n" not in line
        assert json.loads(line)["request"] == "r1"
        assert "ünexpected" in json.loads(line)["trace"]
        assert "ERROR x broke it [r1]\nValueError" in TextLine().format(record)
    finally:
        request_id.reset(token)


@pytest.fixture
def counted() -> Iterator[usage.Buffer]:
    usage.buffer._counts.clear()
    yield usage.buffer
    usage.buffer._counts.clear()


def test_pages_are_counted_by_route_and_country_of_the_language(
    portal: Client, counted: usage.Buffer
) -> None:
    for language in ("de-AT,de;q=0.9", "de-AT", "de", "", "zz-QQ", "en-US-u-ca-x"):
        portal.get(REGION, headers={"accept-language": language})
    for headers in ({"dnt": "1"}, {"sec-gpc": "1"}, {"user-agent": "Some Bot/1.0"}):
        portal.get(REGION, headers={"accept-language": "de-AT", **headers})
    portal.get("/healthz")
    portal.get("/no/such/page/")
    portal.post(REGION)
    assert counted.flush() == 6
    route = "/regions/<str:scheme>/<str:region>/"
    held = {(each.route, each.country): each.count for each in UsageCount.objects.all()}
    assert held == {(route, "AT"): 2, (route, ""): 4}
    portal.get(f"/de{REGION}", headers={"accept-language": "fr-AT"})
    assert counted.flush() == 1
    assert UsageCount.objects.get(country="AT").count == 3


def test_counts_wait_while_the_database_is_gone(
    portal: Client, counted: usage.Buffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.get(REGION)
    with monkeypatch.context() as broken:
        broken.setattr(usage, "_add", _refuse)
        assert counted.flush() == 0
    assert not UsageCount.objects.exists()
    assert counted.flush() == 1


def _refuse(*_: object) -> None:
    raise OperationalError("locked")


def test_small_counts_are_not_shown(portal: Client) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    for country, count in (("AT", 7), ("LI", 4), ("", 1_200)):
        UsageCount.objects.create(day=today, route="/map/", country=country, count=count)
    old = today - datetime.timedelta(days=40)
    UsageCount.objects.create(day=old, route="/gone/", country="FR", count=99)
    assert portal.get("/operations/usage/").status_code in (302, 403)
    client = signed_in(person("root", SiteRole.ADMINISTRATOR))
    text = client.get("/operations/usage/").content.decode()
    assert "1,211" in text
    assert "Austria" in text
    assert re.search(r"Liechtenstein</th>.{0,40}fewer than 5", text)
    assert "/gone/" not in text
    assert "/gone/" in client.get("/operations/usage/?days=365").content.decode()
    assert client.get("/operations/usage/?days=3").status_code == 400
    answer = client.get("/operations/usage.csv")
    assert answer.headers["Cache-Control"] == "private, no-store"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    said = {row["name"]: (row["views"], row["fewer_than"]) for row in rows}
    assert said == {
        "/map/": ("1211", ""),
        "unknown": ("1200", ""),
        "AT": ("7", ""),
        "LI": ("", "5"),
    }
    assert usage.forget(today) == 1
