"""The map explorer: what, when and how can be chosen, and what makes no sense is refused."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import re
import shutil
from html import unescape
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings
from tests.conftest import build_counties

from clusteratlas.atlas import Release, open_release
from clusteratlas.atlas.mapped_records import Subject
from clusteratlas.portal import figures
from clusteratlas.portal.pages.measures_shown import MEASURES, measures_of
from clusteratlas.tables import INDICATORS

IT = "scheme=us-state&cluster=23"
WORDS = re.compile(r"<[^>]+>")


def read(client: Client, query: str, status: int = 200) -> str:
    answer = client.get(f"/map/?{query}")
    assert answer.status_code == status, f"{query}: {answer.status_code}"
    return answer.content.decode()


def words(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", WORDS.sub(" ", html)))


def legend(html: str) -> list[int]:
    """The number of regions in each class."""
    part = html[html.index("<figcaption") : html.index("</figcaption>")]
    counts = re.findall(r'class="count">([\d,]+)<', part)
    return [int(each.replace(",", "")) for each in counts]


def table(client: Client, query: str) -> list[dict[str, str]]:
    text = client.get(f"/map/table.csv?{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("kind", ["cluster", "subcluster", "industry", "all"])
def test_every_figure_of_every_subject_is_mapped_counted_and_listed(
    portal: Client, sample_release: Release, kind: str
) -> None:
    subject = {
        "cluster": "cluster=23",
        "subcluster": "cluster=23&subcluster=Semiconductors",
        "industry": "industry=334413",
        "all": "cluster=all",
    }[kind]
    for measure in measures_of(kind):
        text = read(portal, f"scheme=us-state&{subject}&measure={measure.name}")
        asked = Subject(kind, {"subcluster": "Semiconductors"}.get(kind, "334413"), "", "23")
        rows = {
            "cluster": sample_release.regional_clusters("us-state", cluster="23"),
            "all": sample_release.region_profiles("us-state"),
        }.get(kind) or sample_release.parts("us-state", asked, 2021)
        known = sum(measure.value(row) is not None for row in rows)
        assert sum(legend(text)) == known, measure.name
        assert text.count('<th scope="row"') == len(rows), measure.name


def test_an_industry_has_the_figures_of_the_subcluster_that_is_nothing_else(
    sample_release: Release,
) -> None:
    name = "Wholesale Trade Agents and Brokers"
    parts = {
        kind: sample_release.parts("us-cbsa", Subject(kind, code, name, cluster), 2021)
        for kind, code, cluster in (
            ("industry", "213111", "35"),
            ("subcluster", "Drilling Wells", "35"),
        )
    }
    assert len(parts["industry"]) > 100
    for one, other in zip(parts["industry"], parts["subcluster"], strict=True):
        for column in ("region", "employment", "share_of_nation", "payroll_per_job", "rank"):
            assert getattr(one, column) == getattr(other, column)
        assert one.location_quotient == pytest.approx(other.location_quotient)
        assert one.employment_growth == other.employment_growth


def test_an_industry_that_is_a_group_has_the_figures_of_the_group(sample_release: Release) -> None:
    groups = {
        each.region: each
        for each in sample_release.regional_clusters("nuts-2", cluster="C29", year=2014)
    }
    parts = sample_release.parts("nuts-2", Subject("industry", "C29", "", "C29"), 2014)
    for part in parts:
        group = groups[part.region]
        assert part.location_quotient == pytest.approx(group.location_quotient)
        assert part.employment_growth == pytest.approx(group.employment_growth)
        assert (part.rank, part.employment) == (group.rank, group.employment)


def test_payroll_per_job_is_over_the_jobs_that_are_printed_with_it(
    portal: Client, sample_release: Release
) -> None:
    rows = table(portal, f"{IT}&measure=payroll_per_job")
    row = next(each for each in rows if each["region"] == "06")
    one = sample_release.regional_cluster("us-state", "06", "23")
    expected = (one.payroll or 0) * 1000 / ((one.employment or 1) * (one.reported_share or 1))
    assert float(row["value"]) == pytest.approx(expected)
    assert "USD a year" in row["unit"]
    little = [each for each in rows if each["value"] == ""]
    shares = {
        each.region: each.reported_share
        for each in sample_release.regional_clusters("us-state", cluster="23")
    }
    assert all((shares[each["region"]] or 0) < 0.5 for each in little)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("difference", lambda old, new: new - old),
        ("yearly", lambda old, new: (new / old) ** (1 / 3) - 1),
    ],
)
def test_a_change_is_between_the_two_years_of_the_address(
    portal: Client, sample_release: Release, kind: str, expected: object
) -> None:
    query = f"{IT}&measure=employment&from=2018&year=2021&change={kind}&show=change"
    text = read(portal, query)
    rows = {each["region"]: each for each in table(portal, query)}
    old, new = (
        sample_release.regional_cluster("us-state", "06", "23", year=year).employment
        for year in (2018, 2021)
    )
    assert float(rows["06"]["change"]) == pytest.approx(expected(old, new))  # type: ignore[operator]
    assert (rows["06"]["from_year"], rows["06"]["year"]) == ("2018", "2021")
    assert "scale-div" in text
    assert sum(legend(text)) == sum(each["change"] != "" for each in rows.values())
    changes = [
        each.employment_change
        for each in sample_release.regional_clusters("us-state", cluster="23", year=2021)
    ]
    if kind == "difference":
        mine = sorted(float(each["change"]) for each in rows.values() if each["change"])
        assert mine == sorted(float(each) for each in changes if each is not None)


def test_level_and_change_together_have_nine_classes_with_words(portal: Client) -> None:
    text = read(portal, f"{IT}&measure=employment&show=both")
    square = text[text.index('<table class="square">') :]
    square = square[: square.index("</table>")]
    counts = legend(text)
    assert len(counts) == 9
    known = sum(
        each["change"] != "" and each["value"] != ""
        for each in table(portal, f"{IT}&measure=employment&show=both")
    )
    assert sum(counts) == known
    for level in range(3):
        for change in range(3):
            drawn = text.count(f'<path class="b{level}{change}"')
            held = re.search(rf'class="b{level}{change}"[^>]*><span class="count">(\d+)', square)
            assert held is not None
            assert int(held[1]) == drawn
    assert "high and growing" in square
    assert "falling" in words(square)


def test_classes_are_made_as_asked(portal: Client) -> None:
    equal = legend(read(portal, f"{IT}&measure=share_of_region&classes=quantile&number=4"))
    assert len(equal) == 4
    assert max(equal) - min(equal) <= 6
    natural = legend(read(portal, f"{IT}&measure=employment&classes=natural&number=7"))
    assert len(natural) == 7
    assert natural[0] > natural[-1]
    text = read(portal, f"{IT}&measure=share_of_region&breaks=0.5,1,2")
    rows = [float(each["share_of_region"]) for each in table(portal, IT) if each["share_of_region"]]
    ends = [0, 0.005, 0.01, 0.02, 1]
    expected = [sum(low <= row < high for row in rows) for low, high in itertools.pairwise(ends)]
    assert legend(text) == expected
    assert 'value="0.5, 1, 2"' in text


def test_colours_mean_the_same_in_every_year(portal: Client) -> None:
    labels = [
        re.findall(
            r'<span class="swatch q\d"></span>([^<]+)<',
            read(portal, f"{IT}&measure=employment&classes={way}&year={year}"),
        )
        for way in ("house", "natural")
        for year in (2018, 2021)
    ]
    assert labels[0] == labels[1]
    assert labels[2] == labels[3]
    assert labels[0] != labels[2]


def test_a_pinned_region_is_outlined_and_stands_beside_the_nation(
    portal: Client, sample_release: Release
) -> None:
    for typed in ("06", "california"):
        text = read(portal, f"{IT}&measure=employment&pin={typed}")
        assert text.count("is-selected") == 1
        assert re.search(r'is-selected"[^>]*data-region="06"', text)
        panel = words(text[text.index('class="pinned"') : text.index("</figcaption>")])
        here = sample_release.regional_cluster("us-state", "06", "23")
        nation = sample_release.regional_cluster("us-nation", "US", "23")
        assert figures.whole(here.employment) in panel
        assert figures.whole(nation.employment) in panel
    assert "pin=06" in text
    europe = read(portal, "scheme=nuts-2&cluster=C29&measure=employment&pin=DE11")
    total = sum(
        each.employment or 0 for each in sample_release.regional_clusters("nuts-0", cluster="C29")
    )
    assert figures.whole(total) in words(europe)


def test_what_is_typed_finds_its_industry_or_subcluster(portal: Client) -> None:
    title = "Semiconductor and Related Device Manufacturing (334413)"
    for typed in ("334413", "334413 whatever", title, "semiconductor and related device"):
        text = portal.get("/map/", {"scheme": "us-state", "part": typed}).content.decode()
        assert f"<h1>{title}</h1>" in text
        assert 'data-here="/map/?scheme=us-state&amp;cluster=23&amp;industry=334413' in text
    text = read(portal, "part=SEMICONDUCTORS&cluster=23")
    assert "<h1>Semiconductors</h1>" in text
    # the part goes when another cluster is chosen in the form
    text = read(portal, "part=334413&cluster=4&of=23")
    assert "<h1>Automotive</h1>" in text
    coarse = read(portal, "scheme=us-state&industry=3344")
    assert "<h1>Semiconductor" in coarse


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("subcluster=Semiconductors&industry=334413", 400, "a map shows one thing"),
        ("industry=123123", 404, "no one subcluster or industry"),
        ("part=semiconducter+and+related", 404, "did you mean"),
        ("subcluster=Nothing", 404, "no one subcluster or industry"),
        ("indicator=unknown", 404, "holds no other figures"),
        ("measure=indicator:unknown", 404, "holds no other figures"),
        ("measure=beauty", 404, "measure: there is none"),
        ("show=change&from=2021&year=2018", 400, "must lie before"),
        ("show=change&from=2021&year=2021", 400, "must lie before"),
        ("show=change&year=2018", 400, "no earlier year"),
        ("from=1999", 404, "first year of the change"),
        ("show=sideways", 400, "use one of level, change, both"),
        ("number=10000", 400, "three to seven"),
        ("number=-1", 400, "three to seven"),
        ("number=%F0%9D%9F%97", 400, "three to seven"),
        ("breaks=1,3,2", 400, "must ascend"),
        ("breaks=1,1,2", 400, "must ascend"),
        ("breaks=a,b,c", 400, "numbers with commas"),
        ("breaks=1,nan,3", 400, "numbers with commas"),
        ("breaks=1,2,1e999", 400, "numbers with commas"),
        ("breaks=" + ",".join(map(str, range(500))), 400, "numbers with commas|two to six"),
        ("classes=guess", 400, "use one of"),
        ("pin=99999", 404, "no one region"),
        ("pin=San+Jos", 200, "San Jose"),
        ("pin=Springfield", 404, "did you mean"),
        ("page=-1", 400, "counted from 1"),
        ("page=0", 400, "counted from 1"),
        ("change=sometimes&show=change", 400, "use one of"),
        ("order=; drop table", 400, "use one of"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_hint(
    portal: Client, query: str, status: int, told: str
) -> None:
    assert re.search(told, words(read(portal, query, status)), re.IGNORECASE)


def test_what_is_typed_is_never_markup(portal: Client) -> None:
    hostile = "<script>alert(1)</script>\"'><svg onload=x>"
    names = ("part", "industry", "subcluster", "indicator", "pin", "breaks", "number", "from")
    for name in (*names, "show", "change", "classes", "measure", "of", "page", "cluster"):
        page = portal.get("/map/", {name: hostile}).content.decode()
        assert "<script>alert" not in page
        assert "<svg onload" not in page


@pytest.fixture
def with_patents(sample_place: Path, tmp_path: Path, settings: Settings) -> Client:
    """A portal on the sample with one other figure of the states, in two years of its own."""
    place = tmp_path / "place"
    shutil.copytree(sample_place, place, symlinks=True)
    release = open_release(place)
    states = [each.region for each in release.regions("us-state")]
    release.close()
    rows = [
        (
            "us-state",
            state,
            "patents",
            year,
            "own",
            "Patents",
            None if state == "06" else float((year - 2010) * number),
            "patents per 1,000 workers",
            "withheld" if state == "06" else "reported",
        )
        for year in (2015, 2019)
        for number, state in enumerate(states)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    table = pa.table(columns, schema=INDICATORS.schema)
    pq.write_table(table, place / "current" / "indicators.parquet")
    settings.ATLAS_PLACE = place
    return Client()


def test_every_other_figure_of_regions_can_be_mapped(with_patents: Client) -> None:
    text = read(with_patents, "scheme=us-state&measure=indicator:patents")
    assert "Patents: patents per 1,000 workers, 2019" in words(text)
    assert "withheld (1)" in text
    assert sum(legend(text)) == 50
    assert '<option value="indicator:patents" selected>' in text
    rows = table(with_patents, "scheme=us-state&indicator=patents&show=change&change=yearly")
    found = {each["region"]: each for each in rows}
    last = found["56"]
    assert float(last["change"]) == pytest.approx(
        (float(last["value"]) - float(last["from_value"])) / 4
    )
    assert found["06"]["change"] == ""
    assert "Patents" in read(with_patents, "scheme=us-state&indicator=patents&show=both&pin=56")
    near = words(read(with_patents, "scheme=us-state&indicator=patent", 404))
    assert "did you mean one of these: patents" in near
    # another cluster chosen in the form brings its own figures
    text = read(with_patents, "scheme=us-state&cluster=4&of=all&measure=indicator:patents")
    assert "<h1>Automotive</h1>" in text


@pytest.fixture(params=["some", pytest.param("all", marks=pytest.mark.proof)])
def counties(request: pytest.FixtureRequest, county_place: Path, tmp_path: Path) -> Path:
    """All counties with some industries, and in the long proofs with all of them."""
    if request.param == "all":
        build_counties(tmp_path / "atlas", ".")
        return tmp_path / "atlas"
    return county_place


def test_a_map_of_all_counties_stays_light(counties: Path, settings: Settings) -> None:
    settings.ATLAS_PLACE = counties
    client = Client()
    address = "/map/?scheme=us-county&cluster=23&pin=06085"
    packed = client.get(address, headers={"accept-encoding": "gzip"})
    # styles, scripts and fonts of the first view weigh some 110 kB beside it
    assert len(packed.content) < 300_000
    text = gzip.decompress(packed.content).decode()
    shapes = re.findall(r'<path class="region[^>]*data-region="(\d{5})"', text)
    assert len(shapes) == len(set(shapes)) > 3_100
    assert text.count('<th scope="row"><a') == 1_000
    cards = client.get("/map/cards.json?scheme=us-county&cluster=23").json()
    assert set(cards) == set(shapes)
    second = client.get(f"{address}&page=4").content.decode()
    assert 0 < second.count('<th scope="row"><a') < 1_000


def test_a_figure_that_the_subject_lacks_gives_way_with_a_note(portal: Client) -> None:
    said = words(read(portal, "scheme=us-state&cluster=all&measure=location_quotient"))
    assert "there is no figure \u201cQuotient\u201d; this is \u201cJobs\u201d" in said
    said = words(read(portal, "scheme=us-state&measure=strong&show=change"))
    assert "There is no change of" in said


def test_every_scheme_with_a_ground_is_a_level_and_the_nation_is_one_shape(portal: Client) -> None:
    text = read(portal, "scheme=us-nation&measure=employment")
    assert re.findall(r'data-region="([^"]+)"', text) == ["US"]
    for scheme in ("us-state", "us-cbsa", "us-rest-of-state", "nuts-0", "nuts-2"):
        assert f"/map/?scheme={scheme}" in text


def test_the_words_of_the_cards_are_the_figures_of_the_map(
    portal: Client, sample_release: Release
) -> None:
    cards = portal.get(f"/map/cards.json?{IT}&measure=employment").json()
    row = sample_release.regional_cluster("us-state", "06", "23")
    name, said, detail, _status, href = cards["06"]
    assert name == "California"
    assert said == f"{figures.whole(row.employment)} jobs"
    assert f"rank {row.rank}" in detail
    assert href == "/regions/us-state/06/clusters/23/?year=2021"
    assert len(cards) == len(sample_release.regions("us-state"))


def test_the_scripts_of_a_map_speak_the_language_of_the_page(portal: Client) -> None:
    text = portal.get(f"/map/?{IT}").content.decode()
    found = re.search(r'data-words="([^"]+)"', text)
    assert found is not None
    assert json.loads(unescape(found[1]))["pin"] == "Pin"


def test_no_two_figures_have_one_name() -> None:
    with translation.override("en"):
        labels = [each.label for each in MEASURES]
    assert len(set(labels)) == len(labels)
