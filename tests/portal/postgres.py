"""A PostgreSQL server of the tests' own: in a temporary folder, gone with the tests."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from clusteratlas.portal import connections

USER = "postgres"
READY_WITHIN = 30.0


@dataclass(frozen=True)
class Server:
    """A running server in which each test makes a database of its own."""

    port: int

    def address(self, name: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"

    def database(self, name: str) -> dict[str, Any]:
        """Django's settings of a database that is made anew, empty."""
        import psycopg

        with psycopg.connect(self.address("postgres"), autocommit=True) as server:
            server.execute(f'drop database if exists "{name}" with (force)')
            server.execute(f'create database "{name}"')
        return connections.database(self.address(name), Path())


def programs() -> Path | None:
    """The folder of the server's programs, or nothing where it is not installed."""
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True):
        return found.parent
    found_on_path = shutil.which("initdb")
    return Path(found_on_path).resolve().parent if found_on_path else None


@contextmanager
def started() -> Iterator[Server]:
    """Start a server; it stops with the block. Runs as its own user where we are root."""
    bin_ = programs()
    if bin_ is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed (extra postgres)")
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        try:
            entry = pwd.getpwnam(USER)
        except KeyError:
            pytest.skip("root may not run PostgreSQL and there is no user postgres")
        who = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    folder = Path(tempfile.mkdtemp(prefix="atlas-pg-", dir="/tmp"))
    try:
        if who:
            os.chown(folder, who["user"], who["group"])
        data = folder / "data"
        subprocess.run(
            [bin_ / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **who,
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        settings = ["-h", "127.0.0.1", "-k", str(folder), "-p", str(port), "-F"]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [bin_ / "postgres", "-D", data, *settings],
                stdout=log,
                stderr=log,
                cwd=folder,
                **who,
            )
        try:
            _wait(bin_, folder, port, server)
            yield Server(port)
        finally:
            server.send_signal(signal.SIGINT)  # its fast shutdown: ends sessions, keeps data whole
            server.wait(timeout=READY_WITHIN)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(bin_: Path, folder: Path, port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN
    asked = [bin_ / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    while time.monotonic() < deadline and server.poll() is None:
        if subprocess.run(asked, check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise AssertionError((folder / "log").read_text())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server for all tests of the session; skips where PostgreSQL is not installed."""
    with started() as server:
        yield server
