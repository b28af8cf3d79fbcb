"""Answers for machines: one JSON object or one tidy CSV, unrounded, null for not known."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import IO, Any

from clusteratlas.atlas import (
    Cluster,
    Region,
    RegionalCluster,
    RegionalIndustry,
    RegionalSubcluster,
    Release,
    SchemeInfo,
)
from clusteratlas.tables import REGIONAL_CLUSTERS

FIRST = (
    "cluster",
    "name",
    "traded",
    "employment",
    "establishments",
    "share_of_region",
    "share_of_nation",
    "location_quotient",
    "rank",
    "strong",
    "status",
)
"""The figures a reader looks for first; the other columns of the table follow."""

STARTS_FORMULA = re.compile(r"^[=+\-@\t\r]")
IS_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")


def region_document(
    release: Release,
    region: Region,
    year: int,
    definition: str,
    rows: Sequence[RegionalCluster],
) -> dict[str, Any]:
    """Return the answer of ``clusteratlas region``."""
    scheme = release.scheme(region.scheme)
    profile = asdict(release.region_profile(region.scheme, region.region, year, definition))
    return {
        "region": region.region,
        "name": region.name,
        "scheme": region.scheme,
        "kind": region.kind,
        "coverage": region.coverage,
        "year": year,
        "definition": definition,
        **_context(release, scheme, definition),
        "totals": _without(profile, {"scheme", "region", "region_name", "definition", "year"}),
        "clusters": [
            _figures(row, without={"scheme", "region", "region_name", "definition", "year"})
            for row in rows
        ],
    }


def cluster_document(
    release: Release,
    cluster: Cluster,
    scheme: SchemeInfo,
    year: int,
    rows: Sequence[RegionalCluster],
) -> dict[str, Any]:
    """Return the answer of ``clusteratlas cluster``."""
    profile = asdict(
        release.cluster_profile(scheme.scheme, cluster.cluster, year, cluster.definition)
    )
    repeated = {"scheme", "definition", "cluster", "name", "traded", "year"}
    return {
        "cluster": cluster.cluster,
        "name": cluster.name,
        "traded": cluster.traded,
        "scheme": scheme.scheme,
        "year": year,
        "definition": cluster.definition,
        **_context(release, scheme, cluster.definition),
        "totals": _without(profile, repeated),
        "regions": [
            {
                "region": row.region,
                "region_name": row.region_name,
                **_figures(row, without=repeated | {"region", "region_name"}),
            }
            for row in rows
        ],
    }


def inside_document(
    release: Release,
    row: RegionalCluster,
    subclusters: Sequence[RegionalSubcluster],
    industries: Sequence[RegionalIndustry],
) -> dict[str, Any]:
    """Return the answer of ``clusteratlas cluster --region``: what the cluster is made of."""
    scheme = release.scheme(row.scheme)
    repeated = {"scheme", "region", "definition", "cluster", "year"}
    return {
        "cluster": row.cluster,
        "name": row.name,
        "traded": row.traded,
        "region": row.region,
        "region_name": row.region_name,
        "scheme": row.scheme,
        "year": row.year,
        "definition": row.definition,
        **_context(release, scheme, row.definition),
        "figures": _figures(row, without=repeated | {"name", "traded", "region_name"}),
        "subclusters": [_without(asdict(each), repeated) for each in subclusters],
        "industries": [_without(asdict(each), repeated) for each in industries],
    }


def top_document(
    release: Release,
    scheme: SchemeInfo,
    rows: Sequence[RegionalCluster],
    *,
    year: int,
    definition: str,
    order: str,
) -> dict[str, Any]:
    """Return the answer of ``clusteratlas top``."""
    return {
        "scheme": scheme.scheme,
        "year": year,
        "definition": definition,
        "by": order,
        **_context(release, scheme, definition),
        "regional_clusters": [
            {
                "region": row.region,
                "region_name": row.region_name,
                **_figures(row, without={"scheme", "region", "region_name", "definition", "year"}),
            }
            for row in rows
        ],
    }


def tidy(release: Release, rows: Iterable[RegionalCluster]) -> list[dict[str, Any]]:
    """Return regional clusters as rows that stand alone: key, figures, source and release."""
    tidied = []
    for row in rows:
        key = {
            name: getattr(row, name)
            for name in ("scheme", "region", "region_name", "definition", "year")
        }
        source = release.scheme(row.scheme).source_line
        tidied.append(
            {**key, **_figures(row, without=set(key)), "source": source, "release": release.id}
        )
    return tidied


def tidy_inside(
    release: Release, row: RegionalCluster, industries: Iterable[RegionalIndustry]
) -> list[dict[str, Any]]:
    """Return the industries of a regional cluster as rows that stand alone."""
    source = release.scheme(row.scheme).source_line
    key = {
        "scheme": row.scheme,
        "region": row.region,
        "region_name": row.region_name,
        "definition": row.definition,
        "cluster": row.cluster,
        "name": row.name,
        "year": row.year,
    }
    return [
        {**key, **_without(asdict(each), set(key)), "source": source, "release": release.id}
        for each in industries
    ]


def to_json(document: Mapping[str, Any]) -> str:
    """Return strict JSON: numbers unrounded, null for not known, never NaN.

    >>> to_json({"employment": 12, "location_quotient": float("nan")})
    '{\\n  "employment": 12,\\n  "location_quotient": null\\n}'
    """
    return json.dumps(_strict(document), indent=2, ensure_ascii=False, allow_nan=False)


def write_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], file: IO[str]) -> None:
    """Write rows as CSV: empty for not known, text that a spreadsheet would run is quoted."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([csv_cell(row[name]) for name in columns])


def csv_cell(value: object) -> object:
    """Return a value as it stands in a CSV.

    >>> csv_cell(True), csv_cell(None), csv_cell("=1+1"), csv_cell("-99"), csv_cell(0.5)
    ('true', '', "'=1+1", '-99', 0.5)
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and STARTS_FORMULA.match(value) and not IS_NUMBER.match(value):
        return f"'{value}"
    return value


TIDY_COLUMNS = (
    "scheme",
    "region",
    "region_name",
    "definition",
    "year",
    *FIRST,
    *(
        name
        for name in REGIONAL_CLUSTERS.names
        if name not in {*FIRST, "scheme", "region", "definition", "year"}
    ),
    "source",
    "release",
)
"""The columns of ``--csv``, the same for region, cluster and top."""


def _context(release: Release, scheme: SchemeInfo, definition: str) -> dict[str, Any]:
    return {
        "group_word": release.definition(definition).group_word,
        "reference": scheme.reference_name,
        "source": scheme.source_line,
        "note": scheme.total_note,
        "release": release.id,
        "units": _units(scheme),
    }


def _units(scheme: SchemeInfo) -> dict[str, str]:
    """Return the unit of every figure, employment and payroll as the source counts them."""
    units = {column.name: column.unit for column in REGIONAL_CLUSTERS.columns if column.unit}
    counted = ("employment", "employment_low", "employment_high", "employment_change")
    return {
        **units,
        **dict.fromkeys(counted, scheme.employment_word),
        "payroll": scheme.payroll_unit,
    }


def _figures(row: RegionalCluster, *, without: set[str]) -> dict[str, Any]:
    values = asdict(row)
    ordered = {name: values[name] for name in FIRST} | values
    return _without(ordered, without)


def _without(values: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def _strict(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _strict(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
