"""Codes that are gone and what holds their place today: industries, counties, NUTS regions."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from pathlib import Path

from nuts_geography import LEVELS, TAKEN_OVER_BY, VINTAGES, _eurostat_code

Rows = list[list[str]]
TODAY = "2017"

COUNTY_CHANGES = (  # Census Bureau, substantial changes to counties; Connecticut, rule of 2022
    ("02201", "Prince of Wales-Outer Ketchikan", "02198 02130 02275", "2008", "divided"),
    ("02231", "Skagway-Yakutat-Angoon", "02105 02230 02282", "1992", "divided"),
    ("02232", "Skagway-Hoonah-Angoon", "02105 02230", "2007", "divided"),
    ("02280", "Wrangell-Petersburg", "02195 02275 02198", "2008", "divided"),
    ("09110", "Capitol Planning Region", "09003 09013", "2022", "other boundaries"),
    ("09120", "Greater Bridgeport Planning Region", "09001", "2022", "a part of it"),
    ("09130", "Lower Connecticut River Valley", "09007 09011", "2022", "other boundaries"),
    ("09140", "Naugatuck Valley", "09001 09003 09005 09009", "2022", "other boundaries"),
    ("09150", "Northeastern Connecticut", "09011 09013 09015", "2022", "other boundaries"),
    ("09160", "Northwest Hills", "09003 09005", "2022", "other boundaries"),
    ("09170", "South Central Connecticut", "09009", "2022", "a part of it"),
    ("09180", "Southeastern Connecticut", "09011 09015", "2022", "other boundaries"),
    ("09190", "Western Connecticut", "09001 09005", "2022", "other boundaries"),
    ("30113", "Yellowstone National Park", "30031 30067", "1997", "divided"),
)


def county_changes() -> Rows:
    """Codes without a single holder today: code, name, today's counties, year, what happened."""
    return [list(row) for row in COUNTY_CHANGES]


def former_industries(reference: Path) -> Rows:
    """Six-digit codes of NAICS 2002, 2007 and 2012 that 2017 does not have: vintages, successors.

    The successors are those that the official concordances link, straight to 2017 where there is
    one; codes of 2002 that were gone by 2007 go by way of 2007. Titles of 2002 are not at hand.
    """
    today = _links(reference, "concordance_naics2017_naics2012", "2017", "2012")
    links = {
        "2012": today,
        "2007": _links(reference, "concordance_naics2017_naics2007", "2017", "2007"),
        "2002": _links(reference, "concordance_naics2007_naics2002", "2007", "2002"),
    }
    now = {code for codes in today.values() for code in codes}
    found: dict[str, tuple[set[str], set[str]]] = {}
    for vintage, forward in links.items():
        for code, linked in forward.items():
            later = linked
            if code in now or _split_of_the_bureau(code):
                continue
            if vintage == "2002":
                if code in found:
                    found[code][0].add(vintage)
                    continue
                later = {
                    new
                    for middle in later
                    for new in ({middle} if middle in now else links["2007"].get(middle, set()))
                }
            years, successors = found.setdefault(code, (set(), set()))
            years.add(vintage)
            successors |= {each for each in later if each in now}
    titles: dict[str, str] = {}
    for vintage in ("2007", "2012"):
        for row in _read(reference / f"titles_naics{vintage}.csv.gz"):
            titles[row["code"]] = " ".join(row["desc"].split())
    return [
        [code, titles.get(code, ""), " ".join(sorted(years)), " ".join(sorted(successors))]
        for code, (years, successors) in sorted(found.items())
        if successors
    ]


def nuts_changes(reference: Path) -> Rows:
    """Pairs of codes of one unit, or of units that took over from one another, in both directions.

    ``same`` is true where only the code changed: no boundary shifted, nothing was merged or split.
    """
    pairs: dict[tuple[str, str], bool] = {}
    for row in _read(reference / "nuts_codes_and_changes_1999_2021.csv.gz"):
        if row["typology"] not in LEVELS:
            continue
        last, shifted = "", False
        for year in VINTAGES:
            code = _eurostat_code(row[f"code_{year}"])
            shifted |= "boundary" in row[f"change_{year}"]
            if not code:
                continue
            if last and code != last:
                pairs[last, code] = pairs.get((last, code), True) and not shifted
                shifted = False
            last = code
    for code, others in TAKEN_OVER_BY.items():
        for other in others:
            pairs.setdefault((code, other), False)
    both = pairs | {(other, code): same for (code, other), same in pairs.items()}
    return [
        [code, other, "true" if same else "false"] for (code, other), same in sorted(both.items())
    ]


def _links(reference: Path, name: str, new: str, old: str) -> dict[str, set[str]]:
    forward: dict[str, set[str]] = defaultdict(set)
    for row in _read(reference / f"{name}.csv.gz"):
        one, other = row[f"NAICS{new}_6d"], row[f"NAICS{old}_6d"]
        if len(one) == len(other) == 6:
            forward[other].add(one)
    return forward


def _split_of_the_bureau(code: str) -> bool:
    return code.startswith("238") and code[5:] in ("1", "2")


def _read(path: Path) -> list[dict[str, str]]:
    text = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
    return list(csv.DictReader(text.splitlines()))
