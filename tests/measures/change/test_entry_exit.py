"""Entry and exit: the published table, a second reading, and what must hold."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from clusteratlas.measures.change.entry_exit import entry, exit
from clusteratlas.tables import InvalidInput

NAN = np.nan
BEFORE = [
    [1, 1, 1, 1, 1, 0],
    [1, 1, 1, 0, 0, 1],
    [1, 1, 0, 0, 1, 0],
    [1, 0, 0, 1, 0, 0],
    [1, 1, 0, 0, 0, 0],
]
AFTER = [
    [1, 1, 1, 0, 1, 0],
    [1, 1, 1, 0, 0, 1],
    [1, 1, 0, 0, 1, 0],
    [1, 1, 0, 1, 0, 0],
    [1, 1, 1, 0, 0, 0],
]
ECONGEO = [  # R package EconGeo 1.3, entry.mat on these two tables
    [NAN, NAN, NAN, NAN, NAN, 0],
    [NAN, NAN, NAN, 0, 0, NAN],
    [NAN, NAN, 0, 0, NAN, 0],
    [NAN, 1, 0, NAN, 0, 0],
    [NAN, NAN, 1, 0, 0, 0],
]
EXAMPLES = Path(__file__).parents[3] / "shared" / "oracles" / "worked-examples.json"
QUOTIENTS = arrays(
    float, (5, 4), elements=st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 3.0, NAN])
)


def test_entries_as_econgeo_has_them():
    np.testing.assert_array_equal(entry(BEFORE, AFTER), ECONGEO)


@pytest.mark.shared
@pytest.mark.skipif(not EXAMPLES.exists(), reason="the worked examples are not on this machine")
def test_the_worked_example():
    example = next(e for e in json.loads(EXAMPLES.read_text()) if e["id"] == "econgeo_entry")
    found = entry(example["input"]["mat1"], example["input"]["mat2"])
    np.testing.assert_array_equal(found, np.array(example["expected"], dtype=float))


def test_exits_by_hand():
    expected = np.where(np.array(BEFORE) == 1, 0.0, NAN)
    expected[0, 3] = 1
    np.testing.assert_array_equal(exit(BEFORE, AFTER), expected)


def test_two_levels_ask_for_a_real_move():
    start, end = [0.4, 0.4, 0.9, 1.2, 1.2], [1.0, 0.9, 1.5, 0.9, 0.4]
    np.testing.assert_array_equal(entry(start, end, absent_below=0.5), [1, 0, NAN, NAN, NAN])
    np.testing.assert_array_equal(exit(start, end, absent_below=0.5), [NAN, NAN, NAN, 0, 1])
    np.testing.assert_array_equal(entry(start, end), [1, 0, 1, NAN, NAN])


@settings(max_examples=100, deadline=None)
@given(QUOTIENTS, QUOTIENTS, st.sampled_from([0.5, 1.0]), st.sampled_from([1.0, 1.25]))
def test_cell_by_cell(start, end, low, high):
    levels = {"absent_below": low, "present_from": high}
    came, left = entry(start, end, **levels), exit(start, end, **levels)
    for place in np.ndindex(start.shape):
        one, two = start[place], end[place]
        known = not np.isnan(one + two)
        assert np.isnan(came[place]) == (not (known and one < low))
        assert np.isnan(left[place]) == (not (known and one >= high))
        assert not (known and one < low) or came[place] == (two >= high)
        assert not (known and one >= high) or left[place] == (two < low)


@settings(max_examples=60, deadline=None)
@given(QUOTIENTS, QUOTIENTS, st.permutations(range(5)))
def test_what_comes_forwards_leaves_backwards(start, end, order):
    came, left = entry(start, end), exit(end, start)
    assert ((came == 1) == (left == 1)).all()
    np.testing.assert_array_equal(entry(start[order], end[order]), came[order])
    known = ~np.isnan(start + end)
    assert (np.isnan(entry(start, end)) ^ np.isnan(exit(start, end)))[known].all()


def test_labels_sparse_and_inputs_left_alone():
    frame = pd.DataFrame(BEFORE, index=list("abcde"), columns=list("uvwxyz"))
    after = pd.DataFrame(AFTER, index=list("abcde"), columns=list("uvwxyz"))
    found = entry(frame, after.iloc[::-1])
    assert list(found.index) == list("abcde")
    np.testing.assert_array_equal(found.to_numpy(), ECONGEO)
    sparse = [scipy.sparse.csr_array(np.array(table)) for table in (BEFORE, AFTER)]
    np.testing.assert_array_equal(entry(*sparse), ECONGEO)
    assert frame.to_numpy().tolist() == BEFORE
    series = entry({1: BEFORE, 2: AFTER}, {1: AFTER, 2: AFTER})
    assert (series[1] == 1).sum() == 2
    assert (series[2] == 1).sum() == 0


def test_bad_input_is_refused():
    with pytest.raises(InvalidInput, match="absent and present at once"):
        entry([1], [1], absent_below=2)
    with pytest.raises(InvalidInput, match="negative"):
        exit([-1], [1])
    with pytest.raises(InvalidInput, match="shape"):
        entry([[1, 2]], [[1]])
