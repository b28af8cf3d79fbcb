"""How codes stand in the form: by their name with the code in brackets, read back from either."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from babel import Locale

from clusteratlas.atlas import Release
from clusteratlas.atlas.search import folded
from clusteratlas.organisations import Claim, IndustryRef, RegionRef
from clusteratlas.organisations.cell_syntax import (
    written_claim,
    written_industry,
    written_region,
)
from clusteratlas.organisations.codes import Codebook
from clusteratlas.portal import words
from clusteratlas.portal.language import ENGLISH, active
from clusteratlas.portal.registry import names

IN_BRACKETS = re.compile(r"\[([^\[\]]+)\]\s*$")


def region(release: Release, ref: RegionRef) -> str:
    """Return a region as the form shows it, such as ``Stuttgart [nuts-2:DE11]``."""
    return _with_code(names.region(release, ref).name, written_region(ref))


def cluster(release: Release, claim: Claim) -> str:
    """Return a cluster or subcluster as the form shows it; its weight stands beside it."""
    plain = claim.model_copy(update={"weight": "main"})
    return _with_code(names.cluster(release, claim).name, written_claim(plain))


def industry(release: Release, ref: IndustryRef) -> str:
    """Return an industry as the form shows it."""
    return _with_code(names.industry(release, ref).name, written_industry(ref))


def _with_code(name: str, code: str) -> str:
    return f"{name.replace('[', '(').replace(']', ')')} [{code}]"


def code_in(text: str) -> str:
    """Return the code in brackets behind a name, or the text itself.

    >>> code_in("Stuttgart [nuts-2:DE11]"), code_in("DE11")
    ('nuts-2:DE11', 'DE11')
    """
    found = IN_BRACKETS.search(text)
    return found.group(1).strip() if found else text.strip()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what was typed for a code of the atlas.

    ``schemes`` are the region schemes of the organisation: a bare name of a cluster means the one
    that maps them.
    """

    book: Codebook
    schemes: tuple[str, ...] = ()

    def region(self, text: str) -> dict[str, str]:
        """Return scheme and region; `Unclear` where a text leads to none or to several."""
        return self.book.region(code_in(text))

    def cluster(self, text: str) -> dict[str, str]:
        """Return the fields of a claim, found by the names of the language spoken now too."""
        code = code_in(text)
        return self.book.claim(_english(self.book, code), self.schemes)

    def industry(self, text: str) -> dict[str, str]:
        """Return classification and industry."""
        return self.book.industry(code_in(text), self.schemes)

    def of(self, kind: str) -> Callable[[str], dict[str, str]]:
        """Return what reads a kind of field."""
        return {
            "region": self.region,
            "cluster": self.cluster,
            "clusters": self.cluster,
            "industry": self.industry,
        }[kind]


def _english(book: Codebook, text: str) -> str:
    """Return the English name of a cluster that was typed in the language spoken now."""
    if active() == ENGLISH:
        return text
    sought = folded(text)
    for known in book.clusters.values():
        for name in known.values():
            if folded(words.cluster(name)) == sought:
                return name
    return text


@lru_cache(maxsize=16)
def _codes(kind: str, language: str) -> Mapping[str, str]:
    """Codes of countries or languages by folded name, in a language and in English."""
    found: dict[str, str] = {}
    for each in (ENGLISH, language):
        locale: Any = Locale.parse(each)
        known = locale.territories if kind == "country" else locale.languages
        found |= {folded(str(name)): code for code, name in known.items() if len(code) == 2}
    return found


def country_or_language(kind: str, text: str) -> str:
    """Return the two letters of a country or language that was typed by name or code.

    >>> country_or_language("country", "Germany"), country_or_language("language", "EN")
    ('DE', 'en')
    >>> country_or_language("country", "Atlantis")
    'Atlantis'
    """
    text = text.strip()
    if len(text) == 2 and text.isascii():
        return text.upper() if kind == "country" else text.lower()
    return _codes(kind, active()).get(folded(text), text)
