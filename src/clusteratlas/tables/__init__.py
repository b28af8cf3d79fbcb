"""The few tables everything speaks: columns, units, keys, validity, and how a fault is told."""

from clusteratlas.tables.contracts import (
    CLUSTER_PROFILE,
    CLUSTERS,
    CONTRACTS,
    DEFINITIONS,
    EMPLOYMENT,
    INDUSTRIES,
    MEMBERSHIPS,
    PROVENANCE,
    REGION_PROFILE,
    REGIONAL_CLUSTERS,
    REGIONAL_SUBCLUSTERS,
    REGIONS,
    Column,
    Contract,
)
from clusteratlas.tables.errors import (
    CannotAnswer,
    ClusterAtlasError,
    Fault,
    InternalFault,
    InvalidInput,
)
from clusteratlas.tables.status import ESTIMATED, REPORTED, STATUSES, UNPUBLISHED, WITHHELD
from clusteratlas.tables.validity import check, find_faults

__all__ = [
    "CLUSTERS",
    "CLUSTER_PROFILE",
    "CONTRACTS",
    "DEFINITIONS",
    "EMPLOYMENT",
    "ESTIMATED",
    "INDUSTRIES",
    "MEMBERSHIPS",
    "PROVENANCE",
    "REGIONAL_CLUSTERS",
    "REGIONAL_SUBCLUSTERS",
    "REGIONS",
    "REGION_PROFILE",
    "REPORTED",
    "STATUSES",
    "UNPUBLISHED",
    "WITHHELD",
    "CannotAnswer",
    "ClusterAtlasError",
    "Column",
    "Contract",
    "Fault",
    "InternalFault",
    "InvalidInput",
    "check",
    "find_faults",
]
