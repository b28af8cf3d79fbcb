"""Refusals, headers, caching, readiness, and the switch to a new release."""

from __future__ import annotations

import gzip
import json
import logging
import os
import shutil
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from clusteratlas.atlas import Release
from clusteratlas.portal.caching import BESIDE, Kept, Shelf

NOWHERE = {
    "/nothing/": 404,
    "/regions/no-scheme/": 404,
    "/regions/us-cbsa/99999/": 404,
    "/regions/us-cbsa/41940/clusters/999/": 404,
    "/regions/us-cbsa/99999/clusters.csv": 404,
    "/clusters/no-definition/": 404,
    "/clusters/us-benchmark-2014/999/": 404,
    "/map/?cluster=999": 404,
    "/map/?scheme=moon": 400,
    "/map/?measure=beauty": 404,
    "/map/?year=1066": 404,
    "/map/?year=x": 400,
    "/regions/us-cbsa/41940/?year=1999": 404,
    "/regions/us-cbsa/41940/?year=20%0021": 400,
    "/regions/us-cbsa/41940/?order=size": 400,
    "/regions/us-cbsa/41940/?definition=mine": 400,
    "/clusters/us-benchmark-2014/23/?scheme=nuts-2": 400,
    "/regions/us-cbsa/%00/": 404,
    "/regions/us-cbsa/%F0%9F%92%A9/": 404,
}


@pytest.mark.parametrize(("address", "status"), NOWHERE.items(), ids=NOWHERE.keys())
def test_a_refusal_is_a_sentence_with_a_reference(
    portal: Client, address: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="clusteratlas.portal")
    response = portal.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert "<h1>" in page
    reference = response.headers["X-Reference"]
    assert f"<code>{reference}</code>" in page
    assert reference in caplog.text
    assert "Traceback" not in page
    assert response.headers["Cache-Control"] == "no-store"


def test_a_wrong_year_names_the_right_ones(portal: Client) -> None:
    page = portal.get("/regions/us-cbsa/41940/?year=1999").content.decode()
    assert "the release holds 2018, 2021" in page


def test_a_region_without_figures_in_a_year_is_told_as_such(
    portal: Client, sample_release: Release
) -> None:
    known = {each.region for each in sample_release.region_profiles("nuts-2", 2014)}
    gone = next(each for each in sample_release.regions("nuts-2") if each.region not in known)
    response = portal.get(f"/regions/nuts-2/{gone.region}/?year=2014")
    assert response.status_code == 404
    assert "print nothing of this region in 2014" in response.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/", "/map/", "/search/", "/regions/us-cbsa/41940/"])
def test_pages_only_answer_to_reading(portal: Client, address: str, method: str) -> None:
    response = getattr(portal, method)(address)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert "read with GET" in response.content.decode()


def test_a_fault_of_ours_has_a_reference_and_no_trace(
    portal: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(Release, "region_profile", fail)
    response = portal.get("/regions/us-cbsa/12420/?year=2018")
    assert response.status_code == 500
    assert "secret" not in response.content.decode()
    assert response.headers["X-Reference"] in caplog.text
    assert "a secret of ours" in caplog.text
    response = portal.get("/api/v1/regions/us-cbsa/12420?year=2018")
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "secret" not in response.content.decode()


def test_a_foreign_host_name_is_refused(portal: Client) -> None:
    assert portal.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("address", ["/", "/map/", "/nothing/", "/api/v1/release", "/healthz"])
def test_security_headers(portal: Client, address: str) -> None:
    headers = portal.get(address).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert policy["img-src"] == "'self' blob:"
    assert set(policy) == {
        "default-src",
        "img-src",
        "base-uri",
        "form-action",
        "frame-ancestors",
        "object-src",
    }
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Referrer-Policy" in headers
    assert "Set-Cookie" not in headers


def test_pages_are_compressed_and_asked_again_for_nothing(portal: Client) -> None:
    plain = portal.get("/methods/")
    packed = portal.get("/methods/", headers={"accept-encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert plain.headers["ETag"] == packed.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    again = portal.get("/methods/", headers={"if-none-match": plain.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_head_answers_without_a_body(portal: Client) -> None:
    head = portal.head("/methods/")
    assert head.status_code == 200
    assert head.content == b""
    assert int(head.headers["Content-Length"]) == len(portal.get("/methods/").content)


def test_the_shelf_gives_up_what_was_longest_unasked() -> None:
    page = BESIDE + 11
    shelf = Shelf(3 * page)
    for name in "abc":
        shelf.put((name,), Kept(b"x" * 10, 10, {}, name))
    assert shelf.get(("a",)) is not None
    shelf.put(("d",), Kept(b"x" * 10, 10, {}, "d"))
    assert shelf.get(("b",)) is None
    assert shelf.get(("a",)) is not None
    shelf.put(("e",), Kept(b"x" * 3 * page, 3 * page, {}, "e"))
    # An address may be longer than its page.
    shelf.put(("e" * 3 * page,), Kept(b"x", 1, {}, "e"))
    assert shelf.get(("e" * 3 * page,)) is None
    assert shelf.get(("e",)) is None


def test_without_an_atlas_every_page_says_so(tmp_path: Path, settings: Settings) -> None:
    settings.ATLAS_PLACE = tmp_path
    client = Client()
    for address in ("/", "/map/", "/regions/us-cbsa/41940/"):
        response = client.get(address)
        assert response.status_code == 503
        assert "No atlas has been built here yet" in response.content.decode()
        assert str(tmp_path) not in response.content.decode()
    assert json.loads(client.get("/api/v1/release").content)["status"] == 503
    health = client.get("/healthz")
    assert health.status_code == 503
    assert "not ready" in health.content.decode()


def test_a_broken_release_is_not_ready(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "releases" / "000000000000"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{")
    (tmp_path / "current").symlink_to(Path("releases") / "000000000000")
    settings.ATLAS_PLACE = tmp_path
    assert Client().get("/").status_code == 503
    assert Client().get("/healthz").status_code == 503


def test_a_new_release_is_noticed_without_a_restart(
    tmp_path: Path, sample_release: Release, settings: Settings
) -> None:
    def publish(identity: str) -> None:
        folder = tmp_path / "releases" / identity
        shutil.copytree(sample_release.folder, folder)
        manifest = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps({**manifest, "id": identity}))
        (tmp_path / "next").symlink_to(Path("releases") / identity)
        os.replace(tmp_path / "next", tmp_path / "current")

    settings.ATLAS_PLACE = tmp_path
    client = Client()
    publish("aaaaaaaaaaaa")
    first = client.get("/methods/")
    assert "aaaaaaaaaaaa" in first.content.decode()
    assert "aaaaaaaaaaaa" in client.get("/healthz").content.decode()
    publish("bbbbbbbbbbbb")
    second = client.get("/methods/", headers={"if-none-match": first.headers["ETag"]})
    assert second.status_code == 200
    assert "bbbbbbbbbbbb" in second.content.decode()
    assert "aaaaaaaaaaaa" not in second.content.decode()
