"""Words explained where they are used first; what the reader can learn of the figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.template import Context, RequestContext, TemplateSyntaxError, engines
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings
from tests.atlas.made_up import gappy
from tests.portal.people import organisation

from clusteratlas.atlas import Release, build, current_id
from clusteratlas.portal import figures, glossary
from clusteratlas.portal.meetings import registering
from clusteratlas.portal.meetings.feeds import key_of
from clusteratlas.portal.meetings.models import MatchmakingEvent, Registration
from clusteratlas.portal.pages.learn import primers

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
    request = RequestFactory().get("/")
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


def test_marked_words_in_a_longer_text_are_explained_once() -> None:
    said = written(
        "{% terms %}[[traded|Traded]] work, [[traded|traded]] &lt;b&gt;{% endterms %}",
        RequestFactory().get("/"),
    )
    assert said.count("term-said") == 1
    assert said.endswith("work, traded &lt;b&gt;")


def test_primers_are_short_and_speak_of_live_figures(
    portal: Client, sample_release: Release
) -> None:
    for primer in primers():
        html = portal.get(primer.href).content.decode()
        prose = html.partition('<div class="prose">')[2].partition("</article>")[0]
        told = len(re.sub(r"<[^>]+>", " ", prose).split())
        assert 350 <= told <= 1_000, (primer.name, told)
        assert "[[" not in html
        assert 'href="/learn/glossary/#' in html
        assert f"<h1>{primer.title}" in html
    sure = portal.get("/learn/how-sure-is-a-number/").content.decode()
    complete = sample_release.completeness("us-cbsa")[0]
    assert figures.whole(complete.could_flip) in sure
    assert portal.get("/learn/no-such-text/").status_code == 404


def test_data_quality_says_what_the_release_says(portal: Client, sample_release: Release) -> None:
    html = portal.get("/learn/data-quality/").content.decode()
    for scheme in sample_release.manifest.schemes:
        for each in sample_release.completeness(scheme.scheme):
            assert figures.whole(each.estimated) in html
    lines = portal.get("/learn/data-quality.csv").content.decode().splitlines()
    assert lines[0].startswith("scheme,year,country,regions")
    assert len(lines) > 60


def test_sources_name_publisher_licence_and_age(portal: Client) -> None:
    html = portal.get("/sources/").content.decode()
    for said in ("US Census Bureau", "Eurostat", "public domain", "figures of 2021", "sha256:"):
        assert said in html


def test_two_releases_are_set_side_by_side_and_fed(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, portal: Client
) -> None:
    only = portal.get("/releases/").content.decode()
    assert "There is one release here" in only
    place: Path = tmp_path_factory.mktemp("pair")
    build([gappy(2019)], place).close()
    first = current_id(place)
    build([gappy(2019, 2020)], place).close()
    second = current_id(place)
    settings.ATLAS_PLACE = place
    html = portal.get("/releases/").content.decode()
    assert "Years added: 2020" in html
    assert html.index(second) < html.index(first)
    back = portal.get("/releases/", {"from": second, "to": first}).content.decode()
    assert "Years dropped: 2020" in back
    for wrong in ({"from": "x" * 12}, {"from": first, "to": first}):
        assert portal.get("/releases/", wrong).status_code == 400
    feed = portal.get("/releases/feed.atom")
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert feed.content.decode().count("<entry>") == 2


def test_feedback_carries_the_view_and_is_absent_without_an_address(
    portal: Client, settings: Settings
) -> None:
    assert "mailto:" not in portal.get("/regions/us-cbsa/41940/").content.decode()
    settings.FEEDBACK_ADDRESS = "atlas@example.org"
    html = portal.get("/regions/us-cbsa/41940/?year=2018").content.decode()
    assert "mailto:atlas@example.org?subject=" in html
    assert "regions%2Fus-cbsa%2F41940%2F%3Fyear%3D2018" in html
    home = organisation()
    event = MatchmakingEvent.objects.create(
        slug="e", title="E", organisation=home, state="announced",
        **dict.fromkeys(("opens_at", "first_cutoff", "second_cutoff"), timezone.now()),
    )  # fmt: skip
    found = Registration.objects.create(event=event, organisation=home)
    key = key_of(registering.bring(found, None, name="A", mail="a@example.org"))
    html = portal.get(f"/agenda/{key}/").content.decode()
    assert "mailto:atlas@example.org" in html
    assert "%2Fagenda" not in html  # the address opens the agenda to whoever has it
