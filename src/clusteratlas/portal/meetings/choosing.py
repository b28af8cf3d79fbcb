"""The organiser decides who comes: by the rule, by hand, and then tells the applicants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusteratlas.atlas import Release
from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.meetings import addresses, letters
from clusteratlas.portal.meetings.applicants import applicants_of
from clusteratlas.portal.meetings.contacts import NotNow
from clusteratlas.portal.meetings.models import MatchmakingEvent, Registration
from clusteratlas.portal.meetings.selection import SelectionRule, select
from clusteratlas.portal.registry import state

State = Registration.State
DECIDED = (State.SELECTED, State.RESERVE, State.REJECTED)


def apply_rule(event: MatchmakingEvent, release: Release, person: User | None) -> int:
    """Let the rule decide about all applicants but those decided by hand; return how many.

    Places that were given by hand are taken from those of the rule.
    """
    found = list(event.registrations.exclude(state=State.WITHDRAWN).select_related("organisation"))
    by_hand = [each for each in found if each.by_hand]
    rule = SelectionRule.read(event.rule)
    taken = {
        place: sum(each.state == place for each in by_hand)
        for place in (State.SELECTED, State.RESERVE)
    }
    left = SelectionRule.read(
        {
            **rule.document(),
            "places": max(0, rule.places - taken[State.SELECTED]),
            "reserve": max(0, rule.reserve - taken[State.RESERVE]),
        }
    )
    decisions = {
        each.key: each
        for each in select(
            left,
            applicants_of([each for each in found if not each.by_hand], release),
            first_cutoff=event.first_cutoff,
            second_cutoff=event.second_cutoff,
        )
    }
    with transaction.atomic():
        for key, decision in decisions.items():
            Registration.objects.filter(pk=key, by_hand=False).exclude(
                state=State.WITHDRAWN
            ).update(
                state=decision.state,
                checks=[asdict(each) for each in decision.checks],
                rank=decision.rank,
                tied=decision.tied,
                decided_at=timezone.now(),
            )
        audit.note(person, "event.select", f"event:{event.slug}", decided=len(decisions))
        state.bump()
    return len(decisions)


def decide(registration: Registration, to: str, reason: str, person: User) -> None:
    """Decide about an applicant by hand, with the reason that it is told."""
    if to not in DECIDED:
        raise NotNow(_("This is no decision."))
    with transaction.atomic():
        found = Registration.objects.filter(pk=registration.pk).exclude(state=State.WITHDRAWN)
        if not found.update(state=to, reason=reason, by_hand=True, decided_at=timezone.now()):
            raise NotNow(_("The organisation has withdrawn."))
        audit.note(person, "event.decide", f"registration:{registration.pk}", to=to)
        state.bump()


def tell(event: MatchmakingEvent, whole: Callable[[str], str], person: User | None) -> int:
    """Tell applicants what was decided and they do not know yet; return how many."""
    waiting = [
        each
        for each in event.registrations.filter(state__in=DECIDED).select_related("organisation")
        if each.told != each.state
    ]
    count = 0
    with transaction.atomic():
        for each in waiting:
            untold = Registration.objects.filter(pk=each.pk, state=each.state)
            # By condition: of two who tell at the same time one writes the letter.
            if not untold.exclude(told=each.state).update(told=each.state):
                continue
            count += 1
            readers = {one.email: one.language for one in letters.editors_of(each.organisation)}
            letters.send(
                whole,
                readers.items(),
                f"told_{each.state}",
                _where(each.pk),
                title=event.title,
                own=each.organisation.name,
            )
        if count:
            audit.note(person, "event.tell", f"event:{event.slug}", told=count)
    return count


def _where(key: int) -> Callable[[], str]:
    return lambda: addresses.registration(key)
