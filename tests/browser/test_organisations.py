"""Organisations find each other, a moderator keeps the registry, and every page of it is sound."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from .conftest import DESKTOP, NUMBERS, REGISTRY_PAGES, STORES, Enter, Guard
from .demonstrated import PASSWORD
from .test_accessibility import ASK, AXE, EVERY_RULE, LOOK_RULES, SAMPLE
from .test_layout import SMALL_TARGETS, STICKING_OUT

OWN = "/organisations/imaginary-lakes-medical-device-alliance/"
EXCHANGE = "/events/imaginary-transatlantic-exchange/"
NORA = "nora@example.org"
TOPIC = "A joint application on devices"


def look(page: Page) -> list[str]:
    """Everything that is wrong with how a page looks, wide and narrow, light and dark."""
    found = []
    page.evaluate(SAMPLE, 2)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for width, scheme, rules in ((1280, "light", EVERY_RULE), (360, "dark", LOOK_RULES)):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} px, {scheme}: {each}" for each in page.evaluate(ASK, rules)]
        if wide := page.evaluate(STICKING_OUT):
            found.append(f"{width} px: {wide}")
    found += page.evaluate(SMALL_TARGETS)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESKTOP)
    return found


@pytest.mark.parametrize("name", REGISTRY_PAGES)
def test_every_page_of_the_registry_is_sound(enter: Enter, name: str, registry_site: str) -> None:
    person, path = REGISTRY_PAGES[name]
    page = enter(person, path.format(**NUMBERS[registry_site]), bypass_csp=True)
    found = look(page)
    assert not found, "\n".join(found)


def mailed(store: Path, to: str, part: str) -> str:
    """The address with this part in the newest mail to somebody."""
    mails = sorted((store / "mail").iterdir(), key=lambda each: each.stat().st_mtime_ns)
    texts = [each.read_text(encoding="utf-8") for each in mails]
    ours = [each for each in texts if f"To: {to}" in each and part in each]
    return re.search(rf"http://\S*{re.escape(part)}\S*", ours[-1])[0]


def test_an_invited_colleague_finds_a_partner_and_both_meet(
    enter: Enter, registry_site: str, guard: Guard
) -> None:
    store = STORES[registry_site]
    page = enter("editor", f"{OWN}people/")
    page.get_by_role("textbox", name="Mail address").fill(NORA)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(f"An invitation was sent to {NORA}.")).to_be_visible()

    page = enter(NORA, mailed(store, NORA, "/invitations/"), known=False)
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name", exact=True).fill("Nora Proof")
    page.get_by_role("textbox", name="Mail address").fill(NORA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Make an account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    page.goto(mailed(store, NORA, "?key="))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Invitation")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("You belong to Imaginary Lakes")).to_be_visible()

    edit_with_a_fault_first(page, guard)
    page.goto(OWN)
    expect(page.get_by_role("heading", name="What the map says of its fields")).to_be_visible()

    page.goto(f"{OWN}partners/")
    partner = page.locator("li.partner").filter(
        has=page.get_by_role("link", name="Ask for contact")
    )
    other = partner.first.get_by_role("heading").inner_text().removesuffix("fictional").strip()
    partner.first.get_by_role("link", name="Ask for contact").click()
    receiver = page.url.split("to=")[1].split("&")[0]
    page.get_by_label("Topic").fill(TOPIC)
    page.get_by_label("Message").fill("Shall we write it together?")
    page.get_by_label("Show my name").check()
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TOPIC)
    asked = page.url

    answer = enter(f"owner-{receiver}@example.org", "/requests/")
    answer.get_by_role("link", name=TOPIC).click()
    expect(answer.get_by_text(f"asks {other} for contact")).to_be_visible()
    accept = answer.locator("details.step").filter(has_text="Accept").first
    accept.get_by_label("Show my name").check()
    accept.get_by_role("button", name="Accept").click()
    expect(answer.get_by_text(NORA)).to_be_visible()
    for side in (answer, page):
        side.goto(asked)
        follow = side.locator("details.step").filter(has_text="Say what came of it")
        if follow.get_attribute("open") is None:
            follow.locator("summary").click()
        follow.get_by_label("What came of it").select_option("meeting")
        follow.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", name="What came of it")).to_be_visible()
    expect(page.locator(".request-list li")).to_have_count(2)


def edit_with_a_fault_first(page: Page, guard: Guard) -> None:
    page.get_by_role("link", name="Edit the profile").click()
    staff = page.get_by_role("textbox", name="Staff in full-time")
    staff.fill("many")
    page.get_by_label("What you changed and why").fill("More staff")
    guard.expect_refusal(422, f"{OWN}edit/")
    page.get_by_role("button", name="Keep this version").click()
    faults = page.get_by_role("alert")
    expect(faults).to_be_focused()
    faults.get_by_role("link").first.press("Enter")
    expect(staff).to_be_focused()
    expect(staff).to_have_attribute("aria-invalid", "true")
    staff.fill("8.5")
    page.get_by_role("button", name="Keep this version").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Imaginary Lakes"))


def test_a_colleague_goes_through_an_event_to_a_published_agenda(
    enter: Enter, registry_site: str
) -> None:
    page = enter("editor", f"{EXCHANGE}register/")
    page.get_by_label("Organisation", exact=True).select_option(
        label="Imaginary Lakes Medical Device Alliance"
    )
    page.get_by_role("button", name="Register").click()
    ours = page.url
    page.get_by_text("Add a person").click()
    page.get_by_label("Name", exact=True).fill("Nora Proof")
    page.get_by_label("Mail address").fill(NORA)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Nora Proof")).to_be_visible()

    page.goto(f"{EXCHANGE}applicants/")
    page.get_by_role("button", name="Apply the rule").click()
    page.get_by_role("button", name=re.compile("Tell what was decided")).click()

    page.goto(ours)
    expect(page.get_by_text("You are selected")).to_be_visible()
    times = page.locator("details.step").filter(has_text="Times at which meetings are possible")
    times.first.locator("summary").click()
    times.first.get_by_role("checkbox").first.uncheck()
    times.first.get_by_role("button", name="Keep the times").click()
    theirs = enter("owner-imaginary-motor-valley-cluster-of-michigan@example.org", "/events/mine/")
    registrations = theirs.locator('main a[href*="/registrations/"]')
    registrations.filter(has_text="transatlantic").click()
    theirs.get_by_role("link", name="Whom to meet").first.click()
    wish(theirs, "Nora Proof")
    page.goto(ours)
    nora = page.locator("article.attendee").filter(has_text="Nora Proof")
    nora.get_by_role("link", name="Whom to meet").click()
    wish(page, None)

    page.goto(f"{EXCHANGE}timetable/")
    page.get_by_label("Where the promises").check()
    page.get_by_role("button", name="Work out the timetable").click()
    assert "/jobs/" in page.url
    expect(page.locator("#job").get_by_role("status")).to_be_visible()
    page.get_by_role("link", name="Show the result").click(timeout=90_000)
    page.get_by_role("button", name="Publish as final").click()
    page.goto(ours)
    nora.get_by_role("link", name="Agenda").click()
    expect(page.locator(".slot-row")).not_to_have_count(0)
    agenda = page.url
    guest = enter("", agenda)
    expect(guest.get_by_role("heading", level=1)).to_have_text("Agenda of Nora Proof")
    for name, begins in (("Take into the calendar", b"BEGIN:VCALENDAR"), ("PDF", b"%PDF-")):
        with guest.expect_download() as got:
            guest.get_by_role("link", name=name).click()
        assert Path(got.value.path()).read_bytes().startswith(begins)


def wish(page: Page, whom: str | None) -> None:
    """Say whom a person wants to meet."""
    rows = page.locator(".wish-list li")
    row = rows.filter(has_text=whom) if whom else rows
    for each in row.all():
        each.get_by_role("radio", name="very much").check()
    page.locator("main form").get_by_role("button").last.click()


def test_a_moderator_takes_a_file_from_its_faults_to_what_a_visitor_finds(
    enter: Enter, registry_site: str, guard: Guard, tmp_path: Path
) -> None:
    page = enter("moderator", "/organisations/moderation/")
    page.get_by_role("link", name="Take in a file").click()
    file = tmp_path / "new.csv"
    address = "/organisations/import/"
    guard.expect_refusal(422, address)
    file.write_text(sheet(regions="us-cbsa:41941", staff="some", founded="soon"))
    send(page, file)
    faults = page.get_by_role("table").get_by_role("row")
    for row, column in (("2", "founded"), ("2", "regions"), ("2", "staff"), ("3", "kind")):
        expect(faults.filter(has_text=row).filter(has_text=column)).not_to_have_count(0)
    file.write_text(sheet(kind="cluster-initiative"))
    send(page, file)
    expect(page.get_by_text("New: 2, changed: 1, the same: 0.")).to_be_visible()
    page.get_by_role("button", name="to be looked at one by one").click()

    page.goto("/organisations/moderation/")
    page.get_by_role("checkbox", name="Bay Chip Makers").check()
    page.get_by_role("button", name="Publish the chosen").click()
    page.get_by_role("link", name="Bay Poets").click()
    review = urlsplit(page.url).path
    guard.expect_refusal(422, review)
    page.get_by_role("button", name="Return with the reason").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Reason").fill("Say where you work.")
    page.get_by_role("button", name="Return with the reason").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Moderation")

    guest = enter("", "/organisations/")
    guest.get_by_label("Words: name, town, topic").fill("chip makers")
    guest.get_by_role("button", name="Show").click()
    found = guest.get_by_role("row").get_by_role("link", name="Bay Chip Makers")
    expect(found).to_be_visible()
    expect(guest.locator("figure svg a, svg.map a").first).to_be_visible()
    guest.goto("/regions/us-cbsa/41940/")
    guest.get_by_role("link", name="Bay Chip Makers").first.click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("Bay Chip Makers")
    told = guest.request.get("/api/v1/organisations?q=chip+makers")
    assert "Bay Chip Makers" in told.text()
    assert "Bay Poets" not in guest.request.get("/organisations/?q=poets").text()


def sheet(**cells: str) -> str:
    """A file of two new organisations and a known one; the words change the first or second."""
    kept = {"regions": "us-cbsa:41940", "staff": "3", "founded": "2001", **cells}
    known = "cluster-initiative" if "kind" in cells else "clustr"
    return (
        "name,identifier,kind,country,regions,claims,staff,founded,website,"
        "members_small_firms,members_universities,members_as_of\n"
        f"Bay Chip Makers,t-1,cluster-initiative,US,{kept['regions']},us-benchmark-2014:23,"
        f"{kept['staff']},{kept['founded']},https://chips.example.org,20,2,2025-01-31\n"
        f"Bay Poets,t-2,{known},US,us-cbsa:41940,us-benchmark-2014:23,1,2001,,,,\n"
        "Imaginary Carpet Town Guild,demo-07,cluster-initiative,US,us-cbsa:19140,"
        "us-benchmark-2014:42,4,1980,,,,\n"
    )


def send(page: Page, file: Path) -> None:
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Read it").click()


def test_two_who_edit_at_once_choose_and_nothing_is_lost(enter: Enter, guard: Guard) -> None:
    council = "/organisations/imaginary-bay-life-science-council/"
    mine = enter("editor", f"{council}edit/")
    theirs = enter("administrator", f"{council}edit/")
    mine.get_by_role("textbox", name="Town").fill("La Jolla")
    mine.get_by_role("textbox", name="Staff in full-time").fill("15")
    theirs.get_by_role("textbox", name="Staff in full-time").fill("16")
    theirs.get_by_role("textbox", name="Short name").fill("BLSC")
    theirs.get_by_role("button", name="Keep this version").last.click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text(re.compile("Imaginary Bay"))
    mine.get_by_role("button", name="Keep this version").last.click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("Two changes at once")
    guard.expect_refusal(422, f"{council}edit/merge/")
    mine.get_by_role("button", name="Keep both as one version").click()
    mine.get_by_role("radio", name=re.compile("15")).check()
    mine.get_by_role("button", name="Keep both as one version").click()
    mine.goto(f"{council}edit/")
    for field, value in (
        ("Town", "La Jolla"),
        ("Staff in full-time", "15"),
        ("Short name", "BLSC"),
    ):
        expect(mine.get_by_role("textbox", name=field)).to_have_value(value)
    mine.goto(f"{council}history/")
    expect(mine.locator("tbody tr")).to_have_count(3)


def test_reading_saving_and_asking_work_without_scripts(enter: Enter) -> None:
    still = {"java_script_enabled": False}
    page = enter("", "/organisations/?q=medical", **still)
    page.get_by_role("link", name="Imaginary Lakes Medical Device Alliance").first.click()
    expect(page.get_by_role("heading", name=re.compile("map says"))).to_be_visible()
    for path in (f"{OWN}partners/", "/organisations/coverage/"):
        page.goto(path)
        expect(page.locator("main a").first).to_be_visible()
    page = enter("editor", f"{OWN}edit/", **still)
    page.get_by_role("textbox", name="Town").fill("Saint Paul")
    page.get_by_role("button", name="Keep this version").last.click()
    page.goto(f"{OWN}edit/")
    expect(page.get_by_role("textbox", name="Town")).to_have_value("Saint Paul")
    page.goto("/requests/new/?to=vlaams-voorbeeldcluster-chemie")
    page.get_by_label("Topic").fill("Without a script")
    page.get_by_label("Message").fill("This goes without one.")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Without a script")


def test_answers_to_forms_are_sound(enter: Enter, guard: Guard, tmp_path: Path) -> None:
    free = {"bypass_csp": True}
    council = "/organisations/imaginary-bay-life-science-council/edit/"
    for path in (council, f"{council}merge/", "/organisations/import/"):
        guard.expect_refusal(422, path)
    page = enter("editor", council, **free)
    other = enter("administrator", council, **free)
    page.get_by_role("textbox", name="Website").fill("nowhere")
    page.get_by_role("button", name="Keep this version").last.click()
    found = look(page)
    page.get_by_role("textbox", name="Website").fill("https://ours.example.org")
    other.get_by_role("textbox", name="Website").fill("https://theirs.example.org")
    for each in (other, page):
        each.get_by_role("button", name="Keep this version").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two changes at once")
    found += look(page)
    file = tmp_path / "new.csv"
    page = enter("moderator", "/organisations/import/", **free)
    for cells in ({"staff": "some"}, {"kind": "cluster-initiative"}):
        file.write_text(sheet(**cells))
        send(page, file)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        found += look(page)
    assert not found, "\n".join(found)
