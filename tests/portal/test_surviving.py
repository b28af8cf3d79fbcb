"""Which definitions call a regional cluster one: every rule with its conditions."""

from __future__ import annotations

import re

from django.test import Client

from clusteratlas.atlas import Release
from clusteratlas.measures.strong.survival import every_profile
from clusteratlas.portal.pages.region_cluster_rules import RULES


def test_every_profile_is_told() -> None:
    assert len(RULES) == len(every_profile())


def test_the_page_ticks_what_the_release_holds(portal: Client, sample_release: Release) -> None:
    for scheme, region, cluster in (
        ("us-cbsa", "41940", "23"),
        ("us-cbsa", "41940", "18"),
        ("nuts-2", "DE11", "C29"),
    ):
        row = sample_release.regional_cluster(scheme, region, cluster)
        held = row.profiles_held.split(", ") if row.profiles_held else []
        text = portal.get(f"/regions/{scheme}/{region}/clusters/{cluster}/").content.decode()
        assert f"Rules that it meets: {len(held)} of 4." in text
        rules = re.findall(r'<div class="rule">(.*?)</div>', text, re.S)
        ticked = [each.count('class="tick held"') for each in rules]
        missed = [each.count('class="tick missed"') for each in rules]
        assert [a + b for a, b in zip(ticked, missed, strict=True)] == [4, 3, 2, 1]
        assert (missed[0] == 0) == bool(row.strong)
        assert ticked[1] == row.stars_eu_2007
        assert (missed[2] == 0) == ("eu-nodes-2021" in held)
        assert (missed[3] == 0) == ("quotient-1.2" in held)


def test_local_clusters_are_held_against_no_rule(portal: Client) -> None:
    local = portal.get("/regions/us-cbsa/41940/clusters/101/?year=2021").content.decode()
    assert "Rules that it meets" not in local
