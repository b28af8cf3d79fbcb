"""Reminders by mail: wishes that are missing, agendas of tomorrow, requests that will expire."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from clusteratlas.portal.meetings import addresses, contacts, letters
from clusteratlas.portal.meetings.feeds import key_of
from clusteratlas.portal.meetings.models import (
    Attendee,
    ContactRequest,
    MatchmakingEvent,
    Registration,
)
from clusteratlas.portal.meetings.planned import shown_plan
from clusteratlas.portal.meetings.slots import read_slots

EVERY = timedelta(days=2)
"""Between two reminders of the same kind to the same person."""
BEFORE_EXPIRY = timedelta(days=3)


def remind(site: str, now: datetime | None = None) -> Counter[str]:
    """Write all reminders that are due; run it once a day.

    Parameters
    ----------
    site
        The address of the portal, such as ``https://atlas.example.org``; links begin with it.
    now
        The moment; by default that of the call.

    Returns
    -------
    Counter
        Letters by kind: ``wishes``, ``agenda``, ``request``; and requests that ``expired``.
    """
    now = now or timezone.now()
    found: Counter[str] = Counter(expired=contacts.expire_due())

    def whole(place: str) -> str:
        return site.rstrip("/") + place

    events = MatchmakingEvent.objects.filter(state=MatchmakingEvent.State.ANNOUNCED)
    for event in events:
        slots = read_slots(event.slots)
        if not slots or slots[-1].end < now:
            continue
        if slots[0].start - now <= timedelta(days=1):
            found["agenda"] += _agendas(event, whole, now)
        elif shown_plan(event) is None:
            found["wishes"] += _wishes(event, whole, now)
    found["request"] += _requests(whole, now)
    return found


def _due(event: MatchmakingEvent, now: datetime) -> list[Attendee]:
    return list(
        Attendee.objects.filter(
            Q(reminded_at=None) | Q(reminded_at__lte=now - EVERY),
            registration__event=event,
            registration__state=Registration.State.SELECTED,
            registration__told=Registration.State.SELECTED,
            cancelled_at=None,
        )
    )


def _wishes(event: MatchmakingEvent, whole: Callable[[str], str], now: datetime) -> int:
    silent = [each for each in _due(event, now) if not each.preferences.exists()]
    for each in silent:
        where = _registration(each.registration_id, f"wishes/{each.pk}/")
        _write(each, whole, "remind_wishes", where, now)
    return len(silent)


def _agendas(event: MatchmakingEvent, whole: Callable[[str], str], now: datetime) -> int:
    if shown_plan(event) is None:
        return 0
    people = _due(event, now)
    for each in people:
        _write(each, whole, "remind_agenda", _agenda(key_of(each)), now)
    return len(people)


def _write(
    attendee: Attendee,
    whole: Callable[[str], str],
    letter: str,
    where: Callable[[], str],
    now: datetime,
) -> None:
    Attendee.objects.filter(pk=attendee.pk).update(reminded_at=now)
    title = attendee.registration.event.title
    reader = [(attendee.mail, attendee.language)]
    letters.send(whole, reader, letter, where, name=attendee.name, title=title)


def _requests(whole: Callable[[str], str], now: datetime) -> int:
    """Those that expire within the days that remain, once each."""
    waiting = ContactRequest.objects.filter(
        state__in=(ContactRequest.State.OPEN, ContactRequest.State.ASKED_BACK),
        expires_at__lte=now + BEFORE_EXPIRY,
        reminded=False,
    ).select_related("sender", "receiver")
    count = 0
    for each in waiting:
        own, other = each.receiver, each.sender
        if each.state == ContactRequest.State.ASKED_BACK:
            own, other = other, own
        people = [(one.email, one.language) for one in letters.editors_of(own)]
        ContactRequest.objects.filter(pk=each.pk).update(reminded=True)
        letters.send(
            whole,
            people,
            "remind_request",
            _contact(each.pk),
            own=own.name,
            other=other.name,
            topic=each.topic,
            expires=each.expires_at,
        )
        count += len(people)
    return count


def _registration(key: int, place: str) -> Callable[[], str]:
    return lambda: addresses.registration(key, place)


def _agenda(key: str) -> Callable[[], str]:
    return lambda: addresses.agenda(key)


def _contact(key: int) -> Callable[[], str]:
    return lambda: addresses.contact(key)
