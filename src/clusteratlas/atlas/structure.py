"""What regions are made of and why they grew: concentration, variety, parts of the change."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas import measures
from clusteratlas.atlas.panel import Floats, Panel, codes, column_of, floats
from clusteratlas.classification import ancestors, industries
from clusteratlas.tables import UNPUBLISHED, WITHHELD

VARIETY = ("concentration", "unrelated_variety", "related_variety")
CHANGE = ("change_national", "change_mix", "change_competitive", "change_new")
REGION = ["scheme", "region", "year"]


def with_variety(
    table: pa.Table, employment: pa.Table, fine: pa.Table, classification: str, years: set[int]
) -> pa.Table:
    """Add how concentrated and how varied each region's jobs are, over the finest industries.

    Definition
    ----------
    concentration = `herfindahl_index`; unrelated and related variety = `related_variety`, the
    groups being the top level of the classification (NAICS sectors, NACE sections).

    Parameters
    ----------
    table
        Rows of region_profile.
    employment, fine
        The employment of all schemes, and the industries of the finest level.
    years
        Years whose withheld cells are filled: an industry without a row has no jobs there.

    Missing data
    ------------
    Null in other years, and where a cell of the region is still withheld.
    """
    groups = top_level(classification)
    wanted = pc.and_(
        pc.is_in(employment.column("industry"), fine.column("industry").combine_chunks()),
        pc.is_in(employment.column("year"), pa.array(sorted(years), pa.int16())),
    )
    rows = employment.select([*REGION, "industry", "employment", "status"]).filter(wanted)
    found: dict[tuple[str, str, int], tuple[float, float, float]] = {}
    panels = codes(rows, ["scheme", "year"])
    for code in range(int(panels.max(initial=-1)) + 1):
        part = rows.take(pa.array(np.flatnonzero(panels == code)))
        # Sorted, so that no order of rows moves a last digit.
        regions, names = (
            sorted(pc.unique(part.column(name)).to_pylist()) for name in ("region", "industry")
        )
        jobs = np.zeros((len(regions), len(names)))
        at = codes(part, ["region"]), codes(part, ["industry"])
        # What is given of a withheld figure is only the part that is known.
        withheld = pc.equal(part.column("status"), WITHHELD).to_numpy()
        jobs[at] = np.where(withheld, np.nan, floats(part, "employment"))
        variety = measures.related_variety(jobs, groups=[groups[name] for name in names])
        herfindahl = measures.herfindahl_index(jobs)
        scheme, year = part.column("scheme")[0].as_py(), int(part.column("year")[0].as_py())
        for place, region in enumerate(regions):
            found[scheme, region, year] = (
                float(herfindahl[place]),
                float(variety.unrelated[place]),
                float(variety.related[place]),
            )
    keys = zip(*(table.column(name).to_pylist() for name in REGION), strict=True)
    gap = (np.nan,) * len(VARIETY)
    figures = np.array([found.get((s, r, int(y)), gap) for s, r, y in keys])
    for place, name in enumerate(VARIETY):
        table = table.append_column(name, column_of(figures[:, place].copy()))
    return table


def top_level(classification: str) -> dict[str, str]:
    """Return the sector or section of each industry."""
    levels = industries(classification).column("level").to_pylist()
    above = ancestors(classification, min(level for level in levels if level > 0)).to_pylist()
    return {row["industry"]: row["ancestor"] for row in above}


def with_parts_of_change(table: pa.Table, clusters: pa.Table) -> pa.Table:
    """Add the shift-share parts of each region's change since the first year of its scheme.

    Definition
    ----------
    `region_shift_share` over the clusters of the definition, against all regions of the scheme
    that have both years:
    national, mix, competitive, and jobs in clusters that were not there before.

    Missing data
    ------------
    Null in the first year, and where a year is not filled: gaps would pass for change. A cluster
    of a filled year that has no figure and is not withheld has no jobs; a withheld one is left out
    of the four parts.
    """
    found: dict[tuple[str, str, str, int], tuple[float, ...]] = {}
    panels: dict[tuple[str, str], list[tuple[int, Panel]]] = {}
    for panel in Panel.split(clusters, column="cluster"):
        scheme, definition, year = (
            panel.table.column(name)[0].as_py() for name in ("scheme", "definition", "year")
        )
        panels.setdefault((scheme, definition), []).append((int(year), panel))
    for (scheme, definition), years in panels.items():
        years.sort(key=lambda each: each[0])
        (_, first), later = years[0], years[1:]
        for year, panel in later:
            same = _names(first, "cluster") == _names(panel, "cluster")
            if not (same and _filled(first) and _filled(panel)):
                continue
            then, now = _names(first, "region"), _names(panel, "region")
            both = [region for region in now if region in then]
            parts = measures.region_shift_share(
                jobs_of(first)[[then.index(region) for region in both]],
                jobs_of(panel)[[now.index(region) for region in both]],
            )
            stacked = np.stack([parts.national, parts.mix, parts.competitive, parts.new], axis=1)
            for region, figures_of in zip(both, stacked.tolist(), strict=True):
                found[scheme, region, definition, year] = tuple(figures_of)
    key = ["scheme", "region", "definition", "year"]
    keys = zip(*(table.column(name).to_pylist() for name in key), strict=True)
    gap = (np.nan,) * len(CHANGE)
    figures = np.array([found.get((s, r, d, int(y)), gap) for s, r, d, y in keys])
    for place, name in enumerate(CHANGE):
        table = table.append_column(name, column_of(figures[:, place].copy()))
    return table


def jobs_of(panel: Panel) -> Floats:
    """Return the jobs of a filled year: none where nothing is there, NaN where withheld."""
    jobs = panel.values("employment")
    words = panel.table.column("status")
    nothing, withheld = (np.zeros(panel.shape, dtype=bool) for _ in range(2))
    nothing[panel.regions, panel.columns] = pc.equal(words, UNPUBLISHED).to_numpy()
    withheld[panel.regions, panel.columns] = pc.equal(words, WITHHELD).to_numpy()
    jobs[nothing & np.isnan(jobs)] = 0.0
    jobs[withheld] = np.nan
    return jobs


def jobs_known(table: pa.Table) -> Floats:
    """Return the jobs of a filled year, one for each row, as `jobs_of` takes them."""
    jobs, words = floats(table, "employment"), table.column("status")
    jobs[pc.equal(words, UNPUBLISHED).to_numpy() & np.isnan(jobs)] = 0.0
    jobs[pc.equal(words, WITHHELD).to_numpy()] = np.nan
    return jobs


def _names(panel: Panel, name: str) -> list[str]:
    """Return the codes of a panel's rows or columns, in their order."""
    return sorted(pc.unique(panel.table.column(name)).to_pylist())


def _filled(panel: Panel) -> bool:
    return bool(panel.table.column("filled")[0].as_py())


def locational_gini(panel: Panel) -> Floats:
    """Return the locational Gini of each cluster over the regions; NaN unless all is known."""
    if not _filled(panel):
        return np.full(panel.shape[1], np.nan)
    jobs = jobs_of(panel)
    return np.asarray(measures.locational_gini(jobs, np.nansum(jobs, axis=1)))
