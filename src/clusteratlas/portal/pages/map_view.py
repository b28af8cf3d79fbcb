"""From regional clusters to a map: every region of the scheme, also where nothing is known."""

from __future__ import annotations

from collections.abc import Sequence

from clusteratlas.atlas import RegionalCluster, Release
from clusteratlas.portal import addresses, doubt, figures
from clusteratlas.portal.charts.choropleth import MapPicture, Place, draw_map
from clusteratlas.portal.charts.geography import ground_of
from clusteratlas.portal.pages.asking import View
from clusteratlas.portal.pages.measures_shown import Shown


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
    by_region = {row.region: row for row in rows}
    values = [value for row in rows if (value := measure.value(row)) is not None]
    scale = measure.classes(values)
    places = []
    for region in release.regions(view.scheme.scheme):
        row = by_region.get(region.region)
        value = measure.value(row) if row else None
        if row is None and ground.projection:
            continue
        if row is None or value is None:
            withheld = row is not None and row.status == "withheld"
            kind, status = ("withheld", "withheld") if withheld else ("nodata", "nodata")
            if row is not None and row.status == "unpublished":
                status = "unpublished"
            written = ""
        else:
            kind, status, written = scale.kind(value), doubt.mark_of(row), measure.written(value)
            if measure.name == "employment" and value is not None:
                written = f"{written} {view.scheme.employment_word}"
        places.append(
            Place(
                region,
                _address(view, region.region, row),
                kind,
                written,
                _detail(view, measure, row),
                status,
                _edge(row),
                float(row.employment) if row and row.employment else None,
                row is not None and measure.unsure(row, scale),
            )
        )
    return MapPicture(
        identity,
        draw_map(
            ground,
            places,
            scale=scale.name,
            identity=identity,
            interactive=interactive,
            hint=hint,
        ),
        scale.name,
        title,
        scale.legend(values),
        sum(place.kind == "withheld" for place in places),
        sum(place.kind == "nodata" for place in places),
        any(place.edge == "strong" for place in places),
        any(place.edge == "strong partial" for place in places),
        sum(place.edge in FLIPPING for place in places),
        sum(place.unsure for place in places),
        view.scheme.employment_word if ground.projection else "",
        view.source_line,
        interactive,
    )


FLIPPING = ("strong flip", "flip")


def _edge(row: RegionalCluster | None) -> str:
    """Return how the edge of a region tells its flag: strong, in doubt, or neither."""
    if row is None:
        return ""
    if row.could_flip:
        return "strong flip" if row.strong else "flip"
    if not row.strong:
        return ""
    return "strong partial" if doubt.mark_of(row) == "partial" else "strong"


def _address(view: View, region: str, row: RegionalCluster | None) -> str:
    """Return where a region of the map leads; nowhere when no figure of it is printed that year."""
    if row is None:
        return ""
    return addresses.region_cluster(
        view.scheme.scheme,
        region,
        row.cluster,
        year=view.year,
        definition=view.definition_in_address,
    )


def _detail(view: View, measure: Shown, row: RegionalCluster | None) -> str:
    if row is None:
        return ""
    parts = []
    if measure.name != "location_quotient" and row.location_quotient is not None:
        said = _bracketed(doubt.quotient_between(row))
        parts.append(f"quotient {figures.quotient(row.location_quotient)}{said}")
    elif row.location_quotient is not None and (said := doubt.quotient_between(row)):
        parts.append(f"90{figures.NARROW}% interval {said}")
    if measure.name != "employment" and row.employment is not None:
        parts.append(f"{doubt.jobs(row)} {view.scheme.employment_word}")
    elif said := doubt.jobs_between(row):
        parts.append(f"90{figures.NARROW}% interval {said}")
    if row.rank is not None and row.location_quotient is not None:
        said = _bracketed(doubt.rank_between(row))
        parts.append(f"rank {figures.whole(row.rank)}{said} of {figures.whole(row.ranked)}")
    if row.could_flip:
        parts.append(f"strong {doubt.chance(row.probability_strong or 0)}")
    return ", ".join([*parts, str(row.year)])


def _bracketed(said: str) -> str:
    return f" ({said})" if said else ""
