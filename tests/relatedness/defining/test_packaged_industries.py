"""The engine on American traded industries, and on real figures where they are at hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clusteratlas.classification import definition
from clusteratlas.relatedness.defining.comparison import adjusted_rand
from clusteratlas.relatedness.defining.consensus import consensus
from clusteratlas.relatedness.defining.traded import traded_or_local
from clusteratlas.relatedness.defining.validation import Tests
from clusteratlas.relatedness.packaged import packaged_industries

FIGURES = Path(__file__).parents[4] / "shared" / "data"


def test_better_than_the_benchmark_and_nearer_to_it_than_three_digits():
    similarities = packaged_industries("naics-2017")
    assert similarities is not None
    industries = definition("us-benchmark-2014", "naics-2017").industries.to_pylist()
    of = {row["industry"]: row["cluster"] for row in industries}
    official = [of[code] for code in similarities.labels]
    digits = [code[:3] for code in similarities.labels]
    random = np.random.default_rng(0).permutation(official)
    found = consensus(similarities, range(30, 61)).groups
    tests = Tests(similarities)
    scores = [tests.score(each).score for each in (found, official, digits, random)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.82
    assert scores[-1] < 0.3
    assert adjusted_rand(found, official) > 0.45


@pytest.mark.shared
def test_traded_or_local_agrees_with_the_benchmark():
    if not FIGURES.exists():
        pytest.skip("the figures of ../shared are not on this machine")
    import duckdb

    rows = duckdb.sql(
        f"""select a.EA, c.naics, sum(c.emp)
        from '{FIGURES}/us/cbp_county_naics6_2017_2021.parquet' c
        join read_csv('{FIGURES}/reference/bea_economic_areas_counties.csv', all_varchar=true) a
          on a.FIPS = c.fips
        where c.year = 2019 group by all"""
    ).fetchall()
    areas = sorted({row[0] for row in rows})
    codes = sorted({row[1] for row in rows})
    jobs = np.zeros((len(areas), len(codes)))
    for area, code, count in rows:
        jobs[areas.index(area), codes.index(code)] = count
    industries = definition("us-benchmark-2014", "naics-2017").industries.to_pylist()
    official = {row["industry"]: row["traded"] for row in industries}
    same = [
        each.traded == official[each.industry]
        for each in traded_or_local(jobs, codes)
        if each.industry in official and each.traded is not None
    ]
    assert len(same) > 900
    assert np.mean(same) > 0.8
