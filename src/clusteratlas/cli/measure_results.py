"""What a measure gave, as rows: one a region, an industry, a pair or a year."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from clusteratlas.measures.frames import LabelledFigures
from clusteratlas.measures.labelled import Measure

Row = dict[str, Any]

KEYS = {
    "cells": ("region", "industry"),
    "pairs": ("industry", "other_industry"),
    "region pairs": ("region", "other_region"),
    "regions": ("region",),
    "industries": ("industry",),
}


LINES = ("regions", "industries")
"""Fields that only repeat the labels of the rows."""


@dataclass(frozen=True)
class Results:
    """Rows by what they belong to, and the figures that belong to the whole table."""

    tables: dict[str, list[Row]]
    facts: list[tuple[str, Any]]


@dataclass(frozen=True)
class Labels:
    """Codes of the regions and industries that were measured."""

    regions: tuple[str, ...]
    industries: tuple[str, ...]


def results_of(
    measure: Measure, result: Any, labels: Labels | None, arguments: Mapping[str, Any]
) -> Results:
    """Lay out a result: tables by axes, several fields of the same axes side by side."""
    found = Results({}, [])
    several = isinstance(result, Mapping) and not hasattr(result, "_fields")
    for year, each in result.items() if several else ((None, result),):
        for axes, names in _fields(measure, each, measure.axes(arguments)).items():
            if axes == "plain":
                for name, value in names.items():
                    if not (labels and name in LINES and value == getattr(labels, name)):
                        _tell(found, name, value, year)
            else:
                gaps = _gaps(arguments, year) if axes == "cells" else None
                found.tables.setdefault(axes, []).extend(_rows(axes, names, labels, year, gaps))
    return found


def _fields(
    measure: Measure, result: Any, gives: str | Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """The fields of a result by axes."""
    if is_dataclass(result):
        names = [field.name for field in fields(result)]
    else:
        names = list(getattr(result, "_fields", ()))
    if isinstance(gives, str):
        parts = {name: getattr(result, name) for name in names} or {measure.name: result}
        return {gives: parts}
    sorted_out: dict[str, dict[str, Any]] = {}
    for name in names:
        axes = gives.get(name, "plain")
        sorted_out.setdefault(axes, {})[name] = getattr(result, name)
    return sorted_out


def _tell(found: Results, name: str, value: Any, year: Any) -> None:
    array = np.asarray(value) if isinstance(value, (np.ndarray, list, tuple)) else None
    if array is not None and array.ndim == 1 and array.size and array.dtype.kind in "biufU":
        rows = found.tables.setdefault("plain", [])
        key: Row = {} if year is None else {"year": year}
        mine = [row for row in rows if row.get("year") == year]
        for place, each in enumerate(array.tolist()):
            if place == len(mine):
                mine.append({**key, "row": place + 1})
                rows.append(mine[-1])
            mine[place][name] = known(each)
    elif value is not None:
        found.facts.append((name if year is None else f"{name} {year}", known(value)))


def _gaps(arguments: Mapping[str, Any], year: Any) -> np.ndarray[Any, Any] | None:
    """Return which cells of the first table are not known: a flag there is neither yes nor no."""
    first = next(iter(arguments.values()), None)
    table = first[year] if isinstance(first, Mapping) and year in first else first
    if not isinstance(table, (LabelledFigures, pa.Table)):
        return None
    return np.asarray(np.isnan(_values(table).astype(np.float64)))


def _rows(
    axes: str,
    names: dict[str, Any],
    labels: Labels | None,
    year: Any,
    gaps: np.ndarray[Any, Any] | None,
) -> Iterator[Row]:
    keys = KEYS[axes]
    columns = {name: _values(value) for name, value in names.items() if value is not None}
    if not columns:
        return
    shape = next(iter(columns.values())).shape
    for place in np.ndindex(*shape):
        row: Row = {} if year is None else {"year": year}
        for key, at in zip(keys, place, strict=False):
            row[key] = _label(labels, key, at)
        hidden = gaps is not None and gaps.shape == shape and gaps[place]
        for name, values in columns.items():
            told = values.shape == shape and not (hidden and values.dtype.kind == "b")
            row[name] = known(values[place].item()) if told else None
        yield row


def _values(value: Any) -> np.ndarray[Any, Any]:
    """The figures of an Arrow table (its first column holds the labels) or of an array."""
    if isinstance(value, pa.Table):
        figures = [column.to_numpy() for column in value.columns[1:]]
        stacked = np.column_stack(figures) if figures else np.zeros((value.num_rows, 0))
        return stacked[:, 0] if value.column_names[1:] == ["value"] else stacked
    return np.asarray(value)


def _label(labels: Labels | None, key: str, at: int) -> Any:
    if labels is None:
        return at + 1
    return (labels.regions if key.endswith("region") else labels.industries)[at]


def known(value: Any) -> Any:
    """None for what is not known, and plain Python numbers.

    Example
    -------
    >>> known(float("nan")), known(np.float64(1.5)), known("high-high")
    (None, 1.5, 'high-high')
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
