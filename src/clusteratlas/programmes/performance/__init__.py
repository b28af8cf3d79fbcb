"""Clusters and performance: what growth of jobs, establishments and wages goes with."""

from clusteratlas.programmes.performance.figures import (
    Performance,
    performance_of_release,
    performance_of_rows,
)
from clusteratlas.programmes.performance.neighbouring import (
    NEAREST,
    UNKNOWN,
    Neighbouring,
    NeighbourRule,
    listed,
    neighbours_of_regions,
)
from clusteratlas.programmes.performance.regression import (
    GrowthOutcome,
    OutcomeYears,
    outcome_regression,
    outcome_variants,
)
from clusteratlas.programmes.performance.surroundings import Surroundings

__all__ = [
    "NEAREST",
    "UNKNOWN",
    "GrowthOutcome",
    "NeighbourRule",
    "Neighbouring",
    "OutcomeYears",
    "Performance",
    "Surroundings",
    "listed",
    "neighbours_of_regions",
    "outcome_regression",
    "outcome_variants",
    "performance_of_release",
    "performance_of_rows",
]
