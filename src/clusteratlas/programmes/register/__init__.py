"""The register of programmes: what each is, whom it supports, and with what money."""

from clusteratlas.programmes.register.document import (
    SCHEMA_VERSION,
    Award,
    Call,
    Fact,
    Money,
    Programme,
    Reference,
)

__all__ = ["SCHEMA_VERSION", "Award", "Call", "Fact", "Money", "Programme", "Reference"]
