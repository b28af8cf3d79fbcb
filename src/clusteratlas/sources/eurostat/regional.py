"""What Eurostat's regional tables have in common: NUTS codes, NACE codes, figures with flags."""

from __future__ import annotations

import re

import pyarrow as pa

from clusteratlas.classification import industries, regions
from clusteratlas.sources.checks import Checks
from clusteratlas.sources.eurostat.layout import CELL, Layout
from clusteratlas.sources.findings import MOST

SCHEMES = ("nuts-0", "nuts-1", "nuts-2")
NO_PLACE = r"[A-Z]{2}ZZ?Z?|EU.*|EA.*|EEA.*|EFTA.*"
FINER_REGION = r"[A-Z]{2}[A-Z0-9]{3}"
COLON = "a figure that is not given is written with a colon"


def make_figures(checks: Checks, totals: dict[str, str], wanted: str) -> None:
    """Make ``figures`` of the rows where ``wanted`` holds, and what is known to check against.

    ``totals`` are codes of the table that the classification writes in another way.
    """
    known = pa.concat_tables([regions(scheme).select(["scheme", "region"]) for scheme in SCHEMES])
    checks.engine.register("known_regions", known)
    checks.engine.register("known_codes", industries("nace-2").select(["industry"]))
    checks.engine.register(
        "totals",
        pa.table(
            {
                "code": pa.array(list(totals), pa.string()),
                "total": pa.array(list(totals.values()), pa.string()),
            }
        ),
    )
    checks.engine.execute(
        f"""
        create table figures as
        select cells.* replace (cast(year as smallint) as year), coalesce(total, nace_r2) as code,
               try_cast(regexp_extract(cell, '^-?[0-9.]+') as decimal(18, 6)) as value,
               regexp_extract(cell, '[a-z]+$') as flag
        from cells left join totals on nace_r2 = totals.code where {wanted}
        """
    )


def check_rows(checks: Checks, layout: Layout, other_industry: str) -> None:
    """Every dimension is named, every region and industry known or of a kind that is left out."""
    for name in layout.dimensions:
        checks.blame(
            name,
            f"\"{name}\" = ''",
            f"{name} is empty",
            "name all dimensions",
            table=_rows(name, "cells"),
        )
    checks.blame(
        "geo",
        "geo <> '' and geo not in (select region from known_regions) "
        f"and not regexp_full_match(geo, '{NO_PLACE}') "
        f"and not regexp_full_match(geo, '{FINER_REGION}')",
        "the region is unknown",
        "is it a NUTS code of 2006 to 2021, two to four characters long?",
        table=_rows("geo", "figures"),
    )
    codes = (
        "(select distinct row, nace_r2 as code, nace_r2 from figures "
        "where nace_r2 not in (select code from totals) "
        f"and not regexp_full_match(nace_r2, '{other_industry}'))"
    )
    known = industries("nace-2")
    checks.codes(codes, "nace_r2", "nace-2", known)
    checks.engine.register("known_codes", known.select(["industry"]))


def _rows(name: str, table: str) -> str:
    return f'(select distinct row, "{name}" from {table})'


def check_figures(checks: Checks, counted: str, *, whole: bool) -> None:
    """Every cell is a figure with flags; what is ``counted`` is not negative and, if so, whole."""

    def problem(cell: str) -> tuple[str, str]:
        comma = re.fullmatch(r"-?\d+,\d+( *[a-z]+)?", cell)
        told = "the figure is written with a decimal comma" if comma else "the figure is no number"
        return told, "a cell holds a number or a colon, then a blank and letters as flags"

    questions = [
        (f"cell <> '' and not regexp_full_match(cell, '{CELL}')", None),
        (
            f"{counted} and regexp_full_match(cell, '-[0-9.]*[1-9].*')",
            "a number of persons or local units is negative",
        ),
    ]
    if whole:
        questions.append(
            (
                f"{counted} and regexp_full_match(cell, '\\d+\\.\\d*[1-9].*')",
                "a number of persons or local units is not a whole number",
            )
        )
    for bad, told in questions:
        rows = checks.engine.execute(
            f'select row, "column", cell, count(*) over () from figures where {bad} '
            f'order by row, "column" desc limit {MOST}'
        ).fetchall()
        for row, column, cell, _ in rows:
            what, hint = (told, COLON) if told else problem(cell)
            checks.found.add(what, row=row, column=column, value=cell, hint=hint)
        checks.found.count((rows[0][3] if rows else 0) - len(rows))


def check_unique(checks: Checks, layout: Layout) -> None:
    """No figure stands twice."""
    names = [name for name in layout.dimensions if name != "freq"]
    extra = [] if layout.wide else ["year"]
    parts = ", ".join(names)
    table = (
        f"(select distinct row, {parts} from figures)"
        if layout.wide
        else f"(select row, {parts}, year from figures)"
    )
    checks.unique(
        (*names, *extra),
        (*names, *extra),
        "keep one of the two; are two files joined?",
        table=table,
    )


def left_out(checks: Checks, what: str) -> list[str]:
    """Say how many rows are of sums of industries, and of no region that we publish."""
    groups = checks.number(
        "select count(distinct row) from figures "
        "where nace_r2 not in (select industry from known_codes) "
        "and nace_r2 not in (select code from totals)"
    )
    places = checks.number(
        "select count(distinct row) from figures "
        "where geo not in (select region from known_regions)"
    )
    told = []
    if groups:
        told.append(f"{groups:,} rows of {what} are left out.")
    if places:
        told.append(f"{places:,} rows of no NUTS 0 to NUTS 2 region are left out.")
    return told
