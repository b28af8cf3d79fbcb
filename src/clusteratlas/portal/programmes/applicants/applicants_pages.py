"""Pages of those who run a programme: who applies, one applicant, the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from clusteratlas.portal import figures
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.export import table_answer
from clusteratlas.portal.meetings.letters import editors_of
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.applicants import applying, screen_words
from clusteratlas.portal.programmes.applicants.application_forms import DecideForm
from clusteratlas.portal.programmes.applicants.decision_letters import tell
from clusteratlas.portal.programmes.applicants.screened import (
    asked_of,
    document_of,
    key_of,
    pieces_of,
    screening_of,
)
from clusteratlas.portal.programmes.applicants.screened_sheet import criteria_sheet, pieces_shown
from clusteratlas.portal.programmes.models import Application, Programme
from clusteratlas.portal.programmes.register.programme_page import found_programme
from clusteratlas.portal.rights import needs
from clusteratlas.portal.sheets import Cell, Sheet, SheetColumn, SheetRow
from clusteratlas.programmes.readiness.documents import screened_document

SECTION = "programmes"
Documents = list[tuple[Application, dict[str, Any]]]
"""Applications with their screening."""

SOURCE = "applications to the programme, profiles of the applicants and the measured map"


@dataclass(frozen=True, slots=True)
class ApplicantRow:
    """An applicant; a row of the table to take away."""

    applicant: str
    title: str
    call: str
    state: str
    fictional: bool
    verdict: str
    least: str
    most: str
    score: float
    score_low: float
    score_high: float
    lacks: str
    open: str
    base_cluster: str
    base_region: str
    asked: str
    criteria: str
    on: str


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion of an applicant; a row of the table to take away."""

    applicant: str
    criterion: str
    verdict: str
    value: float | None
    low: float
    high: float | None
    threshold: float
    unit: str
    year: int | None
    status: str
    figures_source: str
    weight: float
    degree: float
    degree_low: float
    degree_high: float
    reason: str


APPLICANT_WORDS = {
    "applicant": "name of the organisation",
    "title": "what the support is for",
    "call": "key of the call",
    "state": "where the application stands",
    "fictional": "whether the organisation is invented",
    "verdict": "ready, nearly_ready, not_ready, cannot_be_told",
    "least": "the verdict if nothing that is open is met",
    "most": "the verdict if all that is open is met",
    "score": "degrees of the criteria weighted, 0-1",
    "score_low": "low end of the score, by what is not known",
    "score_high": "high end of the score, by what is not known",
    "lacks": "criteria that are surely not met",
    "open": "criteria of which it cannot be told",
    "base_cluster": "the claimed cluster that stands for the base",
    "base_region": "its region",
    "asked": "public money asked for",
    "criteria": "name of the criteria",
    "on": "day of the screening",
}
CRITERION_WORDS = {
    "applicant": "name of the organisation",
    "criterion": "name of the criterion",
    "verdict": "met, not_met, cannot_be_told",
    "value": "figure of the applicant",
    "low": "low end of the figure",
    "high": "high end of the figure; empty where nothing bounds it",
    "threshold": "what the criterion asks at least",
    "unit": "unit of figure and threshold",
    "year": "year of the figure",
    "status": "status of the figure",
    "figures_source": "who publishes the figure; empty where the applicant states it",
    "weight": "weight of the criterion",
    "degree": "how far the figure goes towards what counts in full, 0-1",
    "degree_low": "low end of the degree",
    "degree_high": "high end of the degree",
    "reason": "why, as a sentence",
}


def handed_in(programme: Programme) -> list[Application]:
    """Return the applications that those who run a programme see, the open ones first."""
    found = programme.applications.filter(state__in=applying.HANDED).select_related(
        "organisation", "programme"
    )
    order = {applying.State.HANDED_IN: 0, applying.State.FUNDED: 1, applying.State.DECLINED: 2}
    return sorted(found, key=lambda each: (order[applying.State(each.state)], each.pk))


def one_of(programme: str, key: int) -> Application:
    """Return an application of this programme that was handed in; of another one there is none."""
    found = (
        Application.objects.filter(pk=key, programme__slug=programme, state__in=applying.HANDED)
        .select_related("programme", "organisation")
        .first()
    )
    if found is None:
        raise Http404
    return found


@needs("run_programme")
@require_safe
def applicants_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Show who applies, with verdicts."""
    row = found_programme(programme)
    found = _documents(request, handed_in(row))
    waiting = sum(each.state == applying.State.HANDED_IN for each, _document in found)
    told = ngettext(
        "%(waiting)s application waits for a decision.",
        "%(waiting)s applications wait for a decision.",
        waiting,
    ) % {"waiting": figures.whole(waiting)}
    decided = ngettext(
        "%(decided)s is decided.", "%(decided)s are decided.", len(found) - waiting
    ) % {"decided": figures.whole(len(found) - waiting)}
    return page(
        request,
        "programmes/applicants.html",
        section=SECTION,
        programme=row,
        sentence=f"{told} {decided}",
        sheet=_sheet(row, found),
        portfolio=addresses.portfolio(row.slug) if waiting else "",
        csv=addresses.applicant(row.slug, place="table.csv"),
        criteria_csv=addresses.applicant(row.slug, place="criteria.csv"),
        source=_("applications to the programme, profiles of the applicants and the measured map"),
    )


@needs("run_programme")
@require_safe
def applicants_table(request: AtlasRequest, programme: str) -> HttpResponse:
    """Give the applicants as a file."""
    row = found_programme(programme)
    found = _documents(request, handed_in(row))
    return table_answer(
        request,
        [_record(each, document) for each, document in found],
        name=f"applicants-{row.slug}",
        title=_("Applicants of %(name)s") % {"name": row.name},
        source=SOURCE,
        kind=ApplicantRow,
        words=APPLICANT_WORDS,
    )


@needs("run_programme")
@require_safe
def criteria_table(request: AtlasRequest, programme: str) -> HttpResponse:
    """Give every criterion of every applicant as a file."""
    row = found_programme(programme)
    found = _documents(request, handed_in(row))
    rows = [
        CriterionRow(
            document["name"],
            each["criterion"],
            each["verdict"],
            each["value"],
            each["low"],
            each["high"],
            each["threshold"],
            each["unit"],
            each["year"],
            each["status"],
            each["source"],
            each["weight"],
            each["degree"],
            each["degree_low"],
            each["degree_high"],
            screen_words.reason_of(each),
        )
        for _application, document in found
        for each in document["criteria"]
    ]
    return table_answer(
        request,
        rows,
        name=f"criteria-{row.slug}",
        title=_("Criteria of the applicants of %(name)s") % {"name": row.name},
        source=SOURCE,
        kind=CriterionRow,
        words=CRITERION_WORDS,
    )


@needs("run_programme")
@require_safe
def applicant_page(request: AtlasRequest, programme: str, applied: int) -> HttpResponse:
    """Show one applicant: figures, thresholds, evidence, and the decision."""
    return _shown(request, one_of(programme, applied), None)


@needs("run_programme")
@require_POST
def decide(request: AtlasRequest, programme: str, applied: int) -> HttpResponse:
    """Fund or decline an applicant."""
    found = one_of(programme, applied)
    person = cast(User, request.user)
    if not applying.may_decide(person, found):
        raise PermissionDenied
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form)
    given = form.cleaned_data
    try:
        applying.decide(
            found,
            person,
            fund=given["decision"] == "fund",
            reason=given["reason"],
            granted=form.granted,
            screened=document_of(found, request.release),
        )
    except applying.NotNow as error:
        form.add_error(None, error.fault.problem)
        return _shown(request, found, form)
    sent = tell(request, editors_of(found.organisation), found)
    messages.success(request, _("The decision is kept."))
    if not sent:
        messages.warning(request, _("A letter on it could not be sent to everybody."))
    return redirect(addresses.applicant(programme, applied))


@needs("run_programme")
@require_POST
def reopen(request: AtlasRequest, programme: str, applied: int) -> HttpResponse:
    """Take back that an applicant was declined."""
    found = one_of(programme, applied)
    person = cast(User, request.user)
    if not applying.may_decide(person, found):
        raise PermissionDenied
    try:
        applying.reopen(found, person)
        messages.success(request, _("The application waits for a decision again."))
    except applying.NotNow as error:
        messages.error(request, error.fault.problem)
    return redirect(addresses.applicant(programme, applied))


def _documents(request: AtlasRequest, found: list[Application]) -> Documents:
    """Every application with its screening: decided ones as they stood, the others of today."""
    waiting = [each for each in found if each.screened is None]
    screening = screening_of(waiting, request.release)
    of_today = {
        each.applicant.key: screened_document(each, screening) for each in screening.applicants
    }
    return [(each, each.screened or of_today[key_of(each)]) for each in found]


def _sheet(row: Programme, found: Documents) -> Sheet:
    return Sheet(
        "applicants",
        _("Applicants"),
        [
            SheetColumn(_("Organisation"), number=False),
            SheetColumn(_("State"), number=False),
            SheetColumn(_("Readiness"), number=False),
            SheetColumn(_("Score"), _("0 to 1")),
            SheetColumn(_("Lacks"), number=False),
            SheetColumn(_("Open criteria"), number=False),
            SheetColumn(_("Asks for")),
        ],
        [
            SheetRow(
                document["name"],
                [
                    Cell(str(applying.State(each.state).label), number=False),
                    Cell(screen_words.verdict(document["verdict"]), number=False),
                    Cell(
                        screen_words.score(document["score"]),
                        between=_ends(document["score_low"], document["score_high"]),
                    ),
                    Cell(_names(document, "lacks"), number=False),
                    Cell(_names(document, "open"), number=False),
                    Cell(screen_words.money_of(document) or figures.NOTHING),
                ],
                addresses.applicant(row.slug, each.pk),
                pills=[("fictional", _("fictional"))] if document["fictional"] else [],
                lang="und",
            )
            for each, document in found
        ],
        empty=_("Nobody has handed in an application yet."),
    )


def _ends(low: float, high: float) -> str:
    one, other = screen_words.score(low), screen_words.score(high)
    return "" if one == other else f"{one}–{other}"


def _names(document: dict[str, Any], part: str) -> str:
    names = {each["criterion"]: each["name"] for each in document["criteria"]}
    told = [screen_words.name_of(each, names[each]) for each in document[part]]
    return ", ".join(told) or figures.NOTHING


def _record(each: Application, document: dict[str, Any]) -> ApplicantRow:
    base = document["base"]
    return ApplicantRow(
        document["name"],
        each.title,
        each.call,
        each.state,
        document["fictional"],
        document["verdict"],
        document["least"],
        document["most"],
        document["score"],
        document["score_low"],
        document["score_high"],
        "; ".join(document["lacks"]),
        "; ".join(document["open"]),
        base["cluster_name"],
        base["region_name"],
        screen_words.money_of(document),
        document["criteria_name"],
        document["on"],
    )


def _shown(request: AtlasRequest, found: Application, form: DecideForm | None) -> HttpResponse:
    document = document_of(found, request.release)
    person = cast(User, request.user)
    money = next(iter(asked_of(found)), None)
    decides = found.state == applying.State.HANDED_IN and applying.may_decide(person, found)
    blank = DecideForm(
        initial={
            "amount": screen_words.in_field(money.amount) if money is not None else "",
            "currency": money.currency if money is not None else "",
        }
    )
    show = form_page if form is not None and form.errors else page
    return show(
        request,
        "programmes/applicant.html",
        section=SECTION,
        programme=found.programme,
        application=found,
        document=document,
        said=screen_words.said_of(document),
        base=screen_words.base_of(document),
        asked=screen_words.money_of(document),
        sheet=criteria_sheet(document),
        pieces=pieces_shown(document, [each.model_dump(mode="json") for each in pieces_of(found)]),
        form=(form or blank) if decides else None,
        partial=applying.is_partial(person, found),
        reopens=found.state == applying.State.DECLINED and applying.may_decide(person, found),
        decided=f"{found.decided_at:%Y-%m-%d}" if found.decided_at else "",
        csv=addresses.applicant(found.programme.slug, place="criteria.csv"),
        here=addresses.applicant(found.programme.slug, found.pk),
    )
