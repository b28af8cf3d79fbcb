"""American figures of any office: which place a row is of, and from rows to the employment table.

Readers bring a table ``printed`` (see `COLUMNS`) and say under which name its columns stand in the
file; here places are looked up, and the rows become the employment table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from clusteratlas.classification import (
    county_states,
    former_counties,
    industries,
    likely_vintage,
    regions,
)
from clusteratlas.classification.statewide import STATEWIDE, TERRITORIES
from clusteratlas.engine import with_columns_of
from clusteratlas.sources.checks import Checks, quoted
from clusteratlas.sources.findings import MOST
from clusteratlas.sources.source import Source, SourceTable
from clusteratlas.tables import EMPLOYMENT

COLUMNS = (
    "row", "scheme", "place", "place_cell", "code", "industry_cell", "year", "source",
    "employment", "withheld", "low", "high", "establishments", "payroll", "noise", "slack",
)  # fmt: skip
"""Columns of ``printed``: the true row, region scheme and code, the cells as they stand in the
file, figures (null where they are not given), bounds of a withheld figure, and how far a printed
one may be off: by the share ``noise`` (null: by any) and by ``slack`` jobs."""

SHOWN_CODES = 8

_PLACED = """
select scheme, coalesce(successor, place) as region, code as industry, year, source, employment,
       withheld, low, high, establishments, payroll, former.region is not null as moved
from printed left join former on place = former.region and scheme = 'us-county'
"""

_ADDED = """
select scheme, region, industry, year, source,
       sum(employment) filter (not withheld) as employment, bool_or(withheld) as withheld,
       sum(case when withheld then coalesce(low, 0) else employment end) as low,
       case when count(*) filter (withheld and high is null) = 0
            then sum(case when withheld then high else employment end) end as high,
       case when count(*) = count(establishments) then sum(establishments) end as establishments,
       case when count(*) = count(payroll) then sum(payroll) end as payroll
from ({placed}) group by scheme, region, industry, year, source
"""

_APART = """
select scheme, region, industry, year, source, case when not withheld then employment end
       as employment, withheld, coalesce(low, 0) as low, high, establishments, payroll
from ({placed})
"""

_ROWS = """
select scheme, region, industry, cast(year as smallint) as year, source,
       cast(case when withheld and low > coalesce(employment, 0) then null
                 else employment end as bigint) as employment,
       cast(case when withheld then low else employment end as bigint) as employment_low,
       cast(case when withheld then high else employment end as bigint) as employment_high,
       cast(establishments as bigint) as establishments,
       cast(case when withheld and payroll = 0 then null else payroll end as bigint) as payroll,
       case when withheld then 'withheld' else 'reported' end as status
from ({rows})
order by scheme, region, industry, year, source
"""


@dataclass(frozen=True)
class Names:
    """Columns of the file (in lower case) that are blamed for a fault."""

    place: str
    industry: str
    employment: str
    establishments: str


def check_industries(checks: Checks, classification: str, names: Names) -> None:
    """Every code is of the classification; a file in another vintage is named as such."""
    spoken = [
        code
        for (code,) in checks.engine.execute(
            "select distinct code from printed where code <> ''"
        ).fetchall()
    ]
    told = ""
    vintage = likely_vintage(spoken, classification)
    if vintage is not None:
        shown = ", ".join(vintage.codes[:SHOWN_CODES])
        count = len(vintage.codes)
        checks.found.add(
            f"the file is in {vintage.classification}, not in {classification} as its year says: "
            f"{count} codes are known in the one and not in the other",
            column=checks.names.get(names.industry, names.industry),
            value=shown + (", ..." if count > SHOWN_CODES else ""),
            hint="is the year right? a file of another year stands in another vintage",
        )
        checks.engine.register("explained", pa.table({"code": list(vintage.codes)}))
        told = "where code not in (select code from explained)"
    checks.codes(
        f'(select row, code, industry_cell as "{quoted(names.industry)}" from printed {told})',
        names.industry,
        classification,
        industries(classification),
    )


def settle_places(checks: Checks, names: Names) -> list[str]:
    """Note places that nobody knows; drop those that we do not publish and say which."""
    told = _drop_territories(checks) + _drop_other_areas(checks)
    known = {"us-county": list(county_states()), "us-nation": ["US"]}
    known |= {scheme: regions(scheme)["region"].to_pylist() for scheme in ("us-state", "us-cbsa")}
    pairs = [(scheme, code) for scheme, codes in known.items() for code in codes]
    checks.engine.register(
        "known_places",
        pa.table({"scheme": [each[0] for each in pairs], "place": [each[1] for each in pairs]}),
    )
    checks.engine.register("former", former_counties().select(["region", "successor"]))
    rows = checks.engine.execute(
        "select row, place_cell, scheme, place, count(*) over () from printed "
        "anti join known_places using (scheme, place) where place is not null "
        "and not (scheme = 'us-county' and place in (select region from former)) "
        f"order by row limit {MOST}"
    ).fetchall()
    for row, cell, scheme, code, _ in rows:
        problem, hint = unknown_place(scheme, code)
        checks.found.add(
            problem,
            row=row,
            column=checks.names.get(names.place, names.place),
            value=cell,
            hint=hint,
        )
    checks.found.count((rows[0][4] if rows else 0) - len(rows))
    return told


def unknown_place(scheme: str, code: str) -> tuple[str, str]:
    """Say what is wrong with the code of a place, and what to do.

    >>> unknown_place("us-county", "99001")[0]
    'the county 99001 lies in no state'
    """
    if scheme == "us-state":
        return f"the state {code} is unknown", "give the FIPS code of a state, 01 to 56"
    states = set(regions("us-state")["region"].to_pylist())
    if code[:2] not in states:
        return (
            f"the county {code} lies in no state",
            "the first two digits are the FIPS code of its state, 01 to 56",
        )
    problem = f"the county {code} is unknown"
    if code.startswith("091"):
        return problem, "planning regions of Connecticut, used from 2022 on, are not at hand yet"
    if code.endswith("000"):
        return problem, "a row of a whole state; give county rows"
    return (
        problem,
        "is the code a FIPS code of a county of the 50 states or the District of Columbia?",
    )


def _drop_territories(checks: Checks) -> list[str]:
    listed = ", ".join(f"'{code}'" for code in TERRITORIES)
    where = f"scheme in ('us-county', 'us-state') and left(place, 2) in ({listed})"
    count = checks.number(f"select count(*) from printed where {where}")
    if not count:
        return []
    checks.engine.execute(f"delete from printed where {where}")
    return [f"{count:,} rows of Puerto Rico and other territories are left out."]


def _drop_other_areas(checks: Checks) -> list[str]:
    """Metropolitan areas of another delineation than the one at hand."""
    checks.engine.register("areas", regions("us-cbsa").select(["region"]))
    where = "scheme = 'us-cbsa' and place not in (select region from areas)"
    codes = [
        code
        for (code,) in checks.engine.execute(
            f"select distinct place from printed where {where} order by place"
        ).fetchall()
    ]
    if not codes:
        return []
    checks.engine.execute(f"delete from printed where {where}")
    shown = ", ".join(codes[:SHOWN_CODES]) + (", ..." if len(codes) > SHOWN_CODES else "")
    return [
        f"{len(codes):,} areas that the delineation of March 2020 does not have are left out "
        f"({shown})."
    ]


def source_table(
    checks: Checks,
    classification: str,
    base_scheme: str,
    described: Callable[[str, int], Source],
) -> SourceTable:
    """Return ``printed`` as a table of a source, statewide rows apart; ``printed`` is dropped.

    ``described`` tells about a source by its key and year; the rows are in ``rows_made``.
    """
    moved = checks.number(
        "select count(*) from printed join former on place = former.region "
        "where scheme = 'us-county'"
    )
    rows = (_ADDED if moved else _APART).format(placed=_PLACED)
    checks.engine.execute(f"create table rows_made as {_ROWS.format(rows=rows)}")
    checks.engine.execute("drop table printed")
    apart = f"scheme = 'us-county' and right(region, 3) = '{STATEWIDE}'"
    employment = _made(checks, f"not ({apart})")
    statewide = _made(checks, apart)
    if not employment.num_rows:
        what = "county" if base_scheme == "us-county" else "region that is known"
        checks.found.refuse(
            f"the file holds no {what}", hint="give rows of counties, states or metropolitan areas"
        )
    spoken = checks.engine.execute(
        "select distinct source, year from rows_made order by source"
    ).fetchall()
    return SourceTable(
        employment,
        classification,
        base_scheme,
        tuple(described(source, year) for source, year in spoken),
        statewide=statewide if statewide.num_rows else None,
    )


def _made(checks: Checks, where: str) -> pa.Table:
    made = checks.engine.execute(
        f"select * from rows_made where {where} order by {', '.join(EMPLOYMENT.key)}"
    ).to_arrow_table()
    return with_columns_of(made, EMPLOYMENT)
