"""Whom to fund: the best set of applicants under a budget and limits, found exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from clusteratlas.programmes.readiness.answers import Floats, Readiness, Screened, Screening
from clusteratlas.programmes.readiness.applicants import Total
from clusteratlas.programmes.readiness.ranking import is_eligible, scores_in_draws
from clusteratlas.tables import Fault, InternalFault, InvalidInput

MOST_DRAWS: Final = 40
"""Draws in which a choice under a budget is made anew."""

_EXACT: Final = 1e9
"""Scores are compared in billionths, so that equal ones are equal."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a choice keeps to.

    Attributes
    ----------
    first
        k: at most so many are funded; none: as many as the budget allows.
    budget
        Money to give away, in one currency and price base; none where money is not looked at.
    most_per_region, most_per_cluster
        At most so many of one region, or of one cluster, by the base of each.
    least
        The verdict that is enough; what is not known must not be able to fall below it.
    """

    first: int | None = None
    budget: Total | None = None
    most_per_region: int | None = None
    most_per_cluster: int | None = None
    least: Readiness = Readiness.nearly_ready

    def __post_init__(self) -> None:
        """Refuse a rule that chooses nothing."""
        for name in ("first", "most_per_region", "most_per_cluster"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise InvalidInput([Fault("at least one is chosen", column=name, value=str(value))])
        if self.first is None and self.budget is None:
            hint = "say how many are funded, or how much money there is"
            raise InvalidInput([Fault("nothing limits the choice", hint=hint)])


@dataclass(frozen=True, slots=True)
class Passed:
    """An applicant that is not in the choice, and why.

    ``code``: ``not_eligible``, ``asks_nothing``, ``asks_other_money`` (another currency or price
    base than the budget's), or ``not_chosen``: others came first.
    """

    applicant: Screened
    code: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The set of applicants with the highest score together.

    Attributes
    ----------
    picks
        By what tells them apart.
    score
        Their scores added up.
    spent
        What they ask for together; none without a budget.
    stability
        For each applicant of the screening in which share of the draws it is chosen.
    """

    rules: Rules
    picks: tuple[Screened, ...]
    passed: tuple[Passed, ...]
    score: float
    spent: float | None
    stability: tuple[tuple[str, float], ...]

    @property
    def names(self) -> frozenset[str]:
        """What tells the chosen ones apart."""
        return frozenset(each.applicant.identity for each in self.picks)


def choose(screening: Screening, rules: Rules) -> Choice:
    """Return the set of eligible applicants with the highest score that keeps to the rules.

    Definition
    ----------
    Maximise the sum of scores subject to the budget, at most k picks, and at most so many of one
    region and of one cluster: a small knapsack, solved exactly (HiGHS). Of sets with equal scores
    the one that asks for less money is taken, then the one whose applicants stand first.

    Missing data
    ------------
    Whoever asks for no money, or in another currency or price base than the budget's, cannot be
    set against it and is passed over, which is said. Money is never converted.
    """
    every = screening.applicants
    left = {}
    for each in every:
        code = _barred(each, rules)
        if code:
            left[each.applicant.identity] = code
    able = [each for each in every if each.applicant.identity not in left]
    scores = np.array([each.score for each in able])
    taken = _solved(able, scores, rules)
    picks = tuple(each for each, one in zip(able, taken, strict=True) if one)
    names = {each.applicant.identity for each in picks}
    passed = tuple(
        Passed(each, left.get(each.applicant.identity, "not_chosen"))
        for each in every
        if each.applicant.identity not in names
    )
    spent = None if rules.budget is None else math.fsum(_cost(each, rules) for each in picks)
    total = float(sum(each.score for each in picks))
    return Choice(rules, picks, passed, total, spent, _stability(screening, rules))


def chosen_names(screening: Screening, rules: Rules) -> frozenset[str]:
    """Return what tells the chosen ones apart, without asking how stable the choice is."""
    able = [each for each in screening.applicants if not _barred(each, rules)]
    taken = _solved(able, np.array([each.score for each in able]), rules)
    return frozenset(each.applicant.identity for each, one in zip(able, taken, strict=True) if one)


def _barred(each: Screened, rules: Rules) -> str:
    if not is_eligible(each, rules.least):
        return "not_eligible"
    return _unpayable(each, rules)


def _unpayable(each: Screened, rules: Rules) -> str:
    if rules.budget is None:
        return ""
    totals = each.applicant.totals
    if not totals:
        return "asks_nothing"
    if len(totals) > 1 or not _same_money(totals[0], rules.budget):
        return "asks_other_money"
    return ""


def _same_money(one: Total, other: Total) -> bool:
    return (one.currency, one.price_base) == (other.currency, other.price_base)


def _cost(each: Screened, rules: Rules) -> float:
    return each.applicant.totals[0].amount if rules.budget is not None else 0.0


def _solved(able: Sequence[Screened], scores: Floats, rules: Rules) -> list[bool]:
    if not able:
        return []
    grouped = rules.most_per_region is not None or rules.most_per_cluster is not None
    if rules.budget is None and not grouped:
        order = sorted(range(len(able)), key=lambda at: (-scores[at], at))
        chosen = set(order[: rules.first])
        return [at in chosen for at in range(len(able))]
    return _knapsack(able, scores, rules)


def _knapsack(able: Sequence[Screened], scores: Floats, rules: Rules) -> list[bool]:
    problem = _Problem(
        tuple(np.rint(scores * _EXACT).tolist()),
        tuple(_cost(each, rules) for each in able),
        tuple(each.base.region for each in able),
        tuple(each.base.cluster for each in able),
        rules,
    )
    return list(_solution_of(problem))


@dataclass(frozen=True, slots=True)
class _Problem:
    """A choice by what alone decides it; many draws and variants ask the same one."""

    worth: tuple[float, ...]
    costs: tuple[float, ...]
    regions: tuple[str, ...]
    clusters: tuple[str, ...]
    rules: Rules


@lru_cache(maxsize=2_000)
def _solution_of(problem: _Problem) -> tuple[bool, ...]:
    rules, count = problem.rules, len(problem.worth)
    worth, costs = np.array(problem.worth) / _EXACT, np.array(problem.costs)
    rows, limits = [], []
    budget = None if rules.budget is None else rules.budget.amount
    if budget is not None:
        rows.append(costs / max(budget, 1.0))
        limits.append(budget / max(budget, 1.0))
    if rules.first is not None:
        rows.append(np.ones(count))
        limits.append(float(rules.first))
    for most, groups in (
        (rules.most_per_region, problem.regions),
        (rules.most_per_cluster, problem.clusters),
    ):
        for group in sorted({each for each in groups if each}) if most is not None else ():
            rows.append(np.array([float(each == group) for each in groups]))
            limits.append(float(most or 0))
    best = _maximal(worth, rows, limits, costs, budget)
    # of the sets with that score the one that asks for least, then the one that stands first
    spread = costs / max(costs.sum(), 1.0) + np.arange(count) * 1e-9
    rows.append(-worth)
    limits.append(-float(worth @ best) + 1e-9)
    taken = _maximal(-spread, rows, limits, costs, budget)
    return tuple(bool(each) for each in taken)


def _maximal(
    worth: Floats, rows: list[Floats], limits: list[float], costs: Floats, budget: float | None
) -> Floats:
    """The 0-1 vector of the highest worth under the limits.

    The solver keeps to a budget within its tolerance; a set that is over it by a coin is cut off.
    """
    while True:
        taken = _solution(worth, rows, limits)
        if budget is None or math.fsum(costs[taken > 0]) <= budget:
            return taken
        rows.append(taken)
        limits.append(float(taken.sum()) - 1)


def _solution(worth: Floats, rows: list[Floats], limits: list[float]) -> Floats:
    found = milp(
        -worth,
        integrality=np.ones(len(worth)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(np.array(rows), ub=np.array(limits))],
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise InternalFault(f"no choice was found: {found.message}")
    return np.asarray(np.rint(found.x), dtype=np.float64)


def _stability(screening: Screening, rules: Rules) -> tuple[tuple[str, float], ...]:
    """In which share of draws each is chosen; what is not known stays in the middle."""
    every = screening.applicants
    drawn = scores_in_draws(screening, rules.least)
    count = drawn.low.shape[1]
    at = np.unique(np.linspace(0, count - 1, min(count, MOST_DRAWS)).astype(int))
    times = np.zeros(len(every))
    for draw in at:
        able = [
            place
            for place in range(len(every))
            if drawn.eligible_low[place, draw] and not _unpayable(every[place], rules)
        ]
        scores = (drawn.low[able, draw] + drawn.high[able, draw]) / 2
        taken = _solved([every[place] for place in able], scores, rules)
        for place, one in zip(able, taken, strict=True):
            times[place] += one
    shares = times / len(at)
    return tuple(
        (each.applicant.identity, float(share)) for each, share in zip(every, shares, strict=True)
    )
