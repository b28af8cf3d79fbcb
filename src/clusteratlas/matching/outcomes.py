"""What became of a suggestion: the record from which weights could one day be learned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from clusteratlas.matching.records import PART_NAMES, Suggestion, Suggestions
from clusteratlas.tables import CannotAnswer

STEPS: Final = ("shown", "asked", "accepted", "declined", "met", "agreement", "project")
"""How far it went. *Shown* belongs to it: what nobody asked for is an outcome too."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One step of one suggestion, with the score as it stood when it was made.

    Attributes
    ----------
    on
        Day of the step.
    asking, suggested
        Slugs of the two organisations; no person is named.
    step
        One of ``STEPS``.
    rank
        Place in the list that was shown.
    weights, release
        Version of the weights and id of the release behind the score.
    score
        The score of the pair.
    parts
        The value of each part in the order of ``PART_NAMES``; ``None`` where it was not known.
    """

    on: date
    asking: str
    suggested: str
    step: str
    rank: int
    weights: str
    release: str
    score: float
    parts: tuple[float | None, ...]

    def row(self) -> dict[str, str | int | float | None]:
        """Return the outcome as a row of a table, a column for each part."""
        held = {f"part_{name}": value for name, value in zip(PART_NAMES, self.parts, strict=True)}
        return {
            "on": self.on.isoformat(),
            "asking": self.asking,
            "suggested": self.suggested,
            "step": self.step,
            "rank": self.rank,
            "weights": self.weights,
            "release": self.release,
            "score": self.score,
            **held,
        }


def outcome_of(found: Suggestions, suggested: Suggestion, step: str, on: date) -> Outcome:
    """Return the record of a step that a suggestion came to.

    Raises
    ------
    CannotAnswer
        There is no such step.

    Example
    -------
    >>> from clusteratlas.matching.records import PartScore, Switches
    >>> parts = tuple(PartScore(name, 0.5, 0.5, 0.5, 0.1) for name in PART_NAMES)
    >>> one = Suggestion(1, 1, "foods", "Foods", "", 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, None, parts)
    >>> many = Suggestions("optics", "Optics", "default 1", "", Switches(), 1, {}, (one,))
    >>> row = outcome_of(many, one, "met", date(2026, 5, 4)).row()
    >>> row["asking"], row["step"], row["part_intent"]
    ('optics', 'met', 0.5)
    """
    if step not in STEPS:
        raise CannotAnswer(
            "a suggestion has no such step", value=step, hint=f"use one of {', '.join(STEPS)}"
        )
    return Outcome(
        on,
        found.slug,
        suggested.slug,
        step,
        suggested.rank,
        found.weights,
        found.release,
        suggested.score,
        tuple(suggested.part(name).value for name in PART_NAMES),
    )
