"""Organisations register for events and bring people, who say when they can and whom they want."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.meetings.contacts import NotNow
from clusteratlas.portal.meetings.feeds import new_nonce
from clusteratlas.portal.meetings.models import (
    Attendee,
    MatchmakingEvent,
    Preference,
    Registration,
)
from clusteratlas.portal.registry.models import Organisation

MOST_PEOPLE = 6
"""People that one organisation brings to an event."""
State = Registration.State


def register(
    event: MatchmakingEvent,
    organisation: Organisation,
    person: User,
    *,
    message: str = "",
    listed: bool = False,
) -> Registration:
    """Register an organisation; one that withdrew may come back.

    After the second cut-off a registration is still taken and is late: the rule does not select
    it, the organiser may.

    Raises
    ------
    NotNow
        Before registration opens, once the event is over or called off, or where the organisation
        is registered already.
    """
    if event.state != MatchmakingEvent.State.ANNOUNCED:
        raise NotNow(_("One cannot register for this event."))
    if timezone.now() < event.opens_at:
        raise NotNow(_("Registration is not open yet."))
    with transaction.atomic():
        former = Registration.objects.filter(
            event=event, organisation=organisation, state=State.WITHDRAWN
        )
        fields = {
            "author": person,
            "message": message,
            "listed": listed,
            "state": State.APPLIED,
            "told": State.APPLIED,
            "checks": [],
            "rank": None,
            "reason": "",
            "by_hand": False,
            "applied_at": timezone.now(),
        }
        if former.update(**fields):
            found = Registration.objects.get(event=event, organisation=organisation)
        else:
            try:
                with transaction.atomic():
                    found = Registration.objects.create(
                        event=event, organisation=organisation, **fields
                    )
            except IntegrityError as error:
                raise NotNow(_("This organisation is registered already.")) from error
        audit.note(person, "event.register", f"event:{event.slug}", organisation=organisation.slug)
    return found


def bring(
    registration: Registration,
    person: User | None,
    *,
    name: str,
    mail: str,
    role: str = "",
    public: bool = False,
    language: str = "en",
) -> Attendee:
    """Add a person who comes. An account of the organisation with that address gets it as its own.

    Raises
    ------
    NotNow
        Above the number of people, or where the address is there already.
    """
    mail = mail.strip().lower()
    with transaction.atomic():
        now = Registration.objects.select_for_update().get(pk=registration.pk)
        if now.state == State.WITHDRAWN:
            raise NotNow(_("It is withdrawn already."))
        coming = registration.attendees.filter(cancelled_at=None)
        if coming.count() >= MOST_PEOPLE:
            raise NotNow(
                _("An organisation brings at most %(most)s people.") % {"most": MOST_PEOPLE}
            )
        if coming.filter(mail=mail).exists():
            raise NotNow(_("A person with this mail address comes already."))
        account = User.objects.filter(
            email=mail, memberships__organisation=registration.organisation
        ).first()
        found = Attendee.objects.create(
            registration=registration,
            user=account,
            name=name,
            role=role,
            mail=mail,
            public=public,
            language=account.language if account else language,
            nonce=new_nonce(),
        )
        audit.note(person, "event.bring", f"registration:{registration.pk}", attendee=found.pk)
    return found


def cancel(attendee: Attendee, person: User | None) -> None:
    """Say that somebody does not come after all; their agenda opens no more."""
    with transaction.atomic():
        gone = Attendee.objects.filter(pk=attendee.pk, cancelled_at=None)
        if gone.update(cancelled_at=timezone.now(), nonce=new_nonce()):
            audit.note(person, "event.cancel", f"registration:{attendee.registration_id}")


def withdraw(registration: Registration, person: User) -> None:
    """Take a registration back; its people come no more."""
    with transaction.atomic():
        found = Registration.objects.filter(pk=registration.pk).exclude(state=State.WITHDRAWN)
        if not found.update(state=State.WITHDRAWN, told=State.WITHDRAWN, decided_at=timezone.now()):
            raise NotNow(_("It is withdrawn already."))
        registration.attendees.filter(cancelled_at=None).update(cancelled_at=timezone.now())
        audit.note(person, "event.withdraw", f"registration:{registration.pk}")


def set_availability(attendee: Attendee, free: Iterable[str], person: User) -> None:
    """Keep the slots in which somebody can meet; all others of the event are not."""
    chosen = set(free)
    event = attendee.registration.event
    unavailable = [
        each["id"] for each in event.slots if not each["is_break"] and each["id"] not in chosen
    ]
    with transaction.atomic():
        Attendee.objects.filter(pk=attendee.pk).update(unavailable=unavailable)
        audit.note(person, "event.availability", f"attendee:{attendee.pk}")


def wish(attendee: Attendee, scores: Mapping[int, int | None], person: User | None) -> None:
    """Keep how much somebody wants to meet others; ``None`` takes an answer back.

    Only people who come for another selected organisation of the same event can be named.
    """
    possible = {each.pk for each in others_of(attendee)}
    with transaction.atomic():
        for wished, score in scores.items():
            if wished not in possible:
                continue
            if score is None:
                Preference.objects.filter(wisher=attendee, wished_id=wished).delete()
            else:
                Preference.objects.update_or_create(
                    wisher=attendee,
                    wished_id=wished,
                    defaults={"score": score, "at": timezone.now()},
                )
        audit.note(person, "event.wish", f"attendee:{attendee.pk}", count=len(scores))


def others_of(attendee: Attendee) -> list[Attendee]:
    """Return those whom somebody can meet at the event, by organisation."""
    own = attendee.registration
    return list(
        Attendee.objects.filter(
            registration__event_id=own.event_id,
            registration__state=State.SELECTED,
            cancelled_at=None,
        )
        .exclude(registration=own)
        .select_related("registration__organisation")
        .order_by("registration__organisation__name", "pk")
    )
