"""Fictional requests and events that show every state, for the demonstration."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from clusteratlas.atlas import Release
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.meetings import choosing, contacts, planning, registering, suggested
from clusteratlas.portal.meetings.event_keeping import keep_event, set_state
from clusteratlas.portal.meetings.models import (
    Attendee,
    ContactRequest,
    FollowUp,
    MatchmakingEvent,
    Plan,
    Preference,
    Registration,
)
from clusteratlas.portal.meetings.planned import attendees_of, draft_plan
from clusteratlas.portal.meetings.selection import SelectionRule
from clusteratlas.portal.meetings.slots import TimeBlock
from clusteratlas.portal.operations import jobs
from clusteratlas.portal.registry.models import Membership, Organisation
from clusteratlas.portal.roles import InsideRole

PEOPLE = (
    "Ada Beispiel",
    "Bruno Ejemplo",
    "Clara Exemple",
    "Dario Esempio",
    "Edda Muster",
    "Farid Example",
    "Gesa Voorbeeld",
    "Hana Exemplo",
    "Ivo Esimerkki",
    "Jana Eksempel",
    "Karim Sample",
    "Lena Minta",
    "Milo Exempel",
    "Nora Proof",
)
"""Names of nobody; mail addresses end in ``example.org``."""
PLACES = 12
DAYS_AHEAD = 60
SECONDS = 3
"""A demonstration is not kept waiting for the last proof."""
SOMETIMES = (3, 2, 1, 2, 3, 1)


class _Silent(jobs.Progress):
    """Nobody watches the work of the demonstration."""

    def at(self, stage: str, share: float | None = None) -> None:
        """Say nothing."""


def load_meetings(release: Release, person: User | None = None) -> MatchmakingEvent:
    """Make requests in every state and three events; nothing where they are made already.

    Uses the fictional organisations of the registry that are published. Those without an owner get
    one whom nobody can sign in as.

    Parameters
    ----------
    release
        Against it the claims of applicants are checked.
    person
        Becomes owner of the organisations that have asked, been asked and organise; so somebody
        who signs in as this person sees every state from inside.

    Returns
    -------
    MatchmakingEvent
        The event whose timetable is published.
    """
    made = MatchmakingEvent.objects.filter(fictional=True, slug__startswith="imaginary").first()
    if made is not None:
        return made
    found = list(
        Organisation.objects.filter(fictional=True, published__isnull=False)
        .exclude(state=Organisation.State.WITHDRAWN)
        .order_by("pk")
    )
    with transaction.atomic():
        owners = [_owner(each, number, person) for number, each in enumerate(found)]
        _requests(found, owners, release)
        event = _first_event(found, owners, release)
        _open_event(found, owners)
        _draft_event(found[0], owners[0])
    return event


def _owner(organisation: Organisation, number: int, person: User | None) -> User:
    """The person, for the first two organisations; somebody made up for the others."""
    if person is not None and number < 2:
        Membership.objects.get_or_create(
            user=person, organisation=organisation, defaults={"role": InsideRole.OWNER}
        )
        return person
    owner = User.objects.filter(
        memberships__organisation=organisation, memberships__role=InsideRole.OWNER
    ).first()
    if owner is None:
        owner = User.objects.create_user(
            f"owner-{organisation.slug}@example.org"[:254],
            name=PEOPLE[number % len(PEOPLE)],
            confirmed_at=timezone.now(),
        )
        Membership.objects.create(user=owner, organisation=organisation, role=InsideRole.OWNER)
    return owner


def _requests(found: list[Organisation], owners: list[User], release: Release) -> None:
    """One request in each state, each way, around the first organisation."""
    topics = (
        "Joint application on light materials",
        "Sensors for older machines",
        "Exchange of trainers",
        "Recycling of production waste",
        "Pilot site for clean processes",
        "Suppliers of precision parts",
    )
    for number, state in enumerate(ContactRequest.State.values):
        for sender, receiver in ((0, number + 2), (number + 9, 0)):
            if max(sender, receiver) >= len(found):
                continue
            contact = contacts.ask(
                found[sender],
                found[receiver],
                owners[sender],
                topic=topics[number],
                kind="research-project" if number % 2 else "supply",
                message="We would like to hear what you are working on. This text is made up.",
                shares=True,
                suggestion=suggested.snapshot(release, found[sender], found[receiver]),
            )
            _bring_to(contact, state, owners[sender], owners[receiver])


def _bring_to(contact: ContactRequest, state: str, sender: User, receiver: User) -> None:
    match state:
        case ContactRequest.State.ASKED_BACK:
            contacts.take(contact, "ask-back", receiver, version=1, text="By when?")
        case ContactRequest.State.ACCEPTED:
            contacts.take(contact, "accept", receiver, version=1, shares=True)
            today = timezone.localdate()
            for outcome, confirmed in (("meeting", True), ("agreement", False), ("project", None)):
                FollowUp.objects.create(
                    contact=contact,
                    organisation=contact.sender,
                    author=sender,
                    outcome=outcome,
                    on=today,
                    note="Made up for the demonstration.",
                    confirmed=confirmed,
                    judge=receiver if confirmed is not None else None,
                )
        case ContactRequest.State.DECLINED:
            text = "Our programme ends this year."
            contacts.take(contact, "decline", receiver, version=1, text=text)
        case ContactRequest.State.WITHDRAWN:
            contacts.take(contact, "withdraw", sender, version=1)
        case ContactRequest.State.EXPIRED:
            ContactRequest.objects.filter(pk=contact.pk).update(expires_at=timezone.now())
            contacts.expire_due()


def _given(title: str, now: datetime, *, opened: int, first: int, second: int) -> dict[str, Any]:
    return {
        "version": 1,
        "title": title,
        "summary": "This event is made up to show how meetings are arranged.",
        "place": "Imaginary Fair, Hall 2",
        "online": False,
        "website": "",
        "time_zone": "Europe/Berlin",
        "opens_at": now + timedelta(days=opened),
        "first_cutoff": now + timedelta(days=first),
        "second_cutoff": now + timedelta(days=second),
        "slot_minutes": 25,
        "pause_minutes": 5,
        "tables": 5,
        "consent": MatchmakingEvent.Consent.BOTH,
        "guarantee": 2,
        "cap": 8,
    }


def _half_days(first: date) -> list[TimeBlock]:
    second = first + timedelta(days=1)
    return [
        TimeBlock(first, time(13), time(17)),
        TimeBlock(first, time(15), time(15, 30), is_break=True),
        TimeBlock(second, time(9), time(12)),
        TimeBlock(second, time(10, 30), time(11), is_break=True),
    ]


def _first_event(
    found: list[Organisation], owners: list[User], release: Release
) -> MatchmakingEvent:
    """Fifteen apply for twelve places; the timetable is published, then changed once."""
    now = timezone.now()
    event = keep_event(
        None,
        _given("Imaginary matchmaking days", now, opened=-40, first=-20, second=-10),
        _half_days(now.date() + timedelta(days=DAYS_AHEAD)),
        SelectionRule(rank_by=("supported_claims", "completeness"), places=PLACES, reserve=1),
        organisation=found[0],
        person=owners[0],
        fictional=True,
    )
    set_state(event, MatchmakingEvent.State.ANNOUNCED, owners[0])
    for number, organisation in enumerate(found[:16]):
        registration = registering.register(
            event, organisation, owners[number], listed=number % 3 != 1
        )
        late = number == 15  # one comes after the second cut-off
        Registration.objects.filter(pk=registration.pk).update(
            applied_at=now - timedelta(days=2 if late else 25, minutes=-number)
        )
        _come(registration, owners[number], number)
    choosing.apply_rule(event, release, owners[0])
    own = event.registrations.get(organisation=found[0])
    if own.state != Registration.State.SELECTED:
        choosing.decide(own, Registration.State.SELECTED, "Host of the event.", owners[0])
    left = event.registrations.filter(state=Registration.State.APPLIED)
    for each in left:
        choosing.decide(each, Registration.State.RESERVE, "", owners[0])
    event.registrations.update(told=F("state"))
    gone = event.registrations.filter(state=Registration.State.REJECTED).last()
    if gone is not None:
        registering.withdraw(gone, owners[0])
    people = attendees_of(event)
    _wish(people)
    _publish(event, owners[0], Plan.State.PRELIMINARY)
    registering.cancel(people[-1], owners[0])
    event.tables[-1]["unavailable"] = [each["id"] for each in event.slots if not each["is_break"]]
    event.save(update_fields=["tables"])
    _publish(event, owners[0], Plan.State.FINAL)
    return event


def _come(registration: Registration, owner: User, number: int) -> Attendee:
    return registering.bring(
        registration,
        owner,
        name=owner.name or PEOPLE[number % len(PEOPLE)],
        mail=owner.email if number > 1 else f"visitor-{number}@example.org",
        role="Manager",
        public=number % 2 == 0,
    )


def _wish(people: list[Attendee]) -> None:
    """Most wishes meet, some are one-sided, a few refuse; two people cannot come at some times."""
    for number, one in enumerate(people):
        wishes = {}
        for step in range(1, 6):
            other = people[(number + step) % len(people)]
            wishes[other.pk] = SOMETIMES[(number + step) % len(SOMETIMES)]
            if (number * step) % 7 != 3:
                Preference.objects.get_or_create(
                    wisher=other,
                    wished=one,
                    defaults={"score": 0 if (number + step) % 11 == 5 else SOMETIMES[step]},
                )
        registering.wish(one, wishes, None)
    for one, away in ((people[0], slice(0, 2)), (people[3], slice(-3, None))):
        event = one.registration.event
        one.unavailable = [each["id"] for each in event.slots if not each["is_break"]][away]
        one.save(update_fields=["unavailable"])


def _publish(event: MatchmakingEvent, person: User, to: str) -> None:
    """Work a timetable out here and now, and publish it."""
    given = {
        "event": event.pk,
        "adapt": to == Plan.State.FINAL,
        "relax": True,
        "person": person.pk,
        "back": "",
        "seconds": SECONDS,
    }
    planning.work_out(_Silent(0), given).keep()
    draft = draft_plan(event)
    if draft is not None:
        planning.publish(draft, to, person)


def _open_event(found: list[Organisation], owners: list[User]) -> None:
    """Registration is open: some have applied, nothing is decided."""
    now = timezone.now()
    event = keep_event(
        None,
        _given("Imaginary transatlantic exchange", now, opened=-5, first=20, second=40),
        _half_days(now.date() + timedelta(days=2 * DAYS_AHEAD)),
        SelectionRule(countries=("US", "DE", "FR"), supported_claims=1, places=20, reserve=5),
        organisation=found[1],
        person=owners[1],
        fictional=True,
    )
    set_state(event, MatchmakingEvent.State.ANNOUNCED, owners[1])
    for number in (each for each in (2, 4, 6, 13) if each < len(found)):
        registration = registering.register(event, found[number], owners[number], listed=True)
        _come(registration, owners[number], number)


def _draft_event(organisation: Organisation, owner: User) -> None:
    now = timezone.now()
    keep_event(
        None,
        _given("Imaginary spring meeting", now, opened=30, first=60, second=80),
        _half_days(now.date() + timedelta(days=3 * DAYS_AHEAD)),
        SelectionRule(),
        organisation=organisation,
        person=owner,
        fictional=True,
    )
