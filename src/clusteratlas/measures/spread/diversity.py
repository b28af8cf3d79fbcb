"""How many kinds of industry, and how evenly: concentration of shares, entropy, variety."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats, divide
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.spread.distributions import (
    Of,
    by_rows,
    distributions,
    number_or_each,
    there,
)


class RelatedVariety(NamedTuple):
    """Entropy of each region, split in two: between the groups and within them."""

    unrelated: Floats
    related: Floats
    total: Floats


@measure("regions")
def herfindahl_index(
    employment: npt.ArrayLike, *, normalised: bool = False, of: Of = "regions"
) -> Floats:
    r"""Return how far the jobs of each region lie in few industries.

    Definition
    ----------
    .. math:: H = \sum_i p_i^2, \qquad H^* = \frac{H - 1/n}{1 - 1/n}

    with shares p over n industries, those without jobs included.

    Parameters
    ----------
    employment
        Regions x industries, jobs; one dimension is one distribution.
    normalised
        Whether to give H*, which is 0 for equal shares whatever the number of industries.
    of
        ``regions``: each region over the industries. ``industries``: each industry over the
        regions.

    Returns
    -------
    numpy.ndarray
        One for each region (or industry), 1/n to 1, normalised 0-1; a number for one distribution.

    Missing data
    ------------
    A distribution with a withheld cell gives NaN; so does one without jobs, and the normalised
    index of a single industry.

    Raises
    ------
    InvalidInput
        Negative or infinite figures.

    Source
    ------
    A. O. Hirschman (1945); O. C. Herfindahl (1950).

    Example
    -------
    >>> round(float(herfindahl_index([20, 50, 20, 10])), 2)
    0.34
    >>> round(float(herfindahl_index([20, 50, 20, 10], normalised=True)), 2)
    0.12
    """
    return _herfindahl(employment, normalised, of)


@measure("regions")
def equivalent_number(employment: npt.ArrayLike, *, of: Of = "regions") -> Floats:
    r"""Return how many industries of equal size would be as concentrated as each region's.

    Definition
    ----------
    .. math:: N = 1 \Big/ \sum_i p_i^2

    Parameters
    ----------
    employment
        Regions x industries, jobs; one dimension is one distribution.
    of
        As in `herfindahl_index`.

    Returns
    -------
    numpy.ndarray
        One for each region (or industry), 1 to n; a number for one distribution.

    Missing data
    ------------
    As in `herfindahl_index`.

    Raises
    ------
    InvalidInput
        Negative or infinite figures.

    Source
    ------
    M. A. Adelman, Comment on the "H" concentration measure as a numbers-equivalent, Review of
    Economics and Statistics 51 (1969).

    Example
    -------
    >>> round(float(equivalent_number([20, 50, 20, 10])), 2)
    2.94
    """
    return divide(1.0, _herfindahl(employment, False, of))[()]


@measure("regions")
def shannon_entropy(employment: npt.ArrayLike, *, base: float = 2.0, of: Of = "regions") -> Floats:
    r"""Return how evenly the jobs of each region are spread over many industries.

    Definition
    ----------
    .. math:: S = -\sum_i p_i \log p_i, \qquad 0 \log 0 = 0

    Parameters
    ----------
    employment
        Regions x industries, jobs; one dimension is one distribution.
    base
        Base of the logarithm: 2 gives bits, e gives nats.
    of
        As in `herfindahl_index`.

    Returns
    -------
    numpy.ndarray
        One for each region (or industry), 0 to log n; a number for one distribution.

    Missing data
    ------------
    A distribution with a withheld cell gives NaN, and so does one without jobs.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, a base that is not above 1.

    Source
    ------
    C. E. Shannon, A mathematical theory of communication (1948).

    Example
    -------
    One job in two, one in four, one in four: 0.5 x 1 + 2 x 0.25 x 2 bits.

    >>> float(shannon_entropy([2, 1, 1]))
    1.5
    """
    given = Arguments()
    _need_base(given, base)
    table, single = distributions(given, "employment", employment, of)
    return number_or_each(by_rows(_entropy, table) / np.log(base), single)


@measure(dict.fromkeys(("unrelated", "related", "total"), "regions"))
def related_variety(
    employment: npt.ArrayLike,
    *,
    groups: Sequence[Any] | npt.NDArray[Any] | Mapping[Any, Any],
    base: float = 2.0,
) -> RelatedVariety:
    r"""Return how varied each region's industries are, between groups and within them.

    Definition
    ----------
    With p_i an industry's share of the region's jobs and P_g that of its group:

    .. math:: UV = \sum_g P_g \log \frac{1}{P_g}, \qquad
              RV = \sum_g P_g \sum_{i \in g} \frac{p_i}{P_g} \log \frac{P_g}{p_i}

    and UV + RV is the entropy over all industries.

    Parameters
    ----------
    employment
        Regions x industries, jobs; one dimension is one region.
    groups
        The coarser code of each industry (its first two digits, say): one for each industry, or for
        a labelled frame a mapping from industry to code. The result depends on both levels: state
        them.
    base
        Base of the logarithm: 2 gives bits.

    Returns
    -------
    RelatedVariety
        ``unrelated`` (between groups), ``related`` (within groups) and ``total``, one for each
        region, >= 0; numbers for one region.

    Missing data
    ------------
    A region with a withheld cell gives NaN, and so does one without jobs.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, an industry without a group, a base that is not above 1.

    Source
    ------
    K. Frenken, F. Van Oort, T. Verburg, Related variety, unrelated variety and regional economic
    growth, Regional Studies 41 (2007), equations 1 to 4.

    Example
    -------
    Half the jobs in each group (1 bit); the first group is split evenly (half of another bit).

    >>> related_variety([1, 1, 2], groups=["10", "10", "20"])
    RelatedVariety(unrelated=1.0, related=0.5, total=1.5)
    """
    given = Arguments()
    _need_base(given, base)
    read = given.figures("employment", employment)
    codes = _codes(given, groups, read.shape[-1])
    given.check()
    table = np.atleast_2d(read)
    kinds, place = np.unique(codes, return_inverse=True)
    member = np.zeros((len(codes), len(kinds)))
    member[np.arange(len(codes)), place] = 1.0
    unit = np.log(base)
    total = by_rows(_entropy, table) / unit
    unrelated = by_rows(lambda rows: _entropy(rows @ member), table) / unit
    related = np.maximum(total - unrelated, 0.0)
    if read.ndim == 1:
        return RelatedVariety(*(float(part[0]) for part in (unrelated, related, total)))  # type: ignore[arg-type]
    return RelatedVariety(unrelated, related, total)


def _herfindahl(employment: npt.ArrayLike, normalised: bool, of: Of) -> Floats:
    given = Arguments()
    table, single = distributions(given, "employment", employment, of)

    def squares(rows: Floats) -> Floats:
        return divide(np.einsum("ri,ri->r", rows, rows), rows.sum(axis=1) ** 2)

    index = by_rows(squares, table)
    if normalised:
        kinds = table.shape[1]
        index = (index - 1 / kinds) / (1 - 1 / kinds) if kinds > 1 else np.full_like(index, np.nan)
    return number_or_each(index, single)


def _entropy(rows: Floats) -> Floats:
    total = rows.sum(axis=1)
    row, jobs = there(rows)
    shares = jobs / total[row]
    added = np.bincount(row, shares * np.log(shares), len(rows))
    return np.where(total > 0, 0.0 - added, np.nan)


def _need_base(given: Arguments, base: float) -> None:
    given.need(base > 1, "base", f"base is {base}", "give a base above 1: 2 for bits")


def _codes(
    given: Arguments, groups: Sequence[Any] | npt.NDArray[Any] | Mapping[Any, Any], width: int
) -> list[str]:
    by_name = isinstance(groups, Mapping)
    given.need(
        not by_name,
        "groups",
        "groups is a mapping that does not name every industry of the table",
        "give the coarser code of each industry by its label, or in the order of the columns",
    )
    codes = [""] * width if by_name else list(groups)
    given.need(
        len(codes) == width,
        "groups",
        f"groups holds {len(codes)} codes for {width} industries",
        "give the coarser code of each industry, in the order of the columns",
    )
    for place, code in enumerate(codes, start=1):
        missing = code is None or code != code  # NaN  # noqa: PLR0124
        given.need(not missing, "groups", f"industry {place} has no group", "give every code")
    return [str(code) for code in codes]
