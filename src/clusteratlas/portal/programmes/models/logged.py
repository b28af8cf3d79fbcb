"""Logs that the account of a programme is counted from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes.models.programme import Programme


class LogFile(models.Model):
    """A log as it was handed in: events, members, projects and the like, row by row.

    ``rows`` holds the checked rows, ``checksum`` (SHA-256) stands for the file. It waits until it
    is taken in as it was shown (``taken_at``). A later file of the same kind takes the place of an
    earlier one; the earlier one stays for the record. The kind ``rules`` holds counting rules.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="logs")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    checksum = models.CharField(max_length=64)
    rows = models.JSONField()
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.programme}, {self.name}"
