"""The library: written, handed in, read by a moderator, published, shown where it belongs."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from pytest_django.fixtures import Settings
from tests.portal.people import join, organisation, person, signed_in

from clusteratlas.portal.accounts import own_data
from clusteratlas.portal.accounts.models import AuditEntry, User
from clusteratlas.portal.practice import keeping, shelf
from clusteratlas.portal.practice.document import Document
from clusteratlas.portal.practice.models import Entry, EntryRevision
from clusteratlas.portal.roles import InsideRole, SiteRole

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n%%EOF\n"
FIELDS = {
    "kind": "case",
    "title": "How San Jose shares test labs",
    "summary": "Eleven firms share one clean room and save a third of its cost.",
    "text": "First paragraph, see https://example.org/lab now.\n\nSecond <b>paragraph</b>.",
    "language": "en",
    "date": "2026-05-04",
    "link": "https://example.org/report",
    "clusters": "us-benchmark-2014:23",
    "regions": "San Jose-Sunnyvale-Santa Clara, CA",
    "programmes": "Regional Innovation 2026",
}


def written(**more: Any) -> Document:
    told = {
        "kind": "news",
        "title": "Something new",
        "summary": "A summary that is long enough.",
        "date": datetime.date(2026, 3, 1),
        **more,
    }
    return Document.model_validate(told)


def published_entry(**more: Any) -> Entry:
    entry = keeping.begin(written(**more), None)
    keeping.submit(entry, None)
    keeping.publish(entry, None)
    return entry


@dataclass
class Desk:
    """An author, a moderator and an entry that was begun with a file."""

    author: Client
    moderator: Client
    sent: dict[str, Any]
    entry: Entry
    address: str


@pytest.fixture
def desk(portal: Client) -> Desk:
    ada, mo = person("ada"), person("mo", SiteRole.MODERATOR)
    optics = organisation("optics")
    join(ada, optics, InsideRole.EDITOR)
    author, moderator = signed_in(ada), signed_in(mo)
    sent = {**FIELDS, "organisations": "Optics", "giver": str(optics.pk)}
    upload = SimpleUploadedFile("../Our report.pdf", PDF, "application/pdf")
    answer = author.post("/practice/new/", {**sent, "upload": upload})
    assert answer.status_code == 302, answer.content.decode()
    entry = Entry.objects.get()
    assert answer.headers["Location"] == f"/practice/{entry.slug}/draft/"
    assert entry.document.regions == ("us-cbsa:41940",)
    return Desk(author, moderator, sent, entry, f"/practice/{entry.slug}/")


def test_from_draft_to_the_public(portal: Client, desk: Desk) -> None:
    author, moderator, address, entry = desk.author, desk.moderator, desk.address, desk.entry
    # Nobody but its author, its organisation's editors and moderators sees a draft.
    assert portal.get(address).status_code == 404
    assert portal.get(f"{address}draft/").status_code == 404
    assert signed_in(person("eve")).get(f"{address}draft/").status_code == 404
    assert signed_in(person("eva")).post(f"{address}step/submit/").status_code == 404
    assert author.get(f"{address}draft/").status_code == 200
    assert author.post(f"{address}step/submit/").status_code == 302
    # A moderator returns it with a reason; the author reads it, also by mail.
    assert "1 entry waits" in moderator.get("/practice/moderation/").content.decode()
    assert author.get("/practice/moderation/").status_code == 403
    assert moderator.post(f"{address}decide/return/", {"reason": ""}).status_code == 422
    moderator.post(f"{address}decide/return/", {"reason": "Name <the> firms & year"})
    assert "Name &lt;the&gt; firms &amp; year" in author.get("/practice/mine/").content.decode()
    assert "Name <the> firms & year" in mail.outbox[-1].body
    # Changed, handed in again, and published in the version that was read.
    edit = {**desk.sent, "title": "How San Jose shares labs", "version": entry.version}
    assert author.post(f"{address}edit/", edit).status_code == 302
    assert author.post(f"{address}edit/", edit).status_code == 422, "the version is an old one"
    author.post(f"{address}step/submit/")
    moderator.post(f"{address}decide/publish/", {"version": 1})
    assert portal.get(address).status_code == 404, "the moderator read an earlier version"
    moderator.post(f"{address}decide/publish/", {"version": 2})
    text = portal.get(address).content.decode()
    assert "How San Jose shares labs" in text
    assert '<a href="https://example.org/lab" rel="nofollow">' in text
    assert "Second &lt;b&gt;paragraph&lt;/b&gt;." in text
    assert 'rel="nofollow noopener noreferrer"' in text
    # Its file is given to keep, never shown within the site.
    file = portal.get(f"{address}file/")
    assert b"".join(file.streaming_content) == PDF
    assert file.headers["Content-Disposition"] == 'attachment; filename="Our-report.pdf"'
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {f"entry.{step}" for step in ("begin", "submit", "return", "publish")} <= actions


def test_it_stands_where_it_belongs_until_withdrawn(portal: Client, desk: Desk) -> None:
    author, address, entry = desk.author, desk.address, desk.entry
    keeping.submit(entry, None)
    keeping.publish(entry, None)
    # It stands where it belongs, and a later draft changes nothing of that.
    for place in (
        "/regions/us-cbsa/41940/",
        "/clusters/us-benchmark-2014/23/",
        "/organisations/optics/",
        "/practice/",
        "/practice/?q=labs+FIRMS&kind=case",
    ):
        assert "How San Jose shares test labs" in portal.get(place).content.decode(), place
    for place in ("/regions/us-cbsa/19820/", "/practice/?kind=news"):
        assert "How San Jose shares test labs" not in portal.get(place).content.decode(), place
    edit = {**desk.sent, "title": "Quite another"}
    author.post(f"{address}edit/", {**edit, "version": entry.version})
    assert "Quite another" not in portal.get(address).content.decode()
    # An earlier version comes back as a draft; withdrawn, it stands nowhere.
    assert author.post(f"{address}history/", {"version": 1}).status_code == 302
    entry.refresh_from_db()
    assert entry.document.title == FIELDS["title"]
    assert author.post(f"{address}step/withdraw/").status_code == 302
    assert portal.get(address).status_code == 404
    assert "test labs" not in portal.get("/regions/us-cbsa/41940/").content.decode()
    entry.refresh_from_db()
    late = {**edit, "version": entry.version}
    assert author.post(f"{address}edit/", late).status_code == 422
    assert portal.get(address).status_code == 404, "a change must not bring it back"
    author.post(f"{address}step/reopen/")
    assert portal.get(address).status_code == 404
    assert EntryRevision.objects.count() == 3


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("picture.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>'),
        ("page.pdf", b"<html><script>alert(1)</script></html>"),
        ("picture.pdf", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("cut.pdf", b"%PDF-1.7\n" + b"x" * 5_000),
        ("empty.pdf", b""),
        ("large.pdf", b"%PDF-1.7\n" + bytes(10_000_001) + b"%%EOF"),
    ],
)
def test_files_that_are_no_pdf_are_refused(
    portal: Client, settings: Settings, name: str, content: bytes
) -> None:
    client = signed_in(person())
    upload = SimpleUploadedFile(name, content, "application/pdf")
    answer = client.post("/practice/new/", {**FIELDS, "upload": upload})
    assert answer.status_code == 422
    assert 'href="#id_upload"' in answer.content.decode()
    assert not Entry.objects.exists()
    assert not (Path(settings.STORE) / "files").exists()


def test_no_file_stays_that_no_entry_holds(
    portal: Client, desk: Desk, settings: Settings, django_capture_on_commit_callbacks: Any
) -> None:
    folder = Path(settings.STORE) / "files"
    before = sorted(folder.iterdir())
    late = {**desk.sent, "version": "0", "upload": SimpleUploadedFile("late.pdf", PDF)}
    assert desk.author.post(f"{desk.address}edit/", late).status_code == 422
    assert sorted(folder.iterdir()) == before
    keeping.submit(desk.entry, None)
    for odd in ("²", "9" * 5_000):
        answer = desk.moderator.post(f"{desk.address}decide/publish/", {"version": odd})
        assert answer["Location"] == f"{desk.address}decide/"
        assert desk.author.post(f"{desk.address}history/", {"version": odd}).status_code == 404
    Entry.objects.update(organisation=None, state="draft")
    with django_capture_on_commit_callbacks(execute=True):
        own_data.delete(User.objects.get(email="ada@example.org"))
    assert (Entry.objects.count(), list(folder.iterdir())) == (0, [])


def test_every_fault_of_a_form_is_named(portal: Client) -> None:
    client = signed_in(person())
    wrong = {
        **FIELDS,
        "title": "x\u202ey",
        "link": "javascript:alert(1)",
        "clusters": "us-benchmark-2014:999\nInformation Technolgy",
        "regions": "San Hose, CA",
        "organisations": "Nobody",
        "until": "2026-01-01",
        "kind": "gossip",
    }
    text = client.post("/practice/new/", wrong).content.decode()
    for field in ("clusters", "regions", "organisations", "kind"):
        assert f'href="#id_{field}"' in text, field
    assert "did you mean" in text
    assert not Entry.objects.exists()
    wrong = {**FIELDS, "title": "x\u202ey z", "link": "javascript:alert(1)"}
    text = client.post("/practice/new/", wrong).content.decode()
    assert 'href="#id_title"' in text
    assert 'href="#id_link"' in text
    assert "ends before it begins" in (
        client.post("/practice/new/", {**FIELDS, "until": "2026-01-01"}).content.decode()
    )
    assert Client().get("/practice/new/").status_code == 302


def test_feeds_follow_the_filters(portal: Client) -> None:
    published_entry(title="Chips <in> Detroit", regions=("us-cbsa:19820",), kind="event")
    published_entry(title="Software", clusters=("us-benchmark-2014:23",))
    optics = organisation("optics")
    published_entry(title="Light", organisations=(optics.slug,))

    def titles(query: str) -> set[str]:
        answer = portal.get(f"/practice/feed.atom{query}")
        assert answer.headers["Content-Type"].startswith("application/atom+xml")
        feed = ElementTree.fromstring(answer.content)
        space = "{http://www.w3.org/2005/Atom}"
        return {each.findtext(f"{space}title") or "" for each in feed.iter(f"{space}entry")}

    assert titles("") == {"Chips <in> Detroit", "Software", "Light"}
    assert titles("?region=us-cbsa:19820") == {"Chips <in> Detroit"}
    assert titles("?cluster=us-benchmark-2014:23") == {"Software"}
    assert titles("?organisation=optics") == {"Light"}
    assert titles("?kind=event") == {"Chips <in> Detroit"}
    assert titles("?q=nothing") == set()
    assert portal.get("/practice/feed.atom?kind=gossip").status_code == 400
    assert portal.get("/practice/?page=9").status_code == 400
    assert portal.get("/de/practice/").status_code == 200
    said = portal.get("/api/v1/practice?tagged_region=us-cbsa:19820").json()
    assert said["count"] == 1
    assert said["items"][0]["title"] == "Chips <in> Detroit"
    assert portal.get("/api/v1/practice?kind=gossip").status_code == 422


def test_a_long_library_is_read_in_parts(portal: Client) -> None:
    for number in range(27):
        published_entry(title=f"Entry {number}", date=datetime.date(2026, 1, 1 + number))
    text = portal.get("/practice/").content.decode()
    assert "27 entries" in text
    assert text.index("Entry 26") < text.index("Entry 25")
    assert "Entry 1<" not in text
    assert "Entry 1<" in portal.get("/practice/?page=2").content.decode()


def test_pages_go_without_where_the_database_is_gone(
    portal: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    published_entry(title="Here again", regions=("us-cbsa:12060",))

    def refuse() -> tuple[()]:
        raise OperationalError("gone")

    with monkeypatch.context() as gone:
        gone.setattr(shelf, "_read", refuse)
        gone.setattr(shelf._kept, "key", None)
        answer = portal.get("/regions/us-cbsa/12060/")
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
        assert portal.get("/practice/").status_code == 503
    text = portal.get("/regions/us-cbsa/12060/").content.decode()
    assert re.search(r"Here again</a>", text), "a page that lacks a part is not kept"
