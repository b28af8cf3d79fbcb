"""Up to ten clusters side by side, over the regions of a scheme or within one region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Cluster, ClusterProfile, Region, RegionalCluster
from clusteratlas.portal import addresses, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.asking import Choice, View, asked_word, asked_year
from clusteratlas.portal.pages.compare_asked import (
    MOST,
    Added,
    added_cluster,
    asked_clusters,
    asked_list,
)
from clusteratlas.portal.pages.compare_cluster_blocks import inside_blocks, over_blocks
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.picks import default_scheme
from clusteratlas.portal.sentences import short_name

SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class Chosen:
    """One cluster compared."""

    number: int
    cluster: Cluster

    @property
    def name(self) -> str:
        """Its name in the language spoken now."""
        return words.cluster(self.cluster.name)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an address asks for, checked."""

    view: View
    clusters: tuple[Chosen, ...]
    twice: tuple[str, ...]
    region: Region | None
    year: int | None

    @property
    def codes(self) -> list[str]:
        """The codes of the clusters."""
        return [each.cluster.cluster for each in self.clusters]

    def address(self, codes: Sequence[str], *, year: int | None = None, table: str = "") -> str:
        """Return the address of the same comparison of other clusters."""
        return addresses.compare_clusters(
            codes,
            definition=self.view.definition.definition,
            scheme=self.view.scheme.scheme,
            region=self.region.region if self.region else None,
            year=year or self.year,
            table=table,
        )


@require_safe
def compare_page(request: AtlasRequest) -> HttpResponse:
    """Show clusters side by side; with fewer than two, how to choose them."""
    release = request.release
    asked = read_comparison(request)
    added = added_cluster(request, release, asked.view.definition.definition)
    if added and added.token:
        codes = asked.codes + [added.token] * (added.token not in asked.codes)
        if len(codes) > MOST:
            raise BadAddress(
                _("no more than %(most)s are compared at once") % {"most": MOST},
                value=added.text,
                hint=_("remove one first"),
            )
        return HttpResponseRedirect(asked.address(codes))
    blocks = None
    if len(asked.clusters) > 1:
        chosen = [each.cluster for each in asked.clusters]
        blocks = (
            inside_blocks(release, asked.view, asked.region, chosen)
            if asked.region
            else over_blocks(release, asked.view, chosen)
        )
    view = asked.view
    return page(
        request,
        "compare_clusters.html",
        section="compare",
        asked=asked,
        view=view,
        places=asked.clusters,
        chips=[
            (
                each,
                addresses.cluster(
                    view.definition.definition,
                    each.cluster.cluster,
                    scheme=view.scheme.scheme,
                    year=view.year,
                ),
                asked.address([code for code in asked.codes if code != each.cluster.cluster]),
            )
            for each in asked.clusters
        ],
        added=added,
        near=_near(asked, added),
        suggested=_suggested(request, asked),
        notes=_notes(asked),
        full=len(asked.clusters) >= MOST,
        most=MOST,
        keep=_kept(asked),
        blocks=blocks,
        region_name=short_name(asked.region) if asked.region else "",
        region_href=addresses.region(view.scheme.scheme, asked.region.region, year=view.year)
        if asked.region
        else "",
        over_href=addresses.compare_clusters(
            asked.codes,
            definition=view.definition.definition,
            scheme=view.scheme.scheme,
            year=asked.year,
        ),
        years=[
            Choice(str(year), str(year), year == view.year, asked.address(asked.codes, year=year))
            for year in view.scheme.years
        ],
        csv=asked.address(asked.codes, table="table.csv"),
    )


@require_safe
def compare_table(request: AtlasRequest) -> HttpResponse:
    """Give the figures of the clusters compared as CSV."""
    asked = read_comparison(request)
    view, release = asked.view, request.release
    if not asked.clusters:
        raise BadAddress(_("no cluster is named"), value="", hint=_("name them as clusters=a,b"))
    if asked.region is None:
        return table_answer(
            request,
            [
                release.cluster_profile(
                    view.scheme.scheme, code, view.year, view.definition.definition
                )
                for code in asked.codes
            ],
            name=f"compared-{view.scheme.scheme}-{view.year}",
            source=view.source_line,
            title=_("Clusters compared, %(year)s") % {"year": view.year},
            kind=ClusterProfile,
        )
    rows = release.regional_clusters(
        view.scheme.scheme,
        region=asked.region.region,
        year=view.year,
        definition=view.definition.definition,
    )
    return table_answer(
        request,
        [row for row in rows if row.cluster in asked.codes],
        name=f"compared-{asked.region.region}-{view.year}",
        source=view.source_line,
        title=_("Clusters compared, %(year)s") % {"year": view.year},
        kind=RegionalCluster,
    )


def read_comparison(request: AtlasRequest) -> Comparison:
    """Read and check which clusters an address compares, where and when."""
    release = request.release
    known = {each.definition: each for each in release.manifest.definitions}
    schemes = {each.scheme: each for each in release.manifest.schemes}
    named = request.GET.get("scheme", "")
    first = default_scheme(release).definition
    if not request.GET.get("definition") and named in schemes:
        first = schemes[named].definition
    definition = known[asked_word(request, "definition", known, first)]
    able = {
        name: each for name, each in schemes.items() if definition.definition in each.definitions
    }
    scheme = able[
        asked_word(request, "scheme", able, default_scheme(release, definition.definition).scheme)
    ]
    code = request.GET.get("region", "")
    region = release.region(scheme.scheme, code) if code else None
    view = View(scheme, definition, asked_year(request, scheme))
    codes, twice = asked_list(request, "clusters")
    found = asked_clusters(release, codes, definition.definition)
    return Comparison(
        view,
        tuple(Chosen(number, each) for number, each in enumerate(found, 1)),
        tuple(twice),
        region,
        view.year if request.GET.get("year") else None,
    )


def _kept(asked: Comparison) -> list[tuple[str, str]]:
    kept = [
        ("definition", asked.view.definition.definition),
        ("clusters", ",".join(asked.codes)),
        ("scheme", asked.view.scheme.scheme),
        ("region", asked.region.region if asked.region else ""),
        ("year", asked.year or ""),
    ]
    return [(name, str(value)) for name, value in kept if value]


def _near(asked: Comparison, added: Added | None) -> list[tuple[str, str, str]]:
    if added is None:
        return []
    return [
        (name, detail, asked.address([*asked.codes, code]))
        for code, name, detail in added.near
        if code not in asked.codes and len(asked.codes) < MOST
    ]


def _suggested(request: AtlasRequest, asked: Comparison) -> list[tuple[str, str]]:
    """Return clusters that could be added: those related to the first one, else the largest."""
    if len(asked.codes) >= MOST:
        return []
    release, definition = request.release, asked.view.definition.definition
    codes: list[str] = []
    if asked.codes:
        codes = [each.b for each in release.related(definition, asked.codes[0])]
    if not codes:
        profiles = release.cluster_profiles(asked.view.scheme.scheme, asked.view.year, definition)
        codes = [each.cluster for each in profiles if each.traded is not False]
    names = {each.cluster: each.name for each in release.clusters(definition)}
    return [
        (words.cluster(names[code]), asked.address([*asked.codes, code]))
        for code in codes
        if code not in asked.codes and code in names
    ][:SUGGESTED]


def _notes(asked: Comparison) -> list[str]:
    if not asked.twice:
        return []
    return [_("Named twice and shown once: %(codes)s.") % {"codes": ", ".join(asked.twice)}]
