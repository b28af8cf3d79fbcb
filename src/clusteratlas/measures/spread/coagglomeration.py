"""Which industries lie near which: pairs and groups of industries over the same regions."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats, choose, divide
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.spread.distributions import compared
from clusteratlas.measures.spread.plants import Labels


class GroupCoagglomeration(NamedTuple):
    """Coagglomeration within each group of industries."""

    gamma: Floats
    groups: tuple[Hashable, ...]


@measure("pairs")
def coagglomeration(
    employment: npt.ArrayLike,
    reference: npt.ArrayLike | None = None,
    *,
    size: Literal["jobs", "mean share"] = "jobs",
    diagonal: float | None = None,
) -> Floats:
    r"""Return how near each pair of industries lies, all pairs at once.

    Definition
    ----------
    With shares s of the industries and x of all jobs in region r:

    .. math:: \gamma^c_{ij} = \frac{\sum_r (s_{ri} - x_r)(s_{rj} - x_r)}{1 - \sum_r x_r^2}

    0 is what industries that choose their places independently give on average. The sizes of plants
    do not enter. All pairs are one matrix product.

    Parameters
    ----------
    employment
        e_ri: regions x industries, jobs.
    reference
        X_r: size of each region. Default: as ``size`` says.
    size
        Without ``reference``: ``jobs``, the row sums, as Ellison and Glaeser have it; ``mean
        share``, the mean of s_ri over the industries, so that every industry counts alike, as
        Ellison, Glaeser and Kerr have it.
    diagonal
        Value of an industry with itself. Default: the formula, G_i / (1 - sum of x squared), which
        measures concentration with the plants in it and no coagglomeration.

    Returns
    -------
    numpy.ndarray
        Industries x industries, symmetric; about 1 for two in one region alone, below 0 for two
        that keep apart.

    Missing data
    ------------
    With ``reference``, pairs of an industry with a withheld cell are NaN. Without it one withheld
    cell would spoil every pair, and the call is refused. Pairs of an industry without jobs are NaN,
    and all pairs where there is one region.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, one dimension, shapes that do not fit, unknown cells as said
        above.
    CannotAnswer
        Unknown ``size``.

    Source
    ------
    G. Ellison, E. L. Glaeser, W. R. Kerr, What causes industry agglomeration? Evidence from
    coagglomeration patterns, American Economic Review 100 (2010), equation 1.

    Example
    -------
    Two like regions; the first two industries lie in the one, the third in the other.

    >>> coagglomeration([[10, 5, 0], [0, 0, 15]])
    array([[ 1.,  1., -1.],
           [ 1.,  1., -1.],
           [-1., -1.,  1.]])
    """
    choose("size of a region", size, ("jobs", "mean share"))
    apart, sizes, jobs = _apart(employment, reference, size)
    empty = ~(jobs > 0)
    spread = 1.0 - sizes @ sizes
    pairs = apart.T @ apart
    pairs *= divide(1.0, spread)
    pairs[empty] = np.nan
    pairs[:, empty] = np.nan
    if diagonal is not None:
        np.fill_diagonal(pairs, diagonal)
    return pairs


def _apart(
    employment: npt.ArrayLike, reference: npt.ArrayLike | None, size: str
) -> tuple[Floats, Floats, Floats]:
    """Return each industry's shares less the regions', these, and each industry's jobs."""
    given = Arguments()
    table, sizes, single = compared(given, employment, reference, "region")
    given.need(not single, "employment", "employment is no table", "give regions x industries")
    given.check()
    jobs = table.sum(axis=0)
    empty = ~(jobs > 0)
    apart = np.divide(table, np.where(empty, 1.0, jobs), order="C")
    if empty.any():
        apart[:, empty] = 0.0
    if reference is None and size == "mean share":
        sizes = divide(apart.sum(axis=1), np.count_nonzero(~empty))
    apart -= sizes[:, None]
    return apart, sizes, jobs


@measure("plain")
def group_coagglomeration(
    employment: npt.ArrayLike,
    reference: npt.ArrayLike | None = None,
    *,
    groups: Labels | None = None,
) -> Floats | GroupCoagglomeration:
    r"""Return how near the industries of a group lie to one another.

    Definition
    ----------
    With w_j the share of industry j in the group's jobs, G that of the group as a whole and
    :math:`\gamma_j`, :math:`H_j` concentration and plant Herfindahl of its industries:

    .. math:: \gamma^c = \frac{G / (1 - \sum_r x_r^2) - H - \sum_j w_j^2 \gamma_j (1 - H_j)}
              {1 - \sum_j w_j^2}, \qquad H = \sum_j w_j^2 H_j

    As :math:`\gamma_j (1 - H_j) = G_j / (1 - \sum_r x_r^2) - H_j`, the sizes of plants cancel:

    .. math:: \gamma^c = \frac{G - \sum_j w_j^2 G_j}{(1 - \sum_r x_r^2)(1 - \sum_j w_j^2)}

    which is the mean of `coagglomeration` over the pairs, weighted by w_i w_j. It is computed so,
    and no sizes of plants are asked for.

    Parameters
    ----------
    employment
        e_ri: regions x industries, jobs.
    reference
        X_r: size of each region. Default: the row sums of the whole table.
    groups
        The group of each industry. Default: all industries are one group.

    Returns
    -------
    float or GroupCoagglomeration
        A number for one group; else ``gamma``, one for each group, and ``groups``, their labels in
        sorted order.

    Missing data
    ------------
    With ``reference``, a group with a withheld cell is NaN. Without it one withheld cell would
    spoil all, and the call is refused. NaN also for a group of fewer than two industries with jobs.

    Raises
    ------
    InvalidInput
        As in `coagglomeration`; groups that do not fit.

    Source
    ------
    G. Ellison, E. L. Glaeser, Geographic concentration in U.S. manufacturing industries: a
    dartboard approach, Journal of Political Economy 105 (1997), section VI.

    Example
    -------
    The only pair is together: the mean is that pair's value.

    >>> float(group_coagglomeration([[10, 5], [0, 0]], [1, 1]))
    1.0
    """
    given = Arguments()
    apart, sizes, jobs = _apart(employment, reference, "jobs")
    labels = np.zeros(len(jobs), dtype=int) if groups is None else np.asarray(groups)
    given.need(
        labels.shape == jobs.shape,
        "groups",
        f"groups holds {labels.size} labels for {jobs.size} industries",
        "give the group of each industry, in the order of the columns",
    )
    missing = [one is None or one != one for one in labels.ravel()]  # NaN  # noqa: PLR0124
    given.need(not any(missing), "groups", "an industry has no group", "give every code")
    given.check()
    kinds, place = np.unique(
        labels if labels.dtype.kind != "O" else labels.astype(str), return_inverse=True
    )
    member = np.zeros((len(jobs), len(kinds)))
    member[np.arange(len(jobs)), place] = jobs
    weights = divide(member, member.sum(axis=0))
    unknown = np.isnan(member.sum(axis=0))
    weights = np.nan_to_num(weights)
    whole = apart @ weights
    # A group's shares are the weighted mean of its industries', so G is a square of this mean.
    own = (weights**2).T @ np.einsum("ri,ri->i", apart, apart)
    together = np.einsum("rg,rg->g", whole, whole) - own
    others = 1.0 - np.einsum("jg,jg->g", weights, weights)
    others[unknown | (np.count_nonzero(weights, axis=0) < 2)] = np.nan
    gamma = divide(divide(together, others), 1.0 - sizes @ sizes)
    if groups is None:
        return gamma[0] if len(gamma) else np.float64(np.nan)  # type: ignore[return-value]
    return GroupCoagglomeration(gamma, tuple(kinds.tolist()))


@measure("pairs")
def colocation(establishments: npt.ArrayLike) -> Floats:
    r"""Return the share of cross-industry pairs of plants that lie in the same region.

    Definition
    ----------
    .. math:: CL_{ij} = \frac{\sum_r n_{ri} n_{rj}}{n_i n_j} \quad (i \ne j), \qquad
              CL_{ii} = \frac{\sum_r n_{ri} (n_{ri} - 1)}{n_i (n_i - 1)}

    Parameters
    ----------
    establishments
        n_ri: regions x industries, count of plants. Jobs instead weight each pair of plants by the
        product of their jobs; the diagonal then says nothing.

    Returns
    -------
    numpy.ndarray
        Industries x industries, symmetric, 0-1.

    Missing data
    ------------
    Pairs of an industry with a withheld cell are NaN, and so are those of an industry without
    plants, and an industry of one plant with itself.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, one dimension.

    Source
    ------
    E. Howard, C. Newman, F. Tarp, Measuring industry coagglomeration and identifying the driving
    forces, Journal of Economic Geography 16 (2016), equation 1.

    Example
    -------
    Two plants of the first and two of the second in X, one of each in Y: 5 of 9 pairs.

    >>> colocation([[2, 2], [1, 1]]).round(4)
    array([[0.3333, 0.5556],
           [0.5556, 0.3333]])
    """
    table = _plants(establishments)
    return _colocation(table, _together(table))


@measure("pairs")
def excess_colocation(
    establishments: npt.ArrayLike, *, among: Literal["all", "pair"] = "all"
) -> Floats:
    r"""Return how much more often plants of two industries share a region than by chance.

    Definition
    ----------
    .. math:: XCL_{ij} = CL_{ij} - E[CL_{ij}]

    where the plants keep their places and their industries are dealt out anew at random. With n_r
    plants in region r and n in all, any two plants are then together with probability

    .. math:: E[CL] = \frac{\sum_r n_r (n_r - 1)}{n (n - 1)}

    the exact mean that simulations draw near to; no random numbers are needed.

    Parameters
    ----------
    establishments
        n_ri: regions x industries, count of plants.
    among
        Whose places are dealt out: ``all`` plants, or only those of the ``pair`` at hand, as
        `howard.xcl` of the R package REAT has it.

    Returns
    -------
    numpy.ndarray
        Industries x industries, symmetric, -1 to 1.

    Missing data
    ------------
    Among all, one withheld cell would spoil every pair, and the call is refused. Among the pair, as
    in `colocation`.

    Raises
    ------
    InvalidInput
        As in `colocation`; unknown cells as said above.
    CannotAnswer
        Unknown ``among``.

    Source
    ------
    E. Howard, C. Newman, F. Tarp, Measuring industry coagglomeration and identifying the driving
    forces, Journal of Economic Geography 16 (2016), equation 2.

    Example
    -------
    Four plants in X and two in Y: 14 of 30 ordered pairs are together.

    >>> excess_colocation([[2, 2], [1, 1]]).round(4)
    array([[-0.1333,  0.0889],
           [ 0.0889, -0.1333]])
    """
    choose("set of plants", among, ("all", "pair"))
    table = _plants(establishments, known=among == "all")
    together = _together(table)
    found = _colocation(table, together)
    count = table.sum(axis=0)
    if among == "all":
        regions = table.sum(axis=1)
        chance = divide((regions * (regions - 1)).sum(), count.sum() * (count.sum() - 1))
        return np.asarray(found - chance)
    # Squares of the two counts added up follow from the same product.
    own = np.diag(together)
    both = count[:, None] + count
    squares = own[:, None] + own + 2 * together
    chance = divide(squares - both, both * (both - 1))
    np.fill_diagonal(chance, np.diag(divide(together - np.diag(count), np.outer(count, count - 1))))
    return np.asarray(found - chance)


def _plants(establishments: npt.ArrayLike, *, known: bool = False) -> Floats:
    given = Arguments()
    read = given.figures("establishments", establishments)
    given.need(
        read.ndim == 2 or not read.size,
        "establishments",
        "establishments has one dimension",
        "give regions x industries",
    )
    if known:
        given.known("establishments", read)
    given.check()
    return read if read.ndim == 2 else read.reshape(0, 0)


def _together(table: Floats) -> Floats:
    return np.asarray(table.T @ table)


def _colocation(table: Floats, together: Floats) -> Floats:
    count = table.sum(axis=0)
    found = divide(together, np.outer(count, count))
    own = divide(np.diag(together) - count, count * (count - 1))
    np.fill_diagonal(found, own)
    return found
