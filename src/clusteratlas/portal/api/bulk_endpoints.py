"""Whole tables by the API: streamed rows, and where the Parquet files lie."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.http import HttpResponseNotModified, StreamingHttpResponse
from django.utils.http import parse_etags
from ninja import Query, Router, Schema
from pydantic import Field

from clusteratlas.atlas import contract_of, stream
from clusteratlas.portal.api import schemas
from clusteratlas.portal.api.endpoints import REFUSALS, Code
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.pages.downloads import parquet_address, tables_of
from clusteratlas.tables import CONTRACTS

router = Router()

KINDS = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
FORMULA = r"^[=+\-@\t\r\n]"
Asked = Annotated[str | None, Query(max_length=60, description="only rows with this value")]


class BulkTable(Schema):
    """One table that can be taken whole."""

    table: str
    meaning: str
    rows: int
    checksum: str = Field(description="SHA-256 of the Parquet file")
    parquet: str = Field(description="address of the Parquet file; it never changes")
    ndjson: str = Field(description="address of the rows as JSON lines")
    csv: str = Field(description="address of the rows as CSV")
    columns: list[str]


class BulkTables(Schema):
    """All tables of the release."""

    release: str
    everything: str = Field(description="address of one zip with all of them")
    tables: list[BulkTable]


@router.get("/bulk", response={200: BulkTables, 503: schemas.ProblemOut})
def bulk_tables(request: AtlasRequest) -> Any:
    """Return every table of the release with the addresses of all its rows."""
    release = request.release
    return {
        "release": release.id,
        "everything": f"/download/{release.id}/cluster-atlas.zip",
        "tables": [
            {
                "table": name,
                "meaning": CONTRACTS[name].meaning,
                "rows": release.manifest.rows.get(name, 0),
                "checksum": release.manifest.files[f"{name}.parquet"],
                "parquet": parquet_address(release.id, name),
                "ndjson": f"/api/v1/bulk/{name}?format=ndjson&release={release.id}",
                "csv": f"/api/v1/bulk/{name}?format=csv&release={release.id}",
                "columns": list(CONTRACTS[name].names),
            }
            for name in tables_of(release)
        ],
    }


@router.get(
    "/bulk/{table}",
    response=REFUSALS,
    openapi_extra={
        "responses": {
            200: {
                "description": "one row a line",
                "content": {kind.split(";")[0]: {} for kind in KINDS.values()},
            }
        }
    },
)
def bulk_rows(
    request: AtlasRequest,
    table: Code,
    format: Literal["ndjson", "csv"] = "ndjson",
    scheme: Asked = None,
    definition: Asked = None,
    year: Annotated[int | None, Query(ge=1900, le=2200, description="only this year")] = None,
) -> Any:
    """Return all rows of a table, streamed; memory stays bounded on both sides."""
    release = request.release
    contract_of(release, table)
    asked: dict[str, str | int | None] = {"scheme": scheme, "definition": definition, "year": year}
    where = {name: value for name, value in asked.items() if value is not None}
    batches = stream(release, table, where)
    tag = f'W/"{release.id}-{table}-{format}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": tag})
    names = CONTRACTS[table].names
    pieces = _lines(batches) if format == "ndjson" else _csv(batches, names)
    head = request.META["REQUEST_METHOD"] == "HEAD"
    response = StreamingHttpResponse(() if head else pieces, content_type=KINDS[format])
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Content-Disposition"] = (
        f'attachment; filename="cluster-atlas-{release.id}-{table}.{format}"'
    )
    return response


def _lines(batches: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for batch in batches:
        yield ("\n".join(map(encode, batch.to_pylist())) + "\n").encode()


def _csv(batches: Iterator[pa.RecordBatch], names: tuple[str, ...]) -> Iterator[bytes]:
    yield (",".join(f'"{name}"' for name in names) + "\n").encode()
    options = pyarrow.csv.WriteOptions(include_header=False)
    for batch in batches:
        held = io.BytesIO()
        pyarrow.csv.write_csv(_inert(batch), held, options)
        yield held.getvalue()


def _inert(batch: pa.RecordBatch) -> pa.Table:
    """Put a quote before texts that a sheet would run."""
    columns: Mapping[str, Any] = {
        name: pc.if_else(
            pc.match_substring_regex(column, FORMULA),
            pc.binary_join_element_wise("'", column, ""),
            column,
        )
        if pa.types.is_string(column.type)
        else column
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    }
    return pa.table(dict(columns))
