"""From a proposal to the public, and back: moderators, owners, people, files."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from clusteratlas.organisations import Profile, json_of, load_demonstration, profiles_of_json, read
from clusteratlas.portal.accounts import own_data
from clusteratlas.portal.accounts.models import AuditEntry, User
from clusteratlas.portal.registry import import_pages, keeping, people, state
from clusteratlas.portal.registry.loading import load
from clusteratlas.portal.registry.models import Invitation, Membership, Organisation, Upload
from clusteratlas.portal.registry.shelf import published
from clusteratlas.portal.roles import InsideRole, SiteRole

from ..people import join, person, signed_in

FULL = load_demonstration()[0].model_copy(update={"name": "Optics", "fictional": False})
MANAGE, REVIEW = "/organisations/optics/manage/", "/organisations/optics/review/"
State = Organisation.State


@pytest.fixture
def ada(portal: Client) -> User:
    found = person()
    found.confirmed_at = timezone.now()
    found.save()
    return found


@pytest.fixture
def moderator(portal: Client) -> Client:
    return signed_in(person("mod", SiteRole.MODERATOR))


def optics() -> Organisation:
    return Organisation.objects.get(slug="optics")


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_a_proposal_becomes_public_when_a_moderator_says_so(ada: User, moderator: Client) -> None:
    browser = signed_in(ada)
    refused = browser.post("/organisations/propose/", {"name": " ", "country": "Atlantis"})
    assert refused.status_code == 422
    assert set(re.findall(r'<a href="#(name|country)">', text(refused))) == {"name", "country"}
    begun = browser.post("/organisations/propose/", {"name": "Optics", "country": "Germany"})
    assert begun["Location"] == "/organisations/optics/edit/"
    assert "0 of 6 entry rules hold" in text(browser.get(MANAGE))
    keeping.keep(optics(), FULL, base=1, person=ada)
    assert "Every entry rule holds" in text(browser.get(MANAGE))
    before = state.current()
    assert "waits for a moderator" in text(
        browser.post("/organisations/optics/submit/", follow=True)
    )
    assert (optics().state, state.current()) == (State.SUBMITTED, before)
    assert mail.outbox[-1].to == ["mod@example.org"]
    assert Client().get("/organisations/optics/").status_code == 404

    assert "1 organisation waits" in text(moderator.get("/organisations/moderation/"))
    page = text(moderator.get(REVIEW))
    assert "A new organisation" in page
    assert "<ins>6.5</ins>" in page
    silent = moderator.post(REVIEW, {"do": "return", "version": "2"})
    assert silent.status_code == 422
    moderator.post(REVIEW, {"do": "return", "version": "2", "reason": "Name a <b>person</b>."})
    assert optics().state == State.RETURNED
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert "Name a <b>person</b>." in mail.outbox[-1].body
    assert "Name a &lt;b&gt;person&lt;/b&gt;." in text(browser.get(MANAGE))

    browser.post("/organisations/optics/submit/")
    stale = moderator.post(REVIEW, {"do": "publish", "version": "1"})
    assert stale.status_code == 422
    assert moderator.post(REVIEW, {"do": "publish", "version": "2"}).status_code == 302
    assert optics().state == State.PUBLISHED
    assert state.current() != before
    assert Client().get("/organisations/optics/").status_code == 200
    assert "/organisations/optics/" in mail.outbox[-1].body
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"organisation.propose", "organisation.return", "organisation.publish"} <= actions


def test_the_public_sees_the_old_version_until_the_new_one_is_published(
    ada: User, moderator: Client
) -> None:
    load([FULL])
    join(ada, optics(), InsideRole.OWNER)
    keeping.keep(optics(), FULL.model_copy(update={"town": "Jena"}), base=1, person=ada)
    assert "Jena" not in text(Client().get("/organisations/optics/"))
    browser = signed_in(ada)
    browser.post("/organisations/optics/submit/")
    assert "Jena" not in text(Client().get("/organisations/optics/"))
    assert "A change of what is public: 1 field" in text(moderator.get(REVIEW))
    moderator.post(REVIEW, {"do": "publish", "version": "2"})
    assert "Jena" in text(Client().get("/organisations/optics/"))
    assert "Version 2" in text(Client().get("/organisations/optics/versions/"))

    keeping.keep(optics(), FULL, base=2, person=ada)
    browser.post("/organisations/optics/drop/")
    row = optics()
    assert (row.draft, row.version, row.published["town"]) == (None, 4, "Jena")

    browser.post("/organisations/optics/withdraw/")
    assert optics().state == State.WITHDRAWN
    assert published().organisations == ()
    assert Client().get("/organisations/optics/").status_code == 404
    browser.post("/organisations/optics/submit/")
    assert (optics().state, optics().is_public) == (State.SUBMITTED, False)


def test_entry_rules_stand_in_the_way_and_a_waiver_needs_a_reason(
    ada: User, moderator: Client, settings: Settings
) -> None:
    few = FULL.model_copy(update={"staff": 0.1})
    row = keeping.propose(few, ada)
    browser = signed_in(ada)
    settings.MODERATION = False
    browser.post("/organisations/optics/submit/")
    assert optics().state == State.SUBMITTED  # the rules do not hold: a moderator decides
    assert moderator.post(REVIEW, {"do": "publish", "version": "1"}).status_code == 422
    asked = {"do": "publish", "version": "1", "waiver": "official-programme"}
    assert moderator.post(REVIEW, asked).status_code == 422
    assert moderator.post(REVIEW, asked | {"waiver": "x", "reason": "y"}).status_code == 422
    moderator.post(REVIEW, asked | {"reason": "Programme of the Land"})
    row = optics()
    assert (row.state, row.waiver_reason) == (State.PUBLISHED, "Programme of the Land")
    assert "Waived" in text(browser.get(MANAGE))
    assert "Programme of the Land" in text(browser.get(MANAGE))

    keeping.keep(row, FULL, base=1, person=ada)
    assert "public now" in text(browser.post("/organisations/optics/submit/", follow=True))
    assert optics().state == State.PUBLISHED


def test_many_are_decided_about_at_once_and_the_rest_is_named(moderator: Client) -> None:
    bare = Profile(name="Bare")
    load([FULL, FULL.model_copy(update={"name": "Light", "identifier": ""}), bare], publish=False)
    chosen = ["optics@1", "light@7", "bare@1"]
    answer = moderator.post(
        "/organisations/moderation/many/", {"organisation": chosen, "do": "publish"}, follow=True
    )
    page = text(answer)
    assert "1 organisation was decided about" in page
    assert "Bare: Not every entry rule holds" in page
    assert "Light: Its editors kept another version" in page
    assert [each.slug for each in published().organisations] == ["optics"]
    assert moderator.post("/organisations/moderation/many/", {"do": "eat"}).status_code == 404
    moderator.post(
        "/organisations/moderation/many/",
        {"organisation": ["optics@1"], "do": "withdraw", "reason": "gone"},
    )
    assert published().organisations == ()


def invited(owner: Client, email: str, role: InsideRole = InsideRole.EDITOR) -> str:
    answer = owner.post("/organisations/optics/people/", {"email": email, "role": str(role.value)})
    assert answer.status_code == 302
    found = re.search(r"http://testserver(/(?:de/)?invitations/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def test_an_invitation_is_for_one_address_once_and_for_a_while(ada: User) -> None:
    keeping.propose(FULL, ada)
    owner = signed_in(ada)
    for email, role in (("nobody", "2"), ("x@example.org", "9"), ("ada@example.org", "2")):
        wrong = owner.post("/organisations/optics/people/", {"email": email, "role": role})
        assert wrong.status_code == 422
    bob = person("bob")
    bob.language = "de"
    bob.save()
    link = invited(owner, "Bob@Example.org")
    assert link.startswith("/de/invitations/")
    secret = link.split("/")[-2]
    assert secret not in str(list(Invitation.objects.values()))
    assert Client().get(link).status_code == 302
    assert signed_in(person("eve")).get(link).status_code == 403
    assert signed_in(person("root", SiteRole.ADMINISTRATOR)).get(link).status_code == 403
    his = signed_in(bob)
    assert his.get(link).status_code == 200
    his.post(link, {"do": "accept"})
    assert not Membership.objects.filter(user=bob).exists()  # his mail is not confirmed
    bob.confirmed_at = timezone.now()
    bob.save()
    assert his.post(link, {"do": "accept"})["Location"] == f"/de{MANAGE}"
    assert bob.role_within((optics().pk,)) == InsideRole.EDITOR
    assert his.get(link).status_code == 404

    again = invited(owner, "eve@example.org")
    newer = invited(owner, "eve@example.org")
    eve = User.objects.get(email="eve@example.org")
    eve.confirmed_at = timezone.now()
    eve.save()
    hers = signed_in(eve)
    assert hers.get(again).status_code == 404
    Invitation.objects.filter(answered_at=None).update(expires_at=timezone.now())
    assert hers.get(newer).status_code == 404
    last = invited(owner, "eve@example.org")
    hers.post(last, {"do": "decline"})
    assert not Membership.objects.filter(user=eve).exists()
    assert hers.get(last).status_code == 404
    for status in (302, 302, 429):  # nobody is flooded
        asked = {"email": "eve@example.org", "role": "2"}
        assert owner.post("/organisations/optics/people/", asked).status_code == status
    for _again in range(2):
        owner.post("/organisations/optics/submit/")
    assert [each.to for each in mail.outbox].count(["ada@example.org"]) == 1


def test_an_owner_always_stays(ada: User) -> None:
    row = keeping.propose(FULL, ada)
    mine, bob = Membership.objects.get(user=ada), join(person("bob"), row)
    owner = signed_in(ada)
    people_of = "/organisations/optics/people/"
    for address, asked in (
        (f"{people_of}{mine.pk}/", {"do": "role", "role": "2"}),
        (f"{people_of}{mine.pk}/", {"do": "remove"}),
        ("/organisations/optics/leave/", {}),
    ):
        assert "keeps one owner" in text(owner.post(address, asked, follow=True))
    assert len(own_data.hindrances(ada)) == 1
    owner.post(f"{people_of}{bob.pk}/", {"do": "hand-over"})
    assert [bob.user.role_within((row.pk,)), ada.role_within((row.pk,))] == [3, 2]
    assert own_data.hindrances(ada) == []
    assert owner.get(people_of).status_code == 403
    assert "You left" in text(owner.post("/organisations/optics/leave/", follow=True))
    assert owner.get(MANAGE).status_code == 404
    his = signed_in(bob.user)
    other = join(person("eve"), row, InsideRole.MEMBER)
    his.post(f"{people_of}{other.pk}/", {"do": "role", "role": "3"})
    his.post(f"{people_of}{bob.pk}/", {"do": "remove"})
    assert list(row.memberships.values_list("user__email", flat=True)) == ["eve@example.org"]
    keeping.propose(Profile(name="Never shown"), ada)
    exported = own_data.export(ada)
    assert own_data.hindrances(ada) == []
    own_data.delete(ada)
    assert not Organisation.objects.filter(name="Never shown").exists()
    assert optics().revisions.first().author is None
    assert exported["profiles_written"][0]["organisation"] == "optics"


def test_an_imported_organisation_gets_its_owner(ada: User, moderator: Client) -> None:
    load([FULL])
    address = "/organisations/optics/take-over/"
    assert address in text(Client().get("/organisations/optics/"))
    assert Client().get(address).status_code == 302
    browser = signed_in(ada)
    assert browser.post(address, {"text": " "}).status_code == 422
    browser.post(address, {"text": "I run <b>it</b>."})
    browser.post(address, {"text": "I run it, see the website."})
    assert [each.to for each in mail.outbox] == [["mod@example.org"]]  # told once
    page = text(moderator.get("/organisations/moderation/"))
    (pk,) = re.findall(r"moderation/owners/(\d+)/", page)
    moderator.post(f"/organisations/moderation/owners/{pk}/", {"do": "grant"})
    assert ada.role_within((optics().pk,)) == InsideRole.OWNER
    assert mail.outbox[-1].to == ["ada@example.org"]
    moderator.post(f"/organisations/moderation/owners/{pk}/", {"do": "grant"})
    assert address not in text(Client().get("/organisations/optics/"))
    assert "owns this profile already" in text(browser.get(address))
    with pytest.raises(people.NotOpen):
        people.ask_to_take_over(optics(), person("eve"), "me")
    mine = text(browser.get("/account/"))
    assert MANAGE in mine


def sent_file(moderator: Client, name: str, body: bytes) -> object:
    file = SimpleUploadedFile(name, body)
    return moderator.post("/organisations/import/", {"file": file})


def test_a_file_is_shown_before_it_is_taken(ada: User, moderator: Client) -> None:
    load([FULL])
    body = json_of([FULL.model_copy(update={"staff": 8.0}), Profile(name="New one")]).encode()
    answer = sent_file(moderator, "list.json", body)
    assert answer.status_code == 302  # type: ignore[attr-defined]
    preview = answer["Location"]  # type: ignore[index]
    page = text(moderator.get(preview))
    assert "New: 1, changed: 1, the same: 0." in page
    assert "<ins>8</ins>" in page
    assert Organisation.objects.count() == 1
    assert signed_in(person("mod2", SiteRole.MODERATOR)).get(preview).status_code == 404
    assert signed_in(ada).get("/organisations/import/").status_code == 403
    done = moderator.post(f"{preview}apply/", {"do": "publish"}, follow=True)
    assert "New: 1, changed: 1" in text(done)
    assert optics().published["staff"] == 8.0
    assert moderator.post(f"{preview}apply/", {"do": "publish"}).status_code == 404
    assert not Upload.objects.exists()
    exported = text(Client().get("/organisations/export.json"))
    assert "Ben Example" not in exported
    again = load(profiles_of_json(exported.encode()))
    assert {each.kind for each in again} == {"same"}
    csv = Client().get("/organisations/export.csv")
    assert csv["Content-Type"].startswith("text/csv")
    assert Client().get("/organisations/export.xlsx").content[:2] == b"PK"
    own = moderator.get("/organisations/optics/profile.json")
    assert "Ben Example" in text(own)


def test_a_file_with_faults_writes_nothing_and_names_them_all(
    moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_pages, "read_untrusted", read)  # its process is tested elsewhere
    body = "name,country,founded\nOptics,XX,12\n<script>alert(1)</script>,DE,soon\n"
    answer = sent_file(moderator, "<b>.csv", body.encode())
    page = text(answer)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert page.count("<code>country</code>") + page.count("<code>founded</code>") == 3
    assert "<script>alert" not in page
    assert sent_file(moderator, "x.csv", b"").status_code == 422  # type: ignore[attr-defined]
    assert not Organisation.objects.exists()
    assert not Upload.objects.exists()
    huge = moderator.post(
        "/organisations/import/",
        b"x",
        content_type="multipart/form-data; boundary=x",
        headers={"content-length": str(60 * 1024 * 1024)},
    )
    assert huge.status_code == 413


def test_a_file_leaves_alone_what_its_editors_are_changing(ada: User) -> None:
    load([FULL])
    join(ada, optics(), InsideRole.OWNER)
    keeping.keep(optics(), FULL.model_copy(update={"town": "Jena"}), base=1, person=ada)
    (arrival,) = load([FULL.model_copy(update={"staff": 8.0})])
    assert arrival.kind == "waiting"
    assert (optics().version, optics().draft["town"]) == (2, "Jena")


def test_what_a_moderator_took_down_waits_for_one_also_where_none_looks_first(
    ada: User, moderator: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MODERATION = False
    browser, submit = signed_in(ada), "/organisations/optics/submit/"
    row = keeping.propose(FULL, ada)
    keep = keeping.submit

    def meanwhile(one: Organisation, person: User) -> None:
        keep(one, person)
        keeping.keep(optics(), FULL.model_copy(update={"town": "Ulm"}), base=1, person=person)

    monkeypatch.setattr(keeping, "submit", meanwhile)
    assert browser.post(submit)["Location"] == MANAGE
    monkeypatch.undo()
    assert optics().state == State.SUBMITTED
    browser.post(submit)
    assert optics().is_public
    moderator.post(REVIEW, {"do": "withdraw", "reason": "Not theirs."})
    for _again in range(2):
        browser.post(submit)
        assert (optics().state, optics().is_public) == (State.SUBMITTED, False)
        browser.post("/organisations/optics/withdraw/")  # the reason stays the moderator's
        assert optics().reason == "Not theirs."
    browser.post(submit)
    moderator.post(REVIEW, {"do": "publish", "version": str(optics().version)})
    assert optics().is_public
    closed = person("closed")
    closed.is_active = False
    closed.save()
    join(closed, row, InsideRole.OWNER)
    with pytest.raises(people.LastOwner):  # nobody could sign in as the other one
        people.remove(Membership.objects.get(user=ada), by=ada)


def test_a_file_whose_taking_breaks_off_is_still_there(
    moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = SimpleUploadedFile("one.json", json_of([Profile(name="Optics")]).encode())
    place = moderator.post("/organisations/import/", {"file": file})["Location"]

    def breaks(*args: object, **more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(import_pages, "load", breaks)
    assert moderator.post(f"{place}apply/", {"do": "publish"}).status_code == 500
    monkeypatch.undo()
    assert moderator.post(f"{place}apply/", {"do": "publish"}).status_code == 302
    assert moderator.post(f"{place}apply/", {"do": "publish"}).status_code == 404
    assert (optics().is_public, Upload.objects.count()) == (True, 0)
