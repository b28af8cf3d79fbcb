"""NUTS regions of several vintages: one row a code with name, vintages and a point."""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from math import atan2, cos, degrees, hypot, radians, sin
from pathlib import Path

Place = tuple[float, float]
VINTAGES = ("2006", "2010", "2013", "2016", "2021")
LEVELS = {"country": 2, "nuts_level_1": 3, "nuts_level_2": 4}

# Codes that ended without a successor in the same row of the table of changes: the later regions
# that took over their territory (nearly all of it where boundaries shifted). The table's own words
# are "merged", "split", "boundary shift" and "discontinued".
TAKEN_OVER_BY = {
    "DE41": ("DE40",),
    "DE42": ("DE40",),
    "DED1": ("DED4",),
    "DED3": ("DED5",),
    "FI13": ("FI1D",),
    "FI18": ("FI1B", "FI1C"),
    "FI1A": ("FI1D",),
    "FR91": ("FRY1",),
    "HU10": ("HU11", "HU12"),
    "IE01": ("IE04",),
    "IE02": ("IE05", "IE06"),
    "ITD5": ("ITH5",),
    "ITE3": ("ITI3",),
    "LT00": ("LT01", "LT02"),
    "PL12": ("PL91", "PL92"),
    "SI01": ("SI03",),
    "SI02": ("SI04",),
    "UKD2": ("UKD6",),
    "UKD5": ("UKD7",),
    "UKI1": ("UKI3", "UKI4"),
    "UKI2": ("UKI5", "UKI6", "UKI7"),
    "UKM3": ("UKM8", "UKM9"),
}

# Far from the mainland: left out of the points of NUTS 1 and countries.
OUTERMOST = ("ES7", "FR9", "FRA", "FRY", "PT2", "PT3", "NO0B")

COUNTRIES = {
    "AL": "Albania",
    "AT": "Austria",
    "BE": "Belgium",
    "BG": "Bulgaria",
    "CH": "Switzerland",
    "CY": "Cyprus",
    "CZ": "Czechia",
    "DE": "Germany",
    "DK": "Denmark",
    "EE": "Estonia",
    "EL": "Greece",
    "ES": "Spain",
    "FI": "Finland",
    "FR": "France",
    "HR": "Croatia",
    "HU": "Hungary",
    "IE": "Ireland",
    "IS": "Iceland",
    "IT": "Italy",
    "LI": "Liechtenstein",
    "LT": "Lithuania",
    "LU": "Luxembourg",
    "LV": "Latvia",
    "ME": "Montenegro",
    "MK": "North Macedonia",
    "MT": "Malta",
    "NL": "Netherlands",
    "NO": "Norway",
    "PL": "Poland",
    "PT": "Portugal",
    "RO": "Romania",
    "RS": "Serbia",
    "SE": "Sweden",
    "SI": "Slovenia",
    "SK": "Slovakia",
    "TR": "Türkiye",
    "UK": "United Kingdom",
}

CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъьюяјљњћђџѓќѕ"
CYRILLIC_IN_LATIN = (
    "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya j lj nj ć đ dž gj kj dz"
)
GREEK = "αβγδεζηθικλμνξοπρσςτυφχψω"
GREEK_IN_LATIN = "a v g d e z i th i k l m n x o p r s s t y f ch ps o"
LATIN = dict(zip(CYRILLIC, CYRILLIC_IN_LATIN.split(" "), strict=True))
LATIN |= dict(zip(GREEK, GREEK_IN_LATIN.split(" "), strict=True))
SERBIAN = {"ж": "ž", "ц": "c", "ч": "č", "ш": "š", "х": "h"}
GREEK_PAIRS = (("ου", "ou"), ("μπ", "b"), ("γγ", "ng"))


def restated_nuts(folder: Path) -> list[list[str]]:
    """Rows of code, name, vintages and point, sorted by level and code."""
    with gzip.open(folder / "nuts_codes_and_changes_1999_2021.csv.gz", "rt", encoding="utf-8") as f:
        changes = [row for row in csv.DictReader(f) if row["typology"] in LEVELS]
    names, vintages, successors = _units(changes)
    known = _printed_points(folder)
    points: dict[str, Place | None] = {
        code: _traced(code, known, successors) for code in names if len(code) == 4
    }
    for code in names:
        if len(code) < 4:
            points[code] = _middle_of(code, points, vintages)
    rows = []
    for code in sorted(names, key=lambda code: (len(code), code)):
        name = COUNTRIES[code] if len(code) == 2 else _readable(names[code], code[:2])
        point = points[code]
        place = [f"{point[0]:.2f}", f"{point[1]:.2f}"] if point else ["", ""]
        rows.append([code, name, " ".join(sorted(vintages[code])), *place])
    return rows


def _units(
    changes: list[dict[str, str]],
) -> tuple[dict[str, str], dict[str, set[str]], dict[str, list[str]]]:
    """Name and vintages of each code, and the later codes of the same unit (one row a unit)."""
    names: dict[str, str] = {}
    vintages: dict[str, set[str]] = defaultdict(set)
    successors: dict[str, list[str]] = defaultdict(list)
    for row in changes:
        codes = {year: _eurostat_code(row[f"code_{year}"]) for year in VINTAGES}
        named = [row[f"geo_name_{year}"].replace("\xa0", " ").strip() for year in VINTAGES[::-1]]
        named = [name for name in named if name]
        proper = next((name for name in named if name.upper() != name), None)
        for year, code in codes.items():
            if len(code) != LEVELS[row["typology"]] or code[2:] in ("Z", "ZZ"):
                continue  # no code, or the part of a country that is no place
            vintages[code].add(year)
            if code not in names or (proper and names[code].upper() == names[code]):
                names[code] = proper or (named[0] if named else "")
            successors[code] += [
                later for when, later in codes.items() if when > year and later != code
            ]
    empty = [code for code, name in names.items() if not name]
    if empty:
        raise ValueError(f"codes without a name: {empty}")
    return names, vintages, successors


def _eurostat_code(code: str) -> str:
    """Eurostat prints EL for Greece in every vintage; a part of a region is no code."""
    code = "" if "(" in code else code.strip()
    return "EL" + code[2:] if code.startswith("GR") else code


def _printed_points(folder: Path) -> dict[str, Place]:
    """The inner label point of each NUTS 2 region, the newest vintage first."""
    points: dict[str, Place] = {}
    for year in ("2021", "2016"):
        with (folder / f"nuts2_{year}_points.csv").open(encoding="utf-8") as f:
            for row in csv.DictReader(f):
                points.setdefault(row["nuts"], (float(row["px"]), float(row["py"])))
    return points


def _traced(code: str, known: dict[str, Place], successors: dict[str, list[str]]) -> Place:
    """The code's own point, else its successor's, else the middle of those that took it over."""
    if code in known:
        return known[code]
    for later in successors[code]:
        if later in known:
            return known[later]
    if code not in TAKEN_OVER_BY:
        raise ValueError(f"{code} has no point and no successor: add it to TAKEN_OVER_BY")
    return _middle([known[later] for later in TAKEN_OVER_BY[code]])


def _middle_of(
    code: str, points: dict[str, Place | None], vintages: dict[str, set[str]]
) -> Place | None:
    """Middle of the NUTS 2 points inside, in the newest vintage that has the code."""
    newest = max(vintages[code])
    inside = [
        point
        for other, point in points.items()
        if len(other) == 4
        and other.startswith(code)
        and newest in vintages[other]
        and point
        and (not other.startswith(OUTERMOST) or code.startswith(("ES7", "PT2", "PT3")))
    ]
    return _middle(inside) if inside else None


def _middle(places: Iterable[Place]) -> Place:
    """Mean of points on the sphere."""
    x = y = z = 0.0
    for place in places:
        longitude, latitude = radians(place[0]), radians(place[1])
        x += cos(latitude) * cos(longitude)
        y += cos(latitude) * sin(longitude)
        z += sin(latitude)
    return degrees(atan2(y, x)), degrees(atan2(z, hypot(x, y)))


def _readable(name: str, country: str) -> str:
    """Proper case and Latin letters: Greek and Cyrillic names are transliterated."""
    if name.upper() == name:
        name = re.sub(r"(?<=[ \-'’])(De|La|D)(?=[ \-'’])", lambda m: m[0].lower(), name.title())
    if all(unicodedata.name(letter, "").startswith("LATIN") for letter in name if letter.isalpha()):
        return name
    if "(" in name or "/" in name:  # a Latin form stands next to the Cyrillic one
        parts = name.replace("(", "/").replace(")", "").split("/")
        return next(part.strip() for part in parts if "LATIN" in unicodedata.name(part.strip()[0]))
    return " ".join(_latin_word(word, country) for word in name.split(" "))


def _latin_word(word: str, country: str) -> str:
    letters = "".join(
        letter if "CYRILLIC" in unicodedata.name(letter, "") else _without_accent(letter)
        for letter in word
    )
    text = letters.lower()
    if country in {"EL", "CY"}:
        for pair, latin in GREEK_PAIRS:
            text = text.replace(pair, latin)
    if text == "българия":
        return "Bulgaria"
    table = LATIN | SERBIAN if country in ("RS", "MK") else LATIN
    latin_text = "".join(table.get(letter, letter) for letter in text)
    capital = letters[:1].isupper()
    return latin_text[:1].upper() + latin_text[1:] if capital else latin_text


def _without_accent(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]
