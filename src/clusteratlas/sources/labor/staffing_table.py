"""Staffing as a tidy table: industry, occupation, employment, whoever made it."""

from __future__ import annotations

import csv
import io
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
    "industry": ("industry", "naics"),
    "occupation": ("occupation", "occ", "occ_code"),
    "employment": ("employment", "emp", "tot_emp"),
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
    table = _read(path)
    if table is None:
        return None
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
    numbers = _numbers(path, str(chosen["employment"]), jobs)
    faults = _twice(path, industry, occupation)
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


def _read(path: Path) -> pa.Table | None:
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


def _numbers(path: Path, name: str, jobs: pa.ChunkedArray) -> pa.ChunkedArray:
    text = pc.utf8_trim_whitespace(jobs)
    empty = pc.or_(pc.is_null(text), pc.is_in(text, pa.array(["", "**", "nan"])))
    fits = pc.fill_null(pc.match_substring_regex(text, r"^[0-9]+(\.0*)?$"), False)
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


def _twice(path: Path, industry: pa.ChunkedArray, occupation: pa.ChunkedArray) -> list[Fault]:
    pairs = pa.table({"industry": industry, "occupation": occupation})
    counted = pairs.group_by(["industry", "occupation"]).aggregate([([], "count_all")])
    again = counted.filter(pc.greater(counted.column("count_all"), 1)).sort_by("industry")
    return [
        Fault(
            "the cell stands twice",
            str(path),
            column="industry, occupation",
            value=f"{row['industry']}, {row['occupation']}",
            hint="give each occupation of an industry once",
        )
        for row in again.to_pylist()
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
