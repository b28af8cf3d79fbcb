"""Check a column of industry codes; a code of another vintage is named."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.classification.industries import (
    NACE,
    NACE_TOTAL,
    NAICS,
    RANGES,
    classifications,
    codes_of,
)
from clusteratlas.tables import Fault

MOST: Final = 200
"""Bad rows that are spelled out; the others are counted in one closing fault."""


def find_code_faults(
    codes: pa.ChunkedArray[Any] | pa.Array[Any],
    classification: str,
    *,
    file: str,
    column: str,
    first_row: int,
) -> list[Fault]:
    """Return a fault for each row whose code is not of the classification.

    Parameters
    ----------
    codes
        The column, one text a row, any number of rows: distinct codes are looked at first.
    classification
        One of `classifications`.
    file, column, first_row
        Where the codes stand; ``first_row`` is the row of the first code in the file.

    Returns
    -------
    list of Fault
        Empty when all is well. After 200 rows one last fault counts the rest and lists its codes.

    Missing data
    ------------
    An empty code is a fault.

    Raises
    ------
    CannotAnswer
        When the classification is not at hand.

    Example
    -------
    >>> column = pa.array(["541511", "541711"])
    >>> for fault in find_code_faults(
    ...     column, "naics-2017", file="jobs.csv", column="industry", first_row=2
    ... ):
    ...     print(fault.row, fault.value, fault.problem)
    3 541711 the code is none of naics-2017 but of naics-2007, naics-2012
    """
    good = pa.array(sorted(codes_of(classification)), pa.string())
    texts = codes.cast(pa.string())
    bad = pc.invert(pc.is_in(texts, value_set=good))
    if not pc.any(bad).as_py():
        return []
    rows: list[int] = np.flatnonzero(bad.to_numpy(zero_copy_only=False)).tolist()
    faults = []
    for row in rows[:MOST]:
        code = texts[row].as_py()
        problem, hint = explain(code, classification)
        faults.append(Fault(problem, file, row + first_row, column, code or "", hint))
    if len(rows) > MOST:
        rest = sorted(
            {code or "" for code in texts.take(pa.array(rows[MOST:])).unique().to_pylist()}
        )
        listed = ", ".join(rest[:20]) + (" ..." if len(rest) > 20 else "")
        faults.append(
            Fault(
                f"{len(rows) - MOST:,} more rows hold codes that are none of {classification}",
                file,
                column=column,
                value=listed,
                hint="is the file in another classification or vintage?",
            )
        )
    return faults


@lru_cache(maxsize=4096)
def explain(code: str | None, classification: str) -> tuple[str, str]:
    """Say what is wrong with a code that is not of the classification, and what to do."""
    if code is None or not code.strip():
        return "the code is empty", "give the industry's code"
    problem = f"the code is none of {classification}"
    if code.strip() in codes_of(classification):
        return problem, "take away the blanks around it"
    others = [other for other in classifications() if code in codes_of(other)]
    if others:
        return (
            f"{problem} but of {', '.join(others)}",
            f"say that the figures are in {others[-1]}, or use the codes of {classification}",
        )
    hint = _naics_hint(code) if classification in NAICS else _nace_hint(code)
    return problem, hint


def _naics_hint(code: str) -> str:
    plain = code.rstrip("-/")
    if code in RANGES:
        return f"the sector is written {RANGES[code]}"
    if plain != code and (plain in codes_of(NAICS[-1]) or plain in RANGES or not plain):
        return f"write {RANGES.get(plain, plain) or '00'}, without the filling signs"
    if re.fullmatch(r"\d{2,6}\.0+", code):
        return f"write {code.partition('.')[0]}: a spreadsheet made a number of it"
    if re.fullmatch(r"238\d\d[12]", code):
        return f"a split of the Bureau of Labor Statistics; the official code is {code[:5]}0"
    if re.fullmatch(r"\d{2,6}", code):
        return f"at hand are {', '.join(NAICS)}; NAICS 2022 is not"
    return "NAICS codes have two to six digits; the total is 00"


def _nace_hint(code: str) -> str:
    divisions = {known[1:]: known for known in codes_of(NACE) if re.fullmatch(r"[A-U]\d\d", known)}
    if code.startswith(NACE_TOTAL):
        return f"the total is written {NACE_TOTAL}"
    if code.zfill(2) in divisions:
        return f"write {divisions[code.zfill(2)]}, the section's letter before the division"
    if re.fullmatch(r"[A-U]\d\d\.?\d\d?", code) and code[:3] in codes_of(NACE):
        return f"a group or class; use the division {code[:3]}"
    return f"use a section (C), a division (C10) or the total {NACE_TOTAL}"
