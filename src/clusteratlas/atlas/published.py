"""The published regions of a scheme as matrices: what a union of regions is held against."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas import measures
from clusteratlas.atlas.kept_draws import STEPS
from clusteratlas.atlas.opened import OpenedRelease
from clusteratlas.atlas.panel import Floats, floats
from clusteratlas.atlas.uncertainty import FEWEST_REGIONS, Nation
from clusteratlas.measures.strong.against import (
    StrengthCuts,
    rank_interval_against,
    strength_against,
    strength_cuts,
)

FIGURES = ("employment", "location_quotient", "establishments", "share_of_region")


@dataclass(frozen=True)
class Published:
    """Regions x clusters of one scheme, definition and year.

    ``traded`` holds 1 traded, 0 local, NaN not said; ``totals`` all jobs of each region.
    """

    regions: tuple[str, ...]
    clusters: tuple[str, ...]
    traded: Floats
    totals: Floats
    figures: dict[str, Floats]

    @property
    def ranked(self) -> bool:
        """Whether there are regions enough to rank among."""
        return len(self.regions) >= FEWEST_REGIONS

    @cached_property
    def present(self) -> Floats:
        """The quotients of regions with jobs in the cluster; the others do not compete."""
        return np.where(self.figures["employment"] > 0, self.figures["location_quotient"], np.nan)

    @cached_property
    def cuts(self) -> StrengthCuts:
        """The quantiles of the strength rule."""
        names = ("location_quotient", "employment", "establishments")
        return strength_cuts(*(self.figures[name] for name in names))


def published(release: OpenedRelease, scheme: str, definition: str, year: int) -> Published:
    """Return the published regions of a scheme; kept, as every union of it is held against them."""
    key = ("published", scheme, definition, year)
    return release.keep(key, lambda: _published(release, scheme, definition, year))


def _published(release: OpenedRelease, scheme: str, definition: str, year: int) -> Published:
    rows = release.selected(
        f"select region, cluster, {', '.join(FIGURES)} from regional_clusters "
        "where scheme = ? and definition = ? and year = ?",
        [scheme, definition, year],
    )
    names, known = (
        pa.array(sorted(pc.unique(rows.column(each)).to_pylist()), pa.string())
        for each in ("region", "cluster")
    )
    at = _places(rows, names, known)
    figures = {}
    for name in FIGURES:
        matrix = np.full((len(names), len(known)), np.nan)
        matrix[at] = floats(rows, name)
        figures[name] = matrix
    kinds = {each.cluster: each.traded for each in release.clusters(definition)}
    traded = [kinds[each] for each in known.to_pylist()]
    totals = release.selected(
        "select region, employment from region_profile "
        "where scheme = ? and definition = ? and year = ?",
        [scheme, definition, year],
    )
    whole = dict(
        zip(totals.column("region").to_pylist(), floats(totals, "employment"), strict=True)
    )
    return Published(
        tuple(names.to_pylist()),
        tuple(known.to_pylist()),
        np.array([np.nan if each is None else float(each) for each in traded]),
        np.array([whole.get(each) or np.nan for each in names.to_pylist()]),
        figures,
    )


def _places(
    rows: pa.Table, regions: pa.Array, clusters: pa.Array
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    found = (
        pc.index_in(rows.column(name), value_set=values).to_numpy()
        for name, values in (("region", regions), ("cluster", clusters))
    )
    regions_at, clusters_at = (np.asarray(each, dtype=np.int64) for each in found)
    return regions_at, clusters_at


class PublishedDraws:
    """The published regions in all draws of a year: a judge for a further region."""

    def __init__(self, among: Published, rows: pa.Table, cuts: pa.Table) -> None:
        self.among = among
        self.ranked = among.ranked
        self._cuts = {row["cluster"]: row for row in cuts.to_pylist()}
        lists = rows.column("deviations").combine_chunks()
        self.count = len(next(iter(self._cuts.values()))["reference_employment"])
        self._steps = lists.flatten().to_numpy().reshape(-1, self.count)
        names = (pa.array(each, pa.string()) for each in (among.regions, among.clusters))
        self._at = np.full((len(among.regions), len(among.clusters)), -1, dtype=np.int64)
        self._at[_places(rows, *names)] = np.arange(len(self._steps))

    @cached_property
    def nation(self) -> Nation:
        """The reference area in all draws."""

        def each(name: str) -> dict[str, Floats]:
            return {
                cluster: np.array(row[name], dtype=np.float64)
                for cluster, row in self._cuts.items()
            }

        unknown = (np.nan, np.nan)
        return Nation(
            each("reference_employment"),
            each("reference_base"),
            dict.fromkeys(self._cuts, unknown),
        )

    def moves(self, regions: list[str], clusters: list[str]) -> npt.NDArray[np.float32]:
        """Return how far the jobs of some regions together deviate: clusters x draws."""
        rows = [self.among.regions.index(each) for each in regions if each in self._known]
        found = np.zeros((len(clusters), self.count), dtype=np.float32)
        for place, cluster in enumerate(clusters):
            at = self._at[rows, self.among.clusters.index(cluster)]
            steps = self._steps[at[at >= 0]].sum(axis=0, dtype=np.int64)
            found[place] = steps / STEPS
        return found

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.among.regions)

    def _jobs(self, place: int) -> Floats:
        """A cluster's jobs in every region and draw, as `uncertainty` takes them."""
        jobs = np.repeat(self.among.figures["employment"][:, place, None], self.count, axis=1)
        at = self._at[:, place]
        moving = at >= 0
        moves = (self._steps[at[moving]] / STEPS).astype(np.float32)
        jobs[moving] = np.maximum(jobs[moving] + moves, 0)
        return jobs

    @cached_property
    def _bases(self) -> dict[float, Floats]:
        """What quotients of each kind of cluster are taken of, regions x draws."""
        found: dict[float, Floats] = {}
        shape = (len(self.among.regions), self.count)
        for place, kind in enumerate(np.nan_to_num(self.among.traded, nan=-1.0).tolist()):
            if kind == -1:
                found.setdefault(kind, np.repeat(self.among.totals[:, None], self.count, axis=1))
            else:
                found.setdefault(kind, np.zeros(shape))
                found[kind] += np.nan_to_num(self._jobs(place))
        return found

    def places(self, cluster: str, quotient: Floats) -> measures.Interval:
        """Return between which places a further region would rank."""
        place = self.among.clusters.index(cluster)
        jobs, cut = self._jobs(place), self._cuts[cluster]
        kind = float(np.nan_to_num(self.among.traded[place], nan=-1.0))
        theirs = measures.drawn_quotients(
            jobs,
            total=self._bases[kind],
            reference=np.array(cut["reference_employment"], dtype=np.float64),
            reference_total=np.array(cut["reference_base"], dtype=np.float64),
        )
        theirs[np.isnan(self.among.figures["location_quotient"][:, place])] = np.nan
        theirs = np.where(jobs > 0, theirs, np.nan)
        return rank_interval_against(quotient, theirs)

    def strong(
        self, cluster: str, quotient: Floats, jobs: Floats, establishments: Floats
    ) -> npt.NDArray[np.bool_]:
        """Return in which draws the cluster is strong, held against the published regions."""
        cut = self._cuts[cluster]

        def limit(name: str) -> Floats:
            return np.array(cut[name] or [np.nan] * self.count, dtype=np.float64)

        return strength_against(
            quotient,
            jobs,
            establishments[:, None],
            employment_cut=limit("employment_cut"),
            establishments_cut=limit("establishments_cut"),
            quotient_cut=limit("quotient_cut"),
        )


def published_draws(
    release: OpenedRelease, scheme: str, definition: str, year: int
) -> PublishedDraws | None:
    """Return the draws of a scheme's year; ``None`` where the release keeps none."""
    key = ("published draws", scheme, definition, year)
    return release.keep(key, lambda: _published_draws(release, scheme, definition, year))


def _published_draws(
    release: OpenedRelease, scheme: str, definition: str, year: int
) -> PublishedDraws | None:
    asked = [scheme, definition, year]
    where = "where scheme = ? and definition = ? and year = ?"
    cuts = release.selected(f"select * from drawn_cuts {where}", asked)
    if not cuts.num_rows:
        return None
    rows = release.selected(f"select region, cluster, deviations from cluster_draws {where}", asked)
    return PublishedDraws(published(release, scheme, definition, year), rows, cuts)
