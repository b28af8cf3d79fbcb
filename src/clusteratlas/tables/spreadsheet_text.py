"""Texts in files for spreadsheets: none is run as a formula, and each comes back as it was."""

from __future__ import annotations

import re
from typing import Final

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a text begins that a spreadsheet would run or that hides one it would run."""

MARK: Final = "'"
_MARKED: Final = re.compile(r"'+[=+\-@\t\r\n]")


def inert(text: str) -> str:
    """Return a text as it stands in a CSV: an apostrophe before one that a sheet would run.

    A text that begins with an apostrophe before such a sign gets one more, so that `restored`
    gives back every text.

    >>> inert("=1+1"), inert("'=1+1"), inert("Rest of Ohio"), inert("'tis")
    ("'=1+1", "''=1+1", 'Rest of Ohio', "'tis")
    """
    return f"{MARK}{text}" if text.startswith(DANGEROUS) or _MARKED.match(text) else text


def restored(text: str) -> str:
    """Return a text without the apostrophe that `inert` put before it.

    >>> restored("'=1+1"), restored("''=1+1"), restored("'tis")
    ('=1+1', "'=1+1", "'tis")
    """
    return text[1:] if _MARKED.match(text) else text


def kept_in_sheet(text: str) -> str:
    """Return a text for a cell that is marked as text: only an apostrophe of its own is doubled.

    >>> kept_in_sheet("=1+1"), kept_in_sheet("'=1+1")
    ('=1+1', "''=1+1")
    """
    return f"{MARK}{text}" if _MARKED.match(text) else text
