"""A round from its first answer to the peers of others, and what nobody else is told of it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from django.test import Client
from pytest_django.fixtures import Settings
from tests.portal.people import join, organisation, person, signed_in

from clusteratlas.atlas import Release
from clusteratlas.organisations import load_demonstration
from clusteratlas.portal.accounts import own_data
from clusteratlas.portal.accounts.models import AuditEntry
from clusteratlas.portal.benchmarking import keeping, shelf
from clusteratlas.portal.benchmarking.demonstration import load_assessments
from clusteratlas.portal.benchmarking.models import AssessmentRound
from clusteratlas.portal.registry.loading import load
from clusteratlas.portal.registry.models import Organisation
from clusteratlas.portal.roles import InsideRole
from clusteratlas.programmes.benchmarking import packaged_questionnaire

GOLD = packaged_questionnaire("european-gold-1")
BASE = "/organisations/optics/benchmark/"


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.content.decode()[:2000])
    return answer.content.decode()


def rows(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text(client, address))))


def test_a_round_is_begun_answered_finished_and_shared(portal: Client) -> None:
    ada, eve = person("ada"), person("eve")
    optics = organisation(
        "optics", founded=2015, staff=2.5, members={"counts": {"small-firms": 40}}
    )
    join(ada, optics)
    author, member = signed_in(ada), signed_in(eve)
    join(eve, optics, InsideRole.MEMBER)
    join(ada, organisation("lasers"))
    assert "No round is finished yet" in text(author, BASE)
    assert "Begin a round of" not in text(member, BASE), "members read"
    # What the profile knows is filled in and says so.
    answer = author.post(f"{BASE}begin/", {"questionnaire": GOLD.key, "from_last": "1"})
    row = AssessmentRound.objects.get()
    here = f"{BASE}rounds/{row.pk}/"
    assert answer.headers["Location"] == here
    assert row.round.answer("human-resources").value == 6.2
    assert row.round.answer("human-resources").taken_from == "profile in the registry"
    assert author.post(f"{BASE}begin/", {"questionnaire": GOLD.key}).headers["Location"] == here
    # A group is answered; what does not fit its scale is said beside it, and nothing is kept.
    page = f"{here}groups/achievements/"
    shown = text(author, page)
    assert "Recognition in the press" in shown
    assert "from memory" in shown
    assert "set by this project" in shown
    sent = {
        "version": str(row.version),
        "value-press": "12",
        "evidence-press": "Clippings <https://example.org/press>\nMinutes",
        "value-success-stories": "-1",
        "value-satisfaction": "4",
        "do": "keep",
    }
    wrong = author.post(page, {**sent, "evidence-satisfaction": "x <javascript:alert(1)>"})
    assert wrong.status_code == 422
    told = wrong.content.decode()
    assert "Give a number of at least 0." in told
    assert "begins with https://" in told
    assert 'value="12"' in told
    assert AssessmentRound.objects.get().version == 1
    sent["value-success-stories"] = "2,0"
    assert author.post(page, sent).headers["Location"] == here
    row.refresh_from_db()
    assert row.round.answer("success-stories").value == 2
    assert [each.title for each in row.round.answer("press").evidence] == ["Clippings", "Minutes"]
    assert author.post(page, sent).status_code == 422, "the version is an old one"
    onward = author.post(f"{here}groups/structure/", {"version": row.version, "do": "next"})
    assert onward.headers["Location"] == f"{here}groups/governance/"
    assert "Clippings" in text(author, here)
    finished(author, portal, here, row)
    kept = own_data.export(ada)
    assert kept["assessment_rounds"][0]["finished"] is True
    assert kept["assessments_shared"][0]["with_peers"] is False


def finished(author: Client, portal: Client, here: str, row: AssessmentRound) -> None:
    """Finished for good, with the open ones open: the score is an interval."""
    assert author.post(f"{here}finish/", {"date": "2999-01-01"}).status_code == 302
    assert AssessmentRound.objects.get().state == "draft"
    author.post(f"{here}finish/", {"date": "2026-03-31"})
    whole = text(author, BASE)
    assert re.search(r"\d+\u00a0% to \d+\u00a0% of the points in the round of 2026-03-31", whole)
    assert "fewer than 10 organisations" in whole, "no peers, no position"
    assert author.get(f"{here}groups/structure/").status_code == 302
    author.post(f"{here}drop/")
    assert AssessmentRound.objects.filter(state="finished").count() == 1
    gaps = rows(author, f"{BASE}gaps.csv")
    assert len(gaps) == len(GOLD.indicator)
    assert {each["standing"] for each in gaps} == {"met", "unknown"}
    # What if: the address holds the answers, and nothing is kept.
    asked = text(author, f"{BASE}what-if/?i-press=24&i-review=4")
    assert "would become" in asked
    assert row.round.answer("press").value == 12
    assert author.get(f"{BASE}what-if/?i-press=-4").status_code == 400
    # Nobody outside sees it; the profile shows it only once that is chosen.
    outside = portal.get("/organisations/optics/").content.decode()
    assert "of the points" not in outside
    for each in (BASE, here):
        assert portal.get(each).headers["Location"].startswith("/account/sign-in/")
        assert signed_in(person(f"zoe{len(each)}")).get(each).status_code in (403, 404)
    author.post(f"{BASE}share/", {"on_profile": "1"})
    assert "It says of itself on 2026-03-31" in text(portal, "/organisations/optics/")
    author.post(f"{BASE}share/", {})
    assert "It says of itself" not in text(portal, "/organisations/optics/")
    # Another organisation's round is not there under this one's name.
    strange = f"/organisations/lasers/benchmark/rounds/{row.pk}/"
    assert author.get(strange).status_code == 404
    noted = set(AuditEntry.objects.values_list("action", flat=True))
    assert noted >= {"assessment.begin", "assessment.finish", "assessment.share"}


def test_the_demonstration_shows_positions_drift_health_and_refusals(
    portal: Client, sample_release: Release, settings: Settings, tmp_path: Path
) -> None:
    load(load_demonstration(), person=None, file="demonstration")
    count = load_assessments()
    assert count == load_assessments() == Organisation.objects.exclude(published=None).count()
    first = Organisation.objects.order_by("pk").first()
    assert first is not None
    ada = person("ada")
    join(ada, first)
    client = signed_in(ada)
    base = f"/organisations/{first.slug}/benchmark/"
    for key in ("european-benchmarking-1", "european-gold-1"):
        shown = text(client, f"{base}?questionnaire={key}")
        assert "More points than about" in shown
        assert 'class="dotchart boxchart"' in shown
        assert "Points gained since 2024-03-29" in shown
        assert "How do its own clusters do?" in shown
    assert "supported" in shown
    found = rows(client, f"{base}positions.csv")
    assert found[0]["part"] == "total"
    peers = int(found[0]["peers"])
    assert peers == count - 2, "neither the own one nor the one that does not share"
    assert int(found[0]["population"]) == count - 1
    assert float(found[0]["share_below_low"]) <= float(found[0]["share_below"])
    assert {each["part"] for each in found} == {"total", "group", "indicator"}
    health = rows(client, f"{base}health.csv")
    assert {each["verdict"] for each in health} <= {
        "supported",
        "emerging",
        "unsupported",
        "unknown",
    }
    assert any(each["change_low"] and each["change_high"] for each in health)
    assert rows(client, f"{base}drift.csv")
    rows(client, f"{base}differences.csv")
    # A filter of few tells nothing, on the page and in the file.
    country = min(
        {each.country for each in shelf.pool(GOLD).everybody if each.country},
        key=lambda code: sum(each.country == code for each in shelf.pool(GOLD).everybody),
    )
    assert "Nothing is told of these peers" in text(client, f"{base}?country={country}")
    assert rows(client, f"{base}positions.csv?country={country}") == []
    assert client.get(f"{base}?age=1-2").status_code == 400
    seen_by_all(portal, first, count, country)
    # What is taken back is gone from the pool at once.
    keeping.share(first, with_peers=False, on_profile=False, person=ada)
    assert len(shelf.pool(GOLD).peers) == count - 2


def seen_by_all(portal: Client, first: Organisation, count: int, country: str) -> None:
    """Everybody sees boxes and marks, never a name."""
    public = text(portal, "/benchmarking/european-gold-1/")
    assert "organisations that share" in public
    assert "80 % of the points" in public
    assert first.name not in public
    assert len(rows(portal, "/benchmarking/european-gold-1/indicators.csv")) == 31
    assert "European gold label" in text(portal, "/benchmarking/")
    open_rows = rows(portal, "/benchmarking/european-gold-1/peers.csv")
    assert not [name for name in open_rows[0] if name.startswith(("own_", "share_"))]
    assert rows(portal, f"/benchmarking/european-gold-1/peers.csv?country={country}") == []
    assert portal.get("/benchmarking/platinum-1/").status_code == 404
    # The same by the API; the own one with a token alone.
    api = "/api/v1/benchmarking/questionnaires"
    listed = json.loads(text(portal, api))["questionnaires"]
    assert [each["indicators"] for each in listed] == [36, 31]
    whole = json.loads(text(portal, f"{api}/european-gold-1"))
    assert whole["questionnaire"]["split"] == "reconstructed"
    boxes = json.loads(text(portal, f"{api}/european-gold-1/peers"))
    assert boxes["peers"] == count - 1
    told = json.loads(text(portal, f"{api}/european-gold-1/peers?country={country}"))
    assert (told["peers"], told["refused"], told["boxes"]) == (None, "too_few", [])
    own = f"/api/v1/organisations/{first.slug}/benchmark"
    assert json.loads(text(portal, own))["score"]["most"] > 0, "it chose to show its score"
    assert json.loads(text(portal, own))["inside"] is None
    assert portal.get(f"{own}?inside=true").status_code == 401


def test_a_site_brings_its_own_questionnaire(
    portal: Client, settings: Settings, tmp_path: Path
) -> None:
    given = Path(keeping.__file__).parents[2] / "programmes/benchmarking/data/european-gold-1.toml"
    own = given.read_text(encoding="utf-8").replace("version = 1", "version = 7", 1)
    (tmp_path / "own.toml").write_text(
        own.replace('mark = "remembered"', 'mark = "official"'), encoding="utf-8"
    )
    settings.QUESTIONNAIRES = tmp_path
    assert "official text" in text(portal, "/benchmarking/european-gold-7/")
