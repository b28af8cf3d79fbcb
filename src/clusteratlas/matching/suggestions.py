"""Partner suggestions: every organisation of a registry scored against one, or against all."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Final, Self

import numpy as np
from threadpoolctl import ThreadpoolController

from clusteratlas.atlas import Release
from clusteratlas.matching.affinities import affinities_for
from clusteratlas.matching.affinity import Affinity
from clusteratlas.matching.all_suggestions import AllSuggestions
from clusteratlas.matching.diversified import chance_in_first, diversified
from clusteratlas.matching.explaining import Explaining
from clusteratlas.matching.ground import Ground, Organisation, named
from clusteratlas.matching.pairs import PairScores, Parts, Sides
from clusteratlas.matching.records import (
    PartScore,
    Suggestion,
    Suggestions,
    Switches,
    Wanted,
)
from clusteratlas.matching.scores import Flags, Floats, Places, Scores
from clusteratlas.matching.weights import Weights, default_weights
from clusteratlas.organisations import Profile
from clusteratlas.tables import CannotAnswer

LIMIT: Final = 20
BLOCK: Final = 128
MOST_LIKENESSES: Final = 8_000_000
"""So many likenesses of candidates are held at once, whatever the length of the lists."""

PLACES: Final = 6
"""Scores are compared to this many places, so that no order hangs on rounding."""

TOLD: Final = 5
"""Scores are told to this many places: single precision holds no more after some sums."""

SAME_COUNTRY: Final = np.float32(0.25)
"""How alike two candidates are that have nothing in common but the country."""


class PartnerIndex:
    """A registry prepared for suggestions; build it once and keep it.

    Safe to ask from several threads. What it answers does not depend on the order in which the
    organisations were given.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._ground = parts.ground
        self._row = {each.slug: row for row, each in enumerate(self._ground.organisations)}

    @classmethod
    def of(
        cls,
        profiles: Iterable[Profile] | Mapping[str, Profile],
        release: Release | None = None,
        affinity: Affinity | Sequence[Affinity] | None = None,
        weights: Weights | None = None,
    ) -> Self:
        """Return an index of the organisations of a registry.

        Parameters
        ----------
        profiles
            By slug, or without: slugs are then made of names.
        release
            Where strength and lack are measured; without it those parts are not known.
        affinity
            How clusters are related, one for each cluster definition; `affinities_for` where none
            is given.
        weights
            `default_weights` where none are given.

        Raises
        ------
        CannotAnswer
            When there are no organisations.
        """
        organisations = named(profiles)
        if not organisations:
            raise CannotAnswer("the registry holds no organisation", hint="add profiles to it")
        if affinity is None:
            affinity = affinities_for(organisations, release)
        affinities = [affinity] if isinstance(affinity, Affinity) else list(affinity)
        with _one_thread():
            ground = Ground(
                organisations,
                release=release,
                affinities=affinities,
                weights=weights or default_weights(),
            )
            return cls(Parts(ground))

    @property
    def slugs(self) -> tuple[str, ...]:
        """The slugs of the organisations, in order."""
        return tuple(self._row)

    def find(self, text: str) -> str:
        """Return the slug of the organisation with this slug, name or short name.

        Raises
        ------
        CannotAnswer
            There is none, with those that may have been meant; or there are several.
        """
        if text in self._row:
            return text
        wanted = text.strip().casefold()
        hits = [
            each.slug
            for each in self._ground.organisations
            if wanted
            and wanted in (each.profile.name.casefold(), each.profile.short_name.casefold())
        ]
        if len(hits) == 1:
            return hits[0]
        if hits:
            raise CannotAnswer(
                "several organisations have that name",
                value=text,
                hint=f"say which by its slug: {', '.join(hits[:8])}",
            )
        names = {each.profile.name.casefold(): each for each in self._ground.organisations}
        near = (
            difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)
            or [name for name in sorted(names) if wanted and wanted in name][:3]
        )
        meant = "; ".join(names[name].profile.name for name in near)
        raise CannotAnswer(
            "there is no organisation of that name",
            value=text,
            hint=f"did you mean {meant}?" if meant else "give its full name or slug",
        )

    def suggest(
        self,
        organisation: str | Profile,
        limit: int = LIMIT,
        switches: Switches | None = None,
    ) -> Suggestions:
        """Return the partners suggested to an organisation of the registry or a draft profile.

        Definition
        ----------
        Each part of the score is 0 to 1 (see `clusteratlas.matching.parts`). The score of one
        direction is their weighted mean, that of the pair the harmonic mean of the two. The best
        candidates by expected score are listed so that they are not all alike (`diversified`).

        Parameters
        ----------
        organisation
            A slug, or a profile: a draft is compared with all but the organisation it is of.
        limit
            How many to suggest, at least 1.

        Missing data
        ------------
        A part that is not known drops out of the mean and widens the interval; it never counts as
        zero. For the order it stands at its average in this registry.

        Raises
        ------
        CannotAnswer
            There is no organisation of that slug, or the limit is below 1.
        """
        _at_least_one(limit)
        with _one_thread():
            return self._suggest(organisation, limit, switches or Switches())

    def _suggest(self, organisation: str | Profile, limit: int, asked: Switches) -> Suggestions:
        mine = self._one(organisation)
        found = self._parts.scored(mine, self._parts.all)
        able, left_out = self._able(mine, found, asked)
        listed, pool = self._listed(mine, found, able, limit)
        chance = chance_in_first(
            found.score.low,
            np.where(able, found.expected, np.float32(np.nan)),
            found.score.high,
            limit,
        )
        explaining = Explaining(self._parts, mine)
        chosen = [
            self._suggestion(rank, int(at), pool, found, chance, explaining)
            for rank, at in enumerate(listed[0][listed[0] >= 0], 1)
        ]
        me = mine.known.organisations[0]
        return Suggestions(
            slug=me.slug,
            name=me.profile.name,
            weights=self._ground.weights.title,
            release=self._ground.release.id if self._ground.release is not None else "",
            switches=asked,
            considered=int(able.sum()),
            left_out=left_out,
            suggestions=tuple(chosen),
            notes=explaining.notes(),
        )

    def all_against_all(
        self, limit: int = LIMIT, switches: Switches | None = None
    ) -> AllSuggestions:
        """Return the partners suggested to every organisation, with parts and without sentences."""
        _at_least_one(limit)
        with _one_thread():
            return self._all(limit, switches or Switches())

    def _all(self, limit: int, asked: Switches) -> AllSuggestions:
        count = len(self._row)
        found = AllSuggestions.empty(self.slugs, limit)
        size = max(self._ground.weights.pool, limit)
        block = min(BLOCK, max(1, MOST_LIKENESSES // size**2))
        for start in range(0, count, block):
            rows = np.arange(start, min(start + block, count), dtype=np.intp)
            mine = self._parts.all.of(rows)
            scored = self._parts.scored(mine, self._parts.all)
            able, _ = self._able(mine, scored, asked)
            listed, _ = self._listed(mine, scored, able, limit)
            found.write(rows, listed, scored)
        return found

    def _one(self, organisation: str | Profile) -> Sides:
        if isinstance(organisation, str):
            row = np.array([self._row[self.find(organisation)]], dtype=np.intp)
            return self._parts.all.of(row)
        return self._parts.sides(self._ground.known([Organisation("", organisation)]))

    def _able(
        self, mine: Sides, found: PairScores, asked: Switches
    ) -> tuple[Flags, dict[str, int]]:
        """Return who may be suggested, and how many are left out for which reason."""
        theirs = self._parts.all
        claims = (mine.known.claims > 0).astype(np.float32)
        shared = claims @ (theirs.known.claims > 0).astype(np.float32).T > 0
        claiming = mine.known.claiming[:, None] & theirs.known.claiming[None, :]
        country, other = mine.known.country[:, None], theirs.known.country[None, :]
        stated = (country >= 0) & (other >= 0)
        able = mine.known.row[:, None] != np.arange(len(self._row))[None, :]
        left = {"sector": 0, "border": 0, "partners": 0, "not_known": 0, "no_reason": 0}
        network = self._parts.each.index(self._parts.network)
        partners = self._parts.network.partners(mine.parts[network], theirs.parts[network]) > 0
        for reason, wanted, known, same in (
            ("sector", asked.sector, claiming, shared),
            ("border", asked.border, stated, country == other),
            ("partners", Wanted.any if asked.partners else Wanted.cross, claiming | True, partners),
        ):
            if wanted is Wanted.any:
                continue
            left["not_known"] += int((able & ~known).sum())
            able = able & known
            right = same if wanted is Wanted.same else ~same
            left[reason] += int((able & ~right).sum())
            able = able & right
        scored = found.score.value
        left["not_known"] += int((able & np.isnan(scored)).sum())
        left["no_reason"] += int((able & (scored <= 0)).sum())
        return able & (scored > 0), left

    def _listed(
        self, mine: Sides, found: PairScores, able: Flags, limit: int
    ) -> tuple[Places, Places]:
        """Return whom to list, in order, and the best candidates by score alone."""
        worth = np.where(able, np.round(np.nan_to_num(found.expected), PLACES), np.float32(-1))
        size = min(max(self._ground.weights.pool, limit), worth.shape[1])
        pool = np.argsort(-worth, axis=1, kind="stable")[:, :size]
        held = np.take_along_axis(worth, pool, axis=1)
        relevance = np.where(held < 0, np.float32(np.nan), held)
        chosen = diversified(relevance, self._likeness(pool), limit, self._ground.weights.relevance)
        listed = np.take_along_axis(pool, np.maximum(chosen, 0), axis=1)
        return np.where(chosen >= 0, listed, -1), pool

    def _likeness(self, pool: Places) -> Floats:
        """How alike the candidates of each list are: by fields, and a little by country."""
        side = self._parts.all.parts[0].fields[pool]
        fields = side @ side.transpose(0, 2, 1)
        country = self._ground.all.country[pool]
        same = (country[:, :, None] == country[:, None, :]) & (country[:, :, None] >= 0)
        return np.asarray(np.maximum(fields, SAME_COUNTRY * same), dtype=np.float32)

    def _suggestion(
        self,
        rank: int,
        at: int,
        pool: Places,
        found: PairScores,
        chance: Floats,
        explaining: Explaining,
    ) -> Suggestion:
        them = self._ground.organisations[at]
        bare = [self._part(name, part, at) for name, part in found.parts.items()]
        told = explaining.parts(at, bare)
        return Suggestion(
            rank=rank,
            rank_by_score=int(np.flatnonzero(pool[0] == at)[0]) + 1,
            slug=them.slug,
            name=them.profile.name,
            country=self._ground.country(them),
            score=_told(found.score.value[0, at]) or 0.0,
            score_low=_told(found.score.low[0, at]) or 0.0,
            score_high=_told(found.score.high[0, at]) or 0.0,
            expected=_told(found.expected[0, at]) or 0.0,
            towards=_told(found.towards.value[0, at]) or 0.0,
            back=_told(found.returned.value[0, at]) or 0.0,
            chance=_told(chance[0, at]),
            parts=told,
            why=explaining.why(told),
            missing=explaining.missing(told),
            would_change=explaining.would_change(
                told, self._part("complementarity", found.back, at)
            ),
        )

    def _part(self, name: str, scores: Scores, at: int) -> PartScore:
        value, low, high = (_told(each[0, at]) for each in (scores.value, scores.low, scores.high))
        return PartScore(name, value, low, high, self._ground.weights.parts[name])


@lru_cache(maxsize=1)
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _one_thread() -> AbstractContextManager[object]:
    """Many small products follow: threads would spend their time waiting for one another."""
    limit: AbstractContextManager[object] = _threads().limit(limits=1)
    return limit


def _told(value: float) -> float | None:
    number = float(value)
    return None if np.isnan(number) else round(number, TOLD)


def _at_least_one(limit: int) -> None:
    if limit < 1:
        raise CannotAnswer("a list of suggestions holds at least one", value=str(limit))
