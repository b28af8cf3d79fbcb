"""Places below the county: their names, and the county that each lies in."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pyarrow as pa

from clusteratlas.classification import regions
from clusteratlas.sources.archive import read_archive
from clusteratlas.sources.checks import Checks, quoted
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.publishers import us_source
from clusteratlas.sources.source import Source
from clusteratlas.sources.taken import TakenTable
from clusteratlas.sources.workbook import ENDINGS, member_table
from clusteratlas.tables import LOCAL_PLACES

SCHEME = "us-county"
ALIASES = {
    "place": ("place", "zip", "zip5", "zcta", "zcta5"),
    "region": ("region", "county", "fips"),
    "name": ("city", "name"),
    "state": ("stabbr",),
    "county_name": ("cty_name",),
    "longitude": ("longitude", "lon", "lng"),
    "latitude": ("latitude", "lat"),
    "share": ("share", "bus_ratio", "tot_ratio"),
}
"""What we call a column, and the names that files give it; the first that is there is read."""

DEGREES = r"[+-]?\d{1,3}(\.\d+)?"
SHARE = r"\d*\.?\d+([eE]-?\d+)?"
KINDS = re.compile(
    r" (county|parish|borough|census area|municipality|city and borough|city)$", re.IGNORECASE
)
STATES = (
    "AL01 AK02 AZ04 AR05 CA06 CO08 CT09 DE10 DC11 FL12 GA13 HI15 ID16 IL17 IN18 IA19 KS20 KY21 "
    "LA22 ME23 MD24 MA25 MI26 MN27 MS28 MO29 MT30 NE31 NV32 NH33 NJ34 NM35 NY36 NC37 ND38 OH39 "
    "OK40 OR41 PA42 RI44 SC45 SD46 TN47 TX48 UT49 VT50 VA51 WA53 WV54 WI55 WY56"
)
POSTAL = {each[:2]: each[2:] for each in STATES.split(" ")}
"""Postal abbreviation of a state to its code."""


def read_local_places(path: Path) -> TakenTable:
    """Return places below the county and the region that each lies in.

    Definition
        The Bureau's ZIP totals file has ``zip, name, city, stabbr, cty_name``: the county is found
        by its name within the state. A crosswalk has ``place`` (or ``zip``) and ``region`` (or
        ``county``, its five-digit code), and perhaps ``name, longitude, latitude`` and ``share``
        (also ``bus_ratio``, ``tot_ratio``): of several counties of a place the one with the
        largest share holds it, of equal ones the lower code.

    Parameters
    ----------
    path
        CSV or text with commas, Parquet or workbook; gzip and a zip of one file are fine.

    Returns
    -------
    TakenTable
        Rows by the contract ``LOCAL_PLACES``, one a place.

    Missing data
        A county name that no county, or more than one, of the state bears leaves the region
        unknown; the source says how many there are.

    Raises
    ------
    InvalidInput
        With every fault by row, column and value: an unknown county, a place in several counties
        without shares, no degrees.

    Source
        US Census Bureau, record layout of the ZIP totals file.

    Example
    -------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "zbp22totals.txt"
    >>> _ = file.write_text("zip,name,est,city,stabbr,cty_name\\n"
    ...     '95054,"SANTA CLARA, CA",900,SANTA CLARA,CA,SANTA CLARA\\n')
    >>> read_local_places(file).rows.to_pylist()[0]["region"]
    '06085'
    """
    found = Findings(path)
    archive = read_archive(path, found, (*ENDINGS, ".csv", ".txt", ".parquet"), lambda name: True)
    wanted = {name for names in ALIASES.values() for name in names}
    text = member_table(archive.members[0], found, wanted, ("zip", "stabbr", "cty_name"))
    if text is None:
        found.refuse("no sheet has a column of places", hint="columns: place, region")
    held = {
        own: next(name for name in names if name in text.names)
        for own, names in ALIASES.items()
        if any(name in text.names for name in names)
    }
    by_name = "region" not in held
    needed = ("place", *(("state", "county_name") if by_name else ("region",)))
    if any(own not in held for own in needed):
        found.missing_columns(
            ["zip", *(("stabbr", "cty_name") if by_name else ("county",))], list(text.header)
        )
        found.stop_if_any()
    with Checks(text, found) as checks:
        _check(checks, held)
        rows, lost, split = _rows(checks, held, by_name)
        found.stop_if_any()
    source = _source(path, archive.checksum, by_name, lost, split)
    return TakenTable(LOCAL_PLACES, _with_source(rows, source.source), (source,))


def _check(checks: Checks, held: dict[str, str]) -> None:
    checks.filled(held["place"], "give the code of the place")
    for own, most in (("longitude", 180), ("latitude", 90)):
        if own in held:
            cell = f'"{quoted(held[own])}"'
            number = f"try_cast({cell} as double)"
            checks.blame(
                held[own],
                f"{cell} <> '' and (not regexp_full_match({cell}, '{DEGREES}') "
                f"or coalesce(abs({number}) > {most}, true))",
                f"this is no {own}",
                "give degrees with a decimal point, west and south negative",
            )
    if "share" in held:
        cell = f'"{quoted(held["share"])}"'
        checks.blame(
            held["share"],
            f"not regexp_full_match({cell}, '{SHARE}') or try_cast({cell} as double) > 1",
            "this is no share",
            "give the part of the place that lies in the county, from 0 to 1",
        )
    if "region" in held:
        name = held["region"]
        known = regions(SCHEME).select(["region"])
        checks.engine.register("counties", known)
        checks.blame(
            name,
            f'"{quoted(name)}" <> \'\' and "{quoted(name)}" not in (select region from counties)',
            _county_problem,
        )


def _county_problem(cell: str) -> tuple[str, str]:
    if cell.isdigit() and len(cell) == 4:
        return "the county lost its leading zero", f"write 0{cell}, as text"
    return "the county is not known", "give the five-digit code of a county, or leave it empty"


def _rows(checks: Checks, held: dict[str, str], by_name: bool) -> tuple[pa.Table, int, int]:
    """One row a place; how many places have no county, and how many lie in several."""

    def cell(own: str) -> str:
        return f'"{quoted(held[own])}"' if own in held else "''"

    given = checks.engine.execute(
        f"select row, {cell('place')} as place, {cell('name')} as name, {cell('region')} as region,"
        f" {cell('state')} as state, {cell('county_name')} as county_name, "
        f"try_cast({cell('longitude')} as double) as longitude, "
        f"try_cast({cell('latitude')} as double) as latitude, "
        f"coalesce(try_cast({cell('share')} as double), 0) as share "
        "from cells order by place, share desc, region, row"
    ).to_arrow_table()
    names = _counties_by_name() if by_name else {}
    rows: dict[str, dict[str, object]] = {}
    lost, split = 0, set()
    for each in given.to_pylist():
        place = each["place"]
        if place in rows:
            split.add(place)
            if "share" not in held:
                checks.found.add(
                    "the place stands twice",
                    row=each["row"],
                    column=held["place"],
                    value=place,
                    hint="keep the county that holds most of it, or give the share of each",
                )
            continue
        region = each["region"] or None
        if by_name:
            state = POSTAL.get(each["state"].upper(), "")
            region = names.get((state, _plain(each["county_name"])))
        lost += region is None
        rows[place] = {
            "place": place,
            "source": "",
            "name": _spoken(each["name"], each["state"]),
            "scheme": SCHEME if region else None,
            "region": region,
            "longitude": each["longitude"],
            "latitude": each["latitude"],
        }
    return pa.Table.from_pylist(list(rows.values()), LOCAL_PLACES.schema), lost, len(split)


def _spoken(name: str, state: str) -> str | None:
    """Write a name that the Bureau prints in capitals as one reads it.

    >>> _spoken("SANTA CLARA", "CA"), _spoken("Old Town", ""), _spoken("", "")
    ('Santa Clara, CA', 'Old Town', None)
    """
    if not name:
        return None
    told = name.title() if name.isupper() else name
    return f"{told}, {state}" if state and not told.upper().endswith(f", {state}") else told


def _plain(name: str) -> str:
    """Return the name of a county without its kind, signs and accents.

    >>> _plain("Doña Ana County"), _plain("ST. LOUIS"), _plain("Orleans Parish")
    ('dona ana', 'st louis', 'orleans')
    """
    bare = KINDS.sub("", name.strip())
    letters = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


def _counties_by_name() -> dict[tuple[str, str], str]:
    """Return the county of a state and name, where one only bears it."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in regions(SCHEME).select(["region", "name"]).to_pylist():
        name = row["name"].split(",")[0]
        found.setdefault((row["region"][:2], _plain(name)), set()).add(row["region"])
    return {key: min(codes) for key, codes in found.items() if len(codes) == 1}


def _with_source(rows: pa.Table, source: str) -> pa.Table:
    at = rows.schema.get_field_index("source")
    return rows.set_column(
        at, rows.schema.field(at), pa.array([source] * rows.num_rows, pa.string())
    )


def _source(path: Path, checksum: str, by_name: bool, lost: int, split: int) -> Source:
    bureau = us_source(2022)
    covers = "Places below the county, each in one county."
    if lost:
        covers += f" Of {lost:,} places the county is not known."
    if split:
        covers += f" {split:,} places lie in several counties and stand in the one with most."
    return Source(
        source=path.stem,
        publisher=bureau.publisher if by_name else "Given with the build",
        title="ZIP Business Patterns, totals" if by_name else f"Places ({path.name})",
        address=bureau.address if by_name else None,
        retrieved=None,
        checksum=checksum,
        licence=bureau.licence if by_name else "as the file's maker says",
        covers=covers,
        employment_word="",
        payroll_unit="",
    )
