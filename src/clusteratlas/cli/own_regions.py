"""Read the regions of an own table: region, name and whatever else is known of them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from clusteratlas.engine import with_columns_of
from clusteratlas.sources.cells import TextTable, read_table
from clusteratlas.sources.contents import read_contents
from clusteratlas.sources.findings import Findings
from clusteratlas.tables import REGIONS, find_faults

NEEDED = ("region", "name")


def read_regions(path: Path, scheme: str) -> pa.Table:
    """Read a table of regions for an own region scheme.

    Definition
    ----------
    Columns region and name, and any of kind, parent, country, longitude, latitude (degrees),
    population (persons), coverage (share 0-1). Other columns are ignored.

    Parameters
    ----------
    path
        UTF-8 text, separated by commas, with a header; or Parquet.
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
    found = Findings(path)
    if not path.is_file():
        found.refuse("there is no such file", hint="check the path")
    ours = {column.name for column in REGIONS.columns if column.name != "scheme"}
    text = read_table(read_contents(path, found), found, ours.__contains__)
    missing = [name for name in NEEDED if name not in text.names]
    if missing:
        present = [name.lower() for name in text.header]
        found.missing_columns(missing, present, row=text.header_row)
    found.stop_if_any()
    count = text.cells.num_rows
    columns = {"scheme": pa.array([scheme] * count, pa.string())}
    for column in REGIONS.columns:
        if column.name in text.names and column.name != "scheme":
            columns[column.name] = _typed(text, column.name, column.type, found)
    if "kind" not in columns:
        columns["kind"] = pa.array(["region"] * count, pa.string())
    lines = text.cells["row"].to_pylist()
    faults, total = find_faults(
        with_columns_of(pa.table(columns), REGIONS), REGIONS, file=str(path), first_row=1
    )
    for fault in faults:
        row = None if fault.row is None else lines[fault.row - 1]
        found.add(fault.problem, row=row, column=fault.column, value=fault.value, hint=fault.hint)
    found.count(total - len(faults))
    found.stop_if_any()
    return with_columns_of(pa.table(columns), REGIONS)


def _typed(text: TextTable, name: str, kind: pa.DataType, found: Findings) -> pa.Array:
    """Return the column in its type; a cell that is none of it is noted."""
    values: list[object] = []
    rows = zip(text.cells["row"].to_pylist(), text.cells[name].to_pylist(), strict=True)
    for row, cell in rows:
        value = cell.strip()
        if not value or pa.types.is_string(kind):
            values.append(value or None)
            continue
        try:
            values.append(int(value) if pa.types.is_integer(kind) else float(value))
        except (ValueError, OverflowError):
            values.append(None)
            found.add(
                "this is not a number",
                row=row,
                column=text.names[name],
                value=value,
                hint="write digits and a decimal point, or leave it empty",
            )
    return pa.array(values, kind)
