"""Occupational Employment and Wage Statistics: jobs of occupations by industry and by area."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from clusteratlas.classification import regions
from clusteratlas.sources.archive import Member, read_archive
from clusteratlas.sources.cells import TextTable
from clusteratlas.sources.checks import Checks
from clusteratlas.sources.findings import MOST, Findings
from clusteratlas.sources.labor.occupation_rows import AREA_ROWS, INDUSTRY_ROWS, TYPED, figure
from clusteratlas.sources.source import Source
from clusteratlas.sources.taken import TakenTable
from clusteratlas.sources.workbook import ENDINGS, member_table
from clusteratlas.tables import INDUSTRY_OCCUPATIONS, REGIONAL_OCCUPATIONS, Contract

SHARED_NAMES = ("occ_code", "occ_title", "tot_emp")
INDUSTRY_NAMES = ("naics", "naics_title", "i_group", "own_code", *SHARED_NAMES)
AREA_NAMES = ("area", "area_title", "area_type", *SHARED_NAMES)
FIGURES = ("tot_emp", "emp_prse", "jobs_1000", "loc_quotient", "pct_total", "a_mean")
OPTIONAL = ("o_group", "naics", *FIGURES)
NOT_RELEASED, NOT_AVAILABLE, TOP_CODED = "**", "*", "#"
CROSS_INDUSTRY = "000000"
LEFT_OUT = re.compile(r"owner|descri|readme|notes", re.IGNORECASE)
"""Workbooks that repeat figures by owner, and files of words."""

YEAR_IN_NAME = re.compile(r"(?:oesm|_m)(\d{4}|\d{2})(?!\d)", re.IGNORECASE)
COMBINED = re.compile(r"\(([\d, and]+?)\s+only\)")

COVERS = (
    "Wage and salary workers in May; the self-employed, owners of unincorporated firms, household "
    "workers and farms are not counted. Estimates from a survey of six panels over three years, "
    "each with a relative standard error. A figure marked ** is not released; a wage marked # is "
    "at least the top code."
)


def read_industry_occupations(path: Path, *, year: int | None = None) -> TakenTable:
    """Return the jobs of occupations by industry of the nation, from the Bureau's own files.

    Definition
        Layout of 2019 and later: ``NAICS, NAICS_TITLE, I_GROUP, OWN_CODE, OCC_CODE, OCC_TITLE,
        O_GROUP, TOT_EMP, EMP_PRSE, PCT_TOTAL, A_MEAN``. Codes stay as printed; where letters
        combine several classes (3320A1), ``covers`` names the classes that the title lists.

    Parameters
    ----------
    path
        ``oesmYYin4.zip`` (its workbooks are joined; those split by owner are left out), one
        workbook of it, or the same columns as CSV or Parquet.
    year
        Year of the figures; by default the one in the name.

    Returns
    -------
    TakenTable
        Rows by the contract ``INDUSTRY_OCCUPATIONS``; jobs, wages in USD a year.

    Missing data
        ``**`` is ``withheld``, its employment null. A wage of ``*`` is not available, of ``#`` at
        least the top code: both are null, with a note.

    Raises
    ------
    InvalidInput
        With every fault of the file by row, column and value.

    Source
        US Bureau of Labor Statistics, field descriptions of the OEWS files.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "nat4d_M2025_dl.csv"
    >>> _ = place.write_text(
    ...     "NAICS,NAICS_TITLE,I_GROUP,OWN_CODE,OCC_CODE,OCC_TITLE,TOT_EMP\\n"
    ...     '3320A2,"Metal Products (3323 and 3324 only)",4-digit,5,51-4121,Welders,**\\n'
    ... )
    >>> row = read_industry_occupations(place).rows.to_pylist()[0]
    >>> row["covers"], row["status"], row["employment"]
    ('3323 3324', 'withheld', None)
    """
    return _read(path, year, _BY_INDUSTRY)


def read_regional_occupations(path: Path, *, year: int | None = None) -> TakenTable:
    """Return the jobs of occupations by area, from the Bureau's own files.

    Definition
        Layout of 2019 and later: ``AREA, AREA_TITLE, AREA_TYPE, OCC_CODE, OCC_TITLE, O_GROUP,
        TOT_EMP, EMP_PRSE, JOBS_1000, LOC_QUOTIENT, A_MEAN``. Area type 1 is the nation
        (``us-nation``), 2 a state (``us-state``), 3 a territory (``us-territory``), 4 a metro
        area: ``us-cbsa`` where our delineation knows its code, else ``oews-metro``; 6 an area
        outside metros (``oews-nonmetro``).

    Parameters
    ----------
    path
        ``oesmYYma.zip`` or ``oesmYYst.zip``, one workbook of it, or the same columns as CSV or
        Parquet.
    year
        Year of the figures; by default the one in the name.

    Returns
    -------
    TakenTable
        Rows by the contract ``REGIONAL_OCCUPATIONS``. The location quotient is the Bureau's own.

    Missing data
        As for ``read_industry_occupations``.

    Raises
    ------
    InvalidInput
        With every fault of the file by row, column and value.

    Source
        US Bureau of Labor Statistics, field descriptions of the OEWS files.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "MSA_M2025_dl.csv"
    >>> _ = place.write_text(
    ...     "AREA,AREA_TITLE,AREA_TYPE,OCC_CODE,OCC_TITLE,TOT_EMP,LOC_QUOTIENT\\n"
    ...     '10180,"Abilene, TX",4,11-0000,Management,5470,1.02\\n'
    ... )
    >>> row = read_regional_occupations(place).rows.to_pylist()[0]
    >>> row["scheme"], row["region"], row["employment"], row["location_quotient"]
    ('us-cbsa', '10180', 5470, 1.02)
    """
    return _read(path, year, _BY_AREA)


@dataclass(frozen=True)
class _Layout:
    contract: Contract
    needed: tuple[str, ...]
    question: str
    source: str
    title: str


_BY_INDUSTRY = _Layout(
    INDUSTRY_OCCUPATIONS, INDUSTRY_NAMES, INDUSTRY_ROWS, "oews-industry", "by industry"
)
_BY_AREA = _Layout(REGIONAL_OCCUPATIONS, AREA_NAMES, AREA_ROWS, "oews-area", "by area")


def covers_of(title: str) -> str | None:
    """Return the classes that the title of a combined code lists, a blank between.

    >>> covers_of("Machinery Manufacturing (3331, 3332, 3334, and 3339 only)")
    '3331 3332 3334 3339'
    >>> covers_of("Machinery Manufacturing") is None
    True
    """
    listed = COMBINED.search(title)
    return " ".join(re.findall(r"\d+", listed[1])) if listed else None


def _read(path: Path, year: int | None, layout: _Layout) -> TakenTable:
    found = Findings(path)
    archive = read_archive(
        path, found, (*ENDINGS, ".csv", ".txt"), lambda name: not LEFT_OUT.search(name)
    )
    settled = _year(path, archive.members, year, found)
    parts: list[pa.Table] = []
    for member in archive.members:
        several = len(archive.members) > 1
        here = Findings(Path(f"{path}/{member.name}")) if several else found
        text = member_table(member, here, {*layout.needed, *OPTIONAL}, layout.needed)
        if text is None:
            continue
        with Checks(text, here, layout.needed) as checks:
            del text
            _check(checks, layout)
            here.stop_if_any()
            parts.append(_typed(checks, len(parts)))
    if not parts:
        found.refuse(
            "no sheet has the columns of this publication",
            value=", ".join(member.name for member in archive.members),
            hint=f"needed: {', '.join(name.upper() for name in layout.needed)}",
        )
    found.stop_if_any()
    return _joined(parts, layout, settled, archive.checksum, found)


def _year(path: Path, members: Iterable[Member], year: int | None, found: Findings) -> int | None:
    names = [path.name, *(member.name for member in members)]
    named = {
        int(match[1]) if len(match[1]) == 4 else 2000 + int(match[1])
        for name in names
        if (match := YEAR_IN_NAME.search(name))
    }
    if year is not None:
        named.add(year)
    if len(named) == 1:
        return named.pop()
    told = " and ".join(str(each) for each in sorted(named))
    found.add(
        f"the year of the figures is not clear: {told}" if named else "the year is not known",
        value=", ".join(names[:4]),
        hint="name the file as the Bureau does (oesm25in4.zip, MSA_M2025_dl.xlsx), or say the year",
    )
    return None


def _check(checks: Checks, layout: _Layout) -> None:
    for name in layout.needed:
        checks.filled(name, "the Bureau leaves none of these empty: was the file changed?")
    checks.blame(
        "occ_code",
        "occ_code <> '' and not regexp_full_match(occ_code, '[0-9]{2}-?[0-9]{4}')",
        "the occupation is no code of the Standard Occupational Classification",
        "codes look like 51-4121",
    )
    for name in FIGURES:
        if checks.has(name):
            checks.blame(
                name,
                f"{name} not in ('', '{NOT_RELEASED}', '{NOT_AVAILABLE}', '{TOP_CODED}') "
                f"and ({figure(name)} is null or {figure(name)} < 0)",
                f"{checks.names[name]} is neither a figure nor a mark of the Bureau",
                f"figures are not negative; marks are {NOT_RELEASED}, {NOT_AVAILABLE} "
                f"and {TOP_CODED}",
            )
    checks.blame(
        "tot_emp",
        f"{figure('tot_emp')} <> floor({figure('tot_emp')})",
        "employment is not a whole number",
        "the Bureau prints whole jobs",
    )
    if layout is _BY_AREA:
        checks.blame(
            "area_type",
            "area_type not in ('', '1', '2', '3', '4', '6')",
            "the type of area is not known",
            "1 nation, 2 state, 3 territory, 4 metro area, 6 outside metro areas",
        )
        checks.blame(
            "area",
            "area <> '' and not regexp_full_match(area, '[0-9]{1,7}')",
            "the area is no code of digits",
        )
    else:
        checks.blame(
            "naics",
            "naics <> '' and not regexp_full_match(naics, '[0-9]{2}[0-9A-Z-]{0,4}')",
            "the industry is no code of NAICS, plain or combined",
            "codes look like 3320A1, 332100 or 31-33",
        )


def _typed(checks: Checks, part: int) -> pa.Table:
    given = {
        name: f'"{name}"' if name in checks.names else "''"
        for name in ("o_group", "naics", *FIGURES)
    }
    only = "where naics in ('', '000000')" if {"area", "naics"} <= set(checks.names) else ""
    text = ", ".join(
        f'"{name}"' for name in checks.names if name not in {*FIGURES, "o_group", "row"}
    )
    return checks.engine.execute(
        TYPED.format(text=text, part=part, only=only, **given)
    ).to_arrow_table()


def _joined(
    parts: list[pa.Table], layout: _Layout, year: int | None, checksum: str, found: Findings
) -> TakenTable:
    whole = pa.concat_tables(parts, promote_options="default")
    source = f"{layout.source}-{year}"
    with Checks(TextTable(pa.table({"row": [1]}), {}, (), None), found) as checks:
        engine = checks.engine
        engine.register("given", whole)
        engine.register("known", regions("us-cbsa").select(["region"]))
        titles = (
            whole.column("naics_title") if layout is _BY_INDUSTRY else pa.array([], pa.string())
        )
        listed = sorted({title for title in titles.to_pylist() if "only)" in title})
        engine.register(
            "combined",
            pa.table(
                {
                    "title": pa.array(listed, pa.string()),
                    "covers": pa.array([covers_of(title) for title in listed], pa.string()),
                }
            ),
        )
        engine.execute(
            f"create table taken as {layout.question}",
            {"year": year, "source": source}
            | ({"classification": vintage(year or 0)} if layout is _BY_INDUSTRY else {}),
        )
        _refuse_contradictions(checks, layout)
        found.stop_if_any()
        names = ", ".join(f'"{name}"' for name in layout.contract.names)
        key = ", ".join(f'"{name}"' for name in layout.contract.key)
        rows = engine.execute(
            f"select {names} from (select *, row_number() over (partition by {key} "
            f"order by part, row) as place from taken) where place = 1 order by {key}"
        ).to_arrow_table()
        others = engine.execute(
            "select distinct region || ' ' || region_title from taken "
            "where scheme = 'oews-metro' order by 1"
            if layout is _BY_AREA
            else "select '' where false"
        ).fetchall()
    more = (
        f"{len(others)} metro areas are of another delineation than ours and stand in the scheme "
        f"oews-metro: {'; '.join(name for (name,) in others[:5])}{' ...' if others[5:] else ''}."
        if others
        else ""
    )
    return TakenTable(
        layout.contract,
        rows.cast(layout.contract.schema),
        (_source(source, layout, year, checksum, more),),
    )


def _refuse_contradictions(checks: Checks, layout: _Layout) -> None:
    """The same cell may stand in two workbooks (as 3-digit and 4-digit), with the same figures."""
    key = [name for name in layout.contract.key if name not in {"source", "year"}]
    keys = ", ".join(f'"{name}"' for name in key)
    rows = checks.engine.execute(
        f"select {keys}, min(row), max(row), array_to_string(list_sort(list(distinct "
        f"coalesce(employment::varchar, '**'))), ' and ') as figures from taken group by {keys} "
        "having count(distinct coalesce(employment, -1)) > 1 "
        f"or count(*) > count(distinct part) order by all limit {MOST}"
    ).fetchall()
    for *cell, first, last, figures in rows:
        checks.found.add(
            "the same cell stands twice in the files",
            row=last,
            column=", ".join(key),
            value=f"{', '.join(map(str, cell))}: {figures} (first in row {first})",
            hint="keep one of the two; are two years or two owners mixed?",
        )


def vintage(year: int) -> str:
    """Return the vintage of NAICS in which the Bureau publishes OEWS of a year.

    >>> vintage(2025), vintage(2019), vintage(2014)
    ('naics-2022', 'naics-2017', 'naics-2012')
    """
    return "naics-2022" if year >= 2022 else "naics-2017" if year >= 2017 else "naics-2012"


def _source(name: str, layout: _Layout, year: int | None, checksum: str, more: str) -> Source:
    return Source(
        source=name,
        publisher="US Bureau of Labor Statistics",
        title=f"Occupational Employment and Wage Statistics, May {year}, {layout.title}",
        address="https://www.bls.gov/oes/tables.htm",
        retrieved=None,
        checksum=checksum,
        licence="public domain (work of the United States government)",
        covers=f"{COVERS} {more}".strip(),
        employment_word="jobs",
        payroll_unit="USD",
    )
