"""Tables in, tables out: what every measure does with labels, sparse matrices and several years.

A measure is written once, for plain arrays of one year. `measure` puts around it what all of them
share: a labelled frame keeps its labels and its kind, a sparse matrix is read, a mapping of years
(or an array years x regions x industries) is worked year by year.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal, ParamSpec, TypeVar, cast

import narwhals as nw
import numpy as np
import numpy.typing as npt
import scipy.sparse

from clusteratlas.measures.frames import (
    LabelledFigures,
    in_the_order_of_lines,
    read_frame,
    recognised,
)
from clusteratlas.tables import Fault, InvalidInput

Axes = Literal["cells", "regions", "industries", "pairs", "region pairs", "plain"]
"""What the numbers of a result belong to: each region and industry, each region, each industry,
each pair of industries, each pair of regions; or neither (one number, a curve, a note)."""

BY_NAME = frozenset({"further", "groups"})
"""Arguments that may be mappings from names, and not from years."""

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Measure:
    """One public measure, as the command line and the reference pages need to know it."""

    name: str
    function: Callable[..., Any]
    gives: Axes | Mapping[str, Axes]
    """Axes of the result, or of each of its fields; with ``of``, those that it names."""

    def axes(self, arguments: Mapping[str, Any]) -> Axes | Mapping[str, Axes]:
        """Return the axes of the result of a call: ``of`` may say whose summary is asked."""
        of = arguments.get("of")
        return of if of in ("regions", "industries") else self.gives


MEASURES: dict[str, Measure] = {}
"""Every measure by its name."""


def measure(
    gives: Axes | Mapping[str, Axes], *, sparse: bool = False, years: bool = True
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function of plain arrays take labelled frames, sparse matrices and several years.

    Parameters
    ----------
    gives
        Axes of the result, or of each field of a result that has several.
    sparse
        Whether the function reads sparse matrices itself; else they are made dense for it.
    years
        Whether several years are worked one by one; else the function takes the mapping or the
        three-dimensional array itself.

    Example
    -------
    >>> @measure("regions")
    ... def total(employment):
    ...     return np.asarray(employment).sum(axis=1)
    >>> total({2018: [[1, 2]], 2021: [[3, 4]]})
    {2018: array([3]), 2021: array([7])}
    >>> MEASURES.pop("total").gives
    'regions'
    """

    def around(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        known = Measure(function.__name__, function, gives)

        @functools.wraps(function)
        def called(*args: P.args, **options: P.kwargs) -> R:
            given = dict(signature.bind(*args, **options).arguments)
            return cast(R, _over_years(known, given, sparse=sparse, years=years))

        MEASURES[known.name] = replace(known, function=called)
        return called

    return around


def _over_years(
    known: Measure,
    given: dict[str, Any],
    *,
    sparse: bool,
    years: bool,
) -> Any:
    first = next(iter(given.values()), None)
    if not years:
        return _once(known, given, sparse=sparse)
    if isinstance(first, Mapping):
        _same_years(given, first)
        return {year: _once(known, _of_year(given, year), sparse=sparse) for year in first}
    if isinstance(first, np.ndarray) and first.ndim == 3:
        results = [
            _once(known, _of_place(given, place, len(first)), sparse=sparse)
            for place in range(len(first))
        ]
        return _stacked(results)
    return _once(known, given, sparse=sparse)


def _same_years(given: dict[str, Any], first: Mapping[Any, Any]) -> None:
    faults = [
        Fault(
            f"{name} holds the years {sorted(map(str, value))}",
            column=name,
            hint=f"give the same years in every argument: {sorted(map(str, first))}",
        )
        for name, value in given.items()
        if isinstance(value, Mapping) and value.keys() != first.keys() and name not in BY_NAME
    ]
    if not first:
        faults.append(Fault("there is no year", hint="give a table for at least one year"))
    if faults:
        raise InvalidInput(faults)


def _of_year(given: dict[str, Any], year: Any) -> dict[str, Any]:
    def of(name: str, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        if name in BY_NAME and year not in value:
            return {key: of(key, each) for key, each in value.items()}
        return value[year]

    return {name: of(name, value) for name, value in given.items()}


def _of_place(given: dict[str, Any], place: int, length: int) -> dict[str, Any]:
    def of(value: Any) -> Any:
        by_year = isinstance(value, np.ndarray) and value.ndim == 3 and len(value) == length
        return value[place] if by_year else value

    return {name: of(value) for name, value in given.items()}


def _stacked(results: list[Any]) -> Any:
    one = results[0]
    if hasattr(one, "_fields"):
        return type(one)(*(np.stack(parts) for parts in zip(*results, strict=True)))
    if is_dataclass(one) and not isinstance(one, type):
        return tuple(results)
    return np.stack(results)


def _once(
    known: Measure,
    given: dict[str, Any],
    *,
    sparse: bool,
) -> Any:
    frame: LabelledFigures | None = None
    read: dict[str, Any] = {}
    for name, value in given.items():
        read[name] = _read(name, value, frame, sparse=sparse)
        if frame is None and isinstance(read[name], LabelledFigures):
            frame = read[name]
    first: tuple[Hashable, ...] | None = None
    for name, value in read.items():
        if isinstance(value, nw.Series):
            read[name], first = _in_order(name, value, frame, first)
        elif isinstance(value, Mapping) and frame is not None:
            read[name] = _by_label(name, value, frame)
    result = known.function(**read)
    return result if frame is None else _labelled(result, known.axes(read), frame)


def _read(name: str, value: Any, frame: LabelledFigures | None, *, sparse: bool) -> Any:
    """Read a frame or a sparse matrix; a series is only recognised, as its order waits for all."""
    if scipy.sparse.issparse(value):
        return value.tocsr() if sparse else value.toarray()
    if isinstance(value, (str, bytes, int, float, np.ndarray, list, tuple)) or value is None:
        return value
    native = recognised(name, value)
    if isinstance(native, nw.DataFrame):
        read = read_frame(name, native)
        return read if frame is None else read.in_the_order_of(frame, name)
    return native


def _in_order(
    name: str,
    series: nw.Series[Any],
    frame: LabelledFigures | None,
    first: tuple[Hashable, ...] | None,
) -> tuple[npt.NDArray[Any], tuple[Hashable, ...] | None]:
    """Return a series in the order of the frame, or of the first series where there is none."""
    if frame is not None:
        return frame.aligned(series, name), None
    if first is None:
        index = nw.maybe_get_index(series)
        return series.to_numpy(), None if index is None else tuple(index)
    return in_the_order_of_lines(series, {"row": first}, name), first


def _by_label(name: str, value: Mapping[Any, Any], frame: LabelledFigures) -> Any:
    """Return figures (or codes) by label in the order of the frame; read the tables of a mapping
    from their names to them."""
    for labels in (frame.regions, frame.industries):
        if labels and value.keys() >= set(labels):
            return [value[label] for label in labels]
    if name not in BY_NAME:
        return value
    return {key: _read(f"{name} {key}", each, frame, sparse=False) for key, each in value.items()}


def _labelled(result: Any, gives: Axes | Mapping[str, Axes], frame: LabelledFigures) -> Any:
    if isinstance(gives, str):
        return frame.labelled(result, gives)
    if hasattr(result, "_replace"):
        return result._replace(**_fields(result, result._fields, gives, frame))
    names = [field.name for field in fields(result)]
    return replace(result, **_fields(result, names, gives, frame))


def _fields(
    result: Any, names: Iterable[str], gives: Mapping[str, Axes], frame: LabelledFigures
) -> dict[str, Any]:
    return {
        name: frame.labelled(getattr(result, name), gives[name]) for name in names if name in gives
    }
