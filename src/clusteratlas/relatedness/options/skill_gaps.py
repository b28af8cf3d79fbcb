"""The occupations of a region: what it leads in, and what an option needs that it has little of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas.relatedness.occupations import SUCCESSORS
from clusteratlas.tables import CannotAnswer

DETAILED, ALL_OCCUPATIONS = "detailed", "00-0000"
LEAST_SHARE = 0.005
"""Share of the industries' jobs below which an occupation is no need of theirs."""
FEWEST_DIGITS = 2


@dataclass(frozen=True)
class LeadingOccupation:
    """An occupation that the region has more of than the nation."""

    occupation: str
    title: str
    employment: int | None
    location_quotient: float


@dataclass(frozen=True)
class SkillGap:
    """An occupation that an option needs and the region has little of.

    Attributes
    ----------
    occupation, title
        Code and title.
    needed
        Share of the option's jobs that are of it, 0-1.
    location_quotient
        Of the region; ``None`` where the office does not give it, which is no zero.
    employment
        Jobs of it in the region; ``None`` where not given.
    gap
        Share of the option's jobs that would be hard to fill: needed x (1 - quotient), 0 from a
        quotient of 1 on; ``None`` where the quotient is not given.
    """

    occupation: str
    title: str
    needed: float
    location_quotient: float | None
    employment: int | None
    gap: float | None


@dataclass(frozen=True)
class OccupationNeeds:
    """The occupations that each industry employs, made once where many options are asked.

    Attributes
    ----------
    jobs
        Code as the office prints it to the detailed occupations with released jobs: code and jobs.
    titles
        Of the occupations.
    covering
        Class to the combined code that stands for it.
    """

    jobs: Mapping[str, Sequence[tuple[str, int]]]
    titles: Mapping[str, str]
    covering: Mapping[str, str]

    @classmethod
    def of(cls, staffing: pa.Table) -> OccupationNeeds:
        """Read rows by the contract ``INDUSTRY_OCCUPATIONS``; the latest year counts."""
        jobs: dict[str, list[tuple[str, int]]] = {}
        titles: dict[str, str] = {}
        covering: dict[str, str] = {}
        columns = ["industry", "covers", "occupation", "occupation_title", "employment"]
        for row in _detailed(staffing).select(columns).sort_by("industry").to_pylist():
            listed = jobs.setdefault(row["industry"], [])
            if not listed:
                for code in (row["covers"] or "").split():
                    covering.setdefault(code, row["industry"])
            if row["employment"] is not None:
                listed.append((row["occupation"], row["employment"]))
                titles[row["occupation"]] = row["occupation_title"] or row["occupation"]
        return cls(jobs, titles, covering)

    def shares(
        self, industries: Sequence[str]
    ) -> tuple[dict[str, float], dict[str, str], tuple[str, ...]]:
        """Return the mean share of each occupation, the codes that stand in, what has none."""
        staffed_as: dict[str, str] = {}
        for industry in sorted(set(industries)):
            found = _staffed(industry, self.jobs, self.covering)
            if found is not None:
                staffed_as[industry] = found
        missing = tuple(sorted(set(industries) - set(staffed_as)))
        if not staffed_as:
            raise CannotAnswer(
                "no staffing of these industries is loaded",
                value=", ".join(missing[:5]),
                hint="import the industry files of the OEWS (clusteratlas sources import)",
            )
        shares: dict[str, list[float]] = {}
        for code in staffed_as.values():
            whole = float(sum(jobs for _, jobs in self.jobs[code]))
            for occupation, jobs in sorted(self.jobs[code]):
                if whole > 0:
                    shares.setdefault(occupation, []).append(jobs / whole)
        needed = {code: sum(each) / len(staffed_as) for code, each in sorted(shares.items())}
        return needed, staffed_as, missing


@dataclass(frozen=True)
class SkillGaps:
    """What an option needs.

    Attributes
    ----------
    rows
        The largest gaps first; those that cannot be told stand last.
    covered
        Share of the option's jobs whose occupation is given both for the industry and the region.
    staffed_as
        Industry to the code whose staffing stands for it, such as 332710 to 332700.
    missing
        Industries without any staffing figures.
    """

    rows: tuple[SkillGap, ...]
    covered: float
    staffed_as: Mapping[str, str]
    missing: tuple[str, ...]


def leading_occupations(
    regional: pa.Table, scheme: str, region: str, *, count: int = 10, least_jobs: int = 30
) -> list[LeadingOccupation]:
    """Return the occupations that a region is most specialised in.

    Parameters
    ----------
    regional
        Rows by the contract ``REGIONAL_OCCUPATIONS``; the latest year counts.
    scheme, region
        Which region.
    count
        How many.
    least_jobs
        Jobs below which an occupation is not listed: a high quotient of a handful does not count.

    Returns
    -------
    list of LeadingOccupation
        Detailed occupations by the office's own quotient, the highest first; ties by code.

    Missing data
    ------------
    Occupations without a quotient or with jobs that are not released are left out.

    Raises
    ------
    CannotAnswer
        No occupations of this region are loaded.

    Source
    ------
    US Bureau of Labor Statistics, Occupational Employment and Wage Statistics.

    Example
    -------
    >>> rows = pa.table({"scheme": ["s"] * 2, "region": ["x"] * 2, "year": [2025] * 2,
    ...     "occupation": ["51-4121", "29-1141"], "occupation_title": ["Welders", "Nurses"],
    ...     "occupation_level": ["detailed"] * 2, "employment": [500, 900],
    ...     "location_quotient": [2.5, 0.8]})
    >>> leading_occupations(rows, "s", "x", count=1)[0].title
    'Welders'
    """
    rows = _of_region(regional, scheme, region)
    listed = [
        LeadingOccupation(
            row["occupation"], row["occupation_title"], row["employment"], row["location_quotient"]
        )
        for row in rows.values()
        if row["location_quotient"] is not None and (row["employment"] or 0) >= least_jobs
    ]
    return sorted(listed, key=lambda each: (-each.location_quotient, each.occupation))[:count]


def skill_gaps(
    staffing: pa.Table | OccupationNeeds,
    regional: pa.Table,
    *,
    scheme: str,
    region: str,
    industries: Sequence[str],
    count: int = 10,
) -> SkillGaps:
    r"""Return the occupations that an option needs and a region has little of.

    Definition
    ----------
    .. math:: g_o = s_o \max(0, 1 - LQ_{ro})

    s_o is the share of occupation o in the jobs of the option's industries, the mean over them;
    LQ the region's quotient of the occupation.

    Parameters
    ----------
    staffing
        Rows by the contract ``INDUSTRY_OCCUPATIONS``, of which the latest year counts; or what
        `OccupationNeeds` made of them.
    regional
        Rows by the contract ``REGIONAL_OCCUPATIONS``; the latest year counts.
    scheme, region
        Which region.
    industries
        Codes of the option: one industry, or those of a cluster.
    count
        How many occupations.

    Returns
    -------
    SkillGaps
        An industry without staffing of its own has that of the finest class above it, or of the
        combined class that covers it, which is named.

    Missing data
    ------------
    An occupation whose jobs in the industry are not released enters no share. One whose quotient
    the office does not give for the region has no gap: it stands last, its quotient null.

    Raises
    ------
    CannotAnswer
        No occupations of this region are loaded, or no staffing of any of these industries.

    Source
    ------
    US Bureau of Labor Statistics, Occupational Employment and Wage Statistics.

    Example
    -------
    Welders are four in ten of the industry's jobs, and the region has half of the nation's share.

    >>> of_industry = pa.table({"industry": ["332700"] * 3, "covers": [None] * 3,
    ...     "occupation": ["51-4121", "51-4041", "00-0000"], "year": [2025] * 3,
    ...     "occupation_title": ["Welders", "Machinists", "All"],
    ...     "occupation_level": ["detailed", "detailed", "total"], "employment": [40, 60, 100]})
    >>> of_region = pa.table({"scheme": ["s"] * 2, "region": ["x"] * 2, "year": [2025] * 2,
    ...     "occupation": ["51-4121", "51-4041"], "occupation_title": ["Welders", "Machinists"],
    ...     "occupation_level": ["detailed"] * 2, "employment": [50, 90],
    ...     "location_quotient": [0.5, 1.8]})
    >>> found = skill_gaps(of_industry, of_region, scheme="s", region="x", industries=["332710"])
    >>> found.rows[0].title, found.rows[0].gap, dict(found.staffed_as)
    ('Welders', 0.2, {'332710': '332700'})
    """
    here = _of_region(regional, scheme, region)
    needs = staffing if isinstance(staffing, OccupationNeeds) else OccupationNeeds.of(staffing)
    needed, staffed_as, missing = needs.shares(industries)
    rows: list[SkillGap] = []
    covered = 0.0
    for occupation, share in needed.items():
        own = here.get(occupation)
        quotient = own["location_quotient"] if own is not None else None
        if quotient is not None:
            covered += share
        if share >= LEAST_SHARE:
            gap = None if quotient is None else share * max(0.0, 1.0 - quotient)
            jobs = None if own is None else own["employment"]
            rows.append(SkillGap(occupation, needs.titles[occupation], share, quotient, jobs, gap))
    rows.sort(key=lambda row: (row.gap is None, -(row.gap or 0.0), -row.needed, row.occupation))
    return SkillGaps(tuple(rows[:count]), covered, staffed_as, missing)


def _of_region(regional: pa.Table, scheme: str, region: str) -> dict[str, dict[str, Any]]:
    chosen = regional.filter(
        pc.and_(
            pc.equal(regional.column("scheme"), scheme), pc.equal(regional.column("region"), region)
        )
    )
    rows = _detailed(chosen)
    if not rows.num_rows:
        raise CannotAnswer(
            "no occupations of this region are loaded",
            value=f"{scheme} {region}",
            hint="import the area files of the OEWS (clusteratlas sources import)",
        )
    return {str(row["occupation"]): row for row in rows.to_pylist()}


def _detailed(table: pa.Table) -> pa.Table:
    """Return the detailed occupations of the latest year, by code."""
    if not table.num_rows:
        return table
    latest = pc.max(table.column("year"))
    rows = table.filter(pc.equal(table.column("year"), latest))
    level = rows.column("occupation_level")
    plain = pc.invert(pc.match_substring_regex(rows.column("occupation"), "0$"))
    return rows.filter(pc.if_else(pc.is_null(level), plain, pc.equal(level, DETAILED))).sort_by(
        "occupation"
    )


def _staffed(industry: str, known: Collection[str], covering: Mapping[str, str]) -> str | None:
    """Return the code whose staffing stands in: its own, the finest above, that of a successor."""
    for digits in range(len(industry), FEWEST_DIGITS - 1, -1):
        prefix = industry[:digits]
        for code in (prefix, prefix.ljust(6, "0")):
            if code in known:
                return code
        if prefix in covering:
            return covering[prefix]
    successor = SUCCESSORS.get(industry[:4])
    return None if successor is None else _staffed(successor, known, covering)
