"""The partners suggested to every organisation of a registry, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from clusteratlas.matching.pairs import PairScores
from clusteratlas.matching.records import PART_NAMES
from clusteratlas.matching.scores import Floats, Places


@dataclass(frozen=True, slots=True)
class AllSuggestions:
    """The partners suggested to every organisation, as arrays.

    Attributes
    ----------
    slugs
        Organisations, in the order of rows.
    partners
        Organisations x limit: rows of the partners suggested, -1 where there are no more.
    score, score_low, score_high, expected
        Organisations x limit, NaN where there are no more.
    parts
        Organisations x limit x parts (``PART_NAMES``) x (value, low, high).
    """

    slugs: tuple[str, ...]
    partners: Places
    score: Floats
    score_low: Floats
    score_high: Floats
    expected: Floats
    parts: Floats

    @classmethod
    def empty(cls, slugs: tuple[str, ...], limit: int) -> Self:
        """Return lists in which nobody stands yet."""
        shape = (len(slugs), limit)
        score, low, high, likely = (np.full(shape, np.nan, np.float32) for _ in range(4))
        parts = np.full((*shape, len(PART_NAMES), 3), np.nan, np.float32)
        return cls(slugs, np.full(shape, -1, dtype=np.intp), score, low, high, likely, parts)

    def write(self, rows: Places, listed: Places, scored: PairScores) -> None:
        """Write whom some organisations are suggested, and the figures of these pairs."""
        self.partners[rows] = listed
        there = listed >= 0
        at = np.maximum(listed, 0)

        def taken(values: Floats) -> Floats:
            held = np.take_along_axis(values, at, axis=1)
            return np.where(there, held, np.float32(np.nan))

        self.score[rows] = taken(scored.score.value)
        self.score_low[rows] = taken(scored.score.low)
        self.score_high[rows] = taken(scored.score.high)
        self.expected[rows] = taken(scored.expected)
        for order, part in enumerate(scored.parts.values()):
            for end, values in enumerate((part.value, part.low, part.high)):
                self.parts[rows, :, order, end] = taken(values)
