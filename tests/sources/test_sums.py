"""Sums of a printed file that must hold, beyond what noise explains."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from clusteratlas.sources import read_any, read_census_table, read_county_business_patterns
from clusteratlas.tables import Fault, InvalidInput

Maker = Callable[..., Path]
Row = tuple[str, str, str, int, str, int, int]


def faults(make: Maker, place: Path, rows: list[Row]) -> list[Fault]:
    path = make(place / "cbp21co.txt", rows)
    with pytest.raises(InvalidInput) as caught:
        read_county_business_patterns(path)
    assert {fault.file for fault in caught.value.faults} == {str(path)}
    assert all(fault.hint for fault in caught.value.faults)
    return list(caught.value.faults)


def parent(flag: str, jobs: int) -> Row:
    return ("06085", "33441/", flag, jobs, "G", 9_000, 30)


def child(code: str, flag: str, jobs: int, units: int = 15) -> Row:
    return ("06085", code, flag, jobs, "G", 900, units)


def test_children_above_their_parent(bureau_file: Maker, tmp_path: Path) -> None:
    rows = [parent("G", 1_000), child("334412", "G", 600), child("334413", "G", 500)]
    (fault,) = faults(bureau_file, tmp_path, rows)
    assert (fault.row, fault.column, fault.value) == (2, "emp", "1000")
    assert fault.problem == (
        "the industries under 33441 in 06085 sum to 1,100 jobs in 2021, and the whole has 1,000"
    )
    assert "2 rows are summed, the first in row 3" in fault.hint


@pytest.mark.parametrize(
    ("whole", "first", "second", "passes"),
    [
        (("G", 1_000), ("G", 520), ("G", 519), True),  # 1,039: two per cent on either side
        (("G", 1_000), ("G", 521), ("G", 521), False),
        (("H", 1_000), ("H", 550), ("H", 550), True),
        (("H", 1_000), ("H", 560), ("H", 560), False),
        (("J", 1_000), ("G", 900), ("G", 900), True),  # J: any noise
        (("G", 1_000), ("J", 9_000), ("G", 900), True),
        (("D", 0), ("G", 9_000), ("G", 900), False),  # the size classes say 120 at most
    ],
)
def test_noise_is_allowed_and_no_more(
    whole: tuple[str, int],
    first: tuple[str, int],
    second: tuple[str, int],
    passes: bool,
    bureau_file: Maker,
    tmp_path: Path,
) -> None:
    rows = [parent(*whole), child("334412", *first), child("334413", *second)]
    if passes:
        assert read_any(bureau_file(tmp_path / "cbp21co.txt", rows)).employment.num_rows == 3
    else:
        assert faults(bureau_file, tmp_path, rows)


def test_withheld_children_count_as_nothing(bureau_file: Maker, tmp_path: Path) -> None:
    rows = [parent("G", 1_000), child("334412", "D", 0), child("334413", "G", 900)]
    assert read_any(bureau_file(tmp_path / "cbp21co.txt", rows)).employment.num_rows == 3


def test_more_establishments_than_the_parent(bureau_file: Maker, tmp_path: Path) -> None:
    rows = [parent("G", 1_000), child("334412", "G", 9, 20), child("334413", "G", 9, 11)]
    (fault,) = faults(bureau_file, tmp_path, rows)
    assert (fault.column, fault.value) == ("est", "30")
    assert "sum to 31 establishments in 2021, and the whole has 30" in fault.problem


def test_range_sectors_are_summed_as_one(bureau_file: Maker, tmp_path: Path) -> None:
    rows: list[Row] = [
        ("06085", "31----", "G", 1_000, "G", 9_000, 30),
        ("06085", "311///", "G", 600, "G", 900, 10),
        ("06085", "334///", "G", 700, "G", 900, 10),
    ]
    (fault,) = faults(bureau_file, tmp_path, rows)
    assert "the industries under 31-33 in 06085 sum to 1,300 jobs" in fault.problem


def test_a_parent_without_children(bureau_file: Maker, tmp_path: Path) -> None:
    # 30 places cannot hide in six industries of at most two each.
    rows = [parent("G", 1_000), ("06085", "33451/", "G", 90, "G", 9, 10),
            child("334511", "G", 80, 9)]  # fmt: skip
    (fault,) = faults(bureau_file, tmp_path, rows)
    assert (fault.row, fault.column, fault.value) == (2, "naics", "33441")
    assert "industry 33441 has 30 establishments in 06085" in fault.problem


def test_few_places_may_hide(bureau_file: Maker, tmp_path: Path) -> None:
    rows = [("06085", "33441/", "G", 90, "G", 9, 12), ("06085", "33451/", "G", 90, "G", 9, 10),
            child("334511", "G", 80, 9)]  # fmt: skip
    assert read_any(bureau_file(tmp_path / "cbp21co.txt", rows)).employment.num_rows == 3


def test_a_tidy_table_is_checked_too(tmp_path: Path) -> None:
    path = tmp_path / "counties.csv"
    path.write_text(
        "year,fips,naics,emp,est,pay_k\n2021,06085,33441,100,9,9\n2021,06085,334413,200,9,9\n"
        "2020,06085,33441,100,9,9\n2020,06085,334413,100,9,9\n"
    )
    with pytest.raises(InvalidInput) as caught:
        read_census_table(path)
    assert [(fault.row, fault.value) for fault in caught.value.faults] == [(2, "100")]
