"""Which regions a reader means: codes out of any text, and those within a distance."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

import numpy as np

from clusteratlas.atlas.opened import OpenedRelease
from clusteratlas.atlas.records import Region
from clusteratlas.classification import former_counties, nuts_vintages
from clusteratlas.measures.space.points import great_circle
from clusteratlas.tables import CannotAnswer

BETWEEN = re.compile(r"[\s,;|/\t\"'()\[\]]+")
FARTHEST = 5_000
"""Kilometres; more would be half a continent."""

MOST_CODES = 10_000
MOST_FAULTS = 60
LONGEST = 40


@dataclass(frozen=True)
class Pasted:
    """What was read out of a text.

    Attributes
    ----------
    regions
        Codes that the scheme knows, once each, in the order of the text.
    twice
        Codes that stand there more than once.
    former
        Former codes with the ones that hold their territory now; counted among the regions.
    unknown
        Words that are no code, with a hint each; at most ``MOST_FAULTS`` of ``unknown_count``.
    """

    regions: tuple[str, ...]
    twice: tuple[str, ...]
    former: tuple[tuple[str, str], ...]
    unknown: tuple[tuple[str, str], ...]
    unknown_count: int


def read_codes(release: OpenedRelease, scheme: str, text: str) -> Pasted:
    """Read codes of a scheme out of a text with any separators.

    Raises
    ------
    CannotAnswer
        More than ``MOST_CODES`` words.
    """
    known = {each.region.upper(): each.region for each in release.regions(scheme)}
    words = [word.strip(".") for word in BETWEEN.split(text)]
    words = [word for word in words if word]
    if len(words) > MOST_CODES:
        raise CannotAnswer(
            "the text holds too many codes to be read",
            value=str(len(words)),
            hint=f"paste at most {MOST_CODES}",
        )
    held_now = _former() if scheme == "us-county" else {}
    regions: dict[str, None] = {}
    twice: dict[str, None] = {}
    former: list[tuple[str, str]] = []
    unknown: dict[str, None] = {}
    for word in words:
        code = known.get(_spelt(word, known))
        if code is None and word in held_now and held_now[word] in known:
            code = held_now[word]
            former.append((word, code))
        if code is None:
            unknown[word[:LONGEST]] = None
        elif code in regions:
            twice[code] = None
        else:
            regions[code] = None
    told = [(word, _hint(release, scheme, word, known)) for word in list(unknown)[:MOST_FAULTS]]
    return Pasted(tuple(regions), tuple(twice), tuple(former), tuple(told), len(unknown))


def _spelt(word: str, known: dict[str, str]) -> str:
    """A code as the scheme writes it: spreadsheets eat leading zeros."""
    upper = word.upper()
    if upper in known or not word.isdigit():
        return upper
    width = max((len(code) for code in known if code.isdigit()), default=0)
    return upper.zfill(width)


def _former() -> dict[str, str]:
    table = former_counties()
    return dict(
        zip(table.column("region").to_pylist(), table.column("successor").to_pylist(), strict=True)
    )


def _hint(release: OpenedRelease, scheme: str, word: str, known: dict[str, str]) -> str:
    """What may have been meant: another scheme's code, a code of another vintage, a near one."""
    for each in release.manifest.schemes:
        if each.scheme != scheme and any(r.region == word for r in release.regions(each.scheme)):
            return f"a code of {each.region_words}"
    vintages = nuts_vintages(word.upper()) if scheme.startswith("nuts-") else ()
    if vintages:
        return f"a code of NUTS {', '.join(map(str, vintages))}, without figures here"
    near = difflib.get_close_matches(word.upper(), known, n=3, cutoff=0.6)
    names = {each.region: each.name for each in release.regions(scheme)}
    return ", ".join(f"{known[each]} {names[known[each]]}" for each in near)


def centre_of(release: OpenedRelease, scheme: str, text: str) -> tuple[float, float, str]:
    """Return longitude, latitude and name of a centre: ``longitude, latitude`` or a region.

    Raises
    ------
    CannotAnswer
        No such region, one without a point, or a place that is not on the Earth.
    """
    numbers = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)[\s,;]+(-?\d+(?:\.\d+)?)\s*", text)
    if numbers:
        longitude, latitude = (float(each) for each in numbers.groups())
        if abs(longitude) > 180 or abs(latitude) > 90:
            raise CannotAnswer(
                "there is no such place on the Earth",
                value=text[:LONGEST],
                hint="longitude first (-180 to 180), then latitude (-90 to 90)",
            )
        return longitude, latitude, f"{longitude:g}, {latitude:g}"
    try:
        region = release.find_region(text, scheme)
    except CannotAnswer as unknown:
        hits = [hit for hit in release.search(text, 10) if hit.kind == "region"]
        mine = [hit for hit in hits if hit.scheme == scheme] or hits
        if not mine:
            raise CannotAnswer(
                "there is no region of that name", value=text[:80], hint=unknown.fault.hint
            ) from None
        region = release.region(mine[0].scheme, mine[0].code)
    if region.longitude is None or region.latitude is None:
        raise CannotAnswer("this region has no point on the map", value=region.name)
    return region.longitude, region.latitude, region.name


def within(
    release: OpenedRelease, scheme: str, centre: tuple[float, float], km: float
) -> list[tuple[Region, float]]:
    """Return the regions whose point lies within a distance, nearest first, with the distance."""
    if not 0 < km <= FARTHEST:
        raise CannotAnswer(
            "the distance cannot be used", value=f"{km:g}", hint=f"from 1 to {FARTHEST} km"
        )
    placed = [
        each
        for each in release.regions(scheme)
        if each.longitude is not None and each.latitude is not None
    ]
    if not placed:
        raise CannotAnswer("regions of this scheme have no points on the map", value=scheme)
    away = great_circle([(each.longitude or 0.0, each.latitude or 0.0) for each in placed], centre)
    order = np.argsort(away, kind="stable")
    return [(placed[at], float(away[at])) for at in order if away[at] <= km]
