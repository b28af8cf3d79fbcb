"""What we say about the offices whose files we read: titles, addresses, licences, coverage."""

from __future__ import annotations

from clusteratlas.sources.source import Source

US_COVERS = (
    "Jobs in the pay period of 12 March at establishments with paid employees; most private "
    "industries, without crop and animal production, rail, post, private households, the "
    "self-employed and most of government. Cells with fewer than three establishments are not "
    "printed, and noise is added to the figures that are."
)
EUROPE_COVERS = (
    "Persons employed, the self-employed included, by local unit; the business economy only: "
    "sections B to J and L to N, and division S95 (no farming, finance, public services, health "
    "or education). Not comparable with American jobs. Confidential figures are withheld."
)


def us_source(year: int, more: str = "", checksum: str | None = None) -> Source:
    """Return what is known about County Business Patterns of a year.

    Example
    -------
    >>> us_source(2021).source
    'cbp-2021'
    """
    return Source(
        source=f"cbp-{year}",
        publisher="US Census Bureau",
        title=f"County Business Patterns {year}",
        address="https://www.census.gov/programs-surveys/cbp.html",
        retrieved=None,
        checksum=checksum,
        licence="public domain (work of the United States government)",
        covers=f"{US_COVERS} {more}".strip(),
        employment_word="jobs",
        payroll_unit="USD 1,000",
    )


def eurostat_source(year: int, more: str = "", checksum: str | None = None) -> Source:
    """Return what is known about Eurostat's regional structural business statistics of a year.

    Example
    -------
    >>> eurostat_source(2014).employment_word
    'persons employed'
    """
    return Source(
        source=f"eurostat-sbs-{year}",
        publisher="Eurostat",
        title=f"Regional structural business statistics {year} (sbs_r_nuts06_r2)",
        address="https://ec.europa.eu/eurostat/web/structural-business-statistics",
        retrieved=None,
        checksum=checksum,
        licence="reuse with acknowledgement of the source (Commission Decision 2011/833/EU)",
        covers=f"{EUROPE_COVERS} {more}".strip(),
        employment_word="persons employed",
        payroll_unit="EUR 1,000",
    )
