"""Which regions and industries hang together: only those can be compared by complexity."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.sparse
import scipy.sparse.csgraph

from clusteratlas.measures.arguments import Flags
from clusteratlas.measures.frames import LabelledFigures
from clusteratlas.measures.networks.presence_matrix import PresenceMatrix
from clusteratlas.tables import CannotAnswer

PARTS_NAMED = 4
LABELS_NAMED = 5


def taking_part(
    table: PresenceMatrix, unconnected: str, labels: LabelledFigures | None
) -> tuple[Flags, Flags]:
    """Return which regions and industries are compared, or refuse."""
    regions, industries = table.diversity > 0, table.ubiquity > 0
    if min(np.count_nonzero(regions), np.count_nonzero(industries)) < 2:
        raise CannotAnswer(
            "complexity needs two regions and two industries that are present somewhere",
            value=f"{np.count_nonzero(regions)} and {np.count_nonzero(industries)}",
        )
    rows = table.rows
    if not (regions.all() and industries.all()):
        rows = rows[regions][:, industries]
    part, count = components(rows)
    if count == 1:
        return regions, industries
    where = np.concatenate([np.flatnonzero(regions), np.flatnonzero(industries)])
    split = rows.shape[0]
    sizes = np.bincount(part[:split], minlength=count)
    order = np.argsort(-sizes, kind="stable")
    if unconnected == "refuse":
        raise CannotAnswer(
            f"presence falls apart into {count} parts that share no industry: "
            + _told(part, order, where, split, labels),
            hint="unconnected='largest' answers for the largest part; or leave small ones out",
        )
    regions = np.zeros_like(regions)
    industries = np.zeros_like(industries)
    regions[where[:split][part[:split] == order[0]]] = True
    industries[where[split:][part[split:] == order[0]]] = True
    if min(np.count_nonzero(regions), np.count_nonzero(industries)) < 2:
        raise CannotAnswer("no part of presence holds two regions and two industries")
    return regions, industries


def _told(
    part: npt.NDArray[np.int32],
    order: npt.NDArray[np.int_],
    where: npt.NDArray[np.int_],
    split: int,
    labels: LabelledFigures | None,
) -> str:
    """Spell out the parts: how large, and which regions the small ones hold."""
    told = []
    for number, name in enumerate(order[:PARTS_NAMED]):
        regions = where[:split][part[:split] == name]
        industries = np.count_nonzero(part[split:] == name)
        text = f"{len(regions)} regions with {industries} industries"
        if number or len(regions) <= LABELS_NAMED:
            names = labels.regions if labels is not None else None
            some = [str(names[r]) if names else f"row {r + 1}" for r in regions[:LABELS_NAMED]]
            text += f" ({', '.join(some)}{', ...' if len(regions) > LABELS_NAMED else ''})"
        told.append(text)
    more = len(order) - PARTS_NAMED
    return "; ".join(told) + (f"; and {more} more" if more > 0 else "")


def components(rows: scipy.sparse.csr_matrix) -> tuple[npt.NDArray[np.int32], int]:
    """Return the connected part of each region and then industry, and how many there are."""
    count, width = rows.shape
    if _one_part(rows):
        return np.zeros(count + width, dtype=np.int32), 1
    graph = scipy.sparse.bmat([[None, rows], [rows.T, None]], format="csr")
    parts, labels = scipy.sparse.csgraph.connected_components(graph, directed=False)
    return labels, int(parts)


def _one_part(rows: scipy.sparse.csr_matrix) -> bool:
    """Whether everything is reached from the first region: a few products on ordinary tables."""
    reached = np.zeros(rows.shape[0])
    reached[:1] = 1.0
    before = 0
    while (now := int(reached.sum())) > before:
        before = now
        industries = (rows.T @ reached > 0).astype(np.float64)
        reached = (rows @ industries > 0).astype(np.float64)
    return before == rows.shape[0] and bool(industries.all())
