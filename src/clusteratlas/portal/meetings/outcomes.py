"""What came of requests, to learn from: outcomes and parts of suggestions, without names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from clusteratlas.portal.meetings.models import ContactRequest, FollowUp, Outcome

ORDER = (Outcome.NOTHING, Outcome.MEETING, Outcome.AGREEMENT, Outcome.PROJECT)
"""From the least to the most."""


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One request without the names of the two.

    Attributes
    ----------
    request
        Number of the request.
    kind
        Kind of cooperation that was asked for.
    state
        Where the request stands.
    days
        Days from the request to its latest change of state.
    suggested
        Whether it came from a partner suggestion.
    score
        Score of the suggestion, 0-1; none where there was none.
    parts
        Parts of the score, as ``part=value`` with blanks between them.
    furthest
        The furthest thing that came of it and that nobody contradicted.
    confirmed
        Whether the other side confirmed it.
    """

    request: int
    kind: str
    state: str
    days: int
    suggested: bool
    score: float | None
    parts: str
    furthest: str
    confirmed: bool


def outcome_rows() -> list[OutcomeRow]:
    """Return all requests in the order of their numbers."""
    found = ContactRequest.objects.prefetch_related("follow_ups").order_by("pk")
    return [_row(each) for each in found]


def _row(contact: ContactRequest) -> OutcomeRow:
    furthest = furthest_of(list(contact.follow_ups.all()))
    suggestion = contact.suggestion or {}
    parts = {part["part"]: part.get("value") for part in suggestion.get("parts", [])}
    return OutcomeRow(
        contact.pk,
        contact.kind,
        contact.state,
        (contact.changed_at - contact.asked_at).days,
        bool(suggestion),
        suggestion.get("score"),
        " ".join(f"{name}={value:.4f}" for name, value in parts.items() if value is not None),
        furthest.outcome if furthest else "",
        bool(furthest and furthest.confirmed),
    )


def furthest_of(entries: list[FollowUp]) -> FollowUp | None:
    """Return the furthest thing that came of a request and that nobody contradicted."""
    standing = [each for each in entries if each.confirmed is not False]
    order = [each.value for each in ORDER]
    return max(
        standing,
        key=lambda each: (order.index(each.outcome), bool(each.confirmed), each.pk),
        default=None,
    )


def counts() -> dict[str, Counter[str]]:
    """Return how many requests stand where, and how far they led."""
    states: Counter[str] = Counter()
    led: Counter[str] = Counter()
    for row in outcome_rows():
        states[row.state] += 1
        if row.furthest:
            led[row.furthest] += 1
    return {"states": states, "outcomes": led}
