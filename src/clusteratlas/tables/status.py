"""The four words that say what kind of figure a number is."""

from typing import Final

REPORTED: Final = "reported"
"""The statistical office prints the figure."""

ESTIMATED: Final = "estimated"
"""We filled the figure; it carries a low and a high."""

WITHHELD: Final = "withheld"
"""A figure exists and is not given, or is given for a part only. Never zero."""

UNPUBLISHED: Final = "unpublished"
"""The office prints no row at all: a true zero or too few establishments."""

STATUSES: Final = (REPORTED, ESTIMATED, WITHHELD, UNPUBLISHED)
"""All statuses, from the surest to the least sure. A sum takes the least sure printed part."""
