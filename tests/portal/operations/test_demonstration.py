"""The demonstration fills an empty registry once, marks all of it, and leaves a real one alone."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.portal.people import organisation

from clusteratlas.atlas import Release
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.operations import demonstration
from clusteratlas.portal.operations.demonstration import demonstrate
from clusteratlas.portal.practice.models import Entry
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.roles import SiteRole


def test_it_shows_every_state_and_comes_once(
    portal: Client, sample_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Meetings are tested in their own room: their timetable takes its time.
    meetings: list[User] = []
    monkeypatch.setattr(demonstration, "load_meetings", lambda _, person: meetings.append(person))
    made = demonstrate(sample_release)
    assert made.organisations == Organisation.objects.count() == 24
    assert made.entries == Entry.objects.count()
    assert set(Entry.objects.values_list("state", flat=True)) == set(Entry.State)
    kinds = {row.document.kind for row in Entry.objects.filter(state="published")}
    assert kinds == {"document", "case", "good-practice", "news", "event"}
    assert Entry.objects.filter(fictional=False).count() == 0
    passwords = {each.mail: each.password for each in made.accounts}
    assert [each.email for each in meetings] == ["demo-editor@example.org"]
    assert len(set(passwords.values())) == 3
    for mail, password in passwords.items():
        assert len(password) >= 20
        assert User.objects.get(email=mail).check_password(password)
    runs = User.objects.get(email="demo-administrator@example.org")
    assert runs.site_role == SiteRole.ADMINISTRATOR
    counts = {model: model.objects.count() for model in (Organisation, Entry, User)}
    again = demonstrate(sample_release)
    assert {each.password for each in again.accounts} == {""}
    assert {model: model.objects.count() for model in counts} == counts
    for path in ("/organisations/", "/practice/", "/de/practice/"):
        assert 'class="pill fictional"' in portal.get(path).content.decode(), path
    shown = Entry.objects.filter(state="published").first()
    text = portal.get(f"/practice/{shown.slug}/").content.decode()  # type: ignore[union-attr]
    assert "Demonstration data" in text
    assert "Eleven suppliers" in portal.get("/regions/us-cbsa/19820/").content.decode()
    assert "Demonstration data: Eleven" in portal.get("/practice/feed.atom").content.decode()


def test_a_registry_with_real_organisations_is_left_alone(sample_release: Release) -> None:
    organisation("optics")
    assert demonstrate(sample_release).real == 1
    assert Organisation.objects.count() == 1
    assert not User.objects.exists()
