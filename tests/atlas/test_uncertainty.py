"""What draws say of a release, held against a second, independent computation."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.atlas.made_up import MadeUp, gappy, made_up

from clusteratlas.atlas import Dataset, Release, build, filling, open_release
from clusteratlas.atlas.draws import Draws, place_keys
from clusteratlas.engine import with_columns_of
from clusteratlas.tables import CONTRACTS, EMPLOYMENT, find_faults

DRAWS = 6


def filled_with(
    monkeypatch: pytest.MonkeyPatch, *, spread: float = 2.0, draws: int = DRAWS, **only: int
) -> None:
    def fill(dataset: Dataset, year: int) -> MadeUp | None:
        if only and year != only["year"]:
            return None
        return made_up(dataset, year, draws=draws, spread=spread)

    monkeypatch.setattr(filling, "fill", fill)


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    filled_with(monkeypatch)
    return build([gappy()], tmp_path)


def true_table(dataset: Dataset, filling: MadeUp, draw: int) -> Dataset:
    """The dataset as if a draw were what the office prints."""
    key = place_keys(filling.cells)
    jobs = dict(
        zip(
            zip(key.to_pylist(), filling.cells.column("industry").to_pylist(), strict=True),
            filling.draws[:, draw].tolist(),
            strict=True,
        )
    )
    rows = []
    for row in filling.employment.to_pylist():
        drawn = jobs.get((f"{row['scheme']}\x1f{row['region']}", row["industry"]))
        if drawn is not None:
            whole = int(drawn)
            row.update(dict.fromkeys(("employment", "employment_low", "employment_high"), whole))
            row.update(status="reported", employment_reported=whole)
        rows.append(row)
    table = pa.Table.from_pylist(rows, schema=EMPLOYMENT.schema)
    return dataclasses.replace(dataset, employment=table)


def figures(release: Release, scheme: str) -> dict[tuple[str, str], object]:
    rows = [
        row
        for region in release.regions(scheme)
        for row in release.regional_clusters(scheme, region=region.region)
    ]
    return {(row.region, row.cluster): row for row in rows}


def test_intervals_and_probabilities_are_those_of_releases_built_from_each_draw(
    filled: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every rule of the build is applied to every draw by building a release of it."""
    dataset = gappy()
    filling_of = made_up(dataset, 2020, draws=DRAWS)
    monkeypatch.setattr(filling, "fill", lambda *_: None)
    tables = [
        build([true_table(dataset, filling_of, draw)], tmp_path / str(draw))
        for draw in range(DRAWS)
    ]
    for scheme in ("districts", "districts-whole"):
        central = figures(filled, scheme)
        drawn = [figures(table, scheme) for table in tables]
        moved = 0
        for key, row in central.items():
            others = [each[key] for each in drawn]
            for name in ("employment", "location_quotient", "rank"):
                values = np.array(
                    [np.nan if (v := getattr(o, name)) is None else v for o in others], float
                )
                figure = getattr(row, name)
                if figure is None or np.isnan(values).all():
                    continue
                values = np.nan_to_num(values) if name != "rank" else values[~np.isnan(values)]
                low, high = np.quantile(values, [0.05, 0.95])
                if name != "location_quotient":
                    low, high = np.floor(low), np.ceil(high)
                assert getattr(row, f"{name}_low") == pytest.approx(min(low, figure), rel=1e-6)
                assert getattr(row, f"{name}_high") == pytest.approx(max(high, figure), rel=1e-6)
                moved += low < high
            if row.strong is not None:
                chance = np.mean([bool(other.strong) for other in others])
                assert row.probability_strong == pytest.approx(chance)
        assert moved > (50 if scheme == "districts" else 0)


def test_profiles_are_those_of_each_draw(
    filled: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = gappy()
    filling_of = made_up(dataset, 2020, draws=DRAWS)
    monkeypatch.setattr(filling, "fill", lambda *_: None)
    tables = [
        build([true_table(dataset, filling_of, draw)], tmp_path / str(draw))
        for draw in range(DRAWS)
    ]
    for row in filled.region_profiles("districts"):
        others = [table.region_profile("districts", row.region) for table in tables]
        for name in ("traded_share", "cluster_strength", "strong_clusters"):
            if getattr(row, name) is None:
                assert getattr(row, f"{name}_low") is None
                continue
            values = [getattr(other, name) or 0 for other in others]
            low, high = np.quantile(values, [0.05, 0.95])
            if name == "strong_clusters":
                low, high = np.floor(low), np.ceil(high)
            figure = getattr(row, name)
            assert getattr(row, f"{name}_low") == pytest.approx(min(low, figure), rel=1e-6)
            assert getattr(row, f"{name}_high") == pytest.approx(max(high, figure), rel=1e-6)
    for row in filled.cluster_profiles("districts"):
        others = [table.cluster_profile("districts", row.cluster) for table in tables]
        for name in ("regions_strong", "share_in_strong_regions"):
            figure = getattr(row, name)
            if figure is None:
                assert getattr(row, f"{name}_low") is None
                continue
            low, high = np.quantile([getattr(o, name) or 0 for o in others], [0.05, 0.95])
            if name == "regions_strong":
                low, high = np.floor(low), np.ceil(high)
            assert getattr(row, f"{name}_low") == pytest.approx(min(low, figure), rel=1e-6)
            assert getattr(row, f"{name}_high") == pytest.approx(max(high, figure), rel=1e-6)


def test_without_spread_every_interval_is_its_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled_with(monkeypatch, spread=0)
    release = build([gappy()], tmp_path)
    rows = figures(release, "districts").values()
    assert any(row.status == "estimated" for row in rows)
    for row in rows:
        for name in ("employment", "location_quotient", "rank"):
            figure = getattr(row, name)
            ends = (getattr(row, f"{name}_low"), getattr(row, f"{name}_high"))
            assert ends == pytest.approx((figure, figure)) if figure is not None else True
        assert row.probability_strong == (None if row.strong is None else float(row.strong))
        assert not row.could_flip
    for profile in release.region_profiles("districts"):
        assert profile.cluster_strength_low == pytest.approx(profile.cluster_strength)
        assert profile.strong_clusters_low == profile.strong_clusters_high


def test_every_figure_lies_in_its_interval_and_every_table_keeps_its_contract(
    filled: Release,
) -> None:
    for name in ("employment", "regional_clusters", "regional_subclusters"):
        table = filled.table(name)
        assert find_faults(table, CONTRACTS[name]) == ([], 0), name
        for row in table.to_pylist():
            if row["employment"] is not None:
                assert row["employment_low"] <= row["employment"] <= row["employment_high"]
            if row.get("rank") is not None:
                assert 1 <= row["rank_low"] <= row["rank"] <= row["rank_high"] <= row["ranked"]
            if row.get("location_quotient_low") is not None:
                low, high = row["location_quotient_low"], row["location_quotient_high"]
                assert low <= row["location_quotient"] <= high


def test_the_reported_share_is_the_part_that_the_office_prints(filled: Release) -> None:
    rows = filled.table("employment").to_pylist()
    whole = {r["industry"]: r for r in rows if r["scheme"] == "districts-whole"}
    for industry, row in whole.items():
        parts = [r for r in rows if r["scheme"] == "districts" and r["industry"] == industry]
        printed = sum(r["employment"] for r in parts if r["status"] == "reported")
        assert row["employment_reported"] == printed
        assert row["status"] == ("reported" if printed == row["employment"] else "estimated")
    for row in figures(filled, "districts").values():
        if row.employment:
            assert row.reported_share is not None
            assert (row.reported_share == 1) == (row.status == "reported")
    profile = filled.region_profile("districts-whole", "ALL")
    fine = [r for r in whole.values() if len(r["industry"]) == 6]
    printed = sum(r["employment_reported"] for r in fine)
    assert profile.reported_share == pytest.approx(printed / profile.employment)


def test_intervals_of_sums_are_not_added_up(filled: Release) -> None:
    rows = filled.table("employment").to_pylist()
    narrower = 0
    for row in rows:
        if row["scheme"] != "districts-whole" or row["status"] != "estimated":
            continue
        parts = [r for r in rows if r["scheme"] == "districts" and r["industry"] == row["industry"]]
        added = sum(r["employment_high"] - r["employment_low"] for r in parts)
        own = row["employment_high"] - row["employment_low"]
        assert own <= added
        narrower += own < added
    assert narrower


def test_a_printed_coarse_total_does_not_move_with_its_parts(filled: Release) -> None:
    for row in filled.table("employment").to_pylist():
        if len(row["industry"]) == 4:
            assert row["status"] == "reported"
            assert row["employment_low"] == row["employment"] == row["employment_high"]


def test_an_estimated_coarse_figure_moves_with_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One district's coarse total is itself estimated: the whole moves with its parts."""
    dataset = gappy()
    base = made_up(dataset, 2020, draws=DRAWS)
    first = base.cells.slice(0, 1).to_pylist()[0]
    group = first["industry"][:4]
    rows = base.employment.to_pylist()
    for row in rows:
        if (row["region"], row["industry"]) == (first["region"], group):
            row.update(status="estimated", employment_reported=0, employment_low=0)
    spread = base.draws + np.arange(DRAWS, dtype=np.float32) * 10
    other = MadeUp(pa.Table.from_pylist(rows, schema=EMPLOYMENT.schema), base.cells, spread)
    monkeypatch.setattr(filling, "fill", lambda *_: other)
    table = build([dataset], tmp_path).table("employment")
    whole = [
        row
        for row in table.to_pylist()
        if row["scheme"] == "districts-whole" and len(row["industry"]) == 4
    ]
    moving = [row["industry"] for row in whole if row["employment_low"] < row["employment_high"]]
    assert moving == [group]


def test_the_same_input_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled_with(monkeypatch)
    one, other = (build([gappy()], tmp_path / name) for name in "ab")
    assert one.id == other.id


def test_a_year_that_is_not_filled_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = gappy(2019, 2020)
    monkeypatch.setattr(filling, "fill", lambda dataset, year: None)
    plain = build([dataset], tmp_path / "plain")
    filled_with(monkeypatch, year=2020)
    half = build([dataset], tmp_path / "half")
    for name in ("employment", "regional_clusters", "regional_subclusters"):
        before, after = (
            each.table(name).filter(pc.equal(each.table(name).column("year"), 2019))
            for each in (plain, half)
        )
        assert after.equals(before), name
    rows = half.regional_clusters("districts", region="D01", year=2019)
    assert all(row.location_quotient_low is None for row in rows)
    rows = half.regional_clusters("districts", region="D01", year=2020)
    assert any(row.location_quotient_low is not None for row in rows)


def test_a_cell_that_nothing_bounds_stays_withheld(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = gappy()
    base = made_up(dataset, 2020, draws=DRAWS)
    unbound = {
        "scheme": "districts",
        "region": "D00",
        "industry": "511210",
        "year": 2020,
        "source": "own",
        "employment_low": 20,
        "employment_high": 99,
        "establishments": 1,
        "status": "withheld",
    }
    rows = [*base.employment.to_pylist(), unbound]
    other = MadeUp(with_columns_of(pa.Table.from_pylist(rows), EMPLOYMENT), base.cells, base.draws)
    monkeypatch.setattr(filling, "fill", lambda *_: other)
    release = build([dataset], tmp_path)
    assert find_faults(release.table("employment"), EMPLOYMENT) == ([], 0)
    row = next(
        row
        for row in release.regional_clusters("districts", region="D00")
        if row.status == "withheld"
    )
    whole = release.regional_cluster("districts-whole", "ALL", row.cluster)
    assert whole.status == "withheld"
    assert whole.employment is None or whole.employment_low is not None


def test_a_release_of_earlier_days_opens_without_the_new_columns(filled: Release) -> None:
    path = filled.path("regional_clusters")
    table = pq.read_table(path).drop(["rank_low", "rank_high"])
    filled.close()
    pq.write_table(table, path)
    again = open_release(filled.folder.parent.parent)
    row = next(r for r in again.regional_clusters("districts", region="D01") if r.rank)
    assert (row.rank_low, row.rank_high) == (None, None)
    again.close()


def test_nothing_estimated_means_no_draws() -> None:
    made = made_up(gappy(), 2020)
    none = MadeUp(made.employment, made.cells.slice(0, 0), made.draws[:0])
    assert Draws.of(none) is None
