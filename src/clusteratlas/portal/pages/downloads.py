"""The whole release to take away: every table as Parquet, all of them in one zip."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusteratlas.atlas import Release
from clusteratlas.portal import citing, figures
from clusteratlas.portal.current import AtlasRequest, named_release
from clusteratlas.portal.language import number
from clusteratlas.portal.packing import PIECE, packed
from clusteratlas.portal.pages.frame import page
from clusteratlas.tables import CONTRACTS, CannotAnswer

FOR_GOOD = "public, max-age=31536000, immutable"
PARQUET = "application/vnd.apache.parquet"
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
EVERYTHING = "cluster-atlas.zip"


@dataclass(frozen=True, slots=True)
class Offered:
    """One table of the release as it can be taken away."""

    name: str
    meaning: str
    rows: str
    size: str
    checksum: str
    parquet: str
    csv: str
    ndjson: str
    columns: list[tuple[str, str, str, str]]


def parquet_address(release: str, table: str) -> str:
    """Return where the Parquet file of a table of a release lies; it never changes."""
    return f"/download/{release}/{table}.parquet"


def written_size(size: int) -> str:
    """Write the size of a file.

    >>> written_size(3404), written_size(12_956_965)
    ('3.4\\xa0kB', '13.0\\xa0MB')
    """
    amount, unit = (size / 1e6, "MB") if size >= 1e6 else (size / 1e3, "kB")
    return f"{number(f'{amount:,.1f}')}\u00a0{unit}"


def tables_of(release: Release) -> list[str]:
    """Return the tables of a release that have a contract and a file."""
    return [name for name in CONTRACTS if f"{name}.parquet" in release.manifest.files]


@require_safe
def download_page(request: AtlasRequest) -> HttpResponse:
    """Show every table of the release with its size, checksum and dictionary."""
    release = request.release
    offered = []
    for name in tables_of(release):
        contract = CONTRACTS[name]
        offered.append(
            Offered(
                name,
                contract.meaning,
                figures.whole(release.manifest.rows.get(name, 0)),
                written_size(release.path(name).stat().st_size),
                release.manifest.files[f"{name}.parquet"],
                parquet_address(release.id, name),
                f"/api/v1/bulk/{name}?format=csv",
                f"/api/v1/bulk/{name}?format=ndjson",
                [
                    (
                        column.name,
                        column.meaning,
                        column.unit,
                        _("may be empty") if column.nullable else "",
                    )
                    for column in contract.columns
                ],
            )
        )
    return page(
        request,
        "download.html",
        tables=offered,
        everything=f"/download/{release.id}/{EVERYTHING}",
        size=written_size(sum(release.path(name).stat().st_size for name in tables_of(release))),
        first=request.build_absolute_uri(parquet_address(release.id, "regional_clusters")),
        licence=citing.licence_of(release),
    )


@require_safe
def release_file(request: HttpRequest, release: str, file: str) -> HttpResponseBase:
    """Give a file of a release: a table as Parquet, or everything as a zip."""
    opened = named_release(release)
    if file == EVERYTHING:
        tag = f'"{opened.id}"'
        if _known(request, tag):
            return _unchanged(tag)
        body = () if _is_head(request) else packed(_inside(opened))
        response = StreamingHttpResponse(body, content_type="application/zip")
        return _for_good(response, tag, f"cluster-atlas-{opened.id}.zip")
    name = file.removesuffix(".parquet")
    if name not in tables_of(opened) or not file.endswith(".parquet"):
        raise CannotAnswer(
            "the release has no such file",
            value=file,
            hint=f"it has {', '.join(f'{each}.parquet' for each in tables_of(opened))}",
        )
    tag = f'"{opened.manifest.files[file][:32]}"'
    if _known(request, tag):
        return _unchanged(tag)
    return _part_of(request, opened.path(name), tag, f"{opened.id}-{file}")


def _inside(release: Release) -> Iterator[tuple[str, Path | bytes]]:
    """The files of the zip; everything needed to read the tables goes with them."""
    folder = f"cluster-atlas-{release.id}"
    dictionary = {
        name: {
            "meaning": CONTRACTS[name].meaning,
            "key": CONTRACTS[name].key,
            "columns": {
                each.name: {
                    "meaning": each.meaning,
                    "unit": each.unit,
                    "type": str(each.type),
                    "may_be_empty": each.nullable,
                }
                for each in CONTRACTS[name].columns
            },
        }
        for name in tables_of(release)
    }
    words = (
        f"Cluster Atlas, release {release.id}\n\n"
        "Each table is a Parquet file; dictionary.json says what its columns mean, manifest.json\n"
        "holds their checksums, and provenance.parquet says where the figures come from.\n"
        "An empty figure is not known and never zero; status says why.\n\n"
        f"Terms of reuse: {citing.licence_of(release)}\n"
        f"Cite as: Cluster Atlas. (n.d.). Release {release.id} [Data set].\n"
    )
    yield f"{folder}/README.txt", words.encode()
    yield f"{folder}/dictionary.json", json.dumps(dictionary, indent=1, ensure_ascii=False).encode()
    yield f"{folder}/manifest.json", release.folder / "manifest.json"
    for name in tables_of(release):
        yield f"{folder}/{name}.parquet", release.path(name)


def _is_head(request: HttpRequest) -> bool:
    return bool(request.META["REQUEST_METHOD"] == "HEAD")


def _known(request: HttpRequest, tag: str) -> bool:
    return tag in parse_etags(request.headers.get("If-None-Match", ""))


def _unchanged(tag: str) -> HttpResponse:
    response = HttpResponseNotModified()
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = FOR_GOOD
    return response


def _for_good(response: StreamingHttpResponse, tag: str, name: str) -> StreamingHttpResponse:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = FOR_GOOD
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _part_of(request: HttpRequest, path: Path, tag: str, name: str) -> HttpResponseBase:
    """Give a file, or the part that is asked for: readers of Parquet take only what they need."""
    size = path.stat().st_size
    start, end, status = 0, size - 1, 200
    asked = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked and any(asked.groups()) and request.headers.get("If-Range", tag) == tag:
        first, last = asked.groups()
        start = int(first) if first else max(0, size - int(last))
        end = min(int(last), size - 1) if first and last else size - 1
        if start > end:
            refused = HttpResponse(status=416)
            refused.headers["Content-Range"] = f"bytes */{size}"
            return refused
        status = 206
    body = () if _is_head(request) else _pieces(path, start, end - start + 1)
    response = StreamingHttpResponse(body, status=status, content_type=PARQUET)
    response.headers["Content-Length"] = str(end - start + 1)
    response.headers["Accept-Ranges"] = "bytes"
    if status == 206:
        response.headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return _for_good(response, tag, name)


def _pieces(path: Path, start: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while length > 0 and (piece := file.read(min(PIECE, length))):
            length -= len(piece)
            yield piece
