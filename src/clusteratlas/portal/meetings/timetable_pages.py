"""The timetable for the organiser: worked out, looked at, changed late, published, taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clusteratlas.matching.timetable import Event, Meeting, Timetable, meeting_rows
from clusteratlas.portal import export
from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.meetings import addresses, contacts, letters, planning, registering
from clusteratlas.portal.meetings.agenda_files import table_plan_pdf
from clusteratlas.portal.meetings.event_pages import SECTION, event_named
from clusteratlas.portal.meetings.feeds import key_of
from clusteratlas.portal.meetings.models import Attendee, MatchmakingEvent, Plan
from clusteratlas.portal.meetings.planned import (
    attendees_of,
    draft_plan,
    read_plan,
    shown_plan,
)
from clusteratlas.portal.meetings.slots import read_slots
from clusteratlas.portal.operations import job_page, jobs
from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.rights import needs


@needs("organise")
@require_GET
def timetable_page(request: AtlasRequest, event: str) -> HttpResponse:
    """Show the draft, else the published timetable, with what is proved of it."""
    found = event_named(event)
    draft, shown = draft_plan(found), shown_plan(found)
    plan = draft or shown
    running = Job.objects.filter(kind=planning.KIND, subject=f"event:{found.pk}").first()
    if running is not None and jobs.noticed(running).is_over:
        running = None if running.state == Job.State.DONE else running
    content: dict[str, Any] = {}
    if plan is not None:
        read, timetable = read_plan(plan)
        content = {
            "timetable": timetable,
            "days": grid(read, timetable),
            "standings": _standings(read, timetable),
            "changes": _changes(plan, read),
            "guarantee": found.guarantee,
        }
    people = attendees_of(found)
    return page(
        request,
        "meetings/timetable.html",
        section=SECTION,
        event=found,
        plan=plan,
        is_draft=plan is not None and plan.state == Plan.State.DRAFT,
        is_preliminary=plan is not None and plan.state == Plan.State.PRELIMINARY,
        shown=shown,
        job=running,
        job_href=job_page.address(running) if running else "",
        people=people,
        slots=[each for each in read_slots(found.slots, found.time_zone) if not each.is_break],
        lost=[each for each in found.tables if each["unavailable"]],
        here=addresses.event(event, "timetable/"),
        base=addresses.event(event),
        **content,
    )


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A slot and its meetings as they stand on the page: table, one person, the other."""

    start: str
    end: str
    is_break: bool
    meetings: list[tuple[str, str, str, str, str, bool]]


def grid(event: Event, timetable: Timetable) -> list[tuple[str, list[SlotRow]]]:
    """Return the meetings of a timetable by day and slot."""
    people = {each.id: each for each in event.participants}
    tables = {each.id: each.name or each.id for each in event.tables}
    by_slot: dict[str, list[Meeting]] = {}
    for each in timetable.meetings:
        by_slot.setdefault(each.slot, []).append(each)
    rows = []
    for slot in event.slots:
        meetings = [
            (
                tables[each.table],
                people[each.a].name,
                people[each.a].organisation,
                people[each.b].name,
                people[each.b].organisation,
                each.confirmed,
            )
            for each in by_slot.get(slot.id, [])
        ]
        row = SlotRow(f"{slot.start:%H:%M}", f"{slot.end:%H:%M}", slot.is_break, meetings)
        rows.append((f"{slot.start:%Y-%m-%d}", row))
    return [
        (day, [row for _day, row in on_day]) for day, on_day in groupby(rows, lambda each: each[0])
    ]


def _standings(event: Event, timetable: Timetable) -> list[tuple[str, str, Any]]:
    people = {each.id: each for each in event.participants}
    found = [
        (people[each.participant].name, people[each.participant].organisation, each)
        for each in timetable.standings
    ]
    return sorted(found, key=lambda row: (row[2].meetings, row[0]))


def _changes(plan: Plan, event: Event) -> dict[str, Any] | None:
    """What a late change did, with names; reasons in words."""
    if plan.changes is None:
        return None
    names = {
        str(each.pk): each.name for each in Attendee.objects.filter(registration__event=plan.event)
    }
    slots = {each.id: f"{each.start:%Y-%m-%d %H:%M}" for each in event.slots}
    tables = {each.id: each.name or each.id for each in event.tables}
    reasons = {
        "gone": _("one of them does not come any more"),
        "consent": _("they have not both agreed to meet any more"),
        "unavailable": _("one of them cannot at that time, and no other slot was free"),
        "gave_way": _("its place was lost, or other meetings were worth more"),
    }

    def pair(meeting: dict[str, Any]) -> str:
        return f"{names.get(meeting['a'], '–')} – {names.get(meeting['b'], '–')}"

    def when(meeting: dict[str, Any]) -> str:
        slot = slots.get(meeting["slot"], meeting["slot"])
        return _("%(time)s, table %(table)s") % {
            "time": slot,
            "table": tables.get(meeting["table"], meeting["table"]),
        }

    kept = plan.changes
    return {
        "kept": kept["kept"],
        "moved": [
            (pair(before), when(before), when(after))
            for before, after in [*kept["moved"], *kept["reseated"]]
        ],
        "dropped": [(pair(each), when(each), reasons[why]) for each, why in kept["dropped"]],
        "new": [(pair(each), when(each)) for each in kept["new"]],
    }


@needs("organise")
@require_POST
def compute(request: AtlasRequest, event: str) -> HttpResponse:
    """Start working out a timetable; the answer leads to where that is watched."""
    found = event_named(event)
    job = planning.begin(
        found,
        cast(User, request.user),
        adapt=request.POST.get("adapt") == "on" and shown_plan(found) is not None,
        relax=request.POST.get("relax") == "on",
    )
    return redirect(job_page.address(job))


@needs("organise")
@require_POST
def publish(request: AtlasRequest, event: str, to: str) -> HttpResponse:
    """Show the timetable to the participants, as preliminary or final, or put a draft aside."""
    found = event_named(event)
    plan = draft_plan(found) or shown_plan(found)
    if plan is None or to not in ("preliminary", "final", "discard"):
        raise Http404
    person = cast(User, request.user)
    try:
        if to == "discard":
            planning.discard(plan, person)
        else:
            with transaction.atomic():
                before = planning.publish(plan, to, person)
                count = tell_people(request, plan, before)
            messages.success(
                request, _("The timetable is published; told: %(count)s.") % {"count": count}
            )
    except contacts.NotNow as error:
        messages.error(request, error.fault.problem)
    return redirect(addresses.event(event, "timetable/"))


def tell_people(request: AtlasRequest, plan: Plan, before: Plan | None) -> int:
    """Write to those whose meetings changed against the timetable before; to all at first."""
    _event, after = read_plan(plan)
    former = read_plan(before)[1] if before else None
    concerned = planning.changed_people(former, after)
    if before is None or plan.state == Plan.State.FINAL:
        concerned = {each.participant for each in after.standings}
    people = [each for each in attendees_of(plan.event) if str(each.pk) in concerned]
    for each in people:
        letters.send(
            request.build_absolute_uri,
            [(each.mail, each.language)],
            "timetable_final" if plan.state == Plan.State.FINAL else "timetable_preliminary",
            _where(key_of(each)),
            title=plan.event.title,
            name=each.name,
            changed=before is not None,
        )
    return len(people)


def _where(key: str) -> Callable[[], str]:
    return lambda: addresses.agenda(key)


@needs("organise")
@require_POST
def late_change(request: AtlasRequest, event: str, change: str) -> HttpResponse:
    """Keep what changed late: somebody does not come, a table is lost or there again."""
    found = event_named(event)
    person = cast(User, request.user)
    match change:
        case "cancel":
            given = request.POST.get("attendee", "")
            attendee = next((each for each in attendees_of(found) if str(each.pk) == given), None)
            if attendee is None:
                raise Http404
            registering.cancel(attendee, person)
            messages.success(request, _("Kept. Adapt the timetable, so that it holds again."))
        case "table-lost" | "table-back":
            _table(found, request, person, lost=change == "table-lost")
            messages.success(request, _("Kept. Adapt the timetable, so that it holds again."))
        case _:
            raise Http404
    return redirect(addresses.event(event, "timetable/"))


def _table(event: MatchmakingEvent, request: AtlasRequest, person: User, *, lost: bool) -> None:
    """A table is not there from a slot on, or is there again."""
    slots = [each["id"] for each in event.slots if not each["is_break"]]
    table, first = request.POST.get("table", ""), request.POST.get("slot") or slots[0]
    if table not in {each["id"] for each in event.tables} or first not in slots:
        raise Http404
    with transaction.atomic():
        now = MatchmakingEvent.objects.select_for_update().get(pk=event.pk)
        for each in now.tables:
            if each["id"] == table:
                gone = set(each["unavailable"]) | set(slots[slots.index(first) :])
                each["unavailable"] = sorted(gone) if lost else []
        now.version += 1
        now.save(update_fields=["tables", "version"])
        audit.note(person, "event.table", f"event:{event.slug}", table=table, lost=lost)


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting of the timetable as a row of its table."""

    slot: str
    start: str
    end: str
    table: str
    a_name: str
    a_organisation: str
    b_name: str
    b_organisation: str
    score: float
    confirmed: bool


MEETING_COLUMNS = {
    "slot": "code of the slot",
    "start": "begin with time zone",
    "end": "end with time zone",
    "table": "name of the table",
    "a_name": "one of the two",
    "a_organisation": "organisation of that one",
    "b_name": "the other one",
    "b_organisation": "organisation of the other one",
    "score": "mutual score, 0-1",
    "confirmed": "whether the meeting was fixed beforehand",
}


def _plan_of(event: MatchmakingEvent) -> Plan:
    plan = draft_plan(event) or shown_plan(event)
    if plan is None:
        raise Http404
    return plan


@needs("organise")
@require_GET
def timetable_table(request: AtlasRequest, event: str) -> HttpResponse:
    """Answer with all meetings as a table for the organiser."""
    _who = request.user.is_authenticated
    found = event_named(event)
    read, timetable = read_plan(_plan_of(found))
    names = tuple(MeetingRow.__dataclass_fields__)
    rows = [
        MeetingRow(**{name: row["table_name" if name == "table" else name] for name in names})
        for row in meeting_rows(read, timetable)
    ]
    return export.table_answer(
        request,
        rows,
        name=f"event-{event}-timetable",
        title=_("%(title)s: timetable") % {"title": found.title},
        source="Cluster Atlas: timetable of the event",
        kind=MeetingRow,
        words=MEETING_COLUMNS,
    )


@needs("organise")
@require_GET
def table_plan(request: AtlasRequest, event: str) -> HttpResponse:
    """Answer with a page for each table, to print and put there."""
    _who = request.user.is_authenticated
    plan = _plan_of(event_named(event))
    answer = HttpResponse(table_plan_pdf(plan), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="tables.pdf"'
    return answer
