"""The bundled sample holds the offices' figures, small and honest."""

from __future__ import annotations

import runpy
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from clusteratlas.classification import industries, regions
from clusteratlas.sources import SourceTable, read_sample
from clusteratlas.tables import EMPLOYMENT, check

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "src" / "clusteratlas" / "sources" / "sample"


def ask(rows: pa.Table, question: str) -> list[tuple[object, ...]]:
    """Answer a question to the table ``rows``."""
    with duckdb.connect() as engine:
        engine.register("rows", rows)
        return engine.execute(question).fetchall()


@pytest.fixture(scope="module")
def sample() -> tuple[SourceTable, SourceTable]:
    return read_sample()


def test_size() -> None:
    sizes = [path.stat().st_size for path in PLACE.iterdir()]
    assert sum(sizes) <= 5_000_000
    assert max(sizes) < 3_000_000


def test_contract_and_codes(sample: tuple[SourceTable, SourceTable]) -> None:
    for table in sample:
        check(table.employment, EMPLOYMENT)
        known = industries(table.classification)["industry"].to_pylist()
        assert set(table.employment["industry"].unique().to_pylist()) <= set(known)
        for scheme in ("us-part", "nuts-0", "nuts-2"):
            given = ask(
                table.employment, f"select distinct region from rows where scheme = '{scheme}'"
            )
            codes = set(regions(scheme)["region"].to_pylist())
            assert {code for (code,) in given} <= codes


def test_american_totals(sample: tuple[SourceTable, SourceTable]) -> None:
    found = ask(
        sample[0].employment,
        "select year, length(industry), sum(employment) from rows group by all order by all",
    )
    assert found == [
        (2018, 4, 117_682_636),
        (2018, 6, 111_452_171),
        (2021, 4, 114_469_470),
        (2021, 6, 108_419_164),
    ]


def test_a_sum_with_a_withheld_county_is_withheld(sample: tuple[SourceTable, SourceTable]) -> None:
    found = ask(
        sample[0].employment,
        "select count(*), count(employment), count(employment_high) from rows "
        "where status = 'withheld'",
    )
    assert found == [(853, 490, 0)]
    assert ask(sample[0].employment, "select * from rows where employment = 0") == []


def test_european_regions(sample: tuple[SourceTable, SourceTable]) -> None:
    found = ask(
        sample[1].employment,
        "select scheme, year, count(distinct region) from rows "
        "where employment is not null group by all order by all",
    )
    assert found == [
        ("nuts-0", 2011, 28),
        ("nuts-0", 2014, 29),
        ("nuts-2", 2011, 277),
        ("nuts-2", 2014, 282),
    ]
    divisions = "select count(distinct industry) from rows where length(industry) = 3"
    assert ask(sample[1].employment, divisions) == [(68,)]
    sections = "select distinct industry from rows where length(industry) = 1 order by industry"
    assert "".join(str(code) for (code,) in ask(sample[1].employment, sections)) == "BCDEFGHIJLMN"


def test_honest_about_what_is_missing(sample: tuple[SourceTable, SourceTable]) -> None:
    us, europe = sample
    assert all("District of Columbia is missing" in source.covers for source in us.sources)
    assert all("self-employed included" in source.covers for source in europe.sources)
    told = (PLACE / "README.md").read_text()
    for words in ("District of Columbia", "fewer than three establishments", "public domain",
                  "Eurostat", "114,469,470", "ZZ"):  # fmt: skip
        assert words in told


@pytest.mark.shared
def test_built_again_it_is_the_same_to_the_byte(figures: Path, tmp_path: Path) -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "build_sample.py"))
    for name, table in script["sample_tables"](figures).items():
        script["write"](table, tmp_path / f"{name}.parquet")
        assert (tmp_path / f"{name}.parquet").read_bytes() == (
            PLACE / f"{name}.parquet"
        ).read_bytes()
