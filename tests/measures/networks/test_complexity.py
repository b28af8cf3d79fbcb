"""Complexity: right to the last digits, tied signs, refusals; reflections beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.measures.networks.complexity import complexity
from clusteratlas.measures.networks.reflections import reflections
from clusteratlas.tables import CannotAnswer, InvalidInput

PRESENT = np.array(
    [
        [1, 1, 1, 1, 1, 0],
        [1, 1, 1, 0, 0, 1],
        [1, 1, 0, 0, 1, 0],
        [1, 0, 0, 1, 0, 0],
        [1, 1, 0, 0, 0, 0],
    ]
)
# From the formula of the Atlas of Economic Complexity, by a general eigendecomposition.
ECI = [-0.2779762465, 1.5831264007, -0.0564811366, -1.5281217429, 0.2794527254]
PCI = [-0.3366043277, 0.1619943218, 0.5150897305, -1.5151989294, -0.5548591891, 1.7295783939]
# R package EconGeo 1.3, function KCI: rounded to four decimals and divided by its sum on the way.
KCI = [-0.59084970404, 2.0265299186, -0.2800112217, -2.3485700472, 0.19290105433]


def made(regions, industries, seed=0, fill=0.1):
    """Regions of uneven size with uneven capabilities: 0/1 with heavy tails."""
    rng = np.random.default_rng(seed)
    has = rng.gamma(0.5, size=(regions, 6)) * (rng.pareto(1.3, (regions, 1)) + 1)
    needs = rng.gamma(0.5, size=(industries, 6)) * (rng.pareto(1.3, (industries, 1)) + 1)
    likely = np.sqrt(has @ needs.T)
    return rng.random((regions, industries)) < np.minimum(likely * fill / likely.mean(), 1)


def connected(table):
    table = table[table.any(axis=1)][:, table.any(axis=0)]
    assert complexity(table, unconnected="largest", least_gap=0).eci.shape == (len(table),)
    return table


def dense(table):
    """ECI, PCI and eigenvalues by numpy's decomposition of the symmetric matrix."""
    table = np.asarray(table, dtype=float)
    d, u = table.sum(axis=1), table.sum(axis=0)
    scaled = table / np.sqrt(d[:, None] * u)
    left, sizes, right = np.linalg.svd(scaled, full_matrices=False)
    eci, pci = left[:, 1] / np.sqrt(d), right[1] / np.sqrt(u)
    sign = np.sign(np.corrcoef(eci, d)[0, 1])
    return (*((sign * (x - x.mean()) / x.std()) for x in (eci, pci)), sizes**2)


def test_by_hand():
    """Two groups of regions that share one industry."""
    table = np.array([[1, 1, 0], [0, 1, 1]])
    found = complexity(table)
    # Averages of averages: 3/4 and 1/4, so the second eigenvalue is 1/2.
    np.testing.assert_allclose(found.eigenvalues, (1, 0.5, 0), atol=1e-15)
    np.testing.assert_allclose(found.eci, [1, -1])
    np.testing.assert_allclose(found.pci, np.array([1, 0, -1]) * np.sqrt(1.5), atol=1e-15)
    assert found.sign == "first region"
    assert np.isnan(found.diversity_correlation)


def test_published():
    found = complexity(PRESENT)
    np.testing.assert_allclose(found.eci, ECI, atol=1e-9)
    np.testing.assert_allclose(found.pci, PCI, atol=1e-9)
    assert np.corrcoef(found.eci, KCI)[0, 1] == pytest.approx(1, abs=1e-6)
    assert found.sign == "diversity"
    assert found.diversity_correlation > 0
    assert found.spectral_gap == found.eigenvalues[1] - found.eigenvalues[2]


@pytest.mark.shared
def test_worked_examples(worked_example):
    for name, field in (("eci_reference", "eci"), ("pci_reference", "pci")):
        example = worked_example(name)
        found = getattr(complexity(example["input"]["mat"]), field)
        np.testing.assert_allclose(found, example["expected"], atol=1e-9)
    example = worked_example("econgeo_kci")
    found = complexity(example["input"]["mat"]).eci
    assert np.corrcoef(found, example["expected"])[0, 1] == pytest.approx(1, abs=1e-6)
    example = worked_example("econgeo_mort_1")
    found = reflections(example["input"]["mat"], steps=1).regions
    np.testing.assert_allclose(found, example["expected"], atol=1e-9)


def test_against_a_general_eigendecomposition():
    table = PRESENT.astype(float)
    d, u = table.sum(axis=1), table.sum(axis=0)
    averages = (table / d[:, None]) @ (table / u).T
    values, vectors = np.linalg.eig(averages)
    order = np.argsort(-values.real)
    vector = vectors[:, order[1]].real
    found = complexity(table)
    np.testing.assert_allclose(found.eigenvalues, values.real[order[:3]], atol=1e-12)
    assert abs(np.corrcoef(found.eci, vector)[0, 1]) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("regions", "industries", "fill"),
    [(60, 40, 0.2), (400, 90, 0.15), (90, 400, 0.15), (500, 300, 0.08), (300, 500, 0.08)],
)
def test_the_iteration_is_exact(regions, industries, fill):
    table = connected(made(regions, industries, seed=regions, fill=fill))
    eci, pci, values = dense(table)
    found = complexity(table)
    np.testing.assert_allclose(found.eci, eci, atol=1e-10)
    np.testing.assert_allclose(found.pci, pci, atol=1e-10)
    np.testing.assert_allclose(found.eigenvalues, values[:3], atol=1e-12)


@pytest.mark.proof
def test_the_iteration_is_exact_at_the_size_of_counties():
    table = connected(made(3100, 1000, seed=4))
    eci, pci, values = dense(table)
    found = complexity(table)
    np.testing.assert_allclose(found.eci, eci, atol=1e-10)
    np.testing.assert_allclose(found.pci, pci, atol=1e-10)
    np.testing.assert_allclose(found.eigenvalues, values[:3], atol=1e-12)


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_industries_and_regions_tell_the_same(seed):
    """The mean PCI of a region's industries correlates +1 with its ECI, whatever the sign."""
    table = made(30, 20, seed=seed, fill=0.4)
    found = complexity(table, unconnected="largest", least_gap=1e-3) if table.any() else None
    take = ~np.isnan(found.eci)
    mean = np.array([np.nanmean(found.pci[row]) for row in table[take]])
    assert np.corrcoef(mean, found.eci[take])[0, 1] == pytest.approx(1, abs=1e-9)
    diversity = table[take].sum(axis=1)
    assert np.corrcoef(found.eci[take], diversity)[0, 1] > 0
    scaled = complexity(table, unconnected="largest", least_gap=1e-3, scale="eci")
    mean = np.array([np.nanmean(scaled.pci[row]) for row in table[take]])
    np.testing.assert_allclose(mean, scaled.eci[take], atol=1e-9)


def test_the_order_of_lines_does_not_matter():
    table = connected(made(200, 180, seed=11, fill=0.15))
    rng = np.random.default_rng(1)
    rows, columns = rng.permutation(table.shape[0]), rng.permutation(table.shape[1])
    found, other = complexity(table), complexity(table[np.ix_(rows, columns)])
    np.testing.assert_allclose(other.eci, found.eci[rows], atol=1e-9)
    np.testing.assert_allclose(other.pci, found.pci[columns], atol=1e-9)


def test_scales():
    own, one, raw = (
        complexity(PRESENT, **options) for options in ({}, {"ddof": 1}, {"scale": "none"})
    )
    assert own.eci.std() == pytest.approx(1)
    assert one.pci.std(ddof=1) == pytest.approx(1)
    assert np.linalg.norm(raw.pci) == pytest.approx(1)
    mean = PRESENT @ raw.pci / PRESENT.sum(axis=1)
    np.testing.assert_allclose(raw.eci, mean, atol=1e-12)
    scaled = complexity(PRESENT, scale="eci").pci
    np.testing.assert_allclose(scaled, (raw.pci - mean.mean()) / mean.std(), atol=1e-12)


def test_empty_lines_take_no_part():
    table = np.zeros((7, 8), dtype=int)
    table[1:6, 1:7] = PRESENT
    found, expected = complexity(table), complexity(PRESENT)
    assert np.isnan(found.eci[[0, 6]]).all()
    assert np.isnan(found.pci[[0, 7]]).all()
    np.testing.assert_allclose(found.eci[1:6], expected.eci)
    np.testing.assert_allclose(found.pci[1:7], expected.pci)


def two_parts():
    table = np.zeros((7, 8), dtype=int)
    table[:5, :6] = PRESENT
    table[5:, 6:] = [[1, 1], [1, 0]]
    return table


def test_unconnected_parts_are_refused_by_name():
    frame = pd.DataFrame(two_parts(), index=list("ABCDEFG"), columns=list("stuvwxyz"))
    with pytest.raises(CannotAnswer, match=r"2 parts .*\(A, B, C, D, E\); 2 regions .*\(F, G\)"):
        complexity(frame)
    with pytest.raises(CannotAnswer, match=r"2 regions with 2 industries \(row 6, row 7"):
        complexity(two_parts())
    found = complexity(two_parts(), unconnected="largest")
    np.testing.assert_allclose(found.eci[:5], complexity(PRESENT).eci)
    assert np.isnan(found.eci[5:]).all()
    assert np.isnan(found.pci[6:]).all()
    with pytest.raises(CannotAnswer, match=r"9 parts .*and 5 more"):
        complexity(np.eye(9))
    with pytest.raises(CannotAnswer, match="no part of presence"):
        complexity(np.eye(9), unconnected="largest")


def test_questions_without_an_answer():
    with pytest.raises(CannotAnswer, match="every region has the same"):
        complexity(np.ones((4, 5)))
    with pytest.raises(CannotAnswer, match="two regions and two industries"):
        complexity([[1, 1, 1]])
    with pytest.raises(CannotAnswer, match="two regions and two industries"):
        complexity(np.zeros((3, 3)))
    ring = np.eye(6) + np.roll(np.eye(6), 1, axis=1)
    with pytest.raises(CannotAnswer, match="too near to one another"):
        complexity(ring)
    assert complexity(ring, least_gap=0).spectral_gap == pytest.approx(0, abs=1e-12)


def test_a_double_eigenvalue_is_seen_by_the_iteration_too():
    ring = scipy.sparse.eye(400) + scipy.sparse.csr_matrix(np.roll(np.eye(400), 1, axis=1))
    with pytest.raises(CannotAnswer, match="too near to one another"):
        complexity(ring.tocsr())
    star = np.eye(300)
    star[:, 0] = 1
    with pytest.raises(CannotAnswer, match="too near to one another"):
        complexity(star)


def test_a_search_without_end_is_given_up(monkeypatch):
    spectrum = "clusteratlas.measures.networks.spectrum"
    monkeypatch.setattr(f"{spectrum}.MOST_STEPS", 2)
    table = connected(made(500, 300, seed=500, fill=0.08))
    np.testing.assert_allclose(complexity(table).eci, dense(table)[0], atol=1e-10)
    monkeypatch.setattr(f"{spectrum}.WHOLE_AT_MOST", 200)
    with pytest.raises(CannotAnswer, match="in 2 steps"):
        complexity(table)


def test_few_distinct_regions_fall_back_on_the_whole_decomposition():
    table = np.repeat(np.repeat(PRESENT, 60, axis=0), 50, axis=1)
    found = complexity(table)
    np.testing.assert_allclose(found.eigenvalues, complexity(PRESENT).eigenvalues, atol=1e-12)
    nested = complexity(np.tril(np.ones((200, 200))))
    np.testing.assert_allclose(nested.eigenvalues, (1, 1 / 4, 1 / 9), atol=1e-12)
    assert np.ptp(found.eci[:60]) < 1e-12


def test_years_are_tied():
    """A sign that diversity leaves open is the year before's; the search begins there too."""
    rng = np.random.default_rng(12)
    first = np.exp(-9 * np.subtract.outer(rng.random(260), rng.random(200)) ** 2) > rng.random(
        (260, 200)
    )
    tables = [first]
    for _ in range(4):
        move = rng.random(first.shape) < 0.01
        tables.append(tables[-1] ^ move)
    years = complexity({2010 + place: table for place, table in enumerate(tables)})
    assert list(years) == [2010, 2011, 2012, 2013, 2014]
    for place in range(1, 5):
        found = years[2010 + place]
        assert found.sign == "year before"
        assert found.year_before_correlation > 0.5
        assert np.corrcoef(found.eci, years[2009 + place].eci)[0, 1] > 0.5
        alone = complexity(tables[place])
        np.testing.assert_allclose(np.abs(found.eci), np.abs(alone.eci), atol=1e-8)
    stacked = complexity(np.array(tables))
    assert isinstance(stacked, tuple)
    np.testing.assert_array_equal(stacked[3].eci, years[2013].eci)


def test_years_are_tied_by_label():
    frame = pd.DataFrame(PRESENT, index=list("ABCDE"), columns=list("uvwxyz"))
    turned = frame.loc[list("EDCBA")]
    fewer = frame.drop(index="E")
    years = complexity({1: frame, 2: turned, 3: fewer})
    assert years[2].eci["A"] == pytest.approx(years[1].eci["A"])
    assert list(years[3].eci.index) == list("ABCD")
    assert years[3].year_before_correlation > 0
    apart = frame.set_axis(list("PQRST"))
    found = complexity({1: frame, 2: apart})[2]
    assert np.isnan(found.year_before_correlation)
    assert found.diversity_correlation > 0


def test_a_year_without_an_answer_is_named():
    with pytest.raises(CannotAnswer, match="year 2021: presence falls apart"):
        complexity({2020: PRESENT, 2021: two_parts()})
    with pytest.raises(CannotAnswer, match="year 2: presence falls apart"):
        complexity(np.array([np.ones((2, 2)) - np.diag([0, 1]), np.eye(2)]))
    with pytest.raises(InvalidInput, match="no year"):
        complexity({})


def test_labels_are_kept_and_sparse_is_dense():
    frame = pd.DataFrame(PRESENT, index=list("ABCDE"), columns=list("uvwxyz"))
    found = complexity(frame)
    assert found.eci["B"] == pytest.approx(ECI[1])
    assert found.pci["z"] == pytest.approx(PCI[5])
    polars = complexity(pl.DataFrame({"place": list("ABCDE")}).hstack(pl.DataFrame(PRESENT)))
    assert polars.eci.columns == ["place", "value"]
    sparse = complexity(scipy.sparse.csc_matrix(PRESENT))
    np.testing.assert_allclose(sparse.eci, ECI, atol=1e-9)


def test_what_is_refused():
    with pytest.raises(InvalidInput, match="not known"):
        complexity([[1, np.nan], [1, 1]])
    with pytest.raises(InvalidInput, match="neither"):
        complexity([[1, 2], [1, 1]])
    with pytest.raises(InvalidInput, match="ddof"):
        complexity(PRESENT, ddof=2)
    with pytest.raises(CannotAnswer, match="scale"):
        complexity(PRESENT, scale="z")
    with pytest.raises(CannotAnswer, match="unconnected"):
        complexity(PRESENT, unconnected="all")


def test_inputs_stay_as_they_are():
    table = PRESENT.astype(float)
    table.flags.writeable = False
    sparse = scipy.sparse.csr_matrix(PRESENT)
    complexity(table), complexity(sparse), reflections(sparse, steps=3)
    np.testing.assert_array_equal(sparse.toarray(), PRESENT)


def test_reflections_by_hand_and_by_loops():
    table = PRESENT.astype(float)
    d, u = table.sum(axis=1), table.sum(axis=0)
    regions, industries = d, u
    for _ in range(4):
        regions, industries = table @ industries / d, table.T @ regions / u
    found = reflections(PRESENT, steps=4)
    np.testing.assert_allclose(found.regions, regions, rtol=1e-14)
    np.testing.assert_allclose(found.industries, industries, rtol=1e-14)
    np.testing.assert_array_equal(reflections(PRESENT, steps=0).regions, d)
    np.testing.assert_allclose(
        reflections(PRESENT, steps=1).regions, [3, 3, 11 / 3, 3.5, 4.5], rtol=1e-14
    )


def test_reflections_draw_near_to_complexity_and_drown_in_rounding():
    steps = reflections(PRESENT, steps=20, ddof=0).regions
    assert abs(np.corrcoef(steps, ECI)[0, 1]) > 0.95
    assert np.ptp(reflections(PRESENT, steps=200).regions) < 1e-12


def test_reflections_gaps_and_faults():
    table = np.zeros((3, 3))
    table[:2, :2] = [[1, 1], [1, 0]]
    found = reflections(table, steps=3, ddof=1)
    assert np.isnan(found.regions[2])
    assert np.isnan(found.industries[2])
    assert not np.isnan(found.regions[:2]).any()
    assert np.isnan(reflections(np.ones((1, 1)), steps=1, ddof=1).regions).all()
    for wrong in (-1, 1.5):
        with pytest.raises(InvalidInput, match="steps"):
            reflections(PRESENT, steps=wrong)
    with pytest.raises(InvalidInput, match="ddof"):
        reflections(PRESENT, steps=1, ddof=3)
