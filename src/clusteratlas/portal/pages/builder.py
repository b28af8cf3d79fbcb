"""The region builder: choose regions of one scheme on the map, from a list, by radius or paste."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Region, RegionProfile, Release
from clusteratlas.atlas.picking import Pasted, centre_of, read_codes, within
from clusteratlas.atlas.united import MOST_REGIONS
from clusteratlas.portal import figures, words
from clusteratlas.portal.charts.choropleth import Place, draw_map
from clusteratlas.portal.charts.geography import ground_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.language import at
from clusteratlas.portal.pages.asking import Choice
from clusteratlas.portal.pages.builder_asked import Asked, asked_union, union_address
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.picks import default_scheme

LONGEST_CENTRE = 120


@dataclass(frozen=True, slots=True)
class Pick:
    """One region of the list, with what the running totals add up."""

    region: str
    name: str
    jobs: int | None
    establishments: int | None
    population: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """What the chosen regions hold together; a figure that no region has is left out."""

    regions: int
    jobs: int
    establishments: int
    population: int


@require_safe
def builder_home(request: AtlasRequest) -> HttpResponse:
    """Lead to the regions that are shown first."""
    return HttpResponseRedirect(at(f"/builder/{default_scheme(request.release).scheme}/"))


@require_safe
def builder_page(request: AtlasRequest, scheme: str) -> HttpResponse:
    """Show the regions to choose from and those chosen."""
    release = request.release
    asked = asked_union(request, scheme)
    known = {each.region: each for each in release.regions(scheme)}
    chosen = [code for code in asked.regions if code in known]
    notes: list[str] = []
    pasted = read_codes(release, scheme, ",".join(asked.regions))
    added = _added(request, release, asked, notes)
    picked = request.GET.getlist("pick")
    if picked or "picked" in request.GET:
        pasted = read_codes(release, scheme, " ".join(picked))
        chosen = list(pasted.regions)
    everything = list(dict.fromkeys([*chosen, *(added.regions if added else ())]))
    _refuse_many(everything)
    now = Asked(asked.view, tuple(everything), asked.name)
    wanted = added is not None or bool(picked) or "picked" in request.GET
    told = added or pasted
    clean = not told.unknown and not told.former and not notes and not (added and told.twice)
    if wanted and clean:
        return HttpResponseRedirect(now.address())
    profiles = {
        each.region: each
        for each in release.region_profiles(
            scheme, asked.view.year, asked.view.definition.definition
        )
    }
    picks = [_pick(region, profiles.get(region.region), everything) for region in known.values()]
    picks = [each for each in picks if each.jobs is not None or each.chosen]
    ground = ground_of(scheme)
    return page(
        request,
        "builder.html",
        section="regions",
        view=asked.view,
        asked=now,
        schemes=_schemes(release, scheme),
        years=_years(now),
        groups=_groups(release, known, picks),
        chosen=[each for each in picks if each.chosen],
        totals=_totals(picks),
        most=MOST_REGIONS,
        told=told,
        repeated=told.twice,
        notes=notes,
        near=request.GET.get("near", "")[:LONGEST_CENTRE],
        km=request.GET.get("km", "")[:8],
        pasted=request.GET.get("add", "")[:10_000],
        picture=draw_map(
            ground,
            _places(known, picks),
            scale="scale-pick",
            identity="pick-map",
        )
        if ground
        else "",
        result=now.address("profile/") if everything else "",
        base=at(f"/builder/{scheme}/"),
    )


def _refuse_many(codes: Sequence[str]) -> None:
    if len(codes) > MOST_REGIONS:
        raise BadAddress(
            _("these are more regions than can be united at once"),
            value=str(len(codes)),
            hint=_("choose at most %(most)s, or a larger region that holds them")
            % {"most": MOST_REGIONS},
        )


def _added(
    request: AtlasRequest, release: Release, asked: Asked, notes: list[str]
) -> Pasted | None:
    """Read what is pasted or lies near; None where nothing is asked for."""
    scheme = asked.view.scheme.scheme
    if text := request.GET.get("add", "").strip():
        return read_codes(release, scheme, text)
    near = request.GET.get("near", "").strip()
    if not near:
        return None
    if len(near) > LONGEST_CENTRE:
        raise BadAddress(_("the centre of the circle cannot be read"), value=near[:LONGEST_CENTRE])
    try:
        km = float(request.GET.get("km", "").replace(",", ".") or "nan")
    except ValueError:
        km = float("nan")
    longitude, latitude, name = centre_of(release, scheme, near)
    found = within(release, scheme, (longitude, latitude), km)
    printed = {
        each.region
        for each in release.region_profiles(
            scheme, asked.view.year, asked.view.definition.definition
        )
    }
    codes = tuple(region.region for region, _away in found if region.region in printed)
    if not codes:
        notes.append(
            _("No region has its point within %(km)s km of %(name)s.")
            % {"km": figures.measured(km, "reported"), "name": name}
        )
    return Pasted(codes, (), (), (), 0)


def _pick(region: Region, profile: RegionProfile | None, chosen: Sequence[str]) -> Pick:
    return Pick(
        region.region,
        region.name,
        profile.employment if profile else None,
        profile.establishments if profile else None,
        region.population,
        region.region in chosen,
    )


def _totals(picks: Sequence[Pick]) -> Totals:
    chosen = [each for each in picks if each.chosen]
    return Totals(
        len(chosen),
        sum(each.jobs or 0 for each in chosen),
        sum(each.establishments or 0 for each in chosen),
        sum(each.population or 0 for each in chosen),
    )


def _groups(
    release: Release, known: dict[str, Region], picks: Sequence[Pick]
) -> list[tuple[str, list[Pick]]]:
    """The list in parts that can be folded: by state, by country, else by first letter."""
    states = {
        state.region: state.name
        for each in release.manifest.schemes
        if each.scheme == "us-state"
        for state in release.regions("us-state")
    }
    parts: dict[str, list[Pick]] = {}
    for each in sorted(picks, key=lambda pick: (pick.name, pick.region)):
        region = known[each.region]
        parent = states.get(region.parent or "") or region.country or ""
        if region.country == "US" and not states.get(region.parent or ""):
            parent = each.name[:1].upper()
        parts.setdefault(parent, []).append(each)
    return sorted(parts.items())


def _places(known: dict[str, Region], picks: Sequence[Pick]) -> list[Place]:
    return [
        Place(
            known[each.region],
            f"#pick-{each.region}",
            "pick",
            f"{figures.whole(each.jobs)}",
            edge="is-picked" if each.chosen else "",
            weight=float(each.jobs or 0) or None,
        )
        for each in picks
    ]


def _schemes(release: Release, scheme: str) -> list[Choice]:
    return [
        Choice(
            each.scheme,
            words.word(each.title),
            each.scheme == scheme,
            at(f"/builder/{each.scheme}/"),
        )
        for each in release.manifest.schemes
        if each.regions > 1
    ]


def _years(asked: Asked) -> list[Choice]:
    scheme = asked.view.scheme
    return [
        Choice(
            str(year),
            str(year),
            year == asked.view.year,
            union_address(
                scheme.scheme,
                asked.regions,
                name=asked.name,
                year=year,
                definition=asked.view.definition_in_address,
            ),
        )
        for year in scheme.years
    ]
