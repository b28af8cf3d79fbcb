"""Find regions, clusters and industries by name or code, forgiving accents, case and typos."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from clusteratlas.atlas.manifest import Manifest
from clusteratlas.atlas.records import Cluster, Hit, Region

KIND_ORDER = {"region": 0, "cluster": 0, "industry": 1}
LETTERS = {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "ß": "ss", "æ": "ae", "đ": "d", "ð": "d"}
FEWEST_LETTERS_FOR_TYPOS = 4
NEAR_ENOUGH = 0.5


def folded(text: str) -> str:
    """Return the text in lower case, without accents and punctuation.

    >>> folded("Île-de-France,  Łódź")
    'ile de france lodz'
    """
    for letter, plain in LETTERS.items():
        text = text.replace(letter, plain)
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", plain))


@dataclass(frozen=True, slots=True)
class _Entry:
    hit: Hit
    name: str
    code: str
    words: tuple[str, ...]
    weight: float
    pieces: frozenset[str]


class SearchIndex:
    """All names of a release in memory: a few thousand entries, a few milliseconds a search."""

    def __init__(
        self,
        regions: Iterable[Region],
        clusters: Iterable[Cluster],
        industries: Iterable[tuple[str, str, str, str]],
        manifest: Manifest,
    ) -> None:
        words = {scheme.scheme: scheme for scheme in manifest.schemes}
        group = {each.definition: each.group_word for each in manifest.definitions}
        names = {(each.definition, each.cluster): each.name for each in clusters}
        self._entries = [
            _entry(
                Hit(
                    "region",
                    each.scheme,
                    words[each.scheme].definition,
                    each.region,
                    each.name,
                    each.kind,
                ),
                float(each.population or 0),
            )
            for each in regions
        ]
        self._entries += [
            _entry(Hit("cluster", "", definition, cluster, name, group[definition]), 1e12)
            for (definition, cluster), name in names.items()
        ]
        self._entries += [
            _entry(
                Hit(
                    "industry",
                    "",
                    definition,
                    cluster,
                    f"{title} ({industry})",
                    f"industry in {names[(definition, cluster)]}",
                ),
                0.0,
                code=industry,
            )
            for definition, cluster, industry, title in industries
            if folded(title) != folded(names[(definition, cluster)])
        ]

    def search(self, text: str, limit: int) -> list[Hit]:
        """Return the best hits: exact code, exact name, start of name, all words, near names."""
        asked = folded(text)
        if not asked:
            return []
        found = self._scored(asked)
        if not found and len(asked) >= FEWEST_LETTERS_FOR_TYPOS:
            found = self._near(asked)
        found.sort(
            key=lambda pair: (
                pair[0],
                KIND_ORDER[pair[1].hit.kind],
                -pair[1].weight,
                pair[1].name,
                pair[1].hit.scheme,
            )
        )
        return [entry.hit for _, entry in found[:limit]]

    def _scored(self, asked: str) -> list[tuple[float, _Entry]]:
        wanted = asked.split()
        found: list[tuple[float, _Entry]] = []
        for entry in self._entries:
            if entry.code == asked:
                found.append((0, entry))
            elif entry.name == asked:
                found.append((1, entry))
            elif entry.name.startswith(asked):
                found.append((2, entry))
            elif all(any(word.startswith(each) for word in entry.words) for each in wanted):
                found.append((3, entry))
            elif len(asked) > 2 and entry.code.startswith(asked):
                found.append((4, entry))
        return found

    def _near(self, asked: str) -> list[tuple[float, _Entry]]:
        """Entries that share enough of the asked text's three-letter pieces, nearest first."""
        pieces = _pieces(asked)
        found: list[tuple[float, _Entry]] = []
        for entry in self._entries:
            shared = len(pieces & entry.pieces) / len(pieces)
            if shared >= NEAR_ENOUGH:
                found.append((10 - round(10 * shared), entry))
        return found


def _pieces(text: str) -> frozenset[str]:
    """Every three letters in a row, words edged by blanks."""
    edged = f" {text} "
    return frozenset(edged[start : start + 3] for start in range(len(edged) - 2))


def _entry(hit: Hit, weight: float, *, code: str | None = None) -> _Entry:
    name = folded(hit.name)
    return _Entry(hit, name, folded(code or hit.code), tuple(name.split()), weight, _pieces(name))
