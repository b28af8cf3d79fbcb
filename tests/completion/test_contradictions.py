"""Figures that contradict each other over several sums: the smallest set, and no other."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from scipy.optimize import linprog

from clusteratlas.completion import complete_table
from clusteratlas.completion.cells import Cells
from clusteratlas.completion.contradictions import (
    EXACT,
    Rounding,
    allowed_by,
    find_contradictions,
)
from clusteratlas.completion.filling import fill
from clusteratlas.completion.given import Given
from clusteratlas.completion.irreducible import Conflict, find_conflicts, sharpened
from clusteratlas.completion.relations import relations_of
from clusteratlas.tables import Fault, InvalidInput

from .plants import country, rows

Row = tuple[object, ...]
TWO_COUNTIES: tuple[Row, ...] = (
    ("06000", "311", 6, 100),
    ("06000", "312", 6, 200),
    ("06001", "31-33", 6, 200),
    ("06001", "311", 3, None),
    ("06001", "312", 3, None),
    ("06003", "31-33", 6, 150),
    ("06003", "311", 3, None),
    ("06003", "312", 3, None),
)
"""Every sum alone can be met; the counties have 350 jobs and their industries 300."""


def faults(table: pa.Table) -> list[Fault]:
    with pytest.raises(InvalidInput) as caught:
        complete_table(table, file="jobs.csv")
    return list(caught.value.faults)


def named(fault: Fault) -> set[int]:
    """The rows of the table that a fault tells of."""
    words = str(fault.problem).replace(",", " ").replace(";", " ").split()
    return {
        int(words[at + 2]) for at, word in enumerate(words) if words[at : at + 2] == ["in", "row"]
    }


def test_sums_that_hold_alone_and_not_together_are_told_with_both_sides() -> None:
    table = rows(*TWO_COUNTIES)
    cells = Given(table).cells(2020, [2020])
    assert not find_contradictions(cells), "no sum alone is at fault"
    found = faults(table)
    assert len(found) == 1
    for part in ("06001 31-33 (200)", "06003 31-33 (150)", "350", "06000 311 (100)", "300"):
        assert part in found[0].problem, part
    assert named(found[0]) == {1, 2, 3, 6}
    assert found[0].row == 1
    assert found[0].file == "jobs.csv"
    assert found[0].hint


def test_figures_that_have_no_part_in_it_are_not_named() -> None:
    found = faults(
        rows(
            ("06000", "31-33", 12, 350),
            ("06000", "311", 6, 100),
            ("06000", "312", 6, 250),
            ("06001", "31-33", 6, 200),
            ("06001", "311", 3, None, 0, 20),
            ("06001", "312", 3, None),
            ("06003", "31-33", 6, 150),
            ("06003", "311", 3, None, 0, 30),
            ("06003", "312", 3, None),
            ("06005", "31-33", 4, 0),
            ("06005", "311", 2, 0),
        )
    )
    assert [named(each) for each in found] == [{3, 4, 5, 7, 8}]
    assert "withheld, 0 to 20" in found[0].problem


def test_three_levels_of_regions_contradict_together() -> None:
    """The nation leaves 1,300 for a state whose counties can hold 900."""
    found = faults(
        rows(
            ("US000", "311", 30, 2000),
            ("06000", "311", 20, None),
            ("12000", "311", 10, 700),
            ("06001", "311", 12, None, 0, 500),
            ("06003", "311", 8, 400),
            ("12001", "311", 10, 700),
        )
    )
    assert len(found) == 1
    assert {1, 4, 5} <= named(found[0])
    assert "2,000" in found[0].problem
    assert "1,600" in found[0].problem


def test_two_contradictions_are_both_told() -> None:
    other = tuple(("12" + str(row[0])[2:], *row[1:]) for row in TWO_COUNTIES)
    found = faults(rows(*TWO_COUNTIES, *other))
    assert [named(each) for each in found] in (
        [{1, 2, 3, 6}, {9, 10, 11, 14}],
        [{9, 10, 11, 14}, {1, 2, 3, 6}],
    )


def test_what_rounding_explains_is_no_contradiction() -> None:
    nearly = [
        (*row[:3], 349.9 - 150 if row[:2] == ("06001", "31-33") else row[3]) for row in TWO_COUNTIES
    ]
    nearly[0] = ("06000", "311", 6, 149.9)
    assert complete_table(rows(*nearly)).num_rows == len(nearly)


def test_a_smaller_joint_set_is_told_in_place_of_a_long_sum() -> None:
    """Nine parts cannot reach the sector; two figures say the same."""
    parts = [("06001", f"3{11 + at}", 2, None, 0, 10) for at in range(9)]
    table = rows(
        ("06001", "00", 18, 95),
        ("06001", "31-33", 18, None, 100, 900),
        *parts,
        ("06000", "00", 18, 95),
    )
    cells = Given(table).cells(2020, [2020])
    found = find_contradictions(cells)
    sharper = sharpened(cells, found)
    assert all(
        (len(each) if isinstance(each, Conflict) else len(each.children) + 1) <= 11
        for each in sharper
    )
    assert (
        min(len(each) if isinstance(each, Conflict) else len(each.children) + 1 for each in sharper)
        <= 3
    )


def test_only_cells_needed_to_exceed_a_sum_are_named() -> None:
    found = faults(
        rows(
            ("06001", "31-33", 10, 500),
            ("06001", "311", 4, 300),
            ("06001", "312", 4, None, 250, 900),
            ("06001", "313", 1, None),
            ("06001", "314", 1, 3),
        )
    )
    assert named(found[0]) == {2, 3}
    assert found[0].row == 1


ANY = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def feasible(
    cells: Cells,
    only: Conflict | None = None,
    without: int | None = None,
    rounding: Rounding = Rounding(EXACT, 0.0),  # noqa: B008 - frozen
) -> bool:
    """Whether some table keeps all sums and bounds, by a programme without anything elastic.

    ``only``: the bounds that a contradiction names, ``without`` one of them.
    """
    around = rounding.jobs + rounding.share * np.nan_to_num(cells.employment)
    low = np.where(cells.known, cells.employment - around, cells.low)
    high = np.where(cells.known, cells.employment + around, cells.high)
    if only is not None:
        named = [(at, "least") for at in only.least] + [(at, "most") for at in only.most]
        if without is not None:
            del named[without]
        kept_low, kept_high = np.zeros(len(cells)), np.full(len(cells), np.inf)
        for at, side in named:
            if side == "least":
                kept_low[at] = low[at]
            else:
                kept_high[at] = high[at]
        low, high = kept_low, kept_high
    relations = relations_of(cells)
    ties = relations.members.toarray()
    ties[np.arange(len(ties)), relations.row] -= 1
    exact = relations.exact
    done = linprog(
        np.zeros(len(cells)),
        A_eq=ties[exact],
        b_eq=np.zeros(exact.sum()),
        A_ub=ties[~exact],
        b_ub=np.zeros((~exact).sum()),
        bounds=np.column_stack([np.maximum(low, 0), high]),
        method="highs",
    )
    return bool(done.status == 0)


@ANY
@given(some.integers(0, 10_000), some.floats(0.2, 0.8))
def test_a_damaged_country_is_told_of_by_an_irreducible_set(seed: int, share: float) -> None:
    """Sums of the state are lowered: what is told is infeasible, and every figure is needed."""
    made = country(seed, counties=3, states=1, industries=12, withheld=3.0)
    cells = Given(made.table).cells(2020, [2020])
    assert feasible(cells)
    printed = np.flatnonzero(cells.known & (cells.depth == 1) & cells.leaf)
    lowered = np.random.default_rng(seed).choice(printed, 3)
    jobs = cells.employment.copy()
    jobs[lowered] *= 1 - share
    bad = cells.given(jobs)
    if find_contradictions(bad):
        return
    filled = fill(bad, draws=5)
    told = find_conflicts(filled.cells.given(jobs), filled.jobs)
    # How exact a table is, is read from it: where several sums of a small one are off, all of it
    # reads as rounded or noisy, as some offices' figures are.
    rounding = allowed_by(bad)
    assert told or feasible(bad, rounding=Rounding(5 * rounding.jobs, 2 * rounding.share))
    for each in told:
        assert each.irreducible
        assert each.needed > each.left
        assert not feasible(bad, each, rounding=rounding)
        for at in range(len(each)):
            assert feasible(bad, each, without=at, rounding=rounding)


def test_a_country_as_printed_contradicts_nothing() -> None:
    for seed in range(4):
        cells = Given(country(seed, nation=True).table).cells(2020, [2020])
        filled = fill(cells, draws=5)
        assert not find_conflicts(filled.cells.given(cells.employment), filled.jobs)
