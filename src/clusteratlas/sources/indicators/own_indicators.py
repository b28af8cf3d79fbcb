"""Other figures of regions as a tidy table: region, indicator, year, value, unit, source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from clusteratlas.classification import regions, schemes
from clusteratlas.sources.archive import read_archive
from clusteratlas.sources.checks import Checks, whole_number
from clusteratlas.sources.findings import MOST, Findings, number_problem
from clusteratlas.sources.source import Source
from clusteratlas.sources.taken import IndicatorTable
from clusteratlas.sources.workbook import ENDINGS, member_table
from clusteratlas.tables import INDICATORS, STATUSES

NEEDED = ("region", "indicator", "year", "value", "unit", "source")
OPTIONAL = ("scheme", "title", "status")
NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?"
INNER_SCHEME = "us-part"
"""Parts of metropolitan areas by state: no one's figures are given for them."""

Places = Mapping[str, frozenset[str]]

_TYPED = """
create table typed as
with given as (
    select row, {scheme} as scheme, region, indicator, {year} as year, source,
           coalesce(nullif({title}, ''), indicator) as title,
           try_cast(nullif(value, '') as double) as value, unit, {status} as status
    from cells
)
select * replace (case when status <> '' then status when value is null then 'withheld'
                       else 'reported' end as status) from given
"""


def read_indicators(
    path: Path,
    *,
    scheme: str | None = None,
    places: Places | None = None,
    publisher: str = "not stated",
    licence: str = "not stated",
) -> IndicatorTable:
    """Return other figures of regions from a tidy table.

    Definition
        Needed are the columns ``region, indicator, year, value, unit, source``; ``scheme``,
        ``title`` (name of the indicator) and ``status`` are read where they are there. Other
        columns are not looked at. Where neither a column nor the argument says the region scheme,
        it is the one scheme that knows every region of the file.

    Parameters
    ----------
    path
        CSV (UTF-8, commas, a header), Parquet, or a workbook whose first sheet with these columns
        is read; gzip and a zip of one file are fine.
    scheme
        Region scheme of ``region``.
    places
        The regions of each scheme that may occur; by default those that ``classification`` knows.
    publisher, licence
        What is known about the figures besides the column ``source``.

    Returns
    -------
    IndicatorTable
        Rows by the contract ``INDICATORS``; values in their own unit.

    Missing data
        Without a status an empty value is ``withheld``. It is never zero.

    Raises
    ------
    InvalidInput
        With every fault by row, column and value: unknown regions, an indicator in two units,
        figures given twice, numbers that are none.

    Example
    -------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "figures.csv"
    >>> _ = place.write_text(
    ...     "region,indicator,year,value,unit,source\\n"
    ...     "DE11,unemployment-rate,2014,3.4,percent,Eurostat lfst_r_lfu3rt\\n"
    ... )
    >>> row = read_indicators(place).indicators.to_pylist()[0]
    >>> row["scheme"], row["value"], row["unit"], row["status"]
    ('nuts-2', 3.4, 'percent', 'reported')
    """
    found = Findings(path)
    archive = read_archive(path, found, (*ENDINGS, ".csv", ".txt", ".parquet"), lambda name: True)
    if len(archive.members) > 1:
        found.refuse(
            "the zip archive holds more than one table",
            value=", ".join(member.name for member in archive.members[:5]),
            hint="unpack it and give the one file that is meant",
        )
    text = member_table(archive.members[0], found, {*NEEDED, *OPTIONAL}, NEEDED)
    if text is None:
        found.refuse(
            "no sheet has the columns of a table of indicators",
            hint=f"needed: {', '.join(NEEDED)}",
        )
    known = _all_places() if places is None else places
    with Checks(text, found, NEEDED) as checks:
        _check(checks)
        told = _scheme(checks, scheme, known)
        _check_regions(checks, told, known)
        _type(checks, told)
        _check_rules(checks)
        found.stop_if_any()
        names = ", ".join(INDICATORS.names)
        rows = checks.engine.execute(
            f"select {names} from typed order by {', '.join(INDICATORS.key)}"
        ).to_arrow_table()
    used = sorted(set(rows.column("source").to_pylist()))
    return IndicatorTable(
        rows.cast(INDICATORS.schema),
        tuple(_source(name, publisher, licence, archive.checksum) for name in used),
        str(path),
    )


def _all_places() -> Places:
    return {
        name: frozenset(regions(name)["region"].to_pylist())
        for name in schemes()
        if name != INNER_SCHEME
    }


def _check(checks: Checks) -> None:
    checks.filled("region", "give the code of the region")
    checks.filled("indicator", "give a short code, such as unemployment-rate")
    checks.filled("unit", "give the unit of the value, such as percent, EUR or patents")
    checks.filled("source", "say where the figure is from: no figure without its source")
    checks.years("year", None)
    checks.blame(
        "value",
        f"value <> '' and not regexp_full_match(value, '{NUMBER}')",
        lambda cell: _number_problem(checks.names.get("value", "value"), cell),
    )
    checks.blame(
        "value",
        f"regexp_full_match(value, '{NUMBER}') and not isfinite(try_cast(value as double))",
        "the value is too large",
        "give it in a larger unit",
    )
    if checks.has("status"):
        words = ", ".join(f"'{word}'" for word in STATUSES)
        checks.blame(
            "status",
            f"status not in ({words}, '')",
            "the status is none of the known words",
            f"use one of {', '.join(STATUSES)}, or leave it empty",
        )


def _number_problem(name: str, cell: str) -> tuple[str, str]:
    if "," in cell and cell.count(",") == 1 and "." not in cell:
        return (
            f"{name} is written with a comma",
            "write a decimal point, and no separators of thousands",
        )
    return number_problem(name, cell)


def _scheme(checks: Checks, scheme: str | None, known: Places) -> str:
    """The scheme of rows that do not name one; empty where every row does, or none fits."""
    if scheme is not None:
        if scheme not in known:
            checks.found.add(
                "there is no such region scheme",
                value=scheme,
                hint=f"known are {', '.join(sorted(known))}",
            )
        return scheme
    rows = "scheme = ''" if checks.has("scheme") else "true"
    codes = {
        code
        for (code,) in checks.engine.execute(
            f"select distinct region from cells where region <> '' and {rows}"
        ).fetchall()
    }
    if not codes:
        return ""
    fitting = [name for name, places in known.items() if codes <= places]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        checks.found.add(
            "the codes of the regions fit several region schemes",
            column="region",
            value=", ".join(sorted(codes)[:5]),
            hint=f"add a column scheme that says which of {', '.join(fitting)}",
        )
        return ""
    likely = max(known, key=lambda name: len(codes & known[name]), default="")
    if 2 * len(codes & known.get(likely, frozenset())) > len(codes):
        return likely
    checks.found.add(
        "the codes of the regions fit no region scheme",
        column="region",
        value=", ".join(sorted(codes)[:5]),
        hint=f"add a column scheme; known are {', '.join(sorted(known))}",
    )
    return ""


def _check_regions(checks: Checks, told: str, known: Places) -> None:
    if checks.has("scheme"):
        names = ", ".join(f"'{name}'" for name in known)
        checks.blame(
            "scheme",
            f"scheme <> '' and scheme not in ({names or 'null'})",
            "there is no such region scheme",
            f"known are {', '.join(sorted(known))}",
        )
        if told:
            checks.blame(
                "scheme",
                "scheme not in ('', '{}')".format(told.replace("'", "''")),
                f"the scheme is another than {told}",
                "give one file for each scheme, or name the scheme in every row",
            )
    pairs = [(name, code) for name, places in known.items() for code in places]
    checks.engine.register(
        "places",
        pa.table(
            {
                "scheme": pa.array([name for name, _ in pairs], pa.string()),
                "region": pa.array([code for _, code in pairs], pa.string()),
            }
        ),
    )
    own = "coalesce(nullif(scheme, ''), $told)" if checks.has("scheme") else "$told"
    rows = checks.engine.execute(
        f"select row, region, {own} as used, count(*) over () from cells "
        f"where region <> '' and {own} in (select scheme from places) "
        f"and ({own}, region) not in (select (scheme, region) from places) "
        f"order by row limit {MOST}",
        {"told": told},
    ).fetchall()
    for row, code, used, _ in rows:
        checks.found.add(
            f"the region is none of {used}",
            row=row,
            column=checks.names.get("region", "region"),
            value=code,
            hint=_region_hint(code, known[used]),
        )
    checks.found.count((rows[0][3] if rows else 0) - len(rows))


def _region_hint(code: str, places: frozenset[str]) -> str:
    for length in {len(place) for place in places}:
        if code.isdigit() and len(code) < length and code.zfill(length) in places:
            return f"a leading zero was lost: write {code.zfill(length)}, as text"
    if code.upper() in places:
        return f"write {code.upper()}"
    return f"its codes look like {min(places, default='')}; is it of another vintage?"


def _type(checks: Checks, told: str) -> None:
    given = {name: name if checks.has(name) else "''" for name in OPTIONAL}
    given["scheme"] = f"coalesce(nullif({given['scheme']}, ''), $told)"
    checks.engine.execute(
        _TYPED.format(
            year=f"cast(least(greatest({whole_number('year')}, 0), 9999) as smallint)", **given
        ),
        {"told": told},
    )


def _check_rules(checks: Checks) -> None:
    for column, bad, problem, hint in INDICATORS.rules:
        rows = checks.engine.execute(
            f"select row, {column}, status from typed where {bad} order by row limit {MOST}"
        ).fetchall()
        for row, value, status in rows:
            checks.found.add(
                problem.format(status=status),
                row=row,
                column=checks.names.get(column, column),
                value="" if value is None else str(value),
                hint=hint,
            )
    checks.unique(
        ("scheme", "region", "indicator", "year", "source"),
        ("region", "indicator", "year", "source"),
        "keep one of the two",
        table="(select * from typed where region <> '' and indicator <> '' and year is not null)",
    )
    for column in ("unit", "title"):
        _one_of_each(checks, column)


def _one_of_each(checks: Checks, column: str) -> None:
    """An indicator has one unit and one title throughout."""
    rows = checks.engine.execute(
        f"with firsts as (select indicator, arg_min({column}, row) as said, min(row) as first "
        f"from typed where {column} <> '' group by indicator) "
        f"select t.row, t.{column}, t.indicator, f.said, f.first, count(*) over () "
        f"from typed t join firsts f using (indicator) "
        f"where t.{column} <> '' and t.{column} <> f.said order by t.row limit {MOST}"
    ).fetchall()
    for row, value, indicator, said, first, _ in rows:
        checks.found.add(
            f"{indicator} has the {column} {said} in row {first} and another one here",
            row=row,
            column=checks.names.get(column, column),
            value=value,
            hint=f"an indicator has one {column}: convert the figures, or give it another code",
        )
    checks.found.count((rows[0][5] if rows else 0) - len(rows))


def _source(name: str, publisher: str, licence: str, checksum: str) -> Source:
    return Source(
        source=name,
        publisher=publisher,
        title=name,
        address=None,
        retrieved=None,
        checksum=checksum,
        licence=licence,
        covers="Indicators of regions: as far as their publisher says.",
        employment_word="",
        payroll_unit="",
    )
