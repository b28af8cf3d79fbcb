"""Agendas and the table plan as PDF, and agendas as calendars."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.matching.timetable import (
    AgendaEntry,
    Participant,
    Proof,
    Timetable,
    agenda,
    calendar_of,
)
from clusteratlas.portal.language import active
from clusteratlas.portal.meetings.models import Attendee, Plan
from clusteratlas.portal.meetings.planned import read_plan, timetable_input
from clusteratlas.portal.typeset import set_as_pdf


def entries_of(plan: Plan | None, attendee: Attendee) -> tuple[AgendaEntry, ...]:
    """Return somebody's meetings in a timetable; none where there is no timetable with them."""
    if plan is None:
        return ()
    event, timetable = read_plan(plan)
    key = str(attendee.pk)
    return agenda(event, timetable, key) if key in {p.id for p in event.participants} else ()


def calendar(plan: Plan | None, attendee: Attendee) -> str:
    """Return somebody's meetings as iCalendar text."""
    key = str(attendee.pk)
    if plan is not None:
        event, timetable = read_plan(plan)
        if key in {each.id for each in event.participants}:
            return calendar_of(event, timetable, key, stamp=plan.published_at)
    event = timetable_input(attendee.registration.event)
    alone = replace(event, participants=(Participant(key, attendee.name),))
    return calendar_of(alone, Timetable(event.id, (), (), 0, 0, Proof.OPTIMAL), key)


def agenda_pdf(plan: Plan, attendee: Attendee) -> bytes:
    """Return somebody's agenda as PDF."""
    entries = entries_of(plan, attendee)
    organisation = attendee.registration.organisation.name
    days = [
        {
            "day": day,
            "rows": [
                [
                    f"{each.start:%H:%M}\u2013{each.end:%H:%M}",
                    each.table_name,
                    f"{each.partner_name}, {each.organisation}",
                ]
                for each in on_day
            ],
        }
        for day, on_day in groupby(entries, lambda each: f"{each.start:%Y-%m-%d}")
    ]
    said = ngettext("%(count)s meeting", "%(count)s meetings", len(entries)) % {
        "count": len(entries)
    }
    section = {"heading": attendee.name, "beside": organisation, "said": said, "days": days}
    heads = [_("Time"), _("Meeting table"), _("With")]
    return _pdf(plan, _("Agenda of %(name)s") % {"name": attendee.name}, heads, [section])


def table_plan_pdf(plan: Plan) -> bytes:
    """Return what happens at each table, a page for each."""
    event, timetable = read_plan(plan)
    people = {each.id: f"{each.name}, {each.organisation}" for each in event.participants}
    slots = {each.id: each for each in event.slots}
    sections = []
    for table in event.tables:
        meetings = [each for each in timetable.meetings if each.table == table.id]
        if not meetings:
            continue
        days = [
            {
                "day": day,
                "rows": [
                    [
                        f"{slots[each.slot].start:%H:%M}\u2013{slots[each.slot].end:%H:%M}",
                        people[each.a],
                        people[each.b],
                    ]
                    for each in on_day
                ],
            }
            for day, on_day in groupby(meetings, lambda each: f"{slots[each.slot].start:%Y-%m-%d}")
        ]
        name = _("Table %(name)s") % {"name": table.name or table.id}
        said = ngettext("%(count)s meeting", "%(count)s meetings", len(meetings)) % {
            "count": len(meetings)
        }
        sections.append({"heading": name, "beside": "", "said": said, "days": days})
    heads = [_("Time"), _("One"), _("The other")]
    return _pdf(plan, _("Table plan"), heads, sections, apart=True)


def _pdf(
    plan: Plan,
    title: str,
    heads: list[str],
    sections: list[dict[str, Any]],
    *,
    apart: bool = False,
) -> bytes:
    event = plan.event
    content = {
        "title": f"{event.title}: {title}",
        "event": event.title,
        "standing": str(Plan.State(plan.state).label),
        "language": active(),
        "heads": heads,
        "sections": sections,
        "apart": apart,
        "note": _("All times in %(zone)s.") % {"zone": event.time_zone}
        + (
            " " + _("This event is made up to show what the portal can do.")
            if event.fictional
            else ""
        ),
    }
    return set_as_pdf("agenda.typ", content)
