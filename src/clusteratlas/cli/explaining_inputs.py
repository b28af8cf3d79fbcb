"""What the commands that explain read: tables, areas, neighbours, related clusters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas import classification
from clusteratlas.cli.tidy_file import NUMBERS, read_tidy
from clusteratlas.tables import Fault, InvalidInput

COLUMNS = ("region", "industry", "year", "employment", "establishments", "status")


def joined_tables(tables: Sequence[Path]) -> pa.Table:
    """Read all tables, every fault at once; a column that one table lacks is empty there."""
    read: list[pa.Table] = []
    faults: list[Fault] = []
    for path in tables:
        try:
            read.append(read_tidy(path, columns=COLUMNS, numbers=("year", *NUMBERS)))
        except InvalidInput as error:
            faults += error.faults
            continue
        faults += [
            Fault(f"the column {name} is missing", str(path), column=name)
            for name in COLUMNS[:4]
            if name not in read[-1].column_names
        ]
    if faults:
        raise InvalidInput(faults)
    return pa.concat_tables([_as_text(each) for each in read], promote_options="permissive")


def _as_text(rows: pa.Table) -> pa.Table:
    for name in ("region", "industry", "status"):
        if name in rows.column_names:
            at = rows.column_names.index(name)
            rows = rows.set_column(at, name, rows.column(name).cast(pa.string()))
    return rows


def refuse_other_vintage(rows: pa.Table, vintage: str) -> None:
    """Refuse industries of another vintage than the named one."""
    codes = pc.unique(rows.column("industry")).to_pylist()
    other = classification.likely_vintage(codes, vintage)
    if other is not None:
        raise InvalidInput(
            [
                Fault(
                    f"industries are not of {vintage} alone but of {other.classification}",
                    column="industry",
                    value=", ".join(other.codes[:5]),
                    hint=f"name it with --classification {other.classification}, or give tables of "
                    "one vintage",
                )
            ]
        )


def asked_areas(path: Path | None, rows: pa.Table) -> tuple[Mapping[str, str] | None, str]:
    """Return which area each region lies in, and what to call these."""
    from clusteratlas.relatedness.areas import read_areas  # noqa: PLC0415

    if path is not None:
        return read_areas(path), path.name
    regions = pc.unique(rows.column("region")).to_pylist()
    counties = classification.economic_areas()
    if 2 * sum(region in counties for region in regions) > len(regions):
        return counties, "economic areas of 2004"
    return None, "regions of the tables"


def asked_neighbours(
    path: Path | None, rows: pa.Table, areas: Mapping[str, str] | None
) -> list[tuple[str, str]] | None:
    """Return pairs of neighbours; counties' own, where the regions are counties."""
    if path is not None:
        told = read_tidy(path, columns=("region", "neighbour"), numbers=())
        missing = [name for name in ("region", "neighbour") if name not in told.column_names]
        if missing:
            raise InvalidInput(
                [Fault(f"the column {name} is missing", str(path), column=name) for name in missing]
            )
        pairs = zip(told["region"].to_pylist(), told["neighbour"].to_pylist(), strict=True)
        return sorted({(str(one), str(other)) for one, other in pairs})
    known = classification.neighbours("us-county")
    counties = set(known.column("region").to_pylist())
    regions = pc.unique(rows.column("region")).to_pylist()
    if 2 * sum(region in counties for region in regions) <= len(regions):
        return None
    both = zip(known["region"].to_pylist(), known["neighbour"].to_pylist(), strict=True)
    if areas is None:
        return sorted(both)
    return sorted(
        {
            (areas[one], areas[other])
            for one, other in both
            if one in areas and other in areas and areas[one] != areas[other]
        }
    )


def asked_related(path: Path | None, definition: str) -> dict[str, list[str]] | None:
    """Return the related clusters of each cluster; those of the package, where none are given."""
    from clusteratlas.relatedness.packaged import (  # noqa: PLC0415 - read when needed
        packaged_clusters,
        read_clusters,
    )

    rows = packaged_clusters(definition) if path is None else read_clusters(path)
    if rows is None:
        return None
    found: dict[str, list[str]] = {}
    for row in rows.select(["a", "b", "related"]).to_pylist():
        if row["related"] and row["a"] != row["b"]:
            found.setdefault(row["a"], []).append(row["b"])
    return found or None


def classes_of_level(vintage: str, level: int | None) -> dict[str, str] | None:
    """Return the class of a level that each industry lies in; nothing where no level is asked."""
    if level is None:
        return None
    table = classification.ancestors(vintage, level)
    pairs = zip(table["industry"].to_pylist(), table["ancestor"].to_pylist(), strict=True)
    return dict(pairs)
