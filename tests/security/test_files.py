"""Files from people and for people: nothing breaks the site, nothing runs in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from tests.security.rights_lines import LINES
from tests.security.test_rights_matrix import OUTSIDE_THE_MAP, addresses
from tests.security.things import SECRETS
from tests.security.world import World

from clusteratlas.organisations import Profile, bytes_of
from clusteratlas.portal.accounts.models import AuditEntry
from clusteratlas.portal.limits import MOST_BYTES
from clusteratlas.portal.meetings.models import Attendee, Plan
from clusteratlas.portal.programmes.models import Application, EffectStudy, Programme
from clusteratlas.portal.registry import keeping, state
from clusteratlas.portal.registry.models import Organisation, Upload
from clusteratlas.programmes.effects import (
    Check,
    DataFacts,
    Design,
    EffectReport,
    Outcome,
    OutcomeFindings,
    Study,
    Verdict,
)
from clusteratlas.programmes.register import Programme as Document

pytestmark = pytest.mark.django_db
RUN = ("=cmd|'/c calc'!A1", "+1+cmd", "-2+3+cmd", "@SUM(A1)", "\t=1+1", '=HYPERLINK("x")', "  =1+1")
FORMULA = re.compile(r"^\s*[=+\-@\t\r\n|%]")
NUMBER = re.compile(r"^-?[\d.]+([eE][+-]?\d+)?$")
HOSTILE_PROGRAMME = Document.model_validate(
    {
        "name": RUN[0],
        "summary": RUN[1],
        "since": 2020,
        "until": 2021,
        "money": [
            {"amount": 5, "currency": "EUR", "side": "public", "giver": RUN[2], "year": 2020}
        ],
        "calls": [{"key": "first", "name": RUN[3]}],
        "awards": [{"key": "a", "organisation": RUN[0], "title": RUN[5], "source": RUN[3]}],
        "facts": [{"what": RUN[0], "text": RUN[5], "unit": RUN[3], "source": RUN[1]}],
    }
)
_OUTCOME = Outcome(RUN[0], unit=RUN[3], name=RUN[5])
HOSTILE_REPORT = EffectReport(
    Study(Design.staggered, (_OUTCOME,), source=RUN[1]),
    DataFacts(1, 1, 2019, 2019, 1, 1, 0, source=RUN[5], checksums={RUN[0]: "0"}),
    outcomes=(
        OutcomeFindings(
            _OUTCOME,
            refused=True,
            checks=(Check("few_treated", Verdict.failed, RUN[0], units=(RUN[0], RUN[3])),),
        ),
    ),
)


def table_cells(response: HttpResponse) -> Iterator[str]:
    """The cells of a CSV, or of a workbook's sheets with the formulas in them."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            names = packed.namelist()
            assert not any("externalLink" in each or "vba" in each.lower() for each in names)
            for name in names:
                if name.startswith("xl/worksheets/"):
                    text = packed.read(name).decode()
                    assert not re.search(r"<f[ >]", text), name
                    assert "<hyperlink" not in text, name
        return
    yield from (cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in row)


def test_no_export_runs_as_a_formula(world: World) -> None:
    """Whatever anybody has typed, in every table of people's data."""
    with transaction.atomic():
        for each in Organisation.objects.all():
            profile = Profile.model_validate(
                {
                    "name": RUN[0],
                    "summary": RUN[1],
                    "town": RUN[2],
                    "priorities": list(RUN[:4]),
                    "offers": [{"topic": RUN[3], "text": RUN[5]}],
                    "contacts": [{"name": RUN[0], "role": RUN[3], "consent": True}],
                    "partnerships": [{"name": RUN[5], "partners": [RUN[0]]}],
                }
            )
            kept = keeping.stored(profile)
            Organisation.objects.filter(pk=each.pk).update(
                name=RUN[0], draft=kept, published=kept if each.published else None
            )
        for each in Programme.objects.all():
            kept = HOSTILE_PROGRAMME.model_dump(mode="json")
            Programme.objects.filter(pk=each.pk).update(
                name=RUN[0], draft=kept, published=kept if each.is_public else None
            )
        Application.objects.update(title=RUN[5], evidence=[{"kind": "strategy", "title": RUN[0]}])
        EffectStudy.objects.update(title=RUN[0], report=HOSTILE_REPORT.to_dict())
        Attendee.objects.update(name=RUN[0], role=RUN[3])
        AuditEntry.objects.create(action=RUN[0], subject=RUN[3], details={"a": RUN[5]})
        for plan in Plan.objects.all():
            text = str(plan.document)
            assert SECRETS["attendee"] not in text
        state.bump()
        seen = 0
        for route in OUTSIDE_THE_MAP:
            if not route.endswith((".csv", ".xlsx")) or "GET" not in LINES[route].methods:
                continue
            for role in ("owner", "administrator"):
                for target, address in addresses(world, route, role):
                    response = world.ask(role, "GET", address).response
                    if response.status_code != 200:
                        continue
                    seen += 1
                    told = response.headers
                    assert told["Content-Disposition"].startswith("attachment"), address
                    assert told["X-Content-Type-Options"] == "nosniff"
                    for cell in table_cells(response):
                        runs = FORMULA.match(cell) and not NUMBER.match(cell) and cell != "%"
                        assert not runs, (address, target, cell)
        assert seen > 30
        transaction.set_rollback(True)


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return place.getvalue()


def workbook(changed: dict[str, bytes]) -> bytes:
    """A workbook of one organisation with some of its parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(bytes_of([Profile(name="Optics")], "xlsx"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return packed(parts | changed)


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9))
    + b"]><worksheet><sheetData><row><c t='inlineStr'><is><t>&j;</t></is></c></row></sheetData>"
    b"</worksheet>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>&a;</t></si></sst>"
)
HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "an image": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(500)),
    "a picture with a script": ("a.csv", lambda: b"<svg onload='alert(1)'></svg>"),
    "a page": ("a.xlsx", lambda: b"<html><script>alert(1)</script></html>"),
    "a program": ("a.csv", lambda: b"MZ\x90\x00" + bytes(300)),
    "a PDF that is also an archive": ("a.xlsx", lambda: b"%PDF-1.7\n" + packed({"a": b"b"})),
    "an archive of something else": ("a.xlsx", lambda: packed({"../../evil": b"x"})),
    "an archive that bursts": (
        "a.xlsx",
        lambda: workbook({f"xl/worksheets/sheet{n}.xml": bytes(90_000_000) for n in range(1, 7)}),
    ),
    "entities that grow": ("a.xlsx", lambda: workbook({"xl/worksheets/sheet1.xml": LAUGHS})),
    "an entity from the disk": ("a.xlsx", lambda: workbook({"xl/sharedStrings.xml": OUTSIDE})),
    "deep JSON": ("a.json", lambda: b"[" * 200_000 + b"]" * 200_000),
    "endless numbers": ("a.json", lambda: b'[{"name": ' + b"9" * 200_000 + b"}]"),
    "a million rows": ("a.csv", lambda: b"name\n" + b"Optics\n" * 1_000_000),
    "a huge cell": ("a.csv", lambda: b"name\n" + b"x" * 5_000_000 + b"\n"),
    "a quote without end": ("a.csv", lambda: b'name\n"' + b"x\n" * 100_000),
    "zero bytes": ("a.csv", lambda: b"name\nOp\x00tics\n"),
    "another alphabet": ("a.csv", lambda: "name\nOptics\n".encode("utf-16")),
    "no letters": ("a.csv", lambda: bytes(range(256)) * 20),
    "nothing": ("a.csv", lambda: b""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_faults(world: World, name: str) -> None:
    file, make = HOSTILE[name]
    sent = SimpleUploadedFile(f"../../{file}", make(), "text/csv")
    before = Upload.objects.count(), Organisation.objects.count()
    done = world.ask("moderator", "POST", "/organisations/import/", data={"file": sent})
    assert done.response.status_code == 422
    page = done.response.content.decode()
    assert "root:" not in page
    assert "../" not in page.partition("<main")[2].partition("</main>")[0].replace('"../', "")
    assert not [each for each in done.written if "registry_" in each]
    assert (Upload.objects.count(), Organisation.objects.count()) == before


def test_a_file_that_is_too_large_is_refused_before_it_is_read(world: World) -> None:
    class Unread(io.BytesIO):
        def read(self, *asked: Any) -> bytes:
            raise AssertionError("the body is read")

    client = Client()
    request = RequestFactory().post("/organisations/import/")
    told = {
        **request.environ,
        "CONTENT_LENGTH": str(MOST_BYTES * 2),
        "wsgi.input": Unread(),
        "HTTP_COOKIE": f"sessionid={world.sessions['moderator']}",
    }
    told.pop("CONTENT_TYPE", None)
    response = client.request(**told, CONTENT_TYPE="multipart/form-data; boundary=x")
    assert response.status_code == 413
    assert client.request(**{**told, "CONTENT_LENGTH": "9" * 400}).status_code == 413


def test_files_of_the_library_come_as_files_to_keep_under_a_plain_name(world: World) -> None:
    pdf = b"%PDF-1.7\n<html><script>alert(1)</script></html>\n%%EOF"
    given = {
        "kind": "news",
        "title": "Something new",
        "summary": "A summary that is long enough.",
        "language": "en",
        "date": "2026-03-01",
        "upload": SimpleUploadedFile('../../x"; filename=evil.html', pdf, "text/html"),
    }
    with transaction.atomic():
        world.client.cookies["sessionid"] = world.sessions["outsider"]
        done = world.client.post("/practice/new/", given)
        assert done.status_code == 302, done.content.decode()[:500]
        address = done.headers["Location"].replace("draft/", "draft-file/")
        told = world.client.get(address)
        assert b"".join(told.streaming_content) == pdf
        told.close()
        assert told.headers["Content-Type"] == "application/pdf"
        assert re.fullmatch(
            r'attachment; filename="[A-Za-z0-9._-]+\.pdf"', told.headers["Content-Disposition"]
        )
        assert told.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in told.headers["Content-Security-Policy"]
        assert "no-store" in told.headers["Cache-Control"]
        transaction.set_rollback(True)
