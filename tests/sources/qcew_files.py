"""QCEW files in the Bureau of Labor Statistics' own layouts, made from a few figures."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

KEYS = "area_fips,own_code,industry_code,agglvl_code,size_code,year,qtr,disclosure_code"
TITLES = "area_title,own_title,industry_title,agglvl_title,size_title"
ANNUAL = (
    "annual_avg_estabs,annual_avg_emplvl,total_annual_wages,taxable_annual_wages,"
    "annual_contributions,annual_avg_wkly_wage,avg_annual_pay"
)
QUARTERLY = (
    "qtrly_estabs,month1_emplvl,month2_emplvl,month3_emplvl,total_qtrly_wages,"
    "taxable_qtrly_wages,qtrly_contributions,avg_wkly_wage"
)

Annual = tuple[str, str, str, str, str, int, int, int]
"""Area, ownership, industry, level, disclosure, establishments, employment, wages."""


def quoted(cells: Iterable[str]) -> str:
    return ",".join(f'"{cell}"' for cell in cells)


def write_annual(path: Path, rows: Iterable[Annual], year: int = 2016) -> Path:
    """An annual single file, or a zip of it by its name."""
    lines = [quoted(f"{KEYS},{ANNUAL},lq_disclosure_code,lq_annual_avg_emplvl".split(","))]
    for area, own, industry, level, withheld, units, jobs, wages in rows:
        texts = quoted((area, own, industry, level, "0", str(year), "A", withheld))
        lines.append(f'{texts},{units},{jobs},{wages},0,0,0,0,"{withheld}",0')
    text = "\n".join([*lines, ""])
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{path.stem}.csv", text)
    else:
        path.write_text(text)
    return path


Quarter = tuple[str, str, str, str, str, int, tuple[int, int, int], int]


def write_area(path: Path, rows: Iterable[Quarter], year: int = 2016, quarter: int = 1) -> Path:
    """A quarterly file of one area, with titles."""
    names = f"{KEYS},{TITLES},{QUARTERLY}".replace("qtrly_estabs", "qtrly_estabs_count")
    lines = [quoted(names.split(","))]
    for area, own, industry, level, withheld, units, months, wages in rows:
        texts = quoted((area, own, industry, level, "0", str(year), str(quarter), withheld))
        titles = quoted(("Polk County, Iowa", "Private", f"NAICS {industry}", "County", "All"))
        jobs = ",".join(str(month) for month in months)
        lines.append(f"{texts},{titles},{units},{jobs},{wages},0,0,0")
    path.write_text("\n".join([*lines, ""]))
    return path
