"""Every word on pages and in mail of accounts is translated."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from clusteratlas.portal.accounts import audit, second_factor, tokens
from clusteratlas.portal.accounts.models import User
from clusteratlas.portal.roles import SiteRole

from ..people import person, signed_in
from ..test_languages import CLOSE, OPEN, left, marked
from .conftest import PASSWORD, sign_in

__all__ = ["marked"]
NAMES = frozenset({"Ada", "Boss", "Firefox, Linux", "nightly", "boss@example.org"})
PAGES = ("", "profile", "password", "mail", "second-factor", "second-factor/codes",
         "second-factor/off", "sessions", "tokens", "delete", "people", "audit")  # fmt: skip
OPEN_PAGES = ("sign-in", "register", "register/sent", "reset", "reset/sent", "confirm", "deleted")
GIVEN = {"username": "x", "email": "x", "password": "x", "current": "x", "code": "1", "name": ""}


@pytest.mark.usefixtures("marked")
def test_pages_and_mail_are_whole_in_another_language() -> None:
    boss = person("boss", SiteRole.ADMINISTRATOR)
    boss.set_password(PASSWORD)
    boss.save()
    here = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Firefox/140.0")
    sign_in(here, boss.email)
    tokens.make(boss, name="nightly", scope="read", days=7)
    audit.note(boss, "person.role", "person:1")
    missing: dict[str, list[str]] = {}

    def look(client: Client, page: str, **given: str) -> None:
        path = f"/de/account/{page}/" if page else "/de/account/"
        answers = [client.get(path)] + ([client.post(path, given)] if given else [])
        for each in answers:
            found = left(each.content.decode(), NAMES)
            if found and each.status_code != 302:
                missing.setdefault(page, []).extend(found)

    for page in PAGES:
        look(here, page, **(GIVEN if page not in ("people", "audit") else {}))
    begun = here.post("/de/account/second-factor/", {"current": PASSWORD})
    assert begun.status_code in (302, 429)
    for page in OPEN_PAGES:
        look(Client(), page, **GIVEN)
    assert not missing


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize("page", ["register", "reset"])
def test_mail_is_in_the_language_of_its_receiver(ada: User, page: str) -> None:
    User.objects.update(language="de")
    given = {"name": "Bea", "password": PASSWORD, "consent": "on"}
    for email in ("bea@example.org", ada.email):
        Client().post(f"/de/account/{page}/", {**given, "email": email})
    for each in mail.outbox:
        assert each.subject.startswith(OPEN)
        assert each.body.startswith(OPEN)
        assert each.body.strip().endswith(CLOSE)
        assert "http://testserver/de/account/" in each.body


@pytest.mark.usefixtures("marked")
def test_the_second_step_is_whole_in_another_language(ada: User) -> None:
    second_factor.begin(ada)
    here = signed_in(ada)
    shown = here.get("/de/account/second-factor/set-up/").content.decode()
    secret = second_factor.secret_of(ada)
    fours = {secret[at : at + 4] for at in range(0, len(secret), 4)}
    assert not left(shown, NAMES | fours)
    second_factor.turn_on(ada)
    coming = Client()
    sign_in(coming)
    assert not left(coming.get("/de/account/sign-in/code/").content.decode(), NAMES)
