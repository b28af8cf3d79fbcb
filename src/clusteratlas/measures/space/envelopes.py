"""What a curve would look like by chance: envelopes of simulated curves."""

from __future__ import annotations

import numpy as np

from clusteratlas.measures.arguments import Arguments, Floats
from clusteratlas.tables import CannotAnswer


def need_level(given: Arguments, level: float) -> None:
    """Collect a fault where the level is no share strictly between 0 and 1."""
    given.need(
        isinstance(level, (int, float)) and 0 < level < 1,
        "level",
        f"level is {level!r}",
        "give the share of simulations that the envelope holds, such as 0.9",
    )


def local_envelope(simulated: Floats, level: float) -> tuple[Floats, Floats]:
    """Return, at each distance on its own, the quantiles that hold `level` of the simulations.

    NaN at a distance at which some simulation has no value.

    Example
    -------
    >>> low, high = local_envelope(np.array([[0.0], [1.0], [2.0], [3.0], [4.0]]), 0.5)
    >>> float(low[0]), float(high[0])
    (1.0, 3.0)
    """
    low, high = np.quantile(simulated, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high


def global_envelope(simulated: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the band that holds `level` of the simulated curves whole, at every distance.

    Again and again the simulations that touch the edge of the band anywhere are dropped, until no
    more than `level` of them are left; the band lies between the last two, in proportion to how
    many curves each holds. NaN at a distance at which some simulation has no value.

    Raises CannotAnswer where so few simulations are left that there is no band.

    Example
    -------
    Five flat curves, three to keep: the highest and the lowest go, and the band is exact.

    >>> low, high = global_envelope(np.array([[0.0], [1.0], [2.0], [3.0], [4.0]]), 0.6)
    >>> float(low[0]), float(high[0])
    (1.0, 3.0)
    """
    known = ~np.isnan(simulated).any(axis=0)
    low = np.full(simulated.shape[1], np.nan)
    high = low.copy()
    if not known.any():
        return low, high
    kept = simulated[:, known]
    target = level * len(kept)
    below, above = kept.min(axis=0), kept.max(axis=0)
    before = (len(kept), below, above)
    while len(kept) > target + 1e-9:
        before = (len(kept), below, above)
        touching = (kept == below).any(axis=1) | (kept == above).any(axis=1)
        if touching.all():
            raise CannotAnswer(
                "too few simulations for a global envelope",
                value=str(len(simulated)),
                hint="ask for more simulations (999), fewer distances, or a higher level",
            )
        kept = kept[~touching]
        below, above = kept.min(axis=0), kept.max(axis=0)
    share = (target - len(kept)) / (before[0] - len(kept)) if before[0] > len(kept) else 0.0
    low[known] = below + (before[1] - below) * share
    high[known] = above + (before[2] - above) * share
    return low, high
