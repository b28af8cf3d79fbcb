"""Scores of many pairs at once: a value between a low and a high end, and what may be done to it.

A score is not known where its value is NaN; its ends then say how far it may lie, 0 and 1 at most.
It does not apply to a pair where the ends are NaN too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

ZERO, ONE, NAN = np.float32(0), np.float32(1), np.float32(np.nan)


@dataclass(frozen=True, slots=True)
class Scores:
    """A part of the score of each pair, organisations x organisations, 0 to 1.

    ``everywhere`` says that the part applies to every pair. Where nothing is in doubt the three
    arrays are one and the same, which spares work.
    """

    value: Floats
    low: Floats
    high: Floats
    everywhere: bool = True

    @classmethod
    def known(cls, value: npt.NDArray[Any]) -> Self:
        """Return scores about which there is no doubt."""
        whole = np.asarray(value, dtype=np.float32)
        return cls(whole, whole, whole)

    @classmethod
    def unknown(cls, shape: tuple[int, ...]) -> Self:
        """Return scores that may be anything."""
        empty = np.full(shape, np.nan, np.float32)
        return cls(empty, np.zeros(shape, np.float32), np.ones(shape, np.float32))

    @property
    def sure(self) -> bool:
        """Whether nothing is in doubt."""
        return self.low is self.value and self.high is self.value

    @property
    def transposed(self) -> Scores:
        """The same pairs seen from the other side."""
        if self.sure:
            return Scores.known(self.value.T)
        return Scores(self.value.T, self.low.T, self.high.T, self.everywhere)

    def where(self, known: Flags) -> Scores:
        """Return the scores, not known where the flag is false."""
        if known.all():
            return self
        return Scores(
            np.where(known, self.value, NAN),
            np.where(known, self.low, ZERO),
            np.where(known, self.high, ONE),
            self.everywhere,
        )

    def applying(self, applies: Flags) -> Scores:
        """Return the scores, without meaning where the flag is false."""
        if applies.all():
            return self
        value, low, high = (
            np.where(applies, each, NAN) for each in (self.value, self.low, self.high)
        )
        return Scores(value, low, high, everywhere=False)


def harmonic(mine: Scores, theirs: Scores) -> Scores:
    """Return the harmonic mean of two scores: what only one side has is none.

    Missing data
    ------------
    Not known where one of them is not; the ends are those of the ends.

    Example
    -------
    >>> half = Scores.known(np.array([0.5, 0.5, 0.0]))
    >>> harmonic(half, Scores.known(np.array([1.0, 0.0, 0.0]))).value.round(2).tolist()
    [0.6700000166893005, 0.0, 0.0]
    """
    return Scores(
        harmonic_of(mine.value, theirs.value),
        harmonic_of(mine.low, theirs.low),
        harmonic_of(mine.high, theirs.high),
        mine.everywhere and theirs.everywhere,
    )


def harmonic_of(mine: Floats, theirs: Floats) -> Floats:
    """Return the harmonic mean of two arrays; 0 where both are 0."""
    whole = mine + theirs
    return np.asarray(2 * mine * theirs / np.where(whole == 0, ONE, whole), dtype=np.float32)


def mean_of(parts: Sequence[Scores], weights: Sequence[float]) -> Scores:
    """Return the weighted mean of parts; one that is not known drops out and widens.

    Definition
    ----------
    Low and high: over all parts that apply, with their ends. Value: over the parts whose value is
    known, brought between these ends where what is known of the others forbids it. So what it
    turns out to be once all parts are known lies between the ends too.

    Missing data
    ------------
    Not known where no part with a weight is; without meaning where none applies.

    Example
    -------
    >>> one, other = Scores.known(np.array([0.8])), Scores.unknown((1,))
    >>> both = mean_of([one, other], [3, 1])
    >>> [each.round(2).tolist() for each in (both.value, both.low, both.high)]
    [[0.800000011920929], [0.6000000238418579], [0.8500000238418579]]
    """
    shape = np.broadcast_shapes(*(part.value.shape for part in parts))
    found = Mean(shape)
    for part, weight in zip(parts, weights, strict=True):
        found.add(part, weight)
    return found.scores()


class Mean:
    """A weighted mean of parts that is added up part by part (`mean_of`)."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._value, self._known, self._low, self._high, self._guessed, self._guessing = (
            np.zeros(shape, np.float32) for _ in range(6)
        )
        self._applying: Floats = np.zeros(shape, np.float32)
        self._always = self._surely = np.float32(0)

    def copy(self) -> Mean:
        """Return a mean that goes on from here."""
        found = Mean.__new__(Mean)
        for name, value in vars(self).items():
            setattr(found, name, value.copy())
        return found

    def add(self, part: Scores, weight: float, average: float = float("nan")) -> None:
        """Add a part; where it is not known, ``average`` is what it is guessed to be."""
        heavy = np.float32(weight)
        if not heavy:
            return
        if part.sure:
            held = part.value * heavy
            self._value += held
            self._low += held
            self._high += held
            self._surely += heavy
            self._always += heavy
            return
        told = part.value == part.value
        held = np.where(told, part.value, ZERO)
        held *= heavy
        self._value += held
        self._known += told * heavy
        applies = True if part.everywhere else part.low == part.low
        low, high = (
            end if part.everywhere else np.where(applies, end, ZERO)
            for end in (part.low, part.high)
        )
        self._low += heavy * low
        self._high += heavy * high
        if part.everywhere:
            self._always += heavy
        else:
            self._applying += applies * heavy
        if not np.isnan(average):
            unknown = ~told & applies
            likely = np.clip(np.float32(average), part.low, part.high) * heavy
            self._guessed += np.where(unknown, likely, ZERO)
            self._guessing += unknown * heavy

    def scores(self) -> Scores:
        """Return the mean of what was added so far."""
        known, applying = self._known + self._surely, self._applying + self._always
        low, high = ratio_of(self._low, applying), ratio_of(self._high, applying)
        value = np.clip(ratio_of(self._value, known), low, high)
        return Scores(value, low, high, everywhere=bool(self._always > 0))

    def guessed(self) -> Floats:
        """Return the mean with what is not known at its average."""
        return ratio_of(self._value + self._guessed, self._known + self._surely + self._guessing)


def ratio_of(whole: Floats, weight: Floats) -> Floats:
    """Return a ratio, NaN where there is nothing to divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.asarray(whole / weight, dtype=np.float32)
    found[weight <= 0] = NAN
    return found


def beyond_expected(raw: Scores, chance: Floats) -> Scores:
    """Return how much of what lies above the expectation is reached; 0 at or below it.

    >>> raw = Scores.known(np.array([[0.2, 0.6, 1.0]]))
    >>> beyond_expected(raw, np.full((1, 3), 0.2, np.float32)).value.round(2).tolist()
    [[0.0, 0.5, 1.0]]
    """
    rest = 1 - chance

    def beyond(raw: Floats) -> Floats:
        return np.asarray(np.maximum((raw - chance) / rest, ZERO), dtype=np.float32)

    if raw.sure:
        return Scores.known(beyond(raw.value))
    return Scores(beyond(raw.value), beyond(raw.low), beyond(raw.high), raw.everywhere)
