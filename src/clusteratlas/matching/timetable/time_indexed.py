"""Pairs and slots in one programme: its relaxation, which limits choices, and itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from clusteratlas.matching.timetable.arranged import Flags, Ints, Problem
from clusteratlas.matching.timetable.choosing import Limits, whole_steps
from clusteratlas.matching.timetable.event import STEPS
from clusteratlas.matching.timetable.placing import Placement

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Columns:
    """One column for each pair, place and slot that go together.

    Attributes
    ----------
    pair, option, slot
        Of each column.
    by_pair, by_person, by_place
        Rows: each pair once; each person once a slot (people x slots); each place in a slot no
        more often than there is room (places x slots).
    """

    pair: Ints
    option: Ints
    slot: Ints
    by_pair: sparse.csr_array
    by_person: sparse.csr_array
    by_place: sparse.csr_array


def columns_of(problem: Problem, among: Flags) -> Columns:
    """Return the columns of the pairs among those given."""
    pair, option, slot = np.nonzero(problem.allowed & among[:, None, None])
    count, slots = len(pair), len(problem.slots)
    each = np.arange(count)
    ones = np.ones(count)
    people = np.r_[problem.first[pair], problem.second[pair]] * slots + np.r_[slot, slot]
    return Columns(
        pair,
        option,
        slot,
        sparse.csr_array((ones, (pair, each)), shape=(len(problem.weight), count)),
        sparse.csr_array(
            (np.ones(2 * count), (people, np.r_[each, each])),
            shape=(len(problem.people) * slots, count),
        ),
        sparse.csr_array(
            (ones, (problem.place[pair, option] * slots + slot, each)),
            shape=(len(problem.places) * slots, count),
        ),
    )


def limit_from_relaxation(
    problem: Problem, limits: Limits, chosen: Flags, *, whole: bool, seconds: float
) -> bool:
    """Add the limit that a choice breaks which finds no slots even in fractions of meetings.

    **Definition.** With prices of a person in a slot and of a place in a slot, a pair uses at
    least what its cheapest slot costs, and all pairs that meet use no more than all there is.
    Prices from the relaxation make that a limit which the choice breaks, if there is one.

    Parameters
    ----------
    problem, limits
        The event and its limits so far; the new one is added.
    chosen
        The choice.
    whole
        Take the prices from the best timetable in fractions, not only of the chosen pairs. Takes
        longer, and one such limit brings the bound down to that of the relaxation.
    seconds
        Most time to take.

    Returns
    -------
    bool
        Whether there was such a limit, and a new one.
    """
    columns = columns_of(problem, np.ones_like(chosen) if whole else chosen)
    if not len(columns.pair):
        return False
    prices = _prices(problem, limits, columns, whole, seconds)
    if prices is None:
        return False
    row, high = priced_limit(problem, prices)
    return bool(row @ chosen > high + 1e-6) and limits.add(row, high)


def _prices(
    problem: Problem, limits: Limits, columns: Columns, whole: bool, seconds: float
) -> Floats | None:
    """Prices of people in slots and places in slots at the best timetable in fractions."""
    pairs, missing = len(problem.weight), len(limits.missing)
    count = len(columns.pair)
    once = sparse.vstack([columns.by_pair, columns.by_person, columns.by_place])
    parts = [sparse.hstack([once, sparse.csr_array((once.shape[0], missing))], format="csr")]
    most = [np.ones(pairs), np.ones(columns.by_person.shape[0]), problem.room.ravel()]
    worth = np.ones(count)
    if whole:
        worth = worth_of(problem, columns) / STEPS
        rows = with_slots(limits, columns)
        above, below = np.isfinite(limits.high), np.isfinite(limits.low)
        parts += [rows[above], -rows[below]]
        most += [limits.high[above], -limits.low[below]]
    found = linprog(
        -np.r_[worth, np.zeros(missing)],
        A_ub=sparse.vstack(parts, format="csr"),
        b_ub=np.concatenate(most),
        bounds=np.c_[np.zeros(count + missing), np.r_[np.ones(count), limits.missing]],
        method="highs-ipm",
        options={"time_limit": max(seconds, 0.5)},
    )
    if found.status != 0:
        return None
    end = pairs + columns.by_person.shape[0] + columns.by_place.shape[0]
    prices: Floats = np.maximum(-found.ineqlin.marginals[pairs:end], 0.0)
    return prices


def worth_of(problem: Problem, columns: Columns) -> Floats:
    """Return what each column is worth in ten-thousandths: its score, and its bonus for staying."""
    stays = problem.former[columns.pair] == columns.slot
    worth = problem.weight[columns.pair] + problem.bonus[columns.pair] * stays
    return np.asarray(worth, dtype=np.float64)


def with_slots(limits: Limits, columns: Columns) -> sparse.csr_array:
    """Return the limits on pairs as limits on columns, the meetings missed after them."""
    pairs = limits.matrix.shape[1] - len(limits.missing)
    return sparse.hstack(
        [limits.matrix[:, :pairs] @ columns.by_pair, limits.matrix[:, pairs:]], format="csr"
    )


def priced_limit(problem: Problem, prices: Floats) -> tuple[Floats, float]:
    """Return the limit on choices that prices of people and places in slots imply.

    Any prices that are not negative give a valid limit.
    """
    people, slots = problem.open.shape
    person = prices[: people * slots].reshape(people, slots)
    place = prices[people * slots :].reshape(len(problem.places), slots)
    use = (person[problem.first] + person[problem.second])[:, None, :] + place[problem.place]
    high = float(prices @ np.r_[np.ones(people * slots), problem.room.ravel()])
    return np.where(problem.allowed, use, high + 1.0).min(axis=(1, 2)), high


@dataclass(frozen=True, slots=True)
class Exact:
    """What the exact programme found.

    Attributes
    ----------
    placement
        ``None`` where there is no timetable worth more than what was known.
    bound
        No timetable is worth more, in ten-thousandths with bonuses.
    cut_short
        Whether the clock ended the search.
    """

    placement: Placement | None
    bound: int
    cut_short: bool


def solve_exactly(
    problem: Problem,
    limits: Limits,
    among: Flags,
    sure: Flags,
    *,
    known: int,
    bound: int,
    seconds: float,
) -> Exact:
    """Find a timetable worth more than what is known, or show that there is none.

    Parameters
    ----------
    problem, limits
        The event and the limits on its choices, lower ones for guarantees among them.
    among
        Pairs that a better timetable may hold.
    sure
        Pairs that each better timetable holds.
    known
        Worth of the best timetable so far, in ten-thousandths with bonuses; -1 for none.
    bound
        What no timetable exceeds, as known so far.
    seconds
        Most time to take.
    """
    columns = columns_of(problem, among)
    worth = worth_of(problem, columns) / STEPS
    missing = len(limits.missing)
    matrix = sparse.block_array(
        [
            [columns.by_pair, None],
            [columns.by_person, None],
            [columns.by_place, None],
            [sparse.csr_array(worth[None, :]), sparse.csr_array((1, missing))],
        ],
    )
    slots = columns.by_person.shape[0] + columns.by_place.shape[0]
    low = [(problem.must | sure).astype(np.float64), np.zeros(slots), [(known + 0.5) / STEPS]]
    high = [
        np.ones(len(problem.weight) + columns.by_person.shape[0]),
        problem.room.ravel(),
        [(bound + 0.5) / STEPS],
    ]
    found = milp(
        -np.r_[worth, np.zeros(missing)],
        constraints=LinearConstraint(
            sparse.vstack([matrix, with_slots(limits, columns)], format="csr"),
            np.concatenate([*low, limits.low]),
            np.concatenate([*high, limits.high]),
        ),
        bounds=Bounds(0.0, np.r_[np.ones(len(worth)), limits.missing]),
        integrality=np.ones(len(worth) + missing),
        options={
            "mip_rel_gap": 0.5 / STEPS / max(float(worth.sum()), 1.0),
            "time_limit": max(seconds, 0.5),
        },
    )
    if found.status == 2:
        return Exact(None, known, False)
    proved = bound if found.mip_dual_bound is None else whole_steps(-found.mip_dual_bound)
    if found.x is None:
        return Exact(None, max(min(bound, proved), known), True)
    slot = np.full(len(problem.weight), -1, dtype=np.int64)
    option = slot.copy()
    taken = found.x[: len(worth)] > 0.5
    slot[columns.pair[taken]] = columns.slot[taken]
    option[columns.pair[taken]] = columns.option[taken]
    return Exact(Placement(slot, option), min(bound, proved), found.status == 1)
