"""Pages of effects: what was found, every check before it, and where a refusal comes from."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusteratlas.portal import figures
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.operations import job_page, jobs
from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.effects import keeping, tables, uploads, words
from clusteratlas.portal.programmes.effects.forms import FilesForm, StudyForm
from clusteratlas.portal.programmes.effects.shown import ShownStudy, shown_study
from clusteratlas.portal.programmes.models import EffectStudy, Programme, StudyFiles
from clusteratlas.portal.programmes.register.programme_page import found_programme
from clusteratlas.portal.registry.edit_page import person_of
from clusteratlas.portal.rights import needs
from clusteratlas.programmes.effects import EffectReport

SECTION = "programmes"
_ESTIMATE_WORDS = {
    "outcome": "column of the panel that the effect is on",
    "stage": "activity, behaviour, intermediate, business or region",
    "group": "direct: the supported themselves; spillover: their neighbours",
    "estimator": "formula that the effect was estimated by",
    "headline": "whether the design stands on this estimator",
    "horizon": "year under support, the first being 1; empty for the mean of the window",
    "effect": "mean change that support made, in unit, or in logarithms as scale says",
    "effect_low": "low end of the interval",
    "effect_high": "high end of the interval",
    "standard_error": "standard error of the effect",
    "p": "probability of so large an effect where there is none",
    "level": "coverage of the interval, 0-1",
    "treated": "supported units behind it",
    "controls": "units they are compared with",
    "unit": "unit of the outcome",
    "scale": "level: as it is; log or logged: effects are in logarithms",
    "grade": "A randomised, B credible quasi-experiment, C no credible control",
    "refused": "checks that failed; then no effect is told",
    "time": "years from the start of support, 0 being its first year",
    "difference": "difference from those compared with, beyond that of the year before the start",
    "difference_low": "low end of the interval of this point",
    "difference_high": "high end of the interval of this point",
    "band_low": "low end of the interval of all points at once",
    "band_high": "high end of the interval of all points at once",
    "check": "condition of the design",
    "verdict": "passed, warned, failed or not_possible",
    "statistic": "what was measured",
    "threshold": "from where on the check fails",
    "units": "units concerned, at most the first twenty",
    "periods": "years concerned",
}


def _study(programme: str, study: int, *, public: bool) -> EffectStudy:
    found = EffectStudy.objects.select_related("programme").filter(
        programme__slug=programme, number=study
    )
    if public:
        found = found.filter(published_at__isnull=False)
    kept = found.first()
    if kept is None:
        raise Http404
    return kept


@needs("see_programme")
@require_safe
def effects_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """List the published studies of a programme, refusals among them."""
    row = found_programme(programme)
    return page(
        request,
        "programmes/effects.html",
        section=SECTION,
        programme=row,
        studies=published_studies(row),
        base=addresses.programme(row.slug, "effects/"),
    )


def published_studies(row: Programme) -> list[tuple[EffectStudy, ShownStudy]]:
    """Return the published studies of a programme, newest first, as they are shown."""
    found = row.studies.filter(published_at__isnull=False).order_by("-number")
    return [(each, shown_study(each)) for each in found]


@needs("see_programme")
@require_safe
def study_page(request: AtlasRequest, programme: str, study: int) -> HttpResponse:
    """Show a published study: checks first, then the effects or why there are none."""
    return _shown(request, _study(programme, study, public=True), draft=False)


@needs("run_programme")
@require_safe
def draft_page(request: AtlasRequest, programme: str, study: int) -> HttpResponse:
    """Show a study to those who run the programme, before or after it is published."""
    return _shown(request, _study(programme, study, public=False), draft=True)


def _shown(request: AtlasRequest, found: EffectStudy, *, draft: bool) -> HttpResponse:
    return page(
        request,
        "programmes/study.html",
        section=SECTION,
        programme=found.programme,
        study=found,
        shown=shown_study(found, whole=True),
        draft=draft,
        base=addresses.programme(found.programme.slug, f"effects/{found.number}/"),
        grades=[(each.value, str(said)) for each, said in words.GRADES.items()],
    )


@needs("run_programme")
@require_safe
def manage_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """List all studies with what can be done, and the files that wait."""
    row = found_programme(programme)
    under_way = [
        (job, job_page.address(job))
        for job in Job.objects.filter(kind=keeping.KIND, subject__in=_subjects(row))
        if not jobs.noticed(job).is_over
    ]
    return page(
        request,
        "programmes/effects_manage.html",
        section=SECTION,
        programme=row,
        studies=[(each, shown_study(each)) for each in row.studies.order_by("-number")],
        files=[
            (each, addresses.programme(row.slug, f"effects/files/{each.key}/"))
            for each in row.study_files.order_by("-pk")
        ],
        jobs=under_way,
        base=addresses.programme(row.slug, "effects/"),
    )


def _subjects(row: Programme) -> list[str]:
    return [uploads.subject_of(each) for each in row.study_files.all()]


@needs("run_programme")
@require_http_methods(["GET", "HEAD", "POST"])
def new_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Take the files of a new study."""
    row = found_programme(programme)
    content: dict[str, Any] = {"section": SECTION, "programme": row}
    if request.method != "POST":
        return page(request, "programmes/study_files.html", form=FilesForm(), **content)
    form = FilesForm(request.POST, request.FILES)
    if form.is_valid():
        panel, treated = form.cleaned_data["panel"], form.cleaned_data["treated"]
        files = uploads.keep(row, panel, treated, person_of(request))
        unread = [
            role
            for role in ("panel", "treated")
            if uploads.columns_of(uploads.path_of(files, role)) is None
        ]
        if not unread:
            return redirect(addresses.programme(row.slug, f"effects/files/{files.key}/"))
        uploads.forget(files)
        for role in unread:
            said = _(
                "This is no CSV with a line of column names, at most %(most)s, and rows below, in "
                "UTF-8."
            )
            form.add_error(role, said % {"most": figures.whole(uploads.MOST_COLUMNS)})
    return form_page(request, "programmes/study_files.html", form=form, **content)


@needs("run_programme")
@require_http_methods(["GET", "HEAD", "POST"])
def choose_page(request: AtlasRequest, programme: str, files: str) -> HttpResponse:
    """Ask what the columns mean and what is to be found out; then the work begins."""
    found = StudyFiles.objects.filter(programme__slug=programme, key=files).first()
    seen = uploads.columns_of(uploads.path_of(found, "panel")) if found else None
    if found is None or seen is None:
        raise Http404
    told: dict[str, Any] = {"columns": seen.names, "numbers": seen.numbers}
    content: dict[str, Any] = {
        "section": SECTION,
        "programme": found.programme,
        "files": found,
        "seen": seen,
        "last": Job.objects.filter(kind=keeping.KIND, subject=uploads.subject_of(found)).first(),
    }
    if request.method != "POST":
        form = StudyForm(initial={"title": found.programme.name}, **told)
        return page(request, "programmes/study_choices.html", form=form, **content)
    form = StudyForm(request.POST, **told)
    if not form.is_valid() or form.study is None:
        return form_page(request, "programmes/study_choices.html", form=form, **content)
    job = keeping.begin(found, form.study, form.cleaned_data["title"], person_of(request))
    return redirect(job_page.address(job))


@needs("run_programme")
@require_POST
def forget_files(request: AtlasRequest, programme: str, files: str) -> HttpResponse:
    """Delete files that no study was made of."""
    found = StudyFiles.objects.filter(programme__slug=programme, key=files).first()
    if found is None:
        raise Http404
    uploads.forget(found)
    messages.success(request, _("The files are deleted."))
    return redirect(addresses.programme(programme, "effects/manage/"))


@needs("run_programme")
@require_POST
def step(request: AtlasRequest, programme: str, study: int, step: str) -> HttpResponse:
    """Publish a study, take it back, or delete one that is not public."""
    found = _study(programme, study, public=False)
    person = person_of(request)
    if step == "publish":
        keeping.publish(found, person)
        messages.success(request, _("Everybody can read the study now."))
    elif step == "withdraw":
        keeping.withdraw(found, person)
        messages.success(request, _("The study is not public any more."))
    elif step == "delete" and found.published_at is None:
        keeping.delete(found, person)
        messages.success(request, _("The study is deleted."))
    elif step == "delete":
        messages.error(request, _("Take the study back before you delete it."))
    else:
        raise Http404
    return redirect(addresses.programme(programme, "effects/manage/"))


def _table(
    request: AtlasRequest, programme: str, study: int, name: str, title: str
) -> HttpResponse:
    found = _study(programme, study, public=True)
    report = EffectReport.from_dict(found.report)
    make, kind = _RECORDS[name]
    return table_answer(
        request,
        make(report),
        name=f"{programme}-effects-{study}-{name}",
        title=f"{found.title}: {title}",
        source=report.data.source or found.programme.name,
        kind=kind,
        words=_ESTIMATE_WORDS,
    )


_RECORDS: dict[str, tuple[Any, type[Any]]] = {
    "estimates": (tables.estimate_records, tables.EstimateRecord),
    "events": (tables.event_records, tables.EventRecord),
    "checks": (tables.check_records, tables.CheckRecord),
}


@needs("see_programme")
@require_safe
def estimates_table(request: AtlasRequest, programme: str, study: int) -> HttpResponse:
    """Return every estimate of a published study as a table."""
    return _table(request, programme, study, "estimates", "effects")


@needs("see_programme")
@require_safe
def events_table(request: AtlasRequest, programme: str, study: int) -> HttpResponse:
    """Return the event studies of a published study as a table."""
    return _table(request, programme, study, "events", "years before and after the start")


@needs("see_programme")
@require_safe
def checks_table(request: AtlasRequest, programme: str, study: int) -> HttpResponse:
    """Return the checks of a published study as a table."""
    return _table(request, programme, study, "checks", "checks of the design")


@needs("see_programme")
@require_safe
def report_json(request: AtlasRequest, programme: str, study: int) -> HttpResponse:
    """Return the whole report of a published study, as the command line writes it."""
    found = _study(programme, study, public=True)
    answer = HttpResponse(
        json.dumps(found.report, ensure_ascii=False, indent=2), content_type="application/json"
    )
    name = f"cluster-atlas-{programme}-effects-{study}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
