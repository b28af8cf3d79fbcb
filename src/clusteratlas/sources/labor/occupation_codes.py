"""Codes of occupations where a table says no more of them: one way to write them, their level."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

BARE = r"^([0-9]{2})([0-9]{4})$"


def dashed(codes: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return codes with their dash; what is no code of six digits stays.

    >>> dashed(pa.chunked_array([["151252", "15-1252"]])).to_pylist()
    ['15-1252', '15-1252']
    """
    return pc.replace_substring_regex(codes, BARE, r"\1-\2")


def levels_of(codes: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return which occupations are detailed; empty for the groups above them.

    Definition
    ----------
    A code that does not end in 0 is detailed. So is one with a single 0 at its end below which the
    table has no other: the office then prints several detailed occupations together.

    >>> levels_of(pa.chunked_array([["15-1250", "15-1252", "13-1020", "11-0000"]])).to_pylist()
    [None, 'detailed', 'detailed', None]
    """
    known = {code for code in pc.unique(codes).to_pylist() if code}
    parents = {code[:-1] for code in known if not code.endswith("0")}
    detailed = {
        code
        for code in known
        if not code.endswith("0") or (not code.endswith("00") and code[:-1] not in parents)
    }
    inside = pc.is_in(codes, value_set=pa.array(sorted(detailed), pa.string()))
    return pc.if_else(inside, "detailed", pa.scalar(None, pa.string()))
