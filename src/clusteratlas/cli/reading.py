"""Read the files of a build, whatever their kind, and tell all faults of all files at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import typer

from clusteratlas import classification as classes
from clusteratlas import sources
from clusteratlas.atlas import (
    Dataset,
    GivenLocal,
    GivenOccupations,
    places_of,
    read_local,
    read_occupations,
    with_indicators,
)
from clusteratlas.classification import Definition
from clusteratlas.cli.own_regions import read_regions
from clusteratlas.sources import (
    IndicatorTable,
    Places,
    Source,
    SourceTable,
    read_county_patents,
    read_indicators,
)
from clusteratlas.sources.catalogue import recognise_publication, when_retrieved
from clusteratlas.sources.joined import shared_figures
from clusteratlas.tables import CannotAnswer, Fault, InvalidInput

Result = TypeVar("Result")


class Kind(StrEnum):
    """Whose layout a file has."""

    cbp = "cbp"
    census = "census"
    qcew = "qcew"
    eurostat = "eurostat"
    own = "own"
    indicators = "indicators"


COUNTY_PATENTS = "uspto-patents-county"
OF_INDICATORS = ("indicators", COUNTY_PATENTS)
"""Publications that become other figures of regions, beside those of employment."""


@dataclass(frozen=True)
class Wishes:
    """What a user asks of a build, as given on the command line.

    Attributes
    ----------
    kind
        Layout of all files; ``None``: each file's header tells.
    years
        None, one for all files, or one a file; for Eurostat the years to keep.
    definitions
        Names of known definitions or CSV files, the default one first.
    definition_names
        Names for the definitions that are files, in their order.
    schemes
        Region schemes to publish; for an own table the one name of its scheme.
    classification
        Of an own table or an own definition.
    regions
        CSV of an own table's regions.
    publisher, title, licence
        What is known about own figures.
    mapping
        Mapping file that says which column of an own file holds what.
    ownerships
        Ownerships to read of the Quarterly Census of Employment and Wages; none: all.
    age
        Age group of the labour force survey, where a file holds two.
    occupations, staffing
        Occupations by area, and by industry.
    occupation_titles
        Titles of occupations or industries, for tables that have none.
    local, local_places
        Establishments of places below the county, and the regions of the places.
    local_year, local_mapping
        Year of those figures, and which column holds what, where a file does not say.
    """

    kind: Kind | None = None
    years: tuple[int, ...] = ()
    definitions: tuple[str, ...] = ()
    definition_names: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    classification: str | None = None
    regions: Path | None = None
    publisher: str = "not stated"
    title: str | None = None
    licence: str = "not stated"
    mapping: Path | None = None
    ownerships: tuple[str, ...] = ()
    age: str | None = None
    occupations: Path | None = None
    staffing: Path | None = None
    occupation_titles: tuple[Path, ...] = ()
    local: tuple[Path, ...] = ()
    local_places: Path | None = None
    local_year: int | None = None
    local_mapping: Path | None = None


@dataclass(frozen=True)
class Reading:
    """What was read: a table a file, the definitions asked for, occupations, and what to read when
    the regions of the release are known: files of indicators.
    """

    tables: tuple[SourceTable, ...]
    definitions: tuple[Definition, ...]
    indicators: tuple[Path, ...] = ()
    occupations: GivenOccupations | None = None
    local: GivenLocal | None = None


@dataclass
class _Faults:
    """Keeps the faults of several steps, so that all are told together."""

    found: list[Fault]
    total: int = 0

    def keep(self, step: Callable[[], Result]) -> Result | None:
        try:
            return step()
        except InvalidInput as error:
            self.found += error.faults
            self.total += error.total
            return None

    def stop_if_any(self) -> None:
        if self.found:
            raise InvalidInput(self.found, total=self.total)


def read_files(
    files: Sequence[Path], wishes: Wishes, tell: Callable[[str, float], None]
) -> Reading:
    """Read every file of figures, regions and definitions; raise all their faults together."""
    if wishes.kind is not Kind.eurostat and len(wishes.years) not in {0, 1, len(files)}:
        raise typer.BadParameter(
            "give --year once for all files, or once a file in the order of the files; "
            "with --kind eurostat, every year to keep"
        )
    if wishes.regions is not None and wishes.kind is not Kind.own and not wishes.mapping:
        raise typer.BadParameter("--regions belongs to an own table: add --kind own")
    told = wishes.classification and len(wishes.schemes) == 1
    if wishes.kind is Kind.own and not (told or wishes.mapping):
        raise typer.BadParameter("--kind own needs --classification and one --scheme")
    if wishes.mapping is not None and wishes.kind not in (None, Kind.own):
        raise typer.BadParameter("--mapping belongs to an own file: leave --kind out, or own")
    if wishes.occupations is None and (wishes.staffing or wishes.occupation_titles):
        raise typer.BadParameter("--staffing and --occupation-titles need --occupations")
    if not wishes.local and (wishes.local_places or wishes.local_year or wishes.local_mapping):
        raise typer.BadParameter("--local-places, --local-year and --local-mapping need --local")
    faults = _Faults([])
    tables: list[SourceTable] = []
    read: list[tuple[Path, SourceTable]] = []
    others: list[Path] = []
    for place, path in enumerate(files):
        tell(f"reading {path.name}", place / len(files))
        if wishes.mapping is None and _of_indicators(path, wishes):
            others.append(path)
            continue
        year = wishes.years[min(place, len(wishes.years) - 1)] if wishes.years else None
        table = faults.keep(lambda path=path, year=year: read_file(path, year, wishes))  # type: ignore[misc]
        if table is not None:
            table = replace(table, sources=when_retrieved(table.sources, path))
            tables.append(table)
            read.append((path, table))
    twice, count = shared_figures(read)
    faults.found += twice
    faults.total += count
    if wishes.regions is not None:
        own = wishes.regions
        scheme = tables[0].base_scheme if wishes.mapping and tables else (*wishes.schemes, "")[0]
        regions = faults.keep(lambda: read_regions(own, scheme))
        tables = [replace(table, regions=regions) for table in tables]
    definitions = faults.keep(lambda: _definitions(tables, wishes)) if tables else None
    occupations = None
    if wishes.occupations is not None:
        area_file = wishes.occupations
        occupations = faults.keep(
            lambda: read_occupations(area_file, wishes.staffing, wishes.occupation_titles)
        )
    local = None
    if wishes.local:
        local = faults.keep(
            lambda: read_local(
                wishes.local,
                wishes.local_places,
                year=wishes.local_year,
                mapping=wishes.local_mapping,
            )
        )
    if faults.found:
        _indicators(others, wishes, None, faults)
    faults.stop_if_any()
    return Reading(tuple(tables), tuple(definitions or ()), tuple(others), occupations, local)


def datasets_of(reading: Reading, wishes: Wishes) -> list[Dataset]:
    """Join tables of one region scheme to one dataset each, with definitions and indicators."""
    groups: dict[str, list[SourceTable]] = {}
    for table in reading.tables:
        groups.setdefault(table.base_scheme, []).append(table)
    faults = _Faults([])
    datasets = []
    for group in groups.values():
        mine = [each for each in reading.definitions if _speaks(each, group[0].classification)]
        own = wishes.kind is Kind.own or wishes.mapping is not None
        schemes = () if own else wishes.schemes
        made = faults.keep(
            lambda group=group, mine=mine, schemes=schemes: Dataset.of(  # type: ignore[misc]
                group, definitions=mine, schemes=schemes
            )
        )
        if made is not None:
            once = {each.name: each for each in reversed(made.definitions)}
            order = dict.fromkeys(each.name for each in made.definitions)
            datasets.append(replace(made, definitions=tuple(once[name] for name in order)))
    faults.stop_if_any()
    _refuse_unknown_schemes(datasets, wishes)
    found = _indicators(reading.indicators, wishes, places_of(datasets), faults)
    faults.stop_if_any()
    return list(with_indicators(datasets, found))


def _of_indicators(path: Path, wishes: Wishes) -> bool:
    """Whether a file holds other figures of regions than employment."""
    if wishes.kind not in (None, Kind.own, Kind.indicators) or not path.is_file():
        return False
    return wishes.kind is Kind.indicators or recognise_publication(path) in OF_INDICATORS


def _indicators(
    paths: Sequence[Path], wishes: Wishes, places: Places | None, faults: _Faults
) -> list[IndicatorTable]:
    """Read the files of indicators; their regions must be among ``places``."""
    found = []
    for path in paths:
        table = faults.keep(lambda path=path: _indicator_table(path, wishes, places))  # type: ignore[misc]
        if table is not None:
            found.append(replace(table, sources=when_retrieved(table.sources, path)))
    return found


def _indicator_table(path: Path, wishes: Wishes, places: Places | None) -> IndicatorTable:
    if recognise_publication(path) == COUNTY_PATENTS:
        return read_county_patents(path)
    return read_indicators(path, places=places, publisher=wishes.publisher, licence=wishes.licence)


def _refuse_unknown_schemes(datasets: Sequence[Dataset], wishes: Wishes) -> None:
    made = [plan.scheme for dataset in datasets for plan in dataset.schemes]
    unknown = [name for name in wishes.schemes if name not in made]
    if unknown:
        able = sorted({*made, *classes.schemes()})
        raise InvalidInput(
            Fault(
                "these files give no figures for the region scheme",
                column="--scheme",
                value=name,
                hint=f"leave it out, or give one of {', '.join(able)}",
            )
            for name in unknown
        )


def read_file(path: Path, year: int | None, wishes: Wishes) -> SourceTable:
    """Read one file of employment, official or own."""
    if not path.is_file():
        problem = "this is a folder" if path.is_dir() else "there is no such file"
        raise InvalidInput([Fault(problem, str(path), hint="check the path")])
    if wishes.mapping is not None:
        return sources.read_mapped_table(path, wishes.mapping)
    if wishes.kind is Kind.qcew:
        return sources.read_qcew(path, year=year, ownerships=wishes.ownerships)
    if wishes.kind is Kind.cbp:
        return sources.read_county_business_patterns(path, year=year)
    if wishes.kind is Kind.census:
        return sources.read_census_table(path, year=year)
    if wishes.kind is Kind.own:
        return sources.read_own_table(
            path,
            classification=wishes.classification or "",
            scheme=wishes.schemes[0],
            source=_own_source(path, wishes),
        )
    told = wishes.classification is not None and len(wishes.schemes) == 1
    return sources.read_any(
        path,
        year=year,
        years=wishes.years,
        classification=wishes.classification,
        scheme=wishes.schemes[0] if told else None,
        source=_own_source(path, wishes) if told else None,
        ownerships=wishes.ownerships,
        age=wishes.age,
    )


def _own_source(path: Path, wishes: Wishes) -> Source:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Source(
        source=path.stem,
        publisher=wishes.publisher,
        title=wishes.title or path.name,
        address=None,
        retrieved=None,
        checksum=f"sha256:{digest}",
        licence=wishes.licence,
        covers="Own figures: as far as their publisher says.",
        employment_word="jobs",
        payroll_unit="currency, thousands",
    )


def _definitions(tables: Sequence[SourceTable], wishes: Wishes) -> list[Definition]:
    vintages = list(dict.fromkeys(table.classification for table in tables))
    names = iter(wishes.definition_names)
    faults = _Faults([])
    found: list[Definition] = []
    files = sum(_is_file(asked) for asked in wishes.definitions)
    if len(wishes.definition_names) > files:
        raise typer.BadParameter("--definition-name names a --definition that is a CSV file")
    for asked in wishes.definitions:
        if not _is_file(asked):
            found += _known_definition(asked, vintages)
            continue
        if wishes.classification is None and len(vintages) > 1:
            raise typer.BadParameter(
                f"say with --classification which of {', '.join(vintages)} {asked} speaks of"
            )
        vintage = wishes.classification or vintages[0]
        name = next(names, Path(asked).stem)
        read = faults.keep(
            lambda asked=asked, name=name, vintage=vintage: _own_definition(  # type: ignore[misc]
                Path(asked), name, vintage
            )
        )
        if read is not None:
            found.append(read)
    faults.stop_if_any()
    return found


def _own_definition(path: Path, name: str, vintage: str) -> Definition:
    if not path.is_file():
        raise InvalidInput([Fault("there is no such file", str(path), hint="check the path")])
    return classes.read_definition(path, name=name, classification=vintage)


def _known_definition(name: str, vintages: Sequence[str]) -> list[Definition]:
    """Return the definition for each of the figures' classifications that it can map."""
    able = []
    refusal: Exception | None = None
    for vintage in vintages:
        try:
            able.append(classes.definition(name, vintage))
        except CannotAnswer as error:
            refusal = error
    if not able and refusal is not None:
        raise refusal
    return able


def _is_file(asked: str) -> bool:
    return asked.lower().endswith(".csv") or "/" in asked


def _speaks(definition: Definition, classification: str) -> bool:
    known = definition.industries.column("classification").unique().to_pylist()
    return classification in known
