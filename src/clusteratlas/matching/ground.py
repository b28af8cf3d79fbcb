"""What is known of the organisations of a registry, as arrays that parts of a score are made of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from clusteratlas.atlas import Region, Release
from clusteratlas.classification.definitions import BENCHMARK, DIVISIONS, definition
from clusteratlas.classification.industries import NACE, NAICS
from clusteratlas.matching.affinity import COMPONENTS, Affinity, rarity
from clusteratlas.matching.popularity import sample_of
from clusteratlas.matching.regional import (
    Field,
    Figure,
    Grounded,
    RegionalFigures,
    nothing_measured,
)
from clusteratlas.matching.scores import Flags, Floats, Places
from clusteratlas.matching.weights import Weights
from clusteratlas.organisations import Claim, Profile
from clusteratlas.tables import CannotAnswer

RELATED: Final = 0.5
"""Above this share of all pairs two fields begin to count as related."""

FIELDS_AT_MOST: Final = 5_000


@dataclass(frozen=True, slots=True)
class Organisation:
    """A profile and the name it has in addresses; a draft has none."""

    slug: str
    profile: Profile


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of some organisations: rows are organisations, columns fields.

    Attributes
    ----------
    row
        Their places in the registry, or that of the organisation a draft is of; else -1.
    claims
        Weight of each field they claim: main, side, or 0.
    near
        How related each field is to the nearest other one they claim, skills and input-output
        together, as a share of pairs; NaN where not known.
    best
        The same for each component alone.
    grounded
        Strength and lack in their regions.
    country
        Place of their country in ``Ground.countries``, behind them for one that is not there; -1
        where not known.
    longitude
        Degrees; NaN where not known.
    """

    organisations: tuple[Organisation, ...]
    row: Places
    claims: Floats
    near: Floats
    best: Mapping[str, Floats]
    grounded: Grounded
    country: Places
    longitude: Floats

    @property
    def claiming(self) -> Flags:
        """Which of them claim any field."""
        return np.asarray(self.claims.any(axis=1))

    def of(self, rows: Places) -> Known:
        """Return what is known of some of them."""
        return Known(
            tuple(self.organisations[at] for at in rows),
            self.row[rows],
            self.claims[rows],
            self.near[rows],
            {name: each[rows] for name, each in self.best.items()},
            self.grounded.of(rows),
            self.country[rows],
            self.longitude[rows],
        )


def slug_of(name: str) -> str:
    """Return a name as it stands in addresses.

    >>> slug_of("Netzwerk für Optik e.V.")
    'netzwerk-fur-optik-e-v'
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return "-".join(re.findall(r"\w+", letters)) or "organisation"


def named(profiles: Iterable[Profile] | Mapping[str, Profile]) -> tuple[Organisation, ...]:
    """Return organisations by slug, in the order of slugs whatever order they come in.

    Parameters
    ----------
    profiles
        By slug, or without; then the slug is made of the name, with a number where two
        organisations have one name.

    Example
    -------
    >>> [each.slug for each in named([Profile(name="Optics"), Profile(name="Foods")])]
    ['foods', 'optics']
    """
    if isinstance(profiles, Mapping):
        return tuple(Organisation(slug, profiles[slug]) for slug in sorted(profiles))
    made: dict[str, Profile] = {}
    keyed = [(slug_of(each.name), each.model_dump_json(), each) for each in profiles]
    for slug, _, profile in sorted(keyed, key=lambda each: each[:2]):
        number, free = 1, slug
        while free in made:
            number += 1
            free = f"{slug}-{number}"
        made[free] = profile
    return tuple(Organisation(slug, made[slug]) for slug in sorted(made))


class Ground:
    """The registry, the fields in use, how these relate, and what is measured of regions."""

    def __init__(
        self,
        organisations: Sequence[Organisation],
        *,
        release: Release | None,
        affinities: Sequence[Affinity],
        weights: Weights,
    ) -> None:
        self.organisations = tuple(organisations)
        self.release = release
        self.weights = weights
        self.fields = _fields(self.organisations, affinities, release)
        self.place: Mapping[Field, int] = {field: at for at, field in enumerate(self.fields)}
        self.sources = {each.definition: each.source for each in affinities}
        self.names = _packaged_names(affinities) | _names(release)
        self.related = {name: self._related(affinities, name) for name in COMPONENTS}
        self.together = _mean_known([self.related["skills"], self.related["input_output"]])
        self.figures = RegionalFigures(release, self.fields) if release is not None else None
        self.countries: tuple[str, ...] = tuple(
            sorted({code for each in self.organisations for code in self._countries_of(each)})
        )
        self._rows = _rows(self.organisations)
        self._country = {code: at for at, code in enumerate(self.countries)}
        self.all = self.known(self.organisations)
        self.sample = sample_of(len(self.organisations))
        held = (self.all.claims > 0).sum(axis=0)
        self.claimed_by = held
        self.rarity = rarity(held.astype(np.float64), len(self.organisations)).astype(np.float32)

    def name_of(self, field: Field) -> str:
        """Return the name of a field; its code where the release does not know it."""
        return self.names.get(field, field[1])

    def known(self, organisations: Sequence[Organisation]) -> Known:
        """Return what is known of organisations, of this registry or not."""
        claims = np.zeros((len(organisations), len(self.fields)), np.float32)
        for row, each in enumerate(organisations):
            for claim in each.profile.claims:
                at = self.place.get((claim.definition, claim.cluster))
                if at is not None:
                    claims[row, at] = max(claims[row, at], self.weight(claim))
        best = {name: _nearest(claims, square) for name, square in self.related.items()}
        return Known(
            tuple(organisations),
            np.array([self.twin(each) for each in organisations], dtype=np.intp),
            claims,
            _nearest(claims, self.together),
            best,
            self._grounded(organisations),
            np.array([self._country_place(each) for each in organisations], dtype=np.intp),
            np.array([self.longitude(each) for each in organisations], np.float32),
        )

    def twin(self, organisation: Organisation) -> int:
        """Return the place of an organisation in the registry, or of whom a draft is of; else -1.

        A draft is of the organisation with its identifier, else of the one with its name.
        """
        profile = organisation.profile
        for key in (
            ("slug", organisation.slug),
            ("identifier", profile.identifier.casefold()),
            ("name", profile.name.casefold()),
        ):
            if key[1] and key in self._rows:
                return self._rows[key]
            if key[0] == "slug" and key[1]:
                return -1
        return -1

    def weight(self, claim: Claim) -> float:
        """Return what a claim weighs: main or side."""
        return self.weights.main if claim.weight == "main" else self.weights.side

    def regions(self, organisation: Organisation) -> list[int]:
        """Return the rows of those of its regions that the release measures."""
        if self.figures is None:
            return []
        places = [
            self.figures.places.get((each.scheme, each.region))
            for each in organisation.profile.regions
        ]
        return [at for at in places if at is not None]

    def figures_of(self, organisation: Organisation, field: int) -> list[Figure]:
        """Return what is measured of a field in the regions of an organisation."""
        if self.figures is None or self.release is None:
            return []
        found = []
        for each in organisation.profile.regions:
            at = self.figures.places.get((each.scheme, each.region))
            if at is not None:
                name = self.release.region(each.scheme, each.region).name
                figure = self.figures.figure(at, field, name)
                found += [figure] if figure is not None else []
        return found

    def country(self, organisation: Organisation) -> str:
        """Return its country, as stated or as that of its regions; empty where not known."""
        if organisation.profile.country or self.release is None:
            return organisation.profile.country
        found = {each.country for each in self._places_of(organisation) if each.country}
        return found.pop() if len(found) == 1 else ""

    def _countries_of(self, organisation: Organisation) -> set[str]:
        """Return its country and those that it names in offers and requests."""
        profile = organisation.profile
        named = {code for wish in (*profile.seeks, *profile.offers) for code in wish.countries}
        return {self.country(organisation), *named} - {""}

    def _country_place(self, organisation: Organisation) -> int:
        code = self.country(organisation)
        return self._country.get(code, len(self.countries)) if code else -1

    def longitude(self, organisation: Organisation) -> float:
        """Return its longitude, as stated or as that of its first region; NaN where not known."""
        if organisation.profile.longitude is not None:
            return organisation.profile.longitude
        found = [each.longitude for each in self._places_of(organisation)]
        return next((each for each in found if each is not None), float("nan"))

    def _places_of(self, organisation: Organisation) -> list[Region]:
        if self.release is None:
            return []
        found = []
        for each in organisation.profile.regions:
            try:
                found.append(self.release.region(each.scheme, each.region))
            except CannotAnswer:
                continue
        return found

    def _grounded(self, organisations: Sequence[Organisation]) -> Grounded:
        if self.figures is None:
            return nothing_measured(len(organisations), len(self.fields))
        return self.figures.grounded([self.regions(each) for each in organisations])

    def _related(self, affinities: Sequence[Affinity], component: str) -> Floats:
        square = np.full((len(self.fields),) * 2, np.nan, np.float32)
        for each in affinities:
            at = [self.place[(each.definition, cluster)] for cluster in each.clusters]
            square[np.ix_(at, at)] = each.between(component)
        np.fill_diagonal(square, np.nan)
        return square


def _rows(organisations: Sequence[Organisation]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for row, each in enumerate(organisations):
        found[("slug", each.slug)] = row
        for kind, text in (("identifier", each.profile.identifier), ("name", each.profile.name)):
            if text:
                found.setdefault((kind, text.casefold()), row)
    return found


def beyond_related(near: Floats) -> Floats:
    """Return how related counts: nothing up to ``RELATED``, then up to 1; not known is nothing.

    >>> beyond_related(np.array([0.2, 0.75, np.nan], np.float32)).tolist()
    [0.0, 0.5, 0.0]
    """
    return np.asarray(np.clip((np.nan_to_num(near) - RELATED) / (1 - RELATED), 0, 1), np.float32)


def _nearest(claims: Floats, related: Floats) -> Floats:
    """How related each field is to the nearest field claimed, other than itself."""
    found = np.full(claims.shape, np.nan, np.float32)
    for row, held in enumerate(claims > 0):
        claimed = np.flatnonzero(held)
        if len(claimed):
            found[row] = np.fmax.reduce(related[claimed], axis=0)
    return found


def _mean_known(arrays: Sequence[Floats]) -> Floats:
    known = np.sum([~np.isnan(each) for each in arrays], axis=0)
    whole = np.sum([np.nan_to_num(each) for each in arrays], axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known > 0, whole / known, np.nan), dtype=np.float32)


def _fields(
    organisations: Sequence[Organisation], affinities: Sequence[Affinity], release: Release | None
) -> tuple[Field, ...]:
    found = {
        (claim.definition, claim.cluster) for each in organisations for claim in each.profile.claims
    }
    found |= {(each.definition, cluster) for each in affinities for cluster in each.clusters}
    if release is not None:
        found |= set(_names(release))
    if len(found) > FIELDS_AT_MOST:
        raise CannotAnswer(
            "the registry speaks of too many different fields to compare organisations",
            value=f"{len(found):,}",
            hint=f"at most {FIELDS_AT_MOST:,}; see whether the column of clusters holds clusters",
        )
    return tuple(sorted(found))


def _packaged_names(affinities: Sequence[Affinity]) -> dict[Field, str]:
    """Names of the clusters of definitions that come with the package, release or not."""
    drawn = {BENCHMARK: NAICS[-1], DIVISIONS: NACE}
    found: dict[Field, str] = {}
    for name in sorted({each.definition for each in affinities} & set(drawn)):
        rows = definition(name, drawn[name]).clusters.to_pylist()
        found |= {(name, row["cluster"]): row["name"] for row in rows}
    return found


def _names(release: Release | None) -> dict[Field, str]:
    if release is None:
        return {}
    return {
        (each.definition, cluster.cluster): cluster.name
        for each in release.manifest.definitions
        for cluster in release.clusters(each.definition)
    }
