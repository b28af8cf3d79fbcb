"""Serving: the portal gets the place, the address is printed."""

from __future__ import annotations

import types
from pathlib import Path

import pytest

from clusteratlas.atlas import current_id, open_release
from clusteratlas.cli import making, site


def give_portal(monkeypatch: pytest.MonkeyPatch, portal: object) -> None:
    """Put a portal of the test's own in the place of the real one."""
    loader = types.SimpleNamespace(import_module=lambda name: portal)
    monkeypatch.setattr(site, "importlib", loader)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, dict[str, object]]]:
    """A portal that notes what it was asked to serve."""
    calls: list[tuple[Path, dict[str, object]]] = []
    portal = types.SimpleNamespace(serve=lambda place, **how: calls.append((place, how)))
    give_portal(monkeypatch, portal)
    return calls


def test_serve(ask, sample_place: Path, served) -> None:
    out = ask("serve", "--port", 8124, "--workers", 2).ended(0).out
    assert served == [(sample_place, {"host": "127.0.0.1", "port": 8124, "workers": 2})]
    assert "http://127.0.0.1:8124/" in out
    assert current_id(sample_place) in out


def test_demo_serves_unless_told_not_to(
    run, tmp_path: Path, sample_place: Path, served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "build_release", lambda *_, **__: open_release(sample_place))
    filled: list[Path] = []
    monkeypatch.setattr(making, "show_registry", lambda _, place: filled.append(place))
    out = run("demo", "--place", tmp_path / "atlas", "--host", "localhost").ended(0).out
    assert filled == [tmp_path / "atlas"]
    assert out.splitlines()[-1] == "Portal: http://localhost:8000/ (Ctrl-C stops it)"
    assert served == [(tmp_path / "atlas", {"host": "localhost", "port": 8000, "workers": 1})]


def test_port_in_use_is_a_sentence(ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(place: Path, **how: object) -> None:
        raise OSError(98, "Address already in use")

    portal = types.SimpleNamespace(serve=refuse)
    give_portal(monkeypatch, portal)
    assert "Address already in use" in ask("serve").ended(4).err
