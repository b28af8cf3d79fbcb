"""Regional clusters under every strength profile: stars, and where each counts as a cluster."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.atlas.panel import Floats, Panel
from clusteratlas.atlas.uncertainty import FEWEST_REGIONS
from clusteratlas.measures.strong.stars import star_rating
from clusteratlas.measures.strong.survival import every_profile, survival

BETWEEN_NAMES = ", "


def with_profiles(table: pa.Table, reference_jobs: float) -> pa.Table:
    """Add the stars of eu-stars-2007 and the names of the profiles that each row holds up under.

    Parameters
    ----------
    table
        Regional clusters of one year, with ``reference_employment`` beside them.
    reference_jobs
        All jobs of the reference area: star rules take quotients within all jobs, where the
        column ``location_quotient`` is within traded jobs if the definition tells them apart.

    Missing data
    ------------
    Null for local clusters, in schemes with too few regions to rank, and where a figure that a
    profile asks for is not known: stars then, and names where that is so for every profile.
    """
    stars = np.full(table.num_rows, np.nan)
    held = np.full(table.num_rows, -1, dtype=np.int64)
    names = every_profile()
    for panel in Panel.split(table, column="cluster"):
        if panel.shape[0] < FEWEST_REGIONS:
            continue
        quotient, jobs = panel.values("location_quotient"), panel.values("employment")
        overall = _overall_quotient(panel, quotient, reference_jobs)
        focus = panel.values("share_of_region")
        found = survival(
            quotient,
            jobs,
            panel.values("establishments"),
            overall_quotient=overall,
            share_of_region=focus,
        )
        bits = sum((found.profiles[name] == 1) << place for place, name in enumerate(names))
        panel.put(held, np.where(found.judged > 0, bits, -1))
        panel.put(stars, star_rating(overall, jobs, focus, rule="eu-stars-2007"))
    local = pc.fill_null(pc.invert(table.column("traded")), False).to_numpy()
    missing = np.isnan(stars) | local
    whole = pa.array(np.where(missing, 0, stars).astype(np.int8), mask=missing)
    words = pa.array(
        [
            BETWEEN_NAMES.join(name for place, name in enumerate(names) if bits >> place & 1)
            for bits in range(2 ** len(names))
        ]
    )
    chosen = pa.array(np.maximum(held, 0), mask=(held < 0) | local)
    return table.append_column("stars_eu_2007", whole).append_column(
        "profiles_held", words.take(chosen)
    )


def _overall_quotient(panel: Panel, quotient: Floats, reference_jobs: float) -> Floats:
    """The quotient within all jobs; where traded and local are not told apart, it is that one."""
    share = panel.values("reference_employment") / reference_jobs
    overall = np.full(panel.shape, np.nan)
    np.divide(panel.values("share_of_region"), share, out=overall, where=share > 0)
    return np.where(np.isnan(panel.values("traded")), quotient, overall)
