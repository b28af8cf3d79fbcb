"""The network of a definition: which clusters are linked, and how strong a region is in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Region, RegionalCluster, RelatedCluster, Release
from clusteratlas.portal import addresses, figures, words
from clusteratlas.portal.charts.network import Link, NetworkPicture, NodeAsked, draw_network
from clusteratlas.portal.charts.network_places import places_of, relatedness_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.language import at
from clusteratlas.portal.pages.asking import Choice, View, asked_word, asked_year, year_choices
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.pages.node_marks import held_in, mark_of, marks, said_of
from clusteratlas.portal.pages.related import links_of, place, source_of
from clusteratlas.portal.picks import default_scheme
from clusteratlas.portal.sentences import joined, short_name, told

NAMED = 4
COLUMNS = (
    "definition",
    "a",
    "name_a",
    "b",
    "name_b",
    "rule",
    "percentile",
    "composite",
    "linked_share_a",
    "linked_share_b",
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One cluster of the list under the picture, with those that it is linked with by rule."""

    name: str
    href: str
    mark: str
    said: str
    linked: Sequence[tuple[str, Sequence[tuple[str, str]]]]


@require_safe
def network_page(request: AtlasRequest, definition: str) -> HttpResponse:
    """Show the network of a definition; with a region, how strong it is in each cluster."""
    release = request.release
    view, region = _asked(request, definition)
    rows = relatedness_of(release, definition)
    links = links_of(rows)
    held = held_in(release, view, region)
    nodes = _nodes(view, region, rows, held)
    places = places_of(release, definition)
    return page(
        request,
        "network.html",
        section="clusters",
        view=view,
        region=region,
        summary=_summary(view, region, rows, links, held),
        missing=release.missing("relatedness", definition),
        years=_years(view, region),
        marks=[each for each in marks() if each[0] in {node.mark for node in nodes}],
        picture=_picture(view, region, nodes, links, places, source_of(release, rows)),
        listed=_listed(nodes, rows, links),
        source=source_of(release, rows),
        csv=addresses.network(definition, table="links.csv"),
        api=addresses.with_query("/api/v1/relatedness", definition=definition),
        clusters_href=at(f"/clusters/{definition}/"),
        region_href=region
        and addresses.region(
            view.scheme.scheme,
            region.region,
            year=view.year,
            definition=view.definition_in_address,
        ),
        without_region=addresses.network(definition),
        examples=_examples(release, view, region),
    )


@require_safe
def network_table(request: AtlasRequest, definition: str) -> HttpResponse:
    """Give every related pair of a definition once as CSV."""
    release = request.release
    rows = relatedness_of(release, definition)
    by_pair = {(row.a, row.b): row for row in rows}
    written = []
    for link in links_of(rows):
        row = by_pair[link.a, link.b]
        shown = {each: getattr(row, each) for each in COLUMNS if each not in ("name_b", "rule")}
        written.append(SimpleNamespace(**shown, name_b=row.name, rule=link.rule))
    return table_answer(
        request,
        written,
        name=f"network-{definition}",
        title=_("Related pairs of %(definition)s")
        % {"definition": release.definition(definition).title},
        source=source_of(release, rows),
        columns=COLUMNS,
        kind=RelatedCluster,
    )


def network_of(release: Release, view: View, region: str) -> str:
    """Return the address of the network with a region on it; nothing where there is no network."""
    if view.is_reference or not relatedness_of(release, view.definition.definition):
        return ""
    return addresses.network(
        view.definition.definition, scheme=view.scheme.scheme, region=region, year=view.year
    )


def _asked(request: AtlasRequest, definition: str) -> tuple[View, Region | None]:
    release = request.release
    info = release.definition(definition)
    able = {
        each.scheme: each for each in release.manifest.schemes if definition in each.definitions
    }
    if not able:
        raise BadAddress("no regions are mapped by this definition", value=definition)
    default = default_scheme(release, definition).scheme
    scheme = able[asked_word(request, "scheme", able, default)]
    view = View(scheme, info, asked_year(request, scheme))
    code = request.GET.get("region", "")
    return view, release.region(scheme.scheme, code) if code else None


def _nodes(
    view: View,
    region: Region | None,
    rows: Sequence[RelatedCluster],
    held: Mapping[str, RegionalCluster],
) -> list[NodeAsked]:
    names = {row.a: words.cluster(row.name_a) for row in rows}
    found = []
    for code, name in names.items():
        if region is None:
            href = addresses.cluster(
                view.definition.definition, code, scheme=view.scheme.scheme, year=view.year
            )
            found.append(NodeAsked(code, name, href))
            continue
        href = addresses.region_cluster(
            view.scheme.scheme,
            region.region,
            code,
            year=view.year,
            definition=view.definition_in_address,
        )
        row = held.get(code)
        found.append(NodeAsked(code, name, href, mark_of(row), said=said_of(row, view)))
    return found


def _picture(
    view: View,
    region: Region | None,
    nodes: Sequence[NodeAsked],
    links: Sequence[Link],
    places: Mapping[str, tuple[float, float]],
    source: str,
) -> NetworkPicture | None:
    if not places:
        return None
    title = (
        _("How clusters are linked")
        if view.definition.traded_split
        else _("How industry groups are linked")
    )
    if region is not None:
        title = _("%(title)s, and how strong %(region)s is in each, %(year)s") % {
            "title": title,
            "region": region.name,
            "year": view.year,
        }
        source = f"{source}; {view.source_line}"
    return draw_network("network-figure", title, nodes, links, places, source=source)


def _listed(
    nodes: Sequence[NodeAsked], rows: Sequence[RelatedCluster], links: Sequence[Link]
) -> list[Listed]:
    """Return every cluster with those that it is linked with, the closest first."""
    rules = {(link.a, link.b): link.rule for link in links}
    href = {node.code: node.href for node in nodes}
    closest: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for row in rows:
        rule = rules.get((min(row.a, row.b), max(row.a, row.b)), "")
        if row.a != row.b and rule and (rule != "nearest" or row.rule == rule):
            said = f"{words.cluster(row.name)} ({place(row.percentile)})"
            closest.setdefault(row.a, {}).setdefault(rule, []).append((said, href[row.b]))
    return [
        Listed(
            node.name,
            node.href,
            node.mark,
            node.said,
            [
                (word, closest.get(node.code, {}).get(rule, []))
                for rule, word in (
                    ("strong link", _("strong links")),
                    ("link", _("links")),
                    ("nearest", _("nearest")),
                )
                if closest.get(node.code, {}).get(rule)
            ],
        )
        for node in sorted(nodes, key=lambda node: node.name)
    ]


def _summary(
    view: View,
    region: Region | None,
    rows: Sequence[RelatedCluster],
    links: Sequence[Link],
    held: Mapping[str, RegionalCluster],
) -> SafeString | str:
    if not rows:
        return ""
    names = {row.a: words.cluster(row.name_a) for row in rows}
    linked = [link for link in links if link.rule != "nearest"]
    if region is not None:
        return _region_summary(view, region, names, linked, held)
    alone = set(names) - {code for link in linked for code in (link.a, link.b)}
    best = max(
        (row for row in rows if row.a != row.b and row.composite is not None),
        key=lambda row: row.composite or 0,
        default=None,
    )
    said = format_html(
        _(
            "At least one link have {some} of {all}; linked pairs: {pairs}, of which strongly: "
            "{strongly}."
        ),
        some=told(figures.whole(len(names) - len(alone)), "related"),
        all=figures.whole(len(names)),
        pairs=told(figures.whole(len(linked)), "related"),
        strongly=figures.whole(sum(link.rule == "strong link" for link in linked)),
    )
    if best is None:
        return said
    closest = format_html(
        _("The closest are {first} and {second}."),
        first=words.cluster(best.name_a),
        second=words.cluster(best.name),
    )
    return joined([said, closest])


def _region_summary(
    view: View,
    region: Region,
    names: Mapping[str, str],
    linked: Sequence[Link],
    held: Mapping[str, RegionalCluster],
) -> SafeString:
    """Say in what it is strong, what of that hangs together, and what lies beside it."""
    strong = {code for code in names if code in held and held[code].strong}
    text = (
        _("Clusters in which {region} is strong: {strong} of {all} ({year}).")
        if view.definition.traded_split
        else _("Industry groups in which {region} is strong: {strong} of {all} ({year}).")
    )
    said = format_html(
        text,
        region=short_name(region),
        strong=told(figures.whole(len(strong)), "strength"),
        all=figures.whole(len(names)),
        year=view.year,
    )
    inside = [link for link in linked if link.a in strong and link.b in strong]
    together = {code for link in inside for code in (link.a, link.b)}
    ties: dict[str, int] = {}
    for link in linked:
        for code, other in ((link.a, link.b), (link.b, link.a)):
            if code not in strong and other in strong:
                ties[code] = ties.get(code, 0) + 1
    beside = sorted(ties, key=lambda code: (-ties[code], names[code]))[:NAMED]
    hang: SafeString | str = ""
    if together:
        hang = format_html(
            _("Linked with another strong one: {count} of them."),
            count=told(figures.whole(len(together)), "related"),
        )
    elif len(strong) > 1:
        hang = _("None of them is linked with another.")
    near: SafeString | str = ""
    if beside:
        near = format_html(
            _("Linked with what it is strong in, and not strong itself: {clusters}."),
            clusters=figures.listed([f"{names[code]} ({_links(ties[code])})" for code in beside]),
        )
    return joined([said, hang, near])


def _links(number: int) -> str:
    return ngettext("%(count)s link", "%(count)s links", number) % {"count": figures.whole(number)}


def _years(view: View, region: Region | None) -> list[Choice]:
    if region is None:
        return []
    address = {
        year: addresses.network(
            view.definition.definition,
            scheme=view.scheme.scheme,
            region=region.region,
            year=year,
        )
        for year in view.scheme.years
    }
    return year_choices(view.scheme.years, view.year, address)


def _examples(release: Release, view: View, region: Region | None) -> list[tuple[str, str]]:
    """Return a few of the largest regions to look at the network with."""
    profiles = release.region_profiles(view.scheme.scheme, view.year, view.definition.definition)
    return [
        (
            each.region_name,
            addresses.network(
                view.definition.definition,
                scheme=view.scheme.scheme,
                region=each.region,
                year=view.year,
            ),
        )
        for each in profiles[:8]
        if region is None or each.region != region.region
    ]
