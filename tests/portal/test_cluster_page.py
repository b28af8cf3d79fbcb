"""The page of a cluster: rankings, parts, gains, a region looked at, places below counties."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.sources.local_files import write_crosswalk, write_detail

from clusteratlas.atlas import Dataset, build, read_local
from clusteratlas.sources import read_county_business_patterns

PAGE = "/clusters/us-benchmark-2014/23/"
COUNTIES = """\
fipstate,fipscty,naics,emp_nf,emp,qp1_nf,qp1,ap_nf,ap,est
06,085,334413,G,12000,G,500000,G,2100000,120
06,085,541511,G,800,G,9000,G,90000,40
26,163,334413,G,3000,G,90000,G,400000,30
"""


def text(portal: Client, address: str, status: int = 200) -> str:
    answer = portal.get(address)
    assert answer.status_code == status, answer.content[:400]
    return answer.content.decode()


def test_each_ranking_has_its_address_and_its_leader(portal: Client) -> None:
    found = {
        top: text(portal, f"{PAGE}?top={top}")
        for top in ("strength", "jobs", "share", "growth", "wage")
    }
    for top, page in found.items():
        assert f'top={top}#strongest" aria-current="true"' in page or top == "strength"
        assert 'id="top-chart"' in page
    chart = found["jobs"].split('id="top-chart"')[1].split("</ol>")[0]
    first = chart.split('class="traded"')[1]
    assert "New York" in first or "San" in first or "Seattle" in first
    assert "for each job that the office prints" in found["wage"]
    assert "Only regions with 500 and more" in found["growth"]


def test_parts_gains_concentration_and_time_are_told(portal: Client) -> None:
    page = text(portal, PAGE)
    assert 'href="#part-semiconductors"' in page
    assert 'id="part-semiconductors"' in page
    assert "In five regions" in page
    assert "Locational Gini" in page
    assert 'id="gained-chart"' in page
    assert "Regions that gained more than at that rate" in page
    assert 'id="share-scatter"' in page
    assert 'id="timeline"' in page
    first_year = text(portal, f"{PAGE}?year=2018")
    assert 'id="gained-chart"' not in first_year, "nothing is earlier than the first year"


def test_a_region_is_looked_at_and_an_unknown_one_refused(portal: Client) -> None:
    page = text(portal, f"{PAGE}?region=41940&order=employment")
    assert "is-selected" in page
    assert "how strong San Jose" in page
    assert "strong there" in page
    assert 'name="order" value="employment"' in page
    assert "us-cbsa" in text(portal, f"{PAGE}?region=99999", 404)
    for query in ("top=best", "order=best", "indicator=gdp"):
        refused = text(portal, f"{PAGE}?{query}", 400)
        assert "use one of" in refused or "indicator" in refused


@pytest.mark.parametrize(
    "address", ["/clusters/us-benchmark-2014/101/", "/clusters/nace-divisions/C29/"]
)
def test_local_clusters_and_divisions_have_the_same_page(portal: Client, address: str) -> None:
    page = text(portal, f"{address}?top=jobs")
    assert 'id="top-chart"' in page
    assert "None" not in page.split("<main")[1].split("</main>")[0].replace("None of", "")


def test_places_below_the_county_are_shown_in_their_region(
    tmp_path: Path, settings: Settings
) -> None:
    figures = tmp_path / "cbp21co.txt"
    figures.write_text(COUNTIES)
    local = read_local(
        [write_detail(tmp_path / "zbp22detail.txt")], write_crosswalk(tmp_path / "where.csv")
    )
    dataset = Dataset.of([read_county_business_patterns(figures)])
    build([dataset], tmp_path / "atlas", local=local).close()
    settings.ATLAS_PLACE = tmp_path / "atlas"
    client = Client()
    page = text(client, "/regions/us-cbsa/41940/clusters/23/")
    assert "ZIP codes that print" in page
    assert "2 of 3" in page
    assert "at least 50 establishments" in page
    assert 'class="local-point"' in page
    assert "Detroit" not in page.split('id="local-heading"')[1]
    assert "Detroit" in text(client, PAGE).split('id="local-heading"')[1]
    asked = client.get(
        "/api/v1/clusters/us-benchmark-2014/23/places?scheme=us-cbsa&region=41940"
    ).json()
    assert asked["rows"][0]["place"] == "95054"
    assert asked["establishments"] == sum(each["establishments"] or 0 for each in asked["rows"])
    assert asked["year"]
    assert asked["source"]
    rows = text(client, "/clusters/us-benchmark-2014/23/local.csv?scheme=us-cbsa&region=41940")
    assert rows.splitlines()[1].startswith("95054,Santa Clara,us-county,06085")
    assert "48201" not in rows
    text(client, "/clusters/us-benchmark-2014/23/local.csv?scheme=us-cbsa&region=1", 404)


def test_all_clusters_have_wages_gains_and_shares(portal: Client) -> None:
    page = text(portal, "/detail/clusters/us-benchmark-2014/")
    assert 'id="clusters-scatter"' in page
    assert "Change of share" in page
    assert 'href="/clusters/us-benchmark-2014/23/' in page
    assert "/detail/clusters/us-benchmark-2014/" in text(portal, "/clusters/us-benchmark-2014/")
    text(portal, "/detail/clusters/nothing/", 404)
    assert 'id="clusters-detail"' in text(portal, "/detail/clusters/nace-divisions/?year=2011")


def test_standings_occupations_and_places_by_api(portal: Client) -> None:
    at = "/api/v1/clusters/us-benchmark-2014/23"
    said = portal.get(f"{at}/standings?scheme=us-cbsa&year=2021").json()
    assert said["year"] == 2021
    assert said["source"]
    first = next(each for each in said["standings"] if each["region"] == "41940")
    assert first["wage"] > 50_000
    assert abs(first["expected"] + first["beyond"] - first["change"]) < 1
    known = [each["share_of_nation"] or 0 for each in said["standings"]]
    assert 0.9 < sum(known) <= 1.001
    assert portal.get(f"{at}/standings?scheme=nuts-2").status_code in (400, 404)
    for name, rows in (("occupations", "occupations"), ("places", "rows")):
        answer = portal.get(f"{at}/{name}").json()
        assert answer[rows] == []
        assert answer["missing"]
    assert portal.get(f"{at}/places?region=41940").status_code in (400, 404)
    assert portal.get("/api/v1/clusters/us-benchmark-2014/999/places").status_code == 404
