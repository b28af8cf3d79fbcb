"""A file of programmes that was read and waits to be taken in as it was shown."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from clusteratlas.portal.accounts.models import User


class RegisterFile(models.Model):
    """The programmes of a file, for the person who brought it, until they are taken in."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="register_files")
    file = models.CharField(max_length=200)
    programmes = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.file
