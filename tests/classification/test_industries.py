"""Classifications: counts, titles, the tree, the vintage of a year."""

from __future__ import annotations

import pytest

from clusteratlas.classification import ancestors, classifications, industries, vintage_for_year
from clusteratlas.tables import INDUSTRIES, CannotAnswer, check


def rows_of(classification: str) -> dict[str, dict]:
    return {row["industry"]: row for row in industries(classification).to_pylist()}


@pytest.mark.parametrize("classification", classifications())
def test_table_keeps_its_contract(classification):
    table = industries(classification)
    assert check(table, INDUSTRIES).equals(table)


@pytest.mark.parametrize("classification", classifications())
def test_every_parent_is_a_class_one_or_more_levels_up(classification):
    rows = rows_of(classification)
    for row in rows.values():
        if row["parent"] is not None:
            assert rows[row["parent"]]["level"] < row["level"]


@pytest.mark.parametrize("classification", ["naics-2007", "naics-2012", "naics-2017"])
def test_naics_is_one_tree_of_twenty_one_sectors(classification):
    rows = rows_of(classification)
    assert [code for code, row in rows.items() if row["parent"] is None] == ["00"]
    assert sum(row["level"] == 2 for row in rows.values()) == 21  # 20 and the unclassified
    parents = {row["parent"] for row in rows.values()}
    assert all(row["level"] == 6 or code in parents for code, row in rows.items())


@pytest.mark.parametrize(
    ("classification", "classes"),
    # the official counts of the Census Bureau, and 999999 for industries not classified
    [("naics-2007", 1175 + 1), ("naics-2012", 1065 + 1), ("naics-2017", 1057 + 1)],
)
def test_naics_holds_the_official_number_of_classes(classification, classes):
    assert sum(row["level"] == 6 for row in rows_of(classification).values()) == classes


def test_sector_ranges_hold_their_subsectors():
    rows = rows_of("naics-2017")
    assert rows["31-33"] == {
        "classification": "naics-2017",
        "industry": "31-33",
        "title": "Manufacturing",
        "parent": "00",
        "level": 2,
    }
    assert rows["325"]["parent"] == "31-33"
    assert rows["454"]["parent"] == "44-45"
    assert rows["491"]["parent"] == "48-49"
    assert rows["541"]["parent"] == "54"


def test_official_codes_replace_the_splits_of_specialty_trades():
    rows = rows_of("naics-2017")
    assert rows["238110"]["title"] == "Poured Concrete Foundation and Structure Contractors"
    assert "238111" not in rows


def test_nace_sections_and_divisions():
    rows = rows_of("nace-2")
    assert sum(row["level"] == 1 for row in rows.values()) == 21
    assert sum(row["level"] == 2 for row in rows.values()) == 88
    assert rows["C10"]["title"] == "Manufacture of food products"
    assert rows["C10"]["parent"] == "C"
    assert rows["C"]["parent"] == "B-N_S95"
    assert rows["A"]["parent"] is None
    assert rows["K"]["parent"] is None


def test_ancestors_of_naics():
    four = dict(zip(*ancestors("naics-2017", 4).to_pydict().values(), strict=True))
    assert four["541511"] == "5415"
    assert four["5415"] == "5415"
    assert "541" not in four
    sectors = dict(zip(*ancestors("naics-2017", 2).to_pydict().values(), strict=True))
    assert sectors["325412"] == "31-33"
    assert sectors["999999"] == "99"
    total = ancestors("naics-2017", 0)
    assert set(total["ancestor"].to_pylist()) == {"00"}
    assert total.num_rows == industries("naics-2017").num_rows


def test_ancestors_of_nace():
    sections = dict(zip(*ancestors("nace-2", 1).to_pydict().values(), strict=True))
    assert sections["C29"] == "C"
    assert sections["S95"] == "S"
    total = ancestors("nace-2", 0)["industry"].to_pylist()
    assert {"C29", "S95", "B", "N82"} <= set(total)
    assert not {"A01", "K64", "S94", "S96", "S", "O84"} & set(total)


def test_a_level_that_is_not_there_is_refused():
    with pytest.raises(CannotAnswer, match="levels: 0, 2, 3, 4, 5, 6"):
        ancestors("naics-2017", 1)


def test_an_unknown_classification_is_refused():
    with pytest.raises(CannotAnswer, match="at hand: nace-2, naics-2007"):
        industries("naics-2022")


@pytest.mark.parametrize(
    ("family", "year", "vintage"),
    [
        ("naics", 2008, "naics-2007"),
        ("naics", 2011, "naics-2007"),
        ("naics", 2012, "naics-2012"),
        ("naics", 2016, "naics-2012"),
        ("naics", 2017, "naics-2017"),
        ("naics", 2022, "naics-2017"),
        ("nace", 2008, "nace-2"),
        ("nace", 2014, "nace-2"),
    ],
)
def test_vintage_of_a_year(family, year, vintage):
    assert vintage_for_year(family, year) == vintage


@pytest.mark.parametrize(
    ("family", "year"), [("naics", 2007), ("naics", 2023), ("nace", 2007), ("isic", 2010)]
)
def test_a_year_without_vintage_is_refused(family, year):
    with pytest.raises(CannotAnswer):
        vintage_for_year(family, year)
