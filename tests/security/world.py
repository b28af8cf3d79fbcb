"""People of every role, and things of theirs and of others, made once for a module of tests.

Everything that only some may see carries a word of its own (`SECRETS`), so that a test can look for
it in whatever anybody is answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from clusteratlas.organisations import Profile
from clusteratlas.portal.accounts import tokens
from clusteratlas.portal.accounts.models import ApiToken, User
from clusteratlas.portal.meetings.models import (
    Attendee,
    ContactRequest,
    FollowUp,
    MatchmakingEvent,
    Registration,
)
from clusteratlas.portal.operations import jobs
from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.practice.models import Entry, EntryRevision
from clusteratlas.portal.registry.models import (
    Invitation,
    Membership,
    Organisation,
    Revision,
    TakeOver,
    Upload,
)
from clusteratlas.portal.registry.people import digest_of
from clusteratlas.portal.roles import InsideRole, SiteRole

ROLES = (
    "visitor",
    "outsider",
    "member",
    "editor",
    "owner",
    "moderator",
    "administrator",
)
ON_SITE = {"visitor": 0, "moderator": 2, "administrator": 3}
"""What each role is on the site; who is not named here is a member (1)."""

WITHIN = {"member": 1, "editor": 2, "owner": 3}
"""What each role is within the organisations called own; nothing for the others."""

SECRETS = {
    name: f"Canary{name.title().replace('_', '')}Qx7"
    for name in (
        "draft",
        "no_consent",
        "request",
        "follow_up",
        "event",
        "attendee",
        "library",
        "take_over",
        "upload",
        "revision",
        "person",
        "token",
    )
}
"""A word for each kind of thing that not everybody may see."""

MAIL = "canary-mail-qx7"
"""Begins every mail address of the people here."""

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@dataclass
class Asked:
    """An answer, and the statements that wrote into the database for it."""

    response: HttpResponse
    written: list[str]
    passed: bool


class World:
    """The people by role, and by name of a place in addresses what may stand there."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.people = {
            role: User.objects.create_user(
                f"{MAIL}-{role}@example.org",
                name=f"{SECRETS['person']} {role}",
                site_role=SiteRole(ON_SITE.get(role, 1)),
                confirmed_at=timezone.now(),
            )
            for role in (*ROLES[1:], "stranger")
        }
        self.organisations = {
            "own": _organisation("optics", public=True),
            "own draft": _organisation("lasers", public=False),
            "foreign": _organisation("mills", public=True),
            "foreign draft": _organisation("looms", public=False),
        }
        self.third = _organisation("third", public=True)
        for target, each in self.organisations.items():
            people = WITHIN if target.startswith("own") else {"stranger": 3}
            for name, role in people.items():
                _join(self.people[name], each, role)
        for each in self.organisations.values():  # an owner stays when another one is taken out
            _join(self.people["stranger"], each, 3)
        self.sessions = {role: self._session(person) for role, person in self.people.items()}
        self.tokens = {
            (role, scope): tokens.make(person, name=SECRETS["token"], scope=scope, days=9)[1]
            for role, person in self.people.items()
            for scope in ApiToken.Scope.values
        }
        self.places = {name: make(self) for name, make in PLACES.items()}

    def _session(self, person: User) -> str:
        self.client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        key = self.client.cookies["sessionid"].value
        self.client.cookies = SimpleCookie()
        return key

    def value(self, place: str, target: str, role: str) -> object | None:
        """What stands at a place of an address for a role; nothing where there is no such thing."""
        found = self.places[place].get(target)
        return found.get(role) if isinstance(found, dict) else found

    def ask(self, role: str, method: str, address: str, *, token: str = "", **more: Any) -> Asked:
        """Ask as somebody; whatever it changes is undone."""
        self.client.cookies = SimpleCookie()
        if role in self.sessions and not token:
            self.client.cookies["sessionid"] = self.sessions[role]
        headers = {"authorization": f"Bearer {self.tokens[role, token]}"} if token else {}
        if "body" in more:
            more = {"data": more["body"], "content_type": "application/json"}
        written: list[str] = []

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.lstrip().upper().startswith(WRITES):
                written.append(sql)
            return execute(sql, params, many, context)

        send = getattr(self.client, method.lower())
        with transaction.atomic():
            with connection.execute_wrapper(watch):
                response = send(address, headers=headers, **more)
            transaction.set_rollback(True)
        return Asked(response, written, response.status_code < 400)


def _organisation(slug: str, *, public: bool) -> Organisation:
    word = slug.title() if public else f"{SECRETS['draft']} {slug}"
    profile = Profile.model_validate(
        {
            "name": word,
            "summary": word,
            "contacts": [
                {"name": f"Open {slug.title()}", "consent": True},
                {"name": SECRETS["no_consent"], "mail": f"{MAIL}-contact@example.org"},
            ],
        }
    ).model_dump(mode="json")
    made = Organisation.objects.create(
        slug=slug,
        name=word,
        published=profile if public else None,
        published_version=2 if public else 0,
        draft={**profile, "summary": SECRETS["draft"]},
        state=Organisation.State.PUBLISHED if public else Organisation.State.DRAFT,
        version=2,
    )
    for version in (1, 2):
        Revision.objects.create(
            organisation=made,
            version=version,
            profile={**profile, "summary": SECRETS["revision"]},
            published_at=timezone.now() if public and version == 2 else None,
        )
    return made


def _join(person: User, to: Organisation, role: int) -> None:
    Membership.objects.get_or_create(user=person, organisation=to, defaults={"role": role})


Places = dict[str, Any]


def _each_target(world: World, make: Any) -> Places:
    return {target: make(each) for target, each in world.organisations.items()}


def _slugs(world: World) -> Places:
    return _each_target(world, lambda each: each.slug)


def _members(world: World) -> Places:
    """Somebody of the organisation who is none of those that ask."""
    return _each_target(
        world, lambda each: each.memberships.get(user=world.people["stranger"]).pk
    )


def _invited(world: World) -> Places:
    return _each_target(world, lambda each: _invitation(each, f"{MAIL}-new@example.org").pk)


def _invitation(to: Organisation, mail: str, secret: str = "") -> Invitation:
    return Invitation.objects.create(
        organisation=to,
        email=mail,
        role=InsideRole.MEMBER,
        digest=digest_of(secret or f"{to.slug}{mail}"),
        expires_at=timezone.now() + timedelta(days=9),
    )


def _invitations(world: World) -> Places:
    """The secret of an invitation for whoever asks, and of one for somebody else."""
    for role, person in world.people.items():
        _invitation(world.third, person.email, f"secret-of-{role}")
    return {
        "own": {role: f"secret-of-{role}" for role in ROLES[1:]},
        "foreign": "secret-of-stranger",
    }


def _contact(sender: Organisation, receiver: Organisation, state: str) -> ContactRequest:
    return ContactRequest.objects.create(
        sender=sender,
        receiver=receiver,
        topic=SECRETS["request"],
        message=SECRETS["request"],
        state=state,
        expires_at=timezone.now() + timedelta(days=9),
    )


def _contacts(world: World) -> Places:
    return {
        target: _contact(world.third, world.organisations[target], "accepted").pk
        for target in ("own", "foreign")
    }


def _reports(world: World) -> Places:
    """What the other side said came of the requests of `_contacts`."""
    found = {}
    for target in ("own", "foreign"):
        contact = ContactRequest.objects.get(receiver=world.organisations[target])
        found[target] = FollowUp.objects.create(
            contact=contact,
            organisation=world.third,
            outcome="meeting",
            on=timezone.localdate(),
            note=SECRETS["follow_up"],
        ).pk
    return found


def _jobs(world: World) -> Places:
    jobs.kind("watched", "Work to watch", {})(_no_work)
    return {
        target: Job.objects.create(
            kind="watched",
            organisation=world.organisations[target],
            state=Job.State.DONE,
        ).pk
        for target in ("own", "foreign")
    }


def _no_work(progress: jobs.Progress, given: dict[str, Any]) -> jobs.Outcome:
    raise AssertionError("this job is over")


def _uploads(world: World) -> Places:
    """Files that whoever asks has sent, and one of somebody else."""
    made = {
        role: Upload.objects.create(
            person=person,
            file=f"{SECRETS['upload']}.csv",
            profiles=[{"name": SECRETS["upload"]}],
        ).pk
        for role, person in world.people.items()
    }
    return {"own": made, "foreign": made["stranger"]}


def _asked(world: World) -> Places:
    return {
        "foreign": TakeOver.objects.create(
            organisation=world.third, person=world.people["stranger"], text=SECRETS["take_over"]
        ).pk
    }


def _persons(world: World) -> Places:
    return {"foreign": world.people["stranger"].pk}


def _entries(world: World) -> Places:
    """Entries of the library in the name of an organisation; drafts, and one that all read."""
    document = {
        "kind": "news",
        "title": "Something open",
        "summary": "A summary that is long enough.",
        "date": "2026-03-01",
    }
    hidden = {**document, "title": SECRETS["library"], "text": SECRETS["library"]}
    found: Places = {}
    for target, each in world.organisations.items():
        public = "draft" not in target
        entry = Entry.objects.create(
            slug=f"entry-{each.slug}",
            title=(document if public else hidden)["title"],
            published=document if public else None,
            draft=hidden,
            state=Entry.State.PUBLISHED if public else Entry.State.DRAFT,
            organisation=each,
            author=world.people["stranger"],
            published_at=timezone.now() if public else None,
        )
        EntryRevision.objects.create(entry=entry, version=1, document=hidden)
        found[target] = entry.slug
    return found


def event(slug: str, organisation: Organisation, *, public: bool) -> MatchmakingEvent:
    """An event of an organisation that can be registered for now."""
    now = timezone.now()
    title = f"Event {slug}" if public else f"{SECRETS['event']} {slug}"
    return MatchmakingEvent.objects.create(
        slug=slug,
        title=title,
        organisation=organisation,
        state="announced" if public else "draft",
        opens_at=now - timedelta(days=1),
        first_cutoff=now + timedelta(days=5),
        second_cutoff=now + timedelta(days=9),
    )


def _events(world: World) -> Places:
    return {
        target: event(f"event-{each.slug}", each, public="draft" not in target).slug
        for target, each in world.organisations.items()
    }


def _registrations(world: World) -> Places:
    """What an organisation brings to an event of a third one."""
    fair = event("fair", world.third, public=True)
    return {
        target: Registration.objects.create(
            event=fair,
            organisation=world.organisations[target],
            message=SECRETS["attendee"],
        ).pk
        for target in ("own", "foreign")
    }


def _attendees(world: World) -> Places:
    """Somebody who comes with the registrations of `_registrations`; told by a name alone."""
    return {
        target: Attendee.objects.create(
            registration=Registration.objects.get(
                organisation=world.organisations[target], event__slug="fair"
            ),
            name=SECRETS["attendee"],
            mail=f"{MAIL}-attendee@example.org",
            nonce="n",
        ).pk
        for target in ("own", "foreign")
    }


def _applicants(world: World) -> Places:
    """Who registered for the events of `_events`."""
    return {
        target: Registration.objects.create(
            event=MatchmakingEvent.objects.get(slug=f"event-{each.slug}"),
            organisation=world.third,
            message=SECRETS["attendee"],
        ).pk
        for target, each in world.organisations.items()
    }


PLACES: dict[str, Any] = {
    "organisation": _slugs,
    "member": _members,
    "pk": _invited,
    "invitation": _invitations,
    "contact": _contacts,
    "report": _reports,
    "job": _jobs,
    "upload": _uploads,
    "asked": _asked,
    "person": _persons,
    "entry": _entries,
    "event": _events,
    "registration": _registrations,
    "attendee": _attendees,
    "applicant": _applicants,
}
"""By the name of a place in addresses: what stands there for each target, or each role."""


@contextmanager
def made(place: Path, store: Path) -> Iterator[World]:
    """Make the world in a transaction that is undone."""
    given = {
        "ATLAS_PLACE": place,
        "STORE": store,
        "API_CALLS_A_MINUTE": 0,
        "REGISTRY_STATE_SECONDS": 0,
        "ATLAS_CACHE_BYTES": 64 * 1024 * 1024,
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    }
    with override_settings(**given), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(
    sample_place: Path,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[World]:
    """One world for all tests of a module; each question is undone by itself."""
    with django_db_blocker.unblock(), made(sample_place, tmp_path_factory.mktemp("store")) as it:
        yield it
