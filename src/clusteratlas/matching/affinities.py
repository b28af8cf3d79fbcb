"""How the clusters are related that the organisations of a registry claim."""

from __future__ import annotations

from collections.abc import Iterable

from clusteratlas.atlas import Release
from clusteratlas.matching.affinity import Affinity, affinity_of_packaged, affinity_of_release
from clusteratlas.matching.ground import Organisation
from clusteratlas.tables import CannotAnswer


def affinities_for(
    organisations: Iterable[Organisation], release: Release | None
) -> list[Affinity]:
    """Return how the clusters are related of every definition that organisations claim fields of.

    As the release holds it, else as it comes with the package; a definition of which neither knows
    anything is left out, and its related fields are not known.
    """
    claimed = {claim.definition for each in organisations for claim in each.profile.claims}
    found = []
    for definition in sorted(claimed):
        held = _of_release(release, definition) or _of_package(definition)
        found += [held] if held is not None else []
    return found


def _of_release(release: Release | None, definition: str) -> Affinity | None:
    if release is None:
        return None
    try:
        return affinity_of_release(release, definition)
    except CannotAnswer:
        return None


def _of_package(definition: str) -> Affinity | None:
    try:
        return affinity_of_packaged(definition)
    except CannotAnswer:
        return None
