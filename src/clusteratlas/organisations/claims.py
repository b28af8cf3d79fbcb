"""The claim check: what organisations say they work in, set against the measured map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from clusteratlas.atlas import RegionalCluster, RegionalSubcluster, Release
from clusteratlas.atlas.uncertainty import FEWEST_REGIONS
from clusteratlas.organisations.claim_figures import figures_of, growth_lead, jobs_between
from clusteratlas.organisations.claim_industries import IndustryChecker
from clusteratlas.organisations.claim_records import (
    ClaimCheck,
    ClaimFigures,
    ClaimReport,
    Reason,
    RegionalCheck,
    Verdict,
)
from clusteratlas.organisations.claim_rule import ClaimRule, claim_rule
from clusteratlas.organisations.claim_surroundings import Surroundings
from clusteratlas.organisations.measured import (
    Lookup,
    Wanted,
    reference_growth,
    regional_figures,
    strong_map,
    subcluster_figures,
)
from clusteratlas.organisations.profile import Claim, Profile, RegionRef
from clusteratlas.organisations.subcluster_cuts import SubclusterCuts, subcluster_cuts
from clusteratlas.organisations.verdicts import (
    SURELY_ALL,
    Evidence,
    verdict_of,
)
from clusteratlas.tables import UNPUBLISHED, WITHHELD

Key = tuple[Claim, RegionRef]


def check_claims(
    profile: Profile, release: Release, *, rule: ClaimRule | None = None
) -> ClaimReport:
    """Return a verdict for every claim and every region of an organisation.

    Definition
    ----------
    By the rule ``claim-check-1``: *supported* where the cluster is nearly surely strong in the
    region, *emerging* where jobs are concentrated or nearly so and growing faster than elsewhere,
    *unsupported* where neither is so, *unknown* where withheld figures leave it open or nothing
    can be compared. The claim's own verdict is the best of its regions. See
    docs/explanation/claim-check.md.

    Parameters
    ----------
    profile
        The organisation; a draft will do.
    release
        The map; the latest year of each region's scheme counts.
    rule
        The cuts; by default the newest rule.

    Missing data
    ------------
    Withheld, not printed, not covered and not defined are reasons of *unknown*, never zero.
    """
    return check_many([profile], release, rule=rule)[0]


def check_many(
    profiles: Sequence[Profile], release: Release, *, rule: ClaimRule | None = None
) -> list[ClaimReport]:
    """Return the reports of many organisations, in their order; one question for each scheme."""
    return _Checker(profiles, release, rule or claim_rule()).reports()


class _Checker:
    """Asks once for everything the profiles claim, then judges each."""

    def __init__(self, profiles: Sequence[Profile], release: Release, rule: ClaimRule) -> None:
        self.profiles, self.release, self.rule = profiles, release, rule
        self.lookup = Lookup(release)
        self.surroundings = Surroundings(self.lookup, rule)
        self.industries = IndustryChecker(self.lookup, rule, profiles)
        self._obstacles: dict[Key, Reason | None] = {}
        wanted = {
            _wanted(claim, region)
            for profile in profiles
            for claim in profile.claims
            for region in profile.regions
            if self._obstacle(claim, region) is None
        }
        whole = [each for each in wanted if not each.subcluster]
        self._clusters = regional_figures(self.lookup, whole)
        self._subclusters = subcluster_figures(self.lookup, wanted.difference(whole))
        self._judged: dict[Key, RegionalCheck] = {}

    def reports(self) -> list[ClaimReport]:
        return [self._report(each) for each in self.profiles]

    def _report(self, profile: Profile) -> ClaimReport:
        return ClaimReport(
            self.rule.name,
            self.release.id,
            tuple(self._claim(claim, profile.regions) for claim in profile.claims),
            self.industries.checks(profile),
        )

    def _claim(self, claim: Claim, regions: Sequence[RegionRef]) -> ClaimCheck:
        cluster = self.lookup.cluster(claim.definition, claim.cluster)
        name = cluster.name if cluster else claim.cluster
        if not regions:
            reason = (Reason("no_region"),)
            return ClaimCheck(claim, name, Verdict.unknown, None, (), reason)
        checks = tuple(self._check(claim, region) for region in regions)
        best = best_of(checks)
        return ClaimCheck(claim, name, best.verdict, best, checks)

    def _check(self, claim: Claim, region: RegionRef) -> RegionalCheck:
        key = (claim.model_copy(update={"weight": "main"}), region)
        if key not in self._judged:
            self._judged[key] = self._judge(claim, region)
        return self._judged[key]

    def _judge(self, claim: Claim, region: RegionRef) -> RegionalCheck:
        place = self.lookup.region(region.scheme, region.region)
        name = place.name if place else region.region
        obstacle = self._obstacle(claim, region)
        if obstacle is not None or place is None:
            return RegionalCheck(region, name, Verdict.unknown, (obstacle,) if obstacle else ())
        key = _wanted(claim, region)
        row = self._subclusters.get(key) if claim.subcluster else self._clusters.get(key)
        if row is None:
            year = self.release.year(region.scheme, None)
            found = RegionalCheck(region, name, Verdict.unknown, (_no_row(claim, year),))
        else:
            verdict, reasons, figures, strength = self._weigh(key, row, place.coverage)
            found = RegionalCheck(
                region,
                name,
                verdict,
                reasons,
                figures,
                strong_low=strength[0],
                strong_high=strength[1],
            )
        return replace(
            found,
            strong_here=self.surroundings.strong_here(key),
            strong_near=self.surroundings.strong_near(key),
        )

    def _obstacle(self, claim: Claim, region: RegionRef) -> Reason | None:
        """Why a claim cannot be set against figures of a region at all."""
        key = (claim, region)
        if key not in self._obstacles:
            self._obstacles[key] = self._find_obstacle(claim, region)
        return self._obstacles[key]

    def _find_obstacle(self, claim: Claim, region: RegionRef) -> Reason | None:
        info = self.lookup.schemes.get(region.scheme)
        place = self.lookup.region(region.scheme, region.region)
        if info is None or place is None:
            values = {"scheme": region.scheme, "region": region.region}
            return Reason("region_not_in_release", values)
        if self.lookup.cluster(claim.definition, claim.cluster) is None:
            values = {"definition": claim.definition, "cluster": claim.cluster}
            return Reason("cluster_not_in_release", values)
        if claim.definition not in info.definitions:
            return Reason(
                "definition_not_measured",
                {"definition": claim.definition, "scheme": region.scheme, "used": info.definition},
            )
        if place.coverage is not None and place.coverage <= 0:
            return Reason("not_covered", {"region": place.name})
        return None

    def _weigh(
        self, key: Wanted, row: RegionalCluster | RegionalSubcluster, coverage: float | None
    ) -> tuple[Verdict, tuple[Reason, ...], ClaimFigures, tuple[float, float]]:
        figures = self._figures(key, row, coverage)
        kind = self.lookup.cluster(key.definition, key.cluster)
        traded = kind.traded if kind else None
        unjudged = self._not_judged(figures, traded)
        if unjudged is not None:
            return Verdict.unknown, (unjudged,), figures, (0.0, 1.0)
        strong_low, strong_high = self._strength(key, row, figures)
        verdict, reason = verdict_of(
            Evidence(
                *jobs_between(figures),
                figures.quotient_low or 0.0,
                figures.quotient_high,
                strong_low,
                strong_high,
                growth_lead(figures),
            ),
            self.rule,
        )
        reasons = (reason, *_notes(figures, strong_low, strong_high))
        return verdict, reasons, figures, (strong_low, strong_high)

    def _not_judged(self, figures: ClaimFigures, traded: bool | None) -> Reason | None:
        """Why figures, though there, bear no verdict."""
        if figures.status == UNPUBLISHED:
            return Reason("unpublished", {"year": figures.year})
        if figures.employment is None:
            return Reason("withheld", {"year": figures.year})
        if traded is False:
            return Reason("local_cluster")
        info = self.lookup.schemes[figures.scheme]
        if info.regions < FEWEST_REGIONS:
            values = {"regions": info.regions, "least": FEWEST_REGIONS}
            return Reason("nothing_to_rank_among", values)
        if figures.location_quotient is None:
            return Reason("no_quotient", {"year": figures.year})
        return None

    def _strength(
        self, key: Wanted, row: RegionalCluster | RegionalSubcluster, figures: ClaimFigures
    ) -> tuple[float, float]:
        """Between which probabilities it is strong; nothing is known where the flag is not."""
        if isinstance(row, RegionalSubcluster):
            low, high = self._cuts(key).strong_between(row, figures)
        elif row.status == WITHHELD or (row.probability_strong is None and row.strong is None):
            low, high = 0.0, 1.0
        else:
            sure = float(row.strong or 0)
            low = high = sure if row.probability_strong is None else row.probability_strong
        if figures.coverage is None or figures.coverage >= SURELY_ALL:
            return low, high
        cut = figures.strong_from
        if cut is None or (figures.quotient_low or 0.0) < cut:
            low = 0.0
        if cut is None or figures.quotient_high is None or figures.quotient_high >= cut:
            high = 1.0
        return low, high

    def _cuts(self, key: Wanted) -> SubclusterCuts:
        profile = self.rule.strength_profile
        return subcluster_cuts(self.release, key.scheme, key.definition, profile)

    def _figures(
        self, key: Wanted, row: RegionalCluster | RegionalSubcluster, coverage: float | None
    ) -> ClaimFigures:
        whole = isinstance(row, RegionalCluster)
        growth = reference_growth(self.release, key.scheme, key.definition) if whole else {}
        strong = strong_map(self.release, key.scheme, key.definition, self.rule)
        figures = figures_of(
            key,
            row,
            self.lookup.schemes[key.scheme],
            coverage,
            self.rule,
            strong_from=strong.strong_from.get(key.cluster) if whole else None,
            reference_growth=growth.get(key.cluster),
        )
        return figures if whole else self._of_subcluster(key, figures)

    def _of_subcluster(self, key: Wanted, figures: ClaimFigures) -> ClaimFigures:
        """Add from which quotient on the subcluster counts as strong, and whether it is."""
        cut, strong = self._cuts(key).of(figures)
        return replace(figures, strong_from=cut, strong=strong)


def best_of(checks: Iterable[RegionalCheck]) -> RegionalCheck:
    """Return the check that speaks for a claim as a whole, the first of equals.

    A region whose figures leave the verdict open comes before one that speaks against the claim;
    one that cannot be compared at all (other definition, not in the release) comes last.
    """
    return min(checks, key=_order)


def _order(check: RegionalCheck) -> tuple[int, float]:
    ladder = (Verdict.supported, Verdict.emerging, Verdict.unknown, Verdict.unsupported)
    measurable = check.verdict is not Verdict.unknown or check.figures is not None
    figures = check.figures
    quotient = (figures.location_quotient or 0.0) if figures else 0.0
    return (ladder.index(check.verdict) if measurable else len(ladder), -quotient)


def _wanted(claim: Claim, region: RegionRef) -> Wanted:
    place = (region.scheme, region.region)
    return Wanted(*place, claim.definition, claim.cluster, claim.subcluster)


def _no_row(claim: Claim, year: int) -> Reason:
    """Nothing of the region is in the year, or nothing of the subcluster is printed there."""
    return Reason("unpublished" if claim.subcluster else "no_figures", {"year": year})


def _notes(figures: ClaimFigures, strong_low: float, strong_high: float) -> tuple[Reason, ...]:
    """What a reader must know beside the reason that decided."""
    notes = []
    if figures.coverage is not None and figures.coverage < SURELY_ALL:
        notes.append(Reason("partly_covered", {"coverage": figures.coverage}))
    if strong_low == 0.0 and strong_high == 1.0:
        notes.append(Reason("strength_not_known"))
    if figures.growth is not None and figures.reference_growth is not None:
        notes.append(
            Reason(
                "growth",
                {
                    "growth": figures.growth,
                    "reference": figures.reference_growth,
                    "since": figures.change_from_year,
                },
            )
        )
    elif not figures.subcluster:
        notes.append(Reason("growth_not_known"))
    return tuple(notes)
