"""An organisation that asks a programme for support."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes.models.programme import Programme
from clusteratlas.portal.registry.models import Organisation


class Application(models.Model):
    """An application to a call, with the evidence that it rests on, and what was decided.

    ``evidence`` lists what was attached: of which criterion, what it is, where it stands and from
    which day. ``asked`` is the money that is asked for, as the register states money. ``screened``
    is the readiness screen as it stood when the decision was made.
    """

    class State(models.TextChoices):
        """Where an application stands."""

        DRAFT = "draft", _("being written")
        HANDED_IN = "handed_in", _("handed in")
        FUNDED = "funded", _("funded")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="applications")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="applications"
    )
    call = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=200, blank=True)
    evidence = models.JSONField(default=list, blank=True)
    asked = models.JSONField(default=list, blank=True)
    screened = models.JSONField(null=True, blank=True)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    handed_in_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(max_length=2_000, blank=True)

    class Meta:
        """An organisation applies to a call once."""

        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "organisation", "call"], name="application_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} to {self.programme}"
