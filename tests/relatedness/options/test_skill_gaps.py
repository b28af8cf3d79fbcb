"""Occupations of a region: what it leads in, and what an option needs."""

from __future__ import annotations

import pyarrow as pa
import pytest

from clusteratlas.relatedness.options.skill_gaps import leading_occupations, skill_gaps
from clusteratlas.tables import CannotAnswer

WELDERS, MACHINISTS, CODERS, ALL = "51-4121", "51-4041", "15-1252", "00-0000"
TITLES = {WELDERS: "Welders", MACHINISTS: "Machinists", CODERS: "Developers", ALL: "All"}


def staffing(cells: list[tuple[str, str | None, str, int | None]], year: int = 2025) -> pa.Table:
    return pa.table(
        {
            "industry": [cell[0] for cell in cells],
            "covers": pa.array([cell[1] for cell in cells], pa.string()),
            "occupation": [cell[2] for cell in cells],
            "occupation_title": [TITLES[cell[2]] for cell in cells],
            "occupation_level": ["total" if cell[2] == ALL else "detailed" for cell in cells],
            "year": [year] * len(cells),
            "employment": pa.array([cell[3] for cell in cells], pa.int64()),
        }
    )


def area(cells: list[tuple[str, int | None, float | None]], year: int = 2025) -> pa.Table:
    return pa.table(
        {
            "scheme": ["us-cbsa"] * len(cells),
            "region": ["41940"] * len(cells),
            "occupation": [cell[0] for cell in cells],
            "occupation_title": [TITLES[cell[0]] for cell in cells],
            "occupation_level": ["detailed"] * len(cells),
            "year": [year] * len(cells),
            "employment": pa.array([cell[1] for cell in cells], pa.int64()),
            "location_quotient": pa.array([cell[2] for cell in cells], pa.float64()),
        }
    )


HERE = area([(WELDERS, 50, 0.5), (MACHINISTS, 900, 1.8), (CODERS, None, None)])
NEEDS = staffing(
    [
        ("332700", None, WELDERS, 40),
        ("332700", None, MACHINISTS, 40),
        ("332700", None, CODERS, 20),
        ("332700", None, ALL, 100),
        ("3320A1", "3323 3324", WELDERS, 10),
    ]
)


def gaps(*industries: str):
    return skill_gaps(NEEDS, HERE, scheme="us-cbsa", region="41940", industries=industries)


def test_a_gap_by_hand_and_an_unknown_quotient_is_no_zero() -> None:
    found = gaps("332710")
    assert [row.title for row in found.rows] == ["Welders", "Machinists", "Developers"]
    assert found.rows[0].gap == pytest.approx(0.4 * 0.5)
    assert found.rows[1].gap == 0
    assert found.rows[2].gap is None
    assert found.rows[2].location_quotient is None
    assert found.covered == pytest.approx(0.8)


def test_staffing_is_inherited_from_above_or_of_a_combined_class_and_named() -> None:
    assert dict(gaps("332710").staffed_as) == {"332710": "332700"}
    assert dict(gaps("332313").staffed_as) == {"332313": "3320A1"}
    both = gaps("332313", "332710", "999990")
    assert both.missing == ("999990",)
    assert both.rows[0].needed == pytest.approx((1 + 0.4) / 2)


def test_without_figures_it_is_refused() -> None:
    with pytest.raises(CannotAnswer, match="no staffing of these industries is loaded"):
        gaps("999990")
    with pytest.raises(CannotAnswer, match="no occupations of this region are loaded"):
        skill_gaps(NEEDS, HERE, scheme="us-cbsa", region="00000", industries=["332710"])


def test_leading_occupations_leave_out_what_is_not_given_and_small_ones() -> None:
    rows = leading_occupations(HERE, "us-cbsa", "41940")
    assert [row.title for row in rows] == ["Machinists", "Welders"]
    rows = leading_occupations(HERE, "us-cbsa", "41940", least_jobs=100)
    assert [row.title for row in rows] == ["Machinists"]


def test_only_the_latest_year_counts() -> None:
    older = area([(WELDERS, 5000, 9.0)], year=2024)
    rows = leading_occupations(pa.concat_tables([older, HERE]), "us-cbsa", "41940")
    assert rows[0].title == "Machinists"
