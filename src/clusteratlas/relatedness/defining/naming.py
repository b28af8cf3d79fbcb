"""Names for found clusters, from the titles of their industries."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import pairwise
from math import log
from typing import Final

from clusteratlas.relatedness.defining.comparison import natural

WORDS: Final = 3
_IDLE = (
    "activities all and any based basic business but by c classified companies company "
    "contractors custom direct durable e elsewhere equipment establishments except for from "
    "general goods in including machinery made making manufacturing material materials merchant "
    "miscellaneous n nec non nondurable nonresidential not of office offices on or other own "
    "preparation primary processed processing product production products purpose related "
    "service services support supporting system systems the to type types under use used "
    "wholesale wholesalers with work "
)
IDLE: Final = frozenset(_IDLE.split())
"""Words that say nothing of a cluster."""


def name_clusters(
    definition: Mapping[str, str],
    titles: Mapping[str, str],
    weights: Mapping[str, float] | None = None,
) -> dict[str, str]:
    r"""Return a name of two or three words for each cluster.

    Definition
    ----------
    A word counts :math:`\frac{\sum_{i \in c, w \in title_i} \sqrt{e_i}}{\sum_{i \in c}
    \sqrt{e_i}} \ln(1 + K/K_w)`, K clusters of which :math:`K_w` have it in a title. The three
    that count most are the name (two where the third counts less than half of the first), words
    that mostly follow each other as one phrase. Words that say nothing (manufacturing, other, ...)
    and second forms of a word are left out. Clusters that would bear
    the same name get their code behind it.

    Parameters
    ----------
    definition
        Industry to cluster.
    titles
        Industry to title.
    weights
        Industry to jobs; by default each industry counts the same.

    Returns
    -------
    dict
        Cluster to name.

    Missing data
    ------------
    A cluster whose industries have no title is called by its largest industry's code.

    Example
    -------
    >>> name_clusters({"a": "1", "b": "1", "c": "2"},
    ...               {"a": "Copper mining", "b": "Gold mining", "c": "Footwear manufacturing"})
    {'1': 'Mining, Copper and Gold', '2': 'Footwear'}
    """
    members: dict[str, list[str]] = defaultdict(list)
    for code in sorted(definition):
        members[definition[code]].append(code)
    words = {
        code: tuple(dict.fromkeys(_words(titles.get(code, ""))))
        for codes in members.values()
        for code in codes
    }
    seen = Counter(
        stem
        for codes in members.values()
        for stem in {_stem(word) for code in codes for word in words[code]}
    )
    found = {}
    for cluster in sorted(members, key=natural):
        weight = {
            code: max((weights or {}).get(code, 0.0), 0.0) ** 0.5 if weights else 1.0
            for code in members[cluster]
        }
        total = sum(weight.values()) or 1.0
        counts: dict[str, float] = defaultdict(float)
        form: dict[str, Counter[str]] = defaultdict(Counter)
        for code in members[cluster]:
            for stem, word in {_stem(word): word for word in reversed(words[code])}.items():
                counts[stem] += weight[code] / total * log(1 + len(members) / seen[stem])
                form[stem][word] += 1
        best = sorted(counts, key=lambda stem: (-counts[stem], stem))[:WORDS]
        if len(best) == WORDS and counts[best[2]] < counts[best[0]] / 2:
            best = best[:2]
        usual = {stem: min(form[stem], key=lambda w: (-form[stem][w], w)) for stem in best}
        orders = Counter(
            pair
            for code in members[cluster]
            for pair in pairwise([_stem(word) for word in words[code]])
        )
        chosen = _phrases(best, usual, orders)
        largest = min(members[cluster], key=lambda code: (-weight[code], code))
        found[cluster] = _joined(chosen) or f"Industry {largest}"
    twice = {name for name, count in Counter(found.values()).items() if count > 1}
    return {
        cluster: f"{name} ({cluster})" if name in twice else name for cluster, name in found.items()
    }


def _words(title: str) -> list[str]:
    """The telling words of a title; what it excludes is no part of it."""
    plain = re.sub(r"\([^)]*\)", " ", title.lower())
    return [
        word
        for word in re.findall(r"[^\W\d_][\w'-]*", re.split(r"\bexcept\b", plain)[0])
        if word not in IDLE and len(word) > 2
    ]


def _stem(word: str) -> str:
    """One form for singular and plural."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if word.endswith(ending) and not word.endswith("ss") and len(word) > len(ending) + 2:
            return word.removesuffix(ending) + instead
    return word


def _phrases(
    best: list[str], usual: Mapping[str, str], orders: Counter[tuple[str, str]]
) -> list[str]:
    """Words in capitals; two that mostly follow each other in titles are one phrase."""
    left = list(best)
    found = []
    while left:
        stem = left.pop(0)
        for other in left:
            pair = (stem, other) if orders[stem, other] >= orders[other, stem] else (other, stem)
            follows = orders[pair]
            if follows > 1 and 2 * follows > sum(
                n for each, n in orders.items() if pair[1] == each[1]
            ):
                left.remove(other)
                found.append(f"{usual[pair[0]]} {usual[pair[1]]}".capitalize())
                break
        else:
            found.append(usual[stem].capitalize())
    return found


def _joined(words: list[str]) -> str:
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else "".join(words)
