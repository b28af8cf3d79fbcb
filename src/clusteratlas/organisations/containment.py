"""Which regions lie in which: by the release's memberships and by the parents of regions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clusteratlas.atlas import Release

Place = tuple[str, str]
"""Scheme and region."""


@dataclass(frozen=True, slots=True)
class Containment:
    """For each place those around it, the smallest first, and those inside it."""

    above: Mapping[Place, tuple[Place, ...]]
    inside: Mapping[Place, tuple[Place, ...]]


def containment(release: Release) -> Containment:
    """Return which published regions lie in which; kept.

    A metro area of several states lies in each of them; a region whose parent is published (a
    state's nation) lies in it, and in whatever that lies in.
    """
    return release.keep(("containment",), lambda: _asked(release))


def _asked(release: Release) -> Containment:
    direct: dict[Place, list[Place]] = {}
    rows = release.selected(
        "select distinct scheme, region, in_scheme, in_region from memberships order by all"
    )
    for row in rows.to_pylist():
        around = direct.setdefault((row["scheme"], row["region"]), [])
        around.append((row["in_scheme"], row["in_region"]))
    by_code: dict[str, list[Place]] = {}
    regions = [each for info in release.manifest.schemes for each in release.regions(info.scheme)]
    for region in regions:
        by_code.setdefault(region.region, []).append((region.scheme, region.region))
    for region in regions:
        place = (region.scheme, region.region)
        for parent in by_code.get(region.parent or "", ()):
            if parent != place and parent not in direct.setdefault(place, []):
                direct[place].append(parent)
    above = {place: _closed(direct, place) for place in direct}
    inside: dict[Place, list[Place]] = {}
    for place, closed in above.items():
        for other in closed:
            inside.setdefault(other, []).append(place)
    return Containment(above, {place: tuple(sorted(mine)) for place, mine in inside.items()})


def _closed(direct: Mapping[Place, Iterable[Place]], place: Place) -> tuple[Place, ...]:
    """Every place around one, nearer ones first."""
    found: list[Place] = []
    waiting = list(direct.get(place, ()))
    while waiting:
        other = waiting.pop(0)
        if other not in found and other != place:
            found.append(other)
            waiting.extend(direct.get(other, ()))
    return tuple(found)
