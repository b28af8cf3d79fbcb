"""How specialised a region is in an industry's cluster, in related ones, and next door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from clusteratlas.tables import Fault, InvalidInput

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Related = Mapping[str, Sequence[str]]
Pairs = Iterable[tuple[str, str]]


def specialisation(jobs: Floats, totals: Floats, national: Floats | None = None) -> Floats:
    """Return quotients: the share of each region's jobs over the same share of the nation.

    NaN where the region or the nation has none.

    Example
    -------
    >>> specialisation(np.array([[30.0], [10.0]]), np.array([60.0, 60.0])).ravel()
    array([1.5, 0.5])
    """
    whole = jobs if national is None else national
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.nansum(whole, axis=0) / totals.sum()
        return np.asarray(jobs / totals[:, None] / share)


class Environment:
    """Jobs of clusters in regions.

    Parameters
    ----------
    jobs
        Regions x industries, all known.
    cluster
        Place of the cluster of each industry; -1 for none.
    count
        Number of clusters.
    one
        Jobs to be added to every count of a cluster in a region, 0 or 1.
    """

    def __init__(self, jobs: Floats, cluster: Places, count: int, one: float) -> None:
        self.jobs, self.one = jobs, one
        self.totals: Floats = jobs.sum(axis=1)
        belongs = np.zeros((len(cluster), count))
        inside = np.flatnonzero(cluster >= 0)
        belongs[inside, cluster[inside]] = 1.0
        self.sums: Floats = jobs @ belongs
        self.quotients: Floats = specialisation(self.sums + one, self.totals)

    def without_own(self, industries: Places, cluster: Places) -> Floats:
        """Return the quotient of each industry's cluster without the industry itself."""
        # A sum less its part can leave a rounding error where nothing is left.
        rest = self.sums[:, cluster] - self.jobs[:, industries]
        rest[rest < 1e-9 * self.sums[:, cluster]] = 0.0
        return specialisation(rest + self.one, self.totals)

    def of_related(self, weights: Floats) -> Floats:
        """Return for each cluster the mean quotient of the clusters related to it."""
        return np.asarray(np.nan_to_num(self.quotients) @ _means(weights).T)

    def of_neighbours(self, weights: Floats) -> Floats:
        """Return for each region the mean quotients of its neighbours."""
        return np.asarray(_means(weights) @ np.nan_to_num(self.quotients))


def _means(weights: Floats) -> Floats:
    """Rows that add up to 1; NaN where there is nothing to take the mean of."""
    size = weights.sum(axis=1, keepdims=True)
    means = np.full(weights.shape, np.nan)
    np.divide(weights, size, out=means, where=size > 0)
    return means


def related_weights(related: Related, clusters: Sequence[str]) -> Floats:
    """Return clusters x clusters, 1 where the column is related to the row; never itself.

    Clusters that have no industry among the figures are passed over.

    Raises
    ------
    InvalidInput
        None of the clusters is known.

    Example
    -------
    >>> related_weights({"1": ["2", "1"], "9": ["1"]}, ["1", "2"])
    array([[0., 1.],
           [0., 0.]])
    """
    places = {name: place for place, name in enumerate(clusters)}
    weights = np.zeros((len(clusters), len(clusters)))
    for name, others in related.items():
        for other in others:
            if name in places and other in places and name != other:
                weights[places[name], places[other]] = 1.0
    if not weights.any():
        raise InvalidInput(
            [
                Fault(
                    "no cluster has a related one among the figures",
                    column="related",
                    value=", ".join(sorted(related)[:5]),
                    hint=f"the clusters are {', '.join(list(clusters)[:5])} ...",
                )
            ]
        )
    return weights


def neighbour_weights(pairs: Pairs, regions: Sequence[str]) -> Floats:
    """Return regions x regions, 1 where they are neighbours; pairs count in both directions.

    Raises
    ------
    InvalidInput
        No pair has both its regions among the figures.

    Example
    -------
    >>> neighbour_weights([("a", "b"), ("a", "x")], ["a", "b", "c"])
    array([[0., 1., 0.],
           [1., 0., 0.],
           [0., 0., 0.]])
    """
    places = {name: place for place, name in enumerate(regions)}
    weights = np.zeros((len(regions), len(regions)))
    for one, other in pairs:
        if one in places and other in places and one != other:
            weights[places[one], places[other]] = weights[places[other], places[one]] = 1.0
    if not weights.any():
        raise InvalidInput(
            [
                Fault(
                    "no two regions among the figures are neighbours",
                    column="neighbours",
                    hint="are they of the same scheme as the figures?",
                )
            ]
        )
    return weights
