"""What every answer carries: who may frame it, what may run in it, which cookies it sets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client, override_settings
from tests.security.rights_lines import LINES
from tests.security.test_hostile_addresses import filled
from tests.security.test_rights_matrix import OUTSIDE_THE_MAP, addresses
from tests.security.world import World

from clusteratlas.portal.accounts.own_paths import own_path

pytestmark = pytest.mark.django_db
MAP = ("/", "/map/", "/regions/us-cbsa/41940/", "/api/v1/organisations", "/robots.txt")
ERRORS = ("/nowhere/", "/organisations/nobody/", "/api/v1/nowhere", "/regions/us-cbsa/0/")
ELSEWHERE = (
    *("//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil"),
    *("https://evil.example", "http:///evil.example", "javascript:alert(1)", " //evil.example"),
    *("/\t/evil.example", "\n//evil.example", "/%09/evil.example\n", "evil.example", "data:,x"),
    *("//evil.example/%2f..", "/\u2028/evil", "https://testserver@evil.example", "////evil"),
)


def strict(policy: str) -> None:
    parts = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    assert parts["default-src"] == "'self'"
    assert parts["object-src"] == parts["frame-ancestors"] == "'none'"
    assert parts["base-uri"] == parts["form-action"] == "'self'"
    assert "unsafe" not in policy


def test_every_answer_says_what_may_run_and_who_may_frame_it(world: World) -> None:
    asked = [(role, each) for role in ("visitor", "owner") for each in (*MAP, *ERRORS)]
    for route in OUTSIDE_THE_MAP:
        if "GET" in LINES[route].methods:
            asked += [("editor", each) for _t, each in list(addresses(world, route, "editor"))[:1]]
    asked += [("visitor", "/account/delete/"), ("outsider", "/account/people/")]
    for role, address in asked:
        told = world.ask(role, "GET", address).response.headers
        assert told["X-Content-Type-Options"] == "nosniff", address
        assert told["X-Frame-Options"] == "DENY", address
        assert told["Referrer-Policy"] in ("same-origin", "strict-origin-when-cross-origin")
        assert told["Cross-Origin-Opener-Policy"] == "same-origin", address
        if "sandbox" not in told["Content-Security-Policy"]:
            strict(told["Content-Security-Policy"])


def test_figures_to_embed_are_framed_and_nothing_else(world: World) -> None:
    told = world.ask("visitor", "GET", filled("embed/figure/<path:view>")).response
    assert told.status_code == 200
    assert "X-Frame-Options" not in told.headers
    assert "frame-ancestors *" in told.headers["Content-Security-Policy"]
    missing = world.ask("visitor", "GET", "/embed/figure/account/").response
    assert missing.status_code in (400, 404)
    strict(missing.headers["Content-Security-Policy"])


def test_nobody_is_led_to_another_site(world: World) -> None:
    for other in ELSEWHERE:
        assert own_path(other) == ""
        for address in ("/account/sign-in/", "/account/register/", "/account/second-factor/"):
            done = world.ask("outsider", "GET", address, data={"next": other}).response
            page = done.content.decode()
            assert "evil.example" not in page.replace("&amp;", "&").split("<title>")[-1] or (
                f'value="{other}"' not in page and f'href="{other}"' not in page
            )


def test_a_foreign_host_and_a_written_one_are_refused(world: World) -> None:
    with override_settings(ALLOWED_HOSTS=["atlas.example"]):
        for host in ("evil.example", "atlas.example@evil.example", "atlas.example:evil", ""):
            assert Client().get("/account/reset/", headers={"host": host}).status_code == 400
        with override_settings(USE_X_FORWARDED_HOST=False):
            told = Client().get(
                "/account/sign-in/",
                headers={"host": "atlas.example", "x-forwarded-host": "evil.example"},
            )
        assert "evil.example" not in told.content.decode()


def test_cookies_are_guarded_and_sessions_renewed(world: World) -> None:
    secure = {"SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True}
    person = world.people["outsider"]
    person.set_password("a long enough one")
    person.save()
    with override_settings(**secure):
        client = Client()
        client.get("/account/sign-in/?next=/account/")
        given = {"username": person.email, "password": "a long enough one"}
        before = client.session.session_key
        done = client.post("/account/sign-in/", given)
        assert done.status_code == 302
        assert client.session.session_key != before
        for name in ("sessionid", "csrftoken"):
            cookie = client.cookies[name]
            assert cookie["httponly"], name
            assert cookie["secure"], name
            assert cookie["samesite"] == "Lax", name
        stolen = client.session.session_key
        client.post("/account/sign-out/")
        client.cookies["sessionid"] = stolen
        assert client.get("/account/").status_code == 302


SECURE = {
    "CLUSTERATLAS_SECURE": "true",
    "CLUSTERATLAS_ALLOWED_HOSTS": "atlas.example",
    "CLUSTERATLAS_SECRET_KEY": "a-key-of-this-test-that-is-long-enough-0123456789-and-more-of-it",
}
ASK = """
import django; django.setup()
from django.core.management import call_command
from django.test import Client
call_command("check", "--deploy", "--fail-level", "WARNING")
plain = Client().get("/healthz", headers={"host": "atlas.example"})
print(plain.status_code, plain.headers["Location"])
secure = Client().get("/healthz", headers={"host": "atlas.example", "x-forwarded-proto": "https"})
print(secure.status_code, secure.headers["Strict-Transport-Security"])
"""


def test_behind_https_a_deployment_is_clean(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env={
            **os.environ,
            **SECURE,
            "CLUSTERATLAS_PLACE": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "clusteratlas.portal.settings",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    assert "301 https://atlas.example/healthz" in done.stdout
    assert " max-age=31536000" in done.stdout
