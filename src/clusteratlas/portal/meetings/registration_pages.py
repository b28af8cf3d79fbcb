"""Pages of those who come: register, who comes and when, whom each wants to meet."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.language import active
from clusteratlas.portal.meetings import addresses, contacts, event_words, registering, suggested
from clusteratlas.portal.meetings.event_pages import SECTION, event_named
from clusteratlas.portal.meetings.feeds import key_of, new_nonce
from clusteratlas.portal.meetings.models import Attendee, Preference, Registration
from clusteratlas.portal.meetings.planned import shown_plan
from clusteratlas.portal.meetings.registration_forms import PersonForm, RegisterForm
from clusteratlas.portal.meetings.slots import read_slots
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.rights import needs
from clusteratlas.portal.roles import InsideRole

State = Registration.State


@dataclass(frozen=True, slots=True)
class WishRow:
    """Somebody whom one can meet, and what is known of it."""

    attendee: Attendee
    organisation: Organisation
    score: int | None
    asks: bool
    rank: int | None
    why: list[str]

    @property
    def waits(self) -> bool:
        """Whether the other one wants a meeting and waits for an answer."""
        return self.asks and self.score is None


@needs("have_account")
@require_http_methods(["GET", "POST"])
def register_page(request: AtlasRequest, event: str) -> HttpResponse:
    """Register one's organisation for an event."""
    person = cast(User, request.user)
    found = event_named(event)
    if not found.is_public:
        raise Http404
    own = contacts.edited_by(person)
    there = {
        each.organisation_id: each
        for each in found.registrations.filter(organisation__in=own).exclude(state=State.WITHDRAWN)
    }
    left = [each for each in own if each.pk not in there]
    if there and not left and request.method == "GET":
        return redirect(addresses.registration(next(iter(there.values())).pk))
    if not left and request.method == "POST":
        raise PermissionDenied
    form = RegisterForm(
        left, request.POST or None, initial={"name": person.name, "mail": person.email}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        organisation = next(each for each in left if each.slug == given["organisation"])
        try:
            made = registering.register(
                found, organisation, person, message=given["message"], listed=given["listed"]
            )
            _bring(made, person, given)
        except contacts.NotNow as error:
            form.add_error(None, error.fault.problem)
        else:
            messages.success(request, _("Your organisation is registered."))
            return redirect(addresses.registration(made.pk))
    show = form_page if form.errors else page
    return show(
        request,
        "meetings/register.html",
        section=SECTION,
        event=found,
        form=form if left else None,
        days=event_words.days_of(found),
        stage=event_words.stage_of(found),
        rule=event_words.rule_words(found.rule),
        back=addresses.event(event),
    )


def _bring(registration: Registration, person: User, given: dict[str, Any]) -> None:
    kept = {name: given[name] for name in ("name", "mail", "role", "public")}
    registering.bring(registration, person, language=active(), **kept)


@needs("attend")
@require_GET
def registration_page(request: AtlasRequest, registration: int) -> HttpResponse:
    """Show what was decided and why, who comes, when they can, and their agendas."""
    return _shown(request, _found(registration), PersonForm())


def _edits(request: AtlasRequest, registration: Registration) -> bool:
    """Whether who asks acts for the organisation; who only comes for it, acts for themselves."""
    inside = cast(User, request.user).role_within((registration.organisation_id,))
    return inside >= InsideRole.EDITOR


def _for_the_organisation(request: AtlasRequest, key: int) -> Registration:
    found = _found(key)
    if not _edits(request, found):
        raise PermissionDenied
    return found


def _found(key: int) -> Registration:
    return Registration.objects.select_related("event__organisation", "organisation").get(pk=key)


def _shown(request: AtlasRequest, found: Registration, form: PersonForm) -> HttpResponse:
    slots = list(read_slots(found.event.slots, found.event.time_zone))
    edits = _edits(request, found)
    coming = found.attendees.filter(cancelled_at=None)
    people = [
        {
            "attendee": each,
            "agenda": addresses.agenda(key_of(each)),
            "wishes": addresses.registration(found.pk, f"wishes/{each.pk}/"),
            "wished": each.preferences.filter(score__gt=0).count(),
            "days": [
                (day, [(slot, slot.id not in each.unavailable) for slot in on_day])
                for day, on_day in _by_day(slots)
            ],
        }
        for each in (coming if edits else coming.filter(user=cast(User, request.user)))
    ]
    show = form_page if form.errors else page
    return show(
        request,
        "meetings/registration.html",
        section=SECTION,
        registration=found,
        event=found.event,
        state=State(found.told).label,
        selected=found.told == State.SELECTED,
        checks=event_words.check_words(found.checks) if found.told != State.APPLIED else [],
        people=people,
        edits=edits,
        full=len(people) >= registering.MOST_PEOPLE,
        form=form,
        plan=shown_plan(found.event),
        here=addresses.registration(found.pk),
    )


def _by_day(slots: list[Any]) -> list[tuple[str, list[Any]]]:
    meetings = [each for each in slots if not each.is_break]
    return [
        (day, list(on_day)) for day, on_day in groupby(meetings, lambda s: f"{s.start:%Y-%m-%d}")
    ]


@needs("attend")
@require_POST
def add_person(request: AtlasRequest, registration: int) -> HttpResponse:
    """Bring one more person."""
    found = _for_the_organisation(request, registration)
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            _bring(found, cast(User, request.user), form.cleaned_data)
        except contacts.NotNow as error:
            form.add_error(None, error.fault.problem)
        else:
            return redirect(addresses.registration(registration))
    return _shown(request, found, form)


def _person(request: AtlasRequest, registration: Registration, key: int) -> Attendee:
    found = registration.attendees.filter(pk=key, cancelled_at=None).first()
    if found is None:
        raise Http404
    if found.user_id != request.user.pk and not _edits(request, registration):
        raise PermissionDenied
    return found


@needs("attend")
@require_POST
def change_person(
    request: AtlasRequest, registration: int, person: int, change: str
) -> HttpResponse:
    """Say when somebody can meet, that they do not come, or make their address a new one."""
    found = _found(registration)
    attendee, who = _person(request, found, person), cast(User, request.user)
    match change:
        case "times":
            registering.set_availability(attendee, request.POST.getlist("free"), who)
            messages.success(request, _("The times are kept."))
        case "cancel":
            registering.cancel(attendee, who)
            messages.success(request, _("The person comes no more."))
            if not _edits(request, found):  # the page is not theirs any more
                return redirect(addresses.own_events())
        case "renew":
            Attendee.objects.filter(pk=attendee.pk).update(nonce=new_nonce())
            messages.success(request, _("The agenda has a new address; the old one is void."))
        case _:
            raise Http404
    return redirect(addresses.registration(registration))


@needs("attend")
@require_POST
def withdraw(request: AtlasRequest, registration: int) -> HttpResponse:
    """Take the registration back."""
    found = _for_the_organisation(request, registration)
    try:
        registering.withdraw(found, cast(User, request.user))
    except contacts.NotNow as error:
        messages.error(request, error.fault.problem)
    return redirect(addresses.registration(registration))


@needs("attend")
@require_http_methods(["GET", "POST"])
def wishes_page(request: AtlasRequest, registration: int, person: int) -> HttpResponse:
    """Say whom somebody wants to meet, the ones suggested first."""
    found = _found(registration)
    attendee = _person(request, found, person)
    if found.state != State.SELECTED or found.told != State.SELECTED:
        raise Http404
    others = registering.others_of(attendee)
    if request.method == "POST":
        registering.wish(attendee, _scores(request, others), cast(User, request.user))
        messages.success(request, _("The wishes are kept."))
        return redirect(addresses.registration(registration))
    mine = dict(attendee.preferences.values_list("wished_id", "score"))
    asked = set(
        Preference.objects.filter(wished=attendee, score__gt=0).values_list("wisher_id", flat=True)
    )
    suggestions = suggested.suggestions_of(request.release, found.organisation)
    rows = [
        WishRow(
            each,
            each.registration.organisation,
            mine.get(each.pk),
            each.pk in asked,
            *_suggestion(suggestions.get(each.registration.organisation.slug)),
        )
        for each in others
    ]
    last = len(suggestions) + 1
    rows.sort(key=lambda row: (not row.waits, row.rank or last))
    return page(
        request,
        "meetings/wishes.html",
        section=SECTION,
        registration=found,
        event=found.event,
        attendee=attendee,
        rows=rows,
        scores=[
            ("3", _("very much")),
            ("2", _("gladly")),
            ("1", _("perhaps")),
            ("0", _("no")),
            ("", _("no answer")),
        ],
        waiting=sum(row.waits for row in rows),
        back=addresses.registration(registration),
    )


def _suggestion(found: dict[str, Any] | None) -> tuple[int | None, list[str]]:
    """The rank, and the strongest reason that is not one's own strength: it is in every row."""
    if found is None:
        return None, []
    reasons = [each for each in found["why"] if not each["code"].startswith("strength")]
    return found["rank"], suggested.reasons_of({"why": reasons or found["why"]}, "why")[:1]


def _scores(request: AtlasRequest, others: list[Attendee]) -> dict[int, int | None]:
    """The scores that were sent; what is not one of the answers changes nothing."""
    found: dict[int, int | None] = {}
    for each in others:
        given = request.POST.get(f"score-{each.pk}")
        if given == "":
            found[each.pk] = None
        elif given in ("0", "1", "2", "3"):
            found[each.pk] = int(given)
    return found
