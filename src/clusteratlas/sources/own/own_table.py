"""A user's own figures: a tidy CSV, workbook or Parquet file, in our words or by a mapping."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.classification import industries, regions, schemes
from clusteratlas.engine import with_columns_of
from clusteratlas.sources.cells import TextTable
from clusteratlas.sources.census.printed import FEWEST
from clusteratlas.sources.checks import Checks, whole_number
from clusteratlas.sources.findings import MOST, Findings
from clusteratlas.sources.own.mapping import read_mapping
from clusteratlas.sources.own.own_cells import COUNTS, read_cells, rename_cells
from clusteratlas.sources.source import Source, SourceTable
from clusteratlas.tables import EMPLOYMENT, STATUSES

NEEDED = ("region", "industry", "year", "employment")
WORDS = ("scheme", "source", "status")

_TYPED = """
create table typed as
with given as (
    select row, region, industry, {year} as year, {counts}, {status} as status from cells
), ruled as (
    select *, coalesce(employment = 0 and (
            coalesce(payroll, 0) > 0 or coalesce(establishments, 0) >= {fewest}), false)
        as false_zero,
        coalesce(employment_high > employment_low, false) as bounded from given
), told as (
    select *, case
        when false_zero and status in ('', 'reported') then 'withheld'
        when status <> '' then status
        when employment is null then 'withheld'
        when bounded then 'estimated'
        else 'reported' end as word
    from ruled
)
select row, $scheme as scheme, region, industry, cast(year as smallint) as year,
       $source as source,
       case when word = 'withheld' and false_zero then null else employment end as employment,
       coalesce(employment_low, case when word = 'withheld' then coalesce(employment, 0)
                                     when word = 'reported' then employment end)
           as employment_low,
       case when word = 'withheld' and false_zero then null
            else coalesce(employment_high, case when word = 'reported' then employment end) end
           as employment_high,
       establishments, payroll, word as status
from told
"""


def read_own_table(path: Path, *, classification: str, scheme: str, source: Source) -> SourceTable:
    """Return a user's own figures.

    Definition
        Needed are the columns ``region, industry, year, employment``; ``employment_low``,
        ``employment_high``, ``establishments``, ``payroll`` (thousands of the currency) and
        ``status`` are read where they are there. ``scheme`` and ``source`` may be there and must
        then say the same as the arguments. Other columns are not looked at.

    Parameters
    ----------
    path
        CSV (UTF-8, commas, a header), a workbook (its first sheet) or Parquet; gzip and a zip of
        one file are fine.
    classification
        Classification of ``industry`` with its vintage, such as ``naics-2017``.
    scheme
        Region scheme of ``region``: one that we know, or a name of the user's own.
    source
        What is known about the figures.

    Returns
    -------
    SourceTable
        Rows by the contract ``EMPLOYMENT``.

    Missing data
        Without a status, an empty employment is ``withheld`` and one with a low below its high
        ``estimated``. A zero with payroll, or with three establishments, is ``withheld``.

    Raises
    ------
    InvalidInput
        With every fault of the file by row, column and value.
    CannotAnswer
        The classification is not at hand.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "jobs.csv"
    >>> _ = place.write_text("region,industry,year,employment\\nnorth,C10,2024,120\\n")
    >>> town = Source("jobs", "Town hall", "Jobs register", None, None, None, "open", "All.",
    ...               "jobs", "EUR 1,000")
    >>> read_own_table(
    ...     place, classification="nace-2", scheme="district", source=town
    ... ).employment["status"].to_pylist()
    ['reported']
    """
    industries(classification)
    found = Findings(path)
    text, _ = read_cells(path, found, {*NEEDED, *COUNTS, *WORDS}.__contains__)
    return _table_of(text, found, classification, scheme, source)


def read_mapped_table(path: Path, mapping: Path) -> SourceTable:
    """Return a user's own figures by a mapping file.

    Definition
        The mapping (TOML) names the columns for region, industry, employment and what else is
        there, the words that mean withheld or unpublished, units, marks within numbers, sheet and
        header row, classification, region scheme and where the figures are from. See
        `clusteratlas.sources.own.mapping.Mapping`.

    Parameters
    ----------
    path
        CSV, workbook (XLSX) or Parquet.
    mapping
        The mapping file.

    Returns
    -------
    SourceTable
        Rows by the contract ``EMPLOYMENT``.

    Missing data
        A word of ``values.withheld`` or an empty cell is ``withheld``, one of
        ``values.unpublished`` is ``unpublished``. Figures in other units are rounded half up.

    Raises
    ------
    InvalidInput
        With every fault of the mapping by line and key, or of the file by row, column and value.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp())
    >>> _ = (place / "jobs.csv").write_text("Place;NACE;Jobs\\nnorth;C10;1,2\\nsouth;C10;c\\n")
    >>> _ = (place / "jobs.toml").write_text('''
    ... classification = "nace-2"
    ... scheme = "district"
    ... year = 2024
    ... file = {separator = ";", decimal = ","}
    ... columns = {region = "Place", industry = "NACE", employment = "Jobs"}
    ... values = {withheld = ["c"]}
    ... units = {employment = 1000}
    ... source = {title = "Jobs register", publisher = "Town hall", licence = "CC BY 4.0"}
    ... ''')
    >>> rows = read_mapped_table(place / "jobs.csv", place / "jobs.toml").employment
    >>> rows.select(["region", "employment", "status"]).to_pylist()[0]
    {'region': 'north', 'employment': 1200, 'status': 'reported'}
    """
    told = read_mapping(mapping)
    found = Findings(path)
    columns = told.columns.model_dump(exclude_none=True).values()
    wanted = {column.strip().lower() for column in columns}
    text, checksum = read_cells(path, found, wanted.__contains__, told.file)
    return _table_of(
        rename_cells(text, told, found),
        found,
        told.classification,
        told.scheme,
        told.source_of(path, checksum),
    )


def _table_of(
    text: TextTable, found: Findings, classification: str, scheme: str, source: Source
) -> SourceTable:
    known = industries(classification)
    with Checks(text, found, NEEDED) as checks:
        _check(checks, classification, known, scheme, source)
        found.stop_if_any()
        _type(checks, scheme, source)
        _check_rules(checks)
        found.stop_if_any()
        employment: pa.Table = checks.engine.execute(
            f"select * exclude (row) from typed order by {', '.join(EMPLOYMENT.key)}"
        ).to_arrow_table()
    employment = with_columns_of(employment, EMPLOYMENT)
    return SourceTable(
        employment, classification, scheme, (source,), regions=_known_regions(scheme, employment)
    )


def _known_regions(scheme: str, employment: pa.Table) -> pa.Table | None:
    """The regions with figures, by their known names; ``None`` for a scheme of the user's own."""
    if scheme not in schemes():
        return None
    known = regions(scheme)
    return known.filter(pc.is_in(known["region"], pc.unique(employment["region"])))


def _check(
    checks: Checks, classification: str, known: pa.Table, scheme: str, source: Source
) -> None:
    checks.filled("region", "give the code of the region")
    checks.filled("industry", "the row has a region and no industry: give its code")
    checks.years("year", None)
    for name in COUNTS:
        checks.whole(name)
    _check_words(checks, scheme, source)
    if checks.has("region") and scheme in schemes():
        _check_regions(checks, scheme)
    if checks.has("industry"):
        codes = "(select row, industry as code, industry from cells)"
        checks.codes(codes, "industry", classification, known)
    if all(checks.has(name) for name in ("region", "industry", "year")):
        checks.unique(
            ("region", "industry", "year"),
            ("region", "industry", "year"),
            "keep one of the two; are two years or two sources mixed?",
            table="(select * from cells where region <> '' and industry <> '' and year <> '')",
        )


def _check_words(checks: Checks, scheme: str, source: Source) -> None:
    words = ", ".join(f"'{word}'" for word in STATUSES)
    if checks.has("status"):
        checks.blame(
            "status",
            f"status not in ({words}, '')",
            "the status is none of the known words",
            f"use one of {', '.join(STATUSES)}, or leave it empty",
        )
    for name, said in (("scheme", scheme), ("source", source.source)):
        if checks.has(name):
            told = said.replace("'", "''")
            checks.blame(
                name,
                f"{name} <> '' and {name} <> '{told}'",
                f"the {name} is another than {said}",
                f"give one file for each {name}",
            )


def _check_regions(checks: Checks, scheme: str) -> None:
    codes = regions(scheme)["region"].to_pylist()
    checks.engine.register("known_regions", pa.table({"region": codes}))
    digits = {len(code) for code in codes} if all(code.isdigit() for code in codes) else set()

    def problem(value: str) -> tuple[str, str]:
        told = f"the region is none of {scheme}"
        for length in digits:
            if value.isdigit() and len(value) < length and value.zfill(length) in codes:
                return told, f"a leading zero was lost: write {value.zfill(length)}, as text"
        if value.upper() in codes:
            return told, f"write {value.upper()}"
        return told, f"its codes look like {codes[0]}"

    checks.blame(
        "region",
        "region <> '' and region not in (select region from known_regions)",
        problem,
    )


def _type(checks: Checks, scheme: str, source: Source) -> None:
    counts = ", ".join(
        f"{whole_number(name)} as {name}" if checks.has(name) else f"cast(null as bigint) as {name}"
        for name in COUNTS
    )
    status = "status" if checks.has("status") else "''"
    question = _TYPED.format(year=whole_number("year"), counts=counts, status=status, fewest=FEWEST)
    checks.engine.execute(question, {"scheme": scheme, "source": source.source})


def _check_rules(checks: Checks) -> None:
    """Conditions between columns, as the contract of the employment table has them."""
    typed = checks.engine.execute("select * from typed limit 0").to_arrow_table().column_names
    empty = "".join(f', null as "{name}"' for name in EMPLOYMENT.names if name not in typed)
    for column, bad, problem, hint in EMPLOYMENT.rules:
        rows = checks.engine.execute(
            f'select row, "{column}", status, count(*) over () '
            f"from (select *{empty} from typed) where {bad} "
            f"order by row limit {MOST}"
        ).fetchall()
        for row, value, status, _ in rows:
            checks.found.add(
                problem.format(status=status),
                row=row,
                column=checks.names.get(column, column),
                value="" if value is None else str(value),
                hint=hint,
            )
        checks.found.count((rows[0][3] if rows else 0) - len(rows))
