"""Same field: how much of what two organisations claim is the same, rare fields counting more."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from clusteratlas.matching.ground import Ground, Known
from clusteratlas.matching.popularity import UNTOLD, Popularity, expected, popularity_of
from clusteratlas.matching.scores import Floats, Places, Scores, beyond_expected

OPEN = 0.75
"""What a field in common is worth where one of the two names no subcluster: half to all."""


@dataclass(frozen=True, slots=True)
class FieldSide:
    """Claims of organisations, each row of length 1.

    Attributes
    ----------
    fields
        Claims, main or side, by rarity.
    told
        The same, where subclusters are named; 0 elsewhere.
    subclusters
        The same, parted equally among the subclusters named.
    definitions
        Whether they claim anything by each definition.
    popularity
        Mean overlap with the registry.
    """

    fields: Floats
    told: Floats
    subclusters: Floats
    definitions: Floats
    popularity: Popularity = UNTOLD

    def of(self, rows: Places) -> FieldSide:
        """Return those of some of the organisations."""
        return FieldSide(
            self.fields[rows],
            self.told[rows],
            self.subclusters[rows],
            self.definitions[rows],
            self.popularity.of(rows),
        )


class SameField:
    r"""The part ``same_field``.

    Definition
    ----------
    With x the weight of each claim (main or side) times the square root of its rarity, made to
    length 1, the overlap is

    .. math:: k_{ab} = \sum_f x_{af} x_{bf} \, \frac{1 + s_f}{2}

    where s is the cosine of the subclusters that both name in field f: two who name none in common
    share half of it. Where one of them names none it counts 3/4, between 1/2 and 1. What is to be
    expected by popularity (`popularity.expected`) is taken off, and the rest brought to 0 to 1.

    Missing data
    ------------
    Not known where one claims nothing, or where both use different cluster definitions.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        names = {
            (claim.definition, claim.cluster, claim.subcluster.casefold())
            for each in ground.organisations
            for claim in each.profile.claims
            if claim.subcluster
        }
        self._subcluster = {name: at for at, name in enumerate(sorted(names))}
        drawn = sorted({definition for definition, _ in ground.fields})
        of = np.array([drawn.index(definition) for definition, _ in ground.fields], dtype=np.intp)
        self._of_definition = np.zeros((len(ground.fields), len(drawn)), np.float32)
        self._of_definition[np.arange(len(of)), of] = 1
        self._rows = ground.sample
        bare = self._bare(ground.all)
        self._sampled = bare.of(ground.sample)
        self.all = self._with_popularity(ground.all, bare, None)

    def side(self, known: Known) -> FieldSide:
        """Return the arrays of organisations that are not of the registry."""
        popularity = self.all.popularity
        return self._with_popularity(known, self._bare(known), popularity)

    def scores(self, mine: FieldSide, theirs: FieldSide) -> dict[str, Scores]:
        """Return the part for each pair."""
        raw = self._raw(mine, theirs)
        common = _overlap(mine, theirs)
        return {
            "same_field": beyond_expected(raw, expected(common, mine.popularity, theirs.popularity))
        }

    def _raw(self, mine: FieldSide, theirs: FieldSide) -> Scores:
        whole = mine.fields @ theirs.fields.T
        both = mine.told @ theirs.told.T
        closed = (both + mine.subclusters @ theirs.subclusters.T) / 2
        rest = np.maximum(whole - both, 0)
        known = (mine.definitions @ theirs.definitions.T) > 0
        return Scores(
            closed + np.float32(OPEN) * rest, closed + rest / 2, np.minimum(closed + rest, 1)
        ).where(known)

    def _with_popularity(
        self, known: Known, bare: FieldSide, before: Popularity | None
    ) -> FieldSide:
        popularity = popularity_of(
            _overlap,
            bare,
            known.row,
            self._sampled,
            self._rows,
            prior=0.0,
            mean=None if before is None else before.mean,
        )
        return replace(bare, popularity=popularity)

    def _bare(self, known: Known) -> FieldSide:
        heavy = known.claims * np.sqrt(self._ground.rarity)
        length = np.linalg.norm(heavy, axis=1, keepdims=True)
        fields = np.divide(heavy, length, out=np.zeros_like(heavy), where=length > 0)
        told = np.zeros_like(fields)
        subclusters = np.zeros((len(fields), len(self._subcluster)), np.float32)
        for row, each in enumerate(known.organisations):
            named: dict[int, set[str]] = {}
            for claim in each.profile.claims:
                field = self._ground.place.get((claim.definition, claim.cluster))
                if claim.subcluster and field is not None:
                    named.setdefault(field, set()).add(claim.subcluster.casefold())
            for field, words in named.items():
                told[row, field] = fields[row, field]
                for word in words:
                    at = self._subcluster.get((*self._ground.fields[field], word))
                    if at is not None:
                        subclusters[row, at] = fields[row, field] / np.sqrt(len(words))
        definitions = ((known.claims > 0) @ self._of_definition > 0).astype(np.float32)
        return FieldSide(fields, told, subclusters, definitions)


def _overlap(mine: FieldSide, theirs: FieldSide) -> Floats:
    """Return the overlap by clusters alone, NaN where there is no definition in common."""
    known = (mine.definitions @ theirs.definitions.T) > 0
    return np.where(known, mine.fields @ theirs.fields.T, np.float32(np.nan))
