"""The map explorer: one figure over all regions of a scheme, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.charts.geography import ground_of
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.pages.map_address import Asked, read_address
from clusteratlas.portal.pages.map_figure import MapFigure, figure_of, title_of
from clusteratlas.portal.pages.map_form import form_of
from clusteratlas.portal.pages.map_lines import Line, lines_of, scales_of, typed_breaks
from clusteratlas.portal.pages.map_table import column_words, pages_of, records_of, sheet_of
from clusteratlas.portal.pages.map_view import places_of
from clusteratlas.portal.pages.measures_shown import BY_NAME
from clusteratlas.tables import WITHHELD


@require_safe
def map_page(request: AtlasRequest) -> HttpResponse:
    """Show the map and its table."""
    release = request.release
    figure = figure_of(request)
    asked, view = figure.asked, figure.asked.view
    scale = figure.scales.change or figure.scales.level
    breaks = typed_breaks(asked, scale) if scale is not None and asked.show != "both" else ""
    return page(
        request,
        "map.html",
        section="map",
        asked=asked,
        view=view,
        title=figure.title,
        heading=asked.subject.name,
        lede=lede_of(figure),
        picture=figure.picture,
        pinned=figure.pinned,
        form=form_of(release, asked, breaks, figure.pinned.region.name if figure.pinned else ""),
        sheet=sheet_of(asked, figure.lines),
        pages=pages_of(asked, figure.lines),
        method=asked.measure.anchor,
        source=source_of(request, asked),
        csv=asked.address(table="table.csv"),
        here=asked.address(),
        api=_api(asked),
        cluster_href=_cluster_page(asked),
    )


@require_safe
def map_table(request: AtlasRequest) -> HttpResponse:
    """Give the figures of a map as CSV."""
    asked = read_address(request)
    records, kind = records_of(asked, lines_of(request.release, asked))
    parts = [asked.view.scheme.scheme, asked.subject.code or "all", asked.view.year]
    return table_answer(
        request,
        records,
        name="-".join(map(str, parts)),
        title=_("%(title)s; by region: %(regions)s")
        % {"title": title_of(asked), "regions": words.word(asked.view.scheme.title)},
        source=source_of(request, asked),
        kind=kind,
        words=column_words(),
    )


@require_safe
def map_cards(request: AtlasRequest) -> HttpResponse:
    """Give the words of every region's card, for maps whose shapes are bare."""
    release = request.release
    asked = read_address(request)
    ground = ground_of(asked.view.scheme.scheme)
    if ground is None:
        return JsonResponse({})
    lines = lines_of(release, asked)
    places = places_of(
        release,
        asked.view,
        asked.measure,
        lines,
        scales_of(release, asked, lines),
        ground,
        kind=asked.change_kind if asked.changing else "",
    )
    return JsonResponse(
        {
            each.region.region: [each.region.name, each.said, each.detail, each.status, each.href]
            for each in places
        }
    )


def source_of(request: AtlasRequest, asked: Asked) -> str:
    """Return the sources of what a map shows."""
    if asked.subject.kind != "indicator":
        return asked.view.scheme.source_line if asked.changing else asked.view.source_line
    found = [
        each
        for each in request.release.mapped_indicators(asked.view.scheme.scheme)
        if each.indicator == asked.subject.code
    ]
    told = {
        each.source: f"{each.publisher}, {each.title}"
        for each in request.release.provenance("indicators")
    }
    return told.get(found[0].source, found[0].source) if found else ""


def lede_of(figure: MapFigure) -> str:
    """Return the answer of a map in a sentence or two."""
    asked, lines = figure.asked, figure.lines
    view = asked.view
    known = [line for line in lines if _known(asked, line) is not None]
    regions = len(known)
    told = {
        "what": asked.subject.name,
        "count": figures.whole(regions),
        "regions": words.word(
            view.scheme.region_word if regions == 1 else view.scheme.region_words
        ),
        "year": view.year,
        "first": asked.since,
    }
    if asked.changing:
        rising = sum((line.change or 0) > 0 for line in known)
        falling = sum((line.change or 0) < 0 for line in known)
        told |= {"rising": figures.whole(rising), "falling": figures.whole(falling)}
        parts = [
            _(
                "Regions with a figure in both %(first)s and %(year)s: %(count)s. "
                "Rising: %(rising)s. Falling: %(falling)s."
            )
            % told
        ]
        if len(lines) > regions:
            parts.append(
                _("Left out because a year is missing or too little of it is printed: %(count)s.")
                % {"count": figures.whole(len(lines) - regions)}
            )
        return " ".join(parts)
    return " ".join(_of_one_year(asked, lines, told))


def _of_one_year(asked: Asked, lines: Sequence[Line], told: dict[str, object]) -> list[str]:
    parts = []
    known = [line for line in lines if line.value is not None]
    if known and not asked.measure.fixed:
        lowest = asked.measure.sort == "place"
        best = (min if lowest else max)(known, key=lambda line: line.value or 0.0)
        value = asked.measure.written(best.value or 0.0)
        parts.append(
            (_("First: %(region)s, %(value)s.") if lowest else _("Highest: %(region)s, %(value)s."))
            % {"region": best.row.region_name, "value": value}
        )
    parts.append(_("%(count)s %(regions)s have a figure in %(year)s.") % told)
    rows = [line.row for line in lines]
    estimated = sum(doubt.is_estimated(row) for row in rows if hasattr(row, "employment"))
    if estimated:
        parts.append(_("Estimated in part: %(count)s.") % {"count": figures.whole(estimated)})
    if asked.subject.kind == "cluster":
        strong = sum(bool(row.strong) for row in rows)
        flipping = sum(row.could_flip for row in rows)
        if strong:
            parts.append(_("Strong there: %(count)s.") % {"count": figures.whole(strong)})
        if flipping:
            parts.append(
                ngettext(
                    "%(count)s verdict could flip: what is withheld decides.",
                    "%(count)s verdicts could flip: what is withheld decides.",
                    flipping,
                )
                % {"count": figures.whole(flipping)}
            )
    withheld = sum(row.status == WITHHELD for row in rows)
    if withheld:
        parts.append(
            _("Withheld in whole or in part: %(count)s.") % {"count": figures.whole(withheld)}
        )
    return parts


def _known(asked: Asked, line: Line) -> float | None:
    return line.change if asked.changing else line.value


def _api(asked: Asked) -> str:
    if asked.subject.kind != "cluster" or asked.measure.name not in BY_NAME:
        return ""
    return addresses.with_query(
        "/api/v1/regional-clusters",
        scheme=asked.view.scheme.scheme,
        cluster=asked.subject.code,
        year=asked.view.year,
    )


def _cluster_page(asked: Asked) -> str:
    if asked.subject.cluster is None:
        return ""
    return addresses.cluster(
        asked.view.definition.definition,
        asked.subject.cluster,
        scheme=asked.view.scheme.scheme,
        year=asked.view.year,
    )
