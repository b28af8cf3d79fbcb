"""The register in the portal: found, read, written, moderated, taken in, taken along."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings
from tests.portal.people import join, organisation, person, programme, signed_in

from clusteratlas.portal.accounts import own_data
from clusteratlas.portal.accounts.models import AuditEntry
from clusteratlas.portal.evidence import routes as evidence
from clusteratlas.portal.programmes import routes as programmes
from clusteratlas.portal.programmes.models import Programme, RegisterFile
from clusteratlas.portal.programmes.register import edit_pages, import_pages, keeping
from clusteratlas.portal.programmes.register.demonstration import load_fictional_programme
from clusteratlas.portal.programmes.register.loading import load_register
from clusteratlas.portal.roles import SiteRole
from clusteratlas.programmes.register import (
    Programme as Document,
)
from clusteratlas.programmes.register import (
    bytes_of,
    fictional_programme,
    read_register,
    stated_programmes,
)

BOOST = fictional_programme()
HERE = f"/programmes/{BOOST.slug}/"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def upload(body: bytes | str, name: str = "up.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body if isinstance(body, bytes) else body.encode())


@pytest.fixture
def stated(portal: Client) -> Client:
    load_register([*stated_programmes(), BOOST])
    return portal


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that reads uploads is tested in the room."""

    def read(path: Path, release: Any, *, name: str, into: Document | None = None) -> Any:
        return read_register(path, release, name=name, into=into)

    for module in (edit_pages, import_pages):
        monkeypatch.setattr(module, "read_untrusted_register", read)


def test_the_list_is_filtered_mapped_and_taken_along(stated: Client, tmp_path: Path) -> None:
    whole = text(stated.get("/programmes/"))
    assert "Programmes: 18. Countries: 9. Awards that are stated: 31." in whole
    assert "New York: 1 programme (Build Back Better Regional Challenge)" in whole
    assert "Without a place on these maps: Arranjos Produtivos Locais" in whole
    for asked, count in (
        ("q=mariculture", 1),
        ("country=DK", 2),
        ("region=us-state:36", 1),
        ("cluster=us-benchmark-2014:51", 1),
        ("instrument=contest", 5),
        ("funder=US Small Business Administration", 1),
        ("year=2008", 1),
        ("money=paid", 1),
        ("money=none", 12),
        ("money=unstated", 5),
        ("year=2008&country=DE&instrument=contest", 1),
    ):
        found = text(stated.get(f"/programmes/?{asked}"))
        assert f"{count} of 18 programmes pass" in found, asked
        table = stated.get(f"/programmes/table.csv?{asked}").content.decode().splitlines()
        assert len(table) == count + 1
    assert "No programme passes" in text(stated.get("/programmes/?country=FI"))
    for wrong in ("instrument=gift", "region=DE11", "year=soon", "money=lost"):
        assert stated.get(f"/programmes/?{wrong}").status_code == 400
    for ending in ("zip", "xlsx", "json"):
        place = tmp_path / f"all.{ending}"
        place.write_bytes(stated.get(f"/programmes/export.{ending}?country=DK").content)
        kept = read_register(place).programmes
        assert {each.slug for each in kept} == {BOOST.slug, "innovation-network-denmark"}
        assert BOOST in kept


def test_a_page_says_who_pays_what_without_mixing_money(stated: Client) -> None:
    said = text(stated.get(HERE))
    for sentence in (
        "Funded by Imaginary Ministry of Regions, 2018–2028. EUR 9.90 million of public money paid "
        "so far, 2018–2024. 10 awards.",
        "2025 not stated 1,000,000 500,000",
        "EUR 4,410,000 30",
        "10 awards are stated; organisations: 10.",
    ):
        assert sentence in said
    challenge = text(stated.get("/programmes/regional-challenge/"))
    assert "USD 970 million" in challenge
    assert "Wood Products (our reading)" in challenge
    mixed = programme(
        "mixed",
        money=[
            {"amount": 5, "currency": "EUR", "side": "public", "price_base": 2015},
            {"amount": 7, "currency": "EUR", "side": "public"},
            {"amount": 9, "currency": "USD", "side": "private"},
        ],
    )
    said = text(stated.get(f"/programmes/{mixed.slug}/"))
    assert "EUR 5 of public money, in the prices of 2015." in said
    assert "EUR 12" not in said
    rows = stated.get(f"{HERE}money.csv").content.decode().splitlines()
    assert len(rows) == 1 + 23 + 60
    assert stated.get(f"{HERE}awards.xlsx").content[:2] == b"PK"
    facts = stated.get("/programmes/clusters-go-international/facts.metadata.json").json()
    assert facts["columns"]["stated_by"]["meaning"].startswith("where it is stated")
    assert text(stated.get("/programmes/bioregio-bioprofile/")).count("not stated") >= 2
    assert "The entry is in version 1." in text(stated.get(f"{HERE}versions/"))


def test_regions_clusters_and_organisations_name_their_programmes(stated: Client) -> None:
    lakes = BOOST.awards[0]
    organisation(lakes.slug)
    assert "Shared test beds 2018 EUR 540,000 (committed) EUR 324,000 (committed)" in text(
        stated.get(f"/organisations/{lakes.slug}/")
    )
    assert f'href="/organisations/{lakes.slug}/"' in stated.get(HERE).content.decode()
    assert "Which programmes are at work here?" in text(stated.get("/regions/us-state/36/"))
    assert "Imaginary Cluster Boost" in text(stated.get("/clusters/us-benchmark-2014/21/"))
    assert "Which programmes" not in text(stated.get("/clusters/us-benchmark-2014/44/"))


def test_the_api_gives_lists_wholes_and_awards_in_parts(stated: Client) -> None:
    found = stated.get("/api/v1/programmes?country=DE&limit=2").json()
    assert (found["count"], len(found["items"])) == (4, 2)
    rest = stated.get(f"/api/v1/programmes?country=DE&limit=2&cursor={found['next']}").json()
    assert {each["slug"] for each in (*found["items"], *rest["items"])} >= {BOOST.slug}
    whole = stated.get("/api/v1/programmes/regional-challenge").json()
    assert whole["sums"] == [
        {
            "level": "awards",
            "side": "public",
            "kind": "",
            "currency": "USD",
            "price_base": None,
            "amount": 970_000_000.0,
            "amounts": 21,
            "first_year": None,
            "last_year": None,
        }
    ]
    assert Document.model_validate(whole["programme"]) == stated_programmes()[0]
    awards = stated.get("/api/v1/programmes/regional-challenge/awards?limit=20").json()
    assert (awards["count"], len(awards["items"])) == (21, 20)
    last = stated.get(
        f"/api/v1/programmes/regional-challenge/awards?limit=20&cursor={awards['next']}"
    ).json()
    assert last["items"][0]["organisation"] == "Wichita State University"
    assert stated.get("/api/v1/programmes/nobody").status_code == 404
    assert stated.get("/api/v1/programmes?money=lost").status_code == 400


FIELDS = {
    "name": "Light Boost",
    "funder": "Ministry of Light",
    "level": "national",
    "since": 2019,
    "countries": "DE, FR",
    "instruments": ["vouchers", "training"],
    "regions": "nuts-2:DE11\nMidi-Pyrénées",
    "clusters": "us-benchmark-2014:5",
    "references": "Decree | https://example.org/decree\nA report",
}
LIGHT = "/programmes/light-boost/"
MONEY = (
    "programme,award,amount,currency,side,year\n"
    "light-boost,,5000,EUR,public,2019\nlight-boost,,700,EUR,private,2020\n"
)


@dataclass
class Scene:
    """A programme that an editor has begun, and who looks at it."""

    editor: Client
    moderator: Client
    visitor: Client
    row: Programme

    def told(self, place: str = "") -> str:
        return text(self.editor.get(f"{LIGHT}{place}"))

    def send(self, body: bytes | str, name: str, version: int) -> Any:
        sent = {"file": upload(body, name), "version": version}
        return self.editor.post(f"{LIGHT}tables/", sent)


@pytest.fixture
def scene(portal: Client, settings: Settings) -> Scene:
    settings.MODERATION = True
    ada, optics = person(), organisation()
    join(ada, optics)
    editor = signed_in(ada)
    fields = {**FIELDS, "organisation": str(optics.pk)}
    assert editor.post("/programmes/new/", fields).status_code == 302
    row = Programme.objects.get(slug="light-boost")
    return Scene(editor, signed_in(person("mo", SiteRole.MODERATOR)), portal, row)


def test_a_new_programme_is_a_draft_of_its_people(scene: Scene) -> None:
    wrong = scene.editor.post(
        "/programmes/new/",
        {"name": "", "since": 2020, "until": 2019, "countries": "DE XX", "regions": "Nowhere"},
    )
    assert wrong.status_code == 422
    assert "XX: not a country" in text(wrong)
    assert "there is no region" in text(wrong)
    odd = scene.editor.post("/programmes/new/", {"name": "Odd", "since": 2020, "until": 2019})
    assert "the programme ends before it begins" in text(odd)
    assert scene.row.organisation.slug == "optics"
    assert scene.row.document.regions[1].region == "FR62"
    assert [each.address for each in scene.row.document.references] == [
        "https://example.org/decree",
        "",
    ]
    assert scene.visitor.get(LIGHT).status_code == 404
    assert "Not public: draft." in scene.told()


def test_tables_are_taken_whole_and_never_over_another_change(scene: Scene) -> None:
    bad = MONEY.replace("2019", "2018").replace("EUR,private", ",private")
    refused = scene.send(bad, "money.csv", 1)
    assert refused.status_code == 422
    assert "2 faults. Nothing was written." in text(refused)
    assert "money without currency (programme light-boost, year 2020)" in text(refused)
    assert scene.editor.post(f"{LIGHT}tables/", {"version": 1}).status_code == 422
    awards = "key,organisation,slug,year\na1,Optics,optics,2020\n"
    assert scene.send(awards, "awards.csv", 1).status_code == 302
    assert "Somebody else kept a change" in text(scene.send(MONEY, "money.csv", 1))
    assert scene.send(MONEY, "money.csv", 2).status_code == 302
    scene.row.refresh_from_db()
    document = scene.row.document
    assert (scene.row.version, len(document.awards), len(document.money)) == (3, 1, 2)
    archive = zipfile.ZipFile(io.BytesIO(scene.editor.get(f"{LIGHT}draft.zip").content))
    assert archive.read("awards.csv").decode().splitlines()[1].startswith("light-boost,a1,Optics")
    whole = scene.editor.get(f"{LIGHT}draft.xlsx").content
    assert scene.send(whole, "all.xlsx", 3).url.endswith("/tables/")
    edited = {**FIELDS, "funder": "Ministry of Dark"}
    late = scene.editor.post(f"{LIGHT}edit/", {**edited, "version": 2})
    assert "Somebody else kept a change" in text(late)
    kept = scene.editor.post(f"{LIGHT}edit/", {**edited, "version": 3})
    assert kept.status_code == 302
    history = scene.told("history/")
    assert "Funder: Ministry of Light, now Ministry of Dark" in history
    assert "Amounts of money: 2 new, 0 gone, 0 changed" in history


def test_from_a_draft_to_the_public_and_back(scene: Scene) -> None:
    scene.send(MONEY, "money.csv", 1)
    scene.editor.post(f"{LIGHT}step/submit/", {"version": 2})
    assert "1 programme waits." in text(scene.moderator.get("/programmes/moderation/"))
    assert "EUR 5,000" in text(scene.moderator.get(f"{LIGHT}decide/"))
    assert scene.moderator.post(f"{LIGHT}decide/return/", {"reason": ""}).status_code == 422
    scene.moderator.post(f"{LIGHT}decide/return/", {"reason": "Whose money?"})
    assert "Whose money?" in scene.told("manage/")
    scene.editor.post(f"{LIGHT}history/", {"version": 2, "base": 1})
    scene.editor.post(f"{LIGHT}history/", {"version": 2, "base": 2})
    scene.editor.post(f"{LIGHT}step/submit/", {"version": 3})
    scene.moderator.post(f"{LIGHT}decide/publish/", {"version": 2})
    assert scene.visitor.get(LIGHT).status_code == 404
    scene.moderator.post(f"{LIGHT}decide/publish/", {"version": 3})
    said = text(scene.visitor.get(LIGHT))
    assert "Funded by Ministry of Light since 2019." in said
    assert "EUR 5,000 of public money, 2019." in said
    scene.editor.post(f"{LIGHT}edit/", {**FIELDS, "funder": "Nobody", "version": 3})
    assert "Ministry of Light" in text(scene.visitor.get(LIGHT))
    assert "now Nobody" in scene.told("manage/")
    scene.editor.post(f"{LIGHT}step/discard/")
    scene.row.refresh_from_db()
    now = (scene.row.state, scene.row.draft, scene.row.version)
    assert now == (Programme.State.PUBLISHED, None, 5)
    scene.editor.post(f"{LIGHT}step/withdraw/")
    assert scene.visitor.get(LIGHT).status_code == 404
    assert scene.editor.post(f"{LIGHT}step/nothing/").status_code == 404
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {f"programme.{each}" for each in ("begin", "publish", "return", "withdraw")} <= actions


def test_people_run_a_programme_one_by_one(scene: Scene) -> None:
    bob = person("bob")
    scene.editor.post(f"{LIGHT}people/", {"mail": "nobody@example.org"})
    scene.editor.post(f"{LIGHT}people/", {"mail": bob.email})
    assert signed_in(bob).get(f"{LIGHT}manage/").status_code == 404
    bob.confirmed_at = scene.row.created_at
    bob.save()
    scene.editor.post(f"{LIGHT}people/", {"mail": bob.email})
    assert "My programmes Light Boost" in text(signed_in(bob).get("/account/"))
    written = own_data.export(scene.row.revisions.get().author)["programmes_written"]
    assert written[0]["programme"] == "light-boost"
    for runner in list(scene.row.runners.all()):
        scene.editor.post(f"{LIGHT}people/", {"leaves": runner.pk})
    assert scene.row.runners.count() == 0
    assert scene.editor.get(f"{LIGHT}manage/").status_code == 200


def test_without_moderation_a_draft_is_public_at_once(portal: Client, settings: Settings) -> None:
    settings.MODERATION = False
    ada = person()
    browser = signed_in(ada)
    browser.post("/programmes/new/", {"name": "New"})
    row = Programme.objects.get()
    assert row.slug == "new-2"
    browser.post("/programmes/new-2/step/submit/", {"version": 2})
    assert portal.get("/programmes/new-2/").status_code == 404
    browser.post("/programmes/new-2/step/submit/", {"version": 1})
    assert "Who funds it is not stated." in text(portal.get("/programmes/new-2/"))
    browser.post("/programmes/new-2/people/", {"leaves": row.runners.get().pk})
    assert row.runners.count() == 1
    keeping.withdraw(row, None, "No.")
    browser.post("/programmes/new-2/step/submit/", {"version": 1})
    row.refresh_from_db()
    assert row.state == Programme.State.SUBMITTED


def test_a_file_is_shown_before_it_is_taken_in(portal: Client) -> None:
    moderator = person("mo", SiteRole.MODERATOR)
    administrator = person("root", SiteRole.ADMINISTRATOR)
    looks, runs = signed_in(moderator), signed_in(administrator)
    bad = looks.post("/programmes/import/", {"file": upload("name,since\nBoost,soon\n")})
    assert (bad.status_code, "1 fault. Nothing was written." in text(bad)) == (422, True)
    assert looks.post("/programmes/import/", {}).status_code == 422
    assert looks.post("/programmes/import/stated/").status_code == 403
    shown = runs.post("/programmes/import/stated/", follow=True)
    assert "New: 17, changed: 0, the same: 0." in text(shown)
    held = RegisterFile.objects.get()
    assert looks.get(f"/programmes/import/{held.pk}/").status_code == 404
    runs.post(f"/programmes/import/{held.pk}/apply/", {"do": "publish"})
    assert "Programmes: 17." in text(portal.get("/programmes/"))
    assert runs.post(f"/programmes/import/{held.pk}/apply/").status_code == 404

    row = Programme.objects.get(slug="walloon-clusters")
    keeping.keep(row, row.document.model_copy(update={"funder": "X"}), base=1, person=moderator)
    row.runners.create(user=moderator)
    changed = stated_programmes()[0].model_copy(update={"short_name": "BBB", "awards": ()})
    body = bytes_of([changed, *stated_programmes()[1:], BOOST], "xlsx")
    shown = looks.post("/programmes/import/", {"file": upload(body, "all.xlsx")}, follow=True)
    assert "New: 1, changed: 1, the same: 15." in text(shown)
    assert "1 programme is left alone" in text(shown)
    assert "Awards: 0 new, 21 gone, 0 changed" in text(shown)
    held = RegisterFile.objects.get()
    looks.post(f"/programmes/import/{held.pk}/apply/", {"do": "wait"})
    assert Programme.objects.get(slug=BOOST.slug).state == Programme.State.SUBMITTED
    assert len(Programme.objects.get(slug="regional-challenge").public_document.awards) == 21
    looks.post("/programmes/import/", {"file": upload(body, "all.xlsx")})
    looks.post(f"/programmes/import/{RegisterFile.objects.get().pk}/drop/")
    assert not RegisterFile.objects.exists()


def test_the_demonstration_is_run_by_its_organisation(portal: Client) -> None:
    ada, optics = person(), organisation()
    join(ada, optics)
    row = load_fictional_programme(optics, ada)
    assert load_fictional_programme(optics) == row
    assert row.public_document == BOOST
    assert "fictional" in text(portal.get(HERE))
    assert signed_in(ada).get(f"{HERE}manage/").status_code == 200


def test_no_programme_takes_the_place_of_another_page() -> None:
    fixed = {
        re.split(r"[/.]", str(each.pattern).removeprefix("programmes/"))[0]
        for patterns in (programmes.patterns, evidence.patterns)
        for each in patterns
        if str(each.pattern).startswith("programmes/")
    }
    assert {each for each in fixed if each and "<" not in each} - keeping.RESERVED == set()
