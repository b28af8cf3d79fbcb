"""One word of the glossary."""

from __future__ import annotations

from dataclasses import dataclass

from clusteratlas.portal.language import at

GLOSSARY = "/learn/glossary/"


@dataclass(frozen=True, slots=True)
class Term:
    """A word with its explanations.

    Attributes
    ----------
    key
        Its name in addresses and templates.
    word
        The word as it is spoken.
    short
        One sentence, shown where the word is used.
    longer
        What else a reader must know, shown in the glossary.
    formula
        How it is computed, in words; empty where nothing is.
    method
        The heading of the methods page that tells more; empty where none does.
    """

    key: str
    word: str
    short: str
    longer: str = ""
    formula: str = ""
    method: str = ""

    @property
    def href(self) -> str:
        """Where the glossary explains it."""
        return at(f"{GLOSSARY}#{self.key}")
