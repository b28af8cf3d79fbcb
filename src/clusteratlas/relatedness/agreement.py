"""How far components, or two tables of relatedness, agree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.relatedness.similarities import Floats


def agreement(pairs: pa.Table, names: Sequence[str]) -> Floats:
    """Return the rank correlation of every two columns over the pairs of different clusters.

    Definition
    ----------
    Spearman's correlation over the pairs that both columns know, each pair once.

    Parameters
    ----------
    pairs
        Rows of `related_clusters`.
    names
        Its columns to compare.

    Returns
    -------
    numpy.ndarray
        Columns x columns, -1 to 1; NaN where fewer than three pairs are known to both.

    Example
    -------
    >>> table = pa.table({"a": ["x", "x", "y"], "b": ["y", "z", "z"], "u": [1.0, 2, 3],
    ...                   "v": [3.0, 2, 1]})
    >>> agreement(table, ["u", "v"]).round(2)
    array([[ 1., -1.],
           [-1.,  1.]])
    """
    from scipy.stats import rankdata  # noqa: PLC0415 - slow to load

    once = pairs.filter(pc.less(pairs.column("a"), pairs.column("b")))
    columns = [pc.cast(once.column(name), "float64").to_numpy() for name in names]
    found = np.full((len(names),) * 2, np.nan)
    for i, first in enumerate(columns):
        for j, second in enumerate(columns):
            both = ~np.isnan(first) & ~np.isnan(second)
            if both.sum() > 2:
                ranks = rankdata(first[both]), rankdata(second[both])
                found[i, j] = np.corrcoef(*ranks)[0, 1]
    return found


def without_main_effects(matrix: Floats) -> Floats:
    r"""Return a symmetric matrix less what each cluster has with all others (double-centred).

    Definition
    ----------
    Residuals of :math:`m_{cd} = \mu + \alpha_c + \alpha_d` by least squares over the pairs
    of different clusters.

    Missing data
    ------------
    The diagonal is ignored and NaN in the result; other gaps are refused by giving NaN everywhere.

    Example
    -------
    Sums of two numbers leave nothing.

    >>> sums = np.add.outer([1.0, 2, 3, 5], [1.0, 2, 3, 5])
    >>> float(np.nanmax(np.abs(without_main_effects(sums))).round(12))
    0.0
    """
    table = np.array(matrix, dtype=np.float64)
    count = len(table)
    np.fill_diagonal(table, 0.0)
    sums = table.sum(axis=1)
    effect = (sums - table.sum() / (2 * (count - 1))) / (count - 2)
    rest = table - effect[:, None] - effect[None, :]
    np.fill_diagonal(rest, np.nan)
    return np.asarray(rest)
