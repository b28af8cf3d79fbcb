"""The Bureau's own text files: county, metro, state and US, or their zip, from 1998 on."""

from __future__ import annotations

import re
from pathlib import Path

from clusteratlas.sources.cells import PARQUET, read_table
from clusteratlas.sources.census.layout import (
    FIGURES,
    FLAG_COLUMN,
    LEGAL_FORM,
    PLACES,
    Columns,
    bureau_columns,
)
from clusteratlas.sources.census.printed import FIRST_OF_THREE, read_printed
from clusteratlas.sources.census.size_classes import is_size_column
from clusteratlas.sources.checks import Checks
from clusteratlas.sources.contents import Contents, check_end, read_contents
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.source import SourceTable

NEEDED = ("fipstate", "fipscty", "naics", *FIGURES)
NAME = r"cbp(\d\d)(co|msa|st|us)"


def read_county_business_patterns(path: Path, *, year: int | None = None) -> SourceTable:
    """Return one year of County Business Patterns from the Bureau's own file.

    Definition
        Files of counties (``cbpYYco``: ``fipstate, fipscty``), metropolitan areas (``cbpYYmsa``:
        ``msa``), states (``cbpYYst``: ``fipstate`` and the legal form ``lfo``, of which ``-``, all
        forms, is kept) and the nation (``cbpYYus``). Layout of 2017 and later (``emp_nf, emp,
        ap_nf, ap, est`` and size classes ``n<5`` and more) and of 1998 to 2016 (``empflag`` gives
        the range of a withheld row, ``n1_4`` and more). ``------`` is read as ``00``, ``31----``
        as ``31-33``, ``1133//`` as ``1133``. Counties of Alaska and elsewhere that are split,
        renamed or merged are added up to the county of the delineation. Statewide rows (county
        999: not assigned to a county) are kept apart.

    Parameters
    ----------
    path
        ``cbpYYco.txt``, ``cbpYYmsa.txt``, ``cbpYYst.txt``, ``cbpYYus.txt``, or a zip of one.
    year
        Year of the figures; by default the YY of the name.

    Returns
    -------
    SourceTable
        Scheme ``us-county``, ``us-cbsa``, ``us-state`` or ``us-nation``; jobs in the pay period of
        12 March, payroll in USD 1,000.

    Missing data
        A row with ``empflag``, or with flag D or S, is ``withheld``; from 2017 on also a zero with
        payroll or with three establishments, before that a zero in which the size classes see
        jobs. Its bounds are what the range of the flag and the size classes allow. Cells that
        the Bureau does not print are not in the table.

    Raises
    ------
    InvalidInput
        With every fault of the file by row, column and value.

    Source
        US Census Bureau, record layouts of the County Business Patterns files.

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
    check_end(contents, found)
    text = read_table(contents, found, _is_ours)
    columns = bureau_columns(name.lower() for name in text.header)
    settled = _year(path, contents, year, columns, found)
    with Checks(text, found, columns.needed) as checks:
        del text
        return read_printed(checks, columns, year=settled, checksum=contents.checksum)


def _is_ours(name: str) -> bool:
    return name in (*PLACES, "naics", *FIGURES, FLAG_COLUMN, LEGAL_FORM) or is_size_column(name)


def _year(
    path: Path, contents: Contents, year: int | None, columns: Columns, found: Findings
) -> int | None:
    """The year by the file's name and by the caller, which must agree."""
    named = {
        2000 + int(match[1]) if int(match[1]) < 86 else 1900 + int(match[1])
        for name in (path.name, contents.name)
        if (match := re.search(NAME, name.lower()))
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
    else:
        _check_layout(min(named), contents, columns, found)
    return max(named) if named else None


def _check_layout(year: int, contents: Contents, columns: Columns, found: Findings) -> None:
    """Layout and year agree; the file of 2017 may have either."""
    if columns.range_flag and year > FIRST_OF_THREE:
        found.add(
            f"the layout is that of 2016 and earlier (column {FLAG_COLUMN}), and the year {year}",
            value=contents.name,
            hint="is the year right?",
        )
    elif not columns.range_flag and year < FIRST_OF_THREE:
        found.add(
            f"the layout is that of 2017 and later (no column {FLAG_COLUMN}), and the year {year}",
            value=contents.name,
            hint="is the year right?",
        )
