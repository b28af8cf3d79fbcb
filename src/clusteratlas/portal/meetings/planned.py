"""From an event in the database to what the timetable is made of, and back. Names stay behind."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from clusteratlas.matching.timetable import (
    Event,
    Meeting,
    Participant,
    Proof,
    Standing,
    Timetable,
    Wish,
)
from clusteratlas.portal.meetings.models import (
    Attendee,
    MatchmakingEvent,
    Pair,
    Plan,
    Preference,
    Registration,
)
from clusteratlas.portal.meetings.slots import read_slots, read_tables

SCORES = {3: 1.0, 2: 2 / 3, 1: 1 / 3, 0: 0.0}
"""What a wish counts in the timetable."""


def attendees_of(event: MatchmakingEvent) -> list[Attendee]:
    """Return the people who come: those of selected organisations who have not cancelled."""
    return list(
        Attendee.objects.filter(
            registration__event=event,
            registration__state=Registration.State.SELECTED,
            cancelled_at=None,
        )
        .select_related("registration__organisation")
        .order_by("pk")
    )


def wished_by_person(event: MatchmakingEvent) -> tuple[Counter[int], Counter[int]]:
    """Count by key of attendee whom they want to meet, and who wants to meet them."""
    wanted = list(
        Preference.objects.filter(wisher__registration__event=event, score__gt=0).values_list(
            "wisher_id", "wished_id"
        )
    )
    return Counter(one for one, _other in wanted), Counter(other for _one, other in wanted)


def timetable_input(
    event: MatchmakingEvent,
    *,
    frozen_until: datetime | None = None,
    before: Timetable | None = None,
) -> Event:
    """Return all that the timetable has to respect.

    People of one organisation never meet each other. Fixed meetings count only while both come.
    Whoever leaves after the first of their meetings in ``before`` stays in it and can meet no more.
    """
    people = attendees_of(event)
    left = _left_during(event, people, frozen_until, before)
    gone = {each.pk for each in left}
    people += left
    keys = {each.pk for each in people}
    pairs = [
        each for each in Pair.objects.filter(event=event) if each.a_id in keys and each.b_id in keys
    ]
    slots = read_slots(event.slots, event.time_zone)
    known = {slot.id for slot in slots}
    tables = read_tables(event.tables)
    return Event(
        f"event-{event.pk}",
        event.title,
        tuple(_participant(each, known, gone=each.pk in gone) for each in people),
        slots,
        tables,
        tuple(_wishes(people)),
        forbidden=_forbidden(people, pairs),
        fixed=tuple(
            Meeting(str(each.a_id), str(each.b_id), each.slot, each.table, confirmed=True)
            for each in pairs
            if not each.forbidden
        ),
        consent="both" if event.consent == MatchmakingEvent.Consent.BOTH else "not_refused",
        guarantee=event.guarantee,
        cap=event.cap,
        frozen_until=frozen_until,
    )


def _left_during(
    event: MatchmakingEvent,
    people: list[Attendee],
    frozen_until: datetime | None,
    before: Timetable | None,
) -> list[Attendee]:
    """People who come no more, but have met somebody already."""
    if frozen_until is None or before is None:
        return []
    slots = read_slots(event.slots)
    begun = {each.id for each in slots if each.start < frozen_until}
    met = {int(who) for each in before.meetings if each.slot in begun for who in each.pair}
    return list(
        Attendee.objects.filter(
            registration__event=event, pk__in=met - {each.pk for each in people}
        ).select_related("registration__organisation")
    )


def _participant(each: Attendee, slots: set[str], *, gone: bool) -> Participant:
    return Participant(
        str(each.pk),
        each.name,
        each.registration.organisation.name,
        frozenset(slots if gone else set(each.unavailable) & slots),
        guarantee=0 if gone else None,
        table="" if gone else each.table,
    )


def _wishes(people: list[Attendee]) -> list[Wish]:
    keys = {each.pk: each.registration_id for each in people}
    scores: dict[tuple[int, int], dict[bool, float]] = {}
    for each in Preference.objects.filter(wisher__in=keys, wished__in=keys):
        if keys[each.wisher_id] == keys[each.wished_id]:
            continue
        forth = each.wisher_id < each.wished_id
        pair = (min(each.wisher_id, each.wished_id), max(each.wisher_id, each.wished_id))
        scores.setdefault(pair, {})[forth] = SCORES[each.score]
    return [
        Wish(str(a), str(b), found.get(True), found.get(False))
        for (a, b), found in sorted(scores.items())
    ]


def _forbidden(people: list[Attendee], pairs: list[Pair]) -> frozenset[tuple[str, str]]:
    found = {tuple(sorted((str(each.a_id), str(each.b_id)))) for each in pairs if each.forbidden}
    by_registration: dict[int, list[str]] = {}
    for each in people:
        by_registration.setdefault(each.registration_id, []).append(str(each.pk))
    for together in by_registration.values():
        ordered = sorted(together)
        found |= {(a, b) for place, a in enumerate(ordered) for b in ordered[place + 1 :]}
    return frozenset((a, b) for a, b in found)


def document_of(event: Event, timetable: Timetable) -> dict[str, Any]:
    """Return an event and its timetable as they are kept, without any name of a person."""
    return {
        "event": {
            "id": event.id,
            "participants": [
                {
                    "id": each.id,
                    "unavailable": sorted(each.unavailable),
                    "cap": each.cap,
                    "guarantee": each.guarantee,
                    "table": each.table,
                }
                for each in event.participants
            ],
            "slots": [
                {**asdict(each), "start": each.start.isoformat(), "end": each.end.isoformat()}
                for each in event.slots
            ],
            "tables": [
                {**asdict(each), "unavailable": sorted(each.unavailable)} for each in event.tables
            ],
            "wishes": [[each.a, each.b, each.score_ab, each.score_ba] for each in event.wishes],
            "forbidden": sorted(list(each) for each in event.forbidden),
            "fixed": [asdict(each) for each in event.fixed],
            "consent": event.consent,
            "guarantee": event.guarantee,
            "cap": event.cap,
        },
        "timetable": {
            **asdict(timetable),
            "proof": timetable.proof.value,
        },
    }


def read_plan(plan: Plan) -> tuple[Event, Timetable]:
    """Return a kept event and its timetable, with the names as they are now.

    Somebody whose record is gone keeps the number alone.
    """
    kept, found = plan.document["event"], plan.document["timetable"]
    event = plan.event
    people = {
        str(each.pk): each
        for each in Attendee.objects.filter(registration__event=event).select_related(
            "registration__organisation"
        )
    }
    participants = []
    for each in kept["participants"]:
        person = people.get(each["id"])
        participants.append(
            Participant(
                each["id"],
                person.name if person else "\u2013",
                person.registration.organisation.name if person else "",
                frozenset(each["unavailable"]),
                each["cap"],
                each["guarantee"],
                each["table"],
            )
        )
    fixed = tuple(Meeting(**each) for each in kept["fixed"])
    read = Event(
        kept["id"],
        event.title,
        tuple(participants),
        tuple(
            replace(slot, block=document["block"])
            for slot, document in zip(
                read_slots(kept["slots"], event.time_zone), kept["slots"], strict=True
            )
        ),
        read_tables(kept["tables"]),
        tuple(Wish(*each) for each in kept["wishes"]),
        frozenset((a, b) for a, b in kept["forbidden"]),
        fixed,
        kept["consent"],
        guarantee=kept["guarantee"],
        cap=kept["cap"],
    )
    return read, _timetable(found)


def _timetable(found: dict[str, Any]) -> Timetable:
    return Timetable(
        **{
            **found,
            "meetings": tuple(Meeting(**each) for each in found["meetings"]),
            "standings": tuple(Standing(**each) for each in found["standings"]),
            "proof": Proof(found["proof"]),
        }
    )


def shown_plan(event: MatchmakingEvent) -> Plan | None:
    """Return the timetable that participants see; none before one is published."""
    public = (Plan.State.PRELIMINARY, Plan.State.FINAL)
    return event.plans.filter(state__in=public).order_by("-revision").first()


def draft_plan(event: MatchmakingEvent) -> Plan | None:
    """Return the timetable that only the organiser sees; none where there is no such."""
    return event.plans.filter(state=Plan.State.DRAFT).order_by("-revision").first()
