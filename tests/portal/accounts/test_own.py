"""What people do with their own account: password, mail, second step, sessions, tokens, data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings

from clusteratlas.portal.accounts import links, second_factor, tokens
from clusteratlas.portal.accounts.models import ApiToken, AuditEntry, OneTimeLink, User
from clusteratlas.portal.registry.models import Revision
from clusteratlas.portal.rights import holds
from clusteratlas.portal.roles import InsideRole, SiteRole

from ..people import join, organisation, person, signed_in
from .conftest import PASSWORD, sign_in

ANOTHER = "tea for two at half past four"


def code_of(user: User, steps: int = 0) -> str:
    user.refresh_from_db()
    at = timezone.now() + timedelta(seconds=30 * steps)
    return second_factor._codes(user).at(at)


def with_factor(user: User) -> list[str]:
    second_factor.begin(user)
    return second_factor.turn_on(user)


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once_within_an_hour(
    client: Client, ada: User, link: Callable[..., str]
) -> None:
    elsewhere = signed_in(ada)
    client.post("/account/reset/", {"email": ada.email})
    client.post("/account/reset/", {"email": ada.email})
    made = OneTimeLink.objects.first()
    assert made.expires_at - made.created_at <= timedelta(hours=1, seconds=1)
    opened = client.get(link(), follow=True)
    assert b"ada@example.org" in opened.content
    assert client.post("/account/reset/set/", {"password": "short"}).status_code == 422
    assert client.post("/account/reset/set/", {"password": ANOTHER}).url == "/account/sign-in/"
    for at in (0, 1):
        assert Client().get(link(at), follow=True).status_code == 410, "neither works again"
    assert sign_in(client).status_code == 422
    assert sign_in(client, password=ANOTHER).status_code == 302
    assert elsewhere.get("/account/").status_code == 302, "other sessions have ended"


def test_a_changed_password_ends_other_sessions_and_renews_this_one(
    client: Client, ada: User
) -> None:
    elsewhere = signed_in(ada)
    sign_in(client)
    before = client.cookies["sessionid"].value
    wrong = client.post("/account/password/", {"current": "no", "password": ANOTHER})
    assert wrong.status_code == 422
    assert b'href="#id_current"' in wrong.content, "the summary leads to the field"
    assert b'aria-invalid="true"' in wrong.content
    done = client.post("/account/password/", {"current": PASSWORD, "password": ANOTHER})
    assert done.status_code == 302
    assert client.cookies["sessionid"].value != before
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert "changed" in mail.outbox[-1].subject
    for _ in range(4):
        client.post("/account/password/", {"current": "no", "password": ANOTHER})
    assert client.post("/account/password/", {"current": "no", "password": "x"}).status_code == 429


def test_a_password_is_changed_also_where_no_mail_can_tell_of_it(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(self: object) -> None:
        raise ConnectionRefusedError

    sign_in(client)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", gone)
    done = client.post("/account/password/", {"current": PASSWORD, "password": ANOTHER})
    assert done["Location"] == "/account/"
    ada.refresh_from_db()
    assert ada.check_password(ANOTHER)
    for place, name in (("sessions/end/", "session"), ("tokens/revoke/", "token")):
        for key in ("9" * 5_000, "\u0663", "", "-1"):
            assert client.post(f"/account/{place}", {name: key}).status_code == 404


def test_a_mail_address_changes_when_both_have_agreed(
    client: Client, ada: User, link: Callable[..., str]
) -> None:
    sign_in(client)
    given = {"email": "Ada@new.example", "current": PASSWORD}
    assert client.post("/account/mail/", given).status_code == 302
    assert [each.to for each in mail.outbox] == [["ada@example.org"], ["ada@new.example"]]
    stranger = Client()
    page = stranger.get(link(1), follow=True)
    assert b"ada@new.example" in page.content
    assert stranger.post("/account/mail/new/").status_code == 200
    ada.refresh_from_db()
    assert ada.email == "ada@example.org", "one of two is not enough"
    client.get(link(0), follow=True)
    assert client.post("/account/mail/old/").status_code == 302
    ada.refresh_from_db()
    assert ada.email == "ada@new.example"
    assert client.get("/account/").status_code == 302
    assert Client().get(link(0), follow=True).status_code == 410


def test_a_mail_address_that_has_an_account_is_not_told(client: Client, ada: User) -> None:
    person("bea")
    sign_in(client)
    answers = [
        client.post("/account/mail/", {"email": email, "current": PASSWORD}, follow=True).content
        for email in ("bea@example.org", "free@example.org")
    ]
    token = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    assert token.sub(b"", answers[0]) == token.sub(b"", answers[1])
    assert [each.to[0] for each in mail.outbox[1::2]] == ["bea@example.org", "free@example.org"]


def test_the_second_step_is_set_up_asked_for_and_turned_off(client: Client, ada: User) -> None:
    sign_in(client)
    elsewhere = signed_in(ada)
    begun = client.post("/account/second-factor/", {"current": PASSWORD})
    page = client.get(begun.url).content.decode()
    ada.refresh_from_db()
    assert "<svg" in page
    assert " style=" not in page.partition("<svg")[2].partition("</svg>")[0]
    secret = second_factor.secret_of(ada)
    assert secret in re.sub(r"\s", "", page)
    stored = json.dumps({k: str(v) for k, v in User.objects.filter(pk=ada.pk).values()[0].items()})
    assert secret not in stored, "the database alone makes no codes"
    assert client.post(begun.url, {"code": "000000"}).status_code == 422
    shown = client.post(begun.url, {"code": code_of(ada)})
    codes = re.findall(r"<li>((?:\w{4}-){3}\w{4})</li>", shown.content.decode())
    assert len(set(codes)) == 10
    assert not ada.recovery_codes.filter(digest__in=codes).exists()
    assert elsewhere.get("/account/").status_code == 302, "other sessions ended"
    assert client.get("/account/").status_code == 200

    coming = Client()
    assert sign_in(coming).url == "/account/sign-in/code/"
    assert coming.get("/account/").status_code == 302, "a password alone opens nothing"
    used = coming.post("/account/sign-in/code/", {"code": code_of(ada)})
    assert used.status_code == 422, "the code that set it up was used"
    before = coming.cookies["sessionid"].value
    assert coming.post("/account/sign-in/code/", {"code": code_of(ada, 1)}).url == "/account/"
    assert coming.cookies["sessionid"].value != before

    for number, status in ((0, 302), (0, 422), (1, 302)):
        coming = Client()
        sign_in(coming)
        answer = coming.post("/account/sign-in/code/", {"code": f" {codes[number].upper()} "})
        assert answer.status_code == status, "a recovery code works once"
    assert client.post("/account/second-factor/off/", {"current": "no"}).status_code == 422
    assert client.post("/account/second-factor/off/", {"current": PASSWORD}).status_code == 302
    assert sign_in(Client()).url == "/account/"


def test_codes_are_throttled_and_a_half_sign_in_ends(
    client: Client, ada: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_factor(ada)
    sign_in(client)
    codes = [client.post("/account/sign-in/code/", {"code": "123 456"}) for _ in range(6)]
    assert [each.status_code for each in codes] == [422] * 4 + [429] * 2
    right = client.post("/account/sign-in/code/", {"code": code_of(ada)})
    assert right.status_code == 429, "locked for right codes too"
    other = Client()
    assert other.get("/account/sign-in/code/").url == "/account/sign-in/"
    later = timezone.now().timestamp() + 601
    monkeypatch.setattr("clusteratlas.portal.accounts.sign_in.time.time", lambda: later)
    assert client.get("/account/sign-in/code/").url == "/account/sign-in/"


def test_roles_that_need_a_second_step_wait_for_it(settings: Settings) -> None:
    settings.SECOND_FACTOR = "moderators"
    mona = person("mona", SiteRole.ADMINISTRATOR)
    assert not holds(mona, "administer")
    assert not holds(mona, "moderate")
    assert holds(mona, "have_account")
    sent = signed_in(mona).get("/account/people/")
    assert sent.url == "/account/second-factor/?next=%2Faccount%2Fpeople%2F"
    with_factor(mona)
    assert holds(mona, "administer")
    settings.SECOND_FACTOR = "administrators"
    assert holds(person("moe", SiteRole.MODERATOR), "moderate")


def test_sessions_are_listed_and_ended_one_by_one_and_all_at_once(
    client: Client, ada: User
) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    other, third = Client(HTTP_USER_AGENT=agent), Client()
    for each in (client, other, third):
        sign_in(each)
    eve = signed_in(person("eve"))
    page = client.get("/account/sessions/").content.decode()
    assert "Firefox, Linux" in page
    assert page.count('name="session"') == 3
    theirs = ada.sign_ins.get(browser="Firefox, Linux").pk
    assert eve.post("/account/sessions/end/", {"session": theirs}).status_code == 404
    assert other.get("/account/").status_code == 200
    assert client.post("/account/sessions/end/", {"session": theirs}).status_code == 302
    assert other.get("/account/").status_code == 302
    assert client.post("/account/sessions/end-all/").url == "/account/sign-in/"
    assert third.get("/account/").status_code == client.get("/account/").status_code == 302
    assert not ada.sign_ins.exists()
    assert Session.objects.count() == 1, "only the one of somebody else"
    assert eve.get("/account/").status_code == 200


def test_a_token_is_shown_once_kept_as_digest_and_ends(client: Client, ada: User) -> None:
    sign_in(client)
    given = {"name": "<b>script</b>", "scope": "edit", "days": "30"}
    page = client.post("/account/tokens/", given).content.decode()
    secret = re.search(r"ca_[\w-]{43}", page)[0]
    assert "<b>script</b>" not in page
    listed = client.get("/account/tokens/").content.decode()
    assert secret not in listed
    assert secret[:12] in listed
    kept = ApiToken.objects.get()
    assert secret not in json.dumps({k: str(v) for k, v in ApiToken.objects.values()[0].items()})

    def asked(header: str | None) -> tokens.Bearer | None:
        more = {"HTTP_AUTHORIZATION": header} if header is not None else {}
        return tokens.person_of(RequestFactory().get("/api/v1/", **more))

    bearer = asked(f"Bearer {secret}")
    assert (bearer.person, bearer.may_edit) == (ada, True)
    kept.refresh_from_db()
    assert kept.used_at
    assert asked(None) is None
    assert asked("Basic YWRhOng=") is None, "a proxy's password is not for us"
    refused = ["Bearer ca_x", "Bearer", f"Bearer {secret}x", "bearer " + "ca_" * 1_000]
    for header in refused:
        with pytest.raises(tokens.TokenRefused):
            asked(header)
    User.objects.update(is_active=False)
    with pytest.raises(tokens.TokenRefused):
        asked(f"Bearer {secret}")
    User.objects.update(is_active=True)
    eve = signed_in(person("eve"))
    assert eve.post("/account/tokens/revoke/", {"token": kept.pk}).status_code == 404
    assert client.post("/account/tokens/revoke/", {"token": kept.pk}).status_code == 302
    with pytest.raises(tokens.TokenRefused):
        asked(f"Bearer {secret}")
    _, old = tokens.make(ada, name="old", scope="read", days=1)
    ApiToken.objects.update(expires_at=timezone.now())
    with pytest.raises(tokens.TokenRefused):
        asked(f"Bearer {old}")


def test_everything_kept_of_somebody_can_be_taken_along(client: Client, ada: User) -> None:
    optics = organisation()
    join(ada, optics)
    Revision.objects.create(organisation=optics, version=1, profile={"name": "x"}, author=ada)
    links.issue("reset", lifetime=timedelta(hours=1), user=ada)
    sign_in(client)
    kept = json.loads(client.get("/account/data.json").content)
    assert kept["account"]["mail"] == "ada@example.org"
    assert kept["memberships"][0]["organisation"] == "optics"
    assert kept["profiles_written"][0]["version"] == 1
    assert kept["what_you_did"][0]["action"] == "account.sign_in"
    assert len(kept["sessions"]) == 1
    text = json.dumps(kept)
    assert ada.password not in text
    assert "digest" not in text


def test_an_account_is_deleted_once_its_organisations_have_another_owner(
    client: Client, ada: User
) -> None:
    optics = organisation()
    join(ada, optics, InsideRole.OWNER)
    Revision.objects.create(organisation=optics, version=1, profile={}, author=ada)
    sign_in(client)
    sure = {"sure": "on", "current": PASSWORD}
    assert b"Optics" in client.get("/account/delete/").content
    assert client.post("/account/delete/", sure).status_code == 422
    join(person("bea"), optics, InsideRole.OWNER)
    assert client.post("/account/delete/", {**sure, "current": "no"}).status_code == 422
    assert client.post("/account/delete/", sure).url == "/account/deleted/"
    assert not User.objects.filter(email="ada@example.org").exists()
    assert Revision.objects.get().author is None
    entries = AuditEntry.objects.filter(action__in=["account.sign_in", "account.delete"])
    assert [each.person for each in entries] == [None, None]
    assert client.get("/account/").status_code == 302
    assert b"ada@example.org" not in client.get("/account/deleted/").content


def test_pages_of_accounts_are_well_formed_in_every_language(ada: User) -> None:
    here = signed_in(ada)
    with_factor(ada)
    pages = ("", "profile/", "password/", "mail/", "second-factor/", "second-factor/codes/",
             "second-factor/off/", "sessions/", "tokens/", "delete/")  # fmt: skip
    for page in pages:
        for front in ("", "/de"):
            answer = here.get(f"{front}/account/{page}")
            assert answer.status_code == 200, page
            html = answer.content.decode()
            assert len(re.findall("<h1", html)) == 1, page
            named = re.findall(r'\sid="([^"]+)"', html)
            assert len(named) == len(set(named)), page
            for label in re.findall(r'<label[^>]* for="([^"]+)"', html):
                assert label in named, (page, label)
