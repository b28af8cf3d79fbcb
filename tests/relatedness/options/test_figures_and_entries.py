"""What a table says of each cell, and what became of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from tests.relatedness.options.economy import figures

from clusteratlas.relatedness.options.entries import entries
from clusteratlas.relatedness.options.figures import read_figures, refuse_mixed
from clusteratlas.tables import InvalidInput

START = [[90.0, 0, 10], [50, 2, 48], [50, 40, 10]]
END = [[60.0, 40, 10], [50, 2, 48], [50, 40, 10]]


def rows(**columns: list[object]) -> pa.Table:
    return pa.table(columns)


def test_a_cell_without_a_row_is_unpublished_and_one_without_jobs_withheld() -> None:
    table = rows(
        region=["a", "a", "b"],
        industry=["x", "y", "x"],
        year=[2018, 2018, 2018],
        employment=[5, None, 7],
        status=["reported", "withheld", "estimated"],
    )
    read = read_figures(table, year=2018, classification="own")
    assert read.status(0, 0) == "reported"
    assert read.status(0, 1) == "withheld"
    assert read.status(1, 0) == "estimated"
    assert read.status(1, 1) == "unpublished"


def test_what_is_known_of_a_withheld_figure_is_no_figure() -> None:
    table = rows(
        region=["a", "b"],
        industry=["x", "x"],
        year=[2018, 2018],
        employment=[5, 7],
        status=["withheld", "reported"],
    )
    assert np.isnan(read_figures(table, year=2018, classification="own").employment[0, 0])


def test_a_cell_twice_and_a_year_without_rows_are_named() -> None:
    table = rows(region=["a", "a"], industry=["x", "x"], year=[2018, 2018], employment=[5.0, 6.0])
    with pytest.raises(InvalidInput, match=r"stands in several rows.*a, x"):
        read_figures(table, year=2018, classification="own")
    with pytest.raises(InvalidInput, match="no row of the year"):
        read_figures(table, year=2019, classification="own")


def test_negative_jobs_and_unsorted_codes_are_named() -> None:
    with pytest.raises(InvalidInput, match="i001 in r000 is no number of jobs"):
        figures(np.array([[1.0, -2.0]]), 2018, printed_from=-9)
    with pytest.raises(InvalidInput, match="not sorted"):
        replace(figures(np.ones((2, 2)), 2018), regions=("b", "a"))


def test_entry_by_hand() -> None:
    found = entries(figures(np.array(START), 2018, printed_from=1), figures(np.array(END), 2021))
    # Quotients of i001: 0 of 42 jobs in r000, 2 in r001, 40 in r002; a third of jobs each.
    assert found.at_risk[:, 1].tolist() == [True, True, False]
    assert found.entered.sum() == 1
    assert found.entered[0, 1]
    assert found.observed[:, 1].tolist() == [False, True, False]
    assert found.unpublished_share == 1.0


def test_durable_is_there_in_both_years() -> None:
    start, end = figures(np.array(START), 2018), figures(np.array(END), 2021)
    still = entries(start, end, figures(np.array(END), 2022))
    gone = entries(start, end, figures(np.array(START), 2022))
    assert still.durable is not None
    assert still.durable.sum() == 1
    assert gone.durable is not None
    assert gone.durable.sum() == 0
    assert entries(start, end).durable is None


def test_a_withheld_cell_is_neither_at_risk_nor_an_entry() -> None:
    start, end = figures(np.array(START), 2018), figures(np.array(END), 2021)
    jobs = end.employment.copy()
    jobs[0, 1] = np.nan
    found = entries(start, replace(end, employment=jobs))
    assert not found.at_risk[0, 1]
    jobs = start.employment.copy()
    jobs[0, 1] = np.nan
    assert not entries(replace(start, employment=jobs), end).at_risk[0, 1]


def test_an_end_that_only_an_estimate_brings_to_1_is_no_entry() -> None:
    def year(number: int, jobs: list[list[float]], printed_part: float) -> pa.Table:
        cells = [(f"r{row}", f"i{column}") for row in range(3) for column in range(3)]
        flat = [value for line in jobs for value in line]
        estimated = [region == "r0" and industry == "i1" for region, industry in cells]
        return rows(
            region=[cell[0] for cell in cells],
            industry=[cell[1] for cell in cells],
            year=[number] * 9,
            employment=flat,
            status=["estimated" if each else "reported" for each in estimated],
            employment_reported=[
                printed_part if each else value for each, value in zip(estimated, flat, strict=True)
            ],
        )

    start = read_figures(year(2018, START, 0), year=2018, classification="own")
    assert not start.printed[0, 1]
    assert start.status(0, 1) == "estimated"
    for part, entered, mostly in ((0, False, False), (10, False, False), (39, True, True)):
        end = read_figures(year(2021, END, part), year=2021, classification="own")
        assert end.printed[0, 1] == mostly
        assert end.status(0, 1) == "estimated"
        found = entries(start, end)
        assert found.at_risk[0, 1]
        assert found.entered[0, 1] == entered


def test_two_vintages_are_refused_by_name() -> None:
    one, other = figures(np.ones((3, 3)), 2018), figures(np.ones((3, 3)), 2021, vintage="own-2")
    with pytest.raises(InvalidInput, match=r"different classifications.*own-1 and own-2"):
        refuse_mixed([one, other])
    renamed = replace(one, industries=("x", "y", "z"))
    with pytest.raises(InvalidInput, match="share 0 of 3 and 3 industries"):
        entries(one, renamed)


def test_an_industry_without_jobs_is_never_at_risk() -> None:
    start = figures(np.array([[5.0, 0, 1], [5, 0, 2]]), 2018)
    found = entries(start, figures(np.array([[5.0, 9, 1], [5, 0, 2]]), 2021))
    assert start.empty_industries() == ("i001",)
    assert not found.at_risk[:, 1].any()
