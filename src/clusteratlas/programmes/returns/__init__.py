"""Returns: what a member firm and the public euro get back, apart from gross figures."""

from clusteratlas.programmes.returns.assumptions import (
    Assumed,
    Assumptions,
    assumptions_of,
    assumptions_of_text,
    read_assumptions,
)
from clusteratlas.programmes.returns.fieller import RatioInterval, ratio_interval
from clusteratlas.programmes.returns.returning import (
    Leverage,
    MemberReturn,
    PublicReturn,
    Ranged,
    Returns,
    returns_of,
)

__all__ = [
    "Assumed",
    "Assumptions",
    "Leverage",
    "MemberReturn",
    "PublicReturn",
    "Ranged",
    "RatioInterval",
    "Returns",
    "assumptions_of",
    "assumptions_of_text",
    "ratio_interval",
    "read_assumptions",
    "returns_of",
]
