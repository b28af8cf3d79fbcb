"""What every public measure keeps to, whatever it computes."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from clusteratlas import measures
from clusteratlas.measures.catalogue import every_measure
from clusteratlas.measures.labelled import MEASURES
from clusteratlas.tables import InvalidInput

RNG = np.random.default_rng(12)
REGIONS, INDUSTRIES = [f"r{place}" for place in range(9)], list("abcdef")
JOBS = RNG.integers(1, 60, (9, 6)).astype(float)
JOBS[2, 3] = 90.0  # a region with the industry: its quotient is above one
LATER = JOBS + RNG.integers(0, 9, JOBS.shape)
QUOTIENT = measures.location_quotient(JOBS)
SHARE = measures.region_share(JOBS)
PRESENT = measures.presence(QUOTIENT)
PROXIMITY = measures.proximity(PRESENT)
RING = np.roll(np.eye(9), 1, axis=1) + np.roll(np.eye(9), -1, axis=1)
POINTS = RNG.random((30, 2))
KINDS = np.array(list("AB") * 15)
PLANTS = {
    "region": np.array(list("NNSSNS") * 5),
    "industry": np.array(list("xyxyxyxyxy") * 3),
}

TABLES: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    # regions x industries come first; the second part is all that is no table
    "average_quotient": ((JOBS,), {}),
    "cluster_strength": ((JOBS, QUOTIENT >= 1), {}),
    "coagglomeration": ((JOBS,), {}),
    "colocation": ((JOBS,), {}),
    "complexity": ((PRESENT,), {}),
    "convergence": ((JOBS, LATER), {"years": 3}),
    "cooccurrence": ((PRESENT,), {}),
    "diversity": ((PRESENT,), {}),
    "ellison_glaeser": ((JOBS,), {"plant_herfindahl": np.full(6, 0.1)}),
    "entry": ((QUOTIENT, measures.location_quotient(LATER)), {}),
    "equivalent_number": ((JOBS,), {}),
    "excess_colocation": ((JOBS,), {}),
    "exit": ((QUOTIENT, measures.location_quotient(LATER)), {}),
    "fitness": ((PRESENT,), {"steps": 20}),
    "geary": ((JOBS,), {"weights": RING}),
    "getis_ord": ((JOBS,), {"weights": RING}),
    "gini": ((JOBS,), {}),
    "growth": ((JOBS, LATER), {"years": 3}),
    "hachman_index": ((JOBS,), {}),
    "herfindahl_index": ((JOBS,), {}),
    "hoover_index": ((JOBS,), {}),
    "krugman_index": ((JOBS,), {}),
    "litzenberger_sternberg": (
        (JOBS, JOBS),
        {"area": np.arange(1.0, 10), "population": np.arange(11.0, 20)},
    ),
    "local_moran": ((JOBS,), {"weights": RING}),
    "location_quotient": ((JOBS,), {}),
    "locational_gini": ((JOBS,), {}),
    "log_quotient": ((JOBS,), {}),
    "maurel_sedillot": ((JOBS,), {"plant_herfindahl": np.full(6, 0.1)}),
    "moran": ((JOBS,), {"weights": RING}),
    "national_share": ((JOBS,), {}),
    "percentile": ((JOBS,), {}),
    "performance_classes": ((JOBS,), {"cuts": (20.0, 40.0)}),
    "presence": ((QUOTIENT,), {}),
    "proximity": ((PRESENT,), {}),
    "rank": ((JOBS,), {}),
    "reflections": ((PRESENT,), {"steps": 3}),
    "region_share": ((JOBS,), {}),
    "region_shift_share": ((JOBS, LATER), {}),
    "related_variety": ((JOBS,), {"groups": list("xxyyzz")}),
    "relatedness": ((PRESENT,), {}),
    "shannon_entropy": ((JOBS,), {}),
    "shift_share": ((JOBS, LATER), {}),
    "shift_share_factors": ((JOBS, LATER), {}),
    "shrunk_quotient": ((JOBS,), {}),
    "specialisation_coefficient": ((JOBS,), {}),
    "specialisation_gini": ((JOBS,), {}),
    "specialisation_nodes": ((QUOTIENT, SHARE), {}),
    "standardised_quotient": ((JOBS,), {}),
    "star_rating": ((QUOTIENT, measures.national_share(JOBS), SHARE), {}),
    "strength_flags": ((QUOTIENT, JOBS, JOBS), {}),
    "survival": ((QUOTIENT, JOBS, JOBS), {}),
    "symmetric_quotient": ((JOBS,), {}),
    "theil_index": ((JOBS,), {}),
    "traded_local_split": ((JOBS,), {"traded": [True, True, False, True, False, True]}),
    "ubiquity": ((PRESENT,), {}),
}
"""Calls whose array arguments are all regions x industries."""

OF_WHAT_IS_KNOWN = {
    "cluster_strength",
    "convergence",
    "region_shift_share",
    "shift_share_factors",
    "strength_flags",
    "survival",
    "traded_local_split",
}
"""Sums and flags over the known cells, as their pages say under "Missing data"."""

OTHERS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "complexity_outlook": ((PRESENT, PROXIMITY, np.arange(6.0)), {}),
    "contiguity": (([("r0", "r1"), ("r1", "r2")],), {"regions": ["r0", "r1", "r2"]}),
    "distance_band": ((POINTS,), {"radius": 0.4}),
    "drawn_quotients": (
        (JOBS,),
        {"total": JOBS * 3, "reference": JOBS.sum(axis=0), "reference_total": [900.0] * 6},
    ),
    "dynamic_shift_share": ((np.stack([JOBS, LATER, LATER + 1]),), {}),
    "group_coagglomeration": ((JOBS,), {}),
    "interval": ((JOBS,), {}),
    "kd_function": ((POINTS,), {}),
    "m_function": ((POINTS, KINDS), {"kind": "A", "radii": [0.2, 0.4]}),
    "nearest_neighbours": ((POINTS,), {"count": 3}),
    "normalised_cooccurrence": ((measures.cooccurrence(PRESENT),), {}),
    "opportunity_gain": ((PRESENT, PROXIMITY, np.arange(6.0)), {}),
    "plant_herfindahl": ((RNG.integers(1, 90, 30),), {"industry": PLANTS["industry"]}),
    "plant_herfindahl_from_sizes": (
        (np.array([[3, 2], [1, 1]]), np.array([60, 30])),
        {"least": [1, 10], "most": [9, 30]},
    ),
    "plant_table": ((RNG.integers(1, 90, 30),), PLANTS),
    "probability_strong": ((QUOTIENT >= 1,), {}),
    "rank_interval": ((JOBS,), {}),
    "relatedness_density": ((PRESENT, PROXIMITY), {}),
    "ripley_k": ((POINTS,), {"radii": [0.1, 0.2]}),
    "skill_relatedness": ((RNG.integers(1, 30, (6, 6)) * (1 - np.eye(6)),), {}),
    "strong_in_draws": ((QUOTIENT, JOBS, np.arange(9.0)), {}),
    "tidy_location_quotient": (
        (JOBS.ravel(), np.repeat(np.arange(9), 6), np.tile(np.arange(6), 9)),
        {},
    ),
}
NO_ARRAYS = {"strength_profile", "strength_profiles", "star_rule", "star_rules"}
CALLS = TABLES | OTHERS


def parts(result: Any) -> dict[str, Any]:
    """The parts of a result by name."""
    if hasattr(result, "_asdict"):
        return result._asdict()
    if is_dataclass(result):
        return {field.name: getattr(result, field.name) for field in fields(result)}
    return {"": result}


def figures(value: Any) -> np.ndarray:
    if isinstance(value, Mapping):
        return np.stack([np.asarray(part, dtype=float) for part in value.values()])
    if scipy.sparse.issparse(value):
        value = value.toarray()
    return np.asarray(value)


def test_every_public_measure_is_called_here():
    assert sorted(CALLS.keys() | NO_ARRAYS) == sorted(every_measure())


@pytest.mark.parametrize("name", sorted(set(MEASURES) - NO_ARRAYS))
def test_arrays_come_first_and_everything_else_by_name(name):
    arrays, options = CALLS[name]
    parameters = list(inspect.signature(getattr(measures, name)).parameters.values())
    for place, parameter in enumerate(parameters):
        assert parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        if place < len(arrays):
            assert parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    by_name = {
        parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY
    }
    assert options.keys() - {"weights", "traded"} <= by_name


@pytest.mark.parametrize("name", sorted(CALLS))
def test_inputs_are_not_changed_and_results_share_no_memory(name):
    arrays, options = CALLS[name]
    own = [np.array(array) if isinstance(array, np.ndarray) else array for array in arrays]
    result = getattr(measures, name)(*own, **options)
    for given, before in zip(own, arrays, strict=True):
        if isinstance(before, np.ndarray):
            np.testing.assert_array_equal(given, before)
            for part in parts(result).values():
                if isinstance(part, np.ndarray):
                    assert not np.shares_memory(part, given)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_same_call_gives_the_same_answer(name):
    arrays, options = CALLS[name]
    measure = getattr(measures, name)
    one, other = parts(measure(*arrays, **options)), parts(measure(*arrays, **options))
    for part in one:
        np.testing.assert_array_equal(figures(one[part]), figures(other[part]))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_frames_give_the_same_figures_with_labels(name):
    arrays, options = TABLES[name]
    measure, gives = MEASURES[name].function, MEASURES[name].gives
    framed = [pd.DataFrame(array, index=REGIONS, columns=INDUSTRIES) for array in arrays]
    plain, labelled = parts(measure(*arrays, **options)), parts(measure(*framed, **options))
    labels = {
        "cells": [REGIONS, INDUSTRIES],
        "pairs": [INDUSTRIES, INDUSTRIES],
        "regions": [REGIONS],
        "industries": [INDUSTRIES],
    }
    told = 0
    for part, value in plain.items():
        axes = gives if isinstance(gives, str) else gives.get(part, "plain")
        if value is None or axes == "plain" or isinstance(value, Mapping):
            continue
        found = labelled[part]
        assert [list(axis) for axis in found.axes] == labels[axes], part
        np.testing.assert_array_equal(figures(found), figures(value))
        told += 1
    assert told


@pytest.mark.parametrize("name", sorted(TABLES))
def test_sparse_equals_dense(name):
    arrays, options = TABLES[name]
    measure = MEASURES[name].function
    plain = parts(measure(*arrays, **options))
    found = parts(measure(*(scipy.sparse.csr_array(array) for array in arrays), **options))
    for part, value in plain.items():
        one, other = figures(found[part]), figures(value)
        if one.dtype.kind == "f":
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12, err_msg=part)
        else:
            np.testing.assert_array_equal(one, other, err_msg=part)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_order_of_regions_is_irrelevant(name):
    arrays, options = TABLES[name]
    measure, gives = MEASURES[name].function, MEASURES[name].gives
    order = np.array([4, 0, 8, 2, 6, 1, 3, 7, 5])
    turned = {
        key: value[order] if key in ("area", "population") else value
        for key, value in options.items()
    }
    if "weights" in turned:
        turned["weights"] = RING[np.ix_(order, order)]
    plain = parts(measure(*arrays, **options))
    found = parts(measure(*(array[order] for array in arrays), **turned))
    for part, value in plain.items():
        axes = gives if isinstance(gives, str) else gives.get(part, "plain")
        one, other = figures(found[part]), figures(value)
        if other.dtype.kind not in "bif" or other.dtype == object:
            continue
        if axes in ("cells", "regions"):
            other = other[order]
        if axes != "plain":
            np.testing.assert_allclose(
                one.astype(float), other.astype(float), rtol=1e-7, atol=1e-9, err_msg=part
            )


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_withheld_cell_is_refused_by_name_or_marked(name):
    """Taking the cell for zero would give another figure and no mark: that must not happen."""
    measure = MEASURES[name].function
    row, column = np.argwhere(PRESENT == 0)[0]
    told = [marked(name, "r2", "d"), marked(name, REGIONS[row], INDUSTRIES[column])]
    if name in OF_WHAT_IS_KNOWN:
        about = inspect.getdoc(measure).split("Missing data")[1]
        assert re.search(r"known|left out|cannot be shown", about)
    elif name == "entry":  # whether an industry is new is asked only where it was not
        assert told == [False, True]
    elif name == "exit":
        assert told == [True, False]
    else:
        assert all(told)


def marked(name: str, region: str, industry: str) -> bool:
    """Whether a measure refuses a gap in its first table by name, or has more gaps for it."""
    arrays, options = TABLES[name]
    measure = MEASURES[name].function
    gaps = [pd.DataFrame(array, index=REGIONS, columns=INDUSTRIES, dtype=float) for array in arrays]
    gaps[0].loc[region, industry] = np.nan
    try:
        found = parts(measure(*gaps, **options))
    except InvalidInput as error:
        return f"region {region}, industry {industry}" in str(error)
    for part, value in parts(measure(*arrays, **options)).items():
        one, other = figures(found[part]), figures(value)
        if one.dtype.kind == "f" and np.isnan(one).sum() > np.isnan(other).sum():
            return True
    return False
