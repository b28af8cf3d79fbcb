"""Register, confirm, sign in: what works, and what nobody learns from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from unittest.mock import Mock

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from clusteratlas.portal.accounts import links
from clusteratlas.portal.accounts.models import AuditEntry, OneTimeLink, SignIn, User
from clusteratlas.portal.accounts.own_paths import own_path

from .conftest import PASSWORD, sign_in

ASKED = {"name": "Bea", "email": "bea@example.org", "password": PASSWORD, "consent": "on"}
FORM_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')


def test_somebody_registers_confirms_by_mail_and_goes_on_where_they_came_from(
    client: Client, link: Callable[..., str]
) -> None:
    answer = client.post("/de/account/register/", {**ASKED, "next": "/account/tokens/"})
    assert (answer.status_code, answer.url) == (302, "/de/account/register/sent/")
    assert not User.objects.exists(), "nothing is made before the address is confirmed"
    opened = client.get(link())
    assert (opened.status_code, opened.url) == (302, "/de/account/confirm/"), "no key stays about"
    assert b"bea@example.org" in client.get(opened.url).content
    assert client.post(opened.url, {"password": "something else"}).status_code == 422
    done = client.post(opened.url, {"password": PASSWORD})
    assert (done.status_code, done.url) == (302, "/account/tokens/")
    bea = User.objects.get()
    assert (bea.email, bea.language, bool(bea.confirmed_at)) == ("bea@example.org", "de", True)
    assert client.get("/account/").status_code == 200
    kept = OneTimeLink.objects.filter(email="bea@example.org")
    assert all(not each.data for each in kept), "the kept hash went with the link"
    again = Client()
    assert again.get(link(), follow=True).status_code == 410, "a link works once"


def test_a_link_ends_after_a_day_and_a_wrong_key_opens_nothing(
    client: Client, link: Callable[..., str]
) -> None:
    client.post("/account/register/", ASKED)
    made = OneTimeLink.objects.get()
    assert made.expires_at <= timezone.now() + timedelta(hours=24)
    assert link().split("key=")[1] not in made.digest
    OneTimeLink.objects.update(expires_at=timezone.now())
    assert client.get(link(), follow=True).status_code == 410
    for key in ("x", "x" * 5_000, "%00", "' or 1=1"):
        assert client.get("/account/confirm/", {"key": key}, follow=True).status_code == 410
    assert not Session.objects.exists(), "wrong keys fill no table"


@pytest.mark.parametrize("page", ["register", "reset"])
def test_nobody_learns_whether_an_address_has_an_account(
    ada: User, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, work = [], []
    hashed = Mock(wraps=make_password)
    monkeypatch.setattr("clusteratlas.portal.accounts.views.entering.make_password", hashed)
    for email in ("ada@example.org", "nobody@example.org"):
        asking = Client()
        hashed.reset_mock()
        with CaptureQueriesContext(connection) as asked:
            first = asking.post(f"/account/{page}/", {**ASKED, "email": email})
        work.append((hashed.call_count, len(asked)))
        shown = asking.get(first.url)
        answers.append((first.status_code, first.url, FORM_TOKEN.sub(b"", shown.content)))
    assert answers[0] == answers[1]
    assert work[0] == work[1], "the same hashing and the same queries"
    assert work[0][0] == (page == "register")
    assert [each.to for each in mail.outbox] == [["ada@example.org"], ["nobody@example.org"]]
    assert OneTimeLink.objects.count() == 2, "the same work is done for both"


def test_sign_in_says_the_same_for_a_wrong_password_and_for_no_account(ada: User) -> None:
    closed = User.objects.create_user("closed@example.org", PASSWORD, is_active=False)
    pages = []
    for email in (ada.email, "nobody@example.org", closed.email):
        answer = sign_in(Client(), email, PASSWORD if email == closed.email else "wrong wrong")
        assert answer.status_code == 422
        pages.append(FORM_TOKEN.sub(b"", answer.content.replace(email.encode(), b"")))
    assert len(set(pages)) == 1


def test_a_session_is_new_after_signing_in_and_its_cookie_is_guarded(
    client: Client, ada: User, settings: Settings
) -> None:
    key = links.issue("reset", lifetime=timedelta(hours=1), user=ada)
    client.get("/account/reset/set/", {"key": key})
    before = client.cookies["sessionid"].value
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    assert sign_in(client, " ADA@example.org ").url == "/account/"
    cookie = client.cookies["sessionid"]
    assert cookie.value != before
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert SignIn.objects.get().session_key == cookie.value
    page = client.get("/account/")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert b"ada@example.org" in page.content
    assert client.get("/account/sign-out/").status_code == 405, "reading never signs out"
    assert client.post("/account/sign-out/").url == "/"
    assert client.get("/account/").url == "/account/sign-in/?next=%2Faccount%2F"
    done = list(AuditEntry.objects.values_list("action", flat=True))
    assert done == ["account.sign_out", "account.sign_in"]


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    "evil.example",
    " /account/",
    "/" + "a" * 3_000,
    "\u2028/account/",
    "",
)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(client: Client, ada: User, elsewhere: str) -> None:
    given = {"username": ada.email, "password": PASSWORD, "next": elsewhere}
    assert client.post("/account/sign-in/", given).url == "/account/"
    assert own_path(elsewhere) == ""


def test_signing_in_leads_on_within_the_site(client: Client, ada: User) -> None:
    page = client.get("/account/tokens/?a=1", follow=True)
    assert b'value="/account/tokens/?a=1"' in page.content
    given = {"username": ada.email, "password": PASSWORD, "next": "/account/tokens/?a=1"}
    assert client.post("/account/sign-in/", given).url == "/account/tokens/?a=1"


def test_five_failures_lock_the_account_and_the_address(ada: User, settings: Settings) -> None:
    settings.PROXIES = 1
    here, away = {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, {"HTTP_X_FORWARDED_FOR": "198.51.100.7"}
    said = []
    for email in (ada.email, "nobody@example.org"):
        codes = [sign_in(Client(), email, "wrong", **here) for _ in range(5)]
        said.append(FORM_TOKEN.sub(b"", codes[-1].content))
        assert codes[-1].status_code == 429
        assert 0 < int(codes[-1].headers["Retry-After"]) <= 900
    assert said[0] == said[1], "locked or not says nothing about an account"
    assert sign_in(Client(), ada.email, **away).status_code == 429, "the account, from anywhere"
    assert sign_in(Client(), "eve@example.org", "x", **here).status_code == 429, "the address"
    other = User.objects.create_user("eve@example.org", PASSWORD)
    assert sign_in(Client(), other.email, **away).status_code == 302
    assert sign_in(Client(), ada.email, **away).status_code == 429, "success elsewhere frees nobody"


def test_mail_is_sent_five_times_in_a_quarter_of_an_hour_at_most(ada: User) -> None:
    codes = [Client().post("/account/reset/", {"email": ada.email}) for _ in range(6)]
    assert [each.status_code for each in codes] == [302] * 5 + [429]
    assert len(mail.outbox) == 5
    for number in range(15):
        assert Client().post("/account/reset/", {"email": f"{number}@b.example"}).status_code == 302
    last = Client().post("/account/reset/", {"email": "one-more@b.example"})
    assert last.status_code == 429, "twenty from one address of the network"
    assert Client().post("/account/register/", ASKED).status_code == 302, "another kind of mail"


def test_mail_that_no_server_takes_is_said_and_nothing_is_made(
    client: Client, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    answer = client.post("/account/register/", ASKED)
    assert answer.status_code == 503
    assert "mail" in answer.content.decode()


def test_forms_from_elsewhere_are_refused(ada: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    for page in ("sign-in", "register", "reset", "sign-out", "password", "tokens", "delete"):
        assert strict.post(f"/account/{page}/", {"password": PASSWORD}).status_code == 403, page


def test_passwords_are_kept_by_argon2id(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert User(email="a").password == ""
    made = User.objects.create_user("argon@example.org", PASSWORD)
    assert made.password.startswith("argon2$argon2id$")


def test_an_account_is_no_reason_to_keep_a_public_page_apart(client: Client, ada: User) -> None:
    sign_in(client)
    page = client.get("/regions/")
    assert page.headers["Cache-Control"] == "public, no-cache"
    assert b"ada@example.org" not in page.content
    assert b'href="/account/"' in page.content


def test_nothing_that_was_typed_in_secret_is_kept_with_a_failure(client: Client, ada: User) -> None:
    sign_in(client, password="secret-one")
    sign_in(client)
    client.post("/account/password/", {"current": "secret-two", "password": "secret-three-and-so"})
    client.post("/account/delete/?key=secret-four", {"sure": "on", "current": "secret-five"})
    kept = AccessAttempt.objects.all()
    assert sum(each.failures_since_start for each in kept) == 2, "signing in forgot the first"
    for each in kept:
        text = " ".join(str(getattr(each, field.name)) for field in each._meta.fields)
        assert "secret" not in text
