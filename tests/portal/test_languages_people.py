"""No word of the pages that people sign in for is left in English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from zoneinfo import available_timezones

import pytest
from babel import Locale
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from clusteratlas.atlas import Release
from clusteratlas.portal.accounts.models import AuditEntry, User
from clusteratlas.portal.accounts.routes import patterns as accounts
from clusteratlas.portal.benchmarking.demonstration import load_assessments
from clusteratlas.portal.benchmarking.models import AssessmentRound
from clusteratlas.portal.benchmarking.routes import patterns as benchmarking
from clusteratlas.portal.meetings.models import (
    Attendee,
    ContactRequest,
    MatchmakingEvent,
    Registration,
)
from clusteratlas.portal.meetings.routes import patterns as meetings
from clusteratlas.portal.operations.demonstration import demonstrate
from clusteratlas.portal.operations.routes import patterns as operations
from clusteratlas.portal.organised.routes import patterns as organised
from clusteratlas.portal.practice.models import Entry
from clusteratlas.portal.practice.routes import patterns as practice
from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.programmes.routes import patterns as programmes
from clusteratlas.portal.registry.models import Membership, Organisation
from clusteratlas.portal.registry.routes import patterns as registry
from clusteratlas.portal.roles import InsideRole, SiteRole
from clusteratlas.programmes.register import FICTIONAL

from .people import signed_in
from .test_languages import given_words, left, marked  # noqa: F401 - fixtures

ALL: tuple[URLPattern, ...] = (
    *accounts,
    *registry,
    *organised,
    *meetings,
    *practice,
    *benchmarking,
    *operations,
    *programmes,
)
ON_THE_MAP = (
    "regions/us-cbsa/19820/",
    "regions/us-cbsa/19820/clusters/4/",
    "clusters/us-benchmark-2014/4/",
    "organisations/?cluster=us-benchmark-2014:4",
    "organisations/<slug:organisation>/partners/?field=cross&partners=too",
    "search/?q=imaginary",
)


GIVEN_BY_PEOPLE = (
    User,
    Organisation,
    Entry,
    MatchmakingEvent,
    ContactRequest,
    Attendee,
    Programme,
)


@pytest.fixture
def known(portal: Client, sample_release: Release) -> dict[str, object]:
    """What the addresses of the demonstration name; everything belongs to one administrator."""
    demonstrate(sample_release)
    load_assessments()
    person = User.objects.create_user(
        "ada@example.org", name="Ada", site_role=SiteRole.ADMINISTRATOR, confirmed_at=timezone.now()
    )
    for each in Organisation.objects.all()[:6]:
        Membership.objects.update_or_create(
            user=person, organisation=each, defaults={"role": InsideRole.OWNER}
        )
    event = MatchmakingEvent.objects.first()
    registration = Registration.objects.filter(event=event).first()
    asked = ContactRequest.objects.first()
    entry = Entry.objects.filter(published__isnull=False).first()
    third = Organisation.objects.order_by("pk")[2]
    last = third.assessment_rounds.get(questionnaire="european-gold-1", date="2025-12-12")
    last.state = AssessmentRound.State.DRAFT  # a form that is being answered is a page too
    last.save()
    return {
        "assessment": last.pk,
        "group": "structure",
        "questionnaire": "european-gold-1",
        "organisation": Organisation.objects.order_by("pk").values_list("slug", flat=True)[2],
        "person": person.pk,
        "event": event,
        "registration": registration,
        "contact": asked,
        "entry": entry,
        "version": 1,
        "programme": FICTIONAL,
    }


def test_no_word_is_left_in_english(
    known: dict[str, object],
    marked: None,  # noqa: F811
    given_words: frozenset[str],  # noqa: F811
) -> None:

    client = signed_in(User.objects.get(email="ada@example.org"))
    given = given_words | frozenset(given_by_people())
    missed: dict[str, list[str]] = {}
    seen = 0
    for route in (*(str(each.pattern) for each in ALL), *ON_THE_MAP):
        if route.endswith((".csv", ".xlsx", ".json", ".pdf", ".ics", ".atom")) or "<str:" in route:
            continue
        address = "/de/" + re.sub(r"<\w+:(\w+)>", lambda part: value_of(known, part[1]), route)
        if "<" in address:
            continue
        response = client.get(address)
        if response.status_code != 200 or "html" not in response.headers["Content-Type"]:
            continue
        seen += 1
        if words := left(response.content.decode(), given):
            missed[route] = words
    assert seen > 40
    assert not missed, "\n".join(f"{route}: {words}" for route, words in missed.items())


def given_by_people() -> Iterator[str]:
    """What people wrote, and names that every language has: zones, codes of the audit log."""
    for model in GIVEN_BY_PEOPLE:
        for row in model.objects.values():
            yield from texts_of(row)
    for name in ("action", "subject"):
        yield from AuditEntry.objects.values_list(name, flat=True)
    yield from (zone.replace("_", " ") for zone in available_timezones())
    yield from Locale("de").languages.values()
    yield "https://"


def texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield from value.splitlines()
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts_of(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_of(each)


def value_of(known: dict[str, object], name: str) -> str:
    found = known.get(name)
    if found is None:
        return f"<{name}>"
    return str(getattr(found, "slug", None) or getattr(found, "pk", found))
