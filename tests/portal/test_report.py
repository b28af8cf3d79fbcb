"""The printed report of a region: a whole PDF, the same each time, in the asked language."""

from __future__ import annotations

import pytest
from django.test import Client

from clusteratlas.portal import typeset

ADDRESS = "/regions/us-cbsa/41940/report.pdf?year=2021"


def test_a_report_is_a_pdf_and_the_same_each_time(
    portal: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = portal.get(ADDRESS)
    assert first.status_code == 200
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-")
    assert 'filename="cluster-atlas-41940-2021.pdf"' in first.headers["Content-Disposition"]
    assert portal.get(f"{ADDRESS}&definition=").content != b""
    said = []
    real = typeset.typst.compile
    monkeypatch.setattr(
        typeset.typst, "compile", lambda *given, **more: said.append(more) or real(*given, **more)
    )
    again = portal.get(f"{ADDRESS}&again=1")
    assert again.content == first.content
    data = said[0]["sys_inputs"]["data"]
    for word in ("San Jose-Sunnyvale", "County Business Patterns 2021", "release=", "4.9"):
        assert word in data
    portal.get("/de" + ADDRESS)
    assert "95.290" in said[1]["sys_inputs"]["data"]


@pytest.mark.parametrize(
    "region",
    ["nuts-2/DE11", "us-nation/US", "us-cbsa/49820", "nuts-0/DE", "us-rest-of-state/06-rest"],
)
def test_every_kind_of_region_has_one(portal: Client, region: str) -> None:
    assert portal.get(f"/regions/{region}/report.pdf").content.startswith(b"%PDF-")


def test_a_withheld_region_has_one(unbound: Client) -> None:
    assert unbound.get("/regions/us-cbsa/19820/report.pdf").content.startswith(b"%PDF-")


@pytest.mark.parametrize("region", ["99999", "..%2f..%2fetc", '%23read("x")'])
def test_no_report_of_what_is_not_there(portal: Client, region: str) -> None:
    assert portal.get(f"/regions/us-cbsa/{region}/report.pdf").status_code == 404
