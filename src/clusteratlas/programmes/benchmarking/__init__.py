"""Benchmarking of cluster management: questionnaires, self-assessments, peers and labels."""

from clusteratlas.programmes.benchmarking.answers import (
    Answer,
    Assessed,
    Assessment,
    Round,
    answer_fault,
    answer_faults,
)
from clusteratlas.programmes.benchmarking.benchmark import Benchmark, benchmark
from clusteratlas.programmes.benchmarking.drift import Change, Drift, drift
from clusteratlas.programmes.benchmarking.health import ClusterHealth, health_of
from clusteratlas.programmes.benchmarking.known import (
    Disagreement,
    Known,
    disagreements,
    known_of_map,
    known_of_profile,
    prefilled,
)
from clusteratlas.programmes.benchmarking.labels import (
    ConditionCheck,
    Gap,
    LabelCheck,
    Plan,
    Standing,
    check_label,
    next_label,
    what_if,
)
from clusteratlas.programmes.benchmarking.peers import (
    DEMANDS,
    Chosen,
    Peer,
    PeerFilter,
    Pool,
    Refusal,
    Traits,
    assessed_of,
    choose,
    pool_of,
    traits_of,
)
from clusteratlas.programmes.benchmarking.positions import Box, Position, positions, share_below
from clusteratlas.programmes.benchmarking.questionnaire import (
    Indicator,
    LabelRule,
    Mark,
    Questionnaire,
    Scale,
)
from clusteratlas.programmes.benchmarking.questionnaire_file import (
    PACKAGED,
    packaged_questionnaire,
    questionnaire_of,
    read_questionnaire,
)
from clusteratlas.programmes.benchmarking.reading import read_assessments
from clusteratlas.programmes.benchmarking.rule import BenchmarkRule, bands, benchmark_rule
from clusteratlas.programmes.benchmarking.scoring import Points, Score, score
from clusteratlas.programmes.benchmarking.writing import (
    FORMS,
    assessment_schema,
    bytes_of,
    json_of,
    template,
)

__all__ = [
    "DEMANDS",
    "FORMS",
    "PACKAGED",
    "Answer",
    "Assessed",
    "Assessment",
    "Benchmark",
    "BenchmarkRule",
    "Box",
    "Change",
    "Chosen",
    "ClusterHealth",
    "ConditionCheck",
    "Disagreement",
    "Drift",
    "Gap",
    "Indicator",
    "Known",
    "LabelCheck",
    "LabelRule",
    "Mark",
    "Peer",
    "PeerFilter",
    "Plan",
    "Points",
    "Pool",
    "Position",
    "Questionnaire",
    "Refusal",
    "Round",
    "Scale",
    "Score",
    "Standing",
    "Traits",
    "answer_fault",
    "answer_faults",
    "assessed_of",
    "assessment_schema",
    "bands",
    "benchmark",
    "benchmark_rule",
    "bytes_of",
    "check_label",
    "choose",
    "disagreements",
    "drift",
    "health_of",
    "json_of",
    "known_of_map",
    "known_of_profile",
    "next_label",
    "packaged_questionnaire",
    "pool_of",
    "positions",
    "prefilled",
    "questionnaire_of",
    "read_assessments",
    "read_questionnaire",
    "score",
    "share_below",
    "template",
    "traits_of",
    "what_if",
]
