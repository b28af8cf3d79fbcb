"""Requests for contact and matchmaking events, as the database keeps them."""

from clusteratlas.portal.meetings.models.contact import (
    Block,
    ContactRequest,
    FollowUp,
    Line,
    Outcome,
)
from clusteratlas.portal.meetings.models.event import (
    Attendee,
    MatchmakingEvent,
    Pair,
    Plan,
    Preference,
    Registration,
)

__all__ = [
    "Attendee",
    "Block",
    "ContactRequest",
    "FollowUp",
    "Line",
    "MatchmakingEvent",
    "Outcome",
    "Pair",
    "Plan",
    "Preference",
    "Registration",
]
