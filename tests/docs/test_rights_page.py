"""The page of rights names every right of the gate; the page of accounts every limit it sets."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

from clusteratlas.portal.accounts import throttle
from clusteratlas.portal.environment import Environment
from clusteratlas.portal.rights import RIGHTS

ROOT = Path(__file__).parents[2]


def _hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rights_page", ROOT / "scripts/rights_page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_right_has_its_line() -> None:
    text = _hook().page()
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(lines) == len(RIGHTS)
    for name, right in RIGHTS.items():
        assert f"| `{name}` | {right.meaning} |" in text
    assert (
        "| `own` | decide about an organisation and its people | administrator | owner |  |" in text
    )


def test_the_limits_in_the_docs_are_those_of_the_code() -> None:
    text = " ".join((ROOT / "docs/how-to/accounts.md").read_text(encoding="utf-8").split())
    assert throttle.MOST == 5
    assert "Five failures within 15 minutes" in text
    assert throttle.WINDOW.total_seconds() == 15 * 60


def test_every_setting_is_in_the_manual() -> None:
    pages = "".join(page.read_text() for page in (ROOT / "docs").rglob("*.md"))
    named = {f"CLUSTERATLAS_{name.upper()}" for name in Environment.model_fields}
    missing = {name for name in named if not re.search(rf"{name}\b", pages)}
    assert not missing
