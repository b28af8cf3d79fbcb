"""Industries, regions and cluster definitions, each with its vintage."""

from clusteratlas.classification.codes import find_code_faults
from clusteratlas.classification.definitions import Definition, definition, definitions
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

__all__ = [
    "Definition",
    "ancestors",
    "classifications",
    "definition",
    "definitions",
    "find_code_faults",
    "former_counties",
    "industries",
    "memberships",
    "neighbours",
    "nuts_vintages",
    "read_definition",
    "regions",
    "schemes",
    "vintage_for_year",
]
