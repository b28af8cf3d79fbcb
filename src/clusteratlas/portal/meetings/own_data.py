"""What meetings keep of a person, and what goes with them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.accounts.own_data import exporter, leaving
from clusteratlas.portal.meetings.feeds import new_nonce
from clusteratlas.portal.meetings.models import Attendee, ContactRequest, FollowUp, Line


@exporter("requests_written")
def _requests(person: User) -> list[dict[str, Any]]:
    found = ContactRequest.objects.filter(author=person).select_related("sender", "receiver")
    return [
        {
            "from": each.sender.slug,
            "to": each.receiver.slug,
            "at": each.asked_at,
            "topic": each.topic,
            "kind": each.kind,
            "message": each.message,
            "name_shown": each.shares_author,
        }
        for each in found
    ]


@exporter("requests_answered")
def _answers(person: User) -> list[dict[str, Any]]:
    found = ContactRequest.objects.filter(answerer=person).select_related("sender", "receiver")
    return [
        {
            "from": each.sender.slug,
            "to": each.receiver.slug,
            "state": each.state,
            "reason": each.reason,
            "name_shown": each.shares_answerer,
        }
        for each in found
    ]


@exporter("lines_written")
def _lines(person: User) -> list[dict[str, Any]]:
    found = Line.objects.filter(author=person)
    return [{"request": each.contact_id, "at": each.at, "text": each.text} for each in found]


@exporter("follow_ups_written")
def _follow_ups(person: User) -> list[dict[str, Any]]:
    names = ("contact_id", "outcome", "on", "note", "at")
    found = FollowUp.objects.filter(author=person)
    return [{name: getattr(each, name) for name in names} for each in found]


@exporter("events_attended")
def _attended(person: User) -> list[dict[str, Any]]:
    return [
        {
            "event": each.registration.event.slug,
            "organisation": each.registration.organisation.slug,
            "name": each.name,
            "role": each.role,
            "mail": each.mail,
            "named_in_public": each.public,
            "unavailable": each.unavailable,
            "cancelled": each.cancelled_at,
            "wishes": [
                {"person": wish.wished_id, "score": wish.score}
                for wish in each.preferences.order_by("pk")
            ],
        }
        for each in _of(person)
    ]


@leaving
def _leave(person: User) -> None:
    """Names and addresses go; meetings of the past keep a number, those to come are cancelled."""
    now = timezone.now()
    for each in _of(person):
        each.preferences.all().delete()
        Attendee.objects.filter(pk=each.pk).update(
            name="\u2013",
            role="",
            mail="",
            public=False,
            nonce=new_nonce(),
            cancelled_at=each.cancelled_at or now,
        )


def _of(person: User) -> list[Attendee]:
    """What was entered for somebody: by their account, or by their address in their organisation.

    An address alone proves nothing about records of organisations that they do not belong to.
    """
    own = Attendee.objects.filter(user=person) | Attendee.objects.filter(
        mail=person.email, registration__organisation__memberships__user=person
    )
    return list(own.distinct().select_related("registration__event", "registration__organisation"))
