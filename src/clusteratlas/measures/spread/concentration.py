"""Whether an industry lies closer together than its plants would by chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats, columns, divide
from clusteratlas.measures.frames import LabelledFigures
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.spread.distributions import blocks, compared
from clusteratlas.measures.spread.plants import HerfindahlBounds, Labels, plants_as_table


class Concentration(NamedTuple):
    """Concentration of each industry beyond that of its plants."""

    gamma: Floats
    low: Floats
    """The least that the plants' sizes allow; ``gamma`` where they are known."""
    high: Floats
    raw: Floats
    """Geographic concentration before plants are taken out."""
    plant_herfindahl: Floats


FIELDS: dict[str, Any] = dict.fromkeys(Concentration._fields, "industries")


@measure(FIELDS)
def ellison_glaeser(
    employment: npt.ArrayLike,
    reference: npt.ArrayLike | Mapping[Any, float] | None = None,
    *,
    plant_herfindahl: npt.ArrayLike | HerfindahlBounds | None = None,
    region: Labels | None = None,
    industry: Labels | None = None,
) -> Concentration:
    r"""Return how much closer each industry lies than its plants would if thrown like darts.

    Definition
    ----------
    With shares s of the industry and x of all jobs in region r, and H the Herfindahl of its plants:

    .. math:: \gamma_i = \frac{G_i / (1 - \sum_r x_r^2) - H_i}{1 - H_i}, \qquad
              G_i = \sum_r (s_{ri} - x_r)^2

    0 is what plants that choose their place independently give on average.

    Parameters
    ----------
    employment
        e_ri: regions x industries, jobs, with ``plant_herfindahl``; or the jobs of each plant, one
        dimension, with ``region`` (and ``industry``).
    reference
        X_r: size of each region. Default: the row sums of all that is given. With plants a mapping
        from region to size.
    plant_herfindahl
        H_i, one for each industry (a number for one industry), from `plant_herfindahl`; or the
        bounds of `plant_herfindahl_from_sizes`.
    region, industry
        Where each plant is and what it does. Default of ``industry``: all do the same.

    Returns
    -------
    Concentration
        ``gamma``, below 0 for industries that spread out, about 1 for one in a single region (more
        where that is small); ``low`` and ``high``, its
        ends where ``plant_herfindahl`` has bounds; ``raw`` (G); ``plant_herfindahl``. One for each
        industry; with plants in the sorted order of their labels; numbers for one industry.

    Missing data
    ------------
    An industry with a withheld cell gives NaN. Without ``reference`` one withheld cell would spoil
    every industry, and the call is refused. NaN also for an industry without jobs, for one of a
    single plant (H = 1), which cannot be close to itself, and for a single region.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes and labels that do not fit, neither plants nor
        ``plant_herfindahl``.

    Source
    ------
    G. Ellison, E. L. Glaeser, Geographic concentration in U.S. manufacturing industries: a
    dartboard approach, Journal of Political Economy 105 (1997), equation 5.

    Example
    -------
    Four like plants, three of them in the first of two like regions: G = 2 x 0.25^2 = 0.125 and
    H = 0.25, so (0.125 / 0.5 - 0.25) / 0.75.

    >>> found = ellison_glaeser([75, 25], [1, 1], plant_herfindahl=0.25)
    >>> float(found.raw), float(found.gamma)
    (0.125, 0.0)
    >>> plants = ellison_glaeser([25] * 4, {"a": 1, "b": 1}, region=["a", "a", "a", "b"])
    >>> float(plants.gamma)
    0.0
    """
    return _concentration(_apart_squared, employment, reference, plant_herfindahl, region, industry)


@measure(FIELDS)
def maurel_sedillot(
    employment: npt.ArrayLike,
    reference: npt.ArrayLike | Mapping[Any, float] | None = None,
    *,
    plant_herfindahl: npt.ArrayLike | HerfindahlBounds | None = None,
    region: Labels | None = None,
    industry: Labels | None = None,
) -> Concentration:
    r"""Return how likely two plants of an industry share a region, beyond chance.

    Definition
    ----------
    .. math:: \hat\gamma_i = \frac{G_i - H_i}{1 - H_i}, \qquad
              G_i = \frac{\sum_r s_{ri}^2 - \sum_r x_r^2}{1 - \sum_r x_r^2}

    Like `ellison_glaeser`, but squares are taken before the difference: an industry in regions that
    are small in all jobs counts as less concentrated.

    Parameters
    ----------
    employment, reference, plant_herfindahl, region, industry
        As in `ellison_glaeser`. One over the industry's jobs as ``plant_herfindahl`` takes each job
        for a plant.

    Returns
    -------
    Concentration
        As in `ellison_glaeser`.

    Missing data
    ------------
    As in `ellison_glaeser`.

    Raises
    ------
    InvalidInput
        As in `ellison_glaeser`.

    Source
    ------
    F. Maurel, B. Sédillot, A measure of the geographic concentration in French manufacturing
    industries, Regional Science and Urban Economics 29 (1999), equation 7.

    Example
    -------
    Shares 3/4 and 1/4 of two like regions: (0.625 - 0.5) / 0.5 = 0.25, all of it chance with four
    like plants.

    >>> found = maurel_sedillot([75, 25], [1, 1], plant_herfindahl=0.25)
    >>> float(found.raw), float(found.gamma)
    (0.25, 0.0)
    """
    return _concentration(_squares_apart, employment, reference, plant_herfindahl, region, industry)


Raw = Callable[[Floats, Floats], tuple[Floats, Floats]]
"""From jobs and the regions' shares to G as printed, and as it enters gamma."""


def _apart_squared(table: Floats, sizes: Floats) -> tuple[Floats, Floats]:
    jobs = table.sum(axis=0)
    total = np.where(jobs > 0, jobs, np.nan)
    raw = np.zeros(table.shape[1])
    for block in blocks(*table.shape):
        apart = table[block] / total
        apart -= sizes[block, None]
        raw += np.einsum("ri,ri->i", apart, apart)
    return raw, divide(raw, 1.0 - sizes @ sizes)


def _squares_apart(table: Floats, sizes: Floats) -> tuple[Floats, Floats]:
    jobs = table.sum(axis=0)
    squares = divide(np.einsum("ri,ri->i", table, table), jobs * jobs)
    chance = sizes @ sizes
    raw = divide(squares - chance, 1.0 - chance)
    return raw, raw


def _concentration(
    raw_of: Raw,
    employment: npt.ArrayLike,
    reference: Any,
    herfindahl: npt.ArrayLike | HerfindahlBounds | None,
    region: Labels | None,
    industry: Labels | None,
) -> Concentration:
    given = Arguments()
    plants = plants_as_table(given, employment, reference, region, industry)
    if plants is None:
        given.need(
            herfindahl is not None,
            "plant_herfindahl",
            "plant_herfindahl is missing",
            "give it for each industry, or the plants themselves with region and industry",
        )
        table, sizes, single = compared(given, employment, reference, "region")
        bounds = _bounds(given, herfindahl, table.shape[1], employment)
    else:
        given.need(
            herfindahl is None,
            "plant_herfindahl",
            "plant_herfindahl is given and follows from the plants",
            "leave it out",
        )
        given.check()
        table, own, exact, single = plants
        all_sizes = table.sum(axis=1) if own is None else own
        sizes = divide(all_sizes, all_sizes.sum())
        bounds = HerfindahlBounds(exact, exact, exact)
    raw, scaled = raw_of(table, sizes)
    one, best, other = (_beyond(scaled, bound) for bound in bounds)
    low, high = np.minimum(one, other), np.maximum(one, other)
    parts = (best, low, high, raw, np.array(bounds.best))
    return Concentration(*(part[0] for part in parts) if single else parts)


def _beyond(scaled: Floats, herfindahl: Floats) -> Floats:
    one_plant = herfindahl >= 1.0 - 1e-12
    return divide(scaled - herfindahl, np.where(one_plant, np.nan, 1.0 - herfindahl))


def _aligned(bound: Any, employment: object) -> Any:
    """Return a bound in the order of the table's industries where both are labelled."""
    native = nw.from_native(bound, allow_series=True, pass_through=True)
    if isinstance(employment, LabelledFigures) and isinstance(native, nw.Series):
        return employment.aligned(native, "plant_herfindahl")
    return np.asarray(bound)


def _bounds(given: Arguments, herfindahl: Any, width: int, employment: object) -> HerfindahlBounds:
    names = ("low", "best", "high")
    if isinstance(herfindahl, HerfindahlBounds):
        values = [_aligned(getattr(herfindahl, name), employment) for name in names]
    else:
        values = [np.asarray(herfindahl)] * 3
    read = [given.vector("plant_herfindahl", value, width, "industry") for value in values]
    for value in read[:1] if not isinstance(herfindahl, HerfindahlBounds) else read:
        given.need(
            not (value > 1.0 + 1e-12).any(),
            "plant_herfindahl",
            "plant_herfindahl is above 1",
            "it is the sum of squared shares",
        )
    given.check()
    return HerfindahlBounds(*read)


@measure("cells")
def litzenberger_sternberg(
    employment: npt.ArrayLike,
    establishments: npt.ArrayLike,
    *,
    area: npt.ArrayLike,
    population: npt.ArrayLike,
) -> Floats:
    r"""Return the cluster index of Litzenberger and Sternberg.

    Definition
    ----------
    The industry's density on the land, times its jobs per inhabitant, times the number of its firms
    against its jobs, each over that of all regions:

    .. math:: CI_{ri} = \frac{e_{ri} / a_r}{e_i / a} \cdot \frac{e_{ri} / p_r}{e_i / p} \cdot
              \frac{b_{ri} / b_i}{e_{ri} / e_i}

    Parameters
    ----------
    employment
        e_ri: regions x industries, jobs; one dimension is one industry. The regions must cover the
        whole area, whose sums e_i, a, p and b_i are taken.
    establishments
        b_ri: same shape, count of firms.
    area, population
        a_r and p_r: land (any unit) and people of each region.

    Returns
    -------
    numpy.ndarray
        In the shape of ``employment``, >= 0; 1 is the mean region. Not bounded above, and not
        comparable between sets of regions.

    Missing data
    ------------
    An industry with a withheld cell in either table gives NaN, as its sum is not known. A cell
    without jobs or without firms gives 0; a region without land or people, and an industry without
    jobs or firms, NaN.

    Raises
    ------
    InvalidInput
        Negative or infinite figures, shapes that do not fit, unknown area or population.

    Source
    ------
    T. Litzenberger, R. Sternberg, Der Clusterindex, Geographische Zeitschrift 94 (2006).

    Example
    -------
    A fifth of the land and half the people, three quarters of the jobs and half the firms:
    0.75 / 0.2 x 0.75 / 0.5 x 0.5 / 0.75.

    >>> litzenberger_sternberg([75, 25], [10, 10], area=[20, 80], population=[5, 5]).round(4)
    array([3.75  , 0.3125])
    """
    given = Arguments()
    read = given.figures("employment", employment)
    count = given.figures("establishments", establishments)
    given.same_shape("employment", read, "establishments", count)
    jobs, firms = columns(read), columns(count)
    land = given.vector("area", area, len(jobs), "region")
    people = given.vector("population", population, len(jobs), "region")
    given.known("area", land)
    given.known("population", people)
    given.check()
    share = divide(jobs, jobs.sum(axis=0))
    of_firms = divide(firms, firms.sum(axis=0))
    crowded = divide(1.0, divide(land, land.sum()) * divide(people, people.sum()))
    # One share of jobs cancels; written so, a cell without jobs gives 0.
    return (share * of_firms * crowded[:, None]).reshape(read.shape)
