"""The evidence library: what has been published on the effects of cluster programmes.

``records`` says what is known of a figure, ``designs`` grades it by one rule, ``reading`` takes in
what a site adds, ``comparing`` says what may stand on one axis and what may be pooled, and
``standing`` how a new estimate sits among them.
"""

from clusteratlas.programmes.evidence.comparing import (
    Group,
    Refusal,
    comparable_groups,
    refusals_to_pool,
)
from clusteratlas.programmes.evidence.designs import StudyDesign, grade_of
from clusteratlas.programmes.evidence.library import (
    Asked,
    Library,
    StageCount,
    by_stage,
    published_library,
)
from clusteratlas.programmes.evidence.pooling import Pooled, pool
from clusteratlas.programmes.evidence.reading import effects_of_text, read_effects
from clusteratlas.programmes.evidence.records import (
    FactScale,
    Finding,
    PublishedEffect,
    Significance,
    UnitKind,
)
from clusteratlas.programmes.evidence.standing import (
    NewEstimate,
    Standing,
    estimate_of_report,
    stands_among,
)

__all__ = [
    "Asked",
    "FactScale",
    "Finding",
    "Group",
    "Library",
    "NewEstimate",
    "Pooled",
    "PublishedEffect",
    "Refusal",
    "Significance",
    "StageCount",
    "Standing",
    "StudyDesign",
    "UnitKind",
    "by_stage",
    "comparable_groups",
    "effects_of_text",
    "estimate_of_report",
    "grade_of",
    "pool",
    "published_library",
    "read_effects",
    "refusals_to_pool",
    "stands_among",
]
