"""What a union would be among the published regions: places, flags, stars, parts of its change."""

from __future__ import annotations

from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas import measures
from clusteratlas.atlas.opened import OpenedRelease
from clusteratlas.atlas.panel import Floats, column_of, floats
from clusteratlas.atlas.published import Published
from clusteratlas.atlas.structure import CHANGE, jobs_known
from clusteratlas.atlas.surviving import BETWEEN_NAMES
from clusteratlas.atlas.uncertainty import FEWEST_REGIONS
from clusteratlas.measures.strong.against import (
    flags_against,
    percentile_against,
    profiles_against,
    rank_against,
    stars_against,
)

FLAGS = ("qualifying", "significant", "strong", "strong10")


def with_place_among(table: pa.Table, among: Published, reference_jobs: float) -> pa.Table:
    """Add ranks, percentile, flags and stars to the clusters of one further region and year.

    Parameters
    ----------
    table
        One row a cluster, with ``reference_employment`` beside it.
    among
        The published regions of the scheme; clusters in the order of their codes.
    reference_jobs
        All jobs of the reference area, for quotients within all jobs.
    """
    order = pc.index_in(
        pa.array(among.clusters, pa.string()), value_set=table.column("cluster").combine_chunks()
    )
    table = table.take(order)
    names = ("location_quotient", "employment", "establishments", "share_of_region")
    own = {name: floats(table, name) for name in names}
    traded = floats(table.set_column(0, "t", table.column("traded").cast(pa.int8())), "t")
    gap = np.full(table.num_rows, np.nan)
    rank, by_jobs, ranked, percentile, stars = (gap.copy() for _ in range(5))
    flags = {name: np.zeros(table.num_rows, dtype=bool) for name in FLAGS}
    known = np.zeros(table.num_rows, dtype=bool)
    held: list[str | None] = [None] * table.num_rows
    if among.ranked:
        present = np.where(own["employment"] > 0, own["location_quotient"], np.nan)
        rank = rank_against(present, among.present)
        ranked = np.isfinite(among.present).sum(axis=0).astype(np.float64)
        percentile = percentile_against(rank, ranked)
        by_jobs = rank_against(own["employment"], among.figures["employment"])
        triple = [own[name] for name in names[:3]]
        found = flags_against(among.cuts, *triple)
        flags = {name: getattr(found, name) for name in FLAGS}
        known = np.isfinite(own["location_quotient"]) & np.isfinite(own["establishments"])
        known &= traded != 0
        overall = _overall(own, traded, floats(table, "reference_employment") / reference_jobs)
        theirs = _overall(
            among.figures, traded, floats(table, "reference_employment") / reference_jobs
        )
        mine = _starred(own, overall)
        others = _starred(among.figures, theirs)
        stars = np.where(traded == 0, np.nan, stars_against(mine, others, "eu-stars-2007"))
        shown = np.asarray(~np.isnan(np.stack(triple)).any(axis=0))
        held = _held(profiles_against(found.strong, shown, mine, others, own["employment"]), traded)
    for name, values in (
        ("rank", rank),
        ("ranked", ranked),
        ("rank_by_employment", by_jobs),
        ("stars_eu_2007", stars),
    ):
        missing = np.isnan(values)
        whole = np.where(missing, 0, values).astype(np.int32)
        table = table.append_column(name, pa.array(whole, mask=missing))
    table = table.append_column("percentile", column_of(percentile))
    for name in FLAGS:
        table = table.append_column(name, pa.array(flags[name], mask=~known))
    return table.append_column("profiles_held", pa.array(held, pa.string()))


def _overall(figures: dict[str, Floats], traded: Floats, share: Floats) -> Floats:
    """The quotient within all jobs; where traded and local are not told apart, it is that one."""
    focus = figures["share_of_region"]
    overall = np.full(focus.shape, np.nan)
    np.divide(focus, share, out=overall, where=np.broadcast_to(share > 0, focus.shape))
    return np.where(np.isnan(traded), figures["location_quotient"], overall)


def _starred(figures: dict[str, Floats], overall: Floats) -> dict[str, Floats]:
    """What star rules ask for; jobs order regions as their share of the nation does."""
    return {
        "location_quotient": overall,
        "share_of_nation": figures["employment"],
        "share_of_region": figures["share_of_region"],
    }


def _held(profiles: dict[str, Floats], traded: Floats) -> list[str | None]:
    found: list[str | None] = []
    for place, kind in enumerate(traded.tolist()):
        judged = [name for name, flags in profiles.items() if not np.isnan(flags[place])]
        named = [name for name in judged if profiles[name][place] == 1]
        found.append(BETWEEN_NAMES.join(named) if judged and kind != 0 else None)
    return found


def place_by_jobs(jobs: Floats, published: Floats, regions: int) -> Floats:
    """Return the places of totals among the regions of a scheme; NaN where too few are ranked."""
    if regions < FEWEST_REGIONS:
        return np.full(jobs.shape, np.nan)
    return rank_against(jobs, np.broadcast_to(published[:, None], (len(published), len(jobs))))


def with_parts_of_change_against(
    release: OpenedRelease, profile: pa.Table, clusters: pa.Table, scheme: str, definition: str
) -> pa.Table:
    """Add the shift-share parts of the union's change, against all regions of its scheme.

    Definition
    ----------
    As `with_parts_of_change`: what all published regions' growth would have brought, and so on.
    """
    years = sorted(set(profile.column("year").to_pylist()))
    found = {name: np.full(profile.num_rows, np.nan) for name in CHANGE}
    order = profile.column("year").to_pylist()
    first = release.scheme(scheme).years[0]
    for year in years[1:] if first in years else []:
        before, after = (_year(clusters, each) for each in (first, year))
        if not (pc.all(before.column("filled")).as_py() and pc.all(after.column("filled")).as_py()):
            continue
        both = release.keep(
            ("both years", scheme, definition, first, year),
            partial(_in_both, release, scheme, definition, first, year),
        )
        names = before.column("cluster").to_pylist()
        sums = np.array([both.get(name, (0.0, 0.0)) for name in names])
        parts = measures.region_shift_share(
            jobs_known(before)[None, :],
            jobs_known(after)[None, :],
            reference_start=sums[:, 0],
            reference_end=sums[:, 1],
        )
        for name, values in zip(
            CHANGE, (parts.national, parts.mix, parts.competitive, parts.new), strict=True
        ):
            found[name][order.index(year)] = float(values[0])
    for name in CHANGE:
        profile = profile.append_column(name, column_of(found[name]))
    return profile


def _year(clusters: pa.Table, year: int) -> pa.Table:
    rows = clusters.filter(pc.equal(clusters.column("year"), pa.scalar(year, pa.int16())))
    return rows.sort_by("cluster")


def _in_both(
    release: OpenedRelease, scheme: str, definition: str, first: int, year: int
) -> dict[str, tuple[float, float]]:
    """Jobs of each cluster in both years, over the regions that have both and withhold neither."""
    rows = release.selected(
        "with y as (select region, cluster, year, status, coalesce(employment, 0) as jobs "
        "from regional_clusters where scheme = ? and definition = ? and year in (?, ?)) "
        "select a.cluster, sum(a.jobs)::double as before, sum(b.jobs)::double as after "
        "from y a join y b on a.region = b.region and a.cluster = b.cluster "
        "where a.year = ? and b.year = ? and a.status <> 'withheld' and b.status <> 'withheld' "
        "group by all",
        [scheme, definition, first, year, first, year],
    )
    return {row["cluster"]: (row["before"], row["after"]) for row in rows.to_pylist()}
