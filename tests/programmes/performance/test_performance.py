"""Growth of jobs, establishments and wages: truth recovered, the trap shown, another's numbers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from clusteratlas.atlas import Release
from clusteratlas.programmes.performance import (
    UNKNOWN,
    GrowthOutcome,
    NeighbourRule,
    OutcomeYears,
    listed,
    neighbours_of_regions,
    outcome_regression,
    performance_of_release,
    performance_of_rows,
)
from clusteratlas.tables import CannotAnswer, InvalidInput

REGIONS, CLUSTERS, EACH = 120, 12, 5
DELTA, BETA = -0.08, 0.05


@pytest.fixture(scope="module")
def world():
    """Industries that grow with their cluster outside themselves, and less where they are large."""
    rng = np.random.default_rng(11)
    width = CLUSTERS * EACH
    shared = rng.normal(0, 0.8, (REGIONS, CLUSTERS)).repeat(EACH, axis=1)
    jobs = np.exp(5 + shared + rng.normal(0, 0.8, (REGIONS, width)))
    names = {f"i{place:02}": f"c{place // EACH:02}" for place in range(width)}
    rest = jobs.reshape(REGIONS, CLUSTERS, EACH).sum(2).repeat(EACH, axis=1) - jobs
    share = rest / jobs.sum(1, keepdims=True)
    quotient = np.log(share / (rest.sum(0) / jobs.sum()))

    def grown(start):
        free = rng.normal(0, 0.1, (REGIONS, 1)) + rng.normal(0, 0.1, width)
        noise = rng.normal(0, 0.15, (REGIONS, width))
        return start * np.exp(DELTA * np.log(start) + BETA * quotient + free + noise)

    pay = 40 * np.exp(rng.normal(0, 0.2, jobs.shape))
    units = np.ceil(jobs / 12)
    return jobs, names, {"jobs": jobs, "units": units, "pay": pay}, grown


@pytest.mark.parametrize("what", ["jobs", "units", "pay"])
def test_truth_is_recovered_and_counting_oneself_in_inflates(world, what: str) -> None:
    jobs, names, starts, grown = world
    years = OutcomeYears(starts[what], grown(starts[what]))
    asked = {"regions": [f"r{r:03}" for r in range(REGIONS)], "industries": list(names)}
    found = outcome_regression(years, jobs, clusters=names, **asked)
    inside = outcome_regression(years, jobs, clusters=names, own="inside", **asked)
    for name, truth in (("convergence", DELTA), ("cluster", BETA)):
        term = found.term(name)
        assert abs(term.coefficient - truth) < 3.5 * term.standard_error
    cluster, trap = found.term("cluster"), inside.term("cluster")
    assert cluster.low > 0 > found.term("convergence").high
    if what == "pay":  # an industry's jobs say nothing of its pay: nothing to inflate with here
        return
    assert trap.coefficient > cluster.coefficient + 2 * cluster.standard_error
    assert trap.low > BETA, "the trap's own interval leaves the truth out"
    if what == "jobs":
        gap = inside.term("convergence").coefficient - found.term("convergence").coefficient
        assert gap < 0, "and convergence looks stronger than it is"


@pytest.mark.parametrize("what", ["jobs", "units", "pay"])
def test_the_cluster_next_door_is_found_where_it_matters_and_only_there(world, what: str) -> None:
    jobs, names, starts, _grown = world
    rng = np.random.default_rng(29)
    labels = [f"r{r:03}" for r in range(REGIONS)]
    ring = [(labels[r], labels[(r + 1) % REGIONS]) for r in range(REGIONS)]
    sums = jobs.reshape(REGIONS, CLUSTERS, EACH).sum(2)
    quotients = sums / sums.sum(1, keepdims=True) / (sums.sum(0) / sums.sum())
    door = (np.roll(quotients, 1, axis=0) + np.roll(quotients, -1, axis=0)) / 2
    asked = {"regions": labels, "industries": list(names), "clusters": names}
    for truth in (0.06, 0.0):
        noise = rng.normal(0, 0.1, jobs.shape)
        end = starts[what] * np.exp(truth * np.log(door.repeat(EACH, axis=1)) + noise)
        years = OutcomeYears(starts[what], end)
        found = outcome_regression(years, jobs, neighbours=ring, **asked)
        term = found.term("neighbouring regions")
        assert abs(term.coefficient - truth) < 3.5 * term.standard_error
        assert (term.low > 0) == bool(truth)
    some = outcome_regression(years, jobs, neighbours=ring[:60], **asked)
    assert some.regions == 61
    assert some.dropped["no such jobs in neighbouring regions"] == (REGIONS - 61) * len(names)


@pytest.mark.filterwarnings("ignore")
def test_coefficients_and_errors_equal_those_of_another_library(world) -> None:
    fixest = pytest.importorskip("pyfixest")
    pandas = pytest.importorskip("pandas")
    jobs, names, starts, grown = world
    start = starts["pay"].copy()
    start[::7, ::3] = np.nan
    end = grown(starts["pay"])
    regions = [f"r{r:03}" for r in range(REGIONS)]
    found = outcome_regression(
        OutcomeYears(start, end), jobs, regions=regions, industries=list(names), clusters=names
    )
    rest = jobs.reshape(REGIONS, CLUSTERS, EACH).sum(2).repeat(EACH, axis=1) - jobs
    known = ~np.isnan(start)
    row, column = np.nonzero(known)
    frame = pandas.DataFrame(
        {
            "growth": np.log(end / start)[known],
            "convergence": np.log(start)[known],
            "cluster": np.log(rest / jobs.sum(1, keepdims=True))[known],
            "region": row,
            "industry": column,
        }
    )
    other = fixest.feols(
        "growth ~ convergence + cluster | region + industry", frame, vcov={"CRV1": "region"}
    )
    for name in ("convergence", "cluster"):
        term = found.term(name)
        assert term.coefficient == pytest.approx(other.coef()[name], rel=1e-7)
        assert term.standard_error == pytest.approx(other.se()[name], rel=1e-6)
    assert found.cells == int(known.sum())


def test_withheld_cells_are_left_out_and_what_is_missing_is_refused(world) -> None:
    jobs, names, _starts, grown = world
    end = grown(jobs)
    industries = list(names)
    cells = [
        (f"r{r:03}", industries[c], year, table[r, c])
        for year, table in ((2018, jobs), (2021, end))
        for r in range(REGIONS)
        for c in range(len(industries))
    ]
    table = pa.table(
        {
            "region": [each[0] for each in cells],
            "industry": [each[1] for each in cells],
            "year": [each[2] for each in cells],
            "employment": [None if place % 9 == 0 else each[3] for place, each in enumerate(cells)],
            "establishments": [np.ceil(each[3] / 10) for each in cells],
        }
    )
    found = performance_of_rows(table, industries, names, start=2018, end=2021)
    assert set(found.outcomes) == {GrowthOutcome.employment, GrowthOutcome.establishments}
    assert "no column payroll" in found.refused[GrowthOutcome.wages]
    plain = found.outcomes[GrowthOutcome.employment][0]
    whole = REGIONS * len(industries)
    assert plain.dropped["not known"] == whole - plain.cells
    assert 0.75 * whole < plain.cells < 0.9 * whole
    assert found.outcomes[GrowthOutcome.establishments][0].cells == whole
    assert {row["variant"] for row in found.rows()} == {"plain", "own industry inside", "250+ jobs"}
    assert found.neighbours == UNKNOWN
    pairs = listed([(f"r{r:03}", f"r{r + 1:03}") for r in range(0, 90)], NeighbourRule.given)
    near = performance_of_rows(table, industries, names, start=2018, end=2021, neighbours=pairs)
    assert near.without_neighbours == REGIONS - 91
    full = near.outcomes[GrowthOutcome.employment][-1]
    assert full.variant == "with neighbouring regions"
    assert full.term("cluster").coefficient != plain.term("cluster").coefficient
    few = listed([("r000", "r001")], NeighbourRule.given)
    near = performance_of_rows(table, industries, names, start=2018, end=2021, neighbours=few)
    assert set(near.apart) == set(near.outcomes)
    assert "too few regions" in near.apart[GrowthOutcome.establishments]
    elsewhere = listed([("x", "y")], NeighbourRule.given)
    with pytest.raises(InvalidInput, match="no two regions"):
        performance_of_rows(table, industries, names, start=2018, end=2021, neighbours=elsewhere)
    with pytest.raises(CannotAnswer, match="2019"):
        performance_of_rows(table, industries, names, start=2019, end=2021)
    alone = {each: each for each in industries}
    with pytest.raises(CannotAnswer, match="every cluster has one industry"):
        performance_of_rows(table, industries, alone, start=2018, end=2021)
    with pytest.raises(InvalidInput, match="negative or infinite"):
        outcome_regression(
            OutcomeYears(-jobs, end),
            jobs,
            regions=[str(r) for r in range(REGIONS)],
            industries=industries,
            clusters=names,
        )


def test_a_release_answers_by_state_and_refuses_where_clusters_are_industries(
    sample_release: Release,
) -> None:
    found = performance_of_release(sample_release, "us-state")
    assert list(found.outcomes) == list(GrowthOutcome)
    for regressions in found.outcomes.values():
        plain, inside = regressions[:2]
        assert plain.regions == 50
        assert plain.term("convergence").high < 0
        assert inside.term("cluster").coefficient > plain.term("cluster").coefficient
        full = regressions[-1]
        assert full.variant == "all four terms"
        assert [each.name for each in full.terms][2:] == [
            "related clusters",
            "neighbouring regions",
        ]
    assert (found.neighbours.rule, found.without_neighbours) == (NeighbourRule.borders, 2)
    rests = sample_release.table("regions").filter(pc.field("scheme") == "us-rest-of-state")
    near = neighbours_of_regions("us-rest-of-state", rests)
    assert near.rule is NeighbourRule.nearest
    places = {row["region"]: (row["longitude"], row["latitude"]) for row in rests.to_pylist()}
    codes = list(places)
    x, y = np.radians(np.array(list(places.values()))).T
    cosine = np.sin(y) * np.sin(y[:, None])
    cosine += np.cos(y) * np.cos(y[:, None]) * np.cos(x - x[:, None])
    order = np.argsort(np.arccos(np.clip(cosine, -1, 1)), axis=1)[:, 1:6]
    expected = {
        tuple(sorted((codes[r], codes[other])))
        for r, others in enumerate(order)
        for other in others
    }
    assert set(near.pairs) == expected, "the five nearest by great circle, in both directions"
    few = neighbours_of_regions("own", rests.slice(0, 5))
    assert (few.rule, few.pairs) == (NeighbourRule.few_points, ())
    assert "estimates" in found.notes[0]
    with pytest.raises(CannotAnswer, match="every cluster has one industry"):
        performance_of_release(sample_release, "nuts-2")
    with pytest.raises(CannotAnswer, match="two years"):
        performance_of_release(sample_release, "us-state", start=2021)
