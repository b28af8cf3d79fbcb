"""The interval of a ratio of two estimates, which may have one end only or none."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtri

from clusteratlas.tables import CannotAnswer, Fault, InvalidInput


@dataclass(frozen=True, slots=True)
class RatioInterval:
    """A ratio with its interval; ``low`` and ``high`` are ``None`` where nothing bounds it."""

    value: float
    low: float | None
    high: float | None

    @property
    def bounded(self) -> bool:
        """Whether the interval has two ends."""
        return self.low is not None and self.high is not None


def ratio_interval(
    above: float,
    below: float,
    *,
    above_error: float,
    below_error: float,
    correlation: float = 0.0,
    level: float = 0.95,
) -> RatioInterval:
    r"""Return the ratio of two normal estimates with its interval.

    Definition
    ----------
    All :math:`\rho` with :math:`(a - \rho b)^2 \le z^2 (s_a^2 - 2\rho s_{ab} + \rho^2 s_b^2)`.
    Where b itself is not distinguishable from 0, the set has no two ends.

    Parameters
    ----------
    above, below
        a and b, in the units of the ratio.
    above_error, below_error
        Standard errors; 0 for what is known exactly.
    correlation
        Of the two estimates, -1 to 1.
    level
        Coverage, 0-1.

    Returns
    -------
    RatioInterval

    Missing data
    ------------
    None is allowed.

    Raises
    ------
    InvalidInput
        Negative errors; a correlation outside -1 to 1.
    CannotAnswer
        The denominator is 0.

    Source
    ------
    E. C. Fieller, Some problems in interval estimation (1954).

    Example
    -------
    A denominator that is known turns it into the usual interval: 10 with an error of 1 over 5.

    >>> found = ratio_interval(10, 5, above_error=1, below_error=0)
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (2.0, 1.608, 2.392)
    """
    if above_error < 0 or below_error < 0 or not -1 <= correlation <= 1:
        raise InvalidInput([Fault("an error is negative or the correlation is none")])
    if below == 0:
        raise CannotAnswer("nothing is divided by an effect of 0", value="0")
    z2 = float(ndtri(0.5 + level / 2)) ** 2
    shared = correlation * above_error * below_error
    square = below**2 - z2 * below_error**2
    linear = above * below - z2 * shared
    alone = above**2 - z2 * above_error**2
    if square <= 0:
        return RatioInterval(above / below, None, None)
    root = math.sqrt(max(linear**2 - square * alone, 0.0))
    return RatioInterval(above / below, (linear - root) / square, (linear + root) / square)
