"""Regions: counts, names, points, what lies in what, borders, coverage, vintages."""

from __future__ import annotations

import math
from itertools import product

import pytest

from clusteratlas.classification import (
    former_counties,
    memberships,
    neighbours,
    nuts_vintages,
    regions,
    schemes,
)
from clusteratlas.tables import MEMBERSHIPS, REGIONS, CannotAnswer, check

LARGER = {
    "us-county": {"us-state", "us-cbsa", "us-rest-of-state", "us-part", "us-nation"},
    "us-part": {"us-state", "us-cbsa", "us-rest-of-state", "us-nation"},
    "us-rest-of-state": {"us-state", "us-nation"},
    "us-cbsa": {"us-nation"},
    "us-state": {"us-nation"},
    "nuts-2": {"nuts-1", "nuts-0"},
    "nuts-1": {"nuts-0"},
}


def rows_of(scheme: str) -> dict[str, dict]:
    return {row["region"]: row for row in regions(scheme).to_pylist()}


def inside(scheme: str, in_scheme: str) -> dict[str, str]:
    rows = memberships(scheme, in_scheme).to_pylist()
    return {row["region"]: row["in_region"] for row in rows}


@pytest.mark.parametrize("scheme", schemes())
def test_table_keeps_its_contract(scheme):
    table = regions(scheme)
    assert check(table, REGIONS).equals(table)
    codes = table["region"].to_pylist()
    assert codes == sorted(codes)


@pytest.mark.parametrize(
    ("scheme", "kinds"),
    [
        ("us-nation", {"nation": 1}),
        ("us-state", {"state": 51}),
        ("us-cbsa", {"metro area": 384, "micro area": 543}),
        ("us-rest-of-state", {"rest of state": 46}),
        ("us-county", {"county": 3142}),
        ("us-part", {"part": 999, "rest of state": 46}),
        ("nuts-0", {"country": 37}),
    ],
)
def test_counts_by_kind(scheme, kinds):
    found = regions(scheme)["kind"].to_pylist()
    assert {kind: found.count(kind) for kind in set(found)} == kinds


def test_names():
    assert rows_of("us-county")["35013"]["name"] == "Doña Ana County, New Mexico"
    assert rows_of("us-county")["11001"]["name"] == "District of Columbia"
    assert rows_of("us-state")["06"]["name"] == "California"
    assert rows_of("us-rest-of-state")["06-rest"]["name"] == "Rest of California"
    parts = rows_of("us-part")
    assert parts["41940-06"]["name"] == "San Jose-Sunnyvale-Santa Clara, CA"
    name = "Washington-Arlington-Alexandria, DC-VA-MD-WV (Virginia part)"
    assert parts["47900-51"]["name"] == name
    assert rows_of("nuts-0")["EL"]["name"] == "Greece"
    assert rows_of("nuts-2")["EL52"]["name"] == "Kentriki Makedonia"
    assert rows_of("nuts-2")["BG41"]["name"] == "Yugozapaden"
    assert rows_of("nuts-2")["DE21"]["name"] == "Oberbayern"
    assert rows_of("nuts-1")["FRE"]["name"] == "Hauts-de-France"


def test_european_names_are_in_proper_case_and_latin_letters():
    for scheme in ("nuts-0", "nuts-1", "nuts-2"):
        for row in rows_of(scheme).values():
            assert row["name"] == row["name"].strip() != row["name"].upper(), row
            assert all(ord(letter) < 0x250 or letter in "—’" for letter in row["name"]), row


@pytest.mark.parametrize(
    ("scheme", "region", "longitude", "latitude"),
    [
        # gazetteers and maps, to a tenth of a degree
        ("us-county", "06085", -121.7, 37.2),  # Santa Clara County
        ("us-county", "17031", -87.8, 41.8),  # Cook County, land only
        ("us-county", "48301", -103.6, 31.8),  # Loving County
        ("us-county", "46102", -102.5, 43.3),  # Oglala Lakota County
        ("us-state", "08", -105.5, 39.0),  # Colorado
        ("us-state", "56", -107.5, 43.0),  # Wyoming
        ("nuts-2", "DE30", 13.4, 52.5),  # Berlin
        ("nuts-2", "ITC4", 9.8, 45.6),  # Lombardia
        ("nuts-0", "CZ", 15.4, 49.9),
    ],
)
def test_points(scheme, region, longitude, latitude):
    row = rows_of(scheme)[region]
    assert math.hypot(row["longitude"] - longitude, row["latitude"] - latitude) < 0.3


def test_only_overseas_nuts_1_regions_have_no_point():
    missing = {
        code
        for scheme in schemes()
        for code, row in rows_of(scheme).items()
        if row["longitude"] is None or row["latitude"] is None
    }
    assert missing == {"FR9", "FRA", "FRY"}


def test_recoded_regions_keep_their_point():
    rows = rows_of("nuts-2")
    for old, new in [("FR24", "FRB0"), ("EL11", "EL51"), ("PL11", "PL71"), ("SI01", "SI03")]:
        assert rows[old]["longitude"] == rows[new]["longitude"]
        assert rows[old]["latitude"] == rows[new]["latitude"]
    parts = [rows["HU11"]["longitude"], rows["HU12"]["longitude"]]
    assert min(parts) < rows["HU10"]["longitude"] < max(parts)


def test_population_adds_up():
    counties = rows_of("us-county")
    total = sum(row["population"] for row in counties.values())
    assert total == rows_of("us-nation")["US"]["population"] == 322_903_030
    for scheme in ("us-state", "us-cbsa", "us-part", "us-rest-of-state"):
        sums: dict[str, int] = {}
        for county, larger in inside("us-county", scheme).items():
            sums[larger] = sums.get(larger, 0) + counties[county]["population"]
        assert sums == {code: row["population"] for code, row in rows_of(scheme).items()}


def test_coverage_is_below_one_only_where_the_district_belongs():
    uncovered = {
        (scheme, code): row["coverage"]
        for scheme in schemes()
        for code, row in rows_of(scheme).items()
        if row["coverage"] < 1
    }
    assert set(uncovered) == {
        ("us-county", "11001"),
        ("us-state", "11"),
        ("us-part", "47900-11"),
        ("us-cbsa", "47900"),
        ("us-nation", "US"),
    }
    assert uncovered["us-county", "11001"] == uncovered["us-state", "11"] == 0
    assert uncovered["us-part", "47900-11"] == 0
    assert uncovered["us-cbsa", "47900"] == pytest.approx(1 - 684_498 / 6_151_521, rel=1e-5)
    assert uncovered["us-nation", "US"] == pytest.approx(1 - 684_498 / 322_903_030, rel=1e-5)


@pytest.mark.parametrize(("scheme", "in_scheme"), list(product(schemes(), schemes())))
def test_memberships(scheme, in_scheme):
    if in_scheme not in LARGER.get(scheme, set()):
        with pytest.raises(CannotAnswer):
            memberships(scheme, in_scheme)
        return
    table = memberships(scheme, in_scheme)
    assert check(table, MEMBERSHIPS).equals(table)
    pairs = inside(scheme, in_scheme)
    assert len(pairs) == table.num_rows, "a region lies in one larger region"
    assert set(pairs) <= set(rows_of(scheme))
    empty = set(rows_of(in_scheme)) - set(pairs.values())
    whole = {"09", "10", "11", "34", "44"}  # states without a county outside the areas
    assert empty == (whole if scheme == "us-rest-of-state" and in_scheme == "us-state" else set())


def test_counties_lie_in_an_area_or_in_the_rest_of_their_state():
    areas, rests = inside("us-county", "us-cbsa"), inside("us-county", "us-rest-of-state")
    assert set(areas).isdisjoint(rests)
    assert {*areas, *rests} == set(rows_of("us-county"))


@pytest.mark.parametrize("in_scheme", ["us-state", "us-cbsa", "us-rest-of-state", "us-nation"])
def test_parts_lead_to_the_same_region_as_their_counties(in_scheme):
    parts, larger = inside("us-county", "us-part"), inside("us-part", in_scheme)
    direct = inside("us-county", in_scheme)
    chained = {county: larger[part] for county, part in parts.items() if part in larger}
    assert chained == direct


@pytest.mark.parametrize("scheme", ["us-county", "us-cbsa", "us-state"])
def test_neighbours_are_symmetric_and_not_of_themselves(scheme):
    rows = neighbours(scheme).to_pylist()
    pairs = {(row["region"], row["neighbour"]) for row in rows}
    assert len(pairs) == len(rows)
    assert pairs == {(second, first) for first, second in pairs}
    assert all(first != second for first, second in pairs)
    assert {first for first, _ in pairs} <= set(rows_of(scheme))


def test_known_neighbours():
    def of(scheme, region):
        return {
            row["neighbour"] for row in neighbours(scheme).to_pylist() if row["region"] == region
        }

    assert of("us-state", "23") == {"33"}  # Maine
    assert of("us-state", "11") == {"24", "51"}
    assert of("us-state", "02") == of("us-state", "15") == set()
    assert "35" not in of("us-state", "49"), "Utah and New Mexico touch at a point only"
    assert of("us-county", "06085") == {"06001", "06047", "06069", "06081", "06087", "06099"}
    assert "41860" in of("us-cbsa", "41940")  # San Francisco and San Jose


def test_land_borders_of_states():
    assert neighbours("us-state").num_rows == 2 * 107  # 105 pairs of states, 2 with the District


def test_borders_of_other_schemes_are_refused():
    with pytest.raises(CannotAnswer, match="us-county"):
        neighbours("nuts-2")


def test_an_unknown_scheme_is_refused():
    with pytest.raises(CannotAnswer, match="at hand: us-nation"):
        regions("us-zip")


@pytest.mark.parametrize(
    ("code", "vintages"),
    [
        ("FR24", (2006, 2010, 2013)),
        ("FRB0", (2016, 2021)),
        ("EL11", (2006, 2010)),
        ("EL51", (2013, 2016, 2021)),
        ("UKI1", (2006, 2010)),
        ("HR04", (2010, 2013, 2016)),
        ("ITD1", (2006,)),
        ("DE", (2006, 2010, 2013, 2016, 2021)),
        ("FRZZ", ()),
        ("XX", ()),
    ],
)
def test_vintages_of_a_nuts_code(code, vintages):
    assert nuts_vintages(code) == vintages


@pytest.mark.parametrize(
    ("year", "count"), [(2006, 271), (2010, 272), (2013, 276), (2016, 332), (2021, 334)]
)
def test_each_nuts_vintage_is_there(year, count):
    codes = [code for code in rows_of("nuts-2") if year in nuts_vintages(code)]
    assert len(codes) == count


def test_extra_regio_codes_are_no_places():
    assert not [code for code in rows_of("nuts-2") if code.endswith("ZZ")]
    assert not [code for code in rows_of("nuts-1") if code.endswith("Z")]


def test_former_counties_lead_to_counties():
    known = set(rows_of("us-county"))
    successors = {row["region"]: row["successor"] for row in former_counties().to_pylist()}
    assert successors["46113"] == "46102"
    assert successors["02270"] == "02158"
    assert set(successors.values()) <= known
    assert known.isdisjoint(successors)


@pytest.mark.shared
@pytest.mark.parametrize("digits", [4, 6])
def test_every_county_of_county_business_patterns_is_known(shared, digits):
    import pyarrow.parquet as pq

    path = shared / "us" / f"cbp_county_naics{digits}_2017_2021.parquet"
    codes = set(pq.read_table(path, columns=["fips"])["fips"].unique().to_pylist())
    assert len(codes) > 3_000
    assert codes <= set(rows_of("us-county"))


@pytest.mark.shared
def test_every_region_of_eurostats_file_is_known(shared):
    import pyarrow.parquet as pq

    path = shared / "eu" / "eurostat_sbs_r_nuts06_r2_2008_2014.parquet"
    codes = set(pq.read_table(path, columns=["geo"])["geo"].unique().to_pylist())
    places = {code for code in codes if code[2:] not in ("Z", "ZZ")}
    known = {**rows_of("nuts-0"), **rows_of("nuts-1"), **rows_of("nuts-2")}
    assert places <= set(known)
    assert all(known[code]["longitude"] is not None for code in places if len(code) == 4)
