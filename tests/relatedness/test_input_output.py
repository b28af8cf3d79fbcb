"""Flows between industries: what is kept, what is split, what is added up."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from clusteratlas.relatedness.input_output import flows_between, input_output_links
from clusteratlas.tables import BEA_CODES, INPUT_OUTPUT, CannotAnswer, InvalidInput

CODES = [
    ("S", "331110"),
    ("C", "336111"),
    ("C", "336112"),
    ("H1", "236115"),
    ("H2", "236115"),
]
"""Steel is one to one, cars are two industries of one code, homes two codes of one industry."""


def use(*cells: tuple[str, str, float], table: str = "use", year: int = 2017) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "table": table,
                "row": row,
                "column": column,
                "year": year,
                "source": "t",
                "row_title": "",
                "column_title": "",
                "row_kind": "commodity",
                "column_kind": "industry",
                "value": value,
            }
            for row, column, value in cells
        ],
        INPUT_OUTPUT.schema,
    )


def codes() -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "bea": bea,
                "classification": "naics-2017",
                "industry": industry,
                "source": "t",
                "bea_title": "",
                "industries_of_code": 1,
                "codes_of_industry": 1,
                "finer": "same",
            }
            for bea, industry in CODES
        ],
        BEA_CODES.schema,
    )


TABLE = use(("S", "C", 60.0), ("S", "H1", 10.0), ("S", "H2", 30.0), ("C", "C", 15.0))
JOBS = {"336111": 200.0, "336112": 100.0, "331110": 50.0, "236115": 70.0}


def test_flows_of_a_coarse_code_are_split_and_those_of_finer_codes_added_up() -> None:
    flows = flows_between(TABLE, codes(), JOBS)
    assert flows.industries == ("236115", "331110", "336111", "336112")
    np.testing.assert_allclose(flows.between[1], [40, 0, 40, 20])
    np.testing.assert_allclose(
        flows.between[2:, 2:], [[15 * 4 / 9, 15 * 2 / 9], [15 * 2 / 9, 15 / 9]]
    )
    assert flows.between.sum() == pytest.approx(115)
    assert flows.inherited.tolist() == [False, False, True, True]


def test_repeated_flows_are_counted_for_every_industry() -> None:
    flows = flows_between(TABLE, codes(), JOBS, sharing="repeated")
    np.testing.assert_allclose(flows.between[1], [40, 0, 60, 60])


def test_the_link_is_the_largest_of_four_shares() -> None:
    flows = flows_between(TABLE, codes(), JOBS)
    links = input_output_links(flows).components["input_output"]
    # Homes buy all they use from steel: 40 of 40.
    assert links[0, 1] == 1.0
    # The first cars buy 40 of their 50; steel sells them 40 of 100.
    assert links[1, 2] == pytest.approx(40 / 50)
    assert np.isnan(np.diagonal(links)).all()
    np.testing.assert_array_equal(links, links.T)


def test_clusters_add_flows_up_before_shares_are_taken() -> None:
    flows = flows_between(TABLE, codes(), JOBS)
    groups = {"336111": "cars", "336112": "cars", "331110": "steel"}
    links = input_output_links(flows, groups, wanted=["cars", "none", "steel"])
    assert links.labels == ("cars", "none", "steel")
    # 60 of the 75 that cars use; homes stay in the total that steel sells.
    assert links.components["input_output"][0, 2] == pytest.approx(60 / 75)
    assert np.isnan(links.components["input_output"][1]).all()
    assert "without a code in the input-output table: none" in links.notes


def test_commodities_can_be_shared_among_their_makers() -> None:
    both = pa.concat_tables(
        [TABLE, use(("S", "S", 80.0), ("C", "S", 20.0), ("C", "C", 15.0), table="make")]
    )
    flows = flows_between(both, codes(), JOBS, make=True)
    # A fifth of steel is made by the car makers.
    np.testing.assert_allclose(flows.between[1], [32, 0, 32, 16])
    with pytest.raises(InvalidInput, match="no make table"):
        flows_between(TABLE, codes(), JOBS, make=True)


def test_industries_without_jobs_weigh_little_and_are_not_lost() -> None:
    flows = flows_between(TABLE, codes(), {"336111": 99.0, "336112": 0.0})
    assert flows.between[1, 2:].sum() == pytest.approx(60)
    flows = flows_between(TABLE, codes(), {})
    np.testing.assert_allclose(flows.between[1, 2:], [30, 30])


def test_an_industry_that_codes_share_gives_each_an_equal_part() -> None:
    """Homes are in two codes; half of their weight counts in each, beside roads in the second."""
    extra = [*CODES, ("H2", "237310")]
    table = pa.Table.from_pylist(
        [
            {
                "bea": bea,
                "classification": "naics-2017",
                "industry": industry,
                "source": "t",
                "bea_title": "",
                "industries_of_code": 1,
                "codes_of_industry": 1,
                "finer": "same",
            }
            for bea, industry in extra
        ],
        BEA_CODES.schema,
    )
    flows = flows_between(TABLE, table, JOBS | {"237310": 35.0})
    # H2's 30 go half to homes (70 / 2 = 35 jobs) and half to roads (35); H1's 10 to homes alone.
    assert flows.between[flows.industries.index("331110")][:2].tolist() == [25.0, 15.0]


def test_two_years_no_table_and_foreign_codes_are_refused() -> None:
    with pytest.raises(InvalidInput, match="several years"):
        flows_between(pa.concat_tables([TABLE, use(("S", "C", 1.0), year=2012)]), codes(), JOBS)
    with pytest.raises(InvalidInput, match="no use table"):
        flows_between(TABLE.slice(0, 0), codes(), JOBS)
    with pytest.raises(CannotAnswer, match="no code of the input-output table"):
        flows_between(use(("X", "Y", 1.0)), codes(), JOBS)
    with pytest.raises(CannotAnswer, match="unknown sharing"):
        flows_between(TABLE, codes(), JOBS, sharing="guessed")
