"""Concentration, variety and parts of a change in the release, against the measures themselves."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from clusteratlas import measures
from clusteratlas.atlas import Release
from clusteratlas.atlas.structure import with_variety

PARTS = ("change_national", "change_mix", "change_competitive", "change_new")


def rows(release: Release, table: str, **wanted: object) -> list[dict]:
    read = pq.read_table(release.path(table))
    for name, value in wanted.items():
        read = read.filter(pc.equal(read.column(name), value))
    return read.to_pylist()


def matrix(rows: list[dict], column: str) -> tuple[list[str], list[str], np.ndarray]:
    regions = sorted({row["region"] for row in rows})
    names = sorted({row[column] for row in rows})
    figures = np.zeros((len(regions), len(names)))
    for row in rows:
        jobs = row["employment"]
        known = 0.0 if jobs is None and row["status"] == "unpublished" else jobs
        withheld = row["status"] == "withheld"
        figures[regions.index(row["region"]), names.index(row[column])] = (
            np.nan if withheld or known is None else known
        )
    return regions, names, figures


@pytest.mark.parametrize(
    ("scheme", "first", "last"), [("us-state", 2018, 2021), ("nuts-0", 2011, 2014)]
)
def test_parts_of_a_change_are_the_shift_share_of_the_clusters(
    sample_release: Release, scheme: str, first: int, last: int
) -> None:
    years = [
        matrix(rows(sample_release, "regional_clusters", scheme=scheme, year=year), "cluster")
        for year in (first, last)
    ]
    both = sorted(set(years[0][0]) & set(years[1][0]))
    start, end = (
        figures[[regions.index(region) for region in both]] for regions, _, figures in years
    )
    expected = measures.region_shift_share(start, end)
    found = {
        row["region"]: row
        for row in rows(sample_release, "region_profile", scheme=scheme, year=last)
    }
    assert both
    for place, region in enumerate(both):
        told = [found[region][name] for name in PARTS]
        parts = [expected.national, expected.mix, expected.competitive, expected.new]
        np.testing.assert_allclose(told, [part[place] for part in parts], rtol=1e-9, atol=1e-6)
        known = ~np.isnan(start[place]) & ~np.isnan(end[place])
        assert sum(told) == pytest.approx((end - start)[place][known].sum(), abs=1e-6)
    for row in rows(sample_release, "region_profile", scheme=scheme, year=first):
        assert all(row[name] is None for name in PARTS)


def test_variety_by_hand(sample_release: Release) -> None:
    """A state: entropies over its six-digit industries, written out."""
    table = pq.read_table(sample_release.path("employment"))
    mine = table.filter(
        pc.and_(
            pc.and_(pc.equal(table["scheme"], "us-state"), pc.equal(table["region"], "41")),
            pc.and_(pc.equal(table["year"], 2021), pc.equal(pc.utf8_length(table["industry"]), 6)),
        )
    )
    jobs = np.array(mine["employment"].to_pylist(), dtype=float)
    sectors = pc.utf8_slice_codeunits(mine["industry"], 0, 2).to_pylist()
    sectors = [{"32": "31", "33": "31", "45": "44", "49": "48"}.get(code, code) for code in sectors]
    shares = jobs / jobs.sum()
    of_sector = {code: shares[np.array(sectors) == code].sum() for code in set(sectors)}
    entropy = -sum(share * np.log2(share) for share in shares if share > 0)
    unrelated = -sum(share * np.log2(share) for share in of_sector.values() if share > 0)
    (found,) = rows(sample_release, "region_profile", scheme="us-state", region="41", year=2021)
    assert found["concentration"] == pytest.approx((shares**2).sum(), rel=1e-9)
    assert found["unrelated_variety"] == pytest.approx(unrelated, rel=1e-9)
    assert found["unrelated_variety"] + found["related_variety"] == pytest.approx(entropy, rel=1e-9)


def test_the_gini_of_a_cluster_lies_between_none_and_all(sample_release: Release) -> None:
    column = pq.read_table(sample_release.path("cluster_profile")).column("locational_gini")
    known = column.drop_null()
    assert len(known) > len(column) / 2
    assert pc.min(known).as_py() >= 0
    assert pc.max(known).as_py() <= 1


def test_the_change_of_one_cluster_only_needs_both_years(sample_release: Release) -> None:
    """Regions that have one year only (NUTS codes come and go) have no parts, and no zero."""
    later = rows(sample_release, "region_profile", scheme="nuts-2", year=2014)
    first = {
        row["region"] for row in rows(sample_release, "region_profile", scheme="nuts-2", year=2011)
    }
    new = [row for row in later if row["region"] not in first]
    assert new
    for row in new:
        assert all(row[name] is None for name in PARTS)


def test_what_is_known_of_a_withheld_figure_is_not_the_figure() -> None:
    """A region with a withheld industry has no concentration: its mix is not known."""
    fine = pa.table({"industry": ["311111", "311119"]})
    names = ["scheme", "region", "year"]
    employment = pa.table(
        {
            "scheme": ["us-state"] * 4,
            "region": ["01", "01", "02", "02"],
            "year": pa.array([2021] * 4, pa.int16()),
            "industry": ["311111", "311119"] * 2,
            "employment": [30, 10, 30, 10],
            "status": ["reported", "reported", "reported", "withheld"],
        }
    )
    profile = employment.select(names).take([0, 2])
    found = with_variety(profile, employment, fine, "naics-2017", {2021}).to_pylist()
    assert found[0]["concentration"] == pytest.approx(0.75**2 + 0.25**2)
    assert [found[1][name] for name in ("concentration", "related_variety")] == [None, None]
