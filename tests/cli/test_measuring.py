"""`clusteratlas measure`: any measure of a tidy file, by its name."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clusteratlas import measures

JOBS = np.array([[40, 30, 0, 10, 20], [0, 50, 25, 5, 20], [10, 0, 60, 10, 20], [50, 40, 0, 0, 10]])
REGIONS, INDUSTRIES = "ABCD", ("cars", "fish", "food", "steel", "toys")


def rows_of(table: np.ndarray, year: int | None = None) -> list[dict[str, object]]:
    return [
        {"region": region, "industry": industry}
        | ({} if year is None else {"year": year})
        | {"employment": int(jobs)}
        for region, line in zip(REGIONS, table, strict=True)
        for industry, jobs in zip(INDUSTRIES, line, strict=True)
    ]


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def jobs(tmp_path: Path) -> Path:
    return written(tmp_path / "jobs.csv", rows_of(JOBS))


@pytest.fixture
def years(tmp_path: Path) -> Path:
    rows = rows_of(JOBS, 2018) + rows_of(JOBS[::-1], 2019) + rows_of(JOBS + 5, 2021)
    return written(tmp_path / "years.csv", rows)


def csv_of(run, *arguments: object) -> list[dict[str, str]]:
    out = run("measure", *map(str, arguments), "--csv").ended(0).out
    return list(csv.DictReader(io.StringIO(out)))


def test_quotients_of_every_cell(run, jobs):
    rows = csv_of(run, "location_quotient", "--input", jobs)
    assert [(row["region"], row["industry"]) for row in rows[:2]] == [("A", "cars"), ("A", "fish")]
    found = np.array([float(row["location_quotient"]) for row in rows]).reshape(JOBS.shape)
    np.testing.assert_allclose(found, measures.location_quotient(JOBS), rtol=1e-12)


def test_parquet_and_another_column(run, tmp_path):
    table = pa.Table.from_pylist(rows_of(JOBS)).rename_columns(["region", "industry", "plants"])
    pq.write_table(table, tmp_path / "jobs.parquet")
    rows = csv_of(run, "krugman_index", "--input", tmp_path / "jobs.parquet", "--column", "plants")
    found = [float(row["krugman_index"]) for row in rows]
    np.testing.assert_allclose(found, measures.krugman_index(JOBS), rtol=1e-12)
    assert [row["region"] for row in rows] == list(REGIONS)


def test_presence_and_proximity_are_derived_and_told(run, jobs):
    out = run("measure", "relatedness_density", "--input", str(jobs)).ended(0).out
    assert "presence: location quotient of employment at least 1." in out
    rows = csv_of(run, "relatedness_density", "--input", jobs)
    present = measures.presence(measures.location_quotient(JOBS))
    expected = measures.relatedness_density(present, measures.proximity(present))
    found = [float(row["relatedness_density"] or "nan") for row in rows]
    np.testing.assert_allclose(found, expected.ravel(), rtol=1e-9)


def test_a_result_of_several_parts(run, jobs):
    out = run("measure", "complexity", "--input", str(jobs), "--json").ended(0).out
    found = json.loads(out)
    expected = measures.complexity(measures.presence(measures.location_quotient(JOBS)))
    assert [row["region"] for row in found["regions"]] == list(REGIONS)
    assert [row["industry"] for row in found["industries"]] == list(INDUSTRIES)
    np.testing.assert_allclose([row["eci"] for row in found["regions"]], expected.eci, rtol=1e-9)
    assert found["spectral_gap"] == pytest.approx(float(expected.spectral_gap))


def test_years_are_worked_one_by_one_or_compared(run, years):
    rows = csv_of(run, "herfindahl_index", "--input", years)
    assert sorted({row["year"] for row in rows}) == ["2018", "2019", "2021"]
    rows = csv_of(run, "growth", "--input", years, "--from", 2018, "--to", 2021)
    expected = measures.growth(JOBS, JOBS + 5, years=3).ravel()
    found = [float(row["growth"] or "nan") for row in rows]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_files_beside_the_table(run, jobs, tmp_path):
    groups = written(
        tmp_path / "groups.csv",
        [{"industry": code, "group": "make" if code != "food" else "eat"} for code in INDUSTRIES],
    )
    rows = csv_of(run, "related_variety", "--input", jobs, "--industries", groups)
    expected = measures.related_variety(JOBS, groups=["make", "make", "eat", "make", "make"])
    np.testing.assert_allclose([float(row["related"]) for row in rows], expected.related)
    pairs = [("A", "B"), ("B", "A"), ("B", "C"), ("C", "B"), ("C", "D"), ("D", "C")]
    near = written(tmp_path / "near.csv", [{"region": a, "neighbour": b} for a, b in pairs])
    rows = csv_of(run, "moran", "--input", jobs, "--neighbours", near)
    assert {row["industry"] for row in rows} == set(INDUSTRIES)


def test_points(run, tmp_path):
    rng = np.random.default_rng(1)
    points = [
        {"x": x, "y": y, "kind": "AB"[place % 2], "weight": 1 + place % 3}
        for place, (x, y) in enumerate(rng.random((40, 2)).tolist())
    ]
    file = written(tmp_path / "plants.csv", points)
    asked = ("m_function", "--input", file, "--set", "kind=A", "--set", "radii=[0.2, 0.5]")
    assert len(csv_of(run, *asked)) == 2


def test_a_missing_row_is_not_known_unless_said_to_be_zero(run, tmp_path):
    rows = [row for row in rows_of(JOBS) if row["employment"]]
    file = written(tmp_path / "jobs.csv", rows)
    refused = run("measure", "coagglomeration", "--input", str(file)).ended(2).err
    assert "region A, industry food" in refused
    found = csv_of(run, "coagglomeration", "--input", file, "--absent", "zero")
    assert len(found) == 25
    out = run("measure", "hachman_index", "--input", str(file), "--absent", "zero").ended(0).out
    assert "5 cells without a row: taken as no jobs." in out


def test_an_empty_figure_stays_not_known(run, tmp_path):
    rows = rows_of(JOBS)
    rows[3]["employment"] = ""
    file = written(tmp_path / "jobs.csv", rows)
    found = csv_of(run, "herfindahl_index", "--input", file, "--absent", "zero")
    assert [row["herfindahl_index"] == "" for row in found] == [True, False, False, False]


def test_a_flag_of_a_withheld_figure_is_neither_yes_nor_no(run, tmp_path):
    rows = [row | {"establishments": 5 + place} for place, row in enumerate(rows_of(JOBS))]
    rows[3]["employment"] = ""
    file = written(tmp_path / "jobs.csv", rows)
    found = csv_of(run, "strength_flags", "--input", file)
    assert [row["strong"] for row in found].count("") == 1
    assert found[3]["strong"] == ""
    out = run("measure", "strength_flags", "--input", str(file)).ended(0).out
    assert "Withheld, never taken for zero: 1 empty figures." in out


def test_faults_are_named_all_at_once(run, tmp_path):
    rows = rows_of(JOBS)
    rows[1]["employment"], rows[2]["employment"] = "D", "x"
    file = written(tmp_path / "jobs.csv", rows)
    err = run("measure", "gini", "--input", str(file)).ended(2).err
    assert "row 3, column employment" in err
    assert "row 4, column employment" in err
    twice = written(tmp_path / "twice.csv", rows_of(JOBS) + rows_of(JOBS)[:1])
    err = run("measure", "gini", "--input", str(twice)).ended(2).err
    assert "row 22" in err
    assert "A, cars" in err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["locaton_quotient", "--input", "jobs.csv"], 3, "location_quotient"),
        (["location_quotient"], 2, "--input"),
        (["location_quotient", "--input", "none.csv"], 2, "no such file"),
        (["growth", "--input", "jobs.csv"], 2, "two years"),
        (["moran", "--input", "jobs.csv"], 2, "--neighbours"),
        (["gini", "--input", "jobs.csv", "--set", "off=regions"], 2, "did you mean of"),
        (["gini", "--input", "jobs.csv", "--set", "of"], 2, "name=value"),
        (["gini", "--input", "jobs.csv", "--column", "jobs"], 2, "column"),
        (["related_variety", "--input", "jobs.csv"], 2, "groups"),
        (["gini", "--input", "jobs.csv", "--out", "x.pdf"], 2, "--out"),
    ],
)
def test_what_is_missing_is_said(run, jobs, monkeypatch, arguments, code, words):
    monkeypatch.chdir(jobs.parent)
    assert words in run("measure", *arguments).ended(code).err


def test_the_result_is_written_whole(run, jobs, tmp_path):
    for name in ("out.csv", "out.json"):
        run("measure", "gini", "--input", str(jobs), "--out", str(tmp_path / name)).ended(0)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text())))
    document = json.loads((tmp_path / "out.json").read_text())
    assert [float(row["gini"]) for row in rows] == [row["gini"] for row in document["industries"]]


def test_every_measure_is_listed(run):
    out = run("measure").ended(0).out
    for name in ("location_quotient", "complexity", "kd_function", "shift_share", "survival"):
        assert f"\n{name} " in out


PLANTS = [
    {"region": "a", "industry": "0111", "employment": 9},
    {"region": "a", "industry": "3344", "employment": 30},
    {"region": "a", "industry": "3344", "employment": 10},
    {"region": "b", "industry": "0111", "employment": 5},
    {"region": "b", "industry": "3344", "employment": 60},
    {"region": "c", "industry": "0111", "employment": 7},
]


def test_rows_are_plants_where_a_measure_takes_plants(run, tmp_path):
    path = written(tmp_path / "plants.csv", PLANTS)
    jobs = [row["employment"] for row in PLANTS]
    where, what = ([row[key] for row in PLANTS] for key in ("region", "industry"))
    for name in ("ellison_glaeser", "maurel_sedillot"):
        rows = csv_of(run, name, "--input", path)
        wanted = getattr(measures, name)(jobs, region=where, industry=what)
        assert [row["industry"] for row in rows] == ["0111", "3344"]
        found = [float(row["gamma"]) for row in rows]
        np.testing.assert_allclose(found, wanted.gamma, rtol=1e-12)
    rows = csv_of(run, "plant_herfindahl", "--input", path)
    assert float(rows[1]["plant_herfindahl"]) == pytest.approx(0.46)
    rows = csv_of(run, "plant_table", "--input", path)
    assert [row["plants"] for row in rows[:2]] == ["1.0", "2.0"]
    two_years = [{**row, "year": year} for year in (2018, 2021) for row in PLANTS]
    path = written(tmp_path / "years.csv", two_years)
    assert "several years" in run("measure", "ellison_glaeser", "--input", str(path)).ended(2).err


def test_concentration_of_a_table_with_the_plants_herfindahl_beside_it(run, jobs, tmp_path):
    beside = [{"industry": name, "plant_herfindahl": 0.1} for name in INDUSTRIES]
    industries = written(tmp_path / "industries.csv", beside)
    rows = csv_of(run, "ellison_glaeser", "--input", jobs, "--industries", industries)
    wanted = measures.ellison_glaeser(JOBS, plant_herfindahl=[0.1] * 5).gamma
    np.testing.assert_allclose([float(row["gamma"]) for row in rows], wanted, rtol=1e-12)


def test_changes_over_all_years_of_the_file(run, years, jobs):
    rows = csv_of(run, "dynamic_shift_share", "--input", years)
    wanted = measures.dynamic_shift_share({2018: JOBS, 2019: JOBS[::-1], 2021: JOBS + 5})
    assert (rows[1]["region"], rows[1]["industry"]) == ("A", "fish")
    found = np.array([float(row["competitive"]) for row in rows]).reshape(JOBS.shape)
    np.testing.assert_allclose(found, wanted.competitive, atol=1e-9)
    assert "two years" in run("measure", "dynamic_shift_share", "--input", str(jobs)).ended(2).err


def test_presence_takes_jobs_only_with_a_floor_of_jobs(run, tmp_path):
    quotients = [row | {"location_quotient": 2.0} for row in rows_of(JOBS)]
    path = written(tmp_path / "quotients.csv", quotients)
    assert {row["presence"] for row in csv_of(run, "presence", "--input", path)} == {"1.0"}
    rows = csv_of(run, "presence", "--input", path, "--set", "least_employment=30")
    assert [row["presence"] for row in rows[:3]] == ["1.0", "1.0", "0.0"]


def test_shares_are_taken_of_the_figures_where_stars_need_them(run, jobs):
    rows = csv_of(run, "star_rating", "--input", jobs)
    wanted = measures.star_rating(
        measures.location_quotient(JOBS), measures.national_share(JOBS), measures.region_share(JOBS)
    )
    found = np.array([float(row["star_rating"]) for row in rows]).reshape(JOBS.shape)
    np.testing.assert_array_equal(found, wanted)


def test_a_switch_is_yes_or_no_and_nothing_else(run, jobs):
    plain = csv_of(run, "gini", "--input", jobs)
    for no in ("no", "False", "false"):
        assert csv_of(run, "gini", "--input", jobs, "--set", f"corrected={no}") == plain
    assert csv_of(run, "gini", "--input", jobs, "--set", "corrected=yes") != plain
    failed = run("measure", "gini", "--input", str(jobs), "--set", "corrected=perhaps").ended(2)
    assert "corrected is neither true nor false" in failed.err


def test_text_is_no_number(run, jobs):
    failed = run("measure", "shannon_entropy", "--input", str(jobs), "--set", "base=e").ended(2)
    assert "base is no number" in failed.err


def test_a_file_of_regions_goes_before_a_column_of_the_table(run, tmp_path):
    rows = [row | {"establishments": 1, "area": 7, "population": 7} for row in rows_of(JOBS)]
    path = written(tmp_path / "jobs.csv", rows)
    failed = run("measure", "litzenberger_sternberg", "--input", str(path)).ended(2).err
    assert "area has shape (4, 5)" in failed
    beside = [{"region": name, "area": 2, "population": 3} for name in REGIONS]
    regions = written(tmp_path / "regions.csv", beside)
    found = csv_of(run, "litzenberger_sternberg", "--input", path, "--regions", regions)
    assert len(found) == JOBS.size


def test_kinds_of_points_may_look_like_numbers(run, tmp_path):
    rows = [
        {"x": place % 3, "y": place // 3, "kind": (3344, 2211)[place % 2]} for place in range(9)
    ]
    path = written(tmp_path / "points.csv", rows)
    asked = ("--set", "kind=3344", "--set", "radii=[1, 2]")
    assert len(csv_of(run, "m_function", "--input", path, *asked)) == 2


def test_an_industry_without_a_group_is_a_fault(run, jobs, tmp_path):
    beside = [{"industry": name, "group": "" if name == "toys" else "g"} for name in INDUSTRIES]
    groups = written(tmp_path / "groups.csv", beside)
    for name in ("related_variety", "group_coagglomeration"):
        failed = run("measure", name, "--input", str(jobs), "--industries", str(groups)).ended(2)
        assert "industry toys has no group" in failed.err


def test_groups_of_several_years_are_rows(run, years, tmp_path):
    beside = [{"industry": name, "group": name[0]} for name in INDUSTRIES]
    groups = written(tmp_path / "groups.csv", beside)
    rows = csv_of(run, "group_coagglomeration", "--input", years, "--industries", groups)
    told = [(row["year"], row["groups"]) for row in rows]
    assert told == [(year, group) for year in ("2018", "2019", "2021") for group in "cfst"]


def test_another_column_that_is_not_there_is_named(run, jobs):
    failed = run("measure", "gini", "--input", str(jobs), "--column", "wages").ended(2).err
    assert "there is no column wages" in failed
    assert "employment" in failed
