"""From regional clusters to a map: every region of the scheme, also where nothing is known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from clusteratlas.atlas import Region, RegionalCluster, Release
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.charts.choropleth import MapPicture, Place, Square, draw_map
from clusteratlas.portal.charts.geography import Ground, ground_of
from clusteratlas.portal.charts.scales import Scale
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.map_lines import Line, Scales
from clusteratlas.portal.pages.measures_shown import Shown
from clusteratlas.tables import WITHHELD

FLIPPING = ("strong flip", "flip")


def map_of(
    release: Release,
    view: View,
    measure: Shown,
    rows: Sequence[RegionalCluster],
    *,
    identity: str,
    title: str,
    interactive: bool = True,
    hint: bool = True,
) -> MapPicture | None:
    """Return the map of a figure over the regions of a scheme; nothing where no map is at hand."""
    ground = ground_of(view.scheme.scheme)
    if ground is None:
        return None
    values = [value for row in rows if (value := measure.value(row)) is not None]
    scales = Scales(measure.classes(values), None)
    lines = [Line(row, None, measure.value(row), None, None) for row in rows]
    places = places_of(release, view, measure, lines, scales, ground)
    return picture_of(
        ground,
        view,
        places,
        scales,
        lines,
        identity=identity,
        title=title,
        interactive=interactive,
        hint=hint,
        hooks=_cards(view, measure, rows),
    )


def _cards(view: View, measure: Shown, rows: Sequence[RegionalCluster]) -> dict[str, str]:
    """Where scripts find the words of a map whose shapes are bare."""
    if not rows:
        return {}
    address = addresses.explorer(
        view.scheme.scheme,
        rows[0].cluster,
        measure=measure.name,
        year=view.year,
        definition=view.definition_in_address,
        table="cards.json",
    )
    return {"data-cards": address}


def places_of(
    release: Release,
    view: View,
    measure: Shown,
    lines: Sequence[Line],
    scales: Scales,
    ground: Ground,
    *,
    pin: str | None = None,
    kind: str = "",
    bare: bool = False,
) -> list[Place]:
    """Return every region of the scheme with its class and the words of its card.

    Parameters
    ----------
    pin
        Code of the region that stays outlined.
    kind
        How the change is taken, where one is shown.
    bare
        Leave the words of the cards out: they are asked for later.
    """
    by_region = {line.row.region: line for line in lines}
    return [
        _place(view, measure, region, by_region.get(region.region), scales, pin, kind, bare)
        for region in release.regions(view.scheme.scheme)
        if region.region in by_region or not ground.projection
    ]


def _place(
    view: View,
    measure: Shown,
    region: Region,
    line: Line | None,
    scales: Scales,
    pin: str | None,
    change: str,
    bare: bool,
) -> Place:
    row = line.row if line else None
    pinned = region.region == pin
    colour = class_of(line, scales) if line else ""
    if not line or not colour:
        withheld = row is not None and row.status == WITHHELD
        status = "withheld" if withheld else "nodata"
        if row is not None and row.status == "unpublished":
            status = "unpublished"
        return Place(
            region,
            "" if bare else href_of(view, row),
            "withheld" if withheld else "nodata",
            "",
            "" if bare else _detail(view, measure, line, change),
            status,
            pinned=pinned,
        )
    jobs = getattr(row, "employment", None)
    return Place(
        region,
        "" if bare else href_of(view, row),
        colour,
        "" if bare else value_words(view, measure, line, scales, change),
        "" if bare else _detail(view, measure, line, change),
        mark_of(row),
        _edge(row),
        float(jobs) if jobs else None,
        scales.change is None and scales.level is not None and measure.unsure(row, scales.level),
        pinned,
    )


def class_of(line: Line, scales: Scales) -> str:
    """Return the colour of a region; nothing where what is shown is not known of it."""
    level, change = scales.level, scales.change
    if (level is not None and line.value is None) or (change is not None and line.change is None):
        return ""
    if level is not None and change is not None:
        ends = (third_of(level, line.value or 0.0), third_of(change, line.change or 0.0))
        return f"b{ends[0]}{ends[1]}"
    if change is not None:
        return change.kind(line.change or 0.0)
    return level.kind(line.value or 0.0) if level is not None else ""


def third_of(scale: Scale, value: float) -> int:
    """Return the third, 0 to 2, of a value among classes that may be fewer than three."""
    last = len(scale.kinds) - 1
    place = scale.place(value)
    return 1 if not last else round(2 * place / last)


def value_words(view: View, measure: Shown, line: Line, scales: Scales, change: str) -> str:
    """Write what a region has: its value, its change, or both."""
    level = ""
    if line.value is not None:
        level = measure.written(line.value)
        if measure.name == "employment":
            level = f"{level} {words.word(view.scheme.employment_word)}"
        elif measure.sort == "own" and measure.unit:
            level = f"{level} {measure.unit}"
    if scales.change is None or line.change is None:
        return level
    moved = measure.written_change(line.change, change)
    if change in ("yearly", "per-year"):
        moved = _("%(change)s a year") % {"change": moved}
    if scales.level is None:
        return moved
    return _("%(level)s; %(change)s") % {"level": level, "change": moved}


def mark_of(row: Any) -> str:
    """Return the mark of any row of a map."""
    if isinstance(row, RegionalCluster):
        return doubt.mark_of(row)
    if row.status == WITHHELD and getattr(row, "employment", None):
        return "partial"
    return str(row.status)


def picture_of(
    ground: Ground,
    view: View,
    places: Sequence[Place],
    scales: Scales,
    lines: Sequence[Line],
    *,
    identity: str,
    title: str,
    interactive: bool = True,
    hint: bool = True,
    hooks: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> MapPicture:
    """Return the map with its legend."""
    scale = scales.change or scales.level
    assert scale is not None  # noqa: S101 - a map shows a level, a change or both
    both = scales.level is not None and scales.change is not None
    name = "scale-two" if both else scale.name
    shown = [line.change if scales.change else line.value for line in lines]
    return MapPicture(
        identity,
        draw_map(
            ground,
            places,
            scale=name,
            identity=identity,
            interactive=interactive,
            hint=hint,
            hooks=hooks,
        ),
        name,
        title,
        [] if both else scale.legend(value for value in shown if value is not None),
        sum(place.kind == "withheld" for place in places),
        sum(place.kind == "nodata" for place in places),
        any(place.edge == "strong" for place in places),
        any(place.edge == "strong partial" for place in places),
        sum(place.edge in FLIPPING for place in places),
        sum(place.unsure for place in places),
        words.word(view.scheme.employment_word) if ground.projection else "",
        view.source_line,
        interactive,
        square=_square(places, scales) if both else None,
        spoken=spoken_words(),
        changing=scales.change is not None,
        **(extra or {}),
    )


def _square(places: Sequence[Place], scales: Scales) -> Square | None:
    if scales.level is None or scales.change is None:
        return None
    levels = [_("low"), _("middling"), _("high")]
    moves = [_("falling"), _("about steady"), _("growing")]
    ranges = [_by_third(scale) for scale in (scales.level, scales.change)]
    counts = {place.kind: 0 for place in places}
    for place in places:
        counts[place.kind] += 1
    rows = [
        (
            levels[level],
            ranges[0][level],
            [
                (
                    f"b{level}{move}",
                    counts.get(f"b{level}{move}", 0),
                    _("%(level)s and %(change)s") % {"level": levels[level], "change": moves[move]},
                )
                for move in range(3)
            ],
        )
        for level in (2, 1, 0)
    ]
    return Square(_("Level"), _("Change"), list(zip(moves, ranges[1], strict=True)), rows)


def _by_third(scale: Scale) -> list[str]:
    last = len(scale.labels) - 1
    places = {1 if not last else round(2 * place / last): place for place in range(last + 1)}
    return [scale.labels[places[third]] if third in places else "" for third in range(3)]


def spoken_words() -> str:
    """Return the words that the scripts of a map speak, in the language of the page, as JSON."""
    return json.dumps(
        {
            "reported": _("reported"),
            "estimated": _("estimated in part"),
            "flip": _("strong or not: could flip"),
            "partial": _("partly withheld"),
            "withheld": _("withheld by the statistical office"),
            "unpublished": _("not published"),
            "nodata": _("no data"),
            "tap": _("tap again to open"),
            "open": _("Open its figures"),
            "pin": _("Pin"),
            "unpin": _("Unpin"),
            "close": _("Close"),
            "tools": _("Zoom and move the map"),
            "in": _("Zoom in"),
            "out": _("Zoom out"),
            "whole": _("Show the whole map"),
            "up": _("Move up"),
            "down": _("Move down"),
            "left": _("Move left"),
            "right": _("Move right"),
            "play": _("Play"),
            "stop": _("Stop"),
        },
        ensure_ascii=False,
    )


def _edge(row: Any) -> str:
    """Return how the edge of a region tells its flag: strong, in doubt, or neither."""
    if not isinstance(row, RegionalCluster):
        return ""
    if row.could_flip:
        return "strong flip" if row.strong else "flip"
    if not row.strong:
        return ""
    return "strong partial" if doubt.mark_of(row) == "partial" else "strong"


def href_of(view: View, row: Any) -> str:
    """Return where a region of the map leads; nowhere when no figure of it is printed that year."""
    if row is None:
        return ""
    cluster = getattr(row, "cluster", None)
    definition = view.definition_in_address
    year = view.year if view.year in view.scheme.years else None
    if cluster is None:
        return addresses.region(view.scheme.scheme, row.region, year=year, definition=definition)
    return addresses.region_cluster(
        view.scheme.scheme, row.region, cluster, year=year, definition=definition
    )


def _detail(view: View, measure: Shown, line: Line | None, change: str) -> str:
    if line is None:
        return ""
    row = line.row
    if change and line.start is not None and line.before is not None:
        told = {
            "start": measure.written(line.start),
            "first": line.before.year,
            "end": figures.NOTHING if line.value is None else measure.written(line.value),
            "last": row.year,
        }
        return _("%(start)s in %(first)s, %(end)s in %(last)s") % told
    parts = []
    quotient = getattr(row, "location_quotient", None)
    cluster = isinstance(row, RegionalCluster)
    if measure.name != "location_quotient" and quotient is not None:
        said = _bracketed(doubt.quotient_between(row)) if cluster else ""
        parts.append(_("quotient %(number)s") % {"number": f"{figures.quotient(quotient)}{said}"})
    elif quotient is not None and cluster and (said := doubt.quotient_between(row)):
        parts.append(_interval(said))
    if hasattr(row, "employment"):
        if measure.name != "employment" and row.employment is not None:
            parts.append(f"{jobs_of(row)} {words.word(view.scheme.employment_word)}")
        elif hasattr(row, "employment_high") and (said := doubt.jobs_between(row)):
            parts.append(_interval(said))
    if getattr(row, "rank", None) is not None and quotient is not None and row.ranked:
        said = _bracketed(doubt.rank_between(row)) if cluster else ""
        told = {"rank": f"{figures.whole(row.rank)}{said}", "ranked": figures.whole(row.ranked)}
        parts.append(_("rank %(rank)s of %(ranked)s") % told)
    if cluster and row.could_flip:
        chance = doubt.chance(row.probability_strong or 0)
        parts.append(_("strong %(chance)s") % {"chance": chance})
    return ", ".join([*parts, str(row.year)])


def jobs_of(row: Any) -> str:
    """Write the jobs of any row of a map; those of a whole region have no interval."""
    if hasattr(row, "employment_low"):
        return doubt.jobs(row)
    return figures.jobs(row.employment, row.status)


def _interval(said: str) -> str:
    return _("90 %% interval %(range)s") % {"range": said}


def _bracketed(said: str) -> str:
    return f" ({said})" if said else ""
