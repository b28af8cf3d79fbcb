"""Other figures of regions in a release: where they belong, what is wrong with them, their use."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.engine import with_columns_of
from clusteratlas.sources import IndicatorTable
from clusteratlas.tables import INDICATORS, Fault, InvalidInput, find_faults

if TYPE_CHECKING:
    from clusteratlas.atlas.dataset import Dataset

MOST = 50
"""Faults of one kind that are spelled out."""


@dataclass(frozen=True, slots=True)
class RegionIndicator:
    """One figure of a region, with what it needs beside it to be read."""

    scheme: str
    region: str
    indicator: str
    year: int
    source: str
    title: str
    value: float | None
    unit: str
    status: str
    publisher: str | None
    source_title: str | None
    licence: str | None


QUESTION = (
    "select i.*, p.publisher, p.title as source_title, p.licence from indicators i "
    "left join (select source, any_value(publisher) as publisher, any_value(title) as title, "
    "any_value(licence) as licence from provenance where \"table\" = 'indicators' "
    "group by source) p "
    "on p.source = i.source where i.scheme = ? and i.region = ? "
    "and (? is null or i.indicator = ?) and (? is null or i.year = ?) "
    "order by i.title, i.indicator, i.year desc, i.source"
)
"""Every indicator of a region by title, the latest year first."""


def places_of(datasets: Sequence[Dataset]) -> dict[str, frozenset[str]]:
    """Return the regions of every scheme that these datasets publish."""
    found: dict[str, set[str]] = {}
    for dataset in datasets:
        published = {plan.scheme for plan in dataset.schemes}
        columns = [dataset.regions.column(name).to_pylist() for name in ("scheme", "region")]
        for scheme, region in zip(*columns, strict=True):
            if scheme in published:
                found.setdefault(scheme, set()).add(region)
    return {scheme: frozenset(regions) for scheme, regions in found.items()}


def with_indicators(
    datasets: Sequence[Dataset], tables: Sequence[IndicatorTable]
) -> tuple[Dataset, ...]:
    """Give each dataset the indicators of its region schemes.

    Parameters
    ----------
    datasets
        What a release is built of.
    tables
        Indicators as read from files.

    Raises
    ------
    InvalidInput
        An indicator is of a region scheme that no dataset publishes.
    """
    published = {plan.scheme for dataset in datasets for plan in dataset.schemes}
    faults = [
        Fault(
            "the indicators are of a region scheme that this release does not publish",
            table.file,
            column="scheme",
            value=scheme,
            hint=f"the release has {', '.join(sorted(published))}",
        )
        for table in tables
        for scheme in pc.unique(table.indicators.column("scheme")).to_pylist()
        if scheme not in published
    ]
    if faults:
        raise InvalidInput(faults)
    return tuple(_taking(dataset, tables) for dataset in datasets)


def _taking(dataset: Dataset, tables: Sequence[IndicatorTable]) -> Dataset:
    mine = pa.array([plan.scheme for plan in dataset.schemes])
    parts = [dataset.indicators]
    sources = list(dataset.indicator_sources)
    for table in tables:
        rows = table.indicators.filter(pc.is_in(table.indicators.column("scheme"), mine))
        if rows.num_rows:
            parts.append(with_columns_of(rows, INDICATORS))
            used = set(pc.unique(rows.column("source")).to_pylist())
            sources += [source for source in table.sources if source.source in used]
    return dataclasses.replace(
        dataset, indicators=pa.concat_tables(parts), indicator_sources=tuple(sources)
    )


def indicator_faults(dataset: Dataset) -> tuple[list[Fault], int]:
    """Return what is wrong with the indicators of a dataset, and how many faults there are."""
    if not dataset.indicators.num_rows:
        return [], 0
    faults, total = find_faults(dataset.indicators, INDICATORS, file="indicators")
    for found in (_unknown_regions(dataset), _mixed_units(dataset), _unnamed_sources(dataset)):
        faults += found[:MOST]
        total += len(found)
    return faults, total


def _unknown_regions(dataset: Dataset) -> list[Fault]:
    places = places_of([dataset])
    used = dataset.indicators.group_by(["scheme", "region"], use_threads=False).aggregate([])
    return [
        Fault(
            f"region is not known in scheme {row['scheme']}",
            "indicators",
            column="region",
            value=row["region"],
            hint="correct the code or leave the row out",
        )
        for row in used.to_pylist()
        if row["region"] not in places.get(row["scheme"], frozenset())
    ]


def _mixed_units(dataset: Dataset) -> list[Fault]:
    units = dataset.indicators.group_by(["scheme", "indicator"], use_threads=False).aggregate(
        [("unit", "distinct"), ("title", "distinct")]
    )
    return [
        Fault(
            f"indicator {row['indicator']} has several {word}s in scheme {row['scheme']}",
            "indicators",
            column=word,
            value=", ".join(sorted(row[f"{word}_distinct"])),
            hint=f"give an indicator one {word}, or its variants names of their own",
        )
        for row in units.to_pylist()
        for word in ("unit", "title")
        if len(row[f"{word}_distinct"]) > 1
    ]


def _unnamed_sources(dataset: Dataset) -> list[Fault]:
    known = {source.source for source in dataset.indicator_sources}
    used = pc.unique(dataset.indicators.column("source")).to_pylist()
    return [
        Fault(
            "nothing is known about a source of indicators",
            "indicators",
            column="source",
            value=source,
            hint="say who publishes it and on which terms",
        )
        for source in used
        if source not in known
    ]
