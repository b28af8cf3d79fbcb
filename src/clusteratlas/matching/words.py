"""Words of free texts, cut to stems that need no language."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

LONGEST: Final = 6
WORD: Final = re.compile(r"[^\W_]{3,}")


@lru_cache(maxsize=16_384)
def stems(text: str) -> tuple[str, ...]:
    """Return the words of a text without accents, without a last s, cut to six letters.

    Cutting stands for stemming in any language: *package*, *packaging* and *packages* are one.
    Words of one or two letters are left out.

    >>> stems("Recycling von Verpackungen in der EU, recycled packaging")
    ('recycl', 'von', 'verpac', 'der', 'recycl', 'packag')
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return tuple(_stem(word) for word in WORD.findall(letters))


def _stem(word: str) -> str:
    plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return (word[:-1] if plural else word)[:LONGEST]


def vocabulary(texts: Iterable[Iterable[str]]) -> dict[str, tuple[int, int]]:
    """Return each word with its place in the alphabet and the number of texts that hold it.

    >>> vocabulary([["b", "a"], ["b"]])
    {'a': (0, 1), 'b': (1, 2)}
    """
    held = Counter(word for words in texts for word in set(words))
    return {word: (at, held[word]) for at, word in enumerate(sorted(held))}
