"""Events are made, changed, announced and called off. Every change is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.meetings.contacts import NotNow
from clusteratlas.portal.meetings.models import MatchmakingEvent
from clusteratlas.portal.meetings.selection import SelectionRule
from clusteratlas.portal.meetings.slots import TimeBlock, slot_document, slots_of, tables_of
from clusteratlas.portal.registry import state
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.registry.slugs import slug_of
from clusteratlas.tables import Fault, InvalidInput

State = MatchmakingEvent.State
RESERVED = {"new", "mine"}
"""Words that stand for something else right after ``/events/``."""
PLAIN = (
    "title",
    "summary",
    "place",
    "online",
    "website",
    "time_zone",
    "opens_at",
    "first_cutoff",
    "second_cutoff",
    "slot_minutes",
    "pause_minutes",
    "consent",
    "guarantee",
    "cap",
)
"""Fields that are kept as they were given."""


def keep_event(
    event: MatchmakingEvent | None,
    given: dict[str, Any],
    blocks: Sequence[TimeBlock],
    rule: SelectionRule,
    *,
    organisation: Organisation | None,
    person: User | None,
    fictional: bool = False,
) -> MatchmakingEvent:
    """Make an event, or change one.

    Parameters
    ----------
    event
        The event to change; none for a new one.
    given
        As `event_forms.EventForm` cleans it; ``version`` is the one that was seen.

    Raises
    ------
    InvalidInput
        Where the slots cannot be made, each fault with its row.
    NotNow
        Where somebody else has changed the event since.
    """
    slots = slots_of(
        blocks,
        minutes=given["slot_minutes"],
        pause=given["pause_minutes"],
        time_zone=given["time_zone"],
    )
    if slots[0].start <= given["second_cutoff"]:
        raise InvalidInput(
            [Fault(_("The second cut-off lies after the first meeting."), column="second_cutoff")]
        )
    kept: dict[str, Any] = {name: given[name] for name in PLAIN}
    kept |= {
        "blocks": [block_document(each) for each in blocks],
        "slots": [slot_document(each) for each in slots],
        "tables": tables_of(given["tables"], event.tables if event else ()),
        "rule": rule.document(),
        "organisation": organisation,
        "changed_at": timezone.now(),
    }
    with transaction.atomic():
        if event is None:
            event = MatchmakingEvent.objects.create(
                slug=_slug(given["title"]), author=person, fictional=fictional, **kept
            )
        else:
            seen = MatchmakingEvent.objects.filter(pk=event.pk, version=given["version"])
            if not seen.update(**kept, version=F("version") + 1):
                raise NotNow(_("The event has changed since you opened it; nothing was kept."))
            event.refresh_from_db()
        audit.note(person, "event.keep", f"event:{event.slug}", version=event.version)
        if event.is_public:
            state.bump()
    return event


def set_state(event: MatchmakingEvent, to: str, person: User | None) -> None:
    """Announce an event, or call it off."""
    allowed = {State.ANNOUNCED: (State.DRAFT,), State.CANCELLED: (State.DRAFT, State.ANNOUNCED)}
    with transaction.atomic():
        before = MatchmakingEvent.objects.filter(pk=event.pk, state__in=allowed.get(State(to), ()))
        if not before.update(state=to, version=F("version") + 1, changed_at=timezone.now()):
            raise NotNow(_("The event has changed since you opened it; nothing was kept."))
        audit.note(person, f"event.{to}", f"event:{event.slug}")
        state.bump()
    event.refresh_from_db()


def block_document(block: TimeBlock) -> dict[str, Any]:
    """Return a stretch of time as it is kept."""
    return {
        "day": block.day.isoformat(),
        "start": f"{block.start:%H:%M}",
        "end": f"{block.end:%H:%M}",
        "is_break": block.is_break,
    }


def read_block(document: dict[str, Any]) -> TimeBlock:
    """Return a kept stretch of time.

    >>> read_block(block_document(TimeBlock(date(2027, 5, 4), time(9), time(12)))).end
    datetime.time(12, 0)
    """
    return TimeBlock(
        date.fromisoformat(document["day"]),
        time.fromisoformat(document["start"]),
        time.fromisoformat(document["end"]),
        document["is_break"],
    )


def _slug(title: str) -> str:
    taken = set(MatchmakingEvent.objects.values_list("slug", flat=True))
    return slug_of(title, taken | RESERVED)
