"""What the local statistics share: their arguments, and which results stand."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from clusteratlas.measures.arguments import Arguments, Floats, choose
from clusteratlas.measures.space.autocorrelation import read_figures
from clusteratlas.measures.space.neighbours import SpatialWeights, read_weights
from clusteratlas.measures.space.points import need_rng
from clusteratlas.measures.space.significance import (
    ALTERNATIVES,
    FAMILIES,
    false_discovery_adjusted,
)


def read_local(
    given: Arguments,
    values: Any,
    weights: Any,
    permutations: int,
    alternative: str,
    family: str,
    rng: np.random.Generator | None,
) -> tuple[Floats, SpatialWeights]:
    """Return figures and weights of a local statistic, or collect what is wrong."""
    choose("alternative", alternative, ALTERNATIVES)
    choose("family of tests", family, FAMILIES)
    figures, labels = read_figures(given, values)
    links = read_weights(given, weights, len(figures), labels)
    need_rng(given, permutations, "permutations", rng)
    return figures, links


def need_rate(given: Arguments, false_discovery: float) -> None:
    """Collect a fault where the rate is no share strictly between 0 and 1."""
    given.need(
        isinstance(false_discovery, (int, float)) and 0 < false_discovery < 1,
        "false_discovery",
        f"false_discovery is {false_discovery!r}",
        "give the share of false ones allowed, such as 0.05",
    )


def usable_columns(table: Floats) -> npt.NDArray[np.int64]:
    """Return the industries that are known everywhere and not the same everywhere."""
    return np.flatnonzero(table.max(axis=0) > table.min(axis=0))


def without_self(matrix: scipy.sparse.csr_array) -> scipy.sparse.csr_array:
    """Return the weights without their diagonal."""
    alone = scipy.sparse.csr_array(matrix - scipy.sparse.diags_array(matrix.diagonal()))
    alone.eliminate_zeros()
    alone.sort_indices()
    return alone


def called_significant(p: Floats | None, family: str, rate: float) -> tuple[Any, Any]:
    """Return adjusted p values and which of them stand; None for None."""
    if p is None:
        return None, None
    adjusted = false_discovery_adjusted(p, family)
    return adjusted, adjusted <= rate
