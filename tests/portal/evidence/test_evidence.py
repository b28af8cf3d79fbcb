"""Published effects as pages, files and API: filtered, compared, refused, added to."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.portal.people import person, programme, signed_in

from clusteratlas.portal.accounts.models import AuditEntry
from clusteratlas.portal.evidence.models import OwnEffects
from clusteratlas.portal.roles import SiteRole

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
    assert moderator.post("/programmes/evidence/own/forget/", {"file": "x"}).status_code == 404


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
