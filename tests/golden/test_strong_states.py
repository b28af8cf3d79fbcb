"""Two clusters of the 50 US states in 2016, as the US portal flagged them."""

from __future__ import annotations

import numpy as np
import pytest

from clusteratlas.measures import strength_flags

CLUSTERS = ["us_state_2016_wood", "us_state_2016_aerospace"]
FLAGS = ["qualifying", "significant", "strong", "strong10"]


@pytest.mark.shared
@pytest.mark.parametrize("name", CLUSTERS)
def test_every_flag_of_every_state(worked_example, name):
    example = worked_example(name)
    states = example["input"]
    assert len(states["state"]) == 50
    flags = strength_flags(states["lq"], states["emp"], states["est"])
    for flag in FLAGS:
        wrong = [
            state
            for state, ours, theirs in zip(
                states["state"], getattr(flags, flag), example["expected"][flag], strict=True
            )
            if ours != theirs
        ]
        assert wrong == [], f"{flag} differs"


@pytest.mark.shared
def test_both_clusters_as_columns_of_one_table(worked_example):
    examples = [worked_example(name) for name in CLUSTERS]
    assert examples[0]["input"]["state"] == examples[1]["input"]["state"]
    table = [
        np.column_stack([example["input"][word] for example in examples])
        for word in ("lq", "emp", "est")
    ]
    flags = strength_flags(*table)
    for flag in FLAGS:
        expected = np.column_stack([example["expected"][flag] for example in examples])
        np.testing.assert_array_equal(getattr(flags, flag), expected)
    assert flags.strong.sum() > 0
