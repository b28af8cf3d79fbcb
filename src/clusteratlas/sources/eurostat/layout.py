"""Eurostat's two layouts as one table: bulk TSV (a column a year), SDMX-CSV (a row a figure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clusteratlas.sources.cells import TextTable, read_header, read_table
from clusteratlas.sources.checks import Checks, quoted
from clusteratlas.sources.contents import Contents, check_end
from clusteratlas.sources.encoding import decode
from clusteratlas.sources.findings import Findings, shorten

YEAR = r"(19|20)[0-9]{2}"
CELL = r"(:|-?\d{1,12}(\.\d+)?)( *[a-z]+)?"
FREQUENCY = "freq"
PERIOD, VALUE, FLAG, CONFIDENTIAL = "time_period", "obs_value", "obs_flag", "conf_status"
NO_DIMENSIONS = ("dataflow", "last update", PERIOD, VALUE, FLAG, CONFIDENTIAL)


@dataclass(frozen=True)
class Layout:
    """The dimensions of a file in their order, and whether years are columns."""

    dimensions: tuple[str, ...]
    wide: bool
    years: dict[int, str]
    first: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell one figure of a row from another."""
        return self.dimensions if self.wide else (*self.dimensions, PERIOD)


def is_sdmx(names: Sequence[str]) -> bool:
    """Return whether a header is that of SDMX-CSV.

    >>> is_sdmx(["DATAFLOW", "LAST UPDATE", "freq", "geo", "TIME_PERIOD", "OBS_VALUE"])
    True
    """
    return {PERIOD, VALUE} <= {name.lower() for name in names}


def dimensions_of(names: Sequence[str]) -> tuple[str, ...]:
    r"""Return the dimensions that a header of either layout names, in lower case.

    >>> dimensions_of(["nace_r2,indic_sb,geo\\time", "2014"])
    ('nace_r2', 'indic_sb', 'geo')
    """
    if is_sdmx(names):
        return tuple(name.lower() for name in names if name.lower() not in NO_DIMENSIONS)
    first = names[0] if names else ""
    return tuple(name.strip().lower() for name in first.split("\\")[0].split(","))


def read_long(
    contents: Contents, found: Findings, needed: Sequence[str], years: Sequence[int]
) -> tuple[TextTable, Layout]:
    """Return the figures of a file of either layout, one row a figure.

    Returns
    -------
    tuple of TextTable and Layout
        Columns: the dimensions, ``year``, ``column`` (where the figure stands) and ``cell`` (the
        figure, a blank and its flags in lower case; c for what is confidential).

    Raises
    ------
    InvalidInput
        The header does not name the dimensions ``needed``, or no year that is asked for.
    """
    check_end(contents, found)
    quiet = Findings(found.path)
    head = decode(contents.data[: 1 << 20].lstrip(b"\r\n").split(b"\n", 1)[0], quiet)
    if b"\\" not in head and is_sdmx(read_header(head, quiet).names):
        return _from_sdmx(contents, found, needed, years)
    return _from_wide(contents, found, needed, years)


def _from_sdmx(
    contents: Contents, found: Findings, needed: Sequence[str], years: Sequence[int]
) -> tuple[TextTable, Layout]:
    text = read_table(contents, found, lambda name: name not in NO_DIMENSIONS[:2])
    dimensions = dimensions_of(text.header)
    missing = [name for name in needed if name not in dimensions]
    if missing:
        found.missing_columns(missing, dimensions, row=text.header_row)
    for name in dimensions:
        if name not in (*needed, FREQUENCY):
            found.add(
                "the column is no dimension of this table",
                row=text.header_row,
                column=shorten(name),
                value=name,
                hint=f"the dimensions are {', '.join(needed)}",
            )
    found.stop_if_any()
    with Checks(text, found) as checks:
        checks.blame(
            PERIOD,
            f"not regexp_full_match({PERIOD}, '{YEAR}')",
            "the period is no year",
            "give annual figures; periods are written 2014",
        )
        flag = f"lower({FLAG})" if checks.has(FLAG) else "''"
        secret = f"upper({CONFIDENTIAL}) = 'C'" if checks.has(CONFIDENTIAL) else "false"
        held = checks.engine.execute(
            f"select distinct try_cast({PERIOD} as integer) from cells order by 1"
        ).fetchall()
        present = {year: str(year) for (year,) in held if year}
        chosen = _chosen(present, years, text, found)
        listed = ", ".join(str(year) for year in chosen)
        parts = ", ".join(f'"{quoted(name)}"' for name in dimensions)
        rows = checks.engine.execute(
            f"select row, {parts}, {PERIOD} as year, "
            f"'{text.names[VALUE]}' as \"column\", "
            f"trim(case when {VALUE} = '' then ':' else {VALUE} end || ' ' || {flag} || "
            f"case when {secret} and not contains({flag}, 'c') then 'c' else '' end) as cell "
            f"from cells where try_cast({PERIOD} as integer) in ({listed}) order by row"
        ).to_arrow_table()
    names = {name: text.names[name] for name in dimensions}
    names |= {name: name for name in ("year", "column", "cell")}
    return TextTable(rows, names, text.header, text.header_row), Layout(dimensions, False, chosen)


def _from_wide(
    contents: Contents, found: Findings, needed: Sequence[str], years: Sequence[int]
) -> tuple[TextTable, Layout]:
    text = read_table(contents, found, _is_ours, separator="\t")
    layout = _wide_layout(text, needed, years, found)
    with Checks(text, found) as checks:
        width = len(layout.dimensions)
        cell = f'"{quoted(layout.first)}"'
        checks.blame(
            layout.first,
            f"len(string_split({cell}, ',')) <> {width}",
            f"the row does not name its {width} dimensions",
            f"it should read like {', '.join(layout.dimensions)}, joined by commas",
        )
        parts = ", ".join(
            f"coalesce(trim(split_part({cell}, ',', {place})), '') as \"{name}\""
            for place, name in enumerate(layout.dimensions, 1)
        )
        columns = ", ".join(f'"{name}"' for name in layout.years.values())
        rows = checks.engine.execute(
            f'select row, {", ".join(layout.dimensions)}, "column" as year, '
            f'"column", cell from (unpivot (select row, {parts}, {columns} from cells '
            f"where len(string_split({cell}, ',')) = {width}) "
            f'on {columns} into name "column" value cell) order by row'
        ).to_arrow_table()
    names = {name: name for name in (*layout.dimensions, "year", "column", "cell")}
    return TextTable(rows, names, text.header, text.header_row), layout


def _is_ours(name: str) -> bool:
    return "\\" in name or re.fullmatch(YEAR, name) is not None


def _wide_layout(
    text: TextTable, needed: Sequence[str], years: Sequence[int], found: Findings
) -> Layout:
    first = text.header[0] if text.header else ""
    dimensions = dimensions_of(text.header)
    wrong = [name for name in needed if name not in dimensions]
    wrong += [name for name in dimensions if name not in (*needed, FREQUENCY)]
    if wrong or len(set(dimensions)) < len(dimensions) or "\\" not in first:
        found.refuse(
            "the first header cell does not name the dimensions of the table",
            row=text.header_row,
            value=first,
            hint=f"it should read {','.join(needed)}\\time, then a tab and the years",
        )
    columns: dict[int, str] = {}
    for name in text.header[1:]:
        if re.fullmatch(YEAR, name):
            columns[int(name)] = name
        else:
            found.add(
                "the column is no year", row=text.header_row, column=shorten(name), value=name,
                hint="the header holds the dimensions and then years",
            )  # fmt: skip
    return Layout(dimensions, True, _chosen(columns, years, text, found), first.lower())


def _chosen(
    columns: dict[int, str], years: Sequence[int], text: TextTable, found: Findings
) -> dict[int, str]:
    for year in years:
        if year not in columns:
            told = ", ".join(str(each) for each in sorted(columns)) or "none"
            found.add(
                f"the file holds no year {year}", row=text.header_row, hint=f"years found: {told}"
            )
    chosen = {year: name for year, name in columns.items() if not years or year in years}
    if not chosen:
        found.refuse(
            "the file holds no year that is asked for",
            row=text.header_row,
            hint="the header holds the dimensions and then years",
        )
    return chosen
