"""Search: typos, accents, other languages, codes of all vintages; old addresses lead on."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.portal.test_pages import read, words

from clusteratlas.atlas import Release
from clusteratlas.atlas.near_words import Vocabulary, typos_between


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("sanjose", "region", "41940"),
        ("sanjoze", "region", "41940"),
        ("san jsoe", "region", "41940"),
        ("stutgart", "region", "DE11"),
        ("pittsburg", "region", "38300"),
        ("new yrok", "region", "35620"),
        ("ILE DE FRANCE", "region", "FR10"),
        ("lodz", "region", "PL11"),
        ("FRB0", "region", "FR24"),
        ("automtive", "cluster", "4"),
        ("informatin technology", "cluster", "23"),
        ("semiconductors", "subcluster", "23"),
        ("334413", "industry", "23"),
        ("517110", "industry", "104"),
        ("541710", "industry", "13"),
    ],
)
def test_search_forgives(sample_release: Release, text: str, kind: str, code: str) -> None:
    first = sample_release.search(text, 5)[0]
    assert (first.kind, first.code) == (kind, code)


def test_a_gone_code_says_where_it_went(sample_release: Release) -> None:
    assert "today 541713, 541714, 541715" in sample_release.search("541710")[0].detail
    assert "today FR24" in sample_release.search("FRB0")[0].detail
    assert sample_release.search("541710 541711 zz") == []


def test_typos_are_counted_up_to_a_limit() -> None:
    assert typos_between("pittsburg", "pittsburgh", 2) == 1
    assert typos_between("abcd", "badc", 1) == 2
    near = Vocabulary(["berlin", "dublin", "marlin"]).near("berlni")
    assert near == {"berlin": 1}
    assert Vocabulary(["ab"]).near("abc") == {}


def test_clusters_are_found_in_the_language_spoken(portal: Client) -> None:
    page = portal.get("/de/clusters/us-benchmark-2014/5/").content.decode()
    name = words(page.split("<h1")[1].split(">", 1)[1].split("</h1>")[0]).strip()
    fragment = portal.get("/de/search/suggest/", {"q": name[:9]}).content.decode()
    assert 'data-href="/de/clusters/us-benchmark-2014/5/"' in fragment
    english = portal.get("/de/search/suggest/", {"q": "biopharm"}).content.decode()
    assert 'data-href="/de/clusters/us-benchmark-2014/5/"' in english


def test_suggestions_stand_by_kind_and_can_be_of_one_kind(portal: Client) -> None:
    fragment = portal.get("/search/suggest/", {"q": "automotive"}).content.decode()
    assert fragment.index("Clusters and industry groups") < fragment.index("Subclusters")
    only = portal.get("/search/suggest/", {"q": "san", "kinds": "region"}).content.decode()
    assert 'data-token="us-cbsa:41740"' in only
    assert "/clusters/" not in only


def test_an_address_with_the_code_of_another_vintage_leads_on(portal: Client) -> None:
    moved = portal.get("/regions/nuts-2/FRB0/clusters/C29/?year=2014")
    assert moved.status_code == 301
    assert moved["Location"] == "/regions/nuts-2/FR24/clusters/C29/?year=2014"
    assert portal.get("/de/regions/nuts-2/FRB0/")["Location"] == "/de/regions/nuts-2/FR24/"
    assert portal.get("/regions/nuts-2/GR30/")["Location"] == "/regions/nuts-2/EL30/"
    several = portal.get("/regions/nuts-2/HU11/")
    assert several.status_code == 404
    assert 'href="/regions/nuts-2/HU10/"' in several.content.decode()
    assert portal.get("/regions/nuts-2/ZZ99/").status_code == 404


def test_the_code_of_an_industry_leads_to_its_cluster(portal: Client) -> None:
    assert portal.get("/industries/334413/")["Location"] == "/clusters/us-benchmark-2014/23/"
    gone = portal.get("/industries/517110/?x=1")
    assert (gone.status_code, gone["Location"]) == (301, "/clusters/us-benchmark-2014/104/?x=1")
    several = portal.get("/industries/541710/")
    assert several.status_code == 404
    assert "Nanotechnology" in several.content.decode()
    assert portal.get("/industries/999/").status_code == 404


def test_the_search_page_groups_what_it_finds(portal: Client) -> None:
    text, reader = read(portal, "/search/?q=automotive")
    said = words(text)
    assert said.index("Clusters and industry groups") < said.index("Subclusters")
    assert "/clusters/us-benchmark-2014/4/" in reader.links
