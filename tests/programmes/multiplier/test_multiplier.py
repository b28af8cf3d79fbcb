"""Input-output multipliers: by hand, against the official tables, with what is not known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.measures.networks.requirements import (
    industry_requirements,
    multipliers,
    regional_requirements,
    total_requirements,
)
from clusteratlas.programmes.grades import EvidenceGrade
from clusteratlas.programmes.multiplier import multiply, packaged_requirements, read_by_industry
from clusteratlas.sources.accounts.input_output import read_input_output
from clusteratlas.tables import CannotAnswer, InvalidInput

SHARED = Path(__file__).parents[4] / "shared" / "data" / "us"
USE, MAKE = SHARED / "bea_use_detail_2017.parquet", SHARED / "bea_make_detail_2017.parquet"


def test_two_industries_by_hand() -> None:
    """Miller and Blair (2009), section 2.3: A = [[.15, .25], [.20, .05]]."""
    required = industry_requirements(
        np.array([[150.0, 500.0], [200.0, 100.0]]),
        np.diag([1000.0, 2000.0]),
        np.array([1000.0, 2000.0]),
        np.array([1000.0, 2000.0]),
    )
    assert required.round(4).tolist() == [[0.15, 0.25], [0.2, 0.05]]
    total = total_requirements(required)
    assert total.round(3).tolist() == [[1.254, 0.33], [0.264, 1.122]]
    assert (total @ [600, 1500]).round(0).tolist() == [1248, 1842]
    assert multipliers(total).round(3).tolist() == [1.518, 1.452]
    jobs = np.array([0.3, 0.25])
    assert multipliers(total, jobs).round(3).tolist() == [1.474, 1.518]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 6))
def test_requirements_keep_to_their_rules(seed: int, count: int) -> None:
    draw = np.random.default_rng(seed)
    use = draw.uniform(0, 1, (count + 1, count))
    make = draw.uniform(0, 1, (count, count + 1))
    output, supply = use.sum(axis=0) / 0.6, make.sum(axis=0)
    whole = industry_requirements(use, make, output, supply)
    assert whole.sum(axis=0) == pytest.approx(np.full(count, 0.6)), "all that is used is made"
    assert industry_requirements(7 * use, 7 * make, 7 * output, 7 * supply) == pytest.approx(whole)
    half = industry_requirements(use, make, output, supply, np.full(count + 1, 0.5))
    assert half == pytest.approx(whole / 2)
    quotients = draw.uniform(0, 2, count)
    cut = multipliers(total_requirements(regional_requirements(whole, quotients)))
    assert (cut <= multipliers(total_requirements(whole)) + 1e-12).all()
    assert cut.min() >= 1
    nothing = total_requirements(regional_requirements(whole, np.zeros(count)))
    assert nothing == pytest.approx(np.eye(count))
    with pytest.raises(CannotAnswer, match="feed on themselves"):
        total_requirements(2 * whole)
    with pytest.raises(InvalidInput, match="missing or negative"):
        regional_requirements(whole, np.full(count, np.nan))
    with pytest.raises(InvalidInput, match="outside 0 to 1"):
        industry_requirements(use, make, output, supply, np.full(count + 1, 1.5))


@pytest.mark.shared
@pytest.mark.skipif(not USE.exists(), reason="needs the input-output tables in ../shared")
def test_demand_returns_the_output_of_every_industry_of_the_official_tables() -> None:
    used = {(r["row"], r["column"]): r["value"] for r in read_input_output(USE).rows.to_pylist()}
    rows = read_input_output(MAKE).rows.to_pylist()
    made = {(r["row"], r["column"]): r["value"] for r in rows}
    us = packaged_requirements()
    commodities = sorted({r["column"] for r in rows if r["column_kind"] == "commodity"})
    make = np.array([[made.get((i, c), 0.0) for c in commodities] for i in us.industries])
    use = np.array([[used.get((c, i), 0.0) for i in us.industries] for c in commodities])
    output, supply = make.sum(axis=1), make.sum(axis=0)
    assert np.abs(us.output - output).max() <= 1
    domestic = us.required.sum(axis=0)
    whole = industry_requirements(use, make, output, supply)
    assert (domestic <= whole.sum(axis=0) + 1e-3).all(), "imports leak away"
    demand = supply - use.sum(axis=1)
    shares = np.divide(make, supply, out=np.zeros_like(make), where=supply > 0)
    back = total_requirements(whole) @ (shares @ demand)
    assert back == pytest.approx(output, rel=1e-9)


def test_spending_is_split_grown_and_never_an_effect() -> None:
    us = packaged_requirements()
    found = multiply({"336411": 2e6, "541713": 1e6}, us)
    assert found.grade is EvidenceGrade.E
    assert "gross" in found.assumptions
    assert found.industries == ("336411", "541700"), "NAICS 541713 lies in 541700"
    assert found.shares == pytest.approx((2 / 3, 1 / 3))
    assert found.low == found.high
    parts = [multiply({code: money}, us) for code, money in (("336411", 2e6), ("541700", 1e6))]
    assert found.high.output == pytest.approx(sum(each.high.output for each in parts))
    assert 0 < found.leaked[0] < 0.3
    assert multiply({"336411": 5.0}, us).output_multiplier == pytest.approx(
        parts[0].output_multiplier
    )


def test_unknown_quotients_and_jobs_leave_two_ends(tmp_path: Path) -> None:
    us = packaged_requirements()
    count = len(us.industries)
    nation = multiply({"336411": 1e6}, us)
    assert multiply({"336411": 1e6}, us, quotients=np.full(count, 1.7)).high == nation.high
    alone = multiply({"336411": 1e6}, us, quotients=np.zeros(count))
    assert alone.output_multiplier == pytest.approx((1, 1))
    unknown = multiply({"336411": 1e6}, us, quotients=np.full(count, np.nan))
    assert unknown.unknown == count
    assert unknown.low.output == pytest.approx(alone.low.output)
    assert unknown.high == nation.high
    listed = tmp_path / "jobs.csv"
    listed.write_text("industry,jobs\n336411,200000\n541713,1000\n541714,500\n", encoding="utf-8")
    jobs = read_by_industry(listed, "jobs", us)
    assert jobs[us.place("541700")] == 1500
    found = multiply({"336411": 1e6}, us, jobs=jobs)
    assert found.direct_jobs == pytest.approx(200_000 / us.output[us.place("336411")])
    assert found.low.jobs > found.direct_jobs
    assert found.high.jobs is None
    assert found.job_multiplier is not None
    assert found.job_multiplier[1] is None
    full = multiply({"336411": 1e6}, us, jobs=us.output * 3.0)
    assert full.high.jobs == pytest.approx(3 * full.high.output / 1e6)
    assert full.job_multiplier == pytest.approx(full.output_multiplier)
    with pytest.raises(InvalidInput, match="jobs of this industry"):
        multiply({"111200": 1e6}, us, jobs=jobs)


def test_what_is_asked_wrongly_is_named(tmp_path: Path) -> None:
    us = packaged_requirements()
    with pytest.raises(InvalidInput, match="not above zero"):
        multiply({"336411": -1.0}, us)
    with pytest.raises(InvalidInput, match="nothing is spent"):
        multiply({}, us)
    with pytest.raises(CannotAnswer, match="no industry of the tables"):
        us.place("999999")
    with pytest.raises(CannotAnswer, match="spread over"):
        us.place("3364")
    bad = tmp_path / "quotients.csv"
    bad.write_text(
        "industry,location_quotient\n336411,1\n336411,2\n999,1\n541700,much\n", encoding="utf-8"
    )
    with pytest.raises(InvalidInput) as caught:
        read_by_industry(bad, "location_quotient", us)
    for piece in ("row 3", "row 4", "row 5", "quotient already"):
        assert piece in str(caught.value)
    with pytest.raises(InvalidInput, match="column is missing"):
        read_by_industry(bad, "jobs", us)
