"""The cluster base of an applicant: figures of the claim check, with their ends and draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from clusteratlas import measures
from clusteratlas.atlas import Release
from clusteratlas.atlas.published import PublishedDraws, published_draws
from clusteratlas.organisations import (
    ClaimCheck,
    ClaimFigures,
    ClaimReport,
    Reason,
    RegionalCheck,
    Verdict,
)
from clusteratlas.organisations.claim_figures import jobs_between
from clusteratlas.organisations.verdicts import SURELY_ALL
from clusteratlas.programmes.readiness.answers import ClusterBase, Figure, Floats
from clusteratlas.programmes.readiness.criteria import BASE_MEASURES, SHARES
from clusteratlas.tables import ESTIMATED, REPORTED, UNPUBLISHED, WITHHELD

_LADDER: Final = (Verdict.supported, Verdict.emerging, Verdict.unknown, Verdict.unsupported)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A regional cluster in each possible table: jobs, quotient, whether it is strong."""

    jobs: Floats
    quotient: Floats
    strong: Floats


def base_of(report: ClaimReport, release: Release) -> ClusterBase:
    """Return the strongest main field of an organisation, with the figures that criteria ask for.

    Definition
    ----------
    Of the claims of weight *main* (of all, where none is) the one that the claim check bears out
    best, and of two alike the one with more jobs. As in the claim check, its quotient and strength
    are those of its best region; its jobs are added over all regions of the organisation in that
    region's scheme, low ends and high ends apart, or table by table where the release keeps draws.

    Parameters
    ----------
    report
        The claim check of the organisation against the same release.

    Missing data
    ------------
    Withheld, not printed and not covered figures have no value, and no upper end where nothing
    bounds them; they are never zero.
    """
    mine = [each for each in report.claims if each.claim.weight == "main"] or list(report.claims)
    supported = _supported(report)
    if not mine:
        unknown = Figure(None, 0.0, None, Reason("no_claim"))
        return ClusterBase(None, None, dict.fromkeys(BASE_MEASURES, unknown))
    check = min(mine, key=_order)
    best = check.best
    found = best.figures if best is not None else None
    if best is None or found is None:
        reasons = best.reasons if best is not None else check.reasons
        unknown = Figure(None, 0.0, None, reasons[0] if reasons else Reason("no_region"))
        share = Figure(None, 0.0, 1.0, unknown.cause)
        blank = {name: share if name in SHARES else unknown for name in BASE_MEASURES}
        return ClusterBase(check, best, {**blank, "base.supported_claims": supported})
    return ClusterBase(
        check, best, {**_figures(check, best, found, release), "base.supported_claims": supported}
    )


def _order(check: ClaimCheck) -> tuple[int, float, int]:
    best = check.best
    figures = best.figures if best is not None else None
    measurable = check.verdict is not Verdict.unknown or figures is not None
    jobs = (figures.employment or 0) if figures is not None else 0
    place = _LADDER.index(check.verdict) if measurable else len(_LADDER)
    return (place, -(best.strong_low if best is not None else 0.0), -jobs)


def _supported(report: ClaimReport) -> Figure:
    """How many claims the map bears out; those that it leaves open could be borne out too."""
    sure = len(report.of(Verdict.supported))
    could = sum(
        each.verdict in (Verdict.unknown, Verdict.emerging)
        and (each.best is None or each.best.strong_high >= 1.0 - 1e-9 or each.best.figures is None)
        for each in report.claims
    )
    known = float(sure) if not could else None
    reason = Reason("claims", {"supported": sure, "claims": len(report.claims)})
    return Figure(known, float(sure), float(sure + could), reason)


def _figures(
    check: ClaimCheck, best: RegionalCheck, found: ClaimFigures, release: Release
) -> dict[str, Figure]:
    drawn = _drawn(best, release)
    p_low, p_high = best.strong_low, best.strong_high
    sure = p_low == p_high
    known = found.employment is not None
    low, high = jobs_between(found)
    share = found.share_of_nation
    per_job = share / found.employment if share is not None and found.employment else None

    def figure(
        value: float | None, low: float, high: float | None, drawn: Floats | None = None
    ) -> Figure:
        cause = best.reasons[0] if value is None else Reason("measured")
        return Figure(value, low, high, cause, found.year, found.source, found.status, drawn=drawn)

    reported = found.reported_share
    return {
        "base.probability_strong": Figure(
            p_low if sure else None,
            p_low,
            p_high,
            best.reasons[0],
            found.year,
            found.source,
            found.status,
            drawn=drawn.strong if drawn is not None and sure else None,
        ),
        "base.employment": _jobs(check, best, found, release),
        "base.location_quotient": figure(
            found.location_quotient,
            (found.quotient_low or 0.0) if known else 0.0,
            found.quotient_high,
            drawn.quotient if drawn is not None else None,
        ),
        "base.share_of_nation": figure(
            share,
            low * per_job if per_job is not None else 0.0,
            min(1.0, high * per_job) if per_job is not None and high is not None else 1.0,
        ),
        "base.reported_share": figure(
            reported, reported or 0.0, 1.0 if reported is None else reported
        ),
    }


def _jobs(check: ClaimCheck, best: RegionalCheck, found: ClaimFigures, release: Release) -> Figure:
    """Jobs over all regions of the best one's scheme, which never overlap."""
    regions = [each for each in check.regions if each.region.scheme == best.region.scheme]
    ends = [(0, None) if each.figures is None else jobs_between(each.figures) for each in regions]
    values = [None if each.figures is None else each.figures.employment for each in regions]
    highs = [end for _, end in ends if end is not None]
    high = float(sum(highs)) if len(highs) == len(ends) else None
    counted = [each for each in values if each is not None]
    value = float(sum(counted)) if len(counted) == len(values) else None
    return Figure(
        value,
        float(sum(low for low, _ in ends)),
        high,
        best.reasons[0] if value is None else _measured(len(regions)),
        found.year,
        found.source,
        _status(each.figures for each in regions if each.figures is not None),
        drawn=_added(regions, release) if value is not None and high is not None else None,
    )


def _measured(regions: int) -> Reason:
    return Reason("added", {"regions": regions}) if regions > 1 else Reason("measured")


def _status(figures: Iterable[ClaimFigures]) -> str:
    """The status of a sum: that of its least certain part."""
    order = (WITHHELD, UNPUBLISHED, ESTIMATED, REPORTED)
    return min((each.status for each in figures), key=order.index)


def _added(regions: Sequence[RegionalCheck], release: Release) -> Floats | None:
    total: Floats | None = None
    for each in regions:
        drawn = _drawn(each, release)
        if drawn is None:
            return None
        total = drawn.jobs if total is None else total + drawn.jobs
    return total


def _drawn(check: RegionalCheck, release: Release) -> _Drawn | None:
    """A regional cluster in every draw; none where the release keeps none that tell of it."""
    found = check.figures
    if found is None or found.subcluster or found.employment is None:
        return None
    if found.coverage is not None and found.coverage < SURELY_ALL:
        return None
    kept = published_draws(release, found.scheme, found.definition, found.year)
    if kept is None or found.region not in kept.among.regions:
        return None
    if found.cluster not in kept.among.clusters or found.cluster not in kept.nation.employment:
        return None
    return _in_draws(kept, found)


def _in_draws(kept: PublishedDraws, found: ClaimFigures) -> _Drawn:
    among = kept.among
    row, column = among.regions.index(found.region), among.clusters.index(found.cluster)
    kinds = np.nan_to_num(among.traded, nan=-1.0)
    alike = [place for place, kind in enumerate(kinds) if kind == kinds[column]]
    names = [among.clusters[place] for place in alike]
    moves = kept.moves([found.region], names)
    jobs = np.maximum(among.figures["employment"][row, alike, None] + moves, 0.0)
    own = jobs[alike.index(column)]
    base = np.nansum(jobs, axis=0)
    if kinds[column] == -1.0:
        base = np.full(kept.count, among.totals[row])
    quotient = measures.drawn_quotients(
        own[None, :],
        total=base[None, :],
        reference=kept.nation.employment[found.cluster],
        reference_total=kept.nation.base[found.cluster],
    )
    places = np.array([np.nan if found.establishments is None else float(found.establishments)])
    strong = kept.strong(found.cluster, quotient, own[None, :], places)
    return _Drawn(own, quotient[0], strong[0].astype(np.float64))
