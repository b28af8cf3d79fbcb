"""Codes that are gone lead to what holds their place; many-to-many links are told as several."""

from __future__ import annotations

from clusteratlas.classification import (
    codes_with_others,
    former_county_names,
    former_industries,
    industries,
    nuts_vintages,
    other_codes,
    regions,
)


def test_a_former_industry_is_gone_and_its_successors_are_there() -> None:
    today = set(industries("naics-2017").column("industry").to_pylist())
    former = former_industries()
    assert len(former) > 150
    for code, each in former.items():
        assert code not in today
        assert each.successors
        assert set(each.successors) <= today
        assert set(each.vintages) <= {2002, 2007, 2012}
    for vintage in (2007, 2012):
        known = industries(f"naics-{vintage}").column("industry").to_pylist()
        gone = {code for code in known if len(code) == 6 and code not in today}
        told = {code for code, each in former.items() if vintage in each.vintages}
        assert gone <= told, vintage
    assert former["541710"].successors == ("541713", "541714", "541715")


def test_other_nuts_codes_go_both_ways_and_say_when_only_the_code_changed() -> None:
    for scheme in ("nuts-0", "nuts-1", "nuts-2"):
        for code in codes_with_others(scheme):
            assert nuts_vintages(code), code
            for other in other_codes(scheme, code):
                back = {each.region: each.same for each in other_codes(scheme, other.region)}
                assert back[code] == other.same
    assert [(each.region, each.same) for each in other_codes("nuts-2", "FRB0")] == [("FR24", True)]
    assert [(each.region, each.same) for each in other_codes("nuts-2", "HU10")] == [
        ("HU11", False),
        ("HU12", False),
    ]


def test_former_counties_lead_to_counties_of_today() -> None:
    today = set(regions("us-county").column("region").to_pylist())
    for code in codes_with_others("us-county"):
        assert code not in today
        assert {each.region for each in other_codes("us-county", code)} <= today
        assert former_county_names()[code]
    assert [each.same for each in other_codes("us-county", "46113")] == [True]
    assert [each.same for each in other_codes("us-county", "09110")] == [False, False]
