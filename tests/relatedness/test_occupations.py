"""Which row of a staffing table an industry is given, and what its withheld cells count as."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from clusteratlas.engine import with_columns_of
from clusteratlas.relatedness.occupations import occupation_similarity, staffing_of
from clusteratlas.tables import INDUSTRY_OCCUPATIONS, CannotAnswer, InvalidInput


def staffing(
    rows: dict[str, dict[str, int | None]], covers: dict[str, str] | None = None, year: int = 2025
) -> pa.Table:
    cells = [
        (industry, occupation, jobs)
        for industry, row in rows.items()
        for occupation, jobs in row.items()
    ]
    table = pa.table(
        {
            "industry": [industry for industry, _, _ in cells],
            "occupation": [occupation for _, occupation, _ in cells],
            "employment": pa.array([jobs for _, _, jobs in cells], pa.int64()),
            "covers": pa.array([(covers or {}).get(each) for each, _, _ in cells], pa.string()),
            "year": [year] * len(cells),
        }
    )
    return with_columns_of(table, INDUSTRY_OCCUPATIONS)


CHEMISTS = {"000000": 100, "191021": 75, "512011": 25}
MACHINISTS = {"000000": 50, "512011": 50}


def test_the_order_in_which_a_row_is_found() -> None:
    rows = staffing(
        {
            "325400": CHEMISTS,
            "3320A1": MACHINISTS,
            "331000": MACHINISTS,
            "513200": CHEMISTS,
            "44-45": MACHINISTS,
        },
        {"3320A1": "3321 3329"},
    )
    found = staffing_of(rows, ["325411", "332999", "331110", "511210", "454110", "114111", "3254"])
    assert dict(zip(found.industries, found.source, strict=True)) == {
        "114111": "",
        "325411": "325400",
        "3254": "325400",
        "331110": "331000",
        "332999": "3320A1",
        "454110": "",
        "511210": "513200",
    }
    inherited = dict(zip(found.industries, found.inherited.tolist(), strict=True))
    assert inherited["331110"]
    assert inherited["332999"]
    assert inherited["511210"]
    assert not inherited["3254"]
    assert inherited["325411"]


def test_only_the_finest_occupations_count() -> None:
    rows = staffing(
        {"325400": {"000000": 10, "190000": 6, "191020": 6, "191021": 6, "510000": 4, "512010": 4}}
    )
    found = staffing_of(rows, ["3254"])
    assert found.occupations == ("191021", "512010")
    np.testing.assert_allclose(found.shares, [[0.6, 0.4]])


def test_withheld_occupations_share_what_is_left_of_the_total() -> None:
    rows = staffing({"325400": {"000000": 100, "191021": 60, "512011": None, "512012": None}})
    np.testing.assert_allclose(staffing_of(rows, ["3254"]).shares, [[0.6, 0.2, 0.2]])


def test_a_withheld_total_leaves_the_industry_unknown() -> None:
    rows = staffing(
        {"325400": {"000000": None, "191021": 60, "512011": None}, "331100": {"191021": 1}}
    )
    found = staffing_of(rows, ["3254", "3311"])
    assert np.isnan(found.shares[0]).all()
    assert not np.isnan(found.shares[1]).any()


@pytest.mark.parametrize(
    ("old", "new"), [("511210", "513200"), ("515210", "516200"), ("448110", "458100")]
)
def test_groups_that_moved_are_found_under_their_new_code(old: str, new: str) -> None:
    rows = staffing({new: CHEMISTS, "999999": MACHINISTS})
    assert staffing_of(rows, [old]).source == (new,)


def test_similarity_is_a_correlation_and_unknown_rows_stay_unknown() -> None:
    rows = staffing(
        {
            "325400": {"111021": 10, "191021": 75, "512011": 15},
            "331100": {"111021": 10, "191021": 5, "512011": 85},
        }
    )
    found = occupation_similarity(staffing_of(rows, ["3254", "3311", "1141", "325411"]))
    matrix = found.components["occupations"]
    assert found.labels == ("1141", "3254", "325411", "3311")
    assert np.isnan(matrix[0]).all()
    assert matrix[1, 2] == pytest.approx(1.0)
    assert matrix[1, 3] == pytest.approx(np.corrcoef([10, 75, 15], [10, 5, 85])[0, 1])
    assert "without occupations: 1141" in found.notes


def test_two_years_and_another_classification_are_refused() -> None:
    one, other = staffing({"325400": CHEMISTS}), staffing({"325400": CHEMISTS}, year=2024)
    with pytest.raises(InvalidInput, match="several years"):
        staffing_of(pa.concat_tables([one, other]), ["3254"])
    with pytest.raises(CannotAnswer, match="no industry has a row"):
        staffing_of(one, ["C20", "J62"])
