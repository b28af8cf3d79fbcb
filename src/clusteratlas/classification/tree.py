"""Industry trees: who lies beneath whom, codes with a single child, and the vintage of a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa

from clusteratlas.classification.industries import classes, classifications, codes_of

SEVERAL = 3
"""So many codes of one other vintage are no slip of the pen."""


@lru_cache(maxsize=8)
def industry_tree(classification: str) -> pa.Table:
    """Return each industry with the industry directly above it and its number of children.

    Definition
    ----------
    Range sectors are one class: ``311`` lies in ``31-33``, ``452`` in ``44-45``.

    Parameters
    ----------
    classification
        One of `classifications`.

    Returns
    -------
    pa.Table
        Columns ``industry``, ``parent``, ``level`` and ``children`` (how many classes lie directly
        beneath), sorted by level and code.

    Missing data
    ------------
    ``parent`` is null at the top of the tree.

    Raises
    ------
    CannotAnswer
        When the classification is not at hand.

    Example
    -------
    >>> table = industry_tree("naics-2017")
    >>> row = table.slice(table["industry"].index("33441").as_py(), 1).to_pylist()[0]
    >>> row["parent"], row["children"]
    ('3344', 6)
    """
    rows = classes(classification)
    beneath: dict[str, int] = {}
    for _, _, parent, _ in rows:
        if parent is not None:
            beneath[parent] = beneath.get(parent, 0) + 1
    return pa.table(
        {
            "industry": pa.array([code for code, _, _, _ in rows], pa.string()),
            "parent": pa.array([parent for _, _, parent, _ in rows], pa.string()),
            "level": pa.array([level for _, _, _, level in rows], pa.int8()),
            "children": pa.array([beneath.get(code, 0) for code, _, _, _ in rows], pa.int32()),
        }
    )


def children(classification: str, industry: str) -> tuple[str, ...]:
    """Return the industries directly beneath one, sorted by code.

    Missing data
    ------------
    Empty at the bottom of the tree, and for a code that is not of the classification.

    Example
    -------
    >>> children("naics-2017", "44-45")[:3]
    ('441', '442', '443')
    """
    return tuple(code for code, _, parent, _ in classes(classification) if parent == industry)


@lru_cache(maxsize=8)
def only_child(classification: str) -> dict[str, str]:
    """Return the industries with a single child, and that child: both count the same jobs.

    Definition
    ----------
    A class that is not divided further is repeated on the next level (``33441`` has six
    children, ``11331`` only ``113310``): where one of the two is withheld so is the other.

    Parameters
    ----------
    classification
        One of `classifications`.

    Returns
    -------
    dict
        Parent to child, sorted by parent. Chains are not followed: ``1133`` leads to ``11331``.

    Raises
    ------
    CannotAnswer
        When the classification is not at hand.

    Example
    -------
    >>> pairs = only_child("naics-2017")
    >>> pairs["1133"], pairs["11331"], "33441" in pairs
    ('11331', '113310', False)
    """
    beneath: dict[str, list[str]] = {}
    for code, _, parent, _ in classes(classification):
        if parent is not None:
            beneath.setdefault(parent, []).append(code)
    return {parent: codes[0] for parent, codes in sorted(beneath.items()) if len(codes) == 1}


@lru_cache(maxsize=8)
def construction_splits(classification: str) -> dict[str, str]:
    """Return the splits of construction trades that only the Bureau of Labor Statistics makes.

    Definition
    ----------
    In the Quarterly Census of Employment and Wages each trade of ``238`` has a residential
    (``238xx1``) and a nonresidential (``238xx2``) code in place of the six-digit code
    ``238xx0`` of NAICS.

    Returns
    -------
    dict
        Code of the agency to code of NAICS, sorted.

    Source
    ------
    US Bureau of Labor Statistics, QCEW industry titles.

    Example
    -------
    >>> construction_splits("naics-2017")["238111"]
    '238110'
    """
    trades = [code for code in codes_of(classification) if len(code) == 5 and code[:3] == "238"]
    return {f"{trade}{digit}": f"{trade}0" for trade in sorted(trades) for digit in "12"}


@dataclass(frozen=True)
class Vintage:
    """Another vintage that explains codes which the expected one does not know."""

    classification: str
    codes: tuple[str, ...]


def likely_vintage(codes: Iterable[str], expected: str) -> Vintage | None:
    """Return the vintage that a file is in, where that is not the expected one.

    Definition
    ----------
    Among the codes that the expected vintage does not know, those are counted that each other
    vintage of the same family knows. The one that knows most wins if it knows at least three of
    them and more than half. Between equals the nearer vintage wins.

    Parameters
    ----------
    codes
        Distinct codes of the file.
    expected
        Classification in which the file should be, such as ``naics-2017``.

    Returns
    -------
    Vintage or None
        The other vintage and the codes that speak for it; ``None`` where nothing does.

    Example
    -------
    >>> found = likely_vintage(["211111", "212231", "334413", "454111"], "naics-2017")
    >>> found.classification, found.codes
    ('naics-2012', ('211111', '212231', '454111'))
    """
    family = expected.rpartition("-")[0]
    unknown = {code for code in codes if code} - codes_of(expected)
    best: Vintage | None = None
    for other in sorted(classifications(), key=lambda name: _distance(name, expected)):
        if other == expected or other.rpartition("-")[0] != family:
            continue
        known = tuple(sorted(unknown & codes_of(other)))
        speaks = len(known) >= SEVERAL and 2 * len(known) > len(unknown)
        if speaks and (best is None or len(known) > len(best.codes)):
            best = Vintage(other, known)
    return best


def _distance(name: str, expected: str) -> tuple[int, str]:
    here, there = name.rpartition("-")[2], expected.rpartition("-")[2]
    return (abs(int(here) - int(there)) if here.isdigit() and there.isdigit() else 0, name)
