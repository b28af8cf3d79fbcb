"""Intervals and probabilities of regional clusters, from draws pushed through every rule.

Each draw is one possible table of all cells. In each of them the clusters, the bases of the
quotients, the reference area, the quantiles of the strength rule and the ranks are made anew, so
that a region's flag can flip by what is drawn elsewhere. Totals of regions at the coarse level are
not drawn: an office prints nearly all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from clusteratlas import measures
from clusteratlas.atlas.doubt_columns import CLUSTER_DOUBT, REGION_DOUBT, Found
from clusteratlas.atlas.draws import Draws, Sparse, held, sums_in_draws, whole_ends
from clusteratlas.atlas.kept_draws import Cuts, cuts_of, drawn_cuts, drawn_rows, in_steps
from clusteratlas.atlas.panel import Floats, Panel, floats
from clusteratlas.tables import ESTIMATED

FEWEST_REGIONS = 10
"""Schemes with fewer regions get no ranks and no strength flags: there is nothing to rank."""


@dataclass(frozen=True)
class Doubt:
    """What the draws say: the clusters with their intervals, and the wholes made of them.

    ``draws`` and ``cuts`` are rows of `cluster_draws` and `drawn_cuts`: what a union of regions
    needs to know how sure its own figures are.
    """

    clusters: pa.Table
    regions: pa.Table
    wholes: pa.Table
    draws: pa.Table
    cuts: pa.Table


class Judge(Protocol):
    """What regions of one scheme are ranked and flagged against, in all draws of a cluster."""

    @property
    def ranked(self) -> bool:
        """Whether there are regions enough to rank among."""
        ...

    def places(self, cluster: str, quotient: Floats) -> measures.Interval:
        """Return between which places each region ranks; NaN quotients do not compete."""
        ...

    def strong(
        self, cluster: str, quotient: Floats, jobs: Floats, establishments: Floats
    ) -> npt.NDArray[np.bool_]:
        """Return in which draws each region's cluster is strong."""
        ...


class _Themselves:
    """The regions of a scheme are held against each other."""

    def __init__(self, regions: int) -> None:
        self.ranked = regions >= FEWEST_REGIONS

    def places(self, cluster: str, quotient: Floats) -> measures.Interval:
        return measures.rank_interval(quotient)

    def strong(
        self, cluster: str, quotient: Floats, jobs: Floats, establishments: Floats
    ) -> npt.NDArray[np.bool_]:
        return measures.strong_in_draws(quotient, jobs, establishments)


@dataclass(frozen=True)
class Nation:
    """A cluster over the reference area: its jobs and the base of its share, one a draw."""

    employment: dict[str, Floats]
    base: dict[str, Floats]
    interval: dict[str, tuple[float, float]]


class _Drawn:
    """The clusters of one scheme in all draws, one cluster at a time."""

    def __init__(
        self, panel: Panel, position: npt.NDArray[np.int64], moves: npt.NDArray[np.float32]
    ) -> None:
        self.panel = panel
        self._moves = moves
        self._at = np.full(panel.shape, -1, dtype=np.int64)
        self._at[panel.regions, panel.columns] = position[panel.rows]
        self.employment = panel.values("employment")
        part = panel.table
        firsts = np.unique(panel.columns, return_index=True)[1]
        names = part.column("cluster").to_pylist()
        self.clusters = [names[row] for row in firsts.tolist()]
        self.kinds = np.nanmax(
            np.where(np.isnan(kinds := panel.values("traded")), -1.0, kinds), axis=0
        )

    def rows(self, place: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the rows of the whole table that hold a cluster, and the region of each."""
        here = self.panel.columns == place
        return self.panel.rows[here], self.panel.regions[here]

    def jobs(self, place: int) -> Floats:
        """Return a cluster's jobs, regions x draws; NaN where there is no figure."""
        at = self._at[:, place]
        jobs = np.repeat(self.employment[:, place, None], self._moves.shape[1], axis=1)
        moving = at >= 0
        jobs[moving] = np.maximum(jobs[moving] + self._moves[at[moving]], 0)
        return jobs

    def kind_total(self, kind: float) -> Floats:
        """Return the jobs of each region in the clusters of one kind, regions x draws."""
        return self._added_up(np.flatnonzero(self.kinds == kind))

    def everything(self) -> Floats:
        """Return the jobs of each region in all clusters, regions x draws."""
        return self._added_up(np.arange(len(self.clusters)))

    def _added_up(self, places: npt.NDArray[np.int64]) -> Floats:
        added = np.zeros((self.panel.shape[0], self._moves.shape[1]))
        for place in places.tolist():
            added += np.nan_to_num(self.jobs(place))
        return added


def doubt_of(
    table: pa.Table, draws: Draws, incidence: Sparse, totals: pa.Table, reference_scheme: str
) -> Doubt:
    """Return the clusters of one year and definition with what the draws say of them.

    Parameters
    ----------
    table
        Regional clusters with their ranks and flags, `traded` and `total` (all jobs) beside them.
    draws, incidence
        The draws of the year, and which cell counts in which row of the table.
    totals
        scheme, region, year, total: all jobs of each region.
    reference_scheme
        Scheme whose regions make up the reference area.

    Returns
    -------
    Doubt
        The table with employment_low and _high, location_quotient_low and _high, rank_low and
        rank_high and probability_strong; regions and clusters with the intervals of their profiles.
    """
    employment = floats(table, "employment")
    position = np.full(table.num_rows, -1, dtype=np.int64)
    parts = [np.zeros((0, draws.count), dtype=np.float32)]
    for rows, jobs in sums_in_draws(draws, incidence, employment):
        position[rows] = sum(map(len, parts)) + np.arange(len(rows))
        parts.append(in_steps(jobs - employment[rows, None]))
    moves = np.concatenate(parts)
    whole = {
        (row["scheme"], row["region"]): float(row["total"] or np.nan) for row in totals.to_pylist()
    }
    panels = [_Drawn(panel, position, moves) for panel in Panel.split(table, column="cluster")]
    bases = {id(drawn): _bases(drawn, whole) for drawn in panels}
    nation = _nation(
        [each for each in panels if _word(each, "scheme") == reference_scheme], bases, draws.count
    )
    found = Found(table.num_rows)
    regions, wholes, cuts = [], [], []
    for drawn in panels:
        region, cluster, held_against = _scheme(drawn, bases[id(drawn)], nation, found)
        regions.append(region)
        wholes.append(cluster)
        cuts.append(held_against)
    return Doubt(
        _with_columns(table, found),
        pa.concat_tables(regions),
        pa.concat_tables(wholes),
        drawn_rows(table, position, moves),
        pa.concat_tables(cuts),
    )


def doubt_of_further(
    table: pa.Table,
    moves: npt.NDArray[np.float32],
    totals: pa.Table,
    nation: Nation,
    judge: Judge,
) -> tuple[pa.Table, pa.Table]:
    """Return one further region, with what the draws say of it, and the interval of its profile.

    Parameters
    ----------
    table
        As for `doubt_of`, the clusters of one region that the release does not hold.
    moves
        How far each row's jobs deviate, rows x draws.
    totals
        scheme, region, year, total: all its jobs.
    nation, judge
        The reference area in the same draws, and the published regions it is held against.
    """
    whole = {
        (row["scheme"], row["region"]): float(row["total"] or np.nan) for row in totals.to_pylist()
    }
    panel = next(Panel.split(table, column="cluster"))
    drawn = _Drawn(panel, np.arange(table.num_rows), moves)
    found = Found(table.num_rows)
    regions, _, _ = _scheme(drawn, _bases(drawn, whole), nation, found, judge)
    return _with_columns(table, found), regions


def _word(drawn: _Drawn, name: str) -> str:
    return str(drawn.panel.table.column(name)[0].as_py())


def _bases(drawn: _Drawn, whole: dict[tuple[str, str], float]) -> dict[float, Floats]:
    """What quotients of each kind of cluster are taken of, regions x draws."""
    part = drawn.panel.table
    firsts = np.unique(drawn.panel.regions, return_index=True)[1]
    scheme, names = _word(drawn, "scheme"), part.column("region").to_pylist()
    found = {kind: drawn.kind_total(kind) for kind in (0.0, 1.0) if np.any(drawn.kinds == kind)}
    if np.any(drawn.kinds == -1):
        total = np.array([whole.get((scheme, names[row]), np.nan) for row in firsts.tolist()])
        count = next(iter(found.values())).shape[1] if found else drawn.jobs(0).shape[1]
        found[-1.0] = np.repeat(total[:, None], count, axis=1)
    return found


def _nation(panels: list[_Drawn], bases: dict[int, dict[float, Floats]], count: int) -> Nation:
    """Add up each cluster over the reference regions that have a figure of it."""
    nation = Nation({}, {}, {})
    for drawn in panels:
        for place, cluster in enumerate(drawn.clusters):
            known = np.isfinite(drawn.employment[:, place])
            jobs = drawn.jobs(place)[known].sum(axis=0)
            nation.employment[cluster] = jobs
            base = bases[id(drawn)][drawn.kinds[place]][known]
            nation.base[cluster] = np.nan_to_num(base).sum(axis=0)
            if known.any():
                figure = np.array([np.nansum(drawn.employment[:, place])])
                ends = whole_ends(measures.interval(jobs[None, :]), figure)
                nation.interval[cluster] = (float(ends.low[0]), float(ends.high[0]))
    return nation


def _scheme(
    drawn: _Drawn,
    bases: dict[float, Floats],
    nation: Nation,
    found: Found,
    judge: Judge | None = None,
) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Measure every cluster of a scheme in every draw."""
    panel = drawn.panel
    judged = judge or _Themselves(panel.shape[0])
    figures = {
        name: panel.values(name)
        for name in ("location_quotient", "rank", "establishments", "strong")
    }
    count = drawn.jobs(0).shape[1]
    in_strong, strong_clusters = (np.zeros((panel.shape[0], count)) for _ in range(2))
    wholes = []
    cuts: list[Cuts] = []
    for place, cluster in enumerate(drawn.clusters):
        rows, regions = drawn.rows(place)
        jobs = drawn.jobs(place)
        _put(
            found,
            "employment",
            rows,
            regions,
            whole_ends(measures.interval(jobs), drawn.employment[:, place]),
        )
        said: dict[str, float | None] = {}
        if cluster in nation.interval:
            said["employment_low"], said["employment_high"] = nation.interval[cluster]
            quotient = measures.drawn_quotients(
                jobs,
                total=bases[drawn.kinds[place]],
                reference=nation.employment[cluster],
                reference_total=nation.base[cluster],
            )
            central = figures["location_quotient"][:, place]
            quotient[np.isnan(central)] = np.nan
            _put(
                found,
                "location_quotient",
                rows,
                regions,
                held(measures.interval(quotient), central),
            )
            if judged.ranked:
                present = np.where(jobs > 0, quotient, np.nan)
                rank = figures["rank"][:, place]
                places = held(judged.places(cluster, present), rank)
                places = measures.Interval(
                    *(np.where(np.isnan(rank), np.nan, end) for end in places)
                )
                _put(found, "rank", rows, regions, places)
            known = np.isfinite(figures["strong"][:, place])
            flagged = bool(judged.ranked and known.any())
            cuts.append(
                cuts_of(
                    cluster,
                    (nation.employment[cluster], nation.base[cluster]),
                    (quotient, jobs, figures["establishments"][:, place])
                    if flagged and judge is None
                    else None,
                )
            )
            if flagged:
                strong = judged.strong(cluster, quotient, jobs, figures["establishments"][:, place])
                found.put(
                    "probability_strong",
                    rows,
                    measures.probability_strong(strong, known=known)[regions],
                )
                inside = np.where(strong, jobs, 0.0)
                in_strong += inside
                strong_clusters += strong
                if judge is None:
                    said |= _spread_of(
                        strong, inside, jobs, figures["strong"][:, place], drawn, place
                    )
        if judge is None:
            wholes.append({"cluster": cluster, **said})
    label = _label(drawn)
    return (
        _regions(drawn, bases, in_strong, strong_clusters, figures["strong"]),
        pa.Table.from_pylist([{**label, **row} for row in wholes], schema=CLUSTER_DOUBT),
        drawn_cuts(label, cuts),
    )


def _put(
    found: Found,
    name: str,
    rows: npt.NDArray[np.int64],
    regions: npt.NDArray[np.int64],
    ends: measures.Interval,
) -> None:
    found.put(f"{name}_low", rows, ends.low[regions])
    found.put(f"{name}_high", rows, ends.high[regions])


def _spread_of(
    strong: npt.NDArray[np.bool_],
    inside: Floats,
    jobs: Floats,
    flags: Floats,
    drawn: _Drawn,
    place: int,
) -> dict[str, float | None]:
    """In how many regions a cluster is strong, and how much of it lies there."""
    number = whole_ends(
        measures.interval(strong.sum(axis=0)[None, :]), np.array([np.nansum(flags)])
    )
    central = drawn.employment[:, place]
    share = held(
        measures.interval((inside.sum(axis=0) / np.nansum(jobs, axis=0))[None, :]),
        measures.cluster_strength(central[None, :], (flags == 1)[None, :]),
    )
    return {
        "regions_strong_low": float(number.low[0]),
        "regions_strong_high": float(number.high[0]),
        "share_in_strong_regions_low": float(share.low[0]),
        "share_in_strong_regions_high": float(share.high[0]),
    }


def _regions(
    drawn: _Drawn,
    bases: dict[float, Floats],
    in_strong: Floats,
    strong_clusters: Floats,
    flags: Floats,
) -> pa.Table:
    """Traded share, cluster strength and number of strong clusters of each region."""
    panel = drawn.panel
    found = Found(panel.shape[0])
    everywhere = np.arange(panel.shape[0])
    told = bool(np.any(drawn.kinds >= 0))
    counts = drawn.kinds == 1 if told else np.ones(len(drawn.kinds), dtype=bool)
    traded = bases.get(1.0, np.zeros_like(in_strong))
    if told:
        local = bases.get(0.0, np.zeros_like(in_strong))
        share = measures.interval(_ratio(traded, traded + local))
        central = measures.traded_local_split(
            drawn.employment[:, drawn.kinds >= 0], drawn.kinds[drawn.kinds >= 0]
        ).traded_share
        _put(found, "traded_share", everywhere, everywhere, _where_known(share, central))
    if np.isfinite(flags).any():
        whole = traded if told else drawn.everything()
        strength = measures.interval(_ratio(in_strong, whole))
        central = measures.cluster_strength(drawn.employment, flags == 1, traded=counts)
        _put(found, "cluster_strength", everywhere, everywhere, _where_known(strength, central))
        number = whole_ends(measures.interval(strong_clusters), np.nansum(flags, axis=1))
        _put(found, "strong_clusters", everywhere, everywhere, number)
    part = panel.table
    firsts = pa.array(np.unique(panel.regions, return_index=True)[1])
    key = part.select(["scheme", "region", "definition", "year"]).take(firsts)
    return pa.table(
        [
            key.column(name).combine_chunks().cast(kind)
            if name in key.column_names
            else found.column(name, kind)
            for name, kind in zip(REGION_DOUBT.names, REGION_DOUBT.types, strict=True)
        ],
        schema=REGION_DOUBT,
    )


def _label(drawn: _Drawn) -> dict[str, object]:
    part = drawn.panel.table
    return {name: part.column(name)[0].as_py() for name in ("scheme", "definition", "year")}


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Return shares; NaN where the whole is empty, never above one by rounding."""
    usable = np.where(whole > 0, whole, np.nan)
    return np.asarray(np.minimum(part / usable, 1.0))


def _where_known(ends: measures.Interval, central: Floats) -> measures.Interval:
    """Return an interval that holds the figure, and none where there is no figure."""
    known = np.isfinite(central)
    return measures.Interval(*(np.where(known, end, np.nan) for end in held(ends, central)))


def _with_columns(table: pa.Table, found: Found) -> pa.Table:
    """Add what was found; the bounds of withheld clusters stay as they are."""
    estimated = np.array([word == ESTIMATED for word in table.column("status").to_pylist()])
    for name in ("employment_low", "employment_high"):
        given = floats(table, name)
        given[estimated] = found.values[name][estimated]
        found.values[name] = given
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, found.column(name, pa.int64()))
    for name in ("location_quotient_low", "location_quotient_high", "probability_strong"):
        table = table.append_column(name, found.column(name, pa.float64()))
    for name in ("rank_low", "rank_high"):
        table = table.append_column(name, found.column(name, pa.int32()))
    return table
