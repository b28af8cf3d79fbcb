"""Growth regressions: known coefficients, a dense regression beside, refusals, real figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.relatedness.environment import Environment, related_weights
from clusteratlas.relatedness.growth import growth_regression
from clusteratlas.relatedness.growth_figures import growth_figures
from clusteratlas.relatedness.growth_variants import GrowthYears, growth_table
from clusteratlas.relatedness.least_squares import absorb, connected, fit, group_covariance
from clusteratlas.tables import CannotAnswer, InvalidInput

REGIONS = [f"r{place:03}" for place in range(90)]
INDUSTRIES = [f"i{place:03}" for place in range(60)]
CLUSTERS = {name: str(place // 6) for place, name in enumerate(INDUSTRIES)}
RING = [(REGIONS[place], REGIONS[(place + 1) % 90]) for place in range(90)]
RELATED = {str(place): [str((place + 1) % 10), str((place + 2) % 10)] for place in range(10)}
LABELS = {"regions": REGIONS, "industries": INDUSTRIES, "clusters": CLUSTERS}


def jobs_of(seed: int, *, common: float = 0.5) -> np.ndarray:
    """Jobs with sizes of regions, industries, and of each cluster in each region."""
    draw = np.random.default_rng(seed)
    cluster = np.repeat(draw.normal(0, common, (90, 10)), 6, axis=1)
    size = draw.normal(0, 0.8, 90)[:, None] + draw.normal(0, 0.6, 60)[None]
    return np.exp(5.5 + size + cluster + draw.normal(0, 0.8, (90, 60)))


def terms_of(jobs: np.ndarray) -> dict[str, np.ndarray]:
    """The logarithms of the four terms, by plain loops."""
    totals, nation = jobs.sum(axis=1), jobs.sum(axis=0)
    whole = jobs.sum()
    of_cluster = np.array([[int(CLUSTERS[name]) == k for k in range(10)] for name in INDUSTRIES])
    sums = jobs @ of_cluster
    quotient = (sums / totals[:, None]) / (sums.sum(axis=0) / whole)
    found = {name: np.empty(jobs.shape) for name in ("own", "cluster", "related", "near")}
    for i, name in enumerate(INDUSTRIES):
        c = int(CLUSTERS[name])
        rest, of_nation = sums[:, c] - jobs[:, i], sums[:, c].sum() - nation[i]
        found["own"][:, i] = (jobs[:, i] / totals) / (nation[i] / whole)
        found["cluster"][:, i] = (rest / totals) / (of_nation / whole)
        found["related"][:, i] = quotient[:, [int(k) for k in RELATED[str(c)]]].mean(axis=1)
        found["near"][:, i] = (np.roll(quotient[:, c], 1) + np.roll(quotient[:, c], -1)) / 2
    return {name: np.log(each) for name, each in found.items()}


def grown(jobs: np.ndarray, weights: dict[str, float], seed: int, noise: float) -> np.ndarray:
    draw = np.random.default_rng(seed)
    terms = terms_of(jobs)
    growth = sum(weight * terms[name] for name, weight in weights.items())
    effects = draw.normal(0, 0.1, 90)[:, None] + draw.normal(0, 0.1, 60)[None]
    return jobs * np.exp(growth + effects + draw.normal(0, noise, jobs.shape))


def test_known_coefficients_come_back_exactly_without_noise():
    jobs = jobs_of(1)
    weights = {"own": -0.2, "cluster": 0.05, "related": 0.08, "near": 0.03}
    found = growth_regression(
        jobs, grown(jobs, weights, 2, 0.0), related=RELATED, neighbours=RING, **LABELS
    )
    assert [each.name for each in found.terms] == [
        "convergence",
        "cluster",
        "related clusters",
        "neighbouring regions",
    ]
    np.testing.assert_allclose(
        [each.coefficient for each in found.terms], list(weights.values()), atol=1e-9
    )
    assert found.cells == 5400
    assert found.explained_within == pytest.approx(1)


def test_intervals_hold_the_truth_as_often_as_they_say():
    inside, rounds = 0, 60
    for seed in range(rounds):
        jobs = jobs_of(seed)
        ends = grown(jobs, {"own": -0.1, "cluster": 0.04}, seed + 1000, 0.3)
        term = growth_regression(jobs, ends, **LABELS).term("cluster")
        inside += term.low <= 0.04 <= term.high
    assert 0.85 <= inside / rounds <= 1.0


def test_an_industry_inside_its_own_cluster_inflates_the_term():
    """The truth is 0.04; noise in the start inflates it further, and lagged regressors do not."""
    found: dict[str, list[float]] = {"outside": [], "inside": [], "noisy": [], "lagged": []}
    for seed in range(12):
        jobs = jobs_of(seed)
        ends = grown(jobs, {"own": -0.1, "cluster": 0.04}, seed + 100, 0.2)
        draw = np.random.default_rng(seed + 50)
        start, earlier = (jobs * np.exp(draw.normal(0, 0.2, jobs.shape)) for _ in range(2))
        for name, base, chosen in (
            ("outside", jobs, {}),
            ("inside", jobs, {"own": "inside"}),
            ("noisy", start, {}),
            ("lagged", start, {"regressors": earlier}),
        ):
            term = growth_regression(base, ends, **chosen, **LABELS).term("cluster")
            found[name].append(term.coefficient)
    mean = {name: np.mean(each) for name, each in found.items()}
    assert mean["outside"] == pytest.approx(0.04, abs=0.004)
    assert mean["inside"] > 1.1 * mean["outside"]
    assert mean["noisy"] > 1.3 * mean["outside"]
    assert mean["lagged"] == pytest.approx(0.04, abs=0.008)


def test_lagged_regressors_remove_convergence_that_is_noise():
    plain, lagged, chosen_then, chosen_at_start = [], [], [], []
    for seed in range(8):
        true = jobs_of(seed)
        draw = np.random.default_rng(seed + 500)
        earlier, start, end = (true * np.exp(draw.normal(0, 0.3, true.shape)) for _ in range(3))
        late = {"regressors": earlier, "smallest": 250, **LABELS}
        plain.append(growth_regression(start, end, **LABELS).term("convergence"))
        lagged.append(growth_regression(start, end, regressors=earlier, **LABELS).terms[0])
        chosen_then.append(growth_regression(start, end, **late).terms[0])
        chosen_at_start.append(growth_regression(start, end, size_in="start", **late).terms[0])
    mean = [
        np.mean([each.coefficient for each in rows])
        for rows in (plain, lagged, chosen_then, chosen_at_start)
    ]
    assert mean[0] < -0.08  # there is none: the noise at the start is on both sides
    assert abs(mean[1]) < 0.01
    assert abs(mean[2]) < 0.015
    assert mean[3] > 0.03  # choosing cells by noisy jobs at the start pushes it upwards


def dense(growth: np.ndarray, terms: list[np.ndarray], use: np.ndarray):
    """Least squares on dummies, and errors clustered by region, by the book."""
    row, column = np.nonzero(use)
    rows = np.unique(row, return_inverse=True)[1]
    columns = np.unique(column, return_inverse=True)[1]
    dummies = np.hstack([np.eye(rows.max() + 1)[rows], np.eye(columns.max() + 1)[columns]])
    x = np.hstack([np.column_stack([each[use] for each in terms]), dummies])
    y = growth[use]
    slopes = np.linalg.lstsq(x, y, rcond=None)[0]
    left = y - x @ slopes
    free = (
        x[:, : len(terms)] - dummies @ np.linalg.lstsq(dummies, x[:, : len(terms)], rcond=None)[0]
    )
    bread = np.linalg.inv(free.T @ free)
    meat = sum(
        np.outer(score, score)
        for place in range(rows.max() + 1)
        for score in [free[rows == place].T @ left[rows == place]]
    )
    groups, count = rows.max() + 1, len(y)
    factor = groups / (groups - 1) * (count - 1) / (count - len(terms) - columns.max() - 1)
    return slopes[: len(terms)], np.sqrt(np.diag(bread @ meat @ bread * factor)), rows, columns


def test_it_is_the_regression_on_dummies_also_with_gaps():
    jobs = jobs_of(3)[:, :30].copy()
    draw = np.random.default_rng(4)
    names = INDUSTRIES[:30]
    start = jobs.copy()
    start[draw.random(jobs.shape) < 0.2] = np.nan
    end = jobs * np.exp(draw.normal(0, 0.4, jobs.shape))
    end[draw.random(jobs.shape) < 0.1] = 0
    found = growth_regression(
        start, end, environment=jobs, regions=REGIONS, industries=names, clusters=CLUSTERS
    )
    totals = jobs.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        growth = np.log(end / start)
    own = np.log(start / totals)
    cluster = np.empty(jobs.shape)
    for i in range(30):
        mates = [j for j in range(30) if j // 6 == i // 6 and j != i]
        cluster[:, i] = np.log(jobs[:, mates].sum(axis=1) / totals[:, 0])
    use = np.isfinite(growth) & np.isfinite(own)
    slopes, errors, _, _ = dense(growth, [own, cluster], use)
    np.testing.assert_allclose([each.coefficient for each in found.terms], slopes, atol=1e-9)
    np.testing.assert_allclose([each.standard_error for each in found.terms], errors, rtol=1e-8)
    assert found.cells == use.sum()
    assert found.dropped["not known"] == np.isnan(start).sum()


def test_two_way_errors_by_the_book():
    jobs = jobs_of(5)
    ends = grown(jobs, {"own": -0.1}, 6, 0.3)
    found = growth_regression(jobs, ends, errors="two-way", **LABELS)
    by_region = growth_regression(jobs, ends, **LABELS)
    terms = terms_of(jobs)
    x = np.column_stack([terms["own"].ravel(), terms["cluster"].ravel()])
    row, column = np.divmod(np.arange(5400), 60)
    free = absorb(np.column_stack([np.log(ends / jobs).ravel(), x]), row, column)
    told = fit(free[:, 0], free[:, 1:])
    scores = free[:, 1:] * told.residuals[:, None]
    meat = -scores.T @ scores
    for each in (row, column):
        for place in range(each.max() + 1):
            score = scores[each == place].sum(axis=0)
            meat += np.outer(score, score)
    wanted = np.sqrt(np.diag(told.bread @ meat @ told.bread * 60 / 59 * 5399 / 5398))
    np.testing.assert_allclose([each.standard_error for each in found.terms], wanted, rtol=1e-6)
    np.testing.assert_allclose(
        [each.coefficient for each in found.terms], [each.coefficient for each in by_region.terms]
    )


@settings(max_examples=25, deadline=None)
@given(
    st.integers(2, 9),
    st.integers(2, 9),
    st.integers(0, 10**6),
    st.floats(0.2, 1.0),
)
def test_absorbed_effects_are_projections(height, width, seed, kept):
    draw = np.random.default_rng(seed)
    use = draw.random((height, width)) < kept
    use[0, 0] = True
    row, column = np.nonzero(use)
    row, column = (np.unique(each, return_inverse=True)[1] for each in (row, column))
    values = draw.normal(0, 1, (len(row), 2)) + 1000
    free = absorb(values, row, column)
    dummies = np.hstack([np.eye(row.max() + 1)[row], np.eye(column.max() + 1)[column]])
    wanted = values - dummies @ np.linalg.lstsq(dummies, values, rcond=None)[0]
    np.testing.assert_allclose(free, wanted, atol=1e-8)
    assert np.linalg.matrix_rank(dummies) == row.max() + column.max() + 2 - connected(row, column)


def test_order_of_rows_and_columns_and_scale_do_not_matter():
    jobs = jobs_of(7)
    ends = grown(jobs, {"own": -0.1, "cluster": 0.1}, 8, 0.3)
    usual = growth_regression(jobs, ends, related=RELATED, neighbours=RING, **LABELS)
    draw = np.random.default_rng(9)
    rows, columns = draw.permutation(90), draw.permutation(60)
    mixed = growth_regression(
        1000 * jobs[rows][:, columns],
        1000 * ends[rows][:, columns],
        regions=[REGIONS[place] for place in rows],
        industries=[INDUSTRIES[place] for place in columns],
        clusters=CLUSTERS,
        related=RELATED,
        neighbours=RING[::-1],
    )
    for one, other in zip(usual.terms, mixed.terms, strict=True):
        assert one.coefficient == pytest.approx(other.coefficient, abs=1e-9)
        assert one.standard_error == pytest.approx(other.standard_error, rel=1e-6)


def test_one_job_added_keeps_empty_cells_and_dropping_counts_them():
    jobs = jobs_of(10)
    jobs[np.random.default_rng(11).random(jobs.shape) < 0.3] = 0
    ends = jobs_of(10) * 1.1
    dropped = growth_regression(jobs, ends, **LABELS)
    added = growth_regression(jobs, ends, zeros="add one", **LABELS)
    assert added.cells == 5400
    assert dropped.dropped["no jobs in one of the years"] == (jobs == 0).sum()
    assert dropped.cells + sum(dropped.dropped.values()) == 5400


def test_hand_example_of_the_environment():
    """Two regions, clusters {a, b} and {c}: 10, 30 of 100 and 20, 20 of 50 jobs."""
    jobs = np.array([[10.0, 30, 60], [20, 20, 10]])
    found = Environment(jobs, np.array([0, 0, 1]), 2, 0.0)
    places = np.array([0, 1])
    # a's cluster without a is b: 30/100 over 50/150, and 20/50 over 50/150.
    np.testing.assert_allclose(found.without_own(places, np.array([0, 0]))[:, 0], [0.9, 1.2])
    near = found.of_related(related_weights({"x": ["y"]}, ["x", "y"]))
    np.testing.assert_allclose(near[:, 0], [(60 / 100) / (70 / 150), (10 / 50) / (70 / 150)])
    assert np.isnan(near[:, 1]).all()


def test_a_cluster_of_one_industry_has_no_rest():
    jobs = jobs_of(12)
    alone = {**CLUSTERS, INDUSTRIES[0]: "alone"}
    found = growth_regression(
        jobs, jobs**1.01, regions=REGIONS, industries=INDUSTRIES, clusters=alone
    )
    assert found.dropped == {"no other jobs in the cluster": 90}
    assert found.industries == 59


def test_the_table_shows_every_variant_with_all_terms():
    jobs = jobs_of(13)
    years = GrowthYears(jobs, jobs_of(14), jobs_of(15))
    found = growth_table(years, related=RELATED, neighbours=RING, **LABELS)
    assert [each.variant for each in found] == [
        "plain",
        "own industry inside",
        "one job added",
        "250+ jobs",
        "lagged",
        "lagged, 250+ jobs then",
        "lagged, 250+ jobs at start",
    ]
    assert all(len(each.rows()) == 4 for each in found)
    assert {"coefficient", "standard_error", "p_value", "cells"} <= found[0].rows()[0].keys()
    again = growth_table(years, related=RELATED, neighbours=RING, **LABELS)
    assert [each.rows() for each in again] == [each.rows() for each in found]


def test_fewer_than_thirty_regions_are_refused_with_their_number():
    jobs = jobs_of(1)[:29]
    with pytest.raises(CannotAnswer, match=r"too few regions.*29 with usable cells"):
        growth_regression(
            jobs, jobs * 1.1, regions=REGIONS[:29], industries=INDUSTRIES, clusters=CLUSTERS
        )


def test_terms_that_cannot_be_told_apart_are_refused():
    sizes = np.exp(np.random.default_rng(1).normal(4, 1, 90))[:, None] * np.ones(60)
    with pytest.raises(CannotAnswer, match="cannot be told apart"):
        growth_regression(sizes, sizes * jobs_of(2), **LABELS)


def test_every_fault_is_told_at_once():
    jobs = jobs_of(1)
    bad = jobs.copy()
    bad[3, 4] = -1
    bad[5, 6] = np.inf
    with pytest.raises(InvalidInput) as told:
        growth_regression(
            bad,
            jobs[:, :-1],
            regions=[*REGIONS[:-1], REGIONS[0]],
            industries=INDUSTRIES,
            clusters={},
            zeros="forget",
        )
    text = str(told.value)
    for words in (
        "stands twice",
        "negative or infinite",
        "row 4",
        "row 6",
        "has shape",
        "no industry",
        "'forget'",
    ):
        assert words in text


def test_unknown_related_clusters_and_neighbours_are_named():
    jobs = jobs_of(1)
    with pytest.raises(InvalidInput, match="no cluster has a related one"):
        growth_regression(jobs, jobs, related={"x": ["y"]}, **LABELS)
    with pytest.raises(InvalidInput, match="no two regions"):
        growth_regression(jobs, jobs, neighbours=[("x", "y")], **LABELS)


def rows(**columns) -> pa.Table:
    return pa.table(
        {
            "region": ["c1", "c2", "c3", "c1", "c2", "c3"],
            "industry": ["a"] * 6,
            "year": [2018] * 3 + [2021] * 3,
            "employment": [10.0, None, 5.0, 12.0, 9.0, 6.0],
            "establishments": [2.0, 3.0, 1.0, 2.0, 3.0, 1.0],
            **columns,
        }
    )


def test_figures_are_added_up_to_areas_and_withheld_parts_stay_unknown():
    found = growth_figures(rows(), ["a", "b"], start=2018, end=2021, areas={"c1": "x", "c2": "x"})
    assert found.regions == ("x",)
    np.testing.assert_array_equal(found.years.start, [[np.nan, 0]])
    np.testing.assert_array_equal(found.years.end, [[21, 0]])
    # Mean size 10 / 2 in the area: three establishments count as 15 jobs in cluster sums.
    np.testing.assert_array_equal(found.years.environment, [[25, 0]])
    assert "c3" in found.notes[0]
    assert "1 of 4 rows" in found.notes[1]


def test_estimates_count_in_sums_only():
    status = ["estimated", "withheld", "reported", "reported", "reported", "reported"]
    found = growth_figures(rows(status=status), ["a"], start=2018, end=2021)
    np.testing.assert_array_equal(found.years.start.ravel(), [np.nan, np.nan, 5])
    np.testing.assert_array_equal(found.years.environment.ravel(), [10, 15, 5])


def test_bad_tables_are_told():
    with pytest.raises(InvalidInput, match=r"(?s)end 2018 is not after.*lag 2020 is not before"):
        growth_figures(rows(), ["a"], start=2018, end=2018, lag=2020)
    with pytest.raises(CannotAnswer, match="2017"):
        growth_figures(rows(), ["a"], start=2018, end=2021, lag=2017)
    with pytest.raises(InvalidInput, match="more than once"):
        growth_figures(rows(region=["c1"] * 6), ["a"], start=2018, end=2021)
    with pytest.raises(InvalidInput, match="negative"):
        growth_figures(rows(employment=[-1.0] * 6), ["a"], start=2018, end=2021)
    with pytest.raises(InvalidInput, match="column employment is missing"):
        growth_figures(rows().drop_columns("employment"), ["a"], start=2018, end=2021)
    with pytest.raises(CannotAnswer, match="no region of the tables lies in an area"):
        growth_figures(rows(), ["a"], start=2018, end=2021, areas={"z": "x"})


def test_groups_of_one_give_the_plain_robust_error():
    draw = np.random.default_rng(1)
    x, y = draw.normal(size=(50, 2)), draw.normal(size=50)
    found = fit(y, x)
    place = np.arange(50)
    told = group_covariance(x, found, [place], 48)
    wanted = found.bread @ (x.T * found.residuals**2) @ x @ found.bread * 50 / 49 * 49 / 48
    np.testing.assert_allclose(told, wanted)


FIGURES = Path(__file__).parents[3] / "shared" / "data" / "us"


@pytest.mark.shared
def test_the_cluster_term_on_economic_areas():
    """Positive at 1 %, plain and lagged; own industry inside inflates it; noise converges."""
    path = FIGURES / "cbp_county_naics6_2017_2021.parquet"
    if not path.exists():
        pytest.skip("the figures of ../shared are not on this machine")
    import duckdb

    from clusteratlas.classification import definition, economic_areas

    table = duckdb.execute(
        "select fips as region, naics as industry, year, est::double as establishments, "
        "case when emp = 0 then null else emp::double end as employment from read_parquet(?) "
        "where year in (2018, 2019, 2021)",
        [str(path)],
    ).to_arrow_table()
    drawn = definition("us-benchmark-2014", "naics-2017").industries.to_pylist()
    clusters = {row["industry"]: row["cluster"] for row in drawn if row["traded"]}
    figures = growth_figures(
        table,
        {row["industry"] for row in drawn},
        start=2019,
        end=2021,
        lag=2018,
        areas=economic_areas(),
    )
    found = {
        each.variant: each
        for each in growth_table(
            figures.years, regions=figures.regions, industries=figures.industries, clusters=clusters
        )
    }
    for variant in ("plain", "lagged"):
        term = found[variant].term("cluster")
        assert term.coefficient > 0
        assert term.p_value < 0.01
    plain, inside = (found[each].term("cluster") for each in ("plain", "own industry inside"))
    assert inside.coefficient > 1.2 * plain.coefficient
    convergence = {name: each.term("convergence").coefficient for name, each in found.items()}
    assert convergence["plain"] < 1.4 * convergence["lagged"] < 0
    assert abs(convergence["lagged, 250+ jobs then"]) < abs(convergence["plain"]) / 4
    assert found["lagged, 250+ jobs at start"].term("convergence").p_value > 0.05
