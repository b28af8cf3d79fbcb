"""What every measure asks of its arguments, told for all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Number, Real

import numpy as np
import numpy.typing as npt

from clusteratlas.measures.frames import LabelledFigures
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LARGEST = 1e100
"""Larger figures are refused: their sums could leave the range of a float."""

CELLS = 65_536
"""Cells worked at a time, so that what is in between stays in the processor's cache."""

MOST = 200
"""Faulty cells of one argument that are spelled out; the rest is counted."""

COMPLETE_FIRST = (
    "a withheld figure is no zero: complete the table first (clusteratlas complete), or leave the "
    "region or the industry out"
)

SEVERAL_YEARS = (
    "rows are regions, columns industries; several years are a mapping from year to table, or an "
    "array years x regions x industries"
)

NOT_FIGURES = "give figures as integers or floats, NaN or None where a figure is not known"


class Arguments:
    """Reads the arguments of one call, collects every fault, and refuses once.

    Rows and columns of a fault are counted from 1; where labels are known, they are named too. The
    caller's arrays are never changed, and never handed on: what is returned may be the array given.

    Example
    -------
    >>> given = Arguments()
    >>> jobs = given.figures("employment", [[10, -3], [None, 5]])
    >>> given.check()
    Traceback (most recent call last):
    clusteratlas.tables.errors.InvalidInput: 1 fault in the input; nothing was written.
    row 1, column employment 2: employment is negative (found '-3.0'). Hint: NaN means not known.
    """

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._total = 0
        self._unreadable: set[str] = set()
        self._labels: dict[str, LabelledFigures] = {}

    def figures(self, name: str, values: npt.ArrayLike, *, signed: bool = False) -> Floats:
        """Return one or two dimensions of figures as floats; NaN, None and masked: not known."""
        read = self._read(name, values)
        if read is None:
            return np.empty(0)
        if read.ndim not in (1, 2):
            self._refuse(name, f"{name} has {read.ndim} dimensions", SEVERAL_YEARS)
            return np.empty(0)
        self._check_cells(name, read, signed=signed)
        return read

    def table(self, name: str, values: npt.ArrayLike, *, signed: bool = False) -> Floats:
        """Return regions x industries, all known: for a measure that no gap may enter."""
        read = self.figures(name, values, signed=signed)
        if read.ndim != 2 and name in self._unreadable:
            return read.reshape(-1, 1)
        if read.ndim != 2:
            self._refuse(name, f"{name} has one dimension", "give regions x industries")
            return read.reshape(-1, 1)
        self.known(name, read)
        return read

    def known(self, name: str, figures: Floats) -> None:
        """Collect the cells that are not known, for a measure that one gap would spoil whole."""
        self._add_cells(name, figures, np.isnan(figures), f"{name} is not known", COMPLETE_FIRST)

    def vector(self, name: str, values: npt.ArrayLike, length: int, each: str) -> Floats:
        """Return one figure for each region or each cluster, or collect what is wrong."""
        read = self._read(name, values)
        # What stands in for a vector that is refused gives no second fault.
        instead = np.ones(length)
        if read is None:
            return instead
        read = np.atleast_1d(read)
        if read.shape != (length,):
            # Where another argument could not be read, nobody knows the right length.
            if not self._unreadable:
                hint = f"give one figure for each {each}: shape ({length},)"
                self._refuse(name, f"{name} has shape {read.shape}", hint)
            return instead
        self._check_cells(name, read, signed=False)
        return read

    def scalar(self, name: str, value: object) -> float:
        """Return one positive number, or collect what is wrong."""
        try:
            number = float(value) if isinstance(value, Real) else float("nan")
        except OverflowError:
            number = float("inf")
        if not 0 < number <= LARGEST:
            self._add([Fault(f"{name} is no positive number", column=name, value=str(value))])
        return number

    def flags(self, name: str, figures: Floats) -> None:
        """Collect the cells that are neither 1 (true), 0 (false) nor NaN (not known)."""
        wrong = (figures > 0) & (figures != 1) & (figures <= LARGEST)
        self._add_cells(name, figures, wrong, f"{name} is neither true nor false", "")

    def same_shape(self, first: str, one: Floats, second: str, other: Floats) -> None:
        """Collect a fault where two arguments do not have the same rows and columns."""
        if self._unreadable.isdisjoint({first, second}) and one.shape != other.shape:
            problem = f"{second} has shape {other.shape} and {first} has shape {one.shape}"
            self._refuse(second, problem, "give both with the same rows and columns")

    def need(self, condition: bool, name: str, problem: str, hint: str) -> None:
        """Collect a fault of one argument unless the condition holds."""
        if not condition:
            self._refuse(name, problem, hint)

    def check(self) -> None:
        """Raise InvalidInput with every fault found; do nothing where there is none."""
        if self._total:
            raise InvalidInput(self._faults, total=self._total)

    def _read(self, name: str, values: npt.ArrayLike) -> Floats | None:
        if isinstance(values, LabelledFigures):
            self._labels[name] = values
            values = values.values
        try:
            read = np.ma.asarray(values) if np.ma.isMaskedArray(values) else np.asarray(values)
        except ValueError:
            self._refuse(name, f"the rows of {name} differ in length", "give a full rectangle")
            return None
        if read.dtype.kind == "O" and not all(
            value is None or isinstance(value, Number) for value in read.ravel()
        ):
            self._refuse(name, f"{name} does not hold numbers only", NOT_FIGURES)
            return None
        if read.dtype.kind not in "biufO":
            self._refuse(name, f"{name} holds {read.dtype} and no figures", NOT_FIGURES)
            return None
        try:
            floats = read.astype(np.float64, copy=False)
        except (TypeError, ValueError, OverflowError):
            self._refuse(name, f"{name} does not hold real numbers only", NOT_FIGURES)
            return None
        return np.ma.filled(floats, np.nan)

    def _check_cells(self, name: str, read: Floats, *, signed: bool) -> None:
        if not read.size or _all_usable(read, signed=signed):
            return
        size = np.abs(read) if signed else read
        large = size > LARGEST
        self._add_cells(name, read, large, f"{name} is infinite or too large", "check its unit")
        if not signed:
            self._add_cells(name, read, read < 0, f"{name} is negative", "NaN means not known")

    def _add_cells(self, name: str, read: Floats, wrong: Flags, problem: str, hint: str) -> None:
        count = int(np.count_nonzero(wrong))
        if not count:
            return
        places = np.argwhere(wrong)[:MOST]
        labels = self._labels.get(name)
        faults = (
            Fault(
                problem + _named(labels, place),
                row=int(place[0]) + 1,
                column=name if read.ndim == 1 else f"{name} {int(place[1]) + 1}",
                value=str(read[tuple(place)]),
                hint=hint,
            )
            for place in places
        )
        self._add(faults, count)

    def _refuse(self, name: str, problem: str, hint: str) -> None:
        self._unreadable.add(name)
        self._add([Fault(problem, column=name, hint=hint)])

    def _add(self, faults: Iterable[Fault], total: int = 1) -> None:
        self._faults += faults
        self._total += total


def _all_usable(read: Floats, *, signed: bool) -> bool:
    """Whether all figures are known and within bounds, in two passes without a copy."""
    least, most = read.min(), read.max()
    return bool(most <= LARGEST and least >= (-LARGEST if signed else 0.0))


def _named(labels: LabelledFigures | None, place: npt.NDArray[np.int_]) -> str:
    if labels is None or len(place) != 2:
        return ""
    region, industry = labels.regions[place[0]], labels.industries[place[-1]]
    return f" in region {region}, industry {industry}"


def choose(what: str, name: str, names: Iterable[str]) -> str:
    """Return the name if it is one of the names, else say which there are.

    Example
    -------
    >>> choose("kind of growth", "compond", ("compound", "simple"))
    Traceback (most recent call last):
    clusteratlas.tables.errors.CannotAnswer: there is no such kind of growth (found 'compond'). \
Hint: did you mean 'compound'? There are: compound, simple.
    """
    known = sorted(names)
    if name in known:
        return name
    close = get_close_matches(str(name), known, n=1, cutoff=0.5)
    guess = f"did you mean {close[0]!r}? There are: " if close else "there are: "
    raise CannotAnswer(f"there is no such {what}", value=str(name), hint=guess + ", ".join(known))


def columns(figures: Floats) -> Floats:
    """Return figures of one cluster as one column, and a table as it is."""
    return figures[:, None] if figures.ndim == 1 else figures


def sum_known(figures: Floats, axis: int) -> Floats:
    """Return the sums of the cells that are known; NaN where none of them is.

    Example
    -------
    >>> sum_known(np.array([[1.0, np.nan], [np.nan, np.nan]]), axis=1)
    array([ 1., nan])
    """
    known = ~np.isnan(figures)
    total = np.where(known, figures, 0.0).sum(axis=axis)
    return np.where(known.any(axis=axis), total, np.nan)


def divide(part: npt.ArrayLike, whole: npt.ArrayLike) -> Floats:
    """Return part / whole; NaN where the whole is zero or either is not known.

    Example
    -------
    >>> divide([3, 0, 1], [4, 0, np.nan])
    array([0.75,  nan,  nan])
    """
    whole = np.asarray(whole, dtype=np.float64)
    usable = np.where(whole > 0, whole, np.nan)
    return np.asarray(np.divide(part, usable), dtype=np.float64)
