"""Our measures give the numbers of other packages, with the arguments that the page names.

The numbers are kept by value in conventions.json with the version that gave them; `python -m
benchmarks --only conventions` runs the packages that install from the registry again.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from clusteratlas import measures

NUMBERS = json.loads(Path(__file__).with_name("conventions.json").read_text("utf-8"))
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "conventions.md"
PEERS = {
    "econcomplex",
    "ecomplexity",
    "economic-complexity",
    "fermi-cref",
    "pointpats",
    "esda",
    "EconGeo",
    "REAT",
}


@pytest.fixture(scope="module")
def names():
    """What the calls of the page may name: the measures and the input."""
    found = {name: getattr(measures, name) for name in measures.__all__}
    found |= {name: np.array(value, dtype=float) for name, value in NUMBERS["input"].items()}
    found["present"] = measures.presence(measures.location_quotient(found["jobs"]))
    found["touching"] = np.diag(np.ones(4), 1) + np.diag(np.ones(4), -1)
    return found | {"np": np}


def test_every_package_has_a_number():
    assert {row["peer"] for row in NUMBERS["rows"] if row["ours"]} == PEERS


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=f"{row['peer']}: {row['call']}")
        for row in NUMBERS["rows"]
        if row["ours"]  # of the others the page says why no argument gives their number
    ],
)
def test_the_named_arguments_give_the_number(row, names):
    ours = np.ravel(np.asarray(eval(row["ours"], dict(names)), dtype=float))
    tolerance = row.get("tolerance", 1e-8)
    np.testing.assert_allclose(ours, row["gives"], rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("row", NUMBERS["rows"], ids=lambda row: f"{row['peer']}: {row['call']}")
def test_the_page_names_the_calls(row):
    page = PAGE.read_text("utf-8")
    assert f"`{row['call']}`" in page
    if row["ours"]:
        assert f"`{row['ours']}`" in page
    assert f"{row['peer']} {row['version']}" in page


def test_the_page_prints_the_input():
    page = PAGE.read_text("utf-8")
    for row in NUMBERS["input"]["jobs"]:
        assert " | ".join(str(figure) for figure in row) in page
    for x, y in NUMBERS["input"]["points"]:
        assert f"({x}, {y})" in page


def test_degrees_of_freedom_of_r_economiccomplexity(names):
    """Its standard deviation divides by n - 1: ours with ddof=1 is smaller by sqrt((n - 1) / n)."""
    eci = measures.complexity(names["present"]).eci
    np.testing.assert_allclose(
        measures.complexity(names["present"], ddof=1).eci, eci * np.sqrt(4 / 5), rtol=1e-12
    )


def test_the_vector_that_belongs_to_eci(names):
    """The mean PCI of a region's industries goes with its ECI; with the negative it goes against.

    econcomplex fixes the two signs one by one, and on this input gives the negative.
    """
    present = names["present"]
    found = measures.complexity(present)
    mean = present @ found.pci / present.sum(axis=1)
    assert np.corrcoef(mean, found.eci)[0, 1] == pytest.approx(1)
    theirs = next(row for row in NUMBERS["rows"] if row["call"] == "eci_pci(jobs)[1]")["gives"]
    assert np.corrcoef(present @ theirs / present.sum(axis=1), found.eci)[0, 1] == pytest.approx(-1)


def test_m_by_the_formula_that_dbmss_documents(names):
    """Marcon and Puech's M, summed point by point; dbmss 2.11-0 gives the same to 5e-15."""
    points = names["points"]
    kinds = np.array(["a", "a", "b", "a", "b", "b", "a", "a"])
    weights = np.arange(1.0, 9.0)
    for radius, printed in ((2.5, 0.371273), (4.5, 0.977436)):
        ratio = expected = 0.0
        for i in np.flatnonzero(kinds == "a"):
            near = np.hypot(*(points - points[i]).T) <= radius
            near[i] = False
            if near.any():
                own = near & (kinds == "a")
                ratio += weights[own].sum() / weights[near].sum()
                rest = weights.sum() - weights[i]
                expected += (weights[kinds == "a"].sum() - weights[i]) / rest
        ours = measures.m_function(points, kinds, kind="a", radii=[radius], weights=weights)
        assert ours.values[0] == pytest.approx(ratio / expected, rel=1e-12)
        assert ours.values[0] == pytest.approx(printed, abs=5e-7)
