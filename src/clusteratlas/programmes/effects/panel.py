"""The panel and the treated list as arrays: one row a unit, one column a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from clusteratlas.programmes.effects.study import Role

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.str_]

NEVER: Final = 0
"""Start of units that are never treated."""


@dataclass(frozen=True)
class Panel:
    """Outcomes of units over consecutive periods.

    Attributes
    ----------
    units
        Names, sorted; length n.
    periods
        Consecutive whole numbers, such as years; length T.
    present
        Whether the panel has a row; n x T.
    outcomes, covariates
        By name, n x T; NaN where no figure is given.
    attributes
        ``industry``, ``region``, ``cluster`` by unit, as in its first row; only those given.
    rows
        Rows read.
    checksums
        SHA-256 by file name.
    """

    units: Texts
    periods: Ints
    present: Flags
    outcomes: Mapping[str, Floats]
    covariates: Mapping[str, Floats] = field(default_factory=dict)
    attributes: Mapping[str, Texts] = field(default_factory=dict)
    rows: int = 0
    checksums: Mapping[str, str] = field(default_factory=dict)

    def place(self, period: int) -> int:
        """The column of a period."""
        return int(period - self.periods[0])


@dataclass(frozen=True)
class TreatedList:
    """Who was treated, exposed or turned down, and from when.

    Attributes
    ----------
    units
        Names; length m.
    starts
        First period under treatment, of exposure, or of the contest that was lost; ``NEVER``
        where a lost contest has none.
    roles
        Length m.
    costs
        Public cost by unit; NaN where none is given.
    """

    units: Texts
    starts: Ints
    roles: tuple[Role, ...]
    costs: Floats
    checksums: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """The panel with what happened to each of its units; all arrays have length n.

    Attributes
    ----------
    start
        First period under treatment (or of exposure, or of the lost contest), else ``NEVER``.
    treated, exposed, lost
        Roles as flags; units that are none of them are untreated.
    cost
        Public cost by unit; NaN where none is given.
    """

    panel: Panel
    start: Ints
    treated: Flags
    exposed: Flags
    lost: Flags
    cost: Floats

    def before_starts(self, anticipation: int) -> Flags:
        """The periods, length T, in which covariates are looked at: the last before some start."""
        periods = self.panel.periods
        starts = self.start[self.treated | self.exposed]
        return np.array(np.isin(periods, starts - 1 - anticipation), dtype=np.bool_)

    @property
    def untreated(self) -> Flags:
        """Units with no role."""
        return ~(self.treated | self.exposed | self.lost)
