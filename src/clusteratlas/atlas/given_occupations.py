"""Occupations that a user brings to a build: by area, and by industry."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from clusteratlas.sources import Source, read_industry_occupations, read_regional_occupations
from clusteratlas.sources.labor.area_table import read_area_table
from clusteratlas.sources.labor.occupation_codes import dashed, levels_of
from clusteratlas.sources.labor.occupations import AREA_NAMES, INDUSTRY_NAMES
from clusteratlas.sources.labor.staffing_table import read_staffing_table
from clusteratlas.tables import Fault, InvalidInput

Result = TypeVar("Result")

TITLES = {
    "occupation": ("occupation_code", "occupation_name"),
    "industry": ("industry_code", "industry_name"),
}


@dataclass(frozen=True)
class GivenOccupations:
    """Occupations of regions, and what industries employ.

    Attributes
    ----------
    areas
        Rows by the contract ``REGIONAL_OCCUPATIONS``.
    staffing
        Rows by the contract ``INDUSTRY_OCCUPATIONS``, where a file was given.
    area_source, staffing_source
        Where they come from.
    """

    areas: pa.Table
    staffing: pa.Table | None
    area_source: Source
    staffing_source: Source | None = None


def read_occupations(
    areas: Path, staffing: Path | None = None, titles: Sequence[Path] = ()
) -> GivenOccupations:
    """Read occupations by area and by industry, official files or tidy tables.

    Parameters
    ----------
    areas
        The Bureau's own file (`read_regional_occupations`), or a tidy table (`read_area_table`).
    staffing
        The Bureau's own file (`read_industry_occupations`), or a tidy table
        (`read_staffing_table`).
    titles
        CSV of ``occupation_code, occupation_name``, or of ``industry_code, industry_name``, which
        say what combined codes cover; for tables that bring no titles. Occupations by industry
        also take the titles of those by area.

    Raises
    ------
    InvalidInput
        With every fault of every file.
    """
    faults: list[Fault] = []
    total = 0

    def kept(step: Callable[[], Result]) -> Result | None:
        nonlocal total
        try:
            return step()
        except InvalidInput as error:
            faults.extend(error.faults)
            total += error.total
            return None

    kinds = {path: kind for path in titles if (kind := kept(lambda path=path: _kind(path)))}  # type: ignore[misc]
    names: dict[str, str] = {}
    for path, kind in kinds.items():
        if kind == "occupation":
            names |= _names(path)
    of_industries = next((path for path, kind in kinds.items() if kind == "industry"), None)
    found = kept(lambda: _areas(areas, names))
    if found is not None:
        names = _told(found[0]) | names
    needs = kept(lambda: _staffing(staffing, of_industries, names)) if staffing else None
    if faults or found is None:
        raise InvalidInput(faults, total=total)
    if needs is None:
        return GivenOccupations(found[0], None, found[1])
    return GivenOccupations(found[0], needs[0], found[1], needs[1])


def _areas(path: Path, names: Mapping[str, str]) -> tuple[pa.Table, Source]:
    tidy = None if _official(path, AREA_NAMES) else read_area_table(path)
    if tidy is None:
        taken = read_regional_occupations(path)
        return taken.rows, taken.sources[0]
    return _titled(tidy, names), _own_source(path, "Occupations by area")


def _staffing(path: Path, titles: Path | None, names: Mapping[str, str]) -> tuple[pa.Table, Source]:
    tidy = None if _official(path, INDUSTRY_NAMES) else read_staffing_table(path, titles)
    if tidy is None:
        taken = read_industry_occupations(path)
        return taken.rows, taken.sources[0]
    codes = dashed(tidy.column("occupation"))
    for name, column in (("occupation", codes), ("occupation_level", levels_of(codes))):
        tidy = tidy.set_column(tidy.schema.get_field_index(name), name, column)
    return _titled(tidy, names), _own_source(path, "Occupations by industry")


def _told(table: pa.Table) -> dict[str, str]:
    """Return the titles that a table has."""
    pairs = table.group_by(["occupation", "occupation_title"]).aggregate([])
    return {
        row["occupation"]: row["occupation_title"]
        for row in pairs.sort_by("occupation_title").to_pylist()
        if row["occupation_title"] not in (None, "", row["occupation"])
    }


def _titled(table: pa.Table, names: Mapping[str, str]) -> pa.Table:
    """Give each occupation its title: the table's own, else that of a file, else its code."""
    told = zip(
        table.column("occupation").to_pylist(),
        table.column("occupation_title").to_pylist(),
        strict=True,
    )
    titles = pa.array([title or names.get(code) or code for code, title in told], pa.string())
    at = table.schema.get_field_index("occupation_title")
    return table.set_column(at, "occupation_title", titles)


def _official(path: Path, needed: Sequence[str]) -> bool:
    """Whether a table has every column of the Bureau's own layout."""
    if not path.is_file():
        return False
    try:
        if path.suffix.lower() in {".parquet", ".pq"}:
            header = pq.read_schema(path).names
        else:
            with path.open(encoding="utf-8-sig", newline="") as file:
                header = next(csv.reader(file), [])
    except (pa.ArrowException, UnicodeDecodeError, OSError, csv.Error):
        return False
    return set(needed) <= {name.strip().lower() for name in header}


def _kind(path: Path) -> str:
    """Tell what a file of titles names."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            [Fault("the titles cannot be read", str(path), hint="give a CSV in UTF-8")]
        ) from error
    header = set(next(csv.reader(io.StringIO(text)), []))
    for kind, columns in TITLES.items():
        if set(columns) <= header:
            return kind
    raise InvalidInput(
        [
            Fault(
                "the file holds no titles",
                str(path),
                1,
                hint="columns: occupation_code, occupation_name; or industry_code, industry_name",
            )
        ]
    )


def _names(path: Path) -> dict[str, str]:
    codes, titles = TITLES["occupation"]
    text = pacsv.ConvertOptions(column_types={codes: pa.string(), titles: pa.string()})
    table = pacsv.read_csv(path, convert_options=text)
    written = dashed(table.column(codes)).to_pylist()
    return dict(zip(written, table.column(titles).to_pylist(), strict=True))


def _own_source(path: Path, title: str) -> Source:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Source(
        source=path.name,
        publisher="Given with the build",
        title=f"{title} ({path.name})",
        address=None,
        retrieved=None,
        checksum=f"sha256:{digest}",
        licence="as the file's maker says",
        covers="A tidy table: as far as its maker says.",
        employment_word="jobs",
        payroll_unit="",
    )
