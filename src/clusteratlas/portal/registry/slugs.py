"""The name of an organisation in addresses: made once, and never changed with its name."""

from __future__ import annotations

import re
from collections.abc import Container

from clusteratlas.atlas.search import folded

LONGEST = 70
RESERVED = frozenset(
    ("export", "import", "map", "moderation", "propose", "search", "table", "coverage")
)
"""Words that stand for something else right after ``/organisations/``."""


def slug_of(name: str, taken: Container[str]) -> str:
    """Return a free name for addresses, made of the letters of an organisation's name.

    >>> slug_of("Pôle Imaginaire, Toulouse", ())
    'pole-imaginaire-toulouse'
    >>> slug_of("Optics", {"optics"}), slug_of("Σύμπλεγμα", ())
    ('optics-2', 'organisation')
    """
    letters = re.sub(r"[^a-z0-9]+", "-", folded(name)).strip("-")
    base = letters[:LONGEST].strip("-") or "organisation"
    slug, number = base, 1
    while slug in taken or slug in RESERVED:
        number += 1
        slug = f"{base}-{number}"
    return slug
