"""The commands that ask a release: region, cluster, top, search, status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from clusteratlas.atlas import RegionalCluster, Release, SchemeInfo, open_release
from clusteratlas.cli import documents, shown
from clusteratlas.cli.console import line, title
from clusteratlas.cli.options import (
    DEFAULT_PLACE,
    AsCsv,
    AsJson,
    By,
    DefinitionName,
    Everything,
    Form,
    Limit,
    Order,
    Place,
    Scheme,
    Strong,
    Traded,
    Year,
    form_of,
)
from clusteratlas.cli.outcome import command
from clusteratlas.cli.state import show_status, status_document
from clusteratlas.tables import UNPUBLISHED, CannotAnswer

MAIN_SCHEMES = ("us-cbsa", "nuts-2")
READABLE_ROWS = 20


@command
def region(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Code or exact name of the region.")],
    *,
    year: Year = None,
    scheme: Scheme = None,
    definition: DefinitionName = None,
    traded: Traded = None,
    strong: Strong = False,
    by: By = Order.location_quotient,
    limit: Limit = None,
    everything: Everything = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Show a region: its totals and its clusters.

    Readable output leaves out clusters that the office does not print; JSON and CSV hold all of
    them with their status.
    """
    form = form_of(as_json, as_csv)
    release = open_release(place)
    found = release.find_region(code, scheme)
    chosen = release.year(found.scheme, year)
    named = release.definition_of(found.scheme, definition)
    profile = release.region_profile(found.scheme, found.region, chosen, named)
    rows = release.regional_clusters(
        found.scheme,
        region=found.region,
        year=chosen,
        definition=named,
        order=by.value,
        traded=traded,
    )
    rows = [row for row in rows if row.strong] if strong else rows
    if form is Form.json:
        document = documents.region_document(release, found, chosen, named, rows[:limit])
        print(documents.to_json(document))
    elif form is Form.csv:
        _print_csv(release, rows[:limit])
    else:
        printed = rows if everything else _printed(rows)
        hidden = len(rows) - len(printed)
        shown.show_region(release, found, profile, printed[:limit], hidden)


@command
def cluster(
    name: Annotated[str, typer.Argument(metavar="CODE|NAME", help="Code or name of the cluster.")],
    *,
    region: Annotated[
        str | None,
        typer.Option(
            "--region", metavar="CODE", help="Show what the cluster is made of in this region."
        ),
    ] = None,
    year: Year = None,
    scheme: Scheme = None,
    definition: DefinitionName = None,
    strong: Strong = False,
    by: By = Order.location_quotient,
    limit: Limit = None,
    everything: Everything = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Show a cluster or industry group and its regions.

    With --region: its subclusters and industries there. Readable output shows the first 20
    regions unless --limit says otherwise.
    """
    form = form_of(as_json, as_csv)
    release = open_release(place)
    if region is not None:
        _inside(
            release,
            name,
            region,
            year=year,
            scheme=scheme,
            definition=definition,
            everything=everything,
            form=form,
        )
        return
    wanted = release.definition_of(scheme, definition) if scheme else definition
    found = release.find_cluster(name, wanted)
    info = release.scheme(scheme or main_scheme(release, found.definition))
    chosen = release.year(info.scheme, year)
    rows = release.regional_clusters(
        info.scheme,
        cluster=found.cluster,
        year=chosen,
        definition=found.definition,
        order=by.value,
    )
    rows = [row for row in rows if row.strong] if strong else rows
    if form is Form.json:
        document = documents.cluster_document(release, found, info, chosen, rows[:limit])
        print(documents.to_json(document))
    elif form is Form.csv:
        _print_csv(release, rows[:limit])
    else:
        profile = release.cluster_profile(info.scheme, found.cluster, chosen, found.definition)
        printed = rows if everything else _printed(rows)
        first = printed[: limit or READABLE_ROWS]
        shown.show_cluster(release, found, info, profile, first, hidden=len(printed) - len(first))


@command
def top(
    name: Annotated[
        str | None, typer.Argument(metavar="[CLUSTER]", help="Code or name of a cluster.")
    ] = None,
    *,
    by: By = Order.location_quotient,
    strong: Strong = False,
    traded: Traded = None,
    year: Year = None,
    scheme: Scheme = None,
    definition: DefinitionName = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, metavar="ROWS", help="How many rows.")
    ] = READABLE_ROWS,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """List the leading regional clusters.

    With CLUSTER: its leading regions. Without: the leading clusters of all regions together.
    Clusters that the office does not print are left out.
    """
    form = form_of(as_json, as_csv)
    release = open_release(place)
    wanted = release.definition_of(scheme, definition) if scheme else definition
    found = None if name is None else release.find_cluster(name, wanted)
    used = found.definition if found else wanted
    info = release.scheme(scheme or main_scheme(release, used))
    used = release.definition_of(info.scheme, used)
    chosen = release.year(info.scheme, year)
    rows = release.regional_clusters(
        info.scheme,
        cluster=found.cluster if found else None,
        year=chosen,
        definition=used,
        order=by.value,
        traded=traded,
        limit=None if strong else limit,
    )
    rows = [row for row in _printed(rows) if row.strong or not strong][:limit]
    if form is Form.json:
        document = documents.top_document(
            release, info, rows, year=chosen, definition=used, order=by.value
        )
        print(documents.to_json(document))
    elif form is Form.csv:
        _print_csv(release, rows)
    else:
        what = found.name if found else release.definition(used).group_words.capitalize()
        title(
            f"{what}: the first {len(rows)} by {by.value.replace('_', ' ')}",
            f"{info.title} · {chosen} · {used}{' · strong only' if strong else ''}",
        )
        line()
        shown.show_regional(release, info, rows, 0, with_cluster=found is None)


@command
def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Name, part of a name, or code.")],
    limit: Annotated[
        int, typer.Option("--limit", min=1, metavar="ROWS", help="How many answers.")
    ] = 10,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Find regions, clusters and industries."""
    form = form_of(as_json, as_csv)
    release = open_release(place)
    hits = release.search(text, limit)
    columns = ("kind", "scheme", "definition", "code", "name", "detail")
    rows = [{column: getattr(hit, column) for column in columns} for hit in hits]
    if form is Form.json:
        print(documents.to_json({"text": text, "release": release.id, "hits": rows}))
    elif form is Form.csv:
        documents.write_csv(rows, columns, sys.stdout)
    elif not hits:
        raise CannotAnswer("nothing was found", value=text, hint="try fewer or other words")
    else:
        shown.show_hits(text, hits)


@command
def status(
    as_json: AsJson = False,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Say which release is current and what it holds."""
    release = open_release(place)
    if as_json:
        print(documents.to_json(status_document(release, place)))
    else:
        show_status(release, place)


def main_scheme(release: Release, definition: str | None = None) -> str:
    """Return the scheme to show when none is named: metro areas, NUTS 2 or the user's own."""
    able = [
        each.scheme
        for each in release.manifest.schemes
        if definition is None or definition in each.definitions
    ]
    if not able:
        release.definition(definition or "")
    preferred = [each for each in MAIN_SCHEMES if each in able]
    bases = [each.scheme for each in release.manifest.schemes if each.base and each.scheme in able]
    return (preferred or bases or able[-1:])[0]


def _inside(
    release: Release,
    name: str,
    code: str,
    *,
    year: int | None,
    scheme: str | None,
    definition: str | None,
    everything: bool,
    form: Form,
) -> None:
    where = release.find_region(code, scheme)
    info: SchemeInfo = release.scheme(where.scheme)
    used = release.definition_of(info.scheme, definition)
    what = release.find_cluster(name, used)
    row = release.regional_cluster(info.scheme, where.region, what.cluster, year, used)
    key = (info.scheme, where.region, what.cluster, row.year, used)
    subclusters = release.subclusters(*key)
    industries = release.industries(*key)
    if form is Form.json:
        print(documents.to_json(documents.inside_document(release, row, subclusters, industries)))
    elif form is Form.csv:
        rows = documents.tidy_inside(release, row, industries)
        documents.write_csv(rows, list(rows[0]) if rows else [], sys.stdout)
    else:
        printed = [each for each in industries if everything or each.status != UNPUBLISHED]
        shown.show_inside(release, row, subclusters, printed, len(industries) - len(printed))


def _printed(rows: Sequence[RegionalCluster]) -> list[RegionalCluster]:
    return [row for row in rows if row.status != UNPUBLISHED]


def _print_csv(release: Release, rows: Sequence[RegionalCluster]) -> None:
    documents.write_csv(documents.tidy(release, rows), documents.TIDY_COLUMNS, sys.stdout)
