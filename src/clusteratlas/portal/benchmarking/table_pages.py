"""The tables of an organisation's benchmark, to take away."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.portal.benchmarking.found import Found, found_of
from clusteratlas.portal.benchmarking.overview_page import own_source
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.registry.profile_page import found_organisation
from clusteratlas.portal.rights import needs
from clusteratlas.programmes.benchmarking import ClusterHealth, Position


@dataclass(frozen=True, slots=True)
class PositionRecord:
    """A position with its box as a line of a table; shares from 0 to 1."""

    part: str
    code: str
    own_low: float | None
    own_high: float | None
    peers_lower_quartile: float
    peers_median: float
    peers_upper_quartile: float
    peers_median_low: float
    peers_median_high: float
    share_below: float | None
    share_below_low: float
    share_below_high: float
    peers: int
    population: int | None


@dataclass(frozen=True, slots=True)
class GapRecord:
    """An indicator on the way to a label as a line of a table."""

    indicator: str
    name: str
    name_mark: str
    standing: str
    points_low: int
    points_high: int
    points_most: int
    threshold: int | None
    missing_low: int
    missing_high: int
    effort_days: float | None
    points_per_day: float | None


@dataclass(frozen=True, slots=True)
class DriftRecord:
    """An indicator in two rounds as a line of a table."""

    indicator: str
    name: str
    before: str
    after: str
    change: str
    points_low: int | None
    points_high: int | None


@dataclass(frozen=True, slots=True)
class DifferenceRecord:
    """An answer that differs from what is known, as a line of a table."""

    indicator: str
    name: str
    answered: str
    known: str
    known_from: str
    known_source: str
    points_worth: int | None


WORDS = {
    "part": "total, group or indicator",
    "code": "code of the group or indicator",
    "own_low": "own share of the points at least (0-1)",
    "own_high": "own share of the points at most (0-1)",
    "peers_lower_quartile": "a quarter of the peers have a lower share (0-1)",
    "peers_median": "half of the peers have a lower share (0-1)",
    "peers_upper_quartile": "three quarters of the peers have a lower share (0-1)",
    "peers_median_low": "low end of the interval of the median (0-1)",
    "peers_median_high": "high end of the interval of the median (0-1)",
    "share_below": "share of peers with fewer points (0-1)",
    "share_below_low": "low end of its interval among all organisations (0-1)",
    "share_below_high": "high end of its interval among all organisations (0-1)",
    "peers": "peers it applies to (count)",
    "population": "organisations of the registry that the peers stand for (count)",
    "indicator": "code of the indicator",
    "name": "name of the indicator",
    "name_mark": "where the name comes from: seen, remembered, reconstructed, ours or official",
    "standing": "met, missed or unknown",
    "points_low": "points at least",
    "points_high": "points at most",
    "points_most": "points of the best answer",
    "threshold": "points the label asks of it; empty where it asks none",
    "missing_low": "points missing at least",
    "missing_high": "points missing at most",
    "effort_days": "days of work for a point, a guess of this project; empty where work gives none",
    "points_per_day": "points for a day of work",
    "before": "answer of the round before",
    "after": "answer of the latest round",
    "change": "better, worse, moved, same or unknown",
    "answered": "what was answered",
    "known": "what is known already",
    "known_from": "profile, map or log",
    "known_source": "which one",
    "points_worth": "points the answer is worth beyond what is known",
    "verdict": "what the claim check says: supported, emerging, unsupported or unknown",
    "cluster_name": "name of the cluster",
    "since": "year that growth and change are counted from",
    "growth": "compound change of jobs a year (share)",
    "reference_growth": "the same in the reference area (share)",
    "change_low": "jobs gained at least",
    "change_high": "jobs gained at most",
}


def _found(request: AtlasRequest, organisation: str) -> Found:
    found = found_of(request, found_organisation(organisation))
    if found is None:
        raise Http404
    return found


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def position_records(found: tuple[Position, ...]) -> list[PositionRecord]:
    """Return positions as lines of a table, those of indicators too."""
    return [
        PositionRecord(
            each.of,
            each.code,
            each.own_low,
            each.own_high,
            each.box.lower,
            each.box.middle,
            each.box.upper,
            each.box.middle_low,
            each.box.middle_high,
            each.below,
            each.low,
            each.high,
            each.peers,
            each.population,
        )
        for each in found
    ]


@needs("see_inside")
@require_safe
def positions_table(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Give the positions of the total, the groups and the indicators."""
    found = _found(request, organisation)
    return _private(
        table_answer(
            request,
            position_records(found.benchmark.positions),
            name=f"{organisation}-positions",
            title=_("Positions and boxes"),
            source=own_source(),
            kind=PositionRecord,
            words=WORDS,
        )
    )


@needs("see_inside")
@require_safe
def gaps_table(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Give every indicator on the way to the label, those that are met too."""
    check = _found(request, organisation).benchmark.label
    records = [
        GapRecord(
            each.indicator.code,
            each.indicator.name,
            each.indicator.mark.value,
            each.standing.value,
            each.low,
            each.high,
            each.most,
            each.threshold,
            each.missing_low,
            each.missing_high,
            each.effort,
            each.points_per_effort,
        )
        for each in (check.gaps if check else ())
    ]
    return _private(
        table_answer(
            request,
            records,
            name=f"{organisation}-gaps",
            title=_("The way to the label"),
            source=own_source(),
            kind=GapRecord,
            words=WORDS,
        )
    )


@needs("see_inside")
@require_safe
def drift_table(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Give every indicator in the last two rounds."""
    found = _found(request, organisation)
    since, asked = found.benchmark.drift, found.questionnaire
    records = [
        DriftRecord(
            each.indicator,
            asked.by_code[each.indicator].name,
            "" if each.before is None else str(each.before),
            "" if each.after is None else str(each.after),
            each.change.value,
            each.low,
            each.high,
        )
        for each in (since.indicators if since else ())
    ]
    return _private(
        table_answer(
            request,
            records,
            name=f"{organisation}-drift",
            title=_("What changed between two rounds"),
            source=own_source(),
            kind=DriftRecord,
            words=WORDS,
        )
    )


@needs("see_inside")
@require_safe
def differences_table(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Give the answers that differ from what is known."""
    records = [
        DifferenceRecord(
            each.indicator.code,
            each.indicator.name,
            str(each.answered),
            str(each.known.value),
            each.known.origin,
            each.known.source,
            each.worth,
        )
        for each in _found(request, organisation).benchmark.disagreements
    ]
    return _private(
        table_answer(
            request,
            records,
            name=f"{organisation}-differences",
            title=_("Two statements that differ"),
            source=own_source(),
            kind=DifferenceRecord,
            words=WORDS,
        )
    )


@needs("see_inside")
@require_safe
def health_table(request: AtlasRequest, organisation: str) -> HttpResponse:
    """Give the measured state of the own clusters."""
    rows = _found(request, organisation).benchmark.health
    return _private(
        table_answer(
            request,
            rows,
            name=f"{organisation}-health",
            title=_("Measured health of its own clusters"),
            source="; ".join(sorted({each.source for each in rows if each.source})),
            kind=ClusterHealth,
            words=WORDS,
        )
    )
