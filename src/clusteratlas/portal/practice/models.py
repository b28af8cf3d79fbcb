"""Entries of the library as the portal keeps them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.practice.document import Document
from clusteratlas.portal.registry.models import Organisation


class Entry(models.Model):
    """An entry: what the public reads of it, and what its author has changed since.

    ``version`` goes up by one with each change that was kept, and a change must name the version
    that it was made on. ``organisation`` is the one in whose name it was handed in.
    """

    class State(models.TextChoices):
        """Where an entry stands on its way to the public."""

        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waits for moderation")
        RETURNED = "returned", _("returned")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    published = models.JSONField(null=True, blank=True)
    draft = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="entries")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="entries"
    )
    fictional = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The last changed first."""

        ordering: ClassVar = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it."""
        return self.published is not None and self.state != self.State.WITHDRAWN

    @property
    def document(self) -> Document:
        """What its author sees: the draft, else what is published."""
        return Document.model_validate(self.draft or self.published)


class EntryRevision(models.Model):
    """A version of an entry: every change that was kept, in order, for good."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    document = models.JSONField()
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        """Newest first; a version stands once."""

        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "version"], name="entry_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.version}"
