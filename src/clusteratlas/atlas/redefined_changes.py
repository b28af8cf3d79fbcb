"""What moving industries changes where: clusters, flags of regions, quotients."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from clusteratlas.atlas.opened import OpenedRelease
from clusteratlas.atlas.redefined import Redefined, redefined_clusters

MOST_FOUND = 12


@dataclass(frozen=True, slots=True)
class ClusterShift:
    """A cluster before and after the moves, over all regions of a scheme.

    Jobs are sums of what is known; a cluster that is new has no figures before, one that lost all
    its industries none after.
    """

    cluster: str
    name: str
    traded: bool | None
    industries_before: int
    industries_after: int
    employment_before: int | None
    employment_after: int | None
    strong_before: int
    strong_after: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class RegionShift:
    """A cluster in a region before and after the moves."""

    scheme: str
    region: str
    region_name: str
    cluster: str
    name: str
    year: int
    employment_before: int | None
    employment_after: int | None
    location_quotient_before: float | None
    location_quotient_after: float | None
    strong_before: bool | None
    strong_after: bool | None

    @property
    def gains(self) -> bool:
        """Whether the flag is won."""
        return bool(self.strong_after) and not self.strong_before

    @property
    def loses(self) -> bool:
        """Whether the flag is lost."""
        return bool(self.strong_before) and not self.strong_after

    @property
    def quotient_change(self) -> float:
        """How far the quotient moves; 0 where one of the two is not known."""
        if self.location_quotient_before is None or self.location_quotient_after is None:
            return 0.0
        return self.location_quotient_after - self.location_quotient_before


@dataclass(frozen=True)
class Changes:
    """Everything that moves change in a scheme and year."""

    clusters: tuple[ClusterShift, ...]
    regions: tuple[RegionShift, ...]
    moved_employment: int
    moved_share: float | None
    """Jobs of the moved industries over all jobs of the definition, in the reference area."""


@dataclass(frozen=True, slots=True)
class IndustryFound:
    """An industry that could be moved, with the cluster it is in now."""

    industry: str
    title: str
    cluster: str
    cluster_name: str


def changes_of(
    release: OpenedRelease, found: Redefined, scheme: str, year: int | None = None
) -> Changes:
    """Return what the moves change in the regions of a scheme.

    Missing data
    ------------
    Flags of clusters that are local or of schemes with few regions are not known and count as none.
    """
    chosen = release.year(scheme, year)
    names = found.names
    after = {
        (row["region"], row["cluster"]): row
        for row in redefined_clusters(release, found, scheme, chosen)
        .select(["region", "cluster", "employment", "location_quotient", "strong"])
        .to_pylist()
    }
    codes = list(dict.fromkeys([*found.changed, *(cluster for _region, cluster in after)]))
    before = {
        (row["region"], row["cluster"]): row
        for row in release.selected(
            "select region, cluster, employment, location_quotient, strong from regional_clusters "
            "where scheme = ? and definition = ? and year = ? and list_contains(?, cluster)",
            [scheme, found.base, chosen, codes],
        ).to_pylist()
    }
    places = {each.region: each.name for each in release.regions(scheme)}
    nothing: dict[str, None] = {}
    regions = []
    for region, cluster in sorted({*before, *after}):
        one = before.get((region, cluster), nothing)
        other = after.get((region, cluster), nothing)
        regions.append(
            RegionShift(
                scheme,
                region,
                places[region],
                cluster,
                names[cluster],
                chosen,
                one.get("employment"),
                other.get("employment"),
                one.get("location_quotient"),
                other.get("location_quotient"),
                one.get("strong"),
                other.get("strong"),
            )
        )
    jobs, share = _moved(release, found, scheme, chosen)
    return Changes(_shifts(release, found, regions), tuple(regions), jobs, share)


def _shifts(
    release: OpenedRelease, found: Redefined, regions: Sequence[RegionShift]
) -> tuple[ClusterShift, ...]:
    by_cluster: dict[str, list[RegionShift]] = {each: [] for each in found.changed}
    for row in regions:
        if row.cluster in by_cluster:
            by_cluster[row.cluster].append(row)
    own = _sizes(found.members.column("cluster").to_pylist())
    old = _sizes(
        release.selected(
            "select cluster from definitions_held where definition = ? and classification = ?",
            [found.base, found.classification],
        )
        .column(0)
        .to_pylist()
    )
    kinds = dict(
        zip(
            found.clusters.column("cluster").to_pylist(),
            found.clusters.column("traded").to_pylist(),
            strict=True,
        )
    )
    return tuple(
        ClusterShift(
            cluster,
            found.names[cluster],
            kinds[cluster],
            old.get(cluster, 0),
            own.get(cluster, 0),
            _sum([row.employment_before for row in rows]),
            _sum([row.employment_after for row in rows]),
            sum(bool(row.strong_before) for row in rows),
            sum(bool(row.strong_after) for row in rows),
            sum(row.gains for row in rows),
            sum(row.loses for row in rows),
        )
        for cluster, rows in by_cluster.items()
    )


def _sizes(codes: Sequence[str]) -> dict[str, int]:
    names, counts = np.unique(np.array(codes, dtype=str), return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _moved(
    release: OpenedRelease, found: Redefined, scheme: str, year: int
) -> tuple[int, float | None]:
    """Jobs of the moved industries in the reference area, and their share of the definition's."""
    rows = release.selected(
        "select industry, sum(employment)::bigint as jobs from employment "
        "where scheme = ? and year = ? group by industry",
        [release.scheme(scheme).reference_scheme, year],
    )
    jobs = dict(
        zip(rows.column("industry").to_pylist(), rows.column("jobs").to_pylist(), strict=True)
    )
    moved = sum(jobs.get(move.industry) or 0 for move in found.moves)
    used = pc.unique(found.members.column("industry")).to_pylist()
    whole = sum(jobs.get(code) or 0 for code in used)
    return moved, moved / whole if whole else None


def find_industries(release: OpenedRelease, found: Redefined, text: str) -> list[IndustryFound]:
    """Return industries of the definition by code or by words of their title, best first."""
    wanted = text.casefold().split()
    titles = dict(
        release._rows(
            "select industry, title from industries_held where classification = ?",
            [found.classification],
        )
    )
    best: dict[str, str] = dict(
        zip(
            found.members.column("industry").to_pylist(),
            found.members.column("cluster").to_pylist(),
            strict=True,
        )
    )
    fits = []
    for code, cluster in best.items():
        title = titles.get(code, code)
        plain = title.casefold()
        if not wanted or not all(word in plain or code.startswith(word) for word in wanted):
            continue
        exact = 0 if code in wanted else 1
        fits.append((exact, not plain.startswith(wanted[0]), code, title, cluster))
    return [
        IndustryFound(code, title, cluster, found.names[cluster])
        for _exact, _start, code, title, cluster in sorted(fits)[:MOST_FOUND]
    ]


def definition_text(found: Redefined) -> str:
    """Return the definition as CSV that `read_definition` and ``build --definition`` read."""
    names = found.names
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["industry", "cluster", "subcluster", "traded", "weight", "name"])
    for row in found.members.to_pylist():
        kind = row["traded"]
        writer.writerow(
            [
                row["industry"],
                row["cluster"],
                row["subcluster"] or "",
                "" if kind is None else "traded" if kind else "local",
                f"{row['weight']:.6f}".rstrip("0").rstrip("."),
                names[row["cluster"]],
            ]
        )
    return text.getvalue()
