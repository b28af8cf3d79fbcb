"""Industries, regions and cluster definitions, each with its vintage."""

from clusteratlas.classification.codes import find_code_faults
from clusteratlas.classification.definitions import Definition, definition, definitions
from clusteratlas.classification.economic_areas import economic_area_names, economic_areas
from clusteratlas.classification.former import (
    FormerIndustry,
    OtherCode,
    codes_with_others,
    former_county_names,
    former_industries,
    other_codes,
)
from clusteratlas.classification.industries import (
    ancestors,
    classifications,
    industries,
    vintage_for_year,
)
from clusteratlas.classification.own_definition import read_definition
from clusteratlas.classification.regions import (
    former_counties,
    memberships,
    neighbours,
    nuts_vintages,
    regions,
    schemes,
)
from clusteratlas.classification.statewide import county_states, statewide_regions
from clusteratlas.classification.tree import (
    children,
    construction_splits,
    industry_tree,
    likely_vintage,
    only_child,
)

__all__ = [
    "Definition",
    "FormerIndustry",
    "OtherCode",
    "ancestors",
    "children",
    "classifications",
    "codes_with_others",
    "construction_splits",
    "county_states",
    "definition",
    "definitions",
    "economic_area_names",
    "economic_areas",
    "find_code_faults",
    "former_counties",
    "former_county_names",
    "former_industries",
    "industries",
    "industry_tree",
    "likely_vintage",
    "memberships",
    "neighbours",
    "nuts_vintages",
    "only_child",
    "other_codes",
    "read_definition",
    "regions",
    "schemes",
    "statewide_regions",
    "vintage_for_year",
]
