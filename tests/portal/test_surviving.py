"""The line that says under which strength profiles a regional cluster counts as one."""

from __future__ import annotations

import dataclasses

from django.test import Client

from clusteratlas.atlas import Release
from clusteratlas.measures.strong.survival import every_profile
from clusteratlas.portal.pages.region_cluster import PROFILES, _profiles_held


def test_every_profile_has_a_name_for_people() -> None:
    assert tuple(PROFILES) == every_profile()


def test_what_is_said(sample_release: Release) -> None:
    row = sample_release.regional_cluster("us-cbsa", "41940", "23", 2021)
    said = {
        (None, None): "",
        ("", 0): "none of 4 strength profiles",
        ("us-2014, eu-stars-2007", 2): "2 of 4 strength profiles: the US rule of 2014, "
        "the European stars of 2007 (2 of 3)",
        ("quotient-1.2", None): "1 of 4 strength profiles: a quotient of 1.2",
    }
    for (held, stars), expected in said.items():
        changed = dataclasses.replace(row, profiles_held=held, stars_eu_2007=stars)
        assert _profiles_held(changed) == expected


def test_the_page_says_it(portal: Client, sample_release: Release) -> None:
    row = sample_release.regional_cluster("us-cbsa", "41940", "23", 2021)
    text = portal.get("/regions/us-cbsa/41940/clusters/23/?year=2021").content.decode()
    assert f"Counts as a cluster under {_profiles_held(row)}." in text
    local = portal.get("/regions/us-cbsa/41940/clusters/101/?year=2021").content.decode()
    assert "Counts as a cluster under" not in local
