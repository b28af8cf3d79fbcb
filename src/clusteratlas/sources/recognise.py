"""Read a file of any known kind: its header says which."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from clusteratlas.sources.cells import PARQUET, read_header
from clusteratlas.sources.census_table import INDUSTRY_NAMES, read_census_table
from clusteratlas.sources.contents import read_contents
from clusteratlas.sources.county_business_patterns import (
    EARLIER,
    read_county_business_patterns,
)
from clusteratlas.sources.county_business_patterns import NEEDED as BUREAU_NAMES
from clusteratlas.sources.encoding import decode
from clusteratlas.sources.eurostat import read_eurostat_sbs
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.own_table import NEEDED as OWN_NAMES
from clusteratlas.sources.own_table import read_own_table
from clusteratlas.sources.source import Source, SourceTable

KINDS = {
    "Bureau's county file": BUREAU_NAMES,
    "Census table": ("year", "fips", "naics", "emp", "est", "pay_k"),
    "Eurostat bulk file": ("nace_r2,indic_sb,geo\\time",),
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
) -> SourceTable:
    """Return the figures of a file whose kind its header tells.

    Definition
        Names of columns decide: ``fipstate`` the Bureau's county file, the dimensions joined by
        commas Eurostat's bulk TSV, ``naics`` with ``emp`` a Census table, ``region`` with
        ``industry`` an own table.

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
    found = Findings(path)
    names = _names(path, found)
    kind = kind_of(names)
    if kind == "Eurostat bulk file":
        return read_eurostat_sbs(path, years=years or ((year,) if year else ()))
    if kind == "Bureau's county file":
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
        hint="; ".join(f"{kind}: {', '.join(needed)}" for kind, needed in KINDS.items()),
    )


def kind_of(names: tuple[str, ...]) -> str | None:
    r"""Return the kind of file whose header has these names, or ``None``.

    >>> kind_of(("nace_r2,indic_sb,geo\\time", "2014"))
    'Eurostat bulk file'
    >>> kind_of(("region", "industry", "jobs"))
    'own table'
    """
    present = {name.lower() for name in names}
    first = names[0].lower() if names else ""
    if "\\" in first and ("geo" in first or "nace" in first):
        return "Eurostat bulk file"
    if present & {"fipstate", "fipscty", EARLIER}:
        return "Bureau's county file"
    industry = any(re.fullmatch(INDUSTRY_NAMES, name) for name in present)
    if industry + bool(present & {"fips", "county"}) + ("emp" in present) >= 2:
        return "Census table"
    if len(present & set(OWN_NAMES)) >= 2:
        return "own table"
    return None


def _names(path: Path, found: Findings) -> tuple[str, ...]:
    """The names in the header; faults of form are left to the reader of the kind."""
    contents = read_contents(path, found)
    if contents.data[:4] == PARQUET:
        try:
            return tuple(pq.ParquetFile(pa.BufferReader(contents.data)).schema_arrow.names)
        except (pa.ArrowException, OSError, ValueError) as error:
            told = str(error).splitlines()[0] if str(error) else ""
            found.refuse("the Parquet file is cut short or damaged", value=told)
    head = contents.data[: 1 << 20].lstrip(b"\r\n").split(b"\n", 1)[0]
    quiet = Findings(path)
    data = decode(head, quiet)
    separator = "\t" if b"\t" in data else ","
    return read_header(data, quiet, separator=separator).names
