"""From tables of figures to regressions of all three outcomes, with the figures of a release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from threadpoolctl import threadpool_limits

from clusteratlas.atlas import Release
from clusteratlas.programmes.performance.neighbouring import (
    UNKNOWN,
    Neighbouring,
    NeighbourRule,
    neighbours_of_regions,
)
from clusteratlas.programmes.performance.regression import (
    GrowthOutcome,
    OutcomeYears,
    outcome_variants,
)
from clusteratlas.programmes.performance.surroundings import Floats, Surroundings
from clusteratlas.relatedness.environment import Related
from clusteratlas.relatedness.growth import Errors, GrowthRegression
from clusteratlas.relatedness.growth_figures import GrowthFigures, growth_figures
from clusteratlas.tables import CannotAnswer

COLUMNS: Final = (
    "region",
    "industry",
    "year",
    "employment",
    "establishments",
    "payroll",
    "status",
)


@dataclass(frozen=True, slots=True)
class Performance:
    """How three outcomes grew, and what that goes with.

    Attributes
    ----------
    outcomes
        Outcome to its regressions: plain, with the trap, in large cells, with related clusters, and
        with neighbouring regions too.
    refused
        Outcome to why there is none.
    start, end, source, regions_word
        Which figures these are.
    notes
        What a reader must know of the figures.
    neighbours
        Which regions are next to which and how they were found, or why there are none.
    without_neighbours
        Regions that have none.
    apart
        Outcome to why its regression with neighbouring regions is refused although these are known.
    """

    outcomes: Mapping[GrowthOutcome, tuple[GrowthRegression, ...]]
    refused: Mapping[GrowthOutcome, str]
    start: int
    end: int
    source: str
    regions_word: str
    definition: str
    notes: tuple[str, ...]
    neighbours: Neighbouring
    without_neighbours: int
    apart: Mapping[GrowthOutcome, str]

    def rows(self) -> list[dict[str, str | int | float]]:
        """Return one row for each term of each regression."""
        return [
            {"outcome": outcome.value, "start": self.start, "end": self.end, **row}
            for outcome, each in self.outcomes.items()
            for regression in each
            for row in regression.rows()
        ]


def performance_of_rows(
    rows: pa.Table,
    industries: Iterable[str],
    clusters: Mapping[str, str],
    *,
    start: int,
    end: int,
    areas: Mapping[str, str] | None = None,
    related: Related | None = None,
    neighbours: Neighbouring = UNKNOWN,
    outcomes: Iterable[GrowthOutcome] = tuple(GrowthOutcome),
    errors: Errors = "region",
    source: str = "",
    regions_word: str = "regions",
    definition: str = "",
    file: str = "",
) -> Performance:
    """Return the regressions of the outcomes that a table of figures can answer.

    Definition
    ----------
    See `outcome_regression`. Regions are added up to areas. Wages are payroll over jobs of cells
    where both are known; establishments are counts, which no office withholds where it prints a
    row.

    Parameters
    ----------
    rows
        Columns region, industry, year, employment (empty where withheld), perhaps establishments,
        payroll and status.
    industries, clusters
        Those that count, and the cluster of each.
    start, end
        Years.
    areas
        Region to area; regions as they are where left out.
    related
        Cluster to related clusters.
    neighbours
        Which regions (areas, where they are added up) are next to which; without any the term is
        left out and told as not at hand.
    outcomes
        Which.
    errors
        As for `outcome_regression`.
    source, regions_word, definition
        Told with the answer.
    file
        Name for faults.

    Returns
    -------
    Performance

    Missing data
    ------------
    A cell with a withheld or estimated part is left out of growth; in sums of clusters it counts
    with its estimate. An outcome whose column is missing is refused by name. Regions without
    neighbours are left out of the regression with neighbouring regions, and counted.

    Raises
    ------
    InvalidInput
        As `growth_figures`; pairs of neighbours were given and none is among the regions.
    CannotAnswer
        A year without figures; no outcome that can be answered.

    Source
    ------
    None: bookkeeping.

    Example
    -------
    >>> rows = pa.table({"region": ["a"], "industry": ["x"], "year": [2018], "employment": [5.0]})
    >>> performance_of_rows(rows, ["x"], {"x": "1"}, start=2018, end=2021)
    Traceback (most recent call last):
    ...
    clusteratlas.tables.errors.CannotAnswer: the tables have no figures of these industries for a \
year (found '2021'). Hint: give the tables of all years, and industries as the definition has them.
    """
    wanted = sorted(set(industries))
    given = [name for name in ("establishments", "payroll") if name in rows.column_names]
    figures = growth_figures(
        rows, wanted, start=start, end=end, areas=areas, amounts=given, file=file
    )
    jobs = figures.years
    near = neighbours.among(figures.regions)
    # A list that somebody gave and that fits no region is a mistake, not a lack.
    pairs = neighbours.pairs if neighbours.rule is NeighbourRule.given else near.pairs or None
    around = Surroundings(
        np.nan_to_num(jobs.start if jobs.environment is None else jobs.environment),
        regions=figures.regions,
        industries=figures.industries,
        clusters=clusters,
        related=related,
        neighbours=pairs,
    )
    found: dict[GrowthOutcome, tuple[GrowthRegression, ...]] = {}
    refused: dict[GrowthOutcome, str] = {}
    apart: dict[GrowthOutcome, str] = {}
    problems: list[CannotAnswer] = []
    for outcome in outcomes:
        try:
            # Few columns: more threads would only wait for each other.
            with threadpool_limits(1):
                found[outcome], problem = outcome_variants(
                    _years_of(outcome, figures), around, own_jobs=jobs.start, errors=errors
                )
            if problem is not None:
                apart[outcome] = str(problem)
        except CannotAnswer as error:
            refused[outcome] = str(error)
            problems.append(error)
    if not found and len(set(refused.values())) == 1:
        raise problems[0]
    if not found:
        raise CannotAnswer(
            "no growth regression can be answered with these figures",
            value="; ".join(f"{each.value}: {why}" for each, why in refused.items()),
        )
    return Performance(
        found,
        refused,
        start,
        end,
        source,
        regions_word,
        definition,
        figures.notes,
        near,
        len(set(figures.regions) - {each for pair in near.pairs for each in pair}),
        apart,
    )


def performance_of_release(
    release: Release,
    scheme: str,
    *,
    definition: str | None = None,
    start: int | None = None,
    end: int | None = None,
    outcomes: Iterable[GrowthOutcome] = tuple(GrowthOutcome),
    errors: Errors = "region",
) -> Performance:
    """Return the regressions over the figures of a scheme of a release.

    Parameters
    ----------
    release, scheme, definition
        Which figures; the scheme's own definition where left out.
    start, end
        Years; the first and the last of the scheme where left out.
    outcomes, errors
        As for `performance_of_rows`.

    Raises
    ------
    CannotAnswer
        Unknown names; one year only; what `performance_of_rows` refuses.
    """
    info = release.scheme(scheme)
    name = release.definition_of(scheme, definition)
    first = info.years[0] if start is None else start
    last = info.years[-1] if end is None else end
    if first >= last:
        raise CannotAnswer(
            "growth needs two years", value=f"{first}, {last}", hint=f"{scheme} has {info.years}"
        )
    from pyarrow import dataset as ds  # noqa: PLC0415 - loads pandas where that is installed

    dataset = ds.dataset(release.path("employment"))
    kept = (ds.field("scheme") == scheme) & ds.field("year").isin([first, last])
    rows = dataset.to_table(columns=list(COLUMNS), filter=kept)
    definitions = release.table("definitions")
    mine = definitions.filter(
        pc.and_(
            pc.equal(definitions["definition"], name),
            pc.equal(definitions["classification"], info.classification),
        )
    ).to_pylist()
    clusters = _largest(mine)
    regions = release.table("regions")
    return performance_of_rows(
        rows,
        {row["industry"] for row in mine},
        clusters,
        start=first,
        end=last,
        related=_related(release, name),
        neighbours=neighbours_of_regions(
            scheme, regions.filter(pc.equal(regions["scheme"], scheme))
        ),
        outcomes=outcomes,
        errors=errors,
        source=info.source_line,
        regions_word=info.region_words,
        definition=name,
    )


def _years_of(outcome: GrowthOutcome, figures: GrowthFigures) -> OutcomeYears:
    """Return an outcome at the start and the end.

    Raises
    ------
    CannotAnswer
        The figures do not have its column.
    """
    jobs = figures.years
    if outcome is GrowthOutcome.employment:
        return OutcomeYears(jobs.start, jobs.end)
    column = "payroll" if outcome is GrowthOutcome.wages else "establishments"
    if column not in figures.amounts:
        raise CannotAnswer(
            f"the figures have no column {column}", hint=f"give tables with {column}"
        )
    years = figures.amounts[column]
    if outcome is GrowthOutcome.wages:
        return OutcomeYears(_over(years.start, jobs.start), _over(years.end, jobs.end))
    return OutcomeYears(years.start, years.end)


def _over(amount: Floats, jobs: Floats) -> Floats:
    """Divide where there are jobs; a cell without jobs or pay has no wage."""
    known = np.full(amount.shape, np.nan)
    use = (jobs > 0) & (amount > 0)
    known[use] = amount[use] / jobs[use]
    return known


def _largest(rows: list[dict[str, object]]) -> dict[str, str]:
    """Return the traded cluster of each industry; of several the one with the largest weight."""
    found: dict[str, tuple[float, str]] = {}
    for row in rows:
        if row["traded"] is False:
            continue
        weight = row["weight"]
        size = float(weight) if isinstance(weight, int | float) else 1.0
        best = found.get(str(row["industry"]), (0.0, ""))
        if size > best[0]:
            found[str(row["industry"])] = (size, str(row["cluster"]))
    return {industry: cluster for industry, (_, cluster) in found.items()}


def _related(release: Release, definition: str) -> dict[str, list[str]] | None:
    rows = release.table("relatedness")
    found: dict[str, list[str]] = {}
    for row in rows.filter(pc.equal(rows["definition"], definition)).to_pylist():
        if row["related"] and row["a"] != row["b"]:
            found.setdefault(row["a"], []).append(row["b"])
    return found or None
