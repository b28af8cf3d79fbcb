"""Input-output multipliers: what spending goes with, by a model; never what a programme changed."""

from clusteratlas.programmes.multiplier.model import Multiplied, Ripple, SupplierPart, multiply
from clusteratlas.programmes.multiplier.tables import (
    Requirements,
    packaged_requirements,
    read_by_industry,
)

__all__ = [
    "Multiplied",
    "Requirements",
    "Ripple",
    "SupplierPart",
    "multiply",
    "packaged_requirements",
    "read_by_industry",
]
