"""Economic complexity: the order of regions and industries that their ties to one another imply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import narwhals as nw
import numpy as np
import numpy.typing as npt

from clusteratlas.measures.arguments import Arguments, Floats, choose
from clusteratlas.measures.frames import LabelledFigures, read_frame, recognised
from clusteratlas.measures.labelled import measure
from clusteratlas.measures.networks.connected_parts import taking_part
from clusteratlas.measures.networks.presence_matrix import PresenceMatrix, read_presence
from clusteratlas.measures.networks.spectrum import second_vectors
from clusteratlas.tables import CannotAnswer

Scale = Literal["own", "eci", "none"]
Unconnected = Literal["refuse", "largest"]

UNDECIDED = 1e-9
"""Correlations nearer to zero than this decide no sign."""


@dataclass(frozen=True)
class Complexity:
    """Complexity of regions and industries, and how firmly it stands.

    Attributes
    ----------
    eci
        Economic complexity index, one for each region; NaN where it takes no part.
    pci
        Product (industry) complexity index, one for each industry; NaN where it takes no part.
    spectral_gap
        Second less third eigenvalue: the smaller, the less stands between this order and another.
    eigenvalues
        The first three, the first being 1.
    diversity_correlation
        Of the ECI with diversity: what the sign rests on, the weaker the nearer to 0.
    sign
        What decided the sign: "diversity", "ubiquity", "first region", or "year before".
    year_before_correlation
        Of the ECI with the year before's; NaN for a first or single year.
    """

    eci: Any
    pci: Any
    spectral_gap: float
    eigenvalues: tuple[float, float, float]
    diversity_correlation: float
    sign: str
    year_before_correlation: float


class _Raw(NamedTuple):
    """One year before its sign and scale are settled; NaN where a line takes no part."""

    regions: Floats
    industries: Floats
    table: PresenceMatrix
    eigenvalues: tuple[float, float, float]
    start: Floats
    frame: LabelledFigures | None


@measure({"eci": "regions", "pci": "industries"}, sparse=True, years=False)
def complexity(
    presence: npt.ArrayLike | Mapping[Any, Any],
    *,
    ddof: int = 0,
    scale: Scale = "own",
    unconnected: Unconnected = "refuse",
    least_gap: float = 1e-6,
) -> Any:
    r"""Return the economic complexity of regions (ECI) and industries (PCI), with what it rests on.

    Definition
    ----------
    ECI is the eigenvector to the second eigenvalue of the regions' averages of averages, PCI its
    counterpart on the side of industries:

    .. math:: \tilde M = D^{-1} M U^{-1} M^\top, \qquad
       \tilde M k = \lambda_2 k, \qquad q \propto U^{-1} M^\top k

    D and U hold diversity and ubiquity. Both come from one pair of singular vectors of
    D^-1/2 M U^-1/2, so the mean PCI of a region's industries always correlates +1 with its ECI.
    The sign is the one with which ECI correlates positively with diversity; if that is zero, PCI
    negatively with ubiquity; if that too, the first region gets a positive figure. Over several
    years each year's sign is the one that correlates with the year before on common regions, and
    the sign of all together the one that correlates with diversity over all years.

    Parameters
    ----------
    presence
        M_ri: regions x industries, 0 or 1; or several years, as a mapping of years in their order
        or an array years x regions x industries.
    ddof
        Degrees of freedom taken off in the standard deviation: 0, or 1.
    scale
        "own": each index less its mean, over its standard deviation. "eci": both with the mean and
        deviation of ECI, so that ECI is exactly the mean PCI of the region's industries. "none":
        PCI of length 1 and ECI as its mean.
    unconnected
        Regions and industries that fall apart into parts without a tie cannot be compared:
        "refuse", or "largest" to answer for the largest part (most regions), others being NaN.
    least_gap
        Smallest share of the second eigenvalue by which the third must lie below it.

    Returns
    -------
    Complexity
        ``eci``, ``pci``, ``spectral_gap`` and more; for several years a mapping, or a tuple.

    Missing data
    ------------
    Unknown cells are refused: one of them can turn the whole vector. Regions without an industry
    and industries without a region take no part and get NaN.

    Raises
    ------
    InvalidInput
        Cells that are not known, or neither 0 nor 1.
    CannotAnswer
        Several unconnected parts; fewer than two regions or industries; every region alike; second
        and third eigenvalue too near to one another to tell their vectors apart.

    Source
    ------
    R. Hausmann, C. A. Hidalgo et al., The Atlas of Economic Complexity (2014), technical box 2.1;
    as a vector of the symmetric matrix: P. Mealy, J. D. Farmer, A. Teytelboym, Interpreting
    economic complexity (2019).

    Example
    -------
    Each region has one industry less than the one before. The averages of averages have the
    eigenvalues 1, 1/4 and 1/9.

    >>> found = complexity([[1, 1, 1], [1, 1, 0], [1, 0, 0]])
    >>> found.eci[[0, 2]].round(4), found.pci[[0, 2]].round(4)
    (array([ 1.2247, -1.2247]), array([-1.2247,  1.2247]))
    >>> round(found.spectral_gap, 4), found.sign
    (0.1389, 'diversity')
    """
    choose("scale", scale, ("own", "eci", "none"))
    choose("way to treat unconnected parts", unconnected, ("refuse", "largest"))
    given = Arguments()
    given.need(ddof in (0, 1), "ddof", f"ddof is {ddof}", "give 0 or 1")
    given.check()
    if isinstance(presence, Mapping):
        given.need(bool(presence), "presence", "there is no year", "give at least one table")
        given.check()
        frames = [_frame_of(values) for values in presence.values()]
        tables = [
            values if frame is None else frame
            for values, frame in zip(presence.values(), frames, strict=True)
        ]
        years = _years(tables, unconnected, least_gap, [str(year) for year in presence])
        results = _results(years, scale, ddof)
        return {
            year: _labelled(result, frame)
            for year, result, frame in zip(presence, results, frames, strict=True)
        }
    if isinstance(presence, np.ndarray) and presence.ndim == 3:
        names = [str(place + 1) for place in range(len(presence))]
        return tuple(_results(_years(presence, unconnected, least_gap, names), scale, ddof))
    return _results(_years([presence], unconnected, least_gap), scale, ddof)[0]


def _years(
    tables: Iterable[Any], unconnected: str, least_gap: float, names: Sequence[str] = ()
) -> list[_Raw]:
    """Work the years in turn, each beginning with the vectors of the one before."""
    found: list[_Raw] = []
    for place, values in enumerate(tables):
        try:
            found.append(_one_year(values, unconnected, least_gap, found[-1:]))
        except CannotAnswer as error:
            if not names:
                raise
            fault = error.fault
            raise CannotAnswer(
                f"year {names[place]}: {fault.problem}", value=fault.value, hint=fault.hint
            ) from error
    return found


def _frame_of(values: Any) -> LabelledFigures | None:
    native = recognised("presence", values)
    return read_frame("presence", native) if isinstance(native, nw.DataFrame) else None


def _one_year(values: Any, unconnected: str, least_gap: float, before: Sequence[_Raw]) -> _Raw:
    given = Arguments()
    table = read_presence(given, "presence", values)
    given.check()
    labels = values if isinstance(values, LabelledFigures) else None
    regions, industries = taking_part(table, unconnected, labels)
    whole = bool(regions.all() and industries.all())
    rows = table.rows if whole else table.rows[regions][:, industries]
    diversity = np.diff(rows.indptr).astype(np.float64)
    ubiquity = np.bincount(rows.indices, minlength=rows.shape[1]).astype(np.float64)
    start = None
    if before and before[0].table.shape[1] == table.shape[1]:
        start = before[0].start[industries]
    spectrum = second_vectors(rows, diversity, ubiquity, start)
    _refuse_undetermined(spectrum.second, spectrum.third, least_gap)
    length = np.linalg.norm(spectrum.industries * ubiquity**-0.5)
    raw_regions = np.full(table.shape[0], np.nan)
    raw_industries = np.full(table.shape[1], np.nan)
    raw_industries[industries] = spectrum.industries * ubiquity**-0.5 / length
    raw_regions[regions] = np.sqrt(spectrum.second) * spectrum.regions * diversity**-0.5 / length
    full_start = np.zeros((table.shape[1], spectrum.start.shape[1]))
    full_start[industries] = spectrum.start
    return _Raw(
        raw_regions,
        raw_industries,
        table,
        (1.0, spectrum.second, spectrum.third),
        full_start,
        labels,
    )


def _refuse_undetermined(second: float, third: float, least_gap: float) -> None:
    if second < 1e-12:
        raise CannotAnswer(
            "every region has the same industries, so there is no second vector",
            hint="raise the threshold of presence, so that regions differ in what they have",
        )
    if second - third < least_gap * second:
        raise CannotAnswer(
            "the second and third eigenvalue are too near to one another to tell their vectors "
            "apart",
            value=f"{second!r} and {third!r}",
            hint="any mixture of the two is as good; least_gap=0 gives one of them",
        )


def _results(years: Sequence[_Raw], scale: str, ddof: int) -> list[Complexity]:
    """Settle signs and scales: years tied to one another, the first by the rule of signs."""
    signs, ties = [1.0], [float("nan")]
    for before, year in pairwise(years):
        tie = _correlation(*_common(before, year))
        ties.append(abs(tie))
        if np.isnan(tie):
            tie = _with_diversity(before) * _with_diversity(year)
        signs.append(-signs[-1] if tie < 0 else signs[-1])
    overall, rule = _overall_sign(years, signs)
    return [
        _scaled(year, sign * overall, rule if not place else "year before", tie, scale, ddof)
        for place, (year, sign, tie) in enumerate(zip(years, signs, ties, strict=True))
    ]


def _common(before: _Raw, year: _Raw) -> tuple[Floats, Floats]:
    """Return both years' figures of the regions they share, by label or else by place."""
    one, other = before.regions, year.regions
    if before.frame is not None and year.frame is not None:
        places = {label: place for place, label in enumerate(before.frame.regions)}
        pairs = [
            (places[label], place)
            for place, label in enumerate(year.frame.regions)
            if label in places
        ]
        mine, theirs = np.array(pairs, dtype=int).reshape(-1, 2).T
        return one[mine], other[theirs]
    if len(one) == len(other):
        return one, other
    if len(before.industries) == len(year.industries):
        return before.industries, year.industries
    return np.empty(0), np.empty(0)


def _overall_sign(years: Sequence[_Raw], signs: Sequence[float]) -> tuple[float, str]:
    def over_all(of: Any) -> float:
        found = [sign * of(year) for sign, year in zip(signs, years, strict=True)]
        return float(np.nansum(found))

    with_diversity = over_all(_with_diversity)
    if abs(with_diversity) > UNDECIDED:
        return float(np.sign(with_diversity)), "diversity"
    with_ubiquity = over_all(lambda year: _correlation(year.industries, year.table.ubiquity))
    if abs(with_ubiquity) > UNDECIDED:
        return -float(np.sign(with_ubiquity)), "ubiquity"
    known = years[0].regions[np.abs(np.nan_to_num(years[0].regions)) > UNDECIDED]
    return float(np.sign(known[0])), "first region"


def _with_diversity(year: _Raw) -> float:
    return _correlation(year.regions, year.table.diversity)


def _correlation(one: Floats, other: Floats) -> float:
    """Return Pearson's correlation where both are known; NaN where one of them does not vary."""
    both = ~(np.isnan(one) | np.isnan(other))
    if np.count_nonzero(both) < 2:
        return float("nan")
    a, b = one[both] - one[both].mean(), other[both] - other[both].mean()
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / size if size > 0 else float("nan")


def _scaled(year: _Raw, sign: float, rule: str, tie: float, scale: str, ddof: int) -> Complexity:
    eci, pci = year.regions * sign, year.industries * sign
    if scale != "none":
        mean, deviation = np.nanmean(eci), np.nanstd(eci, ddof=ddof)
        eci = (eci - mean) / deviation
        if scale == "own":
            mean, deviation = np.nanmean(pci), np.nanstd(pci, ddof=ddof)
        pci = (pci - mean) / deviation
    return Complexity(
        eci,
        pci,
        year.eigenvalues[1] - year.eigenvalues[2],
        year.eigenvalues,
        _correlation(eci, year.table.diversity),
        rule,
        tie,
    )


def _labelled(result: Complexity, frame: LabelledFigures | None) -> Complexity:
    if frame is None:
        return result
    return replace(
        result,
        eci=frame.labelled(result.eci, "regions"),
        pci=frame.labelled(result.pci, "industries"),
    )
