"""What a file besides those of employment is taken in as."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from clusteratlas.sources.source import Source
from clusteratlas.tables import Contract


@dataclass(frozen=True)
class TakenTable:
    """Rows of one contract, and where they come from.

    Attributes
    ----------
    contract
        What the rows keep: one of ``tables.TAKEN_IN``.
    rows
        Rows by that contract, sorted by its key.
    sources
        One entry for each value of the column ``source``.
    """

    contract: Contract
    rows: pa.Table
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class IndicatorTable:
    """Other figures of regions.

    Attributes
    ----------
    indicators
        Rows by the contract ``INDICATORS``, sorted by its key.
    sources
        One entry for each value of the column ``source``.
    file
        Name of the file as the user gave it, for faults that are found later.
    """

    indicators: pa.Table
    sources: tuple[Source, ...]
    file: str
