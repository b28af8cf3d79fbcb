"""From which figures on a subcluster is strong: the strength profile applied to subclusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.atlas import RegionalSubcluster, Release
from clusteratlas.measures.strong.against import StrengthCuts as Cuts
from clusteratlas.measures.strong.against import flags_against, strength_cuts
from clusteratlas.organisations.claim_records import ClaimFigures
from clusteratlas.organisations.held_rows import BETWEEN, held_rows

FIGURES = ("location_quotient", "employment", "establishments")


@dataclass(frozen=True, slots=True)
class SubclusterCuts:
    """The quantiles that a subcluster must pass, over the regions of one scheme and year."""

    places: dict[str, int]
    cuts: Cuts
    profile: str

    def _cuts_of(self, cluster: str, subcluster: str) -> Cuts | None:
        at = self.places.get(f"{cluster}{BETWEEN}{subcluster}")
        if at is None:
            return None
        return Cuts(
            self.cuts.employment[at : at + 1],
            self.cuts.establishments[at : at + 1],
            self.cuts.quotients[:, at : at + 1],
        )

    def of(self, figures: ClaimFigures) -> tuple[float | None, bool | None]:
        """Return from which quotient on it is strong, and whether it is by its own figures."""
        cuts = self._cuts_of(figures.cluster, figures.subcluster)
        if cuts is None:
            return None, None
        cut = float(cuts.quotients[2, 0])
        held = self._held(cuts, figures.location_quotient, figures.employment, figures)
        return None if np.isnan(cut) else max(cut, 1.0), held

    def strong_between(self, row: RegionalSubcluster, figures: ClaimFigures) -> tuple[float, float]:
        """Return 1 and 1 where it is strong at both ends of its jobs, 0 and 0 where at neither."""
        cuts = self._cuts_of(row.cluster, row.subcluster)
        if cuts is None:
            return 0.0, 1.0
        low = self._held(cuts, figures.quotient_low, row.employment_low, figures)
        high = self._held(cuts, figures.quotient_high, row.employment_high, figures)
        return float(low is True), float(high is not False)

    def _held(
        self,
        cuts: Cuts,
        quotient: float | None,
        employment: int | None,
        figures: ClaimFigures,
    ) -> bool | None:
        if quotient is None or employment is None:
            return None
        if figures.establishments is None:
            # The floor of establishments cannot be shown; without a quotient it falls anyway.
            return None if quotient >= max(float(cuts.quotients[2, 0]), 1.0) else False
        jobs, places = (np.array([float(each)]) for each in (employment, figures.establishments))
        flags = flags_against(cuts, np.array([quotient]), jobs, places, profile=self.profile)
        return bool(flags.strong[0])


def subcluster_cuts(release: Release, scheme: str, definition: str, profile: str) -> SubclusterCuts:
    """Return the cuts of every subcluster in the latest year of a scheme; kept."""

    def ask() -> SubclusterCuts:
        held = held_rows(release, "regional_subclusters", scheme, definition)
        rows = held.table
        regions, region_at = _coded(rows.column("region"))
        parts, part_at = _coded(pa.array(held.keys, pa.string()))
        tables = []
        for name in FIGURES:
            table = np.full((len(regions), len(parts)), np.nan)
            values = rows.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False)
            table[region_at, part_at] = values
            tables.append(table)
        cuts = strength_cuts(*tables, profile=profile)
        return SubclusterCuts({each: at for at, each in enumerate(parts)}, cuts, profile)

    return release.keep((f"subcluster cuts of {scheme}", definition, profile), ask)


def _coded(column: pa.Array | pa.ChunkedArray) -> tuple[list[str], npt.NDArray[np.int64]]:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = pc.dictionary_encode(whole)
    places = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return coded.dictionary.to_pylist(), places
