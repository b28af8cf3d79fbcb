"""Sums that must hold: industries under their parent, counties in a state, states in the nation.

An office prints a total and its parts; noise and rounding are allowed for, what is withheld or not
printed counts as nothing. More in the parts than in the whole is a fault of the file.
"""

from __future__ import annotations

import pyarrow as pa

from clusteratlas.classification import children, county_states, industry_tree
from clusteratlas.sources.checks import Checks
from clusteratlas.sources.findings import MOST
from clusteratlas.sources.united_states import Names

CHILDLESS_FROM = 4
"""Digits from which an industry must not stand without its parts: extracts of coarse totals beside
the detail of one sector are ordinary."""

_FLOORED = """
create or replace temp view floored as
select row, scheme, place, code, year, source, coalesce(establishments, 0) as units, slack,
       case when withheld then 0 else greatest(
           coalesce(employment / (1 + noise), 0) - slack, 0) end as floor,
       case when withheld then high * (1 + noise) else employment / (1 - noise) + slack end
           as ceiling,
       case when withheld then high else employment end as told, establishments,
       coalesce(employment, 0) as figure
from printed where place is not null and year is not null
"""

_BY_INDUSTRY = """
select parts.scheme, parts.place, tree.parent as code, parts.year, parts.source,
       sum(floor) as floor, sum(figure) as figure, sum(units) as units,
       sum(slack) as slack, count(*) as count, min(row) as first
from floored as parts join tree on tree.industry = parts.code
where tree.parent is not null
group by all
"""

_BY_REGION = """
select above.in_scheme as scheme, above.in_place as place, parts.code, parts.year, parts.source,
       sum(floor) as floor, sum(figure) as figure, sum(units) as units,
       sum(slack) as slack, count(*) as count, min(row) as first
from floored as parts join above on above.scheme = parts.scheme and above.place = parts.place
group by all
"""

_OVER = """
select whole.row, whole.place, whole.code, whole.year, parts.figure, whole.told, parts.units,
       whole.establishments, parts.count, parts.first, parts.floor > whole.ceiling as by_jobs,
       count(*) over ()
from ({parts}) as parts join floored as whole using (scheme, place, code, year, source)
where parts.floor > whole.ceiling
   or parts.units > whole.establishments + parts.slack + whole.slack
order by whole.row limit {most}
"""


def check_sums(
    checks: Checks, classification: str, names: Names, *, unprinted_below: int = 1
) -> None:
    """Note every sum of parts above its whole, and every industry whose parts are missing.

    Definition
        A printed figure may be off by its noise (a share) and its slack (rounding). Parts sum to
        more than the whole where their least values together exceed its greatest. An industry has
        lost its parts where the file prints the level beneath, none of its children anywhere, and
        somewhere more establishments than its children could hide (fewer than ``unprinted_below``
        each).

    Parameters
    ----------
    checks
        With the table ``printed`` of `clusteratlas.sources.united_states`.
    classification
        Classification of the industries.
    names
        Columns to blame.
    unprinted_below
        The office prints no cell with fewer establishments.
    """
    checks.engine.register("tree", industry_tree(classification))
    checks.engine.execute(_FLOORED)
    _over(checks, _BY_INDUSTRY, names, "the industries under {code} in {place}")
    checks.engine.register("above", _above())
    _over(checks, _BY_REGION, names, "industry {code} in the parts of {place}")
    _childless(checks, classification, names, unprinted_below)
    checks.engine.execute("drop view floored")


def _above() -> pa.Table:
    """Each region with the one above it."""
    states = county_states()
    rows = [("us-county", county, "us-state", state) for county, state in states.items()]
    rows += [("us-state", state, "us-nation", "US") for state in sorted(set(states.values()))]
    columns = [list(column) for column in zip(*rows, strict=True)]
    return pa.table(columns, names=["scheme", "place", "in_scheme", "in_place"])


def _over(checks: Checks, parts: str, names: Names, what: str) -> None:
    rows = checks.engine.execute(_OVER.format(parts=parts, most=MOST)).fetchall()
    for row, place, code, year, jobs, told, units, establishments, count, first, by_jobs, _ in rows:
        column = names.employment if by_jobs else names.establishments
        word = "jobs" if by_jobs else "establishments"
        total, whole = (jobs, told) if by_jobs else (units, establishments)
        checks.found.add(
            f"{what.format(code=code, place=place)} sum to {int(total):,} {word} in {year}, and "
            f"the whole has {int(whole):,}",
            row=row,
            column=checks.names.get(column, column),
            value=str(whole),
            hint=f"{count} rows are summed, the first in row {first}; noise and rounding do not "
            "explain it: is a figure wrong, or are two files mixed?",
        )
    checks.found.count((rows[0][-1] if rows else 0) - len(rows))


def _childless(checks: Checks, classification: str, names: Names, unprinted_below: int) -> None:
    hidden = unprinted_below - 1
    rows = checks.engine.execute(
        """
        with spoken as (
            select distinct industry, parent, level from floored join tree on industry = code
        ), lonely as (
            select industry, level, tree.children from spoken join tree using (industry, level)
            where tree.children > 0 and level >= $finest and level + 1 in (select level from spoken)
            and industry not in (select parent from spoken where parent is not null)
        )
        select min_by(row, -establishments), industry, min_by(place, -establishments),
               max(establishments), any_value(children)
        from floored join lonely on industry = code
        where establishments > children * $hidden
        group by industry order by 1 limit $most
        """,
        {"hidden": hidden, "most": MOST, "finest": CHILDLESS_FROM},
    ).fetchall()
    for row, code, place, units, count in rows:
        beneath = ", ".join(children(classification, code)[:4]) + (", ..." if count > 4 else "")
        checks.found.add(
            f"industry {code} has {int(units):,} establishments in {place}, and the file has no "
            f"row of the industries beneath it ({beneath})",
            row=row,
            column=checks.names.get(names.industry, names.industry),
            value=code,
            hint="the file prints that level for others: is a part of it missing?",
        )
