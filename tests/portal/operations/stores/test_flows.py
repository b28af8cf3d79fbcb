"""The main flows on both databases: conflicts, races, requests, jobs, the library, usage."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections as open_connections
from pytest_django.fixtures import Settings
from tests.portal.people import join, organisation, person, signed_in
from tests.portal.practice.test_library import written

from clusteratlas.portal.accounts.models import AuditEntry
from clusteratlas.portal.meetings import contacts
from clusteratlas.portal.meetings.contacts import NotNow
from clusteratlas.portal.operations import jobs, migrating, usage
from clusteratlas.portal.operations.models import Job, UsageCount
from clusteratlas.portal.practice import keeping as library
from clusteratlas.portal.registry import keeping, state
from clusteratlas.portal.registry.models import Organisation, Revision
from clusteratlas.portal.roles import InsideRole, SiteRole


@contextmanager
def default_database(told: dict[str, Any]) -> Iterator[None]:
    """Let the portal use another database within the block, with the tables of this version."""
    before, held = open_connections.databases["default"], open_connections["default"]
    open_connections.databases["default"] = {**before, "OPTIONS": {}, **told}
    del open_connections["default"]
    try:
        migrating.bring(open_connections["default"])
        yield
    finally:
        open_connections["default"].close()
        open_connections.databases["default"] = before
        open_connections["default"] = held


@pytest.fixture(autouse=True)
def _default(engine: Any, settings: Settings, tmp_path: Path, sample_place: Path) -> Iterator[None]:
    settings.ATLAS_PLACE, settings.STORE = sample_place, tmp_path
    settings.REGISTRY_STATE_SECONDS = 0
    with default_database(engine("flows")):
        yield


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """Do several things at the same time; return what came of each, errors as such."""
    found: list[Any] = [None] * len(work)
    start = threading.Barrier(len(work))

    def run(number: int) -> None:
        start.wait()
        try:
            found[number] = work[number]()
        except Exception as error:
            found[number] = error
        finally:
            open_connections["default"].close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(work))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return found


def test_of_two_editors_one_keeps_and_the_other_is_told() -> None:
    ada, optics = person("ada"), organisation("optics")
    profiles = [optics.profile.model_copy(update={"town": f"Town {n}"}) for n in range(4)]

    def edit(number: int) -> Callable[[], Any]:
        mine = Organisation.objects.get(pk=optics.pk)
        return lambda: keeping.keep(mine, profiles[number], base=1, person=ada)

    found = at_once(*(edit(number) for number in range(4)))
    kept = [each for each in found if isinstance(each, Organisation)]
    told = [each for each in found if isinstance(each, keeping.Outdated)]
    assert (len(kept), len(told)) == (1, 3), found
    optics.refresh_from_db()
    assert optics.version == 2
    assert Revision.objects.filter(organisation=optics, version=2).count() == 1
    assert AuditEntry.objects.filter(subject="optics").count() == 1


def test_two_that_ask_each_other_make_one_request() -> None:
    ada, ben = person("ada"), person("ben")
    one, other = organisation("one"), organisation("other")
    join(ada, one, InsideRole.OWNER)
    join(ben, other, InsideRole.OWNER)
    found = at_once(
        lambda: contacts.ask(one, other, ada, topic="Labs", message="Together?"),
        lambda: contacts.ask(other, one, ben, topic="Labs", message="Together?"),
    )
    made = [each for each in found if not isinstance(each, Exception)]
    assert len(made) == 1, found
    assert [each for each in found if isinstance(each, NotNow)]
    receiver = ben if made[0].sender_id == one.pk else ada
    again = at_once(
        *[lambda: contacts.take(made[0], "accept", receiver, version=1, shares=True)] * 2
    )
    assert sum(not isinstance(each, Exception) for each in again) == 1, again
    made[0].refresh_from_db()
    assert made[0].state == "accepted"


def test_a_job_is_taken_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_kinds", dict(jobs._kinds))
    done: list[str] = []

    @jobs.kind("flow", "Flow", {"at work": "It works."})
    def work(progress: jobs.Progress, given: dict[str, Any]) -> jobs.Outcome:
        progress.at("at work", 0.5)
        return jobs.Outcome(lambda: done.append(given["what"]), "/events/")

    job = Job.objects.create(kind="flow", given={"what": "é"}, subject="flow:1")
    at_once(lambda: jobs.run(job.pk), lambda: jobs.run(job.pk))
    job.refresh_from_db()
    assert (job.state, job.share, done) == ("done", 1.0, ["é"])


def test_an_entry_is_published_once_and_the_public_state_changes() -> None:
    entry = library.begin(written(regions=("us-cbsa:41940",)), person("ada"))
    library.submit(entry, None)
    before = state.current()
    found = at_once(*[lambda: library.publish(entry, None, version=1)] * 3)
    assert [type(each) for each in found].count(library.NotNow) == 2, found
    assert state.current() != before
    text = signed_in(person("eve")).get("/regions/us-cbsa/41940/").content.decode()
    assert "Something new" in text


def test_counts_of_several_processes_add_up() -> None:
    buffers = [usage.Buffer() for _ in range(3)]
    for each in buffers:
        for _ in range(5):
            each.add("/map/", "AT")
    assert at_once(*(each.flush for each in buffers)).count(5) >= 1
    while any(each.flush() for each in buffers):
        pass
    assert UsageCount.objects.get().count == 15


def test_pages_of_people_are_served() -> None:
    client = signed_in(person("root", SiteRole.ADMINISTRATOR))
    for path in ("/account/", "/account/audit/", "/operations/usage/", "/practice/mine/"):
        assert client.get(path).status_code == 200, path
