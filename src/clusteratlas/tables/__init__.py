"""The few tables everything speaks: columns, units, keys, validity, and how a fault is told."""

from clusteratlas.tables.contract import Column, Contract
from clusteratlas.tables.drawn import CLUSTER_DRAWS, DRAWN_CUTS
from clusteratlas.tables.errors import (
    CannotAnswer,
    ClusterAtlasError,
    Fault,
    InternalFault,
    InvalidInput,
    few,
)
from clusteratlas.tables.explained import MECHANISMS
from clusteratlas.tables.local import (
    FEWEST_PRINTED,
    LOCAL_ESTABLISHMENTS,
    LOCAL_INDUSTRIES,
    LOCAL_PLACES,
)
from clusteratlas.tables.related import OPTIONS, OPTIONS_SKILL, PEERS, RELATEDNESS
from clusteratlas.tables.released import (
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
)
from clusteratlas.tables.skills import CLUSTER_OCCUPATIONS, LEADING_OCCUPATIONS, SKILL_GAPS
from clusteratlas.tables.status import ESTIMATED, REPORTED, STATUSES, UNPUBLISHED, WITHHELD
from clusteratlas.tables.taken_in import (
    BEA_CODES,
    INDICATORS,
    INDUSTRY_OCCUPATIONS,
    INPUT_OUTPUT,
    REGIONAL_OCCUPATIONS,
    TAKEN_IN,
)
from clusteratlas.tables.validity import check, find_faults

__all__ = [
    "BEA_CODES",
    "CLUSTERS",
    "CLUSTER_DRAWS",
    "CLUSTER_OCCUPATIONS",
    "CLUSTER_PROFILE",
    "CONTRACTS",
    "DEFINITIONS",
    "DRAWN_CUTS",
    "EMPLOYMENT",
    "ESTIMATED",
    "FEWEST_PRINTED",
    "INDICATORS",
    "INDUSTRIES",
    "INDUSTRY_OCCUPATIONS",
    "INPUT_OUTPUT",
    "LEADING_OCCUPATIONS",
    "LOCAL_ESTABLISHMENTS",
    "LOCAL_INDUSTRIES",
    "LOCAL_PLACES",
    "MECHANISMS",
    "MEMBERSHIPS",
    "OPTIONS",
    "OPTIONS_SKILL",
    "PEERS",
    "PROVENANCE",
    "REGIONAL_CLUSTERS",
    "REGIONAL_OCCUPATIONS",
    "REGIONAL_SUBCLUSTERS",
    "REGIONS",
    "REGION_PROFILE",
    "RELATEDNESS",
    "REPORTED",
    "SKILL_GAPS",
    "STATUSES",
    "TAKEN_IN",
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
    "few",
    "find_faults",
]
