"""Where to fund next: strong clusters that nobody organises, organisations that lack a base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from clusteratlas.atlas import Release
from clusteratlas.organisations import (
    Coverage,
    CoverageRow,
    Profile,
    Verdict,
    check_many,
    coverage_of,
)
from clusteratlas.programmes.readiness.answers import Met
from clusteratlas.programmes.readiness.base import base_of
from clusteratlas.programmes.readiness.criteria import BASE_MEASURES, Criteria, default_criteria
from clusteratlas.programmes.readiness.screening import met_at


class Gap(StrEnum):
    """What is missing where one could fund.

    ``no_organisation``: a strong cluster that nobody covers; ``only_around``: one that is covered
    only from a region around it or inside it; ``no_base``: an organisation none of whose claims is
    borne out and whose base surely falls short; ``base_open``: one of which that cannot be told.
    """

    no_organisation = "no_organisation"
    only_around = "only_around"
    no_base = "no_base"
    base_open = "base_open"


@dataclass(frozen=True, slots=True)
class NextRow:
    """A place to look at next; a row of the export.

    Attributes
    ----------
    rank
        Within its gap, the most important first.
    beyond_average
        Jobs beyond those of an average region of its size: what strong clusters are ordered by.
    organisations, covered_from
        For clusters who covers it and from where; for organisations its own name.
    reason
        Code of why: the coverage, or the reason of the claim check.
    """

    gap: str
    rank: int
    scheme: str
    region: str
    region_name: str
    definition: str
    cluster: str
    cluster_name: str
    organisations: str
    covered_from: str
    employment: int | None
    employment_low: int | None
    employment_high: int | None
    location_quotient: float | None
    probability_strong: float | None
    beyond_average: float | None
    employment_growth: float | None
    reference_growth: float | None
    year: int | None
    status: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class FundingNext:
    """All rows of a scheme, with what they rest on."""

    scheme: str
    definition: str
    year: int
    rule: str
    criteria: str
    release: str
    rows: tuple[NextRow, ...]

    def of(self, gap: Gap) -> tuple[NextRow, ...]:
        """The rows of a gap."""
        return tuple(each for each in self.rows if each.gap == gap)


def fund_next(
    profiles: Sequence[Profile],
    release: Release,
    scheme: str,
    *,
    definition: str | None = None,
    criteria: Criteria | None = None,
    coverage: Coverage | None = None,
) -> FundingNext:
    """Return where a programme could look next in a region scheme.

    Definition
    ----------
    Strong clusters (as in `coverage_of`: strong nearly surely) that no organisation of the region
    claims, by jobs beyond those of an average region; then organisations with a region of the
    scheme, or with none and a claim by the definition, of whom no claim is supported and that do
    not meet the criteria of the base, those that surely do not before those of which it cannot be
    told.

    Parameters
    ----------
    profiles
        The registry.
    criteria
        Those of the group ``base`` are asked; by default those of the package.
    coverage
        Of the same profiles, where it has been worked out already.

    Missing data
    ------------
    An organisation whose figures are withheld or not there is told apart (``base_open``), it does
    not count as one without a base.
    """
    chosen = criteria or default_criteria()
    found = coverage or coverage_of(profiles, release, scheme, definition=definition)
    rows = [
        _of_cluster(gap, number, row)
        for gap, covered in (
            (Gap.no_organisation, ("nobody",)),
            (Gap.only_around, ("within", "above")),
        )
        for number, row in enumerate((each for each in found.rows if each.covered in covered), 1)
    ]
    rows += _without_base(profiles, release, found, chosen)
    return FundingNext(
        found.scheme,
        found.definition,
        found.year,
        found.rule,
        chosen.name,
        found.release,
        tuple(rows),
    )


def _of_cluster(gap: Gap, rank: int, row: CoverageRow) -> NextRow:
    return NextRow(
        gap.value,
        rank,
        row.scheme,
        row.region,
        row.region_name,
        row.definition,
        row.cluster,
        row.cluster_name,
        row.organisations,
        row.covered_from,
        row.employment,
        row.employment_low,
        row.employment_high,
        row.location_quotient,
        row.probability_strong,
        row.beyond_average,
        row.employment_growth,
        row.reference_growth,
        row.year,
        row.status,
        row.source,
        row.covered,
    )


def _without_base(
    profiles: Sequence[Profile], release: Release, coverage: Coverage, criteria: Criteria
) -> list[NextRow]:
    asked = [
        each
        for each in criteria.criterion
        if each.group == "base" and each.measure in BASE_MEASURES
    ]
    mine = sorted(
        (
            each
            for each in profiles
            if any(region.scheme == coverage.scheme for region in each.regions)
            or (
                not each.regions
                and any(claim.definition == coverage.definition for claim in each.claims)
            )
        ),
        key=lambda each: (each.name.casefold(), each.identifier),
    )
    found: dict[Gap, list[NextRow]] = {Gap.no_base: [], Gap.base_open: []}
    for profile, report in zip(mine, check_many(mine, release), strict=True):
        if report.of(Verdict.supported) or not asked:
            continue
        base = base_of(report, release)
        answers = [met_at(base.figures[each.measure], each.at_least) for each in asked]
        if all(each is Met.met for each in answers):
            continue
        gap = Gap.no_base if Met.not_met in answers else Gap.base_open
        best = base.best
        figures = best.figures if best is not None else None
        claim = base.check.claim if base.check is not None else None
        found[gap].append(
            NextRow(
                gap.value,
                len(found[gap]) + 1,
                best.region.scheme if best is not None else coverage.scheme,
                best.region.region if best is not None else "",
                best.region_name if best is not None else "",
                claim.definition if claim is not None else "",
                claim.cluster if claim is not None else "",
                base.check.cluster_name if base.check is not None else "",
                profile.name,
                "",
                figures.employment if figures is not None else None,
                figures.employment_low if figures is not None else None,
                figures.employment_high if figures is not None else None,
                figures.location_quotient if figures is not None else None,
                figures.probability_strong if figures is not None else None,
                None,
                figures.growth if figures is not None else None,
                figures.reference_growth if figures is not None else None,
                figures.year if figures is not None else None,
                figures.status if figures is not None else "",
                figures.source if figures is not None else "",
                base.figures["base.probability_strong"].cause.code,
            )
        )
    return [*found[Gap.no_base], *found[Gap.base_open]]
