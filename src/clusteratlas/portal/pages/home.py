"""The home page: what the atlas holds, a search, a map that says something, ways in."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Release, SchemeInfo
from clusteratlas.portal import addresses, figures
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.pages.map_view import map_of
from clusteratlas.portal.pages.measures_shown import BY_NAME
from clusteratlas.portal.picks import default_schemes, examples, featured_cluster

MOST_EXAMPLES = 7


@dataclass(frozen=True, slots=True)
class Example:
    """One line of a list of examples."""

    region: str
    region_href: str
    cluster: str
    cluster_href: str
    quotient: str


@dataclass(frozen=True, slots=True)
class WayIn:
    """The examples of one country group."""

    view: View
    examples: list[Example]


@require_safe
def home_page(request: AtlasRequest) -> HttpResponse:
    """Show the home page."""
    release = request.release
    schemes = default_schemes(release)
    views = [_view(release, scheme) for scheme in schemes]
    first = views[0]
    name = first.definition.definition
    cluster = featured_cluster(release, first.scheme, name, first.year)
    rows = release.regional_clusters(
        first.scheme.scheme, cluster=cluster, year=first.year, definition=name
    )
    profile = release.cluster_profile(first.scheme.scheme, cluster, first.year, name)
    measure = BY_NAME["location_quotient"]
    return page(
        request,
        "home.html",
        sentence=_sentence(views),
        holding=_holding(views),
        view=first,
        profile=profile,
        picture=map_of(
            release,
            first,
            measure,
            rows,
            identity="home-map",
            title=measure.title(first, profile.name),
            hint=False,
        ),
        map_lede=_map_lede(
            first, profile.name, profile.regions_strong, profile.share_in_strong_regions
        ),
        map_href=addresses.explorer(first.scheme.scheme, cluster, year=first.year),
        cluster_href=addresses.cluster(name, cluster, scheme=first.scheme.scheme, year=first.year),
        ways=[WayIn(view, _examples(release, view)) for view in views],
        schemes=release.manifest.schemes,
    )


def _view(release: Release, scheme: SchemeInfo) -> View:
    return View(scheme, release.definition(scheme.definition), scheme.years[-1])


def _sentence(views: list[View]) -> str:
    parts = [f"{figures.whole(view.scheme.regions)} {_regions_words(view)}" for view in views]
    return f"Where industries cluster in {figures.listed(parts)}, and how sure each number is."


def _holding(views: list[View]) -> str:
    parts = [
        f"{figures.whole(view.definition.clusters)} {view.definition.group_words} "
        f"({figures.listed([str(year) for year in view.scheme.years])})"
        for view in views
    ]
    return f"{figures.listed(parts)}, counted from official statistics."


def _regions_words(view: View) -> str:
    words = view.scheme.region_words.replace("NUTS ", f"NUTS{figures.NARROW}")
    place = {"United States": "American", "Europe": "European"}.get(view.scheme.country_group)
    return f"{place} {words}" if place else words


def _map_lede(view: View, name: str, strong: int | None, share: float | None) -> str:
    if strong is None or share is None:
        return f"{name}: how many times its share in {view.reference}, {view.year}."
    return (
        f"{figures.percent(share)} of the {view.scheme.employment_word} of {name} lie in the "
        f"{figures.whole(strong)} {view.scheme.region_words} where it is strong ({view.year})."
    )


def _examples(release: Release, view: View) -> list[Example]:
    name = view.definition.definition
    return [
        Example(
            row.region_name,
            addresses.region(row.scheme, row.region, year=row.year),
            row.name,
            addresses.region_cluster(row.scheme, row.region, row.cluster, year=row.year),
            figures.quotient(row.location_quotient),
        )
        for row in examples(release, view.scheme, name, view.year, MOST_EXAMPLES)
    ]
