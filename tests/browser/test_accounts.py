"""Somebody makes an account, guards it with a second step, and comes back with a code."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pyotp
from playwright.sync_api import Page, expect

from .conftest import STORES, Guard

MAIL = "ada@example.org"
PASSWORD = "correct horse battery staple"


def link_in_mail(store: Path) -> str:
    """The address in the newest mail of a server that keeps mail as files."""
    newest = max((store / "mail").iterdir(), key=lambda each: each.stat().st_mtime_ns)
    return re.search(r"http://\S+\?key=\S+", newest.read_text(encoding="utf-8"))[0]


def test_an_account_from_registering_to_signing_in_with_a_code(
    browse: Callable[..., Page], site: str, guard: Guard
) -> None:
    page = browse("/", locale="en-GB")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Account").click()
    page.get_by_role("link", name="Make an account").click()
    guard.expect_refusal(422, "/account/register/?next=%2Faccount%2F")
    page.get_by_role("button", name="Make an account").click()
    faults = page.get_by_role("alert")
    faults.get_by_role("link", name="Mail address").click()
    expect(page.get_by_role("textbox", name="Mail address")).to_be_focused()
    page.get_by_label("Name", exact=True).fill("Ada")
    page.get_by_role("textbox", name="Mail address").fill(MAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Make an account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")

    page.goto(link_in_mail(STORES[site]))
    assert "key=" not in page.url
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_text(f"You are signed in as {MAIL}")).to_be_visible()

    page.get_by_role("link", name="Second step").click()
    page.get_by_label("Your password now").fill(PASSWORD)
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    codes = pyotp.TOTP(page.locator(".shown-once").inner_text().replace(" ", ""))
    page.get_by_role("textbox", name="Code").fill(codes.now())
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator(".shown-once li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()

    page.goto("/account/tokens/")
    page.get_by_role("textbox", name="Mail address").fill(MAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("textbox", name="Code").fill(codes.at(int(time.time()) + 30))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tokens of the API")
    page.get_by_role("link", name="Account").first.click()
    page.get_by_role("button", name="Sign out").click()
