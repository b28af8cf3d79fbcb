"""The organiser's pages: where the event stands, who applied, who wants to meet whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from clusteratlas.matching.timetable import mutual_score
from clusteratlas.portal import export
from clusteratlas.portal.accounts import audit
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.meetings import addresses, choosing, contacts, event_words
from clusteratlas.portal.meetings.event_pages import SECTION, event_named
from clusteratlas.portal.meetings.models import (
    Attendee,
    MatchmakingEvent,
    Pair,
    Preference,
    Registration,
)
from clusteratlas.portal.meetings.planned import (
    attendees_of,
    draft_plan,
    shown_plan,
    timetable_input,
    wished_by_person,
)
from clusteratlas.portal.meetings.slots import read_slots
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.rights import needs

State = Registration.State


@needs("organise")
@require_GET
def organise_page(request: AtlasRequest, event: str) -> HttpResponse:
    """Show where an event stands and what is next."""
    found = event_named(event)
    people = attendees_of(found)
    by_state = Counter(found.registrations.values_list("state", flat=True))
    wishes = _wish_counts(found)
    draft, shown = draft_plan(found), shown_plan(found)
    untold = sum(
        each.told != each.state for each in found.registrations.filter(state__in=choosing.DECIDED)
    )
    return page(
        request,
        "meetings/organise.html",
        section=SECTION,
        event=found,
        days=event_words.days_of(found),
        stage=event_words.stage_of(found),
        here=addresses.event(event),
        states=[(State(name).label, by_state[name]) for name in State.values],
        applicants=sum(by_state.values()) - by_state[State.WITHDRAWN],
        undecided=by_state[State.APPLIED],
        selected=by_state[State.SELECTED],
        untold=untold,
        people=len(people),
        wishes=wishes,
        silent=len(
            {each.pk for each in people}
            - set(Preference.objects.filter(wisher__in=people).values_list("wisher_id", flat=True))
        ),
        draft=draft,
        shown=shown,
        slots=sum(not each["is_break"] for each in found.slots),
        seats=_seats(found),
    )


def _seats(event: MatchmakingEvent) -> int:
    """Meetings that tables and slots leave room for."""
    slots = [each["id"] for each in event.slots if not each["is_break"]]
    return sum(slot not in table["unavailable"] for table in event.tables for slot in slots)


@dataclass(frozen=True, slots=True)
class WishCounts:
    """Wishes of an event: pairs in which both want to meet, one does, or one refuses."""

    mutual: int
    one_sided: int
    refused: int
    possible: int


def _wish_counts(event: MatchmakingEvent) -> WishCounts:
    asked = timetable_input(event)
    counts: Counter[str] = Counter()
    for each in asked.wishes:
        scores = (each.score_ab, each.score_ba)
        if 0 in scores:
            counts["refused"] += 1
        elif None in scores:
            counts["one_sided"] += 1
        else:
            counts["mutual"] += 1
    possible = sum(
        mutual_score(each, consent=asked.consent, unanswered=asked.unanswered) is not None
        for each in asked.wishes
    )
    return WishCounts(counts["mutual"], counts["one_sided"], counts["refused"], possible)


@needs("organise")
@require_GET
def applicants_page(request: AtlasRequest, event: str) -> HttpResponse:
    """List the applicants with what the rule saw and what was decided."""
    return _applicants(request, event_named(event))


def _applicants(
    request: AtlasRequest, event: MatchmakingEvent, bad: tuple[int, str] | None = None
) -> HttpResponse:
    rows = [
        (
            each,
            event_words.check_words(each.checks),
            [person for person in each.attendees.all() if person.cancelled_at is None],
            event_words.moment(event, each.applied_at),
        )
        for each in event.registrations.select_related("organisation").prefetch_related("attendees")
    ]
    order = (State.SELECTED, State.APPLIED, State.RESERVE, State.REJECTED, State.WITHDRAWN)
    rows.sort(key=lambda row: (order.index(State(row[0].state)), row[0].rank or 10**6, row[0].pk))
    show = form_page if bad else page
    return show(
        request,
        "meetings/applicants.html",
        section=SECTION,
        event=event,
        here=addresses.event(event.slug),
        rows=rows,
        rule=event_words.rule_words(event.rule),
        decisions=[(each.value, each.label) for each in choosing.DECIDED],
        untold=sum(row[0].told != row[0].state for row in rows if row[0].state in choosing.DECIDED),
        tied=[row[0] for row in rows if row[0].state == State.APPLIED and row[0].tied],
        bad=bad,
    )


@needs("organise")
@require_POST
def apply_rule(request: AtlasRequest, event: str) -> HttpResponse:
    """Let the rule decide."""
    count = choosing.apply_rule(event_named(event), request.release, cast(User, request.user))
    messages.success(
        request,
        _("The rule has looked at %(count)s registrations; nobody has been told yet.")
        % {"count": count},
    )
    return redirect(addresses.event(event, "applicants/"))


@needs("organise")
@require_POST
def tell_applicants(request: AtlasRequest, event: str) -> HttpResponse:
    """Tell applicants what was decided."""
    count = choosing.tell(event_named(event), request.build_absolute_uri, cast(User, request.user))
    messages.success(request, _("Told: %(count)s.") % {"count": count})
    return redirect(addresses.event(event, "applicants/"))


@needs("organise")
@require_POST
def decide(request: AtlasRequest, event: str, applicant: int) -> HttpResponse:
    """Decide about one applicant by hand."""
    found = event_named(event)
    chosen = found.registrations.filter(pk=applicant).first()
    if chosen is None:
        raise Http404
    reason = request.POST.get("reason", "").strip()
    if len(reason) > 1_000 or not reason.isprintable():
        return _applicants(request, found, (applicant, _("The reason cannot be read.")))
    try:
        choosing.decide(chosen, request.POST.get("to", ""), reason, cast(User, request.user))
    except contacts.NotNow as error:
        return _applicants(request, found, (applicant, error.fault.problem))
    return redirect(addresses.event(event, "applicants/"))


class PairForm(forms.Form):
    """A meeting that is fixed beforehand, or must not be."""

    a = forms.ChoiceField(label=gettext_lazy("One of the two"))
    b = forms.ChoiceField(label=gettext_lazy("The other one"))
    what = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[
            ("fixed", gettext_lazy("They meet for certain")),
            ("forbidden", gettext_lazy("They must not meet")),
        ],
    )
    slot = forms.ChoiceField(label=gettext_lazy("When"), required=False)
    table = forms.ChoiceField(label=gettext_lazy("Meeting table"), required=False)

    def __init__(
        self, event: MatchmakingEvent, people: list[Attendee], *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.people = {str(each.pk): each for each in people}
        named = [
            (key, f"{each.name}, {each.registration.organisation.name}")
            for key, each in self.people.items()
        ]
        slots = [
            (each.id, f"{each.start:%Y-%m-%d %H:%M}")
            for each in read_slots(event.slots, event.time_zone)
            if not each.is_break
        ]
        tables = [(each["id"], each["name"]) for each in event.tables]
        anywhere = [("", str(_("any")))]
        choices = {"a": named, "b": named, "slot": anywhere + slots, "table": anywhere + tables}
        for name, given in choices.items():
            cast(forms.ChoiceField, self.fields[name]).choices = given

    def clean(self) -> dict[str, Any]:
        """Refuse pairs that cannot be, and meetings that one of them has not agreed to."""
        given: dict[str, Any] = super().clean() or {}
        a, b = self.people.get(given.get("a", "")), self.people.get(given.get("b", ""))
        if a and b and a.registration_id == b.registration_id:
            self.add_error("b", _("These two come for the same organisation."))
        return given


@needs("organise")
@require_GET
def wishes_page(request: AtlasRequest, event: str) -> HttpResponse:
    """Show who wishes how much, and the pairs that are fixed or forbidden."""
    found = event_named(event)
    return _wishes(request, found, PairForm(found, attendees_of(found)))


def _wishes(request: AtlasRequest, event: MatchmakingEvent, form: PairForm) -> HttpResponse:
    people = attendees_of(event)
    asked = timetable_input(event)
    possible: Counter[str] = Counter()
    for each in asked.wishes:
        if mutual_score(each, consent=asked.consent, unanswered=asked.unanswered) is not None:
            possible.update((each.a, each.b))
    wishing, wished = wished_by_person(event)
    rows = [
        (
            each,
            wishing[each.pk],
            wished[each.pk],
            possible[str(each.pk)],
            len(each.unavailable),
        )
        for each in people
    ]
    show = form_page if form.errors else page
    return show(
        request,
        "meetings/event_wishes.html",
        section=SECTION,
        event=event,
        here=addresses.event(event.slug),
        rows=rows,
        short=[row for row in rows if row[3] < event.guarantee],
        pairs=Pair.objects.filter(event=event).select_related(
            "a__registration__organisation", "b__registration__organisation"
        ),
        slots={
            each.id: f"{each.start:%Y-%m-%d %H:%M}"
            for each in read_slots(event.slots, event.time_zone)
        },
        form=form,
        counts=_wish_counts(event),
    )


@needs("organise")
@require_POST
def add_pair(request: AtlasRequest, event: str) -> HttpResponse:
    """Fix or forbid a meeting. A fixed one needs the consent that the event asks for."""
    found = event_named(event)
    form = PairForm(found, attendees_of(found), request.POST)
    if form.is_valid():
        given = form.cleaned_data
        a, b = sorted((int(given["a"]), int(given["b"])))
        if given["what"] == "fixed" and not _consent(found, a, b):
            form.add_error(None, _("They have not agreed to meet, so the meeting cannot be fixed."))
        else:
            try:
                with transaction.atomic():
                    Pair.objects.create(
                        event=found,
                        a_id=a,
                        b_id=b,
                        forbidden=given["what"] == "forbidden",
                        slot=given["slot"] if given["what"] == "fixed" else "",
                        table=given["table"] if given["what"] == "fixed" else "",
                    )
                    audit.note(cast(User, request.user), "event.pair", f"event:{event}")
            except IntegrityError:
                form.add_error(None, _("There is a rule for this pair already."))
    if form.errors:
        return _wishes(request, found, form)
    return redirect(addresses.event(event, "wishes/"))


def _consent(event: MatchmakingEvent, a: int, b: int) -> bool:
    asked = timetable_input(event)
    pair = tuple(sorted((str(a), str(b))))
    return any(
        mutual_score(each, consent=asked.consent, unanswered=asked.unanswered) is not None
        for each in asked.wishes
        if tuple(sorted((each.a, each.b))) == pair
    )


@needs("organise")
@require_POST
def remove_pair(request: AtlasRequest, event: str, pair: int) -> HttpResponse:
    """Take a fixed or forbidden meeting back."""
    found = event_named(event)
    gone, _kinds = Pair.objects.filter(event=found, pk=pair).delete()
    if not gone:
        raise Http404
    audit.note(cast(User, request.user), "event.unpair", f"event:{event}")
    return redirect(addresses.event(event, "wishes/"))


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who registered, for the organiser's list."""

    organisation: str
    country: str
    state: str
    rank: int | None
    name: str
    role: str
    mail: str
    listed: bool
    public: bool
    wishes: int
    wished_by: int


@needs("organise")
@require_GET
def people_table(request: AtlasRequest, event: str) -> HttpResponse:
    """Answer with everybody who registered, as a table for the organiser."""
    found = event_named(event)
    audit.note(cast(User, request.user), "event.export", f"event:{event}")
    wishing, wished = wished_by_person(found)
    rows = [
        PersonRow(
            each.registration.organisation.name,
            (each.registration.organisation.published or {}).get("country", ""),
            each.registration.state,
            each.registration.rank,
            each.name,
            each.role,
            each.mail,
            each.registration.listed,
            each.public,
            wishing[each.pk],
            wished[each.pk],
        )
        for each in Attendee.objects.filter(
            registration__event=found, cancelled_at=None
        ).select_related("registration__organisation")
    ]
    return export.table_answer(
        request,
        rows,
        name=f"event-{event}-people",
        title=_("%(title)s: people") % {"title": found.title},
        source="Cluster Atlas: registrations of the event",
        kind=PersonRow,
        words=PERSON_COLUMNS,
    )


PERSON_COLUMNS = {
    "organisation": "name of the organisation",
    "country": "its country, ISO 3166-1",
    "state": "what was decided",
    "rank": "place by the rule of selection",
    "name": "name of the person",
    "role": "role of the person",
    "mail": "mail address of the person",
    "listed": "whether the organisation may be named in public",
    "public": "whether the person may be named in public",
    "wishes": "people whom the person wants to meet",
    "wished_by": "people who want to meet the person",
}
