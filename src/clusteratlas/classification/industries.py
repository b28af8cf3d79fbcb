"""Industry classifications with their vintages: titles, parents, levels."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import pyarrow as pa

from clusteratlas.classification.packaged import read_packaged
from clusteratlas.tables import INDUSTRIES, CannotAnswer

NAICS: Final = ("naics-2007", "naics-2012", "naics-2017")
NACE: Final = "nace-2"
NACE_TOTAL: Final = "B-N_S95"
NAICS_TOTAL: Final = "00"
RANGES: Final = {
    "31": "31-33",
    "32": "31-33",
    "33": "31-33",
    "44": "44-45",
    "45": "44-45",
    "48": "48-49",
    "49": "48-49",
}
"""NAICS sectors that span several two-digit codes."""

Class = tuple[str, str, str | None, int]
"""Code, title, parent and level."""

YEARS: Final = {
    "naics": {"naics-2007": (2008, 2011), "naics-2012": (2012, 2016), "naics-2017": (2017, 2022)},
    "naics-qcew": {
        "naics-2007": (2007, 2010),
        "naics-2012": (2011, 2016),
        "naics-2017": (2017, 2021),
    },
    "nace": {"nace-2": (2008, 2024)},
}
"""First and last reference year that the offices publish in each vintage."""


def classifications() -> tuple[str, ...]:
    """Return the names of the classifications at hand, each with its vintage.

    >>> classifications()
    ('nace-2', 'naics-2007', 'naics-2012', 'naics-2017')
    """
    return (NACE, *NAICS)


@lru_cache(maxsize=8)
def industries(classification: str) -> pa.Table:
    """Return every class of a classification with title, parent and level.

    Definition
    ----------
    NAICS runs from the total ``00`` over sectors (level 2; ``31-33``, ``44-45`` and ``48-49`` are
    ranges) to six digits. NACE Rev. 2 holds sections (level 1) and divisions (level 2, such as
    ``C10``) under the total ``B-N_S95``; sections outside that total have no parent.

    Parameters
    ----------
    classification
        One of `classifications`.

    Returns
    -------
    pa.Table
        Contract ``INDUSTRIES``, sorted by level and code.

    Missing data
    ------------
    ``parent`` is null at the top of the tree.

    Raises
    ------
    CannotAnswer
        When the classification is not at hand.

    Source
    ------
    US Census Bureau, NAICS 2007, 2012 and 2017; Eurostat, NACE Rev. 2 (2008), whose divisions are
    those of ISIC Rev. 4 (United Nations, 2008).

    Example
    -------
    >>> table = industries("naics-2017")
    >>> row = table.slice(table["industry"].index("541511").as_py(), 1).to_pylist()[0]
    >>> row["title"], row["parent"], row["level"]
    ('Custom Computer Programming Services', '54151', 6)
    """
    rows = classes(classification)
    columns = [list(column) for column in zip(*rows, strict=True)]
    return pa.table([[classification] * len(rows), *columns], schema=INDUSTRIES.schema)


@lru_cache(maxsize=32)
def ancestors(classification: str, level: int) -> pa.Table:
    """Return the class of a level that each industry at or below that level lies in.

    Parameters
    ----------
    classification
        One of `classifications`.
    level
        Digits of the wanted class: 0, 2 to 6 for NAICS; 0 (total), 1 or 2 for NACE.

    Returns
    -------
    pa.Table
        Columns ``industry`` and ``ancestor``, sorted by industry. A class of the level itself is
        its own ancestor.

    Missing data
    ------------
    Industries above the level, or outside of every class of it, have no row: NACE section A lies
    in no total, and of section S only S95 does.

    Raises
    ------
    CannotAnswer
        When the classification is not at hand or has no such level.

    Example
    -------
    >>> table = ancestors("naics-2017", 4)
    >>> table["ancestor"][table["industry"].index("541511").as_py()].as_py()
    '5415'
    """
    levels = {code: digits for code, _, _, digits in classes(classification)}
    parents = {code: parent for code, _, parent, _ in classes(classification)}
    if level not in levels.values():
        at_hand = ", ".join(str(digits) for digits in sorted(set(levels.values())))
        raise CannotAnswer(f"{classification} has no level {level}", hint=f"levels: {at_hand}")
    if classification == NACE and level == 0:
        parents["S95"] = NACE_TOTAL
    pairs = []
    for industry in sorted(levels):
        above: str | None = industry
        while above is not None and levels[above] > level:
            above = parents[above]
        if above is not None and levels[above] == level:
            pairs.append((industry, above))
    return pa.table(
        {
            "industry": pa.array([industry for industry, _ in pairs], pa.string()),
            "ancestor": pa.array([above for _, above in pairs], pa.string()),
        }
    )


def vintage_for_year(family: str, year: int) -> str:
    """Return the classification in which the offices publish a reference year.

    Parameters
    ----------
    family
        ``naics`` (as County Business Patterns applies it), ``naics-qcew`` (as the Quarterly Census
        of Employment and Wages does, some years earlier) or ``nace``.
    year
        Reference year of the figures.

    Raises
    ------
    CannotAnswer
        When no vintage at hand belongs to the year.

    Source
    ------
    US Census Bureau, County Business Patterns, methodology: NAICS 2007 for 2008-2011, NAICS 2012
    for 2012-2016, NAICS 2017 for 2017-2022. US Bureau of Labor Statistics, QCEW: NAICS 2007 for
    2007-2010, NAICS 2012 for 2011-2016, NAICS 2017 for 2017-2021. Eurostat: NACE Rev. 2 for
    2008-2024.

    Example
    -------
    >>> vintage_for_year("naics", 2021)
    'naics-2017'
    """
    vintages = YEARS.get(family)
    if vintages is None:
        raise CannotAnswer(
            "no such family of classifications", value=family, hint="use naics, naics-qcew or nace"
        )
    for classification, (first, last) in vintages.items():
        if first <= year <= last:
            return classification
    spans = ", ".join(f"{name} {first}-{last}" for name, (first, last) in vintages.items())
    raise CannotAnswer(
        f"no {family} vintage at hand belongs to that year", value=str(year), hint=f"known: {spans}"
    )


@lru_cache(maxsize=8)
def classes(classification: str) -> tuple[Class, ...]:
    """Return code, title, parent and level of every class, sorted by level and code."""
    if classification not in classifications():
        raise CannotAnswer(
            "no such classification",
            value=classification,
            hint=f"at hand: {', '.join(classifications())}",
        )
    if classification == NACE:
        rows = [
            (row["industry"], row["title"], row["parent"] or None, int(row["level"]))
            for row in read_packaged("nace.csv")
        ]
    else:
        vintage = classification.removeprefix("naics-")
        rows = [
            (code, row["title"], _naics_parent(code), _naics_level(code))
            for row in read_packaged("naics.csv")
            for code in (row["industry"],)
            if vintage in row["vintages"].split()
        ]
    return tuple(sorted(rows, key=lambda row: (row[3], row[0])))


@lru_cache(maxsize=8)
def codes_of(classification: str) -> frozenset[str]:
    """Return every code of a classification."""
    return frozenset(code for code, _, _, _ in classes(classification))


def _naics_level(code: str) -> int:
    return 0 if code == NAICS_TOTAL else 2 if "-" in code else len(code)


def _naics_parent(code: str) -> str | None:
    if code == NAICS_TOTAL:
        return None
    if _naics_level(code) == 2:
        return NAICS_TOTAL
    above = code[:-1]
    return RANGES.get(above, above)
