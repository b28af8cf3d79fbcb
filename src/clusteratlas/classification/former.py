"""Codes that are gone, or stand in another vintage only, and what holds their place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from clusteratlas.classification.packaged import read_packaged


@dataclass(frozen=True, slots=True)
class FormerIndustry:
    """A six-digit code that NAICS 2017 does not have; ``title`` is empty where not at hand."""

    industry: str
    title: str
    vintages: tuple[int, ...]
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherCode:
    """Another code that holds a region's place; ``same`` where nothing but the code changed."""

    region: str
    same: bool
    note: str = ""


@lru_cache(maxsize=1)
def former_industries() -> dict[str, FormerIndustry]:
    """Return the codes of NAICS 2002, 2007 and 2012 that are gone, by code.

    Returns
    -------
    dict
        Each with the vintages that had it and the codes of 2017 that the official concordances
        link it to; several where it was divided.

    Source
    ------
    US Census Bureau (see data/README.md).

    Example
    -------
    >>> former_industries()["541710"].vintages
    (2002,)
    >>> former_industries()["517110"].successors
    ('517311',)
    """
    return {
        row["industry"]: FormerIndustry(
            row["industry"],
            row["title"],
            tuple(int(year) for year in row["vintages"].split()),
            tuple(row["successors"].split()),
        )
        for row in read_packaged("naics_former.csv")
    }


@lru_cache(maxsize=1)
def former_county_names() -> dict[str, str]:
    """Return the names of county codes that are gone, by code; a name may not be at hand."""
    names = {row["county"]: row["name"] for row in read_packaged("us_county_changes.csv")}
    for row in read_packaged("us_former_counties.csv"):
        names[row["county"]] = row["note"].partition(",")[0].partition(";")[0]
    return names


def other_codes(scheme: str, code: str) -> tuple[OtherCode, ...]:
    """Return the codes that hold a region's place in other vintages, one step away.

    Parameters
    ----------
    scheme
        ``us-county`` or a NUTS scheme; others have none.
    code
        One that is gone, or (NUTS) one of any vintage.

    Returns
    -------
    tuple
        Sorted by code; ``same`` only where the territory is the same.

    Source
    ------
    US Census Bureau; Eurostat (see data/README.md).

    Example
    -------
    >>> [(each.region, each.same) for each in other_codes("nuts-2", "FR24")]
    [('FRB0', True)]
    >>> [each.region for each in other_codes("us-county", "46113")]
    ['46102']
    """
    return _by_scheme(scheme).get(code, ())


@lru_cache(maxsize=8)
def _by_scheme(scheme: str) -> dict[str, tuple[OtherCode, ...]]:
    found: dict[str, list[OtherCode]] = {}
    if scheme == "us-county":
        for row in read_packaged("us_former_counties.csv"):
            other = OtherCode(row["successor"], "renamed" in row["note"], row["note"])
            found.setdefault(row["county"], []).append(other)
        for row in read_packaged("us_county_changes.csv"):
            found[row["county"]] = [
                OtherCode(each, False, row["note"]) for each in row["successors"].split()
            ]
    elif scheme.startswith("nuts-"):
        length = int(scheme.removeprefix("nuts-")) + 2
        for row in read_packaged("nuts_changes.csv"):
            if len(row["region"]) == length == len(row["other"]):
                other = OtherCode(row["other"], row["same"] == "true")
                found.setdefault(row["region"], []).append(other)
    return {
        code: tuple(sorted(others, key=lambda each: each.region)) for code, others in found.items()
    }


def codes_with_others(scheme: str) -> tuple[str, ...]:
    """Return the codes of a scheme that `other_codes` knows, sorted."""
    return tuple(sorted(_by_scheme(scheme)))
