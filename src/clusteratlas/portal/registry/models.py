"""Cluster organisations as the portal keeps them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from clusteratlas.organisations import Profile
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.roles import InsideRole


class Organisation(models.Model):
    """A cluster organisation: what the public sees of it, and what its editors work on.

    ``published`` is the profile that everybody reads; ``draft`` is what editors have changed since,
    or nothing. ``version`` goes up by one with each change that was kept, and a change must name
    the version that it was made on.
    """

    class State(models.TextChoices):
        """Where an organisation stands on its way to the public."""

        DRAFT = "draft"
        SUBMITTED = "submitted"
        PUBLISHED = "published"
        RETURNED = "returned"
        WITHDRAWN = "withdrawn"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    published = models.JSONField(null=True, blank=True)
    draft = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    fictional = models.BooleanField(default=False)
    waiver = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
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
    """A version of a profile: every change that was kept, in order, for good."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="revisions"
    )
    version = models.PositiveIntegerField()
    profile = models.JSONField()
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        """Newest first; a version stands once."""

        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "version"], name="version_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.version}"


class RegistryState(models.Model):
    """One row: a token that changes with everything that the public can see."""

    token = models.CharField(max_length=16)

    def __str__(self) -> str:
        return self.token
