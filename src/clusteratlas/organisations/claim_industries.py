"""Own industries of organisations, set against the industries of their regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from clusteratlas.organisations.claim_records import (
    IndustryCheck,
    IndustryFigures,
    IndustryRegion,
    Reason,
    Verdict,
)
from clusteratlas.organisations.claim_rule import ClaimRule
from clusteratlas.organisations.measured import Lookup, WantedIndustry
from clusteratlas.organisations.profile import IndustryRef, Profile, RegionRef
from clusteratlas.organisations.verdicts import SURELY_ALL, industry_verdict, interval_of, widened
from clusteratlas.tables import WITHHELD

_COLUMNS = (
    "e.region, e.industry, e.employment, e.employment_low, e.employment_high, e.establishments, "
    "e.status"
)
_FEW = 40
"""Regions and industries that are named in the question; of more a list is joined."""


@dataclass(frozen=True, slots=True)
class _Row:
    region: str
    industry: str
    employment: int | None
    employment_low: int | None
    employment_high: int | None
    establishments: int | None
    status: str
    national: int | None


class IndustryChecker:
    """Asks once for every industry of the profiles, then judges each."""

    def __init__(self, lookup: Lookup, rule: ClaimRule, profiles: Sequence[Profile]) -> None:
        self._lookup, self._rule = lookup, rule
        pairs = {
            (industry, region)
            for profile in profiles
            for industry in profile.industries
            for region in profile.regions
        }
        self._titles = self._asked_titles({industry for industry, _ in pairs})
        wanted = [
            WantedIndustry(region.scheme, region.region, industry.industry)
            for industry, region in pairs
            if self._obstacle(industry, region) is None
        ]
        self._rows = self._asked(wanted)
        self._totals = {
            scheme: self._asked_totals(scheme) for scheme in {each.scheme for each in wanted}
        }

    def checks(self, profile: Profile) -> tuple[IndustryCheck, ...]:
        """Return the verdicts on the industries of a profile."""
        return tuple(self._check(each, profile.regions) for each in profile.industries)

    def _check(self, industry: IndustryRef, regions: Sequence[RegionRef]) -> IndustryCheck:
        title = self._titles.get((industry.classification, industry.industry), "")
        if not regions:
            reasons = (Reason("no_region"),)
            return IndustryCheck(industry, title, Verdict.unknown, None, (), reasons)
        checks = tuple(self._in_region(industry, region) for region in regions)
        best = min(checks, key=_order)
        return IndustryCheck(industry, title, best.verdict, best, checks)

    def _in_region(self, industry: IndustryRef, region: RegionRef) -> IndustryRegion:
        place = self._lookup.region(region.scheme, region.region)
        name = place.name if place else region.region
        obstacle = self._obstacle(industry, region)
        if obstacle is not None:
            return IndustryRegion(region, name, Verdict.unknown, (obstacle,))
        row = self._rows.get(WantedIndustry(region.scheme, region.region, industry.industry))
        year = self._lookup.release.year(region.scheme, None)
        if row is None:
            reason = Reason("unpublished", {"year": year})
            return IndustryRegion(region, name, Verdict.unknown, (reason,))
        figures = self._figures(region, row, year)
        if figures.employment is None or figures.location_quotient is None:
            reason = Reason("withheld" if row.employment is None else "no_quotient", {"year": year})
            return IndustryRegion(region, name, Verdict.unknown, (reason,), figures)
        coverage = place.coverage if place else None
        low, high = widened(
            figures.location_quotient_low or 0.0,
            figures.location_quotient_high,
            coverage,
            self._rule,
        )
        whole = coverage is None or coverage >= SURELY_ALL
        least = row.employment if row.employment_low is None else row.employment_low
        most = row.employment_high
        if most is None and row.status != WITHHELD:
            most = row.employment
        verdict, reason = industry_verdict(
            least or 0, most if whole else None, low, high, self._rule
        )
        notes = () if whole else (Reason("partly_covered", {"coverage": coverage}),)
        return IndustryRegion(region, name, verdict, (reason, *notes), figures)

    def _figures(self, region: RegionRef, row: _Row, year: int) -> IndustryFigures:
        info = self._lookup.schemes[region.scheme]
        totals = self._totals[region.scheme]
        mine, all_jobs = totals.get(region.region), totals.get("")
        share = (
            row.employment / row.national
            if row.employment is not None and row.national and row.employment <= row.national
            else None
        )
        quotient = share / (mine / all_jobs) if share is not None and mine and all_jobs else None
        jobs = (row.employment, row.employment_low, row.employment_high)
        low, high = interval_of(quotient, None, None, jobs, row.status)
        known = quotient is not None
        return IndustryFigures(
            region.scheme,
            region.region,
            year,
            row.status,
            info.source_line,
            *jobs,
            row.establishments,
            share,
            quotient,
            low if known else None,
            high if known else None,
        )

    def _obstacle(self, industry: IndustryRef, region: RegionRef) -> Reason | None:
        info = self._lookup.schemes.get(region.scheme)
        place = self._lookup.region(region.scheme, region.region)
        if info is None or place is None:
            values = {"scheme": region.scheme, "region": region.region}
            return Reason("region_not_in_release", values)
        if industry.classification != info.classification:
            return Reason(
                "classification_not_measured",
                {"classification": industry.classification, "used": info.classification},
            )
        if (industry.classification, industry.industry) not in self._titles:
            return Reason("industry_not_in_release", {"industry": industry.industry})
        if place.coverage is not None and place.coverage <= 0:
            return Reason("not_covered", {"region": place.name})
        return None

    def _asked_titles(self, industries: set[IndustryRef]) -> dict[tuple[str, str], str]:
        if not industries:
            return {}
        rows = self._lookup.release.selected(
            "select classification, industry, title from industries_held "
            "where list_contains(?::varchar[], industry)",
            [sorted({each.industry for each in industries})],
        )
        return {(row["classification"], row["industry"]): row["title"] for row in rows.to_pylist()}

    def _asked(self, wanted: Sequence[WantedIndustry]) -> Mapping[WantedIndustry, _Row]:
        found: dict[WantedIndustry, _Row] = {}
        for scheme in sorted({each.scheme for each in wanted}):
            mine = sorted(each for each in wanted if each.scheme == scheme)
            national = self._national(scheme)
            for row in self._selected(scheme, mine).to_pylist():
                key = WantedIndustry(scheme, row["region"], row["industry"])
                found[key] = _Row(**row, national=national.get(key.industry))
        return found

    def _selected(self, scheme: str, wanted: Sequence[WantedIndustry]) -> pa.Table:
        release = self._lookup.release
        regions = [each.region for each in wanted]
        industries = [each.industry for each in wanted]
        place = [scheme, release.year(scheme, None)]
        if len(wanted) <= _FEW:
            marks = (", ".join("?" * len(each)) for each in (regions, industries))
            return release.selected(
                f"select {_COLUMNS} from employment e where e.scheme = ? and e.year = ? "
                "and e.region in ({}) and e.industry in ({})".format(*marks),
                [*place, *regions, *industries],
            )
        return release.selected(
            f"select {_COLUMNS} from (select unnest(?::varchar[]) as region, "
            "unnest(?::varchar[]) as industry) w join employment e "
            "on e.region = w.region and e.industry = w.industry "
            "where e.scheme = ? and e.year = ?",
            [regions, industries, *place],
        )

    def _national(self, scheme: str) -> Mapping[str, int]:
        """The jobs of each industry in the reference area."""
        release, info = self._lookup.release, self._lookup.schemes[scheme]

        def ask() -> Mapping[str, int]:
            rows = release.selected(
                "select industry, sum(employment)::bigint as jobs from employment "
                "where scheme = ? and year = ? group by industry",
                [info.reference_scheme, release.year(scheme, None)],
            )
            return {row["industry"]: row["jobs"] for row in rows.to_pylist()}

        return release.keep((f"industries beside {scheme}",), ask)

    def _asked_totals(self, scheme: str) -> Mapping[str, int]:
        """All jobs of each region, and those of the reference area under an empty code."""
        release, info = self._lookup.release, self._lookup.schemes[scheme]

        def ask() -> Mapping[str, int]:
            found: dict[str, int] = {}
            for name in {scheme, info.reference_scheme}:
                rows = release.region_profiles(name, release.year(scheme, None), None)
                jobs = {row.region: row.employment for row in rows if row.employment is not None}
                if name == scheme:
                    found.update(jobs)
                if name == info.reference_scheme:
                    found[""] = sum(jobs.values())
            return found

        return release.keep((f"all jobs of {scheme}",), ask)


def _order(check: IndustryRegion) -> tuple[int, float]:
    ladder = (Verdict.supported, Verdict.emerging, Verdict.unknown, Verdict.unsupported)
    measurable = check.verdict is not Verdict.unknown or check.figures is not None
    quotient = (check.figures.location_quotient or 0.0) if check.figures else 0.0
    return (ladder.index(check.verdict) if measurable else len(ladder), -quotient)
