"""Restate classifications, places and the benchmark clusters as compact tables of our own.

    python scripts/restate_reference.py REFERENCE US_ATLAS [OUTPUT]

REFERENCE is the folder of reference files (titles, crosswalks, NUTS changes, benchmark clusters);
US_ATLAS the npm package us-atlas, such as assets/node_modules/us-atlas; OUTPUT another folder than
the package's own. What is written, from which
publication and under which terms stands in src/clusteratlas/classification/data/README.md.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from former_codes import county_changes, former_industries, nuts_changes
from nuts_geography import restated_nuts
from us_geography import CountyShapes

OUTPUT = Path(__file__).parents[1] / "src/clusteratlas/classification/data"
VINTAGES = ("2007", "2012", "2017")
RANGES = {
    "31-33": "Manufacturing",
    "44-45": "Retail Trade",
    "48-49": "Transportation and Warehousing",
}
DISTRICT = "11001"
"""The District of Columbia, missing from the county figures at hand."""

MISPRINTS = {
    "Commerical and Retail Bakeries": "Commercial and Retail Bakeries",
    "Electric Power Distribition": "Electric Power Distribution",
}

FORMER_COUNTIES = (  # Census Bureau, substantial changes to counties
    ("02063", "02261", "2019", "Chugach; figures are added to the former Valdez-Cordova"),
    ("02066", "02261", "2019", "Copper River; figures are added to the former Valdez-Cordova"),
    ("02270", "02158", "2015", "Wade Hampton, renamed Kusilvak"),
    ("12025", "12086", "1997", "Dade, renamed Miami-Dade"),
    ("46113", "46102", "2015", "Shannon, renamed Oglala Lakota"),
    ("51515", "51019", "2013", "Bedford city, now part of Bedford County"),
    ("51560", "51005", "2001", "Clifton Forge city, now part of Alleghany County"),
    ("51780", "51083", "1995", "South Boston city, now part of Halifax County"),
)

COUNTY_HEADER = ["county", "name", "cbsa", "population", "longitude", "latitude"]
US_HEADER = ["scheme", "region", "name", "kind", "parent", "longitude", "latitude"]
US_HEADER += ["population", "coverage"]
FORMER_HEADER = ["county", "successor", "year", "note"]
CHANGES_HEADER = ["county", "name", "successors", "year", "note"]
INDUSTRIES_HEADER = ["industry", "title", "vintages", "successors"]
NUTS_HEADER = ["region", "name", "vintages", "longitude", "latitude"]
BENCHMARK_HEADER = ["industry", "cluster", "subcluster", "vintages"]
Rows = list[list[str]]


def main() -> None:
    """Write every table and say how large it is."""
    if len(sys.argv) not in (3, 4):
        raise SystemExit(__doc__)
    reference, atlas = Path(sys.argv[1]), Path(sys.argv[2])
    output = Path(sys.argv[3]) if len(sys.argv) == 4 else OUTPUT
    output.mkdir(parents=True, exist_ok=True)
    for name, header, rows in tables(reference, CountyShapes(atlas / "counties-10m.json")):
        write(output / name, header, rows)


def tables(reference: Path, shapes: CountyShapes) -> Iterator[tuple[str, list[str], Rows]]:
    """Each table's file name, header and rows."""
    yield "naics.csv", ["industry", "title", "vintages"], naics(reference)
    yield "nace.csv", ["industry", "title", "parent", "level", "covered"], nace(reference)
    crosswalk = [row for row in read(reference / "county_cbsa_crosswalk.csv.gz") if row["co_pop"]]
    crosswalk.sort(key=lambda row: row["stco_code"])
    yield "us_counties.csv", COUNTY_HEADER, us_counties(crosswalk, shapes)
    yield "us_regions.csv", US_HEADER, us_regions(crosswalk, shapes)
    yield "us_county_neighbours.csv", ["county", "neighbours"], us_neighbours(crosswalk, shapes)
    yield "us_former_counties.csv", FORMER_HEADER, [list(row) for row in FORMER_COUNTIES]
    yield "us_county_changes.csv", CHANGES_HEADER, county_changes()
    yield "naics_former.csv", INDUSTRIES_HEADER, former_industries(reference)
    yield "nuts_changes.csv", ["region", "other", "same"], nuts_changes(reference)
    areas = economic_areas(reference, crosswalk)
    yield "us_economic_areas.csv", ["area", "name", "counties"], areas
    yield "nuts.csv", NUTS_HEADER, restated_nuts(reference)
    names, industries = benchmark(reference)
    yield "us_benchmark_clusters.csv", ["cluster", "name"], names
    yield "us_benchmark_industries.csv", BENCHMARK_HEADER, industries


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file, packed or plain."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8", "replace"))))


def write(path: Path, header: list[str], rows: Rows) -> None:
    """Write a table as UTF-8 with plain line ends."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(rows):,} rows, {len(text.getvalue().encode()):,} bytes")


def naics(reference: Path) -> Rows:
    """Code, title and vintages of NAICS, from the total to six digits.

    The source splits specialty trades as the Bureau of Labor Statistics does (238111 residential,
    238112 other): these give way to the official 238110, which bears the title of 23811. A code of
    five digits without any of six is left over from an earlier vintage and is dropped (51222). Two
    classes that its later lists leave out are taken from 2007 (112130, 541120): they are official
    in all three vintages, which have 1,175, 1,065 and 1,057 classes.
    """
    oldest = {row["code"]: row["desc"] for row in read(reference / "titles_naics2007.csv.gz")}
    lasting = {code: oldest[code] for code in ("11213", "112130", "54112", "541120")}
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for vintage in VINTAGES:
        source = read(reference / f"titles_naics{vintage}.csv.gz")
        titles = lasting | {row["code"]: row["desc"] for row in source if "-" not in row["code"]}
        split = [code for code in titles if code.startswith("238") and code[5:] in ("1", "2")]
        titles |= {code[:5] + "0": titles[code[:5]] for code in split}
        classes = {code[:5] for code in titles if len(code) == 6}
        gone = {code for code in titles if len(code) == 5 and code not in classes}
        titles = {code: title for code, title in titles.items() if code not in {*split, *gone}}
        titles |= {"00": "Total for all sectors", **RANGES}
        titles |= {"9" * digits: "Industries not classified" for digits in range(2, 7)}
        for code, title in titles.items():
            found[code, " ".join(title.split())].add(vintage)
    return [
        [code, title, " ".join(sorted(years))] for (code, title), years in sorted(found.items())
    ]


def nace(reference: Path) -> Rows:
    """Sections and divisions of NACE Rev. 2, whose titles are those of ISIC Rev. 4.

    ``covered`` marks what Eurostat's structural business statistics hold up to 2020: sections B to
    J, L to N and division S95.
    """
    rows = [["B-N_S95", "Business economy except finance, with repair (B to J, L to N, S95)"]]
    rows[0] += ["", "0", "true"]
    section = ""
    for row in read(reference / "titles_isic4.csv.gz"):
        code, title = row["code"], " ".join(row["desc"].split())
        if len(code) == 1:
            section = code
            covered = section in "BCDEFGHIJLMN"
            rows.append([code, title, "B-N_S95" if covered else "", "1", str(covered).lower()])
        elif len(code) == 2:
            covered = section in "BCDEFGHIJLMN" or code == "95"
            rows.append([section + code, title, section, "2", str(covered).lower()])
    return sorted(rows, key=lambda row: (int(row[3]), row[0]))


def us_counties(crosswalk: list[dict[str, str]], shapes: CountyShapes) -> Rows:
    """Counties with their area; the name without the state, which the code's first digits give."""
    counties = []
    for row in crosswalk:
        longitude, latitude = shapes.point([row["stco_code"]])
        name = row["stco_name"].replace("Do\ufffda Ana", "Doña Ana").rsplit(", ", 1)[0]
        population = f"{float(row['co_pop']):.0f}"
        place = [f"{longitude:.3f}", f"{latitude:.3f}"]
        counties.append([row["stco_code"], name, row["cbsa_code"], population, *place])
    return counties


def us_neighbours(crosswalk: list[dict[str, str]], shapes: CountyShapes) -> Rows:
    """Counties that share a border, each pair under the smaller code."""
    pairs = shapes.neighbours(row["stco_code"] for row in crosswalk)
    return sorted([county, " ".join(others)] for county, others in pairs.items())


def us_regions(crosswalk: list[dict[str, str]], shapes: CountyShapes) -> Rows:
    """Nation, states, CBSAs, rests of states, and the parts of CBSAs within one state."""
    members: dict[tuple[str, str, str, str, str], list[dict[str, str]]] = defaultdict(list)
    states_of: dict[str, set[str]] = defaultdict(set)
    for row in crosswalk:
        states_of[row["cbsa_code"]].add(row["st_code"])
    for row in crosswalk:
        state, state_name, area = row["st_code"], row["st_name"], row["cbsa_code"]
        members["us-nation", "US", "United States", "nation", ""].append(row)
        members["us-state", state, state_name, "state", "US"].append(row)
        if area:
            kind = f"{row['cbsa_type']} area"
            members["us-cbsa", area, row["cbsa_name"], kind, "US"].append(row)
            name = row["cbsa_name"]
            if len(states_of[area]) > 1:
                name += f" ({state_name} part)"
            members["us-part", f"{area}-{state}", name, "part", state].append(row)
        else:
            name, code = f"Rest of {state_name}", f"{state}-rest"
            members["us-rest-of-state", code, name, "rest of state", state].append(row)
            members["us-part", code, name, "rest of state", state].append(row)
    return [[*labels, *_measured(inside, shapes)] for labels, inside in sorted(members.items())]


def _measured(inside: list[dict[str, str]], shapes: CountyShapes) -> list[str]:
    """Point, population and the share of it that lies outside the District of Columbia."""
    longitude, latitude = shapes.point([row["stco_code"] for row in inside])
    total = sum(float(row["co_pop"]) for row in inside)
    covered = sum(float(row["co_pop"]) for row in inside if row["stco_code"] != DISTRICT)
    return [f"{longitude:.3f}", f"{latitude:.3f}", f"{total:.0f}", f"{covered / total:.6g}"]


def economic_areas(reference: Path, crosswalk: list[dict[str, str]]) -> Rows:
    """The 179 economic areas of 2004 with the counties of today's delineation.

    A county that got its code later lies where its predecessor did; all of Alaska is one area.
    """
    listed = read(reference / "bea_economic_areas_counties.csv")
    lying_in = {row["FIPS"]: row["EA"] for row in listed}
    names = {row["EA"]: " ".join(row["EA Name"].split()) for row in listed}
    for former, successor, *_ in FORMER_COUNTIES:
        if former in lying_in:
            lying_in.setdefault(successor, lying_in[former])
    (alaska,) = {area for county, area in lying_in.items() if county.startswith("02")}
    counties: dict[str, list[str]] = defaultdict(list)
    for row in crosswalk:
        county = row["stco_code"]
        area = alaska if county.startswith("02") else lying_in[county]
        counties[area].append(county)
    return [
        [area, names[area], " ".join(sorted(inside))] for area, inside in sorted(counties.items())
    ]


def benchmark(reference: Path) -> tuple[Rows, Rows]:
    """The published assignment of industries to 51 traded and 16 local clusters.

    Subclusters are known for NAICS 2017 and for the codes it shares with 2012. A 2007 code bears
    one only where the official concordance links it to the same 2017 code and to nothing else.
    """
    names: dict[str, str] = {}
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    listed = read(reference / "benchmark_subclusters_naics_2012_2017.csv")
    later = {row["naics"]: row for row in listed}
    unchanged = unchanged_since_2007(reference)
    for row in read(reference / "benchmark_clusters_naics_1997_2012.csv"):
        if row["vintage"] not in VINTAGES:
            continue
        names.setdefault(row["cluster_code"], row["cluster"])
        same = later.get(row["naics"])
        if same and same["cluster_code"] != row["cluster_code"]:
            raise ValueError(f"{row['naics']} is in two clusters")
        known = same and (row["vintage"] == "2012" or row["naics"] in unchanged)
        subcluster = same["subcluster"] if same and known else ""
        found[row["naics"], row["cluster_code"], subcluster].add(row["vintage"])
    for row in listed:
        found[row["naics"], row["cluster_code"], row["subcluster"]].add("2017")
    industries = [
        [code, cluster, MISPRINTS.get(subcluster, subcluster), " ".join(sorted(years))]
        for (code, cluster, subcluster), years in sorted(found.items())
    ]
    return sorted(
        ([code, name] for code, name in names.items()), key=lambda row: int(row[0])
    ), industries


def unchanged_since_2007(reference: Path) -> set[str]:
    """Codes that the concordance 2017 - 2007 links to themselves and to nothing else."""
    forward: dict[str, set[str]] = defaultdict(set)
    back: dict[str, set[str]] = defaultdict(set)
    for row in read(reference / "concordance_naics2017_naics2007.csv.gz"):
        new, old = row["NAICS2017_6d"], row["NAICS2007_6d"]
        forward[old].add(new)
        back[new].add(old)
    return {old for old, new in forward.items() if new == {old} and back[old] == {old}}


if __name__ == "__main__":
    main()
