"""Files in the publishers' own layouts, written from a few figures."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl

_OEWS = (
    "AREA AREA_TITLE AREA_TYPE PRIM_STATE NAICS NAICS_TITLE I_GROUP OWN_CODE OCC_CODE OCC_TITLE "
    "O_GROUP TOT_EMP EMP_PRSE JOBS_1000 LOC_QUOTIENT PCT_TOTAL PCT_RPT H_MEAN A_MEAN MEAN_PRSE "
    "H_PCT10 H_PCT25 H_MEDIAN H_PCT75 H_PCT90 A_PCT10 A_PCT25 A_MEDIAN A_PCT75 A_PCT90 ANNUAL "
    "HOURLY"
)
OEWS_COLUMNS = tuple(_OEWS.split())
"""The columns of the OEWS workbooks since May 2019, in their order."""

INDUSTRY = {
    "AREA": "99",
    "AREA_TITLE": "U.S.",
    "AREA_TYPE": 1,
    "PRIM_STATE": "US",
    "I_GROUP": "4-digit",
    "OWN_CODE": "5",
    "O_GROUP": "detailed",
    "EMP_PRSE": 2.1,
    "PCT_TOTAL": 1.5,
    "A_MEAN": 51000,
}
AREA = {
    "AREA_TYPE": 4,
    "NAICS": "000000",
    "NAICS_TITLE": "Cross-industry",
    "I_GROUP": "cross-industry",
    "OWN_CODE": "1235",
    "O_GROUP": "detailed",
    "EMP_PRSE": 4.0,
    "JOBS_1000": 1.25,
    "LOC_QUOTIENT": 1.1,
    "A_MEAN": 51000,
}

Row = Mapping[str, Any]


def workbook(sheets: Mapping[str, Iterable[Sequence[Any]]]) -> bytes:
    """A workbook of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip archive of these files."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


def oews_workbook(rows: Iterable[Row], defaults: Row, sheet: str = "data") -> bytes:
    """A workbook of the Bureau of Labor Statistics: one sheet of figures and one of words."""
    full = [{**dict.fromkeys(OEWS_COLUMNS, ""), **defaults, **row} for row in rows]
    body = [[row[name] for name in OEWS_COLUMNS] for row in full]
    fields = [["Field", "Field Description"], ["area", "U.S. (99), state FIPS code, ..."]]
    return workbook({sheet: [OEWS_COLUMNS, *body], "Field Descriptions": fields})


def oews_industry(year: int, rows: Iterable[Row]) -> bytes:
    """``oesmYYin4.zip``: workbooks by depth of the industry, and one split by owner."""
    body = list(rows)
    short = year % 100
    coarse = [row for row in body if row.get("I_GROUP") == "3-digit"]
    fine = [row for row in body if row.get("I_GROUP") != "3-digit"]
    files = {f"oesm{short}in4/nat4d_M{year}_dl.xlsx": oews_workbook(fine, INDUSTRY)}
    if coarse:
        files[f"oesm{short}in4/nat3d_M{year}_dl.xlsx"] = oews_workbook(coarse, INDUSTRY)
    split = [{**row, "OWN_CODE": owner} for row in fine[:1] for owner in ("2", "3")]
    files[f"oesm{short}in4/nat4d_owner_M{year}_dl.xlsx"] = oews_workbook(split, INDUSTRY)
    files[f"oesm{short}in4/file_descriptions.txt"] = b"words"
    files[f"oesm{short}in4/fields.xlsx"] = workbook({"words": [["Field", "Description"]]})
    return zipped(files)


def oews_area(year: int, rows: Iterable[Row]) -> bytes:
    """``oesmYYma.zip``: metro areas, and what lies outside of them."""
    body = list(rows)
    short = year % 100
    metro = [row for row in body if row.get("AREA_TYPE", 4) == 4]
    other = [row for row in body if row.get("AREA_TYPE", 4) != 4]
    files = {f"oesm{short}ma/MSA_M{year}_dl.xlsx": oews_workbook(metro, AREA)}
    if other:
        files[f"oesm{short}ma/BOS_M{year}_dl.xlsx"] = oews_workbook(other, AREA)
    return zipped(files)


Flows = Mapping[tuple[str, str], float]


def bea_sheet(
    flows: Flows,
    titles: Mapping[str, str],
    head: str,
    total_row: tuple[str, str],
    total_column: tuple[str, str],
    beyond: Sequence[str] = (),
) -> list[list[Any]]:
    """A sheet as the Bureau of Economic Analysis lays it out; what does not flow is left empty.

    ``beyond`` are codes of rows or columns outside the block that the totals add up.
    """
    rows = list(dict.fromkeys(row for row, _ in flows))
    columns = list(dict.fromkeys(column for _, column in flows))
    inner = [code for code in columns if code not in beyond]
    body: list[list[Any]] = []
    for row in rows:
        cells = [flows.get((row, column)) or None for column in columns]
        across = sum(flows.get((row, column), 0) for column in inner)
        body.append([row, titles.get(row, row), *cells, across])
    inside = [row for row in rows if row not in beyond]
    down = [sum(flows.get((row, column), 0) for row in inside) for column in columns]
    return [
        ["The table before redefinitions"],
        ["(Millions of dollars)"],
        ["Bureau of Economic Analysis"],
        [],
        ["", "", *(titles.get(code, code) for code in columns), total_column[1]],
        ["Code", head, *columns, total_column[0]],
        *body,
        [*total_row, *down, sum(down)],
        [],
        ["Legend / Footnotes: an empty cell is nothing."],
    ]


def bea_codes_sheet(rows: Iterable[tuple[str, str, str]]) -> list[list[Any]]:
    """The sheet NAICS Codes: code, title and classes of the details, below their groups."""
    head = ["Sector", "Summary", "U.Summary", "Detail", "", "Notes", "Related 2017 NAICS Codes"]
    body: list[list[Any]] = [["11", "Agriculture", "", "", "", "", ""]]
    body += [["", "111CA", "Farms", "", "", "", ""], ["", "", "111", "Farms", "", "", ""]]
    body += [["", "", "", code, title, "", listed] for code, title, listed in rows]
    notes = [[], ["* Construction does not align with NAICS."]]
    return [["BEA CODES AND TITLES"], [], [], [], head, *body, *notes]


def bea_archive(
    use: list[list[Any]], make: list[list[Any]], codes: list[list[Any]], year: int = 2017
) -> bytes:
    """``AllTablesIO.zip`` with its two workbooks in detail, and others beside them."""
    words = {"Readme": [["words"]], "NAICS Codes": codes}
    return zipped(
        {
            f"IOUse_Before_Redefinitions_PRO_{year}_Detail.xlsx": workbook(
                {**words, str(year): use}
            ),
            f"IOMake_Before_Redefinitions_{year}_Detail.xlsx": workbook({**words, str(year): make}),
            "IOUse_After_Redefinitions_PRO_1997-2022_Summary.xlsx": workbook({"2017": [["x"]]}),
        }
    )


def patents_page(
    rows: Iterable[tuple[str, str, str, str, Sequence[int]]], years: Sequence[int]
) -> bytes:
    """The Office's web page: FIPS code, mail code, state, county, a column a year, total."""
    head = ["FIPS Code", "Mail Code", "State or Territory", "Regional Area Component"]
    lines = [
        "<!DOCTYPE html>",
        "<html><head><title>U.S. State Patenting</title></head><body>",
        "<p>Utility patents</p><table border=1>",
        "<tr>" + "".join(f"<th>{name}</th>" for name in [*head, *years, "Total"]) + "</tr>",
    ]
    for fips, mail, state, county, counts in rows:
        cells = [fips, mail, state, county, *counts, sum(counts)]
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return "\n".join([*lines, "</table></body></html>", ""]).encode()


CBP_TAIL = (
    "naics emp_nf emp qp1_nf qp1 ap_nf ap est n<5 n5_9 n10_19 n20_49 n50_99 n100_249 n250_499 "
    "n500_999 n1000 n1000_1 n1000_2 n1000_3 n1000_4"
)
Cell = tuple[str, int, int, int]
"""Industry, jobs, payroll, establishments."""


def cbp(places: Mapping[str, str], rows: Iterable[Cell], file: str) -> bytes:
    """A file of County Business Patterns since 2017, zipped: ``places`` stand before the rest."""
    columns = [*places, *CBP_TAIL.split()]
    lines = [",".join(f'"{name}"' for name in columns)]
    for naics, jobs, payroll, establishments in rows:
        cells = [f'"{place}"' for place in places.values()]
        cells += [f'"{naics}"', '"G"', str(jobs), '"G"', str(payroll // 4), '"G"', str(payroll)]
        cells += [str(establishments), str(establishments), *['"N"'] * 12]
        lines.append(",".join(cells))
    return zipped({file: "\n".join([*lines, ""]).encode()})


QCEW_KEYS = "area_fips own_code industry_code agglvl_code size_code year qtr disclosure_code"
QCEW_TITLES = "area_title own_title industry_title agglvl_title size_title"
QCEW_ANNUAL = (
    "annual_avg_estabs annual_avg_emplvl total_annual_wages taxable_annual_wages "
    "annual_contributions annual_avg_wkly_wage avg_annual_pay"
)
QCEW_QUARTER = (
    "month1_emplvl month2_emplvl month3_emplvl total_qtrly_wages taxable_qtrly_wages "
    "qtrly_contributions avg_wkly_wage"
)
QcewRow = tuple[str, str, str, str, str, int, int, int]
"""Area, ownership, industry, level, disclosure, establishments, jobs, wages."""


def qcew_annual(year: int, rows: Iterable[QcewRow]) -> bytes:
    """The annual single file: no titles."""
    lines = [",".join(f'"{name}"' for name in [*QCEW_KEYS.split(), *QCEW_ANNUAL.split()])]
    for area, own, industry, level, hidden, units, jobs, wages in rows:
        texts = [area, own, industry, level, "0", str(year), "A", hidden]
        lines.append(",".join(f'"{text}"' for text in texts) + f",{units},{jobs},{wages},0,0,0,0")
    return "\n".join([*lines, ""]).encode()


def qcew_quarter(year: int, quarter: int, rows: Iterable[QcewRow], titles: bool) -> bytes:
    """A quarterly file: the single file has no titles, the one of an area has."""
    units_name = "qtrly_estabs_count" if titles else "qtrly_estabs"
    names = [*QCEW_KEYS.split(), *(QCEW_TITLES.split() if titles else [])]
    lines = [",".join(f'"{name}"' for name in [*names, units_name, *QCEW_QUARTER.split()])]
    for area, own, industry, level, hidden, units, jobs, wages in rows:
        texts = [area, own, industry, level, "0", str(year), str(quarter), hidden]
        texts += ["Area", "Private", "Industry", "Level", "All"] if titles else []
        figures = f",{units},{jobs},{jobs},{jobs},{wages},0,0,0"
        lines.append(",".join(f'"{text}"' for text in texts) + figures)
    return "\n".join([*lines, ""]).encode()
