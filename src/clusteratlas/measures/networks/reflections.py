"""The method of reflections: kept to compare with older figures, not to be relied on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.networks.presence_matrix import read_presence


class Reflections(NamedTuple):
    """Averages after a number of steps, for each region and each industry."""

    regions: Floats
    industries: Floats


@measure({"regions": "regions", "industries": "industries"}, sparse=True)
def reflections(presence: npt.ArrayLike, *, steps: int, ddof: int | None = None) -> Reflections:
    r"""Return the averages of averages that once stood for complexity; use ``complexity`` instead.

    Definition
    ----------
    .. math:: k_{r,n} = \frac{1}{k_{r,0}} \sum_i M_{ri} k_{i,n-1}, \qquad
       k_{i,n} = \frac{1}{k_{i,0}} \sum_r M_{ri} k_{r,n-1}

    from diversity k_{r,0} and ubiquity k_{i,0}. Why not to use it: with every step all figures
    draw nearer to one and the same number. Few steps mix the vector that is meant with others, to
    the point of turning its order; after many the differences left are rounding. On tables of
    regions, where the second and third eigenvalue are close, no number of steps is right.

    Parameters
    ----------
    presence
        M_ri: regions x industries, 0 or 1.
    steps
        n: how often to average; 0 gives diversity and ubiquity.
    ddof
        0 or 1 to give each side less its mean, over its standard deviation with so many degrees
        of freedom taken off. Default: the averages as they are.

    Returns
    -------
    Reflections
        ``regions`` (k_{r,n}) and ``industries`` (k_{i,n}).

    Missing data
    ------------
    Unknown cells are refused. A region without an industry and an industry without a region give
    NaN.

    Raises
    ------
    InvalidInput
        Cells that are not known, or neither 0 nor 1; ``steps`` no whole number of 0 or more.

    Source
    ------
    C. A. Hidalgo, R. Hausmann, The building blocks of economic complexity (2009), equations 1-4.

    Example
    -------
    The ubiquities of the first region's industries are 2 and 1, on average 1.5.

    >>> reflections([[1, 1], [1, 0]], steps=1).regions
    array([1.5, 2. ])
    """
    given = Arguments()
    given.need(
        isinstance(steps, (int, np.integer)) and steps >= 0,
        "steps",
        f"steps is {steps}",
        "give a whole number, 0 or more",
    )
    given.need(ddof in (None, 0, 1), "ddof", f"ddof is {ddof}", "give 0 or 1, or leave it out")
    table = read_presence(given, "presence", presence)
    given.check()
    rows = table.rows
    diversity = np.where(table.diversity > 0, table.diversity, np.nan)
    ubiquity = np.where(table.ubiquity > 0, table.ubiquity, np.nan)
    regions, industries = diversity, ubiquity
    for _ in range(steps):
        regions, industries = (
            rows @ np.nan_to_num(industries) / diversity,
            rows.T @ np.nan_to_num(regions) / ubiquity,
        )
    if ddof is not None:
        regions, industries = _standard(regions, ddof), _standard(industries, ddof)
    return Reflections(regions, industries)


def _standard(values: Floats, ddof: int) -> Floats:
    known = values[~np.isnan(values)]
    if len(known) <= ddof:
        return np.full_like(values, np.nan)
    deviation = float(known.std(ddof=ddof))
    return np.asarray((values - known.mean()) / (deviation if deviation > 0 else np.nan))
