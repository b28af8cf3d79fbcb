"""The promise of the effects: right where the design is sound, silent where it is broken.

A few draws in the tests; `make proof` takes them all.
"""

from __future__ import annotations

import pytest
from tests.programmes.designs.broken import FAULTS
from tests.programmes.designs.proving import DESIGNS, prove, refuse

pytest.importorskip("pyfixest", reason="needs the extra `evaluation`")

DRAWS = 1000
"""So many that a coverage of 95 % is measured to 0.7 points and cannot leave 93-97 by chance."""


@pytest.mark.parametrize("name", DESIGNS)
def test_a_few_draws_of_a_sound_design_are_told_and_near_the_truth(name: str) -> None:
    found = prove(name, 8)
    assert found, "every draw was refused"
    for each in found:
        assert each.wrong <= 0.25, each
        assert abs(each.bias) < 4 * each.bias_error + 0.05, each
        assert each.coverage >= 0.6, each


@pytest.mark.parametrize("name", FAULTS)
def test_a_draw_of_a_broken_design_is_refused_for_its_fault(name: str) -> None:
    found = refuse(name, 1)
    assert found.right == found.draws, found


@pytest.mark.proof
@pytest.mark.parametrize("name", DESIGNS)
def test_sound_designs_are_unbiased_covered_and_rarely_refused(name: str) -> None:
    found = prove(name, DRAWS)
    assert found, "every draw was refused"
    for each in found:
        assert abs(each.bias) < 0.05, each
        assert 0.93 <= each.coverage <= 0.97, each
        assert each.wrong <= 0.05, each


@pytest.mark.proof
@pytest.mark.parametrize("name", [name for name in DESIGNS if name != "shift_share"])
def test_where_nothing_happened_nothing_is_found(name: str) -> None:
    found = prove(name, DRAWS // 2, scale=0.0, first=DRAWS)
    assert found, "every draw was refused"
    for each in found:
        assert each.significant <= 0.07, each


@pytest.mark.proof
def test_broken_designs_are_refused_for_their_fault() -> None:
    found = [refuse(name, fresh=fresh) for name in FAULTS for fresh in (False, True)]
    draws = sum(each.draws for each in found)
    assert draws >= 400
    assert sum(each.right for each in found) >= 0.9 * draws, [
        each for each in found if each.right < each.draws
    ]
