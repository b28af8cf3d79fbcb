"""Slots from typed times, and who is selected for which reasons."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from clusteratlas.portal.meetings.selection import Applicant, Check, SelectionRule, select
from clusteratlas.portal.meetings.slots import TimeBlock, read_slots, slot_document, slots_of
from clusteratlas.tables import InvalidInput

FIRST, SECOND = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)


def applicant(key: int, *, days: int = -1, after: datetime = FIRST, **facts: object) -> Applicant:
    given = {"published": True, "supported_claims": 1, **facts}
    return Applicant(key, after + timedelta(days=days), **given)


def decided(rule: SelectionRule, *applicants: Applicant) -> dict[int, tuple[str, int | None, bool]]:
    found = select(rule, applicants, first_cutoff=FIRST, second_cutoff=SECOND)
    return {each.key: (each.state, each.rank, each.tied) for each in found}


def test_the_best_come_first_and_ties_stay_visible() -> None:
    rule = SelectionRule(rank_by=("supported_claims", "staff"), places=2, reserve=1)
    assert decided(
        rule,
        applicant(1, supported_claims=1, staff=9),
        applicant(2, supported_claims=3),
        applicant(3, supported_claims=1, staff=9),
        applicant(4, supported_claims=0),
        applicant(5, supported_claims=None),
    ) == {
        2: ("selected", 1, False),
        1: ("applied", 2, True),  # two for one place: the organiser decides
        3: ("applied", 2, True),
        4: ("reserve", 4, False),
        5: ("rejected", 5, False),  # not known ranks last, and is not zero
    }


def test_the_second_round_shares_what_is_left_and_late_ones_are_refused() -> None:
    rule = SelectionRule(places=2, reserve=0)
    found = decided(
        rule,
        applicant(1, days=3, supported_claims=9),
        applicant(2, supported_claims=0),
        applicant(3, days=40, supported_claims=9),
        applicant(4, days=4, supported_claims=1),
    )
    assert found == {
        1: ("selected", 2, False),
        2: ("selected", 1, False),
        3: ("rejected", None, False),
        4: ("rejected", 3, False),
    }


def test_every_condition_gives_its_reason() -> None:
    rule = SelectionRule(
        entry_rules=True, countries=("DE", "FR"), labels=("gold",), supported_claims=2
    )
    facts = {"country": "US", "labels": ("bronze",), "passes_entry": False}
    decision = select(
        rule,
        [applicant(1, **facts, published=False, days=99)],
        first_cutoff=FIRST,
        second_cutoff=SECOND,
    )[0]
    assert decision.state == "rejected"
    assert decision.checks == (
        Check("in_time", False),
        Check("published", False),
        Check("entry_rules", False),
        Check("country", False, "US", "DE FR"),
        Check("label", False, "bronze", "gold"),
        Check("supported_claims", False, "1", "2"),
    )
    good = {"country": "DE", "labels": ("gold",), "passes_entry": True}
    assert decided(rule, applicant(1, **good, unknown_claims=1))[1] == ("applied", None, False)
    assert decided(rule, applicant(1, **good, supported_claims=2))[1][0] == "selected"
    assert decided(rule, applicant(1, **{**good, "country": ""}))[1][0] == "rejected"
    assert SelectionRule.read(rule.document()) == rule


def test_slots_fill_blocks_round_breaks_and_know_their_zone() -> None:
    day = date(2027, 5, 4)
    slots = slots_of(
        [
            TimeBlock(day, time(9), time(11, 20)),
            TimeBlock(day, time(9, 50), time(10, 10), is_break=True),
        ],
        minutes=20,
        pause=5,
        time_zone="America/New_York",
    )
    assert [each.id for each in slots] == [
        "0504-0900", "0504-0925", "0504-0950b", "0504-1010", "0504-1035", "0504-1100",
    ]  # fmt: skip
    assert slots[0].start.astimezone(UTC).hour == 13
    assert read_slots(map(slot_document, slots), "America/New_York") == slots


def test_times_that_cannot_be_are_all_told_at_once() -> None:
    change = date(2027, 3, 28)  # the clocks of Berlin go from 2 to 3
    blocks = [
        TimeBlock(change, time(2, 30), time(4)),
        TimeBlock(change, time(9), time(8)),
        TimeBlock(change, time(10), time(10, 5)),
        TimeBlock(change, time(12), time(14)),
        TimeBlock(change, time(13), time(15)),
    ]
    with pytest.raises(InvalidInput) as error:
        slots_of(blocks, minutes=20, pause=0, time_zone="Europe/Berlin")
    assert [each.row for each in error.value.faults] == [1, 2, 3, 5]
    with pytest.raises(InvalidInput, match="200 at most"):
        slots_of([TimeBlock(change, time(5), time(23))], minutes=5, pause=0, time_zone="UTC")
