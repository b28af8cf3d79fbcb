"""Staffing as a tidy table: industry, occupation, employment, whoever made it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from clusteratlas.engine import with_columns_of
from clusteratlas.sources.labor.occupations import covers_of
from clusteratlas.tables import INDUSTRY_OCCUPATIONS, Fault, InvalidInput

NAMES: Final = {
    "industry": ("industry",),
    "occupation": ("occupation", "occ"),
    "employment": ("employment", "emp"),
}
TITLE: Final = ("industry_title", "industry_name", "naics_title")
MOST_FAULTS: Final = 200


def read_staffing_table(path: Path, titles: Path | None = None) -> pa.Table | None:
    """Return a tidy staffing table by the contract, or None where the columns are others.

    Parameters
    ----------
    path
        Parquet or CSV with industry, occupation and employment (or ``occ`` and ``emp``), empty
        where withheld.
    titles
        CSV of industry_code and industry_name: titles that list what a combined code covers.

    Raises
    ------
    InvalidInput
        With every fault: no such file, employment that is no number or negative, an industry and
        occupation twice.

    Example
    -------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     place = Path(folder, "staffing.csv")
    ...     _ = place.write_text("industry,occupation,employment\\n325400,191021,120\\n")
    ...     read_staffing_table(place).select(["industry", "employment"]).to_pylist()
    [{'industry': '325400', 'employment': 120}]
    """
    if not path.is_file():
        raise InvalidInput([Fault("there is no such file", str(path), hint="check the path")])
    table = read_cells(path)
    if table is None:
        return None
    low = [name.lower() for name in table.column_names]
    repeated = sorted({name for name in low if low.count(name) > 1})
    if repeated:
        raise InvalidInput(
            [Fault("the column stands twice", str(path), column=name) for name in repeated]
        )
    spoken = {name.lower(): name for name in table.column_names}
    chosen = {
        name: next((spoken[other] for other in others if other in spoken), None)
        for name, others in NAMES.items()
    }
    if None in chosen.values():
        return None
    industry, occupation, jobs = (
        table.column(str(chosen[name])).cast(pa.string())
        for name in ("industry", "occupation", "employment")
    )
    numbers = whole_numbers(path, str(chosen["employment"]), jobs)
    faults = cells_twice(path, {"industry": industry, "occupation": occupation})
    for name, column in (("industry", industry), ("occupation", occupation)):
        empty = pc.or_kleene(pc.is_null(column), pc.equal(column, ""))
        faults += [
            Fault(f"the {name} is empty", str(path), row + 2, str(chosen[name]))
            for row in pc.indices_nonzero(empty).to_pylist()
        ]
    if faults:
        raise InvalidInput(faults[:MOST_FAULTS], total=len(faults))
    names = {} if titles is None else _titles(titles)
    told = next((spoken[name] for name in TITLE if name in spoken), None)
    if told is not None:
        names |= dict(
            zip(industry.to_pylist(), table.column(told).cast(pa.string()).to_pylist(), strict=True)
        )
    made = pa.table(
        {
            "industry": industry,
            "occupation": occupation,
            "year": pa.array([0] * table.num_rows, pa.int16()),
            "industry_title": pa.array([names.get(code, "") for code in industry.to_pylist()]),
            "covers": pa.array([covers_of(names.get(code) or "") for code in industry.to_pylist()]),
            "employment": numbers,
        }
    )
    return with_columns_of(made, INDUSTRY_OCCUPATIONS)


def read_cells(path: Path) -> pa.Table | None:
    """Return a Parquet or CSV file as it is, CSV cells as text; None where it is neither."""
    with path.open("rb") as file:
        packed = file.read(4)
    if packed[:2] == b"PK":
        return None
    try:
        if packed == b"PAR1":
            return pq.read_table(path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
        texts = pacsv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()))
        return pacsv.read_csv(path, convert_options=texts)
    except (pa.ArrowException, UnicodeDecodeError, OSError):
        return None


def whole_numbers(path: Path, name: str, jobs: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return cells as whole numbers, empty where withheld; raise every fault."""
    text = pc.utf8_trim_whitespace(jobs)
    empty = pc.or_(pc.is_null(text), pc.is_in(text, pa.array(["", "**", "nan"])))
    fits = pc.fill_null(pc.match_substring_regex(text, r"^[0-9]{1,12}(\.0*)?$"), False)
    faults = [
        Fault(
            "the jobs are no whole number",
            str(path),
            row + 2,
            name,
            str(jobs[row].as_py()),
            "leave withheld figures empty",
        )
        for row in pc.indices_nonzero(pc.invert(pc.or_(empty, fits))).to_pylist()
    ]
    if faults:
        raise InvalidInput(faults[:MOST_FAULTS], total=len(faults))
    known = pc.if_else(empty, pa.scalar(None, pa.string()), text)
    return pc.cast(pc.cast(known, pa.float64()), pa.int64())


def cells_twice(path: Path, key: Mapping[str, pa.ChunkedArray]) -> list[Fault]:
    """Return a fault for each cell that stands more than once."""
    names = list(key)
    counted = pa.table(dict(key)).group_by(names).aggregate([([], "count_all")])
    again = counted.filter(pc.greater(counted.column("count_all"), 1))
    return [
        Fault(
            "the cell stands twice",
            str(path),
            column=", ".join(names),
            value=", ".join(str(row[name]) for name in names),
            hint=f"give each occupation of an {names[0]} once",
        )
        for row in again.sort_by([(name, "ascending") for name in names]).to_pylist()
    ]


def _titles(path: Path) -> dict[str, str]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput([Fault("the titles cannot be read", str(path))]) from error
    rows = list(csv.DictReader(io.StringIO(text)))
    if not rows or not {"industry_code", "industry_name"} <= set(rows[0]):
        raise InvalidInput(
            [Fault("the file has no columns industry_code and industry_name", str(path), row=1)]
        )
    return {row["industry_code"]: row["industry_name"] for row in rows}
