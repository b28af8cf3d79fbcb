"""Serving the sample: pages a second from the cache, and a region profile seen by fifty users."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks import builds
from clusteratlas.atlas import open_release

PORT = 8765
SECONDS = 8.0


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


def _load(users: int, path: Callable[[int], str], seconds: float) -> list[float]:
    """Let users ask one page after another for some seconds; return the time of each answer."""
    times: list[list[float]] = [[] for _ in range(users)]
    end = time.perf_counter() + seconds

    def use(user: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        asked = user
        while time.perf_counter() < end:
            started = time.perf_counter()
            connection.request("GET", path(asked), headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path(asked)}: {answer.status}")
            times[user].append(time.perf_counter() - started)
            asked += users

    threads = [threading.Thread(target=use, args=(user,)) for user in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(each for own in times for each in own)


def figures() -> list[tuple[str, str]]:
    """Name and figure of each page measurement."""
    with _served() as place:
        with open_release(place) as release:
            regions = [each.region for each in release.regions("us-cbsa")]
        home = "/regions/us-cbsa/41940/"
        _load(1, lambda _: home, 1)
        cached = _load(8, lambda _: home, SECONDS)
        first = _load(4, lambda n: f"/regions/us-cbsa/{regions[n % len(regions)]}/", SECONDS)
        fifty = _load(50, lambda n: f"/regions/us-cbsa/{regions[n % len(regions)]}/", SECONDS)
        search = _load(4, lambda n: f"/search/suggest/?q={regions[n % len(regions)]}", SECONDS / 2)
    return [
        ("cached page, 8 connections", f"{len(cached) / SECONDS:,.0f}/s, p95 {_p95(cached)}"),
        (
            "region profiles of all areas in turn, 4 connections",
            f"{len(first) / SECONDS:,.0f}/s, p95 {_p95(first)}",
        ),
        (
            "region profiles of all areas in turn, 50 users",
            f"{len(fifty) / SECONDS:,.0f}/s, p95 {_p95(fifty)}",
        ),
        ("search suggestions, 4 connections", f"p95 {_p95(search)}"),
    ]


def _p95(times: list[float]) -> str:
    return f"{1e3 * times[int(0.95 * (len(times) - 1))]:,.0f} ms"
