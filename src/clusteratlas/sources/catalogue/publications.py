"""The catalogue: every publication whose files are read, with its public address."""

from __future__ import annotations

import difflib

from clusteratlas.sources.catalogue.publication import Publication
from clusteratlas.tables import CannotAnswer

CENSUS, LABOR = "US Census Bureau", "US Bureau of Labor Statistics"
ANALYSIS, EUROSTAT = "US Bureau of Economic Analysis", "Eurostat"
PATENTS = "US Patent and Trademark Office"
UNITED_STATES = "public domain (work of the United States government)"
EUROPE = "reuse with acknowledgement of the source (Commission Decision 2011/833/EU)"

_CBP = "https://www2.census.gov/programs-surveys/cbp/datasets/{year}/"
_CBP_PAGE = "https://www.census.gov/programs-surveys/cbp.html"
_QCEW = "https://data.bls.gov/cew/data/"
_QCEW_PAGE = "https://www.bls.gov/cew/downloadable-data-files.htm"
_OEWS = "https://www.bls.gov/oes/special-requests/"
_OEWS_PAGE = "https://www.bls.gov/oes/tables.htm"
_BEA = "https://apps.bea.gov/industry/iTables%20Static%20Files/AllTablesIO.zip"
_BEA_PAGE = "https://www.bea.gov/industry/input-output-accounts-data"
_EUROSTAT = "https://ec.europa.eu/eurostat/api/dissemination/sdmx/2.1/data/"
_BLS_ASKS = (
    "The Bureau turns away programs that name no one to write to: set CLUSTERATLAS_CONTACT to an "
    "e-mail address."
)
_BEA_HOLDS = (
    "One archive holds the tables of all years and levels; use and make in detail are read from "
    "its two workbooks of the benchmark years. The Bureau replaces the archive with each release."
)
_SAME_PATTERN = (
    "The name of the file was seen in use, its address only by the pattern of the others."
)


def _cbp(kind: str, what: str, size: str, confirmed: bool) -> Publication:
    return Publication(
        id=f"cbp-{what}",
        publisher=CENSUS,
        title=f"County Business Patterns, {what} file",
        table="employment",
        page=_CBP_PAGE,
        address=f"{_CBP}cbp{{yy}}{kind}.zip",
        file=f"cbp{{yy}}{kind}.zip",
        media="zip",
        first=1998,
        last=None,
        size=size,
        licence=UNITED_STATES,
        confirmed=confirmed,
        note="" if confirmed else _SAME_PATTERN,
    )


def _qcew(what: str, address: str, file: str, size: str, first: int, title: str) -> Publication:
    return Publication(
        id=f"qcew-{what}",
        publisher=LABOR,
        title=f"Quarterly Census of Employment and Wages, {title}",
        table="employment",
        page=_QCEW_PAGE,
        address=f"{_QCEW}{address}",
        file=file,
        media="zip" if address.endswith(".zip") else "csv",
        first=first,
        last=None,
        size=size,
        licence=UNITED_STATES,
        confirmed=True,
        note=_BLS_ASKS,
    )


def _oews(what: str, name: str, table: str, size: str, title: str) -> Publication:
    return Publication(
        id=f"oews-{what}",
        publisher=LABOR,
        title=f"Occupational Employment and Wage Statistics, {title}",
        table=table,
        page=_OEWS_PAGE,
        address=f"{_OEWS}oesm{{yy}}{name}.zip",
        file=f"oesm{{yy}}{name}.zip",
        media="zip",
        first=2019,
        last=None,
        size=size,
        licence=UNITED_STATES,
        confirmed=True,
        note=f"Layouts before 2019 have other columns and are not read. {_BLS_ASKS}",
    )


def _bea(what: str, table: str, title: str) -> Publication:
    return Publication(
        id=f"bea-{what}",
        publisher=ANALYSIS,
        title=f"Input-output accounts, {title}",
        table=table,
        page=_BEA_PAGE,
        address=_BEA,
        file="AllTablesIO.zip",
        media="zip",
        first=None,
        last=None,
        size="about 16 MB",
        licence=UNITED_STATES,
        confirmed=True,
        note=_BEA_HOLDS,
    )


def _eurostat(what: str, code: str, form: str, first: int, last: int | None, title: str,
              confirmed: bool, note: str) -> Publication:  # fmt: skip
    ending = "tsv.gz" if form == "TSV" else "csv.gz"
    return Publication(
        id=f"eurostat-{what}",
        publisher=EUROSTAT,
        title=f"{title} ({code})",
        table="employment",
        page=f"https://ec.europa.eu/eurostat/databrowser/view/{code}/default/table",
        address=f"{_EUROSTAT}{code}/?format={form}&compressed=true",
        file=f"{code}.{ending}",
        media="gzip",
        first=first,
        last=last,
        size="1-60 MB",
        licence=EUROPE,
        confirmed=confirmed,
        note=note,
    )


_ONE_FILE = "One file holds all years."
_CODE_NOT_SEEN = f"{_ONE_FILE} The form of the address is in use; this table was not seen in use."

PUBLICATIONS: tuple[Publication, ...] = (
    _cbp("co", "county", "10-25 MB", True),
    _cbp("msa", "metro", "5-10 MB", False),
    _cbp("st", "state", "about 12 MB", True),
    _cbp("us", "us", "under 1 MB", True),
    _qcew(
        "annual",
        "files/{year}/csv/{year}_annual_singlefile.zip",
        "{year}_annual_singlefile.zip",
        "70-90 MB",
        1990,
        "annual averages, all areas",
    ),
    _qcew(
        "quarterly",
        "files/{year}/csv/{year}_qtrly_singlefile.zip",
        "{year}_qtrly_singlefile.zip",
        "about 300 MB",
        1990,
        "quarters, all areas",
    ),
    _qcew(
        "area",
        "api/{year}/{quarter}/area/{area}.csv",
        "{year}.{quarter}.{area}.csv",
        "under 3 MB",
        2014,
        "one area",
    ),
    _oews("industry", "in4", "industry_occupations", "about 50 MB", "national by industry"),
    _oews("area", "ma", "regional_occupations", "about 40 MB", "metropolitan areas"),
    _oews("state", "st", "regional_occupations", "about 10 MB", "states"),
    _bea("use", "input_output", "use table in detail, producers' prices, before redefinitions"),
    _bea("make", "input_output", "make table in detail, before redefinitions"),
    _bea("crosswalk", "bea_codes", "NAICS codes of the industries"),
    _eurostat(
        "sbs",
        "sbs_r_nuts06_r2",
        "TSV",
        2008,
        2020,
        "Regional structural business statistics",
        False,
        _CODE_NOT_SEEN,
    ),
    _eurostat(
        "lfs",
        "lfst_r_lfe2en2",
        "SDMX-CSV",
        2008,
        None,
        "Employment by economic activity and NUTS 2 region",
        False,
        _CODE_NOT_SEEN,
    ),
    Publication(
        id="uspto-patents-county",
        publisher=PATENTS,
        title="Utility patents by county and year of grant",
        table="indicators",
        page="https://www.uspto.gov/web/offices/ac/ido/oeip/taf/reports.htm",
        address="https://www.uspto.gov/web/offices/ac/ido/oeip/taf/countyall/usa_county_gd.htm",
        file="usa_county_gd.htm",
        media="page",
        first=2000,
        last=2015,
        size="about 2 MB",
        licence=UNITED_STATES,
        confirmed=True,
        note="A web page with one table; all years in one. The Office counts no later years.",
    ),
    Publication(
        id="zbp-detail",
        publisher=CENSUS,
        title="ZIP Business Patterns, industry detail: establishments by ZIP code",
        table="local_industries",
        page=_CBP_PAGE,
        address=f"{_CBP}zbp{{yy}}detail.zip",
        file="zbp{yy}detail.zip",
        media="zip",
        first=2017,
        last=None,
        size="about 30 MB",
        licence=UNITED_STATES,
        confirmed=False,
        note=_SAME_PATTERN,
    ),
    Publication(
        id="zbp-totals",
        publisher=CENSUS,
        title="ZIP Business Patterns, totals: city, state and county of each ZIP code",
        table="local_places",
        page=_CBP_PAGE,
        address=f"{_CBP}zbp{{yy}}totals.zip",
        file="zbp{yy}totals.zip",
        media="zip",
        first=2017,
        last=None,
        size="about 2 MB",
        licence=UNITED_STATES,
        confirmed=False,
        note=_SAME_PATTERN,
    ),
    Publication(
        id="own",
        publisher="you",
        title="Your own figures: region, industry, year, employment",
        table="employment",
        page="",
        address="",
        file="*.csv, *.xlsx, *.parquet",
        media="csv",
        first=None,
        last=None,
        size="",
        licence="as you say",
        confirmed=True,
        note="With a mapping file, columns may have names of their own.",
    ),
    Publication(
        id="indicators",
        publisher="you",
        title="Other figures of regions: region, indicator, year, value, unit, source",
        table="indicators",
        page="",
        address="",
        file="*.csv, *.xlsx, *.parquet",
        media="csv",
        first=None,
        last=None,
        size="",
        licence="as you say",
        confirmed=True,
        note="",
    ),
)
"""Every publication, in the order in which it is listed."""

HOSTS = frozenset(each.host for each in PUBLICATIONS if each.host)
"""The hosts that may be asked, also after a redirect."""


def publication(name: str) -> Publication:
    """Return the publication of that id.

    Raises
    ------
    CannotAnswer
        There is none; the hint names the closest.

    Example
    -------
    >>> publication("oews-area").file
    'oesm{yy}ma.zip'
    """
    for each in PUBLICATIONS:
        if each.id == name:
            return each
    known = [each.id for each in PUBLICATIONS]
    close = difflib.get_close_matches(name, known, 3, 0.4)
    raise CannotAnswer(
        "there is no such publication",
        value=name,
        hint=f"did you mean {' or '.join(close)}?" if close else f"there is {', '.join(known)}",
    )
