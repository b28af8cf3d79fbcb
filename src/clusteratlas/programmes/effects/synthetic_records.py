"""What a synthetic control is asked and what stands behind its answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Predictor:
    """What a synthetic control has to be like in: a column's mean over some periods.

    ``first`` to ``last`` are the periods, by default all before the start.
    """

    column: str
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class DonorShare:
    """How much of a donor is in the mix, by each of the two ways of weighing."""

    unit: str
    synthetic_control: float
    synthetic_difference: float


@dataclass(frozen=True, slots=True)
class PredictorBalance:
    """A predictor in the treated region, in its mix and in the mean of all donors."""

    column: str
    treated: float
    mix: float
    donors: float
    importance: float | None


@dataclass(frozen=True, slots=True)
class PathPoint:
    """The outcome of the treated region and of its synthetic control in one period."""

    period: int
    treated: float
    mix: float


@dataclass(frozen=True, slots=True)
class Placebo:
    """What the method finds in a donor that had no programme.

    ``value`` is the mean gap after the start, ``misfit`` the root mean square gap before, ``ratio``
    the root mean square gap after over that before.
    """

    unit: str
    value: float
    misfit: float
    ratio: float


@dataclass(frozen=True, slots=True)
class PlaceboInTime:
    """What the method finds where the start is moved to a year without a programme."""

    start: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SyntheticFindings:
    """The synthetic control behind an estimate.

    Attributes
    ----------
    donors
        By weight, largest first; those without any weight at the end.
    path
        Of the treated region and its synthetic control.
    misfit
        Root mean square gap before the start.
    ratio
        Root mean square gap after the start over that before.
    rank
        Of that ratio among all units, 1 being the largest.
    placebos
        The same for every donor.
    in_time
        The placebo in time; ``None`` where there are too few years.
    """

    donors: tuple[DonorShare, ...]
    path: tuple[PathPoint, ...]
    misfit: float
    ratio: float
    rank: int
    placebos: tuple[Placebo, ...]
    predictors: tuple[PredictorBalance, ...] = ()
    in_time: PlaceboInTime | None = None
