"""What lies around a region, or in it: its neighbours, the areas of a state."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.utils.translation import gettext as _

from clusteratlas import classification
from clusteratlas.atlas import Region, RegionProfile, Release
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.sentences import heading
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow

MOST_NEIGHBOURS = 12
WITH_NEIGHBOURS = ("us-cbsa", "us-state", "us-county")


def around_sheet(release: Release, view: View, region: Region) -> Sheet | None:
    """Return the areas in a state or nation, or the neighbours of another region."""
    members = [
        each for each in release.members(view.scheme.scheme, region.region) if each.kind != "county"
    ]
    if members and view.scheme.regions > 1:
        return _inside(release, view, region, members)
    codes = neighbours_of(view.scheme.scheme, region.region)
    found = {
        each.region: each
        for each in release.region_profiles(
            view.scheme.scheme, view.year, view.definition.definition
        )
        if each.region in codes
    }
    if not found:
        return None
    return _profiles_sheet(
        view,
        _("Neighbours of %(region)s, %(year)s") % {"region": region.name, "year": view.year},
        list(found.values()),
    )


def _inside(
    release: Release, view: View, region: Region, members: Sequence[Region]
) -> Sheet | None:
    codes = {(each.scheme, each.region) for each in members}
    known = {each.scheme for each in release.manifest.schemes}
    profiles = [
        profile
        for scheme in sorted({each.scheme for each in members} & known)
        for profile in release.region_profiles(scheme, view.year)
        if (profile.scheme, profile.region) in codes
    ]
    profiles.sort(key=lambda each: -(each.employment or 0))
    if not profiles:
        return None
    return _profiles_sheet(
        view,
        _("Metro and micro areas in or across %(region)s, %(year)s")
        % {"region": region.name, "year": view.year},
        profiles,
    )


def _profiles_sheet(view: View, caption: str, profiles: Sequence[RegionProfile]) -> Sheet:
    strong = _("Strong %(clusters)s") % {"clusters": words.word(view.definition.group_words)}
    return Sheet(
        "around",
        caption,
        [
            SheetColumn(_("Region"), number=False),
            SheetColumn(heading(view.scheme.employment_word), str(view.year)),
            SheetColumn(strong),
            SheetColumn(_("Growth a year")),
        ],
        [
            SheetRow(
                each.region_name,
                [
                    Cell(figures.whole(each.employment)),
                    Cell(
                        figures.whole(each.strong_clusters),
                        between=doubt.between(
                            each.strong_clusters_low, each.strong_clusters_high, figures.whole
                        ),
                    ),
                    Cell(figures.growth(each.employment_growth)),
                ],
                addresses.region(each.scheme, each.region, year=each.year),
            )
            for each in profiles[:MOST_NEIGHBOURS]
        ],
    )


def neighbours_of(scheme: str, region: str) -> tuple[str, ...]:
    """Return the codes of the regions next to this one, where borders are known."""
    if scheme not in WITH_NEIGHBOURS:
        return ()
    return _neighbours(scheme).get(region, ())


@lru_cache(maxsize=4)
def _neighbours(scheme: str) -> dict[str, tuple[str, ...]]:
    table = classification.neighbours(scheme)
    found: dict[str, list[str]] = {}
    for one, other in zip(
        table.column("region").to_pylist(), table.column("neighbour").to_pylist(), strict=True
    ):
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return {region: tuple(others) for region, others in found.items()}
