"""What a cluster is related to: a sentence, its place on the network, every part of the figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from types import SimpleNamespace

from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import IndustryPair, Region, RelatedCluster, Release
from clusteratlas.portal import addresses, figures, words
from clusteratlas.portal.charts.network import Link, NetworkPicture, NodeAsked, draw_around
from clusteratlas.portal.charts.network_places import places_of, relatedness_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.language import number
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.node_marks import held_in, mark_of, marks, said_of
from clusteratlas.portal.sentences import joined, told
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow

FEWEST_ROWS = 6
NAMED = 3
PARTS = (
    "colocation_employment",
    "colocation_establishments",
    "input_output",
    "occupations",
    "skill_flows",
    "coagglomeration",
)
"""The components of relatedness by column."""

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
    marks: Sequence[tuple[str, str]] = ()


def related_section(
    release: Release, view: View, cluster: str, name: str, region: Region | None = None
) -> RelatedSection | None:
    """Return what a cluster is related to; nothing where a release knows of no relatedness."""
    definition = view.definition.definition
    everything = relatedness_of(release, definition)
    rows = [row for row in everything if row.a == cluster and row.b != cluster]
    network = addresses.network(
        definition,
        scheme=view.scheme.scheme,
        region=region.region if region else None,
        year=view.year,
    )
    if not everything:
        why = release.missing("relatedness", definition)
        return _without(why, "") if why else None
    if not rows:
        return _without(_why_alone(view, name), network)
    related = [row for row in rows if row.rule]
    within = next((row for row in everything if row.a == row.b == cluster), None)
    picture = _picture(release, view, everything, cluster, name, related or rows[:2], region)
    shown = {node.asked.mark for node in picture.nodes} if picture else set()
    return RelatedSection(
        _summary(view, name, rows, related, within),
        picture,
        [
            (row, _address(view, row.b), row.carried_by[0] if row.carried_by else None)
            for row in (related or rows)[:FEWEST_ROWS]
        ],
        _sheet(view, name, rows, related),
        source_of(release, rows),
        addresses.cluster(definition, cluster, table="related.csv"),
        network,
        [each for each in marks() if each[0] in shown],
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
    named = dict.fromkeys(
        _own_source(row.title) if row.publisher == OWN else f"{row.publisher}: {row.title}"
        for row in release.provenance("relatedness")
        if row.source in keys
    )
    return "; ".join(named) or _("Worked out from the figures of this release")


def _own_source(title: str) -> str:
    """Say of what the atlas worked relatedness out."""
    if title.endswith("from a file"):
        return _("Relatedness from a file of one's own")
    if title.endswith("from where their industries are"):
        return _("Relatedness worked out from where the industries are")
    return _("Relatedness worked out from co-location, input-output tables and occupations")


def parts_named() -> dict[str, tuple[str, str]]:
    """Return the head of each component's column."""
    return {
        "colocation_employment": (_("Co-location"), _("by jobs")),
        "colocation_establishments": (_("Co-location"), _("by establishments")),
        "input_output": (_("Supply"), _("input-output")),
        "occupations": (_("Skills"), _("occupations")),
        "skill_flows": (_("Skills"), _("people who change")),
        "coagglomeration": (_("Coagglo\u00admeration"), _("index")),
    }


def rule_words() -> dict[str, str]:
    """Return what each rule of relatedness is called."""
    return {"strong link": _("strong link"), "link": _("link"), "nearest": _("nearest")}


def _codes(pair: IndustryPair) -> str:
    return f"{pair.industry_a}-{pair.industry_b}"


def _why_alone(view: View, name: str) -> str:
    if not view.definition.traded_split:
        return _("This release has no relatedness for %(name)s.") % {"name": name}
    return _(
        "Relatedness is computed among traded clusters: local ones serve the people who live in a "
        "place and are found everywhere, so lying together says little about them."
    )


def _without(why: str, network: str) -> RelatedSection:
    return RelatedSection(format_html("{}", why), None, (), None, "", "", network)


def _address(view: View, cluster: str) -> str:
    return addresses.cluster(
        view.definition.definition, cluster, scheme=view.scheme.scheme, year=view.year
    )


def _link(view: View, row: RelatedCluster) -> SafeString:
    return format_html('<a href="{}">{}</a>', _address(view, row.b), words.cluster(row.name))


def _summary(
    view: View,
    name: str,
    rows: Sequence[RelatedCluster],
    related: Sequence[RelatedCluster],
    within: RelatedCluster | None,
) -> SafeString:
    """Say what it is related to, how strongly and by which industries."""
    linked = [row for row in related if row.rule != "nearest"]
    if linked:
        said = _set(
            _(
                "%(name)s is most closely related to %(first)s: linked are %(linked)s of "
                "%(others)s."
            ),
            name=name,
            first=_listed([_link(view, row) for row in linked[:NAMED]]),
            linked=told(figures.whole(len(linked)), "related"),
            others=figures.whole(len(rows)),
        )
    elif related:
        said = _set(
            _("By the rule nothing is %(linked)s with %(name)s; nearest to it: %(first)s."),
            linked=told(_("linked"), "related"),
            name=name,
            first=_listed([_link(view, row) for row in related]),
        )
    else:
        said = _set(
            _(
                "By the rule nothing is %(linked)s with %(name)s, and nothing is near enough to be "
                "named."
            ),
            linked=told(_("linked"), "related"),
            name=name,
        )
    return joined([said, _carried(linked), _within(rows, within)])


def _set(sentence: str, **parts: SafeString | str) -> SafeString:
    """Set parts, links among them, into a translated sentence."""
    return format_html(re.sub(r"%\((\w+)\)s", r"{\1}", sentence), **parts)


def _carried(linked: Sequence[RelatedCluster]) -> SafeString | str:
    if not linked or not linked[0].carried_by:
        return ""
    pair = linked[0].carried_by[0]
    return _set(
        _("The first of these links rests most on %(here)s here and %(there)s there."),
        here=pair.title_a,
        there=pair.title_b,
    )


def _within(rows: Sequence[RelatedCluster], within: RelatedCluster | None) -> SafeString | str:
    """Compare how alike its own industries are with those of the closest other cluster."""
    closest = rows[0].composite if rows else None
    if within is None or within.composite is None or closest is None:
        return ""
    own = told(
        _("%(number)s standard deviations") % {"number": deviations(within.composite)}, "related"
    )
    if within.composite >= closest:
        return _set(
            _(
                "Its own industries are more alike (%(own)s above the average pair) than it is to "
                "any other (%(closest)s at most)."
            ),
            own=own,
            closest=deviations(closest),
        )
    return _set(
        _(
            "Its own industries are less alike (%(own)s from the average pair) than it is to "
            "%(other)s (%(closest)s): the border between the two is thin."
        ),
        own=own,
        other=words.cluster(rows[0].name),
        closest=deviations(closest),
    )


def deviations(value: float | None) -> str:
    """Write a number of standard deviations.

    >>> deviations(1.234), deviations(-0.5), deviations(None)
    ('+1.23', '\u22120.50', '\u2013')
    """
    return figures.NOTHING if value is None else number(f"{value:+.2f}".replace("-", figures.MINUS))


def part(value: float | None) -> str:
    """Write a component of relatedness: two decimals, more where the figure is small.

    >>> part(0.634), part(0.0041), part(-0.2), part(None)
    ('0.63', '0.004', '\u22120.20', '\u2013')
    """
    if value is None:
        return figures.NOTHING
    decimals = 2 if abs(value) >= 0.0995 or abs(value) < 0.0005 else 3
    return number(f"{value:z.{decimals}f}".replace("-", figures.MINUS))


def place(percentile: float | None) -> str:
    """Write a percentile of pairs, from 0 to 100; rounded down so that 99.9 is not the top.

    >>> place(0.951), place(0.9996), place(1.0), place(None)
    ('95', '99.9', '100', '\u2013')
    """
    if percentile is None:
        return figures.NOTHING
    if 0.995 <= percentile < 1:
        return number(f"{min(percentile * 100, 99.9):.1f}")
    return f"{percentile * 100:.0f}"


def _listed(parts: Sequence[SafeString]) -> SafeString:
    if len(parts) < 2:
        return parts[0] if parts else SafeString("")
    first = format_html_join(", ", "{}", ((each,) for each in parts[:-1]))
    return _set(_("%(first)s and %(last)s"), first=first, last=parts[-1])


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
    region: Region | None,
) -> NetworkPicture | None:
    places = places_of(release, view.definition.definition)
    if cluster not in places:
        return None
    names = {
        code: words.cluster(said)
        for code, said in {row.a: row.name_a for row in everything}.items()
    }
    near = {row.b for row in shown}
    held = held_in(release, view, region)
    title = _("What %(cluster)s is related to") % {"cluster": name}
    if region is not None:
        title = _("What %(cluster)s is related to, and how strong %(region)s is in each") % {
            "cluster": name,
            "region": region.name,
        }
    return draw_around(
        "related-figure",
        title,
        [
            NodeAsked(
                code,
                names[code],
                _address(view, code),
                mark_of(held.get(code)) if region else "plain",
                role="here" if code == cluster else "near" if code in near else "faint",
                said=said_of(held.get(code), view) if region else "",
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
        _("Closest to %(name)s; all pairs are in the CSV") % {"name": name},
        [
            SheetColumn(words.word(view.definition.group_word).capitalize(), number=False),
            SheetColumn(_("Percentile"), _("of all pairs")),
            SheetColumn(_("Composite"), _("standard deviations")),
            *(SheetColumn(*parts_named()[each]) for each in parts),
            SheetColumn(_("Linked industries"), _("here")),
            SheetColumn(_("Linked industries"), _("there")),
        ],
        [
            SheetRow(
                words.cluster(row.name),
                [
                    Cell(place(row.percentile)),
                    Cell(deviations(row.composite)),
                    *(Cell(part(getattr(row, each))) for each in parts),
                    Cell(figures.percent(row.linked_share_a)),
                    Cell(figures.percent(row.linked_share_b)),
                ],
                _address(view, row.b),
                pills_of(row.rule),
                notes=[(_("carried by"), "; ".join(map(_pair, row.carried_by)))]
                if row.carried_by
                else (),
            )
            for row in shown
        ],
    )


def pills_of(rule: str) -> list[tuple[str, str]]:
    """Return the pill of a rule: (class, word)."""
    return [(PILLS[rule], rule_words()[rule])] if rule in PILLS else []


def _pair(pair: IndustryPair) -> str:
    if pair.title_a == pair.title_b:
        return pair.title_a
    return f"{pair.title_a} \u2013 {pair.title_b}"
