"""An organisation's people write its profile: nothing typed is lost, nobody overwrites another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from clusteratlas.atlas import open_release
from clusteratlas.organisations import Profile, load_demonstration
from clusteratlas.portal.accounts.models import AuditEntry, User
from clusteratlas.portal.registry import keeping
from clusteratlas.portal.registry.form.typed import read, typed_of
from clusteratlas.portal.registry.models import Organisation, WorkingCopy
from clusteratlas.portal.roles import InsideRole

from ..people import join, organisation, person, signed_in

EDIT = "/organisations/optics/edit/"


@pytest.fixture
def ada(portal: Client) -> User:
    return person()


@pytest.fixture
def optics(ada: User) -> Organisation:
    """An organisation that ada edits, with its first version kept."""
    row = keeping.propose(Profile(name="Optics", staff=2, languages=("de",)), ada)
    assert row.slug == "optics"
    return row


def sent(browser: Client, address: str = EDIT, **typed: object) -> Mapping[str, list[str]]:
    """What the form stands with, changed as typed; dots are written as double underscores."""
    page = browser.get(address).content.decode()
    form = page[page.index("editor-form") :]
    found: dict[str, list[str]] = {"version": re.findall(r'name="version" value="(\d+)"', form)[:1]}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = (re.search(rf'{part}="([^"]*)"', tag) for part in ("name", "value"))
        box = 'type="checkbox"' in tag
        if name and value and value[1] and (not box or " checked" in tag):
            found.setdefault(unescape(name[1]), []).append(unescape(value[1]))
    for name, inside in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', form):
        if chosen := re.findall(r'value="([^"]+)" selected', inside):
            found[name] = chosen
    for name, inside in re.findall(
        r'<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S
    ):
        if inside:
            found[name] = [unescape(inside)]
    found["version"] = found["version"][:1]
    found.pop("csrfmiddlewaretoken", None)
    for name, value in typed.items():
        found[name.replace("__", ".")] = value if isinstance(value, list) else [str(value)]
    return found


def test_every_profile_goes_through_the_form_unchanged(sample_place: Path) -> None:
    release = open_release(sample_place)
    for profile in load_demonstration():
        found = read(typed_of(profile, release), release, profile)
        assert found.faults == []
        assert found.profile == profile


def test_a_page_sent_back_as_it_came_changes_nothing(ada: User, optics: Organisation) -> None:
    demo = load_demonstration()[0]
    keeping.keep(optics, demo, base=1, person=ada)
    browser = signed_in(ada)
    answer = browser.post(EDIT, sent(browser), follow=True)
    assert "Nothing was changed" in answer.content.decode()
    optics.refresh_from_db()
    assert (optics.version, optics.profile) == (2, demo)
    answer = browser.post(EDIT, sent(browser, staff="7,5", note="two more"), follow=True)
    assert "Version 3 is kept" in answer.content.decode()
    optics.refresh_from_db()
    assert optics.profile == demo.model_copy(update={"staff": 7.5})
    revision = optics.revisions.first()
    assert (revision.version, revision.author, revision.note) == (3, ada, "two more")
    assert AuditEntry.objects.filter(action="organisation.change").count() == 2


def test_names_and_codes_are_both_taken(ada: User, optics: Organisation) -> None:
    browser = signed_in(ada)
    typed = sent(
        browser,
        country="Germany",
        languages="German, en",
        regions__0="Karlsruhe",
        regions__1="nuts-2:DE11",
        claims__0__field="C29",
        claims__0__weight="side",
        claims__1__field="Automotive",
        industries__0="nace-2:C29",
        offers__0__topic="Test beds",
        offers__0__countries="Austria, US",
        offers__0__clusters="us-benchmark-2014:4\nC28",
        offers__0__technologies=["robotics", "photonics"],
        priorities="Light\n\nCare, at home",
    )
    typed = {**typed, "members.counts.small-firms": ["12"], "members.as_of": ["2025-01-31"]}
    answer = browser.post(EDIT, typed)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    optics.refresh_from_db()
    kept = optics.profile
    assert kept.country == "DE"
    assert kept.languages == ("de", "en")
    assert [each.region for each in kept.regions] == ["DE12", "DE11"]
    assert [(each.definition, each.cluster, each.weight) for each in kept.claims] == [
        ("nace-divisions", "C29", "side"),
        ("us-benchmark-2014", "4", "main"),
    ]
    assert kept.offers[0].countries == ("AT", "US")
    assert [each.cluster for each in kept.offers[0].clusters] == ["4", "C28"]
    assert kept.priorities == ("Light", "Care, at home")
    assert kept.members.total == 12
    german = browser.get(f"/de{EDIT}").content.decode()
    assert "Deutschland" in german


def test_all_faults_stand_beside_their_fields_and_what_was_typed_stays(
    ada: User, optics: Organisation
) -> None:
    browser = signed_in(ada)
    typed = sent(
        browser,
        founded="long ago",
        website="ftp://x",
        regions__1="nuts-2:DE99",
        claims__0__field="Autmotive",
        contacts__2__name="A",
        contacts__2__mail="nobody",
        offers__0__text="no topic",
        kind="witch",
        members__as_of="31.1.2025",
        name="",
    )
    answer = browser.post(EDIT, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    linked = set(re.findall(r'<li><a href="#(f-[^"]+)">', page))
    assert linked == {
        "f-name",
        "f-kind",
        "f-founded",
        "f-website",
        "f-regions-1",
        "f-claims-0-field",
        "f-members-as-of",
        "f-contacts-2-mail",
        "f-offers-0-topic",
    }
    assert all(f'id="{each}"' in page for each in linked)
    assert "No cluster of the map has that name or code (\u201cAutmotive\u201d)." in page
    assert "Did you mean us-benchmark-2014:4 (Automotive)" in page
    assert "Year of foundation: This is no whole number (\u201clong ago\u201d)." in page
    assert "Contact 3, Mail address: This is no mail address" in page
    assert 'value="long ago"' in page
    assert optics.revisions.count() == 1
    again = browser.get(EDIT).content.decode()
    assert 'value="long ago"' in again
    typed = {**typed, "name": ["Optics"], "founded": ["2001"], "website": ["https://x.example.org"]}
    typed |= {"kind": [], "contacts.2.mail": ["a@example.org"], "offers.0.topic": ["Light"]}
    typed |= {"claims.0.field": ["Automotive"], "members.as_of": ["2025-01-31"]}
    answer = browser.post(EDIT, typed)
    assert set(re.findall(r'<li><a href="#(f-[^"]+)">', answer.content.decode())) == {"f-regions-1"}


def test_what_is_typed_is_remembered_and_can_be_forgotten(ada: User, optics: Organisation) -> None:
    browser = signed_in(ada)
    answer = browser.post(f"{EDIT}typed/", sent(browser, town="Jena"))
    assert "Remembered at" in answer.content.decode()
    assert optics.revisions.count() == 1
    page = browser.get(EDIT).content.decode()
    assert 'value="Jena"' in page
    assert "have not kept yet" in page
    assert "Jena" in browser.get("/organisations/optics/preview/").content.decode()
    answer = browser.post(EDIT, {**sent(browser), "do": "more:offers"})
    assert answer["Location"] == f"{EDIT}?more=offers#list-offers"
    assert browser.get(answer["Location"]).content.decode().count('name="offers.') == 24
    answer = browser.post(EDIT, {**sent(browser), "do": "preview"})
    assert answer["Location"] == "/organisations/optics/preview/"
    browser.post(f"{EDIT}discard/")
    assert "Jena" not in browser.get(EDIT).content.decode()
    assert not WorkingCopy.objects.exists()


def test_the_second_editor_merges_and_nothing_is_lost(ada: User, optics: Organisation) -> None:
    bob = person("bob")
    join(bob, optics)
    hers, his = signed_in(ada), signed_in(bob)
    from_bob = sent(his, staff="3", town="Jena", languages="de, fr")
    assert (
        hers.post(EDIT, sent(hers, staff="4", street="Weg 1", languages="de, en")).status_code
        == 302
    )
    answer = his.post(EDIT, from_bob, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"{EDIT}merge/", 302)]
    assert "Jena" in page
    assert "Weg 1" in page
    assert re.findall(r'name="(choice:[^"]+)" value="mine"', page) == ["choice:staff"]
    unanswered = his.post(f"{EDIT}merge/", {"version": "2"})
    assert unanswered.status_code == 422
    keeping.keep(
        optics_now(), optics_now().profile.model_copy(update={"postcode": "1"}), base=2, person=ada
    )
    stale = his.post(f"{EDIT}merge/", {"version": "2", "choice:staff": "mine"})
    assert stale.status_code == 422
    assert "yet another version" in stale.content.decode()
    done = his.post(f"{EDIT}merge/", {"version": "3", "choice:staff": "mine"}, follow=True)
    assert "version 4" in done.content.decode()
    row = optics_now()
    assert row.version == 4
    kept = row.profile
    assert (kept.staff, kept.town, kept.street, kept.postcode) == (3, "Jena", "Weg 1", "1")
    assert kept.languages == ("de", "en", "fr")
    assert not WorkingCopy.objects.exists()


def optics_now() -> Organisation:
    return Organisation.objects.get(slug="optics")


def test_history_tells_who_changed_what_and_goes_back(ada: User, optics: Organisation) -> None:
    browser = signed_in(ada)
    browser.post(EDIT, sent(browser, staff="5", claims__0__field="us-benchmark-2014:4"))
    browser.post(EDIT, sent(browser, town="Jena", claims__0__field=[]))
    page = browser.get("/organisations/optics/history/").content.decode()
    assert page.count("<time") == 3
    assert "Ada" in page
    change = browser.get("/organisations/optics/history/2/").content.decode()
    assert "<del>2</del>" in change
    assert "<ins>Automotive</ins>" in change
    assert "Clusters and subclusters: Automotive" in change
    against = browser.get("/organisations/optics/history/1/?against=now").content.decode()
    assert "<ins>Jena</ins>" in against
    back = "/organisations/optics/history/1/restore/"
    stale = browser.post(back, {"version": "2"}, follow=True)
    assert "another version meanwhile" in stale.content.decode()
    browser.post(back, {"version": "3"})
    row = optics_now()
    assert (row.version, row.profile.staff, row.profile.town) == (4, 2, "")
    assert row.revisions.first().restored == 1
    assert row.revisions.count() == 4
    assert browser.get("/organisations/optics/history/9/").status_code == 404


def test_foreign_organisations_are_closed(ada: User, optics: Organisation) -> None:
    organisation("light")
    other = signed_in(person("eve"))
    for place in ("edit/", "edit/merge/", "review/", "people/"):
        assert other.get(f"/organisations/light/{place}").status_code == 403, place
        assert Client().get(f"/organisations/light/{place}").status_code == 302, place
    for place in ("manage/", "history/", "profile.json", "preview/"):
        assert other.get(f"/organisations/optics/{place}").status_code == 404, place
    member = signed_in(person("mia"))
    join(User.objects.get(email="mia@example.org"), optics, InsideRole.MEMBER)
    assert member.get("/organisations/optics/manage/").status_code == 200
    assert member.get(EDIT).status_code == 403
    assert member.post("/organisations/optics/withdraw/").status_code == 403
