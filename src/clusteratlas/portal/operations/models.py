"""What the administrator looks after, as the database keeps it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.registry.models import Organisation


class Job(models.Model):
    """Long work that runs in a process of its own.

    ``share`` is the part that is done, 0-1, or nothing where that cannot be told. ``seen_at`` is
    when the process last gave a sign of life. ``faults`` say why it failed, ``address`` where the
    result stands.
    """

    class State(models.TextChoices):
        """Where the work stands; it ends in one of the last three."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        STOPPED = "stopped"

    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    given = models.JSONField(default=dict)
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    stage = models.CharField(max_length=40, blank=True)
    share = models.FloatField(null=True)
    address = models.CharField(max_length=300, blank=True)
    back = models.CharField(max_length=300, blank=True)
    faults = models.JSONField(default=list)
    host = models.CharField(max_length=120, blank=True)
    pid = models.PositiveIntegerField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.state}"

    @property
    def is_over(self) -> bool:
        """Whether it ended, well or not."""
        return self.state in (self.State.DONE, self.State.FAILED, self.State.STOPPED)

    @property
    def seconds_left(self) -> float | None:
        """Seconds that are left if it goes on as it went; nothing where that is a guess."""
        if self.state != self.State.RUNNING or not self.started_at or not self.share:
            return None
        if self.share < 0.05:
            return None
        gone = (timezone.now() - self.started_at).total_seconds()
        return gone * (1 - self.share) / self.share


class UsageCount(models.Model):
    """How often a kind of page was read on a day in a country's language; see `usage`."""

    day = models.DateField()
    route = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        """One count for each."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "route", "country"], name="counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.route} {self.country} {self.count}"
