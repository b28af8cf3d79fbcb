"""Trees of industries and regions, agency-only codes, vintages."""

from __future__ import annotations

import pytest

from clusteratlas.classification import (
    children,
    construction_splits,
    county_states,
    industries,
    industry_tree,
    likely_vintage,
    only_child,
    regions,
    statewide_regions,
)
from clusteratlas.tables import REGIONS, check


@pytest.mark.parametrize("name", ["naics-2007", "naics-2012", "naics-2017", "nace-2"])
def test_parents_and_children_agree(name: str) -> None:
    rows = industry_tree(name).to_pylist()
    assert [row["industry"] for row in rows] == industries(name)["industry"].to_pylist()
    for row in rows:
        beneath = children(name, row["industry"])
        assert len(beneath) == row["children"]
        assert (only_child(name).get(row["industry"]) == beneath[0]) if len(beneath) == 1 else (
            row["industry"] not in only_child(name)
        )  # fmt: skip


def test_range_sectors_are_one_class() -> None:
    assert {"311", "339"} <= set(children("naics-2017", "31-33"))
    assert children("naics-2017", "48-49")[-1] == "493"
    assert "31-33" in children("naics-2017", "00")


def test_a_single_child_is_the_same_jobs() -> None:
    assert only_child("naics-2017")["113"[:2] + "33"] == "11331"
    assert only_child("naics-2012")["99"] == "999"


def test_construction_trades_that_only_the_agency_splits() -> None:
    splits = construction_splits("naics-2012")
    assert splits["238992"] == "238990"
    assert set(splits.values()) <= set(industries("naics-2012")["industry"].to_pylist())
    assert not set(splits) & set(industries("naics-2012")["industry"].to_pylist())


def test_the_vintage_of_a_file() -> None:
    codes = industries("naics-2012")["industry"].to_pylist()
    found = likely_vintage(codes, "naics-2017")
    assert found is not None
    assert found.classification == "naics-2012"
    assert likely_vintage(codes, "naics-2012") is None
    assert likely_vintage(["211111", "334413"], "naics-2017") is None
    assert likely_vintage(["1", "2", "3", "4", "211111", "212231", "454111"], "naics-2017") is None
    assert likely_vintage(["C10", "C99"], "nace-2") is None


def test_statewide_regions_are_no_counties() -> None:
    table = statewide_regions()
    check(table, REGIONS)
    codes = set(table["region"].to_pylist())
    assert len(codes) == 51
    assert not codes & set(regions("us-county")["region"].to_pylist())
    assert set(table["kind"].to_pylist()) == {"statewide"}
    assert county_states()["11999"] == "11"
