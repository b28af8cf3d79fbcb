"""Any official or own file, read as the tidy table that it becomes."""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from clusteratlas import __version__
from clusteratlas.engine import with_columns_of, write_parquet
from clusteratlas.sources.accounts.bea_codes import read_bea_codes
from clusteratlas.sources.accounts.input_output import read_input_output
from clusteratlas.sources.catalogue.kept import read_record
from clusteratlas.sources.catalogue.publications import publication
from clusteratlas.sources.catalogue.recognise_publication import recognise_publication
from clusteratlas.sources.census.zip_business_patterns import read_local_establishments
from clusteratlas.sources.census.zip_places import read_local_places
from clusteratlas.sources.findings import Findings
from clusteratlas.sources.indicators.own_indicators import read_indicators
from clusteratlas.sources.indicators.patents import read_county_patents
from clusteratlas.sources.labor.occupations import (
    read_industry_occupations,
    read_regional_occupations,
)
from clusteratlas.sources.source import Source, SourceTable
from clusteratlas.sources.taken import IndicatorTable, TakenTable
from clusteratlas.tables import EMPLOYMENT, INDICATORS, WITHHELD, Contract

METADATA = b"clusteratlas"
"""Key under which a written file says what it holds and where that is from."""


SEVERAL_TABLES = "alltablesio"


@dataclass(frozen=True)
class Taken:
    """A file as the rows of one table.

    Attributes
    ----------
    publication
        Id of the publication; empty where only the kind of file is known.
    contract
        What the rows keep.
    rows
        The rows, sorted by the contract's key.
    sources
        Where they are from.
    classification
        Of the industries, with its vintage; empty where there are none.
    """

    publication: str
    contract: Contract
    rows: pa.Table
    sources: tuple[Source, ...]
    classification: str = ""

    @property
    def years(self) -> list[int]:
        """The years of the rows."""
        if "year" not in self.rows.column_names:
            return []
        return sorted(pc.unique(self.rows.column("year")).to_pylist())

    @property
    def regions(self) -> int:
        """Number of regions, over all schemes."""
        if "region" not in self.rows.column_names:
            return 0
        pairs = self.rows.group_by(["scheme", "region"], use_threads=False).aggregate([])
        return int(pairs.num_rows)

    @property
    def withheld(self) -> int:
        """Number of rows whose figure exists and is not given."""
        if "status" not in self.rows.column_names:
            return 0
        return int(pc.sum(pc.equal(self.rows.column("status"), WITHHELD)).as_py() or 0)


def take_in(
    path: Path,
    *,
    name: str | None = None,
    year: int | None = None,
    scheme: str | None = None,
    read_employment: Callable[[], SourceTable],
    publisher: str = "not stated",
    licence: str = "not stated",
) -> Taken:
    """Read a file as the table that its publication becomes.

    Parameters
    ----------
    path
        The file.
    name
        Id of its publication; by default what its name or its columns tell.
    year
        Year of the figures where the file does not say.
    scheme
        Region scheme of own indicators.
    read_employment
        Reads the file where it is one of employment, official or own.
    publisher, licence
        What is known about own figures.

    Returns
    -------
    Taken

    Raises
    ------
    InvalidInput
        With every fault of the file.
    CannotAnswer
        There is no publication of that name.
    """
    told = publication(name).id if name is not None else recognise_publication(path)
    if told is None and path.name.lower().startswith(SEVERAL_TABLES):
        Findings(path).refuse(
            "the archive holds several tables",
            value=path.name,
            hint="say which one: bea-use, bea-make or bea-crosswalk",
        )
    if told == "oews-industry":
        taken = _of_table(told, read_industry_occupations(path, year=year))
    elif told in {"oews-area", "oews-state"}:
        taken = _of_table(told, read_regional_occupations(path, year=year))
    elif told == "bea-use":
        taken = _of_table(told, read_input_output(path, table="use", year=year))
    elif told == "bea-make":
        taken = _of_table(told, read_input_output(path, table="make", year=year))
    elif told == "bea-crosswalk":
        taken = _of_table(told, read_bea_codes(path))
    elif told == "uspto-patents-county":
        taken = _of_indicators(told, read_county_patents(path))
    elif told == "zbp-detail":
        local = read_local_establishments(path, year=year)
        taken = Taken(told, local.contract, local.rows, local.sources, local.classification)
    elif told == "zbp-totals":
        taken = _of_table(told, read_local_places(path))
    elif told == "indicators":
        taken = _of_indicators(
            told, read_indicators(path, scheme=scheme, publisher=publisher, licence=licence)
        )
    else:
        taken = _of_employment(told or "", read_employment())
    return dataclasses.replace(taken, sources=when_retrieved(taken.sources, path))


def _of_table(name: str, table: TakenTable) -> Taken:
    kinds = (
        pc.unique(table.rows.column("classification")).to_pylist()
        if "classification" in table.rows.column_names
        else []
    )
    return Taken(name, table.contract, table.rows, table.sources, ", ".join(kinds))


def _of_indicators(name: str, table: IndicatorTable) -> Taken:
    return Taken(name, INDICATORS, table.indicators, table.sources)


def _of_employment(name: str, table: SourceTable) -> Taken:
    """All rows, those that an office cannot place in one county too."""
    parts = [with_columns_of(table.employment, EMPLOYMENT)]
    if table.statewide is not None:
        parts.append(with_columns_of(table.statewide, EMPLOYMENT))
    return Taken(name, EMPLOYMENT, pa.concat_tables(parts), table.sources, table.classification)


def when_retrieved(sources: tuple[Source, ...], path: Path) -> tuple[Source, ...]:
    """Add the day of the download to the sources of a file that is as it was fetched."""
    record = read_record(path)
    if record is None:
        return sources
    return tuple(
        dataclasses.replace(source, retrieved=record.retrieved)
        if source.checksum == f"sha256:{record.sha256}"
        else source
        for source in sources
    )


def write_taken(taken: Taken, path: Path) -> None:
    """Write the rows as Parquet with their provenance in the file, whole or not at all.

    The same file read twice gives the same bytes.
    """
    said: dict[str, Any] = {
        "table": taken.contract.name,
        "publication": taken.publication,
        "classification": taken.classification,
        "code_version": __version__,
        "sources": [asdict(source) for source in taken.sources],
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    rows = taken.rows.replace_schema_metadata({METADATA: text.encode()})
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    try:
        write_parquet(rows, Path(name), sort=taken.contract.key)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
