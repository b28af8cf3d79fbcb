"""No fault that axe can find: every kind of page, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
SAMPLE = """(most) => {
  const seen = new Map();
  for (const each of document.querySelectorAll("tbody tr, a.region, li[data-href], .columns li")) {
    const parts = [each, ...each.querySelectorAll("*")];
    const make = parts.map((part) => `${part.localName}.${part.getAttribute("class") ?? ""}`);
    const key = `${each.closest("table, svg, ul")?.id} ${make.join(" ")}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
    if (seen.get(key) > most && each.getAttribute("tabindex") !== "0") each.remove();
  }
}"""
"""Of hundreds of rows or shapes made alike a few are enough to ask about."""
EVERY_RULE: dict[str, object] = {"rules": {"target-size": {"enabled": True}}}
LOOK_RULES: dict[str, object] = {"runOnly": ["color-contrast", "target-size"]}
LOOKS = [(1280, "light", EVERY_RULE), (360, "dark", EVERY_RULE)]
"""Width, theme, rules: each width and each theme once."""
OTHER_LOOKS = [(360, "light", LOOK_RULES), (1280, "dark", LOOK_RULES)]
"""The other way round, for the long proofs: only what depends on the look is asked again."""
ASK = """async (options) => {
  const found = await axe.run(document, { ...options, resultTypes: ["violations"] });
  return found.violations.map((rule) =>
    `${rule.id}: ${rule.help}: ${rule.nodes.length} x, first ${rule.nodes[0].target} `
    + rule.nodes[0].failureSummary.replace(/\\s+/g, " "));
}"""


def faults_seen(page: Page, looks: Sequence[tuple[int, str, dict[str, object]]]) -> list[str]:
    """Everything that axe finds wrong with a page in any of these looks."""
    assert AXE.exists(), "axe-core is missing: `cd assets && npm ci` installs it"
    page.evaluate(SAMPLE, 2)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for width, scheme, rules in looks:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} px, {scheme}: {each}" for each in page.evaluate(ASK, rules)]
    return found


def test_axe_finds_nothing_wrong(browse: Callable[..., Page], each_page: str) -> None:
    # the page's own policy would refuse the foreign script; all other tests keep the policy
    found = faults_seen(browse(each_page, bypass_csp=True), LOOKS)
    assert not found, "\n".join(found)


@pytest.mark.proof
def test_axe_finds_nothing_wrong_in_the_other_looks(
    browse: Callable[..., Page], each_page: str
) -> None:
    found = faults_seen(browse(each_page, bypass_csp=True), OTHER_LOOKS)
    assert not found, "\n".join(found)
