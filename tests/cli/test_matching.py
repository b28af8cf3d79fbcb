"""`clusteratlas matching evaluate`: the table, the object for machines, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

LIST = """org_id,org_title,cluster_name
1,Steel Valley,Upstream Metal Manufacturing
1,Steel Valley,Metalworking Technology
2,Metal North,Upstream Metal Manufacturing
2,Metal North,Metalworking Technology
2,Metal North,Metalworking Technology
3,Words,Printing Services
3,Words,"Marketing, Design, and Publishing"
3,Words,Local Utilities
4,Single,Automotive
"""


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "registry.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_one_object_for_machines(run, registry: Path) -> None:
    answer = run("matching", "evaluate", registry, "--json", "--draws", 200, "--seed", 3).ended(0)
    found = json.loads(answer.out)
    assert {"mrr", "mrr_cold", "hits_5", "hits_10", "intervals", "rankings"} < set(found)
    assert (found["cases"], found["cold_cases"], found["organisations"]) == (6, 2, 4)
    assert (found["seed"], found["draws"], found["left_out"]) == (3, 200, "organisation")
    assert found["rankings"]["shipped"]["mrr"] == found["mrr"]
    assert {"random", "popularity", "co_tags", "skills", "input_output", "colocation"} < set(
        found["rankings"]
    )
    for each in found["rankings"].values():
        low, high = each["intervals"]["mrr"]
        assert 0 <= low <= each["mrr"] <= high <= 1
    assert [each["row"] for each in found["findings"]] == [6]
    again = run("matching", "evaluate", registry, "--json", "--draws", 200, "--seed", 3)
    assert again.out == answer.out


def test_relatedness_of_a_release_in_place_of_the_package(
    run, registry: Path, sample_place: Path
) -> None:
    asked = ("matching", "evaluate", registry, "--json", "--draws", 100)
    packaged = json.loads(run(*asked).ended(0).out)
    released = json.loads(run(*asked, "--place", sample_place).ended(0).out)
    assert released["mrr"] == pytest.approx(packaged["mrr"])
    run(*asked, "--place", registry.parent / "none").ended(3)


def test_a_table_that_says_how_far_to_trust_it(run, registry: Path) -> None:
    out = run("matching", "evaluate", registry, "--draws", 200).ended(0).out
    assert "6 hidden ones of 3 organisations" in out
    assert "ours, as shipped" in out
    assert "6 cases are few" in out
    assert "link stands twice" in out
    assert max(map(len, out.splitlines())) <= 80


def test_faults_and_questions_without_an_answer(run, registry: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("name,cluster\nx,Metalworkin Technology\n,1\n", encoding="utf-8")
    answer = run("matching", "evaluate", wrong).ended(2)
    assert "2 faults in the input" in answer.err
    assert "did you mean Metalworking Technology" in answer.err
    assert not answer.out
    single = tmp_path / "single.csv"
    single.write_text("name,cluster\nx,1\ny,2\n", encoding="utf-8")
    assert "nothing to hide" in run("matching", "evaluate", single).ended(3).err
    other = run("matching", "evaluate", registry, "--definition", "nace-divisions").ended(3)
    assert "No relatedness of that cluster definition" in other.err
    assert run("matching", "evaluate", tmp_path / "none.csv").ended(2)
    assert run("matching", "evaluate", registry, "--draws", 3).ended(2)
