"""Requests and events on everybody's own page."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from clusteratlas.portal.accounts import overview
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.meetings import contacts
from clusteratlas.portal.meetings.models import Attendee, ContactRequest


@overview.section(30)
def _requests_and_events(request: HttpRequest) -> overview.Part:
    person = cast(User, request.user)
    own = [each.pk for each in contacts.edited_by(person)]
    contacts.expire_due()
    asked = ContactRequest.objects.filter(receiver__in=own, state=ContactRequest.State.OPEN)
    back = ContactRequest.objects.filter(sender__in=own, state=ContactRequest.State.ASKED_BACK)
    return overview.Part(
        _("Requests and events"),
        "meetings/_overview.html",
        {
            "waiting": asked.count() + back.count(),
            "attends": Attendee.objects.filter(user=person, cancelled_at=None).count(),
        },
    )
