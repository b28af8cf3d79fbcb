"""The second eigenvector of who is present where, to the last digits, and what is near it.

The matrix of averages that complexity is defined by, D^-1 M U^-1 M', has the eigenvalues of the
symmetric S'S with S = D^-1/2 M U^-1/2. Only its two leading vectors below the trivial first one
are needed: a block Lanczos iteration on the sparse S finds them; a table with few regions or few
industries is decomposed whole.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.linalg
import scipy.sparse

from clusteratlas.measures.arguments import Floats
from clusteratlas.tables import CannotAnswer

WHOLE_UP_TO = 150
"""Regions or industries up to which the whole decomposition is the faster way."""

WHOLE_AT_MOST = 5000
"""Regions or industries above which the whole decomposition would take too long."""

MOST_STEPS = 400
"""Steps of the iteration after which the whole matrix is decomposed instead."""

CHECK_EVERY = 4

ROUNDING = 1e-14
"""Residuals below this share of the first eigenvalue (1) are rounding."""


class Spectrum(NamedTuple):
    """Eigenvalues 2 and 3 and the second pair of singular vectors of S."""

    second: float
    third: float
    regions: Floats
    industries: Floats
    start: Floats
    """The second and third industry vectors: where the next year's search may begin."""


def second_vectors(
    rows: scipy.sparse.csr_matrix, diversity: Floats, ubiquity: Floats, start: Floats | None = None
) -> Spectrum:
    """Return the second eigenvalue and vectors of a connected table without empty lines."""
    scaled = scipy.sparse.csr_matrix(
        (
            np.repeat(diversity**-0.5, np.diff(rows.indptr)) * (ubiquity**-0.5)[rows.indices],
            rows.indices,
            rows.indptr,
        ),
        shape=rows.shape,
    )
    found = None
    if min(rows.shape) > WHOLE_UP_TO:
        trivial = np.sqrt(ubiquity / ubiquity.sum())
        found = _iterated(scaled, trivial, start)
    if found is None and min(rows.shape) > WHOLE_AT_MOST:
        raise CannotAnswer(
            f"the second and third eigenvalue could not be told apart in {MOST_STEPS} steps",
            hint="they are very near to one another; take fewer regions or coarser industries",
        )
    return _whole(scaled) if found is None else found


def _whole(scaled: scipy.sparse.csr_matrix) -> Spectrum:
    """Decompose S S' or S'S, whichever is the smaller."""
    dense = scaled.toarray()
    wide = dense.shape[0] <= dense.shape[1]
    square = dense @ dense.T if wide else dense.T @ dense
    values, vectors = _largest(square, min(3, len(square)))
    values = np.concatenate([np.zeros(3), np.maximum(values, 0.0)])[-3:]
    second, third = float(values[1]), float(values[0])
    short = vectors[:, -2]
    other = np.sqrt(second) or 1.0
    regions, industries = (short, short @ dense / other) if wide else (dense @ short / other, short)
    return Spectrum(second, third, regions, industries, industries[:, None])


def _largest(square: Floats, count: int) -> tuple[Floats, Floats]:
    """Return the largest eigenvalues, ascending, and their vectors."""
    size = len(square)
    values, vectors = scipy.linalg.eigh(square, subset_by_index=[size - count, size - 1])
    if vectors.shape[1] < count:  # LAPACK's search by index loses multiple eigenvalues at times
        values, vectors = np.linalg.eigh(square)
    return values[-count:], vectors[:, -count:]


def _iterated(
    scaled: scipy.sparse.csr_matrix, trivial: Floats, start: Floats | None
) -> Spectrum | None:
    """Search by block Lanczos, two vectors at a time so that a double eigenvalue shows as one.

    Every new block is made orthogonal to the trivial vector and to all blocks before it. The
    search ends when the residual of the second vector, over its gap, promises ten digits and more;
    None where it does not get there.
    """
    turned = scaled.T
    size = scaled.shape[1]
    most = min(MOST_STEPS, (size - 2) // 2)
    basis = np.empty((size, 1 + 2 * (most + 1)), order="F")
    basis[:, 0] = trivial
    block = _orthogonal(_beginning(size, start), basis[:, :1])
    if block is None:
        return None
    basis[:, 1:3] = block[0]
    band = np.zeros((2 * most + 2, 2 * most + 2))
    for step in range(most):
        here = slice(2 * step, 2 * step + 2)
        after = slice(2 * step + 2, 2 * step + 4)
        last = basis[:, 2 * step + 1 : 2 * step + 3]
        # One vector at a time: scipy's product with two columns takes three times as long.
        product = np.column_stack([turned @ (scaled @ last[:, 0]), turned @ (scaled @ last[:, 1])])
        band[here, here] = last.T @ product
        block = _orthogonal(product, basis[:, : 2 * step + 3])
        if block is None:
            return None
        basis[:, 2 * step + 3 : 2 * step + 5], band[after, here] = block
        band[here, after] = band[after, here].T
        if step % CHECK_EVERY == CHECK_EVERY - 1 or step == most - 1:
            inside = band[: 2 * step + 2, : 2 * step + 2]
            values, weights = _largest((inside + inside.T) / 2, 2)
            missing = np.linalg.norm(band[after, here] @ weights[-2:], axis=0)
            gap = values[1] - values[0]
            if _good_enough(missing, gap):
                vectors = basis[:, 1 : 2 * step + 3] @ weights[:, ::-1]
                return _pair(scaled, turned, vectors)
    return None


def _good_enough(missing: Floats, gap: float) -> bool:
    third, second = missing
    return bool(second <= max(1e-12 * gap, ROUNDING) and third <= max(1e-5 * gap, ROUNDING))


def _pair(
    scaled: scipy.sparse.csr_matrix, turned: scipy.sparse.csr_matrix, vectors: Floats
) -> Spectrum:
    images = scaled @ np.ascontiguousarray(vectors)
    second, third = np.einsum("ij,ij->j", images, images) / np.einsum("ij,ij->j", vectors, vectors)
    regions = images[:, 0] / np.sqrt(second)
    industries = turned @ regions
    industries /= np.linalg.norm(industries)
    return Spectrum(float(second), float(third), regions, industries, vectors)


def _beginning(size: int, start: Floats | None) -> Floats:
    """Return two vectors to begin with; without a better guess, spread evenly but not in step."""
    golden = (np.sqrt(5.0) - 1.0) / 2.0
    numbers = np.arange(1, size + 1, dtype=np.float64)
    spread = np.column_stack([numbers * golden % 1.0 - 0.5, numbers * np.sqrt(2.0) % 1.0 - 0.5])
    if start is None:
        return spread
    spread[:, : start.shape[1]] = start + 1e-3 * spread[:, : start.shape[1]] / np.sqrt(size)
    return spread


def _orthogonal(block: Floats, basis: Floats) -> tuple[Floats, Floats] | None:
    """Return the block orthogonal to the basis and within itself, and what it was made of.

    None where nothing is left of one of its vectors.
    """
    rest = block - basis @ (basis.T @ block)
    rest -= basis @ (basis.T @ rest)
    length = np.linalg.norm(rest, axis=0)
    if not length.min() > 1e-13:
        return None
    one = rest[:, 0] / length[0]
    shared = one @ rest[:, 1]
    other = rest[:, 1] - shared * one
    again = one @ other
    other -= again * one
    left = np.linalg.norm(other)
    if not left > 1e-13:
        return None
    made = np.array([[length[0], shared + again], [0.0, left]])
    return np.column_stack([one, other / left]), made
