"""Matchmaking events: who comes, who wants to meet whom, and the timetables made of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.registry.models import Organisation


class MatchmakingEvent(models.Model):
    """An event at which organisations meet.

    ``slots`` and ``tables`` are lists of records as `clusteratlas.portal.meetings.slots` makes
    them; ``blocks`` is what the organiser typed to get the slots. ``rule`` is the rule of selection
    (`clusteratlas.portal.meetings.selection`).
    """

    class State(models.TextChoices):
        """Whether the public sees it."""

        DRAFT = "draft", _("Draft")
        ANNOUNCED = "announced", _("Announced")
        CANCELLED = "cancelled", _("Cancelled")

    class Consent(models.TextChoices):
        """When two are offered a meeting."""

        BOTH = "both", _("Both must want to meet")
        NOT_REFUSED = "not_refused", _("One wish is enough unless the other refuses")

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=160)
    summary = models.TextField(max_length=4_000, blank=True)
    place = models.CharField(max_length=200, blank=True)
    online = models.BooleanField(default=False)
    website = models.CharField(max_length=500, blank=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    fictional = models.BooleanField(default=False)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="events"
    )
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    opens_at = models.DateTimeField()
    first_cutoff = models.DateTimeField()
    second_cutoff = models.DateTimeField()
    blocks = models.JSONField(default=list)
    slots = models.JSONField(default=list)
    tables = models.JSONField(default=list)
    slot_minutes = models.PositiveSmallIntegerField(default=25)
    pause_minutes = models.PositiveSmallIntegerField(default=5)
    consent = models.CharField(max_length=12, choices=Consent.choices, default=Consent.BOTH)
    guarantee = models.PositiveSmallIntegerField(default=1)
    cap = models.PositiveSmallIntegerField(null=True, blank=True)
    rule = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """The next one first."""

        ordering: ClassVar = ["first_cutoff", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it."""
        return self.state != self.State.DRAFT


class Registration(models.Model):
    """An organisation wants to come.

    ``checks`` say how the rule saw it, each with its reason. ``state`` is what the organiser has
    decided, ``told`` what the organisation knows of it.
    """

    class State(models.TextChoices):
        """What was decided about it."""

        APPLIED = "applied", _("Applied")
        SELECTED = "selected", _("Selected")
        RESERVE = "reserve", _("Reserve")
        REJECTED = "rejected", _("Not selected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    event = models.ForeignKey(
        MatchmakingEvent, on_delete=models.CASCADE, related_name="registrations"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="registrations"
    )
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    message = models.TextField(max_length=2_000, blank=True)
    listed = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.APPLIED)
    told = models.CharField(max_length=10, choices=State.choices, default=State.APPLIED)
    checks = models.JSONField(default=list)
    rank = models.PositiveIntegerField(null=True)
    tied = models.BooleanField(default=False)
    reason = models.TextField(max_length=1_000, blank=True)
    by_hand = models.BooleanField(default=False)
    applied_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """In the order of application; an organisation registers once."""

        ordering: ClassVar = ["applied_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "organisation"], name="registered_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} at {self.event}"


class Attendee(models.Model):
    """A person who comes for an organisation.

    ``unavailable`` holds codes of slots. ``nonce`` is part of the secret address of the person's
    agenda; a new one makes the old address void.
    """

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="attendees"
    )
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="attends")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=120, blank=True)
    mail = models.EmailField(max_length=254)
    language = models.CharField(max_length=8, default="en")
    unavailable = models.JSONField(default=list)
    table = models.CharField(max_length=20, blank=True)
    public = models.BooleanField(default=False)
    nonce = models.CharField(max_length=16)
    cancelled_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        """In the order of entry."""

        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name


class Preference(models.Model):
    """How much one attendee wants to meet another: 3 very much, 2, 1, or 0 not at all."""

    wisher = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="preferences")
    wished = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="wished_by")
    score = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One for each direction."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wisher", "wished"], name="wished_once"),
            models.CheckConstraint(condition=models.Q(score__lte=3), name="score_to_three"),
        ]

    def __str__(self) -> str:
        return f"{self.wisher_id} {self.wished_id} {self.score}"


class Pair(models.Model):
    """A meeting that the organiser fixed beforehand, or forbade."""

    event = models.ForeignKey(MatchmakingEvent, on_delete=models.CASCADE, related_name="pairs")
    a = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="+")
    b = models.ForeignKey(Attendee, on_delete=models.CASCADE, related_name="+")
    forbidden = models.BooleanField(default=False)
    slot = models.CharField(max_length=20, blank=True)
    table = models.CharField(max_length=20, blank=True)

    class Meta:
        """Each pair once; ``a`` is the one with the smaller key."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "a", "b"], name="pair_once"),
            models.CheckConstraint(condition=models.Q(a__lt=models.F("b")), name="pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.a_id} {self.b_id}"


class Plan(models.Model):
    """A timetable of an event. Names of people are not kept in it, only their keys.

    ``document`` is what `clusteratlas.portal.meetings.planned` reads. ``changes`` says what moved
    against the timetable before.
    """

    class State(models.TextChoices):
        """Who sees it."""

        DRAFT = "draft", _("Draft")
        PRELIMINARY = "preliminary", _("Preliminary")
        FINAL = "final", _("Final")
        REPLACED = "replaced", _("Replaced")

    event = models.ForeignKey(MatchmakingEvent, on_delete=models.CASCADE, related_name="plans")
    revision = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    document = models.JSONField()
    changes = models.JSONField(null=True)
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "revision"], name="revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.revision}"
