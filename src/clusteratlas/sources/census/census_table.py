"""County Business Patterns as a tidy table: the words of the Census API, or short ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from clusteratlas.sources.cells import read_table
from clusteratlas.sources.census.layout import Columns
from clusteratlas.sources.census.printed import read_printed
from clusteratlas.sources.checks import Checks
from clusteratlas.sources.contents import read_contents
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.source import SourceTable

INDUSTRY_NAMES = r"naics(20\d\d)?"
WORDS = {
    "county": ("fips", "county"),
    "employment": ("emp", "employment"),
    "establishments": ("est", "estab", "establishments"),
    "payroll": ("pay_k", "payann", "payroll"),
}
FLAGS = {"flag": "emp_f", "payroll_flag": "payann_f"}


def read_census_table(path: Path, *, year: int | None = None) -> SourceTable:
    """Return county cells of County Business Patterns from a tidy table, CSV or Parquet.

    Definition
        One row a county, industry and year, with the columns ``year, fips, naics, emp, est,
        pay_k``, or the names of the Census API: ``YEAR, state, county, NAICS2017, EMP, ESTAB,
        PAYANN`` (and the noise flags ``EMP_F``, ``PAYANN_F``). Other columns are not looked at.

    Parameters
    ----------
    path
        The file; gzip is fine.
    year
        The one year that the table must hold; needed where it has no column for the year.

    Returns
    -------
    SourceTable
        Scheme ``us-county``, one source a year, jobs in the pay period of 12 March, payroll in
        USD 1,000.

    Missing data
        Flag D or S, no figure, or a zero with payroll or with three establishments:
        ``withheld``. Absent rows are not in the table.

    Raises
    ------
    InvalidInput
        With every fault of the file by row, column and value.

    Source
        US Census Bureau, Census API, County Business Patterns.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "counties.csv"
    >>> _ = place.write_text("year,fips,naics,emp,est,pay_k\\n2021,06085,334413,0,4,910\\n")
    >>> read_census_table(place).employment.select(["employment", "status"]).to_pylist()
    [{'employment': None, 'status': 'withheld'}]
    """
    found = Findings(path)
    contents = read_contents(path, found)
    text = read_table(contents, found, _is_ours)
    columns = census_columns(text.names)
    if columns.year is None and year is None:
        columns = Columns(**{**vars(columns), "year": "year"})
    with Checks(text, found, columns.needed) as checks:
        del text
        return read_printed(checks, columns, year=year, checksum=contents.checksum)


def _is_ours(name: str) -> bool:
    words = {word for words in WORDS.values() for word in words}
    return (
        name in {*words, *FLAGS.values(), "year", "state"}
        or re.fullmatch(INDUSTRY_NAMES, name) is not None
    )


def census_columns(names: Iterable[str]) -> Columns:
    """Return which of the names (in lower case) holds what.

    >>> census_columns(["year", "state", "county", "naics2017", "emp", "estab", "payann"]).state
    'state'
    """
    present = set(names)

    def pick(what: str) -> str:
        return next((word for word in WORDS[what] if word in present), WORDS[what][0])

    county = pick("county")
    industry = sorted(name for name in present if re.fullmatch(INDUSTRY_NAMES, name))
    return Columns(
        scheme="us-county",
        place=county,
        state="state" if county == "county" and "state" in present else None,
        industry=industry[0] if industry else "naics",
        employment=pick("employment"),
        establishments=pick("establishments"),
        payroll=pick("payroll"),
        year="year" if "year" in present else None,
        flag=FLAGS["flag"] if FLAGS["flag"] in present else None,
        payroll_flag=FLAGS["payroll_flag"] if FLAGS["payroll_flag"] in present else None,
    )
