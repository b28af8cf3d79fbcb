"""No word of the pages that people sign in for is left in English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from zoneinfo import available_timezones

import pytest
from babel import Locale
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from clusteratlas.atlas import Release
from clusteratlas.portal.accounts.models import AuditEntry, User
from clusteratlas.portal.accounts.routes import patterns as accounts
from clusteratlas.portal.benchmarking.demonstration import load_assessments
from clusteratlas.portal.benchmarking.models import AssessmentRound
from clusteratlas.portal.benchmarking.routes import patterns as benchmarking
from clusteratlas.portal.evidence.routes import patterns as evidence
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
from clusteratlas.portal.programmes.effects import uploads
from clusteratlas.portal.programmes.models import (
    Application,
    EffectStudy,
    Programme,
    RegisterFile,
)
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
    *evidence,
)
ON_THE_MAP = (
    "regions/us-cbsa/19820/",
    "regions/us-cbsa/19820/clusters/4/",
    "clusters/us-benchmark-2014/4/",
    "organisations/?cluster=us-benchmark-2014:4",
    "organisations/<slug:organisation>/partners/?field=cross&partners=too",
    "search/?q=imaginary",
)
OF_PROGRAMMES = (
    "programmes/?see=map",
    f"programmes/{FICTIONAL}/effects/2/draft/",
    f"programmes/{FICTIONAL}/account/flemish-clusters-2025-dbc3/2025/",
    f"programmes/{FICTIONAL}/account/flemish-clusters-2025-cpi1/2018/",
    f"programmes/{FICTIONAL}/account/programme-money-1-committed/2025/",
    f"programmes/{FICTIONAL}/portfolio/?budget=900000&first=3",
    f"programmes/{FICTIONAL}/return/?effect=1:jobs&value=60000&currency=EUR&rate=3&cost=5000000",
)
"""Pages of programmes as they are with something asked or open."""


GIVEN_BY_PEOPLE = (
    User,
    Organisation,
    Entry,
    MatchmakingEvent,
    ContactRequest,
    Attendee,
    Programme,
    Application,
    EffectStudy,
    RegisterFile,
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
        **of_programmes(person),
    }


def of_programmes(person: User) -> dict[str, object]:
    """What addresses of programmes name; files that wait for a decision are sent for it."""
    programme = Programme.objects.get(slug=FICTIONAL)
    table = SimpleUploadedFile("firms.csv", b"unit,year,jobs\na,2019,3\nb,2019,4\n")
    treated = SimpleUploadedFile("supported.csv", b"unit,start\na,2020\n")
    files = uploads.keep(programme, table, treated, person)
    other = programme.document.model_copy(update={"slug": "", "name": "Another boost"})
    register = RegisterFile.objects.create(
        person=person,
        file="register.json",
        programmes=[programme.document.model_dump(mode="json"), other.model_dump(mode="json")],
    )
    states = Application.State
    handed_in = programme.applications.filter(state=states.HANDED_IN).first()
    return {
        "application": programme.applications.filter(state=states.DRAFT).first(),
        "applied": handed_in,
        "study": 1,
        "files": files.key,
        "register_file": register,
        "rule": "flemish-clusters-2025-cpi1",
        "year": 2025,
        "effect": "bavaria-rd",
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
    for route in (*(str(each.pattern) for each in ALL), *ON_THE_MAP, *OF_PROGRAMMES):
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
    assert seen > 80
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
