"""The claims of an organisation with their verdicts, ready to be set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusteratlas.atlas import Release
from clusteratlas.organisations import Profile, check_claims
from clusteratlas.organisations.claim_records import (
    ClaimCheck,
    ClaimFigures,
    ClaimReport,
    IndustryCheck,
    NearbyCluster,
    NearbyRegion,
    RegionalCheck,
    Verdict,
)
from clusteratlas.portal import addresses, doubt, figures, words
from clusteratlas.portal.organised.reason_words import said, verdict_words

MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure behind a verdict: its name, the figure, its interval."""

    name: str
    value: str
    between: str = ""


@dataclass(frozen=True, slots=True)
class RegionLine:
    """A claim in one region, in words and figures."""

    name: str
    href: str
    verdict: str
    verdict_words: str
    why: str
    notes: Sequence[str]
    measures: Sequence[Measure]
    year: int | None
    source: str
    status: str
    here: Sequence[tuple[str, str, str]]
    """Strong clusters of the region: (name, address, its quotient)."""
    near: Sequence[tuple[str, str, str]]
    """Regions nearby that are strong in it: (name, address, kilometres)."""


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim as a whole: the best of its regions."""

    name: str
    code: str
    href: str
    main: bool
    verdict: str
    verdict_words: str
    why: str
    regions: Sequence[RegionLine]
    lang: str = ""


@dataclass(frozen=True, slots=True)
class ClaimsBlock:
    """All claims of an organisation. ``summary`` says it in a sentence."""

    summary: str
    claims: Sequence[ClaimLine]
    industries: Sequence[ClaimLine]
    source: str
    rule: str
    release: str


def claims_block(profile: Profile, release: Release) -> ClaimsBlock:
    """Return the claims of a profile, checked against a release."""
    return block_of(check_claims(profile, release), release)


def block_of(report: ClaimReport, release: Release) -> ClaimsBlock:
    """Return a checked report, ready to be set."""
    claims = [_claim(each, release) for each in report.claims]
    sources = {line.source for claim in claims for line in claim.regions if line.source} or {
        each.source_line for each in release.manifest.schemes[:1]
    }
    return ClaimsBlock(
        summary_of([each.verdict for each in report.claims]),
        claims,
        [_industry(each) for each in report.industries],
        "; ".join(sorted(sources)),
        report.rule,
        report.release,
    )


def summary_of(verdicts: Sequence[Verdict]) -> str:
    """Say in a sentence how many claims the map bears out."""
    if not verdicts:
        return _("The profile names no field that the map could be asked about.")
    counted = Counter(verdicts)
    parts = [
        _("%(count)s %(verdict)s")
        % {"verdict": verdict_words(verdict), "count": figures.whole(counted[verdict])}
        for verdict in Verdict
        if counted[verdict]
    ]
    return ngettext(
        "Of %(count)s field claimed the map says: %(verdicts)s.",
        "Of %(count)s fields claimed the map says: %(verdicts)s.",
        len(verdicts),
    ) % {"count": figures.whole(len(verdicts)), "verdicts": ", ".join(parts)}


def _claim(check: ClaimCheck, release: Release) -> ClaimLine:
    claim = check.claim
    name = words.cluster(check.cluster_name)
    if claim.subcluster:
        name = f"{name}: {words.cluster(claim.subcluster)}"
    known = check.cluster_name != claim.cluster
    reasons = check.best.reasons if check.best else check.reasons
    return ClaimLine(
        name,
        f"{claim.definition}:{claim.cluster}",
        addresses.cluster(claim.definition, claim.cluster) if known else "",
        claim.weight == "main",
        check.verdict.value,
        verdict_words(check.verdict),
        said(reasons[0]) if reasons else "",
        [_region(each, claim.definition, claim.cluster, release) for each in check.regions],
    )


def _region(check: RegionalCheck, definition: str, cluster: str, release: Release) -> RegionLine:
    found = check.figures
    info = next((s for s in release.manifest.schemes if s.scheme == check.region.scheme), None)
    known = info is not None and found is not None
    in_address = None if info and definition == info.definition else definition
    return RegionLine(
        check.region_name,
        addresses.region_cluster(
            check.region.scheme, check.region.region, cluster, definition=in_address
        )
        if known
        else "",
        check.verdict.value,
        verdict_words(check.verdict),
        said(check.reasons[0]) if check.reasons else "",
        [said(each) for each in check.reasons[1:]],
        list(_measures(found)) if found else [],
        found.year if found else None,
        found.source if found else "",
        found.status if found else "",
        [_here(each, check, in_address) for each in check.strong_here[:MOST_NEAR]],
        [_near(each, cluster, in_address) for each in check.strong_near[:MOST_NEAR]],
    )


def _measures(found: ClaimFigures) -> Iterator[Measure]:
    yield Measure(words.word(found.employment_word), doubt.jobs(found), doubt.jobs_between(found))
    if found.location_quotient is not None:
        yield Measure(
            _("Quotient"),
            figures.quotient(found.location_quotient),
            doubt.between(
                found.location_quotient_low, found.location_quotient_high, figures.quotient
            ),
        )
    if found.rank is not None and found.ranked:
        yield Measure(
            _("Rank"),
            _("%(rank)s of %(count)s")
            % {"rank": figures.whole(found.rank), "count": figures.whole(found.ranked)},
            doubt.between(found.rank_low, found.rank_high, figures.whole),
        )
    if found.growth is not None:
        yield Measure(
            _("Since %(start)s, a year") % {"start": found.change_from_year},
            figures.growth(found.growth),
        )


def _here(
    each: NearbyCluster, check: RegionalCheck, definition: str | None
) -> tuple[str, str, str]:
    place = (check.region.scheme, check.region.region)
    return (
        words.cluster(each.name),
        addresses.region_cluster(*place, each.cluster, definition=definition),
        figures.quotient(each.location_quotient),
    )


def _near(each: NearbyRegion, cluster: str, definition: str | None) -> tuple[str, str, str]:
    return (
        each.name,
        addresses.region_cluster(each.scheme, each.region, cluster, definition=definition),
        figures.whole(each.kilometres),
    )


def _industry(check: IndustryCheck) -> ClaimLine:
    reasons = check.best.reasons if check.best else check.reasons
    lines = [
        RegionLine(
            each.region_name,
            "",
            each.verdict.value,
            verdict_words(each.verdict),
            said(each.reasons[0]) if each.reasons else "",
            [said(more) for more in each.reasons[1:]],
            [
                Measure(_("Jobs"), doubt.jobs(each.figures), doubt.jobs_between(each.figures)),
                Measure(
                    _("Quotient"),
                    figures.quotient(each.figures.location_quotient),
                    doubt.between(
                        each.figures.location_quotient_low,
                        each.figures.location_quotient_high,
                        figures.quotient,
                    ),
                ),
            ]
            if each.figures
            else [],
            each.figures.year if each.figures else None,
            each.figures.source if each.figures else "",
            each.figures.status if each.figures else "",
            [],
            [],
        )
        for each in check.regions
    ]
    return ClaimLine(
        check.title or check.industry.industry,
        f"{check.industry.classification}:{check.industry.industry}",
        "",
        main=True,
        verdict=check.verdict.value,
        verdict_words=verdict_words(check.verdict),
        why=said(reasons[0]) if reasons else "",
        regions=lines,
        lang="en",
    )
