"""The published studies of a programme, as its printed report says them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from clusteratlas.portal.programmes.effects import amounts, check_words, shown, tables, words
from clusteratlas.portal.programmes.models import EffectStudy, Programme
from clusteratlas.programmes.effects import EffectReport, OutcomeFindings
from clusteratlas.programmes.report import EffectPart


def published_parts(programme: Programme) -> list[EffectPart]:
    """Return the published studies, the latest first, in the language spoken now."""
    found = programme.studies.filter(published_at__isnull=False).order_by("-number")
    return [_part(each) for each in found]


def _part(study: EffectStudy) -> EffectPart:
    report = EffectReport.from_dict(study.report)
    said = []
    for findings in report.outcomes:
        said.append(shown.sentence(findings))
        for reason in findings.reasons:
            why, helps = check_words.reason(reason)
            said.append(" ".join((why, *helps)))
        if cost := shown.cost_sentence(findings):
            said.append(cost)
    design = str(words.DESIGNS[report.study.design])
    return EffectPart(
        _("%(title)s (%(design)s)") % {"title": study.title, "design": design},
        report.refused,
        tuple(row for findings in report.outcomes for row in _rows(findings)),
        tuple(said),
        report.study.source,
    )


def _rows(findings: OutcomeFindings) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for each in findings.estimates:
        if not each.headline:
            continue
        told = amounts.said(each, findings.outcome.unit)
        found.append(
            (
                f"{tables.outcome_name(findings)}, {words.GROUPS[each.group]}",
                tables.horizon(each.horizon),
                f"{told.value} ({told.between})",
                told.unit,
                findings.grade.value if findings.grade is not None else "",
            )
        )
    return found
