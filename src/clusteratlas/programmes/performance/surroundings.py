"""What lies around an industry at the start: its cluster, related clusters, regions next door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.environment import (
    Environment,
    Pairs,
    Related,
    neighbour_weights,
    related_weights,
)
from clusteratlas.relatedness.growth import CLUSTER, NEIGHBOURS, RELATED, Own
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

Floats = npt.NDArray[np.float64]


class Surroundings:
    """Logarithms of the quotients around each industry in a cluster, each made once.

    Parameters
    ----------
    jobs
        Regions x industries at the start: what clusters and totals are added up of; estimates are
        welcome, gaps count as none.
    regions, industries
        Labels of rows and columns.
    clusters
        Industry to cluster; industries without an entry are in no cluster.
    related
        Cluster to the clusters related to it.
    neighbours
        Pairs of regions, either order.

    Raises
    ------
    InvalidInput
        Shapes that do not fit the labels; negative figures; no industry of a cluster; related
        clusters and neighbours that are not known.
    CannotAnswer
        Clusters of one industry only.
    """

    def __init__(
        self,
        jobs: npt.ArrayLike,
        *,
        regions: Sequence[str],
        industries: Sequence[str],
        clusters: Mapping[str, str],
        related: Related | None = None,
        neighbours: Pairs | None = None,
    ) -> None:
        self.shape = (len(regions), len(industries))
        around = checked("jobs", jobs, self.shape)
        names = sorted({clusters[each] for each in industries if each in clusters})
        if not names:
            hint = "are these the same codes?"
            raise InvalidInput([Fault("no industry has a cluster", column="clusters", hint=hint)])
        places = {name: place for place, name in enumerate(names)}
        cluster = np.array([places.get(clusters.get(each, ""), -1) for each in industries])
        self.inside = np.flatnonzero(cluster >= 0)
        """Places of the industries that are in a cluster: the columns of every term."""
        if len(self.inside) == len(names):
            raise CannotAnswer(
                "every cluster has one industry: nothing lies in a cluster outside the industry",
                value=f"{len(names)} clusters",
                hint="choose a definition whose clusters hold several industries",
            )
        self._chosen = cluster[self.inside]
        self._made_of = Environment(np.nan_to_num(around), cluster, len(names), 0.0)
        self._related = None if related is None else related_weights(related, names)
        self._neighbours = None if neighbours is None else neighbour_weights(neighbours, regions)

    def terms(self, names: Sequence[str], own: Own) -> dict[str, Floats]:
        """Return the logarithms of terms by name, those alone that are at hand."""
        made = {
            CLUSTER: self._without if own == "outside" else self._within,
            RELATED: self._of_related,
            NEIGHBOURS: self._of_neighbours,
        }
        return {name: made[name] for name in names if made[name] is not None}  # type: ignore[misc]

    @property
    def has_related(self) -> bool:
        """Whether related clusters are known."""
        return self._related is not None

    @property
    def has_neighbours(self) -> bool:
        """Whether neighbouring regions are known."""
        return self._neighbours is not None

    @cached_property
    def _without(self) -> Floats:
        return logarithm(self._made_of.without_own(self.inside, self._chosen))

    @cached_property
    def _within(self) -> Floats:
        return logarithm(self._made_of.quotients)[:, self._chosen]

    @cached_property
    def _of_related(self) -> Floats | None:
        if self._related is None:
            return None
        return logarithm(self._made_of.of_related(self._related))[:, self._chosen]

    @cached_property
    def _of_neighbours(self) -> Floats | None:
        if self._neighbours is None:
            return None
        return logarithm(self._made_of.of_neighbours(self._neighbours))[:, self._chosen]


def logarithm(values: Floats) -> Floats:
    """Return logarithms; of nothing there is none, which later leaves the cell out."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(values))


def checked(name: str, values: npt.ArrayLike, shape: tuple[int, int]) -> Floats:
    """Return a table of regions x industries.

    Raises
    ------
    InvalidInput
        A shape that does not fit the labels; negative or infinite figures.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.shape != shape:
        hint = f"regions x industries are {shape}"
        raise InvalidInput([Fault(f"{name} has shape {table.shape}", column=name, hint=hint)])
    wrong = np.argwhere((table < 0) | np.isinf(table))
    if len(wrong):
        raise InvalidInput(
            [
                Fault(
                    f"{name} is negative or infinite",
                    "",
                    int(row) + 1,
                    f"{name} {column + 1}",
                    str(table[row, column]),
                )
                for row, column in wrong[:200]
            ],
            total=len(wrong),
        )
    return table
