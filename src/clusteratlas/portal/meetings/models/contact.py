"""Requests for contact between two organisations, and what came of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.registry.models import Organisation


class ContactRequest(models.Model):
    """One organisation asks another for contact.

    Only editors of the two read it. ``suggestion`` is the partner suggestion that it came from, as
    it was shown then. What each side shows of its editor stands in ``shares_author`` and
    ``shares_answerer``; it is shown to the other side once the request is accepted, and read from
    the account each time, so that it ends with the account.
    """

    class State(models.TextChoices):
        """Where a request stands; all but the first two are its end."""

        OPEN = "open", _("Waiting for an answer")
        ASKED_BACK = "asked_back", _("Question asked back")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired without an answer")

    sender = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="asked")
    receiver = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="was_asked")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    answerer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    topic = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, blank=True)
    message = models.TextField(max_length=4_000)
    reason = models.TextField(max_length=2_000, blank=True)
    suggestion = models.JSONField(null=True, blank=True)
    shares_author = models.BooleanField(default=False)
    shares_answerer = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    reminded = models.BooleanField(default=False)

    class Meta:
        """Newest first; one request at a time is under way from one organisation to another."""

        ordering: ClassVar = ["-changed_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sender", "receiver"],
                condition=models.Q(state__in=("open", "asked_back")),
                name="one_open_request",
            ),
            models.CheckConstraint(
                condition=~models.Q(sender=models.F("receiver")), name="asks_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender} asks {self.receiver}"

    @property
    def is_open(self) -> bool:
        """Whether somebody's answer is waited for."""
        return self.state in (self.State.OPEN, self.State.ASKED_BACK)

    def other(self, organisation: int) -> Organisation:
        """Return the organisation on the other side."""
        return self.receiver if organisation == self.sender_id else self.sender


class Line(models.Model):
    """A question asked back, or the answer to it."""

    contact = models.ForeignKey(ContactRequest, on_delete=models.CASCADE, related_name="lines")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=4_000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """In the order of time."""

        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.at:%Y-%m-%d}"


class Outcome(models.TextChoices):
    """What came of an accepted request."""

    MEETING = "meeting", _("Meeting held")
    AGREEMENT = "agreement", _("Agreement made")
    PROJECT = "project", _("Project begun")
    NOTHING = "nothing", _("Nothing came of it")


class FollowUp(models.Model):
    """What came of a request: said by one side, confirmed or contradicted by the other."""

    contact = models.ForeignKey(ContactRequest, on_delete=models.CASCADE, related_name="follow_ups")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    on = models.DateField()
    note = models.TextField(max_length=2_000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    confirmed = models.BooleanField(null=True)
    judged_at = models.DateTimeField(null=True)
    judge = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        """In the order of what happened."""

        ordering: ClassVar = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.outcome}"


class Block(models.Model):
    """An organisation takes no requests from another one."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Each once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "blocked"], name="blocked_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} blocks {self.blocked}"
