"""Published effects as pages, files and API: filtered, compared, refused, added to."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.portal.people import person, programme, signed_in
from tests.programmes.evidence.reports import report

from clusteratlas.portal.accounts.models import AuditEntry
from clusteratlas.portal.evidence.models import OwnEffects
from clusteratlas.portal.programmes.models import EffectStudy
from clusteratlas.portal.registry import state
from clusteratlas.portal.roles import SiteRole
from clusteratlas.programmes.effects.study import Scale

OWN = (
    "identity,programme,country,design,unit,outcome,stage,finding,scale,value,unit_of_value,"
    "standard_error,source\n"
) + "".join(
    f"own-{place},Own programme {place},FR,difference_in_differences,firm,employment,business,"
    f"positive,percent,{2 + place},percent,0.{5 + place},Own study {place}\n"
    for place in range(3)
)


def test_the_library_is_read_filtered_and_taken_away(portal: Client) -> None:
    answer = portal.get("/programmes/evidence/").content.decode()
    assert "Published figures: 84" in answer
    assert "R&amp;D spend, percent" in answer
    assert "No mean is given." in answer
    assert "The sources state no standard error of 2 of 2." in answer
    assert "Independent programmes: 2; a mean needs at least 3." in answer
    only = portal.get("/programmes/evidence/?grade=B&stage=business").content.decode()
    assert "Published figures: 10" in only
    assert "grade=B" in only
    assert portal.get("/programmes/evidence/?grade=F").status_code == 400
    none = portal.get("/programmes/evidence/?programme=zzz").content.decode()
    assert "Nothing published passes these filters." in none
    rows = list(
        csv.DictReader(
            io.StringIO(portal.get("/programmes/evidence/effects.csv?country=BR").content.decode())
        )
    )
    assert len(rows) == 5
    assert {row["grade"] for row in rows} == {"B"}
    assert {row["standard_error"] for row in rows} == {""}


def test_an_effect_says_what_is_stated_and_why_its_grade(portal: Client) -> None:
    answer = portal.get("/programmes/evidence/bavaria-innovating/").content.decode()
    assert "+4.6 to +5.7" in answer
    assert "Grade B." in answer
    assert "not stated in the source seen" in answer
    assert "range of estimates" in answer
    unstated = portal.get("/programmes/evidence/denmark-productivity/").content.decode()
    assert "A design that is not stated cannot be credited with more." in unstated
    assert portal.get("/programmes/evidence/nothing-here/").status_code == 404


def test_a_programme_shows_what_is_published_on_it(portal: Client) -> None:
    programme("leading-edge-cluster-competition", name="Spitzencluster")
    answer = portal.get("/programmes/leading-edge-cluster-competition/").content.decode()
    assert "What others have published on it" in answer
    assert "1.36" in answer
    programme("unheard-of")
    assert "have published" not in portal.get("/programmes/unheard-of/").content.decode()


def test_moderators_add_effects_whole_or_not_at_all(portal: Client) -> None:
    moderator = signed_in(person("mo", SiteRole.MODERATOR))
    portal.get("/programmes/evidence/")

    def send(text: bytes, name: str = "own.csv"):
        file = SimpleUploadedFile(name, text)
        return moderator.post("/programmes/evidence/own/", {"file": file})

    wrong = send(OWN.replace("percent,2,", "percent,,").encode())
    assert wrong.status_code == 422
    assert "there is no value" in wrong.content.decode()
    assert send(b"\xff\xfe\x00").status_code == 422
    assert send(b"").status_code == 422
    taken = send(OWN.replace("own-1", "bavaria-rd").encode())
    assert "has an effect of this name" in taken.content.decode()
    assert not OwnEffects.objects.exists()
    assert send(OWN.encode()).status_code == 302
    assert AuditEntry.objects.filter(action="evidence.take_in").count() == 1
    page = portal.get("/programmes/evidence/?outcome=employment").content.decode()
    assert "added here" in page
    assert "95 % interval" in page
    assert "A further programme of this kind would lie between" in page
    groups = portal.get("/api/v1/evidence/groups").json()
    pooled = next(each for each in groups if each["outcome"] == "employment")
    assert pooled["pooled"]["count"] == 3
    assert pooled["refusals"] == []
    assert send(OWN.encode()).status_code == 422, "the names are taken now"
    held = OwnEffects.objects.get()
    assert moderator.post("/programmes/evidence/own/forget/", {"file": held.pk}).status_code == 302
    assert "added here" not in portal.get("/programmes/evidence/").content.decode()
    assert moderator.post("/programmes/evidence/own/forget/", {"file": "x"}).status_code == 302
    assert "not in the library" in moderator.get("/programmes/evidence/own/").content.decode()


@pytest.mark.parametrize(
    ("asked", "count"), [("", 84), ("?grade=E", 2), ("?programme=poles-de-competitivite", 23)]
)
def test_the_api_gives_the_same_figures(portal: Client, asked: str, count: int) -> None:
    answer = portal.get(f"/api/v1/evidence{asked}").json()
    assert answer["count"] == count
    first = answer["items"][0]
    one = portal.get(f"/api/v1/evidence/{first['identity']}").json()
    assert one == first
    assert portal.get("/api/v1/evidence/nothing").status_code == 404
    assert portal.get("/api/v1/evidence?grade=F").status_code == 422


def test_growth_is_shown_with_its_trap_or_refused(portal: Client) -> None:
    answer = portal.get("/programmes/growth/?scheme=us-state").content.decode()
    assert "2018 to 2021, 50 states" in answer
    assert "the trap: own industry counted in" in answer
    assert "withheld or estimated in one of the years" in answer
    assert 'id="growth-cluster"' in answer
    assert 'id="growth-around"' in answer
    assert "Jobs: the cluster in neighbouring regions" in answer
    assert "share a stretch of land border. Regions without a neighbour" in answer
    refused = portal.get("/programmes/growth/?scheme=nuts-2")
    assert refused.status_code == 200
    assert "With these figures this cannot be answered." in refused.content.decode()
    table = portal.get("/programmes/growth/table.csv?scheme=us-state").content.decode()
    rows = list(csv.DictReader(io.StringIO(table)))
    told = portal.get("/api/v1/growth?scheme=us-state").json()
    items = told["items"]
    assert len(rows) == len(items) == 39
    assert [row["term"] for row in rows].count("neighbouring regions") == 3
    assert (told["neighbours"]["rule"], told["neighbours"]["pairs"]) == ("borders", 105)
    assert float(rows[1]["coefficient"]) == pytest.approx(items[1]["coefficient"])
    assert portal.get("/api/v1/growth?scheme=nuts-2").status_code == 404


def test_leverage_is_the_ratio_of_two_effects_of_one_study(portal: Client) -> None:
    row = programme("boost")
    one, other = report(600.0, 100.0, scale=Scale.level), report(500.0, 50.0, scale=Scale.level)
    got = other.outcomes[0]
    got = replace(
        got,
        outcome=replace(got.outcome, column="grant"),
        estimates=(replace(got.estimates[0], outcome="grant"),),
    )
    study = replace(one.study, outcomes=(*one.study.outcomes, got.outcome))
    told = replace(one, study=study, outcomes=(*one.outcomes, got)).to_dict()
    for number in (1, 2):
        EffectStudy.objects.create(
            programme=row, number=number, title="Study", report=told, published_at=timezone.now()
        )
    state.bump()
    asked = {"effect": "1:rd", "value": "1", "currency": "EUR", "rate": "0", "cost": "1000"}
    two = {"own_money": "1:rd", "public_money": "1:grant"}
    address = "/programmes/boost/return/"
    assert "Leverage: own money of firms" in portal.get(address).content.decode()
    found = portal.get(address, {**asked, **two}).content.decode()
    assert "Beside one EUR of additional public money firms put <strong>1.2</strong>" in found
    assert "Correlation of the two estimates, assumed" in found
    for wrong in ({"public_money": ""}, {"own_money": "1:grant"}, {"own_money": "2:rd"}):
        assert portal.get(address, {**asked, **two, **wrong}).status_code == 422


def test_a_return_rests_on_a_published_effect_and_the_address(portal: Client) -> None:
    row = programme("boost", facts=[{"what": "Jobs reported", "value": 1400, "unit": "jobs"}])
    address = "/programmes/boost/return/"
    nothing = portal.get(address).content.decode()
    assert "No published study tells an effect" in nothing
    assert "1,400 jobs" in nothing
    assert "What comes back" not in portal.get("/programmes/boost/").content.decode()
    told = report(2, 0.5, scale=Scale.level, money=False).to_dict()
    for number, each in enumerate((told, report(refused=True).to_dict()), 1):
        EffectStudy.objects.create(
            programme=row, number=number, title="Study", report=each, published_at=timezone.now()
        )
    EffectStudy.objects.create(programme=row, number=3, title="Hidden draft", report=told)
    state.bump()
    assert "What comes back" in portal.get("/programmes/boost/").content.decode()
    form = portal.get(address).content.decode()
    assert "Nothing is assumed for you." in form
    assert "1:rd" in form
    assert "2:rd" not in form
    assert "Hidden draft" not in form
    asked = {"effect": "1:rd", "value": "1000", "currency": "EUR", "rate": "0"}
    costs = {"cost": "100000", "fee": "500", "hours": "10", "cost_of_hour": "50", "kept": "50"}
    found = portal.get(address, {**asked, **costs}).content.decode()
    assert "For one EUR of public money the programme added value of" in found
    assert "<strong>3.2</strong>" in found
    assert "Breaks even at an effect a year of" in found
    assert "Reported, not additional" in found
    for wrong in ({"value": "-1"}, {"rate": "x"}, {"effect": "2:rd"}, {"value_low": "9999"}, {}):
        given = {**asked, **wrong} if not wrong else {**asked, **costs, **wrong}
        assert portal.get(address, given).status_code == 422
    percent = EffectStudy.objects.get(number=1)
    percent.report = report(0.1, 0.02, money=False).to_dict()
    percent.save()
    refused = portal.get(address, {**asked, **costs, "years_after": "1"}).content.decode()
    assert "No return follows from this:" in refused
