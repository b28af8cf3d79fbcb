"""The guard of these tests sees what it is there to see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("console.warn('careful')", "console warning: careful"),
        ("setTimeout(() => { throw new Error('broken') })", "page error: "),
        ("fetch('/nowhere/').then(() => {})", "status 404: "),
        ("fetch('http://localhost:9/').catch(() => {})", "console error: CSP report: connect-src"),
        ("location.assign('http://localhost:9/')", "request to another host: "),
        (
            "document.head.append(Object.assign(document.createElement('script'), {text: '1'}))",
            "console error: CSP report: script-src-elem inline",
        ),
    ],
)
def test_the_guard_notes_a_fault(
    browse: Callable[..., Page], guard: Any, script: str, fault: str
) -> None:
    page = browse("/api/", timezone_id="UTC")
    page.route("http://localhost:9/**", lambda route: route.fulfill(body="<p>elsewhere</p>"))
    page.evaluate(f"() => {{ {script} }}")
    for _ in range(100):
        if any(each.startswith(fault) for each in guard.faults):
            break
        page.wait_for_timeout(50)
    else:
        pytest.fail(f"the guard noted only {guard.faults}")
    page.wait_for_load_state()
    guard.faults.clear()
