"""What has served its time goes, and what has not stays."""

from __future__ import annotations

from datetime import timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone
from tests.portal.people import organisation, person, signed_in

from clusteratlas.portal.accounts import links
from clusteratlas.portal.accounts.models import Asked, OneTimeLink, SignIn
from clusteratlas.portal.operations.forgetting import forget
from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.registry import people
from clusteratlas.portal.registry.models import Invitation, Upload
from clusteratlas.portal.roles import InsideRole


def test_what_ended_is_forgotten() -> None:
    ada, now = person(), timezone.now()
    signed_in(ada)
    links.issue("confirm", lifetime=timedelta(hours=1), email="b@example.org")
    Asked.objects.create(key="k")
    AccessAttempt.objects.create(username="b@example.org", failures_since_start=1)
    people.invite(organisation(), "b@example.org", InsideRole.EDITOR, by=ada)
    Upload.objects.create(person=ada, file="f", profiles=[])
    Job.objects.create(kind="k", state=Job.State.DONE, ended_at=now)
    running = Job.objects.create(kind="k", state=Job.State.RUNNING)
    assert not forget(now)
    gone = forget(now + timedelta(days=60))
    names = (
        "sessions", "sign_ins", "links", "failures", "asked", "invitations", "uploads", "jobs",
    )  # fmt: skip
    assert gone == dict.fromkeys(names, 1)
    for kept in (Session, SignIn, OneTimeLink, Asked, AccessAttempt, Invitation, Upload):
        assert not kept.objects.exists()
    assert list(Job.objects.all()) == [running]
