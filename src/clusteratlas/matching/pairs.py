"""All parts of the score of many pairs, and the scores that they make, in both directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from clusteratlas.matching.ground import Ground, Known
from clusteratlas.matching.parts.capacity import Capacity
from clusteratlas.matching.parts.intent import Intent
from clusteratlas.matching.parts.measured import Complementarity, Strength
from clusteratlas.matching.parts.network import Network
from clusteratlas.matching.parts.related_fields import RelatedFields
from clusteratlas.matching.parts.same_field import SameField
from clusteratlas.matching.parts.shared_tags import Priorities, Technology
from clusteratlas.matching.records import PART_NAMES
from clusteratlas.matching.scores import Floats, Mean, Places, Scores, harmonic, harmonic_of

ONE_WAY = "complementarity"
"""The only part that the two of a pair may see differently."""


class Part(Protocol):
    """One or several parts of the score, and the arrays they are made of."""

    all: Any

    def side(self, known: Known) -> Any:
        """Return the arrays of organisations."""
        ...

    def scores(self, mine: Any, theirs: Any) -> dict[str, Scores]:
        """Return the parts of the score for each pair."""
        ...


@dataclass(frozen=True, slots=True)
class Sides:
    """What is known of organisations, and the arrays of every part."""

    known: Known
    parts: tuple[Any, ...]

    def of(self, rows: Places) -> Sides:
        """Return those of some of the organisations."""
        return Sides(self.known.of(rows), tuple(each.of(rows) for each in self.parts))


@dataclass(frozen=True, slots=True)
class PairScores:
    """The scores of all pairs of two sides.

    Attributes
    ----------
    parts
        Every part, as the first side sees the second.
    back
        The part that the second side sees differently.
    towards, returned, score
        Weighted mean of the parts in each direction, and their harmonic mean.
    expected
        The score with each unknown part at its average.
    """

    parts: Mapping[str, Scores]
    back: Scores
    towards: Scores
    returned: Scores
    score: Scores
    expected: Floats


class Parts:
    """Every part of the score, built on a registry."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.strength = Strength(ground)
        self.complementarity = Complementarity(ground)
        self.technology = Technology(ground)
        self.intent = Intent(ground)
        self.capacity = Capacity(ground)
        self.network = Network(ground)
        self.each: tuple[Part, ...] = (
            SameField(ground),
            RelatedFields(ground),
            self.strength,
            self.complementarity,
            self.technology,
            Priorities(ground),
            self.intent,
            self.capacity,
            self.network,
        )
        self.all = Sides(ground.all, tuple(part.all for part in self.each))
        self.average: Mapping[str, float] = dict.fromkeys(PART_NAMES, float("nan"))
        self.average = self._averages()

    def sides(self, known: Known) -> Sides:
        """Return the arrays of organisations that are not of the registry."""
        return Sides(known, tuple(part.side(known) for part in self.each))

    def scored(self, mine: Sides, theirs: Sides) -> PairScores:
        """Return the scores of all pairs of two sides."""
        found: dict[str, Scores] = {}
        for part, here, there in zip(self.each, mine.parts, theirs.parts, strict=True):
            found |= part.scores(here, there)
        at = self.each.index(self.complementarity)
        back = self.complementarity.scores(theirs.parts[at], mine.parts[at])[ONE_WAY].transposed
        return self._together(found, back)

    def _together(self, found: dict[str, Scores], back: Scores) -> PairScores:
        weights, average = self.ground.weights.parts, self.average
        there = Mean(back.value.shape)
        for name in PART_NAMES:
            if name != ONE_WAY:
                there.add(found[name], weights[name], average[name])
        here = there.copy()
        there.add(found[ONE_WAY], weights[ONE_WAY], average[ONE_WAY])
        here.add(back, weights[ONE_WAY], average[ONE_WAY])
        towards, returned = there.scores(), here.scores()
        return PairScores(
            {name: found[name] for name in PART_NAMES},
            back,
            towards,
            returned,
            harmonic(towards, returned),
            harmonic_of(there.guessed(), here.guessed()),
        )

    def _averages(self) -> dict[str, float]:
        """Means of the parts where they are known, over evenly many organisations and all."""
        count = len(self.ground.organisations)
        if count < 2:
            return dict(self.average)
        rows = np.arange(0, count, max(1, count // 100), dtype=np.intp)
        found = self.scored(self.all.of(rows), self.all)
        other = rows[:, None] != np.arange(count)[None, :]
        means = {}
        for name, each in found.parts.items():
            known = other & ~np.isnan(each.value)
            means[name] = float(each.value[known].mean()) if known.any() else float("nan")
        return means
