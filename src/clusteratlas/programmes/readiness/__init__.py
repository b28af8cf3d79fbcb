"""Readiness: whom to fund, by cluster base, plan and structure, with what the choice rests on."""

from clusteratlas.programmes.readiness.answers import (
    ClusterBase,
    CriterionAnswer,
    Figure,
    Met,
    PieceAnswer,
    Readiness,
    Screened,
    Screening,
)
from clusteratlas.programmes.readiness.applicants import Applicant, Piece, Total, totals_of
from clusteratlas.programmes.readiness.choosing import Choice, Passed, Rules, choose
from clusteratlas.programmes.readiness.criteria import (
    Criteria,
    Criterion,
    EvidenceKind,
    criteria_of,
    default_criteria,
    read_criteria,
)
from clusteratlas.programmes.readiness.funding_next import FundingNext, Gap, NextRow, fund_next
from clusteratlas.programmes.readiness.ranking import Ranked, ranking
from clusteratlas.programmes.readiness.reading import read_applicants
from clusteratlas.programmes.readiness.screening import rescreened, screen
from clusteratlas.programmes.readiness.sensitivity import (
    Flip,
    Sensitivity,
    Swap,
    Variant,
    sensitivity,
)

__all__ = [
    "Applicant",
    "Choice",
    "ClusterBase",
    "Criteria",
    "Criterion",
    "CriterionAnswer",
    "EvidenceKind",
    "Figure",
    "Flip",
    "FundingNext",
    "Gap",
    "Met",
    "NextRow",
    "Passed",
    "Piece",
    "PieceAnswer",
    "Ranked",
    "Readiness",
    "Rules",
    "Screened",
    "Screening",
    "Sensitivity",
    "Swap",
    "Total",
    "Variant",
    "choose",
    "criteria_of",
    "default_criteria",
    "fund_next",
    "ranking",
    "read_applicants",
    "read_criteria",
    "rescreened",
    "screen",
    "sensitivity",
    "totals_of",
]
