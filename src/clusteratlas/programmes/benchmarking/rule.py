"""The rule by which organisations are set beside their peers: named, versioned, and data."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Annotated, Final, Self

from pydantic import Field
from pydantic import model_validator as checked

from clusteratlas.programmes.benchmarking.questionnaire import Key, Part

DEFAULT: Final = "benchmark-rule-1"


class BenchmarkRule(Part):
    """Fewest peers, how sure intervals are, and the bands of filters.

    Attributes
    ----------
    minimum_peers
        Fewest organisations anything is told of.
    minimum_left_out
        Fewest organisations that a filter may leave out of a wider one, unless it leaves out none.
    confidence
        Of intervals, 0-1.
    rounded_to
        What shares in boxes are rounded to.
    age_years, members
        Where bands begin.
    """

    name: Key
    version: Annotated[int, Field(ge=1)]
    minimum_peers: Annotated[int, Field(ge=3)]
    minimum_left_out: Annotated[int, Field(ge=2)]
    confidence: Annotated[float, Field(gt=0.5, lt=1)]
    rounded_to: Annotated[float, Field(gt=0, le=0.2)]
    age_years: tuple[int, ...]
    members: tuple[int, ...]

    @checked(mode="after")
    def _rising(self) -> Self:
        for name in ("age_years", "members"):
            starts = getattr(self, name)
            if not starts or any(after <= before for before, after in pairwise(starts)):
                raise ValueError(f"the bands of {name} begin one after the other")
        return self


@lru_cache(maxsize=1)
def benchmark_rule() -> BenchmarkRule:
    """Return the rule of the package.

    >>> benchmark_rule().minimum_peers
    10
    """
    place = files("clusteratlas.programmes.benchmarking").joinpath("data", f"{DEFAULT}.toml")
    return BenchmarkRule.model_validate(tomllib.loads(place.read_text(encoding="utf-8")))


def band_of(value: int | None, starts: tuple[int, ...]) -> str:
    """Return the band that a number falls into, as a code; empty where it is not stated.

    >>> band_of(45, (0, 30, 60)), band_of(60, (0, 30, 60)), band_of(None, (0, 30))
    ('30-59', '60+', '')
    """
    if value is None or value < starts[0]:
        return ""
    for start, following in pairwise(starts):
        if value < following:
            return f"{start}-{following - 1}"
    return f"{starts[-1]}+"


def bands(starts: tuple[int, ...]) -> tuple[str, ...]:
    """Return the codes of all bands.

    >>> bands((0, 30, 60))
    ('0-29', '30-59', '60+')
    """
    return tuple(band_of(each, starts) for each in starts)
