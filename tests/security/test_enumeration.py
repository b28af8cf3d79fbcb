"""Nobody learns whether a mail address has an account: same answer, same work, one mail."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.db import transaction
from django.test.utils import CaptureQueriesContext
from tests.security.things import MAIL
from tests.security.world import World

from clusteratlas.portal.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough passphrase 7"
KNOWN, UNKNOWN, CLOSED = (
    f"{MAIL}-{each}@example.org" for each in ("moderator", "nobody", "closed")
)
FORMS = {
    "sign in": ("visitor", "/account/sign-in/", {"username": "", "password": PASSWORD}),
    "reset": ("visitor", "/account/reset/", {"email": ""}),
    "register": (
        "visitor",
        "/account/register/",
        {"email": "", "name": "N", "password": PASSWORD, "consent": "on"},
    ),
    "invite": ("owner", "/organisations/optics/people/", {"email": "", "role": "1"}),
}


class Hashed:
    """Counts how often a password is worked on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from django.contrib.auth.hashers import MD5PasswordHasher

        self.count = 0
        encode = MD5PasswordHasher.encode

        def counted(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
            self.count += 1
            return encode(hasher, password, salt)

        monkeypatch.setattr(MD5PasswordHasher, "encode", counted)


@pytest.mark.parametrize("form", FORMS)
def test_nobody_learns_of_an_account(
    world: World, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    from django.db import connection

    role, address, given = FORMS[form]
    hashed, seen = Hashed(monkeypatch), {}
    with transaction.atomic():
        User.objects.create_user(CLOSED, PASSWORD + "8", is_active=False)
        for email in (KNOWN, UNKNOWN, CLOSED):
            sent = {name: value or email for name, value in given.items()}
            hashed.count, mail.outbox = 0, []
            with CaptureQueriesContext(connection) as asked:
                response = world.ask(role, "POST", address, data=sent).response
            page = response.content.decode().replace(email, "")
            page = re.sub(r'value="[^"]{40,}"|\b[0-9a-f]{8,}\b', "", page)
            place = re.sub(r"\d+", "", response.headers.get("Location", ""))
            seen[email] = (response.status_code, place, page, hashed.count, len(mail.outbox))
            assert len(mail.outbox) <= 2
            assert len(asked) > 0
        transaction.set_rollback(True)
    assert seen[KNOWN] == seen[UNKNOWN] == seen[CLOSED]
    if form in ("sign in", "register"):
        assert seen[UNKNOWN][3] >= 1


def test_a_link_that_is_nobodys_is_answered_as_one_that_ended(world: World) -> None:
    for place in ("confirm", "reset/set", "mail/old", "mail/new"):
        assert world.ask("visitor", "GET", f"/account/{place}/").response.status_code == 410
    for key in ("nobodys", "secret-of-owner"):
        signed_out = world.ask("visitor", "GET", f"/invitations/{key}/").response
        assert signed_out.headers["Location"].startswith("/account/sign-in/?next=")
