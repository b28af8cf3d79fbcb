"""What a release measures of the regions of organisations: strength of clusters, and what lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from clusteratlas.atlas import Release
from clusteratlas.matching.scores import Flags, Floats, Places
from clusteratlas.tables import UNPUBLISHED

Field = tuple[str, str]
"""A definition and the code of a cluster of it."""

SURE: Final = 0.95
LACKING: Final = 0.5
"""Below this quotient a region lacks a cluster altogether; from 1 on it has it."""

QUESTION: Final = """
select f.scheme, f.region, f.definition, f.cluster, f.year, f.status, f.employment,
    f.location_quotient, f.location_quotient_low, f.location_quotient_high, f.probability_strong
from regional_clusters f join (
    select scheme, max(year) as year from regional_clusters group by scheme
) using (scheme, year)
order by all
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """What the release says of a cluster in a region."""

    region: str
    year: int
    status: str
    employment: int | None
    quotient: float | None
    quotient_low: float | None
    quotient_high: float | None
    probability: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Grounded:
    """Strength and lack of each field in the regions of organisations.

    Arrays of organisations x fields, 0 to 1, NaN for what is not known; the ends hold 0 and 1
    there. ``gives`` is strength with a cluster that the office does not print counted as none.
    """

    strength: Floats
    strength_low: Floats
    strength_high: Floats
    gives: Floats
    lack: Floats
    lack_low: Floats
    lack_high: Floats

    def of(self, rows: Places) -> Grounded:
        """Return those of some of the organisations."""
        return Grounded(
            *(
                each[rows]
                for each in (
                    self.strength,
                    self.strength_low,
                    self.strength_high,
                    self.gives,
                    self.lack,
                    self.lack_low,
                    self.lack_high,
                )
            )
        )


def strength_of(
    quotient: npt.NDArray[np.float64], probability: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    r"""Return how strong a cluster is in a region, 0 to 1.

    Definition
    ----------
    Half from the share of draws p in which the strength profile holds, half from the quotient q:

    .. math:: s = \tfrac12 p + \tfrac12 \frac{q}{1 + q}

    so that an average region (q = 1, not strong) has 1/4. Neither a higher quotient nor a higher
    probability ever lowers it.

    Missing data
    ------------
    Where no probability is given the quotient stands alone; without a quotient nothing is known.

    Example
    -------
    >>> strength_of(np.array([1.0, 3.0, 3.0]), np.array([0.0, 1.0, np.nan])).tolist()
    [0.25, 0.875, 0.75]
    """
    share = quotient / (1 + quotient)
    return np.where(np.isnan(probability), share, (probability + share) / 2)


class RegionalFigures:
    """The latest figures of every region of a release, by field."""

    def __init__(self, release: Release, fields: Sequence[Field]) -> None:
        rows = release.selected(QUESTION)
        self._release = release
        self._columns = {name: rows.column(name).combine_chunks() for name in rows.column_names}
        place = {field: at for at, field in enumerate(fields)}
        pairs, number = self._pairs("definition", "cluster")
        field = np.array([place.get(pair, -1) for pair in pairs], dtype=np.intp)[number]
        regions, region = self._pairs("scheme", "region")
        self.places: Mapping[tuple[str, str], int] = {name: at for at, name in enumerate(regions)}
        used = field >= 0
        self._row = np.full((len(regions), len(fields)), -1, dtype=np.intp)
        self._row[region[used], field[used]] = np.flatnonzero(used)
        self._figures = self._scored()

    def _pairs(self, first: str, second: str) -> tuple[list[tuple[str, str]], Places]:
        """Return the pairs of two columns, each once, and the place of each row's pair."""
        one, other = (self._columns[name].dictionary_encode() for name in (first, second))
        width = max(len(other.dictionary), 1)
        key = one.indices.to_numpy().astype(np.intp) * width + other.indices.to_numpy()
        keys, place = np.unique(key, return_inverse=True)
        names, others = one.dictionary.to_pylist(), other.dictionary.to_pylist()
        return [(names[each // width], others[each % width]) for each in keys.tolist()], place

    def _scored(self) -> Grounded:
        """Strength and lack by row of the question, behind them one row of what is not known."""

        def numbers(name: str) -> npt.NDArray[np.float64]:
            column = self._columns[name].to_numpy(zero_copy_only=False)
            return np.append(column.astype(np.float64), np.nan)

        quotient, low, high = (numbers(f"location_quotient{end}") for end in ("", "_low", "_high"))
        low, high = (np.where(np.isnan(each), quotient, each) for each in (low, high))
        chance = numbers("probability_strong")
        surely = np.where(chance >= SURE, chance, 0.0)
        perhaps = np.where(chance <= 1 - SURE, chance, 1.0)
        printed = np.append(
            pc.not_equal(self._columns["status"], UNPUBLISHED).to_numpy(zero_copy_only=False), True
        )
        strength = strength_of(quotient, chance)
        lack = np.clip((1 - quotient) / (1 - LACKING), 0, 1)
        return Grounded(
            _single(strength),
            _single(np.nan_to_num(strength_of(low, surely))),
            _single(np.nan_to_num(strength_of(high, perhaps), nan=1.0)),
            _single(np.where(printed, strength, 0.0)),
            _single(np.where(printed, lack, 1.0)),
            _single(np.nan_to_num(np.clip((1 - high) / (1 - LACKING), 0, 1))),
            _single(np.nan_to_num(np.clip((1 - low) / (1 - LACKING), 0, 1), nan=1.0)),
        )

    def grounded(self, regions: Sequence[Sequence[int]]) -> Grounded:
        """Return strength and lack for organisations at home in these regions, by row number.

        Several regions: the strongest counts, and what one of them has is not lacking.
        """
        count = len(self._row[0]) if len(self._row) else 0
        first = np.array([each[0] if each else -1 for each in regions], dtype=np.intp)
        rows = np.where(first[:, None] >= 0, self._row[first], -1)
        found = self._figures.of(rows.reshape(-1))
        shape = (len(regions), count)
        held = [_member(found, at).reshape(shape).copy() for at in range(7)]
        for at, each in enumerate(regions):
            if len(each) > 1:
                several = self._row[list(each)]
                for order in range(7):
                    lowest = order >= 4
                    values = _member(self._figures, order)[several]
                    best = np.fmin if lowest else np.fmax
                    held[order][at] = best.reduce(values, axis=0)
        return Grounded(*held)

    def figure(self, region: int, field: int, name: str) -> Figure | None:
        """Return what is printed of a field in a region; none where there is no row."""
        row = int(self._row[region, field])
        if row < 0:
            return None
        cell = {key: column[row].as_py() for key, column in self._columns.items()}
        return Figure(
            name,
            cell["year"],
            cell["status"],
            cell["employment"],
            cell["location_quotient"],
            cell["location_quotient_low"],
            cell["location_quotient_high"],
            cell["probability_strong"],
            self._release.scheme(cell["scheme"]).source_line,
        )

    def known(self, region: int) -> Flags:
        """Return in which fields the region has a row."""
        return np.asarray(self._row[region] >= 0)


def nothing_measured(organisations: int, fields: int) -> Grounded:
    """Return strength and lack where there is no release: not known."""
    shape = (organisations, fields)
    none, low = np.full(shape, np.nan, np.float32), np.zeros(shape, np.float32)
    high = np.ones(shape, np.float32)
    return Grounded(none, low, high, none, none, low, high)


def _member(of: Grounded, order: int) -> Floats:
    return (
        of.strength,
        of.strength_low,
        of.strength_high,
        of.gives,
        of.lack,
        of.lack_low,
        of.lack_high,
    )[order]


def _single(values: npt.NDArray[np.float64]) -> Floats:
    return values.astype(np.float32)
