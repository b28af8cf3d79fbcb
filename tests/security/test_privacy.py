"""What is personal is kept for nobody, and what is not public stands in no public answer."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.security.rights_lines import LINES
from tests.security.test_hostile_addresses import filled
from tests.security.test_rights_matrix import OUTSIDE_THE_MAP, ROUTES, addresses, calls, is_map
from tests.security.things import MAIL, REFUSED, SECRETS
from tests.security.world import World

from clusteratlas.portal.programmes.models import Programme
from clusteratlas.portal.registry import people_pages, state

pytestmark = pytest.mark.django_db
WORDS = (MAIL, *SECRETS.values())
PUBLIC_SEARCHES = (
    "/search/?q={}",
    "/search/suggest/?q={}",
    "/organisations/?q={}",
    "/practice/?q={}",
)


def text_of(response: HttpResponse) -> str:
    """Everything that an answer holds; a workbook is looked into."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    return body.decode("utf-8", "replace") + str(response.headers)


def every_address(world: World, role: str) -> Iterator[str]:
    """Every address that can be read, for every thing that it can name."""
    for route in OUTSIDE_THE_MAP:
        if "GET" in LINES[route].methods:
            yield from (address for _target, address in addresses(world, route, role))
    for method, address in calls():
        if method == "GET" and "{slug}" in address:
            for each in world.organisations.values():
                yield "/api/v1" + address.replace("{slug}", each.slug)
    yield from ("/api/v1/organisations", "/api/v1/organisations?q=canary", "/api/v1/coverage")
    yield from ("/", "/search/?q=optics", "/nowhere/", "/organisations/nobody/")


def leaks(text: str) -> list[str]:
    """The words of what is not public that stand in a text."""
    return [word for word in WORDS if word.lower() in text.lower()]


def test_nobody_is_shown_what_was_made_for_somebody_else(world: World) -> None:
    """Everybody asks everything in turn, the visitor last; whatever was kept would be seen then."""
    asked: set[str] = set()
    for role in ("administrator", "owner"):
        for address in every_address(world, role):
            if address.startswith("/agenda/"):  # whoever has this secret may read it
                continue
            response = world.ask(role, "GET", address).response
            asked.add(address)
            if leaks(text_of(response)):
                told = response.headers.get("Cache-Control", "")
                assert "no-store" in told, (role, address, told)
    wrong = []
    for address in sorted(asked | set(every_address(world, "visitor"))):
        if address.startswith("/agenda/"):
            continue
        response = world.ask("visitor", "GET", address).response
        if found := leaks(text_of(response)):
            wrong.append((address, response.status_code, found))
    assert wrong == []


def test_pages_that_look_at_another_page_show_nothing_that_is_not_public(world: World) -> None:
    """No gate stands before the page that they look at."""
    views = [address.partition("?")[0] for address in every_address(world, "owner")]
    for view in dict.fromkeys(views):
        for looking in (f"/embed/figure{view}", f"/cite/?view={view}"):
            response = world.ask("visitor", "GET", looking).response
            assert response.status_code in (200, 400, 404), (looking, response.status_code)
            assert leaks(text_of(response).replace(view, "")) == [], looking


def test_people_of_one_organisation_see_nothing_that_others_keep_to_themselves(
    world: World,
) -> None:
    hidden = {SECRETS[each] for each in ("request", "follow_up", "no_consent", "take_over")}
    for route in OUTSIDE_THE_MAP:
        if "GET" not in LINES[route].methods or route.startswith("agenda/"):
            continue
        for target, address in addresses(world, route, "editor"):
            if target.startswith("foreign"):
                text = text_of(world.ask("editor", "GET", address).response)
                assert not hidden & set(leaks(text)), address


def test_what_another_programme_holds_is_not_reached_by_way_of_ones_own(world: World) -> None:
    """The gate asks about the programme; what is named after it must be one of its own."""
    files, applied = world.places["files"], world.places["applied"]
    Programme.objects.get(slug=world.places["programme"]["foreign"]).studies.create(
        number=7, title="x", report=REFUSED.to_dict(), published_at=timezone.now()
    )
    by_method = {
        "GET": (
            "effects/files/{files}/",
            "effects/7/",
            "effects/7/draft/",
            "effects/7/report.json",
            "effects/7/estimates.csv",
            "applicants/{applied}/",
        ),
        "POST": (
            "effects/files/{files}/",
            "effects/files/{files}/forget/",
            *(f"effects/7/step/{step}/" for step in ("publish", "withdraw", "delete")),
            "applicants/{applied}/decide/",
            "applicants/{applied}/reopen/",
        ),
    }
    for role in ("owner", "administrator"):
        for method, places in by_method.items():
            for place in places:
                told = place.format(files=files["foreign"], applied=applied["foreign"])
                address = f"/programmes/{world.places['programme']['own']}/{told}"
                asked = world.ask(role, method, address)
                assert asked.response.status_code == 404, (role, method, address)
                assert asked.written == [], address
                own = place.replace("7/", "1/").format(files=files["own"], applied=applied["own"])
                if method == "GET":
                    address = f"/programmes/{world.places['programme']['own']}/{own}"
                    assert world.ask(role, method, address).response.status_code == 200, address


def test_searches_and_error_pages_name_nothing_that_is_not_public(world: World) -> None:
    for search in PUBLIC_SEARCHES:
        for word in WORDS:
            text = text_of(world.ask("visitor", "GET", search.format(word[:10])).response)
            assert leaks(text) == [], (search, word)


def test_the_log_names_nobody_and_no_secret_of_an_address(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = f"{MAIL}-owner@example.org"
    for address, given in (
        ("/account/sign-in/", {"username": mail, "password": SECRETS["token"]}),
        ("/account/register/", {"email": mail, "name": mail, "password": SECRETS["token"]}),
        ("/account/reset/", {"email": mail}),
        ("/organisations/propose/", {"name": SECRETS["draft"]}),
    ):
        world.ask("owner", "POST", address, data=given)
    for address in (f"/search/?q={mail}", f"/nowhere/{mail}/", "/organisations/lasers/manage/"):
        world.ask("owner", "GET", address)
        world.ask("visitor", "GET", address)
    world.ask("owner", "GET", "/api/v1/organisations/lasers?draft=true", token="read")
    secret = "/invitations/secret-of-owner/"
    assert Client(enforce_csrf_checks=True).post(secret).status_code == 403
    monkeypatch.setattr(people_pages, "page", None)
    assert world.ask("owner", "GET", secret).response.status_code == 500
    assert "is not open to you" in caplog.text
    assert leaks(caplog.text) == []
    assert "secret-of-owner" not in caplog.text
    assert world.tokens["owner", "read"] not in caplog.text


def test_an_answer_to_a_token_is_kept_for_nobody(world: World) -> None:
    address = "/api/v1/organisations/lasers?draft=true"
    mine = world.ask("owner", "GET", address, token="read").response
    assert SECRETS["draft"] in text_of(mine)
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert "Authorization" in mine.headers["Vary"]
    assert world.ask("visitor", "GET", address).response.status_code == 401
    assert world.ask("outsider", "GET", address, token="read").response.status_code == 404


def test_a_kept_page_changes_with_the_registry(world: World) -> None:
    page = world.ask("visitor", "GET", "/organisations/").response
    assert page.headers["Cache-Control"] == "public, no-cache"
    assert "Accept-Encoding" in page.headers["Vary"]
    assert "Mills" in page.content.decode()
    mills = world.organisations["foreign"]
    type(mills).objects.filter(pk=mills.pk).update(state="withdrawn", published=None)
    assert "Mills" in world.ask("visitor", "GET", "/organisations/").response.content.decode()
    state.bump()
    assert "Mills" not in world.ask("visitor", "GET", "/organisations/").response.content.decode()
    mills.save()
    state.bump()


def test_pages_of_the_map_are_the_same_for_everybody(world: World) -> None:
    """They do not look at who asks, so that they can be kept; else they say that they are not."""
    for route in ROUTES:
        if not is_map(route) or route.startswith("api/v1"):
            continue
        if route.endswith((".csv", ".xlsx", ".json", ".pdf")):
            continue
        mine = world.ask("owner", "GET", filled(route)).response
        assert leaks(text_of(mine)) == [], route
