"""Related fields: what is near to one another without being the same, each component apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from clusteratlas.matching.affinity import COMPONENTS
from clusteratlas.matching.ground import Ground, Known
from clusteratlas.matching.popularity import Popularity, expected, popularity_of
from clusteratlas.matching.scores import Flags, Floats, Places, Scores, beyond_expected

CHANCE = 0.5
"""Of all pairs of fields the middle one: what is expected of organisations not yet compared."""


@dataclass(frozen=True, slots=True)
class RelatedSide:
    """Claims of organisations and, for each component, what lies near to them.

    Attributes
    ----------
    claims
        Organisations x fields.
    claimed
        Columns of the fields claimed, -1 behind the last.
    best
        By component: how related each field is to the nearest other claim; -1 where not known.
    sums, told
        By component: relatedness of each field to all claims, weighted; and the weight behind it.
    """

    claims: Floats
    claimed: Places
    best: Mapping[str, Floats]
    sums: Mapping[str, Floats]
    told: Mapping[str, Floats]
    popularity: Mapping[str, Popularity]

    def of(self, rows: Places) -> RelatedSide:
        """Return those of some of the organisations."""
        return RelatedSide(
            self.claims[rows],
            self.claimed[rows],
            {name: each[rows] for name, each in self.best.items()},
            {name: each[rows] for name, each in self.sums.items()},
            {name: each[rows] for name, each in self.told.items()},
            {name: each.of(rows) for name, each in self.popularity.items()},
        )


class RelatedFields:
    """The parts ``related_skills``, ``related_input_output`` and ``related_colocation``.

    Definition
    ----------
    Half the best and half the weighted mean relatedness of the claims of one to the claims of the
    other, over pairs of *different* fields; relatedness is a share of all pairs of clusters, so
    that 1/2 is chance. What is to be expected by popularity is taken off: whoever claims many
    fields has one near to everything.

    Missing data
    ------------
    Does not apply where both claim one and the same field only. Not known where one claims nothing
    or no pair has a relatedness; where some have none the score may lie as far as these reach.
    """

    def __init__(self, ground: Ground) -> None:
        self._related = {
            name: (np.nan_to_num(square), (~np.isnan(square)).astype(np.float32))
            for name, square in ground.related.items()
        }
        self._sample = ground.sample
        bare = self._bare(ground.all)
        self._sampled = bare.of(ground.sample)
        self.all = self._with_popularity(ground.all, bare)

    def side(self, known: Known) -> RelatedSide:
        """Return the arrays of organisations that are not of the registry."""
        return self._with_popularity(known, self._bare(known))

    def scores(self, mine: RelatedSide, theirs: RelatedSide) -> dict[str, Scores]:
        """Return the parts for each pair."""
        found = {}
        for name in COMPONENTS:
            raw = self._raw(mine, theirs, name)
            chance = expected(raw.value, mine.popularity[name], theirs.popularity[name])
            found[f"related_{name}"] = beyond_expected(raw, chance)
        return found

    def _raw(self, mine: RelatedSide, theirs: RelatedSide, name: str) -> Scores:
        same = mine.claims @ theirs.claims.T
        whole = mine.claims.sum(axis=1)[:, None] * theirs.claims.sum(axis=1)[None, :] - same
        told = mine.told[name] @ theirs.claims.T
        best = np.full(told.shape, -1, np.float32)
        near = np.append(mine.best[name], np.full((len(told), 1), -1, np.float32), axis=1)
        for column in theirs.claimed.T:
            np.maximum(best, near[:, column], out=best)
        known = told > 0
        mean = mine.sums[name] @ theirs.claims.T / np.where(known, told, 1)
        value = (best + mean) / 2
        share = np.clip(told / np.where(whole > 0, whole, 1), 0, 1)
        both = np.logical_and.outer(_claiming(mine), _claiming(theirs))
        ends = Scores(value, share * value, np.maximum(share * value + 1 - share, value)).where(
            known
        )
        return ends.applying(~(both & (whole <= 1e-6)))

    def _with_popularity(self, known: Known, bare: RelatedSide) -> RelatedSide:
        before = getattr(self, "all", None)
        popularity = {}
        for name in COMPONENTS:
            popularity[name] = popularity_of(
                lambda mine, theirs, name=name: self._raw(mine, theirs, name).value,  # type: ignore[misc]
                bare,
                known.row,
                self._sampled,
                self._sample,
                prior=CHANCE,
                mean=None if before is None else before.popularity[name].mean,
            )
        return RelatedSide(bare.claims, bare.claimed, bare.best, bare.sums, bare.told, popularity)

    def _bare(self, known: Known) -> RelatedSide:
        rows = [np.flatnonzero(each) for each in known.claims > 0]
        most = max((len(each) for each in rows), default=0)
        claimed = np.full((len(rows), most), -1, dtype=np.intp)
        for row, each in enumerate(rows):
            claimed[row, : len(each)] = each
        return RelatedSide(
            known.claims,
            claimed,
            {name: np.nan_to_num(each, nan=-1.0) for name, each in known.best.items()},
            {name: known.claims @ square for name, (square, _) in self._related.items()},
            {name: known.claims @ there for name, (_, there) in self._related.items()},
            {},
        )


def _claiming(side: RelatedSide) -> Flags:
    return np.asarray(side.claims.any(axis=1))
