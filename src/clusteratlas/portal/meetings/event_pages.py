"""Pages of events: all of them, one of them, mine, and the form that makes one."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.meetings import addresses, contacts, event_words
from clusteratlas.portal.meetings.event_forms import BlockForms, EventForm, blocks_of, initial_of
from clusteratlas.portal.meetings.event_keeping import keep_event, read_block, set_state
from clusteratlas.portal.meetings.feeds import key_of
from clusteratlas.portal.meetings.models import Attendee, MatchmakingEvent, Plan, Registration
from clusteratlas.portal.meetings.planned import shown_plan
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.rights import Named, holds, needs, site_role
from clusteratlas.portal.roles import SiteRole
from clusteratlas.tables import InvalidInput

SECTION = "organisations"
State = MatchmakingEvent.State


@needs("read")
@require_GET
def events_page(request: AtlasRequest) -> HttpResponse:
    """List the events that are announced; what is over last."""
    not_kept(request)
    found = [
        each
        for each in MatchmakingEvent.objects.exclude(state=State.DRAFT).select_related(
            "organisation"
        )
        if each.slots
    ]
    coming = [each for each in found if not event_words.is_past(each)]
    coming.sort(key=lambda each: (each.slots[0]["start"], each.pk))
    past = [each for each in found if event_words.is_past(each)]
    past.sort(key=lambda each: (each.slots[0]["start"], each.pk), reverse=True)
    return page(
        request,
        "meetings/events.html",
        section=SECTION,
        coming=[_row(each) for each in coming],
        past=[_row(each) for each in past],
    )


def _row(event: MatchmakingEvent) -> dict[str, Any]:
    return {
        "event": event,
        "href": addresses.event(event.slug),
        "days": event_words.days_of(event),
        "stage": event_words.stage_of(event),
    }


def not_kept(request: AtlasRequest) -> bool:
    """Look at who asks, so that the page is kept for nobody: what it says changes with the time."""
    return bool(request.user.is_authenticated)


@needs("see_event")
@require_GET
def event_page(request: AtlasRequest, event: str) -> HttpResponse:
    """Show an event: what, when, where, who comes, how places are given."""
    found = event_named(event)
    person = request.user
    own: list[Registration] = []
    if not_kept(request):
        user = cast(User, person)
        mine = {each.pk for each in contacts.edited_by(user)}
        own = list(found.registrations.filter(organisation_id__in=mine))
    plan = shown_plan(found)
    told = Registration.State.SELECTED  # nobody reads here what they have not been told
    selected = found.registrations.filter(state=told, told=told)
    coming = selected.filter(listed=True)
    return page(
        request,
        "meetings/event.html",
        section=SECTION,
        event=found,
        days=event_words.days_of(found),
        stage=event_words.stage_of(found),
        rule=event_words.rule_words(found.rule),
        moments=[
            (_("Registration opens"), event_words.moment(found, found.opens_at)),
            (_("First cut-off"), event_words.moment(found, found.first_cutoff)),
            (_("Second cut-off"), event_words.moment(found, found.second_cutoff)),
        ],
        meeting_slots=sum(not each["is_break"] for each in found.slots),
        coming=[
            each.organisation
            for each in coming.select_related("organisation")
            if each.organisation.is_public
        ],
        selected=selected.count(),
        own=own,
        plan=plan,
        is_final=plan is not None and plan.state == Plan.State.FINAL,
        organises=organises(request, found),
        here=addresses.event(found.slug),
    )


def event_named(slug: str) -> MatchmakingEvent:
    """Return the event of an address; the gate has seen that it is there."""
    return MatchmakingEvent.objects.select_related("organisation").get(slug=slug)


def organises(request: AtlasRequest, event: MatchmakingEvent) -> bool:
    """Whether who asks runs the event."""
    inside = (event.organisation_id,) if event.organisation_id else ()
    return holds(request.user, "organise", Named(inside), reading=False)


@needs("have_account")
@require_GET
def own_events_page(request: AtlasRequest) -> HttpResponse:
    """List one's registrations, one's agendas and the events that one runs."""
    person = cast(User, request.user)
    own = [each.pk for each in contacts.edited_by(person)]
    registrations = Registration.objects.filter(organisation_id__in=own).select_related(
        "event", "organisation"
    )
    attending = Attendee.objects.filter(user=person, cancelled_at=None).select_related(
        "registration__event", "registration__organisation"
    )
    runs = MatchmakingEvent.objects.filter(organisation_id__in=own)
    if site_role(person) >= SiteRole.MODERATOR:
        runs = MatchmakingEvent.objects.all()
    return page(
        request,
        "meetings/own_events.html",
        section=SECTION,
        registrations=[
            (each, addresses.registration(each.pk), event_words.days_of(each.event))
            for each in registrations
        ],
        agendas=[
            (each, addresses.agenda(key_of(each)), event_words.days_of(each.registration.event))
            for each in attending
        ],
        runs=[
            (each, addresses.event(each.slug, "organise/"), event_words.days_of(each))
            for each in runs
        ],
        may_organise=bool(own) or site_role(person) >= SiteRole.MODERATOR,
    )


@needs("have_account")
@require_http_methods(["GET", "POST"])
def new_event(request: AtlasRequest) -> HttpResponse:
    """Make an event in the name of one's organisation, or of the moderators."""
    person = cast(User, request.user)
    if not contacts.asks_for(person) and site_role(person) < SiteRole.MODERATOR:
        raise PermissionDenied
    return _edited(request, None)


@needs("organise")
@require_http_methods(["GET", "POST"])
def edit_event(request: AtlasRequest, event: str) -> HttpResponse:
    """Change an event."""
    return _edited(request, event_named(event))


def _edited(request: AtlasRequest, event: MatchmakingEvent | None) -> HttpResponse:
    person = cast(User, request.user)
    own = contacts.asks_for(person)
    if event and event.organisation and event.organisation not in own:
        own = [*own, event.organisation]
    alone = site_role(person) >= SiteRole.MODERATOR
    initial = initial_of(event) if event else {"time_zone": "UTC"}
    rows = (
        [
            {
                "day": block.day,
                "start": block.start,
                "end": block.end,
                "kind": "break" if block.is_break else "meetings",
            }
            for block in map(read_block, event.blocks)
        ]
        if event
        else []
    )
    form = EventForm(own, request.POST or None, initial=initial, alone=alone)
    sent = request.method == "POST"
    blocks = BlockForms(
        request.POST if sent else None, initial=None if sent else rows, prefix="blocks"
    )
    if request.method == "POST" and form.is_valid() and blocks.is_valid():
        given = form.cleaned_data
        chosen = next((each for each in own if each.slug == given["organisation"]), None)
        try:
            kept = keep_event(
                event, given, blocks_of(blocks), form.rule, organisation=chosen, person=person
            )
        except InvalidInput as error:
            for fault in error.faults:
                _beside(form, blocks, fault.row, fault.column, f"{fault.problem} {fault.value}")
        except contacts.NotNow as error:
            form.add_error(None, error.fault.problem)
        else:
            messages.success(request, _("The event is kept."))
            return redirect(addresses.event(kept.slug, "organise/"))
    faulty = request.method == "POST"
    show = form_page if faulty else page
    return show(
        request,
        "meetings/event_edit.html",
        section=SECTION,
        event=event,
        form=form,
        blocks=blocks,
        faults=_block_faults(blocks) if faulty else [],
        back=addresses.event(event.slug, "organise/") if event else addresses.own_events(),
    )


def _beside(form: EventForm, blocks: Any, row: int | None, column: str, said: str) -> None:
    """Put a fault beside the field that it is about."""
    given = [each for each in blocks if each.has_changed()]
    if row is not None and row <= len(given):
        given[row - 1].add_error(column or None, said.strip())
    else:
        form.add_error(column if column in form.fields else None, said.strip())


def _block_faults(blocks: Any) -> list[tuple[str, str]]:
    """The faults of all rows, with the fields that they are about."""
    found = [("", str(each)) for each in blocks.non_form_errors()]
    for number, row in enumerate(blocks, 1):
        for name, faults in row.errors.items():
            field = row[name].id_for_label if name in row.fields else row["day"].id_for_label
            found += [
                (field, _("Row %(row)s: %(fault)s") % {"row": number, "fault": each})
                for each in faults
            ]
    return found


@needs("organise")
@require_POST
def change_state(request: AtlasRequest, event: str, to: str) -> HttpResponse:
    """Announce an event, or call it off."""
    if to not in ("announced", "cancelled"):
        raise Http404
    found = event_named(event)
    try:
        set_state(found, to, cast(User, request.user))
    except contacts.NotNow as error:
        messages.error(request, error.fault.problem)
    return redirect(addresses.event(event, "organise/"))
