"""Location quotients of small counts, drawn towards 1 as far as the figures cannot say more."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv, psi

from clusteratlas.measures.arguments import Arguments, Floats, columns, divide
from clusteratlas.measures.labelled import measure

MOST_STEPS = 100
"""Steps of the search for k."""

HALVINGS = 6
"""Steps that halve the bracket before others may do better."""

CLOSE = 1e-9
"""Two steps of the logarithm of k that differ by less end the search."""

WIDEST = 20.0
"""Half the width of the search, in powers of e around the mean size of a region."""

CELLS = 500_000
"""Cells worked at a time."""


class ShrunkQuotient(NamedTuple):
    """Shrunk quotients with their intervals, and what they were shrunk by."""

    quotient: Floats
    low: Floats
    high: Floats
    k: Floats
    """For each industry: the jobs that the nation's share is worth as evidence."""


@measure({"quotient": "cells", "low": "cells", "high": "cells", "k": "industries"})
def shrunk_quotient(
    employment: npt.ArrayLike,
    reference: npt.ArrayLike | None = None,
    *,
    total: npt.ArrayLike | None = None,
    reference_total: float | None = None,
    level: float = 0.9,
) -> ShrunkQuotient:
    r"""Return location quotients with chance taken out of small counts, and their intervals.

    Definition
    ----------
    Jobs are taken as Poisson counts around the region's share of the nation, times a specialisation
    that varies over regions as a gamma distribution with mean 1:

    .. math:: e_{ri} \sim Poisson(e_r q_i \theta_{ri}), \quad
              \theta_{ri} \sim Gamma(k_i q_i, k_i q_i), \quad q_i = E_i / E

    What is known of the specialisation then is a gamma distribution too, with mean

    .. math:: \hat\theta_{ri} = \frac{(e_{ri} + k_i q_i) / (e_r + k_i)}{q_i}

    and the interval runs between its quantiles. k_i is the maximum of the (negative binomial)
    likelihood of the industry's column. Where its jobs vary no more than a Poisson count does, k is
    infinite and every quotient is 1.

    Parameters
    ----------
    employment
        e_ri: regions x industries, jobs (or any count); one dimension is one industry, and needs
        ``total``. The count should be of things that come one by one: establishments suit better
        than jobs, which come by the hundred.
    reference
        E_i: the reference area's count, one for each industry. Default: the column sums.
    total
        e_r: each region's count, one for each region. Default: the row sums.
    reference_total
        E. Default: the sum of ``reference``, or of ``total`` where that is given; needed where both
        are given.
    level
        Probability that the interval holds, 0-1.

    Returns
    -------
    ShrunkQuotient
        ``quotient``, ``low`` and ``high`` in the shape of ``employment``, ratio >= 0; ``k`` one for
        each industry, in units of the regions' count.

    Missing data
    ------------
    With ``total`` and ``reference`` given, a withheld cell stays NaN and does not enter its
    industry's k; else one withheld cell would spoil the sums, and the call is refused. NaN for a
    region or an industry without jobs.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit, unknown cells as said above,
        ``reference_total`` missing, a ``level`` not between 0 and 1.

    Source
    ------
    D. Clayton, J. Kaldor, Empirical Bayes estimates of age-standardized relative risks for use in
    disease mapping, Biometrics 43 (1987), section 3.

    Example
    -------
    Four regions of 100 establishments and an industry that holds a tenth of all. Sixteen is 1.6
    times the share; the four counts say that a quarter of what is above 1 is chance.

    >>> found = shrunk_quotient([4, 16, 4, 16], [40], total=[100] * 4, reference_total=400)
    >>> found.quotient.round(2), found.k.round(0)
    (array([0.55, 1.45, 0.55, 1.45]), array([32.]))
    """
    given = Arguments()
    read = given.figures("employment", employment)
    table = columns(read)
    rows, width = table.shape
    given.need(
        read.ndim == 2 or read.size == 0 or total is not None,
        "total",
        "total is missing",
        "one industry alone does not tell the region's jobs; give total, one for each region",
    )
    given.need(
        reference is None or total is None or reference_total is not None,
        "reference_total",
        "reference_total is missing",
        "reference and total are both given; say which jobs the reference shares are taken of",
    )
    given.need(0 < level < 1, "level", f"level is {level}", "give a probability between 0 and 1")
    if total is None or reference is None:
        given.known("employment", read)
    region = None if total is None else given.vector("total", total, rows, "region")
    nation = None if reference is None else given.vector("reference", reference, width, "industry")
    whole = None if reference_total is None else given.scalar("reference_total", reference_total)
    given.check()
    region = table.sum(axis=1) if region is None else region
    nation = table.sum(axis=0) if nation is None else nation
    if whole is None:
        whole = float(nation.sum() if total is None else region.sum())
    share = divide(nation, whole)
    share = np.where(share > 0, share, np.nan)
    size = np.where(region > 0, region, np.nan)

    k = np.empty(width)
    parts = [np.empty_like(table) for _ in range(3)]
    step = max(1, CELLS // max(rows, 1))
    for start in range(0, width, step):
        block = slice(start, start + step)
        k[block] = _k_of(table[:, block], size, share[block])
        found = _posterior(table[:, block], size, share[block], k[block], level)
        for part, values in zip(parts, found, strict=True):
            part[:, block] = values
    mean, low, high = (part.reshape(read.shape) for part in parts)
    return ShrunkQuotient(mean, low, high, k)


def _posterior(
    jobs: Floats, size: Floats, share: Floats, k: Floats, level: float
) -> tuple[Floats, Floats, Floats]:
    """Return mean and two quantiles of what is known of each specialisation."""
    finite = np.isfinite(k)
    prior = np.where(finite, k, 1.0) * share
    rate = size[:, None] * share + prior
    shape = jobs + prior
    tail = (1 - level) / 2
    found = []
    for probability in (None, tail, 1 - tail):
        if probability is None:
            value = shape / rate
        else:
            # All zeros of an industry have one shape: one quantile serves them.
            value = np.broadcast_to(gammaincinv(prior, probability), jobs.shape).copy()
            there = jobs != 0
            value[there] = gammaincinv(shape[there], probability)
            value /= rate
        value[:, np.isinf(k)] = 1.0
        value[np.isnan(rate) | np.isnan(jobs)] = np.nan
        found.append(value)
    return found[0], found[1], found[2]


def _k_of(jobs: Floats, size: Floats, share: Floats) -> Floats:
    """Return the k of greatest likelihood of each column, by false position on a log scale."""
    known = ~np.isnan(jobs) & ~np.isnan(size)[:, None]
    sizes = np.where(known, size[:, None], 0.0)
    jobs = np.where(known, jobs, 0.0)
    expected = sizes * share
    usable = np.isfinite(share) & (jobs.sum(axis=0) > 0)
    # Where the slope at k = infinity points outwards, the counts vary like a Poisson count or less.
    spread = ((jobs - expected) ** 2 - jobs).sum(axis=0)
    k = np.where(usable, np.inf, np.nan)
    search = np.flatnonzero(usable & (spread > 0))
    if not len(search):
        return k
    middle = np.log(divide(sizes[:, search].sum(axis=0), known[:, search].sum(axis=0)))
    slope = _Slope(jobs[:, search], sizes[:, search], share[search])
    k[search] = np.exp(_root(slope, middle))
    return k


class _Slope:
    """The slope of each column's log likelihood in the logarithm of k."""

    def __init__(self, jobs: Floats, sizes: Floats, share: Floats) -> None:
        self.sizes, self.share = sizes, share
        rows, self.column = np.nonzero(jobs)
        self.jobs = jobs[rows, self.column]
        self.size = sizes[rows, self.column]

    def __call__(self, log_k: Floats) -> Floats:
        k = np.exp(log_k)
        shape = k * self.share
        ratio = self.sizes / k
        flat = (ratio / (1.0 + ratio) - np.log1p(ratio)).sum(axis=0)
        of_cell = shape[self.column]
        weight = self.jobs / (self.share[self.column] * (k[self.column] + self.size))
        cells = psi(of_cell + self.jobs) - psi(of_cell) - weight
        return np.asarray(shape * (flat + np.bincount(self.column, cells, len(k))))


def _root(slope: _Slope, middle: Floats) -> Floats:
    """Return where a slope that falls from above 0 to below crosses 0.

    Halving first, as the slope is flat far from its root; then false position (Illinois rule).
    """
    low, high = middle - WIDEST, middle + WIDEST
    at_low, at_high = np.ones_like(middle), -np.ones_like(middle)
    side = np.zeros_like(middle)
    guess = middle
    for step in range(MOST_STEPS):
        value = slope(guess)
        up = value > 0
        low, high = np.where(up, guess, low), np.where(up, high, guess)
        at_low = np.where(up, value, np.where(side < 0, at_low / 2, at_low))
        at_high = np.where(up, np.where(side > 0, at_high / 2, at_high), value)
        side = np.where(up, 1.0, -1.0)
        last, guess = guess, (low + high) / 2
        if step >= HALVINGS and step % 8:
            apart = at_high - at_low
            false = (low * at_high - high * at_low) / np.where(apart == 0, -1.0, apart)
            guess = np.where((false > low) & (false < high), false, guess)
        if np.all(np.abs(guess - last) < CLOSE):
            break
    return guess
