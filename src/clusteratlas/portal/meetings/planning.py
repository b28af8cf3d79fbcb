"""Timetables are worked out as jobs, checked by an independent verifier, and published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusteratlas.atlas import Progress as Step
from clusteratlas.matching.timetable import (
    Event,
    Infeasible,
    Meeting,
    Timetable,
    reschedule,
    solve,
    verify,
)
from clusteratlas.matching.timetable.changing import Rescheduled
from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.meetings.contacts import NotNow
from clusteratlas.portal.meetings.models import MatchmakingEvent, Plan
from clusteratlas.portal.meetings.planned import document_of, read_plan, shown_plan, timetable_input
from clusteratlas.portal.operations import jobs
from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.registry import state
from clusteratlas.tables import Fault, InternalFault, InvalidInput

KIND = "meetings.timetable"
SECONDS = 60
KEPT_DAYS = 30
"""Jobs that ended so long ago are forgotten with what they say of people."""
STAGES = {
    "laying out the event": gettext_lazy("The event is laid out."),
    "looking at the guarantees": gettext_lazy("The guarantees are looked at."),
    "finding out what is in the way": gettext_lazy("The work finds out what is in the way."),
    "choosing pairs": gettext_lazy("Pairs are chosen."),
    "finding slots": gettext_lazy("Slots are found for the pairs."),
    "looking at other choices": gettext_lazy("Other choices are looked at."),
    "solving pairs and slots together": gettext_lazy("Pairs and slots are solved together."),
    "bringing meetings together": gettext_lazy("Meetings are brought together."),
    "giving tables": gettext_lazy("Tables are given."),
    "done": gettext_lazy("The timetable is checked and kept."),
}


def begin(
    event: MatchmakingEvent, person: User, *, adapt: bool = False, relax: bool = False
) -> Job:
    """Start working out a timetable, a new one or the published one with few meetings moved."""
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    Job.objects.filter(kind=KIND, ended_at__lt=old).delete()
    audit.note(person, "event.plan", f"event:{event.slug}", adapt=adapt, relax=relax)
    place = f"/events/{event.slug}/timetable/"
    return jobs.start(
        KIND,
        {"event": event.pk, "adapt": adapt, "relax": relax, "person": person.pk, "back": place},
        subject=f"event:{event.pk}",
        person=person,
        organisation=event.organisation,
        back=place,
    )


@jobs.kind(KIND, gettext_lazy("The timetable is worked out"), STAGES)
def work_out(progress: jobs.Progress, given: dict[str, Any]) -> jobs.Outcome:
    """Work out a timetable; what comes out is checked from the definition before it is kept."""
    event = MatchmakingEvent.objects.get(pk=given["event"])
    former = shown_plan(event) if given["adapt"] else None

    def told(step: Step) -> None:
        progress.at(step.stage, step.share)

    try:
        if former is None:
            asked = timetable_input(event)
            found, changes = (
                solve(
                    asked,
                    seconds=given.get("seconds", SECONDS),
                    relax=given["relax"],
                    listener=told,
                ),
                None,
            )
            past: tuple[Meeting, ...] = ()
        else:
            now = timezone.now()
            _event, before = read_plan(former)
            asked = timetable_input(event, frozen_until=now, before=before)
            changed = reschedule(
                asked,
                before,
                seconds=given.get("seconds", SECONDS),
                relax=given["relax"],
                listener=told,
            )
            found, past = changed.timetable, changed.past
            changes = changes_of(changed, asked)
    except Infeasible as error:
        raise InvalidInput(_causes(error, asked)) from error
    broken = verify(asked, found, past=past)
    if broken:
        raise InternalFault(f"the timetable breaks {[each.rule for each in broken]}")
    return jobs.Outcome(_keeping(event, asked, found, changes, given["person"]), given["back"])


def _keeping(
    event: MatchmakingEvent,
    asked: Event,
    found: Timetable,
    changes: dict[str, Any] | None,
    person: int,
) -> Callable[[], None]:
    def keep() -> None:
        list(MatchmakingEvent.objects.select_for_update().filter(pk=event.pk))
        event.plans.filter(state=Plan.State.DRAFT).update(state=Plan.State.REPLACED)
        last = event.plans.order_by("-revision").values_list("revision", flat=True).first()
        revision = 0 if last is None else last + 1
        Plan.objects.create(
            event=event,
            revision=revision,
            document=document_of(asked, replace(found, revision=revision)),
            changes=changes,
            person=User.objects.filter(pk=person).first(),
        )

    return keep


def _causes(error: Infeasible, event: Event) -> list[Fault]:
    names = {each.id: each.name for each in event.participants}
    return [
        Fault(
            cause.problem,
            value=", ".join(names.get(each, each) for each in cause.participants),
            hint=error.fault.hint if last else "",
        )
        for cause, last in ((cause, cause is error.causes[-1]) for cause in error.causes)
    ]


def changes_of(changed: Rescheduled, event: Event) -> dict[str, Any]:
    """Return what a late change did, as it is kept: pairs by their keys, reasons by code."""
    return {
        "kept": len(changed.kept),
        "past": len(changed.past),
        "moved": [[asdict(each.before), asdict(each.after)] for each in changed.moved],
        "reseated": [[asdict(each.before), asdict(each.after)] for each in changed.reseated],
        "dropped": [[asdict(each.meeting), _why(each.meeting, event)] for each in changed.dropped],
        "new": [asdict(each) for each in changed.new],
    }


def _why(meeting: Meeting, event: Event) -> str:
    people = {each.id: each for each in event.participants}
    if not {meeting.a, meeting.b} <= people.keys():
        return "gone"
    wished = {tuple(sorted((each.a, each.b))) for each in event.wishes}
    if meeting.pair in event.forbidden or meeting.pair not in wished:
        return "consent"
    if any(meeting.slot in people[each].unavailable for each in meeting.pair):
        return "unavailable"
    return "gave_way"


def publish(plan: Plan, to: str, person: User | None) -> Plan | None:
    """Show a timetable to the participants; return the one that it replaces.

    Raises
    ------
    NotNow
        Where it is not a draft or preliminary any more, or breaks a promise as the event is now:
        somebody cancelled, a table was lost, a consent was taken back.
    """
    event = plan.event
    before = shown_plan(event)
    _event, timetable = read_plan(plan)
    past_until = timezone.now() if before and before.pk != plan.pk else None
    asked = timetable_input(event, frozen_until=past_until, before=timetable)
    begun = {each.id for each in asked.slots if asked.is_frozen(each)}
    past = tuple(each for each in timetable.meetings if each.slot in begun)
    serious = [
        each
        for each in verify(asked, timetable, past=past)
        if each.rule in ("clash", "availability", "table", "break", "consent")
    ]
    if serious:
        raise NotNow(
            _("The event has changed since this timetable was made; adapt the timetable first.")
        )
    possible = (Plan.State.DRAFT, Plan.State.PRELIMINARY)
    with transaction.atomic():
        # Held, so that of two that are published at once only one is shown.
        list(MatchmakingEvent.objects.select_for_update().filter(pk=event.pk))
        taken = Plan.objects.filter(pk=plan.pk, state__in=possible)
        if not taken.update(state=to, published_at=timezone.now()):
            raise NotNow(_("The timetable is no draft any more."))
        event.plans.filter(state__in=(Plan.State.PRELIMINARY, Plan.State.FINAL)).exclude(
            pk=plan.pk
        ).update(state=Plan.State.REPLACED)
        audit.note(person, "event.publish", f"event:{event.slug}", revision=plan.revision, to=to)
        state.bump()
    plan.refresh_from_db()
    return before if before and before.pk != plan.pk else None


def discard(plan: Plan, person: User) -> None:
    """Put a draft aside."""
    with transaction.atomic():
        drafts = Plan.objects.filter(pk=plan.pk, state=Plan.State.DRAFT)
        if drafts.update(state=Plan.State.REPLACED):
            audit.note(person, "event.discard", f"event:{plan.event.slug}", revision=plan.revision)


def changed_people(before: Timetable | None, after: Timetable) -> set[str]:
    """Return the keys of those whose meetings differ between two timetables."""
    if before is None:
        return {each for meeting in after.meetings for each in meeting.pair}
    old = {(each.pair, each.slot, each.table) for each in before.meetings}
    new = {(each.pair, each.slot, each.table) for each in after.meetings}
    return {each for pair, _slot, _table in old ^ new for each in pair}
