"""Every table holds the release's figures, where they come from, and nothing a sheet would run."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from clusteratlas.atlas import Release
from clusteratlas.portal.export import safe_text
from clusteratlas.portal.workbook import Told, workbook_of

TABLES = {
    "map": "/map/table.csv?scheme=us-cbsa&cluster=23&year=2021",
    "regions": "/regions/us-cbsa.csv?year=2021",
    "region": "/regions/us-cbsa/41940/clusters.csv?year=2021",
    "industries": "/regions/us-cbsa/41940/clusters/23/industries.csv",
    "subclusters": "/regions/us-cbsa/41940/clusters/23/subclusters.csv",
    "no subclusters": "/regions/nuts-2/DE11/clusters/C29/subclusters.csv",
    "clusters": "/clusters/us-benchmark-2014.csv",
    "cluster": "/clusters/us-benchmark-2014/23/regions.csv",
    "provenance": "/methods/provenance.csv",
}


def read(client: Client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith(
        'attachment; filename="cluster-atlas-'
    )
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8"), newline="")))


@pytest.mark.parametrize("address", TABLES.values(), ids=TABLES.keys())
def test_every_row_names_its_source_and_release(
    portal: Client, sample_release: Release, address: str
) -> None:
    for row in read(portal, address):
        assert row["source"]
        assert row["release"] == sample_release.id
        assert None not in row


def test_a_region_has_the_figures_of_the_release(portal: Client, sample_release: Release) -> None:
    rows = read(portal, TABLES["region"])
    expected = sample_release.regional_clusters("us-cbsa", region="41940", year=2021)
    assert [row["cluster"] for row in rows] == [each.cluster for each in expected]
    for row, each in zip(rows, expected, strict=True):
        assert row["employment"] == ("" if each.employment is None else str(each.employment))
        quotient = each.location_quotient
        assert row["location_quotient"] == ("" if quotient is None else repr(quotient))
        assert row["strong"] == {None: "", True: "true", False: "false"}[each.strong]
        assert row["status"] == each.status
        assert row["source"] == "US Census Bureau, County Business Patterns 2021"


def test_a_withheld_figure_is_empty_and_says_so(unbound: Client) -> None:
    rows = read(unbound, "/regions/us-cbsa/19820/clusters.csv?year=2021")
    row = next(row for row in rows if row["status"] == "withheld")
    assert row["cluster"] == "4"
    for name in ("employment", "employment_high", "location_quotient", "strong"):
        assert row[name] == ""


def test_an_estimate_gives_its_interval_and_its_reported_share(portal: Client) -> None:
    rows = read(portal, "/regions/nuts-2/NL13/clusters.csv?year=2014")
    estimated = [row for row in rows if row["status"] == "estimated"]
    assert estimated
    for row in estimated:
        low, jobs, high = (int(row[f"employment{end}"]) for end in ("_low", "", "_high"))
        assert low <= jobs <= high
        assert 0 <= float(row["reported_share"]) <= 1 if jobs else row["reported_share"] == ""


def test_the_map_and_its_csv_hold_the_same_regions(portal: Client, sample_release: Release) -> None:
    rows = read(portal, TABLES["map"])
    expected = sample_release.regional_clusters("us-cbsa", cluster="23", year=2021)
    assert [row["region"] for row in rows] == [each.region for each in expected]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum(a1)", "\tx", "\rx"])
def test_a_text_that_a_sheet_would_run_is_quoted(text: str) -> None:
    assert safe_text(text) == f"'{text}"
    assert safe_text(f"a{text}") == f"a{text}"


def workbook(client: Client, address: str) -> Any:
    response = client.get(address.replace(".csv", ".xlsx"))
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].endswith('.xlsx"')
    return load_workbook(io.BytesIO(response.content))


@pytest.mark.parametrize("address", TABLES.values(), ids=TABLES.keys())
def test_a_workbook_holds_the_same_and_says_what_it_is(portal: Client, address: str) -> None:
    rows = read(portal, address)
    book = workbook(portal, address)
    assert book.sheetnames == ["Table", "About", "Dictionary"]
    lines = list(book["Table"].iter_rows(min_row=4, values_only=True))
    names, figures = lines[0], lines[1:]
    assert len(figures) == len(rows)
    about = dict(book["About"].iter_rows(values_only=True))
    assert about["Title"] == book["Table"]["A1"].value
    assert f"release={about['Release']}" in about["Address"]
    assert about["Address"] in about["How to cite"]
    assert about["Terms of reuse"]
    told = list(book["Dictionary"].iter_rows(min_row=2, values_only=True))
    assert tuple(each[0] for each in told) == names
    assert all(each[1] and each[3] for each in told), "a column without a meaning"
    described = json.loads(portal.get(address.replace(".csv", ".metadata.json")).content)
    assert list(described["columns"]) == list(names)
    assert described["citation"] == about["How to cite"]
    for row, line in zip(rows[:50], figures, strict=False):
        for name, value in zip(names, line, strict=True):
            if isinstance(value, bool):
                assert row[name] == str(value).lower()
            elif isinstance(value, int | float):
                assert float(row[name]) == pytest.approx(value)
            else:
                assert row[name] == ("" if value is None else value)


def test_a_workbook_is_the_same_bytes_and_runs_nothing(portal: Client) -> None:
    address = "/regions/us-cbsa/41940/clusters.xlsx?year=2021"
    first, again = (portal.get(f"{address}&definition={each}").content for each in ("", ""))
    assert first == again
    told = Told("=source", "2021", "https://x.example/", "r", "free", "cite")
    body = workbook_of("=1+1", [], [], told)
    assert body == workbook_of("=1+1", [], [], told)
    assert load_workbook(io.BytesIO(body))["Table"]["A1"].data_type == "s"


def test_a_csv_leads_to_its_dictionary(portal: Client) -> None:
    link = portal.get(TABLES["map"]).headers["Link"]
    address, relation = link.split(";", 1)
    assert "describedby" in relation
    assert portal.get(address.strip("<>")).status_code == 200
