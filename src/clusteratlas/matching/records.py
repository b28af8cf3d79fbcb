"""What partner suggestions answer with: parts, reasons, and the list, as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

PART_NAMES: Final = (
    "same_field",
    "related_skills",
    "related_input_output",
    "related_colocation",
    "strength",
    "complementarity",
    "technology",
    "priorities",
    "intent",
    "capacity",
    "novelty",
    "observed",
)
"""The parts of a score, in the order in which they are shown."""

Parameter = str | int | float | tuple[str, ...] | None


class Wanted(StrEnum):
    """Which pairs a switch lets through: across a border only, within only, or any."""

    any = "any"
    cross = "cross"
    same = "same"


@dataclass(frozen=True, slots=True)
class Switches:
    """What kind of partner is asked for.

    Attributes
    ----------
    sector
        *cross*: only organisations that claim no cluster in common with this one; *same*: only
        those that do.
    border
        *cross*: only organisations of another country; *same*: only of this one.
    partners
        Whether organisations that are partners already are suggested too.
    """

    sector: Wanted = Wanted.any
    border: Wanted = Wanted.any
    partners: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence with its code and parameters, so that it can be said in another language.

    >>> Reason("shared_fields", {"fields": ("Optics",)}, "Both work in Optics.").text
    'Both work in Optics.'
    """

    code: str
    parameters: Mapping[str, Parameter]
    text: str


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part of the score of a pair.

    Attributes
    ----------
    name
        One of ``PART_NAMES``.
    value
        0 to 1; ``None`` where it is not known or does not apply.
    low, high
        Between which ends the value lies, whatever the figures that are missing turn out to be;
        ``None`` where the part does not apply to the pair.
    weight
        What it weighs in the score, before the weights of all parts are made to sum to 1.
    evidence
        What the value rests on.
    gaps
        What is not known, and whose profile or figures would say it.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    weight: float
    evidence: tuple[Reason, ...] = ()
    gaps: tuple[Reason, ...] = ()

    @property
    def applies(self) -> bool:
        """Whether the part says anything about this pair."""
        return self.low is not None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An organisation worth meeting, with the reasons.

    Attributes
    ----------
    rank
        Place in the list, which is diversified; 1 first.
    rank_by_score
        Place among all candidates by ``expected`` alone.
    score, score_low, score_high
        Harmonic mean of the two directions, and its ends over all that is not known.
    expected
        The score with each unknown part at its average in this registry: what the list is
        ordered by.
    towards, back
        The score as this organisation sees the other, and as the other sees it.
    chance
        Chance that the organisation belongs among the first ``limit``, given the intervals of all
        candidates; ``None`` where it was not asked for.
    why, missing, would_change
        The strongest evidence; what is not known; what would move the score, and to where.
    """

    rank: int
    rank_by_score: int
    slug: str
    name: str
    country: str
    score: float
    score_low: float
    score_high: float
    expected: float
    towards: float
    back: float
    chance: float | None
    parts: tuple[PartScore, ...]
    why: tuple[Reason, ...] = ()
    missing: tuple[Reason, ...] = ()
    would_change: tuple[Reason, ...] = ()

    def part(self, name: str) -> PartScore:
        """Return a part by its name."""
        return next(each for each in self.parts if each.name == name)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The partners suggested to one organisation.

    Attributes
    ----------
    slug, name
        The organisation that asked; the slug of a draft profile is empty.
    weights
        Name and version of the weights used.
    release
        Id of the release behind measured parts; empty without one.
    considered
        Organisations that were compared.
    left_out
        How many were left out, by reason: ``sector``, ``border``, ``partners``, ``not_known``
        (nothing of the pair is), ``no_reason`` (nothing that is known speaks for it).
    notes
        What holds for the whole list, such as parts that nothing here can measure.
    """

    slug: str
    name: str
    weights: str
    release: str
    switches: Switches
    considered: int
    left_out: Mapping[str, int]
    suggestions: tuple[Suggestion, ...]
    notes: tuple[Reason, ...] = field(default=())


def as_document(found: Suggestions) -> dict[str, Any]:
    """Return suggestions as plain dictionaries and lists, ready for JSON.

    >>> none = Suggestions("", "Draft", "default 1", "", Switches(), 0, {}, ())
    >>> as_document(none)["switches"]
    {'sector': 'any', 'border': 'any', 'partners': False}
    """
    return {
        "organisation": {"slug": found.slug, "name": found.name},
        "weights": found.weights,
        "release": found.release or None,
        "switches": {
            "sector": found.switches.sector.value,
            "border": found.switches.border.value,
            "partners": found.switches.partners,
        },
        "considered": found.considered,
        "left_out": dict(found.left_out),
        "notes": [_reason(each) for each in found.notes],
        "suggestions": [_suggestion(each) for each in found.suggestions],
    }


def _suggestion(each: Suggestion) -> dict[str, Any]:
    return {
        "rank": each.rank,
        "rank_by_score": each.rank_by_score,
        "organisation": {"slug": each.slug, "name": each.name, "country": each.country or None},
        "score": each.score,
        "score_low": each.score_low,
        "score_high": each.score_high,
        "expected": each.expected,
        "towards": each.towards,
        "back": each.back,
        "chance": each.chance,
        "parts": [
            {
                "part": part.name,
                "value": part.value,
                "low": part.low,
                "high": part.high,
                "weight": part.weight,
                "applies": part.applies,
                "evidence": [_reason(reason) for reason in part.evidence],
                "gaps": [_reason(reason) for reason in part.gaps],
            }
            for part in each.parts
        ],
        "why": [_reason(reason) for reason in each.why],
        "missing": [_reason(reason) for reason in each.missing],
        "would_change": [_reason(reason) for reason in each.would_change],
    }


def _reason(each: Reason) -> dict[str, Any]:
    parameters = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in each.parameters.items()
    }
    return {"code": each.code, "parameters": parameters, "text": each.text}
