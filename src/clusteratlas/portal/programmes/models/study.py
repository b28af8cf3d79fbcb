"""What a programme changed: a study with its design checks, estimates or refusal."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.programmes.models.programme import Programme


class EffectStudy(models.Model):
    """An effect that was asked for: what was given, and the report that came of it.

    ``number`` counts the studies of a programme. ``given`` holds the choices and, of each file, its
    name and checksum; the panel itself is not kept. ``report`` is the whole report, a refusal
    included. Everybody reads it once it is published.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="studies")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    given = models.JSONField(default=dict)
    report = models.JSONField()
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """In the order they were made; a number stands once."""

        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "number"], name="study_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.number}"


class StudyFiles(models.Model):
    """A panel and a list of the treated that were sent and wait for the choices of a study.

    The files lie in the store under ``key``; ``panel`` and ``treated`` are the names they came
    with. They go once the study is made, or after some days.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="study_files")
    key = models.CharField(max_length=32, unique=True)
    panel = models.CharField(max_length=100)
    treated = models.CharField(max_length=100)
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.panel} of {self.programme}"
