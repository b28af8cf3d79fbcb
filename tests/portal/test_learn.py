"""Words explained where they are used first; what the reader can learn of the figures."""

from __future__ import annotations

import re

import pytest
from django.http import HttpRequest
from django.template import Context, RequestContext, TemplateSyntaxError, engines
from django.test import Client

from clusteratlas.portal import glossary

CHARTS = (
    "dots",
    "change",
    "map",
    "bivariate",
    "timeline",
    "scatter",
    "network",
    "plane",
    "strip",
    "table",
    "shift-share",
)


def written(source: str, request: HttpRequest | None = None) -> str:
    template = engines["django"].engine.from_string(source)
    return template.render(RequestContext(request) if request else Context())


def test_a_word_is_explained_at_its_first_use_only_and_across_included_parts() -> None:
    request = HttpRequest()
    word = '{% term "withheld" %}<b>withheld</b>{% endterm %}'
    first = written(word, request)
    assert 'href="/learn/glossary/#withheld"' in first
    described = re.search(r'aria-describedby="([^"]+)"', first)
    assert described
    assert f'id="{described[1]}"' in first
    assert "<b>withheld</b></a>" in first
    assert "to protect single firms" in first
    assert written(word, request) == "<b>withheld</b>"
    assert written(word) == "<b>withheld</b>"
    with pytest.raises(TemplateSyntaxError, match="no term 'lq'"):
        written('{% term "lq" %}quotient{% endterm %}')


@pytest.mark.parametrize("chart", CHARTS)
def test_every_kind_of_chart_says_how_to_read_it(chart: str) -> None:
    said = written('{% include "_read.html" %}'.replace("%}", f'with chart="{chart}" %}}'))
    assert said.count("<li>") >= 2


def test_the_glossary_explains_every_term_and_leads_to_its_method(portal: Client) -> None:
    page = portal.get("/learn/glossary/").content.decode()
    methods = portal.get("/methods/").content.decode()
    for term in glossary.terms().values():
        assert f'id="{term.key}"' in page
        assert term.short.endswith(".")
        assert not term.method or f'id="{term.method}"' in methods, term.key
