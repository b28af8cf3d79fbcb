"""Where the organisations of a list are: dots on the maps, over a cluster's colours if asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.atlas import Region, Release
from clusteratlas.organisations import check_many
from clusteratlas.organisations.claim_records import Verdict
from clusteratlas.portal.charts.organisation_dots import Dot
from clusteratlas.portal.organised.reason_words import verdict_words
from clusteratlas.portal.organised.region_maps import region_maps
from clusteratlas.portal.registry import addresses
from clusteratlas.portal.registry.shelf import Listed

NAMED = 3
LADDER = tuple(Verdict)
MOST_CHECKED = 400
"""Beyond so many organisations dots carry no verdict: a page must not take seconds."""

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ListingMap:
    """One map with its title and what its dots mean."""

    title: str
    svg: SafeString
    verdicts: Sequence[tuple[str, str]]
    elsewhere: int


def listing_maps(
    release: Release, listed: Sequence[Listed], cluster: Place | None
) -> list[ListingMap]:
    """Return the maps on which the organisations of a list have a place.

    Parameters
    ----------
    listed
        The organisations of all pages of the list.
    cluster
        Definition and code of the cluster the list is filtered by; dots then carry the verdict on
        that claim.
    """
    verdicts = _verdicts(release, listed, cluster) if cluster else {}
    maps = region_maps(
        release,
        [(each, each.profile.regions) for each in listed],
        lambda region, mine: _dot(region, mine, verdicts, cluster),
        lambda title: _("Where the organisations of this list are: %(title)s") % {"title": title},
    )
    return [
        ListingMap(
            each.title,
            each.svg,
            [(one.value, verdict_words(one)) for one in LADDER if one.value in each.kinds],
            each.elsewhere,
        )
        for each in maps
    ]


def _verdicts(
    release: Release, listed: Sequence[Listed], cluster: Place
) -> dict[tuple[str, Place], Verdict]:
    """Return the verdict on a cluster for each organisation and region of the list."""
    if len(listed) > MOST_CHECKED:
        return {}
    reports = check_many([each.profile for each in listed], release)
    return {
        (each.slug, (check.region.scheme, check.region.region)): check.verdict
        for each, report in zip(listed, reports, strict=True)
        for claim in report.claims
        if (claim.claim.definition, claim.claim.cluster) == cluster
        for check in claim.regions
    }


def _dot(
    region: Region,
    mine: Sequence[Listed],
    verdicts: dict[tuple[str, Place], Verdict],
    cluster: Place | None,
) -> Dot:
    place = (region.scheme, region.region)
    held = [verdicts[each.slug, place] for each in mine if (each.slug, place) in verdicts]
    best = min(held, key=LADDER.index) if held else None
    names = ", ".join(each.name for each in mine[:NAMED])
    said = ngettext(
        "%(region)s: %(count)s organisation (%(names)s)",
        "%(region)s: %(count)s organisations (%(names)s)",
        len(mine),
    ) % {"region": region.name, "count": len(mine), "names": names}
    if best is not None:
        said = f"{said}: {verdict_words(best)}"
    href = (
        addresses.organisation(mine[0].slug)
        if len(mine) == 1
        else addresses.listing(
            region=f"{region.scheme}:{region.region}",
            cluster=":".join(cluster) if cluster else None,
        )
    )
    return Dot(region, href, len(mine), said, best.value if best else "")
