"""Every formula of the atlas, on arrays: rows are regions, columns are clusters or industries.

NaN means not known, never zero. Nothing here reads files or knows an engine; inputs are never
changed; results are floats (or flags) in the shape of the input.
"""

from clusteratlas.measures.composition import TradedLocal, traded_local_split
from clusteratlas.measures.growth import growth
from clusteratlas.measures.profiles import (
    Cut,
    StrengthProfile,
    strength_profile,
    strength_profiles,
)
from clusteratlas.measures.ranking import percentile, rank
from clusteratlas.measures.specialisation import location_quotient, national_share, region_share
from clusteratlas.measures.strength import StrengthFlags, cluster_strength, strength_flags

__all__ = [
    "Cut",
    "StrengthFlags",
    "StrengthProfile",
    "TradedLocal",
    "cluster_strength",
    "growth",
    "location_quotient",
    "national_share",
    "percentile",
    "rank",
    "region_share",
    "strength_flags",
    "strength_profile",
    "strength_profiles",
    "traded_local_split",
]
