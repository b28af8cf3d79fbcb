"""Traded or local: how evenly an industry lies over the regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from clusteratlas import measures
from clusteratlas.relatedness.similarities import Floats
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

LEAST_REGIONS = 30
TOP = 5


@dataclass(frozen=True)
class Thresholds:
    """From where on an indicator speaks for traded; None: it is reported and does not vote.

    The defaults follow Porter (2003) as remembered, tried on American figures
    (docs/explanation/cluster-definitions.md).
    """

    concentrated_share: float | None = 0.5
    top_quotient: float | None = 2.0
    gini: float | None = 0.3
    absent_share: float | None = None
    votes: int = 3
    """So many indicators make an industry traded."""


class TradedIndicators(NamedTuple):
    """The four indicators of one industry and what they say; NaN where it has no jobs."""

    industry: str
    employment: float
    concentrated_share: float
    """Share of its jobs in regions with a quotient of 1 and more, 0-1."""
    top_quotient: float
    """Mean of its five highest location quotients."""
    gini: float
    """Locational Gini against the size of regions, 0-1."""
    absent_share: float
    """Share of regions without it, 0-1."""
    votes: int
    """Indicators that speak for traded."""
    traded: bool | None
    """None where it has no jobs."""


def traded_or_local(
    employment: npt.ArrayLike,
    industries: Sequence[str],
    thresholds: Thresholds | None = None,
) -> tuple[TradedIndicators, ...]:
    r"""Return for each industry whether it is traded or local, with the indicators.

    Definition
    ----------
    :math:`q_{ri}` the location quotient within all jobs of the table. Four indicators: share of
    the industry's jobs in regions with :math:`q_{ri} \ge 1`; mean of its five highest quotients;
    locational Gini; share of regions without it. An industry is traded where at least ``votes`` of
    those with a threshold reach it.

    Parameters
    ----------
    employment
        Regions x industries, jobs, all known.
    industries
        Codes of the columns.
    thresholds
        By default share 0.5, quotient 2, Gini 0.3, all three of which are needed.

    Returns
    -------
    tuple of TradedIndicators
        Sorted by industry.

    Missing data
    ------------
    Unknown cells are refused. An industry without jobs has no indicator, and ``traded`` is None.

    Raises
    ------
    InvalidInput
        Unknown, negative or infinite cells, codes that do not fit.
    CannotAnswer
        Fewer than thirty regions.

    Source
    ------
    M. E. Porter, The economic performance of regions (2003); M. Delgado, M. E. Porter, S. Stern
    (2016).
    """
    jobs = np.asarray(employment, dtype=np.float64)
    if jobs.ndim != 2 or jobs.shape[1] != len(industries) or len(set(industries)) != jobs.shape[1]:
        raise InvalidInput(
            [
                Fault(
                    f"employment has shape {jobs.shape} for {len(set(industries))} codes",
                    column="employment",
                    hint="give regions x industries, each code once",
                )
            ]
        )
    if len(jobs) < LEAST_REGIONS:
        raise CannotAnswer(
            f"{len(jobs)} regions are too few to tell traded from local industries",
            value=str(len(jobs)),
            hint=f"give at least {LEAST_REGIONS}",
        )
    _known(jobs, industries)
    limits = thresholds or Thresholds()
    total = jobs.sum(axis=0)
    quotient = np.nan_to_num(np.asarray(measures.location_quotient(jobs), dtype=np.float64))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(quotient >= 1, jobs, 0.0).sum(axis=0) / total
    top = np.sort(quotient, axis=0)[-TOP:].mean(axis=0)
    gini = np.asarray(measures.locational_gini(jobs), dtype=np.float64)
    absent = np.mean(jobs == 0, axis=0)
    found = []
    for at, code in enumerate(industries):
        figures = [float(each[at]) for each in (share, top, gini, absent)]
        cuts = (
            limits.concentrated_share,
            limits.top_quotient,
            limits.gini,
            limits.absent_share,
        )
        votes = sum(
            cut is not None and figure >= cut for figure, cut in zip(figures, cuts, strict=True)
        )
        if not total[at] > 0:
            nothing = float("nan")
            found.append(
                TradedIndicators(str(code), 0.0, nothing, nothing, nothing, nothing, 0, None)
            )
            continue
        found.append(
            TradedIndicators(
                str(code),
                float(total[at]),
                figures[0],
                figures[1],
                figures[2],
                figures[3],
                votes,
                votes >= limits.votes,
            )
        )
    return tuple(sorted(found, key=lambda each: each.industry))


def _known(jobs: Floats, industries: Sequence[str]) -> None:
    faults = [
        Fault(
            "employment is not known or negative",
            row=int(row) + 1,
            column=str(industries[place]),
            value=str(jobs[row, place]),
            hint="complete the table first (clusteratlas complete)",
        )
        for row, place in np.argwhere(~(jobs >= 0) | np.isinf(jobs))
    ]
    if faults:
        raise InvalidInput(faults[:200], total=len(faults))


def group_local(industries: Sequence[str], digits: int = 3) -> dict[str, str]:
    """Return local industries grouped by nomenclature: the first digits of their codes.

    Local industries serve the place they are in, wherever that is; co-location says nothing of
    how they relate. Delgado, Porter and Stern group them by nomenclature too.

    >>> group_local(["722511", "722513", "811111"])
    {'722511': 'local-722', '722513': 'local-722', '811111': 'local-811'}
    """
    return {code: f"local-{code[:digits]}" for code in sorted(industries)}


def traded_codes(found: Sequence[TradedIndicators]) -> Mapping[str, bool | None]:
    """Return industry to traded (true), local (false) or not known (None)."""
    return {each.industry: each.traded for each in found}
