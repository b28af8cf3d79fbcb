"""Editors are killed at any moment: what was acknowledged is there, history and profile agree."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.portal.postgres import Server

EDITS = Path(__file__).with_name("edits.py")


class Registry:
    """A process that holds a registry, forks editors on it and tells what it holds."""

    def __init__(self, place: Path, database: str) -> None:
        away = {each for each in os.environ if each.startswith(("CLUSTERATLAS_", "DJANGO_"))}
        self.process = subprocess.Popen(
            [sys.executable, str(EDITS), str(place)],
            env={k: v for k, v in os.environ.items() if k not in away}
            | {"CLUSTERATLAS_DATABASE": database},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self.told() == {"ready": True}

    def told(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        return dict(json.loads(self.process.stdout.readline()))

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def killed(self, editors: int, seconds: float) -> dict[int, str]:
        """Let editors work, kill them, and return what was acknowledged by version."""
        self.say(f"write {editors}")
        said, pids, kept = 0, [], {}
        while len(pids) < editors or said < editors:
            line = self.told()
            pids += [line["pid"]] if "pid" in line else []
            said += "ready" in line
            kept |= _kept(kept, line)
        time.sleep(seconds)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        self.say("check")
        while "whole" not in (line := self.told()):
            kept |= _kept(kept, line)
        self.now = line
        return kept

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=20)
        self.process.stdout.close()


def _kept(before: dict[int, str], line: dict[str, Any]) -> dict[int, str]:
    if "version" not in line:
        return {}
    assert line["version"] not in before, "two editors were told that they won the same version"
    return {line["version"]: line["text"]}


@pytest.fixture(params=["sqlite", "postgresql"])
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    address = ""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        server.database("kills")
        address = server.address("kills")
    found = Registry(tmp_path, address)
    yield found
    found.close()


def hold(registry: Registry, kills: int, editors: int) -> int:
    """Kill so many times; return how many edits were acknowledged in all."""
    chance = random.Random(kills)
    kept: dict[int, str] = {}
    for _ in range(kills):
        new = registry.killed(editors, chance.uniform(0.0, 0.25))
        assert not kept.keys() & new.keys()
        kept |= new
        now = registry.now
        versions = {int(number): text for number, text in now["versions"].items()}
        assert now["whole"] == "ok"
        assert {number: versions.get(number) for number in kept} == kept
        assert sorted(versions) == list(range(1, now["version"] + 1))
        assert now["text"] == versions[now["version"]]
        assert now["noted"] == now["version"] - 1
    return len(kept)


def test_ten_kills_lose_no_acknowledged_edit(registry: Registry) -> None:
    assert hold(registry, kills=10, editors=1) > 20


def test_of_two_editors_one_wins_each_version_and_nothing_is_lost(registry: Registry) -> None:
    assert hold(registry, kills=3, editors=2) > 6
    writers = {text.partition(",")[0] for text in registry.now["versions"].values() if text}
    assert len(writers) > 1


@pytest.mark.proof
def test_a_hundred_kills_lose_no_acknowledged_edit(registry: Registry) -> None:
    for editors in (1, 2):
        assert hold(registry, kills=50, editors=editors) > 100
