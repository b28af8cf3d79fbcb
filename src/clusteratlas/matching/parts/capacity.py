"""Capacity: whether two organisations are of comparable means and can talk to one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from clusteratlas.matching.ground import Ground, Known
from clusteratlas.matching.scores import ZERO, Floats, Places, Scores, mean_of
from clusteratlas.organisations import PICKS, Profile

TENFOLD: Final = np.float32(np.log(10))
BANDS_APART: Final = 3
LEVELS_APART: Final = 2
HOURS_APART: Final = 8
DEGREES_AN_HOUR: Final = 15
LEVEL: Final = {"bronze": 1, "silver": 2, "gold": 3, "national": 2}
"""How far a label of cluster management reaches; a national one is set beside silver."""

ENDS: Final = (float(TENFOLD), float(TENFOLD), BANDS_APART, LEVELS_APART, HOURS_APART)
SIZES: Final = ("members", "staff", "budget", "label", "hours", "languages")


@dataclass(frozen=True, slots=True)
class CapacitySide:
    """Means of organisations: organisations x kinds, NaN where not stated; and their languages."""

    sizes: Floats
    languages: Floats

    def of(self, rows: Places) -> CapacitySide:
        """Return those of some of the organisations."""
        return CapacitySide(self.sizes[rows], self.languages[rows])


class Capacity:
    """The part ``capacity``.

    Definition
    ----------
    Mean of six comparisons: members and staff (1 when equal, 0 from tenfold on, by the logarithm),
    budget band (0 from three bands apart), label (0 from two levels apart), hours between them by
    longitude (0 from eight on) and language (1 where they share one, else 0).

    Missing data
    ------------
    What one of the two does not state drops out of the mean and widens it. No label stated is not
    the same as none. Budget bands are compared as bands, whatever the currency.
    """

    def __init__(self, ground: Ground) -> None:
        spoken = {each for one in ground.organisations for each in one.profile.languages}
        self._language = {code: at for at, code in enumerate(sorted(spoken))}
        self.all = self.side(ground.all)

    def side(self, known: Known) -> CapacitySide:
        """Return the arrays of organisations."""
        sizes = np.full((len(known.organisations), 5), np.nan, np.float32)
        languages = np.zeros((len(sizes), len(self._language) + 1), np.float32)
        for row, each in enumerate(known.organisations):
            sizes[row, :4] = sizes_of(each.profile)
            for code in each.profile.languages:
                languages[row, self._language.get(code, -1)] = 1
            if not each.profile.languages:
                languages[row] = np.nan
        sizes[:, 4] = known.longitude
        return CapacitySide(sizes, languages)

    def scores(self, mine: CapacitySide, theirs: CapacitySide) -> dict[str, Scores]:
        """Return the part for each pair."""
        return {"capacity": mean_of(self.each(mine, theirs), [1] * len(SIZES))}

    def each(self, mine: CapacitySide, theirs: CapacitySide) -> list[Scores]:
        """Return each comparison of ``SIZES``."""
        found = []
        for at, end in enumerate(ENDS):
            apart = np.abs(np.subtract.outer(mine.sizes[:, at], theirs.sizes[:, at]))
            if SIZES[at] == "hours":
                apart = np.minimum(apart, 360 - apart) / DEGREES_AN_HOUR
            likeness = np.maximum(1 - apart / np.float32(end), ZERO)
            found.append(Scores.known(likeness).where(likeness == likeness))  # noqa: PLR0124
        # A language of the draft alone stands in the last column, where nobody else has one.
        shared = np.minimum(mine.languages[:, :-1] @ theirs.languages[:, :-1].T, 1)
        stated = ~np.isnan(np.add.outer(mine.languages[:, -1], theirs.languages[:, -1]))
        return [*found, Scores.known(shared).where(stated)]


def sizes_of(profile: Profile) -> tuple[float, float, float, float]:
    """Return members and staff as logarithms, the budget's band and the label's level.

    >>> sizes_of(Profile(name="Optics", budget="1m-5m", labels=[{"label": "gold"}]))
    (nan, nan, 2.0, 3.0)
    """
    away = float("nan")
    members, staff = profile.members.total, profile.staff
    bands = list(PICKS["budget"])
    return (
        float(np.log(max(members, 1))) if members is not None else away,
        float(np.log(max(staff, 0.1))) if staff is not None else away,
        float(bands.index(profile.budget)) if profile.budget in bands else away,
        float(max((LEVEL.get(each.label, 0) for each in profile.labels), default=away)),
    )
