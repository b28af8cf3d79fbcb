"""Fill a store with the demonstration; everybody in it has a password that the tests know.

Run as a program: Django is set up once in a process, and the tests' own has another database.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from clusteratlas.atlas import open_release
from clusteratlas.portal import store

PASSWORD = "correct horse battery staple"


def fill(place: Path) -> dict[str, object]:
    """Make the database of the store; return what stands in addresses and has no fixed name."""
    store.set_up(place)
    store.migrate()

    from django.contrib.auth.hashers import make_password
    from django.utils import timezone

    from clusteratlas.portal.accounts.models import User
    from clusteratlas.portal.meetings import demonstration, feeds
    from clusteratlas.portal.meetings.models import Attendee, ContactRequest
    from clusteratlas.portal.operations.demonstration import demonstrate
    from clusteratlas.portal.operations.models import Job
    from clusteratlas.portal.practice.models import Entry

    demonstration.SECONDS = 1
    with open_release(place) as release:
        demonstrate(release)
    User.objects.update(password=make_password(PASSWORD), confirmed_at=timezone.now())
    editor = User.objects.get(email="demo-editor@example.org")
    attendee = Attendee.objects.filter(registration__event__slug="imaginary-matchmaking-days")
    first = attendee.order_by("pk")[0]
    job = Job.objects.create(
        kind="meetings.timetable",
        person=editor,
        state=Job.State.FAILED,
        back="/events/",
        faults=[{"problem": "no table is left", "value": "", "hint": "add one"}],
    )
    asked = ContactRequest.objects.filter(sender__memberships__user=editor)
    return {
        "job": job.pk,
        "attendee": first.pk,
        "registration": first.registration_id,
        "entry": Entry.objects.filter(published__isnull=False).order_by("pk")[0].slug,
        "agenda": feeds.key_of(first),
        "accepted": asked.get(state="accepted").pk,
        **_applicants(),
    }


def _applicants() -> dict[str, object]:
    """Somebody of an applicant of the fictional programme, and who applies to it."""
    from django.utils import timezone

    from clusteratlas.portal.accounts.models import User
    from clusteratlas.portal.programmes.models import Application
    from clusteratlas.portal.registry.models import Membership, Organisation
    from clusteratlas.portal.roles import InsideRole

    nora = User.objects.create_user("textile@example.org", name="Nora", password=PASSWORD)
    nora.confirmed_at = timezone.now()
    nora.save(update_fields=["confirmed_at"])
    textile = Organisation.objects.get(name="Cluster Imaginário Têxtil do Norte")
    Membership.objects.create(user=nora, organisation=textile, role=InsideRole.EDITOR)
    of = Application.objects.filter(state="handed_in")
    return {
        "applied": of.get(organisation__name__startswith="Musternetz").pk,
        "application": of.get(organisation=textile).pk,
    }


if __name__ == "__main__":
    print(json.dumps(fill(Path(sys.argv[1]))))
