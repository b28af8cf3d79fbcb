"""Events of ordinary size: proved, checked, the same again; and reasons where promises fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from clusteratlas.atlas import Progress
from clusteratlas.matching.timetable import (
    Event,
    Infeasible,
    Meeting,
    Participant,
    Proof,
    Slot,
    Table,
    Wish,
    draw_event,
    solve,
    verify,
)
from clusteratlas.tables import CannotAnswer, InvalidInput

NINE = datetime(2030, 4, 23, 9, tzinfo=UTC)


def event(people: str, wishes: str, *, slots: int = 3, tables: int = 3, **more) -> Event:
    """An event of one-letter people; ``ab`` is a mutual wish."""
    return Event(
        "letters",
        "Letters",
        tuple(Participant(each, each.upper()) for each in people),
        tuple(
            Slot(f"s{n}", NINE + timedelta(minutes=30 * n), NINE + timedelta(minutes=30 * n + 20))
            for n in range(slots)
        ),
        tuple(Table(f"t{place}") for place in range(tables)),
        tuple(Wish(pair[0], pair[1], 0.5, 0.5) for pair in wishes.split()),
        **more,
    )


def changed(given: Event, person: str, **changes) -> Event:
    people = tuple(replace(p, **changes) if p.id == person else p for p in given.participants)
    return replace(given, participants=people)


@pytest.mark.parametrize(
    "drawn",
    [
        {"wished": 0.5, "away": 0.1, "cap": 6},
        {"wished": 1.0, "away": 0.2, "own_tables": 0.3},
        {"wished": 0.7, "away": 0.4, "breaks": 2},
    ],
)
def test_twenty_people_are_solved_proved_and_checked(drawn: dict) -> None:
    given = draw_event(20, 10, 7, seed=3, guarantee=1, **drawn)
    made = solve(given, relax=True, seconds=30)
    assert verify(given, made) == []
    assert made.proof is Proof.OPTIMAL
    assert made.gap == 0
    assert not made.hurried
    again = solve(given, relax=True, seconds=30)
    assert again.meetings == made.meetings


def test_progress_rises_to_the_end() -> None:
    told: list[Progress] = []
    solve(draw_event(12, 6, 4, wished=0.5), listener=told.append)
    shares = [each.share for each in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert {"choosing pairs", "bringing meetings together", "giving tables"} <= {
        each.stage for each in told
    }


def test_confirmed_meetings_own_tables_and_one_sided_wishes() -> None:
    given = event("abcd", "ab cd", slots=2, tables=2, consent="not_refused", unanswered=0.25)
    given = replace(
        given,
        wishes=(*given.wishes, Wish("a", "c", 0.75), Wish("b", "d", 0.9, 0.0)),
        fixed=(Meeting("a", "d", "s1", "t1"),),
    )
    given = changed(given, "b", table="t0")
    made = solve(given)
    assert verify(given, made) == []
    by_pair = {each.pair: each for each in made.meetings}
    assert set(by_pair) == {("a", "d"), ("a", "b"), ("c", "d")} or ("a", "c") in by_pair
    assert by_pair["a", "d"].confirmed
    assert (by_pair["a", "d"].slot, by_pair["a", "d"].table) == ("s1", "t1")
    assert ("b", "d") not in by_pair
    assert by_pair.get(("a", "b"), Meeting("", "", table="t0")).table == "t0"


@pytest.mark.parametrize(
    ("given", "participants", "told"),
    [
        pytest.param(
            changed(
                changed(event("abc", "ab ac", guarantee=0), "a", guarantee=2),
                "b",
                unavailable=frozenset({"s0", "s1", "s2"}),
            ),
            ("a",),
            "guarantee of 2 for A: only 1 consented partner (C) has a slot and a table in common",
            id="partner away",
        ),
        pytest.param(
            changed(
                changed(
                    changed(event("abc", "ab ac"), "a", guarantee=2),
                    "b",
                    unavailable=frozenset({"s1", "s2"}),
                ),
                "c",
                unavailable=frozenset({"s1", "s2"}),
            ),
            ("a",),
            "guarantee of 2 for A: the 2 consented partners share 1 slot (s0) with them, enough "
            "for 1 meeting",
            id="one slot for two",
        ),
        pytest.param(
            changed(event("abcx", "ax bx cx", guarantee=1), "x", cap=2),
            ("a", "b", "c"),
            "A, B, C are promised 3 meetings together, and no choice of partners gives each of "
            "them enough: X can take only 2 by their cap",
            id="rivals for one",
        ),
        pytest.param(
            event("abcd", "ab cd", slots=1, tables=1, guarantee=1),
            ("a", "c"),
            "all slots and tables take only 1 meeting",
            id="one table",
        ),
    ],
)
def test_promises_that_cannot_be_kept_are_told(
    given: Event, participants: tuple[str, ...], told: str
) -> None:
    with pytest.raises(Infeasible) as refused:
        solve(given)
    [cause] = refused.value.causes
    assert len(cause.participants) == len(participants)
    assert told in cause.problem
    assert "relax" in str(refused.value)
    made = solve(given, relax=True)
    assert verify(given, made) == []
    assert made.shortfall == made.shortfall_bound > 0
    assert isinstance(refused.value, CannotAnswer)


def test_what_pairs_allow_and_slots_do_not_is_told() -> None:
    """Two rings of three, two meetings each in two slots: enough pairs, not enough slots."""
    given = event("abcdefx", "ab bc ac de ef df", slots=2, guarantee=2)
    given = changed(given, "x", guarantee=0)
    with pytest.raises(Infeasible) as refused:
        solve(given)
    [cause] = refused.value.causes
    assert set(cause.participants) in ({"a", "b"}, {"e", "f"}, {"a", "c"}, {"d", "e"}, {"d", "f"})
    assert "fit pair by pair, but all slots were tried and none take them together" in cause.problem
    made = solve(given, relax=True)
    assert verify(given, made) == []
    assert (made.shortfall, made.shortfall_bound) == (4, 4)
    assert max(each.shortfall for each in made.standings) == 1


def test_nobody_is_promised_meetings_while_away() -> None:
    given = changed(
        event("abc", "ab bc", guarantee=1), "c", unavailable=frozenset(["s0", "s1", "s2"])
    )
    made = solve(given)
    assert verify(given, made) == []
    assert [each.guarantee for each in made.standings] == [1, 1, 0]


def test_shortfalls_are_shared_before_they_are_few() -> None:
    """X has two meetings to give: with all three promised two, nobody is left out twice."""
    given = changed(event("abx", "ax bx", slots=2, tables=1, guarantee=1), "x", cap=1)
    made = solve(given, relax=True)
    assert made.shortfall == 1
    assert [each.shortfall for each in made.standings if each.participant == "x"] == [0]


def test_time_that_runs_out_is_said_and_the_bound_still_holds() -> None:
    given = draw_event(60, 30, 20, wished=1.0, away=0.35, seed=1)
    made = solve(given, seconds=1.0)
    assert verify(given, made) == []
    assert made.total <= made.bound
    assert made.hurried or made.proof is Proof.OPTIMAL


def test_an_event_without_any_wish_has_an_empty_timetable() -> None:
    given = event("ab", "")
    made = solve(given)
    assert (made.meetings, made.total, made.proof) == ((), 0, Proof.OPTIMAL)
    assert verify(given, made) == []
    with pytest.raises(InvalidInput, match="0 consented partners"):
        solve(replace(given, guarantee=1))


@pytest.mark.proof
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "drawn",
    [
        {"tables": 25, "wished": 0.1, "away": 0.1, "cap": 6, "guarantee": 2},
        {"tables": 25, "wished": 0.3, "away": 0.1, "cap": 10, "guarantee": 3},
        {"tables": 25, "wished": 0.3, "away": 0.2, "own_tables": 0.2, "guarantee": 3},
        {"tables": 37, "wished": 0.6, "away": 0.3},
        {"tables": 20, "wished": 1.0, "away": 0.1},
        {"tables": 37, "wished": 1.0, "away": 0.1},
    ],
    ids=str,
)
def test_seventy_five_people_and_forty_slots_are_exact(drawn: dict, seed: int) -> None:
    given = draw_event(75, 40, breaks=4, seed=seed, **drawn)
    made = solve(given, relax=True, seconds=60)
    assert verify(given, made) == []
    assert made.proof is Proof.OPTIMAL
    assert made.seconds <= 60


@pytest.mark.proof
@pytest.mark.parametrize(
    "drawn",
    [
        {"slots": 30, "tables": 100, "wished": 0.05, "away": 0.1, "cap": 8, "guarantee": 2},
        {"slots": 40, "tables": 150, "wished": 0.2, "away": 0.2},
        {"slots": 40, "tables": 150, "wished": 1.0, "away": 0.1},
    ],
    ids=str,
)
def test_five_hundred_people_are_within_their_gap(drawn: dict) -> None:
    given = draw_event(500, breaks=4, seed=1, **drawn)
    made = solve(given, relax=True, seconds=300)
    assert verify(given, made) == []
    assert made.gap < 0.001
    assert made.seconds <= 300
