"""Positions among peers: the interval covers, order does not matter, nobody is given away."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusteratlas.programmes.benchmarking import (
    Peer,
    PeerFilter,
    Points,
    Pool,
    Refusal,
    Score,
    Traits,
    benchmark_rule,
    choose,
    packaged_questionnaire,
    positions,
    share_below,
)
from clusteratlas.programmes.benchmarking.positions import box_of

ASKED = packaged_questionnaire("european-gold-1")
RULE = benchmark_rule()


def held(low: int, high: int | None = None, most: int = 100) -> Score:
    high = low if high is None else high
    points = Points(low, high, most, 1, int(low == high), 0)
    return Score(points, {each.code: points for each in ASKED.group}, {})


def peers(lows: Sequence[int], country: str = "", age: str = "") -> tuple[Peer, ...]:
    return tuple(
        Peer(f"{country}{age} {place}", Traits(country=country, age=age), held(low))
        for place, low in enumerate(lows)
    )


def test_of_everybody_the_position_is_exact_and_of_a_sample_it_has_an_interval() -> None:
    pool = Pool(peers(range(0, 40, 2)), tuple(Traits() for _each in range(20)))
    found = positions(held(21), choose(pool, PeerFilter()), ASKED)
    assert [each.of for each in found] == ["total", *["group"] * 5]
    total = found[0]
    assert (total.below, total.low, total.high, total.population) == (0.55, 0.55, 0.55, 20)
    wider = Pool(pool.peers, tuple(Traits() for _each in range(60)))
    sample = positions(held(21), choose(wider, PeerFilter()), ASKED)[0]
    endless = positions(held(21), choose(Pool(pool.peers), PeerFilter()), ASKED)[0]
    assert endless.low < sample.low < 0.55 < sample.high < endless.high
    # Open answers of its own widen the position, and an even score counts half.
    wide = positions(held(15, 27), choose(wider, PeerFilter()), ASKED)[0]
    assert wide.low < sample.low < sample.high < wide.high
    assert positions(held(20), choose(pool, PeerFilter()), ASKED)[0].below == 0.525
    boxes = positions(None, choose(pool, PeerFilter()), ASKED)[0]
    assert (boxes.below, boxes.low, boxes.high, boxes.box) == (None, 0.0, 1.0, total.box)
    assert (total.box.lower, total.box.middle, total.box.upper) == (0.1, 0.19, 0.29)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), min_size=10, max_size=40),
    st.integers(0, 100),
    st.randoms(use_true_random=False),
)
def test_the_order_of_peers_does_not_matter_and_more_points_never_stand_lower(
    spans: list[tuple[int, int]], own: int, rng: random.Random
) -> None:
    pool = [Peer(str(n), Traits(), held(low, low + wide)) for n, (low, wide) in enumerate(spans)]
    shuffled = rng.sample(pool, len(pool))
    first = positions(held(own), choose(Pool(tuple(pool)), PeerFilter()), ASKED)
    assert first == positions(held(own), choose(Pool(tuple(shuffled)), PeerFilter()), ASKED)
    more = positions(held(min(100, own + 7)), choose(Pool(tuple(pool)), PeerFilter()), ASKED)
    for before, after in zip(first, more, strict=True):
        assert before.low <= after.low
        assert before.high <= after.high
        assert (before.below or 0) <= (after.below or 0)
        box = before.box
        assert box.lower <= box.middle <= box.upper
        assert box.middle_low <= box.middle <= box.middle_high


def covered(population: int, count: int, draws: int, seed: int) -> tuple[float, float]:
    """How often the intervals of a position and of the median hold the truth."""
    rng = random.Random(seed)
    everybody = [round(rng.gauss(60, 12), 6) for _each in range(population)]
    ordered = sorted(everybody)
    middle = ordered[(population + 1) // 2 - 1]
    told = median = 0
    for _draw in range(draws):
        own = rng.gauss(60, 12)
        truth = sum(each < own for each in everybody) / population
        sample = rng.sample(everybody, count)
        below = sum(each < own for each in sample)
        low, high = share_below(below, below, count, population, RULE.confidence)
        told += low <= truth <= high
        box = box_of([(each / 100, each / 100) for each in sample], population, RULE)
        median += box.middle_low - 0.005 <= middle / 100 <= box.middle_high + 0.005
    return told / draws, median / draws


def test_the_interval_of_a_position_covers() -> None:
    for population, count in ((40, 12), (300, 25)):
        assert all(each >= RULE.confidence - 0.03 for each in covered(population, count, 250, 7))


@pytest.mark.proof
@pytest.mark.parametrize("population", [20, 60, 200, 1000])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_the_interval_of_a_position_covers_everywhere(population: int, share: float) -> None:
    count = max(10, round(share * population))
    assert all(each >= RULE.confidence - 0.01 for each in covered(population, count, 4_000, 11))


def test_nothing_is_told_of_few_nor_what_could_be_subtracted() -> None:
    germany = peers(range(40, 60), country="DE", age="0-2")
    france = peers(range(12), country="FR", age="0-2")
    few = peers(range(3), country="AT", age="0-2")
    pool = Pool((*germany, *france))
    assert choose(pool, PeerFilter()).told == 32
    assert choose(pool, PeerFilter(country="FR")).told == 12
    small = choose(Pool((*germany, *few)), PeerFilter(country="AT"))
    assert (small.refusal, small.peers, small.told) == (Refusal.too_few, (), None)
    # All but three: the three could be subtracted.
    assert choose(Pool((*germany, *few)), PeerFilter(country="DE")).refusal is Refusal.left_out
    # Germany and France told, and the whole: Austria would be what is left.
    three = Pool((*germany, *france, *few))
    assert choose(three, PeerFilter(country="FR")).refusal is Refusal.line
    assert choose(three, PeerFilter(country="DE")).told == 20
    # A demand that leaves out nobody is as good as none.
    assert choose(pool, PeerFilter(age="0-2")).told == 32
    assert positions(held(50), small, ASKED) == ()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("xyz")), min_size=10, max_size=60)
)
def test_no_two_answers_differ_by_a_few(places: list[tuple[str, str]]) -> None:
    pool = Pool(
        tuple(
            Peer(str(n), Traits(country=place, age=age), held(n % 50))
            for n, (place, age) in enumerate(places)
        )
    )
    wholes = [choose(pool, PeerFilter()).told or 0]
    for country in "ABCD":
        told = choose(pool, PeerFilter(country=country)).told
        both = [choose(pool, PeerFilter(country=country, age=age)).told for age in "xyz"]
        assert told is None or told >= RULE.minimum_peers
        for each in filter(None, both):
            assert told is None or each == told or told - each >= RULE.minimum_left_out
        if told is not None:
            wholes.append(told)
    countries = wholes[1:]
    left = wholes[0] - sum(countries)
    # What nobody is told of is nobody, or enough not to be told apart.
    assert not countries or left == 0 or left >= RULE.minimum_left_out
