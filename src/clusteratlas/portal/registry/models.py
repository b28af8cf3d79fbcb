"""Cluster organisations as the portal keeps them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusteratlas.organisations import Profile
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.roles import InsideRole


class Organisation(models.Model):
    """A cluster organisation: what the public sees of it, and what its editors work on.

    ``published`` is the profile that everybody reads; ``draft`` is what editors have changed since,
    or nothing. ``version`` goes up by one with each change that was kept, and a change must name
    the version that it was made on. Taken down, it has no published profile any more.
    """

    class State(models.TextChoices):
        """Where an organisation stands on its way to the public."""

        DRAFT = "draft", _("being written")
        SUBMITTED = "submitted", _("waiting for a moderator")
        PUBLISHED = "published", _("published")
        RETURNED = "returned", _("returned with a reason")
        WITHDRAWN = "withdrawn", _("taken down")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    published = models.JSONField(null=True, blank=True)
    published_version = models.PositiveIntegerField(default=0)
    draft = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    fictional = models.BooleanField(default=False)
    waiver = models.CharField(max_length=60, blank=True)
    waiver_reason = models.CharField(max_length=300, blank=True)
    reason = models.TextField(blank=True)
    imported = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it."""
        return self.published is not None and self.state != self.State.WITHDRAWN

    @property
    def profile(self) -> Profile:
        """What its editors see: the draft, else what is published."""
        return Profile.model_validate(self.draft or self.published or {"name": self.name})

    @property
    def public_profile(self) -> Profile | None:
        """What everybody reads, without contacts that gave no consent; none before that."""
        if self.published is None:
            return None
        return Profile.model_validate(self.published).for_the_public()


class Membership(models.Model):
    """Somebody's role within an organisation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.PositiveSmallIntegerField(
        choices=[(role.value, role.name.lower()) for role in InsideRole if role]
    )
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        """One role for each person in an organisation."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "organisation"], name="one_role_each")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation}"


class Revision(models.Model):
    """A version of a profile: every change that was kept, in order, for good.

    ``published_at`` is when the public first saw this version; none where it never did.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="revisions"
    )
    version = models.PositiveIntegerField()
    profile = models.JSONField()
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=200, blank=True)
    restored = models.PositiveIntegerField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first; a version stands once."""

        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "version"], name="version_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.version}"


class WorkingCopy(models.Model):
    """What somebody has typed into the form and not kept yet, made on version ``base``."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="working_copies")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="working_copies"
    )
    base = models.PositiveIntegerField()
    typed = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One for each person and organisation."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "organisation"], name="one_working_copy")
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.organisation} {self.base}"


class Invitation(models.Model):
    """An invitation to an organisation: for one mail address, once, until a day.

    Of the secret in its link only the digest is kept.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(max_length=254)
    role = models.PositiveSmallIntegerField(
        choices=[(role.value, role.name.lower()) for role in InsideRole if role]
    )
    digest = models.CharField(max_length=64, unique=True)
    sent_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"invitation to {self.organisation}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered."""
        return self.answered_at is None and self.expires_at > timezone.now()


class TakeOver(models.Model):
    """Somebody asks to become the owner of an organisation that has none."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="take_overs"
    )
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="take_overs")
    text = models.TextField(max_length=2_000)
    at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    granted = models.BooleanField(null=True)

    def __str__(self) -> str:
        return f"{self.person} asks for {self.organisation}"


class Upload(models.Model):
    """A file of organisations that was read and waits to be taken in as it was shown."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="uploads")
    file = models.CharField(max_length=200)
    profiles = models.JSONField()
    at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.file


class RegistryState(models.Model):
    """One row: a token that changes with everything that the public can see."""

    token = models.CharField(max_length=16)

    def __str__(self) -> str:
        return self.token
