"""What is known of each region and industry at the start: quotient, sizes, relatedness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from clusteratlas import measures
from clusteratlas.relatedness.options.densities import (
    COLOCATION,
    composite_of,
    density,
    given_weights,
    proximity,
)
from clusteratlas.relatedness.options.figures import (
    PRESENT_FROM,
    Flags,
    Floats,
    Places,
    RegionalFigures,
)
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import CannotAnswer

SIZES = (
    "region_jobs",
    "region_diversity",
    "region_printed",
    "industry_jobs",
    "industry_ubiquity",
    "industry_printed",
    "jobs_needed",
)
CURRENT = ("quotient", "printed", "jobs_needed where printed")
PLAIN = "density_plain"
COMPOSITE = "density"
WHERE_PRINTED = (COLOCATION, COMPOSITE)
"""Densities that stand a second time for printed cells alone: a cell that was merely unpublished
is entered in other ways than one whose jobs were seen to be few."""


@dataclass(frozen=True)
class Features:
    """What is known of each cell in one year, and nothing of any later one.

    Attributes
    ----------
    regions, industries, year
        As in the figures.
    columns
        Name to figures: regions x industries, or one row or one column of them, without gaps.
    densities
        Mechanism to regions x industries, 0-1; NaN for an industry of which it knows no pair.
        ``density`` is the composite, ``density_plain`` the plain co-location density.
    weights
        Industries x industries, how much the one counts for the other in ``density``.
    quotient, present
        Regions x industries: the location quotient, NaN where not known; quotient of at least 1.
    complexity
        Of each industry, z-score; NaN where it was refused.
    notes
        What a reader must know, one sentence each.
    """

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    year: int
    columns: Mapping[str, Floats]
    densities: Mapping[str, Floats]
    weights: Floats
    quotient: Floats
    present: Flags
    complexity: Floats
    notes: tuple[str, ...]

    @property
    def of_relatedness(self) -> tuple[str, ...]:
        """The columns that know what is near to what."""
        every = tuple(f"of {name}" for name in self.densities)
        return (*every, *(f"of {name} where printed" for name in WHERE_PRINTED))

    def cells(self, names: Sequence[str], rows: Places, columns: Places) -> Floats:
        """Return these features of these cells: cells x features."""
        found = np.empty((len(rows), len(names)))
        shape = (len(self.regions), len(self.industries))
        for place, name in enumerate(names):
            found[:, place] = np.broadcast_to(self.columns[name], shape)[rows, columns]
        return found


def region_features(
    figures: RegionalFigures,
    similarities: Similarities | None = None,
    *,
    shuffle: int | None = None,
) -> Features:
    r"""Return what is known of each region and industry in one year.

    Definition
    ----------
    Presence is :math:`M_{ri} = 1` where the quotient is at least 1. The density of a mechanism is

    .. math:: d_{ri} = \frac{\sum_{j \ne i} k_{rj} M_{rj} w_{ij}}{\sum_{j \ne i} k_{rj} w_{ij}}

    where k_rj is 1 unless the cell is withheld, so that a gap enters neither sum. The weights are
    the squared proximity of presence in the same year for co-location, the largest input-output
    share for supply, the positive part of the correlation of occupations (or of skill flows) for
    skills. The composite takes the positive part of the mean of the standardised three.
    ``density_plain`` has the proximity itself as weight, as in the product space.

    Proximities are all well above zero, as industries that many regions have are everywhere near to
    each other; squared, the near ones count more, and the density foretells better.

    Parameters
    ----------
    figures
        One year: regions x industries, jobs.
    similarities
        Of the industries; ``input_output``, ``occupations``, ``skill_flows`` and ``knowledge`` are
        used where they are at hand. Co-location comes from ``figures`` alone: a similarity worked
        from later years would tell the future.
    shuffle
        Seed of a random exchange of the industries of every similarity, to see what relatedness
        is worth: sizes stay, what is near to what is lost.

    Returns
    -------
    Features
        Sizes are logs of jobs, of numbers of industries and of regions; ``jobs_needed`` is the log
        of the jobs that a quotient of 1 takes.

    Missing data
    ------------
    A cell without a row counts as absent, and ``printed`` says so; a withheld cell enters no sum.
    A component that knows fewer than half of the industries is left out and named in the notes;
    so is an industry without jobs, and a complexity that is refused (disconnected regions).

    Raises
    ------
    CannotAnswer
        Fewer than two regions or industries with jobs.

    Source
    ------
    C. A. Hidalgo, B. Klinger, A.-L. Barabasi, R. Hausmann, The product space conditions the
    development of nations (2007); without the diagonal, R. Boschma, P.-A. Balland, D. F. Kogler,
    Relatedness and technological change in cities (2015).

    Example
    -------
    The third region has a and b, with which the others have c, so c lies near to what it has.

    >>> jobs = np.array([[5.0, 5, 9, 0], [5, 5, 9, 0], [5, 5, 0, 1], [0, 0, 0, 30]])
    >>> known = np.ones((4, 4), dtype=bool)
    >>> year = RegionalFigures(("p", "q", "r", "s"), ("a", "b", "c", "d"), 2018, "own", jobs,
    ...                        known, ~known)
    >>> region_features(year).densities["colocation"].round(2)[2]
    array([0.69, 0.69, 1.  ,  nan])
    """
    quotient = figures.quotient()
    with np.errstate(invalid="ignore"):
        present = quotient >= PRESENT_FROM
    known = ~np.isnan(figures.employment) | figures.unpublished
    if np.count_nonzero(present.any(axis=1)) < 2 or np.count_nonzero(present.any(axis=0)) < 2:
        raise CannotAnswer(
            "fewer than two regions or industries have jobs, so nothing is near to anything",
            value=str(figures.year),
        )
    notes: list[str] = []
    empty = figures.empty_industries()
    if empty:
        notes.append(
            f"{len(empty)} industries have no known job in {figures.year} and get no figure: "
            f"{', '.join(empty[:5])}{' ...' if len(empty) > 5 else ''}."
        )
    plain = proximity(present)
    weights = {COLOCATION: plain**2}
    weights |= given_weights(similarities, figures.industries, notes)
    if shuffle is not None:
        order = np.random.default_rng(shuffle).permutation(len(figures.industries))
        plain = plain[np.ix_(order, order)]
        weights = {name: matrix[np.ix_(order, order)] for name, matrix in weights.items()}
    composite = composite_of(weights)
    densities = {
        PLAIN: density(present, known, plain),
        **{name: density(present, known, matrix) for name, matrix in weights.items()},
        COMPOSITE: density(present, known, composite),
    }
    return Features(
        figures.regions,
        figures.industries,
        figures.year,
        _columns(figures, quotient, present, densities),
        densities,
        composite,
        quotient,
        present,
        _complexity(figures, present, notes),
        tuple(notes),
    )


def _columns(
    figures: RegionalFigures, quotient: Floats, present: Flags, densities: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Return the features without gaps: a cell without a row has quotient 0 and is not printed."""
    jobs = figures.employment
    regions = np.nansum(jobs, axis=1) if figures.totals is None else figures.totals
    industries = np.nansum(jobs, axis=0) if figures.reference is None else figures.reference
    regions, industries = np.nan_to_num(regions), np.nan_to_num(industries)
    printed = figures.printed.astype(np.float64)
    needed = np.log(np.outer(regions, industries / max(industries.sum(), 1.0)) + 0.1)
    columns: dict[str, Floats] = {
        "quotient": np.sqrt(np.clip(np.nan_to_num(quotient), 0.0, 1.0)),
        "printed": printed,
        "region_jobs": np.log1p(regions)[:, None],
        "region_diversity": np.log1p(present.sum(axis=1))[:, None],
        "region_printed": np.log1p(printed.sum(axis=1))[:, None],
        "industry_jobs": np.log1p(industries)[None, :],
        "industry_ubiquity": np.log1p(present.sum(axis=0))[None, :],
        "industry_printed": np.log1p(printed.sum(axis=0))[None, :],
        "jobs_needed": needed,
        "jobs_needed where printed": printed * (needed - needed.mean()),
    }
    for name, values in densities.items():
        # Where a mechanism knows nothing of an industry, its mean is the neutral figure.
        columns[f"of {name}"] = np.where(
            np.isnan(values), np.nanmean(values) if (~np.isnan(values)).any() else 0.0, values
        )
    for name in WHERE_PRINTED:
        values = columns[f"of {name}"]
        columns[f"of {name} where printed"] = printed * (values - values.mean())
    return columns


def _complexity(figures: RegionalFigures, present: Flags, notes: list[str]) -> Floats:
    try:
        found: Any = measures.complexity(present.astype(np.float64))
    except CannotAnswer as error:
        notes.append(f"No complexity of {figures.year}: {error.fault.problem}.")
        return np.full(len(figures.industries), np.nan)
    return np.asarray(found.pci, dtype=np.float64)
