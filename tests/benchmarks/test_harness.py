"""The benchmark harness on a table of a few cells: limits give our numbers, cells are timed."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from clusteratlas import measures

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bench():
    """The modules of the harness, which is no part of the installed package."""
    if importlib.util.find_spec("benchmarks") is None:
        sys.path.insert(0, str(ROOT))
    from benchmarks import cell, data, limit_points, limits, ours, peer_run, peers

    return SimpleNamespace(
        cell=cell,
        data=data,
        limits=limits,
        limit_points=limit_points,
        ours=ours,
        peer_run=peer_run,
        peers=peers,
    )


@pytest.fixture(scope="module")
def small(bench):
    """An economy of 40 regions and 12 industries, as the harness keeps its own."""
    found = SimpleNamespace(**bench.data.economy(40, 12, 300, seed=3), shape=(40, 12))
    kept = (found.jobs.sum(axis=1) > 0) & (found.later.sum(axis=1) > 0)
    assert kept.sum() > 20
    return found


def test_nine_cells_in_ten_are_zero_and_all_is_repeatable(bench):
    once, again = (bench.data.economy(300, 80, 500, seed=3) for _ in range(2))
    assert 0.86 < (once["jobs"] == 0).mean() < 0.92
    for name, values in once.items():
        np.testing.assert_array_equal(values, again[name])
    places = bench.data.points(2_000, seed=3)
    assert places["place"].min() >= 0
    assert places["place"].max() <= bench.data.WINDOW


def test_both_sides_and_every_peer_name_the_same_measures(bench):
    assert list(bench.limits.JOBS) == list(bench.ours.JOBS)
    assert set(bench.peer_run.JOBS) == set(bench.peers.listed())
    for jobs in bench.peer_run.JOBS.values():
        assert set(jobs) <= set(bench.ours.JOBS)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("location_quotient", None),
        ("krugman_index", None),
        ("herfindahl_index", None),
        ("gini", None),
        ("locational_gini", None),
        ("coagglomeration", None),
        ("shift_share", lambda result: result[2]),
        ("ellison_glaeser", lambda result: getattr(result, "gamma", result)),
    ],
)
def test_the_limit_does_the_same_work(bench, small, name, read):
    """A limit that computed something else would flatter or slander us."""
    ours, limit = (side.JOBS[name](small)() for side in (bench.ours, bench.limits))
    if read is not None:
        ours, limit = read(ours), read(limit)
    known = ~np.isnan(np.asarray(ours))
    np.testing.assert_allclose(np.asarray(limit)[known], np.asarray(ours)[known], atol=1e-9)


def test_the_limit_of_points_does_the_same_work(bench):
    drawn = bench.data.points(1_500, seed=3)
    place, jobs = drawn["place"], drawn["jobs"]
    radii = bench.limits.RADII
    ours = measures.m_function(place, drawn["sector"], kind=0, radii=radii, weights=jobs)
    limit = bench.limit_points.m_function(place, drawn["sector"], jobs, 0, radii)
    np.testing.assert_allclose(limit, ours.values, rtol=1e-9)
    radii = bench.limits.K_RADII
    window = [0, 0, bench.data.WINDOW, bench.data.WINDOW]
    ours = measures.ripley_k(place, radii=radii, window=window, correction="translate")
    limit = bench.limit_points.ripley_k(place, radii, bench.data.WINDOW)
    np.testing.assert_allclose(limit, ours.k, rtol=1e-9)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_cell_is_timed_ended_and_explained(bench):
    """A process of its own each: a figure, an end after too long, and the words of a fault."""

    def quick(kept):
        return lambda: np.ones(10)

    def endless(kept):
        def call():
            while True:
                pass

        return call

    def missing(kept):
        raise bench.cell.NotThere("not there yet")

    def faulty(kept):
        return lambda: 1 / 0

    figure = bench.cell._apart(quick, "400 x 90", 5)
    assert 0 <= figure["seconds"] < 1
    assert figure["peak_mib"] > 1
    assert bench.cell._apart(endless, "400 x 90", 0.2) == {"said": "> 0 s"}
    assert bench.cell._apart(missing, "400 x 90", 5) == {"said": "not there yet"}
    assert "ZeroDivisionError" in bench.cell._apart(faulty, "400 x 90", 5)["said"]


def test_the_commands_explain_themselves():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert "--only" in done.stdout


def test_the_verdict_names_a_peer_that_is_ahead(bench):
    from benchmarks import measures as chapter

    cell = chapter.Cell
    at = chapter.MIDDLE
    found = {
        ("ours", at, "gini"): cell(1.0, 1.0, 10.0),
        ("limit", at, "gini"): cell(0.5, 0.5, 10.0),
        ("econcomplex", at, "gini"): cell(2.0, 2.0, 10.0),
    }
    assert "No peer is ahead" in chapter._verdict(found, [at])[0]
    found["econcomplex", at, "gini"] = cell(0.8, 0.8, 10.0)
    assert "`gini`" in chapter._verdict(found, [at])[0]
    assert any("2.0" in line for line in chapter._table(found, [at]))


def test_peers_are_pinned(bench):
    for got in bench.peers.listed().values():
        assert "==" in got[0]
    assert json.dumps(bench.peers.listed())
