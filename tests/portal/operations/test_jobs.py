"""Long work: it ends well, with reasons, stopped or dead, and never half-written."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clusteratlas.portal.accounts.models import AuditEntry
from clusteratlas.portal.operations import jobs
from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.roles import InsideRole, SiteRole
from clusteratlas.tables import CannotAnswer

from ..people import join, organisation, person, signed_in

WRITTEN: list[str] = []


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    WRITTEN.clear()
    monkeypatch.setattr(jobs, "_kinds", dict(jobs._kinds))

    @jobs.kind("count", "Count", {"counting": "It counts."})
    def count(progress: jobs.Progress, given: dict[str, Any]) -> jobs.Outcome:
        progress.at("counting", 0.5)
        if given.get("stop"):
            jobs.stop(Job.objects.get(pk=progress.job))
            progress.at("last", 0.9)
        if given.get("late_stop"):
            jobs.stop(Job.objects.get(pk=progress.job))
        if given.get("refuse"):
            raise CannotAnswer("there is no <such> number", value="7", hint="take another")
        if given.get("break"):
            raise ZeroDivisionError
        return jobs.Outcome(lambda: WRITTEN.append("kept"), "/events/")


def begun(**given: Any) -> Job:
    return Job.objects.create(kind="count", given=given, subject="number:1")


def test_a_job_ends_done_failed_or_stopped_and_only_done_writes() -> None:
    assert jobs.run(begun().pk).state == "done"
    assert WRITTEN == ["kept"]
    refused = jobs.run(begun(refuse=True).pk)
    assert (refused.state, refused.faults) == (
        "failed",
        [
            {"file": "", "row": "", "column": "", "value": "7"}
            | {"problem": "there is no <such> number", "hint": "take another"}
        ],
    )
    broken = jobs.run(begun(**{"break": True}).pk)
    assert (broken.state, broken.faults) == ("failed", [])
    assert jobs.run(begun(stop=True).pk).state == "stopped"
    assert jobs.run(begun(late_stop=True).pk).state == "stopped"
    assert WRITTEN == ["kept"]


def test_the_same_work_is_not_started_twice(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    launched: list[int] = []
    monkeypatch.setattr(jobs, "launch", launched.append)
    with django_capture_on_commit_callbacks(execute=True):
        first = jobs.start("count", {}, subject="number:1")
        second = jobs.start("count", {}, subject="number:1")
        other = jobs.start("count", {}, subject="number:2")
    assert first == second != other
    assert launched == [first.pk, other.pk]


def test_a_process_is_started_for_this_place_and_store(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    asked: list[Any] = []

    class Started:
        def __init__(self, command: list[str], env: dict[str, str], **_more: Any) -> None:
            asked.extend((command, env))

        def wait(self) -> int:
            return 0

    monkeypatch.setattr(jobs.subprocess, "Popen", Started)
    jobs.launch(7)
    command, env = asked
    assert command[1:] == ["-m", "clusteratlas.portal.operations.run_job", "7"]
    assert env["CLUSTERATLAS_PLACE"] == str(settings.ATLAS_PLACE)
    assert env["CLUSTERATLAS_STORE"] == str(settings.STORE)


def test_a_dead_process_is_noticed_and_a_living_one_is_stopped() -> None:
    late = begun()
    Job.objects.filter(pk=late.pk).update(asked_at=timezone.now() - timedelta(hours=1))
    assert jobs.noticed(Job.objects.get(pk=late.pk)).state == "failed"
    idle = [sys.executable, "-c", "print(flush=True); import time; time.sleep(60)", "run_job"]
    process = subprocess.Popen(idle, stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as said:
        said.readline()
    job = begun()
    Job.objects.filter(pk=job.pk).update(
        state="running", host=jobs.socket.gethostname(), pid=process.pid
    )
    job.refresh_from_db()
    assert jobs.noticed(job).state == "running"
    assert jobs.stop(job)
    assert process.wait(5) == -15
    gone = begun()
    Job.objects.filter(pk=gone.pk).update(
        state="running", host=jobs.socket.gethostname(), pid=process.pid
    )
    assert jobs.noticed(Job.objects.get(pk=gone.pk)).state == "failed"
    elsewhere = begun()
    Job.objects.filter(pk=elsewhere.pk).update(
        state="running", host="another", seen_at=timezone.now() - timedelta(hours=1)
    )
    assert jobs.noticed(Job.objects.get(pk=elsewhere.pk)).state == "failed"


def test_the_page_of_a_job(portal: Any) -> None:
    home, owner, stranger = organisation("home"), person("owner"), person("stranger")
    editor, moderator = person("editor"), person("mod", SiteRole.MODERATOR)
    join(editor, home, InsideRole.EDITOR)
    job = Job.objects.create(kind="count", subject="n", person=owner, organisation=home)
    address = f"/jobs/{job.pk}/"
    for who, status in ((owner, 200), (editor, 200), (moderator, 200), (stranger, 404)):
        assert signed_in(who).get(address).status_code == status
    assert portal.get(address).status_code == 404
    Job.objects.filter(pk=job.pk).update(
        state="running",
        stage="counting",
        share=0.25,
        host="another",
        seen_at=timezone.now(),
        started_at=timezone.now() - timedelta(seconds=60),
    )
    page = signed_in(owner).get(address).content.decode()
    for said in ("It counts.", "25\xa0%", "about 3 minutes left", 'hx-trigger="every 1s"'):
        assert said in page
    assert '<meta http-equiv="refresh"' in page
    assert signed_in(stranger).post(f"{address}stop/").status_code == 404
    assert signed_in(owner).get(f"{address}stop/").status_code == 405
    assert signed_in(owner).post(f"{address}stop/").status_code == 302
    assert AuditEntry.objects.get().action == "job.stop"
    assert "hx-trigger" not in signed_in(owner).get(address).content.decode()
    refused = jobs.run(begun(refuse=True).pk)
    Job.objects.filter(pk=refused.pk).update(person=owner)
    page = signed_in(owner).get(f"/jobs/{refused.pk}/").content.decode()
    assert "there is no &lt;such&gt; number" in page
