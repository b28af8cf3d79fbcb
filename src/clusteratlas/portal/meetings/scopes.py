"""What the addresses of meetings name, for the gate of rights."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from clusteratlas.portal.meetings.models import ContactRequest, MatchmakingEvent, Registration
from clusteratlas.portal.rights import Named, scope


@scope("contact")
def _contact(request: HttpRequest, values: dict[str, Any]) -> Named | None:
    """Both sides; which of them acts is asked by the view."""
    found = ContactRequest.objects.filter(pk=values["contact"]).first()
    return None if found is None else Named((found.sender_id, found.receiver_id))


@scope("event")
def _event(request: HttpRequest, values: dict[str, Any]) -> Named | None:
    """The organisation that runs it."""
    found = MatchmakingEvent.objects.filter(slug=values["event"]).first()
    if found is None:
        return None
    return Named((found.organisation_id,) if found.organisation_id else (), found.is_public)


@scope("registration")
def _registration(request: HttpRequest, values: dict[str, Any]) -> Named | None:
    """The organisation that comes, and those of it who come, as long as they belong to it."""
    found = Registration.objects.filter(pk=values["registration"]).first()
    if found is None:
        return None
    people = found.attendees.filter(
        cancelled_at=None, user__memberships__organisation_id=found.organisation_id
    )
    return Named((found.organisation_id,), people=tuple(people.values_list("user_id", flat=True)))
