"""What is known besides jobs: other figures of its regions, patents among them, and occupations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusteratlas.atlas import (
    PATENTS,
    ClusterStandings,
    IndicatorStanding,
    KnownIndicator,
    RegionalCluster,
    Release,
    indicator_standings,
    known_indicators,
)
from clusteratlas.portal import addresses, figures, words
from clusteratlas.portal.charts.scatter import Scatter, ScatterAxis, ScatterPoint, scatter_chart
from clusteratlas.portal.errors import BadAddress
from clusteratlas.portal.pages.asking import Choice, View
from clusteratlas.portal.picks import spoken_for
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow, share_bar

MOST = 12
NAMED = 5


@dataclass(frozen=True, slots=True)
class ScorecardSection:
    """One indicator over the regions where a cluster is strong, against all regions."""

    said: str
    caveat: str
    choices: Sequence[Choice]
    sheet: Sheet
    scatter: Scatter | None
    source: str


def scorecard_section(
    release: Release,
    view: View,
    found: ClusterStandings,
    asked: str,
    region: str | None,
    link: Callable[[str], str],
) -> ScorecardSection | None:
    """Return level, change and rank of an indicator where a cluster is strong.

    Raises
    ------
    BadAddress
        The indicator asked for is none of this scheme.
    """
    scheme = view.scheme.scheme
    known = {each.indicator: each for each in known_indicators(release, scheme)}
    if asked and asked not in known:
        raise BadAddress(
            _("the indicator is none that is loaded for these regions"),
            value=asked,
            hint=_("use one of %(names)s") % {"names": ", ".join(known)} if known else "",
        )
    if not known:
        return None
    info = known[asked or (PATENTS if PATENTS in known else next(iter(known)))]
    rows = indicator_standings(release, scheme, info.indicator)
    regional = [each.row for each in found.rows if isinstance(each.row, RegionalCluster)]
    strong = {
        row.region: row
        for row in spoken_for(sorted(regional, key=lambda row: -(row.location_quotient or -1)))
    }
    mine = [each for each in rows if each.region in strong or each.region == region]
    if not mine:
        return None
    return ScorecardSection(
        _said(info, rows, mine, found),
        _caveat(info),
        [
            Choice(each.indicator, each.title, each == info, f"{link(each.indicator)}#scorecard")
            for each in known.values()
        ]
        if len(known) > 1
        else [],
        _sheet(view, info, mine, region),
        _scatter(view, info, rows, [each.region for each in mine[:NAMED]], region),
        _source(release, info),
    )


def _said(
    info: KnownIndicator,
    rows: Sequence[IndicatorStanding],
    mine: Sequence[IndicatorStanding],
    found: ClusterStandings,
) -> str:
    if info.indicator == PATENTS:
        return _(
            "The regions where %(cluster)s is strong hold %(count)s of %(whole)s patents granted "
            "in %(year)s to inventors in these regions, in all fields of technology."
        ) % {
            "cluster": words.cluster(found.profile.name),
            "count": figures.whole(sum(each.value for each in mine)),
            "whole": figures.whole(sum(each.value for each in rows)),
            "year": info.years[-1],
        }
    return _("%(title)s in the regions where %(cluster)s is strong, %(year)s.") % {
        "title": info.title,
        "cluster": words.cluster(found.profile.name),
        "year": info.years[-1],
    }


def _caveat(info: KnownIndicator) -> str:
    if info.indicator != PATENTS:
        return _("These are figures of the whole region, not of the cluster.")
    said = _(
        "Patents are counted by county and not by industry: nobody can say from them how many come "
        "from this cluster. They tell how inventive the regions are in which it is strong."
    )
    if info.summed:
        said += " " + _("They are added up from counties.")
    return said


def _sheet(
    view: View, info: KnownIndicator, rows: Sequence[IndicatorStanding], region: str | None
) -> Sheet:
    first = info.years[0]
    return Sheet(
        "scorecard-table",
        _("%(title)s in %(unit)s: level, change and rank among %(count)s regions")
        % {"title": info.title, "unit": info.unit, "count": figures.whole(rows[0].ranked)},
        [
            SheetColumn(words.word(view.scheme.region_word).capitalize(), number=False),
            SheetColumn(_("Level"), str(info.years[-1])),
            SheetColumn(
                _("Change"), _("since %(year)s") % {"year": first} if len(info.years) > 1 else ""
            ),
            SheetColumn(_("Rank")),
        ],
        [
            SheetRow(
                each.region_name,
                [
                    Cell(figures.measured(each.value, "reported"), "reported"),
                    Cell(_change(each)),
                    Cell(figures.whole(each.rank)),
                ],
                addresses.region(view.scheme.scheme, each.region),
                kind="is-selected" if each.region == region else "",
            )
            for each in _first(rows, region)
        ],
    )


def _first(rows: Sequence[IndicatorStanding], region: str | None) -> list[IndicatorStanding]:
    """Return the first rows, and the region that is looked at wherever it stands."""
    return [each for place, each in enumerate(rows) if place < MOST or each.region == region]


def _change(each: IndicatorStanding) -> str:
    if each.change is None:
        return figures.NOTHING
    if abs(each.change) >= 1000 or float(each.change).is_integer():
        return figures.signed(each.change)
    sign = "+" if each.change > 0 else figures.MINUS
    return f"{sign}{figures.measured(abs(each.change), 'reported')}"


def _scatter(
    view: View,
    info: KnownIndicator,
    rows: Sequence[IndicatorStanding],
    first: Sequence[str],
    region: str | None,
) -> Scatter | None:
    if len(info.years) < 2:
        return None
    marked = set(first) | ({region} if region else set())
    return scatter_chart(
        "scorecard",
        _("%(title)s: level and change") % {"title": info.title},
        [
            ScatterPoint(
                each.region_name,
                addresses.region(view.scheme.scheme, each.region),
                each.value,
                each.change,
                "reported",
                each.region in marked,
                each.region_name.split(",")[0],
            )
            for each in rows
        ],
        ScatterAxis(
            _("%(title)s, %(unit)s, %(year)s")
            % {"title": info.title, "unit": info.unit, "year": info.years[-1]},
            lambda value: figures.measured(value, "reported"),
            short=_("Level"),
            log=all(each.value >= 0 for each in rows) and max(e.value for e in rows) > 1000,
        ),
        ScatterAxis(
            _("Change since %(year)s") % {"year": info.years[0]},
            lambda value: figures.signed(value) if abs(value) >= 10 else f"{value:+.1f}",
            short=_("Change"),
            line=0,
            line_label=_("The level line is no change."),
        ),
        source=_("see the table"),
    )


def _source(release: Release, info: KnownIndicator) -> str:
    told = [f"{row.publisher}, {row.title}" for row in release.provenance("indicators")]
    named = [each for each in told if "atent" in each] if info.indicator == PATENTS else told
    return "; ".join(dict.fromkeys(named or told)) or info.title


@dataclass(frozen=True, slots=True)
class OccupationSection:
    """The largest occupations of a cluster."""

    said: str
    sheet: Sheet
    source: str
    covered: str


def occupation_section(
    release: Release, view: View, name: str, cluster: str
) -> OccupationSection | None:
    """Return who works in a cluster, from what its industries employ in the nation."""
    rows = release.cluster_occupations(view.definition.definition, cluster)
    if not rows:
        return None
    most = rows[0].share or 1
    typical = max(rows, key=lambda each: (each.location_quotient or 0, each.occupation))
    year = f", {rows[0].year}" if rows[0].year else ""
    sources = [
        f"{row.publisher}, {row.title}"
        for row in release.provenance("cluster_occupations")
        if row.source.startswith(rows[0].source)
    ]
    return OccupationSection(
        _(
            "The largest occupation is %(first)s with %(share)s of the jobs; the one it has most "
            "more of than all clusters together is %(typical)s (%(times)s times their share)."
        )
        % {
            "first": rows[0].title,
            "share": figures.percent(rows[0].share),
            "typical": typical.title,
            "times": figures.quotient(typical.location_quotient),
        },
        Sheet(
            "occupations-table",
            _("Occupations of %(cluster)s in the nation%(year)s") % {"cluster": name, "year": year},
            [
                SheetColumn(_("Occupation"), number=False),
                SheetColumn(_("Share of its jobs")),
                SheetColumn(_("Quotient"), _("all clusters = 1")),
            ],
            [
                SheetRow(
                    each.title,
                    [
                        Cell(
                            figures.percent(each.share),
                            "estimated",
                            share_bar((each.share or 0) / most),
                        ),
                        Cell(figures.quotient(each.location_quotient)),
                    ],
                    code="" if each.title == each.occupation else each.occupation,
                    lang="en",
                )
                for each in rows[:10]
            ],
        ),
        "; ".join(dict.fromkeys(sources)) or "Cluster Atlas",
        figures.percent(rows[0].covered),
    )
