"""Where an organisation stands among its peers: positions and boxes, never one rank."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, lgamma
from typing import Literal

from clusteratlas.programmes.benchmarking.peers import Chosen
from clusteratlas.programmes.benchmarking.questionnaire import Questionnaire
from clusteratlas.programmes.benchmarking.rule import BenchmarkRule, benchmark_rule
from clusteratlas.programmes.benchmarking.scoring import Points, Score

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """How peers are spread: shares of points (0-1), rounded as the rule says.

    ``middle`` is the median with its interval, from order statistics; the quartiles are those of
    the peers themselves. Every figure lies between what peers have at least and at most.
    """

    lower: float
    middle: float
    upper: float
    middle_low: float
    middle_high: float


@dataclass(frozen=True, slots=True)
class Position:
    """An organisation among its peers, in all, in a group or at an indicator.

    Attributes
    ----------
    of, code
        What it is a position in.
    own_low, own_high
        Its own share of the points (0-1).
    below
        Share of peers (0-1) that have fewer points, those with as many counting half, each at the
        middle of what it may have; none where nothing applies to the own organisation.
    low, high
        Where that share lies among all organisations that the peers stand for.
    peers, population
        How many peers it applies to, and how many organisations all peers stand for.
    box
        How the peers are spread.
    """

    of: Literal["total", "group", "indicator"]
    code: str
    own_low: float | None
    own_high: float | None
    below: float | None
    low: float
    high: float
    peers: int
    population: int | None
    box: Box


def positions(
    own: Score | None,
    chosen: Chosen,
    questionnaire: Questionnaire,
    *,
    rule: BenchmarkRule | None = None,
) -> tuple[Position, ...]:
    """Return the positions of an organisation among the peers of a filter.

    Definition
    ----------
    Of ``n`` peers, ``a`` surely have fewer points (their high is below the own low) and ``b`` may
    have no more (their low is not above the own high). The peers are seen as drawn without
    replacement from the ``N`` organisations they stand for. The interval is exact: from the
    smallest number of organisations below that could have given ``a``, to the largest that could
    have given ``b``, each but for half of what confidence leaves (hypergeometric; binomial where
    ``N`` is not known). With every organisation among the peers it is as narrow as the answers
    allow. That those who share are like those who do not is assumed, not shown.

    Parameters
    ----------
    own
        The own score; none for the boxes alone.
    chosen
        The peers (`choose`).
    questionnaire
        What all of them answered.

    Returns
    -------
    tuple of Position
        The whole, the groups, and the indicators that are worth points, each where it applies to
        enough peers; empty where ``chosen`` refuses.

    Missing data
    ------------
    Open answers, the own ones and those of peers, widen the interval.
    """
    rule = rule or benchmark_rule()
    if chosen.refusal or not chosen.peers:
        return ()
    found = (_position(each, own, chosen, rule) for each in _parts(questionnaire))
    return tuple(each for each in found if each is not None)


_Part = tuple[Literal["total", "group", "indicator"], str]


def _parts(questionnaire: Questionnaire) -> Iterator[_Part]:
    yield "total", "total"
    for group in questionnaire.group:
        yield "group", group.code
    for each in questionnaire.indicator:
        if questionnaire.scales[each.code].most is not None:
            yield "indicator", each.code


def _points(held: Score, part: _Part) -> Points | None:
    of, code = part
    if of == "total":
        return held.total
    return (held.groups if of == "group" else held.indicators).get(code)


def _position(
    part: _Part, own: Score | None, chosen: Chosen, rule: BenchmarkRule
) -> Position | None:
    of, code = part
    held = (_span(_points(each.score, part)) for each in chosen.peers)
    spans = [each for each in held if each is not None]
    count = len(spans)
    if count < rule.minimum_peers:
        return None
    box = box_of(spans, chosen.population, rule)
    mine = _span(_points(own, part)) if own is not None else None
    if mine is None:
        return Position(of, code, None, None, None, 0.0, 1.0, count, chosen.population, box)
    surely = sum(each[1] < mine[0] for each in spans)
    possibly = sum(each[0] <= mine[1] for each in spans)
    low, high = share_below(surely, possibly, count, chosen.population, rule.confidence)
    middle = sum(mine) / 2
    below = sum(sum(each) / 2 < middle for each in spans)
    even = sum(sum(each) / 2 == middle for each in spans)
    share = (below + even / 2) / count
    return Position(of, code, *mine, share, low, high, count, chosen.population, box)


def _span(points: Points | None) -> Interval | None:
    """The share of points from low to high; none where nothing applies."""
    if points is None or points.share_low is None or points.share_high is None:
        return None
    return points.share_low, points.share_high


def share_below(
    surely: int, possibly: int, count: int, population: int | None, confidence: float
) -> Interval:
    """Return where the share of organisations below lies, from a sample of peers.

    Definition
    ----------
    Low is the smallest share under which at least ``surely`` of ``count`` drawn without
    replacement from ``population`` has a probability above half of ``1 - confidence``; high is the
    largest under which at most ``possibly`` has. The interval of Clopper and Pearson, for a finite
    population.

    Example
    -------
    >>> share_below(6, 6, 12, 12, 0.9)
    (0.5, 0.5)
    >>> low, high = share_below(6, 6, 12, None, 0.9)
    >>> round(low, 3), round(high, 3)
    (0.245, 0.755)
    """
    tail = (1 - confidence) / 2
    if population is None:
        low = 0.0 if not surely else _crossing(lambda p: 1 - _binomial(surely - 1, count, p), tail)
        high = (
            1.0
            if possibly == count
            else 1 - _crossing(lambda p: _binomial(possibly, count, 1 - p), tail)
        )
        return low, high
    least = _first(
        surely,
        population - (count - surely),
        lambda held: 1 - _hypergeometric(surely - 1, population, held, count) > tail,
    )
    most = population - _first(
        count - possibly,
        population - possibly,
        lambda rest: _hypergeometric(possibly, population, population - rest, count) > tail,
    )
    return least / population, most / population


def box_of(spans: Sequence[Interval], population: int | None, rule: BenchmarkRule) -> Box:
    """Return how shares are spread; the interval of the median is exact, by order statistics.

    Definition
    ----------
    The median of the population lies between the ``k``-th smallest of the lows and the ``k``-th
    largest of the highs of the sample, with ``k`` the largest rank for which that holds with the
    rule's confidence; at the ends of the sample where no rank does.
    """
    count = len(spans)
    lows, highs = sorted(each[0] for each in spans), sorted(each[1] for each in spans)
    middles = sorted((each[0] + each[1]) / 2 for each in spans)
    rank = _rank_of_median(count, population, (1 - rule.confidence) / 2)

    def rounded(value: float) -> float:
        return round(round(value / rule.rounded_to) * rule.rounded_to, 6)

    return Box(
        rounded(_quantile(middles, 0.25)),
        rounded(_quantile(middles, 0.5)),
        rounded(_quantile(middles, 0.75)),
        rounded(min(lows[rank - 1], _quantile(middles, 0.5))),
        rounded(max(highs[count - rank], _quantile(middles, 0.5))),
    )


def _rank_of_median(count: int, population: int | None, tail: float) -> int:
    """The largest rank k such that fewer than k of the sample at or below the median is rare."""
    rank = 1
    while rank < (count + 1) // 2:
        if population is None:
            chance = _binomial(rank, count, 0.5)
        else:
            chance = _hypergeometric(rank, population, (population + 1) // 2, count)
        if chance > tail:
            break
        rank += 1
    return rank


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The quantile between the two nearest values, in proportion."""
    place = share * (len(ordered) - 1)
    low, high = floor(place), ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The smallest whole number from low to high for which something holds that then stays so."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _crossing(rising: Callable[[float], float], level: float) -> float:
    """Where a rising function of a share reaches a level."""
    low, high = 0.0, 1.0
    for _step in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) >= level else (middle, high)
    return high


def _chosen(total: int, taken: int) -> float:
    """The logarithm of the number of ways to take so many."""
    return lgamma(total + 1) - lgamma(taken + 1) - lgamma(total - taken + 1)


def _binomial(most: int, count: int, share: float) -> float:
    """The probability of at most so many of a count."""
    if most >= count or share <= 0:
        return 1.0
    if share >= 1 or most < 0:
        return 0.0
    odds = share / (1 - share)
    term = (1 - share) ** count
    total = term
    for each in range(most):
        term *= odds * (count - each) / (each + 1)
        total += term
    return min(1.0, total)


def _hypergeometric(most: int, population: int, held: int, count: int) -> float:
    """The probability of at most so many of those held, among a count drawn without replacement."""
    first, last = max(0, count - (population - held)), min(most, held, count)
    if most >= min(held, count):
        return 1.0
    ways = _chosen(population, count)
    return min(
        1.0,
        sum(
            exp(_chosen(held, each) + _chosen(population - held, count - each) - ways)
            for each in range(first, last + 1)
        ),
    )
