"""Apply, look at applicants, choose, decide: who may do what, and what becomes public."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.portal.people import join, organisation, person, programme, signed_in

from clusteratlas.atlas import Release
from clusteratlas.organisations import load_demonstration
from clusteratlas.portal.accounts.models import AuditEntry, User
from clusteratlas.portal.programmes.applicants.demonstration import load_applications
from clusteratlas.portal.programmes.models import Application, Programme
from clusteratlas.portal.registry import state
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.roles import InsideRole, SiteRole
from clusteratlas.programmes.register import contradictions

TODAY = timezone.localdate()
CALLS = [
    {"key": "now", "name": "Open call", "closed": str(TODAY)},
    {"key": "then", "name": "Old call", "closed": str(TODAY - timedelta(days=1))},
]


def demonstrated() -> None:
    """The fictional organisations, published."""
    for each in load_demonstration():
        fields = each.model_dump(mode="json", exclude={"name"}, exclude_defaults=True)
        made = organisation(f"o-{each.identifier}", **fields)
        Organisation.objects.filter(pk=made.pk).update(
            name=each.name, fictional=True, published={**made.published, "name": each.name}
        )
    state.bump()  # what was worked out for another test's registry is not for this one


def form(**more: object) -> dict[str, object]:
    """What the form of an application sends."""
    rows = {"piece-TOTAL_FORMS": "1", "piece-INITIAL_FORMS": "0"}
    return {"title": "Lighter vehicles", "amount": "250000", "currency": "eur", **rows, **more}


PIECE = {
    "piece-0-kind": "strategy",
    "piece-0-title": "Strategy",
    "piece-0-address": "https://example.org/s",
    "piece-0-on": str(TODAY - timedelta(days=90)),
}


def test_an_editor_applies_and_takes_it_back(portal: Client) -> None:
    optics, runner = organisation(), organisation("agency")
    boost = programme(run_by=runner, calls=CALLS, money=[
        {"amount": 1e6, "currency": "EUR", "side": "public"}])  # fmt: skip
    ada, bob = person(), person("bob")
    join(ada, optics)
    browser = signed_in(ada)
    assert "Open calls" in portal.get("/programmes/boost/").content.decode()
    page = browser.get("/programmes/boost/apply/").content.decode()
    assert "Open call" in page
    assert "Old call" not in page
    begun = {"organisation": "optics", "call": "now"}
    assert signed_in(bob).post("/programmes/boost/apply/", begun).status_code == 403
    assert browser.post("/programmes/boost/apply/", {**begun, "call": "then"}).status_code == 422
    place = browser.post("/programmes/boost/apply/", begun)["Location"]
    assert place == browser.post("/programmes/boost/apply/", begun)["Location"], "once"
    assert 'value="EUR"' in browser.get(place).content.decode(), "the programme's own money"
    for other in (Client(), signed_in(bob), signed_in(person("root", SiteRole.ADMINISTRATOR))):
        assert other.get(place).status_code == 404

    wrong = form(currency="", **{**PIECE, "piece-0-on": "May", "piece-0-address": "ftp://x"})
    answer = browser.post(place, wrong)
    assert answer.status_code == 422
    told = answer.content.decode()
    for part in ("in which currency", "no address of the web", "valid date"):
        assert part in told, part
    both = browser.post(place, form(none_of=["strategy"], **PIECE))
    assert "Something of this kind is attached" in both.content.decode()

    browser.post(place, form(none_of=["governance", "commitments"], **PIECE, keep="1"))
    found = Application.objects.get()
    assert (found.state, found.title) == ("draft", "Lighter vehicles")
    assert found.asked[0] | {"source": ""} == found.asked[0]
    assert (found.asked[0]["amount"], found.asked[0]["currency"]) == (250000, "EUR")
    assert [(each["kind"], each["none"]) for each in found.evidence] == [
        ("strategy", False),
        ("governance", True),
        ("commitments", True),
    ]
    page = browser.get(place).content.decode()
    assert "The applicant says that it has none." in page
    browser.post(place, form(**PIECE, hand_in="1"))
    found.refresh_from_db()
    assert found.state == "handed_in"
    assert browser.post(place, form(title="Other")).status_code == 302
    browser.post(f"{place}take-back/")
    found.refresh_from_db()
    assert (found.state, found.title, found.handed_in_at) == ("withdrawn", "Lighter vehicles", None)
    Programme.objects.filter(pk=boost.pk).update(
        published={**boost.published, "calls": CALLS[1:]}, draft=None
    )
    closed = browser.post(place, form(**PIECE, hand_in="1"))
    assert closed.status_code == 422
    assert "The call is not open" in closed.content.decode()


@pytest.fixture
def boost(portal: Client, sample_release: Release) -> Programme:
    """A programme with the fictional applications, run by the organisation of carla."""
    demonstrated()
    agency = organisation("agency")
    join(person("carla"), agency)
    made = programme(run_by=agency, since=2018, until=TODAY.year)
    load_applications(made, sample_release, User.objects.get(email="carla@example.org"))
    return made


def test_the_demonstration_keeps_to_the_years_of_its_programme(
    boost: Programme, sample_release: Release
) -> None:
    boost.refresh_from_db()
    document = boost.document
    assert [each.year for each in document.awards] == [TODAY.year]
    assert contradictions(document) == []
    over = programme("over", run_by=boost.organisation, since=2018, until=TODAY.year - 1)
    assert load_applications(over, sample_release, User.objects.get(email="carla@example.org")) == 0
    assert over.document.calls == ()


def carla() -> Client:
    return signed_in(User.objects.get(email="carla@example.org"))


def test_applicants_portfolio_and_tables(boost: Programme, portal: Client) -> None:
    browser = carla()
    page = browser.get("/programmes/boost/applicants/").content.decode()
    for verdict in ("ready", "nearly ready", "not ready", "cannot be told"):
        assert f">{verdict}<" in page
    for reached in ("handed in", "funded", "declined"):
        assert f">{reached}<" in page
    assert "Footwear" not in page, "what is being written is the applicant's own"
    rows = list(csv.DictReader(io.StringIO(
        browser.get("/programmes/boost/applicants/criteria.csv").content.decode())))  # fmt: skip
    jobs = next(each for each in rows
                if "Lakes" in each["applicant"] and each["criterion"] == "base-jobs")  # fmt: skip
    assert (jobs["value"], jobs["threshold"], jobs["year"]) == ("15913.0", "1000.0", "2021")
    assert "County Business Patterns" in jobs["figures_source"]
    one = Application.objects.get(organisation__name__contains="Motor Valley")
    page = browser.get(f"/programmes/boost/applicants/{one.pk}/").content.decode()
    for part in ("95,786", "95,633–96,213", "Strong here", "Road map to 2030", "US Census Bureau",
                 'href="https://example.org/applications/strategy"', "2,500,000 EUR"):  # fmt: skip
        assert part in page, part

    address = "/programmes/boost/portfolio/"
    page = browser.get(address).content.decode()
    assert "Chosen: 3 of 10 applicants." in page
    query = "budget=5000000&currency=EUR&first=4&t-members=200&w-strategy=0.3"
    page = browser.get(f"{address}?{query}").content.decode()
    assert "of 5,000,000 EUR." in page
    assert 'name="t-members" value="200"' in page, "the address holds every setting"
    assert "asks for money of another currency" in page or "not ready enough" in page
    table = browser.get(f"{address}table.csv?{query}").content.decode()
    chosen = [each for each in csv.DictReader(io.StringIO(table)) if each["chosen"] == "true"]
    assert 0 < len(chosen) <= 4
    assert sum(float(each["asked"]) for each in chosen) <= 5_000_000
    for name in ("variants", "flips", "swaps"):
        assert browser.get(f"{address}{name}.csv?{query}").content.count(b"\r\n") > 1, name
    for bad in ("budget=5", "first=x", "first=3&t-members=nan", "first=0", "call=nope&first=2"):
        assert browser.get(f"{address}?{bad}").status_code == 422, bad
        assert browser.get(f"{address}table.csv?{bad}").status_code == 400, bad


def test_a_decision_is_kept_and_only_the_award_is_public(boost: Programme, portal: Client) -> None:
    browser = carla()
    one = Application.objects.get(organisation__name__contains="Stuttgart", state="handed_in",
                                  organisation__name__startswith="Musternetz")  # fmt: skip
    join(person("dora"), one.organisation)
    place = f"/programmes/boost/applicants/{one.pk}/"
    assert browser.post(f"{place}decide/", {"decision": "fund"}).status_code == 422
    given = {"decision": "fund", "reason": "Convincing", "amount": "1500000", "currency": "EUR"}
    other = programme("other", run_by=Organisation.objects.get(slug="agency"), calls=CALLS)
    elsewhere = f"/programmes/other/applicants/{one.pk}/"
    assert browser.get(elsewhere).status_code == 404, "it belongs to another programme"
    assert browser.post(f"{elsewhere}decide/", given).status_code == 404
    assert not other.applications.exists()
    version = Programme.objects.get(slug="boost").version
    mail.outbox.clear()
    assert browser.post(f"{place}decide/", given).status_code == 302
    (letter,) = mail.outbox
    assert letter.to == ["dora@example.org"]
    assert "Convincing" in letter.body
    one.refresh_from_db()
    assert one.state == "funded"
    assert one.screened["verdict"] == "ready"
    row = Programme.objects.get(slug="boost")
    assert row.version == version + 1
    assert row.revisions.first().document == row.published
    award = row.public_document.awards[-1]
    assert (award.organisation, award.call, award.money[0].amount) == (
        "Musternetz Fahrzeugbau Stuttgart",
        "open-call",
        1_500_000,
    )
    assert [each.cluster for each in award.clusters] == ["C29", "C28"]
    public = portal.get("/programmes/boost/").content.decode()
    assert "Convincing" not in public
    assert "/account/sign-in/" in portal.get("/programmes/boost/applicants/")["Location"]
    assert signed_in(User.objects.get(email="dora@example.org")).get(place).status_code == 403
    note = AuditEntry.objects.get(action="application.funded", subject=f"application:{one.pk}")
    assert note.details["partial"] is False
    again = browser.post(f"{place}decide/", given)
    assert again.status_code == 422
    declined = Application.objects.get(state="declined")
    browser.post(f"/programmes/boost/applicants/{declined.pk}/reopen/")
    declined.refresh_from_db()
    assert (declined.state, declined.screened) == ("handed_in", None)


def test_who_edits_the_applicant_does_not_decide(boost: Programme) -> None:
    one = Application.objects.filter(state="handed_in")[0]
    join(User.objects.get(email="carla@example.org"), one.organisation, InsideRole.EDITOR)
    place = f"/programmes/boost/applicants/{one.pk}/"
    given = {"decision": "decline", "reason": "No"}
    assert "you have an interest in it" in carla().get(place).content.decode()
    assert carla().post(f"{place}decide/", given).status_code == 403
    root = person("root", SiteRole.ADMINISTRATOR)
    join(root, one.organisation)
    assert signed_in(root).post(f"{place}decide/", given).status_code == 302
    note = AuditEntry.objects.get(action="application.declined", subject=f"application:{one.pk}")
    assert note.details["partial"] is True


def test_where_to_fund_next(portal: Client) -> None:
    demonstrated()
    page = portal.get("/programmes/where-to-fund/?scheme=us-cbsa").content.decode()
    assert "Strong, and organised by nobody" in page
    assert "Imaginary Network Without a Base" in page
    assert "2021" in page
    only = portal.get("/programmes/where-to-fund/?scheme=us-cbsa&gap=no_organisation&cluster=4")
    assert "Imaginary Network" not in only.content.decode()
    table = portal.get("/programmes/where-to-fund/table.csv?scheme=us-cbsa&cluster=4").content
    rows = list(csv.DictReader(io.StringIO(table.decode())))
    assert {each["cluster_name"] for each in rows} == {"Automotive"}
    assert [each["rank"] for each in rows if each["gap"] == "only_around"][:1] == ["1"]
    told = json.loads(
        portal.get("/programmes/where-to-fund/table.metadata.json?scheme=us-cbsa").content
    )
    assert told["columns"]["gap"]["meaning"].startswith("what is missing")
    for bad in ("gap=none", "cluster=nope", "scheme=nuts-9"):
        assert portal.get(f"/programmes/where-to-fund/?{bad}").status_code in (400, 404)
