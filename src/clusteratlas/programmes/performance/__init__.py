"""Clusters and performance: what growth of jobs, establishments and wages goes with."""

from clusteratlas.programmes.performance.figures import (
    Performance,
    performance_of_release,
    performance_of_rows,
)
from clusteratlas.programmes.performance.regression import (
    GrowthOutcome,
    OutcomeYears,
    outcome_regression,
    outcome_variants,
)

__all__ = [
    "GrowthOutcome",
    "OutcomeYears",
    "Performance",
    "outcome_regression",
    "outcome_variants",
    "performance_of_release",
    "performance_of_rows",
]
