"""Logs are handed in, shown, taken in; figures open their rule; no row of a log is public."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clusteratlas.portal.accounts.models import AuditEntry, User
from clusteratlas.portal.programmes.account.demonstration import load_logs
from clusteratlas.portal.programmes.models import LogFile, Programme
from clusteratlas.programmes.demonstration import fictional_logs, write_logs
from clusteratlas.programmes.register import fictional_programme

from ..people import join, organisation, person, programme, signed_in

pytestmark = pytest.mark.django_db
CPI1 = "flemish-clusters-2025-cpi1"
NAMES = [row["name"] for row in fictional_logs()["organisations"]]


@pytest.fixture
def boost() -> Programme:
    document = fictional_programme().model_dump(mode="json", exclude={"slug"})
    return programme("boost", run_by=organisation("runners"), **document)


@pytest.fixture
def runner(boost: Programme) -> User:
    found = person("runner@example.org")
    assert boost.organisation is not None
    join(found, boost.organisation)
    return found


def _sent(files: dict[str, bytes]) -> dict[str, object]:
    return {"file": [SimpleUploadedFile(name, data) for name, data in files.items()]}


def test_logs_are_shown_before_they_count_and_earlier_ones_stay(
    portal: Client, boost: Programme, runner: User, tmp_path: Path
) -> None:
    write_logs(fictional_logs(), tmp_path / "logs", tmp_path / "logs.xlsx")
    browser = signed_in(runner)
    book = (tmp_path / "logs.xlsx").read_bytes()
    assert browser.get("/programmes/boost/logs/").status_code == 200
    done = browser.post("/programmes/boost/logs/", _sent({"logs.xlsx": book}), follow=True)
    shown = done.content.decode()
    assert "Waits to be taken in" in shown
    assert "1,044" in shown  # rows of attendance
    assert "No log is handed in yet" in portal.get("/programmes/boost/account/").content.decode()
    keys = list(LogFile.objects.values_list("pk", flat=True))
    other = browser.post("/programmes/boost/logs/take/", {"log": keys[:3]}, follow=True)
    assert "Something else waits by now" in other.content.decode()
    done = browser.post("/programmes/boost/logs/take/", {"log": keys}, follow=True)
    assert "13 logs count now." in done.content.decode()
    assert AuditEntry.objects.filter(action="programme.logs", subject="boost").count() == 1
    assert ">36<" in portal.get("/programmes/boost/account/?year=2025").content.decode()

    # A later file of one log takes its place; the earlier one stays for the record. Rules of
    # one's own come the same way.
    rules = (
        'name = "ours"\nversion = 1\ntitle = "Ours"\n[[set]]\nname = "all"\nunit = "event"\n'
        '[[rule]]\nid = "E"\ntitle = "Events of any kind"\ntext = "Events held in the year."\n'
        'unit = "events"\nstage = "activity"\ncount = "all"\n'
    )
    files = {"staff.csv": b"year,role,fte\n2025,everybody,9\n", "ours.toml": rules.encode()}
    browser.post("/programmes/boost/logs/", _sent(files))
    new = list(LogFile.objects.filter(taken_at=None).values_list("pk", flat=True))
    browser.post("/programmes/boost/logs/take/", {"log": new})
    assert LogFile.objects.filter(kind="staff").count() == 2
    assert LogFile.objects.filter(kind="staff", replaced_at=None).get().pk in new
    figure = portal.get("/programmes/boost/account/programme-money-1-staff/2025/").content.decode()
    assert "<strong>9</strong>" in figure
    assert "What counted before" in browser.get("/programmes/boost/logs/").content.decode()
    own = portal.get("/programmes/boost/account/ours-1-e/2025/").content.decode()
    assert "<strong>16</strong>" in own
    assert '<span lang="und">Events of any kind</span>' in own


def test_a_faulty_log_is_told_whole_and_nothing_is_kept(
    portal: Client, boost: Programme, runner: User
) -> None:
    browser = signed_in(runner)
    files = {
        "events.csv": b"event,date,kind\nE1,2017-05-01,network\nE2,2019-13-01,network\n",
        "picture.csv": b"\x89PNG\r\n\x1a\n0000",
        "ours.toml": b"name = ",
    }
    answer = browser.post("/programmes/boost/logs/", _sent(files))
    assert answer.status_code == 422
    shown = answer.content.decode()
    for told in (
        "4 faults. Nothing was kept.",
        "event E1 of 2017-05-01 lies before the programme began",
        "the programme began in 2018: correct the date or the register",
        "there is no such day",
        "the file is a PNG picture, not a table",
        "the file is not TOML",
    ):
        assert told in shown
    assert browser.post("/programmes/boost/logs/", _sent({"e.csv": b""})).status_code == 422
    assert browser.post("/programmes/boost/logs/").status_code == 422
    assert not LogFile.objects.exists()


def test_figures_open_their_rule_and_nobody_else_sees_a_firm(
    portal: Client, boost: Programme, runner: User
) -> None:
    assert load_logs(boost, runner) == 13
    page = portal.get("/programmes/boost/account/").content.decode()
    assert f'href="/programmes/boost/account/{CPI1}/2025/"' in page
    assert "?" not in page.split("<h1>")[1].split("</h1>")[0]
    figure = portal.get(f"/programmes/boost/account/{CPI1}/2025/").content.decode()
    assert "<strong>36</strong> actors" in figure
    assert "Actors of DBC3 with at least one innovative cluster project" in figure
    assert "takes part in an innovative cluster project" in figure
    assert "D: self-report" in figure
    unknown = portal.get(f"/programmes/boost/account/{CPI1}/2018/").content.decode()
    assert "<strong>not known</strong>" in unknown
    assert "the log of attendance is complete for 2019–2025" in unknown
    open_ = portal.get("/programmes/boost/account/flemish-clusters-2025-dbc3/2025/")
    assert "<strong>67 to 70</strong> actors" in open_.content.decode()

    table = portal.get("/programmes/boost/account/table.csv").content.decode()
    assert f"{CPI1},Active actors,behaviour,2025,36" in table.replace("36.0", "36")
    told = portal.get("/api/v1/programmes/boost/account?account_year=2025&stage=behaviour").json()
    found = next(each for each in told["figures"] if each["rule"] == CPI1)
    assert (found["value"], found["grade"], found["status"]) == (36, "D", "counted")
    assert found["evidence"]["rows"]["participants"] > 0
    report = portal.get("/programmes/boost/report.pdf")
    assert report.content.startswith(b"%PDF-")
    block = portal.get("/programmes/boost/").content.decode()
    assert "What came of it" in block
    seen = "".join((page, figure, table, json.dumps(told), block))
    assert not [name for name in NAMES if name in seen]
    assert "C001" not in seen

    rows = f"/programmes/boost/account/{CPI1}/2025/rows/"
    assert portal.get(rows).status_code == 302  # to sign in
    assert signed_in(person("guest@example.org")).get(rows).status_code == 403
    seen_inside = signed_in(runner).get(rows).content.decode()
    assert any(name in seen_inside for name in NAMES)
    for wrong in ("account/no-such-rule/2025/", f"account/{CPI1}/2031/"):
        assert portal.get(f"/programmes/boost/{wrong}").status_code == 404
    assert portal.get("/programmes/boost/account/?year=1999").status_code == 404
    assert portal.get("/api/v1/programmes/nobody/account").status_code == 404
