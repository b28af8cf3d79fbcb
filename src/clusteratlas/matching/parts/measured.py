"""Strength behind a match, and what one region lacks and the other has: from measured figures."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from clusteratlas.matching.ground import Ground, Known, beyond_related
from clusteratlas.matching.popularity import UNTOLD, Popularity, expected, popularity_of
from clusteratlas.matching.scores import (
    Floats,
    Places,
    Scores,
    beyond_expected,
    harmonic,
    ratio_of,
)

FLOOR = 0.1
"""How much a claim counts that has nothing to do with the other organisation."""


@dataclass(frozen=True, slots=True)
class StrengthSide:
    """Claims times strength, and how much each field matters to the organisation."""

    claims: Floats
    known: Floats
    value: Floats
    low: Floats
    high: Floats
    matters: Floats

    def of(self, rows: Places) -> StrengthSide:
        """Return those of some of the organisations."""
        return StrengthSide(
            *(
                each[rows]
                for each in (
                    self.claims,
                    self.known,
                    self.value,
                    self.low,
                    self.high,
                    self.matters,
                )
            )
        )


class Strength:
    """The part ``strength``.

    Definition
    ----------
    On each side the mean strength (`regional.strength_of`) of its claims in its regions, each claim
    counting by what it has to do with the other organisation: 1 where that claims the same field,
    less where a related one, a tenth where neither. Of the two sides the harmonic mean: a match of
    a strong claim with an empty one scores low, of two empty ones 0.

    Missing data
    ------------
    A claim whose figures are withheld, not printed or not measured there drops out of the mean and
    widens it. Not known where no claim of one side is measured.
    """

    def __init__(self, ground: Ground) -> None:
        self.all = self.side(ground.all)

    def side(self, known: Known) -> StrengthSide:
        """Return the arrays of organisations."""
        grounded, claims = known.grounded, known.claims
        told = ~np.isnan(grounded.strength)
        same = (claims > 0).astype(np.float32)
        return StrengthSide(
            claims,
            claims * told,
            claims * np.nan_to_num(grounded.strength),
            claims * grounded.strength_low,
            claims * grounded.strength_high,
            np.float32(FLOOR) + np.maximum(same, beyond_related(known.near)),
        )

    def scores(self, mine: StrengthSide, theirs: StrengthSide) -> dict[str, Scores]:
        """Return the part for each pair."""
        return {"strength": harmonic(_side(mine, theirs), _side(theirs, mine).transposed)}


def _side(mine: StrengthSide, theirs: StrengthSide) -> Scores:
    """Strength of mine, as far as it matters to theirs."""
    matters = theirs.matters.T
    weight = mine.claims @ matters
    claiming = weight > 0
    value = ratio_of(mine.value @ matters, mine.known @ matters)
    low, high = ratio_of(mine.low @ matters, weight), ratio_of(mine.high @ matters, weight)
    return Scores(value, np.minimum(low, 1), np.minimum(high, 1)).where(claiming)


@dataclass(frozen=True, slots=True)
class GapSide:
    """What regions need, by relatedness to claims and lack, and what they can give."""

    need: Floats
    need_low: Floats
    need_high: Floats
    told: Floats
    gives: Floats
    gives_low: Floats
    gives_high: Floats
    asking: Floats
    gaining: Popularity = UNTOLD
    giving: Popularity = UNTOLD

    def of(self, rows: Places) -> GapSide:
        """Return those of some of the organisations."""
        return GapSide(
            self.need[rows],
            self.need_low[rows],
            self.need_high[rows],
            self.told[rows],
            self.gives[rows],
            self.gives_low[rows],
            self.gives_high[rows],
            self.asking[rows],
            self.gaining.of(rows),
            self.giving.of(rows),
        )


class Complementarity:
    r"""The part ``complementarity``, as the first organisation sees the second.

    Definition
    ----------
    A field g that the first does not claim is needed in its region by

    .. math:: n_g = r_g \, l_g

    with r how far g is related to its claims by skills and input-output, counted from the middle of
    all pairs on, and l how far the region lacks it: nothing at a quotient of 1, wholly at 1/2. The
    number of gaps that the second's region fills is :math:`c = \sum_g n_g s_g` with s its strength
    there, and the score c / (1 + c): one gap wholly filled is 1/2, three are 3/4. What is to be
    expected of regions that need, or have, much of everything is taken off.

    Input-output says here that two fields deal with each other, not which of them supplies.

    Missing data
    ------------
    A cluster that the office does not print counts as lacking, with open ends. Withheld figures
    drop out: the gaps that can be compared stand for the others. Not known where either region is
    not measured, or the first claims nothing with a known relatedness.
    """

    def __init__(self, ground: Ground) -> None:
        self._sample = ground.sample
        bare = _gaps(ground.all)
        self._sampled = bare.of(ground.sample)
        self.all = self._with_popularity(ground.all, bare)

    def side(self, known: Known) -> GapSide:
        """Return the arrays of organisations that are not of the registry."""
        return self._with_popularity(known, _gaps(known))

    def scores(self, mine: GapSide, theirs: GapSide) -> dict[str, Scores]:
        """Return the part for each pair."""
        raw = _filled(mine, theirs)
        return {
            "complementarity": beyond_expected(
                raw, expected(raw.value, mine.gaining, theirs.giving)
            )
        }

    def _with_popularity(self, known: Known, bare: GapSide) -> GapSide:
        before: GapSide | None = getattr(self, "all", None)
        gaining, giving = (
            popularity_of(
                overlap,
                bare,
                known.row,
                self._sampled,
                self._sample,
                prior=0.0,
                mean=None if old is None else old.mean,
            )
            for overlap, old in (
                (
                    lambda mine, theirs: _filled(mine, theirs).value,
                    before.gaining if before else None,
                ),
                (
                    lambda mine, theirs: _filled(theirs, mine).value.T,
                    before.giving if before else None,
                ),
            )
        )
        return replace(bare, gaining=gaining, giving=giving)


def needs_of(known: Known) -> Floats:
    """Return how related each field that is not claimed is to the claims, 0 to 1."""
    return np.where(known.claims > 0, np.float32(0), beyond_related(known.near))


def _gaps(known: Known) -> GapSide:
    grounded, related = known.grounded, needs_of(known)
    measured = ~np.isnan(grounded.gives)
    asking = (~np.isnan(grounded.lack) & ~np.isnan(known.near)).any(axis=1)
    return GapSide(
        related * np.nan_to_num(grounded.lack),
        related * grounded.lack_low,
        related * grounded.lack_high,
        measured.astype(np.float32),
        np.nan_to_num(grounded.gives),
        grounded.strength_low,
        grounded.strength_high,
        np.asarray(asking, np.float32),
    )


def _filled(mine: GapSide, theirs: GapSide) -> Scores:
    """Return the number of gaps filled, brought to 0 to 1."""
    compared = mine.need @ theirs.told.T
    whole = mine.need.sum(axis=1)[:, None]
    low = mine.need_low @ theirs.gives_low.T
    high = mine.need_high @ theirs.gives_high.T
    count = mine.need @ theirs.gives.T
    filled = count * whole / np.where(compared > 0, compared, 1)
    known = np.logical_and.outer(mine.asking > 0, np.asarray(theirs.told.any(axis=1)))
    known = known & ((compared > 0) | (whole == 0))
    filled = np.clip(filled, low, high)
    value, low, high = (each / (1 + each) for each in (filled, low, high))
    return Scores(value, low, high).where(known)
