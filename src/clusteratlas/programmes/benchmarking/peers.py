"""Peers: the pool of those who agreed to share, filters over it, and what may not be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from itertools import combinations

from clusteratlas.organisations.profile import Profile
from clusteratlas.programmes.benchmarking.answers import Assessed, Assessment
from clusteratlas.programmes.benchmarking.questionnaire import Questionnaire
from clusteratlas.programmes.benchmarking.rule import BenchmarkRule, band_of, benchmark_rule
from clusteratlas.programmes.benchmarking.scoring import Score, score


@dataclass(frozen=True, slots=True)
class PeerFilter:
    """Who counts as a peer; an empty demand asks nothing.

    ``field`` is a cluster as definition:cluster, ``age`` and ``members`` are bands of the rule.
    """

    country: str = ""
    field: str = ""
    technology: str = ""
    age: str = ""
    members: str = ""

    @property
    def demands(self) -> tuple[tuple[str, str], ...]:
        """Those demands that ask something: (name, value)."""
        held = ((each.name, getattr(self, each.name)) for each in fields(self))
        return tuple((name, value) for name, value in held if value)


DEMANDS = tuple(each.name for each in fields(PeerFilter))
IN_BANDS = ("country", "age", "members")
"""Demands of which an organisation meets one value alone."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What an organisation is filtered by; empty is not stated and meets no demand."""

    country: str = ""
    fields: frozenset[str] = frozenset()
    technologies: frozenset[str] = frozenset()
    age: str = ""
    members: str = ""

    def meets(self, demands: Iterable[tuple[str, str]]) -> bool:
        """Whether every demand is met."""
        return all(value in self.values(name) for name, value in demands)

    def values(self, demand: str) -> frozenset[str]:
        """The values by which a demand can be met."""
        if demand == "field":
            return self.fields
        if demand == "technology":
            return self.technologies
        value = getattr(self, demand)
        return frozenset((value,)) if value else frozenset()


def traits_of(assessed: Assessed, on: date, *, rule: BenchmarkRule | None = None) -> Traits:
    """Return what an organisation is filtered by on a day.

    >>> traits_of(Assessed(name="Optics", founded=2015, members=40), date(2025, 1, 1)).age
    '6-10'
    """
    rule = rule or benchmark_rule()
    age = None if assessed.founded is None else on.year - assessed.founded
    return Traits(
        assessed.country,
        frozenset(assessed.fields),
        frozenset(assessed.technologies),
        band_of(age, rule.age_years),
        band_of(assessed.members, rule.members),
    )


def assessed_of(profile: Profile) -> Assessed:
    """Return what a profile states of what peers are found by.

    >>> assessed_of(Profile(name="Optics", country="DE")).country
    'DE'
    """
    return Assessed(
        name=profile.name,
        country=profile.country,
        fields=tuple(f"{each.definition}:{each.cluster}" for each in profile.claims),
        technologies=profile.technologies,
        founded=profile.founded,
        members=profile.members.total,
    )


@dataclass(frozen=True, slots=True)
class Peer:
    """An organisation of the pool: its name is for nobody to see, and goes in nowhere."""

    name: str
    traits: Traits
    score: Score


@dataclass(frozen=True, slots=True)
class Pool:
    """Those who agreed to share, and the traits of everybody they stand for.

    ``everybody`` are the traits of all organisations of the registry that could have answered;
    empty where that is not known, and positions are then told as of a large number.
    """

    peers: tuple[Peer, ...]
    everybody: tuple[Traits, ...] = ()


def pool_of(
    assessments: Sequence[Assessment],
    questionnaire: Questionnaire,
    *,
    without: str = "",
    everybody: Sequence[Traits] = (),
    rule: BenchmarkRule | None = None,
) -> Pool:
    """Return the pool of a questionnaire: the latest round of everybody who agreed to share.

    Parameters
    ----------
    assessments
        Any; those of other questionnaires, without a round, or not shared stay out.
    questionnaire
        Rounds of another name or version are not comparable.
    without
        The organisation that asks: nobody is a peer of itself.
    everybody
        Traits of all organisations that the pool stands for.
    """
    peers = [
        Peer(
            each.organisation.name,
            traits_of(each.organisation, each.latest.date, rule=rule),
            score(each.latest, questionnaire),
        )
        for each in assessments
        if each.shared
        and each.latest is not None
        and each.questionnaire == questionnaire.key
        and each.organisation.name != without
    ]
    ordered = tuple(sorted(peers, key=lambda each: each.name))
    return Pool(ordered, tuple(everybody))


class Refusal(StrEnum):
    """Why nothing is told of the peers of a filter."""

    too_few = "too_few"
    left_out = "left_out"
    line = "line"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The peers of a filter, or why nothing is told of them.

    ``population`` is the number of organisations that the peers stand for; none where not known.
    """

    demands: tuple[tuple[str, str], ...]
    peers: tuple[Peer, ...]
    population: int | None
    refusal: Refusal | None

    @property
    def told(self) -> int | None:
        """How many peers there are; none where that is not told."""
        return None if self.refusal else len(self.peers)


def choose(pool: Pool, asked: PeerFilter, *, rule: BenchmarkRule | None = None) -> Chosen:
    """Return the peers that meet a filter, unless telling of them would give somebody away.

    Definition
    ----------
    Nothing is told of fewer than ``minimum_peers``. Nor is it where the filter leaves out of any
    wider one (the same with some of its demands dropped) at least one and fewer than
    ``minimum_left_out``, since the two answers could be subtracted. Nor, along a demand of which
    everybody meets one value alone (country, age, members), where the values that may not be told
    are together fewer than ``minimum_left_out``: the smallest value that could be told is then
    withheld too.

    Parameters
    ----------
    pool
        Without the organisation that asks.
    asked
        The filter.

    Returns
    -------
    Chosen
        With no peers where it refuses.
    """
    rule = rule or benchmark_rule()
    demands = asked.demands
    found = tuple(each for each in pool.peers if each.traits.meets(demands))
    refusal = _refusal(pool.peers, found, demands, rule)
    population = None
    if pool.everybody:
        standing = sum(each.meets(demands) for each in pool.everybody)
        population = max(standing, len(found))
    return Chosen(demands, () if refusal else found, population, refusal)


def _refusal(
    pool: Sequence[Peer],
    found: Sequence[Peer],
    demands: tuple[tuple[str, str], ...],
    rule: BenchmarkRule,
) -> Refusal | None:
    if len(found) < rule.minimum_peers:
        return Refusal.too_few
    for count in range(len(demands)):
        for kept in combinations(demands, count):
            wider = sum(each.traits.meets(kept) for each in pool)
            if 0 < wider - len(found) < rule.minimum_left_out:
                return Refusal.left_out
    for name, value in demands:
        if name in IN_BANDS:
            others = tuple(each for each in demands if each[0] != name)
            if value in _withheld_beside(pool, name, others, rule):
                return Refusal.line
    return None


def _withheld_beside(
    pool: Sequence[Peer],
    name: str,
    others: tuple[tuple[str, str], ...],
    rule: BenchmarkRule,
) -> set[str]:
    """The values along a demand that are withheld for the sake of the others."""
    line = [each for each in pool if each.traits.meets(others)]
    counts = Counter(next(iter(each.traits.values(name)), "") for each in line)
    hidden = sum(count for count in counts.values() if count < rule.minimum_peers)
    told = sorted((count, value) for value, count in counts.items() if count >= rule.minimum_peers)
    withheld = set()
    while told and 0 < hidden < rule.minimum_left_out:
        count, value = told.pop(0)
        withheld.add(value)
        hidden += count
    return withheld
