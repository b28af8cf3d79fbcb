"""Why somebody is suggested, what is not known, and what would change it: for those listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from clusteratlas.matching import explaining_fields as of_fields
from clusteratlas.matching import explaining_profiles as of_profiles
from clusteratlas.matching.explaining_fields import Pair, Reasons
from clusteratlas.matching.pairs import ONE_WAY, Parts, Sides
from clusteratlas.matching.reasons import WORDS_OF_PARTS, said
from clusteratlas.matching.records import PART_NAMES, PartScore, Reason

FIRST: Final = 3
"""So many of the strongest reasons, gaps and changes stand in front."""

LEAST: Final = 0.25
"""A part below this is no reason why, unless there is none better."""

PLACES: Final = 3

_REASONS: Final[Mapping[str, Callable[[Pair, PartScore], Reasons]]] = {
    "same_field": of_fields.same_field,
    "related_skills": of_fields.related,
    "related_input_output": of_fields.related,
    "related_colocation": of_fields.related,
    "strength": of_fields.strength,
    "complementarity": of_fields.complementarity,
    "technology": of_profiles.technology,
    "priorities": of_profiles.priorities,
    "intent": of_profiles.intent,
    "capacity": of_profiles.capacity,
    "novelty": of_profiles.novelty,
    "observed": of_profiles.observed,
}


class Explaining:
    """Reasons for pairs of one organisation and those listed."""

    def __init__(self, parts: Parts, mine: Sides) -> None:
        self._parts = parts
        self._mine = mine

    def parts(self, at: int, bare: Sequence[PartScore]) -> tuple[PartScore, ...]:
        """Return the parts of a pair with their evidence and gaps."""
        theirs = self._parts.all.of(np.array([at], dtype=np.intp))
        pair = Pair(self._parts, self._mine, theirs)
        found = []
        for each in bare:
            evidence, gaps = _REASONS[each.name](pair, each)
            found.append(replace(each, evidence=tuple(evidence), gaps=tuple(gaps)))
        return tuple(found)

    def why(self, parts: Sequence[PartScore]) -> tuple[Reason, ...]:
        """Return the first evidence of the parts that carry most of the score."""
        able = [each for each in parts if each.weight and each.value and each.evidence]
        able.sort(key=lambda each: -each.weight * (each.value or 0))
        carrying = [each for each in able if (each.value or 0) >= LEAST] or able[:1]
        return tuple(each.evidence[0] for each in carrying[:FIRST])

    def missing(self, parts: Sequence[PartScore]) -> tuple[Reason, ...]:
        """Return what is not known, that which leaves most open first, each once."""
        found = [gap for each in sorted(parts, key=_open) if _open(each) < 0 for gap in each.gaps]
        once = {(gap.code, gap.text): gap for gap in reversed(found)}
        return tuple(sorted(once.values(), key=found.index))

    def would_change(
        self, parts: Sequence[PartScore], back: PartScore | None
    ) -> tuple[Reason, ...]:
        """Return what would move the score: parts that are not known, and an offer that meets."""
        found = []
        for each in sorted(parts, key=_open)[:FIRST]:
            if round(-_open(each), PLACES) <= 0:
                continue
            low, high = (
                _score(parts, back, {each.name: end}) for end in (each.low or 0, each.high or 0)
            )
            what = WORDS_OF_PARTS[each.name]
            found.append(said("would_tell", what=what, part=each.name, low=low, high=high))
        intent = next(each for each in parts if each.name == "intent")
        if intent.weight and intent.value is not None and intent.value < 1:
            high = _score(parts, back, {"intent": 1.0})
            found.append(said("would_raise", part="intent", high=high))
        return tuple(found)

    def notes(self) -> tuple[Reason, ...]:
        """Return what holds for the whole list."""
        found = []
        ground = self._parts.ground
        if len(ground.organisations) < 2:
            found.append(said("note_alone"))
        if ground.release is None:
            found.append(said("note_no_release"))
        nobody = [
            name
            for name in PART_NAMES
            if np.isnan(self._parts.average[name])
            and not (ground.release is None and name in ("strength", ONE_WAY))
        ]
        if nobody and len(ground.organisations) > 1:
            found.append(said("note_nobody", parts=tuple(WORDS_OF_PARTS[each] for each in nobody)))
        if not ground.weights.parts["related_colocation"]:
            found.append(said("note_colocation"))
        return tuple(found)


def _open(part: PartScore) -> float:
    """How much of the score a part leaves open, the more the lower, for sorting."""
    return -part.weight * ((part.high or 0) - (part.low or 0)) if part.applies else 0.0


def _score(
    parts: Sequence[PartScore], back: PartScore | None, instead: Mapping[str, float]
) -> float:
    """The score with some parts as given and the others as they are."""
    ways = []
    for way in (None, back):
        whole = weight = low = high = applying = 0.0
        for each in parts:
            part = way if way is not None and each.name == ONE_WAY else each
            if part.low is None or part.high is None:
                continue
            value = instead.get(each.name, part.value)
            low += each.weight * (instead.get(each.name, part.low))
            high += each.weight * (instead.get(each.name, part.high))
            applying += each.weight
            if value is not None:
                whole, weight = whole + each.weight * value, weight + each.weight
        mean = whole / weight if weight else 0.0
        ways.append(min(max(mean, low / applying), high / applying) if applying else 0.0)
    there, here = ways
    return round(2 * there * here / (there + here), PLACES) if there + here else 0.0
