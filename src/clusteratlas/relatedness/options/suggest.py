"""The options of every region: what it lacks or grows into, what is near to it, and the odds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from clusteratlas.relatedness.options.densities import COLOCATION, SKILLS, SUPPLY
from clusteratlas.relatedness.options.entries import Entries, entries
from clusteratlas.relatedness.options.features import COMPOSITE, Features, region_features
from clusteratlas.relatedness.options.figures import (
    ABSENT_BELOW,
    PRESENT_FROM,
    Flags,
    Floats,
    Places,
    RegionalFigures,
    refuse_mixed,
)
from clusteratlas.relatedness.options.predictors import IN_USE, Fitted, fit
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import OPTIONS, CannotAnswer

ABSENT, GROWING = "absent", "growing"
MOST = 40
"""Options of one kind that are kept of each region."""
SUPPORTING = 5

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Chances:
    """Odds of one kind of option, or why there are none.

    Attributes
    ----------
    kind
        "absent" or "growing".
    fitted
        What gives the probability; ``None`` where it cannot be learned.
    reason
        Why not; empty where it can.
    learned
        Cells and entries that it was learned from; ``None`` with a single year.
    """

    kind: str
    fitted: Fitted | None
    reason: str
    learned: Entries | None


@dataclass(frozen=True)
class RegionOptions:
    """The options of all regions of a scheme.

    Attributes
    ----------
    rows
        By the contract ``OPTIONS``: by region, kind and rank.
    chances
        Of the kinds absent and growing.
    notes
        What a reader must know, one sentence each.
    """

    rows: pa.Table
    chances: tuple[Chances, ...]
    notes: tuple[str, ...]


def region_options(
    latest: RegionalFigures,
    similarities: Similarities | None = None,
    *,
    scheme: str,
    start: RegionalFigures | None = None,
    peers: Mapping[str, Sequence[str]] | None = None,
    clusters: Mapping[str, str] | None = None,
    most: int = MOST,
    progress: Progress | None = None,
) -> RegionOptions:
    r"""Return what each region lacks or is growing into, with relatedness and odds.

    Definition
    ----------
    Absent: a quotient below 0.5, or no row printed. Growing: 0.5 to 1. The probability is that of
    a quotient of at least 1 after as many years as lie between ``start`` and ``latest``: learned
    from what became of the same kind of cell between the two, calibrated on regions that had not
    been seen, and applied to the latest year's features. Rank 1 is the most probable of the region
    and kind; without a probability, the densest.

    Parameters
    ----------
    latest, start
        Figures of the latest year, and of an earlier one to learn from.
    similarities
        Of the industries; components may be missing.
    scheme
        Of the regions.
    peers
        Region to its structural peers, the nearest first: those that made the move (absent at the
        start, present in the latest year) are named.
    clusters
        Industry to its cluster.
    most
        Options of a region and kind that are kept.
    progress
        Told the stage and the share done.

    Returns
    -------
    RegionOptions
        ``rows`` by the contract ``OPTIONS``. Densities 0-1, each mechanism apart; complexity as
        z-score; supporting industries are those present that weigh most in the density.

    Missing data
    ------------
    A withheld cell is no option, as nobody can tell whether the region has the industry. One
    without a row is an option, with the status ``unpublished`` and no quotient. A density of a
    mechanism that is not at hand, a complexity that is refused and a probability that cannot be
    learned are null, and the notes say why.

    Raises
    ------
    InvalidInput
        The two years are in different classifications, or their codes hardly overlap.
    CannotAnswer
        Fewer than two regions or industries have jobs.

    Source
    ------
    R. Boschma, P.-A. Balland, D. F. Kogler, Relatedness and technological change in cities (2015);
    P.-A. Balland, R. Boschma, J. Crespo, D. L. Rigby, Smart specialization policy in the European
    Union (2019), for the plane of relatedness and complexity.

    Example
    -------
    >>> jobs = np.array([[5.0, 5, 9, 0], [5, 5, 9, 0], [5, 5, 0, 1], [0, 0, 0, 30]])
    >>> known = np.ones((4, 4), dtype=bool)
    >>> year = RegionalFigures(("p", "q", "r", "s"), ("a", "b", "c", "d"), 2018, "own", jobs,
    ...                        known, ~known)
    >>> found = region_options(year, scheme="own")
    >>> row = next(row for row in found.rows.to_pylist() if row["region"] == "r")
    >>> row["industry"], row["density"], row["supporting_industries"], row["probability"]
    ('c', 1.0, 'a,b', None)
    """
    if start is not None:
        refuse_mixed([start, latest])
    tell = progress or _quiet
    tell("relatedness of the latest year", 0.0)
    now = region_features(latest, similarities)
    tell("learning the odds", 0.2)
    horizon = None if start is None else latest.year - start.year
    before = None if start is None else region_features(start, similarities)
    notes = list(now.notes)
    found: list[dict[str, object]] = []
    chances: list[Chances] = []
    moved = _moved(start, latest)
    for place, kind in enumerate((ABSENT, GROWING)):
        chance = _learn(kind, start, latest, before, now)
        chances.append(chance)
        if chance.reason:
            notes.append(f"No probability for {kind} industries: {chance.reason}.")
        tell(f"options that are {kind}", 0.3 + 0.35 * place)
        rows = _Rows(latest, now, kind, chance, horizon if chance.fitted else None)
        found += rows.listed(scheme, most, clusters or {}, peers or {}, moved)
    tell("options", 1.0)
    found.sort(key=lambda row: (str(row["region"]), str(row["kind"]), row["rank"]))
    table = pa.Table.from_pylist(found, schema=OPTIONS.schema)
    return RegionOptions(table, tuple(chances), tuple(notes))


def _quiet(stage: str, share: float) -> None:
    """Nobody asked to be told."""


def _learn(
    kind: str,
    start: RegionalFigures | None,
    latest: RegionalFigures,
    before: Features | None,
    now: Features,
) -> Chances:
    if start is None or before is None:
        return Chances(kind, None, "there is only one year", None)
    if latest.year <= start.year:
        return Chances(kind, None, f"{start.year} is not before {latest.year}", None)
    learned = entries(start, latest, growing=kind == GROWING)
    if set(before.densities) != set(now.densities):
        why = f"{start.year} and {latest.year} do not know the same mechanisms of relatedness"
        return Chances(kind, None, why, learned)
    try:
        fitted = fit(IN_USE, before, learned.at_risk, learned.entered, calibrate=True)
    except CannotAnswer as error:
        value = f" ({error.fault.value})" if error.fault.value else ""
        return Chances(kind, None, error.fault.problem + value, learned)
    return Chances(kind, fitted, "", learned)


def _moved(start: RegionalFigures | None, latest: RegionalFigures) -> dict[str, set[str]]:
    """Return the industries that each region came to have between the two years."""
    if start is None or latest.year <= start.year:
        return {}
    came = entries(start, latest).entered
    return {
        region: {start.industries[at] for at in np.flatnonzero(line).tolist()}
        for region, line in zip(start.regions, came, strict=True)
    }


@dataclass(frozen=True)
class _Rows:
    latest: RegionalFigures
    features: Features
    kind: str
    chance: Chances
    horizon: int | None

    def listed(
        self,
        scheme: str,
        most: int,
        clusters: Mapping[str, str],
        peers: Mapping[str, Sequence[str]],
        moved: Mapping[str, set[str]],
    ) -> list[dict[str, object]]:
        """Return the options of this kind, those of a region by rank."""
        open_cells = self._open()
        probability = self._probabilities(open_cells)
        density = self.features.densities[COMPOSITE]
        found: list[dict[str, object]] = []
        for row, region in enumerate(self.latest.regions):
            columns = np.flatnonzero(open_cells[row])
            order = np.lexsort(
                (columns, -_last(density[row, columns]), -_last(probability[row, columns]))
            )
            near = [(code, moved[code]) for code in peers.get(region, ()) if moved.get(code)]
            best = columns[order[:most]]
            supports = self._supports(row, best)
            for rank, column in enumerate(best.tolist()):
                industry = self.latest.industries[column]
                found.append(
                    {
                        "scheme": scheme,
                        "region": region,
                        "industry": industry,
                        "year": self.latest.year,
                        "classification": self.latest.classification,
                        "cluster": clusters.get(industry),
                        "kind": self.kind,
                        **self._figures(row, column),
                        "probability": _figure(probability[row, column]),
                        "horizon": self.horizon,
                        "rank": rank + 1,
                        "supporting_industries": ",".join(supports[rank]),
                        "peers_moved": ",".join(code for code, came in near if industry in came),
                    }
                )
        return found

    def _open(self) -> Flags:
        quotient = self.features.quotient
        if self.kind == GROWING:
            with np.errstate(invalid="ignore"):
                cells = (quotient >= ABSENT_BELOW) & (quotient < PRESENT_FROM)
        else:
            cells = self.latest.absent(quotient)
        # A region without any job has no options, and an industry without any is none.
        somewhere = np.nansum(self.latest.employment, axis=1) > 0
        given = ~np.isin(self.latest.industries, self.latest.empty_industries())
        found: Flags = cells & somewhere[:, None] & given[None, :]
        return found

    def _probabilities(self, open_cells: Flags) -> Floats:
        found = np.full(open_cells.shape, np.nan)
        if self.chance.fitted is not None:
            rows, columns = np.nonzero(open_cells)
            found[rows, columns] = self.chance.fitted.probability(self.features, rows, columns)
        return found

    def _supports(self, row: int, columns: Places) -> list[list[str]]:
        """Return the codes present in the region that weigh most for each of these industries."""
        have = np.flatnonzero(self.features.present[row])
        weights = self.features.weights[np.ix_(columns, have)]
        strongest = np.argsort(-weights, axis=1, kind="stable")[:, :SUPPORTING]
        return [
            [self.latest.industries[have[at]] for at in places.tolist() if weights[line, at] > 0]
            for line, places in enumerate(strongest)
        ]

    def _figures(self, row: int, column: int) -> dict[str, object]:
        latest, densities = self.latest, self.features.densities
        jobs = latest.employment[row, column]
        ends = [
            jobs if ends is None or np.isnan(jobs) else ends[row, column]
            for ends in (latest.low, latest.high)
        ]
        found: dict[str, object] = {
            "employment": _jobs(jobs),
            "employment_low": _jobs(ends[0]),
            "employment_high": _jobs(ends[1]),
            "status": latest.status(row, column),
            "location_quotient": _figure(self.features.quotient[row, column]),
            "density": _figure(densities[COMPOSITE][row, column]),
            "complexity": _figure(self.features.complexity[column]),
        }
        for mechanism in (COLOCATION, SUPPLY, SKILLS):
            known = densities.get(mechanism)
            found[f"density_{mechanism}"] = None if known is None else _figure(known[row, column])
        return found


def _last(values: Floats) -> Floats:
    """Put what is not known behind everything else."""
    return np.nan_to_num(values, nan=-1.0)


def _figure(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _jobs(value: float) -> int | None:
    return None if np.isnan(value) else round(float(value))
