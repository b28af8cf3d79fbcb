"""Things that are at home in regions as dots on the maps that the portal has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clusteratlas.atlas import Region, Release
from clusteratlas.organisations import RegionRef
from clusteratlas.portal.charts.geography import ground_of
from clusteratlas.portal.charts.organisation_dots import Dot, draw_dots, place_of
from clusteratlas.tables import CannotAnswer

GROUNDS = (
    ("us-cbsa", ("us-cbsa", "us-state", "us-rest-of-state", "us-county")),
    ("nuts-2", ("nuts-0", "nuts-1", "nuts-2")),
)
"""Maps in their order, each with the schemes whose regions it can place."""

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class RegionMap(Generic[Thing]):
    """One map with its title.

    Attributes
    ----------
    svg
        The map.
    kinds
        The kinds of dots on it.
    placed
        The things that have a place on it, each once.
    elsewhere
        Regions that it cannot place.
    """

    title: str
    svg: SafeString
    kinds: frozenset[str]
    placed: Sequence[Thing]
    elsewhere: int


def region_maps(
    release: Release,
    things: Iterable[tuple[Thing, Iterable[RegionRef]]],
    dot: Callable[[Region, Sequence[Thing]], Dot],
    label: Callable[[str], str],
) -> list[RegionMap[Thing]]:
    """Return the maps on which things have a place.

    Parameters
    ----------
    things
        Each with the regions where it is at home.
    dot
        From a region and the things there to its dot.
    label
        From the title of a map to what it shows, for those who do not see it.
    """
    given = [(thing, tuple(dict.fromkeys(regions))) for thing, regions in things]
    found = []
    for key, schemes in GROUNDS:
        ground = ground_of(key)
        if ground is None:
            continue
        grounds = {scheme: ground_of(scheme) or ground for scheme in schemes}
        at = _at_regions(release, given, schemes)
        dots = [(region, mine, grounds[region.scheme]) for region, mine in at]
        placed = [
            (place_of(own, region), dot(region, mine), mine)
            for region, mine, own in dots
            if place_of(own, region) is not None
        ]
        if not placed:
            continue
        title = _("United States") if key == "us-cbsa" else _("Europe")
        seen = {id(thing): thing for _spot, _dot, mine in placed for thing in mine}
        found.append(
            RegionMap(
                title,
                draw_dots(
                    ground, [(spot, each) for spot, each, _mine in placed], label=label(title)
                ),
                frozenset(each.kind for _spot, each, _mine in placed if each.kind),
                tuple(seen.values()),
                len(dots) - len(placed),
            )
        )
    return found


def _at_regions(
    release: Release, things: Iterable[tuple[Thing, Sequence[RegionRef]]], schemes: Sequence[str]
) -> list[tuple[Region, list[Thing]]]:
    known = {each.scheme for each in release.manifest.schemes}
    at: dict[tuple[str, str], list[Thing]] = defaultdict(list)
    for thing, regions in things:
        for ref in regions:
            if ref.scheme in schemes and ref.scheme in known:
                at[ref.scheme, ref.region].append(thing)
    found = []
    for (scheme, code), mine in sorted(at.items(), key=lambda each: each[0]):
        try:
            found.append((release.region(scheme, code), mine))
        except CannotAnswer:  # a region that this release does not have is on no map
            continue
    return found
