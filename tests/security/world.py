"""People of every role, and things of theirs and of others, made once for a module of tests.

Everything that only some may see carries a word of its own (`SECRETS`), so that a test can look for
it in whatever anybody is answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker
from tests.security.things import (
    MAIL,
    ON_SITE,
    PLACES,
    ROLES,
    SECRETS,
    WITHIN,
    joined,
    organisation,
)

from clusteratlas.portal.accounts import tokens
from clusteratlas.portal.accounts.models import ApiToken, User
from clusteratlas.portal.roles import SiteRole

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@dataclass
class Asked:
    """An answer, and the statements that wrote into the database for it."""

    response: HttpResponse
    written: list[str]


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
            "own": organisation("optics", public=True),
            "own draft": organisation("lasers", public=False),
            "foreign": organisation("mills", public=True),
            "foreign draft": organisation("looms", public=False),
        }
        self.third = organisation("third", public=True)
        self.fourth = organisation("fourth", public=True)
        for target, each in self.organisations.items():
            people = WITHIN if target.startswith("own") else {"stranger": 3}
            for name, role in people.items():
                joined(self.people[name], each, role)
        for each in self.organisations.values():  # an owner stays when another one is taken out
            joined(self.people["stranger"], each, 3)
        self.sessions = {role: self._session(person) for role, person in self.people.items()}
        self.tokens = {
            (role, scope): tokens.make(person, name=SECRETS["token"], scope=scope, days=9)[1]
            for role, person in self.people.items()
            for scope in ApiToken.Scope.values
        }
        self.places: dict[str, dict[str, Any]] = {}
        for name, make in PLACES.items():
            self.places[name] = make(self)

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
        if "version" in more:
            headers["if-match"] = more.pop("version")
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
        return Asked(response, written)


@contextmanager
def made(place: Path, store: Path) -> Iterator[World]:
    """Make the world in a transaction that is undone."""
    given = {
        "ATLAS_PLACE": place,
        "STORE": store,
        "API_CALLS_A_MINUTE": 0,
        "REGISTRY_STATE_SECONDS": 0,
        "ATLAS_CACHE_BYTES": 64 * 1024 * 1024,
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
