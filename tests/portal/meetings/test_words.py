"""Pages of requests and events are whole in another language."""

from __future__ import annotations

from django.test import Client

from clusteratlas.atlas import Release
from clusteratlas.organisations import load_demonstration
from clusteratlas.portal.meetings import demonstration
from clusteratlas.portal.meetings.feeds import key_of
from clusteratlas.portal.meetings.models import ContactRequest, MatchmakingEvent
from clusteratlas.portal.meetings.planned import attendees_of
from clusteratlas.portal.registry import loading
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.roles import SiteRole

from ..people import person, signed_in
from ..test_languages import left, marked  # noqa: F401


def test_no_word_is_left_in_english(
    portal: Client,
    marked: None,  # noqa: F811
    sample_release: Release,
) -> None:
    visitor = person("visitor", SiteRole.MODERATOR)
    loading.load(load_demonstration())
    event = demonstration.load_meetings(sample_release, visitor)
    someone = attendees_of(event)[0]
    given = {each.name for each in Organisation.objects.all()} | {visitor.email, visitor.name}
    given |= {each.title for each in MatchmakingEvent.objects.all()} | {"Europe/Berlin", "UTC"}
    given |= set(demonstration.PEOPLE)
    mine = ContactRequest.objects.filter(sender__memberships__user=visitor)
    given |= {each.topic for each in mine}
    places = [f"requests/{each.pk}/" for each in mine] + [
        "requests/", "requests/outcomes/", "requests/new/?to=imaginary-music-row-collective",
        "requests/blocked/imaginary-lakes-medical-device-alliance/",
        "events/", "events/mine/", "events/new/", f"agenda/{key_of(someone)}/",
        f"registrations/{someone.registration_id}/",
        f"registrations/{someone.registration_id}/wishes/{someone.pk}/",
        *(f"events/{event.slug}/{place}" for place in (
            "", "organise/", "edit/", "applicants/", "wishes/", "timetable/", "agenda/",
        )),
    ]  # fmt: skip
    browser = signed_in(visitor)
    found = {}
    for place in places:
        answer = browser.get(f"/de/{place}")
        assert answer.status_code == 200, place
        said = left(answer.content.decode(), frozenset(given))
        if said:
            found[place] = said
    assert not found
