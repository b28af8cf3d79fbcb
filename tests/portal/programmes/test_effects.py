"""Effects in the portal: files in, the checks first, an effect or the reasons why there is none."""

from __future__ import annotations

import csv
import io
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.portal.people import join, organisation, person, programme, signed_in

from clusteratlas.portal.operations import jobs
from clusteratlas.portal.operations.models import Job
from clusteratlas.portal.programmes.effects import check_words, keeping, uploads, words
from clusteratlas.portal.programmes.models import EffectStudy, Programme, StudyFiles
from clusteratlas.programmes.demonstration import fictional_panel
from clusteratlas.programmes.effects import (
    Choices,
    Columns,
    Costs,
    Design,
    EffectReport,
    Estimator,
    Outcome,
    Scale,
    Study,
    Verdict,
    evaluate,
)
from clusteratlas.programmes.effects import words as room_words

pytestmark = [pytest.mark.django_db]
BASE = "/programmes/boost/effects/"
CHOSEN = {
    "title": "Firms",
    "design": "matched",
    "unit": "unit",
    "period": "period",
    "industry": "industry",
    "region": "region",
    "covariates": ["log_size", "age"],
    "window": "4",
    "anticipation": "0",
    "controls": "not_yet",
    "currency": "EUR",
    "price_base": "2020",
    "source": "Nobody",
    "column_1": "jobs",
    "unit_1": "jobs",
    "scale_1": "log",
    "column_2": "exports",
    "unit_2": "EUR",
    "scale_2": "log",
    "money_2": "on",
}


def as_file(table: pa.Table, name: str) -> SimpleUploadedFile:
    out = io.BytesIO()
    pacsv.write_csv(table, out)
    return SimpleUploadedFile(name, out.getvalue(), "text/csv")


@pytest.fixture
def runs(portal: Any) -> Any:
    """A browser of somebody who runs the programme."""
    run_by = organisation("optics")
    programme("boost", run_by=run_by)
    somebody = person()
    join(somebody, run_by)
    return signed_in(somebody)


def send(browser: Any, panel: pa.Table, support: pa.Table) -> str:
    answer = browser.post(
        f"{BASE}new/",
        {"panel": as_file(panel, "firms.csv"), "treated": as_file(support, "supported.csv")},
    )
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def work(browser: Any, address: str, chosen: dict[str, Any], monkeypatch: Any) -> Job:
    """Ask and do the work here; the process of its own is tested where jobs are."""
    monkeypatch.setattr(jobs, "launch", lambda job: None)
    monkeypatch.setattr(keeping, "_hold_memory", lambda: None)
    monkeypatch.setattr(uploads.transaction, "on_commit", lambda go: go())
    answer = browser.post(address, chosen)
    assert answer.status_code == 302, answer.content.decode()
    return jobs.run(Job.objects.latest("pk").pk)


def test_from_files_to_a_public_effect_and_a_refused_one(runs: Any, monkeypatch: Any) -> None:
    panel, support = fictional_panel()
    address = send(runs, panel, support)
    files = StudyFiles.objects.get()
    shown = runs.get(address).content.decode()
    assert '<option value="unit" selected>' in shown
    assert '<option value="industry">' not in shown.partition('name="column_1"')[2][:400]
    job = work(runs, address, CHOSEN, monkeypatch)
    assert job.state == Job.State.DONE, job.faults
    assert not StudyFiles.objects.exists()

    study = EffectStudy.objects.get()
    assert study.given["panel"] == "firms.csv"
    assert sorted(study.report["data"]["checksums"]) == ["firms.csv", "supported.csv"]
    assert runs.get(f"{BASE}1/").status_code == 404
    draft = runs.get(f"{BASE}1/draft/").content.decode()
    assert "Not public." in draft
    assert runs.post(f"{BASE}1/step/publish/").status_code == 302

    everybody = signed_in(person("eve"))
    told = everybody.get(f"{BASE}1/").content.decode()
    report = EffectReport.from_dict(study.report)
    effect = report.of("jobs").effect()
    assert effect is not None
    assert effect.percent is not None
    assert f"Support raised jobs by +{effect.percent[0]:.1f}" in told
    assert "grade B" in told
    assert "No effect on exports is told" in told
    assert "“Parallel before the start” fails." in told
    assert "event-study-1-direct" in told
    assert "event-study-2-direct" not in told
    assert "What would help:" in told
    assert "EUR" in told

    rows = list(
        csv.DictReader(io.StringIO(everybody.get(f"{BASE}1/estimates.csv").content.decode()))
    )
    exports = [row for row in rows if row["outcome"] == "exports"]
    assert [(row["effect"], row["refused"]) for row in exports] == [("", "pre_trends")]
    assert len({row["estimator"] for row in rows if row["outcome"] == "jobs"}) == 3
    assert "exports" not in everybody.get(f"{BASE}1/events.csv").content.decode()
    assert everybody.get(f"{BASE}1/checks.xlsx").status_code == 200
    assert everybody.get(f"{BASE}1/report.json").json() == study.report
    assert "Support raised jobs" in everybody.get("/programmes/boost/").content.decode()
    assert not uploads.folder(files.key).exists()


def test_faults_of_the_files_are_all_named_and_the_files_stay(runs: Any, monkeypatch: Any) -> None:
    panel = pa.table({"unit": ["a", "a", "b"], "year": [2018, 2019, 2018], "jobs": [1, 2, 3]})
    support = pa.table({"unit": ["a", "c"], "from": [2019, 2019]})
    address = send(runs, panel, support)
    chosen = {
        **{name: value for name, value in CHOSEN.items() if not name.endswith("_2")},
        "period": "year",
        "design": "staggered",
        "covariates": [],
        "industry": "",
        "region": "",
    }
    job = work(runs, address, chosen, monkeypatch)
    assert job.state == Job.State.FAILED
    problems = [each["problem"] for each in job.faults]
    assert any("unit c of the treated list" in each for each in problems)
    assert any("unit b has no row for 2019" in each for each in problems)
    assert not any("studies" in each["file"] for each in job.faults)
    assert StudyFiles.objects.count() == 1
    assert "unit b has no row for 2019" in runs.get(address).content.decode()
    assert runs.post(f"{address}forget/").status_code == 302
    assert not StudyFiles.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"unit_2": "shells"}, "three letters of the currency"),
        ({"column_1": "", "column_2": ""}, "Choose at least one outcome."),
        ({"column_2": "jobs", "money_2": ""}, "Each outcome is chosen once."),
        ({"cost": "5", "currency": ""}, "Money needs its currency."),
        ({"design": "guess"}, "guess"),
    ],
)
def test_choices_that_do_not_fit_are_said_before_any_work(
    runs: Any, change: dict[str, str], said: str
) -> None:
    table = pa.table({"unit": ["a"], "period": [2019], "jobs": [1], "exports": [2]})
    address = send(runs, table.append_column("log_size", [[1]]), table)
    given = {**CHOSEN, "covariates": [], "industry": "", "region": "", **change}
    answer = runs.post(address, given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Job.objects.exists()


def test_what_is_no_csv_is_not_kept(runs: Any) -> None:
    table = pa.table({"unit": ["a"], "from": [2019]})
    picture = SimpleUploadedFile("firms.csv", b"\x89PNG\r\n\x1a\n\x00\xff", "text/csv")
    answer = runs.post(
        f"{BASE}new/", {"panel": picture, "treated": as_file(table, "supported.csv")}
    )
    assert answer.status_code == 422
    assert "This is no CSV" in answer.content.decode()
    assert not StudyFiles.objects.exists()
    wide = pa.table({f"c{number}": [1, 2] for number in range(uploads.MOST_COLUMNS + 1)})
    both = {"panel": as_file(wide, "wide.csv"), "treated": as_file(table, "supported.csv")}
    answer = runs.post(f"{BASE}new/", both)
    assert answer.status_code == 422
    assert "column names, at most 200, and rows" in answer.content.decode()
    assert not StudyFiles.objects.exists()


def test_a_public_study_is_taken_back_before_it_is_deleted_and_its_number_stays_taken(
    runs: Any,
) -> None:
    row = Programme.objects.get()
    report = refused_report()
    for title in ("one", "two"):
        keeping.keep_study(row, title, report, {}, person=None)
    runs.post(f"{BASE}2/step/publish/")
    runs.post(f"{BASE}2/step/delete/")
    assert EffectStudy.objects.count() == 2
    runs.post(f"{BASE}2/step/withdraw/")
    runs.post(f"{BASE}2/step/delete/")
    assert [each.number for each in EffectStudy.objects.all()] == [1]
    assert keeping.keep_study(row, "three", report, {}, person=None).number == 3


def refused_report() -> EffectReport:
    panel = {"unit": ["a", "a", "b", "b"], "period": [1, 2, 1, 2], "jobs": [3, 4, 5, 6]}
    study = Study(
        Design.staggered,
        (Outcome("jobs", scale=Scale.level),),
        Columns(),
        Choices(window=1),
        Costs("EUR"),
    )
    return evaluate(study, panel, {"unit": ["a"], "from": [2]})


@pytest.mark.usefixtures("portal")
def test_every_word_of_the_room_has_one_in_the_portal() -> None:
    assert set(check_words.NAMES) >= set(room_words.CHECKS)
    assert set(check_words.HELPS) >= set(room_words.HELPS)
    assert set(words.DESIGNS) == set(Design)
    assert set(words.ESTIMATORS) == set(Estimator)
    for check in refused_report().all_checks:
        assert check_words.check(check)[1]
        assert check.verdict in set(Verdict)
