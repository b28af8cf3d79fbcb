"""Every address, by every method, for every role, over what is one's own and what is not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any, ClassVar

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import Template
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.utils import timezone
from tests.security.rights_lines import API_SENDS, LINES, MAP, WITH_TOKEN, Line
from tests.security.test_hostile_addresses import filled
from tests.security.things import ON_SITE, ROLES, WITHIN
from tests.security.world import World

from clusteratlas.portal import rights
from clusteratlas.portal.accounts.models import ApiToken, User
from clusteratlas.portal.api import api
from clusteratlas.portal.rights import needs
from clusteratlas.portal.urls import urlpatterns as real

pytestmark = pytest.mark.django_db
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
API = "api/v1/"
TARGETS = ("own", "own draft", "foreign", "foreign draft")
GIVEN = {
    "version": "1",
    "verdict": "confirm",
    "decision": "publish",
    "rule": "programme-money-1-public-money",
    "year": "2020",
    "questionnaire": "european-gold-1",
    "group": "structure",
}
"""What stands at places that name no thing of anybody."""

STEPS = {
    "practice/": {"step": "submit"},
    "programmes/": {"step": "publish"},
    "programmes/<slug:programme>/step/": {"step": "submit"},
    "requests/": {"step": "accept"},
    "registrations/": {"change": "renew"},
    "events/<slug:event>/state/": {"to": "cancelled"},
    "events/<slug:event>/timetable/": {"to": "final", "change": "table-lost"},
}
"""The same by what the address begins with."""

OTHERWISE = {"registrations/": {"person": "attendee"}}
"""Places that mean something else than elsewhere, by what the address begins with."""

SIGN_IN = "/account/sign-in/?next="


def routes() -> Iterator[tuple[str, Any]]:
    """Every address of the portal in English, with its view."""

    def walk(patterns: Any, front: str = "") -> Iterator[tuple[str, Any]]:
        for each in patterns:
            route = front + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, route)
            elif isinstance(each, URLPattern):
                yield route, each.callback

    yield from walk(get_resolver().url_patterns)


ROUTES = dict(routes())


def is_map(route: str) -> bool:
    return route == "" or any(route.startswith(each) for each in MAP if each)


OUTSIDE_THE_MAP = [route for route in ROUTES if not is_map(route)]


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    """A new address without a line: say in `rights_lines` who may ask it."""
    assert sorted(set(OUTSIDE_THE_MAP) - set(LINES)) == []
    assert sorted(set(LINES) - set(OUTSIDE_THE_MAP)) == []


def test_what_an_address_names_is_told_once() -> None:
    """The gate asks about one thing; of two it would leave one unasked."""
    places = {route: PLACE.findall(route) for route in ROUTES}
    twice = {
        route: found for route, found in places.items() if len(rights._scopes.keys() & found) > 1
    }
    assert twice == {}


def allowed(line: Line, role: str, target: str, method: str) -> bool:
    if line.site is not None and ON_SITE.get(role, 1) >= line.site:
        return True
    if line.all_read and method == "GET" and "draft" not in target:
        return True
    if line.inside is None or not target.startswith("own"):
        return False
    return WITHIN.get(role, 0) >= line.inside


def expected(route: str, line: Line, role: str, target: str, method: str) -> str | int:
    """What somebody is answered: let in, sent to sign in, or refused with a status."""
    named = bool(PLACE.findall(route)) and target
    is_draft = "draft" in target
    if allowed(line, role, target, method):
        if method not in line.methods:
            return 405
        if is_draft and not line.drafts:
            return 404
        if line.own_only and target == "foreign":
            return line.but.get("somebody else", 404)
        refuses = {**line.but, **line.but_all} if method == "POST" else line.but_all
        return refuses.get(role, "in")
    visits = role == "visitor" and method == "GET"
    if visits and not line.secret:
        return "sign in"
    seen = not is_draft and not line.never_public
    knows = (target.startswith("own") and role in WITHIN) or ON_SITE.get(role, 1) >= 2
    somebodys = {"organisation", "entry", "event", "programme"}
    of_somebody = named and somebodys & set(PLACE.findall(route))
    if named and not seen and (line.secret or (of_somebody and not knows)):
        return 404
    return "sign in" if visits else 403


def answered(response: HttpResponse) -> str | int:
    """The same of an answer; a form with faults, an ended link and a job to wait for are in."""
    location = response.headers.get("Location", "")
    if response.status_code == 302 and location.startswith(SIGN_IN):
        return "sign in"
    return "in" if response.status_code in (200, 302, 303, 410, 422) else response.status_code


def addresses(world: World, route: str, role: str) -> Iterator[tuple[str, str]]:
    """What stands in an address for each target that it can name."""
    given = {**GIVEN, **_front(STEPS, route)}
    meant = _front(OTHERWISE, route)
    things = [each for each in PLACE.findall(route) if each not in given]
    unknown = [each for each in things if meant.get(each, each) not in world.places]
    assert not unknown, f"{route}: say in `things.PLACES` what stands at {unknown}"
    for target in TARGETS if things else ("",):
        told = {each: world.value(meant.get(each, each), target, role) for each in things}
        if all(value is not None for value in told.values()):
            told |= given
            yield target, "/" + PLACE.sub(lambda found, told=told: str(told[found[1]]), route)


def _front(table: Mapping[str, dict[str, str]], route: str) -> dict[str, str]:
    return {
        name: value
        for front, given in table.items()
        if route.startswith(front)
        for name, value in given.items()
    }


def more_of(world: World, line: Line, role: str) -> dict[str, dict[str, str]]:
    """What an address is asked with so that it has something to answer, by method."""
    person = world.people.get(role)
    row = person.sign_ins.first() if person else None
    token = person.tokens.first() if person else None
    match line.query:
        case "session":
            return {"POST": {"session": str(row.pk) if row else ""}}
        case "token":
            return {"POST": {"token": str(token.pk) if token else ""}}
        case "do":
            return {"POST": {"do": "remove"}}
        case "many" | "review":
            return {"POST": {"do": "return"}}
        case "other":
            return {"POST": {"other": "third"}}
        case "table":
            return {"POST": {"table": "t1"}}
        case "version":
            return {"POST": {"version": "1"}}
        case _:
            return {}


def cells(world: World, route: str) -> list[tuple[object, ...]]:
    """The cells of an address whose answer is not what the line says."""
    line, wrong = LINES[route], []
    for role in ROLES:
        for target, address in addresses(world, route, role):
            if line.query == "file":  # no entry has one: who may see it is told so
                continue
            more = more_of(world, line, role)
            for method in ("GET", "POST"):
                wanted = expected(route, line, role, target, method)
                asked = f"{address}?to=third" if line.query == "to" else address
                done = world.ask(role, method, asked, data=more.get(method, {}))
                found = answered(done.response)
                if found != wanted:
                    wrong.append((route, role, target, method, f"{found} is not {wanted}"))
                if wanted not in ("in", 405) and done.written:
                    wrong.append((route, role, target, method, done.written))
                if method == "GET" and wanted != "in" and role in ("visitor", "outsider"):
                    head = world.ask(role, "HEAD", asked)
                    if answered(head.response) != wanted or head.response.content:
                        wrong.append((route, role, target, "HEAD", head.response.status_code))
    return wrong


@pytest.fixture
def unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are asked, not written out: who may ask is told by the status alone."""
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: "")


@pytest.mark.parametrize("route", sorted(LINES))
def test_who_may_ask(world: World, unwritten: None, route: str) -> None:
    if route not in ROUTES:
        pytest.fail("no such address any more: take its line out")
    assert cells(world, route) == []


def test_the_map_is_read_by_everybody_and_written_by_nobody(world: World) -> None:
    for route, view in ROUTES.items():
        if not is_map(route) or route.startswith(API):
            continue
        assert view.right == "read", route
        if route.endswith((".xlsx", ".metadata.json")):
            continue
        for role in ("visitor", "administrator"):
            done = world.ask(role, "POST", filled(route))
            assert (route, answered(done.response), done.written) == (route, 405, [])


def calls() -> Iterator[tuple[str, str]]:
    """Every call of the API as (method, address)."""
    for front, router in api._routers:
        for address, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield method, f"{front}{address}"


def test_the_api_changes_what_is_named_here_and_nothing_else(world: World) -> None:
    found = {(method, address) for method, address in calls() if method != "GET"}
    assert found == API_SENDS
    for address in {address for _method, address in calls()}:
        path_there = "/api/v1" + re.sub("{slug}", "optics", address).replace("{", "").replace(
            "}", ""
        )
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            for role, token in (("visitor", ""), ("administrator", ""), ("administrator", "edit")):
                done = world.ask(role, method, path_there, token=token, body="{}")
                wanted = {405} if (method, address) not in API_SENDS else {401, 403, 422, 428}
                assert done.response.status_code in wanted, (method, address, role)
                if not token:  # a cookie opens nothing here
                    assert done.written == []
                    assert done.response.status_code in (401, 405), (method, address, role)


def token_cells() -> Iterator[tuple[str, str, str, str, str]]:
    for (method, address), role, scope, target in product(
        WITH_TOKEN, ("", *ROLES), ("", "read", "edit"), TARGETS
    ):
        if (role in ("", "visitor")) == bool(scope):
            continue
        yield method, address, role, scope, target


def with_token(line: Line, method: str, role: str, scope: str, target: str) -> int:
    """The status that a call with a token is answered with."""
    if not scope:
        return 401
    knows = (
        "draft" not in target or ON_SITE.get(role, 1) >= 2 or ("own" in target and role in WITHIN)
    )
    if method == "GET":
        return 200 if allowed(replace(line, all_read=False), role, target, method) else 404
    if not knows:
        return 404
    return 428 if scope == "edit" and allowed(line, role, target, method) else 403


def test_a_token_does_what_its_person_may_and_no_more_than_its_scope(world: World) -> None:
    wrong = []
    for method, address, role, scope, target in token_cells():
        slug = world.organisations[target].slug
        profile = json.dumps({"name": "New name"})
        body = {"body": profile} if method == "PUT" else {}
        asked = "/api/v1/" + address.replace("{slug}", slug)
        done = world.ask(role, method, asked, token=scope, **body)
        wanted = with_token(WITH_TOKEN[method, address], method, role, scope, target)
        if done.response.status_code != wanted:
            wrong.append((method, address, role, scope, target, done.response.status_code, wanted))
        changed = [each for each in done.written if "apitoken" not in each]  # when it was used
        if wanted != 200 and changed:
            wrong.append((method, address, role, scope, target, changed))
        if scope:
            assert done.response.headers["Cache-Control"] in ("private, no-store", "no-store")
    assert wrong == []


def test_an_edit_by_token_is_kept_with_its_version(world: World) -> None:
    for scope, status in (("edit", 200), ("read", 403)):
        done = world.ask(
            "editor",
            "PUT",
            "/api/v1/organisations/optics",
            token=scope,
            body=json.dumps({"name": "Optics"}),
            version="2",
        )
        assert done.response.status_code == status


def test_a_token_that_ended_or_was_revoked_opens_nothing(world: World) -> None:
    address = "/api/v1/organisations/lasers?draft=true"
    assert world.ask("owner", "GET", address, token="read").response.status_code == 200
    mine = ApiToken.objects.filter(user=world.people["owner"], scope="read")
    for change in ({"revoked_at": timezone.now()}, {"expires_at": timezone.now()}):
        before = mine.values(*change).get()
        mine.update(**change)
        assert world.ask("owner", "GET", address, token="read").response.status_code == 401
        mine.update(**before)
    User.objects.filter(pk=world.people["owner"].pk).update(is_active=False)
    assert world.ask("owner", "GET", address, token="read").response.status_code == 401
    assert world.ask("owner", "GET", "/account/").response.status_code == 302
    User.objects.filter(pk=world.people["owner"].pk).update(is_active=True)


def test_rights_beyond_a_member_wait_for_the_second_factor(world: World) -> None:
    with override_settings(SECOND_FACTOR="moderators"):
        for role in ("moderator", "administrator"):
            done = world.ask(role, "GET", "/organisations/moderation/").response
            assert done.headers["Location"].startswith("/account/second-factor/?next=")
            assert (
                world.ask(role, "POST", "/organisations/moderation/many/").response.status_code
                == 403
            )
            assert world.ask(role, "GET", "/organisations/lasers/").response.status_code == 404
            answer = world.ask(role, "GET", "/api/v1/organisations/lasers?draft=true", token="edit")
            assert answer.response.status_code == 404
            assert world.ask(role, "GET", "/account/").response.status_code == 200


def _told(request: HttpRequest) -> HttpResponse:
    return HttpResponse("told")


@needs("read")
def _known(request: HttpRequest) -> HttpResponse:
    return HttpResponse("told")


class _Forgotten:
    """Addresses of which one names no right, and one a right that does not exist."""

    handler400 = "clusteratlas.portal.errors.bad_request"
    handler404 = "clusteratlas.portal.errors.not_found"
    handler500 = "clusteratlas.portal.errors.broken"
    urlpatterns: ClassVar = [
        *real,
        path("forgotten/", _told),
        path("known/", _known),
    ]


def test_what_names_no_right_is_closed(world: World) -> None:
    with override_settings(ROOT_URLCONF=_Forgotten):
        for role in ROLES:
            for method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
                assert world.ask(role, method, "/forgotten/").response.status_code == 403
            assert world.ask(role, "GET", "/known/").response.content == b"told"
    with pytest.raises(ImproperlyConfigured):
        needs("everything")


def test_every_view_names_a_right_that_is_there() -> None:
    named = {route: getattr(view, "right", None) for route, view in ROUTES.items()}
    assert {r: n for r, n in named.items() if n not in {*rights.RIGHTS, "api"}} == {}
    api_only = [route for route, name in named.items() if name == "api"]
    assert all(route.startswith(API) for route in api_only)
    assert set(rights.RIGHTS) - set(named.values()) == set()
