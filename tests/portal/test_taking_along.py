"""Downloads, citations, embedded figures: what leaves the site stays true and says what it is."""

from __future__ import annotations

import hashlib
import io
import shutil
import zipfile
from html import unescape
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from clusteratlas.atlas import Release
from clusteratlas.portal import current
from clusteratlas.portal.pages.downloads import tables_of

REGION = "/regions/us-cbsa/41940/?year=2021"


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_every_table_can_be_taken_whole(portal: Client, sample_release: Release) -> None:
    text = portal.get("/download/").content.decode()
    for name in tables_of(sample_release):
        address = f"/download/{sample_release.id}/{name}.parquet"
        assert address in text
        assert sample_release.manifest.files[f"{name}.parquet"] in text
    response = portal.get(f"/download/{sample_release.id}/regions.parquet")
    whole = body(response)
    assert hashlib.sha256(whole).hexdigest() == sample_release.manifest.files["regions.parquet"]
    assert "immutable" in response.headers["Cache-Control"]
    assert pq.read_table(io.BytesIO(whole)).num_rows == sample_release.manifest.rows["regions"]
    address = f"/download/{sample_release.id}/regions.parquet"
    tag = response.headers["ETag"]
    assert portal.get(address, headers={"if-none-match": tag}).status_code == 304
    part = portal.get(address, headers={"range": "bytes=-8"})
    assert part.status_code == 206
    assert body(part) == whole[-8:]
    assert portal.get(address, headers={"range": "bytes=99999999-"}).status_code == 416
    assert body(portal.head(address)) == b""


def test_everything_comes_as_one_zip(portal: Client, sample_release: Release) -> None:
    address = f"/download/{sample_release.id}/cluster-atlas.zip"
    whole = body(portal.get(address))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        names = {Path(each).name for each in archive.namelist()}
        assert names >= {f"{each}.parquet" for each in tables_of(sample_release)}
        assert names >= {"README.txt", "dictionary.json", "manifest.json"}
    assert body(portal.get(address)) == whole


@pytest.mark.parametrize(
    "file", ["secrets.parquet", "manifest.json", "..%2f..%2fcurrent", "regions.csv", "%00.parquet"]
)
def test_nothing_else_can_be_taken(portal: Client, sample_release: Release, file: str) -> None:
    assert portal.get(f"/download/{sample_release.id}/{file}").status_code == 404
    assert portal.get("/download/000000000000/regions.parquet").status_code == 404
    assert portal.get("/download/../regions.parquet").status_code == 400


def test_a_citation_names_the_release_and_opens_it(portal: Client, sample_release: Release) -> None:
    text = unescape(portal.get(f"/cite/?view={REGION}").content.decode())
    address = f"http://testserver/regions/us-cbsa/41940/?year=2021&release={sample_release.id}"
    assert text.count(address) >= 3
    assert "@misc{clusteratlas-" in text
    assert "San Jose" in text
    assert "County Business Patterns" in text
    assert "Eurostat" not in text.split('id="copied-bibtex"')[0].split('id="copied-apa"')[1]
    assert portal.get(address.removeprefix("http://testserver")).status_code == 200
    german = portal.get(f"/de/cite/?view={REGION}").content.decode()
    assert "/de/regions/us-cbsa/41940/" in german


@pytest.mark.parametrize(
    "view",
    ["https://elsewhere.example/", "//elsewhere.example/", "/nowhere/", "/cite/?view=/", "x"],
)
def test_only_a_view_can_be_cited_or_embedded(portal: Client, view: str) -> None:
    assert portal.get("/cite/", {"view": view}).status_code == 400
    assert portal.get("/embed/", {"view": view}).status_code == 400


def test_an_older_release_stays_readable(
    sample_place: Path, unbound_place: Path, tmp_path: Path, settings: Settings
) -> None:
    for place in (sample_place, unbound_place):
        shutil.copytree(place / "releases", tmp_path / "releases", dirs_exist_ok=True)
    now, before = ((each / "current").readlink().name for each in (sample_place, unbound_place))
    (tmp_path / "current").symlink_to(f"releases/{now}")
    settings.ATLAS_PLACE = tmp_path
    client = Client()
    old = client.get(f"/regions/us-cbsa/41940/?release={before}")
    text = old.content.decode()
    assert old.status_code == 200
    assert before in text
    assert "not the current one" in text
    assert f"clusters.csv?year=2021&amp;release={before}" in text
    new = client.get("/regions/us-cbsa/41940/").content.decode()
    assert "not the current one" not in new
    assert before not in new
    asked = client.get(f"/api/v1/release?release={before}").json()
    assert asked["id"] == before
    assert client.get("/?release=ffffffffffff").status_code == 404
    assert client.get("/?release=../../etc").status_code == 400
    assert len(current._older._held) <= current.MOST_OLDER


def test_a_figure_can_be_framed_and_nothing_else(portal: Client, sample_release: Release) -> None:
    code = unescape(
        portal.get("/embed/", {"view": REGION, "figure": "strong-chart"}).content.decode()
    )
    address = unescape(code.split('<iframe src="http://testserver')[1].split('"')[0])
    framed = portal.get(address)
    text = framed.content.decode()
    assert framed.status_code == 200
    assert "X-Frame-Options" not in framed.headers
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert 'id="strong-chart"' in text
    assert "County Business Patterns" in text
    assert 'href="/regions/us-cbsa/41940/?year=2021"' in text
    assert "site-header" not in text
    assert "theme-dark" in portal.get(f"{address}&theme=dark").content.decode()
    for other in (REGION, "/embed/?view=/map/", "/embed/figure/map/?figure=nothing"):
        refused = portal.get(other)
        assert refused.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in refused.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "view",
    [
        "/map/",
        "/clusters/us-benchmark-2014/23/",
        "/network/us-benchmark-2014/",
        "/regions/nuts-2/DE11/",
    ],
)
def test_every_figure_of_a_page_can_be_embedded(portal: Client, view: str) -> None:
    text = portal.get(view).content.decode()
    figures = {each.split('"')[0] for each in text.split('data-figure="')[1:]}
    assert figures
    for figure in figures:
        assert portal.get(f"/embed/figure{view}", {"figure": figure}).status_code == 200, figure
