"""Ask a release for one figure over all regions: parts of clusters, indicators, all years at once.

Every answer is one question to the engine, whatever the number of regions.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from clusteratlas.atlas.mapped_records import (
    IndicatorInRegion,
    Industry,
    MappedIndicator,
    RegionalPart,
    Subject,
)
from clusteratlas.atlas.opened_explained import ExplainedQuestions
from clusteratlas.atlas.panel import LEAST_REPORTED, MOST_DRIFT
from clusteratlas.atlas.uncertainty import FEWEST_REGIONS
from clusteratlas.measures import growth, rank
from clusteratlas.measures.quotients.averages import average_wage
from clusteratlas.measures.quotients.specialisation import quotient_of
from clusteratlas.tables import WITHHELD

Floats = npt.NDArray[np.float64]

WAGE = (
    f"case when reported_share >= {LEAST_REPORTED} and employment > 0 "
    "then payroll * 1000.0 / (employment * reported_share) end"
)
"""Payroll that is printed over the jobs that are printed, where they are most of all jobs."""

_FROM_EMPLOYMENT = (
    "select e.region, e.year, e.employment, e.employment_low, e.employment_high, "
    "coalesce(e.employment_reported, case when e.status = 'reported' then e.employment end) "
    "as employment_reported, e.establishments, e.payroll, e.status, "
    "null::double as location_quotient, null::double as share_of_nation from employment e "
    "where e.scheme = ? and e.industry = ?"
)
_FROM_SUBCLUSTERS = (
    "select s.region, s.year, s.employment, s.employment_low, s.employment_high, "
    "coalesce(e.reported, case when s.status = 'reported' then s.employment end) "
    "as employment_reported, s.establishments, s.payroll, s.status, s.location_quotient, "
    "s.share_of_nation from regional_subclusters s left join ("
    "select e.region, e.year, round(sum(e.employment_reported * d.weight)) as reported "
    "from employment e join definitions_held d on d.industry = e.industry "
    "where e.scheme = ? and d.subcluster = ? and d.cluster = ? and d.definition = ? "
    "and d.classification = ? group by e.region, e.year) e "
    "on e.region = s.region and e.year = s.year "
    "where s.scheme = ? and s.subcluster = ? and s.cluster = ? and s.definition = ?"
)


class MappedQuestions(ExplainedQuestions):
    """What can be asked of one figure over all regions of a scheme."""

    def parts(
        self, scheme: str, subject: Subject, year: int, definition: str | None = None
    ) -> list[RegionalPart]:
        """Return a subcluster or an industry in every region that prints it, most jobs first."""
        found = self._part(scheme, subject, self.definition_of(scheme, definition))
        here = np.flatnonzero(found["year"] == self.year(scheme, year))
        base = self.scheme(scheme).years[0]
        # A region without a job in it is not ranked, as with clusters.
        present = np.where(found["employment"][here] > 0, found["location_quotient"][here], np.nan)
        enough = len(self.regions(scheme)) >= FEWEST_REGIONS and len(here) > 0
        places = rank(present) if enough else np.full(len(here), np.nan)
        ranked = int(np.sum(~np.isnan(places)))
        records = [
            RegionalPart(
                scheme=scheme,
                region=found["region"][row],
                region_name=found["name"][row],
                part=subject.code,
                name=subject.name,
                year=year,
                employment=_whole(found["employment"][row]),
                employment_low=_whole(found["employment_low"][row]),
                employment_high=_whole(found["employment_high"][row]),
                reported_share=_real(found["reported_share"][row]),
                establishments=_whole(found["establishments"][row]),
                payroll=_whole(found["payroll"][row]),
                status=found["status"][row],
                payroll_per_job=_real(found["payroll_per_job"][row]),
                share_of_region=_real(found["share_of_region"][row]),
                share_of_nation=_real(found["share_of_nation"][row]),
                location_quotient=_real(found["location_quotient"][row]),
                change_from_year=base if base < year else None,
                employment_change=_whole(found["employment_change"][row]),
                employment_growth=_real(found["employment_growth"][row]),
                rank=_whole(place),
                ranked=ranked or None,
            )
            for row, place in zip(here, places, strict=True)
        ]
        records.sort(key=lambda each: (-(each.employment or -1), each.region))
        return records

    def pooled(
        self, scheme: str, subject: Subject, column: str, definition: str | None = None
    ) -> Floats:
        """Return the known values of one column over all regions and years of a scheme.

        ``column`` is one of the subject's records, or ``payroll_per_job``.
        """
        named = self.definition_of(scheme, definition)
        if subject.kind in ("subcluster", "industry"):
            found = self._part(scheme, subject, named)[column]
        elif subject.kind == "indicator":
            found = self._column(
                "value from indicators where scheme = ? and indicator = ?", [scheme, subject.code]
            )
        else:
            one = subject.kind == "cluster"
            table = "regional_clusters" if one else "region_profile"
            said = WAGE if column == "payroll_per_job" else f'"{column}"'
            found = self._column(
                f"{said} from {table} where scheme = ? and definition = ?"
                + (" and cluster = ?" if one else ""),
                [scheme, named, *([subject.code] if one else [])],
            )
        return np.asarray(found[~np.isnan(found)])

    def mapped_indicators(self, scheme: str) -> list[MappedIndicator]:
        """Return the other figures that a scheme's regions have, by title."""
        self.scheme(scheme)
        kept = self._indicators_kept.get(scheme)
        if kept is None:
            rows = self._rows(
                "select indicator, arg_min(title, source), arg_min(unit, source), "
                "list(distinct year), "
                "min(source) from indicators where scheme = ? group by indicator order by 2, 1",
                [scheme],
            )
            kept = self._indicators_kept[scheme] = [
                MappedIndicator(name, title, unit, tuple(sorted(years)), source)
                for name, title, unit, years, source in rows
            ]
        return kept

    def indicator_of_regions(
        self, scheme: str, indicator: str, year: int
    ) -> list[IndicatorInRegion]:
        """Return an indicator in every region that has it, the highest first.

        Where several sources give it, the first by name.
        """
        return self._records(
            IndicatorInRegion,
            "select i.scheme, i.region, r.name as region_name, i.indicator, i.year, "
            "arg_min(i.value, i.source) as value, arg_min(i.unit, i.source) as unit, "
            "arg_min(i.status, i.source) as status from indicators i "
            "join regions_held r on r.scheme = i.scheme and r.region = i.region "
            "where i.scheme = ? and i.indicator = ? and i.year = ? "
            "group by all order by value desc nulls last, i.region",
            [scheme, indicator, year],
        )

    def parts_of(self, definition: str, cluster: str) -> list[Industry]:
        """Return the industries of a cluster with their subclusters, by code."""
        return [
            each
            for each in self.mapped_industries(definition)
            if each.cluster == cluster and each.industry
        ]

    def mapped_industries(self, definition: str) -> list[Industry]:
        """Return every industry of a definition by code, then the classes above the finest."""
        self.definition(definition)
        kept = self._industries_kept.get(definition)
        if kept is None:
            classification = self.definition(definition).classification
            rows = self._rows(
                "select i.industry, i.title, "
                "first(d.cluster order by d.weight desc, d.cluster), "
                "first(d.subcluster order by d.weight desc, d.cluster) "
                "from industries_held i left join definitions_held d on d.industry = i.industry "
                "and d.classification = i.classification and d.definition = ? "
                "where i.classification = ? and i.level > 0 group by 1, 2, i.level "
                "order by any_value(d.cluster) is null, i.level desc, i.industry",
                [definition, classification],
            )
            kept = self._industries_kept[definition] = [Industry(*row) for row in rows]
        return kept

    # Plumbing

    @cached_property
    def _indicators_kept(self) -> dict[str, list[MappedIndicator]]:
        return {}

    @cached_property
    def _industries_kept(self) -> dict[str, list[Industry]]:
        return {}

    def _column(self, question: str, values: list[object]) -> Floats:
        found = self._cursor().execute(f"select {question}", values).fetchnumpy()
        return _floats(next(iter(found.values())))

    def _part(self, scheme: str, subject: Subject, definition: str) -> Mapping[str, Any]:
        """Return a part in all regions and years, by column."""
        if subject.kind == "industry":
            source, asked = _FROM_EMPLOYMENT, [scheme, subject.code]
        else:
            source = _FROM_SUBCLUSTERS
            one = [scheme, subject.code, subject.cluster or "", definition]
            asked = [*one, self.scheme(scheme).classification, *one]
        cursor = self._cursor().execute(
            "select f.*, r.name, p.employment as total, p.traded_employment, "
            f"p.local_employment from ({source}) f "
            "join regions_held r on r.scheme = ? and r.region = f.region "
            "left join region_profile p on p.scheme = ? and p.region = f.region "
            "and p.year = f.year and p.definition = ? order by f.year, f.region",
            [*asked, scheme, scheme, definition],
        )
        raw = cursor.fetchnumpy()
        words = ("region", "name", "status")
        found: dict[str, Any] = {
            name: np.asarray(column) if name in words else _floats(column)
            for name, column in raw.items()
        }
        known, total = found["employment"], found["total"]
        found["share_of_region"] = _over(known, total)
        if subject.kind == "industry":
            self._against_nation(scheme, subject.code, definition, found)
        found["reported_share"] = _over(found["employment_reported"], known)
        wide = found["reported_share"] >= LEAST_REPORTED
        per_job = average_wage(found["payroll"], found["employment_reported"])
        found["payroll_per_job"] = np.where(wide, per_job, np.nan)
        self._since_first(scheme, found)
        return found

    def _against_nation(
        self, scheme: str, industry: str, definition: str, found: dict[str, Any]
    ) -> None:
        """Add share and quotient of an industry, against the reference regions that print it.

        The quotient is within traded or within local jobs, as that of its cluster; within all jobs
        where the definition does not say or does not hold the industry.
        """
        kinds = {
            traded
            for (traded,) in self._rows(
                "select traded from definitions_held where definition = ? and industry = ?",
                [definition, industry],
            )
        }
        traded = kinds.pop() if len(kinds) == 1 else None
        base = {True: "traded_employment", False: "local_employment", None: "total"}[traded]
        column = "employment" if traded is None else base
        nation = {
            int(year): (float(jobs), float(whole or 0))
            for year, jobs, whole in self._rows(
                f"select e.year, sum(e.employment)::double, sum(p.{column})::double "
                "from employment e join region_profile p on p.scheme = e.scheme "
                "and p.region = e.region and p.year = e.year and p.definition = ? "
                "where e.scheme = ? and e.industry = ? and e.employment is not null "
                "group by e.year",
                [definition, self.scheme(scheme).reference_scheme, industry],
            )
        }
        jobs, whole = (
            np.array([nation.get(int(year), (np.nan, np.nan))[end] for year in found["year"]])
            for end in (0, 1)
        )
        share = _over(found["employment"], jobs)
        found["share_of_nation"] = np.where(share <= 1, share, np.nan)
        found["location_quotient"] = quotient_of(found["employment"], found[base], jobs, whole)

    def _since_first(self, scheme: str, found: dict[str, Any]) -> None:
        """Add the change since the scheme's first year, where both years are mostly printed."""
        base = self.scheme(scheme).years[0]
        sure = (found["status"] != WITHHELD) & (found["reported_share"] >= LEAST_REPORTED)
        jobs = np.where(sure, found["employment"], np.nan)
        first = found["year"] == base
        before = dict(zip(found["region"][first], jobs[first], strict=True))
        start = np.array([before.get(region, np.nan) for region in found["region"]], dtype=float)
        start[first] = np.nan
        found["employment_change"] = jobs - start
        found["employment_growth"] = np.full(len(start), np.nan)
        for year in np.unique(found["year"][~first]):
            here = found["year"] == year
            found["employment_growth"][here] = growth(
                start[here], jobs[here], years=float(year - base)
            )


def changes(before: Floats, after: Floats, years: int, kind: str) -> Floats:
    """Return how values changed between two years.

    Parameters
    ----------
    before, after
        One value a region, any unit; NaN where not known.
    years
        Between the two.
    kind
        ``difference``: in the unit of the values. ``yearly``: the steady rate a year of a number
        that is counted. ``per-year``: the difference over the years.
    """
    if kind == "yearly":
        return growth(before, after, years=float(years))
    return np.asarray((after - before) / (years if kind == "per-year" else 1))


def payroll_per_job(row: Any) -> float | None:
    """Return the payroll printed over the jobs printed, in the currency of the figures.

    None where less than half of the jobs are printed, and where nothing is known of that.
    """
    known = getattr(row, "payroll_per_job", None)
    share, jobs, payroll = row.reported_share, row.employment, row.payroll
    if known is not None or not share or share < LEAST_REPORTED or not jobs or payroll is None:
        return known
    return _real(float(average_wage([payroll], [jobs * share])[0]))


def comparable(before: Any, after: Any) -> bool:
    """Say whether two years of a figure may be compared: both mostly printed, or both filled.

    The rule of the changes that a release holds: the known parts of two years need not be the
    same part.
    """
    if WITHHELD in (before.status, after.status):
        return False
    shares = [getattr(each, "reported_share", None) for each in (before, after)]
    if shares[0] is None or shares[1] is None:
        return True
    if min(shares[0], shares[1]) < LEAST_REPORTED:
        return False
    filled = all(getattr(each, "employment_high", None) is not None for each in (before, after))
    return filled or abs(shares[0] - shares[1]) <= MOST_DRIFT


def _over(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0))


def _floats(column: Any) -> Floats:
    if isinstance(column, np.ma.MaskedArray):
        return np.asarray(np.ma.filled(column.astype(np.float64), np.nan))
    return np.asarray(column, dtype=np.float64)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _real(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
