"""What spending sets in motion, if everything goes on as the tables say: never an effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from clusteratlas.measures.networks.requirements import regional_requirements, total_requirements
from clusteratlas.programmes.grades import EvidenceGrade
from clusteratlas.programmes.multiplier.tables import SOURCE, YEAR, Floats, Requirements
from clusteratlas.tables import Fault, InvalidInput

SHOWN: Final = 10
MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class SupplierPart:
    """What one industry delivers, all rounds together, in the money that was spent."""

    industry: str
    title: str
    output: float


@dataclass(frozen=True, slots=True)
class Ripple:
    """All that spending goes with, in the industries of the area, in the money that was spent.

    ``jobs`` is ``None`` where no jobs were given, or where some are not known and there is no
    upper end.
    """

    output: float
    value_added: float
    compensation: float
    jobs: float | None


@dataclass(frozen=True, slots=True)
class Multiplied:
    """The gross ripple of spending by an input-output model.

    Attributes
    ----------
    industries, titles, shares
        Where the money is spent.
    amount
        Final demand for the industries' output, at producers' prices, any currency.
    low, high
        The ripple; the two differ where location quotients (or jobs) of some industries are not
        known: an unknown quotient may be anything from 0 to 1.
    unknown
        How many industries' quotients are not known.
    direct_compensation, direct_jobs
        In the industries themselves.
    regional
        Whether requirements were cut by location quotients.
    suppliers
        Who delivers most, all rounds together, by the high end.
    assumptions
        Codes of what is assumed.
    grade
        Always E: a model's arithmetic, no evidence that anything is additional.
    """

    industries: tuple[str, ...]
    titles: tuple[str, ...]
    shares: tuple[float, ...]
    amount: float
    low: Ripple
    high: Ripple
    unknown: int
    direct_compensation: float
    direct_jobs: float | None
    regional: bool
    suppliers: tuple[SupplierPart, ...]
    assumptions: tuple[str, ...]
    grade: EvidenceGrade = EvidenceGrade.E
    year: int = YEAR
    source: str = SOURCE

    @property
    def output_multiplier(self) -> tuple[float, float]:
        """Output in all industries for each unit spent, low and high."""
        return self.low.output / self.amount, self.high.output / self.amount

    @property
    def leaked(self) -> tuple[float, float]:
        """Share of the amount that leaves the area for imports, low and high."""
        return 1 - self.high.value_added / self.amount, 1 - self.low.value_added / self.amount

    @property
    def income_multiplier(self) -> tuple[float, float] | None:
        """Wages in all industries for each unit of wages in the industries themselves."""
        if not self.direct_compensation:
            return None
        direct = self.direct_compensation
        return self.low.compensation / direct, self.high.compensation / direct

    @property
    def job_multiplier(self) -> tuple[float, float | None] | None:
        """Jobs in all industries for each job in the industries themselves."""
        if not self.direct_jobs or self.low.jobs is None:
            return None
        high = None if self.high.jobs is None else self.high.jobs / self.direct_jobs
        return self.low.jobs / self.direct_jobs, high


def multiply(
    spending: Mapping[str, float],
    requirements: Requirements,
    *,
    quotients: Floats | None = None,
    jobs: Floats | None = None,
) -> Multiplied:
    r"""Return what spending sets in motion by the input-output model, type I.

    Definition
    ----------
    With final demand f and total requirements L (domestic, cut by quotients where given),
    :math:`x = L f`; output is :math:`\sum x`, value added and wages are :math:`\sum v_i x_i`, jobs
    :math:`\sum e_i x_i` with e jobs per unit of output.

    Parameters
    ----------
    spending
        Amount by industry (code of the tables, or a class of NAICS 2017 within one).
    requirements
        The tables.
    quotients
        Location quotient by industry, length n; NaN where not known.
    jobs
        Jobs of the nation by industry, length n; NaN where not known. They are divided by the
        tables' output of 2017: deflate amounts of other years, and turn them into USD.

    Returns
    -------
    Multiplied
        Grade E always.

    Missing data
    ------------
    A quotient that is not known may be anything from 0 to 1, and the answer has two ends. Jobs that
    are not known leave only the lower end; those of the industries themselves must be known.

    Raises
    ------
    InvalidInput
        Nothing is spent, or less than nothing; jobs of the industries themselves are not known.
    CannotAnswer
        A code that is not in the tables.

    Source
    ------
    R. Miller, P. Blair, Input-output analysis (2009), chapters 5, 6 and 8.

    Example
    -------
    A million spent on aircraft in the United States:

    >>> from clusteratlas.programmes.multiplier.tables import packaged_requirements
    >>> found = multiply({"336411": 1_000_000}, packaged_requirements())
    >>> round(found.output_multiplier[1], 2), round(found.leaked[1], 2), found.grade.value
    (1.58, 0.21, 'E')
    """
    demand = _demand(spending, requirements)
    places = np.flatnonzero(demand)
    if quotients is None:
        unknown = np.zeros(len(demand), dtype=bool)
        least = most = requirements.required
    else:
        unknown = np.isnan(quotients)
        least, most = (
            regional_requirements(requirements.required, np.where(unknown, filled, quotients))
            for filled in (0.0, 1.0)
        )
    if jobs is not None and np.isnan(jobs[places]).any():
        raise InvalidInput(
            Fault(
                "the jobs of this industry are not known",
                column="jobs",
                value=requirements.industries[place],
                hint="give the jobs of the nation in it, or leave out jobs altogether",
            )
            for place in places
            if np.isnan(jobs[place])
        )
    low, _ = _ripple(least, demand, requirements, jobs)
    high, delivered = _ripple(most, demand, requirements, jobs)
    if jobs is not None and np.isnan(jobs[delivered > 0]).any():
        high = replace(high, jobs=None)
    order = np.argsort(-delivered, kind="stable")[:SHOWN]
    assumptions = ["gross", "fixed_recipe", "type_one", "imports_of_nation"]
    if quotients is not None:
        assumptions.append("quotient_cut")
    if jobs is not None:
        assumptions.append("average_jobs")
    amount = float(demand.sum())
    return Multiplied(
        tuple(requirements.industries[each] for each in places),
        tuple(requirements.titles[each] for each in places),
        tuple(float(demand[each] / amount) for each in places),
        amount,
        low,
        high,
        int(unknown.sum()),
        float(requirements.compensation @ demand),
        None if jobs is None else float(_per_unit(jobs, requirements) @ demand),
        quotients is not None,
        tuple(
            SupplierPart(
                requirements.industries[each], requirements.titles[each], float(delivered[each])
            )
            for each in order
        ),
        tuple(assumptions),
    )


def _demand(spending: Mapping[str, float], requirements: Requirements) -> Floats:
    faults = [
        Fault("spending is not above zero", column=code, value=f"{amount:g}")
        for code, amount in spending.items()
        if not (np.isfinite(amount) and amount > 0)
    ]
    if faults or not spending:
        raise InvalidInput(faults or [Fault("nothing is spent", hint="give an industry")])
    demand = np.zeros(len(requirements.industries))
    for code, amount in spending.items():
        demand[requirements.place(code)] += amount
    return demand


def _ripple(
    required: Floats, demand: Floats, requirements: Requirements, jobs: Floats | None
) -> tuple[Ripple, Floats]:
    delivered = total_requirements(required) @ demand
    told = None if jobs is None else float(_per_unit(jobs, requirements) @ delivered)
    return (
        Ripple(
            float(delivered.sum()),
            float(requirements.value_added @ delivered),
            float(requirements.compensation @ delivered),
            told,
        ),
        delivered,
    )


def _per_unit(jobs: Floats, requirements: Requirements) -> Floats:
    return np.asarray(np.nan_to_num(jobs) / (requirements.output * MILLION), dtype=np.float64)
