"""Pages of those who apply: choose a call, write, hand in, take back."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.meetings.contacts import edited_by
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.programmes import addresses
from clusteratlas.portal.programmes.applicants import applying, screen_words
from clusteratlas.portal.programmes.applicants.application_forms import (
    ApplicationForm,
    BeginForm,
    PiecesForm,
)
from clusteratlas.portal.programmes.applicants.screened import (
    asked_of,
    document_of,
    pieces_of,
    site_criteria,
)
from clusteratlas.portal.programmes.applicants.screened_sheet import criteria_sheet
from clusteratlas.portal.programmes.models import Application
from clusteratlas.portal.programmes.register.programme_page import found_programme
from clusteratlas.portal.rights import needs
from clusteratlas.programmes.readiness import Piece

SECTION = "programmes"


@needs("have_account")
@require_http_methods(["GET", "POST"])
def apply_page(request: AtlasRequest, programme: str) -> HttpResponse:
    """Choose for which organisation to apply, and to which call."""
    person = cast(User, request.user)
    row = found_programme(programme)
    if not row.is_public:
        raise Http404
    own = edited_by(person)
    if not own and request.method == "POST":
        raise PermissionDenied
    calls = applying.open_calls(row)
    form = BeginForm(own, [(each.key, each.name) for each in calls], request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        organisation = next(each for each in own if each.slug == given["organisation"])
        made = applying.begin(row, given["call"], organisation, person)
        return redirect(addresses.application(made.pk))
    there = Application.objects.filter(programme=row, organisation__in=own)
    show = form_page if form.errors else page
    return show(
        request,
        "programmes/apply.html",
        section=SECTION,
        programme=row,
        form=form if own and calls else None,
        calls=calls,
        edits=bool(own),
        there=there.select_related("organisation"),
        back=addresses.programme(row.slug),
    )


@needs("apply")
@require_http_methods(["GET", "POST"])
def application_page(request: AtlasRequest, application: int) -> HttpResponse:
    """Write an application, and see how the criteria stand."""
    found = _found(application)
    if request.method == "POST":
        if found.state not in applying.WRITABLE:
            messages.error(request, _("It is handed in: take it back to change it."))
            return redirect(addresses.application(found.pk))
        return _kept(request, found)
    kinds = screen_words.kinds_of(site_criteria())
    return _shown(request, found, _form(found, kinds), _rows(found, kinds))


def _kept(request: AtlasRequest, found: Application) -> HttpResponse:
    person = cast(User, request.user)
    kinds = screen_words.kinds_of(site_criteria())
    form = ApplicationForm(kinds, request.POST)
    rows = PiecesForm(request.POST, prefix="piece", kinds=kinds)
    if not (form.is_valid() & rows.is_valid()):
        return _shown(request, found, form, rows)
    none = [Piece(kind=kind, none=True) for kind in form.cleaned_data["none_of"]]
    shown = {each.kind for each in rows.pieces}
    both = [each.kind for each in none if each.kind in shown]
    if both:
        told = _("Something of this kind is attached: %(kind)s.")
        form.add_error("none_of", told % {"kind": dict(kinds)[both[0]]})
        return _shown(request, found, form, rows)
    applying.keep(
        found,
        person,
        title=form.cleaned_data["title"],
        pieces=(*rows.pieces, *none),
        asked=form.money,
    )
    if "hand_in" in request.POST:
        try:
            applying.hand_in(found, person)
        except applying.NotNow as error:
            form.add_error(None, error.fault.problem)
            return _shown(request, found, form, rows)
        messages.success(request, _("The application is handed in."))
    else:
        messages.success(request, _("What you wrote is kept. Nobody else sees it yet."))
    return redirect(addresses.application(found.pk))


@needs("apply")
@require_POST
def take_back(request: AtlasRequest, application: int) -> HttpResponse:
    """Take an application back."""
    found = _found(application)
    try:
        applying.take_back(found, cast(User, request.user))
        messages.success(request, _("The application is taken back."))
    except applying.NotNow as error:
        messages.error(request, error.fault.problem)
    return redirect(addresses.application(found.pk))


def _found(key: int) -> Application:
    return Application.objects.select_related("programme", "organisation").get(pk=key)


def _form(found: Application, kinds: list[tuple[str, str]]) -> ApplicationForm:
    money = next(iter(asked_of(found)), None)
    return ApplicationForm(
        kinds,
        initial={
            "title": found.title,
            "amount": screen_words.in_field(money.amount) if money is not None else "",
            "currency": money.currency if money is not None else _currency(found),
            "none_of": [each.kind for each in pieces_of(found) if each.none],
        },
    )


def _currency(found: Application) -> str:
    """The currency in which the programme states its own money; empty where it states none."""
    document = found.programme.document
    given = [*document.money, *(each for call in document.calls for each in call.money)]
    held = {each.currency for each in given}
    return held.pop() if len(held) == 1 else ""


def _rows(found: Application, kinds: list[tuple[str, str]]) -> PiecesForm:
    """The pieces attached; for a new application what the profile shows, its kind to be said."""
    names = ("kind", "title", "address", "on")
    given = [
        {name: getattr(each, name) for name in names} for each in pieces_of(found) if not each.none
    ]
    if not given and not found.evidence and not found.title:
        given = [
            {"kind": "", "title": each.title, "address": each.address, "on": each.on}
            for each in found.organisation.profile.evidence
        ]
    return PiecesForm(initial=given, prefix="piece", kinds=kinds)


def _shown(
    request: AtlasRequest, found: Application, form: ApplicationForm, rows: PiecesForm
) -> HttpResponse:
    document = document_of(found, request.release)
    bad = bool(form.errors) or (rows.is_bound and not rows.is_valid())
    show = form_page if bad else page
    call = next((each for each in found.programme.document.calls if each.key == found.call), None)
    return show(
        request,
        "programmes/application.html",
        section=SECTION,
        application=found,
        programme=found.programme,
        call=call,
        open=call is not None and applying.is_open(call),
        writable=found.state in applying.WRITABLE,
        form=form,
        rows=rows,
        asked=screen_words.money_of(document),
        said=screen_words.said_of(document),
        base=screen_words.base_of(document),
        sheet=criteria_sheet(document),
        here=addresses.application(found.pk),
    )
