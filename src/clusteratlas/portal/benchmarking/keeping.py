"""How a round is begun, answered, finished and shared: every step in one transaction, noted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.benchmarking.models import AssessmentRound, Sharing
from clusteratlas.portal.registry import state
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.programmes.benchmarking import Answer, Questionnaire, Round

State = AssessmentRound.State


class Outdated(Exception):
    """Somebody else kept a change first; nothing was written."""


class NotNow(Exception):
    """The step is not possible from where the round stands."""


def stored(round_: Round) -> dict[str, Any]:
    """Return the answers of a round as they are kept: plain JSON, what is open left out."""
    return {
        code: each.model_dump(mode="json", exclude_defaults=True)
        for code, each in round_.answers.items()
        if each != Answer()
    }


@transaction.atomic
def begin(
    organisation: Organisation, asked: Questionnaire, first: Round, person: User | None
) -> AssessmentRound:
    """Begin a round; the draft that there is already, where there is one."""
    found = organisation.assessment_rounds.filter(
        questionnaire=asked.key, state=State.DRAFT
    ).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            row = AssessmentRound.objects.create(
                organisation=organisation,
                questionnaire=asked.key,
                date=first.date,
                answers=stored(first),
                begun_by=person,
            )
    except IntegrityError:  # somebody else began it at the same moment
        return AssessmentRound.objects.get(
            organisation=organisation, questionnaire=asked.key, state=State.DRAFT
        )
    audit.note(person, "assessment.begin", organisation.slug, questionnaire=asked.key)
    return row


@transaction.atomic
def keep(
    row: AssessmentRound,
    answers: Mapping[str, Answer],
    *,
    base: int,
    person: User | None,
) -> None:
    """Keep answers of a draft; those of other indicators stay.

    Raises
    ------
    Outdated
        If another change was kept since version ``base``.
    NotNow
        If the round is finished.
    """
    if row.state != State.DRAFT:
        raise NotNow
    held = row.round
    changed = held.model_copy(update={"answers": {**held.answers, **answers}})
    written = AssessmentRound.objects.filter(pk=row.pk, version=base, state=State.DRAFT).update(
        version=base + 1, answers=stored(changed), changed_at=timezone.now()
    )
    if not written:
        raise Outdated
    audit.note(person, "assessment.answer", row.organisation.slug, round=row.pk)
    row.refresh_from_db()


@transaction.atomic
def finish(row: AssessmentRound, on: date, person: User | None) -> None:
    """Finish a round for good, as of a day; what is open stays open.

    Raises
    ------
    NotNow
        If it is finished already, or a round of that day or a later one is.
    """
    others = row.organisation.assessment_rounds.filter(
        questionnaire=row.questionnaire, state=State.FINISHED, date__gte=on
    )
    if others.exists():
        raise NotNow
    now = timezone.now()
    written = AssessmentRound.objects.filter(pk=row.pk, state=State.DRAFT).update(
        state=State.FINISHED, date=on, finished_at=now, finished_by=person, changed_at=now
    )
    if not written:
        raise NotNow
    audit.note(person, "assessment.finish", row.organisation.slug, round=row.pk)
    state.bump()
    row.refresh_from_db()


@transaction.atomic
def drop(row: AssessmentRound, person: User | None) -> None:
    """Throw a draft away; a finished round stays.

    Raises
    ------
    NotNow
        If it is finished.
    """
    gone, _kinds = AssessmentRound.objects.filter(pk=row.pk, state=State.DRAFT).delete()
    if not gone:
        raise NotNow
    audit.note(person, "assessment.drop", row.organisation.slug, round=row.pk)


@transaction.atomic
def share(
    organisation: Organisation, *, with_peers: bool, on_profile: bool, person: User | None
) -> None:
    """Say what is shared from now on; what is taken back is gone from every page at once."""
    Sharing.objects.update_or_create(
        organisation=organisation,
        defaults={
            "with_peers": with_peers,
            "on_profile": on_profile,
            "changed_by": person,
            "changed_at": timezone.now(),
        },
    )
    audit.note(
        person,
        "assessment.share",
        organisation.slug,
        with_peers=with_peers,
        on_profile=on_profile,
    )
    state.bump()
