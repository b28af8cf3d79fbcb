"""How much a set of clusters owes to the choice of regions: samples of them, and halves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.defining.comparison import adjusted_rand
from clusteratlas.relatedness.defining.validation import Tests
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import CannotAnswer

Positions = npt.NDArray[np.intp]
Sample = Callable[[Positions], Similarities]
"""From positions of regions (one may stand several times) to the similarities over these."""
Progress = Callable[[str, float], None]

LEAST_REGIONS: Final = 30
SAMPLES: Final = 6


@dataclass(frozen=True)
class Stability:
    """How alike the sets are that are found on different regions or years."""

    halves: tuple[float, ...]
    """Adjusted Rand index between the sets of two halves of the regions, for each split."""
    held_out: tuple[float, ...]
    """VS of the set of one half on co-location and coagglomeration of the other, each split."""

    @property
    def mean(self) -> float:
        """Mean adjusted Rand index over the splits."""
        return float(np.mean(self.halves))


def resampled(
    sample: Sample, regions: Positions | int, draws: int = SAMPLES, *, seed: int = 0
) -> tuple[Similarities, ...]:
    """Return similarities over regions drawn with replacement, for the panel of `consensus`.

    Definition
    ----------
    Each draw takes as many of the regions as there are, some several times. On American economic
    areas six draws raise the adjusted Rand index between the sets of two halves from 0.65 to 0.73
    and more, at the same VS (docs/explanation/cluster-definitions.md).

    Parameters
    ----------
    sample
        From positions to similarities.
    regions
        Positions to draw from, or how many regions there are.
    draws
        How many samples.
    seed
        Of the draws.
    """
    places = np.arange(regions) if isinstance(regions, int) else regions
    return tuple(
        sample(np.sort(np.random.default_rng([seed, draw]).choice(places, len(places))))
        for draw in range(draws)
    )


def stability(
    sample: Sample,
    regions: int,
    find: Callable[[Positions], npt.ArrayLike],
    *,
    splits: int = 3,
    seed: int = 0,
    progress: Progress | None = None,
) -> Stability:
    """Return how alike the sets are that are found on two halves of the regions.

    Definition
    ----------
    The regions are shuffled and cut in two; ``find`` looks for clusters on each
    half; the adjusted Rand index compares the two sets. Beside it, VS of each set on
    co-location and coagglomeration of the half that it has not seen (mean of both directions).
    Components that do not come from regions (input-output, occupations) are the same in both
    halves: stability says how much a set owes to the choice of regions, not to them.

    Parameters
    ----------
    sample
        From positions of regions to the similarities over these.
    regions
        How many there are.
    find
        From positions of regions to the cluster of each industry, in the order of the labels of
        ``sample``, which must be the same for all.
    splits
        How often.
    seed
        Of the shuffles.
    progress
        Called with the stage and the share done.

    Raises
    ------
    CannotAnswer
        When a half holds fewer than thirty regions.
    """
    if regions < 2 * LEAST_REGIONS:
        raise CannotAnswer(
            f"halves of {regions} regions are too small to judge stability",
            value=str(regions),
            hint=f"give at least {2 * LEAST_REGIONS} regions",
        )
    halves, unseen = [], []
    for split in range(splits):
        if progress is not None:
            progress("stability over halves of the regions", split / splits)
        order = np.random.default_rng([seed, split]).permutation(regions)
        parts = [np.sort(order[: regions // 2]), np.sort(order[regions // 2 :])]
        seen = [sample(part) for part in parts]
        sets = [np.asarray(find(part)) for part in parts]
        halves.append(adjusted_rand(*sets))
        tests = [
            Tests(each, [name for name in Tests(each).names if name.startswith("co")])
            for each in seen
        ]
        unseen.append(
            float(np.mean([tests[1].score(sets[0]).score, tests[0].score(sets[1]).score]))
        )
    return Stability(tuple(halves), tuple(unseen))
