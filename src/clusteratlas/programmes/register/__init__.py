"""The register of programmes: what each is, whom it supports, and with what money."""

from clusteratlas.programmes.register.contradictions import Contradiction, contradictions
from clusteratlas.programmes.register.document import (
    SCHEMA_VERSION,
    Award,
    Call,
    Fact,
    Money,
    Programme,
    Reference,
)
from clusteratlas.programmes.register.money import Purse, Sum, by_year, money_at, sums
from clusteratlas.programmes.register.packaged import (
    FICTIONAL,
    fictional_programme,
    stated_programmes,
)
from clusteratlas.programmes.register.picks import PICKS, words_of
from clusteratlas.programmes.register.reading import (
    RegisterReading,
    read_programmes,
    read_register,
)
from clusteratlas.programmes.register.untrusted import read_untrusted_register
from clusteratlas.programmes.register.writing import (
    bytes_of,
    csv_tables,
    register_schema,
    schema_text,
)

__all__ = [
    "FICTIONAL",
    "PICKS",
    "SCHEMA_VERSION",
    "Award",
    "Call",
    "Contradiction",
    "Fact",
    "Money",
    "Programme",
    "Purse",
    "Reference",
    "RegisterReading",
    "Sum",
    "by_year",
    "bytes_of",
    "contradictions",
    "csv_tables",
    "fictional_programme",
    "money_at",
    "read_programmes",
    "read_register",
    "read_untrusted_register",
    "register_schema",
    "schema_text",
    "stated_programmes",
    "sums",
    "words_of",
]
