"""Returns: checked by hand, apart from gross figures, refused where the effect was."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.programmes.evidence.reports import report

from clusteratlas.programmes.effects.records import EffectReport
from clusteratlas.programmes.effects.study import Costs, Scale
from clusteratlas.programmes.grades import EvidenceGrade
from clusteratlas.programmes.returns import (
    assumptions_of,
    assumptions_of_text,
    ratio_interval,
    returns_of,
)
from clusteratlas.tables import CannotAnswer, InvalidInput

HELD = {
    "currency": "EUR",
    "discount_rate": 0.0,
    "value_per_unit": 1000,
    "member": {"fee": 500, "hours": 10, "cost_of_hour": 50, "own_share": 0, "kept": 0.5},
    "public": {"cost": 100_000},
    "gross": [{"what": "jobs reported", "value": 1400, "unit": "jobs", "grade": "D"}],
}


def jobs(value: float = 2.0, error: float = 0.5) -> EffectReport:
    return report(value, error, scale=Scale.level, money=False)


def test_a_return_is_what_the_hand_finds() -> None:
    found = returns_of(jobs(), assumptions_of(HELD))
    # 2 jobs x 1,000 x 4 years x 1/2 kept = 4,000; (500 + 10 x 50) x 4 years = 4,000
    assert found.member is not None
    assert found.public is not None
    assert (found.member.benefit.value, found.member.cost.value) == (4000, 4000)
    assert (found.member.net.value, found.member.break_even) == (0, 2.0)
    assert found.member.chance_positive == pytest.approx(0.5, abs=0.02)
    assert found.member.cost.low == found.member.cost.high == 4000
    assert found.member.benefit.low == pytest.approx(4000 - 1.96 * 1000, rel=0.03)
    # 2 jobs x 40 firms = 80 a year; 80 x 1,000 x 4 / 100,000 = 3.2
    assert found.public.additional.value == 80
    assert found.public.per_million.value == 800
    given = jobs()
    matched = replace(given, data=replace(given.data, treated=50))
    wider = returns_of(matched, assumptions_of(HELD)).public
    assert wider is not None
    assert (wider.treated, wider.additional.value) == (50, 100), "the cost is that of all 50"
    assert found.public.value_per_unit_of_money.value == pytest.approx(3.2)
    assert found.public.value_per_unit_of_money.high == pytest.approx(3.2 * 1.49, rel=0.03)
    assert found.grade is EvidenceGrade.B
    assert found.to_dict()["assumptions"]["gross"][0]["value"] == 1400
    without = returns_of(jobs(), assumptions_of({**HELD, "gross": []}))
    assert (without.member, without.public) == (found.member, found.public), "gross goes nowhere"


def test_discounting_lasting_and_assumed_ends_move_it_as_they_should() -> None:
    plain = returns_of(jobs(), assumptions_of(HELD))
    later = returns_of(jobs(), assumptions_of({**HELD, "discount_rate": 0.03}))
    longer = returns_of(jobs(), assumptions_of({**HELD, "years_after": 2, "decay": 0.5}))
    wide = assumptions_of({**HELD, "value_per_unit": {"value": 1000, "low": 500, "high": 1500}})
    unsure = returns_of(jobs(), wide)
    assert plain.public
    assert later.public
    assert longer.public
    assert unsure.public
    assert later.discounted_years == pytest.approx(sum(1.03**-year for year in range(1, 5)))
    # Paid evenly and worth the same each year: discounting both changes no ratio.
    assert later.public.value_per_unit_of_money.value == pytest.approx(3.2)
    early = {**HELD, "discount_rate": 0.03, "public": {"cost": 100_000, "paid": "at_start"}}
    at_start = returns_of(jobs(), assumptions_of(early)).public
    assert at_start
    assert at_start.value_per_unit_of_money.value == pytest.approx(0.8 * later.discounted_years)
    assert longer.discounted_years == pytest.approx(4.75)
    assert longer.public.value_per_unit_of_money.value == pytest.approx(3.8)
    assert unsure.public.value_per_unit_of_money.high > plain.public.value_per_unit_of_money.high


def test_percent_needs_a_base_and_uses_it() -> None:
    percent = report(0.1, 0.02, money=False)
    with pytest.raises(CannotAnswer, match="level it adds to must be assumed"):
        returns_of(percent, assumptions_of(HELD))
    found = returns_of(percent, assumptions_of({**HELD, "base": 20}))
    assert found.effect.value == pytest.approx(20 * math.expm1(0.1))
    assert found.effect.low == pytest.approx(20 * math.expm1(0.1 - 1.96 * 0.02), rel=0.03)


def test_refused_effects_and_mixed_money_have_no_return() -> None:
    with pytest.raises(CannotAnswer, match="tells no effect"):
        returns_of(report(refused=True), assumptions_of(HELD))
    weak = jobs()
    graded = replace(weak, outcomes=(replace(weak.outcomes[0], grade=EvidenceGrade.C),))
    with pytest.raises(CannotAnswer, match="no effect of causal grade"):
        returns_of(graded, assumptions_of(HELD))
    euros = report(90_000, 20_000, scale=Scale.level)
    with pytest.raises(CannotAnswer, match="different currencies"):
        returns_of(euros, assumptions_of({**HELD, "currency": "USD"}))
    with pytest.raises(CannotAnswer, match="prices of different years"):
        returns_of(euros, assumptions_of({**HELD, "price_base": 2020}))
    priced = replace(jobs(), study=replace(jobs().study, costs=Costs("USD")))
    with pytest.raises(CannotAnswer, match="the costs of the report"):
        returns_of(priced, assumptions_of(HELD))
    with pytest.raises(CannotAnswer, match="no such outcome"):
        returns_of(jobs(), assumptions_of(HELD), column="sales")


def test_leverage_is_a_ratio_of_two_effects() -> None:
    own = report(1360, 300, scale=Scale.level)
    given = own.outcomes[0]
    estimate = replace(
        given.estimates[0],
        **{"outcome": "aid", "value": 1000, "low": 804, "high": 1196, "standard_error": 100},
    )
    aid = replace(given, outcome=replace(given.outcome, column="aid"), estimates=(estimate,))
    both = replace(own, outcomes=(given, aid))
    held = {
        "currency": "EUR",
        "discount_rate": 0.03,
        "value_per_unit": 1,
        "leverage": {"private": "rd", "public": "aid"},
    }
    found = returns_of(both, assumptions_of(held), column="rd").leverage
    assert found is not None
    assert found.ratio.value == pytest.approx(1.36)
    assert found.ratio.low is not None
    assert found.ratio.low < 1.36 < (found.ratio.high or 0)
    with pytest.raises(CannotAnswer, match="two amounts of money"):
        returns_of(jobs(), assumptions_of({**held, "leverage": {"private": "rd", "public": "rd"}}))


@settings(max_examples=30, deadline=None)
@given(
    st.floats(-5, 5),
    st.floats(1, 9),
    st.floats(0.05, 2),
    st.floats(0.05, 0.4),
    st.floats(-0.9, 0.9),
)
def test_fieller_holds_exactly_the_ratios_that_are_not_refused(a, b, sa, sb, rho) -> None:
    found = ratio_interval(a, b, above_error=sa, below_error=sb, correlation=rho)
    z = float(stats.norm.ppf(0.975))
    if not found.bounded:
        assert abs(b) <= z * sb + 1e-9
        return
    for end in (found.low, found.high):
        error = math.sqrt(sa**2 - 2 * end * rho * sa * sb + end**2 * sb**2)
        assert abs(a - end * b) == pytest.approx(z * error, rel=1e-6, abs=1e-8)
    assert found.low - 1e-9 <= a / b <= found.high + 1e-9


def test_fieller_covers_what_it_promises() -> None:
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(2000):
        found = ratio_interval(
            rng.normal(2, 0.5), rng.normal(1, 0.25), above_error=0.5, below_error=0.25
        )
        held += not found.bounded or found.low <= 2 <= found.high
    assert 0.94 <= held / 2000 <= 0.985
    assert not ratio_interval(1, 0.1, above_error=1, below_error=1).bounded


def test_assumptions_are_refused_with_every_fault() -> None:
    with pytest.raises(InvalidInput) as caught:
        assumptions_of_text(
            'currency = "euro"\ndiscount_rate = 3\n[value_per_unit]\nvalue = 5\nlow = 6\n'
            "high = 7\n[member]\nfees = 3\nkept = 2\n[public]\ncost = -1\n",
            file="a.toml",
        )
    columns = {each.column for each in caught.value.faults}
    assert columns >= {"currency", "discount_rate", "value_per_unit", "member.fees", "public"}
    assert {each.file for each in caught.value.faults} == {"a.toml"}
    with pytest.raises(InvalidInput, match="valid"):
        assumptions_of({**HELD, "value_per_unit": True})
    with pytest.raises(InvalidInput, match="no TOML"):
        assumptions_of_text("= 3")
    with pytest.raises(InvalidInput, match="whose return"):
        assumptions_of({"currency": "EUR", "discount_rate": 0, "value_per_unit": 1})
