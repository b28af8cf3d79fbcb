"""What a cluster is related to: a sentence, its place on the network, every part of the figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from types import SimpleNamespace

from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import IndustryPair, RelatedCluster, Release
from clusteratlas.portal import addresses, figures, words
from clusteratlas.portal.charts.network import Link, NetworkPicture, NodeAsked, draw_around
from clusteratlas.portal.charts.network_places import places_of, relatedness_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.sentences import joined, told
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow

FEWEST_ROWS = 6
NAMED = 3
PARTS = {
    "colocation_employment": ("Co-location", "by jobs"),
    "colocation_establishments": ("Co-location", "by establishments"),
    "input_output": ("Supply", "input-output"),
    "occupations": ("Skills", "occupations"),
    "skill_flows": ("Skills", "people who change"),
    "coagglomeration": ("Coagglo\u00admeration", "index"),
}
"""The components of relatedness by column, each with its head."""

OWN = "Cluster Atlas"
"""The publisher of what the atlas works out itself; the title says from what."""

PILLS = {"strong link": "strong", "link": "linked", "nearest": "nearest"}


@dataclass(frozen=True, slots=True)
class RelatedSection:
    """The section of a cluster's page; without a picture it says why."""

    summary: SafeString
    picture: NetworkPicture | None
    carried: Sequence[tuple[RelatedCluster, str, IndustryPair | None]]
    sheet: Sheet | None
    source: str
    csv: str
    network: str


def related_section(release: Release, view: View, cluster: str, name: str) -> RelatedSection | None:
    """Return what a cluster is related to; nothing where a release knows of no relatedness."""
    definition = view.definition.definition
    everything = relatedness_of(release, definition)
    rows = [row for row in everything if row.a == cluster and row.b != cluster]
    network = addresses.network(definition, scheme=view.scheme.scheme, year=view.year)
    if not everything:
        why = release.missing("relatedness", definition)
        return _without(why, "") if why else None
    if not rows:
        return _without(_why_alone(view, name), network)
    related = [row for row in rows if row.rule]
    within = next((row for row in everything if row.a == row.b == cluster), None)
    return RelatedSection(
        _summary(view, name, rows, related, within),
        _picture(release, view, everything, cluster, name, related or rows[:2]),
        [
            (row, _address(view, row.b), row.carried_by[0] if row.carried_by else None)
            for row in (related or rows)[:FEWEST_ROWS]
        ],
        _sheet(view, name, rows, related),
        source_of(release, rows),
        addresses.cluster(definition, cluster, table="related.csv"),
        network,
    )


@require_safe
def related_table(request: AtlasRequest, definition: str, cluster: str) -> HttpResponse:
    """Give the relatedness of a cluster to every other one as CSV."""
    release = request.release
    rows = release.related(definition, cluster)
    columns = [each.name for each in fields(RelatedCluster) if each.name != "source"]
    written = [
        SimpleNamespace(
            **{column: getattr(row, column) for column in columns}
            | {"carried_by": " ".join(_codes(pair) for pair in row.carried_by)}
        )
        for row in rows
    ]
    return table_answer(
        request,
        written,
        name=f"{cluster}-{definition}-related",
        title=_("How related %(cluster)s is to every other one")
        % {"cluster": words.cluster(release.cluster(definition, cluster).name)},
        source=source_of(release, rows),
        columns=columns,
        kind=RelatedCluster,
    )


def source_of(release: Release, rows: Sequence[RelatedCluster]) -> str:
    """Return the publishers behind rows of relatedness."""
    keys = {row.source for row in rows}
    words = release.definition(rows[0].definition).group_words if rows else "clusters"
    named = dict.fromkeys(
        ("" if row.publisher == OWN else f"{row.publisher}: ")
        + row.title.replace("clusters", words)
        for row in release.provenance("relatedness")
        if row.source in keys
    )
    return "; ".join(named) or "Worked out from the figures of this release"


def _codes(pair: IndustryPair) -> str:
    return f"{pair.industry_a}-{pair.industry_b}"


def _why_alone(view: View, name: str) -> str:
    if not view.definition.traded_split:
        return f"This release has no relatedness for {name}."
    return (
        f"Relatedness is computed among traded {view.definition.group_words}: local ones serve the "
        "people who live in a place and are found everywhere, so lying together says little about "
        "them."
    )


def _without(why: str, network: str) -> RelatedSection:
    return RelatedSection(format_html("{}", why), None, (), None, "", "", network)


def _address(view: View, cluster: str) -> str:
    return addresses.cluster(
        view.definition.definition, cluster, scheme=view.scheme.scheme, year=view.year
    )


def _link(view: View, row: RelatedCluster) -> SafeString:
    return format_html('<a href="{}">{}</a>', _address(view, row.b), row.name)


def _summary(
    view: View,
    name: str,
    rows: Sequence[RelatedCluster],
    related: Sequence[RelatedCluster],
    within: RelatedCluster | None,
) -> SafeString:
    """Say what it is related to, how strongly and by which industries."""
    word, words = view.definition.group_word, view.definition.group_words
    linked = [row for row in related if row.rule != "nearest"]
    if linked:
        said = format_html(
            "{} is most closely related to {}: {} of {} other {} {} linked with it.",
            name,
            _listed([_link(view, row) for row in linked[:NAMED]]),
            told(figures.whole(len(linked)), "related"),
            figures.whole(len(rows)),
            words,
            "is" if len(linked) == 1 else "are",
        )
    elif related:
        said = format_html(
            "No other {} is {} with {}; {} {} nearest to it.",
            word,
            told("linked", "related"),
            name,
            _listed([_link(view, row) for row in related]),
            "comes" if len(related) == 1 else "come",
        )
    else:
        said = format_html(
            "No other {} is {} with {}, and none is near enough to be named.",
            word,
            told("linked", "related"),
            name,
        )
    return joined([said, _carried(linked), _within(view, rows, within)])


def _carried(linked: Sequence[RelatedCluster]) -> SafeString | str:
    if not linked or not linked[0].carried_by:
        return ""
    pair = linked[0].carried_by[0]
    return format_html(
        "The first of these links rests most on {} here and {} there.", pair.title_a, pair.title_b
    )


def _within(
    view: View, rows: Sequence[RelatedCluster], within: RelatedCluster | None
) -> SafeString | str:
    """Compare how alike its own industries are with those of the closest other cluster."""
    closest = rows[0].composite if rows else None
    if within is None or within.composite is None or closest is None:
        return ""
    own = told(f"{deviations(within.composite)} standard deviations", "related")
    if within.composite >= closest:
        return format_html(
            "Its own industries are more alike ({} above the average pair) than it is to any "
            "other {} ({} at most).",
            own,
            view.definition.group_word,
            deviations(closest),
        )
    return format_html(
        "Its own industries are less alike ({} from the average pair) than it is to {} ({}): "
        "the border between the two is thin.",
        own,
        rows[0].name,
        deviations(closest),
    )


def deviations(value: float | None) -> str:
    """Write a number of standard deviations.

    >>> deviations(1.234), deviations(-0.5), deviations(None)
    ('+1.23', '\u22120.50', '\u2013')
    """
    return figures.NOTHING if value is None else f"{value:+.2f}".replace("-", figures.MINUS)


def part(value: float | None) -> str:
    """Write a component of relatedness: two decimals, more where the figure is small.

    >>> part(0.634), part(0.0041), part(-0.2), part(None)
    ('0.63', '0.004', '\u22120.20', '\u2013')
    """
    if value is None:
        return figures.NOTHING
    decimals = 2 if abs(value) >= 0.0995 or abs(value) < 0.0005 else 3
    return f"{value:z.{decimals}f}".replace("-", figures.MINUS)


def place(percentile: float | None) -> str:
    """Write a percentile of pairs, from 0 to 100; rounded down so that 99.9 is not the top.

    >>> place(0.951), place(0.9996), place(1.0), place(None)
    ('95', '99.9', '100', '\u2013')
    """
    if percentile is None:
        return figures.NOTHING
    if 0.995 <= percentile < 1:
        return f"{min(percentile * 100, 99.9):.1f}"
    return f"{percentile * 100:.0f}"


def _listed(parts: Sequence[SafeString]) -> SafeString:
    if len(parts) < 2:
        return parts[0] if parts else SafeString("")
    return format_html(
        "{} and {}", format_html_join(", ", "{}", ((each,) for each in parts[:-1])), parts[-1]
    )


def links_of(rows: Sequence[RelatedCluster]) -> list[Link]:
    """Return every related pair once, by the stronger of its two rules."""
    rank = {"strong link": 0, "link": 1, "nearest": 2}
    best: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.rule not in rank or row.a == row.b:
            continue
        pair = (min(row.a, row.b), max(row.a, row.b))
        if pair not in best or rank[row.rule] < rank[best[pair]]:
            best[pair] = row.rule
    return [Link(a, b, rule) for (a, b), rule in sorted(best.items())]


def _picture(
    release: Release,
    view: View,
    everything: Sequence[RelatedCluster],
    cluster: str,
    name: str,
    shown: Sequence[RelatedCluster],
) -> NetworkPicture | None:
    places = places_of(release, view.definition.definition)
    if cluster not in places:
        return None
    names = {row.a: row.name_a for row in everything}
    near = {row.b for row in shown}
    return draw_around(
        "related-figure",
        f"{name} and its related {view.definition.group_words}",
        [
            NodeAsked(
                code,
                names[code],
                _address(view, code),
                role="here" if code == cluster else "near" if code in near else "faint",
            )
            for code in names
        ],
        links_of(everything),
        places,
        source=source_of(release, everything),
    )


def _sheet(
    view: View, name: str, rows: Sequence[RelatedCluster], related: Sequence[RelatedCluster]
) -> Sheet:
    """Return the related ones and the next closest, with each component in a column of its own."""
    parts = [each for each in PARTS if any(getattr(row, each) is not None for row in rows)]
    shown = list(related)
    shown += [row for row in rows if row not in related][: max(2, FEWEST_ROWS - len(related))]
    shown.sort(key=lambda row: -(row.composite or 0))
    return Sheet(
        "related-table",
        f"The {view.definition.group_words} closest to {name}; all pairs are in the CSV",
        [
            SheetColumn(view.definition.group_word.capitalize(), number=False),
            SheetColumn("Percentile", "of all pairs"),
            SheetColumn("Composite", "standard deviations"),
            *(SheetColumn(*PARTS[each]) for each in parts),
            SheetColumn("Linked industries", "here"),
            SheetColumn("Linked industries", "there"),
        ],
        [
            SheetRow(
                row.name,
                [
                    Cell(place(row.percentile)),
                    Cell(deviations(row.composite)),
                    *(Cell(part(getattr(row, each))) for each in parts),
                    Cell(figures.percent(row.linked_share_a)),
                    Cell(figures.percent(row.linked_share_b)),
                ],
                _address(view, row.b),
                pills_of(row.rule),
                notes=[("carried by", "; ".join(map(_pair, row.carried_by)))]
                if row.carried_by
                else (),
            )
            for row in shown
        ],
    )


def pills_of(rule: str) -> list[tuple[str, str]]:
    """Return the pill of a rule: (class, word)."""
    return [(PILLS[rule], rule)] if rule in PILLS else []


def _pair(pair: IndustryPair) -> str:
    if pair.title_a == pair.title_b:
        return pair.title_a
    return f"{pair.title_a} \u2013 {pair.title_b}"
