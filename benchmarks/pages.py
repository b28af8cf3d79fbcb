"""Serving the sample under load: wrk asks, the server answers on the same two cores."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks import builds
from clusteratlas.atlas import open_release

PORT = 8765
SECONDS = 10
ASK = Path(__file__).with_name("ask.lua")
USERS = 50


@dataclass(frozen=True)
class Asked:
    """What wrk saw: answers, seconds, milliseconds at three quantiles, failures."""

    asked: int
    seconds: float
    p50: float
    p95: float
    p99: float
    failed: int

    def __str__(self) -> str:
        failed = f", {self.failed} FAILED" if self.failed else ""
        return (
            f"{self.asked / self.seconds:,.0f}/s, p50 {self.p50:,.0f} ms, "
            f"p95 {self.p95:,.0f} ms, p99 {self.p99:,.0f} ms{failed}"
        )


@contextmanager
def _served() -> Iterator[Path]:
    place = Path(builds.sample()[1].name)
    command = [sys.executable, "-m", "clusteratlas.cli", "serve"]
    server = subprocess.Popen(
        [*command, "--place", str(place), "--port", str(PORT)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait()
        yield place
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait() -> None:
    for _ in range(100):
        with suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("the portal did not start")


def _each_once(paths: Sequence[str]) -> Asked:
    """Ask each address once, one after another, as the first visitor of each."""
    times = []
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    started = time.perf_counter()
    failed = 0
    for path in paths:
        before = time.perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        failed += answer.status != 200
        times.append(1e3 * (time.perf_counter() - before))
    times.sort()
    p50, p95, p99 = (times[int(share * (len(times) - 1))] for share in (0.5, 0.95, 0.99))
    return Asked(len(paths), time.perf_counter() - started, p50, p95, p99, failed)


def _load(paths: Sequence[str], connections: int, seconds: int = SECONDS) -> Asked:
    """Let wrk ask the addresses in turn over so many connections for some seconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths))
        file.flush()
        done = subprocess.run(
            [
                *("wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(ASK)),
                *(f"http://127.0.0.1:{PORT}", "--", file.name),
            ],
            check=True,
            capture_output=True,
            text=True,
            timeout=seconds + 60,
        )
    return Asked(**json.loads(done.stdout.strip().splitlines()[-1]))


def figures() -> list[tuple[str, str]]:
    """Name and figure of each page measurement."""
    if shutil.which("wrk") is None:
        return [("pages under load", "not measured: wrk is missing (Debian: apt-get install wrk)")]
    with _served() as place:
        with open_release(place) as release:
            areas = release.regions("us-cbsa")
        profiles = [f"/regions/us-cbsa/{each.region}/" for each in areas]
        words = [each.name.split("-")[0].split(",")[0] for each in areas]
        typos = [word[:2] + word[3:] for word in words if len(word) > 5]
        suggestions = [f"/search/suggest/?q={quote(word)}" for word in (*words, *typos)]
        cold = _each_once(profiles)
        cached = _load(profiles[:1], 16)
        users = _load(profiles, USERS)
        first = _each_once(suggestions)
        again = _load(suggestions, 16)
    return [
        ("all region profiles, each for the first time, one after another", str(cold)),
        ("one cached page, 16 connections (to reach: 500/s)", str(cached)),
        (f"all region profiles in turn, {USERS} users (to reach: p95 100 ms)", str(users)),
        ("search for names, right and misspelled, first time (to reach: p95 150 ms)", str(first)),
        ("the same searches, 16 connections", str(again)),
    ]
