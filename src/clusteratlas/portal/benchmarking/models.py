"""Self-assessments as the portal keeps them, and what an organisation agreed to share."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.programmes.benchmarking import Round


class AssessmentRound(models.Model):
    """A round of answers to a questionnaire: a draft until it is finished, then for good.

    ``version`` goes up by one with each change that was kept, and a change must name the version
    that it was made on. ``questionnaire`` is name and version in one word.
    """

    class State(models.TextChoices):
        """Where a round stands."""

        DRAFT = "draft", _("being answered")
        FINISHED = "finished", _("finished")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="assessment_rounds"
    )
    questionnaire = models.CharField(max_length=80)
    date = models.DateField()
    answers = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    begun_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    finished_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The earliest first; one draft at a time, and one finished round a day."""

        ordering: ClassVar = ["date", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "questionnaire"],
                condition=Q(state="draft"),
                name="one_assessment_draft",
            ),
            models.UniqueConstraint(
                fields=["organisation", "questionnaire", "date"],
                condition=Q(state="finished"),
                name="one_assessment_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.questionnaire} {self.date}"

    @property
    def round(self) -> Round:
        """The answers by the schema of the room."""
        return Round.model_validate({"date": self.date, "answers": self.answers})


class Sharing(models.Model):
    """What an organisation agreed to: nothing, unless it said so.

    ``with_peers`` lets its latest round into the pool, of which others see aggregates alone.
    ``on_profile`` shows its score on its public profile.
    """

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="assessment_sharing"
    )
    with_peers = models.BooleanField(default=False)
    on_profile = models.BooleanField(default=False)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.organisation}: {self.with_peers}, {self.on_profile}"
