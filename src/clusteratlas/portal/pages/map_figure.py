"""The figure of a map for an address: what pages, embeds and files of a map have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusteratlas.portal.charts.choropleth import MANY, MapPicture
from clusteratlas.portal.charts.geography import ground_of
from clusteratlas.portal.charts.histogram import draw_histogram
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.map_address import Asked, read_address
from clusteratlas.portal.pages.map_lines import Line, Scales, lines_of, scales_of
from clusteratlas.portal.pages.map_pin import Pinned, pinned_of
from clusteratlas.portal.pages.map_view import picture_of, places_of

IDENTITY = "map-figure"


@dataclass(frozen=True, slots=True)
class MapFigure:
    """A map with all that stands beside it. ``picture`` is none where no ground is at hand."""

    asked: Asked
    title: str
    lines: Sequence[Line]
    scales: Scales
    pinned: Pinned | None
    picture: MapPicture | None


def figure_of(request: AtlasRequest, *, pinnable: bool = True) -> MapFigure:
    """Return the map that an address asks for.

    Parameters
    ----------
    request
        Its query says what is shown: see `map_address`.
    pinnable
        Whether a click on a region offers to pin it; else it opens the region.
    """
    release = request.release
    asked = read_address(request)
    lines = lines_of(release, asked)
    scales = scales_of(release, asked, lines)
    pinned = pinned_of(release, asked, lines)
    title = title_of(asked)
    return MapFigure(
        asked,
        title,
        lines,
        scales,
        pinned,
        _picture(request, asked, lines, scales, pinned, title, pinnable=pinnable),
    )


def _picture(
    request: AtlasRequest,
    asked: Asked,
    lines: Sequence[Line],
    scales: Scales,
    pinned: Pinned | None,
    title: str,
    *,
    pinnable: bool,
) -> MapPicture | None:
    ground = ground_of(asked.view.scheme.scheme)
    if ground is None:
        return None
    hooks = {"data-cards": asked.address(table="cards.json", pin=None, page=None, order=None)}
    if pinnable:
        hooks["data-pin"] = asked.pin or ""
    kind = asked.change_kind if asked.changing else ""
    places = places_of(
        request.release,
        asked.view,
        asked.measure,
        lines,
        scales,
        ground,
        pin=asked.pin,
        kind=kind,
        bare=len(ground.shapes) > MANY,
    )
    return picture_of(
        ground,
        asked.view,
        places,
        scales,
        lines,
        identity=IDENTITY,
        title=title,
        hooks=hooks,
        extra={"histogram": _histogram(asked, lines, scales, pinned), "note": _note(asked)},
    )


def _histogram(
    asked: Asked, lines: Sequence[Line], scales: Scales, pinned: Pinned | None
) -> object:
    scale = scales.change or scales.level
    if asked.show == "both" or scale is None or asked.measure.fixed:
        return None
    values = [line.change if scales.change else line.value for line in lines]
    marks = []
    if pinned is not None:
        marks = [("mark-here", pinned.value)]
        if asked.measure.sort != "count":
            marks.insert(0, ("mark-nation", pinned.nation))

    def written(value: float) -> str:
        if scales.change:
            return asked.measure.written_change(value, asked.change_kind)
        return asked.measure.written(value)

    return draw_histogram([each for each in values if each is not None], scale, written, marks)


def _note(asked: Asked) -> str:
    """Return what must be known of the classes."""
    if asked.show == "both" or asked.measure.fixed:
        return ""
    if asked.breaks:
        return _("Breaks are those in the address.")
    if asked.show == "level" and len(asked.years) > 1:
        return _("Classes are the same in every year, so that colours can be compared.")
    return ""


def title_of(asked: Asked) -> str:
    """Return what the map shows, with unit and years."""
    view, measure = asked.view, asked.measure
    told = {
        "what": asked.subject.name,
        "figure": measure.words(view),
        "first": asked.since,
        "last": view.year,
    }
    if asked.subject.kind == "indicator":
        told["what"] = asked.subject.name
        told["figure"] = measure.unit or _("no unit given")
    if asked.show == "level":
        return _("%(what)s: %(figure)s, %(last)s") % told
    if asked.show == "both":
        return _("%(what)s: %(figure)s in %(last)s and its change since %(first)s") % told
    if asked.change_kind == "difference":
        return _("%(what)s: change of %(figure)s from %(first)s to %(last)s") % told
    return _("%(what)s: change of %(figure)s a year, %(first)s to %(last)s") % told
