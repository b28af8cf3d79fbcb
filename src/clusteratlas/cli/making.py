"""The commands that make a release: build and demo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import pyarrow.compute as pc
import typer

from clusteratlas.atlas import Dataset, Release, read_relatedness, sample_datasets
from clusteratlas.atlas import build as build_release
from clusteratlas.cli import words
from clusteratlas.cli.console import Heading, line, notes, table, title
from clusteratlas.cli.findings import finding_sentences, show_leading
from clusteratlas.cli.options import (
    DEFAULT_HOST,
    DEFAULT_PLACE,
    DEFAULT_PORT,
    Host,
    Place,
    Port,
)
from clusteratlas.cli.outcome import command
from clusteratlas.cli.progress import Reporter
from clusteratlas.cli.reading import Kind, Wishes, datasets_of, read_files
from clusteratlas.cli.site import address, serve_portal, show_registry
from clusteratlas.sources import SourceTable
from clusteratlas.tables import WITHHELD

DEFAULT_OWNERSHIP = "private"
"""Owners whose jobs are mapped; a second one beside it would count jobs twice."""

READING = 0.4
"""Share of a build that reading the files takes, for the bar."""

DEMO_REGIONS = (("us-cbsa", "41940"), ("us-cbsa", "19820"), ("nuts-2", "DE11"))
"""San Jose, Detroit and Stuttgart: software and chips, cars, and cars in Europe."""


@command
def build(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILES", help="Files of figures, any number of years."),
    ],
    *,
    kind: Annotated[
        Kind | None,
        typer.Option(
            "--kind",
            help="Layout of the files: cbp (the Bureau's cbpYYco.txt or .zip; msa, st and us "
            "too), census (a table with the names of the Census API), qcew (annual or quarterly "
            "CSV), eurostat (bulk TSV or SDMX-CSV), own, indicators (other figures of regions). "
            "Told from each file's header if not given.",
        ),
    ] = None,
    year: Annotated[
        list[int] | None,
        typer.Option(
            "--year",
            metavar="YEAR",
            help="Year of the figures where a file does not say: once for all files or once a "
            "file. For Eurostat the years to keep.",
        ),
    ] = None,
    definition: Annotated[
        list[str] | None,
        typer.Option(
            "--definition",
            metavar="NAME|FILE.csv",
            help="Cluster definition: a known name, or a CSV of industry, cluster[, subcluster, "
            "traded, weight, name]. Repeat for several; the first becomes the default.",
        ),
    ] = None,
    definition_name: Annotated[
        list[str] | None,
        typer.Option(
            "--definition-name",
            metavar="NAME",
            help="Name for a definition that is a file; its file name if not given.",
        ),
    ] = None,
    scheme: Annotated[
        list[str] | None,
        typer.Option(
            "--scheme",
            metavar="NAME",
            help="Region schemes to publish, repeat for several; all that can be made if not "
            "given. For an own table: the name of its scheme.",
        ),
    ] = None,
    classification: Annotated[
        str | None,
        typer.Option(
            "--classification",
            metavar="NAME",
            help="Classification of an own table or definition, such as naics-2017 or nace-2.",
        ),
    ] = None,
    regions: Annotated[
        Path | None,
        typer.Option(
            "--regions",
            metavar="FILE.csv",
            help="Regions of an own table: region, name[, kind, parent, country, longitude, "
            "latitude, population, coverage].",
        ),
    ] = None,
    publisher: Annotated[
        str, typer.Option("--publisher", metavar="TEXT", help="Who publishes the own figures.")
    ] = "not stated",
    source_title: Annotated[
        str | None,
        typer.Option(
            "--title", metavar="TEXT", help="Title of the own figures; the file name if not given."
        ),
    ] = None,
    licence: Annotated[
        str, typer.Option("--licence", metavar="TEXT", help="Terms of reuse of the own figures.")
    ] = "not stated",
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping",
            metavar="FILE.toml",
            help="Which column of an own file (CSV, XLSX, Parquet) holds what, and how its cells "
            "are written.",
        ),
    ] = None,
    ownership: Annotated[
        list[str] | None,
        typer.Option(
            "--ownership",
            metavar="NAME",
            help="Ownership to read of QCEW: private (if not given), total, federal, state, local.",
        ),
    ] = None,
    age: Annotated[
        str | None,
        typer.Option(
            "--age",
            metavar="CODE",
            help="Age group of Eurostat's labour force survey, where a file holds both: Y_GE15 "
            "or Y15-64.",
        ),
    ] = None,
    relatedness: Annotated[
        list[Path] | None,
        typer.Option(
            "--relatedness",
            metavar="FILE",
            help="How the clusters of a definition relate, as `clusteratlas relatedness --level "
            "cluster` writes it; takes the place of what the build computes. Repeat for several "
            "definitions.",
        ),
    ] = None,
    occupations: Annotated[
        Path | None,
        typer.Option(
            "--occupations",
            metavar="FILE",
            help="Occupations by area: the Bureau's OEWS file (oesmYYma.zip, oesmYYst.zip) or a "
            "table of area, occupation, employment, location_quotient.",
        ),
    ] = None,
    staffing: Annotated[
        Path | None,
        typer.Option(
            "--staffing",
            metavar="FILE",
            help="Occupations by industry: the Bureau's OEWS file (oesmYYin4.zip) or a table of "
            "industry, occupation, employment.",
        ),
    ] = None,
    occupation_titles: Annotated[
        list[Path] | None,
        typer.Option(
            "--occupation-titles",
            metavar="FILE.csv",
            help="Titles for tables that have none: occupation_code, occupation_name; or "
            "industry_code, industry_name. Repeat for both.",
        ),
    ] = None,
    local: Annotated[
        list[Path] | None,
        typer.Option(
            "--local",
            metavar="FILE",
            help="Establishments below the county: the Bureau's ZIP detail file "
            "(zbpYYdetail.zip) or a table of place, industry, establishments. Repeat for years.",
        ),
    ] = None,
    local_places: Annotated[
        Path | None,
        typer.Option(
            "--local-places",
            metavar="FILE",
            help="Which region each place lies in: the Bureau's ZIP totals file "
            "(zbpYYtotals.zip) or a crosswalk of place, county[, name, longitude, latitude, "
            "share].",
        ),
    ] = None,
    local_year: Annotated[
        int | None,
        typer.Option("--local-year", metavar="YEAR", help="Year of --local where it is not told."),
    ] = None,
    local_mapping: Annotated[
        Path | None,
        typer.Option(
            "--local-mapping",
            metavar="FILE.toml",
            help="Which column of an own --local file holds what.",
        ),
    ] = None,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Build a release from figures and make it current.

    Any fault in any file refuses the whole build: all faults are listed and the release that was
    current stays current.
    """
    wishes = Wishes(
        kind,
        tuple(year or ()),
        tuple(definition or ()),
        tuple(definition_name or ()),
        tuple(scheme or ()),
        classification,
        regions,
        publisher,
        source_title,
        licence,
        mapping,
        tuple(ownership or (DEFAULT_OWNERSHIP,)),
        age,
        occupations,
        staffing,
        tuple(occupation_titles or ()),
        tuple(local or ()),
        local_places,
        local_year,
        local_mapping,
    )
    with Reporter() as reporter:
        reading = read_files(
            files, wishes, lambda what, share: reporter.tell(what, share * READING)
        )
        datasets = datasets_of(reading, wishes)
        given = read_relatedness(relatedness or (), datasets)
        release = build_release(
            datasets,
            place,
            relatedness=given,
            occupations=reading.occupations,
            local=reading.local,
            progress=reporter.listener(READING, 1.0),
        )
    _show_read(reading.tables)
    _show_indicators(datasets)
    _show_built(release, place)
    sentences = finding_sentences(release)
    if sentences:
        line()
        title("Found, largest first")
        for sentence in sentences:
            line(f"- {words.plain(sentence)}.")
    line()
    line(f"Look at it: clusteratlas serve --place {place}", whole=True)


@command
def demo(
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the portal afterwards, or stop.")
    ] = True,
    registry: Annotated[
        bool,
        typer.Option(
            "--registry/--no-registry",
            help="Fill the registry with fictional organisations, or leave it as it is.",
        ),
    ] = True,
    host: Host = DEFAULT_HOST,
    port: Port = DEFAULT_PORT,
    place: Place = DEFAULT_PLACE,
) -> None:
    """Build the bundled sample and serve it."""
    with Reporter() as reporter:
        reporter.tell("reading the bundled sample", 0.0)
        datasets = sample_datasets()
        release = build_release(datasets, place, progress=reporter.listener(0.15, 1.0))
    _show_built(release, place, datasets)
    line()
    for scheme, region in DEMO_REGIONS:
        show_leading(release, scheme, region)
    if registry:
        show_registry(release, place)
    where = address(host, port)
    if serve:
        line(f"Portal: {where} (Ctrl-C stops it)", whole=True)
        serve_portal(place, host=host, port=port)
    else:
        line(f"Portal: {where} once `clusteratlas serve --place {place}` runs", whole=True)


def _show_read(tables: Sequence[SourceTable]) -> None:
    title("Read")
    table(
        [
            Heading("Source", folds=True),
            Heading("Years"),
            Heading("Rows", right=True),
            Heading("Regions", right=True),
            Heading("Withheld", right=True),
            Heading("Classification"),
        ],
        [_read_row(each) for each in tables],
    )
    notes(
        [
            "Withheld: cells whose figure exists and is not given; never read as zero. A cell "
            "without a row is unpublished: a true zero or too few establishments to be printed.",
            *dict.fromkeys(source.covers for each in tables for source in each.sources),
        ]
    )
    line()


def _show_indicators(datasets: Sequence[Dataset]) -> None:
    """Say how many other figures of regions the release holds."""
    held = [each.indicators for each in datasets if each.indicators.num_rows]
    if held:
        rows = sum(each.num_rows for each in held)
        kinds = sorted({word for each in held for word in each.column("title").to_pylist()})
        shown = ", ".join(kinds[:5]) + (f" and {len(kinds) - 5} more" if len(kinds) > 5 else "")
        line(words.plain(f"Other figures of regions: {words.number(rows)} ({shown})."))
        line()


def _read_row(read: SourceTable) -> list[str]:
    employment = read.employment
    years = sorted(pc.unique(employment.column("year")).to_pylist())
    base = employment.filter(pc.equal(employment.column("scheme"), read.base_scheme))
    withheld = pc.sum(pc.equal(employment.column("status"), WITHHELD)).as_py() or 0
    return [
        ", ".join(source.title for source in read.sources),
        f"{years[0]}-{years[-1]}" if len(years) > 1 else ", ".join(map(str, years)),
        words.number(employment.num_rows),
        words.number(pc.count_distinct(base.column("region")).as_py()),
        words.number(withheld),
        read.classification,
    ]


def _show_built(release: Release, place: Path, datasets: Sequence[Dataset] = ()) -> None:
    title(f"Release {release.id} is current")
    line(f"Place: {place}", whole=True)
    for scheme in release.manifest.schemes:
        years = ", ".join(map(str, scheme.years))
        word = scheme.region_word if scheme.regions == 1 else scheme.region_words
        line(f"  {scheme.title}: {scheme.regions:,} {word}, {years}", whole=True)
