"""The real figures: entry from 2018 to 2021 in metro areas of the United States."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from clusteratlas import classification
from clusteratlas.relatedness.options.figures import RegionalFigures, read_figures
from clusteratlas.relatedness.options.predictors import PREDICTORS
from clusteratlas.relatedness.options.validation import added_up, validate_options
from clusteratlas.relatedness.packaged import packaged_industries

COUNTIES = (
    Path(__file__).parents[4] / "shared" / "data" / "us" / "cbp_county_naics6_2017_2021.parquet"
)
WANTED = (
    "density alone (plain co-location)",
    "current quotient alone",
    "all but relatedness",
    "sizes, quotient and relatedness",
)


@pytest.fixture(scope="module")
def figures() -> dict[int, RegionalFigures]:
    if not COUNTIES.exists():
        pytest.skip("the counties' figures (../shared) are not on this machine")
    rows = duckdb.execute(
        "select fips as region, naics as industry, year, emp as employment, "
        "case when emp = 0 then 'withheld' else 'reported' end as status "
        "from read_parquet(?) where year <> 2020",
        [str(COUNTIES)],
    ).to_arrow_table()
    metros = added_up(rows, "us-cbsa", kinds=["metro area"])
    definition = classification.definition("us-benchmark-2014", "naics-2017").industries
    traded = {
        row["industry"]
        for row in definition.to_pylist()
        if row["traded"] and row["classification"] == "naics-2017"
    }
    return {
        year: read_figures(metros, year=year, classification="naics-2017", industries=traded)
        for year in (2017, 2018, 2019, 2021)
    }


@pytest.mark.shared
def test_entries_are_told_in_and_out_of_time_and_relatedness_adds(
    figures: dict[int, RegionalFigures],
) -> None:
    found = validate_options(
        figures,
        packaged_industries("naics-2017"),
        predictors=[each for each in PREDICTORS if each.name in WANTED],
    )
    whole = {(row.predictor, row.split): row for row in found.skill if row.sample == "all"}
    assert found.windows[0].unpublished_share == pytest.approx(0.82, abs=0.01)
    assert whole[WANTED[0], "in sample"].auc == pytest.approx(0.78, abs=0.01)
    assert whole[WANTED[1], "in sample"].auc == pytest.approx(0.56, abs=0.01)
    assert whole[WANTED[-1], "in sample"].auc > 0.83
    assert whole[WANTED[-1], "out of time"].auc > 0.82
    for split in ("in sample", "out of time"):
        best = whole[WANTED[-1], split]
        assert best.auc > whole["all but relatedness", split].auc + 0.02
        assert best.brier < best.brier_constant
        assert 0.9 < best.calibration_slope < 1.15
