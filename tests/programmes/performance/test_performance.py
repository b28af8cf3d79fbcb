"""Growth of jobs, establishments and wages: truth recovered, the trap shown, another's numbers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from clusteratlas.atlas import Release
from clusteratlas.programmes.performance import (
    GrowthOutcome,
    OutcomeYears,
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
    assert "estimates" in found.notes[0]
    with pytest.raises(CannotAnswer, match="every cluster has one industry"):
        performance_of_release(sample_release, "nuts-2")
    with pytest.raises(CannotAnswer, match="two years"):
        performance_of_release(sample_release, "us-state", start=2021)
