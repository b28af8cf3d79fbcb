"""What benchmarking keeps of a person."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.accounts.own_data import exporter
from clusteratlas.portal.benchmarking.models import AssessmentRound, Sharing


@exporter("assessment_rounds")
def _rounds(person: User) -> list[dict[str, Any]]:
    found = AssessmentRound.objects.filter(Q(begun_by=person) | Q(finished_by=person))
    return [
        {
            "organisation": each.organisation.slug,
            "questionnaire": each.questionnaire,
            "date": each.date,
            "state": each.state,
            "begun": each.begun_by_id == person.pk,
            "finished": each.finished_by_id == person.pk,
        }
        for each in found.select_related("organisation")
    ]


@exporter("assessments_shared")
def _shared(person: User) -> list[dict[str, Any]]:
    found = Sharing.objects.filter(changed_by=person).select_related("organisation")
    return [
        {
            "organisation": each.organisation.slug,
            "with_peers": each.with_peers,
            "on_profile": each.on_profile,
            "changed_at": each.changed_at,
        }
        for each in found
    ]
