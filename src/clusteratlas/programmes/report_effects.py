"""What the printed report says of a study of effects: its estimates, or why there are none."""

from __future__ import annotations

from clusteratlas.programmes.effects import EffectReport, OutcomeFindings
from clusteratlas.programmes.effects.words import (
    DESIGNS,
    data_sentence,
    outcome_title,
    reading,
    value_of,
)
from clusteratlas.programmes.report import EffectPart


def effect_part(report: EffectReport, title: str = "") -> EffectPart:
    """Return a study in English, as `report_content` takes it.

    Parameters
    ----------
    report
        As `evaluate` returns it, or `EffectReport.from_dict` reads it back.
    title
        What people call the study; by default its design.
    """
    design = DESIGNS[report.study.design]
    said = [line for findings in report.outcomes for line in reading(findings)]
    return EffectPart(
        title or design,
        report.refused,
        tuple(row for findings in report.outcomes for row in _rows(findings)),
        tuple(said),
        " ".join(filter(None, (data_sentence(report), report.study.source))),
    )


def _rows(findings: OutcomeFindings) -> list[tuple[str, ...]]:
    """The estimates that the design stands on, year by year and for the window."""
    found: list[tuple[str, ...]] = []
    for each in findings.estimates:
        if not each.headline:
            continue
        value, between = value_of(each)
        horizon = "the window" if each.horizon is None else f"year {each.horizon}"
        unit = "%" if each.percent is not None else each.unit
        grade = findings.grade.value if findings.grade is not None else ""
        name = outcome_title(findings.outcome)
        found.append((f"{name}, {each.group.value}", horizon, f"{value} ({between})", unit, grade))
    return found
