"""What is known of published effects: frozen records with codes; pages and commands say them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from clusteratlas.programmes.effects.study import Stage
from clusteratlas.programmes.evidence.designs import StudyDesign, grade_of
from clusteratlas.programmes.grades import EvidenceGrade


class Finding(StrEnum):
    """What a source says that it found."""

    positive = "positive"
    negative = "negative"
    none_detected = "none_detected"
    weak = "weak"
    mixed = "mixed"
    reported = "reported"
    """A figure that somebody counted or reported; nobody asked what it would be without."""
    not_estimated = "not_estimated"


class FactScale(StrEnum):
    """What kind of number a figure is; figures of two scales are never set on one axis."""

    percent = "percent"
    points = "points"
    ratio = "ratio"
    money_each = "money_each"
    count_each = "count_each"
    money_per_money = "money_per_money"
    above = "above"
    """More than so much money for money: a bound, not a value."""
    share = "share"
    rate = "rate"
    money_total = "money_total"
    count_total = "count_total"
    sign = "sign"
    """The source says the direction only."""

    @property
    def nothing(self) -> float:
        """The value that means no change: 1 for a ratio, else 0."""
        return 1.0 if self is FactScale.ratio else 0.0


class Significance(StrEnum):
    """What the source says of chance; not stated is the rule, not the exception."""

    significant = "significant"
    not_significant = "not_significant"
    not_stated = "not_stated"


class UnitKind(StrEnum):
    """What was observed."""

    firm = "firm"
    organisation = "organisation"
    partnership = "partnership"
    cluster = "cluster"
    region = "region"
    grantee = "grantee"
    programme = "programme"


@dataclass(frozen=True, slots=True)
class PublishedEffect:
    """One figure of one study, as its source states it.

    Attributes
    ----------
    identity
        Name in addresses.
    statement
        Number of the statement that it was taken from; one statement may hold several figures.
    programme, family
        Its name, and the key that programmes share whose findings do not count twice.
    country
        Two letters (ISO 3166), or EU.
    years
        Of the programme or of its figures, as stated.
    design, design_stated
        How it was found: by our list, which gives the grade, and in the source's words.
    unit, unit_stated, observed, observed_words
        What was observed and how many; ``None`` where the source seen does not say.
    outcome, outcome_stated, stage
        What changed: the concept that figures share, the source's words, and how far along the
        chain of results it stands.
    finding, significance
        What the source says that it found, and of chance.
    value, value_to
        The figure; the other end where the source gives a range of estimates (no interval).
    scale, unit_of_value
        What kind of number it is, and its unit in words.
    standard_error, low, high
        Of the value; ``None`` where the source seen does not say. Never made up.
    horizon_years, measured
        Years after the start, where stated; and when or how it was measured, as stated.
    source, seen
        Where it is published; whether the source was read or is remembered.
    own
        Whether the site added it.
    """

    identity: str
    statement: int | None
    programme: str
    family: str
    country: str
    years: str
    design: StudyDesign
    design_stated: str
    unit: UnitKind
    unit_stated: str
    observed: int | None
    observed_words: str
    outcome: str
    outcome_stated: str
    stage: Stage
    finding: Finding
    significance: Significance
    value: float | None
    value_to: float | None
    scale: FactScale
    unit_of_value: str
    standard_error: float | None
    horizon_years: float | None
    measured: str
    source: str
    seen: bool
    own: bool = False

    @property
    def grade(self) -> EvidenceGrade:
        """How much it proves, by the rule of `designs.grade_of`."""
        return grade_of(self.design)

    @property
    def is_effect(self) -> bool:
        """Whether somebody asked what it would be without the programme."""
        return self.grade <= EvidenceGrade.C and self.finding not in (
            Finding.reported,
            Finding.not_estimated,
        )

    @property
    def middle(self) -> float | None:
        """The value, or the middle of a stated range, for the order on a chart only."""
        if self.value is None or self.value_to is None:
            return self.value
        return (self.value + self.value_to) / 2

    @property
    def group_key(self) -> tuple[str, str, str, str]:
        """Outcome, scale, unit of the value and kind of unit: alike in figures that compare."""
        unit = self.unit_of_value if self.scale in _UNIT_MATTERS else ""
        return (self.outcome, self.scale.value, unit, self.unit.value)


_UNIT_MATTERS = (
    FactScale.money_each,
    FactScale.count_each,
    FactScale.money_per_money,
    FactScale.rate,
)
