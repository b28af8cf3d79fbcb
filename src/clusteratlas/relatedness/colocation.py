"""Industries that are in the same places: correlation, coagglomeration, shared specialisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from clusteratlas import measures
from clusteratlas.relatedness.similarities import Flags, Floats, Similarities
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput, few

Scale = Literal["square root", "levels", "logarithm"]
LEAST_REGIONS = 30
"""Fewer regions give correlations that say little: refused."""


def colocation_of(
    employment: npt.ArrayLike,
    establishments: npt.ArrayLike | None = None,
    *,
    industries: Sequence[str],
    scale: Scale = "square root",
    least_regions: int = LEAST_REGIONS,
) -> Similarities:
    """Return how much industries are in the same regions, each way of saying it apart.

    Definition
    ----------
    colocation_employment and colocation_establishments = `correlation_over_regions` of the
    figures; coagglomeration = `clusteratlas.measures.coagglomeration` of employment (mean of the
    years) against the mean share of all industries; cooccurrence = association of being
    specialised (quotient of 1 and more) in the same regions.

    Parameters
    ----------
    employment
        Jobs, regions x industries or years x regions x industries, all known.
    establishments
        The same shape, or none.
    industries
        Codes of the columns, each once.
    scale
        As in `correlation_over_regions`.
    least_regions
        Fewer regions are refused.

    Returns
    -------
    Similarities
        Sorted by code.

    Missing data
    ------------
    Cells that are not known are refused: complete the table first. An industry that is nowhere, or
    the same everywhere, has no similarity: NaN, named in the notes. Industries with the same
    figures everywhere are named in the notes.

    Raises
    ------
    InvalidInput
        Unknown or negative cells, shapes that differ, codes that do not fit.
    CannotAnswer
        Fewer regions than ``least_regions``, fewer than two industries.

    Source
    ------
    M. E. Porter (2003) and M. Delgado, M. E. Porter, S. Stern (2016) for the correlations; G.
    Ellison, E. L. Glaeser, W. R. Kerr (2010) for coagglomeration.

    Example
    -------
    >>> found = colocation_of([[4, 1, 0], [1, 0, 9], [0, 0, 4]], industries=["a", "b", "c"],
    ...                       least_regions=3)
    >>> found.components["colocation_employment"].round(2)[0]
    array([  nan,  0.87, -0.65])
    """
    jobs = _cube("employment", employment, industries)
    units = None if establishments is None else _cube("establishments", establishments, industries)
    if units is not None and units.shape != jobs.shape:
        raise InvalidInput(
            [
                Fault(
                    f"establishments have shape {units.shape} and employment {jobs.shape}",
                    column="establishments",
                    hint="give the same years, regions and industries",
                )
            ]
        )
    if jobs.shape[1] < least_regions:
        raise CannotAnswer(
            f"{jobs.shape[1]} regions are too few to say which industries lie together",
            value=str(jobs.shape[1]),
            hint=f"give at least {least_regions} regions",
        )
    if jobs.shape[2] < 2:
        raise CannotAnswer("one industry is similar to none", value=str(jobs.shape[2]))
    order = np.argsort(np.array(industries, dtype=str))
    jobs = jobs[:, :, order]
    labels = tuple(str(industries[place]) for place in order)
    components = {"colocation_employment": correlation_over_regions(jobs, scale=scale)}
    if units is not None:
        units = units[:, :, order]
        components["colocation_establishments"] = correlation_over_regions(units, scale=scale)
    mean = jobs.mean(axis=0)
    components["coagglomeration"] = _coagglomeration(mean)
    components["cooccurrence"] = _cooccurrence(mean)
    return Similarities(labels, components, {}, tuple(_notes(jobs, units, labels)))


def correlation_over_regions(figures: npt.ArrayLike, *, scale: Scale = "square root") -> Floats:
    r"""Return the correlation of every pair of industries over regions (and years).

    Definition
    ----------
    Pearson correlation of :math:`f(e_{ri})` and :math:`f(e_{rj})` over r; with several years every
    region counts once a year. f is the square root (default), the level itself, or ln(1 + e).
    Levels are dominated by the few largest regions; on halves of American economic areas the square
    root of one half foretells the correlations of levels of the other half better than levels do
    (docs/explanation/relatedness.md). Shares and quotients, which take the size of the region out,
    say something else.

    Parameters
    ----------
    figures
        Regions x industries, or years x regions x industries, all known, 0 or more.
    scale
        "square root", "levels" or "logarithm".

    Returns
    -------
    numpy.ndarray
        Industries x industries, -1 to 1, NaN on the diagonal.

    Missing data
    ------------
    NaN for an industry that is the same in all regions of every year (or nowhere).

    Raises
    ------
    CannotAnswer
        Unknown ``scale``.

    Example
    -------
    The first two go together, the third is where they are not.

    >>> correlation_over_regions([[4, 1, 0], [4, 1, 0], [0, 0, 9]]).round(4)
    array([[nan,  1., -1.],
           [ 1., nan, -1.],
           [-1., -1., nan]])
    """
    changed = np.array(figures, dtype=np.float64)
    constant = _constant(changed)
    changed = changed.reshape(-1, changed.shape[-1])
    if scale == "square root":
        np.sqrt(changed, out=changed)
    elif scale == "logarithm":
        np.log1p(changed, out=changed)
    elif scale != "levels":
        raise CannotAnswer(
            "unknown scale", value=str(scale), hint="square root, levels or logarithm"
        )
    changed -= changed.mean(axis=0)
    length = np.sqrt(np.einsum("ri,ri->i", changed, changed))
    changed /= np.where(constant, np.inf, length)
    found = np.clip(changed.T @ changed, -1.0, 1.0)
    found[constant] = np.nan
    found[:, constant] = np.nan
    np.fill_diagonal(found, np.nan)
    return found


def _constant(figures: Floats) -> Flags:
    """Return which industries are the same in all regions, year by year."""
    years = figures.reshape(-1, *figures.shape[-2:])
    return np.asarray((years.max(axis=1) == years.min(axis=1)).all(axis=0))


def _cube(name: str, figures: npt.ArrayLike, industries: Sequence[str]) -> Floats:
    """Return years x regions x industries, or tell all that is wrong."""
    cube = np.asarray(figures, dtype=np.float64)
    faults: list[Fault] = []
    if cube.ndim not in (2, 3):
        raise InvalidInput([Fault(f"{name} has {cube.ndim} dimensions", column=name)])
    cube = cube.reshape(-1, *cube.shape[-2:])
    if cube.shape[2] != len(industries):
        faults.append(
            Fault(f"{name} has {cube.shape[2]} columns for {len(industries)} codes", column=name)
        )
    if len(set(industries)) != len(industries):
        twice = sorted({code for code in industries if list(industries).count(code) > 1})
        faults.append(Fault("a code stands twice", column="industries", value=", ".join(twice[:5])))
    for wrong, problem, hint in (
        (np.isnan(cube), "is not known", "complete the table first (clusteratlas complete)"),
        (cube < 0, "is negative", ""),
        (np.isinf(cube), "is infinite", ""),
    ):
        at = np.argwhere(wrong)
        faults += [
            Fault(f"{name} {problem}", row=int(row) + 1, column=_code(industries, place), hint=hint)
            for _, row, place in at[:20]
        ]
    if faults:
        raise InvalidInput(faults)
    return cube


def _code(industries: Sequence[str], place: int) -> str:
    return str(industries[place]) if place < len(industries) else str(place + 1)


def _coagglomeration(jobs: Floats) -> Floats:
    found = np.array(measures.coagglomeration(jobs, size="mean share", diagonal=np.nan))
    return np.asarray((found + found.T) / 2)


def _cooccurrence(jobs: Floats) -> Floats:
    quotients = np.nan_to_num(np.asarray(measures.location_quotient(jobs)))
    found = np.array(measures.relatedness((quotients >= 1).astype(np.float64), diagonal=np.nan))
    return np.asarray((found + found.T) / 2)


def _notes(jobs: Floats, units: Floats | None, labels: tuple[str, ...]) -> list[str]:
    """Name the industries that have no similarity, and those that cannot be told apart."""
    notes = []
    most = jobs.max(axis=(0, 1))
    nowhere = [label for label, each in zip(labels, most, strict=True) if each == 0]
    if nowhere:
        notes.append(f"without employment anywhere, so without co-location: {few(nowhere)}")
    if units is not None:
        none = [
            label
            for label, each, had in zip(labels, units.max(axis=(0, 1)), most, strict=True)
            if each == 0 and had > 0
        ]
        if none:
            notes.append(f"without establishments, so without co-location by them: {few(none)}")
    flat = [
        label
        for label, same, high in zip(labels, _constant(jobs), most, strict=True)
        if same and high > 0
    ]
    if flat:
        notes.append(f"the same in every region, so without co-location: {few(flat)}")
    columns: dict[bytes, list[str]] = {}
    for label, column in zip(labels, np.moveaxis(jobs, 2, 0), strict=True):
        if column.any():
            columns.setdefault(np.ascontiguousarray(column).tobytes(), []).append(label)
    same = ["=".join(group) for group in columns.values() if len(group) > 1]
    if same:
        notes.append(f"with the same figures in every region, not told apart: {few(same)}")
    return notes
