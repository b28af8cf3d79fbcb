"""What is asked of an evaluation: design, outcomes, columns, choices, costs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from clusteratlas.programmes.effects.synthetic_records import Predictor
from clusteratlas.programmes.effects.written import read_as, written_as


class Design(StrEnum):
    """Whom the treated are compared with, and what has to hold for that to be fair."""

    staggered = "staggered"
    """Those treated later or never, as they are."""
    matched = "matched"
    """Those never treated who looked the same before."""
    triple = "triple"
    """Other industries of the same regions and the same industries of other regions."""
    contest = "contest"
    """Applicants that were not funded."""
    spillover = "spillover"
    """Those far away; untreated neighbours are a group of their own."""
    synthetic = "synthetic"
    """A mix of other regions that ran like the one treated region before."""


class Stage(StrEnum):
    """How far along the chain from doing to result an outcome stands."""

    activity = "activity"
    behaviour = "behaviour"
    intermediate = "intermediate"
    business = "business"
    region = "region"


class Scale(StrEnum):
    """How an outcome is compared."""

    level = "level"
    """As it is; an effect is in its unit."""
    log = "log"
    """Its logarithm is taken here; an effect is read in per cent."""
    logged = "logged"
    """The column holds logarithms already; an effect is read in per cent."""


class Role(StrEnum):
    """What a unit of the treated list is."""

    treated = "treated"
    spillover = "spillover"
    lost = "lost"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A column of the panel whose change is asked for.

    Attributes
    ----------
    column
        Name of the column.
    stage
        How far along the chain of results it stands.
    unit
        What it counts, in words or as a currency's three letters: ``jobs``, ``EUR``.
    scale
        Whether levels or logarithms are compared.
    money
        Whether it is an amount of money; then ``unit`` is a currency (ISO 4217).
    price_base
        The year whose prices the money is told in; none for the prices of its time.
    name
        What people call it; the column's name where empty.
    """

    column: str
    stage: Stage = Stage.business
    unit: str = ""
    scale: Scale = Scale.level
    money: bool = False
    price_base: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "stage", Stage(self.stage))
        object.__setattr__(self, "scale", Scale(self.scale))


@dataclass(frozen=True, slots=True)
class Columns:
    """How the panel names what an evaluation needs; empty where it has no such column.

    ``cluster`` is the level at which treatment was assigned and errors are added up; where it is
    empty, the unit itself (of a triple difference, the industry in its region).
    """

    unit: str = "unit"
    period: str = "period"
    covariates: tuple[str, ...] = ()
    industry: str = ""
    region: str = ""
    cluster: str = ""


@dataclass(frozen=True, slots=True)
class Costs:
    """What the support cost, and in which money.

    ``total`` is the cost of all treated units where the treated list has no cost of each.
    """

    currency: str
    price_base: int | None = None
    total: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person who asks decided; every choice is told with the answer.

    Attributes
    ----------
    window
        Years under treatment that are looked at, the first year of treatment being year 1.
    anticipation
        Years before the start in which units may already have acted on it.
    controls
        ``not_yet``: units also serve as controls until their own start; ``never``: only units that
        are never treated do.
    keep_balanced
        Keep only units with all periods, where the panel has gaps.
    randomised
        How treatment was drawn by lot and who says so; empty where it was not.
    level
        Coverage of intervals.
    seed, draws
        Of the random draws behind simultaneous bands and placebos.
    caliper
        Greatest distance of a match, in standard deviations of the logit of the propensity.
    fit_from
        First period on which a synthetic control is fitted; the first of the panel by default.
    alike_in
        In matching, what of the outcome itself units are to be alike in besides covariates, in the
        first half of the years before the start: its ``level``, or level and ``trend``. The second
        half then tells whether they went together.
    describe
        Where an effect is refused, tell how treated and others changed, as a description of
        grade C and not as an effect.
    """

    window: int = 4
    anticipation: int = 0
    controls: Literal["not_yet", "never"] = "not_yet"
    keep_balanced: bool = False
    randomised: str = ""
    level: float = 0.95
    seed: int = 0
    draws: int = 999
    caliper: float = 0.2
    fit_from: int | None = None
    alike_in: Literal["", "level", "trend"] = ""
    describe: bool = False


@dataclass(frozen=True, slots=True)
class Study:
    """What is asked: of which panel, by which design, for which outcomes.

    Example
    -------
    >>> study = Study(Design.staggered, outcomes=(Outcome("jobs", unit="jobs"),))
    >>> study.design, study.choices.window
    (<Design.staggered: 'staggered'>, 4)
    """

    design: Design
    outcomes: tuple[Outcome, ...]
    columns: Columns = Columns()
    choices: Choices = Choices()
    costs: Costs | None = None
    predictors: tuple[Predictor, ...] = ()
    programme: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "design", Design(self.design))


def study_to_dict(study: Study) -> dict[str, Any]:
    """Return the study as values that JSON knows.

    Example
    -------
    >>> study = Study(Design.contest, outcomes=(Outcome("jobs"),))
    >>> study_from_dict(study_to_dict(study)) == study
    True
    """
    written: dict[str, Any] = written_as(Study, study)
    return written


def study_from_dict(written: dict[str, Any]) -> Study:
    """Return the study that ``study_to_dict`` wrote, or that somebody wrote by hand.

    Raises
    ------
    InvalidInput
        With every field that does not fit.
    """
    study: Study = read_as(Study, written, "study")
    return study
