"""A funder goes from applicants to a funded portfolio and to a refused effect."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from pyarrow import csv

from clusteratlas.programmes.demonstration import fictional_panel

from .conftest import NUMBERS, Enter, Guard

BOOST = "/programmes/imaginary-cluster-boost/"


def test_an_applicant_takes_back_changes_and_hands_in(
    enter: Enter,
    registry_site: str,
) -> None:
    number = NUMBERS[registry_site]["application"]
    page = enter("textile@example.org", f"/applications/{number}/")
    expect(page.get_by_text("Nearly ready: it lacks a strategic plan.")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("The application is taken back.")).to_be_visible()
    row = page.get_by_role("group", name=re.compile("^Piece 1$"))
    row.get_by_label("Day").fill("2026-02-01")
    page.get_by_role("button", name="Keep it and hand it in").click()
    expect(page.get_by_text("The application is handed in.")).to_be_visible()
    expect(page.get_by_text("Ready: every criterion is met.")).to_be_visible()


def test_a_funder_goes_from_applicants_to_a_funded_portfolio(
    enter: Enter,
    guard: Guard,
) -> None:
    page = enter("editor", f"{BOOST}manage/")
    page.get_by_role("link", name="Look at the applicants").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Applicants")
    table = page.get_by_role("table", name="Applicants")
    for verdict in ("ready", "not ready", "cannot be told"):
        expect(table.get_by_role("cell", name=verdict, exact=True).first).to_be_visible()

    page.get_by_role("link", name="Choose whom to fund").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Whom to fund")
    page.get_by_label("Budget").fill("5000000")
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_label("Fund at most").fill("4")
    page.get_by_text("Thresholds and weights").click()
    page.get_by_label("weight Staff").fill("2")
    page.get_by_role("button", name="Choose", exact=True).click()
    expect(page.get_by_text("of 5,000,000 EUR.")).to_be_visible()
    assert "budget=5000000" in page.url
    assert "w-staff=2" in page.url
    again = page.url
    chosen = page.locator("tr.chosen th a").all_inner_texts()
    assert len(chosen) == 4
    expect(page.get_by_role("heading", name="Who flips")).to_be_visible()
    dots = page.locator("#scores li .dot.reported")
    assert dots.count() == 4, "as many full dots as are chosen"

    own = "Imaginary Lakes Medical Device Alliance"
    funded = [name for name in chosen if name != own]
    for number, name in enumerate(chosen):
        page.goto(f"{BOOST}applicants/")
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        if name == own:
            expect(
                page.get_by_text("Somebody else who runs the programme decides.")
            ).to_be_visible()
            continue
        page.get_by_label("fund", exact=True).check()
        if not number:
            guard.expect_refusal(422, f"{urlsplit(page.url).path}decide/")
            page.get_by_role("button", name="Decide").click()
            expect(page.get_by_role("alert")).to_contain_text("Reason")
        page.get_by_label("Reason").fill("Ready, and within the money there is.")
        page.get_by_role("button", name="Decide").click()
        expect(page.get_by_text("The decision is kept.")).to_be_visible()
    page.goto(again)
    assert not {*funded} & {*page.locator("#scores li a").all_inner_texts()}

    visitor = enter("", BOOST)
    for name in funded:
        expect(visitor.get_by_text(name, exact=True).first).to_be_visible()
    assert "within the money" not in visitor.content()
    refused = enter("", f"{BOOST}applicants/")
    assert "/sign-in/" in refused.url


@pytest.mark.parametrize("scheme", ["us-cbsa", "nuts-2"])
def test_where_to_fund_next_is_filtered_in_its_address(
    enter: Enter,
    registry_site: str,
    scheme: str,
) -> None:
    page = enter("", f"/programmes/where-to-fund/?scheme={scheme}")
    page.get_by_label("What is missing").select_option("no_organisation")
    page.get_by_role("button", name="Show").click()
    assert "gap=no_organisation" in page.url
    rows = page.get_by_role("table", name="Strong, and organised by nobody").get_by_role("row")
    assert rows.count() > 10


def test_a_funder_asks_for_an_effect_and_is_refused_one(
    enter: Enter, guard: Guard, tmp_path: Path
) -> None:
    panel, support = fictional_panel()
    for name, table in (("firms", panel), ("supported", support)):
        csv.write_csv(table, tmp_path / f"{name}.csv")
    page = enter("editor", f"{BOOST}manage/")
    page.get_by_role("link", name="Find out what it changed").click()
    page.get_by_role("link", name="New study").click()
    page.get_by_label("Panel").set_input_files(tmp_path / "firms.csv")
    page.get_by_label("List of the supported").set_input_files(tmp_path / "supported.csv")
    page.get_by_role("button", name="Send the files").click()

    expect(page.get_by_label("Column of the units")).to_have_value("unit")
    page.get_by_label("Title of the study").fill("Exports, asked again")
    page.get_by_label("Whom the supported are compared with").select_option("matched")
    for column in ("log_size", "age"):
        page.get_by_label(column, exact=True).check()
    page.get_by_label("Source of the figures").fill("Firms that never were")
    first = page.get_by_role("group", name="Outcome 1")
    first.get_by_label("Column (optional)").select_option("exports")
    first.get_by_label("Unit, or currency").fill("euros")
    first.get_by_label("Compared as").select_option("log")
    first.get_by_label("It is money").check()
    page.get_by_label("Currency of the cost").fill("EUR")
    guard.expect_refusal(422, urlsplit(page.url).path)
    page.get_by_role("button", name="Check the design and estimate").click()
    expect(page.get_by_role("alert")).to_contain_text("three letters of the currency")
    first.get_by_label("Unit, or currency").fill("EUR")
    page.get_by_role("button", name="Check the design and estimate").click()

    page.get_by_role("link", name="Show the result").click(timeout=60_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Exports, asked again")
    expect(page.get_by_text("“Parallel before the start” fails.")).to_be_visible()
    expect(page.get_by_text("What would help:")).to_be_visible()
    assert page.locator(".event-study, table[aria-labelledby^=estimates]").count() == 0
    page.get_by_role("button", name="Publish the study").click()
    expect(page.get_by_text("Everybody can read the study now.")).to_be_visible()

    page = enter("", f"{BOOST}effects/")
    told = page.get_by_role("region", name="Exports, asked again")
    expect(told).to_contain_text("No effect on exports is told")
