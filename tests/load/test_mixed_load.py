"""Visitors of all kinds at once, for a while: no error, and memory that stays where it was."""

from __future__ import annotations

import http.client
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from clusteratlas.atlas import Release

SMALL_CACHE = "4"
"""Megabytes for finished pages: so few that pages are pushed out all the time, as after weeks."""

MOST_GROWTH = 0.05
LONGEST_ANSWER = 10.0


@dataclass
class Seen:
    """What all visitors saw."""

    answers: int = 0
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, path: str, status: int, seconds: float) -> None:
        with self.lock:
            self.answers += 1
            self.slowest = max(self.slowest, seconds)
            if status != 200 and len(self.wrong) < 20:
                self.wrong.append(f"{path}: {status}")


@pytest.fixture
def served(sample_place: Path, tmp_path: Path) -> Iterator[tuple[int, int]]:
    """A server on the sample that keeps few pages: (process, port)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: text for name, text in os.environ.items() if "CLUSTERATLAS_" not in name}
    kept["CLUSTERATLAS_CACHE_MEGABYTES"] = SMALL_CACHE
    kept["CLUSTERATLAS_STORE"] = str(tmp_path / "store")
    command = [sys.executable, "-m", "clusteratlas.cli", "serve"]
    with (tmp_path / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--place", str(sample_place), "--port", str(port)],
            env=kept,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                    break
            except OSError:
                time.sleep(0.1)
        yield server.pid, port
    finally:
        server.terminate()
        server.wait(timeout=20)
    assert "Traceback" not in (tmp_path / "server.log").read_text()


def memory_of(process: int) -> int:
    """Resident bytes of a process and of those that it started."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    own = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert own
    return int(own[1]) * 1024 + sum(memory_of(int(child)) for child in children)


def addresses(release: Release) -> list[str]:
    """What visitors look at: every kind of page, many places, four languages, files."""
    areas = [each.region for each in release.regions("us-cbsa")][::4]
    europe = [each.region for each in release.regions("nuts-2")][::8]
    clusters = [each.cluster for each in release.clusters("us-benchmark-2014")]
    found = ["/", "/methods/", "/regions/", "/clusters/", "/map/?scheme=nuts-2"]
    for place, region in enumerate(areas):
        language = ("", "/de", "/fr", "/es")[place % 4]
        cluster = clusters[place % len(clusters)]
        found += [
            f"{language}/regions/us-cbsa/{region}/",
            f"{language}/regions/us-cbsa/{region}/clusters/{cluster}/",
            f"/regions/us-cbsa/{region}/clusters.csv",
            f"{language}/search/suggest/?q={region[:3]}",
        ]
    found += [f"/regions/nuts-2/{region}/" for region in europe]
    for place, cluster in enumerate(clusters):
        measure = ("location_quotient", "employment", "share_of_nation")[place % 3]
        found += [
            f"/clusters/us-benchmark-2014/{cluster}/",
            f"/map/?scheme=us-cbsa&cluster={cluster}&measure={measure}",
        ]
    return found


def visit(port: int, paths: list[str], users: int, seconds: float, seen: Seen) -> None:
    """Let users look at pages in an order of their own until the time is up."""
    end = time.monotonic() + seconds

    def user(number: int) -> None:
        chosen = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < end:
            path = chosen.choice(paths)
            started = time.monotonic()
            try:
                connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
                answer = connection.getresponse()
                answer.read()
                seen.note(path, answer.status, time.monotonic() - started)
            except (OSError, http.client.HTTPException) as error:
                seen.note(path, -1, time.monotonic() - started)
                seen.wrong.append(f"{path}: {error}")
                connection.close()
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.close()

    threads = [threading.Thread(target=user, args=(number,)) for number in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_some_seconds_of_mixed_load(served: tuple[int, int], sample_release: Release) -> None:
    process, port = served
    seen = Seen()
    visit(port, addresses(sample_release), users=4, seconds=8, seen=seen)
    assert not seen.wrong
    assert seen.answers > 20
    assert memory_of(process) < 2 * 1024**3


@pytest.mark.proof
def test_an_hour_of_mixed_load(
    served: tuple[int, int], sample_release: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = float(os.environ.get("CLUSTERATLAS_PROOF_SECONDS", "3600"))
    process, port = served
    paths = addresses(sample_release)
    warm = Seen()
    visit(port, paths, users=8, seconds=seconds / 6, seen=warm)
    before = memory_of(process)
    seen = Seen()
    visit(port, paths, users=8, seconds=seconds * 5 / 6, seen=seen)
    after = memory_of(process)
    with capsys.disabled():
        print(
            f"\n{seen.answers:,} answers in {seconds * 5 / 6:,.0f} s, slowest "
            f"{seen.slowest:.1f} s; memory {before / 2**20:,.0f} then {after / 2**20:,.0f} MiB"
        )
    assert not warm.wrong
    assert not seen.wrong
    assert seen.slowest < LONGEST_ANSWER
    assert after < before * (1 + MOST_GROWTH)
