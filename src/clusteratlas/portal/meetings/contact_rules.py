"""What may be done to a request for contact, when and by which side."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clusteratlas.portal.meetings.models import ContactRequest

State = ContactRequest.State


class Side(StrEnum):
    """Whose turn it is."""

    SENDER = "sender"
    RECEIVER = "receiver"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a request.

    Attributes
    ----------
    side
        Who takes it.
    before
        States in which it may be taken.
    after
        The state that it leads to.
    """

    side: Side
    before: frozenset[str]
    after: str


_WAITING = frozenset((State.OPEN.value, State.ASKED_BACK.value))

STEPS: dict[str, Step] = {
    "accept": Step(Side.RECEIVER, _WAITING, State.ACCEPTED),
    "decline": Step(Side.RECEIVER, _WAITING, State.DECLINED),
    "ask-back": Step(Side.RECEIVER, frozenset((State.OPEN.value,)), State.ASKED_BACK),
    "answer": Step(Side.SENDER, frozenset((State.ASKED_BACK.value,)), State.OPEN),
    "withdraw": Step(Side.SENDER, _WAITING, State.WITHDRAWN),
}
"""Every step by name. A request also expires, which nobody does."""


def steps_of(contact: ContactRequest, side: Side) -> list[str]:
    """Return the steps that a side may take now.

    >>> steps_of(ContactRequest(state="open"), Side.SENDER)
    ['withdraw']
    """
    return [
        name for name, step in STEPS.items() if step.side == side and contact.state in step.before
    ]
