"""How well a set of clusters agrees with the similarities of industries: validation scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.similarities import Flags, Floats, Similarities
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

Groups = npt.NDArray[np.intp]

TESTS: Final = ("colocation", "coagglomeration", "input_output", "occupations")
"""The four matrices that sets are tested on, those of them that are at hand."""
LEVEL: Final = 0.95


@dataclass(frozen=True)
class TestScore:
    """The four shares on one test matrix; 0-1, NaN where no cluster or industry can be tested."""

    clusters_mean: float
    """Clusters more related within than to others on average."""
    clusters_p95: float
    """Clusters more related within than at the 95th percentile of others."""
    industries_mean: float
    """The same for industries."""
    industries_p95: float
    """The same for industries."""

    @property
    def cluster(self) -> float:
        """VS-Cluster on this matrix."""
        return (self.clusters_mean + self.clusters_p95) / 2

    @property
    def industry(self) -> float:
        """VS-Industry on this matrix."""
        return (self.industries_mean + self.industries_p95) / 2

    @property
    def score(self) -> float:
        """VS on this matrix."""
        return (self.cluster + self.industry) / 2


@dataclass(frozen=True)
class Validation:
    """The validation score and its parts."""

    by_test: Mapping[str, TestScore]

    @property
    def cluster(self) -> float:
        """VS-Cluster, 0-1."""
        return float(np.mean([each.cluster for each in self.by_test.values()]))

    @property
    def industry(self) -> float:
        """VS-Industry, 0-1."""
        return float(np.mean([each.industry for each in self.by_test.values()]))

    @property
    def score(self) -> float:
        """VS, 0-1."""
        return (self.cluster + self.industry) / 2

    def only(self, tests: Sequence[str]) -> float:
        """Return VS on some of the matrices; NaN where there is none of them."""
        chosen = [self.by_test[name].score for name in tests if name in self.by_test]
        return float(np.mean(chosen)) if chosen else float("nan")


class Tests:
    """Test matrices made ready to score many sets of clusters.

    Parameters
    ----------
    similarities
        Components; ``colocation`` is made of its two parts where it is asked for.
    names
        Test matrices; by default those of ``TESTS`` that are at hand.

    Raises
    ------
    CannotAnswer
        When a test is not at hand, or none is.
    """

    __test__ = False  # no test class of pytest

    def __init__(self, similarities: Similarities, names: Sequence[str] | None = None) -> None:
        self.labels = similarities.labels
        self.names = tuple(names) if names is not None else tests_at_hand(similarities)
        if not self.names:
            raise CannotAnswer(
                "no test matrix is at hand",
                value=", ".join(similarities.components),
                hint=f"one of {', '.join(TESTS)}",
            )
        self._values: dict[str, Floats] = {}
        self._known: dict[str, Flags] = {}
        for name in self.names:
            matrix = np.array(similarities.component(name))
            np.fill_diagonal(matrix, np.nan)
            self._known[name] = ~np.isnan(matrix)
            self._values[name] = np.where(self._known[name], matrix, 0.0)

    def score(self, groups: npt.ArrayLike) -> Validation:
        r"""Return the validation score of a set of clusters.

        Definition
        ----------
        On each test matrix, :math:`WCR_c` = mean similarity of the pairs inside cluster c,
        :math:`BCR_{cd}` = mean over i in c and j in d; :math:`WCR_{ic}` and :math:`BCR_{id}` the
        same for one industry i against the others of c, and against d. The four shares are:
        clusters (industries) whose WCR is above the mean of their BCRs over d, and above the 95th
        percentile of them (linear interpolation). VS-Cluster is the mean of the two shares of
        clusters, VS-Industry of industries, each over all matrices; VS is the mean of both.

        Parameters
        ----------
        groups
            The cluster of each industry, in the order of the labels.

        Returns
        -------
        Validation
            Scores by matrix, and together.

        Missing data
        ------------
        A mean runs over the known pairs. An industry that a matrix does not know is not tested on
        it. A cluster of one industry has no WCR: it is left out of the shares of clusters and
        counts as failing among industries.

        Raises
        ------
        InvalidInput
            When the length does not fit.
        CannotAnswer
            With fewer than two clusters.

        Source
        ------
        M. Delgado, M. E. Porter, S. Stern, Defining clusters of related industries (2016).

        Example
        -------
        >>> one = np.full((4, 4), 0.1)
        >>> one[0, 1] = one[1, 0] = one[2, 3] = one[3, 2] = 0.9
        >>> tests = Tests(Similarities(("a", "b", "c", "d"), {"input_output": one}))
        >>> tests.score([0, 0, 1, 1]).score, tests.score([0, 1, 0, 1]).score
        (1.0, 0.0)
        """
        chosen, count = self._numbered(groups)
        order = np.argsort(chosen, kind="stable")
        start = np.searchsorted(chosen[order], np.arange(count))
        return Validation(
            {
                name: _score(self._values[name], self._known[name], chosen, order, start)
                for name in self.names
            }
        )

    def industry_means(self, name: str, groups: npt.ArrayLike) -> Floats:
        """Return the mean similarity of each industry with each cluster, itself left out.

        Industries x clusters in sorted order; NaN where no pair is known.
        """
        chosen, count = self._numbered(groups)
        order = np.argsort(chosen, kind="stable")
        start = np.searchsorted(chosen[order], np.arange(count))
        return _means(*_sums(self._values[name], self._known[name], order, start))

    def _numbered(self, groups: npt.ArrayLike) -> tuple[Groups, int]:
        names, chosen = np.unique(np.asarray(groups), return_inverse=True)
        if chosen.reshape(-1).shape != (len(self.labels),):
            raise InvalidInput(
                [
                    Fault(
                        f"{chosen.size} clusters are given for {len(self.labels)} industries",
                        column="groups",
                    )
                ]
            )
        if len(names) < 2:
            raise CannotAnswer("one cluster cannot be told from others", value=str(len(names)))
        return chosen.reshape(-1), len(names)


def tests_at_hand(similarities: Similarities) -> tuple[str, ...]:
    """Return those of ``TESTS`` that can be made of the components."""
    parts = {"colocation" for name in similarities.components if name.startswith("colocation_")}
    return tuple(name for name in TESTS if name in parts or name in similarities.components)


def held_out(tests: Sequence[str], components: Sequence[str]) -> tuple[str, ...]:
    """Return the tests that were not used to build a set.

    Co-location by jobs, by establishments and their mean count as one.

    >>> held_out(TESTS, ("colocation_employment", "input_output"))
    ('coagglomeration', 'occupations')
    """
    used = {"colocation" if name.startswith("colocation_") else name for name in components}
    return tuple(name for name in tests if name not in used)


def _score(values: Floats, known: Flags, groups: Groups, order: Groups, start: Groups) -> TestScore:
    total, pairs = _sums(values, known, order, start)
    industry = _means(total, pairs)
    own = industry[np.arange(len(groups)), groups]
    tested = known.any(axis=1)
    above_mean, above_p95 = _above(own, industry, groups)
    cluster = _means(
        np.add.reduceat(total[order], start, axis=0), np.add.reduceat(pairs[order], start, axis=0)
    )
    within = np.diagonal(cluster)
    several = ~np.isnan(within)
    clusters_mean, clusters_p95 = _above(within, cluster, np.arange(len(cluster)))
    return TestScore(
        _share(clusters_mean[several]),
        _share(clusters_p95[several]),
        _share(above_mean[tested]),
        _share(above_p95[tested]),
    )


def _sums(
    values: Floats, known: Flags, order: Groups, start: Groups
) -> tuple[Floats, npt.NDArray[np.float64]]:
    """Sum and number of the known pairs of each industry with each cluster."""
    total = np.add.reduceat(values[:, order], start, axis=1)
    pairs = np.add.reduceat(known[:, order], start, axis=1, dtype=np.float64)
    return total, pairs


def _means(total: Floats, pairs: Floats) -> Floats:
    return np.divide(total, pairs, out=np.full_like(total, np.nan), where=pairs > 0)


def _above(own: Floats, means: Floats, home: Groups) -> tuple[Flags, Flags]:
    """Whether each is above the mean, and the 95th percentile, of its means with other clusters."""
    mean, p95 = between(means, home)
    with np.errstate(invalid="ignore"):
        return own > mean, own > p95


def between(means: Floats, home: Groups) -> tuple[Floats, Floats]:
    """Return mean and 95th percentile of each row, its own cluster and unknown cells left out."""
    rows = np.arange(len(means))
    others = means.copy()
    others[rows, home] = np.nan
    known = ~np.isnan(others)
    count = known.sum(axis=1)
    mean = np.divide(
        np.where(known, others, 0.0).sum(axis=1),
        count,
        out=np.full(len(means), np.nan),
        where=count > 0,
    )
    ordered = np.sort(others, axis=1)  # NaN last
    place = LEVEL * np.maximum(count - 1, 0)
    low = np.floor(place).astype(np.intp)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    under = ordered[rows, low]
    return mean, under + (place - low) * (ordered[rows, high] - under)


def _share(flags: Flags) -> float:
    return float(np.mean(flags)) if len(flags) else float("nan")
