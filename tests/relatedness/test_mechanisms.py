"""The explanation panel: known coefficients, errors of pairs, refusals, gaps that are named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.relatedness.cluster_mechanisms import explain_clusters
from clusteratlas.relatedness.mechanisms import explain_mechanisms
from clusteratlas.relatedness.pair_regression import regress_pairs
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import CannotAnswer, InvalidInput


def codes(count: int) -> tuple[str, ...]:
    return tuple(f"{place:03}" for place in range(count))


def symmetric(draw: np.random.Generator, count: int) -> np.ndarray:
    table = draw.normal(size=(count, count))
    table = table + table.T
    np.fill_diagonal(table, np.nan)
    return table


def planted(count: int, weights: dict[str, float], noise: float, seed: int = 1) -> Similarities:
    draw = np.random.default_rng(seed)
    parts = {name: symmetric(draw, count) for name in weights}
    outcome = sum(weight * parts[name] for name, weight in weights.items())
    return Similarities(
        codes(count), {"coagglomeration": outcome + noise * symmetric(draw, count), **parts}
    )


def test_known_coefficients_come_back():
    weights = {"input_output": 0.6, "occupations": 0.3, "skill_flows": 0.0}
    found = explain_mechanisms(planted(40, weights, 0.5), permutations=199)
    assert found.pairs == 780
    assert found.industries == 40
    scale = np.sqrt(0.6**2 + 0.3**2 + 0.5**2)  # all have the same spread
    for name, weight in weights.items():
        assert found.term(name).coefficient == pytest.approx(weight / scale, abs=0.06)
    assert found.term("input_output").p_value == pytest.approx(0.005)
    assert found.term("skill_flows").p_value > 0.05
    assert found.explained == pytest.approx(1 - 0.5**2 / scale**2, abs=0.05)
    assert found.missing == {"knowledge": "not at hand"}


def test_it_is_least_squares_of_standardised_figures():
    known = planted(12, {"input_output": 0.5, "occupations": 0.2}, 1.0)
    found = explain_mechanisms(known, permutations=0)
    pairs = np.triu_indices(12, 1)
    y, *x = (
        (each - each.mean()) / each.std()
        for each in (known.components[name][pairs] for name in sorted(known.components))
    )
    design = np.column_stack([np.ones(66), *x])
    slopes, left = np.linalg.lstsq(design, y, rcond=None)[:2]
    told = {each.name: each for each in found.terms}
    assert told["input_output"].coefficient == pytest.approx(slopes[1])
    assert told["occupations"].coefficient == pytest.approx(slopes[2])
    plain = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * left / 63)
    assert told["input_output"].plain_error == pytest.approx(plain[1])
    assert found.explained == pytest.approx(1 - left[0] / (y @ y))
    correlation = np.corrcoef(x)[0, 1]
    assert found.inflation["occupations"] == pytest.approx(1 / (1 - correlation**2))


def test_the_error_leaves_out_each_industry_by_the_book():
    draw = np.random.default_rng(3)
    one, other = np.triu_indices(10, 1)
    y, x = draw.normal(size=45), draw.normal(size=(45, 2))
    sizes = draw.normal(size=10) * 2
    y = y + sizes[one] + sizes[other]
    x[:, 0] += sizes[one] ** 2 + sizes[other] ** 2
    found = regress_pairs(["p", "q"], y, x, one, other, permutations=0, seed=0)
    scaled = [(each - each.mean()) / each.std() for each in (y, *x.T)]
    without = []
    for member in range(10):
        kept = (one != member) & (other != member)
        design = np.column_stack([np.ones(kept.sum()), *(each[kept] for each in scaled[1:])])
        without.append(np.linalg.lstsq(design, scaled[0][kept], rcond=None)[0][1:])
    away = np.array(without) - np.mean(without, axis=0)
    wanted = np.sqrt(8 / 20 * (away**2).sum(axis=0))
    told = [(each.standard_error, each.plain_error) for each in found.terms]
    np.testing.assert_allclose(
        [error for error, _ in told], [max(w, p) for w, (_, p) in zip(wanted, told, strict=True)]
    )
    assert np.isnan(found.terms[0].p_value)


def test_p_values_hold_where_industries_share_errors():
    """Both sides have a part of each industry: the plain error would reject far too often."""
    ours = plain = 0
    rounds = 120
    one, other = np.triu_indices(12, 1)
    for seed in range(rounds):
        draw = np.random.default_rng(seed)
        x, y = (
            each[one] + each[other] + draw.normal(size=66) for each in draw.normal(size=(2, 12))
        )
        term = regress_pairs(["x"], y, x[:, None], one, other, permutations=99, seed=1).terms[0]
        ours += term.p_value <= 0.05
        plain += abs(term.coefficient) > 1.96 * term.plain_error
    assert ours / rounds < 0.12
    assert plain / rounds > 0.2


def test_under_thirty_pairs_it_is_refused_with_their_number():
    """29 pairs: of nine industries' 36, seven are not known."""
    known = planted(9, {"input_output": 0.5}, 1.0)
    known.components["input_output"][0, 1:8] = np.nan
    known.components["input_output"][1:8, 0] = np.nan
    with pytest.raises(CannotAnswer, match=r"29 of 36 pairs.*at least 30.*input_output for 7"):
        explain_mechanisms(known)
    known.components["input_output"][0, 7] = known.components["input_output"][7, 0] = 0.1
    found = explain_mechanisms(known, permutations=0)
    assert found.pairs == 30
    assert found.pairs_dropped == 6
    assert found.dropped == {"input_output": 6}
    assert "9 industries only" in found.notes[0]


def test_clusters_with_too_few_pairs_are_listed():
    known = planted(30, {"input_output": 0.5}, 1.0)
    clusters = {
        code: "2" if place < 12 else "10" if place < 21 else "1"
        for place, code in enumerate(codes(30))
        if place < 29
    }
    panels, refused = explain_clusters(known, clusters, permutations=19)
    assert [(each.cluster, each.pairs) for each in panels] == [("2", 66), ("10", 36)]
    assert [each.cluster for each in refused] == ["1"]
    assert "28 of 28 pairs" in refused[0].reason
    rows = panels[0].rows()
    assert rows[0]["mechanism"] == "supply"
    assert {"coefficient", "standard_error", "plain_error", "p_value", "pairs"} <= rows[0].keys()


def test_what_is_not_there_or_does_not_vary_is_named():
    known = planted(12, {"input_output": 0.5, "occupations": 0.5, "skill_flows": 0.1}, 1.0)
    known.components["occupations"][:] = 1.0
    known.components["skill_flows"][:] = np.nan
    found = explain_mechanisms(known, permutations=0)
    assert found.missing == {
        "occupations": "does not vary over the pairs",
        "skill_flows": "known for none of the pairs",
        "knowledge": "not at hand",
    }
    assert [each.name for each in found.terms] == ["input_output"]
    known.components["input_output"][:] = 2.0
    with pytest.raises(CannotAnswer, match=r"no mechanism.*input_output: does not vary"):
        explain_mechanisms(known)


def test_pairs_within_a_class_can_be_left_out():
    """Supply and coagglomeration are alike within classes only: nothing is left without these."""
    known = planted(24, {"input_output": 0.0}, 1.0)
    named = {code: str(place // 3) for place, code in enumerate(codes(24))}
    same = np.array([[named[a] == named[b] for b in codes(24)] for a in codes(24)])
    for each in known.components.values():
        each[same] += 5
    whole, apart = (
        explain_mechanisms(known, classes=classes, permutations=199) for classes in (None, named)
    )
    assert (whole.pairs, apart.pairs) == (276, 252)
    assert whole.term("input_output").p_value < 0.01
    assert abs(apart.term("input_output").coefficient) < whole.term("input_output").coefficient / 2
    assert apart.term("input_output").p_value > 0.05


def test_what_cannot_be_explained_is_refused():
    known = planted(12, {"input_output": 0.5, "occupations": 0.5}, 1.0)
    with pytest.raises(CannotAnswer, match="colocation"):
        explain_mechanisms(known, outcome="colocation")
    known.components["occupations"][:] = known.components["input_output"] * 3 - 1
    with pytest.raises(CannotAnswer, match="cannot be told apart"):
        explain_mechanisms(known)
    known.components["coagglomeration"][:] = 0.0
    with pytest.raises(CannotAnswer, match="does not vary"):
        explain_mechanisms(known)
    with pytest.raises(InvalidInput, match=r"(?s)found 'zzz'.*stands twice"):
        explain_mechanisms(known, ["000", "000", "zzz"])


def test_collinear_mechanisms_and_inherited_figures_are_told():
    draw = np.random.default_rng(1)
    first = symmetric(draw, 20)
    known = Similarities(
        codes(20),
        {
            "coagglomeration": symmetric(draw, 20),
            "input_output": first,
            "occupations": first + 0.2 * symmetric(draw, 20),
        },
        {"occupations": np.arange(20) < 2},
    )
    found = explain_mechanisms(known, permutations=0)
    assert found.inflation["occupations"] > 5
    assert "input_output, occupations" in found.notes[0]
    assert found.inherited == {"occupations": 37}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 100), st.floats(-10, 10))
def test_units_and_order_of_industries_do_not_matter(seed, scale, shift):
    known = planted(10, {"input_output": 0.5, "occupations": 0.3}, 1.0, seed)
    order = np.random.default_rng(seed).permutation(10)
    other = Similarities(
        codes(10),
        {
            name: scale * each[np.ix_(order, order)] + shift
            for name, each in known.components.items()
        },
    )
    one, two = (explain_mechanisms(each, permutations=0) for each in (known, other))
    for here, there in zip(one.terms, two.terms, strict=True):
        assert here.coefficient == pytest.approx(there.coefficient, abs=1e-7)
        assert here.standard_error == pytest.approx(there.standard_error, rel=1e-5)


def test_the_same_seed_gives_the_same_answer():
    known = planted(12, {"input_output": 0.2, "occupations": 0.1}, 1.0)
    one, two = (explain_mechanisms(known, permutations=99, seed=7).rows() for _ in range(2))
    assert one == two


@pytest.mark.shared
def test_real_colocation_goes_with_being_of_one_class():
    """County Business Patterns by economic area, 2021; the same four-digit class or not."""
    from pathlib import Path

    figures = Path(__file__).parents[3] / "shared" / "data" / "us"
    if not figures.is_dir():
        pytest.skip("the figures of ../shared are not on this machine")
    import duckdb

    from clusteratlas.classification import definition, economic_areas

    drawn = definition("us-benchmark-2014", "naics-2017").industries.to_pylist()
    clusters = {row["industry"]: row["cluster"] for row in drawn if row["traded"]}
    rows = duckdb.execute(
        "select fips, naics, emp from read_parquet(?) where year = 2021",
        [str(figures / "cbp_county_naics6_2017_2021.parquet")],
    ).fetchall()
    areas = economic_areas()
    names = sorted(set(areas.values()))
    labels = tuple(sorted({naics for _, naics, _ in rows} & clusters.keys()))
    at = {name: place for place, name in enumerate(names)}
    place = {name: number for number, name in enumerate(labels)}
    jobs = np.zeros((len(names), len(labels)))
    for fips, naics, persons in rows:
        if naics in place and fips in areas:
            jobs[at[areas[fips]], place[naics]] += persons
    together = np.corrcoef(np.sqrt(jobs).T)
    same_class = np.array([[a[:4] == b[:4] for b in labels] for a in labels], dtype=float)
    for each in (together, same_class):
        np.fill_diagonal(each, np.nan)
    known = Similarities(labels, {"colocation": together, "occupations": same_class})
    found = explain_mechanisms(known, outcome="colocation", permutations=99)
    assert found.pairs > 200_000
    assert found.term("occupations").coefficient > 0
    assert found.term("occupations").p_value == pytest.approx(0.01)
