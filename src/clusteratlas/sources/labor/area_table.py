"""Occupations of areas as a tidy table: area, occupation, employment, quotient."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.classification import regions
from clusteratlas.engine import with_columns_of
from clusteratlas.sources.labor.occupation_codes import dashed, levels_of
from clusteratlas.sources.labor.staffing_table import (
    MOST_FAULTS,
    cells_twice,
    read_cells,
    whole_numbers,
)
from clusteratlas.tables import REGIONAL_OCCUPATIONS, REPORTED, WITHHELD, Fault, InvalidInput

NAMES: Final = {
    "area": ("region", "area", "area_code"),
    "occupation": ("occupation", "occ", "occ_code", "occupation_code"),
    "employment": ("employment", "emp", "tot_emp"),
    "location_quotient": ("location_quotient", "loc_quotient"),
}
OTHERS: Final = {
    "scheme": ("scheme",),
    "type": ("areatype", "area_type", "areatype_code"),
    "year": ("year",),
    "region_title": ("region_title", "area_title", "area_name"),
    "occupation_title": ("occupation_title", "occ_title", "occupation_name"),
}
YEAR_IN_NAME: Final = re.compile(r"(?:19|20)\d{2}")
METRO, STATE, NATION = ("M", "4"), ("S", "2"), ("N", "1")


def read_area_table(path: Path) -> pa.Table | None:
    """Return a tidy table of occupations by area by the contract, or None where columns are others.

    Definition
    ----------
    The region is what stands in ``region`` or ``area``. Its scheme is in the column ``scheme``; or
    told by ``areatype``: S (2) a state, M (4) a metro area or one outside metros, N (1) the nation;
    or, without either, by the code: five digits a metro area, two a state, ``US`` the nation. An
    area code of seven digits is 06 in 0600000 for a state and 41940 in 0041940 for a metro area. A
    metro area that our delineation does not know stands in the scheme ``oews-metro``, an area
    outside metros in ``oews-nonmetro``. The year is in the column ``year``, else in the file's
    name.

    Parameters
    ----------
    path
        Parquet or CSV; employment and quotient empty where not released.

    Raises
    ------
    InvalidInput
        With every fault: no such file, no year, an area of no known form, figures that are no
        numbers or negative, a cell twice.

    Example
    -------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     place = Path(folder, "areas-2025.csv")
    ...     _ = place.write_text("areatype,area,occ,emp,loc_quotient\\nM,0041940,151252,120,2.5\\n")
    ...     read_area_table(place).select(["scheme", "region", "occupation", "year"]).to_pylist()
    [{'scheme': 'us-cbsa', 'region': '41940', 'occupation': '15-1252', 'year': 2025}]
    """
    if not path.is_file():
        problem = "this is a folder" if path.is_dir() else "there is no such file"
        raise InvalidInput([Fault(problem, str(path), hint="check the path")])
    table = read_cells(path)
    if table is None:
        return None
    spoken = {name.lower(): name for name in table.column_names}
    given = {
        name: next((spoken[other] for other in others if other in spoken), None)
        for name, others in (NAMES | OTHERS).items()
    }
    if any(given[name] is None for name in NAMES):
        return None

    def column(name: str) -> pa.ChunkedArray:
        if given[name] is None:
            return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])
        return pc.utf8_trim_whitespace(table.column(given[name]).cast(pa.string()))

    faults: list[Fault] = []
    total = 0
    codes = dashed(column("occupation"))
    jobs = quotients = years = None
    try:
        jobs = whole_numbers(path, str(given["employment"]), column("employment"))
    except InvalidInput as error:
        faults += error.faults
        total += error.total
    try:
        quotients = _quotients(path, str(given["location_quotient"]), column("location_quotient"))
    except InvalidInput as error:
        faults += error.faults
        total += error.total
    try:
        years = _years(path, column("year"))
    except InvalidInput as error:
        faults += error.faults
        total += error.total
    places, unknown = _places(path, given, column("scheme"), column("type"), column("area"))
    schemes = pa.array([place[0] for place in places], pa.string())
    named = pa.array([place[1] for place in places], pa.string())
    twice = cells_twice(
        path,
        {
            "area": pa.chunked_array([named]),
            "scheme": pa.chunked_array([schemes]),
            "occupation": codes,
            "year": column("year"),
        },
    )
    for found in (unknown, [] if unknown else twice):
        faults += found[:MOST_FAULTS]
        total += len(found)
    if faults or jobs is None or quotients is None or years is None:
        raise InvalidInput(faults, total=total)
    titles = column("occupation_title")
    made = pa.table(
        {
            "scheme": schemes,
            "region": named,
            "occupation": codes,
            "year": years,
            "source": pa.array([path.name] * table.num_rows, pa.string()),
            "region_title": pc.fill_null(column("region_title"), ""),
            "occupation_title": pc.fill_null(titles, ""),
            "occupation_level": levels_of(codes),
            "employment": jobs,
            "location_quotient": quotients,
            "status": pc.if_else(pc.is_null(jobs), WITHHELD, REPORTED),
        }
    )
    return with_columns_of(made, REGIONAL_OCCUPATIONS)


def _places(
    path: Path,
    given: dict[str, str | None],
    schemes: pa.ChunkedArray,
    types: pa.ChunkedArray,
    areas: pa.ChunkedArray,
) -> tuple[list[tuple[str, str]], list[Fault]]:
    """Return scheme and region of each row, and a fault for each area of no known form."""
    metros = set(regions("us-cbsa").column("region").to_pylist())
    known: dict[tuple[str, str, str], tuple[str, str] | None] = {}
    first: dict[tuple[str, str, str], int] = {}
    rows = []
    asked = zip(schemes.to_pylist(), types.to_pylist(), areas.to_pylist(), strict=True)
    for row, (scheme, kind, area) in enumerate(asked):
        key = (scheme or "", (kind or "").upper(), area or "")
        if key not in known:
            known[key] = _place(*key, metros)
            first[key] = row
        rows.append(known[key] or ("", key[2]))
    faults = [
        Fault(
            "the area is of no known form",
            str(path),
            first[key] + 2,
            given["area"] or "",
            " ".join(part for part in key if part),
            "codes are 41940 or 0041940 (metro area), 06 or 0600000 (state) or US; for others add "
            "the column scheme",
        )
        for key, place in known.items()
        if place is None
    ]
    return rows, faults


def _place(scheme: str, kind: str, area: str, metros: set[str]) -> tuple[str, str] | None:
    """Return the scheme and region of an area."""
    if scheme:
        return (scheme, area) if area else None
    if area == "US" or kind in NATION:
        return ("us-nation", "US")
    if not area.isdigit():
        return None
    if len(area) == 7 and kind in STATE:
        return ("us-state", area[:2])
    if len(area) == 7 and not area.startswith("00"):
        return ("oews-nonmetro", area) if kind in METRO else None
    code = area[-5:] if len(area) == 7 else area
    if len(code) == 5 and kind in ("", *METRO):
        return ("us-cbsa" if code in metros else "oews-metro", code)
    if len(code) == 2 and kind in ("", *STATE):
        return ("us-state", code)
    return None


def _quotients(path: Path, name: str, cells: pa.ChunkedArray) -> pa.ChunkedArray:
    empty = pc.or_(pc.is_null(cells), pc.is_in(cells, pa.array(["", "*", "**", "nan"])))
    fits = pc.fill_null(
        pc.match_substring_regex(cells, r"^([0-9]+\.?[0-9]*|\.[0-9]+)([eE]-?[0-9]+)?$"), False
    )
    bad = pc.indices_nonzero(pc.invert(pc.or_(empty, fits))).to_pylist()
    if bad:
        raise InvalidInput(
            [
                Fault(
                    "the location quotient is no number from 0",
                    str(path),
                    row + 2,
                    name,
                    str(cells[row].as_py()),
                    "leave what is not released empty",
                )
                for row in bad[:MOST_FAULTS]
            ],
            total=len(bad),
        )
    return pc.cast(pc.if_else(empty, pa.scalar(None, pa.string()), cells), pa.float64())


def _years(path: Path, cells: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    if cells.null_count == len(cells):
        named = {int(word) for word in YEAR_IN_NAME.findall(path.stem)}
        if len(named) == 1:
            return pa.array([*named] * len(cells), pa.int16())
        raise InvalidInput(
            [
                Fault(
                    "the year of the figures is not known",
                    str(path),
                    hint="add a column year, or name the file by its one year, such as areas-2025",
                )
            ]
        )
    fits = pc.fill_null(pc.match_substring_regex(cells, r"^(19|20)[0-9]{2}$"), False)
    bad = pc.indices_nonzero(pc.invert(fits)).to_pylist()
    if bad:
        raise InvalidInput(
            [
                Fault("year is not a year", str(path), row + 2, "year", str(cells[row].as_py()))
                for row in bad[:MOST_FAULTS]
            ],
            total=len(bad),
        )
    return pc.cast(cells, pa.int16())
