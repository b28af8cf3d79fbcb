"""The server as the command starts it: ready soon, static files packed, other hosts refused."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from clusteratlas.portal.environment import Environment
from clusteratlas.portal.server import _allowed
from clusteratlas.portal.static_files import BUILT

SERVE = (
    "import sys; from pathlib import Path; from clusteratlas.portal import serve; "
    "serve(Path(sys.argv[1]), '127.0.0.1', int(sys.argv[2]), 1)"
)
READY_WITHIN = 20.0


@pytest.fixture(scope="module")
def port(sample_place: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("CLUSTERATLAS_")
    }
    environment["CLUSTERATLAS_STORE"] = str(tmp_path_factory.mktemp("store"))
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(sample_place), str(number)], env=environment
    )
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if ask(number, "/healthz")[0] == 200:
                break
        except OSError:
            time.sleep(0.1)
    yield number
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) is not None


def ask(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(
            "GET", path, headers={key.replace("_", "-"): value for key, value in headers.items()}
        )
        response = connection.getresponse()
        return (
            response.status,
            {name.lower(): value for name, value in response.getheaders()},
            response.read(),
        )
    finally:
        connection.close()


def test_it_is_ready_and_serves_pages(port: int) -> None:
    assert b"ready, release" in ask(port, "/healthz")[2]
    status, _, page = ask(port, "/regions/us-cbsa/41940/")
    assert status == 200
    assert b"San Jose" in page


@pytest.mark.skipif(
    not BUILT.is_dir(), reason="the front end is not built: cd assets, node build.mjs"
)
def test_built_files_come_packed_and_for_good(port: int) -> None:
    page = ask(port, "/methods/")[2].decode()
    found = re.search(r'href="(/static/[^"]+/atlas\.css)"', page)
    assert found
    status, headers, body = ask(port, found.group(1), accept_encoding="gzip")
    assert status == 200
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == (BUILT / "atlas.css").read_bytes()
    assert "immutable" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"


def test_a_foreign_host_name_is_refused(port: int) -> None:
    assert ask(port, "/", host="evil.example")[0] == 400


@pytest.mark.parametrize(
    "path", ["/static/../settings.py", "/static/%2e%2e/settings.py", "/static/"]
)
def test_nothing_else_is_served_from_the_disk(port: int, path: str) -> None:
    status, _, body = ask(port, path)
    assert status == 404
    assert b"SECRET_KEY" not in body


def test_a_named_host_may_be_asked_by_its_name() -> None:
    assert _allowed("127.0.0.1") == _allowed("0.0.0.0") == "127.0.0.1,localhost,[::1]"
    assert _allowed("atlas.example").endswith(",atlas.example")


def test_the_environment_is_read_and_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTERATLAS_ALLOWED_HOSTS", "atlas.example, www.atlas.example")
    monkeypatch.setenv("CLUSTERATLAS_PLACE", "elsewhere")
    given = Environment()
    assert given.allowed_hosts == ("atlas.example", "www.atlas.example")
    assert given.place == Path("elsewhere")
    assert not given.debug
    monkeypatch.setenv("CLUSTERATLAS_CACHE_MEGABYTES", "much")
    with pytest.raises(ValidationError, match="cache_megabytes"):
        Environment()
