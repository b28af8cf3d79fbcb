"""The home page: what the atlas holds, a search, a map that says something, ways in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import RegionalCluster, Release, SchemeInfo
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.language import at
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.pages.map_view import map_of
from clusteratlas.portal.pages.measures_shown import BY_NAME
from clusteratlas.portal.picks import LARGE, default_schemes, examples, featured_cluster

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
    lede: str
    regions: str
    clusters: str


@dataclass(frozen=True, slots=True)
class Story:
    """A finding of this release in a sentence."""

    title: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Path:
    """A way in for one kind of visitor: their question and where it is answered."""

    title: str
    question: str
    links: list[tuple[str, str]]


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
            title=measure.title(first, words.cluster(profile.name)),
            hint=False,
        ),
        map_lede=_map_lede(
            first, profile.name, profile.regions_strong, profile.share_in_strong_regions
        ),
        map_href=addresses.explorer(first.scheme.scheme, cluster, year=first.year),
        cluster_href=addresses.cluster(name, cluster, scheme=first.scheme.scheme, year=first.year),
        map_note=_map_note(first),
        ways=[_way(release, view) for view in views],
        stories=_stories(first, rows),
        paths=_paths(views),
    )


def _view(release: Release, scheme: SchemeInfo) -> View:
    return View(scheme, release.definition(scheme.definition), scheme.years[-1])


def _sentence(views: list[View]) -> str:
    parts = [f"{figures.whole(view.scheme.regions)} {_regions_words(view)}" for view in views]
    return _("Where industries cluster in %(regions)s, and how sure each number is.") % {
        "regions": figures.listed(parts)
    }


def _holding(views: list[View]) -> str:
    parts = [
        _("%(title)s: %(count)s (%(years)s)")
        % {
            "title": words.word(view.definition.group_words).capitalize(),
            "count": figures.whole(view.definition.clusters),
            "years": figures.listed([str(year) for year in view.scheme.years]),
        }
        for view in views
    ]
    return _("Counted from official statistics. %(holding)s.") % {"holding": "; ".join(parts)}


def _regions_words(view: View) -> str:
    said = words.word(view.scheme.region_words).replace("NUTS ", f"NUTS{figures.NARROW}")
    if view.scheme.country_group == "United States":
        return _("American %(regions)s") % {"regions": said}
    if view.scheme.country_group == "Europe":
        return _("European %(regions)s") % {"regions": said}
    return said


def _map_note(view: View) -> str:
    return _(
        "Dark teal: it holds a much larger share of the %(jobs)s there than in %(reference)s. "
        "Ochre: a much smaller one. A dark edge marks where it is strong."
    ) % {
        "jobs": words.word(view.scheme.employment_word),
        "reference": words.word(view.scheme.reference_name),
    }


def _way(release: Release, view: View) -> WayIn:
    return WayIn(
        view,
        _examples(release, view),
        _("The most specialised large ones, %(year)s: quotient, %(reference)s = 1.")
        % {"year": view.year, "reference": words.word(view.scheme.reference_name)},
        _("All regions: %(count)s") % {"count": figures.whole(view.scheme.regions)},
        _("All %(groups)s: %(count)s")
        % {
            "groups": words.word(view.definition.group_words),
            "count": figures.whole(view.definition.clusters),
        },
    )


def _map_lede(view: View, name: str, strong: int | None, share: float | None) -> str:
    told = {
        "cluster": words.cluster(name),
        "year": view.year,
        "reference": words.word(view.scheme.reference_name),
        "regions": words.word(view.scheme.region_words),
        "jobs": words.word(view.scheme.employment_word),
    }
    if strong is None or share is None:
        return _("%(cluster)s, %(year)s: how many times its share in %(reference)s.") % told
    return _(
        "%(cluster)s, %(year)s: strong in %(strong)s %(regions)s, which hold %(share)s of its "
        "%(jobs)s."
    ) % {**told, "strong": figures.whole(strong), "share": figures.percent(share)}


def _stories(first: View, rows: Sequence[RegionalCluster]) -> list[Story]:
    """Two findings of this release, each with the page that tells more."""
    found = []
    known = [
        row
        for row in rows
        if row.employment_change is not None and row.strong and (row.employment or 0) >= LARGE
    ]
    if known:
        gone = min(known, key=lambda row: row.employment_change or 0)
        come = max(known, key=lambda row: row.employment_change or 0)
        for row, title in ((come, _("Where it grew most")), (gone, _("Where it lost most"))):
            if row is gone and (row.employment_change or 0) >= 0:
                continue
            found.append(
                Story(
                    title,
                    _(
                        "%(cluster)s, %(region)s: %(change)s %(jobs)s since %(since)s. Its share "
                        "is %(quotient)s times that in %(reference)s."
                    )
                    % {
                        "cluster": words.cluster(row.name),
                        "region": row.region_name,
                        "change": figures.signed(row.employment_change),
                        "jobs": words.word(first.scheme.employment_word),
                        "since": row.change_from_year,
                        "quotient": figures.quotient(row.location_quotient),
                        "reference": words.word(first.scheme.reference_name),
                    },
                    addresses.region_cluster(row.scheme, row.region, row.cluster, year=row.year),
                )
            )
    undecided = [row for row in rows if row.could_flip]
    if undecided:
        row = max(undecided, key=lambda each: each.employment or 0)
        found.append(
            Story(
                _("Where nobody can be sure"),
                _("%(cluster)s, %(region)s: strong %(chance)s. What is withheld decides.")
                % {
                    "cluster": words.cluster(row.name),
                    "region": row.region_name,
                    "chance": doubt.chance(row.probability_strong or 0),
                },
                addresses.region_cluster(row.scheme, row.region, row.cluster, year=row.year),
            )
        )
    return found


def _paths(views: list[View]) -> list[Path]:
    """Four ways in, by what a visitor comes for."""
    first = views[0]
    regions = addresses.with_query(f"/regions/{first.scheme.scheme}/")
    clusters = addresses.with_query(f"/clusters/{first.definition.definition}/")
    abroad = addresses.with_query(f"/regions/{views[-1].scheme.scheme}/")
    return [
        Path(
            _("I prepare policy for a region"),
            _("What are we strong in, how sure is that, where is it going, what could come next?"),
            [
                (_("Find your region"), regions),
                (_("From figures to a decision"), addresses.learn("from-figures-to-a-decision")),
            ],
        ),
        Path(
            _("I run a cluster organisation"),
            _("Is my field really strong here, what is related to it, and who else has it?"),
            [
                (_("Find your cluster"), clusters),
                (_("Related clusters"), addresses.network(first.definition.definition)),
            ],
        ),
        Path(
            _("I work on trade and investment"),
            _("Where abroad is this industry, how large is it there, and since when?"),
            [
                (
                    _("Map by industry"),
                    addresses.with_query("/map/", scheme=views[-1].scheme.scheme),
                ),
                (_("Regions abroad"), abroad),
            ],
        ),
        Path(
            _("I do research"),
            _("Can I have the figures, the formulas and the sources, and the same numbers again?"),
            [
                (_("Methods"), at("/methods/")),
                ("API", at("/api/")),
                (_("Sources"), at("/sources/")),
            ],
        ),
    ]


def _examples(release: Release, view: View) -> list[Example]:
    name = view.definition.definition
    return [
        Example(
            row.region_name,
            addresses.region(row.scheme, row.region, year=row.year),
            words.cluster(row.name),
            addresses.region_cluster(row.scheme, row.region, row.cluster, year=row.year),
            figures.quotient(row.location_quotient),
        )
        for row in examples(release, view.scheme, name, view.year, MOST_EXAMPLES)
    ]
