"""Fictional self-assessments, so that the demonstration shows positions, drift and refusals."""

from __future__ import annotations

from django.db import transaction

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.benchmarking import keeping, shelf
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.programmes.benchmarking import PACKAGED
from clusteratlas.programmes.benchmarking.demonstration import days_of, invented_rounds


def load_assessments(editor: User | None = None) -> int:
    """Give the fictional organisations finished rounds that they share; again it adds nothing.

    The first ones have two rounds of every questionnaire, the others one. The second shares
    nothing, so that it can be seen what that means; the first shows its score on its profile.

    Returns
    -------
    int
        Organisations that have a round now.
    """
    with transaction.atomic():
        held = Organisation.objects.filter(fictional=True, published__isnull=False).order_by("pk")
        for number, row in enumerate(held):
            if row.assessment_rounds.exists():
                continue
            for key in PACKAGED:
                asked = shelf.questionnaire(key)
                for each in invented_rounds(row.profile, asked, days_of(number)):
                    keeping.finish(keeping.begin(row, asked, each, editor), each.date, editor)
            keeping.share(row, with_peers=number != 1, on_profile=number == 0, person=editor)
        return held.filter(assessment_rounds__isnull=False).distinct().count()
