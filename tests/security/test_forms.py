"""Forms: none is taken from elsewhere, none runs what it was given, none breaks."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pydantic import BaseModel, ValidationError
from tests.security.rights_lines import LINES
from tests.security.test_rights_matrix import OUTSIDE_THE_MAP, addresses
from tests.security.world import World

from clusteratlas.organisations import Profile
from clusteratlas.organisations.profile import web_address
from clusteratlas.portal.practice.document import Document
from clusteratlas.portal.registry import keeping, state
from clusteratlas.portal.registry.models import Organisation

pytestmark = pytest.mark.django_db
UNSAFE = [route for route in OUTSIDE_THE_MAP if "POST" in LINES[route].methods]
RUN = "QxRun7"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f'"><img src=x onerror={RUN}>',
    f"'><svg/onload={RUN}>",
    f"</title><script>{RUN}</script>",
    f"<iframe srcdoc='<script>{RUN}</script>'>",
    f"javascript:{RUN}//",
    f"{{{{ {RUN} }}}} {{% debug %}} ${{{RUN}}}",
    f"\u003cscript\u003e{RUN}\u003c/script\u003e",
    f"＜script＞{RUN}＜/script＞",
    f"<scr\u0000ipt>{RUN}</scr\u0000ipt>",
    f"]]><x:script xmlns:x='http://www.w3.org/1999/xhtml'>{RUN}</x:script>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
)
NO_LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "//evil.example/",
    "https://user:secret@example.org/",
    "https://example.org@evil.example/",
    "https://example.org\\@evil.example/",
    "https:///example.org",
    "https://",
    "ftp://example.org/",
    "https://example.org/\u202egpj.exe",
    "https://example.org/\x00",
    "https://exa mple.org/",
)


INSIDE = [each for each in UNSAFE if LINES[each].inside and (LINES[each].site or 0) >= 2]
"""Forms of an organisation's own people, which the site's people may send too."""


class Page(HTMLParser):
    """Tags and attributes of a page by which something would run, and the fields of its forms."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ran: list[str] = []
        self.fields: dict[str, dict[str, str]] = {}
        self.action = ""
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._script = tag in ("script", "style")
        for name, value in given.items():
            lead = re.sub(r"[\s\x00-\x1f]", "", value).lower()
            if name.startswith("on") or name == "srcdoc" or RUN.lower() in name.lower():
                self.ran.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction", "data") and re.match(
                r"(javascript|data|vbscript):", lead
            ):
                self.ran.append(f"{tag} {name}={value}")
        if tag == "form":
            self.action = given.get("action", "")
        if tag in ("input", "textarea", "select") and given.get("name"):
            self.fields.setdefault(self.action, {})[given["name"]] = given.get("type", tag)

    def handle_data(self, data: str) -> None:
        if self._script and RUN in data:
            self.ran.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._script = False


def is_html(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def own_addresses(world: World, role: str, routes: list[str]) -> Iterator[tuple[str, str]]:
    for route in routes:
        for target, address in addresses(world, route, role):
            if target in ("", "own", "own draft"):
                yield route, address


def test_no_form_is_taken_from_elsewhere(world: World) -> None:
    """Signed in, but without the token of our own page, or sent from a page of another site."""
    client = Client(enforce_csrf_checks=True)
    wrong = []
    for role in ("owner", "administrator"):
        client.cookies["sessionid"] = world.sessions[role]
        token = client.get("/account/profile/").cookies["csrftoken"].value
        client.cookies["csrftoken"] = token
        foreign = {"HTTP_ORIGIN": "https://evil.example", "HTTP_HOST": "testserver"}
        for route, address in own_addresses(world, role, UNSAFE):
            without = client.post(address).status_code
            elsewhere = client.post(
                address, {"csrfmiddlewaretoken": token}, headers={"origin": "https://evil.example"}
            ).status_code
            if (without, elsewhere) != (403, 403):
                wrong.append((route, without, elsewhere, foreign))
    assert wrong == []


def test_the_api_needs_no_token_of_a_form_and_takes_no_cookie(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    address, body = "/api/v1/organisations/optics", json.dumps({"name": "Optics"})
    client.cookies["sessionid"] = world.sessions["owner"]
    told = {"content_type": "application/json", "headers": {"if-match": "2"}}
    assert client.put(address, body, **told).status_code == 401
    told["headers"] |= {"authorization": f"Bearer {world.tokens['owner', 'edit']}"}
    with transaction.atomic():
        assert Client(enforce_csrf_checks=True).put(address, body, **told).status_code == 200
        transaction.set_rollback(True)


def texts(model: type[BaseModel], made: Any) -> Iterator[dict[str, Any]]:
    """A document of a schema for each of its fields of text, with a payload in it."""
    for name, field in model.model_fields.items():
        inner = [each for each in _inside(field.annotation) if issubclass(each, BaseModel)]
        many = "tuple" in str(field.annotation)
        if inner:
            for found in texts(inner[0], made):
                yield {name: [found] if many else found}
        elif str in _inside(field.annotation):
            yield {name: [made] if many else made}


def _inside(annotation: Any) -> list[type]:
    if isinstance(annotation, type) and not getattr(annotation, "__args__", ()):
        return [annotation]
    return [
        each
        for part in getattr(annotation, "__args__", ())
        for each in _inside(part)
        if isinstance(each, type)
    ]


NEEDED: dict[type[BaseModel], dict[str, Any]] = {}
LEAST = {
    "name": "N",
    "title": "T",
    "topic": "T",
    "scheme": "us-cbsa",
    "region": "41940",
    "definition": "us-benchmark-2014",
    "cluster": "23",
    "classification": "naics-2017",
    "industry": "334413",
    "label": "",
    "consent": True,
}


def _complete(model: type[BaseModel], part: dict[str, Any]) -> dict[str, Any]:
    """Fill in what a part must state beside the field that is tried."""
    whole = dict(part)
    for name, field in model.model_fields.items():
        inner = [each for each in _inside(field.annotation) if issubclass(each, BaseModel)]
        if name in whole and inner:
            given = whole[name]
            filled = (
                [_complete(inner[0], each) for each in given]
                if isinstance(given, list)
                else (_complete(inner[0], given))
            )
            whole[name] = filled
        elif name not in whole and (field.is_required() or name == "consent"):
            whole[name] = LEAST[name]
    return whole


def profiles() -> Iterator[Profile]:
    """Every profile with a payload in a field that takes it; the others refuse it themselves."""
    for payload in (each for each in PAYLOADS if "\x00" not in each):
        whole: dict[str, Any] = {"name": payload}
        for part in texts(Profile, payload):
            tried = _complete(Profile, part)
            try:
                Profile.model_validate(tried)
            except ValidationError:
                continue
            name = next(iter(part))
            if isinstance(whole.get(name), list):
                whole[name] = [*whole[name], *tried[name]]
            else:
                whole[name] = tried[name]
        yield Profile.model_validate(whole)


def test_every_free_text_of_a_profile_is_shown_and_never_run(world: World) -> None:
    row = world.organisations["own"]
    pages = ("", "versions/", "partners/", "manage/", "edit/", "preview/", "history/", "review/")
    with transaction.atomic():
        for number, profile in enumerate(profiles()):
            assert len(profile.model_dump_json().split(RUN)) > 12
            kept = keeping.stored(profile)
            Organisation.objects.filter(pk=row.pk).update(
                name=profile.name, published=kept, draft={**kept, "summary": "D"}
            )
            state.bump()
            wide = number in (0, 1)
            for role in ("visitor", "administrator") if wide else ("visitor",):
                shown = [f"/organisations/optics/{each}" for each in (pages if wide else pages[:3])]
                for address in (*shown, "/organisations/", "/search/?q=QxRun7", "/requests/"):
                    response = world.ask(role, "GET", address).response
                    if response.status_code == 200:
                        assert Page(response.content.decode()).ran == [], address
                        assert not re.search(rf"<script>\s*{RUN}", response.content.decode())
            file = world.ask("visitor", "GET", "/organisations/export.csv").response
            assert file.headers["Content-Disposition"].startswith("attachment")
        transaction.set_rollback(True)


@pytest.mark.parametrize("link", NO_LINKS)
def test_links_lead_to_the_web_and_carry_no_password(link: str) -> None:
    with pytest.raises(ValueError, match=r"address of the web"):
        web_address(link)
    for model, fields in ((Profile, {"name": "N", "website": link}), (Document, {"link": link})):
        with pytest.raises(ValidationError):
            model.model_validate(fields)


def test_every_text_of_a_profile_refuses_what_no_database_takes() -> None:
    """A zero byte stands in no text of PostgreSQL, and no lone half of a pair in any file."""
    for steering in ("a\x00b", "a\ud800b", "a\u202eb"):
        for part in texts(Profile, steering):
            with pytest.raises(ValidationError):
                Profile.model_validate(_complete(Profile, part))


HOSTILE = ("\x00", "9" * 5_000, "²", "-1", PAYLOADS[0], PAYLOADS[1], "x" * 100_000, "a\ud7ff\u202e")
BYPASSES = (
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://169.254.169.254/latest/meta-data/",
)
ALIKE = 3
"""Times that a form is sent with one value in all its fields; then with another one in each."""

MIXTURE = (*HOSTILE[3:], *BYPASSES)
CLEAN = {200, 302, 303, 400, 401, 403, 404, 405, 410, 413, 415, 422, 429}


@pytest.mark.parametrize("mixed", [2, pytest.param(len(MIXTURE), marks=pytest.mark.proof)])
def test_no_form_breaks_calls_out_or_runs_what_it_was_given(
    world: World, monkeypatch: pytest.MonkeyPatch, mixed: int
) -> None:
    """Every field of every form with hostile values, while no connection can be made.

    The long proof puts each value of the mixture into each field.
    """
    called: list[Any] = []

    def refused(self: socket.socket, address: Any) -> None:
        called.append(address)
        raise OSError("no connection is made for a form")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **more: called.append(asked) or [])
    wrong = []
    for role in ("owner", "administrator"):
        least = [each for each in UNSAFE if ((LINES[each].site or 0) < 2) == (role == "owner")]
        for route, address in own_addresses(
            world, role, [*least, *(INSIDE if role == "owner" else ())]
        ):
            fields = {*_fields(world, role, address), "do", "role", "version", "text"}
            names = sorted(fields - {"csrfmiddlewaretoken"})
            for turn, value in enumerate((*HOSTILE[:ALIKE], *[""] * mixed)):
                sent = {
                    name: value or MIXTURE[(number + turn) % len(MIXTURE)]
                    for number, name in enumerate(names)
                }
                response = world.ask(role, "POST", address, data=sent).response
                if response.status_code not in CLEAN:
                    wrong.append((route, role, turn, value[:20], response.status_code))
                elif is_html(response) and Page(response.content.decode()).ran:
                    wrong.append((route, role, turn, Page(response.content.decode()).ran))
    assert wrong == []
    assert called == []


def _fields(world: World, role: str, address: str) -> Iterator[str]:
    """The fields of the form that a page shows for an address, or the page it belongs to."""
    while address.count("/") > 1:
        response = world.ask(role, "GET", address).response
        if response.status_code == 200 and is_html(response):
            for fields in Page(response.content.decode()).fields.values():
                yield from fields
            return
        address = address.rstrip("/").rpartition("/")[0] + "/"
