"""Every address, by every method, for every role, over what is one's own and what is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.utils import timezone
from tests.security import rights_lines
from tests.security.rights_lines import LINES, MAP, Line
from tests.security.world import ON_SITE, ROLES, WITHIN, World

from clusteratlas.portal import rights
from clusteratlas.portal.rights import guarded_by_itself, needs
from clusteratlas.portal.urls import urlpatterns as real

pytestmark = pytest.mark.django_db
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
API = "api/v1/"
TARGETS = ("own", "own draft", "foreign", "foreign draft")
GIVEN = {"version": "1", "step": "accept", "verdict": "confirm", "decision": "publish"}
"""What stands at places that name no thing of anybody."""

STEPS = {"practice/": "submit"}
"""What stands for a step, by what the address begins with."""

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
        return line.but.get(role, "in") if method == "POST" else "in"
    visits = role == "visitor" and method == "GET"
    if visits and not line.secret:
        return "sign in"
    seen = not is_draft and not line.never_public
    knows = (target.startswith("own") and role in WITHIN) or ON_SITE.get(role, 1) >= 2
    of_somebody = named and {"organisation", "entry", "event"} & set(PLACE.findall(route))
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
    places = PLACE.findall(route)
    things = [each for each in places if each not in GIVEN]
    unknown = [each for each in things if each not in world.places]
    assert not unknown, f"{route}: say in `world.PLACES` what stands at {unknown}"
    for target in TARGETS if things else ("",):
        values = {each: world.value(each, target, role) for each in things}
        if all(value is not None for value in values.values()):
            step = {"step": value for front, value in STEPS.items() if route.startswith(front)}
            told = {**GIVEN, **step, **values}
            yield target, f"/{PLACE.sub(lambda found: str(told[found[1]]), route)}"


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


@pytest.mark.parametrize("route", sorted(LINES))
def test_who_may_ask(world: World, route: str) -> None:
    if route not in ROUTES:
        pytest.fail("no such address any more: take its line out")
    assert cells(world, route) == []
