"""Up to ten regions side by side, each question on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import RegionProfile, Release, SchemeInfo
from clusteratlas.portal import addresses, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.language import at
from clusteratlas.portal.pages.asking import Choice, View, asked_word, asked_year
from clusteratlas.portal.pages.compare_asked import (
    MOST,
    Added,
    Place,
    added_region,
    asked_list,
    asked_regions,
    common_years,
    region_token,
)
from clusteratlas.portal.pages.compare_portfolio import strongest_of
from clusteratlas.portal.pages.compare_region_blocks import blocks_of
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.picks import default_scheme, reference_region

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an address asks for, checked: the regions, and whether their figures go together."""

    scheme: SchemeInfo
    places: tuple[Place, ...]
    twice: tuple[str, ...]
    comparable: bool
    against: str
    definition: str | None
    year: int | None

    @property
    def tokens(self) -> list[str]:
        """How the address names the regions."""
        return [place.token for place in self.places if not place.base]

    def address(self, tokens: Sequence[str], **changed: object) -> str:
        """Return the address of the same comparison of other regions."""
        return addresses.compare_regions(
            tokens,
            scheme=self.scheme.scheme,
            year=changed.get("year", self.year),  # type: ignore[arg-type]
            definition=self.definition,
            against=str(changed.get("against", self.against)) or None,
        )


@require_safe
def first_page(request: AtlasRequest) -> HttpResponse:
    """Lead to the comparison of regions, with all that the address says."""
    query = request.META.get("QUERY_STRING", "")
    if not query:
        return compare_page(request)
    return HttpResponseRedirect(f"{at('/compare/regions/')}?{query}")


@require_safe
def compare_page(request: AtlasRequest) -> HttpResponse:
    """Show regions side by side; with fewer than two, how to choose them."""
    release = request.release
    asked = read_comparison(request)
    added = added_region(request, release, asked.scheme)
    if added and added.token:
        tokens = asked.tokens + [added.token] * (added.token not in asked.tokens)
        if len(tokens) > MOST:
            raise BadAddress(
                _("no more than %(most)s regions are compared at once") % {"most": MOST},
                value=added.text,
                hint=_("remove one first"),
            )
        return HttpResponseRedirect(asked.address(tokens))
    shown = [place for place in asked.places if place.profile is not None]
    content: dict[str, Any] = {
        "section": "compare",
        "asked": asked,
        "places": asked.places,
        "chips": _chips(asked),
        "added": added,
        "near": _near(asked, added),
        "suggested": _suggested(release, asked),
        "notes": _notes(asked),
        "full": len(asked.tokens) >= MOST,
        "most": MOST,
        "enough": len(shown) > 1,
        "keep": _kept(asked),
    }
    if len(shown) < 2:
        return page(request, "compare_regions.html", **content)
    if not asked.comparable:
        return page(
            request, "compare_regions.html", **content, apart=strongest_of(release, asked.places)
        )
    view = asked.places[0].view
    return page(
        request,
        "compare_regions.html",
        **content,
        view=view,
        blocks=blocks_of(release, asked.places),
        years=_years(asked),
        bases=_bases(asked, view),
        csv=addresses.compare_regions(
            asked.tokens,
            scheme=asked.scheme.scheme,
            year=view.year,
            definition=asked.definition,
            table="table.csv",
        ),
    )


@require_safe
def compare_table(request: AtlasRequest) -> HttpResponse:
    """Give the totals of the regions compared as CSV."""
    asked = read_comparison(request)
    profiles = [place.profile for place in asked.places if place.profile is not None]
    if not profiles:
        raise BadAddress(_("no region is named"), value="", hint=_("name them as regions=a,b"))
    return table_answer(
        request,
        profiles,
        name=f"compared-{asked.scheme.scheme}",
        title=_("Regions compared: totals of each"),
        source="; ".join(dict.fromkeys(place.view.source_line for place in asked.places)),
        kind=RegionProfile,
    )


def read_comparison(request: AtlasRequest) -> Comparison:
    """Read and check which regions an address compares, against what and when."""
    release = request.release
    known = {each.scheme: each for each in release.manifest.schemes}
    scheme = known[asked_word(request, "scheme", known, default_scheme(release).scheme)]
    tokens, twice = asked_list(request, "regions")
    found = asked_regions(release, tokens, scheme)
    # The same region may be named in two ways: as code and as scheme:code.
    distinct = {(info.scheme, region.region): (info, region) for info, region in found}
    twice += [""] * (len(found) - len(distinct))
    infos = [info for info, _region in distinct.values()] or [scheme]
    comparable = len({(info.country_group, info.definition) for info in infos}) == 1
    against = asked_word(request, "against", ("first", "nation"), "first")
    definition = None
    year: int | None = None
    if comparable:
        shared = [
            name for name in infos[0].definitions if all(name in info.definitions for info in infos)
        ]
        definition = asked_word(request, "definition", shared, infos[0].definition)
        year = _year(request, infos)
    places = [
        _place(release, View(info, release.definition(definition or info.definition), when), region)
        for info, region in distinct.values()
        for when in [year or info.years[-1]]
    ]
    nation = reference_region(release, infos[0])
    if comparable and against == "nation" and nation is not None and places:
        home = release.scheme(infos[0].reference_scheme)
        view = View(home, places[0].view.definition, places[0].view.year)
        places = [
            _place(release, view, nation, base=True),
            *(each for each in places if each.region != nation),
        ]
    numbered = tuple(
        Place(
            number,
            each.view,
            each.region,
            each.profile,
            region_token(each.view.scheme, each.region.region, scheme),
            each.base,
        )
        for number, each in enumerate(places, 1)
    )
    in_address = request.GET.get("year") or None
    return Comparison(
        scheme,
        numbered,
        tuple(twice),
        comparable,
        "nation" if against == "nation" else "",
        request.GET.get("definition") or None,
        year if in_address else None,
    )


def _year(request: AtlasRequest, infos: Sequence[SchemeInfo]) -> int:
    years = common_years(infos)
    if not years:
        raise BadAddress(
            _("these regions have no year in common"),
            value=", ".join(dict.fromkeys(info.title for info in infos)),
        )
    if not request.GET.get("year"):
        return years[-1]
    year = asked_year(request, infos[0])
    if year not in years:
        raise BadAddress(
            _("not all of these regions have figures of that year"),
            value=str(year),
            hint=_("all have %(years)s") % {"years": ", ".join(map(str, years))},
        )
    return year


def _place(release: Release, view: View, region: object, *, base: bool = False) -> Place:
    code = region.region  # type: ignore[attr-defined]
    profiles = release.region_profiles(view.scheme.scheme, view.year, view.definition.definition)
    profile = next((each for each in profiles if each.region == code), None)
    return Place(0, view, region, profile, "", base)  # type: ignore[arg-type]


def _chips(asked: Comparison) -> list[tuple[Place, str, str]]:
    """Return each region with its page and the address without it."""
    return [
        (
            place,
            addresses.region(place.view.scheme.scheme, place.region.region, year=place.view.year),
            asked.address([token for token in asked.tokens if token != place.token]),
        )
        for place in asked.places
        if not place.base
    ]


def _kept(asked: Comparison) -> list[tuple[str, str]]:
    """Return what the form carries along."""
    kept = [("scheme", asked.scheme.scheme), ("regions", ",".join(asked.tokens))]
    more = [("year", asked.year), ("definition", asked.definition), ("against", asked.against)]
    return kept + [(name, str(value)) for name, value in more if value]


def _near(asked: Comparison, added: Added | None) -> list[tuple[str, str, str]]:
    if added is None:
        return []
    return [
        (name, detail, asked.address([*asked.tokens, token]))
        for token, name, detail in added.near
        if token not in asked.tokens and len(asked.tokens) < MOST
    ]


def _suggested(release: Release, asked: Comparison) -> list[tuple[str, str]]:
    """Return regions that could be added: peers of the first one, else the largest."""
    chosen = [place for place in asked.places if not place.base]
    if len(chosen) >= MOST:
        return []
    found: list[tuple[str, str]] = []
    if chosen:
        first = chosen[0]
        found = [
            (peer.name, region_token(first.view.scheme, peer.peer, asked.scheme))
            for peer in release.peers(first.view.scheme.scheme, first.region.region)
        ]
    if not found:
        found = [
            (each.region_name, each.region)
            for each in release.region_profiles(asked.scheme.scheme)[: EXAMPLES + len(chosen)]
        ]
    return [
        (name, asked.address([*asked.tokens, token]))
        for name, token in found
        if token not in asked.tokens
    ][:5]


def _notes(asked: Comparison) -> list[str]:
    notes = []
    named = [each for each in asked.twice if each]
    if asked.twice:
        notes.append(
            _("Named twice and shown once: %(codes)s.")
            % {"codes": ", ".join(named) or _("a region by two of its codes")}
        )
    for place in asked.places:
        if place.profile is None:
            notes.append(
                _("The sources print nothing of %(region)s in %(year)s.")
                % {"region": place.region.name, "year": place.view.year}
            )
    schemes = dict.fromkeys(
        words.word(place.view.scheme.title) for place in asked.places if not place.base
    )
    if asked.comparable and len(schemes) > 1:
        notes.append(
            _(
                "These are regions of different kinds (%(kinds)s): shares and quotients can be "
                "compared, ranks and the flag of being strong are taken within each kind."
            )
            % {"kinds": "; ".join(words.word(title) for title in schemes)}
        )
    return notes


def _years(asked: Comparison) -> list[Choice]:
    years = common_years([place.view.scheme for place in asked.places])
    return [
        Choice(
            str(year),
            str(year),
            year == asked.places[0].view.year,
            asked.address(asked.tokens, year=year),
        )
        for year in years
    ]


def _bases(asked: Comparison, view: View) -> list[Choice]:
    """Return what differences can be taken against."""
    first = next(place for place in asked.places if not place.base)
    return [
        Choice(
            "first",
            first.name,
            asked.against == "",
            asked.address(asked.tokens, against=""),
        ),
        Choice(
            "nation",
            words.word(view.scheme.reference_name),
            asked.against == "nation",
            asked.address(asked.tokens, against="nation"),
        ),
    ]
