"""All published organisations in memory, read once for each state of the registry."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from clusteratlas.organisations import Profile
from clusteratlas.portal.registry import state
from clusteratlas.portal.registry.finding import Finder
from clusteratlas.portal.registry.models import Organisation

log = logging.getLogger("clusteratlas.portal")


@dataclass(frozen=True, slots=True)
class Listed:
    """A published organisation as everybody may see it.

    ``profile`` holds no contact without consent; ``version`` is the published one.
    """

    slug: str
    profile: Profile
    version: int
    changed_at: datetime
    published_at: datetime | None

    @property
    def name(self) -> str:
        """The name of the organisation."""
        return self.profile.name


@dataclass(frozen=True, slots=True)
class Shelf:
    """The published organisations, by name; looked up by address, region and cluster.

    ``by_region`` has the key (scheme, region), ``by_cluster`` (definition, cluster).
    """

    token: str
    organisations: Sequence[Listed]
    by_slug: Mapping[str, Listed] = field(init=False)
    by_region: Mapping[tuple[str, str], Sequence[Listed]] = field(init=False)
    by_cluster: Mapping[tuple[str, str], Sequence[Listed]] = field(init=False)
    finder: Finder = field(init=False)

    def __post_init__(self) -> None:
        """Look through all profiles once."""
        regions: dict[tuple[str, str], list[Listed]] = defaultdict(list)
        clusters: dict[tuple[str, str], list[Listed]] = defaultdict(list)
        for each in self.organisations:
            for region in dict.fromkeys(each.profile.regions):
                regions[region.scheme, region.region].append(each)
            for key in dict.fromkeys(
                (claim.definition, claim.cluster) for claim in each.profile.claims
            ):
                clusters[key].append(each)
        object.__setattr__(self, "by_slug", {each.slug: each for each in self.organisations})
        object.__setattr__(self, "by_region", dict(regions))
        object.__setattr__(self, "by_cluster", dict(clusters))
        object.__setattr__(
            self, "finder", Finder((each.slug, each.profile) for each in self.organisations)
        )

    def find(self, text: str, most: int | None = None) -> list[Listed]:
        """Return the organisations that a text finds, best first; accents and typos forgiven."""
        found = [self.by_slug[slug] for slug in self.finder.find(text)]
        return found if most is None else found[:most]


class _Kept:
    """The shelf read last, for all threads of the process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.key: tuple[str, str] | None = None
        self.shelf: Shelf | None = None
        self.rows: Mapping[str, tuple[Any, Listed]] = {}


_kept = _Kept()


def published() -> Shelf:
    """Return the published organisations of now.

    Everything that the public can see of the registry is read from here: lists, maps, claims,
    partner suggestions. Where the database does not answer, the last one known stays. Where the
    state changed and no organisation did, it is the same shelf with the token that it had, so that
    what was worked out for it holds on.
    """
    token = state.current()
    key = (token, str(settings.DATABASES["default"]["NAME"]))
    with _kept.lock:
        if _kept.key == key and _kept.shelf is not None:
            return _kept.shelf
    try:
        rows = _read(_kept.rows)
    except DatabaseError as error:
        with _kept.lock:
            if _kept.shelf is None:
                raise
            log.warning("the registry cannot be read, the last one known stays: %s", error)
            return _kept.shelf
    found = [listed for _raw, listed in rows.values()]
    organisations = tuple(sorted(found, key=lambda each: (each.name.casefold(), each.slug)))
    with _kept.lock:
        before = _kept.shelf
        if before is None or before.organisations != organisations or token == state.NOTHING:
            before = None
    shelf = before or Shelf(token, organisations)
    if token != state.NOTHING:
        with _kept.lock:
            _kept.key, _kept.shelf, _kept.rows = key, shelf, rows
    return shelf


def beside_figures(request: Any) -> Shelf:
    """Return the published organisations for a page of figures, which goes on without them.

    Where the database does not answer and nothing is known yet it is an empty shelf, and the page
    is not kept.
    """
    try:
        return published()
    except DatabaseError as error:
        log.warning("the registry cannot be read, a page goes without it: %s", error)
        request.partly = True
        return Shelf(state.NOTHING, ())


def _read(before: Mapping[str, tuple[Any, Listed]]) -> dict[str, tuple[Any, Listed]]:
    """Read what is published, by slug; what stands as it stood before is not made anew."""
    rows = Organisation.objects.filter(published__isnull=False).exclude(
        state=Organisation.State.WITHDRAWN
    )
    found: dict[str, tuple[Any, Listed]] = {}
    for row in rows.defer("draft"):
        raw, old = before.get(row.slug, (None, None))
        profile = (
            old.profile
            if old is not None and raw == row.published
            else Profile.model_validate(row.published).for_the_public()
        )
        listed = Listed(
            row.slug,
            profile,
            row.published_version or row.version,
            row.changed_at,
            row.published_at,
        )
        found[row.slug] = (row.published, old if old is not None and old == listed else listed)
    return found
