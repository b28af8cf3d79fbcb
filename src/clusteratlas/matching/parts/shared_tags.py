"""Technology and priorities: tags in common, rare ones counting more, and tags that go together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from clusteratlas.matching.affinity import rarity
from clusteratlas.matching.ground import Ground, Known
from clusteratlas.matching.popularity import UNTOLD, Popularity, expected, popularity_of
from clusteratlas.matching.scores import Floats, Places, Scores, beyond_expected, mean_of
from clusteratlas.matching.words import stems
from clusteratlas.organisations import Profile

SHRINKAGE: Final = 5.0
"""Organisations without both tags that each pair of tags starts from."""

TagsOf = Callable[[Profile], Sequence[str]]


@dataclass(frozen=True, slots=True)
class TagSide:
    """Tags of organisations: by rarity with length 1; the same with near tags; and popularity.

    All three arrays are one where near tags do not count.
    """

    tags: Floats
    close: Floats
    closed: Floats
    popularity: Popularity = UNTOLD

    def of(self, rows: Places) -> TagSide:
        """Return those of some of the organisations."""
        tags, popularity = self.tags[rows], self.popularity.of(rows)
        if self.close is self.tags:
            return TagSide(tags, tags, tags, popularity)
        return TagSide(tags, self.close[rows], self.closed[rows], popularity)


class SharedTags:
    r"""How much of the tags of two organisations is the same or goes together.

    Definition
    ----------
    Half the cosine of the tags, each by the root of its rarity, and half the soft cosine

    .. math:: \frac{x' C y}{\sqrt{x' C x} \sqrt{y' C y}}

    with C the closeness of two tags in this registry: 1 for the same, else the number of
    organisations that have both over :math:`\sqrt{(n_t + 5)(n_u + 5)}`. Without ``closeness`` the
    cosine alone. What is to be expected by popularity is taken off.

    Missing data
    ------------
    Not known where one of the two states no tag.

    Source
    ------
    G. Sidorov, A. Gelbukh, H. Gomez-Adorno, D. Pinto (2014), Soft similarity and soft cosine
    measure, Computacion y Sistemas 18(3), equation 9.
    """

    def __init__(self, ground: Ground, tags_of: TagsOf, *, closeness: bool) -> None:
        self._tags_of = tags_of
        self._sample = ground.sample
        known = [set(tags_of(each.profile)) for each in ground.organisations]
        self._place = {tag: at for at, tag in enumerate(sorted(set().union(*known)))}
        held = self._held(ground.all)
        counts = held.sum(axis=0)
        weight = rarity(counts.astype(np.float64), len(held))
        self._weight = np.sqrt(weight).astype(np.float32)
        self.closeness = np.eye(len(self._place), dtype=np.float32)
        self._soft = closeness
        if closeness:
            scale = np.sqrt(counts + SHRINKAGE)
            both = held.T @ held / (scale[:, None] * scale[None, :])
            self.closeness = np.where(self.closeness > 0, self.closeness, both)
        bare = self._bare(ground.all)
        self._sampled = bare.of(ground.sample)
        self.all = self._with_popularity(ground.all, bare)

    def side(self, known: Known) -> TagSide:
        """Return the arrays of organisations that are not of the registry."""
        return self._with_popularity(known, self._bare(known))

    def close(self, tag: str, other: str) -> float:
        """Return the closeness of two tags; 0 where one is unknown here."""
        if tag not in self._place or other not in self._place:
            return 0.0
        return float(self.closeness[self._place[tag], self._place[other]])

    def score(self, mine: TagSide, theirs: TagSide) -> Scores:
        """Return the part for each pair."""
        raw = _overlap(mine, theirs)
        chance = expected(raw, mine.popularity, theirs.popularity)
        known = ~np.isnan(raw)
        return beyond_expected(Scores.known(raw), chance).where(known)

    def _with_popularity(self, known: Known, bare: TagSide) -> TagSide:
        before: TagSide | None = getattr(self, "all", None)
        old = before.popularity if before is not None else None
        popularity = popularity_of(
            _overlap,
            bare,
            known.row,
            self._sampled,
            self._sample,
            prior=0.0,
            mean=None if old is None else old.mean,
        )
        return replace(bare, popularity=popularity)

    def _held(self, known: Known) -> Floats:
        held = np.zeros((len(known.organisations), len(self._place)), np.float32)
        for row, each in enumerate(known.organisations):
            for tag in self._tags_of(each.profile):
                if tag in self._place:
                    held[row, self._place[tag]] = 1
        return held

    def _bare(self, known: Known) -> TagSide:
        held = self._held(known) * self._weight
        others = [
            len(set(self._tags_of(each.profile)) - self._place.keys())
            for each in known.organisations
        ]
        foreign = np.array(others, np.float32)
        length = np.sqrt((held**2).sum(axis=1) + foreign)[:, None]
        if not self._soft:
            tags = _over(held, length, foreign)
            return TagSide(tags, tags, tags)
        close = held @ self.closeness
        soft = np.sqrt((held * close).sum(axis=1) + foreign)[:, None]
        return TagSide(
            _over(held, length, foreign), _over(held, soft, foreign), _over(close, soft, foreign)
        )


def _over(values: Floats, length: Floats, foreign: Floats) -> Floats:
    """Values by length; NaN where an organisation states nothing."""
    none = (length[:, 0] == 0) & (foreign == 0)
    found = values / np.where(length > 0, length, 1)
    found[none] = np.nan
    return np.asarray(found, dtype=np.float32)


def _overlap(mine: TagSide, theirs: TagSide) -> Floats:
    if not mine.tags.shape[1]:
        return np.full((len(mine.tags), len(theirs.tags)), np.nan, np.float32)
    cosine = mine.tags @ theirs.tags.T
    if mine.close is mine.tags:
        return np.minimum(cosine, 1)
    return np.minimum((cosine + mine.close @ theirs.closed.T) / 2, 1)


def technologies(profile: Profile) -> tuple[str, ...]:
    """Return the technology tags of a profile."""
    return profile.technologies


def priority_words(profile: Profile) -> tuple[str, ...]:
    """Return the words of the specialisation priorities of a profile."""
    return tuple(word for each in profile.priorities for word in stems(each))


class Technology:
    """The part ``technology``: overlap and closeness of technology tags (`SharedTags`)."""

    def __init__(self, ground: Ground) -> None:
        self.tags = SharedTags(ground, technologies, closeness=True)
        self.all = self.tags.all

    def side(self, known: Known) -> TagSide:
        """Return the arrays of organisations that are not of the registry."""
        return self.tags.side(known)

    def scores(self, mine: TagSide, theirs: TagSide) -> dict[str, Scores]:
        """Return the part for each pair."""
        return {"technology": self.tags.score(mine, theirs)}


@dataclass(frozen=True, slots=True)
class PrioritySide:
    """Ecosystems, emerging industries and words of priorities."""

    ecosystems: TagSide
    emerging: TagSide
    words: TagSide

    def of(self, rows: Places) -> PrioritySide:
        """Return those of some of the organisations."""
        return PrioritySide(self.ecosystems.of(rows), self.emerging.of(rows), self.words.of(rows))


class Priorities:
    """The part ``priorities``: specialisation priorities, ecosystems and emerging industries.

    Definition
    ----------
    Mean of three overlaps (`SharedTags`, without closeness): words of the priorities, ecosystems,
    emerging industries.

    Missing data
    ------------
    What one of the two does not state drops out of the mean and widens it.
    """

    def __init__(self, ground: Ground) -> None:
        self._ecosystems = SharedTags(ground, lambda each: each.ecosystems, closeness=False)
        self._emerging = SharedTags(ground, lambda each: each.emerging_industries, closeness=False)
        self._words = SharedTags(ground, priority_words, closeness=False)
        self.all = PrioritySide(self._ecosystems.all, self._emerging.all, self._words.all)

    def side(self, known: Known) -> PrioritySide:
        """Return the arrays of organisations that are not of the registry."""
        return PrioritySide(
            self._ecosystems.side(known), self._emerging.side(known), self._words.side(known)
        )

    def scores(self, mine: PrioritySide, theirs: PrioritySide) -> dict[str, Scores]:
        """Return the part for each pair."""
        kinds = [
            self._ecosystems.score(mine.ecosystems, theirs.ecosystems),
            self._emerging.score(mine.emerging, theirs.emerging),
            self._words.score(mine.words, theirs.words),
        ]
        return {"priorities": mean_of(kinds, [1, 1, 1])}
