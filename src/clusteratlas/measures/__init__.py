"""Every formula of the atlas, on arrays: rows are regions, columns are clusters or industries.

NaN means not known, never zero. Nothing here reads files or knows an engine; inputs are never
changed; results are floats (or flags) in the shape of the input.
"""

from clusteratlas.measures.change.convergence import BetaConvergence, SigmaConvergence, convergence
from clusteratlas.measures.change.dynamic_shift_share import (
    ShiftFactors,
    dynamic_shift_share,
    shift_share_factors,
)
from clusteratlas.measures.change.entry_exit import entry, exit
from clusteratlas.measures.change.growth import growth
from clusteratlas.measures.change.shift_share import ShiftShare, region_shift_share, shift_share
from clusteratlas.measures.networks.complexity import Complexity, complexity
from clusteratlas.measures.networks.cooccurrence import (
    cooccurrence,
    normalised_cooccurrence,
    proximity,
    relatedness,
)
from clusteratlas.measures.networks.fitness import Fitness, fitness
from clusteratlas.measures.networks.outlook import complexity_outlook, opportunity_gain
from clusteratlas.measures.networks.presence import diversity, presence, ubiquity
from clusteratlas.measures.networks.reflections import Reflections, reflections
from clusteratlas.measures.networks.relatedness_density import relatedness_density
from clusteratlas.measures.networks.skill_relatedness import SkillRelatedness, skill_relatedness
from clusteratlas.measures.quotients.quotient_variants import (
    log_quotient,
    standardised_quotient,
    symmetric_quotient,
)
from clusteratlas.measures.quotients.shrinkage import ShrunkQuotient, shrunk_quotient
from clusteratlas.measures.quotients.similarity import (
    average_quotient,
    hachman_index,
    hoover_index,
    krugman_index,
    specialisation_coefficient,
)
from clusteratlas.measures.quotients.specialisation import (
    location_quotient,
    national_share,
    region_share,
)
from clusteratlas.measures.quotients.tidy_quotient import tidy_location_quotient
from clusteratlas.measures.space.autocorrelation import Autocorrelation, geary, moran
from clusteratlas.measures.space.hot_spots import GetisOrd, getis_ord
from clusteratlas.measures.space.kd import KdFunction, kd_function
from clusteratlas.measures.space.local_autocorrelation import LocalMoran, local_moran
from clusteratlas.measures.space.marcon_puech import MFunction, m_function
from clusteratlas.measures.space.neighbours import contiguity, distance_band, nearest_neighbours
from clusteratlas.measures.space.ripley import RipleyK, ripley_k
from clusteratlas.measures.spread.coagglomeration import (
    GroupCoagglomeration,
    coagglomeration,
    colocation,
    excess_colocation,
    group_coagglomeration,
)
from clusteratlas.measures.spread.concentration import (
    Concentration,
    ellison_glaeser,
    litzenberger_sternberg,
    maurel_sedillot,
)
from clusteratlas.measures.spread.diversity import (
    RelatedVariety,
    equivalent_number,
    herfindahl_index,
    related_variety,
    shannon_entropy,
)
from clusteratlas.measures.spread.inequality import (
    gini,
    locational_gini,
    specialisation_gini,
    theil_index,
)
from clusteratlas.measures.spread.plants import (
    HerfindahlBounds,
    PlantTable,
    plant_herfindahl,
    plant_herfindahl_from_sizes,
    plant_table,
)
from clusteratlas.measures.strong.composition import TradedLocal, traded_local_split
from clusteratlas.measures.strong.nodes import performance_classes, specialisation_nodes
from clusteratlas.measures.strong.profiles import (
    Cut,
    Dimension,
    StarRule,
    StrengthProfile,
    star_rule,
    star_rules,
    strength_profile,
    strength_profiles,
)
from clusteratlas.measures.strong.ranking import percentile, rank
from clusteratlas.measures.strong.stars import star_rating
from clusteratlas.measures.strong.strength import StrengthFlags, cluster_strength, strength_flags
from clusteratlas.measures.strong.survival import Survival, survival
from clusteratlas.measures.strong.uncertainty import (
    Interval,
    drawn_quotients,
    interval,
    probability_strong,
    rank_interval,
    strong_in_draws,
)

__all__ = [
    "Autocorrelation",
    "BetaConvergence",
    "Complexity",
    "Concentration",
    "Cut",
    "Dimension",
    "Fitness",
    "GetisOrd",
    "GroupCoagglomeration",
    "HerfindahlBounds",
    "Interval",
    "KdFunction",
    "LocalMoran",
    "MFunction",
    "PlantTable",
    "Reflections",
    "RelatedVariety",
    "RipleyK",
    "ShiftFactors",
    "ShiftShare",
    "ShrunkQuotient",
    "SigmaConvergence",
    "SkillRelatedness",
    "StarRule",
    "StrengthFlags",
    "StrengthProfile",
    "Survival",
    "TradedLocal",
    "average_quotient",
    "cluster_strength",
    "coagglomeration",
    "colocation",
    "complexity",
    "complexity_outlook",
    "contiguity",
    "convergence",
    "cooccurrence",
    "distance_band",
    "diversity",
    "drawn_quotients",
    "dynamic_shift_share",
    "ellison_glaeser",
    "entry",
    "equivalent_number",
    "excess_colocation",
    "exit",
    "fitness",
    "geary",
    "getis_ord",
    "gini",
    "group_coagglomeration",
    "growth",
    "hachman_index",
    "herfindahl_index",
    "hoover_index",
    "interval",
    "kd_function",
    "krugman_index",
    "litzenberger_sternberg",
    "local_moran",
    "location_quotient",
    "locational_gini",
    "log_quotient",
    "m_function",
    "maurel_sedillot",
    "moran",
    "national_share",
    "nearest_neighbours",
    "normalised_cooccurrence",
    "opportunity_gain",
    "percentile",
    "performance_classes",
    "plant_herfindahl",
    "plant_herfindahl_from_sizes",
    "plant_table",
    "presence",
    "probability_strong",
    "proximity",
    "rank",
    "rank_interval",
    "reflections",
    "region_share",
    "region_shift_share",
    "related_variety",
    "relatedness",
    "relatedness_density",
    "ripley_k",
    "shannon_entropy",
    "shift_share",
    "shift_share_factors",
    "shrunk_quotient",
    "skill_relatedness",
    "specialisation_coefficient",
    "specialisation_gini",
    "specialisation_nodes",
    "standardised_quotient",
    "star_rating",
    "star_rule",
    "star_rules",
    "strength_flags",
    "strength_profile",
    "strength_profiles",
    "strong_in_draws",
    "survival",
    "symmetric_quotient",
    "theil_index",
    "tidy_location_quotient",
    "traded_local_split",
    "ubiquity",
]
