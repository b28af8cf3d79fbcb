"""Read the regions of an own table: region, name and whatever else is known of them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from clusteratlas.engine import with_columns_of
from clusteratlas.tables import REGIONS, Fault, InvalidInput, find_faults

NEEDED = ("region", "name")
FIRST_ROW = 2


def read_regions(path: Path, scheme: str) -> pa.Table:
    """Read a CSV of regions for an own region scheme.

    Definition
    ----------
    Columns region and name, and any of kind, parent, country, longitude, latitude (degrees),
    population (persons), coverage (share 0-1). Other columns are ignored.

    Parameters
    ----------
    path
        UTF-8 text, separated by commas, with a header.
    scheme
        Name of the scheme, as the own table has it.

    Returns
    -------
    A table of the contract ``REGIONS``.

    Missing data
    ------------
    An empty cell is not known. ``kind`` is "region" where it is not given.

    Raises
    ------
    InvalidInput
        With every fault of the file.
    """
    text = _text(path)
    missing = [
        Fault(
            f"column {name} is missing",
            str(path),
            column=name,
            hint=f"found: {', '.join(text.column_names)}",
        )
        for name in NEEDED
        if name not in text.column_names
    ]
    if missing:
        raise InvalidInput(missing)
    count = text.num_rows
    columns = {"scheme": pa.array([scheme] * count, pa.string())}
    faults: list[Fault] = []
    for column in REGIONS.columns:
        if column.name != "scheme" and column.name in text.column_names:
            values, found = _typed(text.column(column.name), column.type, column.name, path)
            columns[column.name] = values
            faults += found
    if "kind" not in columns:
        columns["kind"] = pa.array(["region"] * count, pa.string())
    table = with_columns_of(pa.table(columns), REGIONS)
    more, total = find_faults(table, REGIONS, file=str(path), first_row=FIRST_ROW)
    if faults or more:
        raise InvalidInput([*faults, *more], total=len(faults) + total)
    return table


def _text(path: Path) -> pa.Table:
    if not path.is_file():
        raise InvalidInput([Fault("there is no such file", str(path), hint="check the path")])
    try:
        with path.open(encoding="utf-8-sig") as file:
            names = [name.strip() for name in file.readline().split(",")]
        return pacsv.read_csv(
            path,
            read_options=pacsv.ReadOptions(column_names=names, skip_rows=1),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise InvalidInput(
            [
                Fault(
                    "this cannot be read as a table of regions",
                    str(path),
                    hint=f"save it as UTF-8 CSV with commas and a header: {error}".splitlines()[0],
                )
            ]
        ) from None


def _typed(
    column: pa.ChunkedArray, kind: pa.DataType, name: str, path: Path
) -> tuple[pa.Array, list[Fault]]:
    """Return the column in its type and a fault for every cell that is none of it."""
    values: list[object] = []
    faults: list[Fault] = []
    for row, value in enumerate(column.to_pylist(), start=FIRST_ROW):
        if value is None or pa.types.is_string(kind):
            values.append(value)
            continue
        try:
            values.append(int(value) if pa.types.is_integer(kind) else float(value))
        except (ValueError, OverflowError):
            values.append(None)
            faults.append(Fault("this is not a number", str(path), row, name, value))
    return pa.array(values, kind), faults
