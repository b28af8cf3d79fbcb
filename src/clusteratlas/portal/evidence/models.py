"""Published effects that a site adds to those of the package."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from clusteratlas.portal.accounts.models import User


class OwnEffects(models.Model):
    """A file of published effects as it was taken in; what it holds stands beside ours.

    ``text`` is the CSV itself: it is read by the same rules each time, so that what a later version
    no longer takes is told and not lost.
    """

    file = models.CharField(max_length=100)
    text = models.TextField()
    count = models.PositiveIntegerField()
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """In the order they came in."""

        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return self.file
