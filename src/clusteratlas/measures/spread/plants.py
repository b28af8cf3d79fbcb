"""From plants to the tables that measures of concentration need, and how large the plants are."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats, columns, divide
from clusteratlas.measures.labelled import measure

Labels = Sequence[Any] | npt.NDArray[Any]


class PlantTable(NamedTuple):
    """Plants counted into regions x industries, and the size structure of each industry."""

    employment: Floats
    plants: Floats
    plant_herfindahl: Floats
    regions: tuple[Hashable, ...]
    industries: tuple[Hashable, ...]


class HerfindahlBounds(NamedTuple):
    """What size classes tell about a plant Herfindahl: the least, the best guess, the most."""

    low: Floats
    best: Floats
    high: Floats


@measure({"employment": "cells", "plants": "cells", "plant_herfindahl": "industries"})
def plant_table(employment: npt.ArrayLike, *, region: Labels, industry: Labels) -> PlantTable:
    r"""Return the regions x industries tables of a list of plants.

    Definition
    ----------
    With z_k the jobs of plant k:

    .. math:: e_{ri} = \sum_{k \in r,i} z_k, \quad n_{ri} = |\{k \in r,i\}|, \quad
              H_i = \sum_{k \in i} (z_k / e_i)^2

    Parameters
    ----------
    employment
        z_k: jobs of each plant.
    region, industry
        Where each plant is and what it does, one label for each plant.

    Returns
    -------
    PlantTable
        ``employment`` (jobs) and ``plants`` (count), regions x industries; ``plant_herfindahl``,
        one for each industry; ``regions`` and ``industries``, the labels of rows and columns in
        sorted order.

    Missing data
    ------------
    Refused: leave a plant out, or say how large it is.

    Raises
    ------
    InvalidInput
        Negative, infinite or unknown figures, labels that are missing or do not fit.

    Source
    ------
    Elementary.

    Example
    -------
    >>> found = plant_table([30, 10, 60], region=["b", "a", "b"], industry=["x", "x", "y"])
    >>> found.employment
    array([[10.,  0.],
           [30., 60.]])
    >>> found.plant_herfindahl
    array([0.625, 1.   ])
    """
    given = Arguments()
    jobs = given.figures("employment", employment)
    given.need(jobs.ndim == 1, "employment", "employment is no list of plants", "one dimension")
    given.known("employment", jobs)
    regions, row = _labels(given, "region", region, len(jobs))
    industries, column = _labels(given, "industry", industry, len(jobs))
    given.check()
    shape = (len(regions), len(industries))
    cell = row * shape[1] + column
    table = _added(cell, jobs, shape)
    plants = _added(cell, np.ones(len(cell)), shape)
    squares = np.bincount(column, jobs * jobs, shape[1])
    return PlantTable(table, plants, divide(squares, table.sum(axis=0) ** 2), regions, industries)


@measure("industries")
def plant_herfindahl(employment: npt.ArrayLike, *, industry: Labels | None = None) -> Floats:
    r"""Return how far the jobs of each industry lie in few plants.

    Definition
    ----------
    .. math:: H_i = \sum_{k \in i} (z_k / e_i)^2

    Parameters
    ----------
    employment
        z_k: jobs of each plant.
    industry
        What each plant does. Default: all are of one industry.

    Returns
    -------
    numpy.ndarray
        One for each industry in the sorted order of its labels, 0-1; a number without ``industry``.

    Missing data
    ------------
    Refused: leave a plant out, or say how large it is. An industry without jobs gives NaN.

    Raises
    ------
    InvalidInput
        Negative, infinite or unknown figures, labels that are missing or do not fit.

    Source
    ------
    G. Ellison, E. L. Glaeser, Geographic concentration in U.S. manufacturing industries: a
    dartboard approach, Journal of Political Economy 105 (1997), section III.

    Example
    -------
    >>> float(plant_herfindahl([30, 10]))
    0.625
    """
    jobs = np.asarray(employment)
    one = industry is None
    labels: Labels = ["all"] * jobs.size if industry is None else industry
    found = plant_table(employment, region=["all"] * jobs.size, industry=labels).plant_herfindahl
    if not one:
        return found
    return found[0] if len(found) else np.float64(np.nan)  # type: ignore[return-value]


@measure({"low": "industries", "best": "industries", "high": "industries"})
def plant_herfindahl_from_sizes(
    establishments: npt.ArrayLike,
    employment: npt.ArrayLike,
    *,
    least: npt.ArrayLike,
    most: npt.ArrayLike,
) -> HerfindahlBounds:
    r"""Return what counts of plants by size class tell about each industry's plant Herfindahl.

    Definition
    ----------
    Over all sizes z that the classes and the known sum of jobs allow,

    .. math:: H = \sum_k (z_k / e)^2, \quad l_c \le z_k \le u_c, \quad \sum_k z_k = e

    ``low`` is the minimum: all plants as near one common size as their classes let them. ``high``
    is not below the maximum: jobs beyond the lower ends go to the largest classes first; it is
    exact where no plant is left between the ends of its class. ``best`` puts the plants of every
    class evenly around one point of it, the same fraction of the way through all classes, such that
    the jobs add up; the mean of an open class is what the midpoints of the others leave.

    Parameters
    ----------
    establishments
        Size classes x industries, count of plants; one dimension is one industry.
    employment
        e: all jobs of each industry, one for each industry (a number for one industry).
    least, most
        l_c and u_c: the smallest and the largest size in each class, jobs; ``most`` is infinite
        (or NaN) for an open class. In County Business Patterns the smallest class starts at 0.

    Returns
    -------
    HerfindahlBounds
        ``low``, ``best`` and ``high``, one for each industry, 0-1; numbers for one industry.

    Missing data
    ------------
    An industry with an unknown count or sum gives NaN, and so does one without plants or jobs, and
    one whose jobs its classes do not allow (noise in the figures): the bounds would be guesses.

    Raises
    ------
    InvalidInput
        Negative figures, shapes that do not fit, a class whose ends are in the wrong order.

    Source
    ------
    Bounds by this project; the problem: R. Schmalensee, Using the H-index of concentration with
    published data, Review of Economics and Statistics 59 (1977).

    Example
    -------
    Two plants of 1 to 5 jobs and one of 10 to 20, 20 jobs in all. Most alike: 5, 5, 10; most
    unlike: 1, 1, 18.

    >>> found = plant_herfindahl_from_sizes([2, 1], 20, least=[1, 10], most=[5, 20])
    >>> [round(float(end), 4) for end in (found.low, found.high)]
    [0.375, 0.815]
    >>> (5**2 + 5**2 + 10**2) / 20**2, (1 + 1 + 18**2) / 20**2
    (0.375, 0.815)
    """
    given = Arguments()
    read = given.figures("establishments", establishments)
    counts = columns(read)
    classes, width = counts.shape
    jobs = given.vector("employment", employment, width, "industry")
    low_end = given.vector("least", least, classes, "size class")
    top = np.asarray(most, dtype=np.float64)
    top = np.where(np.isnan(top), np.inf, top)
    fits = top.shape == (classes,)
    given.need(fits, "most", f"most has shape {top.shape}", "give one figure for each size class")
    if fits:
        ordered = bool(np.all(top >= low_end))
        given.need(ordered, "most", "most is below least", "give the upper end of each class")
    given.check()

    usable = (jobs > 0) & ~np.isnan(counts).any(axis=0)
    total = np.where(usable, jobs, 1.0)
    number = np.where(usable, counts, 0.0)
    least_jobs = (number * low_end[:, None]).sum(axis=0)
    # No plant can hold more than what the lower ends of all others leave.
    spare = total - least_jobs
    ends = low_end[:, None] + np.clip(top[:, None] - low_end[:, None], 0.0, np.maximum(spare, 0.0))
    slack = 1e-12 * total
    allowed = (spare >= -slack) & ((number * ends).sum(axis=0) >= total - slack)
    usable &= allowed & (number.sum(axis=0) > 0)

    square = total**2
    lowest = _least_squares(number, total, low_end, ends) / square
    highest = np.maximum(_most_squares(number, spare, low_end, ends) / square, lowest)
    middle = np.clip(_even_squares(number, total, low_end, top, ends) / square, lowest, highest)
    found = (np.where(usable, part, np.nan) for part in (lowest, middle, highest))
    if read.ndim == 1:
        return HerfindahlBounds(*(part[0] for part in found))
    return HerfindahlBounds(*found)


def _least_squares(number: Floats, total: Floats, low: Floats, ends: Floats) -> Floats:
    """Sum of squares with every plant as near one size as its class allows."""
    levels = np.sort(np.concatenate((np.broadcast_to(low[:, None], ends.shape), ends)), axis=0)
    sums = np.stack([(number * np.clip(level, low[:, None], ends)).sum(axis=0) for level in levels])
    above = np.clip((sums < total).sum(axis=0), 1, len(levels) - 1)
    each = np.arange(len(total))
    from_sum, to_sum = sums[above - 1, each], sums[above, each]
    part = np.nan_to_num(divide(total - from_sum, to_sum - from_sum))
    level = levels[above - 1, each] + part * (levels[above, each] - levels[above - 1, each])
    sizes = np.clip(level, low[:, None], ends)
    return np.asarray((number * sizes**2).sum(axis=0))


def _most_squares(number: Floats, spare: Floats, low: Floats, ends: Floats) -> Floats:
    """Sum of squares with the spare jobs in the classes where a job adds most."""
    squares = (number * low[:, None] ** 2).sum(axis=0)
    left = np.maximum(spare, 0.0)
    gain = low[:, None] + ends
    order = np.argsort(-gain, axis=0, kind="stable")
    each = np.arange(len(spare))
    for place in order:
        room = number[place, each] * (ends[place, each] - low[place])
        taken = np.minimum(room, left)
        squares = squares + taken * gain[place, each]
        left = left - taken
    return np.asarray(squares)


def _even_squares(number: Floats, total: Floats, low: Floats, top: Floats, ends: Floats) -> Floats:
    """Sum of squares with the plants of each class spread evenly around one point of it."""
    start = low[:, None]
    is_open = np.isinf(top)
    closed = np.where(is_open, low, top)
    middle = np.where(is_open[:, None], 0.0, number * ((low + closed) / 2)[:, None]).sum(axis=0)
    count = number[is_open].sum(axis=0)
    rest = np.nan_to_num(divide(total - middle, count))
    end = np.where(is_open[:, None], np.maximum(2 * rest - start, start), closed[:, None])
    room = (number * (end - start)).sum(axis=0)
    part = np.clip(np.nan_to_num(divide(total - (number * start).sum(axis=0), room)), 0.0, 1.0)
    size = start + part * (end - start)
    reach = np.minimum(size - start, end - size)
    reach = np.where(is_open[:, None], 0.0, reach)
    return np.asarray((number * (size**2 + reach**2 / 3)).sum(axis=0))


def plants_as_table(
    given: Arguments,
    employment: npt.ArrayLike,
    reference: object,
    region: Labels | None,
    industry: Labels | None,
) -> tuple[Floats, Floats | None, Floats, bool] | None:
    """Return table, regions' sizes, plant Herfindahl and whether there is one industry only.

    None where the call is not about plants. The sizes are a mapping from region to jobs, which may
    name regions that have no plant.
    """
    if region is None and industry is None:
        return None
    if region is None:
        given.need(False, "region", "region is missing", "say where each plant is")
        given.check()
        return None
    labels: Labels = ["all"] * len(region) if industry is None else industry
    found = plant_table(employment, region=region, industry=labels)
    if reference is None:
        return found.employment, None, found.plant_herfindahl, industry is None
    if not isinstance(reference, Mapping):
        given.need(
            False,
            "reference",
            "reference does not say which region is which",
            "with plants, give a mapping from each region to its size: {'R1': 500, 'R2': 400}",
        )
        given.check()
        return None
    lost = [str(one) for one in found.regions if one not in reference]
    given.need(not lost, "reference", f"reference lacks the regions {lost}", "give their size")
    given.check()
    sizes = given.vector("reference", list(reference.values()), len(reference), "region")
    given.known("reference", sizes)
    given.check()
    place = {label: number for number, label in enumerate(reference)}
    table = np.zeros((len(place), found.employment.shape[1]))
    table[[place[label] for label in found.regions]] = found.employment
    return table, sizes, found.plant_herfindahl, industry is None


def _added(cell: npt.NDArray[np.intp], values: Floats, shape: tuple[int, int]) -> Floats:
    total = np.bincount(cell, values, shape[0] * shape[1])
    return np.asarray(total.reshape(shape), dtype=np.float64)


def _labels(
    given: Arguments, name: str, labels: Labels, length: int
) -> tuple[tuple[Hashable, ...], npt.NDArray[np.intp]]:
    read = np.asarray(labels)
    given.need(
        read.shape == (length,),
        name,
        f"{name} has {read.size} labels for {length} plants",
        "give one label for each plant",
    )
    if read.dtype.kind == "O":
        missing = np.array([one is None or one != one for one in read.ravel()], dtype=bool)  # noqa: PLR0124
    else:
        missing = np.isnan(read) if read.dtype.kind == "f" else np.zeros(1, dtype=bool)
    given.need(not missing.any(), name, f"a plant has no {name}", "leave the plant out")
    if read.shape != (length,) or missing.any():
        return (), np.zeros(length, dtype=np.intp)
    kinds, place = np.unique(
        read if read.dtype.kind != "O" else read.astype(str), return_inverse=True
    )
    return tuple(kinds.tolist()), place
