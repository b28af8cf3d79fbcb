"""Specialisation nodes and performance classes, as the later European tools speak of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats, choose, columns
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.strong.profiles import CUTS
from clusteratlas.measures.strong.quantiles import column_quantiles
from clusteratlas.measures.strong.stars import lowest_of_top

WITHIN = ("all", "cluster")
"""Ranks over all regional clusters together, or among the regions of each cluster."""


@measure("cells")
def specialisation_nodes(
    location_quotient: npt.ArrayLike,
    share_of_region: npt.ArrayLike,
    share_of_nation: npt.ArrayLike | None = None,
    *,
    quotient: float = 1.5,
    relevance: float = 0.01,
    reach: float | None = None,
) -> Floats:
    r"""Return which regional clusters are specialisation nodes: specialised and relevant.

    Definition
    ----------
    1 where :math:`LQ_{rc} \ge q` and :math:`e_{rc} / e_r \ge v`. With ``reach`` only the largest
    of them: in order of their share of the nation, those before which less than that share of the
    cluster's jobs has been collected.

    Parameters
    ----------
    location_quotient
        Regions x clusters (or one column), ratio.
    share_of_region
        Same shape, 0-1.
    share_of_nation
        Same shape, 0-1; asked for with ``reach``.
    quotient
        q. The default is not confirmed by a text at hand: state it beside results.
    relevance
        v; 1 % of the region's jobs is the European typology's.
    reach
        Share of the cluster's jobs in the nation that the nodes shall hold, 0-1. Default: no end.

    Returns
    -------
    numpy.ndarray
        1 (node), 0 (none) or NaN, in the shape of ``location_quotient``.

    Missing data
    ------------
    0 where one figure that is known fails, NaN where that cannot be told. With ``reach``, a cell
    without a share of the nation that would be a node is NaN and is passed over in the order.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that differ, levels that are not positive, ``reach``
        above 1 or without ``share_of_nation``.

    Source
    ------
    European Cluster Panorama 2021 and the typology of regions of the European Cluster
    Collaboration Platform; the panorama's own rule for nodes is not public in the texts at hand.

    Example
    -------
    The first is specialised and relevant, the second only specialised, of the third nobody knows.

    >>> specialisation_nodes([2.0, 2.0, 1.8], [0.05, 0.001, np.nan])
    array([ 1.,  0., nan])
    >>> specialisation_nodes([2, 2, 2], [0.1, 0.1, 0.1], [0.3, 0.1, 0.4], reach=0.5)
    array([1., 0., 1.])
    """
    given = Arguments()
    ratio = given.figures("location_quotient", location_quotient)
    focus = given.figures("share_of_region", share_of_region)
    given.same_shape("location_quotient", ratio, "share_of_region", focus)
    least = given.scalar("quotient", quotient), given.scalar("relevance", relevance)
    size = None if share_of_nation is None else given.figures("share_of_nation", share_of_nation)
    if size is not None:
        given.same_shape("location_quotient", ratio, "share_of_nation", size)
    if reach is not None:
        end = given.scalar("reach", reach)
        given.need(not end > 1, "reach", f"reach is {end}", "a share of the nation's jobs, 0-1")
        given.need(
            size is not None,
            "share_of_nation",
            "share_of_nation is missing",
            "reach asks which nodes are the largest",
        )
    given.check()
    node = ((ratio >= least[0]) & (focus >= least[1])).astype(np.float64)
    fails = (ratio < least[0]) | (focus < least[1])
    node[~fails & (np.isnan(ratio) | np.isnan(focus))] = np.nan
    if reach is None or size is None:
        return node
    table, sizes = columns(node).copy(), columns(size)
    table[(table == 1) & np.isnan(sizes)] = np.nan
    weight = np.where(table == 1, sizes, 0.0)
    order = np.argsort(-weight, axis=0, kind="stable")
    ordered = np.take_along_axis(weight, order, axis=0)
    before = np.empty(table.shape)
    np.put_along_axis(before, order, ordered.cumsum(axis=0) - ordered, axis=0)
    table[(table == 1) & (before >= reach - 1e-12)] = 0.0
    return table.reshape(node.shape)


@measure("cells")
def performance_classes(
    performance: npt.ArrayLike,
    among: npt.ArrayLike | None = None,
    *,
    cuts: tuple[float, float],
    cut: str = "at least",
    within: str = "all",
) -> Floats:
    r"""Return the class of each regional cluster: basic, medium or high performance.

    Definition
    ----------
    2 (high) where the performance passes the second cut, 1 (medium) where it passes the first,
    else 0 (basic). ``"at least"``: at or above the figure. ``"top share"``: rank at most that share
    of the regional clusters compared. ``"quantile"``: at or above the quantile (type 7).

    Parameters
    ----------
    performance
        Regions x clusters (or one column), any unit and sign: productivity, wages, growth or an
        average of them.
    among
        Same shape, true where there is a regional cluster to be classed. Default: everywhere.
    cuts
        For medium and for high.
    cut
        One of ``"at least"``, ``"quantile"`` and ``"top share"``.
    within
        One of ``WITHIN``: what ranks and quantiles are taken over.

    Returns
    -------
    numpy.ndarray
        0, 1, 2 or NaN, in the shape of ``performance``.

    Missing data
    ------------
    NaN where the performance is not known or there is no cluster, or that is not known.

    Raises
    ------
    InvalidInput
        Infinite figures, shapes that differ, cuts in the wrong order.
    CannotAnswer
        Unknown ``cut`` or ``within``.

    Source
    ------
    European Panorama of Clusters and Industrial Change 2020: 2,950 regional clusters, of them 198
    high, 898 medium and 1,854 basic. Its rule is not public in the texts at hand, so there is no
    default; ``cuts=(1096 / 2950, 198 / 2950), cut="top share"`` gives classes of those sizes.

    Example
    -------
    >>> performance_classes([0.9, 1.3, 2.5, np.nan], cuts=(1.1, 2.0))
    array([ 0.,  1.,  2., nan])
    """
    choose("cut", cut, CUTS)
    choose("scope of ranks", within, WITHIN)
    given = Arguments()
    figures = given.figures("performance", performance, signed=True)
    compared = figures
    if among is not None:
        chosen = given.figures("among", among)
        given.flags("among", chosen)
        given.same_shape("performance", figures, "among", chosen)
    ordered = cuts[0] > cuts[1] if cut == "top share" else cuts[0] < cuts[1]
    given.need(
        ordered,
        "cuts",
        f"the cut for medium is {cuts[0]} and for high {cuts[1]}",
        "high must be harder to reach than medium",
    )
    shares = cut == "at least" or all(0 <= level <= 1 for level in cuts)
    given.need(shares, "cuts", f"cuts are {cuts}", f"for {cut}, give shares between 0 and 1")
    given.check()
    if among is not None:
        compared = np.where(chosen == 1, figures, np.nan)
    flat = columns(compared) if within == "cluster" else compared.reshape(-1, 1)
    result = np.zeros(flat.shape)
    for level in cuts:
        if cut == "top share":
            result += flat >= lowest_of_top(flat, ~np.isnan(flat), level)
        elif cut == "quantile":
            result += flat >= column_quantiles(flat, [level])[0]
        else:
            result += flat >= level
    result[np.isnan(flat)] = np.nan
    return result.reshape(figures.shape)
