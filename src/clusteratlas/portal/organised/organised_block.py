"""Who organises a region or a cluster, and what nobody organises: blocks of the map's pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.atlas import Cluster, Region, Release
from clusteratlas.organisations import CoverageRow, check_many
from clusteratlas.organisations.claim_records import ClaimReport
from clusteratlas.organisations.containment import containment
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.addresses import with_query
from clusteratlas.portal.organised.coverage_kept import coverage
from clusteratlas.portal.organised.reason_words import verdict_words
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.registry import addresses as registry_addresses
from clusteratlas.portal.registry.shelf import Listed, Shelf

MOST_ORGANISERS = 12
MOST_GAPS = 8
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """A field that an organisation claims, with the verdict of the map."""

    name: str
    href: str
    verdict: str
    verdict_words: str


@dataclass(frozen=True, slots=True)
class Organiser:
    """An organisation; ``where`` names its region where that is not the page's own."""

    name: str
    href: str
    where: str
    fictional: bool
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Gap:
    """A strong cluster of a region that nobody organises."""

    name: str
    href: str
    jobs: str
    jobs_between: str
    quotient: str
    between: str


@dataclass(frozen=True, slots=True)
class OrganisedBlock:
    """What a page says of organisations. ``gaps`` are of the latest year."""

    sentence: str
    organisers: Sequence[Organiser]
    more: int
    gaps_sentence: str
    gaps: Sequence[Gap]
    coverage_href: str
    listing_href: str
    source: str
    year: int
    unit: str


def of_region(release: Release, shelf: Shelf, view: View, region: Region) -> OrganisedBlock | None:
    """Return who organises a region; nothing where no organisation is published at all."""
    if not shelf.organisations:
        return None
    here = (view.scheme.scheme, region.region)
    around = containment(release)
    near = _listed_at(shelf, [here, *around.above.get(here, ()), *around.inside.get(here, ())])
    found = coverage(shelf, release, view.scheme.scheme, view.definition.definition)
    gaps = [each for each in found.gaps if each.region == region.region]
    own = len(shelf.by_region.get(here, ()))
    return _block(
        release,
        view,
        near,
        own=here,
        wanted=None,
        sentence=_region_sentence(region.name, own, len(near)),
        gaps=gaps,
        named=lambda row: words.cluster(row.cluster_name),
        gaps_sentence=_gaps_sentence(view, len(gaps), region.name),
        listing={"region": ":".join(here)},
    )


def of_cluster(
    release: Release, shelf: Shelf, view: View, cluster: Cluster
) -> OrganisedBlock | None:
    """Return who organises a cluster anywhere, and the strong regions where nobody does."""
    if not shelf.organisations:
        return None
    key = (cluster.definition, cluster.cluster)
    near = list(shelf.by_cluster.get(key, ()))
    found = coverage(shelf, release, view.scheme.scheme, view.definition.definition)
    gaps = [each for each in found.gaps if each.cluster == cluster.cluster]
    name = words.cluster(cluster.name)
    return _block(
        release,
        view,
        near,
        own=None,
        wanted=key,
        sentence=_cluster_sentence(name, len(near)),
        gaps=gaps,
        named=lambda row: row.region_name,
        gaps_sentence=_open_regions(view, len(gaps), name),
        listing={"cluster": f"{key[0]}:{key[1]}"},
    )


def of_region_cluster(
    release: Release, shelf: Shelf, view: View, region: Region, cluster: Cluster
) -> OrganisedBlock | None:
    """Return who organises a cluster in a region, from there, from around it or from inside."""
    if not shelf.organisations:
        return None
    here = (view.scheme.scheme, region.region)
    key = (cluster.definition, cluster.cluster)
    around = containment(release)
    places = [here, *around.above.get(here, ()), *around.inside.get(here, ())]
    near = [
        each
        for each in _listed_at(shelf, places)
        if any((claim.definition, claim.cluster) == key for claim in each.profile.claims)
    ]
    return _block(
        release,
        view,
        near,
        own=here,
        wanted=key,
        sentence=_cluster_sentence(f"{words.cluster(cluster.name)}, {region.name}", len(near)),
        gaps=[],
        named=lambda row: row.cluster_name,
        gaps_sentence="",
        listing={"cluster": f"{key[0]}:{key[1]}"},
    )


def _listed_at(shelf: Shelf, places: Sequence[Place]) -> list[Listed]:
    """Return the organisations of places, those of the first place first, each once."""
    found = {each.slug: each for place in places for each in shelf.by_region.get(place, ())}
    return list(found.values())


def _block(
    release: Release,
    view: View,
    near: Sequence[Listed],
    *,
    own: Place | None,
    wanted: Place | None,
    sentence: str,
    gaps: Sequence[CoverageRow],
    named: Callable[[CoverageRow], str],
    gaps_sentence: str,
    listing: dict[str, str],
) -> OrganisedBlock:
    shown = near[:MOST_ORGANISERS]
    reports = check_many([each.profile for each in shown], release) if shown else []
    return OrganisedBlock(
        sentence,
        [
            _organiser(release, each, report, own, wanted)
            for each, report in zip(shown, reports, strict=True)
        ],
        len(near) - len(shown),
        gaps_sentence,
        [_gap(row, named(row), view) for row in gaps[:MOST_GAPS]],
        with_query(
            "/organisations/coverage/",
            scheme=view.scheme.scheme,
            definition=view.definition_in_address,
        ),
        registry_addresses.listing(**listing),
        view.scheme.source_line,
        view.scheme.years[-1],
        words.word(view.scheme.employment_word),
    )


def _organiser(
    release: Release,
    listed: Listed,
    report: ClaimReport,
    own: Place | None,
    wanted: Place | None,
) -> Organiser:
    profile = listed.profile
    at_home = own is not None and any((r.scheme, r.region) == own for r in profile.regions)
    claims = [
        each
        for each in report.claims
        if wanted is None or (each.claim.definition, each.claim.cluster) == wanted
    ]
    places = [each.region_name for each in claims[0].regions] if claims else []
    return Organiser(
        profile.name,
        registry_addresses.organisation(listed.slug),
        "" if at_home else ", ".join(dict.fromkeys(places[:3])),
        profile.fictional,
        [
            Field(
                words.cluster(each.claim.subcluster or each.cluster_name),
                addresses.cluster(each.claim.definition, each.claim.cluster),
                each.verdict.value,
                verdict_words(each.verdict),
            )
            for each in claims
        ],
    )


def _gap(row: CoverageRow, name: str, view: View) -> Gap:
    return Gap(
        name,
        addresses.region_cluster(
            row.scheme, row.region, row.cluster, definition=view.definition_in_address
        ),
        doubt.jobs(row),
        doubt.jobs_between(row),
        figures.quotient(row.location_quotient),
        doubt.between(row.location_quotient_low, row.location_quotient_high, figures.quotient),
    )


def _region_sentence(place: str, own: int, near: int) -> str:
    if own:
        return ngettext(
            "%(count)s organisation of the registry is at home in %(place)s.",
            "%(count)s organisations of the registry are at home in %(place)s.",
            own,
        ) % {"count": figures.whole(own), "place": place}
    if near:
        return _(
            "No organisation of the registry is at home in %(place)s itself; these work around it "
            "or in a part of it."
        ) % {"place": place}
    return _("No organisation of the registry is at home in %(place)s.") % {"place": place}


def _cluster_sentence(name: str, count: int) -> str:
    if not count:
        return _("No organisation of the registry says that it works in this: %(name)s.") % {
            "name": name
        }
    return ngettext(
        "%(count)s organisation of the registry says that it works in this: %(name)s.",
        "%(count)s organisations of the registry say that they work in this: %(name)s.",
        count,
    ) % {"count": figures.whole(count), "name": name}


def _gaps_sentence(view: View, count: int, place: str) -> str:
    values = {
        "count": figures.whole(count),
        "clusters": words.word(view.definition.group_words),
        "place": place,
    }
    if not count:
        return _("Nothing that is strong here, nearly surely, is without an organisation.")
    return _("Strong in %(place)s, nearly surely, and organised by nobody: %(count)s.") % values


def _open_regions(view: View, count: int, name: str) -> str:
    if not count:
        return _("No region where this is strong, nearly surely, is without an organisation.")
    return _(
        "Strong in this, nearly surely, and organised by nobody; number of %(regions)s: %(count)s."
    ) % {
        "count": figures.whole(count),
        "regions": words.word(view.scheme.region_words),
    }
