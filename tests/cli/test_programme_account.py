"""From logs to an account and a printed report at the terminal; the tutorial, run as it stands."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from clusteratlas.programmes.demonstration import write_example

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```(sh|text)\n(.*?)```", re.DOTALL)
CPI1 = "flemish-clusters-2025-cpi1"


@pytest.fixture(scope="module")
def boost(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("boost")
    write_example(place)
    return place


def test_an_account_for_machines_names_every_row(run, boost: Path, tmp_path: Path) -> None:
    register = ("--register", boost / "programme.json")
    told = json.loads(run("programme", "account", boost / "logs", *register, "--json").ended(0).out)
    assert told["programme"] == "Imaginary Cluster Boost"
    found = {(each["rule"], each["year"]): each for each in told["figures"]}
    active = found[CPI1, 2025]
    assert (active["value"], active["grade"], active["status"]) == (36, "D", "counted")
    _header, *rows = (boost / "logs" / "participants.csv").read_text().splitlines()
    counted = [rows[number - 2].split(",") for number in active["evidence"]["rows"]["participants"]]
    running = {
        row.split(",")[0]
        for row in (boost / "logs" / "projects.csv").read_text().splitlines()[1:]
        if row.split(",")[7] <= "2025-12-31" and (row.split(",")[8] or "9") >= "2025-01-01"
    }
    assert counted
    assert {row[0] for row in counted} <= running
    unknown = found[CPI1, 2018]
    assert (unknown["value"], unknown["low"], unknown["why"]["code"]) == (
        None,
        None,
        "year_not_covered",
    )
    one = json.loads(
        run("programme", "account", boost / "logs.xlsx", *register, "--json", "--figure", CPI1,
            "--year", "2025").ended(0).out
    )  # fmt: skip
    assert [each["evidence"]["checksum"] for each in one["figures"]] == [
        active["evidence"]["checksum"]
    ]
    without = run("programme", "account", boost / "logs").ended(0).out
    assert "no register of the programme's money is given" in " ".join(without.split())
    # A slip of the pen is answered with what there is.
    assert run("programme", "account", boost / "logs", "--figure", "cpi9").ended(3).err
    assert (
        "2018 to 2025" in run("programme", "account", boost / "logs", "--year", "1999").ended(3).err
    )
    assert run("programme", "account", boost / "logs", *register, "--programme", "x").ended(3).err
    ours = tmp_path / "ours.toml"
    ours.write_text((ROOT / "docs/reference/programme-rules.md").read_text().split("```toml\n")[1]
                    .split("```")[0])  # fmt: skip
    own = run("programme", "account", boost / "logs", "--rules", ours, "--figure", "ours-1-f1")
    assert "Faithful groups" in own.ended(0).out
    assert "one name and version" in run(
        "programme", "account", boost / "logs", "--rules", ours, "--rules", ours
    ).ended(3).err  # fmt: skip
    wrong = run("programme", "report", boost / "logs", tmp_path / "r.pdf", "--effect", ours)
    assert "not JSON" in wrong.ended(2).err
    assert not (tmp_path / "r.pdf").exists()


def test_the_tutorial_runs_as_it_stands(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs/tutorial/programme.md").read_text(encoding="utf-8")
    said = ""
    compared = 0
    for kind, block in BLOCK.findall(text):
        if kind == "text":
            for part in re.split(r"(?m)^\.\.\.\n?", block):
                assert part.strip() in said, f"the tutorial says\n{part}\nand it is\n{said}"
                said = said[said.index(part.strip()) + len(part.strip()) :]
            compared += 1
            continue
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line)
            if words[0] == "echo":
                with Path(words[3]).open("a") as opened:
                    opened.write(f"{words[1]}\n")
                continue
            answer = run(*words[1:])
            assert answer.code in (0, 2, 3), answer.err
            said = answer.out or answer.err
    assert compared == 8
    first = (tmp_path / "report.pdf").read_bytes()
    assert first.startswith(b"%PDF-")
    worth = (
        'currency = "EUR"\nprice_base = 2020\ndiscount_rate = 0.03\n'
        "[value_per_unit]\nvalue = 52000\n[base]\nvalue = 40\n"
        '[public]\ncost = { value = 4694700, source = "treated.csv" }\npaid = "evenly"\n'
    )
    (tmp_path / "worth.toml").write_text(worth)
    given = ("boost/logs", "worth.pdf", "--assumptions", "worth.toml")
    assert "no effect whose return" in run("programme", "report", *given).ended(3).err
    run("programme", "report", *given, "--effect", "jobs.json").ended(0)
    assert (tmp_path / "worth.pdf").read_bytes().startswith(b"%PDF-")
    assert json.loads((tmp_path / "exports.json").read_text())["outcomes"][0]["estimates"] == []
