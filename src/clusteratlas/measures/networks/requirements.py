"""Input-output requirements: what one industry's output needs of all others, and multipliers."""

from __future__ import annotations

from typing import Final

import numpy as np

from clusteratlas.measures.arguments import Floats
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

SLACK: Final = 1e-9


def industry_requirements(
    use: Floats,
    make: Floats,
    industry_output: Floats,
    commodity_output: Floats,
    domestic: Floats | None = None,
) -> Floats:
    r"""Return what a unit of an industry's output needs of each industry directly.

    Definition
    ----------
    Industry technology: a commodity is made as by the industries that make it now, by their market
    shares, and each industry needs for all it makes the same mix:

    .. math:: A = D \operatorname{diag}(d) B, \qquad B = U \hat g^{-1}, \qquad D = V \hat q^{-1}

    U is the use table, V the make table, g output of industries, q of commodities, d the share of
    each commodity that is not imported (1 where imports shall not leak away).

    Parameters
    ----------
    use
        Commodities by industries, money.
    make
        Industries by commodities, money.
    industry_output, commodity_output
        Money.
    domestic
        By commodity, 0 to 1; 1 everywhere if not given.

    Returns
    -------
    ndarray
        Industries (that supply) by industries (that are supplied), money per money.

    Missing data
    ------------
    None is allowed. An industry or commodity without output has no requirement of or from anybody.

    Raises
    ------
    InvalidInput
        Shapes that do not fit, figures that are missing, a domestic share outside 0 to 1.

    Source
    ------
    K. Horowitz, M. Planting, Concepts and methods of the U.S. input-output accounts (Bureau of
    Economic Analysis, 2009), chapter 12, without its adjustment for scrap; R. Miller, P. Blair,
    Input-output analysis (2009), section 5.3.

    Example
    -------
    Farming makes crops, industry makes goods. A unit of goods takes 0.4 of crops and 0.2 of goods;
    half of the crops are imported.

    >>> industry_requirements(
    ...     use=np.array([[1.0, 8.0], [2.0, 4.0]]), make=np.array([[10.0, 0.0], [0.0, 20.0]]),
    ...     industry_output=np.array([10.0, 20.0]), commodity_output=np.array([10.0, 20.0]),
    ...     domestic=np.array([0.5, 1.0]),
    ... )
    array([[0.05, 0.2 ],
           [0.2 , 0.2 ]])
    """
    commodities, industries = use.shape
    share = np.ones(commodities) if domestic is None else domestic
    wanted = {
        "make": (make, (industries, commodities)),
        "industry_output": (industry_output, (industries,)),
        "commodity_output": (commodity_output, (commodities,)),
        "domestic": (share, (commodities,)),
    }
    faults = [
        Fault("the shape does not fit", column=name, value=str(values.shape), hint=f"give {shape}")
        for name, (values, shape) in wanted.items()
        if values.shape != shape
    ]
    faults += [
        Fault("a figure is missing", column=name)
        for name, values in {
            "use": use,
            **{name: each for name, (each, _) in wanted.items()},
        }.items()
        if not np.isfinite(values).all()
    ]
    if not faults and ((share < 0) | (share > 1)).any():
        faults.append(Fault("a share lies outside 0 to 1", column="domestic"))
    if faults:
        raise InvalidInput(faults)
    needs = np.divide(use, industry_output, out=np.zeros_like(use), where=industry_output > 0)
    shares = np.divide(make, commodity_output, out=np.zeros_like(make), where=commodity_output > 0)
    return np.asarray(shares @ (share[:, None] * needs), dtype=np.float64)


def regional_requirements(required: Floats, quotients: Floats) -> Floats:
    r"""Return what a unit of output needs of the region itself, cut by location quotients.

    Definition
    ----------
    .. math:: a^r_{ij} = \min(1, LQ_i) \, a_{ij}

    It is assumed that a region whose share of an industry is below the nation's buys the lacking
    part elsewhere, that others buy all at home, that nobody ships both ways, and that firms of the
    region need what the nation's do. So the cut is mostly too small: multipliers of a small region
    come out too large.

    Parameters
    ----------
    required
        Industries by industries, of the nation.
    quotients
        Location quotient of each supplying industry in the region; 0 where it has none.

    Returns
    -------
    ndarray
        Industries by industries.

    Missing data
    ------------
    None is allowed: a quotient that is not known is no zero.

    Raises
    ------
    InvalidInput
        A quotient that is missing or negative.

    Source
    ------
    R. Miller, P. Blair (2009), section 8.2.1 (simple location quotients).

    Example
    -------
    >>> regional_requirements(np.array([[0.1, 0.2], [0.3, 0.4]]), np.array([0.5, 2.0]))
    array([[0.05, 0.1 ],
           [0.3 , 0.4 ]])
    """
    if not (np.isfinite(quotients).all() and (quotients >= 0).all()):
        raise InvalidInput(
            [
                Fault(
                    "a location quotient is missing or negative",
                    column="quotients",
                    hint="an industry that the region does not have has the quotient 0",
                )
            ]
        )
    return np.asarray(np.minimum(1.0, quotients)[:, None] * required, dtype=np.float64)


def total_requirements(required: Floats) -> Floats:
    r"""Return all that a unit of final demand sets in motion, round after round.

    Definition
    ----------
    .. math:: L = (I - A)^{-1} = I + A + A^2 + \dots

    Parameters
    ----------
    required
        Direct requirements, industries by industries.

    Returns
    -------
    ndarray
        Output of the industry of each row per unit of final demand for that of the column.

    Missing data
    ------------
    None is allowed.

    Raises
    ------
    CannotAnswer
        Requirements that feed on themselves: the rounds do not come to an end.

    Source
    ------
    W. Leontief, Quantitative input and output relations (1936); Miller, Blair (2009), eq. 2.14.

    Example
    -------
    >>> total_requirements(np.array([[0.0, 0.5], [0.0, 0.0]]))
    array([[1. , 0.5],
           [0. , 1. ]])
    """
    if not _come_to_an_end(required):
        raise CannotAnswer(
            "the requirements feed on themselves: a unit of output needs a unit or more",
            hint="check that output holds all that is used",
        )
    unit = np.eye(len(required))
    return np.asarray(np.linalg.solve(unit - required, unit), dtype=np.float64)


def _come_to_an_end(required: Floats) -> bool:
    """Whether the largest eigenvalue is below one.

    It is if some x > 0 has |A| x < x; x = (I - |A|)^-1 1 is such a one whenever it is positive.
    """
    size = np.abs(required)
    try:
        if (np.linalg.solve(np.eye(len(size)) - size, np.ones(len(size))) > 0).all():
            return True
    except np.linalg.LinAlgError:
        return False
    return bool(np.abs(np.linalg.eigvals(required)).max() < 1 - SLACK)


def multipliers(total: Floats, per_output: Floats | None = None) -> Floats:
    r"""Return the type I multiplier of each industry: of output, or of what comes with output.

    Definition
    ----------
    Of output: :math:`m_j = \sum_i L_{ij}`. Of jobs, wages or value added, e per unit of output:

    .. math:: m_j = \frac{\sum_i e_i L_{ij}}{e_j}

    the jobs in all industries for each job in the industry itself. What households spend of their
    wages is left out (type I).

    Parameters
    ----------
    total
        Total requirements, industries by industries.
    per_output
        e: by industry, such as jobs per million; of output if not given.

    Returns
    -------
    ndarray
        One for each industry; NaN where e is zero: nothing to multiply.

    Missing data
    ------------
    An industry without e (NaN) makes every multiplier that reaches it NaN.

    Source
    ------
    Miller, Blair (2009), sections 6.2.1 and 6.2.2.

    Example
    -------
    A unit of the second industry takes half a unit of the first, which needs twice the jobs: one
    job there goes with one in the first.

    >>> total = np.array([[1.0, 0.5], [0.0, 1.0]])
    >>> multipliers(total), multipliers(total, np.array([2.0, 1.0]))
    (array([1. , 1.5]), array([1., 2.]))
    """
    if per_output is None:
        return np.asarray(total.sum(axis=0), dtype=np.float64)
    ratio = np.full(len(per_output), np.nan)
    np.divide(per_output @ total, per_output, out=ratio, where=per_output > 0)
    return ratio
