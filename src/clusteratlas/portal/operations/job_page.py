"""The page of long work: stage, share done, time left; it renews itself until the work is over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from clusteratlas.portal import refused
from clusteratlas.portal.accounts import audit
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.language import at
from clusteratlas.portal.operations import jobs
from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.pages.frame import page
from clusteratlas.portal.rights import needs


def address(job: Job) -> str:
    """Return where a job is watched."""
    return at(f"/jobs/{job.pk}/")


@needs("see_job")
@require_GET
def job_page(request: AtlasRequest, job: int) -> HttpResponse:
    """Show how far a job is, or what came of it."""
    found = jobs.noticed(Job.objects.get(pk=job))
    kind = jobs.kind_of(found)
    return page(
        request,
        "operations/job.html",
        job=found,
        title=str(kind.title),
        said=_said(found, str(kind.stages.get(found.stage, ""))),
        left=_left(found.seconds_left),
        share=f"{found.share or 0:.3f}",
        here=address(found),
        faults=[
            {
                "problem": refused.said(each["problem"]),
                "where": _where(each),
                "value": each["value"],
                "hint": refused.said(each["hint"]) if each["hint"] else "",
            }
            for each in found.faults
        ],
    )


@needs("see_job")
@require_POST
def stop_job(request: HttpRequest, job: int) -> HttpResponse:
    """Stop a job that is under way."""
    found = Job.objects.get(pk=job)
    if jobs.stop(found):
        audit.note(request.user, "job.stop", f"job:{found.pk}", kind=found.kind)  # type: ignore[arg-type]
    return redirect(address(found))


def _said(job: Job, stage: str) -> str:
    match job.state:
        case Job.State.WAITING:
            return _("The work is about to begin.")
        case Job.State.RUNNING:
            return stage or _("The work is under way.")
        case Job.State.DONE:
            return _("The work is done.")
        case Job.State.STOPPED:
            return _("The work was stopped; nothing of it was kept.")
        case _:
            if job.faults:
                return _("There is no result; this is why.")
            return _("The work broke off; the fault is ours and has been noted. Start it again.")


def _where(fault: dict[str, str]) -> str:
    """Return the file, row and column of a fault, as far as it has them."""
    row = fault.get("row", "")
    parts = [
        fault.get("file", ""),
        _("row %(row)s") % {"row": row} if row else "",
        fault.get("column", ""),
    ]
    return ", ".join(each for each in parts if each)


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 60:
        return _("less than a minute left")
    minutes = round(seconds / 60)
    return ngettext("about %(minutes)s minute left", "about %(minutes)s minutes left", minutes) % {
        "minutes": minutes
    }
