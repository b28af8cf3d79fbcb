"""The addresses of meetings."""

from __future__ import annotations

from django.urls import URLPattern, path

from clusteratlas.portal.meetings import (
    agenda_pages,
    cockpit_pages,
    contact_pages,
    event_pages,
    registration_pages,
    timetable_pages,
)
from clusteratlas.portal.routes import table

_CONTACT = "requests/<int:contact>/"
_EVENT = "events/<slug:event>/"
_REGISTRATION = "registrations/<int:registration>/"
_AGENDA = "agenda/<str:key>/"

_requests: list[URLPattern] = [
    path("requests/", contact_pages.requests_page),
    path("requests/new/", contact_pages.ask_page),
    path("requests/outcomes/", contact_pages.outcomes_page),
    *table("requests/outcomes", contact_pages.outcomes_table),
    path("requests/blocked/<slug:organisation>/", contact_pages.blocked_page),
    path(_CONTACT, contact_pages.request_page),
    path(f"{_CONTACT}follow-up/", contact_pages.follow_up),
    path(f"{_CONTACT}follow-up/<int:report>/<slug:verdict>/", contact_pages.judge),
    path(f"{_CONTACT}block/", contact_pages.block_other),
    path(f"{_CONTACT}<slug:step>/", contact_pages.step),
]
_events: list[URLPattern] = [
    path("events/", event_pages.events_page),
    path("events/mine/", event_pages.own_events_page),
    path("events/new/", event_pages.new_event),
    path(_EVENT, event_pages.event_page),
    path(f"{_EVENT}agenda/", agenda_pages.public_agenda),
    path(f"{_EVENT}register/", registration_pages.register_page),
    path(f"{_EVENT}edit/", event_pages.edit_event),
    path(f"{_EVENT}state/<slug:to>/", event_pages.change_state),
    path(f"{_EVENT}organise/", cockpit_pages.organise_page),
    path(f"{_EVENT}applicants/", cockpit_pages.applicants_page),
    path(f"{_EVENT}applicants/rule/", cockpit_pages.apply_rule),
    path(f"{_EVENT}applicants/tell/", cockpit_pages.tell_applicants),
    path(f"{_EVENT}applicants/<int:applicant>/", cockpit_pages.decide),
    *table(f"{_EVENT}people", cockpit_pages.people_table),
    path(f"{_EVENT}wishes/", cockpit_pages.wishes_page),
    path(f"{_EVENT}wishes/pairs/", cockpit_pages.add_pair),
    path(f"{_EVENT}wishes/pairs/<int:pair>/remove/", cockpit_pages.remove_pair),
    path(f"{_EVENT}timetable/", timetable_pages.timetable_page),
    path(f"{_EVENT}timetable/compute/", timetable_pages.compute),
    path(f"{_EVENT}timetable/publish/<slug:to>/", timetable_pages.publish),
    path(f"{_EVENT}timetable/late/<slug:change>/", timetable_pages.late_change),
    path(f"{_EVENT}timetable/tables.pdf", timetable_pages.table_plan),
    *table(f"{_EVENT}timetable", timetable_pages.timetable_table),
]
_registrations: list[URLPattern] = [
    path(_REGISTRATION, registration_pages.registration_page),
    path(f"{_REGISTRATION}people/", registration_pages.add_person),
    path(f"{_REGISTRATION}people/<int:person>/<slug:change>/", registration_pages.change_person),
    path(f"{_REGISTRATION}wishes/<int:person>/", registration_pages.wishes_page),
    path(f"{_REGISTRATION}withdraw/", registration_pages.withdraw),
    path(_AGENDA, agenda_pages.agenda_page),
    path(f"{_AGENDA}agenda.pdf", agenda_pages.agenda_as_pdf),
    path(f"{_AGENDA}agenda.ics", agenda_pages.agenda_as_calendar),
    path(f"{_AGENDA}feed.ics", agenda_pages.feed),
]

patterns: list[URLPattern] = [*_requests, *_events, *_registrations]
