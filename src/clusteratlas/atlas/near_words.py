"""Words near a misspelled one: a letter wrong, missing, too many, or two exchanged."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable

FEWEST_LETTERS_FOR_TYPOS = 4
TWO_TYPOS_FROM = 8


class Vocabulary:
    """All words of an index, sorted; answers which begin with, or come near, what was typed."""

    def __init__(self, words: Iterable[str]) -> None:
        self._sorted = sorted(set(words))
        self._pieces: dict[str, list[str]] = defaultdict(list)
        for word in self._sorted:
            for piece in _pieces(word):
                self._pieces[piece].append(word)

    def beginning(self, start: str) -> list[str]:
        """Return the words that begin with this.

        >>> Vocabulary(["san", "santa", "jose"]).beginning("san")
        ['san', 'santa']
        """
        first = bisect_left(self._sorted, start)
        last = bisect_left(self._sorted, f"{start}\U0010ffff")
        return self._sorted[first:last]

    def near(self, typed: str) -> dict[str, int]:
        """Return the words within one typo, or two of eight letters and more, with their number.

        What was typed may also be the beginning of a word, with a typo in it.

        >>> Vocabulary(["pittsburgh", "pitch"]).near("pitsburg")
        {'pittsburgh': 2}
        """
        if len(typed) < FEWEST_LETTERS_FOR_TYPOS:
            return {}
        most = 2 if len(typed) >= TWO_TYPOS_FROM else 1
        shared: dict[str, int] = defaultdict(int)
        for piece in _pieces(typed):
            for word in self._pieces.get(piece, ()):
                shared[word] += 1
        least = max(1, len(typed) - 1 - 2 * most)
        found = {}
        for word, count in shared.items():
            if count < least or len(word) < len(typed) - most:
                continue
            typos = typos_between(typed, word, most)
            if typos > most and len(word) > len(typed):
                typos = min(
                    1 + typos_between(typed, word[:end], most - 1)
                    for end in range(len(typed) - 1, len(typed) + 2)
                )
            if typos <= most:
                found[word] = typos
        return found


def _pieces(word: str) -> set[str]:
    """Every two letters in a row; the first letter with a sign before it."""
    edged = f"^{word}"
    return {edged[start : start + 2] for start in range(len(edged) - 1)}


def typos_between(one: str, other: str, most: int) -> int:
    """Return how many letters are wrong, missing, too many or exchanged; ``most`` + 1 for more.

    >>> typos_between("stutgart", "stuttgart", 2), typos_between("jsoe", "jose", 1)
    (1, 1)
    >>> typos_between("berlin", "bonn", 2)
    3
    """
    if abs(len(one) - len(other)) > most or most < 0:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        last, before, row = before, row, [place] + [0] * len(other)
        for column, against in enumerate(other, 1):
            cost = letter != against
            row[column] = min(before[column] + 1, row[column - 1] + 1, before[column - 1] + cost)
            exchanged = (
                place > 1
                and column > 1
                and letter == other[column - 2]
                and one[place - 2] == against
            )
            if exchanged:
                row[column] = min(row[column], last[column - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
