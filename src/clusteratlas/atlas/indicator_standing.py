"""Other figures of all regions of a scheme: level, change and rank of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from clusteratlas import measures
from clusteratlas.atlas.release import Release
from clusteratlas.tables import CannotAnswer

PATENTS = "utility-patents"
"""Counts of counties that may be added up to larger regions."""


@dataclass(frozen=True, slots=True)
class KnownIndicator:
    """An indicator of a scheme; ``summed`` where it is added up from counties."""

    indicator: str
    title: str
    unit: str
    years: tuple[int, ...]
    summed: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorStanding:
    """A region's figure in the latest year against an earlier one, and its place among all."""

    region: str
    region_name: str
    year: int
    value: float
    before_year: int | None
    before: float | None
    change: float | None
    rank: int
    ranked: int


def known_indicators(release: Release, scheme: str) -> list[KnownIndicator]:
    """Return the indicators of the regions of a scheme by title, patents of its counties too."""
    release.scheme(scheme)
    own = _rows(
        release,
        "select indicator, any_value(title) as title, any_value(unit) as unit, "
        "list(distinct year order by year) as years "
        "from indicators where scheme = ? and value is not null group by indicator order by 2, 1",
        [scheme],
    )
    found = [KnownIndicator(name, title, unit, tuple(years)) for name, title, unit, years in own]
    if not any(each.indicator == PATENTS for each in found) and scheme != "us-county":
        below = _rows(
            release,
            "select any_value(i.title) as title, any_value(i.unit) as unit, "
            "list(distinct i.year order by i.year) as years "
            "from indicators i join memberships m on m.scheme = i.scheme and m.region = i.region "
            "where i.scheme = 'us-county' and i.indicator = ? and m.in_scheme = ? "
            "and i.value is not null",
            [PATENTS, scheme],
        )
        found += [
            KnownIndicator(PATENTS, title, unit, tuple(years), summed=True)
            for title, unit, years in below
            if title
        ]
    return found


def _rows(release: Release, question: str, values: list[object]) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in release.selected(question, values).to_pylist()]


def indicator_standings(release: Release, scheme: str, indicator: str) -> list[IndicatorStanding]:
    """Return the latest figure of every region, its change since the first year, and its rank.

    Ranks run from the highest value; ties share the best place.

    Raises
    ------
    CannotAnswer
        The scheme has no such indicator.
    """
    known = {each.indicator: each for each in known_indicators(release, scheme)}
    if indicator not in known:
        raise CannotAnswer(
            f"there is no such indicator of {scheme}",
            value=indicator,
            hint=f"there is {', '.join(known)}" if known else "none is loaded",
        )
    info = known[indicator]
    last, first = info.years[-1], info.years[0]
    asked: list[object] = [indicator, last, first]
    question = (
        "with i as (select scheme, region, year, arg_min(value, source) as value "
        "from indicators where scheme = 'us-county' and indicator = ? and year in (?, ?) "
        "and value is not null group by all) "
        "select m.in_region, any_value(r.name) as name, i.year, sum(i.value) as value from i "
        "join memberships m on m.scheme = i.scheme and m.region = i.region "
        "join regions_held r on r.scheme = m.in_scheme and r.region = m.in_region "
        "where m.in_scheme = ? group by 1, 3 order by 1, 3"
        if info.summed
        else "select i.region, any_value(r.name) as name, i.year, "
        "any_value(i.value order by i.source) as value "
        "from indicators i join regions_held r on r.scheme = i.scheme and r.region = i.region "
        "where i.indicator = ? and i.year in (?, ?) and i.scheme = ? and i.value is not null "
        "group by 1, 3 order by 1, 3"
    )
    names: dict[str, str] = {}
    values: dict[str, dict[int, float]] = {}
    for region, name, year, value in _rows(release, question, [*asked, scheme]):
        names[region] = name
        values.setdefault(region, {})[int(year)] = float(value)
    held = [region for region in sorted(values) if last in values[region]]
    if not held:
        return []
    places = measures.rank(np.array([values[region][last] for region in held]))
    earlier = first if first < last else None
    found = []
    for region, place in zip(held, places, strict=True):
        now = values[region][last]
        then = values[region].get(first) if earlier else None
        change = None if then is None else now - then
        found.append(
            IndicatorStanding(
                region, names[region], last, now, earlier, then, change, int(place), len(held)
            )
        )
    return sorted(found, key=lambda each: (each.rank, each.region))
