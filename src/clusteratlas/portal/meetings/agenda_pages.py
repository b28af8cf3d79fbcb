"""Agendas: one's own under a secret address, and the public one of those who agreed."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.meetings import addresses, event_words
from clusteratlas.portal.meetings.agenda_files import agenda_pdf, calendar, entries_of
from clusteratlas.portal.meetings.event_pages import SECTION, event_named, not_kept
from clusteratlas.portal.meetings.feeds import attendee_of
from clusteratlas.portal.meetings.models import Attendee, Plan
from clusteratlas.portal.meetings.planned import read_plan, shown_plan
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.rights import needs

CALENDAR = "text/calendar; charset=utf-8"


@needs("read")
@require_GET
def agenda_page(request: AtlasRequest, key: str) -> HttpResponse:
    """Show the meetings of whoever has this secret address."""
    attendee = _opened(request, key)
    event = attendee.registration.event
    plan = shown_plan(event)
    entries = entries_of(plan, attendee)
    return page(
        request,
        "meetings/agenda.html",
        section=SECTION,
        attendee=attendee,
        organisation=attendee.registration.organisation,
        event=event,
        plan=plan,
        is_final=plan is not None and plan.state == Plan.State.FINAL,
        days=[
            (day, list(on_day))
            for day, on_day in groupby(entries, lambda each: f"{each.start:%Y-%m-%d}")
        ],
        count=len(entries),
        when=event_words.days_of(event),
        feed=request.build_absolute_uri(addresses.agenda(key, "feed.ics")),
        here=addresses.agenda(key),
    )


@needs("read")
@require_GET
def agenda_as_pdf(request: AtlasRequest, key: str) -> HttpResponse:
    """Answer with an agenda to print."""
    attendee = _opened(request, key)
    plan = shown_plan(attendee.registration.event)
    if plan is None:
        raise Http404
    answer = HttpResponse(agenda_pdf(plan, attendee), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="agenda.pdf"'
    return answer


@needs("read")
@require_GET
def agenda_as_calendar(request: AtlasRequest, key: str) -> HttpResponse:
    """Answer with an agenda for a calendar, to take once."""
    answer = feed(request, key)
    answer.headers["Content-Disposition"] = 'attachment; filename="agenda.ics"'
    return answer


@needs("read")
@require_GET
def feed(request: AtlasRequest, key: str) -> HttpResponse:
    """Answer with an agenda for a calendar that asks again by itself."""
    attendee = _opened(request, key)
    plan = shown_plan(attendee.registration.event)
    return HttpResponse(calendar(plan, attendee), content_type=CALENDAR)


def _opened(request: AtlasRequest, key: str) -> Attendee:
    not_kept(request)
    found = attendee_of(key)
    if found is None or found.cancelled_at is not None:
        raise Http404
    return found


@needs("see_event")
@require_GET
def public_agenda(request: AtlasRequest, event: str) -> HttpResponse:
    """Show the meetings of those who both agreed to be named; count the others."""
    not_kept(request)
    found = event_named(event)
    plan = shown_plan(found)
    if plan is None:
        raise Http404
    read, timetable = read_plan(plan)
    open_ = {
        str(key)
        for key in Attendee.objects.filter(
            registration__event=found, public=True, cancelled_at=None
        ).values_list("pk", flat=True)
    }
    people = {each.id: each for each in read.participants}
    rows = []
    for slot in read.slots:
        meetings = [each for each in timetable.meetings if each.slot == slot.id]
        named = [
            (people[each.a], people[each.b], each.table)
            for each in meetings
            if {each.a, each.b} <= open_
        ]
        rows.append((slot, named, len(meetings) - len(named)))
    return page(
        request,
        "meetings/public_agenda.html",
        section=SECTION,
        event=found,
        plan=plan,
        is_final=plan.state == Plan.State.FINAL,
        days=[
            (day, list(on_day))
            for day, on_day in groupby(rows, lambda row: f"{row[0].start:%Y-%m-%d}")
        ],
        tables={each.id: each.name or each.id for each in read.tables},
        count=len(timetable.meetings),
        named=sum(len(row[1]) for row in rows),
        here=addresses.event(event),
    )
