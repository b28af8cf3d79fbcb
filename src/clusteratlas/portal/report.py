"""The printed report of a region: what its page says, set as PDF by typst."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from clusteratlas.atlas import Region, RegionalCluster, RegionProfile, Release
from clusteratlas.portal import doubt, figures, sentences, words
from clusteratlas.portal.charts.choropleth import draw_locator
from clusteratlas.portal.charts.geography import ground_of
from clusteratlas.portal.citing import Citation
from clusteratlas.portal.language import active, number
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.typeset import set_as_pdf

MOST_SHOWN = 12
MOST_DRIVERS = 10
MOST_PEERS = 5
TICKS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
LOOK = (
    "<style>path,circle{fill:none;stroke:none}.nation,.land,.faint{fill:#ece7dd}"
    ".borders,.country-borders{stroke:#ffffff;stroke-width:1}.inset{fill:none;stroke:#d8d2c7}"
    ".here{fill:#0b6675}.locator-ring{stroke:#0b6675;stroke-width:2.5}text{display:none}</style>"
)


def region_report(
    release: Release,
    view: View,
    place: Region,
    profile: RegionProfile,
    rows: Sequence[RegionalCluster],
    address: str,
) -> bytes:
    """Return the report of a region as PDF; the same figures give the same bytes.

    Parameters
    ----------
    rows
        Its clusters, the highest quotient first.
    address
        Of its page, with the release in it.
    """
    return set_as_pdf("region.typ", _content(release, view, place, profile, rows, address))


def plain_text(said: str) -> str:
    """Return a sentence without its links.

    >>> plain_text('<a href="/x">12</a> of R&amp;D')
    '12 of R&D'
    """
    return html.unescape(re.sub(r"<[^>]+>", "", said)).strip()


def _content(
    release: Release,
    view: View,
    place: Region,
    profile: RegionProfile,
    rows: Sequence[RegionalCluster],
    address: str,
) -> dict[str, Any]:
    many = words.word(view.definition.group_words)
    unit = words.word(view.scheme.employment_word)
    title = _("%(region)s: report, %(year)s") % {"region": place.name, "year": view.year}
    ground = ground_of(view.scheme.scheme)
    locator = draw_locator(ground, place) if ground else None
    reference = view.reference
    return {
        "title": place.name,
        "year": str(view.year),
        "language": active(),
        "release": release.id,
        "kind": words.word(place.kind),
        "compared": _("compared with %(reference)s") % {"reference": reference},
        "where": _("Where it lies"),
        "summary": plain_text(sentences.region_summary(view, place, profile, rows)),
        "locator": _standing_alone(str(locator)) if locator else "",
        "facts": _facts(view, profile, many, unit),
        "chart_title": _("Location quotient against %(reference)s, %(year)s")
        % {"reference": reference, "year": view.year},
        "ticks": [[each, number(f"{each:g}")] for each in TICKS],
        "strong": [] if view.is_reference else _strong(rows, unit),
        "change": _change(profile),
        "change_said": _("From %(first)s to %(last)s: %(change)s %(unit)s.")
        % {
            "first": profile.change_from_year,
            "last": view.year,
            "change": figures.signed(profile.employment_change),
            "unit": unit,
        },
        "drivers": _drivers(rows),
        "peers": _peers(release, view, place),
        "quality": _quality(view, place, profile, rows),
        "methods": _methods(),
        "sources": _sources(release, view),
        "citation": Citation(title, view.source_line, release.id, address).apa,
        "words": {
            "release": _("release"),
            "strong": _("What is it strong in?"),
            "chart_key": _(
                "Bold: strong under the rule of 2014. The line is the 90 % interval; a hollow dot "
                "stands partly on withheld figures. 1 is the share of the area compared with."
            ),
            "change": _("How is it changing, and why?"),
            "change_heads": [_("Part of the change"), unit],
            "drivers": _("What drives it?"),
            "drivers_heads": [
                sentences.heading(view.definition.group_word),
                sentences.heading(view.scheme.employment_word),
                _("Quotient"),
                _("Rank"),
                _("Growth a year"),
            ],
            "peers": _("Regions built alike"),
            "peers_heads": [_("Region"), unit, _("In strong %(many)s") % {"many": many}],
            "quality": _("How sure is this?"),
            "methods": _("Methods"),
            "sources": _("Sources"),
            "cite": _("How to cite"),
        },
    }


def _standing_alone(svg: str) -> str:
    """Return a drawing of a page with its look inside."""
    named = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    head, end, rest = named.partition(">")
    return f"{head}{end}{LOOK}{rest}"


def _facts(view: View, profile: RegionProfile, many: str, unit: str) -> list[list[str]]:
    found = [[sentences.heading(unit), figures.in_words(profile.employment), str(view.year)]]
    if profile.traded_share is not None:
        between = doubt.between(
            profile.traded_share_low, profile.traded_share_high, figures.percent
        )
        found.append([_("Traded share"), figures.percent(profile.traded_share), between])
    if profile.strong_clusters is not None:
        low, high = profile.strong_clusters_low, profile.strong_clusters_high
        found.append(
            [
                _("Strong %(many)s") % {"many": many},
                figures.whole(profile.strong_clusters),
                doubt.between(low, high, figures.whole),
            ]
        )
    found.append([_("Reported share"), figures.percent(profile.reported_share), ""])
    return found


def _strong(rows: Sequence[RegionalCluster], unit: str) -> list[dict[str, Any]]:
    known = [row for row in rows if row.location_quotient and row.traded is not False]
    found = []
    for row in known[:MOST_SHOWN]:
        value = row.location_quotient or 0.0
        low = row.location_quotient_low or value
        high = row.location_quotient_high or value
        found.append(
            {
                "name": words.cluster(row.name),
                "strong": bool(row.strong),
                "value": value,
                "low": min(low, value),
                "high": max(high, value),
                "sure": doubt.mark_of(row) == "reported",
                "shown": figures.quotient(value),
                "jobs": f"{doubt.jobs(row)} {unit}",
            }
        )
    return found


def _change(profile: RegionProfile) -> list[list[str]]:
    parts = (
        (_("What the growth of all regions would have brought"), profile.change_national),
        (_("What its mix brought beyond that"), profile.change_mix),
        (_("What its own growth brought"), profile.change_competitive),
        (_("What is new here"), profile.change_new),
    )
    return [[label, figures.signed(value)] for label, value in parts if value is not None]


def _drivers(rows: Sequence[RegionalCluster]) -> list[list[str]]:
    leading = sorted(sentences.leading(rows), key=lambda row: -(row.employment or 0))
    return [
        [
            words.cluster(row.name),
            doubt.jobs(row),
            figures.quotient(row.location_quotient),
            figures.NOTHING
            if row.rank is None
            else _("%(rank)s of %(count)s")
            % {"rank": figures.whole(row.rank), "count": figures.whole(row.ranked)},
            figures.growth(row.employment_growth),
        ]
        for row in leading[:MOST_DRIVERS]
    ]


def _peers(release: Release, view: View, place: Region) -> list[list[str]]:
    scheme = view.scheme.scheme
    all_regions = release.region_profiles(scheme, view.year, view.definition.definition)
    known = {each.region: each for each in all_regions}
    found = []
    for peer in release.peers(scheme, place.region)[:MOST_PEERS]:
        other = known.get(peer.peer)
        if other is not None:
            found.append(
                [
                    peer.name,
                    figures.whole(other.employment),
                    figures.percent(other.cluster_strength),
                ]
            )
    return found


def _quality(
    view: View, place: Region, profile: RegionProfile, rows: Sequence[RegionalCluster]
) -> list[str]:
    said = []
    if profile.reported_share is not None:
        said.append(
            _("Share of its figures that the statistical office prints by industry: %(share)s.")
            % {"share": figures.percent(profile.reported_share)}
        )
    withheld = sum(row.status == "withheld" for row in rows)
    said.append(
        _("Withheld in whole or in part: %(count)s of %(all)s. Withheld is never counted as zero.")
        % {"count": figures.whole(withheld), "all": figures.whole(len(rows))}
    )
    estimated = sum(doubt.is_estimated(row) for row in rows)
    if estimated:
        said.append(
            _("Estimated in part, with an interval: %(count)s.")
            % {"count": figures.whole(estimated)}
        )
    flips = [words.cluster(row.name) for row in rows if row.could_flip]
    if flips:
        said.append(_("Verdicts that could flip: %(names)s.") % {"names": ", ".join(flips)})
    if place.coverage is not None and place.coverage < 0.9995:
        said.append(
            _("Share of its population that the source covers: %(share)s.")
            % {"share": figures.percent(place.coverage)}
        )
    if not view.definition.traded_split:
        said.append(words.word(view.scheme.total_note))
    return said


def _methods() -> list[str]:
    return [
        _(
            "Location quotient: share within the region over the same share of the area compared "
            "with; 1 means the same share."
        ),
        _(
            "Shift-share: the change of jobs is split into what the growth of all regions, the "
            "mix, and the region's own growth brought."
        ),
        _(
            "Strong: the rule of 2014 by quotient, share of all jobs and establishments, against "
            "all regions of the same kind."
        ),
        _(
            "Intervals: 90 % of the possible tables that agree with every printed figure lie "
            "between the ends."
        ),
    ]


def _sources(release: Release, view: View) -> list[str]:
    named = [each for each in release.provenance("employment") if each.title in view.source_line]
    return [
        f"{each.publisher}: {each.title}. {each.licence}."
        + (f" {each.address}" if each.address else "")
        for each in named
    ] or [view.source_line]
