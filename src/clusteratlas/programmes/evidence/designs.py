"""How a figure was found, and the grade that follows: one stated rule, applied to every figure."""

from __future__ import annotations

from enum import StrEnum

from clusteratlas.programmes.grades import EvidenceGrade


class StudyDesign(StrEnum):
    """How a figure was found."""

    randomised = "randomised"
    matched_difference_in_differences = "matched_difference_in_differences"
    difference_in_differences = "difference_in_differences"
    triple_difference = "triple_difference"
    reweighted_fixed_effects = "reweighted_fixed_effects"
    synthetic_control = "synthetic_control"
    discontinuity = "discontinuity"
    instrument = "instrument"
    matching = "matching"
    comparison = "comparison"
    regression = "regression"
    benchmark = "benchmark"
    several = "several"
    not_stated = "not_stated"
    survey = "survey"
    reporting = "reporting"
    monitoring = "monitoring"
    process_evaluation = "process_evaluation"
    input_output = "input_output"


_CHANGE_AGAINST_CONTROL = (
    StudyDesign.matched_difference_in_differences,
    StudyDesign.difference_in_differences,
    StudyDesign.triple_difference,
    StudyDesign.reweighted_fixed_effects,
    StudyDesign.synthetic_control,
    StudyDesign.discontinuity,
    StudyDesign.instrument,
)
_COMPARISON = (
    StudyDesign.matching,
    StudyDesign.comparison,
    StudyDesign.regression,
    StudyDesign.benchmark,
    StudyDesign.several,
    StudyDesign.not_stated,
)


def grade_of(design: StudyDesign) -> EvidenceGrade:
    """Return the grade of a figure from the design that found it.

    Definition
    ----------
    A: drawn by lot. B: a change is compared with the change of controls, or treatment hangs on a
    threshold or an instrument. C: compared with others or an average, but levels only, or by a
    regression, or the design is not known; where several designs are named and it is not said
    which gave the figure, the weakest counts. D: told by those who took part or who ran it.
    E: multiplied by a model.

    Parameters
    ----------
    design
        How the figure was found.

    Returns
    -------
    EvidenceGrade
        Of the design as published; nobody has repeated the study here.

    Missing data
    ------------
    A design that is not stated is graded C: it cannot be credited with more.

    Raises
    ------
    Nothing.

    Source
    ------
    The grades of `programmes.grades`.

    Example
    -------
    >>> grade_of(StudyDesign.triple_difference).value, grade_of(StudyDesign.matching).value
    ('B', 'C')
    >>> grade_of(StudyDesign.survey).value, grade_of(StudyDesign.input_output).value
    ('D', 'E')
    """
    if design is StudyDesign.randomised:
        return EvidenceGrade.A
    if design in _CHANGE_AGAINST_CONTROL:
        return EvidenceGrade.B
    if design in _COMPARISON:
        return EvidenceGrade.C
    return EvidenceGrade.E if design is StudyDesign.input_output else EvidenceGrade.D
