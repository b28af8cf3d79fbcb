"""The growth regression in the variants that show how far its terms can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusteratlas.relatedness.environment import Pairs, Related
from clusteratlas.relatedness.growth import (
    FEWEST_REGIONS,
    Errors,
    GrowthRegression,
    growth_regression,
)
from clusteratlas.relatedness.least_squares import Floats

LARGE = 250
"""Jobs from which on a cell is large."""


@dataclass(frozen=True, slots=True)
class GrowthYears:
    """Jobs of the years of a table of growth regressions: regions x industries each.

    ``lagged`` is of a year before ``start``. The two of the environment are as in
    `growth_regression`.
    """

    start: Floats
    end: Floats
    lagged: Floats | None = None
    environment: Floats | None = None
    lagged_environment: Floats | None = None


def growth_table(
    years: GrowthYears,
    *,
    regions: Sequence[str],
    industries: Sequence[str],
    clusters: Mapping[str, str],
    related: Related | None = None,
    neighbours: Pairs | None = None,
    errors: Errors = "region",
    large: float = LARGE,
    fewest_regions: int = FEWEST_REGIONS,
) -> tuple[GrowthRegression, ...]:
    """Return the regression in the variants that show how far each term can be trusted.

    Definition
    ----------
    Plain; own industry left inside its cluster (which inflates the term); one job added to every
    count; cells of ``large`` and more jobs; and where ``lagged`` is given: lagged regressors, for
    all cells, for cells large in the lagged year, and for cells large at the start.

    Parameters
    ----------
    years
        Jobs of the start, the end and perhaps an earlier year.
    large
        Jobs from which on a cell is large.
    regions, industries, clusters, related, neighbours, errors, fewest_regions
        As for `growth_regression`.

    Returns
    -------
    tuple of GrowthRegression
        Seven, or four where no earlier year is given.

    Missing data
    ------------
    As for `growth_regression`.

    Raises
    ------
    InvalidInput, CannotAnswer
        As `growth_regression`.

    Source
    ------
    M. Delgado, M. E. Porter, S. Stern, Clusters, convergence, and economic performance (2014).

    Example
    -------
    >>> import numpy as np
    >>> jobs = np.exp(np.sin(np.arange(160.0).reshape(40, 4) ** 2)) * 1000
    >>> found = growth_table(GrowthYears(jobs, jobs**1.1), regions=[f"{r:02}" for r in range(40)],
    ...     industries=list("abcd"), clusters=dict(zip("abcd", "1122")))
    >>> [each.variant for each in found]
    ['plain', 'own industry inside', 'one job added', '250+ jobs']
    """
    pairs = None if neighbours is None else list(neighbours)

    def one(variant: str, *, late: bool = False, **chosen: object) -> GrowthRegression:
        return growth_regression(
            years.start,
            years.end,
            regressors=years.lagged if late else None,
            environment=years.lagged_environment if late else years.environment,
            regions=regions,
            industries=industries,
            clusters=clusters,
            related=related,
            neighbours=pairs,
            errors=errors,
            fewest_regions=fewest_regions,
            variant=variant,
            **chosen,  # type: ignore[arg-type]
        )

    found = [
        one("plain"),
        one("own industry inside", own="inside"),
        one("one job added", zeros="add one"),
        one(f"{large:g}+ jobs", smallest=large),
    ]
    if years.lagged is not None:
        found += [
            one("lagged", late=True),
            one(f"lagged, {large:g}+ jobs then", late=True, smallest=large),
            one(
                f"lagged, {large:g}+ jobs at start",
                late=True,
                smallest=large,
                size_in="start",
            ),
        ]
    return tuple(found)
