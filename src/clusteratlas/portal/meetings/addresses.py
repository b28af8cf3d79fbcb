"""Where requests, events and agendas live."""

from __future__ import annotations

from clusteratlas.portal.addresses import with_query
from clusteratlas.portal.language import at


def requests(*, organisation: str = "") -> str:
    """Return the address of one's requests, of one organisation where named."""
    return with_query("/requests/", organisation=organisation)


def asking(*, to: str, sender: str = "") -> str:
    """Return the address of the form that asks an organisation for contact."""
    return with_query("/requests/new/", to=to, sender=sender)


def contact(key: int, action: str = "") -> str:
    """Return the address of a request, or of something done to it."""
    return at(f"/requests/{key}/{f'{action}/' if action else ''}")


def blocked(organisation: str) -> str:
    """Return the address of the organisations that one takes no requests from."""
    return at(f"/requests/blocked/{organisation}/")


def events() -> str:
    """Return the address of all events."""
    return at("/events/")


def own_events() -> str:
    """Return the address of one's own registrations and events."""
    return at("/events/mine/")


def event(slug: str, place: str = "") -> str:
    """Return the address of an event, or of one of its pages, such as ``timetable/``."""
    return at(f"/events/{slug}/{place}")


def registration(key: int, place: str = "") -> str:
    """Return the address of a registration, or of one of its pages."""
    return at(f"/registrations/{key}/{place}")


def agenda(key: str, place: str = "") -> str:
    """Return the secret address of a person's agenda, or of a form of it."""
    return at(f"/agenda/{key}/{place}")


def profile(organisation: str) -> str:
    """Return the address of an organisation's profile."""
    return at(f"/organisations/{organisation}/")
