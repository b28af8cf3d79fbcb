"""The Bureau's own text file of county cells: ``cbpYYco.txt``, or its zip, from 2017 on."""

from __future__ import annotations

import re
from pathlib import Path

from clusteratlas.sources.cells import PARQUET, read_table
from clusteratlas.sources.checks import Checks
from clusteratlas.sources.contents import Contents, read_contents
from clusteratlas.sources.counties import CountyColumns, read_counties
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.source import SourceTable

COLUMNS = CountyColumns(
    state="fipstate",
    county="fipscty",
    industry="naics",
    employment="emp",
    establishments="est",
    payroll="ap",
    flag="emp_nf",
    payroll_flag="ap_nf",
)
NEEDED = ("fipstate", "fipscty", "naics", "emp_nf", "emp", "ap_nf", "ap", "est")
EARLIER = "empflag"
FIRST_YEAR = 2017


def read_county_business_patterns(path: Path, *, year: int | None = None) -> SourceTable:
    """Return the county cells of one year of County Business Patterns from the Bureau's own file.

    Definition
        Layout of 2017 and later: ``fipstate, fipscty, naics, emp_nf, emp, ..., ap_nf, ap, est``
        and size classes. ``------`` is read as ``00``, ``31----`` as ``31-33``, ``1133//`` as
        ``1133``. Counties of Alaska and elsewhere that are split, renamed or merged are added up
        to the county of the delineation. Statewide rows (county 999: not assigned to a county)
        are left out, and counted in what the source covers.

    Parameters
    ----------
    path
        ``cbpYYco.txt`` or a zip that holds it.
    year
        Year of the figures; by default the YY of the name.

    Returns
    -------
    SourceTable
        Scheme ``us-county``, jobs in the pay period of 12 March, payroll in USD 1,000.

    Missing data
        Flag D or S, or a zero with payroll or with three establishments: ``withheld``. Cells that
        the Bureau does not print are not in the table.

    Raises
    ------
    InvalidInput
        With every fault of the file by row, column and value.

    Source
        US Census Bureau, record layout of the County Business Patterns county file.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "cbp21co.txt"
    >>> _ = place.write_text(
    ...     "fipstate,fipscty,naics,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est\\n"
    ...     "06,085,334413,G,12000,G,500000,G,2100000,120\\n"
    ... )
    >>> read_county_business_patterns(place).employment["region"].to_pylist()
    ['06085']
    """
    found = Findings(path)
    contents = read_contents(path, found)
    if contents.data[:4] == PARQUET:
        found.refuse("a Parquet file is not in the Bureau's layout", hint="read it as Census table")
    text = read_table(contents, found, {*NEEDED, EARLIER}.__contains__)
    if EARLIER in text.names:
        Findings(path).refuse(
            "this is the layout of 2016 and earlier (column empflag), which comes later",
            row=text.header_row,
            hint="use the county file of 2017 or a later year",
        )
    settled = _year(path, contents, year, found)
    with Checks(text, found, NEEDED) as checks:
        del text
        return read_counties(checks, COLUMNS, year=settled, checksum=contents.checksum)


def _year(path: Path, contents: Contents, year: int | None, found: Findings) -> int | None:
    """The year by the file's name and by the caller, which must agree."""
    named = {
        2000 + int(match[1]) if int(match[1]) < 86 else 1900 + int(match[1])
        for name in (path.name, contents.name)
        if (match := re.search(r"cbp(\d\d)co", name.lower()))
    }
    if year is not None:
        named.add(year)
    if len(named) > 1:
        told = " and ".join(str(each) for each in sorted(named))
        found.add(
            f"the year of the figures is not clear: {told}",
            value=contents.name,
            hint="name the file as the Bureau does (cbp21co.txt for 2021), or do not name the year",
        )
    elif not named:
        found.add(
            "the year of the figures is not known",
            value=contents.name,
            hint="name the file as the Bureau does (cbp21co.txt for 2021), or say the year",
        )
    elif min(named) < FIRST_YEAR:
        found.add(
            f"the layout of {min(named)} comes later; files from {FIRST_YEAR} on are read",
            value=contents.name,
            hint="use the county file of 2017 or a later year",
        )
    return max(named) if named else None
