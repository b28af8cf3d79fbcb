"""What a region's jobs are made of: traded and local."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats, columns, divide, sum_known
from clusteratlas.measures.labelled import measure


class TradedLocal(NamedTuple):
    """A region's jobs in traded and in local clusters, one figure for each region."""

    traded: Floats
    """Jobs in traded clusters."""
    local: Floats
    """Jobs in local clusters."""
    traded_share: Floats
    """Traded over traded and local jobs, share 0-1."""


@measure(dict.fromkeys(("traded", "local", "traded_share"), "regions"))
def traded_local_split(employment: npt.ArrayLike, traded: npt.ArrayLike) -> TradedLocal:
    r"""Return each region's jobs in traded and in local clusters, and the traded share.

    Definition
    ----------
    .. math:: T_r = \sum_{c\ traded} e_{rc}, \quad L_r = \sum_{c\ local} e_{rc}, \quad
              \frac{T_r}{T_r + L_r}

    Parameters
    ----------
    employment
        e_rc: regions x clusters, jobs.
    traded
        One for each cluster: true traded, false local, None or NaN where the definition does not
        say; such a cluster counts in neither.

    Returns
    -------
    TradedLocal
        ``traded`` and ``local`` (jobs) and ``traded_share`` (0-1), one for each region.

    Missing data
    ------------
    Sums run over the known cells; a sum of which no cell is known is NaN, and so is the share
    where either sum is NaN or both are zero. A group without clusters has zero jobs.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, flags other than true and false, shapes that do not fit.

    Source
    ------
    M. E. Porter, The economic performance of regions (2003).

    Example
    -------
    >>> split = traded_local_split([[30, 10, 60], [0, 5, np.nan]], [True, True, False])
    >>> split.traded, split.local, split.traded_share
    (array([40.,  5.]), array([60., nan]), array([0.4, nan]))
    """
    given = Arguments()
    table = columns(given.figures("employment", employment))
    label = cluster_labels(given, traded, table)
    given.check()
    sums = [
        sum_known(table[:, label == group], 1) if np.any(label == group) else np.zeros(len(table))
        for group in (1, 0)
    ]
    return TradedLocal(sums[0], sums[1], divide(sums[0], sums[0] + sums[1]))


def cluster_labels(given: Arguments, traded: npt.ArrayLike, table: Floats) -> Floats:
    """Return 1 for traded, 0 for local, NaN for not said; one for each column of the table."""
    label = given.vector("traded", traded, table.shape[1], "cluster")
    given.flags("traded", label)
    return label
