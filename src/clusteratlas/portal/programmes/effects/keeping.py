"""How a study is made, published and taken away; the work runs in a process of its own."""

from __future__ import annotations

import resource
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import AuditEntry, User
from clusteratlas.portal.operations import jobs
from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.programmes.effects import uploads
from clusteratlas.portal.programmes.models import EffectStudy, Programme, StudyFiles
from clusteratlas.portal.registry import state
from clusteratlas.programmes.effects import (
    EffectReport,
    Study,
    evaluate,
    study_from_dict,
    study_to_dict,
)
from clusteratlas.tables import Fault, InvalidInput

KIND = "programmes.effect"
MEMORY = 6_000_000_000
"""Bytes of address space that the work may take: a file of 50 MB needs far less."""
KEPT_DAYS = 30
STAGES = {
    "reading": gettext_lazy("The files are read and checked."),
    "estimating": gettext_lazy("The design is checked, then effects are estimated."),
}


def begin(files: StudyFiles, study: Study, title: str, person: User) -> Job:
    """Start the work on a study; its files go once it is made."""
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    Job.objects.filter(kind=KIND, ended_at__lt=old).delete()
    programme = files.programme
    audit.note(person, "effect.ask", f"programme:{programme.slug}", title=title)
    return jobs.start(
        KIND,
        {
            "files": files.pk,
            "title": title,
            "study": study_to_dict(study),
            "person": person.pk,
        },
        subject=uploads.subject_of(files),
        person=person,
        organisation=programme.organisation,
        back=f"/programmes/{programme.slug}/effects/files/{files.key}/",
    )


@jobs.kind(KIND, gettext_lazy("An effect is estimated"), STAGES)
def work_out(progress: jobs.Progress, given: dict[str, Any]) -> jobs.Outcome:
    """Check and estimate; a refusal is a result too and is kept."""
    files = StudyFiles.objects.select_related("programme").get(pk=given["files"])
    _hold_memory()
    progress.at("reading")
    study = study_from_dict({**given["study"], "programme": files.programme.name})
    panel, treated = (uploads.path_of(files, role) for role in ("panel", "treated"))
    progress.at("estimating")
    try:
        report = evaluate(study, panel, treated)
    except InvalidInput as error:
        raise InvalidInput(
            [_named(each, files) for each in error.faults], total=error.total
        ) from error
    report = _as_sent(report, files)
    number = _next_number(files.programme)

    def keep() -> None:
        keep_study(
            files.programme,
            given["title"],
            report,
            {"panel": files.panel, "treated": files.treated, "study": study_to_dict(study)},
            person=User.objects.filter(pk=given["person"]).first(),
            number=number,
        )
        uploads.forget(files)

    return jobs.Outcome(keep, f"/programmes/{files.programme.slug}/effects/{number}/draft/")


def keep_study(
    programme: Programme,
    title: str,
    report: EffectReport,
    given: dict[str, Any],
    *,
    person: User | None,
    number: int | None = None,
) -> EffectStudy:
    """Keep a report as a study that only those who run the programme see."""
    kept = EffectStudy.objects.create(
        programme=programme,
        number=number or _next_number(programme),
        title=title,
        given=given,
        report=report.to_dict(),
        person=person,
    )
    audit.note(
        person,
        "effect.keep",
        f"programme:{programme.slug}",
        study=kept.number,
        refused=report.refused,
    )
    return kept


@transaction.atomic
def publish(study: EffectStudy, person: User | None) -> None:
    """Show a study to everybody, a refusal as well as an effect."""
    if study.published_at is None:
        study.published_at = timezone.now()
        study.save(update_fields=["published_at"])
        _noted(study, person, "effect.publish")


@transaction.atomic
def withdraw(study: EffectStudy, person: User | None) -> None:
    """Take a study back from the public; the audit log says who did."""
    if study.published_at is not None:
        study.published_at = None
        study.save(update_fields=["published_at"])
        _noted(study, person, "effect.withdraw")


@transaction.atomic
def delete(study: EffectStudy, person: User | None) -> None:
    """Delete a study that is not public; its number is not given again."""
    audit.note(
        person,
        "effect.delete",
        f"programme:{study.programme.slug}",
        study=study.number,
        title=study.title,
    )
    study.delete()


def _noted(study: EffectStudy, person: User | None, action: str) -> None:
    audit.note(person, action, f"programme:{study.programme.slug}", study=study.number)
    state.bump()


def _next_number(programme: Programme) -> int:
    """A number that no study of the programme has or had, as the audit log remembers them."""
    last = programme.studies.order_by("-number").values_list("number", flat=True).first() or 0
    gone = [
        int(each.details.get("study", 0))
        for each in AuditEntry.objects.filter(
            action="effect.delete", subject=f"programme:{programme.slug}"
        )
    ]
    return max([last, *gone]) + 1


def _as_sent(report: EffectReport, files: StudyFiles) -> EffectReport:
    """The report with checksums under the names that the files came with."""
    names = {"panel.csv": files.panel, "treated.csv": files.treated}
    told = {names.get(name, name): each for name, each in report.data.checksums.items()}
    return replace(report, data=replace(report.data, checksums=told))


def _named(fault: Fault, files: StudyFiles) -> Fault:
    """The fault with the name that the file came with, and never with the place where it lies."""
    for role in ("panel", "treated"):
        place = str(uploads.path_of(files, role))
        if fault.file == place:
            name = files.panel if role == "panel" else files.treated
            return Fault(fault.problem, name, fault.row, fault.column, fault.value, fault.hint)
    return fault


def _hold_memory() -> None:
    """Let the work fail, and not the machine, where a file is made to fill the memory."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
