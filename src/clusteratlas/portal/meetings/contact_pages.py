"""Pages of requests for contact: mine, one of them, a new one, whom I block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clusteratlas.organisations import Contact
from clusteratlas.portal import export, figures
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.meetings import addresses, contacts, letters, outcomes, suggested
from clusteratlas.portal.meetings.contact_forms import FORMS, AskForm, FollowUpForm, StepForm
from clusteratlas.portal.meetings.contact_rules import STEPS, Side, steps_of
from clusteratlas.portal.meetings.models import Block, ContactRequest
from clusteratlas.portal.meetings.step_words import DONE, STEP_WORDS
from clusteratlas.portal.pages.frame import form_page, page
from clusteratlas.portal.registry import names
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.rights import needs

SECTION = "organisations"
State = ContactRequest.State


@dataclass(frozen=True, slots=True)
class Row:
    """A request in a list, as one of the two sides sees it."""

    contact: ContactRequest
    own: Organisation
    other: Organisation
    href: str
    is_turn: bool


@needs("have_account")
@require_GET
def requests_page(request: AtlasRequest) -> HttpResponse:
    """List the requests of one's organisations by what is to be done."""
    contacts.expire_due()
    own = contacts.edited_by(cast(User, request.user))
    chosen = [each for each in own if each.slug == request.GET.get("organisation")] or own
    rows = _rows(chosen)
    groups = (
        (_("Waiting for you"), [row for row in rows if row.is_turn]),
        (
            _("Waiting for the other side"),
            [row for row in rows if row.contact.is_open and not row.is_turn],
        ),
        (_("In contact"), [row for row in rows if row.contact.state == State.ACCEPTED]),
        (
            _("Over"),
            [
                row
                for row in rows
                if not row.contact.is_open and row.contact.state != State.ACCEPTED
            ],
        ),
    )
    return page(
        request,
        "meetings/requests.html",
        section=SECTION,
        own=own,
        chosen=chosen[0] if len(chosen) == 1 and len(own) > 1 else None,
        groups=[(title, found) for title, found in groups if found],
        waiting=len(groups[0][1]),
        choices=[(each.name, addresses.requests(organisation=each.slug)) for each in own],
    )


def _rows(own: list[Organisation]) -> list[Row]:
    found = ContactRequest.objects.select_related("sender", "receiver")
    rows = []
    for each in own:
        for contact in found.filter(receiver=each):
            turn = contact.state == State.OPEN
            rows.append(_row(contact, each, turn))
        for contact in found.filter(sender=each):
            rows.append(_row(contact, each, contact.state == State.ASKED_BACK))
    return sorted(rows, key=lambda row: row.contact.changed_at, reverse=True)


def _row(contact: ContactRequest, own: Organisation, turn: bool) -> Row:
    return Row(contact, own, contact.other(own.pk), addresses.contact(contact.pk), turn)


@needs("have_account")
@require_http_methods(["GET", "POST"])
def ask_page(request: AtlasRequest) -> HttpResponse:
    """Ask an organisation for contact, from its profile or from a partner suggestion."""
    person = cast(User, request.user)
    receiver = Organisation.objects.filter(slug=request.GET.get("to", "")).first()
    if receiver is None or not receiver.is_public:
        raise Http404
    own = [each for each in contacts.asks_for(person) if each.pk != receiver.pk]
    if not own:
        if request.method == "POST":
            raise PermissionDenied
        return page(
            request, "meetings/ask.html", section=SECTION, receiver=receiver, own=own, form=None
        )
    sender = next((each for each in own if each.slug == request.GET.get("sender")), own[0])
    form = AskForm(own, request.POST or None, initial={"sender": sender.slug})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        sender = next(each for each in own if each.slug == given["sender"])
        try:
            made = contacts.ask(
                sender,
                receiver,
                person,
                topic=given["topic"],
                message=given["message"],
                kind=given["kind"],
                shares=given["shares"],
                suggestion=suggested.snapshot(request.release, sender, receiver),
            )
        except contacts.NotNow as error:
            form.add_error(None, error.fault.problem)
        else:
            _tell(request, made, Side.RECEIVER, "asked")
            messages.success(request, _("The request is sent."))
            return redirect(addresses.contact(made.pk))
    show = form_page if form.errors else page
    return show(
        request,
        "meetings/ask.html",
        section=SECTION,
        receiver=receiver,
        own=own,
        form=form,
        **_why(suggested.snapshot(request.release, sender, receiver)),
        back=addresses.profile(receiver.slug),
    )


@needs("message")
@require_GET
def request_page(request: AtlasRequest, contact: int) -> HttpResponse:
    """Show a request with what may be done to it."""
    contacts.expire_due()
    return _shown(request, _found(contact))


@needs("message")
@require_POST
def step(request: AtlasRequest, contact: int, step: str) -> HttpResponse:
    """Take a step with a request."""
    found = _found(contact)
    if step not in STEPS:
        raise Http404
    person = cast(User, request.user)
    if STEPS[step].side not in contacts.sides_of(found, person):
        raise PermissionDenied
    form = FORMS[step](request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            contacts.take(
                found,
                step,
                person,
                version=given["version"],
                text=given.get("text", ""),
                shares=given.get("shares", False),
            )
        except contacts.NotNow as error:
            form.add_error(None, error.fault.problem)
        else:
            other = Side.SENDER if STEPS[step].side == Side.RECEIVER else Side.RECEIVER
            _tell(request, found, other, step)
            messages.success(request, str(DONE[step]))
            return redirect(addresses.contact(contact))
    return _shown(request, _found(contact), bad=(step, form))


@needs("message")
@require_POST
def follow_up(request: AtlasRequest, contact: int) -> HttpResponse:
    """Keep what came of a request."""
    found = _found(contact)
    person = cast(User, request.user)
    form = FollowUpForm(request.POST)
    if form.is_valid():
        side = contacts.sides_of(found, person)[0]
        try:
            contacts.report(found, side, person, **form.cleaned_data)
        except contacts.NotNow as error:
            form.add_error(None, error.fault.problem)
        else:
            other = Side.SENDER if side == Side.RECEIVER else Side.RECEIVER
            _tell(request, found, other, "reported")
            messages.success(request, _("It is kept; the other side is asked to confirm it."))
            return redirect(addresses.contact(contact))
    return _shown(request, found, bad=("follow-up", form))


@needs("message")
@require_POST
def judge(request: AtlasRequest, contact: int, report: int, verdict: str) -> HttpResponse:
    """Confirm or contradict what the other side said."""
    found = _found(contact)
    said = found.follow_ups.filter(pk=report).first()
    if said is None or verdict not in ("confirm", "contradict"):
        raise Http404
    person = cast(User, request.user)
    own = Side.SENDER if said.organisation_id == found.receiver_id else Side.RECEIVER
    if own not in contacts.sides_of(found, person):
        raise PermissionDenied
    try:
        contacts.judge(said, own, person, confirmed=verdict == "confirm")
    except contacts.NotNow as error:
        messages.error(request, error.fault.problem)
    return redirect(addresses.contact(contact))


@needs("message")
@require_POST
def block_other(request: HttpRequest, contact: int) -> HttpResponse:
    """Take no more requests from the other side."""
    found = _found(contact)
    person = cast(User, request.user)
    side = contacts.sides_of(found, person)[0]
    own, other = (
        (found.receiver, found.sender) if side == Side.RECEIVER else (found.sender, found.receiver)
    )
    contacts.block(own, other, person)
    messages.success(request, _("Your organisation takes no more requests from this one."))
    return redirect(addresses.blocked(own.slug))


@needs("message")
@require_http_methods(["GET", "POST"])
def blocked_page(request: AtlasRequest, organisation: str) -> HttpResponse:
    """List whom an organisation takes no requests from; take them again."""
    own = Organisation.objects.get(slug=organisation)
    if request.method == "POST":
        other = Organisation.objects.filter(slug=request.POST.get("other", "")).first()
        if other is None:
            raise Http404
        contacts.unblock(own, other, cast(User, request.user))
        return redirect(addresses.blocked(organisation))
    found = Block.objects.filter(organisation=own).select_related("blocked").order_by("at")
    return page(request, "meetings/blocked.html", section=SECTION, own=own, blocks=found)


@needs("moderate")
@require_GET
def outcomes_page(request: AtlasRequest) -> HttpResponse:
    """Count where requests stand and what came of them; names and messages stay private."""
    found = outcomes.counts()
    states = [(State(name).label, found["states"][name]) for name in State.values]
    led = [(each.label, found["outcomes"][each]) for each in outcomes.ORDER]
    return page(request, "meetings/outcomes.html", section=SECTION, states=states, led=led)


@needs("moderate")
@require_GET
def outcomes_table(request: AtlasRequest) -> HttpResponse:
    """Answer with all requests as a table, without names and messages."""
    _ = request.user.is_authenticated  # a page of the person, never kept for others
    return export.table_answer(
        request,
        outcomes.outcome_rows(),
        name="requests",
        title="Requests for contact and what came of them",
        source="Cluster Atlas: requests for contact",
        kind=outcomes.OutcomeRow,
        words=OUTCOME_COLUMNS,
    )


OUTCOME_COLUMNS = {
    "request": "number of the request",
    "kind": "kind of cooperation asked for",
    "state": "where the request stands",
    "days": "days from the request to its latest change of state",
    "suggested": "whether it came from a partner suggestion",
    "score": "score of the suggestion, 0-1",
    "parts": "parts of the score, each 0-1",
    "furthest": "the furthest thing that came of it and that nobody contradicted",
    "confirmed": "whether the other side confirmed it",
}


def _found(key: int) -> ContactRequest:
    return ContactRequest.objects.select_related("sender", "receiver").get(pk=key)


def _shown(
    request: AtlasRequest, contact: ContactRequest, bad: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    sides = contacts.sides_of(contact, cast(User, request.user))
    possible: list[tuple[str, object, StepForm]] = []
    for side in sides:
        for name in steps_of(contact, side):
            form = FORMS[name](initial={"version": contact.version}, prefix=None)
            form.auto_id = f"id_{name}_%s"
            possible.append((name, STEP_WORDS[name], form))
    if bad:
        bad[1].auto_id = f"id_{bad[0]}_%s"
        kept = [(name, said, bad[1] if name == bad[0] else form) for name, said, form in possible]
        possible = cast(list[tuple[str, object, StepForm]], kept)
    follow = FollowUpForm() if contact.state == State.ACCEPTED else None
    if bad and bad[0] == "follow-up" and follow:
        follow = cast(FollowUpForm, bad[1])
    own = {contact.receiver_id if side == Side.RECEIVER else contact.sender_id for side in sides}
    show = form_page if bad else page
    return show(
        request,
        "meetings/request.html",
        section=SECTION,
        contact=contact,
        kind=names.pick("cooperation", contact.kind),
        steps=possible,
        bad=bad[1] if bad else None,
        follow=follow,
        lines=contact.lines.select_related("organisation"),
        entries=[
            (each, each.confirmed is None and own != {each.organisation_id})
            for each in contact.follow_ups.select_related("organisation")
        ],
        people=_people(contact) if contact.state == State.ACCEPTED else [],
        here=addresses.contact(contact.pk),
        **_why(contact.suggestion),
    )


def _why(suggestion: dict[str, Any] | None) -> dict[str, Any]:
    """What a page says of the suggestion that a request comes from."""
    return {
        "suggestion": suggestion,
        "why": suggested.reasons_of(suggestion, "why"),
        "missing": suggested.reasons_of(suggestion, "missing"),
        **{
            short: figures.whole((suggestion or {}).get(name, 0) * 100)
            for short, name in (("score", "score"), ("low", "score_low"), ("high", "score_high"))
        },
    }


def _people(contact: ContactRequest) -> list[tuple[Organisation, list[Contact]]]:
    """The people of both sides who agreed to be shown, as they are now."""
    found = []
    for organisation, person, shares in (
        (contact.sender, contact.author, contact.shares_author),
        (contact.receiver, contact.answerer, contact.shares_answerer),
    ):
        profile = organisation.public_profile
        shown = list(profile.contacts) if profile else []
        if shares and person is not None:
            shown.insert(0, Contact.model_construct(name=person.name, mail=person.email))
        found.append((organisation, shown))
    return found


def _tell(request: HttpRequest, contact: ContactRequest, to: Side, letter: str) -> None:
    reader, other = (
        (contact.receiver, contact.sender)
        if to == Side.RECEIVER
        else (contact.sender, contact.receiver)
    )
    letters.to_editors(
        request,
        reader,
        letter.replace("-", "_"),
        lambda: addresses.contact(contact.pk),
        other=other.name,
        own=reader.name,
        topic=contact.topic,
        expires=contact.expires_at,
    )
