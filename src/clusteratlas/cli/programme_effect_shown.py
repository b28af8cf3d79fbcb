"""What an evaluation prints: checks, then estimators side by side, how it reads, and the grade."""

from __future__ import annotations

from clusteratlas.cli.console import Heading, line, notes, table, title
from clusteratlas.programmes.effects import (
    Check,
    EffectReport,
    Estimate,
    Group,
    OutcomeFindings,
)
from clusteratlas.programmes.effects.words import (
    CHECKS,
    DESIGNS,
    ESTIMATORS,
    VERDICTS,
    check_sentence,
    data_sentence,
    outcome_title,
    reading,
    value_of,
)


def show(report: EffectReport, *, checks_only: bool = False) -> None:
    """Print a report: checks of the design, and for each outcome its checks and what is told."""
    title(f"Effect: {DESIGNS[report.study.design]}", data_sentence(report))
    _checks(report.checks)
    if report.balance:
        line("How alike treated and controls are, before and after matching:")
        table(
            [
                Heading("covariate", folds=True),
                Heading("treated", right=True),
                Heading("others", right=True),
                Heading("matched", right=True),
                Heading("apart before", right=True),
                Heading("after", right=True),
            ],
            [
                [
                    f"{each.outcome}: {each.covariate}" if each.outcome else each.covariate,
                    f"{each.treated:.3g}",
                    f"{each.controls_before:.3g}",
                    f"{each.controls_after:.3g}",
                    f"{each.difference_before:+.2f} sd",
                    f"{each.difference_after:+.2f} sd",
                ]
                for each in report.balance
            ],
        )
    for findings in report.outcomes:
        _outcome(findings, checks_only=checks_only)
    sums = [f"{name}: SHA-256 {digest[:16]}…" for name, digest in report.data.checksums.items()]
    notes([report.study.source, *sums])


def _checks(checks: tuple[Check, ...]) -> None:
    if checks:
        table(
            [
                Heading("check", folds=True),
                Heading("verdict"),
                Heading("what was found", folds=True),
            ],
            [
                [CHECKS.get(each.code, each.code), VERDICTS[each.verdict], check_sentence(each)]
                for each in checks
            ],
        )


def _outcome(findings: OutcomeFindings, *, checks_only: bool) -> None:
    title(outcome_title(findings.outcome))
    _checks(findings.checks)
    if checks_only:
        failed = bool(findings.reasons)
        line("The checks fail: no effect could be told." if failed else "The checks hold.")
        return
    for group in Group:
        told = [each for each in findings.estimates if each.group is group]
        if told:
            _side_by_side(told, group)
    for sentence in reading(findings):
        line(sentence)
    if findings.grade is not None:
        line(f"Evidence grade {findings.grade}: {findings.grade.meaning}.", style="bold")


def _side_by_side(told: list[Estimate], group: Group) -> None:
    """The estimators beside each other, the whole window first, then year by year."""
    kinds = list(dict.fromkeys(each.estimator for each in told))
    horizons = sorted({each.horizon or 0 for each in told})
    by_place = {(each.estimator, each.horizon or 0): each for each in told}
    rows = []
    for horizon in horizons:
        row = ["window" if horizon == 0 else f"year {horizon}"]
        for kind in kinds:
            each = by_place.get((kind, horizon))
            row.append("–" if each is None else "{} ({})".format(*value_of(each)))
        first = by_place.get((kinds[0], horizon))
        row.append("" if first is None else f"{first.treated:,} / {first.controls:,}")
        rows.append(row)
    if group is Group.spillover:
        line("Untreated neighbours:")
    headings = [Heading("", folds=False)]
    headings += [Heading(ESTIMATORS[kind], folds=True) for kind in kinds]
    table([*headings, Heading("treated / controls", right=True)], rows)
