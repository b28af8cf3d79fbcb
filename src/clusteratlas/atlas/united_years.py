"""Which years of a union can be held against each other, and how complete each of them is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.atlas.opened import OpenedRelease
from clusteratlas.atlas.panel import column_of, floats


def years_alike(rows: pa.Table, year: int) -> pa.Table:
    """Return the rows of the years in which the same regions print as in one year.

    A region that has figures in one of two years only, such as one whose code is new, would
    otherwise make the union grow by all its jobs.
    """
    printed: dict[int, set[str]] = {}
    pairs = rows.group_by(["year", "region"]).aggregate([])
    for row in pairs.to_pylist():
        printed.setdefault(row["year"], set()).add(row["region"])
    alike = [each for each, regions in printed.items() if regions == printed[year]]
    return rows.filter(pc.is_in(rows.column("year"), pa.array(sorted(alike), pa.int16())))


def filled_years(release: OpenedRelease, scheme: str) -> set[int]:
    """Return the years of a scheme whose withheld cells are filled."""
    rows = release.selected(
        "select distinct year from region_profile where scheme = ? and concentration is not null",
        [scheme],
    )
    return set(rows.column(0).to_pylist())


def with_completeness(
    release: OpenedRelease, clusters: pa.Table, scheme: str, codes: list[str], definition: str
) -> pa.Table:
    """Say which years are filled; in the others what is printed follows from the members' own."""
    filled = filled_years(release, scheme)
    years = clusters.column("year").to_pylist()
    flags = pa.array([year in filled for year in years])
    clusters = clusters.append_column("filled", flags)
    if pc.all(flags).as_py():
        return clusters
    marks = ", ".join("?" * len(codes))
    rows = release.selected(
        "select year, cluster, sum(employment) filter (reported_share is not null) as jobs, "
        "sum(case when reported_share > 0 then employment / reported_share "
        "when reported_share = 0 then employment_high end) as likely, "
        "sum(employment_high)::bigint as high, bool_or(employment_high is null) as no_bound "
        "from regional_clusters "
        f"where scheme = ? and definition = ? and region in ({marks}) group by all",
        [scheme, definition, *codes],
    )
    of = {(row["year"], row["cluster"]): row for row in rows.to_pylist()}
    shares, likely = floats(clusters, "reported_share"), floats(clusters, "likely")
    high = clusters.column("employment_high").to_pylist()
    for place, key in enumerate(zip(years, clusters.column("cluster").to_pylist(), strict=True)):
        if key[0] in filled:
            continue
        row = of.get(key, {})
        jobs, whole = row.get("jobs"), row.get("likely")
        shares[place] = min(jobs / whole, 1.0) if jobs is not None and whole else np.nan
        likely[place] = whole if whole else np.nan
        high[place] = None if row.get("no_bound", True) else row.get("high")
    for name, column in (
        ("reported_share", column_of(shares)),
        ("likely", column_of(likely)),
        ("employment_high", pa.array(high, pa.int64())),
    ):
        clusters = clusters.set_column(clusters.schema.get_field_index(name), name, column)
    return clusters
