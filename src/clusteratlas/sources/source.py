"""What a source is: figures in the employment table, and where they are from."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Source:
    """Where figures come from; one row of provenance.

    Attributes
    ----------
    source
        Key of the source, such as ``cbp-2021``.
    publisher, title
        Who publishes the figures, and under which title.
    address
        The publisher's page about them.
    retrieved
        Day they were fetched (ISO 8601), where known.
    checksum
        ``sha256:`` and the digest of the file that was read.
    licence
        What one may do with the figures.
    covers
        What the figures hold and what they leave out, as sentences.
    employment_word
        What is counted: ``jobs`` or ``persons employed``.
    payroll_unit
        Currency and scale of payroll, such as ``USD 1,000``.

    Example
    -------
    >>> Source("jobs-2024", "Town hall", "Jobs register", None, None, None, "open",
    ...        "All employers.", "jobs", "EUR 1,000").employment_word
    'jobs'
    """

    source: str
    publisher: str
    title: str
    address: str | None
    retrieved: str | None
    checksum: str | None
    licence: str
    covers: str
    employment_word: str
    payroll_unit: str


@dataclass(frozen=True)
class SourceTable:
    """Figures as one source (or several years of it) prints them.

    Attributes
    ----------
    employment
        Rows by the contract ``EMPLOYMENT``, sorted by its key. Employment in jobs or persons,
        payroll in thousands of the currency.
    classification
        Classification of ``industry``, with its vintage.
    base_scheme
        The finest region scheme of the rows.
    sources
        One entry for each value of the column ``source``.
    regions, memberships
        Regions that the user brings along; ``None`` where ``classification`` knows them.
    statewide
        Rows by the contract ``EMPLOYMENT`` of what an office cannot place in one county (county
        999): part of the sum of their state, and no county. ``None`` without any.
    """

    employment: pa.Table
    classification: str
    base_scheme: str
    sources: tuple[Source, ...]
    regions: pa.Table | None = None
    memberships: pa.Table | None = None
    statewide: pa.Table | None = None
