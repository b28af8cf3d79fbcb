"""Events from the first form to the agenda: who may what, and timetables that hold."""

from __future__ import annotations

import html
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from clusteratlas.atlas import Release
from clusteratlas.matching.timetable import verify
from clusteratlas.organisations import load_demonstration
from clusteratlas.portal.accounts import own_data
from clusteratlas.portal.accounts.models import AuditEntry, User
from clusteratlas.portal.meetings import demonstration, planning, registering
from clusteratlas.portal.meetings.contacts import NotNow
from clusteratlas.portal.meetings.feeds import key_of
from clusteratlas.portal.meetings.models import (
    Attendee,
    ContactRequest,
    MatchmakingEvent,
    Pair,
    Plan,
    Preference,
    Registration,
)
from clusteratlas.portal.meetings.planned import (
    attendees_of,
    draft_plan,
    read_plan,
    shown_plan,
    timetable_input,
)
from clusteratlas.portal.meetings.reminding import remind
from clusteratlas.portal.operations import jobs
from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.registry import loading
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.roles import InsideRole, SiteRole

from ..people import join, organisation, person, signed_in

EVENT = "/events/spring/"


class Fair:
    """A small event: five organisations with a person each, everybody wants to meet everybody."""

    def __init__(self, people: int = 5) -> None:
        self.host = organisation("host")
        self.organiser, self.stranger = person("organiser"), person("stranger")
        join(self.organiser, self.host)
        join(self.stranger, organisation("elsewhere"), InsideRole.OWNER)
        now = timezone.now()
        day = (now + timedelta(days=30)).replace(hour=9, minute=0, second=0, microsecond=0)
        self.event = MatchmakingEvent.objects.create(
            slug="spring",
            title="Spring <b>meeting</b>",
            organisation=self.host,
            state="announced",
            time_zone="Europe/Berlin",
            opens_at=now - timedelta(days=9),
            first_cutoff=now + timedelta(days=1),
            second_cutoff=now + timedelta(days=2),
            slots=[
                {
                    "id": f"s{number}",
                    "start": (day + timedelta(minutes=30 * number)).isoformat(),
                    "end": (day + timedelta(minutes=30 * number + 25)).isoformat(),
                    "is_break": number == 2,
                }
                for number in range(6)
            ],
            tables=[{"id": f"t{n}", "name": str(n), "unavailable": []} for n in (1, 2)],
            guarantee=1,
            rule={"places": 9},
        )
        self.people: list[Attendee] = []
        self.users: list[User] = []
        for number in range(people):
            home = organisation(f"home-{number}")
            user = person(f"guest{number}")
            join(user, home)
            found = Registration.objects.create(
                event=self.event, organisation=home, state="selected", told="selected"
            )
            self.users.append(user)
            self.people.append(
                registering.bring(found, user, name=f"Guest {number}", mail=user.email)
            )
        for one in self.people:
            registering.wish(one, {two.pk: 3 for two in self.people}, None)

    def work(self, *, adapt: bool = False, relax: bool = False) -> Job:
        job = Job.objects.create(
            kind=planning.KIND,
            given={
                "event": self.event.pk,
                "adapt": adapt,
                "relax": relax,
                "person": self.organiser.pk,
                "back": f"{EVENT}timetable/",
                "seconds": 5,
            },
            person=self.organiser,
        )
        return jobs.run(job.pk)


@pytest.fixture
def fair(portal: Client) -> Fair:
    return Fair()


ORGANISING = (
    "organise/", "edit/", "applicants/", "wishes/", "timetable/", "people.csv", "timetable.csv",
    "timetable/tables.pdf",
)  # fmt: skip
DOING = (
    "state/announced/", "applicants/rule/", "applicants/tell/", "applicants/1/", "wishes/pairs/",
    "wishes/pairs/1/remove/", "timetable/compute/", "timetable/publish/final/",
    "timetable/late/cancel/",
)  # fmt: skip


def test_only_those_who_organise_reach_the_cockpit(fair: Fair) -> None:
    fair.work()
    browsers = {
        "organiser": signed_in(fair.organiser),
        "moderator": signed_in(person("mod", SiteRole.MODERATOR)),
        "guest": signed_in(fair.users[0]),
        "stranger": signed_in(fair.stranger),
        "visitor": Client(),
    }
    for place in ORGANISING:
        seen = {who: each.get(f"{EVENT}{place}").status_code for who, each in browsers.items()}
        assert seen == {
            "organiser": 200, "moderator": 200, "guest": 403, "stranger": 403, "visitor": 302,
        }, place  # fmt: skip
    for place in DOING:
        for who in ("guest", "stranger", "visitor"):
            assert browsers[who].post(f"{EVENT}{place}").status_code == 403, (place, who)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(fair.organiser, "django.contrib.auth.backends.ModelBackend")
    assert {strict.post(f"{EVENT}{place}").status_code for place in DOING} == {403}
    MatchmakingEvent.objects.update(state="draft")
    for who, status in (("organiser", 200), ("guest", 404), ("visitor", 404)):
        assert browsers[who].get(EVENT).status_code == status
        assert browsers[who].get(f"{EVENT}organise/").status_code == status
    assert b"spring" not in browsers["guest"].get("/events/").content
    own = fair.people[0].registration.pk
    for who, status in (("guest", 200), ("organiser", 404), ("moderator", 404), ("visitor", 404)):
        assert browsers[who].get(f"/registrations/{own}/").status_code == status
        assert browsers[who].post(f"/registrations/{own}/withdraw/").status_code == (
            302 if status == 200 else 404
        )
    other = fair.people[1]
    wrong = f"/registrations/{own}/people/{other.pk}/cancel/"
    assert browsers["guest"].post(wrong).status_code == 404


def test_a_form_makes_an_event_and_names_every_fault(fair: Fair) -> None:
    browser = signed_in(fair.organiser)
    day = (timezone.now() + timedelta(days=90)).date().isoformat()
    rows = {
        f"blocks-{row}-{name}": value
        for row, (start, end, kind) in enumerate(
            (("09:00", "12:00", "meetings"), ("10:00", "10:30", "break"))
        )
        for name, value in (("day", day), ("start", start), ("end", end), ("kind", kind))
    }
    given = {
        "title": "Autumn <script>", "organisation": "host", "time_zone": "Europe/Paris",
        "opens_at": "2026-01-01T09:00", "first_cutoff": "2026-02-01T09:00",
        "second_cutoff": "2026-03-01T09:00", "slot_minutes": "25", "pause_minutes": "5",
        "tables": "3", "consent": "both", "guarantee": "1", "supported_claims": "0",
        "countries": "de, fr", "rank_first": "label", "places": "5", "reserve": "0",
        "blocks-TOTAL_FORMS": "4", "blocks-INITIAL_FORMS": "0", **rows,
    }  # fmt: skip
    for name, value, said in (
        ("countries", "DE XX", "XX"),
        ("organisation", "elsewhere", "elsewhere is not one"),
        ("second_cutoff", "2025-01-01T09:00", "before the moment above"),
        ("second_cutoff", f"{day}T23:00", "after the first meeting"),
        ("website", "javascript:alert(1)", "no address of the web"),
        ("blocks-0-end", "08:00", "before the beginning"),
        ("blocks-0-day", "soon", "Row 1"),
        ("cap", "0", "greater than or equal to 1"),
        ("title", "", "required"),
    ):
        answer = browser.post("/events/new/", {**given, name: value})
        assert answer.status_code == 422, name
        assert said in answer.content.decode(), name
    assert MatchmakingEvent.objects.count() == 1
    assert signed_in(person("nobody")).post("/events/new/", given).status_code == 403
    assert browser.post("/events/new/", given).status_code == 302
    made = MatchmakingEvent.objects.get(slug="autumn-script")
    assert (made.state, made.rule["countries"], len(made.tables)) == ("draft", ["DE", "FR"], 3)
    assert Counter(each["is_break"] for each in made.slots) == {False: 5, True: 1}
    first = datetime.fromisoformat(made.opens_at.isoformat())
    assert first == datetime(2026, 1, 1, 8, tzinfo=UTC)
    page = browser.get("/events/autumn-script/edit/").content.decode()
    assert "2026-01-01T09:00" in page
    assert "Autumn &lt;script&gt;" in page
    edit = "/events/autumn-script/edit/"
    assert browser.post(edit, {**given, "version": "1", "tables": "4"}).status_code == 302
    stale = browser.post(edit, {**given, "version": "1"})
    assert stale.status_code == 422
    assert "has changed since" in stale.content.decode()


def test_registering_and_being_selected_with_reasons(
    fair: Fair, django_capture_on_commit_callbacks: Any
) -> None:
    fair.stranger.language = "de"
    fair.stranger.save()
    stranger, organiser = signed_in(fair.stranger), signed_in(fair.organiser)
    given = {
        "organisation": "elsewhere", "name": "Sam <i>", "mail": "stranger@example.org",
        "listed": "on",
    }  # fmt: skip
    MatchmakingEvent.objects.update(opens_at=timezone.now() + timedelta(hours=1))
    early = stranger.post(f"{EVENT}register/", given)
    assert (early.status_code, "not open yet" in early.content.decode()) == (422, True)
    MatchmakingEvent.objects.update(opens_at=timezone.now())
    assert stranger.post(f"{EVENT}register/", {**given, "organisation": "host"}).status_code == 422
    assert Client().post(f"{EVENT}register/", given).status_code == 403
    assert stranger.post(f"{EVENT}register/", given).status_code == 302
    assert stranger.post(f"{EVENT}register/", given).status_code == 403
    found = Registration.objects.get(organisation__slug="elsewhere")
    assert found.attendees.get().user == fair.stranger
    here = f"/registrations/{found.pk}/"
    wishes = f"{here}wishes/{found.attendees.get().pk}/"
    assert stranger.get(wishes).status_code == 404
    MatchmakingEvent.objects.update(rule={"places": 9, "countries": ["DE"]})
    assert organiser.post(f"{EVENT}applicants/rule/").status_code == 302
    found.refresh_from_db()
    assert found.state == "applied"  # no country stated: nobody can tell
    assert "states no country" not in stranger.get(here).content.decode()
    listed = organiser.get(f"{EVENT}applicants/").content.decode()
    assert "states no country" in listed
    assert "Sam &lt;i&gt;" in listed
    by_hand = f"{EVENT}applicants/{found.pk}/"
    assert organiser.post(by_hand, {"to": "queen"}).status_code == 422
    assert organiser.post(by_hand, {"to": "selected", "reason": "Speaker"}).status_code == 302
    assert organiser.post(f"{EVENT}applicants/rule/").status_code == 302
    assert "You are selected" not in stranger.get(here).content.decode()
    assert "Elsewhere" not in Client().get(EVENT).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        organiser.post(f"{EVENT}applicants/tell/")
    told = [each for each in mail.outbox if each.to == ["stranger@example.org"]]
    assert len(told) == 1
    assert f"/de/registrations/{found.pk}/" in told[0].body
    page = stranger.get(here).content.decode()
    assert "You are selected" in page
    assert "Speaker" in page
    assert stranger.get(wishes).status_code == 200
    assert "Elsewhere" in Client().get(EVENT).content.decode()
    for number in range(5):
        added = {"name": f"P{number}", "mail": f"p{number}@example.org"}
        assert stranger.post(f"{here}people/", added).status_code == 302
    full = stranger.post(f"{here}people/", {"name": "P9", "mail": "p9@example.org"})
    assert "at most 6 people" in full.content.decode()
    assert stranger.post(f"{here}withdraw/").status_code == 302
    assert not found.attendees.filter(cancelled_at=None).exists()


def test_wishes_go_to_people_of_others_only(fair: Fair) -> None:
    one, two = fair.people[:2]
    browser = signed_in(fair.users[0])
    Preference.objects.all().delete()
    registering.wish(two, {one.pk: 2}, None)
    registering.wish(fair.people[2], {one.pk: 0}, None)
    here = f"/registrations/{one.registration_id}/wishes/{one.pk}/"
    page = browser.get(here).content.decode()
    assert page.count("wants to meet you</span>") == 1
    assert "1 person wants to meet you" in page
    given = {
        f"score-{two.pk}": "3",
        f"score-{one.pk}": "3",
        f"score-{fair.people[3].pk}": "7",
        f"score-{fair.people[2].pk}": "0",
    }
    assert browser.post(here, given).status_code == 302
    kept = set(Preference.objects.filter(wisher=one).values_list("wished", "score"))
    assert kept == {(two.pk, 3), (fair.people[2].pk, 0)}
    browser.post(here, {f"score-{two.pk}": ""})
    assert Preference.objects.filter(wisher=one).count() == 1
    free = {"free": ["s0", "s1"]}
    browser.post(f"/registrations/{one.registration_id}/people/{one.pk}/times/", free)
    one.refresh_from_db()
    assert one.unavailable == ["s3", "s4", "s5"]


def test_who_only_comes_acts_for_themselves_while_they_belong(fair: Fair) -> None:
    home = fair.people[0].registration
    bob = person("bob")
    membership = join(bob, home.organisation, InsideRole.MEMBER)
    own = registering.bring(home, None, name="Bob", mail=bob.email)
    browser, here = signed_in(bob), f"/registrations/{home.pk}/"
    page = browser.get(here).content.decode()
    assert ("Bob" in page, "Guest 0" in page, f"{here}withdraw/" in page) == (True, False, False)
    other = fair.people[0].pk
    refused = ("withdraw/", "people/", f"people/{other}/cancel/", f"people/{other}/renew/")
    assert {browser.post(here + each).status_code for each in refused} == {403}
    assert browser.get(f"{here}wishes/{other}/").status_code == 403
    assert browser.get(f"{here}wishes/{own.pk}/").status_code == 200
    assert browser.post(f"{here}people/{own.pk}/times/", {"free": ["s0"]}).status_code == 302
    membership.delete()
    assert {browser.get(each).status_code for each in (here, f"{here}wishes/{own.pk}/")} == {404}
    join(bob, home.organisation, InsideRole.MEMBER)
    assert browser.post(f"{here}people/{own.pk}/cancel/")["Location"] == "/events/mine/"


def test_the_cockpit_asks_as_often_whoever_comes(
    fair: Fair, django_assert_max_num_queries: Any
) -> None:
    organiser = signed_in(fair.organiser)
    for each in ("organise/", "applicants/", "wishes/", "people.csv"):
        with django_assert_max_num_queries(19):
            assert organiser.get(EVENT + each).status_code == 200


def test_a_timetable_is_made_published_changed_and_read(
    fair: Fair, django_capture_on_commit_callbacks: Any
) -> None:
    organiser, job = signed_in(fair.organiser), fair.work()
    assert job.state == "done", job.faults
    draft = draft_plan(fair.event)
    assert draft is not None
    assert shown_plan(fair.event) is None
    event, timetable = read_plan(draft)
    assert verify(timetable_input(fair.event), timetable) == []
    assert event == timetable_input(fair.event)
    assert "Guest" not in str(draft.document)
    assert len(timetable.meetings) == 10
    one = fair.people[0]
    agenda = f"/agenda/{key_of(one)}/"
    visitor = Client()
    assert "not published yet" in visitor.get(agenda).content.decode()
    assert len(Calendar.from_ical(visitor.get(f"{agenda}feed.ics").content).events) == 0
    assert visitor.get(f"{agenda}agenda.pdf").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        organiser.post(f"{EVENT}timetable/publish/preliminary/")
    assert len(mail.outbox) == 5
    page = visitor.get(agenda)
    assert "no-store" in page.headers["Cache-Control"]
    assert "Guest 1" in page.content.decode()
    local = timetable.of(str(one.pk))[0].slot
    begin = next(each.start for each in event.slots if each.id == local)
    assert f"{begin:%H:%M}\u2013" in page.content.decode()
    calendar = Calendar.from_ical(visitor.get(f"{agenda}agenda.ics").content)
    assert len(calendar.events) == 4
    assert {str(each["summary"])[-7:] for each in calendar.events} == {
        f"Guest {number}" for number in (1, 2, 3, 4)
    }
    pdf = visitor.get(f"{agenda}agenda.pdf").content
    assert pdf.startswith(b"%PDF")
    assert organiser.get(f"{EVENT}timetable/tables.pdf").content.startswith(b"%PDF")
    table = organiser.get(f"{EVENT}timetable.csv").content.decode()
    assert table.count("Guest 3") == 4
    public = visitor.get(f"{EVENT}agenda/").content.decode()
    assert "Guest" not in public
    assert "10 meetings" in public
    Attendee.objects.filter(pk__in=[each.pk for each in fair.people[:2]]).update(public=True)
    assert "Guest 0" in visitor.get(f"{EVENT}agenda/").content.decode()


def test_late_changes_move_few_meetings(
    fair: Fair, django_capture_on_commit_callbacks: Any
) -> None:
    organiser, visitor, one = signed_in(fair.organiser), Client(), fair.people[0]
    agenda = f"/agenda/{key_of(one)}/"
    fair.work()
    planning.publish(draft_plan(fair.event), "preliminary", None)
    registering.cancel(fair.people[4], None)
    assert visitor.get(f"/agenda/{key_of(fair.people[4])}/").status_code == 404
    lost = {"table": "t2", "slot": "s4"}
    assert organiser.post(f"{EVENT}timetable/late/table-lost/", lost).status_code == 302
    assert organiser.post(f"{EVENT}timetable/late/table-lost/", {"table": "x"}).status_code == 404
    with pytest.raises(NotNow, match="adapt the timetable"):
        planning.publish(shown_plan(fair.event), "final", None)
    assert fair.work(adapt=True).state == "done"
    changed = draft_plan(fair.event)
    assert changed is not None
    fair.event.refresh_from_db()
    assert verify(timetable_input(fair.event), read_plan(changed)[1]) == []
    kept = changed.changes
    dropped = {why for _meeting, why in kept["dropped"]}
    assert len(kept["dropped"]) >= 4
    assert dropped <= {"gone", "gave_way"}
    assert kept["kept"] + len(kept["moved"]) + len(kept["reseated"]) + len(kept["dropped"]) == 10
    said = organiser.get(f"{EVENT}timetable/").content.decode()
    assert "one of them does not come any more" in said
    assert "Participants see version 0" in said
    with django_capture_on_commit_callbacks(execute=True):
        organiser.post(f"{EVENT}timetable/publish/final/")
    assert [each.state for each in Plan.objects.all()] == ["final", "replaced"]
    calendar = Calendar.from_ical(visitor.get(f"{agenda}feed.ics").content)
    assert {each["sequence"] for each in calendar.events} == {1}
    key = key_of(one)
    renew = f"/registrations/{one.registration_id}/people/{one.pk}/renew/"
    assert signed_in(fair.users[0]).post(renew).status_code == 302
    for void in (key, f"{key}x", "1xabc", "x", "\u00e4"):
        assert visitor.get(f"/agenda/{void}/").status_code == 404


def test_what_is_in_the_way_is_told_with_names(fair: Fair) -> None:
    fair.event.guarantee = 3
    fair.event.save()
    lonely = fair.people[2]
    Preference.objects.filter(wisher=lonely).exclude(wished=fair.people[0]).delete()
    organiser = signed_in(fair.organiser)
    assert "1 person has fewer" in organiser.get(f"{EVENT}wishes/").content.decode()
    job = fair.work()
    assert job.state == "failed"
    page = organiser.get(f"/jobs/{job.pk}/").content.decode()
    assert "Guest 2 is promised 3 meetings and has 1 consented partner" in page
    assert draft_plan(fair.event) is None
    assert fair.work(relax=True).state == "done"
    plan = draft_plan(fair.event)
    assert plan is not None
    assert read_plan(plan)[1].shortfall == 2
    fair.event.guarantee, fair.event.tables = 2, fair.event.tables[:1]
    for other in fair.people:
        registering.wish(other, {two.pk: 3 for two in fair.people}, None)
    fair.event.slots = fair.event.slots[:4]  # three meetings where five are promised
    fair.event.save()
    job = fair.work()
    assert (job.state, len(job.faults)) == ("failed", 1)
    assert "Guest 4" in job.faults[0]["value"]
    page = organiser.get(f"/jobs/{job.pk}/").content.decode()
    assert html.escape(job.faults[0]["problem"]) in page
    assert "3 meetings" in page


def test_consent_forbidden_and_fixed_meetings(fair: Fair) -> None:
    one, two, three = fair.people[:3]
    organiser = signed_in(fair.organiser)
    Preference.objects.filter(wisher=two, wished=one).delete()
    pairs = f"{EVENT}wishes/pairs/"
    fix = {"what": "fixed", "slot": "s5", "table": "t2"}
    asked = organiser.post(pairs, {"a": two.pk, "b": one.pk, **fix})
    assert "have not agreed to meet" in asked.content.decode()
    assert organiser.post(pairs, {"a": one.pk, "b": one.pk, **fix}).status_code == 422
    assert organiser.post(pairs, {"a": one.pk, "b": three.pk, **fix}).status_code == 302
    again = {"a": three.pk, "b": one.pk, "what": "forbidden"}
    assert "rule for this pair already" in organiser.post(pairs, again).content.decode()
    assert (
        organiser.post(pairs, {"a": two.pk, "b": three.pk, "what": "forbidden"}).status_code == 302
    )
    assert fair.work().state == "done"
    plan = draft_plan(fair.event)
    assert plan is not None
    _event, timetable = read_plan(plan)
    met = {each.pair: (each.slot, each.table) for each in timetable.meetings}
    assert met[str(one.pk), str(three.pk)] == ("s5", "t2")
    assert (str(one.pk), str(two.pk)) not in met
    assert (str(two.pk), str(three.pk)) not in met
    MatchmakingEvent.objects.update(consent="not_refused")
    fair.event.refresh_from_db()
    assert fair.work().state == "done"
    assert any(
        each.pair == (str(one.pk), str(two.pk))
        for each in read_plan(fair.event.plans.first())[1].meetings
    )
    remove = f"{pairs}{Pair.objects.get(forbidden=True).pk}/remove/"
    assert organiser.post(remove).status_code == 302
    assert organiser.post(remove).status_code == 404


def test_reminders_and_own_data(fair: Fair, django_capture_on_commit_callbacks: Any) -> None:
    now = timezone.now()
    Preference.objects.filter(wisher=fair.people[0]).delete()
    with django_capture_on_commit_callbacks(execute=True):
        assert remind("https://atlas.example.org", now)["wishes"] == 1
        assert remind("https://atlas.example.org", now)["wishes"] == 0
        assert remind("https://atlas.example.org", now + timedelta(days=3))["wishes"] == 1
    assert "https://atlas.example.org/registrations/" in mail.outbox[0].body
    fair.work(relax=True)
    planning.publish(draft_plan(fair.event), "final", None)
    with django_capture_on_commit_callbacks(execute=True):
        begin = datetime.fromisoformat(fair.event.slots[0]["start"])
        found = remind("https://atlas.example.org", begin - timedelta(hours=1))
    assert (found["wishes"], found["agenda"]) == (0, 5)
    assert "/agenda/" in mail.outbox[-1].body
    user = fair.users[0]
    exported = own_data.export(user)["events_attended"]
    assert exported[0]["name"] == "Guest 0"
    plan = shown_plan(fair.event)
    assert plan is not None
    own_data.delete(user)
    left = Attendee.objects.get(pk=fair.people[0].pk)
    assert (left.name, left.mail, left.preferences.count()) == ("\u2013", "", 0)
    assert "Guest 0" not in str(read_plan(plan))
    assert AuditEntry.objects.filter(action="account.delete").exists()


def test_the_demonstration_shows_every_state(portal: Client, sample_release: Release) -> None:
    visitor = person("visitor")
    loading.load(load_demonstration())
    event = demonstration.load_meetings(sample_release, visitor)
    assert demonstration.load_meetings(sample_release) == event
    own = Organisation.objects.filter(memberships__user=visitor).order_by("pk").first()
    for side in ({"sender": own}, {"receiver": own}):
        states = set(ContactRequest.objects.filter(**side).values_list("state", flat=True))
        assert states == set(ContactRequest.State.values)
    found = Counter(event.registrations.values_list("state", flat=True))
    assert found["selected"] == 12
    assert {"selected", "reserve", "rejected", "withdrawn"} <= set(found)
    states = set(MatchmakingEvent.objects.values_list("state", flat=True))
    assert states == {"draft", "announced"}
    plan = shown_plan(event)
    assert plan is not None
    assert plan.state == "final"
    read, timetable = read_plan(plan)
    assert verify(read, timetable) == []
    assert plan.changes["dropped"]
    browser = signed_in(visitor)
    someone = attendees_of(event)[0]
    for address in (
        "/requests/", "/events/", "/events/mine/", f"/events/{event.slug}/",
        f"/events/{event.slug}/timetable/", f"/agenda/{key_of(someone)}/",
        f"/registrations/{someone.registration_id}/wishes/{someone.pk}/",
    ):  # fmt: skip
        assert browser.get(address).status_code == 200, address
    assert "fictional" in browser.get(f"/events/{event.slug}/").content.decode()


@pytest.mark.proof
def test_a_job_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    """The whole way on a database in a file: the process is started, works and is seen to end."""
    script = tmp_path / "script.py"
    script.write_text(IN_A_PROCESS)
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "place")],
        cwd=root,
        env={"PYTHONPATH": str(root / "src"), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.stdout.startswith("failed "), done.stderr


IN_A_PROCESS = """
import sys, time
from datetime import timedelta
from pathlib import Path

from clusteratlas.portal import store

store.set_up(Path(sys.argv[1]))
store.migrate()

from django.utils import timezone

from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.meetings import planning
from clusteratlas.portal.meetings.models import MatchmakingEvent
from clusteratlas.portal.operations import jobs

now = timezone.now()
event = MatchmakingEvent.objects.create(
    slug="e", title="E", opens_at=now, first_cutoff=now, second_cutoff=now
)
job = planning.begin(event, User.objects.create_user("a@example.org"))
for _ in range(300):
    time.sleep(0.1)
    job.refresh_from_db()
    if jobs.noticed(job).is_over:
        break
print(job.state, *(each["problem"] for each in job.faults))
"""
