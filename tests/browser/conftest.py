"""A real server on the sample, a real Chromium, and a guard that lets no fault of a page pass."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    WebError,
    expect,
    sync_playwright,
)

from .demonstrated import PASSWORD

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 30
WAIT = 10_000
DESKTOP = {"width": 1280, "height": 900}
TELL_CSP = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP report: ${event.effectiveDirective} ${event.blockedURI}`));
"""

PAGES = {
    "home": "/",
    "published effects": "/programmes/evidence/",
    "clusters and growth": "/programmes/growth/?scheme=us-state",
    "map": "/map/",
    "map of Europe": "/map/?scheme=nuts-2",
    "map of level and change": "/map/?scheme=us-state&show=both&measure=employment&pin=06",
    "map of an industry": "/map/?scheme=us-cbsa&industry=334413&classes=natural&number=7",
    "kinds of regions": "/regions/",
    "list of regions": "/regions/us-cbsa/",
    "region": "/regions/us-cbsa/41940/",
    "region partly covered": "/regions/us-cbsa/47900/",
    "region with little": "/regions/us-cbsa/49820/",
    "nation": "/regions/us-nation/US/",
    "European region": "/regions/nuts-2/DE11/",
    "cluster in a region": "/regions/us-cbsa/41940/clusters/23/",
    "industry group in a region": "/regions/nuts-2/DE11/clusters/C29/",
    "derivation": "/regions/us-cbsa/41940/derivation/location_quotient/?cluster=23",
    "derivations": "/regions/us-cbsa/41940/derivation/",
    "kinds of clusters": "/clusters/",
    "list of clusters": "/clusters/us-benchmark-2014/",
    "cluster": "/clusters/us-benchmark-2014/23/",
    "industry group": "/clusters/nace-divisions/C29/",
    "clusters in detail": "/detail/clusters/us-benchmark-2014/",
    "subclusters of a cluster": "/clusters/us-benchmark-2014/4/?region=41940&top=wage",
    "comparison of regions": "/compare/regions/?scheme=us-cbsa&regions=41940,14460,42660",
    "regions that stand apart": "/compare/regions/?regions=41940,nuts-2:DE11",
    "comparison of clusters": "/compare/clusters/?clusters=23,4,101",
    "ranking of regions": "/rankings/regions/?cluster=23&by=location_quotient&region=41940",
    "ranking of clusters": "/rankings/clusters/",
    "search": "/search/?q=san+jose",
    "region builder": "/builder/us-cbsa/?regions=41940,41860&year=2021",
    "union of regions": "/builder/us-cbsa/profile/?regions=41940,41860&name=Bay&year=2021",
    "own definition": "/definitions/own/?moves=334413:5&q=software&region=41940",
    "methods": "/methods/",
    "API guide": "/api/",
    "download": "/download/",
    "cite": "/cite/?view=/regions/us-cbsa/41940/",
    "code of a figure": "/embed/?view=/regions/us-cbsa/41940/&figure=strong-chart",
    "figure in a frame": "/embed/figure/regions/us-cbsa/41940/?figure=strong-chart",
    "options of a region": "/regions/us-cbsa/41940/options/",
    "learn": "/learn/",
    "glossary": "/learn/glossary/",
    "primer with a chart": "/learn/what-is-a-cluster/",
    "primer with steps": "/learn/from-figures-to-a-decision/",
    "primer with questions": "/learn/maps-in-policy/",
    "data quality": "/learn/data-quality/",
    "sources": "/sources/",
    "releases": "/releases/",
    "accessibility": "/accessibility/",
    "form": "/account/register/",
    "refusal": "/regions/us-cbsa/99999/",
}
"""One address of every kind of page."""

REFUSED = {"refusal": 404}

_OWN = "/organisations/imaginary-lakes-medical-device-alliance/"
_EVENT = "/events/imaginary-matchmaking-days/"
_BOOST = "/programmes/imaginary-cluster-boost/"
REGISTRY_PAGES = {
    "where to fund": ("", "/programmes/where-to-fund/"),
    "applicants of a programme": ("editor", f"{_BOOST}applicants/"),
    "applicant": ("editor", f"{_BOOST}applicants/{{applied}}/"),
    "portfolio": ("editor", f"{_BOOST}portfolio/?budget=5000000&currency=EUR&first=4"),
    "apply": ("editor", f"{_BOOST}apply/"),
    "application": ("textile@example.org", "/applications/{application}/"),
    "listing": ("", "/organisations/"),
    "listing by cluster": ("", "/organisations/?cluster=us-benchmark-2014:4&sort=name"),
    "profile": ("", _OWN),
    "partners": ("", f"{_OWN}partners/"),
    "coverage": ("", "/organisations/coverage/"),
    "region with organisations": ("", "/regions/us-cbsa/33460/"),
    "events": ("", "/events/"),
    "event": ("", _EVENT),
    "public agenda": ("", f"{_EVENT}agenda/"),
    "agenda": ("", "/agenda/{agenda}/"),
    "library": ("", "/practice/"),
    "entry": ("", "/practice/{entry}/"),
    "sign in": ("", "/account/sign-in/"),
    "account": ("editor", "/account/"),
    "tokens": ("editor", "/account/tokens/"),
    "sessions": ("editor", "/account/sessions/"),
    "delete the account": ("editor", "/account/delete/"),
    "own profile": ("editor", _OWN),
    "partners to ask": ("editor", f"{_OWN}partners/"),
    "manage": ("editor", f"{_OWN}manage/"),
    "edit form": ("editor", f"{_OWN}edit/"),
    "history": ("editor", f"{_OWN}history/"),
    "people of an organisation": ("editor", f"{_OWN}people/"),
    "propose": ("editor", "/organisations/propose/"),
    "requests": ("editor", "/requests/"),
    "request": ("editor", "/requests/{accepted}/"),
    "ask": ("editor", "/requests/new/?to=vlaams-voorbeeldcluster-chemie"),
    "own events": ("editor", "/events/mine/"),
    "register": ("editor", "/events/imaginary-transatlantic-exchange/register/"),
    "event form": ("editor", "/events/new/"),
    "registration": ("editor", "/registrations/{registration}/"),
    "wishes": ("editor", "/registrations/{registration}/wishes/{attendee}/"),
    "cockpit": ("editor", f"{_EVENT}organise/"),
    "applicants": ("editor", f"{_EVENT}applicants/"),
    "wishes of all": ("editor", f"{_EVENT}wishes/"),
    "timetable": ("editor", f"{_EVENT}timetable/"),
    "own entries": ("editor", "/practice/mine/"),
    "library form": ("editor", "/practice/new/"),
    "job": ("editor", "/jobs/{job}/"),
    "moderation": ("moderator", "/organisations/moderation/"),
    "review": ("moderator", f"{_OWN}review/"),
    "import": ("moderator", "/organisations/import/"),
    "outcomes": ("moderator", "/requests/outcomes/"),
    "moderation of the library": ("moderator", "/practice/moderation/"),
    "programmes": ("", "/programmes/"),
    "programme": ("", _BOOST),
    "account of a programme": ("", f"{_BOOST}account/"),
    "figure of an account": ("", f"{_BOOST}account/flemish-clusters-2025-cpi1/2025/"),
    "studies": ("", f"{_BOOST}effects/"),
    "effect": ("", f"{_BOOST}effects/1/"),
    "refused effect": ("", f"{_BOOST}effects/2/"),
    "return": ("", f"{_BOOST}return/"),
    "questionnaires": ("", "/benchmarking/"),
    "run a programme": ("editor", f"{_BOOST}manage/"),
    "edit a programme": ("editor", f"{_BOOST}edit/"),
    "logs": ("editor", f"{_BOOST}logs/"),
    "studies to run": ("editor", f"{_BOOST}effects/manage/"),
    "new study": ("editor", f"{_BOOST}effects/new/"),
    "benchmark": ("editor", f"{_OWN}benchmark/"),
    "people": ("administrator", "/account/people/"),
    "audit": ("administrator", "/account/audit/"),
    "usage": ("administrator", "/operations/usage/"),
}
"""Of every kind of page of the registry: who reads it, and one address."""

Browse = Callable[..., Page]
Enter = Callable[..., Page]

STORES: dict[str, Path] = {}
"""The folder that each server writes into, by its address."""

NUMBERS: dict[str, dict[str, Any]] = {}
"""Parts of addresses that the demonstration of a server made up, by the server's address."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives the portal in Chromium."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


def find_chromium() -> str:
    """Return the browser's path; a visitor without the right to install one skips these tests."""
    for name in (os.environ.get("CLUSTERATLAS_CHROMIUM", ""), *NAMES):
        if name and (found := shutil.which(name)):
            return found
    told = "Chromium is missing: install it or set CLUSTERATLAS_CHROMIUM to its path"
    if os.environ.get("CI") or os.geteuid() == 0:
        pytest.fail(told)
    pytest.skip(told)


class Guard:
    """Notes every fault of every page that a test opens."""

    def __init__(self, site: str) -> None:
        self.host = urlsplit(site).netloc
        self.faults: list[str] = []
        self._expected: list[tuple[int, str]] = []

    def expect_refusal(self, status: int, path: str) -> None:
        """A refusal with this status is what the test asks for."""
        self._expected.append((status, path))

    def _is_expected(self, address: str, status: int | None = None) -> bool:
        parts = urlsplit(address)
        asked = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return any(asked == path and status in (None, code) for code, path in self._expected)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        where = message.location["url"]
        if message.text.startswith("Failed to load resource") and self._is_expected(where):
            return
        self.faults.append(f"console {message.type}: {message.text} ({where})")

    def on_error(self, error: WebError) -> None:
        self.faults.append(f"page error: {error.error}")

    def on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("blob", "data") and parts.netloc != self.host:
            self.faults.append(f"request to another host: {request.url}")

    def on_failure(self, request: Request) -> None:
        # a new letter in the search box, a download or the next page ends what was under way
        if request.failure and "ERR_ABORTED" not in request.failure:
            self.faults.append(f"request failed: {request.url} {request.failure}")

    def on_response(self, response: Response) -> None:
        if response.status >= 400 and not self._is_expected(response.url, response.status):
            self.faults.append(f"status {response.status}: {response.url}")


class Window:
    """A browser window of its own; the tests that ask for the same kind take turns in it."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.options = {"viewport": DESKTOP, "locale": "en-US", **options}
        self.guard: Guard | None = None
        self.context = browser.new_context(**self.options)
        self.context.set_default_timeout(WAIT)
        self.context.add_init_script(TELL_CSP)
        for event in ("console", "weberror", "request", "requestfailed", "response"):
            self.context.on(event, partial(self._tell, event))  # type: ignore[call-overload]
        self.page = self.context.new_page()

    def _tell(self, event: str, happened: Any) -> None:
        if self.guard is not None:
            {
                "console": self.guard.on_console,
                "weberror": self.guard.on_error,
                "request": self.guard.on_request,
                "requestfailed": self.guard.on_failure,
                "response": self.guard.on_response,
            }[event](happened)

    def leave(self) -> None:
        """Let the last events arrive, then make ready for the next test."""
        for page in self.context.pages:
            page.title()
        self.guard = None
        for page in self.context.pages:
            if page is not self.page:
                page.close()
        self.page.mouse.move(0, 0)
        self.page.set_viewport_size(self.options["viewport"])
        self.page.emulate_media(
            media="null",
            color_scheme=self.options.get("color_scheme", "light"),
            reduced_motion=self.options.get("reduced_motion", "no-preference"),
        )


@pytest.fixture(scope="session")
def site(sample_place: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that runs as a visitor's server does, on the sample."""
    with serving(sample_place, tmp_path_factory) as address:
        yield address


@pytest.fixture(scope="session")
def unbound_site(unbound_place: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on figures some of which are withheld for good."""
    with serving(unbound_place, tmp_path_factory) as address:
        yield address


@pytest.fixture(scope="session")
def registry_site(sample_place: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on the sample that holds the demonstration."""
    store = tmp_path_factory.mktemp("store")
    script = Path(__file__).with_name("demonstrated.py")
    done = subprocess.run(
        [sys.executable, script, sample_place],
        env={**os.environ, "CLUSTERATLAS_STORE": str(store)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with serving(sample_place, tmp_path_factory, store) as address:
        NUMBERS[address] = json.loads(done.stdout)
        yield address


@contextmanager
def serving(
    place: Path, tmp_path_factory: pytest.TempPathFactory, store: Path | None = None
) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "server.log"
    kept = {name: text for name, text in os.environ.items() if "CLUSTERATLAS_" not in name}
    kept["CLUSTERATLAS_STORE"] = str(store or tmp_path_factory.mktemp("store"))
    command = [sys.executable, "-m", "clusteratlas.cli", "serve"]
    command += ["--place", str(place), "--port", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(command, env=kept, stdout=out, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    STORES[address] = Path(kept["CLUSTERATLAS_STORE"])
    try:
        _wait_for(f"{address}/healthz", server, log)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(timeout=15)
    said = log.read_text(errors="replace")
    assert "Traceback" not in said, said


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server does not answer:\n{log.read_text(errors='replace')}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for this folder; it ends before the tests of other folders begin."""
    path = find_chromium()
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def windows() -> dict[str, Window]:
    """The windows that are open, by what they were asked to be."""
    return {}


@pytest.fixture
def guard(site: str) -> Iterator[Guard]:
    """Fail the test on any fault of a page that it did not expect."""
    guard = Guard(site)
    yield guard
    assert not guard.faults, "\n".join(guard.faults)


@pytest.fixture
def browse(
    browser: Browser, site: str, guard: Guard, windows: dict[str, Window]
) -> Iterator[Browse]:
    """Open an address in a guarded window; more words are options of the window."""
    used: dict[str, Window] = {}

    def browse(path: str, **options: Any) -> Page:
        kind = repr(sorted(options.items()))
        if kind not in windows:
            windows[kind] = Window(browser, **{"base_url": site, **options})
        window = used[kind] = windows[kind]
        window.guard = guard
        guard.host = urlsplit(window.options["base_url"]).netloc
        window.page.goto(path)
        return window.page

    yield browse
    for kind, window in used.items():
        try:
            window.leave()
        except Error:
            windows.pop(kind).context.close()


@pytest.fixture(params=PAGES)
def each_page(request: pytest.FixtureRequest, guard: Guard) -> str:
    """The address of each kind of page in turn."""
    name = request.param
    if name in REFUSED:
        guard.expect_refusal(REFUSED[name], PAGES[name])
    return PAGES[name]


@pytest.fixture
def enter(browse: Browse, registry_site: str) -> Enter:
    """Open an address of the demonstration in the window of a person, signed in if they are one."""

    def enter(person: str, path: str, *, known: bool = True, **options: object) -> Page:
        # every person has a window: windows are told apart by what they say of themselves
        page = browse("/", base_url=registry_site, user_agent=f"Chromium of {person}", **options)
        if person and known:
            page.goto("/account/")
            if "/sign-in/" in page.url:
                sign_in(page, person)
        page.goto(path)
        return page

    return enter


def sign_in(page: Page, person: str) -> None:
    mail = person if "@" in person else f"demo-{person}@example.org"
    page.get_by_role("textbox", name="Mail address").fill(mail)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
