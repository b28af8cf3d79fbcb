"""The draws that a release keeps: what a sum made by a reader needs to know its own interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from clusteratlas.atlas.panel import Floats, floats
from clusteratlas.measures.strong.against import strength_cuts
from clusteratlas.tables import CLUSTER_DRAWS, DRAWN_CUTS

STEPS = 10
"""Deviations are kept in tenths of jobs: whole numbers, which add up exactly in any order."""

STRONG = 2
"""The place of the strong flag among the four of a profile."""


@dataclass(frozen=True)
class Cuts:
    """What one cluster is held against, one figure a draw; none where no flag is given."""

    cluster: str
    reference_employment: Floats
    reference_base: Floats
    employment_cut: Floats | None = None
    establishments_cut: Floats | None = None
    quotient_cut: Floats | None = None


def in_steps(deviations: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """Return deviations (jobs) rounded to what a release keeps."""
    return np.asarray(np.rint(deviations * STEPS) / STEPS, dtype=np.float32)


def cuts_of(
    cluster: str, reference: tuple[Floats, Floats], ranked: tuple[Floats, Floats, Floats] | None
) -> Cuts:
    """Return what a cluster is held against in each draw.

    Parameters
    ----------
    reference
        Jobs of the cluster in the reference area and the jobs their share is taken of.
    ranked
        Quotients and jobs, regions x draws, and establishments, one for each region.
    """
    if ranked is None:
        return Cuts(cluster, *reference)
    quotient, jobs, places = ranked
    found = strength_cuts(quotient, jobs, np.broadcast_to(places[:, None], jobs.shape))
    return Cuts(
        cluster, *reference, found.employment, found.establishments, found.quotients[STRONG]
    )


def drawn_cuts(label: Mapping[str, object], cuts: Sequence[Cuts]) -> pa.Table:
    """Return rows of `drawn_cuts`; ``label`` holds scheme, definition and year."""
    names = [name for name in DRAWN_CUTS.names if name not in (*label, "cluster")]
    rows = [
        {
            **label,
            "cluster": each.cluster,
            **{name: _listed(getattr(each, name)) for name in names},
        }
        for each in cuts
    ]
    return pa.Table.from_pylist(rows, schema=DRAWN_CUTS.schema)


def _listed(values: Floats | None) -> list[float | None] | None:
    """A list of figures, null where there is none (no region has jobs in that draw)."""
    if values is None:
        return None
    return [None if np.isnan(value) else float(value) for value in values]


def drawn_rows(
    table: pa.Table, position: npt.NDArray[np.int64], moves: npt.NDArray[np.float32]
) -> pa.Table:
    """Return rows of `cluster_draws`: regional clusters that some draw moves.

    Parameters
    ----------
    table
        Regional clusters of one year.
    position, moves
        Where each row's deviations stand, -1 for none; deviations, any x draws, jobs.
    """
    rows = np.flatnonzero((position >= 0) & np.isfinite(floats(table, "employment")))
    steps = np.rint(moves[position[rows]] * STEPS).astype(np.int32)
    moving = steps.any(axis=1)
    steps = np.ascontiguousarray(steps[moving])
    part = table.select(["scheme", "definition", "year", "region", "cluster"]).take(
        pa.array(rows[moving])
    )
    offsets = pa.array(np.arange(len(steps) + 1, dtype=np.int32) * moves.shape[1])
    lists = pa.ListArray.from_arrays(offsets.cast(pa.int32()), pa.array(steps.reshape(-1)))
    field = CLUSTER_DRAWS.schema.field("deviations")
    return part.append_column(field, lists.cast(field.type)).cast(CLUSTER_DRAWS.schema)
