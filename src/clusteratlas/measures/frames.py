"""Labelled frames: regions by name in rows, industries by name in columns.

pandas: the index names the regions, the columns name the industries. Polars and Arrow: a first
column that holds no numbers names the regions.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from clusteratlas.tables import Fault, InvalidInput

MOST_NAMED = 10
"""Labels that a message spells out."""


@dataclass(frozen=True)
class LabelledFigures:
    """The figures of a frame, and what is needed to give results in a frame of the same kind."""

    values: npt.NDArray[Any]
    regions: tuple[Hashable, ...]
    industries: tuple[Hashable, ...]
    kind: nw.Implementation
    region_column: str
    """Name of the column (or of the index) that holds the regions."""

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return np.array(self.values, dtype=dtype, copy=copy)

    def in_the_order_of(self, first: LabelledFigures, name: str) -> LabelledFigures:
        """Return the figures with rows and columns as in the first frame; refuse other rows.

        Rows are its regions, or its industries where the frame holds pairs of those. Columns that
        are none of them (years, draws) stay as they are; some of its industries, but others too,
        are a fault.
        """
        pairs = set(self.regions) == set(first.industries) != set(first.regions)
        wanted, kind = (first.industries, "industry") if pairs else (first.regions, "region")
        rows = _order(self.regions, wanted, name, kind)
        columns = list(range(len(self.industries)))
        for labels in (first.industries, first.regions):
            if set(self.industries) == set(labels):
                columns = _order(self.industries, labels, name, "column")
                break
        else:
            if not _numbered(self.industries) and set(self.industries) & set(first.industries):
                _order(self.industries, first.industries, name, "industry")
        return LabelledFigures(
            self.values[np.ix_(rows, columns)],
            wanted,
            tuple(self.industries[place] for place in columns),
            self.kind,
            self.region_column,
        )

    def aligned(self, series: nw.Series[Any], name: str) -> npt.NDArray[Any]:
        """Return a series in the order of the regions or industries it is labelled with."""
        lines = {"region": self.regions, "industry": self.industries}
        return in_the_order_of_lines(series, lines, name)

    def labelled(self, result: Any, axes: str) -> Any:
        """Return a result as a frame or a series of the kind that was given."""
        if not isinstance(result, np.ndarray) or axes == "plain":
            return result
        rows, columns = {
            "cells": (self.regions, self.industries),
            "pairs": (self.industries, self.industries),
            "region pairs": (self.regions, self.regions),
            "regions": (self.regions, None),
            "industries": (self.industries, None),
        }[axes]
        named = "industry" if axes in ("pairs", "industries") else self.region_column
        if columns is None:
            return self._series(np.asarray(result), rows, named)
        return self._frame(result, rows, columns, named)

    def _series(self, values: npt.NDArray[Any], labels: tuple[Hashable, ...], named: str) -> Any:
        if values.shape != (len(labels),):
            return values
        if self.kind.is_pandas_like():
            native: Any = self.kind.to_native_namespace()
            return native.Series(values, index=_index(native, labels, named))
        return self._table({named: list(labels), "value": values})

    def _frame(
        self,
        values: Any,
        rows: tuple[Hashable, ...],
        columns: tuple[Hashable, ...],
        named: str,
    ) -> Any:
        if values.shape == (len(rows),):
            return self._series(values, rows, named)
        if values.shape != (len(rows), len(columns)):
            return values
        native: Any = self.kind.to_native_namespace()
        if self.kind.is_pandas_like():
            index = _index(native, rows, named)
            return native.DataFrame(values, index=index, columns=list(columns))
        return self._table(
            {named: list(rows)}
            | {str(column): values[:, place] for place, column in enumerate(columns)}
        )

    def _table(self, columns: dict[str, Any]) -> Any:
        backend: Any = self.kind
        return nw.from_dict(columns, backend=backend).to_native()


def recognised(name: str, value: Any) -> Any:
    """Return a frame or a series as Narwhals knows it, and anything else as it is.

    Raises InvalidInput for a frame in which two columns have one name.
    """
    try:
        return nw.from_native(value, allow_series=True, eager_only=True, pass_through=True)
    except nw.exceptions.DuplicateError:
        raise InvalidInput(_repeated(name, tuple(value.columns), "industry")) from None


def read_frame(name: str, frame: nw.DataFrame[Any]) -> LabelledFigures:
    """Return the figures and labels of a frame; withheld (null) figures become NaN.

    Raises InvalidInput where two regions or two industries have the same label, and where a column
    after the first holds no numbers.
    """
    index = nw.maybe_get_index(frame)
    columns = list(frame.columns)
    if index is not None:
        regions = tuple(index)
        region_column = str(getattr(index, "name", None) or "region")
    elif columns and not frame.schema[columns[0]].is_numeric():
        region_column = columns.pop(0)
        regions = tuple(frame.get_column(region_column).to_list())
    else:
        regions, region_column = tuple(range(1, len(frame) + 1)), "region"
    faults = _repeated(name, regions, "region") + _repeated(name, tuple(columns), "industry")
    if faults:
        raise InvalidInput(faults)
    read = np.empty((len(regions), len(columns)))
    for place, column in enumerate(columns):
        series = frame.get_column(column)
        if series.dtype.is_numeric() or series.dtype == nw.Boolean:
            read[:, place] = series.cast(nw.Float64).to_numpy()
        else:
            try:
                read[:, place] = [np.nan if value is None else value for value in series.to_list()]
            except (TypeError, ValueError):
                bad = next(v for v in series.to_list() if not _is_number(v))
                faults.append(
                    Fault(
                        f"industry {column} of {name} does not hold numbers only",
                        column=name,
                        value=str(bad),
                        hint="NaN or null where a figure is not known (withheld), never a letter",
                    )
                )
    if faults:
        raise InvalidInput(faults)
    return LabelledFigures(read, regions, tuple(columns), frame.implementation, region_column)


def in_the_order_of_lines(
    series: nw.Series[Any], lines: Mapping[str, tuple[Hashable, ...]], name: str
) -> npt.NDArray[Any]:
    """Return a series in the order of the lines (regions, industries) it is labelled with.

    A series without labels, or with row numbers for labels, is taken as it stands. One with the
    labels of other lines is refused: by their places its figures would go to the wrong ones.
    """
    index = nw.maybe_get_index(series)
    values = series.to_numpy()
    if index is None:
        return values
    labels = tuple(index)
    for kind, mine in lines.items():
        if labels == mine:
            return values
        if set(labels) == set(mine) and len(labels) == len(mine):
            return np.asarray(values[_order(labels, mine, name, kind)])
    for kind, mine in lines.items():
        if len(labels) == len(mine) and not _numbered(labels) and not _numbered(mine):
            _order(labels, mine, name, kind)
    return values


def _numbered(labels: tuple[Hashable, ...]) -> bool:
    """Whether the labels only count the lines."""
    count = len(labels)
    return labels in (tuple(range(count)), tuple(range(1, count + 1)))


def _index(native: Any, labels: tuple[Hashable, ...], named: str) -> Any:
    if labels and all(isinstance(label, tuple) for label in labels):
        return native.MultiIndex.from_tuples(labels)
    return native.Index(labels, name=named)


def _is_number(value: object) -> bool:
    return value is None or isinstance(value, (int, float, np.number))


def _repeated(name: str, labels: tuple[Hashable, ...], kind: str) -> list[Fault]:
    seen: set[Hashable] = set()
    twice = list(dict.fromkeys(x for x in labels if x in seen or seen.add(x)))  # type: ignore[func-returns-value]
    return [
        Fault(
            f"{kind} {label!r} stands more than once in {name}",
            column=name,
            hint="add the rows up or name them apart; nothing is summed silently",
        )
        for label in twice[:MOST_NAMED]
    ]


def _order(
    labels: tuple[Hashable, ...], wanted: tuple[Hashable, ...], name: str, kind: str
) -> list[int]:
    places = {label: place for place, label in enumerate(labels)}
    missing = [label for label in wanted if label not in places]
    more = sorted(map(str, set(labels) - set(wanted)))
    if missing or more or len(labels) != len(places):
        raise InvalidInput(
            [
                Fault(
                    f"{name} has other {kind} labels than the first table",
                    column=name,
                    value=", ".join(map(str, (missing or more)[:MOST_NAMED])),
                    hint=f"{len(missing)} missing, {len(more)} more; give the same labels in both",
                )
            ]
        )
    return [places[label] for label in wanted]
