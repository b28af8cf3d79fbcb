"""Requests for contact: every step by every side in every state, and what others see of them."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from clusteratlas.portal.accounts.models import AuditEntry, User
from clusteratlas.portal.meetings import contacts, letters
from clusteratlas.portal.meetings.models import Block, ContactRequest, FollowUp
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.roles import InsideRole, SiteRole

from ..people import join, organisation, person, signed_in

State = ContactRequest.State
STEPS = {
    "accept": ("receiver", ("open", "asked_back"), "accepted"),
    "decline": ("receiver", ("open", "asked_back"), "declined"),
    "ask-back": ("receiver", ("open",), "asked_back"),
    "answer": ("sender", ("asked_back",), "open"),
    "withdraw": ("sender", ("open", "asked_back"), "withdrawn"),
}
"""Written once more by hand: which side takes a step, in which states, and where it leads."""


class Two:
    """Two organisations with their people, and people of neither."""

    def __init__(self) -> None:
        self.sender = organisation("optics", contacts=[{"name": "Olga Open", "consent": True}])
        self.receiver = organisation(
            "mills",
            contacts=[
                {"name": "Mia Shown", "mail": "mia@example.org", "consent": True},
                {"name": "Max Hidden", "mail": "max@example.org"},
            ],
        )
        self.people: dict[str, User] = {}
        for name, side, role in (
            ("sender", self.sender, InsideRole.EDITOR),
            ("receiver", self.receiver, InsideRole.OWNER),
            ("sender-member", self.sender, InsideRole.MEMBER),
            ("foreign", organisation("third"), InsideRole.OWNER),
        ):
            self.people[name] = person(name)
            join(self.people[name], side, role)
        self.people["moderator"] = person("moderator", SiteRole.MODERATOR)
        self.people["administrator"] = person("administrator", SiteRole.ADMINISTRATOR)
        self.browsers = {name: signed_in(each) for name, each in self.people.items()}
        self.browsers["visitor"] = Client()

    def ask(self, **more: Any) -> ContactRequest:
        return contacts.ask(
            self.sender,
            self.receiver,
            self.people["sender"],
            topic="Sensors <b>for</b> mills",
            message="<script>alert(1)</script>",
            **more,
        )


@pytest.fixture
def two(portal: Client) -> Two:
    return Two()


def test_every_step_by_everybody_in_every_state(two: Two) -> None:
    contact = two.ask()
    for (step, (side, before, after)), who, state in product(
        STEPS.items(), two.browsers, State.values
    ):
        ContactRequest.objects.filter(pk=contact.pk).update(state=state, version=1)
        answer = two.browsers[who].post(
            f"/requests/{contact.pk}/{step}/", {"version": 1, "text": "Why?", "shares": "on"}
        )
        allowed = who == side and state in before
        now = ContactRequest.objects.get(pk=contact.pk).state
        case = (step, who, state)
        assert now == (after if allowed else state), case
        wanted = 302 if allowed else 422 if who == side else 403 if who in STEPS_OF else 404
        assert answer.status_code == wanted, case
    assert two.browsers["sender"].post(f"/requests/{contact.pk}/burn/").status_code == 404


STEPS_OF = ("sender", "receiver")


def test_others_do_not_learn_that_a_request_exists(two: Two) -> None:
    contact = two.ask()
    seen = {who: each.get(f"/requests/{contact.pk}/") for who, each in two.browsers.items()}
    assert {who: each.status_code for who, each in seen.items()} == {
        "sender": 200,
        "receiver": 200,
        "sender-member": 404,
        "foreign": 404,
        "moderator": 404,
        "administrator": 404,
        "visitor": 404,
    }
    page = seen["receiver"].content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "no-store" in seen["receiver"].headers["Cache-Control"]
    assert two.browsers["foreign"].get("/requests/").content.count(b"Sensors") == 0
    assert two.browsers["visitor"].get("/requests/").status_code == 302
    counted = two.browsers["moderator"].get("/requests/outcomes/").content.decode()
    assert "Sensors" not in counted
    assert two.browsers["sender"].get("/requests/outcomes/").status_code == 403


def test_contacts_are_shown_once_accepted_and_only_with_consent(two: Two) -> None:
    contact = two.ask(shares=True)
    sender, receiver = two.browsers["sender"], two.browsers["receiver"]
    before = sender.get(f"/requests/{contact.pk}/").content.decode()
    assert "mia@example.org" not in before
    assert "sender@example.org" not in receiver.get(f"/requests/{contact.pk}/").content.decode()
    receiver.post(f"/requests/{contact.pk}/accept/", {"version": 1})
    for each in (sender, receiver):
        page = each.get(f"/requests/{contact.pk}/").content.decode()
        for shown in ("mia@example.org", "sender@example.org", "Olga Open"):
            assert shown in page
        for hidden in ("max@example.org", "receiver@example.org"):
            assert hidden not in page


def test_asking_is_limited(two: Two, settings: Any) -> None:
    settings.REQUESTS_A_DAY = 2
    two.ask()
    with pytest.raises(contacts.NotNow, match="already under way"):
        two.ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactRequest.objects.create(
            sender=two.sender, receiver=two.receiver, expires_at=timezone.now()
        )
    join(two.people["receiver"], two.sender)
    with pytest.raises(contacts.NotNow, match="already under way"):
        contacts.ask(two.receiver, two.sender, two.people["receiver"], topic="x", message="x")
    ContactRequest.objects.update(state=State.DECLINED)
    with pytest.raises(contacts.NotNow, match="30 days"):
        two.ask()
    ContactRequest.objects.update(changed_at=timezone.now() - timedelta(days=31))
    two.ask()
    ContactRequest.objects.update(state=State.EXPIRED)
    with pytest.raises(contacts.NotNow, match="within a day: 2"):
        two.ask()
    settings.REQUESTS_A_DAY = 9
    hidden = organisation("hidden", public=False)
    nobody = organisation("nobody")
    for to, why in ((hidden, "not public"), (nobody, "Nobody answers"), (two.sender, "itself")):
        with pytest.raises(contacts.NotNow, match=why):
            contacts.ask(two.sender, to, two.people["sender"], topic="x", message="x")
    contacts.block(two.receiver, two.sender, two.people["receiver"])
    with pytest.raises(contacts.NotNow, match="takes no requests"):
        two.ask()


def test_the_form_asks_in_ones_own_name_only(
    two: Two, django_capture_on_commit_callbacks: Any
) -> None:
    two.people["receiver"].language = "de"
    two.people["receiver"].save()
    where = "/requests/new/?to=mills"
    given = {"sender": "optics", "topic": "Sensors\r\nBcc: x", "message": "Hello", "kind": "pilot"}
    assert two.browsers["visitor"].get(where).status_code == 302
    assert two.browsers["visitor"].post(where, given).status_code == 403
    assert two.browsers["moderator"].post(where, given).status_code == 403
    assert two.browsers["moderator"].get(where).status_code == 200
    assert two.browsers["foreign"].post(where, given).status_code == 422
    assert two.browsers["sender"].post(where, {**given, "topic": "\u202egnp"}).status_code == 422
    assert two.browsers["sender"].get("/requests/new/?to=hidden").status_code == 404
    assert not ContactRequest.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert two.browsers["sender"].post(where, given).status_code == 302
    contact = ContactRequest.objects.get()
    assert (contact.sender, contact.receiver, contact.kind) == (two.sender, two.receiver, "pilot")
    letter = mail.outbox[0]
    assert letter.to == ["receiver@example.org"]
    assert f"http://testserver/de/requests/{contact.pk}/" in letter.body
    assert "Hello" not in letter.body
    assert "\n" not in letter.subject
    again = two.browsers["sender"].post(where, given)
    assert again.status_code == 422
    assert "already under way" in again.content.decode()
    assert AuditEntry.objects.filter(action="request.ask").count() == 1


def test_forms_of_other_sites_are_refused(two: Two) -> None:
    contact = two.ask()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(two.people["receiver"], "django.contrib.auth.backends.ModelBackend")
    for place in ("accept/", "block/", "follow-up/"):
        assert strict.post(f"/requests/{contact.pk}/{place}", {"version": 1}).status_code == 403
    assert ContactRequest.objects.get().state == State.OPEN


def test_unanswered_requests_expire_and_an_old_page_changes_nothing(two: Two) -> None:
    contact = two.ask()
    receiver = two.browsers["receiver"]
    asked = receiver.post(f"/requests/{contact.pk}/ask-back/", {"version": 1, "text": "Which?"})
    assert asked.status_code == 302
    stale = receiver.post(f"/requests/{contact.pk}/accept/", {"version": 1})
    assert stale.status_code == 422
    assert "has changed since" in stale.content.decode()
    assert receiver.post(f"/requests/{contact.pk}/decline/", {}).status_code == 422
    ContactRequest.objects.update(expires_at=timezone.now())
    listed = two.browsers["sender"].get("/requests/").content.decode()
    assert "Expired without an answer" in listed
    assert receiver.post(f"/requests/{contact.pk}/accept/", {"version": 3}).status_code == 422
    assert ContactRequest.objects.get().state == State.EXPIRED


def test_what_came_of_it_is_said_by_one_side_and_confirmed_by_the_other(two: Two) -> None:
    parts = [{"part": "skills", "value": 0.25}, {"part": "intent", "value": None}]
    ends = {"score": 0.5, "score_low": 0.4, "score_high": 0.7}
    contact = two.ask(suggestion={**ends, "parts": parts, "why": [], "missing": []})
    today = timezone.localdate()
    said = {"outcome": "agreement", "on": today.isoformat(), "note": "<i>signed</i>"}
    sender, receiver = two.browsers["sender"], two.browsers["receiver"]
    follow = f"/requests/{contact.pk}/follow-up/"
    assert sender.post(follow, said).status_code == 422
    receiver.post(f"/requests/{contact.pk}/accept/", {"version": 1})
    assert sender.post(follow, {**said, "on": "2999-01-01"}).status_code == 422
    assert sender.post(follow, {**said, "outcome": "wedding"}).status_code == 422
    assert sender.post(follow, said).status_code == 302
    entry = FollowUp.objects.get()
    assert sender.post(f"{follow}{entry.pk}/confirm/").status_code == 403
    assert two.browsers["foreign"].post(f"{follow}{entry.pk}/confirm/").status_code == 404
    assert receiver.post(f"{follow}{entry.pk}/burn/").status_code == 404
    assert receiver.post(f"{follow}{entry.pk + 1}/confirm/").status_code == 404
    assert receiver.post(f"{follow}{entry.pk}/contradict/").status_code == 302
    assert receiver.post(f"{follow}{entry.pk}/confirm/").status_code == 302
    assert FollowUp.objects.get().confirmed is False
    sender.post(follow, {**said, "outcome": "meeting"})
    receiver.post(f"{follow}{entry.pk + 1}/confirm/")
    sender.post(follow, {**said, "outcome": "project"})
    table = two.browsers["moderator"].get("/requests/outcomes.csv").content.decode()
    row = table.splitlines()[1]
    assert "accepted,0,true,0.5,skills=0.2500,project,false" in row
    assert "Sensors" not in table
    assert "mills" not in table
    page = receiver.get(f"/requests/{contact.pk}/").content.decode()
    assert "contradicted by the other side" in page
    assert "&lt;i&gt;signed" in page


def test_blocking_ends_what_is_open_and_can_be_undone(two: Two) -> None:
    contact = two.ask()
    receiver = two.browsers["receiver"]
    assert receiver.post(f"/requests/{contact.pk}/block/").status_code == 302
    assert ContactRequest.objects.get().state == State.DECLINED
    assert "Optics" in receiver.get("/requests/blocked/mills/").content.decode()
    for who in ("sender", "moderator", "visitor"):
        asked = two.browsers[who].get("/requests/blocked/mills/")
        assert asked.status_code in (302, 403), who
        assert two.browsers[who].post("/requests/blocked/mills/").status_code == 403
    assert receiver.post("/requests/blocked/mills/", {"other": "optics"}).status_code == 302
    assert not Block.objects.exists()
    assert Organisation.objects.count() == 3


def test_letters_go_over_one_connection_and_a_log_names_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    opened: list[int] = []
    refused = SMTPRecipientsRefused({"bad@example.org": (550, b"no")})

    class Server(EmailBackend):
        def open(self) -> bool:
            opened.append(1)
            return True

        def send_messages(self, messages: Any) -> int:
            if messages[0].to == ["bad@example.org"]:
                raise refused
            return super().send_messages(messages)

    monkeypatch.setattr(letters, "get_connection", Server)
    told = [EmailMessage("s", "b", to=[each]) for each in ("a@b.org", "bad@example.org", "c@d.org")]
    letters._post(told, "asked")
    assert [each.to for each in mail.outbox] == [["a@b.org"], ["c@d.org"]]
    assert len(opened) == 1

    def gone(self: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(Server, "open", gone)
    letters._post(told, "asked")
    assert len(mail.outbox) == 2
    assert "3 letters of the kind asked were not sent: ConnectionRefusedError" in caplog.text
    assert "bad@example.org" not in caplog.text
