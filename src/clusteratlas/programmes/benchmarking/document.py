"""A benchmark and a questionnaire as plain data, for JSON: unrounded, none for not known."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from clusteratlas.programmes.benchmarking.benchmark import Benchmark
from clusteratlas.programmes.benchmarking.labels import Gap, LabelCheck
from clusteratlas.programmes.benchmarking.peers import Chosen
from clusteratlas.programmes.benchmarking.positions import Position
from clusteratlas.programmes.benchmarking.questionnaire import Questionnaire
from clusteratlas.programmes.benchmarking.scoring import Points


def questionnaire_document(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return a questionnaire with every mark, and the most points of each indicator.

    >>> from clusteratlas.programmes.benchmarking.questionnaire_file import packaged_questionnaire
    >>> held = questionnaire_document(packaged_questionnaire())
    >>> held["key"], held["indicator"][0]["mark"], held["indicator"][0]["most"]
    ('european-benchmarking-1', 'remembered', None)
    """
    whole = questionnaire.model_dump(mode="json")
    for each in whole["indicator"]:
        each["most"] = questionnaire.scales[each["code"]].most
    return {"key": questionnaire.key, **whole}


def benchmark_document(found: Benchmark) -> dict[str, Any]:
    """Return everything that is told of a round."""
    asked = found.questionnaire
    return {
        "questionnaire": asked.key,
        "source": asked.source,
        "rule": found.rule.name,
        "confidence": found.rule.confidence,
        "date": str(found.round.date),
        "score": {
            "total": points_document(found.score.total),
            "groups": {code: points_document(each) for code, each in found.score.groups.items()},
            "indicators": {
                code: points_document(each) for code, each in found.score.indicators.items()
            },
        },
        "label": label_document(found.label) if found.label else None,
        "drift": _drift(found),
        "peers": peers_document(found.chosen, found.rule.minimum_peers) if found.chosen else None,
        "positions": [position_document(each) for each in found.positions],
        "disagreements": [
            {
                "indicator": each.indicator.code,
                "answered": each.answered,
                "known": each.known.value,
                "origin": each.known.origin,
                "source": each.known.source,
                "as_of": str(each.known.as_of) if each.known.as_of else None,
                "points_worth": each.worth,
            }
            for each in found.disagreements
        ],
        "health": [{**asdict(each), "verdict": each.verdict.value} for each in found.health],
    }


def points_document(points: Points) -> dict[str, Any]:
    """Return points with their shares."""
    return {**asdict(points), "share_low": points.share_low, "share_high": points.share_high}


def peers_document(chosen: Chosen, minimum: int) -> dict[str, Any]:
    """Return who the peers are: how many, of how many, by which filter, or why nothing is told."""
    return {
        "filter": dict(chosen.demands),
        "peers": chosen.told,
        "population": None if chosen.refusal else chosen.population,
        "minimum_peers": minimum,
        "refused": chosen.refusal.value if chosen.refusal else None,
    }


def position_document(position: Position) -> dict[str, Any]:
    """Return a position with its box."""
    return asdict(position)


def label_document(check: LabelCheck) -> dict[str, Any]:
    """Return how an organisation stands to a label."""
    plan = check.plan
    return {
        "label": check.rule.code,
        "name": check.rule.name,
        "mark": check.rule.mark.value,
        "standing": check.standing.value,
        "conditions": [
            {
                "kind": each.condition.kind,
                "text": each.condition.text,
                "mark": each.condition.mark.value,
                "standing": each.standing.value,
                "low": each.low,
                "high": each.high,
                "asked": each.asked,
            }
            for each in check.conditions
        ],
        "gaps": [gap_document(each) for each in check.gaps],
        "plan": {
            "effort_days": plan.effort,
            "reaches": plan.reaches,
            "without_work": list(plan.without_work),
            "steps": [
                {
                    "indicator": each.indicator.code,
                    "points": each.points,
                    "effort_days": each.effort,
                    "for_threshold": each.for_threshold,
                }
                for each in plan.steps
            ],
        }
        if plan
        else None,
    }


def gap_document(gap: Gap) -> dict[str, Any]:
    """Return an indicator on the way to a label."""
    return {
        "indicator": gap.indicator.code,
        "name": gap.indicator.name,
        "mark": gap.indicator.mark.value,
        "standing": gap.standing.value,
        "low": gap.low,
        "high": gap.high,
        "most": gap.most,
        "threshold": gap.threshold,
        "threshold_mark": gap.indicator.threshold.mark.value if gap.indicator.threshold else None,
        "missing_low": gap.missing_low,
        "missing_high": gap.missing_high,
        "effort_days": gap.effort,
        "effort_mark": gap.indicator.effort_mark.value,
        "points_per_day": gap.points_per_effort,
    }


def _drift(found: Benchmark) -> dict[str, Any] | None:
    since = found.drift
    if since is None:
        return None
    return {
        "since": str(since.since),
        "until": str(since.until),
        "months": since.months,
        "total": asdict(since.total),
        "groups": {
            code: {**asdict(each), "change": each.surely.value}
            for code, each in since.groups.items()
        },
        "indicators": [{**asdict(each), "change": each.change.value} for each in since.indicators],
    }
