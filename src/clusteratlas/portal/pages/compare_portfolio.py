"""The clusters of several regions side by side: quotients, shares, the strongest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusteratlas.atlas import RegionalCluster, Release
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.charts.side import SideChart, SideFigure, side_chart
from clusteratlas.portal.pages.compare_asked import Place
from clusteratlas.portal.pages.compare_rows import Side, apart, columns_of, points, side_row

MOST_CLUSTERS = 12
MOST_DRAWN = 8
MOST_DIFFERENT = 10
STRONGEST = 5
Rows = dict[str, RegionalCluster]


@dataclass(frozen=True, slots=True)
class Own:
    """A region seen by itself: what its figures count and what it is strongest in."""

    place: Place
    href: str
    facts: Sequence[tuple[str, str]]
    strongest: Sequence[tuple[str, str, str, str]]
    """(name, address, quotient, interval)."""
    reference: str
    counted: str


def clusters_of(release: Release, place: Place) -> Rows:
    """Return the figures of every cluster of a region, by code."""
    rows = release.regional_clusters(
        place.view.scheme.scheme,
        region=place.region.region,
        year=place.view.year,
        definition=place.view.definition.definition,
    )
    return {row.cluster: row for row in rows}


def _leading(clusters: Sequence[Rows]) -> list[str]:
    """Return the clusters that are strong in any of the regions, the highest quotient first."""
    best: dict[str, float] = {}
    for rows in clusters:
        for code, row in rows.items():
            if row.strong and row.location_quotient is not None:
                best[code] = max(best.get(code, 0.0), row.location_quotient)
    if not best:
        for rows in clusters:
            for code, row in rows.items():
                if row.traded is not False and (row.location_quotient or 0) > 1:
                    best[code] = max(best.get(code, 0.0), row.location_quotient or 0)
    return sorted(best, key=lambda code: (-best[code], code))


def _name(clusters: Sequence[Rows], code: str) -> str:
    return next(words.cluster(rows[code].name) for rows in clusters if code in rows)


def _href(place: Place, code: str) -> str:
    return addresses.region_cluster(
        place.view.scheme.scheme,
        place.region.region,
        code,
        year=place.view.year,
        definition=place.view.definition_in_address,
    )


def portfolio_of(places: Sequence[Place], clusters: Sequence[Rows]) -> Side | None:
    """Return the quotients of the clusters strong in any region."""
    leading = _leading(clusters)
    if not leading:
        return None
    view = places[0].view
    rows = []
    for code in leading[:MOST_CLUSTERS]:
        found = [each.get(code) for each in clusters]
        rows.append(
            side_row(
                _name(clusters, code),
                [None if row is None else row.location_quotient for row in found],
                figures.quotient,
                apart,
                ends=[_quotient_ends(row) for row in found],
                marks=["nodata" if row is None else doubt.mark_of(row) for row in found],
                texts=[_quotient_text(row) for row in found],
                hrefs=[
                    "" if row is None else _href(place, code) for place, row in _both(places, found)
                ],
                pills=[_pill(row) for row in found],
                href=addresses.cluster(view.definition.definition, code, year=view.year),
                quotients=True,
            )
        )
    title = _("Location quotient, %(year)s: the first %(shown)s of %(all)s strong in any of them")
    if len(leading) <= MOST_CLUSTERS:
        title = _("Location quotient, %(year)s: all %(all)s strong in any of them")
    return Side(
        "portfolio",
        title % {"year": view.year, "shown": MOST_CLUSTERS, "all": len(leading)},
        columns_of(places),
        rows,
        base=places[0].name,
        corner=words.word(view.definition.group_word).capitalize(),
    )


def _both(
    places: Sequence[Place], found: Sequence[RegionalCluster | None]
) -> list[tuple[Place, RegionalCluster | None]]:
    return list(zip(places, found, strict=True))


def _quotient_ends(row: RegionalCluster | None) -> tuple[float | None, float | None]:
    if row is None:
        return None, None
    return row.location_quotient_low, row.location_quotient_high


def _quotient_text(row: RegionalCluster | None) -> str:
    if row is None:
        return figures.NOTHING
    if row.location_quotient is None:
        return _("withheld") if row.status == "withheld" else _("not published")
    return figures.quotient(row.location_quotient)


def _pill(row: RegionalCluster | None) -> tuple[str, str] | None:
    if row is None:
        return None
    if row.could_flip:
        return ("flip", _("could flip"))
    return ("strong", _("strong")) if row.strong else None


def chart_of(places: Sequence[Place], clusters: Sequence[Rows]) -> SideChart | None:
    """Return the same quotients drawn on one axis."""
    leading = _leading(clusters)[:MOST_DRAWN]
    if not leading:
        return None
    view = places[0].view
    drawn = []
    for code in leading:
        figures_of = []
        for place, rows in zip(places, clusters, strict=True):
            row = rows.get(code)
            between = "" if row is None else doubt.quotient_between(row)
            said = f"{place.name}: {_quotient_text(row)}"
            figures_of.append(
                SideFigure(
                    str(place.number),
                    None if row is None else row.location_quotient,
                    row.location_quotient_low if row is not None and between else None,
                    row.location_quotient_high if row is not None and between else None,
                    "nodata" if row is None else doubt.mark_of(row),
                    f"{said} ({between})" if between else said,
                )
            )
        drawn.append(
            (
                _name(clusters, code),
                addresses.cluster(view.definition.definition, code, year=view.year),
                figures_of,
            )
        )
    return side_chart(
        "portfolio-chart",
        _("Location quotients of the clusters strong in any of them, %(year)s")
        % {"year": view.year},
        drawn,
        source=view.source_line,
    )


def different_of(places: Sequence[Place], clusters: Sequence[Rows]) -> Side | None:
    """The clusters whose shares of the jobs differ most between the regions."""
    spans: list[tuple[float, str]] = []
    for code in sorted({code for rows in clusters for code in rows}):
        shares = [
            row.share_of_region
            for rows in clusters
            if (row := rows.get(code)) is not None and row.share_of_region is not None
        ]
        if len(shares) > 1:
            spans.append((max(shares) - min(shares), code))
    spans.sort(key=lambda each: (-each[0], each[1]))
    if not spans:
        return None
    view = places[0].view
    rows = []
    for span, code in spans[:MOST_DIFFERENT]:
        found = [each.get(code) for each in clusters]
        rows.append(
            side_row(
                _name(clusters, code),
                [None if row is None else row.share_of_region for row in found],
                figures.percent,
                points,
                marks=["nodata" if row is None else doubt.mark_of(row) for row in found],
                hrefs=[
                    "" if row is None else _href(place, code) for place, row in _both(places, found)
                ],
                spread=points(span).lstrip("+"),
                href=addresses.cluster(view.definition.definition, code, year=view.year),
            )
        )
    return Side(
        "different",
        _("Shares of the region's jobs that differ most, %(year)s") % {"year": view.year},
        columns_of(places),
        rows,
        base=places[0].name,
        corner=words.word(view.definition.group_word).capitalize(),
        last=_("Largest less smallest"),
    )


def strongest_of(release: Release, places: Sequence[Place]) -> list[Own]:
    """Return regions of different statistics, each by itself against its own reference area."""
    found = []
    for place in places:
        if place.profile is None:
            continue
        view = place.view
        rows = [
            row
            for row in release.regional_clusters(
                view.scheme.scheme, region=place.region.region, year=view.year
            )
            if row.location_quotient is not None and row.traded is not False
        ]
        strong = [row for row in rows if row.strong] or rows
        found.append(
            Own(
                place,
                addresses.region(view.scheme.scheme, place.region.region, year=view.year),
                [
                    (
                        words.word(view.scheme.employment_word).capitalize(),
                        figures.whole(place.profile.employment),
                    ),
                    (
                        _("Share in strong clusters")
                        if view.definition.traded_split
                        else _("Share in strong industry groups"),
                        figures.percent(place.profile.cluster_strength),
                    ),
                    (_("Growth a year"), figures.growth(place.profile.employment_growth)),
                    (_("Reported share"), figures.percent(place.profile.reported_share)),
                ],
                [
                    (
                        words.cluster(row.name),
                        _href(place, row.cluster),
                        figures.quotient(row.location_quotient),
                        doubt.quotient_between(row),
                    )
                    for row in strong[:STRONGEST]
                ],
                words.word(view.scheme.reference_name),
                view.source_line,
            )
        )
    return found
