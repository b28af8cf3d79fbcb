"""The docs site builds without a warning, has a page for each measure, loads nothing foreign."""

from __future__ import annotations

import doctest
import inspect
import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from clusteratlas.measures.catalogue import GROUPS, every_measure, measures_of

ROOT = Path(__file__).parents[2]
SECTIONS = ("Definition", "Parameters", "Returns", "Missing data", "Raises", "Source", "Example")


LOOKUPS = {"star_rule", "star_rules", "strength_profile", "strength_profiles"}
"""Functions that look a rule up by its name, and measure nothing."""
NAMES = sorted(every_measure().keys() - LOOKUPS)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built with warnings as errors."""
    place = tmp_path_factory.mktemp("site")
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(place), strict=True)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    return place


@pytest.mark.parametrize("name", NAMES)
def test_every_measure_has_a_page_with_formula_source_and_example(site: Path, name: str) -> None:
    page = (site / "reference" / "measures" / f"{name}.html").read_text(encoding="utf-8")
    for section in SECTIONS:
        assert f">{section}<" in page, f"{name}: {section}"
    assert "&gt;&gt;&gt;" in page
    assert ":math:" not in page
    assert ".. math" not in page


def test_every_measure_is_in_a_group() -> None:
    grouped = [measure.name for group in GROUPS for measure in measures_of(group)]
    assert sorted(grouped) == sorted(every_measure())


@pytest.mark.parametrize("name", NAMES)
def test_every_docstring_has_all_sections_in_order(name: str) -> None:
    text = inspect.getdoc(every_measure()[name].function) or ""
    found = re.findall(r"(?m)^(\w[\w ]*)\n-{3,}$", text)
    assert found == list(SECTIONS)


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for tag in re.findall(r"<(?:script|link|img)\b[^>]*>", text):
            source = re.search(r"\b(?:src|href)=\"?(https?:[^\" >]*)", tag)
            if source and 'rel="canonical"' not in tag:
                pytest.fail(f"{page.relative_to(site)}: {source[1]}")


@pytest.mark.parametrize("page", ["docs/tutorial/measures.md"])
def test_examples_of_the_tutorial_run(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    parser = doctest.DocTestParser()
    test = parser.get_doctest(text.replace("```", ""), {}, page, page, 0)
    assert test.examples
    told: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=told.append)
    assert not told, "".join(told)
