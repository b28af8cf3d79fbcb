"""Downloads: resumed where they break, whole or not at all, and never from another host."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clusteratlas.sources.catalogue import (
    PUBLICATIONS,
    CannotFetch,
    Reach,
    fetch,
    kept,
    publication,
)
from clusteratlas.sources.catalogue.reach import OutOfReach

from .publisher import Publisher

ADDRESS, NAME = publication("cbp-county").asked(2021)


def packed(size: int = 400_000) -> bytes:
    """A zip archive that does not compress to nothing."""
    text = b"".join(
        hashlib.sha256(bytes([each % 251, each // 251])).digest() for each in range(size // 32)
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("cbp21co.txt", text)
    return held.getvalue()


DATA = packed()


Bring = Callable[..., Any]


@pytest.fixture
def bring(server: Publisher, tmp_path: Path) -> Bring:
    """Fetch the county file of 2021 from the stand-in."""

    def bring(address: str = ADDRESS, media: str = "zip", **more: Any) -> Any:
        reach = Reach(stand_in=server.address)
        return fetch(
            address, tmp_path / NAME, media, reach=reach, pause=lambda seconds: None, **more
        )

    return bring


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_comes_whole_with_its_checksum(
    server: Publisher, bring: Bring, tmp_path: Path
) -> None:
    server.put(ADDRESS, DATA)
    told: list[tuple[int, int | None]] = []
    found = bring(tell=lambda come, whole: told.append((come, whole)))
    assert (tmp_path / NAME).read_bytes() == DATA
    assert found.sha256 == hashlib.sha256(DATA).hexdigest()
    assert not found.reused
    assert told[-1] == (len(DATA), len(DATA))
    assert left(tmp_path) == {NAME, f"{NAME}.fetched.json"}
    record = json.loads((tmp_path / f"{NAME}.fetched.json").read_text())
    assert record["address"] == ADDRESS
    assert record["sha256"] == found.sha256
    assert server.asked[0][1]["user-agent"].startswith("ClusterAtlas/")


def test_what_is_there_is_not_fetched_again(server: Publisher, bring: Bring) -> None:
    server.put(ADDRESS, DATA)
    bring()
    assert bring().reused
    assert len(server.asked) == 1
    assert not bring(again=True).reused
    assert len(server.asked) == 2


def test_what_was_changed_since_is_not_taken_for_the_publishers(
    server: Publisher, bring: Bring, tmp_path: Path
) -> None:
    server.put(ADDRESS, DATA)
    bring()
    (tmp_path / NAME).write_bytes(DATA[:-5] + b"12345")
    with pytest.raises(CannotFetch, match="--again"):
        bring()


def test_a_file_put_there_by_hand_is_checked_and_kept(
    server: Publisher, bring: Bring, tmp_path: Path
) -> None:
    (tmp_path / NAME).write_bytes(DATA)
    assert bring().reused
    assert server.asked == []
    (tmp_path / f"{NAME}.fetched.json").unlink()
    (tmp_path / NAME).write_bytes(DATA[: len(DATA) // 2])
    with pytest.raises(CannotFetch, match="damaged"):
        bring()


def test_a_broken_download_goes_on_where_it_broke(
    server: Publisher, bring: Bring, tmp_path: Path
) -> None:
    server.put(ADDRESS, DATA, faults=[100_000, 250_000])
    assert bring().sha256 == hashlib.sha256(DATA).hexdigest()
    ranges = [headers.get("range") for _, headers in server.asked]
    assert ranges == [None, "bytes=100000-", "bytes=250000-"]
    assert server.asked[1][1]["if-range"] == '"one"'


def test_after_four_breaks_it_says_what_to_do_and_the_part_stays(
    server: Publisher, bring: Bring, tmp_path: Path
) -> None:
    page = server.put(ADDRESS, DATA, faults=[100_000, 150_000, 200_000, 250_000])
    with pytest.raises(CannotFetch) as caught:
        bring()
    said = str(caught.value)
    assert ADDRESS in said
    assert str(tmp_path / NAME) in said
    assert said.count(".\n") == 0
    assert not (tmp_path / NAME).exists()
    assert (tmp_path / f"{NAME}.part").stat().st_size == 250_000
    assert page.faults == []
    bring()
    assert server.asked[-1][1]["range"] == "bytes=250000-"
    assert (tmp_path / NAME).read_bytes() == DATA


def test_a_file_that_changed_in_between_is_fetched_anew(
    server: Publisher, bring: Bring, tmp_path: Path
) -> None:
    other = packed(300_000)

    def change(page: Any) -> None:
        page.data, page.etag, page.modified = other, '"two"', "Thu, 05 Nov 2026 10:00:00 GMT"

    server.put(ADDRESS, DATA, faults=[100_000, change])
    bring()
    assert (tmp_path / NAME).read_bytes() == other


def test_a_server_that_sends_the_rest_of_another_file_is_not_believed(
    server: Publisher, bring: Bring, tmp_path: Path
) -> None:
    other = bytes(reversed(DATA[2:]))

    def change(page: Any) -> None:
        page.data, page.modified = b"PK" + other, "Thu, 05 Nov 2026 10:00:00 GMT"

    server.put(ADDRESS, DATA, etag=None, faults=[100_000, change])
    with pytest.raises(CannotFetch, match="damaged"):
        bring()
    assert left(tmp_path) == set()


@pytest.mark.parametrize("fault", ["wrong range", "ignores ranges", (416, {}), (503, {})])
def test_strange_answers_to_a_range_do_not_mix_files(
    server: Publisher, bring: Bring, tmp_path: Path, fault: Any
) -> None:
    server.put(ADDRESS, DATA, faults=[100_000, fault])
    bring()
    assert (tmp_path / NAME).read_bytes() == DATA


def test_without_a_tag_it_starts_anew(server: Publisher, bring: Bring, tmp_path: Path) -> None:
    server.put(ADDRESS, DATA, etag='W/"weak"', modified=None, faults=[100_000])
    bring()
    assert "range" not in server.asked[1][1]
    assert (tmp_path / NAME).read_bytes() == DATA


def test_a_redirect_within_reach_is_followed(server: Publisher, bring: Bring) -> None:
    moved = "https://www.bls.gov/moved/cbp21co.zip"
    server.put(ADDRESS, b"", faults=[(302, {"Location": moved})])
    server.put(moved, DATA)
    assert bring().size == len(DATA)


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/cbp21co.zip",
        "http://www2.census.gov/cbp21co.zip",
        "https://www2.census.gov:8443/cbp21co.zip",
        "https://www2.census.gov@evil.example/cbp21co.zip",
        "https://user@www2.census.gov/cbp21co.zip",
        "//evil.example/cbp21co.zip",
        "file:///etc/passwd",
        "https://[oops/",
    ],
)
def test_a_redirect_elsewhere_is_refused(
    server: Publisher, bring: Bring, tmp_path: Path, place: str
) -> None:
    server.put(ADDRESS, b"", faults=[(301, {"Location": place})])
    with pytest.raises(CannotFetch, match="sent us elsewhere"):
        bring()
    assert left(tmp_path) == set()
    assert len(server.asked) == 1


def test_redirects_in_a_circle_end(server: Publisher, bring: Bring) -> None:
    server.put(ADDRESS, b"", faults=[(302, {"Location": ADDRESS})] * 9)
    with pytest.raises(CannotFetch, match="circle"):
        bring()


def test_other_hosts_are_not_asked_at_all(server: Publisher, bring: Bring) -> None:
    with pytest.raises(CannotFetch):
        bring("https://evil.example/a.zip")
    assert server.asked == []
    with pytest.raises(OutOfReach):
        Reach().resolve("http://www2.census.gov/a.zip")
    with pytest.raises(ValueError, match=r"127\.0\.0\.1"):
        Reach(stand_in="http://evil.example")


def test_a_web_page_in_place_of_the_file_is_named(
    server: Publisher, bring: Bring, tmp_path: Path
) -> None:
    server.put(ADDRESS, b"\n<!DOCTYPE html><html>Access denied</html>", kind="text/html")
    with pytest.raises(CannotFetch, match="web page in place of the file"):
        bring()
    assert left(tmp_path) == set()


def test_bytes_packed_on_the_way_are_not_taken_for_the_file(
    server: Publisher, bring: Bring, tmp_path: Path
) -> None:
    server.put(ADDRESS, DATA, faults=[(200, {"Content-Encoding": "gzip"})])
    with pytest.raises(CannotFetch, match=r"packed \(gzip\)"):
        bring()
    assert left(tmp_path) == set()


def test_a_zip_that_was_cut_at_the_publishers_is_named(server: Publisher, bring: Bring) -> None:
    server.put(ADDRESS, DATA[:100_000])
    with pytest.raises(CannotFetch, match="damaged"):
        bring()


@pytest.mark.parametrize(
    ("status", "told"),
    [(403, "CLUSTERATLAS_CONTACT"), (404, "is the year out yet"), (429, "429"), (418, "418")],
)
def test_a_refusal_is_told_and_not_repeated(
    server: Publisher, bring: Bring, status: int, told: str
) -> None:
    server.put(ADDRESS, b"", faults=[(status, {})] * 5)
    with pytest.raises(CannotFetch, match=told):
        bring()
    assert len(server.asked) == 1


def test_a_contact_is_named_to_the_publisher(
    server: Publisher, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLUSTERATLAS_CONTACT", "me@example.org\r\nX-Evil: 1")
    server.put(ADDRESS, DATA)
    bring()
    assert "(me@example.orgX-Evil:1)" in server.asked[0][1]["user-agent"]
    assert "x-evil" not in server.asked[0][1]


def test_what_is_too_large_is_refused(server: Publisher, bring: Bring, tmp_path: Path) -> None:
    server.put(ADDRESS, DATA)
    with pytest.raises(CannotFetch, match="too large"):
        bring(largest=1000)
    assert not (tmp_path / NAME).exists()


def test_offline_it_says_in_one_sentence_what_to_do(tmp_path: Path) -> None:
    server = Publisher()
    server.close()
    target = tmp_path / "cache" / NAME
    with pytest.raises(CannotFetch) as caught:
        fetch(ADDRESS, target, "zip", reach=Reach(stand_in=server.address))
    said = str(caught.value)
    assert "there is no connection" in said
    assert f"open {ADDRESS} in a browser and save it as {target}." in said
    assert "\n" not in said


def test_a_full_disk_leaves_nothing_in_place_and_the_part_goes_on(
    server: Publisher, bring: Bring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(ADDRESS, DATA)
    opened = Path.open

    def full(self: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        file = opened(self, mode, *more, **named)
        if self.suffix == ".part":
            write = file.write
            room = [2]

            class Small:
                def __enter__(self) -> Any:
                    return self

                def __exit__(self, *_: Any) -> None:
                    file.close()

                def write(self, data: bytes) -> int:
                    room[0] -= 1
                    if room[0] < 0:
                        raise OSError(errno.ENOSPC, "No space left on device")
                    return int(write(data))

                def __getattr__(self, name: str) -> Any:
                    return getattr(file, name)

            return Small()
        return file

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OSError, match="the next fetch goes on") as caught:
        bring()
    assert caught.value.errno == errno.ENOSPC
    assert not (tmp_path / NAME).exists()
    monkeypatch.undo()
    bring()
    assert server.asked[-1][1]["range"].startswith("bytes=")
    assert (tmp_path / NAME).read_bytes() == DATA


def test_a_disk_without_room_is_told_before_a_byte_comes(
    server: Publisher, bring: Bring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(ADDRESS, DATA)
    used = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: used._replace(free=1000))
    with pytest.raises(OSError, match="bytes") as caught:
        bring()
    assert caught.value.errno == errno.ENOSPC
    assert left(tmp_path) == set()


def test_ctrl_c_keeps_what_has_come(server: Publisher, bring: Bring, tmp_path: Path) -> None:
    server.put(ADDRESS, DATA)

    def stop(come: int, whole: int | None) -> None:
        if come > 150_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(tell=stop)
    assert not (tmp_path / NAME).exists()
    bring()
    assert server.asked[-1][1]["range"].startswith("bytes=")
    assert (tmp_path / NAME).read_bytes() == DATA


def test_two_fetches_of_one_file_do_not_meet(
    server: Publisher, bring: Bring, tmp_path: Path
) -> None:
    server.put(ADDRESS, DATA)
    with kept.alone(tmp_path / NAME), pytest.raises(CannotFetch, match="under way"):
        bring()
    bring()
    assert left(tmp_path) == {NAME, f"{NAME}.fetched.json"}


def test_a_page_must_hold_a_table(server: Publisher, bring: Bring) -> None:
    server.put(ADDRESS, b"<html><body>Moved.</body></html>")
    with pytest.raises(CannotFetch, match="no table"):
        bring(media="page")


def test_every_address_of_the_catalogue_is_within_reach() -> None:
    for each in PUBLICATIONS:
        if each.own:
            continue
        address, file = each.asked(
            each.last or 2021 if each.first else None, "06085" if each.takes("area") else None
        )
        assert Reach().resolve(address) == address
        assert "{" not in address + file
        assert each.page.startswith("https://")
        assert each.confirmed or each.note


def test_a_half_written_record_is_never_read(tmp_path: Path) -> None:
    target = tmp_path / NAME
    assert kept.read_record(target) is None
    (tmp_path / f"{NAME}.fetched.json").write_text('{"address": "x"')
    assert kept.read_record(target) is None
    (tmp_path / f"{NAME}.part.json").write_text('{"other": 1}')
    assert kept.read_validators(target) is None
