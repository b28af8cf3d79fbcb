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


QCEW_COVERS = (
    "Jobs covered by unemployment insurance, farm and government jobs included, without the "
    "self-employed; counted by place of work. Figures that would disclose an employer are "
    "withheld; establishments are always printed. Construction trades are given at six digits by "
    "NAICS, not by the agency's split into residential and nonresidential."
)


def qcew_source(key: str, year: int, more: str = "", checksum: str | None = None) -> Source:
    """Return what is known about the Quarterly Census of Employment and Wages of a year.

    Example
    -------
    >>> qcew_source("qcew-2016q1-private", 2016).title
    'Quarterly Census of Employment and Wages 2016, first quarter, private'
    """
    when, _, owner = key.removeprefix("qcew-").partition("-")
    _, _, quarter = when.partition("q")
    told = {"1": ", first quarter", "2": ", second quarter", "3": ", third quarter",
            "4": ", fourth quarter"}.get(quarter, "")  # fmt: skip
    word = {"total": "all ownerships", "federal": "federal government",
            "state": "state government", "local": "local government"}.get(owner, owner)  # fmt: skip
    months = " Jobs are of the quarter (mean of its months), payroll is of it." if quarter else ""
    return Source(
        source=key,
        publisher="US Bureau of Labor Statistics",
        title=f"Quarterly Census of Employment and Wages {year}{told}, {word}",
        address="https://www.bls.gov/cew/",
        retrieved=None,
        checksum=checksum,
        licence="public domain (work of the United States government)",
        covers=f"{QCEW_COVERS}{months} {more}".strip(),
        employment_word="jobs",
        payroll_unit="USD 1,000",
    )


LABOUR_FORCE_COVERS = (
    "Employed persons by place of residence, the self-employed included, from a sample survey of "
    "households; all sections. Not comparable with jobs counted at establishments."
)


def labour_force_source(
    year: int, age: str, unsure: int, more: str = "", checksum: str | None = None
) -> Source:
    """Return what is known about Eurostat's regional employment by activity of a year.

    Example
    -------
    >>> labour_force_source(2014, "Y_GE15", 0).source
    'eurostat-lfs-2014'
    """
    told = {"Y_GE15": "Persons of 15 years and older.", "Y15-64": "Persons of 15 to 64 years."}
    doubt = f" {unsure:,} figures are marked as of low reliability (flag u)." if unsure else ""
    return Source(
        source=f"eurostat-lfs-{year}",
        publisher="Eurostat",
        title=f"Regional employment by economic activity {year} (lfst_r_lfe2en2)",
        address="https://ec.europa.eu/eurostat/web/lfs",
        retrieved=None,
        checksum=checksum,
        licence="reuse with acknowledgement of the source (Commission Decision 2011/833/EU)",
        covers=f"{LABOUR_FORCE_COVERS} {told.get(age, '')}{doubt} {more}".strip(),
        employment_word="persons employed",
        payroll_unit="EUR 1,000",
    )
