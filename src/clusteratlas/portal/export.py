"""Tables to take away, by the ending of the address: CSV, XLSX, or what the columns mean.

All three hold the columns of the atlas by their own names. CSV stays plain rows, with source and
release in each; the workbook carries title, source and dictionary in sheets of their own; the
metadata say the same for machines.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.http import HttpResponse

from clusteratlas.portal import workbook
from clusteratlas.portal.citing import Citation, licence_of, pinned
from clusteratlas.portal.current import AtlasRequest
from clusteratlas.portal.dictionary import TABLE_OF, Entry, entry_of
from clusteratlas.portal.routes import ENDINGS
from clusteratlas.tables.spreadsheet_text import inert

SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOOKED_AT = 50
"""Records looked at to tell what kind of values a column holds that no contract describes."""


@dataclass(frozen=True, slots=True)
class About:
    """What goes with a table wherever it goes."""

    title: str
    source: str
    years: str
    address: str
    release: str
    licence: str

    @property
    def citation(self) -> Citation:
        """How the table is cited."""
        return Citation(self.title, self.source, self.release, self.address, self.licence)


def safe_text(text: str) -> str:
    """Keep a spreadsheet from running a text as a formula.

    >>> safe_text("=1+1"), safe_text("Rest of Ohio")
    ("'=1+1", 'Rest of Ohio')
    """
    return inert(text)


def table_answer(
    request: AtlasRequest,
    records: Sequence[Any],
    *,
    name: str,
    title: str,
    source: str,
    kind: type[Any] | None = None,
    columns: Iterable[str] = (),
    words: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return records as the file that the address asks for by its ending.

    Parameters
    ----------
    request
        Its path ends with one of `routes.ENDINGS`.
    records
        Instances of one dataclass; ``kind`` names it when there may be none.
    name
        Of the file, without its ending.
    title
        Of the table, as a reader would call it: what, where, when.
    source
        Who publishes the figures; also written into the rows of a CSV.
    columns
        The columns to write, by default all of the record's.
    words
        What columns mean that are in no contract of `tables`, by name.
    """
    kind = kind or type(records[0])
    names = tuple(columns) or tuple(field.name for field in fields(kind))
    ending = next((each for each in ENDINGS if request.path.endswith(f".{each}")), ENDINGS[0])
    release = request.release
    looked_at = records[:LOOKED_AT]
    entries = [
        entry_of(each, kind, words, (getattr(record, each) for record in looked_at))
        for each in names
    ]
    about = About(
        title,
        source,
        _years(records),
        pinned(_beside(request, ENDINGS[0]), release.id),
        release.id,
        licence_of(release, TABLE_OF.get(kind, "employment")),
    )
    if ending == "xlsx":
        rows = [[getattr(record, each) for each in names] for record in records]
        body = workbook.workbook_of(about.title, entries, rows, _told(about))
        response = HttpResponse(body, content_type=SHEETS)
    elif ending == "csv":
        response = HttpResponse(
            _rows(names, records, source, release.id), content_type="text/csv; charset=utf-8"
        )
        described = request.build_absolute_uri(_beside(request, "metadata.json", whole=False))
        response.headers["Link"] = f'<{described}>; rel="describedby"; type="application/json"'
    else:
        text = json.dumps(_metadata(about, entries, request), ensure_ascii=False, indent=2)
        return HttpResponse(text, content_type="application/json")
    file = re.sub(r"[^A-Za-z0-9_.-]+", "-", f"cluster-atlas-{name}")
    response.headers["Content-Disposition"] = f'attachment; filename="{file}.{ending}"'
    return response


def _beside(request: AtlasRequest, ending: str, *, whole: bool = True) -> str:
    """Return the address of the same table in another form."""
    path = request.get_full_path()
    route, mark, query = path.partition("?")
    for each in ENDINGS:
        if route.endswith(f".{each}"):
            route = f"{route.removesuffix(each)}{ending}"
            break
    return request.build_absolute_uri(f"{route}{mark}{query}") if whole else f"{route}{mark}{query}"


def _years(records: Sequence[Any]) -> str:
    found = sorted({record.year for record in records if getattr(record, "year", None)})
    return "" if not found else str(found[0]) if len(found) == 1 else f"{found[0]}-{found[-1]}"


def _rows(names: Sequence[str], records: Sequence[Any], source: str, release: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    beside = {"source": safe_text(source), "release": release}
    more = [each for each in beside if each not in names]
    ends = [beside[each] for each in more]
    writer.writerow([*names, *more])
    for record in records:
        writer.writerow([*(written(getattr(record, each)) for each in names), *ends])
    return text.getvalue()


def written(value: object) -> object:
    """Return a value as it stands in a CSV: nothing for null, no text that a sheet would run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe_text(value) if isinstance(value, str) else value


def _told(about: About) -> workbook.Told:
    return workbook.Told(
        about.source,
        about.years,
        about.address,
        about.release,
        about.licence,
        about.citation.apa,
    )


def _metadata(about: About, entries: Sequence[Entry], request: AtlasRequest) -> dict[str, Any]:
    return {
        "title": about.title,
        "source": about.source,
        "years": about.years,
        "release": about.release,
        "licence": about.licence,
        "citation": about.citation.apa,
        "address": about.address,
        "csv": _beside(request, "csv"),
        "xlsx": _beside(request, "xlsx"),
        "columns": {
            entry.name: {
                "meaning": entry.meaning,
                "unit": entry.unit,
                "type": entry.kind,
                "missing": entry.missing,
            }
            for entry in entries
        },
    }
