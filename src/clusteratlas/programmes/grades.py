"""How much a figure of a programme proves: five grades, from an experiment to a multiplier."""

from __future__ import annotations

from enum import StrEnum


class EvidenceGrade(StrEnum):
    """What stands behind a figure.

    A grade says how a figure was found, not how large or how welcome it is. Grades are ordered: a
    figure that rests on several has the weakest of them.

    Examples
    --------
    >>> EvidenceGrade.B.meaning
    'credible quasi-experiment'
    >>> EvidenceGrade.weakest([EvidenceGrade.B, EvidenceGrade.D])
    <EvidenceGrade.D: 'D'>
    """

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"

    @property
    def meaning(self) -> str:
        """The grade in words."""
        return _MEANINGS[self]

    @property
    def is_causal(self) -> bool:
        """Whether a figure of this grade may be called an effect."""
        return self in (EvidenceGrade.A, EvidenceGrade.B)

    @classmethod
    def weakest(cls, grades: list[EvidenceGrade]) -> EvidenceGrade:
        """Return the grade of what rests on all of these; of nothing there is none."""
        return max(grades)


_MEANINGS = {
    EvidenceGrade.A: "randomised",
    EvidenceGrade.B: "credible quasi-experiment",
    EvidenceGrade.C: "comparison without credible control",
    EvidenceGrade.D: "self-report",
    EvidenceGrade.E: "multiplier model",
}
