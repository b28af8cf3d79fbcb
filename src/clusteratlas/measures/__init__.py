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
from clusteratlas.measures.uncertainty import (
    Interval,
    drawn_quotients,
    interval,
    probability_strong,
    rank_interval,
    strong_in_draws,
)

__all__ = [
    "Cut",
    "Interval",
    "StrengthFlags",
    "StrengthProfile",
    "TradedLocal",
    "cluster_strength",
    "drawn_quotients",
    "growth",
    "interval",
    "location_quotient",
    "national_share",
    "percentile",
    "probability_strong",
    "rank",
    "rank_interval",
    "region_share",
    "strength_flags",
    "strength_profile",
    "strength_profiles",
    "strong_in_draws",
    "traded_local_split",
]
