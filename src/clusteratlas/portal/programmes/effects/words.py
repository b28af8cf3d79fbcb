"""Designs, stages, estimators and grades of a study in the language spoken now."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusteratlas.programmes.effects import Design, Estimator, Group, Scale, Stage, Verdict
from clusteratlas.programmes.grades import EvidenceGrade

DESIGNS = {
    Design.staggered: gettext_lazy("with those supported later or never"),
    Design.matched: gettext_lazy("with those never supported that looked the same before"),
    Design.triple: gettext_lazy(
        "with other industries of the same regions and the same industries elsewhere"
    ),
    Design.contest: gettext_lazy("with applicants that were not funded"),
    Design.spillover: gettext_lazy("with those far away; neighbours are a group of their own"),
    Design.synthetic: gettext_lazy("with a mix of other regions that ran alike before"),
}
STAGES = {
    Stage.activity: gettext_lazy("activity"),
    Stage.behaviour: gettext_lazy("behaviour"),
    Stage.intermediate: gettext_lazy("intermediate result"),
    Stage.business: gettext_lazy("business result"),
    Stage.region: gettext_lazy("result in the region"),
}
SCALES = {
    Scale.level: gettext_lazy("it is, in its unit"),
    Scale.log: gettext_lazy("its logarithm, read in per cent"),
    Scale.logged: gettext_lazy("a logarithm already, read in per cent"),
}
ESTIMATORS = {
    Estimator.two_way: gettext_lazy("Two-way fixed effects"),
    Estimator.group_time: gettext_lazy("Group-time effects (Callaway and Sant'Anna)"),
    Estimator.imputation: gettext_lazy("Imputation (Borusyak, Jaravel and Spiess)"),
    Estimator.matched: gettext_lazy("Matched difference-in-differences"),
    Estimator.triple_two_way: gettext_lazy("Triple difference, fixed effects"),
    Estimator.triple_group_time: gettext_lazy("Triple difference, group-time effects"),
    Estimator.triple_imputation: gettext_lazy("Triple difference, imputation"),
    Estimator.synthetic_difference: gettext_lazy("Synthetic difference-in-differences"),
    Estimator.synthetic_control: gettext_lazy("Synthetic control"),
    Estimator.donors_mean: gettext_lazy("Mean of the donors"),
}
GROUPS = {
    Group.direct: gettext_lazy("the supported themselves"),
    Group.spillover: gettext_lazy("their neighbours"),
}
VERDICTS = {
    Verdict.passed: gettext_lazy("holds"),
    Verdict.warned: gettext_lazy("holds, with a warning"),
    Verdict.failed: gettext_lazy("fails"),
    Verdict.not_possible: gettext_lazy("cannot be checked"),
}
GRADES = {
    EvidenceGrade.A: gettext_lazy("randomised"),
    EvidenceGrade.B: gettext_lazy("credible quasi-experiment"),
    EvidenceGrade.C: gettext_lazy("comparison without credible control"),
    EvidenceGrade.D: gettext_lazy("self-report"),
    EvidenceGrade.E: gettext_lazy("multiplier model"),
}


def designs() -> list[tuple[str, str]]:
    """Return the designs as choices."""
    return [(each.value, str(said)) for each, said in DESIGNS.items()]


def stages() -> list[tuple[str, str]]:
    """Return the stages of outcomes as choices."""
    return [(each.value, str(said)) for each, said in STAGES.items()]


def scales() -> list[tuple[str, str]]:
    """Return the ways to compare as choices."""
    return [(each.value, str(said)) for each, said in SCALES.items()]


def grade(given: EvidenceGrade) -> str:
    """Return a grade with what it means."""
    return _("Grade %(grade)s: %(meaning)s") % {"grade": given.value, "meaning": GRADES[given]}
