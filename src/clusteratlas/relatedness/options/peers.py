"""Regions built alike: nearest in what changes slowly, never in how well they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clusteratlas.relatedness.options.figures import Floats, RegionalFigures
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

PEERS = 10
BLOCK = 512
LEAST_SHARE = 0.5
"""Regions that share fewer of the variables are no peers of each other."""

SLOW = {
    "population": "log of inhabitants",
    "jobs": "log of all jobs",
    "jobs_per_inhabitant": "log of jobs for each inhabitant",
    "jobs_per_area": "log of jobs for each square kilometre",
    "place": "point on the globe, three coordinates",
    "mix": "square roots of the shares of the sectors in all jobs",
    "traded_share": "share of traded jobs",
    "kind": "metro, micro ...: 1 for the region's own kind",
}
"""The variables that peers may be told by, and no others: none of them is an achievement."""


@dataclass(frozen=True)
class Peer:
    """A region that is built like another; ``rank`` 1 is the nearest."""

    region: str
    peer: str
    rank: int
    distance: float


@dataclass(frozen=True)
class Peers:
    """The nearest regions of each.

    Attributes
    ----------
    rows
        By region and rank.
    variables
        What they are told by.
    notes
        What a reader must know: which variables were missing where.
    """

    rows: tuple[Peer, ...]
    variables: tuple[str, ...]
    notes: tuple[str, ...]

    def by_region(self) -> dict[str, tuple[str, ...]]:
        """Return every region's peers, the nearest first."""
        found: dict[str, tuple[str, ...]] = {}
        for row in self.rows:
            found[row.region] = (*found.get(row.region, ()), row.peer)
        return found


def structural_peers(
    regions: Sequence[str],
    variables: Mapping[str, npt.ArrayLike],
    *,
    count: int = PEERS,
) -> Peers:
    r"""Return the regions that are built most like each.

    Definition
    ----------
    .. math:: D_{rs} = \sqrt{\frac{1}{|V_{rs}|} \sum_{v \in V_{rs}} \frac{1}{k_v}
       \sum_{m=1}^{k_v} (z_{rvm} - z_{svm})^2}

    z is a variable less its mean over its standard deviation over the regions that have it; V_rs
    are the variables known of both, k_v how many figures a variable has (the sectors of the mix).
    So each variable counts the same, the distance is the same both ways, and 0 to itself.

    Parameters
    ----------
    regions
        Codes, sorted.
    variables
        Names of ``SLOW`` to one figure for each region, or to regions x figures.
    count
        How many peers of each.

    Returns
    -------
    Peers
        By region and rank; ties by code.

    Missing data
    ------------
    NaN where a variable is not known of a region: the others tell its peers, and the notes name it.
    Two regions that share fewer than half of the variables are not held against each other. A
    variable that is the same everywhere tells nothing and is left out.

    Raises
    ------
    InvalidInput
        Shapes that do not fit; a variable that is not slow, as growth or strong clusters, by which
        peers would be told by their success.
    CannotAnswer
        Fewer than two regions, or no variable that differs.

    Example
    -------
    >>> found = structural_peers(["a", "b", "c"], {"population": [1.0, 2.0, 5.0]}, count=1)
    >>> [(row.region, row.peer, round(row.distance, 3)) for row in found.rows]
    [('a', 'b', 0.588), ('b', 'a', 0.588), ('c', 'b', 1.765)]
    """
    groups, notes = _read(regions, variables)
    if len(regions) < 2 or not groups:
        raise CannotAnswer(
            "no peers can be told: fewer than two regions, or nothing that differs between them",
            value=f"{len(regions)} regions",
        )
    rows: list[Peer] = []
    for start in range(0, len(regions), BLOCK):
        part = slice(start, min(start + BLOCK, len(regions)))
        distances = _distances(groups, part)
        for at, line in enumerate(distances):
            line[start + at] = np.nan
            nearest = np.argsort(line, kind="stable")[:count]
            rows += [
                Peer(regions[start + at], regions[place], rank + 1, float(line[place]))
                for rank, place in enumerate(nearest.tolist())
                if not np.isnan(line[place])
            ]
    return Peers(tuple(rows), tuple(groups), tuple(notes))


def _read(
    regions: Sequence[str], variables: Mapping[str, npt.ArrayLike]
) -> tuple[dict[str, Floats], list[str]]:
    faults: list[Fault] = []
    groups: dict[str, Floats] = {}
    notes: list[str] = []
    for name, values in sorted(variables.items()):
        if name not in SLOW:
            faults.append(
                Fault(
                    "peers are told by slow variables only",
                    column=name,
                    hint=f"one of {', '.join(SLOW)}",
                )
            )
            continue
        table = np.array(values, dtype=np.float64)
        table = table[:, None] if table.ndim == 1 else table
        if table.ndim != 2 or len(table) != len(regions):
            faults.append(
                Fault(
                    f"{name} has {len(table)} rows for {len(regions)} regions",
                    column=name,
                )
            )
            continue
        scaled = _scaled(table)
        if not scaled.shape[1]:
            notes.append(f"{name} is the same everywhere, or nowhere known, and tells nothing.")
            continue
        lacking = np.flatnonzero(np.isnan(scaled).any(axis=1))
        if len(lacking):
            named = ", ".join(regions[at] for at in lacking[:5].tolist())
            notes.append(
                f"{name} is not known of {len(lacking)} regions: {named}"
                f"{' ...' if len(lacking) > 5 else ''}."
            )
        groups[name] = scaled
    if faults:
        raise InvalidInput(faults)
    return groups, notes


def _scaled(table: Floats) -> Floats:
    """Return the figures that differ, standardised; a region with a gap in one has none."""
    table = np.where(np.isinf(table), np.nan, table)
    gaps = np.isnan(table).any(axis=1)
    known = table[~gaps]
    if not len(known):
        return np.empty((len(table), 0))
    centre, spread = known.mean(axis=0), known.std(axis=0)
    differs = spread > 1e-12 * (np.abs(centre) + 1e-12)
    scaled: Floats = (table[:, differs] - centre[differs]) / spread[differs]
    scaled[gaps] = np.nan
    return scaled


def _distances(groups: Mapping[str, Floats], part: slice) -> Floats:
    first = next(iter(groups.values()))
    shape = (len(first[part]), len(first))
    total, held = np.zeros(shape), np.zeros(shape)
    for scaled in groups.values():
        # Term by term, so that both ways give the same last digit.
        squares = np.zeros(shape)
        for column in scaled.T:
            squares += (column[part][:, None] - column[None, :]) ** 2
        squares /= scaled.shape[1]
        known = ~np.isnan(squares)
        total += np.where(known, squares, 0.0)
        held += known
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(held >= LEAST_SHARE * len(groups), np.sqrt(total / held), np.nan)


def slow_variables(
    figures: RegionalFigures,
    *,
    sectors: Mapping[str, str] | None = None,
    traded: Mapping[str, bool] | None = None,
    population: Mapping[str, float] | None = None,
    area: Mapping[str, float] | None = None,
    points: Mapping[str, tuple[float, float]] | None = None,
    kinds: Mapping[str, str] | None = None,
) -> dict[str, Floats]:
    """Return the slow variables of each region, those of which something is given.

    Parameters
    ----------
    figures
        One year: regions x industries, jobs.
    sectors
        Industry to its sector, for the mix.
    traded
        Industry to whether it is traded.
    population, area
        Region to inhabitants, and to square kilometres.
    points
        Region to longitude and latitude, degrees.
    kinds
        Region to its kind, such as metro area.

    Returns
    -------
    dict
        As ``structural_peers`` takes them, in the order of the regions.

    Missing data
    ------------
    NaN where nothing is given of a region. Withheld and unprinted cells are not in the mix, so it
    is the mix of the jobs that are known.

    Example
    -------
    >>> jobs = np.array([[100.0, 300.0]])
    >>> year = RegionalFigures(("x",), ("a", "b"), 2018, "own", jobs, jobs > 0, jobs < 0)
    >>> found = slow_variables(year, traded={"a": True, "b": False})
    >>> sorted(found), found["traded_share"]
    (['jobs', 'traded_share'], array([0.25]))
    """
    jobs = np.nan_to_num(figures.employment)
    known = jobs.sum(axis=1)
    all_jobs = known if figures.totals is None else np.asarray(figures.totals, dtype=np.float64)
    found: dict[str, Floats] = {"jobs": _log(all_jobs)}

    def given(values: Mapping[str, float]) -> Floats:
        listed = [values.get(region) for region in figures.regions]
        return np.array([np.nan if value is None else value for value in listed], dtype=np.float64)

    if population is not None:
        found["population"] = _log(given(population))
        found["jobs_per_inhabitant"] = found["jobs"] - found["population"]
    if area is not None:
        found["jobs_per_area"] = found["jobs"] - _log(given(area))
    if points is not None:
        found["place"] = np.array([_on_globe(points.get(code)) for code in figures.regions])
    with np.errstate(invalid="ignore", divide="ignore"):
        if sectors is not None:
            names = sorted({sectors[code] for code in figures.industries if code in sectors})
            belongs = np.array(
                [[sectors.get(code) == name for name in names] for code in figures.industries]
            ).astype(np.float64)
            found["mix"] = np.sqrt((jobs @ belongs) / known[:, None])
        if traded is not None:
            flags = np.array([bool(traded.get(code)) for code in figures.industries])
            found["traded_share"] = jobs @ flags.astype(np.float64) / known
    if kinds is not None:
        words = sorted({kinds[code] for code in figures.regions if code in kinds})
        found["kind"] = np.array(
            [
                [float(kinds[code] == word) if code in kinds else np.nan for word in words]
                for code in figures.regions
            ]
        ).reshape(len(figures.regions), len(words))
    return found


def _log(values: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(values > 0, np.log(values), np.nan)


def _on_globe(point: tuple[float, float] | None) -> tuple[float, float, float]:
    if point is None:
        return (np.nan, np.nan, np.nan)
    longitude, latitude = np.radians(point)
    flat = np.cos(latitude)
    return (flat * np.cos(longitude), flat * np.sin(longitude), float(np.sin(latitude)))
