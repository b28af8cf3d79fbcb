"""The words of the field, each explained once: in a line where it is used, at length on one page.

Templates mark a word with ``{% term "location-quotient" %}quotient{% endterm %}``. Its first use on
a page becomes a link with the short explanation; later uses are plain words.
"""

from __future__ import annotations

from clusteratlas.portal.glossary import certainty, ground, kin, measures
from clusteratlas.portal.glossary.term import Term

__all__ = ["Term", "terms"]


def terms() -> dict[str, Term]:
    """Return every term in the language spoken now, in the order of the words."""
    told = [*ground.terms(), *measures.terms(), *certainty.terms(), *kin.terms()]
    told.sort(key=lambda each: each.word.casefold())
    return {each.key: each for each in told}
