"""Assessment, moves, the log and its replay."""

from __future__ import annotations

import numpy as np
import pytest
from tests.relatedness.defining.planted import planted

from clusteratlas.classification import read_definition
from clusteratlas.relatedness.defining.assessment import assess
from clusteratlas.relatedness.defining.change_log import log_bytes, read_log, replay
from clusteratlas.relatedness.defining.moves import (
    Move,
    apply_moves,
    move_outliers,
    read_moves,
    scorer,
)
from clusteratlas.relatedness.defining.naming import name_clusters
from clusteratlas.relatedness.defining.written import definition_bytes
from clusteratlas.relatedness.similarities import Similarities
from clusteratlas.tables import InvalidInput


@pytest.fixture
def wrong():
    """Planted clusters with one industry in the wrong one."""
    similarities, groups = planted()
    definition = {
        code: str(group + 1) for code, group in zip(similarities.labels, groups, strict=True)
    }
    return similarities, definition | {"311000": "5"}


def test_an_industry_in_the_wrong_cluster_is_found_and_moved(wrong):
    similarities, definition = wrong
    found = {each.industry: each for each in assess(similarities, definition)}
    assert found["311000"].verdict != "fits"
    assert found["311000"].suggested == "1"
    assert found["311001"].verdict == "fits"
    assert found["311001"].suggested == ""
    moved = move_outliers(definition, similarities)
    assert moved.definition["311000"] == "1"
    assert all(each.score_after > each.score_before for each in moved.changes)
    kept = move_outliers(definition, similarities, keep=["311000"])
    assert kept.definition["311000"] == "5"


def test_verdicts_follow_the_cuts(wrong):
    for each in assess(*wrong):
        if each.verdict == "fits":
            assert each.within > each.between_p95
        elif each.verdict == "marginal outlier":
            assert each.between_mean < each.within <= each.between_p95
        else:
            assert each.within <= each.between_mean
        assert (each.suggested == "") == (each.verdict == "fits")


def test_alone_and_not_assessed_are_said(wrong):
    similarities, definition = wrong
    found = {
        each.industry: each
        for each in assess(similarities, definition | {"311000": "9", "999999": "1"})
    }
    assert found["311000"].verdict == "alone"
    assert np.isnan(found["311000"].within)
    assert found["311000"].suggested == "1"
    assert found["999999"].verdict == "not assessed"


def test_an_expert_moves_with_a_note_or_where_the_score_rises(wrong):
    similarities, definition = wrong
    moves = [Move("311007", "4"), Move("311008", "4", "law of 2024"), Move("311000", "1")]
    done = apply_moves(definition, moves, scorer(similarities))
    assert [each.applied for each in done.changes] == [False, True, True]
    assert [done.definition[each.industry] for each in moves] == ["2", "4", "1"]
    assert done.changes[1].score_after < done.changes[1].score_before


def test_the_log_replays_to_equal_bytes(wrong, tmp_path):
    similarities, definition = wrong
    first = apply_moves(
        definition, [Move("311008", "4", 'a "note", with\na line')], scorer(similarities)
    )
    second = move_outliers(first.definition, similarities, first_step=2)
    log = (*first.changes, *second.changes)
    path = tmp_path / "changes.csv"
    path.write_bytes(log_bytes(log))
    names = name_clusters(definition, {})
    again = replay(read_log(path), definition)
    assert definition_bytes(again, names) == definition_bytes(second.definition, names)
    assert log_bytes(read_log(path)) == path.read_bytes()
    with pytest.raises(InvalidInput, match="is this the log of another start"):
        replay(log, definition | {"311008": "3"})


def test_every_fault_of_a_moves_file_at_once(wrong, tmp_path):
    definition = wrong[1]
    path = tmp_path / "moves.csv"
    path.write_text(
        "industry,to,note,from\n"
        "311001,2,fine,1\n"
        "111111,2,,\n"
        "311002,77,,\n"
        "311003,2,,9\n"
        "311004,1,,\n"
        "311001,3,,\n"
        ",2,,\n"
        "311005,,,\n"
        "311006,2\n"
    )
    with pytest.raises(InvalidInput) as error:
        read_moves(path, definition)
    faults = {(each.row, each.column, each.value) for each in error.value.faults}
    assert faults == {
        (3, "industry", "111111"),
        (4, "to", "77"),
        (5, "from", "9"),
        (6, "to", "1"),
        (7, "industry", "311001"),
        (8, "industry", ""),
        (9, "to", ""),
        (10, "", ""),
    }
    assert all(each.file == str(path) and each.problem for each in error.value.faults)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot be read"),
        ("industry,note\n311001,x\n", "column to is missing"),
        ("industry,to,to\n311001,2,2\n", "stands twice"),
        ('industry,to\n"311001,2\n', "cannot be read as a table"),
        ("", "column industry is missing"),
    ],
)
def test_a_moves_file_that_is_none_is_refused(wrong, tmp_path, content, problem):
    path = tmp_path / "moves.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InvalidInput, match=problem):
        read_moves(path, wrong[1])


def test_a_moves_file_is_read_in_order(wrong, tmp_path):
    path = tmp_path / "moves.csv"
    path.write_text("\ufeffNote,To,Industry\nbecause,2,311001\n\n,3,311002\n")
    assert read_moves(path, wrong[1]) == (Move("311001", "2", "because"), Move("311002", "3"))


def test_a_damaged_log_is_refused(tmp_path):
    path = tmp_path / "changes.csv"
    path.write_text(
        "step,industry,from,to,rule,note,applied,score_before,score_after\n"
        "one,a,1,2,expert,,true,0.5,0.6\n"
        "2,a,1,2,expert,,maybe,0.5,0.6\n"
    )
    with pytest.raises(InvalidInput) as error:
        read_log(path)
    assert [each.row for each in error.value.faults] == [2, 3]


def test_the_written_definition_is_read_back(wrong, tmp_path):
    definition = {"311111": "1", "311119": "1", "334413": "2"}
    titles = {"311111": "Dog and Cat Food Manufacturing", "334413": "Semiconductor Manufacturing"}
    names = name_clusters(definition, titles)
    path = tmp_path / "definition.csv"
    path.write_bytes(definition_bytes(definition, names))
    own = read_definition(path, name="found", classification="naics-2017")
    assert own.clusters.column("name").to_pylist() == [names["1"], "Semiconductor"]
    assert own.clusters.column("traded").to_pylist() == [True, True]


def test_names_are_deterministic_short_and_all_different():
    definition = {"a": "1", "b": "2", "c": "3", "d": "4"}
    titles = {"a": "Boat Building", "b": "Boat Building", "c": "Other Manufacturing"}
    names = name_clusters(definition, titles)
    assert names["1"] != names["2"]
    assert names["3"] == "Industry c"
    assert names == name_clusters(dict(reversed(definition.items())), titles)


def test_a_definition_with_a_missing_industry_is_scored_over_the_rest(wrong):
    similarities, definition = wrong
    less = {code: cluster for code, cluster in definition.items() if code != "311000"}
    assert 0 < scorer(similarities)(less) <= 1
    assert isinstance(similarities, Similarities)
