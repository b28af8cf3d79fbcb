"""Location quotients on other scales: logarithm, symmetric, standardised."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats, columns, divide
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.quotients.specialisation import location_quotient
from clusteratlas.measures.spread.distributions import blocks


@measure("cells")
def log_quotient(
    employment: npt.ArrayLike,
    reference: npt.ArrayLike | None = None,
    *,
    total: npt.ArrayLike | None = None,
    reference_total: float | None = None,
    base: float = np.e,
) -> Floats:
    r"""Return the logarithm of the location quotient.

    Definition
    ----------
    .. math:: \log LQ_{rc}

    0 means the share of the reference area; half and twice that share lie equally far from it.

    Parameters
    ----------
    employment, reference, total, reference_total
        As in `location_quotient`.
    base
        Base of the logarithm.

    Returns
    -------
    numpy.ndarray
        In the shape of ``employment``.

    Missing data
    ------------
    As in `location_quotient`. A quotient of 0 has no logarithm and gives NaN.

    Raises
    ------
    InvalidInput
        As in `location_quotient`; a base that is not above 1.

    Source
    ------
    S. O'Donoghue, B. Gleave, A note on methods for measuring industrial agglomeration, Regional
    Studies 38 (2004).

    Example
    -------
    Quotients 2 and 0, and 2/3 and 4/3.

    >>> log_quotient([[40, 0], [40, 80]], base=2).round(3)
    array([[ 1.   ,    nan],
           [-0.585,  0.415]])
    """
    given = Arguments()
    given.need(base > 1, "base", f"base is {base}", "give a base above 1")
    given.check()
    values = _logarithm(_quotient(employment, reference, total, reference_total))
    return np.asarray(values / np.log(base), dtype=np.float64)


@measure("cells")
def symmetric_quotient(
    employment: npt.ArrayLike,
    reference: npt.ArrayLike | None = None,
    *,
    total: npt.ArrayLike | None = None,
    reference_total: float | None = None,
) -> Floats:
    r"""Return the location quotient on a scale from -1 to 1.

    Definition
    ----------
    .. math:: S_{rc} = \frac{LQ_{rc} - 1}{LQ_{rc} + 1}

    Parameters
    ----------
    employment, reference, total, reference_total
        As in `location_quotient`.

    Returns
    -------
    numpy.ndarray
        In the shape of ``employment``, -1 (no jobs) to 1; 0 is the share of the reference area.

    Missing data
    ------------
    As in `location_quotient`.

    Raises
    ------
    InvalidInput
        As in `location_quotient`.

    Source
    ------
    B. Dalum, K. Laursen, G. Villumsen, Structural change in OECD export specialisation patterns,
    International Review of Applied Economics 12 (1998).

    Example
    -------
    Quotients 2 and 0, and 2/3 and 4/3.

    >>> symmetric_quotient([[40, 0], [40, 80]]).round(4)
    array([[ 0.3333, -1.    ],
           [-0.2   ,  0.1429]])
    """
    quotient = _quotient(employment, reference, total, reference_total)
    return (quotient - 1.0) / (quotient + 1.0)


@measure("cells")
def standardised_quotient(
    employment: npt.ArrayLike,
    reference: npt.ArrayLike | None = None,
    *,
    total: npt.ArrayLike | None = None,
    reference_total: float | None = None,
    log: bool = False,
    ddof: int = 0,
) -> Floats:
    r"""Return how many standard deviations each region's quotient lies above the mean region.

    Definition
    ----------
    .. math:: Z_{rc} = \frac{L_{rc} - \bar L_c}{\sigma_c}, \qquad
              L_{rc} = LQ_{rc} \text{ or } \ln LQ_{rc}

    with mean and standard deviation over the n regions that have a value. Where L is about normal,
    Z above 1.65 (or 1.96) marks the upper 5 % (2.5 %); where to cut is left to the reader.

    Parameters
    ----------
    employment, reference, total, reference_total
        As in `location_quotient`.
    log
        Whether to take logarithms first. Regions without jobs in the industry have none: they are
        left out and get NaN. Without logarithms they count with a quotient of 0.
    ddof
        The sum of squares is divided by n - ddof.

    Returns
    -------
    numpy.ndarray
        In the shape of ``employment``, standard deviations. n is the count of values that are not
        NaN in a column.

    Missing data
    ------------
    As in `location_quotient`; NaN quotients enter neither mean nor deviation. A column whose values
    are all alike, or that has no more than ``ddof``, gives NaN.

    Raises
    ------
    InvalidInput
        As in `location_quotient`; a negative ``ddof``.

    Source
    ------
    S. O'Donoghue, B. Gleave, A note on methods for measuring industrial agglomeration, Regional
    Studies 38 (2004).

    Example
    -------
    Quotients 0.5, 1 and 1.5 in the first column: mean 1, standard deviation 0.4082.

    >>> standardised_quotient([[1, 3], [2, 2], [3, 1]]).round(4)
    array([[-1.2247,  1.2247],
           [ 0.    ,  0.    ],
           [ 1.2247, -1.2247]])
    """
    given = Arguments()
    given.need(ddof >= 0, "ddof", f"ddof is {ddof}", "give 0 or 1")
    given.check()
    values = _quotient(employment, reference, total, reference_total)
    if log:
        values = _logarithm(values)
    table = columns(values)
    total_of, count, largest = (np.zeros(table.shape[1]) for _ in range(3))
    for block in blocks(*table.shape):
        known = ~np.isnan(table[block])
        rows = np.where(known, table[block], 0.0)
        total_of += rows.sum(axis=0)
        count += known.sum(axis=0)
        np.maximum(largest, np.abs(rows).max(axis=0, initial=0.0), out=largest)
    mean = divide(total_of, count)
    squares = np.zeros_like(mean)
    for block in blocks(*table.shape):
        away = table[block] - mean
        squares += np.where(np.isnan(away), 0.0, away * away).sum(axis=0)
    deviation = np.sqrt(divide(squares, count - ddof))
    # Values that are alike differ by rounding only; what is left then is no deviation.
    deviation[~(deviation > 1e-14 * largest)] = np.nan
    for block in blocks(*table.shape):
        table[block] = (table[block] - mean) / deviation
    return table.reshape(values.shape)


def _quotient(
    employment: npt.ArrayLike,
    reference: npt.ArrayLike | None,
    total: npt.ArrayLike | None,
    reference_total: float | None,
) -> Floats:
    """Return the quotients as a plain array; labels are put back by the measure around it."""
    return np.asarray(
        location_quotient.__wrapped__(  # type: ignore[attr-defined]
            employment, reference, total=total, reference_total=reference_total
        )
    )


def _logarithm(quotient: Floats) -> Floats:
    """Return the logarithms, in the place of quotients that nobody else holds."""
    there = quotient > 0
    np.log(quotient, out=quotient, where=there)
    quotient[~there] = np.nan
    return quotient
