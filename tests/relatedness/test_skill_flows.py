"""Skill flows: hand examples, shrinkage and significance on planted flows, bad files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, nbinom, poisson

from clusteratlas.measures import skill_relatedness
from clusteratlas.relatedness.labour_flows import read_labour_flows
from clusteratlas.relatedness.skill_flows import read_skill_flows, skill_flows
from clusteratlas.tables import CannotAnswer, InvalidInput

LABELS = [f"{place:02}" for place in range(40)]


def planted(seed: int, strength: float, size: float = 300.0) -> tuple[np.ndarray, np.ndarray]:
    """Flows whose true ratios have the variance 1 / strength around 1."""
    draw = np.random.default_rng(seed)
    left, entered = (draw.lognormal(0, 0.5, 40) for _ in range(2))
    expected = size * np.outer(left, entered) / np.mean(left) / np.mean(entered) / 40
    truth = draw.gamma(strength, 1 / strength, (40, 40))
    flows = draw.poisson(truth * expected).astype(float)
    np.fill_diagonal(flows, draw.poisson(500, 40))
    return flows, truth


def test_hand_example():
    """30 leave and enter each of four; without their own, 10 are expected with each other one."""
    flows = [[99, 18, 6, 6], [18, 0, 6, 6], [6, 6, 10, 18.0], [6, 6, 18, 1]]
    found = skill_flows(flows, ["a", "b", "c", "d"])
    np.testing.assert_allclose(found.expected, 10 * (1 - np.eye(4)))
    assert found.ratio[0, 1] == pytest.approx(1.8)
    assert found.ratio[0, 2] == pytest.approx(0.6)
    a = found.prior
    assert found.shrunk[0, 1] == pytest.approx((18 + a) / (10 + a))
    assert found.p_value[0, 1] == pytest.approx(poisson.sf(17, 10))
    r = found.shrunk[0, 1]
    assert found.normalised[0, 1] == pytest.approx((r - 1) / (r + 1))
    assert np.isnan(found.normalised.diagonal()).all()


def test_own_changes_count_if_asked_and_it_is_the_measure():
    flows, _ = planted(1, 2.0)
    counted = skill_flows(flows, LABELS, own="counted")
    np.testing.assert_allclose(
        counted.ratio[0, 1:], skill_relatedness(flows, symmetric="directed").ratio[0, 1:]
    )
    left_out = skill_flows(flows, LABELS)
    off = ~np.eye(len(LABELS), dtype=bool)
    for axis in (0, 1):
        totals = np.where(off, flows, 0).sum(axis=axis)
        np.testing.assert_allclose(left_out.expected.sum(axis=axis), totals)
    assert (left_out.expected.diagonal() == 0).all()


@pytest.mark.parametrize("width", [6, 20])
def test_chance_alone_is_not_significant(width):
    """People who change by chance, industries of any size: false discoveries stay rare."""
    draw = np.random.default_rng(5)
    size = draw.lognormal(0, 1, width)
    labels = [f"{at:03d}" for at in range(width)]
    false = 0
    for _ in range(40):
        rate = 3000 * np.outer(size, size) / size.sum() ** 2
        found = skill_flows(draw.poisson(rate).astype(float), labels)
        false += bool(found.significant.any())
    assert false <= 6


@pytest.mark.shared
def test_the_ratio_of_the_worked_example():
    """Its formula is remembered, so that only what follows from R's definition is compared."""
    path = Path(__file__).parents[3] / "shared" / "oracles" / "worked-examples.json"
    if not path.exists():
        pytest.skip("the worked examples (../shared/oracles) are not on this machine")
    example = next(e for e in json.loads(path.read_text()) if e["id"] == "skill_relatedness")
    found = skill_flows(example["input"]["flows"], list("abcd"), own="counted")
    off = ~np.eye(4, dtype=bool)
    np.testing.assert_allclose(found.ratio[off], np.array(example["expected"]["ratio"])[off])


def test_the_prior_is_found_and_shrinking_comes_nearer_to_the_truth():
    for strength in (0.7, 3.0):
        priors = []
        for seed in range(5):
            flows, truth = planted(seed, strength, 600.0)
            found = skill_flows(flows, LABELS)
            priors.append(found.prior)
            off = ~np.eye(40, dtype=bool)
            raw = np.abs(found.ratio - truth)[off].mean()
            shrunk = np.abs(found.shrunk - truth)[off].mean()
            assert shrunk < raw
        assert np.mean(priors) == pytest.approx(strength, rel=0.1)


def test_the_prior_is_the_likeliest():
    flows, _ = planted(3, 1.5, 40.0)
    found = skill_flows(flows, LABELS)
    off = ~np.eye(40, dtype=bool)
    flow, expected = found.flow[off], found.expected[off]

    def likelihood(a: float) -> float:
        return nbinom.logpmf(flow, a, a / (a + expected)).sum()

    best = likelihood(found.prior)
    assert all(likelihood(found.prior * factor) < best for factor in (0.97, 1.03))


def test_chance_alone_is_hardly_ever_significant_and_shrinks_to_one():
    flows, _ = planted(4, 1e7)
    found = skill_flows(flows, LABELS)
    assert found.significant.mean() < 0.002
    assert np.nanmax(np.abs(found.shrunk - 1)) < 0.35


def test_planted_pairs_are_found():
    flows, _ = planted(5, 1e7)
    for one, other in ((1, 2), (5, 9), (20, 30)):
        flows[one, other] *= 6
        flows[one, other] += 30
    found = skill_flows(flows, LABELS)
    for one, other in ((1, 2), (5, 9), (20, 30)):
        assert found.significant[one, other]
        assert found.normalised[one, other] == found.normalised[other, one]
    assert found.significant.sum() <= 8


def test_binomial_chance():
    flows, _ = planted(6, 2.0, 20.0)
    found = skill_flows(flows, LABELS, chance="binomial")
    left, entered = found.flow.sum(axis=1), found.flow.sum(axis=0)
    wanted = binom.sf(found.flow[3, 7] - 1, left[3], entered[7] / entered.sum())
    assert found.p_value[3, 7] == pytest.approx(wanted)
    assert found.p_value[found.flow == 0][~np.isnan(found.p_value[found.flow == 0])] == (
        pytest.approx(1)
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=16, max_size=16))
def test_adjusted_p_values_and_bounds(cells):
    flows = np.array(cells, dtype=float).reshape(4, 4)
    np.fill_diagonal(flows, 0)
    if not flows.sum():
        return
    found = skill_flows(flows, list("abcd"))
    known = ~np.isnan(found.p_value)
    assert (found.q_value[known] >= found.p_value[known] - 1e-15).all()
    assert (found.q_value[known] <= 1).all()
    p = np.sort(found.p_value[known])
    largest = [k for k in range(len(p)) if p[k] <= 0.05 * (k + 1) / len(p)]
    assert found.significant.sum() == (max(largest) + 1 if largest else 0)
    value = found.normalised[~np.isnan(found.normalised)]
    assert (np.abs(value) <= 1).all()
    np.testing.assert_array_equal(found.normalised, found.normalised.T)


def test_an_industry_that_nobody_leaves_is_not_known():
    flows = np.array([[0, 5, 5], [0, 0, 0], [5, 5, 0.0]])
    found = skill_flows(flows, list("abc"))
    assert np.isnan(found.shrunk[1]).all()
    assert np.isnan(found.normalised[1]).all()
    assert not np.isnan(found.normalised[0, 2])
    table = found.pairs()
    assert table.column_names == [
        "from",
        "to",
        "flow",
        "expected",
        "ratio",
        "shrunk",
        "p_value",
        "q_value",
        "significant",
    ]
    assert table.num_rows == 6
    assert table.column("ratio").null_count == 2
    assert table.slice(0, 1).to_pylist()[0]["from"] == "a"


def test_finer_industries_inherit_and_siblings_are_not_known():
    flows, _ = planted(7, 2.0)
    found = skill_flows(flows, LABELS)
    told = found.similarities({"00": "00", "011": "01", "012": "01", "zz": "99"})
    assert told.labels == ("00", "011", "012")
    matrix = told.components["skill_flows"]
    assert matrix[0, 1] == matrix[0, 2] == found.normalised[0, 1]
    assert np.isnan(matrix[1, 2])
    assert told.inherited["skill_flows"].tolist() == [False, True, True]
    assert "directed pairs" in told.notes[0]
    with pytest.raises(CannotAnswer, match="none of the industries"):
        found.similarities({"zz": "99"})


def test_refusals():
    with pytest.raises(CannotAnswer, match="nobody changes"):
        skill_flows(np.diag([3.0, 4.0]), ["a", "b"])
    with pytest.raises(CannotAnswer, match="own is not known"):
        skill_flows(np.ones((2, 2)), ["a", "b"], own="some")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=r"(?s)not sorted.*fdr is no share"):
        skill_flows(np.ones((2, 2)), ["b", "a"], fdr=2)
    with pytest.raises(InvalidInput, match="shape"):
        skill_flows(np.ones((2, 3)), ["a", "b"])
    with pytest.raises(InvalidInput, match="negative"):
        skill_flows([[0, -1.0], [1, 0]], ["a", "b"])
    with pytest.raises(InvalidInput, match="not known"):
        skill_flows([[0, np.nan], [1, 0]], ["a", "b"])


BAD = """\
from,to,persons
3344,3345,12
3344,3345,13
8888,3345,4
3345,,4
3345,3344,-2
3345,4451,many
4451,3345,
4451,3344,nan
334413,4451,7
4451,4452,"1,200"
"""


def test_every_fault_of_a_file_at_once(tmp_path):
    path = tmp_path / "flows.csv"
    path.write_text(BAD)
    with pytest.raises(InvalidInput) as told:
        read_labour_flows(path, classification="naics-2017")
    found = {(each.row, each.column): each for each in told.value.faults}
    assert {each.file for each in told.value.faults} == {str(path)}
    assert "already in row 2" in found[3, "from, to"].problem
    assert found[4, "from"].value == "8888"
    assert "empty" in found[5, "to"].problem
    assert "negative" in found[6, "persons"].problem
    assert found[7, "persons"].value == "many"
    assert "no 0" in found[8, "persons"].hint
    assert found[9, "persons"].value == "nan"
    assert "level 6, most are of level 4" in found[10, "from"].problem
    assert "thousands" in found[11, "persons"].problem
    assert len(found) == 9


def test_other_bad_files(tmp_path):
    path = tmp_path / "flows.csv"
    path.write_text("from,too,persons\na,b,1\n")
    with pytest.raises(InvalidInput, match=r"column to is missing.*rename it to to"):
        read_labour_flows(path)
    path.write_text("from,to,persons\n")
    with pytest.raises(InvalidInput, match="no rows"):
        read_labour_flows(path)
    path.write_text("from,to,persons\na,b,1\na,c,1\n")
    with pytest.raises(InvalidInput, match=r"the industry is not known.*'c'"):
        read_labour_flows(path, codes=["a", "b"])
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_labour_flows(tmp_path / "none.csv")


def test_parquet_and_decimals(tmp_path):
    path = tmp_path / "flows.parquet"
    table = pa.table({"from": ["b", "a"], "to": ["a", "b"], "persons": [2.5, 4.0], "year": [1, 2]})
    pq.write_table(table, path)
    flows, labels = read_labour_flows(path)
    assert labels == ("a", "b")
    np.testing.assert_array_equal(flows, [[0, 4], [2.5, 0]])


def test_a_file_becomes_a_component(tmp_path):
    path = tmp_path / "flows.csv"
    rows = ["from,to,persons", "3344,3345,90", "3345,3344,80", "4451,3345,9", "3344,4451,8"]
    rows += ["3344,5415,8", "5415,3345,9", "4451,5415,40", "5415,4451,40"]
    path.write_text("\n".join(rows))
    found = read_skill_flows(
        path, classification="naics-2017", industries=["334413", "334515", "445110", "721110"]
    )
    assert found.labels == ("334413", "334515", "445110")
    assert found.inherited["skill_flows"].all()
    assert found.components["skill_flows"][0, 1] > 0 > found.components["skill_flows"][0, 2]
