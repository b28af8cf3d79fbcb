"""Every figure of a region is worked out on its page, and the arithmetic shown gives the figure."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from clusteratlas.atlas import Release
from clusteratlas.atlas.worked_cluster import CLUSTER_FIGURES, worked_cluster
from clusteratlas.atlas.worked_region import REGION_FIGURES, worked_region

PLACES = (
    ("us-cbsa", "41940", ("23", "101")),
    ("us-cbsa", "49820", ("4", "10")),
    ("us-state", "06", ("4",)),
    ("us-nation", "US", ("23",)),
    ("nuts-2", "DE11", ("C29",)),
    ("nuts-2", "NL13", ("C10",)),
)
NUMBER = re.compile(r"^[\d.]+$")


@pytest.mark.parametrize(("scheme", "region", "clusters"), PLACES)
def test_every_published_figure_is_worked_again(
    sample_release: Release, scheme: str, region: str, clusters: tuple[str, ...]
) -> None:
    profile = sample_release.region_profile(scheme, region)
    works = [worked_region(sample_release, profile, figure) for figure in REGION_FIGURES]
    for cluster in clusters:
        row = sample_release.regional_cluster(scheme, region, cluster)
        works += [worked_cluster(sample_release, row, figure) for figure in CLUSTER_FIGURES]
    for work in works:
        if work.published is None or work.figure == "probability_strong":
            assert not work.steps
            continue
        assert work.agrees, (work.figure, work.published, work.steps)
        for given in work.given:
            if given.parts:
                assert given.value == pytest.approx(sum(part.adds for part in given.parts))


def arithmetic(line: str) -> float:
    """Work out a line as a reader would with a pocket calculator."""
    text = line.replace(",", "").replace("\u2212", "-")
    for sign, meant in (("÷", "/"), ("×", "*"), ("^", "**"), ("≥", ">="), ("∧", "and")):
        text = text.replace(sign, meant)
    text = re.sub(r"\byes\b", "True", re.sub(r"\bno\b", "False", text))
    assert re.fullmatch(r"[\d.+\-*/() >=TrueFalsand]+", text), text
    return float(eval(text))


@pytest.mark.parametrize(
    ("address", "cluster", "known"),
    [
        ("/regions/us-cbsa/41940/derivation/{}/?year=2021", "", REGION_FIGURES),
        ("/regions/us-cbsa/41940/derivation/{}/?year=2021&cluster=23", "23", CLUSTER_FIGURES),
        ("/regions/nuts-2/DE11/derivation/{}/?cluster=C29", "C29", CLUSTER_FIGURES),
    ],
)
def test_the_numbers_on_the_page_give_the_result_on_the_page(
    portal: Client, address: str, cluster: str, known: dict[str, object]
) -> None:
    worked = 0
    for figure in known:
        response = portal.get(address.format(figure))
        assert response.status_code == 200, figure
        text = html.unescape(response.content.decode())
        lines = re.findall(
            r'<span class="numbers">= ([^<]+)</span> <span class="result">= <strong>([^<]+)<', text
        )
        for line, result in lines:
            said = {"yes": 1.0, "no": 0.0}.get(result)
            if said is None:
                said = float(result.replace(",", "").replace("\u2212", "-"))
            assert arithmetic(line) == pytest.approx(said, rel=1e-5, abs=0.1 if said > 1 else 1e-6)
            worked += 1
        assert "/methods/#" in text
        assert "/api/v1/" in text
    assert worked >= len(known) - 3


def test_the_strong_flag_shows_its_four_conditions_and_cut_offs(portal: Client) -> None:
    text = portal.get("/regions/us-cbsa/41940/derivation/strong/?cluster=23").content.decode()
    assert text.count('class="tick held"') == 5
    for words in (
        "Quotient from which the top quarter begins",
        "Jobs below which the lowest quarter of regions lies",
        "Establishments below which the lowest quarter lies",
        "The quotient is not below 1",
    ):
        assert words in text


def test_what_has_no_arithmetic_says_why(portal: Client) -> None:
    first = portal.get("/regions/us-cbsa/41940/derivation/employment_change/?year=2018")
    assert "first year of the release" in first.content.decode()
    none = portal.get("/regions/us-cbsa/49820/derivation/employment/?cluster=4").content.decode()
    assert "prints no row" in none
    drawn = portal.get("/regions/us-cbsa/41940/derivation/probability_strong/?cluster=23")
    assert "keeps the result and not the terms" in drawn.content.decode()
    unknown = portal.get("/regions/us-cbsa/41940/derivation/happiness/")
    assert unknown.status_code == 404
    assert "traded_share" in unknown.content.decode()


def test_the_list_of_derivations_leads_to_each(portal: Client) -> None:
    text = portal.get("/regions/us-cbsa/41940/derivation/").content.decode()
    for figure in REGION_FIGURES:
        assert f"/regions/us-cbsa/41940/derivation/{figure}/?year=2021" in text
    assert portal.get("/regions/us-cbsa/41940/derivation/?cluster=23").status_code == 200
