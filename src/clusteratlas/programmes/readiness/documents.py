"""The screen, the choice and what it depends on as plain documents, for JSON and for keeping."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from clusteratlas.programmes.readiness.answers import CriterionAnswer, Screened, Screening
from clusteratlas.programmes.readiness.choosing import Choice
from clusteratlas.programmes.readiness.ranking import Ranked
from clusteratlas.programmes.readiness.readiness_words import name_of, reason_of, unit_of
from clusteratlas.programmes.readiness.sensitivity import Sensitivity


def screened_document(screened: Screened, screening: Screening) -> dict[str, Any]:
    """Return an applicant with every criterion, its figures unrounded, reasons in words too."""
    base = screened.base
    return {
        "applicant": screened.applicant.identity,
        "name": screened.applicant.profile.name,
        "fictional": screened.applicant.profile.fictional,
        "title": screened.applicant.title,
        "verdict": screened.verdict.value,
        "least": screened.least.value,
        "most": screened.most.value,
        "score": screened.score,
        "score_low": screened.score_low,
        "score_high": screened.score_high,
        "probability_ready": list(screened.probability_ready),
        "asked": [asdict(each) for each in screened.applicant.totals],
        "base": {
            "region": base.region,
            "region_name": base.best.region_name if base.best is not None else "",
            "cluster": base.cluster,
            "cluster_name": base.check.cluster_name if base.check is not None else "",
            "claim_verdict": base.check.verdict.value if base.check is not None else "",
        },
        "lacks": [each.criterion.name for each in screened.lacks],
        "open": [each.criterion.name for each in screened.open],
        "criteria": [_answer(each) for each in screened.answers],
        "criteria_name": screening.criteria.name,
        "rule": screening.rule,
        "release": screening.release,
        "on": screening.on.isoformat(),
    }


def _answer(answer: CriterionAnswer) -> dict[str, Any]:
    figure, criterion = answer.figure, answer.criterion
    return {
        "criterion": criterion.name,
        "name": name_of(criterion),
        "group": criterion.group,
        "measure": criterion.measure,
        "verdict": answer.verdict.value,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "threshold": answer.threshold,
        "full": criterion.whole,
        "weight": criterion.weight,
        "essential": criterion.essential,
        "unit": unit_of(criterion),
        "year": figure.year,
        "status": figure.status,
        "source": figure.source,
        "degree": answer.degree,
        "degree_low": answer.degree_low,
        "degree_high": answer.degree_high,
        "reason": {"code": figure.cause.code, **figure.cause.values},
        "sentence": reason_of(answer),
        "evidence": [
            {**each.piece.model_dump(mode="json"), "counts": each.counts, "code": each.code}
            for each in answer.pieces
        ],
    }


def screening_document(screening: Screening) -> dict[str, Any]:
    """Return all applicants, with the criteria that they were screened by."""
    return {
        "criteria": screening.criteria.model_dump(mode="json"),
        "rule": screening.rule,
        "release": screening.release,
        "on": screening.on.isoformat(),
        "applicants": [screened_document(each, screening) for each in screening.applicants],
    }


def ranking_document(ranked: tuple[Ranked, ...]) -> list[dict[str, Any]]:
    """Return the places."""
    return [
        {
            "place": each.place,
            "place_low": each.place_low,
            "place_high": each.place_high,
            "applicant": each.applicant.applicant.identity,
            "name": each.applicant.applicant.profile.name,
            "score": each.score,
            "score_low": each.score_low,
            "score_high": each.score_high,
            "eligible": each.eligible,
            "probability_first": list(each.probability_first),
        }
        for each in ranked
    ]


def choice_document(choice: Choice) -> dict[str, Any]:
    """Return who is chosen, who is not and why, and how stable each pick is."""
    rules = choice.rules
    return {
        "first": rules.first,
        "budget": asdict(rules.budget) if rules.budget is not None else None,
        "most_per_region": rules.most_per_region,
        "most_per_cluster": rules.most_per_cluster,
        "enough": rules.least.value,
        "picks": [each.applicant.identity for each in choice.picks],
        "score": choice.score,
        "spent": choice.spent,
        "passed": {each.applicant.applicant.identity: each.code for each in choice.passed},
        "stability": dict(choice.stability),
    }


def sensitivity_document(found: Sensitivity) -> dict[str, Any]:
    """Return flips, swaps and variants, and who is robust."""
    return {
        "robust": list(found.robust),
        "fragile": list(found.fragile),
        "flips": [asdict(each) for each in found.flips],
        "swaps": [asdict(each) for each in found.swaps],
        "variants": [
            {
                **asdict(each),
                "picks": sorted(each.picks),
                "turned": [
                    {"applicant": who, "from": before.value, "to": after.value}
                    for who, before, after in each.turned
                ],
            }
            for each in found.variants
        ],
    }
