"""Read a file of any known kind: its header says which."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from clusteratlas.sources.cells import PARQUET, read_header
from clusteratlas.sources.census.census_table import INDUSTRY_NAMES, read_census_table
from clusteratlas.sources.census.county_business_patterns import NEEDED as BUREAU_NAMES
from clusteratlas.sources.census.county_business_patterns import read_county_business_patterns
from clusteratlas.sources.census.layout import FLAG_COLUMN, LEGAL_FORM, PLACES
from clusteratlas.sources.contents import UNZIPPED, read_contents
from clusteratlas.sources.encoding import decode
from clusteratlas.sources.eurostat.labour_force import read_eurostat_lfs
from clusteratlas.sources.eurostat.layout import dimensions_of, is_sdmx
from clusteratlas.sources.eurostat.structural_business import read_eurostat_sbs
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.labor.quarterly_census import NEEDED as QCEW_NAMES
from clusteratlas.sources.labor.quarterly_census import read_qcew
from clusteratlas.sources.own.own_cells import is_workbook, read_cells
from clusteratlas.sources.own.own_table import NEEDED as OWN_NAMES
from clusteratlas.sources.own.own_table import read_mapped_table, read_own_table
from clusteratlas.sources.source import Source, SourceTable

HEAD = 1 << 20
PACKED = (".txt", ".csv", ".tsv")

KINDS = {
    "Bureau's file": BUREAU_NAMES,
    "QCEW file": QCEW_NAMES,
    "Census table": ("year", "fips", "naics", "emp", "est", "pay_k"),
    "Eurostat structural business statistics": ("nace_r2,indic_sb,geo\\time",),
    "Eurostat labour force survey": ("nace_r2,sex,age,unit,geo\\time",),
    "own table": OWN_NAMES,
}


def read_any(
    path: Path,
    *,
    year: int | None = None,
    years: tuple[int, ...] = (),
    classification: str | None = None,
    scheme: str | None = None,
    source: Source | None = None,
    mapping: Path | None = None,
    ownerships: Sequence[str] = (),
    age: str | None = None,
) -> SourceTable:
    """Return the figures of a file whose kind its header tells.

    Definition
        Names of columns decide: ``fipstate``, ``msa`` or ``empflag`` a file of the Bureau's,
        ``area_fips`` with ``own_code`` one of QCEW, the dimensions joined by commas Eurostat's bulk
        TSV, ``TIME_PERIOD`` with ``OBS_VALUE`` its SDMX-CSV, ``naics`` with ``emp`` a Census
        table, ``region`` with ``industry`` an own table. A mapping makes any file an own table.

    Parameters
    ----------
    path
        The file.
    year
        For American files: the year of the figures.
    years
        For Eurostat: the years to read.
    classification, scheme, source
        For an own table: what its file cannot say.
    mapping
        For an own file: which column holds what.
    ownerships
        For QCEW: ownerships to read, such as ``private``; all by default.
    age
        For the labour force survey: age group, where the file holds two.

    Returns
    -------
    SourceTable
        As the reader of that kind returns it.

    Missing data
        As the reader of that kind has it.

    Raises
    ------
    InvalidInput
        The file is of no known kind, or has faults.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "counties.csv"
    >>> _ = place.write_text("year,fips,naics,emp,est,pay_k\\n2021,06085,334413,900,4,910\\n")
    >>> read_any(place).sources[0].source
    'cbp-2021'
    """
    if mapping is not None:
        return read_mapped_table(path, mapping)
    found = Findings(path)
    names = _names(path, found)
    kind = kind_of(names)
    if kind == "Eurostat structural business statistics":
        return read_eurostat_sbs(path, years=years or ((year,) if year else ()))
    if kind == "Eurostat labour force survey":
        return read_eurostat_lfs(path, years=years or ((year,) if year else ()), age=age)
    if kind == "QCEW file":
        return read_qcew(path, year=year, ownerships=ownerships)
    if kind == "Bureau's file":
        return read_county_business_patterns(path, year=year)
    if kind == "Census table":
        return read_census_table(path, year=year)
    if kind == "own table":
        if not (classification and scheme and source):
            found.refuse(
                "this is an own table, which does not say its classification and region scheme",
                row=1,
                value=", ".join(names),
                hint="name its kind (own), its classification and its region scheme",
            )
        return read_own_table(path, classification=classification, scheme=scheme, source=source)
    found.refuse(
        "the header is of no kind of file that can be read",
        row=1,
        value=", ".join(names),
        hint="; ".join(f"{kind}: {', '.join(needed)}" for kind, needed in KINDS.items())
        + "; any other table needs a mapping",
    )


def kind_of(names: tuple[str, ...]) -> str | None:
    r"""Return the kind of file whose header has these names, or ``None``.

    >>> kind_of(("nace_r2,indic_sb,geo\\time", "2014"))
    'Eurostat structural business statistics'
    >>> kind_of(("region", "industry", "jobs"))
    'own table'
    """
    present = {name.lower() for name in names}
    first = names[0].lower() if names else ""
    if is_sdmx(names) or ("\\" in first and ("geo" in first or "nace" in first)):
        dimensions = set(dimensions_of(names))
        if {"sex", "age"} & dimensions:
            return "Eurostat labour force survey"
        return "Eurostat structural business statistics"
    if len(present & {"area_fips", "own_code", "agglvl_code", "industry_code"}) >= 2:
        return "QCEW file"
    if present & {*PLACES, FLAG_COLUMN, LEGAL_FORM, "emp_nf", "ap_nf"}:
        return "Bureau's file"
    industry = any(re.fullmatch(INDUSTRY_NAMES, name) for name in present)
    if industry + bool(present & {"fips", "county"}) + ("emp" in present) >= 2:
        return "Census table"
    if len(present & set(OWN_NAMES)) >= 2:
        return "own table"
    return None


def _names(path: Path, found: Findings) -> tuple[str, ...]:
    """The names in the header; faults of form are left to the reader of the kind."""
    head = _head(path, found)
    if head[:4] == PARQUET:
        try:
            return tuple(pq.ParquetFile(path).schema_arrow.names)
        except (pa.ArrowException, OSError, ValueError) as error:
            told = str(error).splitlines()[0] if str(error) else ""
            found.refuse("the Parquet file is cut short or damaged", value=told)
    if head[:2] in (b"PK", b"\xd0\xcf") and is_workbook(path.read_bytes()):
        return read_cells(path, Findings(path), lambda name: True)[0].header
    if head[:2] in (b"PK", b"\x1f\x8b"):
        head = _unpacked(path, head, found)
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        found.refuse("the file is empty", hint="was the download finished?")
    line = head.lstrip(b"\r\n").split(b"\n", 1)[0]
    quiet = Findings(path)
    data = decode(line, quiet)
    separator = "\t" if b"\t" in data else ","
    return read_header(data, quiet, separator=separator).names


def _head(path: Path, found: Findings) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a place of a file"
        found.refuse(f"the file cannot be read: {reason}", hint="check its name and your rights")


def _unpacked(path: Path, head: bytes, found: Findings) -> bytes:
    """The beginning of what a large zip archive holds; a small file is unpacked as a whole."""
    if head[:2] == b"PK" and path.stat().st_size > HEAD:
        with suppress(*UNZIPPED), zipfile.ZipFile(path) as archive:
            members = [each for each in archive.infolist() if each.filename.endswith(PACKED)]
            if len(members) == 1:
                with archive.open(members[0]) as file:
                    return file.read(HEAD)
    return read_contents(path, found).data[:HEAD]
