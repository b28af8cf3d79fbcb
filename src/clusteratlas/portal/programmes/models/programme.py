"""A programme as the portal keeps it, its versions, and the people who run it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.programmes.register import Programme as Document


class Programme(models.Model):
    """A programme: what the public reads of it, and what those who run it have changed since.

    ``version`` goes up by one with each change that was kept, and a change must name the version
    that it was made on. Editors of ``organisation`` run it, and so does everybody named in
    ``runners``.
    """

    class State(models.TextChoices):
        """Where a programme stands on its way to the public."""

        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waits for moderation")
        RETURNED = "returned", _("returned")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    published = models.JSONField(null=True, blank=True)
    draft = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="programmes"
    )
    fictional = models.BooleanField(default=False)
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
    def document(self) -> Document:
        """What those who run it see: the draft, else what is published."""
        return Document.model_validate(self.draft or self.published or {"name": self.name})

    @property
    def public_document(self) -> Document | None:
        """What everybody reads; none before it is published."""
        return None if self.published is None else Document.model_validate(self.published)


class ProgrammeRevision(models.Model):
    """A version of a programme: every change that was kept, in order, for good."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    document = models.JSONField()
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        """Newest first; a version stands once."""

        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "version"], name="programme_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.version}"


class Runner(models.Model):
    """Somebody who runs a programme without belonging to an organisation that does."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="runners")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="runs")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        """Somebody runs a programme once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "user"], name="runner_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} runs {self.programme}"
